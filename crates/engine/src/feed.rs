//! Feeds as declared: the rows of which models fill the table that a search is over, and what of each becomes what there.

mod batch;
mod fit;
mod rule;
mod run;
mod target;

use crate::model::{ModelKey, Order};
use crate::query::Filter;
use crate::value::Value;

pub(crate) use batch::try_plan;
pub(crate) use fit::{empty, fit, takes, valued};
pub use rule::{Begin, Gives, Rule, Scale, Score, State, Step};
pub use run::{Fed, How, feed, total};

/// How the table that a search is over is filled: one row for each row of its sources. Rows that no source has are
/// removed, so the table is the feed's alone.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Feed {
    /// The fields of the search's model by which the row of a source is found again.
    pub key: Vec<String>,
    /// The field that tells when a row was made; where none is named, those that the model says are set then.
    pub created: Option<String>,
    /// The field that tells when a row was last made different; as `created`.
    pub modified: Option<String>,
    /// Where rows come from, in the order in which they are read.
    pub sources: Vec<Source>,
}

/// Rows of a model that are fed.
#[derive(Debug, Clone, PartialEq)]
pub struct Source {
    /// What the source is called.
    pub name: String,
    /// The model.
    pub model: ModelKey,
    /// Which of its rows.
    pub rows: Filter,
    /// The fields of the search's model, each with what is in it. Fields that only other sources fill are empty.
    pub columns: Vec<(String, Content)>,
}

/// What is in a field.
#[derive(Debug, Clone, PartialEq)]
pub enum Content {
    /// The same for every row.
    Constant(Value),
    /// Something of the source's row.
    Part(Part),
    /// A number that rules give.
    Score(Score),
}

/// Something of a source's row.
#[derive(Debug, Clone, PartialEq)]
pub enum Part {
    /// A field, or a path over relations to one row; null where there is none.
    Path(String),
    /// How many rows one relation leads to: a many-to-many field, or the rows that point here.
    Count(String),
    /// Texts along relations to several rows, as one.
    Joined(Joined),
}

/// Texts along relations to several rows, as one.
#[derive(Debug, Clone, PartialEq)]
pub struct Joined {
    /// The path to what is joined: `tags__name`. Nulls are left out.
    pub path: String,
    /// What stands between them.
    pub separator: String,
    /// In which order, as [`crate::query::Links::order`].
    pub order: Vec<Order>,
}

impl Source {
    /// All rows of a model, of which nothing is taken yet.
    #[must_use]
    pub fn new(name: &str, model: ModelKey) -> Source {
        Source { name: name.to_owned(), model, rows: Filter::All, columns: Vec::new() }
    }

    /// Fills a field with something of the row, by its path.
    #[must_use]
    pub fn path(self, field: &str, path: &str) -> Source {
        self.with(field, Content::Part(Part::Path(path.to_owned())))
    }

    /// Fills a field.
    #[must_use]
    pub fn with(mut self, field: &str, content: Content) -> Source {
        self.columns.push((field.to_owned(), content));
        self
    }

    /// What is in a field; nothing if the source does not fill it.
    #[must_use]
    pub fn content(&self, field: &str) -> Option<&Content> {
        self.columns.iter().find(|(name, _)| name == field).map(|(_, content)| content)
    }

    /// All that is read of a row, each once.
    pub(crate) fn parts(&self) -> Vec<&Part> {
        let mut parts: Vec<&Part> = Vec::new();
        for part in self.columns.iter().flat_map(|(_, content)| content.parts()) {
            if !parts.contains(&part) {
                parts.push(part);
            }
        }
        parts
    }
}

impl Content {
    /// What it needs of a row.
    pub(crate) fn parts(&self) -> Vec<&Part> {
        match self {
            Content::Constant(_) => Vec::new(),
            Content::Part(part) => vec![part],
            Content::Score(score) => score.rules.iter().filter_map(|rule| rule.of.as_ref()).collect(),
        }
    }
}

impl Feed {
    /// Whether a later source begins a number with the highest that a source gave to a field.
    pub(crate) fn is_begun_with(&self, source: &str, field: &str) -> bool {
        self.sources.iter().any(|other| match other.content(field) {
            Some(Content::Score(score)) => score.begin.as_ref().is_some_and(|begin| begin.source == source),
            _ => false,
        })
    }

    /// The fields that are filled, each once, in the order in which sources name them.
    #[must_use]
    pub fn fields(&self) -> Vec<&str> {
        let mut fields: Vec<&str> = Vec::new();
        for (name, _) in self.sources.iter().flat_map(|source| &source.columns) {
            if !fields.contains(&name.as_str()) {
                fields.push(name);
            }
        }
        fields
    }
}
