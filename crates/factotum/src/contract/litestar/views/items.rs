//! Items of tables that are no tables of the database: what is asked for, what comes, and the code that gives it.

mod file;
mod memory;
#[cfg(feature = "http-items")]
mod remote;
mod rows;

use factotum_engine::{Context, Result};
use futures_util::future::BoxFuture;
use serde_json::{Map, Value as Json};

pub use file::JsonFileItems;
pub use memory::InMemoryItems;
#[cfg(feature = "http-items")]
pub use remote::{HttpApi, HttpApiItems};

/// An item: names with values.
pub type Item = Map<String, Json>;

/// What is asked of a list of items.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ItemsAsked {
    /// The page, counted from 1.
    pub page: u64,
    /// Items on a page: 1 to 100.
    pub page_size: u64,
    /// The column to sort by, as it was sent.
    pub sort_by: Option<String>,
    /// Whether the order is reversed.
    pub descending: bool,
    /// What to look for.
    pub search: Option<String>,
    /// What columns must be, as it was sent.
    pub filters: Option<Json>,
}

impl ItemsAsked {
    /// The page that was asked for, of all items in their order.
    ///
    /// ```
    /// use factotum::contract::litestar::{Item, ItemsAsked};
    /// let asked = ItemsAsked { page: 2, page_size: 2, ..ItemsAsked::default() };
    /// let page = asked.page_of(vec![Item::new(); 3]);
    /// assert_eq!((page.items.len(), page.total), (1, 3));
    /// ```
    #[must_use]
    pub fn page_of(&self, items: Vec<Item>) -> ItemsPage {
        let whole = |number: u64| usize::try_from(number).unwrap_or(usize::MAX);
        let total = items.len() as u64;
        let before = whole(self.page.saturating_sub(1)).saturating_mul(whole(self.page_size));
        ItemsPage { items: items.into_iter().skip(before).take(whole(self.page_size)).collect(), total }
    }
}

/// A page of items.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ItemsPage {
    /// The items.
    pub items: Vec<Item>,
    /// How many there are in all.
    pub total: u64,
}

/// Where the items of a table come from. What is written runs in a transaction of the site's database, which is undone
/// where it fails.
///
/// [`InMemoryItems`] and [`JsonFileItems`] are ready-made; `HttpApiItems` is, with the feature `http-items`.
///
/// ```
/// use factotum::contract::litestar::{Column, CustomView, Item, Items, ItemsAsked, ItemsPage};
/// use factotum::{Context, error::Result};
/// use futures_util::future::BoxFuture;
/// use serde_json::json;
///
/// /// The variables of the process that begin with `SHOP_`.
/// struct Variables;
///
/// impl Variables {
///     fn all() -> Vec<Item> {
///         let shown = std::env::vars().filter(|(name, _)| name.starts_with("SHOP_"));
///         shown.filter_map(|(name, value)| json!({ "id": name, "value": value }).as_object().cloned()).collect()
///     }
/// }
///
/// impl Items for Variables {
///     fn list<'a>(&'a self, _: &'a mut Context, asked: &'a ItemsAsked) -> BoxFuture<'a, Result<ItemsPage>> {
///         Box::pin(async move { Ok(asked.page_of(Variables::all())) })
///     }
///     fn get<'a>(&'a self, _: &'a mut Context, id: &'a str) -> BoxFuture<'a, Result<Option<Item>>> {
///         Box::pin(async move { Ok(Variables::all().into_iter().find(|item| item["id"] == id)) })
///     }
/// }
///
/// let view = CustomView::new("Variables", vec![Column::new("id"), Column::new("value")], Variables);
/// assert!(!view.can_edit);
/// ```
pub trait Items: Send + Sync + 'static {
    /// Whether they are somewhere else than in the site's database, so that no transaction has to wait while they are
    /// written: the context is then one for reading.
    fn are_elsewhere(&self) -> bool {
        false
    }

    /// A page of items.
    ///
    /// # Errors
    /// What keeps them from being shown.
    fn list<'a>(&'a self, cx: &'a mut Context, asked: &'a ItemsAsked) -> BoxFuture<'a, Result<ItemsPage>>;

    /// One item, if it is there.
    ///
    /// # Errors
    /// What keeps it from being shown.
    fn get<'a>(&'a self, cx: &'a mut Context, id: &'a str) -> BoxFuture<'a, Result<Option<Item>>>;

    /// Makes an item, and gives it as it is now.
    ///
    /// # Errors
    /// What is wrong with it.
    fn create<'a>(&'a self, cx: &'a mut Context, sent: Item) -> BoxFuture<'a, Result<Item>> {
        let _ = (cx, sent);
        Box::pin(async { Err(factotum_engine::Error::internal("these items cannot be made")) })
    }

    /// Changes an item that is there, and gives it as it is now.
    ///
    /// # Errors
    /// What is wrong with the change.
    fn update<'a>(&'a self, cx: &'a mut Context, id: &'a str, sent: Item) -> BoxFuture<'a, Result<Item>> {
        let _ = (cx, id, sent);
        Box::pin(async { Err(factotum_engine::Error::internal("these items cannot be changed")) })
    }

    /// Deletes an item; false if it is gone already.
    ///
    /// # Errors
    /// What keeps it.
    fn delete<'a>(&'a self, cx: &'a mut Context, id: &'a str) -> BoxFuture<'a, Result<bool>> {
        let _ = (cx, id);
        Box::pin(async { Ok(false) })
    }
}
