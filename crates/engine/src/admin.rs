//! How a model is administered: options are data, hooks are code, every hook has a default.

pub mod action;
pub mod column;
pub mod draft;
pub mod infer;
pub mod inline;
pub mod list_filter;
pub mod options;
pub mod panel;

use futures_util::future::BoxFuture;

pub use action::{Action, Level, Message, Outcome, Selection, Target};
pub use column::Column;
pub use draft::Draft;
pub(crate) use inline::InlineAdmin;
pub use inline::{Inline, InlineKind};
pub use list_filter::ListFilter;
pub use options::{Direction, Fieldset, Options, View, Widget};
pub use panel::Panel;

use crate::context::Context;
use crate::error::Result;
use crate::model::Row;
use crate::principal::{Principal, Verb};
use crate::query::Filter;
use crate::site::Resource;

/// What happened to a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Event {
    /// It was made.
    Added,
    /// It was changed.
    Changed,
    /// It was deleted.
    Deleted,
}

/// How one model is administered, where data is not enough. Override what you need.
///
/// ```
/// use factotum_engine::admin::{ModelAdmin, Options};
/// use factotum_engine::principal::Principal;
/// use factotum_engine::query::{Filter, field};
///
/// struct ProductAdmin;
/// impl ModelAdmin for ProductAdmin {
///     fn options(&self) -> Options {
///         Options { search_fields: Some(vec!["name".into()]), ..Options::default() }
///     }
///     fn rows(&self, who: &Principal) -> Filter {
///         if who.superuser { Filter::All } else { field("status").is("published") }
///     }
/// }
/// ```
pub trait ModelAdmin: Send + Sync + 'static {
    /// How the model is administered, as data. Asked once, when the site is built.
    fn options(&self) -> Options {
        Options::default()
    }

    /// Whether somebody may do something to the model (`row` is `None`) or to one row.
    fn allows(&self, who: &Principal, verb: Verb, resource: &Resource, row: Option<&Row>) -> bool {
        let _ = row;
        resource.grants(who, verb)
    }

    /// Whether somebody has what a word in an action's permissions stands for: one of the four verbs, or a permission
    /// of the model's application (`publish` for `shop.publish_product`).
    fn grants(&self, who: &Principal, word: &str, resource: &Resource) -> bool {
        match Verb::ALL.into_iter().find(|verb| verb.name() == word) {
            Some(verb) => self.allows(who, verb, resource, None),
            None => who.has(&resource.model.key.permission(word)),
        }
    }

    /// The rows that somebody may know of. Every operation begins with it.
    fn rows(&self, who: &Principal) -> Filter {
        let _ = who;
        Filter::All
    }

    /// Fields of a row that somebody may see but not set, beside the declared ones.
    fn read_only(&self, who: &Principal, row: Option<&Row>) -> Vec<String> {
        let (_, _) = (who, row);
        Vec::new()
    }

    /// Judges a form across fields, or changes it, before it is stored.
    fn clean<'a>(&'a self, cx: &'a mut Context, draft: &'a mut Draft) -> BoxFuture<'a, Result<()>> {
        let (_, _) = (cx, draft);
        Box::pin(async { Ok(()) })
    }

    /// Does what must be done with a write, in its transaction; an error undoes everything.
    fn after<'a>(&'a self, cx: &'a mut Context, row: &'a Row, event: Event) -> BoxFuture<'a, Result<()>> {
        let (_, _, _) = (cx, row, event);
        Box::pin(async { Ok(()) })
    }

    /// Columns that are computed.
    fn columns(&self) -> Vec<Column> {
        Vec::new()
    }

    /// Filters that are no field.
    fn filters(&self) -> Vec<ListFilter> {
        Vec::new()
    }

    /// What can be done to several rows at once.
    fn actions(&self) -> Vec<Action> {
        Vec::new()
    }

    /// What a page of a row shows beside its form.
    fn panels(&self) -> Vec<Panel> {
        Vec::new()
    }

    /// Where a row can be seen outside of the admin.
    fn view_on_site(&self, row: &Row) -> Option<String> {
        let _ = row;
        None
    }
}

/// An admin with options only.
impl ModelAdmin for Options {
    fn options(&self) -> Options {
        self.clone()
    }
}
