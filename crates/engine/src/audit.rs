//! What was written: the record of a write, made in its transaction, whoever keeps it.

pub mod admin_log;

pub use admin_log::AdminLog;

use crate::context::Context;
use crate::error::Result;
use crate::model::{Field, Model, ModelKey, Row};
use crate::site::Resource;
use crate::store::statement::{Insert, Statement};
use crate::value::Value;

/// One field's change, for people and for ledgers. Hidden fields never appear.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// The field.
    pub field: String,
    /// The value before; null where the ledger's question does not need it.
    pub before: Value,
    /// The value after.
    pub after: Value,
}

/// What a bulk write changed in one row.
#[derive(Debug, Clone, PartialEq)]
pub struct RowChange {
    /// The row's key.
    pub key: Value,
    /// How the row is called now.
    pub label: String,
    /// What changed, with the values before.
    pub changes: Vec<Change>,
}

/// What was done.
#[derive(Debug, Clone, PartialEq)]
pub enum Deed {
    /// A row was made.
    Added,
    /// A row was changed.
    Changed(Vec<Change>),
    /// A row was deleted.
    Deleted,
    /// A row was marked as deleted, and is still there.
    Retired(Vec<Change>),
    /// Several rows were changed alike.
    BulkChanged {
        /// The keys as they were sent.
        keys: Vec<String>,
        /// How many rows there were.
        rows: u64,
        /// What they were changed to; the values before are null, since each row had its own.
        changes: Vec<Change>,
        /// What changed in each row.
        each: Vec<RowChange>,
    },
    /// Several rows were deleted.
    BulkDeleted {
        /// The keys as they were sent.
        keys: Vec<String>,
        /// How many rows there were.
        rows: u64,
        /// The key of each row, and how it was called.
        each: Vec<(Value, String)>,
    },
    /// Somebody got another password, or one that nobody can use.
    PasswordSet,
    /// Somebody asked for another password by mail.
    ResetAsked,
    /// Somebody chose another password with what was mailed to them.
    Reset,
    /// Somebody's account was switched on or off.
    Switched {
        /// Whether it is on now.
        on: bool,
    },
    /// An action ran.
    Ran {
        /// Its name.
        action: String,
        /// How many rows were selected.
        rows: u64,
    },
}

/// The record of a write.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// The model.
    pub model: ModelKey,
    /// The row's key; `None` for many rows.
    pub key: Option<Value>,
    /// How the row is called.
    pub label: String,
    /// What was done.
    pub deed: Deed,
    /// For a child that was written with its parent: the parent's model. Ledgers that keep one record of a form pass
    /// over such entries.
    pub within: Option<ModelKey>,
}

/// A place where records go. It says which rows to insert; the engine does it in the transaction of the write, so that
/// there is never one without the other.
///
/// ```
/// use factotum_engine::audit::{Deed, Entry, Ledger};
/// use factotum_engine::store::statement::{Arg, Cell, Insert};
/// use factotum_engine::Context;
///
/// /// A line for each row that is deleted.
/// struct Graveyard;
///
/// impl Ledger for Graveyard {
///     fn rows(&self, _: &Context, entry: &Entry) -> Vec<Insert> {
///         if entry.deed != Deed::Deleted {
///             return Vec::new();
///         }
///         let label = Arg { value: entry.label.clone().into(), cell: Cell::Text };
///         vec![Insert { table: "graveyard".into(), values: vec![("label".into(), label)], ..Insert::default() }]
///     }
/// }
/// ```
pub trait Ledger: Send + Sync + 'static {
    /// The rows that keep an entry.
    fn rows(&self, cx: &Context, entry: &Entry) -> Vec<Insert>;

    /// Whether its rows point to Django's table of users. Then people from elsewhere are looked for there, by their
    /// address.
    fn names_django_users(&self) -> bool {
        false
    }

    /// The model of these rows, if a delete must know of them: a site that does not know it yet learns of it.
    fn model(&self) -> Option<Model> {
        None
    }
}

/// Writes entries into every ledger of the site, with the next trip of the transaction or its commit.
///
/// # Errors
/// What the database says when asked who somebody is; the write is undone with it.
pub(crate) async fn record(cx: &mut Context, entries: &[Entry]) -> Result<()> {
    if cx.lacks_django_user() && cx.site().ledgers().iter().any(|ledger| ledger.names_django_users()) {
        let key = cx.run_one(admin_log::user_with(&cx.who().email)).await?.rows.into_iter().flatten().next();
        cx.note_django_user(key.unwrap_or(Value::Null));
    }
    let rows: Vec<Statement> = entries
        .iter()
        .flat_map(|entry| cx.site().ledgers().iter().flat_map(|ledger| ledger.rows(cx, entry)))
        .map(Statement::Insert)
        .collect();
    cx.run_later(rows);
    Ok(())
}

/// The changes of a form's fields in the form's order. Null and the empty text look the same in a form.
pub(crate) fn as_in_form(changes: Vec<Change>, fields: &[String]) -> Vec<Change> {
    let place = |change: &Change| fields.iter().position(|field| *field == change.field);
    let empty = |value: &Value| value.is_null() || value.as_text().is_some_and(str::is_empty);
    let seen = |change: &Change| place(change).is_some() && !(empty(&change.before) && empty(&change.after));
    let mut changes: Vec<Change> = changes.into_iter().filter(seen).collect();
    changes.sort_by_key(|change| place(change));
    changes
}

/// Whether two values are the same; keys of several rows have no order.
fn is_same(old: &Value, new: &Value) -> bool {
    match (old, new) {
        (Value::Keys(old), Value::Keys(new)) => old.len() == new.len() && old.iter().all(|key| new.contains(key)),
        (old, new) => old == new,
    }
}

/// What differs between a row as it was and as it is, field by field. Hidden fields are left out, and many-to-many
/// fields that were not loaded.
pub(crate) fn diff(resource: &Resource, before: &Row, after: &Row) -> Vec<Change> {
    let pairs = before.pairs().zip(&after.values);
    let differs = |(field, old): &(&Field, &Value), new: &Value| {
        let loaded = field.is_column() || !(old.is_null() || new.is_null());
        loaded && !is_same(old, new) && !resource.hides(&field.name)
    };
    pairs
        .filter(|(pair, new)| differs(pair, new))
        .map(|((field, old), new)| Change { field: field.name.clone(), before: old.clone(), after: new.clone() })
        .collect()
}
