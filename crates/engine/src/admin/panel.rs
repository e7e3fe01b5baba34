//! Panels: what a page of a row shows beside its form.

use std::fmt;
use std::sync::Arc;

use futures_util::future::BoxFuture;
use serde_json::Value as Json;

use crate::context::Context;
use crate::error::Result;
use crate::model::Row;

type Show = dyn for<'a> Fn(&'a mut Context, &'a Row) -> BoxFuture<'a, Result<Json>> + Send + Sync;

/// Something to show of a row, asked for by name.
#[derive(Clone)]
pub struct Panel {
    /// Its name in addresses.
    pub name: String,
    show: Arc<Show>,
}

impl Panel {
    /// A panel in code.
    pub fn new<F>(name: &str, show: F) -> Panel
    where
        F: for<'a> Fn(&'a mut Context, &'a Row) -> BoxFuture<'a, Result<Json>> + Send + Sync + 'static,
    {
        Panel { name: name.to_owned(), show: Arc::new(show) }
    }

    /// What it shows of a row.
    ///
    /// # Errors
    /// What its code says.
    pub fn show<'a>(&self, cx: &'a mut Context, row: &'a Row) -> BoxFuture<'a, Result<Json>> {
        (self.show)(cx, row)
    }
}

impl fmt::Debug for Panel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Panel").field("name", &self.name).finish_non_exhaustive()
    }
}
