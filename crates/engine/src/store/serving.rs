//! What a database has that serves a search: indexes that somebody had made, and what keeps them in step.

mod postgres;
mod sqlite;

use super::statement::{Class, Document, Expr, Select};
use super::{Dialect, Store, StoreError};
use crate::value::Value;

/// The rows of a search as a database would index them.
#[derive(Debug, Clone, PartialEq)]
pub struct Source {
    /// What the index is called.
    pub index: String,
    /// The text configuration, as [`Document::language`].
    pub language: String,
    /// The texts: what each is called, and its class.
    pub texts: Vec<(String, Class)>,
    /// Every row: its key and then its texts.
    pub rows: Select,
    /// The texts that may only be like what is looked for.
    pub alike: Vec<Expr>,
    /// Whether rows have whole numbers for keys, which is what SQLite's index tells rows apart by.
    pub numbered: bool,
}

impl Source {
    /// The texts as one, each named by its column alone; `None` if one of them is in another table.
    fn own(&self) -> Option<Document> {
        let texts = self.rows.outputs.iter().skip(1).map(|output| bare(&output.expr));
        let classes = self.texts.iter().map(|(_, class)| *class);
        let is_own = self.rows.joins.is_empty();
        is_own.then(|| Document { language: self.language.clone(), parts: texts.zip(classes).collect() })
    }

    /// The columns of the table itself that may only be like what is looked for.
    fn own_alike(&self) -> impl Iterator<Item = &str> {
        self.alike.iter().filter_map(|expr| match inner(expr) {
            Expr::Column(column) if column.table == self.rows.alias => Some(column.column.as_str()),
            _ => None,
        })
    }
}

/// What is read as text.
fn inner(expr: &Expr) -> &Expr {
    if let Expr::Text(inner) = expr { inner } else { expr }
}

/// The same without the name of its table.
fn bare(expr: &Expr) -> Expr {
    match expr {
        Expr::Text(inner) => Expr::Text(Box::new(bare(inner))),
        Expr::Column(column) => Expr::column("", &column.column),
        other => other.clone(),
    }
}

/// How things stand with a search.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// Whether the database can say how alike two texts are: PostgreSQL by its extension `pg_trgm`.
    pub measures: bool,
    /// Whether an index of the search is there, as it is declared now.
    pub indexed: bool,
    /// How many rows the index does not know as they are. PostgreSQL's indexes know all.
    pub stale: u64,
    /// Whether triggers keep it in step.
    pub triggers: bool,
    /// Whether an index can serve the search at all: not where PostgreSQL would have to index texts of other tables,
    /// or SQLite rows without numbers.
    pub indexable: bool,
}

/// What was made for a search.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Made {
    /// The extension `pg_trgm`.
    pub extension: bool,
    /// The index of all its texts.
    pub index: bool,
    /// So many indexes of texts that may only be like what is looked for.
    pub alike: usize,
    /// Whether triggers keep the index in step.
    pub triggers: bool,
}

/// What a question can count on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Serving {
    /// As [`Standing::measures`].
    pub measures: bool,
    /// Whether a full-text index as declared is there (SQLite).
    pub indexed: bool,
}

/// Asks what a question can count on.
///
/// # Errors
/// What the database says.
pub async fn serving(store: &dyn Store, source: &Source) -> Result<Serving, StoreError> {
    Ok(match store.dialect() {
        Dialect::Postgres => Serving { measures: postgres::measures(store).await?, indexed: false },
        Dialect::Sqlite => Serving { measures: true, indexed: sqlite::is_indexed(store, source).await? },
    })
}

/// Asks how things stand, which may take as long as reading all rows.
///
/// # Errors
/// What the database says.
pub async fn standing(store: &dyn Store, source: &Source) -> Result<Standing, StoreError> {
    match store.dialect() {
        Dialect::Postgres => postgres::standing(store, source).await,
        Dialect::Sqlite => sqlite::standing(store, source).await,
    }
}

/// Makes the indexes of a search anew, and on SQLite triggers on the user's tables where that is asked for or where
/// there were some.
///
/// # Errors
/// What the database says; then nothing has changed.
pub async fn make(store: &dyn Store, source: &Source, triggers: bool) -> Result<Made, StoreError> {
    match store.dialect() {
        Dialect::Postgres => postgres::make(store, source).await,
        Dialect::Sqlite => sqlite::make(store, source, triggers).await,
    }
}

/// Takes away what was made for a search, but for the extension.
///
/// # Errors
/// What the database says; then nothing has changed.
pub async fn remove(store: &dyn Store, source: &Source) -> Result<(), StoreError> {
    match store.dialect() {
        Dialect::Postgres => store.script(&postgres::dropped(source)).await,
        Dialect::Sqlite => sqlite::remove(store, source).await,
    }
}

/// The first number of an answer.
fn number(rows: &[Vec<Value>]) -> i64 {
    rows.first().and_then(|row| row.first()).and_then(Value::as_int).unwrap_or_default()
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}
