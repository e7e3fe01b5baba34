//! What a database has that serves a search.

use super::{Dialect, Store, StoreError};
use crate::value::Value;

/// What serves a search.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Serving {
    /// Whether the database can say how alike two texts are: PostgreSQL by its extension `pg_trgm`.
    pub measures: bool,
    /// Whether a full-text index of this name is there (SQLite).
    pub indexed: bool,
}

/// Asks what serves a search; `table` is the full-text index that it would have.
///
/// # Errors
/// What the database says.
pub async fn serving(store: &dyn Store, table: &str) -> Result<Serving, StoreError> {
    const MEASURES: &str = "SELECT to_regprocedure('similarity(text, text)') IS NOT NULL";
    const INDEXED: &str = "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = ?1";
    Ok(match store.dialect() {
        Dialect::Postgres => {
            let rows = store.catalogue(MEASURES, Vec::new()).await?;
            Serving { measures: rows.first().and_then(|row| row.first()) == Some(&Value::Bool(true)), indexed: false }
        }
        Dialect::Sqlite => {
            let rows = store.catalogue(INDEXED, vec![table.into()]).await?;
            let found = rows.first().and_then(|row| row.first()).and_then(Value::as_int);
            Serving { measures: true, indexed: found.is_some_and(|count| count > 0) }
        }
    })
}
