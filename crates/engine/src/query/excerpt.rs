//! Excerpts: not rows as they are, but the ends of some paths, and lists of what is linked to each row.

use super::{Filter, Window};
use crate::model::Order;
use crate::value::Value;

/// What is read of each row.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Excerpt {
    /// Fields, or paths across relations that reach at most one row (`category__name`); null where there is none.
    pub columns: Vec<String>,
    /// Lists of what is linked to a row: one question each for all rows of a page.
    pub links: Vec<Links>,
}

/// A list of what is linked to a row, over any relation that may reach several.
#[derive(Debug, Clone, PartialEq)]
pub struct Links {
    /// The path to what is listed: `tags`, or `membership__club` over the rows of a model that stands between.
    pub path: String,
    /// In which order, by fields or paths of the model that the first step of the path leads to: `membership`. Empty
    /// for that model's own order. Its key decides between equals.
    pub order: Vec<Order>,
    /// Which of the rows at the end are listed.
    pub rows: Filter,
}

impl Links {
    /// Everything that a path leads to.
    #[must_use]
    pub fn along(path: &str) -> Links {
        Links { path: path.to_owned(), order: Vec::new(), rows: Filter::All }
    }
}

/// The answer to a query of which only an excerpt is read.
#[derive(Debug, Clone)]
pub struct Extract {
    /// The rows.
    pub rows: Vec<Extracted>,
    /// How many there are in all, if counted.
    pub total: Option<u64>,
    /// Which part these are.
    pub window: Window,
}

/// What was read of a row.
#[derive(Debug, Clone, PartialEq)]
pub struct Extracted {
    /// The row's key.
    pub key: Value,
    /// A value for each column of the excerpt.
    pub values: Vec<Value>,
    /// A list for each of its links.
    pub links: Vec<Vec<Value>>,
}
