//! Filters of a changelist that are no field: a parameter of their own, values of their own, a narrowing of their own.

use std::fmt;
use std::sync::Arc;

use crate::query::Filter;

/// A filter that is no field; `list_filter` names it by its parameter.
#[derive(Clone)]
pub struct ListFilter {
    /// Its parameter in a query string.
    pub parameter: String,
    /// Its name for people.
    pub title: String,
    /// Its values, each with its name for people.
    pub lookups: Vec<(String, String)>,
    /// The value that it has when nobody says.
    pub initial: Option<String>,
    narrow: Arc<dyn Fn(&str) -> Filter + Send + Sync>,
}

impl ListFilter {
    /// A filter with a narrowing for each of its values; for a value that it does not know it should let all through.
    pub fn new(
        parameter: &str,
        title: &str,
        lookups: &[(&str, &str)],
        narrow: impl Fn(&str) -> Filter + Send + Sync + 'static,
    ) -> ListFilter {
        ListFilter {
            parameter: parameter.to_owned(),
            title: title.to_owned(),
            lookups: lookups.iter().map(|(value, name)| ((*value).to_owned(), (*name).to_owned())).collect(),
            initial: None,
            narrow: Arc::new(narrow),
        }
    }

    /// Says which value it has when nobody says.
    #[must_use]
    pub fn initially(mut self, value: &str) -> ListFilter {
        self.initial = Some(value.to_owned());
        self
    }

    /// The rows that a value lets through.
    #[must_use]
    pub fn narrow(&self, value: &str) -> Filter {
        (self.narrow)(value)
    }
}

impl fmt::Debug for ListFilter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ListFilter").field("parameter", &self.parameter).finish_non_exhaustive()
    }
}
