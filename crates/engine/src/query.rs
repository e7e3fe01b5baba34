//! What is asked, in the engine's words: filters, search, order, window. Names are not yet resolved.

pub mod excerpt;
pub mod path;
pub mod plan;
pub mod search;

pub use excerpt::{Excerpt, Extract, Extracted, Links};

use crate::model::{Field, FieldKind, ModelKey, Order, Record};
use crate::value::{Raw, Value};

/// A question about the rows of a model.
#[derive(Debug, Clone, PartialEq)]
pub struct Query {
    /// The model.
    pub model: ModelKey,
    /// Which rows.
    pub filter: Filter,
    /// A phrase that must be found in the search fields.
    pub search: Option<Search>,
    /// The order; empty means the admin's or the model's own.
    pub order: Vec<Order>,
    /// Whether null comes before every value on every database.
    pub nulls_least: bool,
    /// Which part of the rows.
    pub window: Window,
    /// Whether all rows are counted.
    pub count: bool,
    /// Which fields the rows come with; all when `None`. The key always comes.
    pub fields: Option<Vec<String>>,
    /// Whether rows come with their labels and those of the rows they point to.
    pub labels: bool,
    /// Paths across relations whose ends are read beside each row, where rows come with labels.
    pub paths: Vec<String>,
}

impl Query {
    /// All rows of a model, with everything.
    #[must_use]
    pub fn all(model: ModelKey) -> Query {
        Query {
            model,
            filter: Filter::All,
            search: None,
            order: Vec::new(),
            nulls_least: false,
            window: Window { offset: 0, limit: None },
            count: false,
            fields: None,
            labels: true,
            paths: Vec::new(),
        }
    }
}

/// A search over several fields.
#[derive(Debug, Clone, PartialEq)]
pub struct Search {
    /// Fields or paths, each with where the term must be found. A row matches when any of them does.
    pub fields: Vec<(String, SearchPlace)>,
    /// The terms; all must be found.
    pub terms: Vec<String>,
}

/// Where a search term must be found in a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SearchPlace {
    /// Anywhere, ignoring case.
    Anywhere,
    /// At the start, ignoring case (Django's `^`).
    Start,
    /// The whole, ignoring case (Django's `=`).
    Whole,
    /// At the end, ignoring case.
    End,
    /// Anywhere, in the same case.
    AnywhereExactly,
    /// At the start, in the same case.
    StartExactly,
    /// The whole, in the same case.
    WholeExactly,
    /// At the end, in the same case.
    EndExactly,
}

/// Part of the rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    /// Rows left out at the start.
    pub offset: u64,
    /// The most rows given; all when `None`.
    pub limit: Option<u64>,
}

/// Which rows.
#[derive(Debug, Clone, PartialEq)]
pub enum Filter {
    /// Every row.
    All,
    /// No row.
    Nothing,
    /// A test of one field.
    Test(Test),
    /// All of these.
    And(Vec<Filter>),
    /// Any of these.
    Or(Vec<Filter>),
    /// Not this.
    Not(Box<Filter>),
    /// A phrase found in any of several fields.
    Search(Search),
}

impl Filter {
    /// Both filters.
    #[must_use]
    pub fn and(self, other: Filter) -> Filter {
        match (self, other) {
            (Filter::All, filter) | (filter, Filter::All) => filter,
            (Filter::And(mut all), filter) => {
                all.push(filter);
                Filter::And(all)
            }
            (first, second) => Filter::And(vec![first, second]),
        }
    }
}

/// A test of one field, or of a field across relations.
#[derive(Debug, Clone, PartialEq)]
pub struct Test {
    /// The field or path (`category__name`). `pk` stands for the primary key.
    pub path: String,
    /// How it is tested.
    pub op: Op,
    /// Against what.
    pub term: Term,
}

/// How a field is tested.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Op {
    /// Equal; null tests for null.
    Is,
    /// One of a list.
    In,
    /// Less.
    Lt,
    /// Less or equal.
    Lte,
    /// Greater.
    Gt,
    /// Greater or equal.
    Gte,
    /// Null (or not, by a truth value).
    IsNull,
    /// Contains a text, ignoring case.
    Contains,
    /// Starts with a text, ignoring case.
    StartsWith,
    /// Falls on a day, in the site's time zone.
    OnDay,
}

impl Op {
    /// Whether a field can be tested so.
    #[must_use]
    pub fn fits(self, field: &Field) -> bool {
        match self {
            Op::IsNull => true,
            Op::Is | Op::In => field.kind != FieldKind::Bytes,
            Op::Lt | Op::Lte | Op::Gt | Op::Gte => !matches!(field.kind, FieldKind::Json | FieldKind::Bytes),
            Op::Contains | Op::StartsWith => field.target().is_none() && field.kind != FieldKind::Bytes,
            Op::OnDay => matches!(field.kind, FieldKind::Date | FieldKind::DateTime),
        }
    }
}

/// What a field is tested against.
#[derive(Debug, Clone, PartialEq)]
pub enum Term {
    /// A value that is already typed: a hook's.
    Value(Value),
    /// Several such values.
    Values(Vec<Value>),
    /// What a caller sent; the plan reads it by the field's kind.
    Raw(Raw),
    /// What a caller sent as a list.
    Raws(Vec<Raw>),
}

/// Starts a test of a field: `field("status").is("published")`.
#[must_use]
pub fn field(path: &str) -> FieldTest {
    FieldTest(path.to_owned())
}

/// A field that waits for its test.
#[derive(Debug, Clone)]
pub struct FieldTest(String);

impl FieldTest {
    /// Equal to a value.
    #[must_use]
    pub fn is(self, value: impl Into<Value>) -> Filter {
        self.test(Op::Is, Term::Value(value.into()))
    }

    /// One of several values.
    #[must_use]
    pub fn is_in(self, values: Vec<Value>) -> Filter {
        self.test(Op::In, Term::Values(values))
    }

    /// Less than a value.
    #[must_use]
    pub fn less_than(self, value: impl Into<Value>) -> Filter {
        self.test(Op::Lt, Term::Value(value.into()))
    }

    /// Greater than a value.
    #[must_use]
    pub fn more_than(self, value: impl Into<Value>) -> Filter {
        self.test(Op::Gt, Term::Value(value.into()))
    }

    /// Null.
    #[must_use]
    pub fn is_null(self) -> Filter {
        self.test(Op::IsNull, Term::Value(Value::Bool(true)))
    }

    /// Any test.
    #[must_use]
    pub fn test(self, op: Op, term: Term) -> Filter {
        Filter::Test(Test { path: self.0, op, term })
    }
}

/// The answer to a query.
#[derive(Debug, Clone)]
pub struct Page {
    /// The rows.
    pub records: Vec<Record>,
    /// How many there are in all, if counted.
    pub total: Option<u64>,
    /// Which part these are.
    pub window: Window,
}

/// A question that names something that does not exist or cannot be asked.
#[derive(Debug, Clone, PartialEq)]
pub enum BadQuery {
    /// No such field or path.
    UnknownPath {
        /// The path as asked.
        path: String,
    },
    /// The field's kind cannot be tested so.
    UnsupportedOp {
        /// The path as asked.
        path: String,
        /// How it was to be tested.
        op: Op,
        /// The name of the field's class.
        class: &'static str,
    },
    /// The term is no value of the field.
    BadTerm {
        /// The path as asked.
        path: String,
        /// The name of the field that refused (for a relation, the target's key).
        field: String,
        /// What is wrong.
        flaw: crate::model::Flaw,
        /// The term's text.
        given: String,
    },
}
