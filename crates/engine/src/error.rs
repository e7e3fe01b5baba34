//! Every way an operation can fail: a code with parameters. Words and statuses are chosen at the door.

use indexmap::IndexMap;

use crate::model::{Flaw, ModelKey};
use crate::principal::Verb;
use crate::query::BadQuery;
use crate::store::StoreError;

/// The result of an operation.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Every way an operation can fail. Closed: a new one is a question to every contract.
#[derive(Debug)]
pub enum Error {
    /// The credentials are not those of somebody who may sign in.
    BadCredentials,
    /// The principal may not do this.
    Forbidden {
        /// What was to be done.
        verb: Verb,
        /// To which model.
        model: ModelKey,
    },
    /// Something is not there, or not to be seen.
    NotFound(Missing),
    /// The question names something that does not exist.
    BadQuery(BadQuery),
    /// What was sent cannot be stored.
    Invalid(FieldErrors),
    /// Somebody else was faster, or an expected version is not the present one.
    Conflict(Conflict),
    /// Other rows protect what was to be deleted.
    Protected {
        /// Which models, with how many rows.
        by: Vec<(ModelKey, u64)>,
    },
    /// More was asked for than is allowed at once.
    TooMany {
        /// The most allowed.
        most: u64,
    },
    /// The database cannot be reached, is locked or out of time; later it may answer.
    Unavailable,
    /// Anything else; the source is for the log, never for a wire.
    Internal(Box<dyn std::error::Error + Send + Sync>),
}

/// What is not there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Missing {
    /// The model.
    Model,
    /// The row.
    Row,
    /// The action.
    Action,
    /// The page of a list.
    Page,
    /// Anything else that was named.
    Other,
}

/// How two writes got in each other's way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Conflict {
    /// The row is not in the version that was expected.
    Version,
    /// A rule of the database that no check foresaw.
    Rule(String),
}

/// What is wrong with a form: flaws by field, and flaws of the whole.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct FieldErrors {
    /// Flaws by field, in the order of fields.
    pub fields: IndexMap<String, Vec<Flaw>>,
    /// Flaws across fields.
    pub whole: Vec<Flaw>,
    /// Flaws of children that were sent with the form, by the position of their inline; only of those that have any.
    pub children: Vec<(usize, ChildErrors)>,
}

/// What is wrong with the children of one inline.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ChildErrors {
    /// Flaws of each child, in the order in which they were looked at; empty ones for children that are fine.
    pub rows: Vec<FieldErrors>,
    /// Flaws across children.
    pub whole: Vec<Flaw>,
}

impl ChildErrors {
    /// Whether nothing is wrong.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.whole.is_empty() && self.rows.iter().all(FieldErrors::is_empty)
    }
}

impl FieldErrors {
    /// Whether nothing is wrong.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.fields.is_empty() && self.whole.is_empty() && self.children.is_empty()
    }

    /// Adds a flaw of a field.
    pub fn add(&mut self, field: &str, flaw: impl Into<Flaw>) {
        self.fields.entry(field.to_owned()).or_default().push(flaw.into());
    }

    /// Adds a flaw of the whole.
    pub fn add_whole(&mut self, flaw: impl Into<Flaw>) {
        self.whole.push(flaw.into());
    }

    /// The errors as a result.
    ///
    /// # Errors
    /// [`Error::Invalid`] if something is wrong.
    pub fn into_result(self) -> Result<()> {
        if self.is_empty() { Ok(()) } else { Err(Error::Invalid(self)) }
    }
}

impl Error {
    /// An internal error from a sentence for the log.
    #[must_use]
    pub fn internal(words: impl Into<String>) -> Error {
        Error::Internal(words.into().into())
    }

    /// One flaw of one field.
    #[must_use]
    pub fn flaw(field: &str, flaw: impl Into<Flaw>) -> Error {
        let mut errors = FieldErrors::default();
        errors.add(field, flaw);
        Error::Invalid(errors)
    }
}

impl std::fmt::Display for Error {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Error::BadCredentials => f.write_str("bad credentials"),
            Error::Forbidden { verb, model } => write!(f, "not permitted to {} rows of {model}", verb.name()),
            Error::NotFound(missing) => write!(f, "not found: {missing:?}"),
            Error::BadQuery(query) => write!(f, "bad query: {query:?}"),
            Error::Invalid(errors) => write!(f, "invalid: {errors:?}"),
            Error::Conflict(conflict) => write!(f, "conflict: {conflict:?}"),
            Error::Protected { by } => write!(f, "protected by {by:?}"),
            Error::TooMany { most } => write!(f, "more than {most} at once"),
            Error::Unavailable => f.write_str("the database is not available"),
            Error::Internal(source) => write!(f, "internal error: {source}"),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        if let Error::Internal(source) = self { Some(source.as_ref()) } else { None }
    }
}

impl From<BadQuery> for Error {
    fn from(query: BadQuery) -> Error {
        Error::BadQuery(query)
    }
}

impl From<StoreError> for Error {
    fn from(error: StoreError) -> Error {
        match error {
            StoreError::Unavailable(words) => {
                tracing::warn!(words, "the database is not available");
                Error::Unavailable
            }
            StoreError::Unique { columns } => {
                Error::Conflict(Conflict::Rule(format!("unique: {}", columns.join(", "))))
            }
            StoreError::ForeignKey => Error::Conflict(Conflict::Rule("foreign key".to_owned())),
            StoreError::NotNull { column } => Error::Conflict(Conflict::Rule(format!("not null: {column}"))),
            StoreError::Refused(words) => Error::Conflict(Conflict::Rule(words)),
            StoreError::Other(_) => Error::Internal(Box::new(error)),
        }
    }
}
