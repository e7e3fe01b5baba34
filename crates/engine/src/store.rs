//! The database, seen as statements in and values out. It knows no rule and no user.

#[cfg(feature = "postgres")]
pub mod postgres;
pub mod sql;
#[cfg(feature = "sqlite")]
pub mod sqlite;
pub mod statement;

use futures_util::future::BoxFuture;

pub use statement::{Cell, Statement};

use crate::value::Value;

/// The database's language.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    /// SQLite 3.
    Sqlite,
    /// PostgreSQL 13 or newer.
    Postgres,
}

/// What a transaction is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Only reads: every batch sees one state of the database.
    Read,
    /// Reads and writes in one transaction that takes the write lock at its start.
    Write,
}

/// What a statement gave back.
#[derive(Debug, Clone, Default)]
pub struct Answer {
    /// The rows: one value per output of the statement.
    pub rows: Vec<Vec<Value>>,
    /// How many rows a write touched.
    pub touched: u64,
}

/// A database.
pub trait Store: Send + Sync + 'static {
    /// Its language.
    fn dialect(&self) -> Dialect;
    /// Begins a transaction.
    fn begin(&self, mode: Mode) -> BoxFuture<'_, Result<Box<dyn Session>, StoreError>>;
    /// Whether the database answers; for health checks.
    fn ping(&self) -> BoxFuture<'_, Result<(), StoreError>>;
}

/// One transaction. Dropped without [`Session::commit`], it never happened.
pub trait Session: Send + 'static {
    /// Runs statements in order, in one trip to the database; the first failure ends it.
    fn run(&mut self, batch: Vec<Statement>) -> BoxFuture<'_, Result<Vec<Answer>, StoreError>>;
    /// Sets a mark that [`Session::undo`] returns to. Marks nest.
    fn mark(&mut self) -> BoxFuture<'_, Result<(), StoreError>>;
    /// Undoes everything since the last mark and removes the mark.
    fn undo(&mut self) -> BoxFuture<'_, Result<(), StoreError>>;
    /// Removes the last mark and keeps what was done since.
    fn keep(&mut self) -> BoxFuture<'_, Result<(), StoreError>>;
    /// Makes everything permanent.
    fn commit(self: Box<Self>) -> BoxFuture<'static, Result<(), StoreError>>;
}

/// How a database refuses.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// A unique rule was broken.
    #[error("a unique rule was broken")]
    Unique {
        /// The columns of the rule, as far as the database names them.
        columns: Vec<String>,
    },
    /// A foreign key was broken.
    #[error("a foreign key was broken")]
    ForeignKey,
    /// A column that may not be null got none.
    #[error("null in a column that may not be null")]
    NotNull {
        /// The column.
        column: String,
    },
    /// A check constraint or a type refused the value.
    #[error("the database refused a value: {0}")]
    Refused(String),
    /// The database is away, locked, out of time, full or shutting down; later it may answer.
    #[error("the database is not available: {0}")]
    Unavailable(String),
    /// Anything else.
    #[error("database error: {0}")]
    Other(String),
}
