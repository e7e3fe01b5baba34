//! Items in the memory of the process: gone when it stops, and each process has its own.

use std::sync::{Mutex, MutexGuard, PoisonError};

use factotum_engine::{Context, Result};
use futures_util::future::BoxFuture;

use super::super::custom::Column;
use super::rows::Rules;
use super::{Item, Items, ItemsAsked, ItemsPage};

/// Items in the memory of the process, at most 10,000. A search looks at the searchable columns; filters say what a
/// column must be, or `{"operator": "contains", "value": "x"}`.
///
/// An item that is made without a key gets one: the next number where the key is a column of the kind `integer`, else a
/// UUID.
///
/// ```
/// use factotum::contract::litestar::{Column, CustomView, InMemoryItems, Item};
/// use serde_json::json;
///
/// let columns = vec![Column { searchable: true, ..Column::new("key") }, Column::new("value")];
/// let theme = Item::from_iter([("key".to_owned(), json!("theme")), ("value".to_owned(), json!("dark"))]);
/// let items = InMemoryItems::new("key", &columns, vec![theme]);
/// let view = CustomView { pk_field: "key".into(), ..CustomView::new("Settings", columns, items) }.writable();
/// assert_eq!(view.heading.identity(), "settings");
/// ```
#[derive(Debug)]
pub struct InMemoryItems {
    rules: Rules,
    items: Mutex<Vec<Item>>,
}

impl InMemoryItems {
    /// These items, told apart by a column. Of items with the same key only the first can be named.
    #[must_use]
    pub fn new(pk_field: &str, columns: &[Column], items: Vec<Item>) -> InMemoryItems {
        InMemoryItems { rules: Rules::of(pk_field, columns), items: Mutex::new(items) }
    }

    fn open(&self) -> MutexGuard<'_, Vec<Item>> {
        self.items.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Items for InMemoryItems {
    fn are_elsewhere(&self) -> bool {
        true
    }

    fn list<'a>(&'a self, _: &'a mut Context, asked: &'a ItemsAsked) -> BoxFuture<'a, Result<ItemsPage>> {
        Box::pin(async { Ok(self.rules.page(&self.open(), asked)) })
    }

    fn get<'a>(&'a self, _: &'a mut Context, id: &'a str) -> BoxFuture<'a, Result<Option<Item>>> {
        Box::pin(async move {
            let items = self.open();
            Ok(self.rules.place(&items, id).map(|place| items[place].clone()))
        })
    }

    fn create<'a>(&'a self, _: &'a mut Context, sent: Item) -> BoxFuture<'a, Result<Item>> {
        Box::pin(async { self.rules.add(&mut self.open(), sent) })
    }

    fn update<'a>(&'a self, _: &'a mut Context, id: &'a str, sent: Item) -> BoxFuture<'a, Result<Item>> {
        Box::pin(async move { self.rules.change(&mut self.open(), id, sent) })
    }

    fn delete<'a>(&'a self, _: &'a mut Context, id: &'a str) -> BoxFuture<'a, Result<bool>> {
        Box::pin(async move {
            let mut items = self.open();
            let place = self.rules.place(&items, id);
            Ok(place.map(|place| items.remove(place)).is_some())
        })
    }
}
