//! How a model is administered: options are data, hooks are code, every hook has a default.

pub mod action;
pub mod draft;
pub mod infer;
pub mod options;

use futures_util::future::BoxFuture;

pub use action::{Action, Outcome, Selection};
pub use draft::Draft;
pub use options::{Inline, Options};

use crate::context::Context;
use crate::error::Result;
use crate::model::Row;
use crate::principal::{Principal, Verb};
use crate::query::Filter;
use crate::site::Resource;
use crate::value::Value;

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
        who.may(verb, &resource.model.key)
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

    /// Columns that are computed from a row's own fields.
    fn columns(&self) -> Vec<Column> {
        Vec::new()
    }

    /// What can be done to several rows at once.
    fn actions(&self) -> Vec<Action> {
        Vec::new()
    }
}

/// An admin with options only.
impl ModelAdmin for Options {
    fn options(&self) -> Options {
        self.clone()
    }
}

/// A computed column.
#[derive(Clone)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// Its name for people.
    pub title: String,
    /// What it shows of a row.
    pub show: std::sync::Arc<dyn Fn(&Row) -> Value + Send + Sync>,
}

impl std::fmt::Debug for Column {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Column").field("name", &self.name).finish_non_exhaustive()
    }
}
