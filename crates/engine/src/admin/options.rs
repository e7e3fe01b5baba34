//! How one model is administered, as data. Names are Django's; `None` means "infer from the model".

use crate::model::{ModelKey, Order};

/// How one model is administered, as data.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Options {
    /// Columns of the changelist: fields, computed columns, `__str__`.
    pub list_display: Option<Vec<String>>,
    /// Fields or paths that lists can be filtered by.
    pub list_filter: Option<Vec<String>>,
    /// Fields or paths that are searched; `^` in front: at the start, `=`: the whole.
    pub search_fields: Option<Vec<String>>,
    /// The order of the changelist.
    pub ordering: Option<Vec<Order>>,
    /// Fields that are shown and never set. May name what is no field.
    pub readonly_fields: Vec<String>,
    /// Fields that are neither shown nor set nor asked about.
    pub exclude: Vec<String>,
    /// Fields that are searched when somebody looks for a row to point at.
    pub autocomplete_search_fields: Option<Vec<String>>,
    /// Children that are edited with their parent.
    pub inlines: Vec<Inline>,
    /// Whether no row can be made, changed or deleted; actions still run.
    pub read_only: bool,
    /// Rows on a page, where the contract lets the model say.
    pub list_per_page: Option<u64>,
}

/// Children that are edited with their parent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inline {
    /// The children's model.
    pub model: ModelKey,
    /// Their foreign key to the parent.
    pub fk_field: String,
}

/// Texts as a list of names, for options written in code.
#[must_use]
pub fn names(names: &[&str]) -> Option<Vec<String>> {
    Some(names.iter().map(|&name| name.to_owned()).collect())
}
