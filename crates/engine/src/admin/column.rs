//! Computed columns: of a row's own fields, or a number of rows that point to it. Never a question for each row.

use std::fmt;
use std::sync::Arc;

use crate::model::{ModelKey, Row};
use crate::value::Value;

/// A computed column.
#[derive(Clone)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// Its name for people.
    pub title: String,
    /// The field or path that lists are sorted by when they are sorted by the column.
    pub order: Option<String>,
    /// Whether its texts are markup.
    pub markup: bool,
    /// Whether it is yes or no.
    pub boolean: bool,
    /// The fields that it looks at; any of them if not said. Fewer are read faster.
    pub needs: Option<Vec<String>>,
    /// Where its values come from.
    pub source: Source,
}

/// Where the values of a computed column come from.
#[derive(Clone)]
#[expect(missing_debug_implementations, reason = "code cannot be shown")]
pub enum Source {
    /// The row's own fields.
    Row(Arc<dyn Fn(&Row) -> Value + Send + Sync>),
    /// How many rows of a model point to it: one question for a whole page.
    Count {
        /// The model.
        model: ModelKey,
        /// Its foreign key, or its many-to-many field.
        field: String,
    },
}

impl Column {
    /// A column that is computed from a row's own fields.
    pub fn of_row(name: &str, title: &str, show: impl Fn(&Row) -> Value + Send + Sync + 'static) -> Column {
        Column::new(name, title, Source::Row(Arc::new(show)))
    }

    /// The number of rows of a model that point to a row with a field.
    #[must_use]
    pub fn count(name: &str, title: &str, model: ModelKey, field: &str) -> Column {
        Column::new(name, title, Source::Count { model, field: field.to_owned() })
    }

    fn new(name: &str, title: &str, source: Source) -> Column {
        let (name, title) = (name.to_owned(), title.to_owned());
        Column { name, title, order: None, markup: false, boolean: false, needs: None, source }
    }

    /// What it shows of a row; `None` if the row alone does not say it.
    #[must_use]
    pub fn of(&self, row: &Row) -> Option<Value> {
        match &self.source {
            Source::Row(show) => Some(show(row)),
            Source::Count { .. } => None,
        }
    }

    /// Says what lists are sorted by when they are sorted by the column.
    #[must_use]
    pub fn ordered_by(mut self, path: &str) -> Column {
        self.order = Some(path.to_owned());
        self
    }

    /// Says which fields it looks at: the others are null in lists.
    #[must_use]
    pub fn needing(mut self, fields: &[&str]) -> Column {
        self.needs = Some(fields.iter().map(|&name| name.to_owned()).collect());
        self
    }

    /// Says that its texts are markup.
    #[must_use]
    pub fn markup(mut self) -> Column {
        self.markup = true;
        self
    }

    /// Says that it is yes or no.
    #[must_use]
    pub fn boolean(mut self) -> Column {
        self.boolean = true;
        self
    }
}

/// Two columns are the same when they are called the same: code cannot be compared.
impl PartialEq for Column {
    fn eq(&self, other: &Column) -> bool {
        self.name == other.name && self.title == other.title
    }
}

impl fmt::Debug for Column {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Column").field("name", &self.name).finish_non_exhaustive()
    }
}
