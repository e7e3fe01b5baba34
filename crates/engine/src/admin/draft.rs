//! What a hook sees of a form: the values on their way, the row before, and a place for flaws.

use indexmap::IndexMap;

use crate::error::FieldErrors;
use crate::model::{Flaw, Row};
use crate::value::Value;

/// A form on its way to the database.
#[derive(Debug, Clone)]
pub struct Draft {
    /// The values read so far, by field.
    pub values: IndexMap<String, Value>,
    /// What is wrong so far.
    pub errors: FieldErrors,
    before: Option<Row>,
}

impl Draft {
    /// A form for a row that is `before` (or for a new one).
    #[must_use]
    pub fn new(before: Option<Row>) -> Draft {
        Draft { values: IndexMap::new(), errors: FieldErrors::default(), before }
    }

    /// The row as it is stored; `None` for a new one.
    #[must_use]
    pub fn before(&self) -> Option<&Row> {
        self.before.as_ref()
    }

    /// What came of it.
    pub(crate) fn into_parts(self) -> (IndexMap<String, Value>, Option<Row>) {
        (self.values, self.before)
    }

    /// The value that a field will have: the one sent, else the stored one.
    #[must_use]
    pub fn value(&self, field: &str) -> Option<&Value> {
        self.values.get(field).or_else(|| self.before.as_ref().map(|row| row.get(field)))
    }

    /// Refuses a field, in the site's own words.
    pub fn refuse(&mut self, field: &str, words: &str) {
        self.errors.add(field, Flaw::custom(words));
    }

    /// Refuses the form as a whole, in the site's own words.
    pub fn refuse_whole(&mut self, words: &str) {
        self.errors.add_whole(Flaw::custom(words));
    }
}
