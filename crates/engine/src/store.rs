//! The database, seen as statements in and values out. It knows no rule and no user.

pub mod dialect;
pub mod document;
#[cfg(feature = "sqlite")]
pub mod fulltext;
pub mod inspect;
#[cfg(any(feature = "sqlite", feature = "postgres"))]
mod marks;
#[cfg(feature = "postgres")]
pub mod postgres;
#[cfg(test)]
mod scenarios;
pub mod serving;
pub mod spelling;
pub mod sql;
#[cfg(feature = "sqlite")]
pub mod sqlite;
pub mod statement;
pub mod tables;
#[cfg(any(feature = "sqlite", feature = "postgres"))]
mod text;

use std::sync::Arc;

use futures_util::future::BoxFuture;

pub use dialect::Dialect;
#[cfg(feature = "postgres")]
pub use postgres::{Postgres, PostgresOptions};
pub use spelling::spelling;
#[cfg(feature = "sqlite")]
pub use sqlite::{Sqlite, SqliteOptions};
pub use statement::{Cell, Statement};

use crate::value::Value;

/// What a transaction is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Only reads: every batch sees one state of the database.
    Read,
    /// Reads and writes in one transaction that takes the write lock at its start.
    Write,
    /// As [`Mode::Write`], for what is soon written, such as one form. A database in this process may make several such
    /// transactions permanent with one commit; nobody is told of success before that.
    Brief,
    /// Only reads, and every batch sees the state that the first one saw: for what takes many trips. It keeps a
    /// connection of its own until it is dropped, so there are only a few at a time. A database in this process answers
    /// on the thread that asks, which should be one that may be kept long.
    Snapshot,
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
    /// Asks the database's own catalogue, with placeholders in its own spelling (`?` or `$1`): for files under
    /// `store/` only, since nobody else knows SQL. Every cell is read as [`Cell::Any`].
    fn catalogue<'a>(
        &'a self,
        sql: &'static str,
        args: Vec<Value>,
    ) -> BoxFuture<'a, Result<Vec<Vec<Value>>, StoreError>>;
    /// Runs several statements, divided by semicolons, in one transaction: for tables of our own.
    fn script<'a>(&'a self, sql: &'a str) -> BoxFuture<'a, Result<(), StoreError>>;
}

/// Opens the database that a URL names: `sqlite:PATH` (the file must exist), `postgres://…` or `postgresql://…`.
/// A server is not asked yet: [`Store::ping`] tells whether it is there.
///
/// # Errors
/// [`StoreError::Unavailable`] for a file that is not there, [`StoreError::Other`] for a URL that names nothing known.
pub fn open(url: &str) -> Result<Arc<dyn Store>, StoreError> {
    #[cfg(feature = "sqlite")]
    if let Some(path) = url.strip_prefix("sqlite:") {
        let path = path.strip_prefix("//").unwrap_or(path);
        return Ok(Sqlite::open(std::path::Path::new(path), SqliteOptions::default())?);
    }
    #[cfg(feature = "postgres")]
    if url.starts_with("postgres://") || url.starts_with("postgresql://") {
        return Ok(Postgres::connect(url, PostgresOptions::default())?);
    }
    let scheme = url.split_once(':').map_or("", |(scheme, _)| scheme);
    Err(StoreError::Other(format!("no database is known for `{scheme}:`")))
}

/// Makes the statements that answers lead to.
pub type Next = Box<dyn FnOnce(&[Answer]) -> Vec<Statement> + Send>;

/// One transaction. Dropped without [`Session::commit`], it never happened.
pub trait Session: Send + 'static {
    /// Runs statements in order, in one trip to the database; the first failure ends it.
    fn run(&mut self, batch: Vec<Statement>) -> BoxFuture<'_, Result<Vec<Answer>, StoreError>>;
    /// Runs statements and then those that their answers lead to; the answers are all of them, in order. A database that
    /// is in this process does so in one trip, and then all see one state.
    fn run_then(&mut self, batch: Vec<Statement>, next: Next) -> BoxFuture<'_, Result<Vec<Answer>, StoreError>> {
        Box::pin(async move {
            let mut answers = self.run(batch).await?;
            let more = next(&answers);
            if !more.is_empty() {
                answers.extend(self.run(more).await?);
            }
            Ok(answers)
        })
    }
    /// Sets a mark that [`Session::undo`] returns to. Marks nest.
    fn mark(&mut self) -> BoxFuture<'_, Result<(), StoreError>>;
    /// Undoes everything since the last mark and removes the mark.
    fn undo(&mut self) -> BoxFuture<'_, Result<(), StoreError>>;
    /// Removes the last mark and keeps what was done since.
    fn keep(&mut self) -> BoxFuture<'_, Result<(), StoreError>>;
    /// Makes everything permanent.
    fn commit(self: Box<Self>) -> BoxFuture<'static, Result<(), StoreError>>;
    /// Runs the last statements and makes everything permanent. A database that is in this process does so in one trip.
    fn commit_after(mut self: Box<Self>, last: Vec<Statement>) -> BoxFuture<'static, Result<(), StoreError>> {
        Box::pin(async move {
            if !last.is_empty() {
                self.run(last).await?;
            }
            self.commit().await
        })
    }
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
