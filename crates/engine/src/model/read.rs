//! From raw to typed: the only coercion there is. A form value, a filter term, a key in a path and a default in a
//! configuration all pass through it.

mod address;
mod bound;
pub mod check;
mod choice;
mod column;
mod duration;
mod file;
mod form;
mod ip;
mod json;
mod moment;
mod number;
mod python;
mod relation;
mod term;
mod text;
mod truth;
mod uuid;

use jiff::tz::TimeZone;

use super::{Field, FieldKind, Flaw, FlawKind, Schema, Width};
use crate::store::Dialect;
use crate::value::{Raw, Value};

pub(crate) use column::is_nothing;
pub(crate) use form::{Filled, is_empty};
use python::Sent;
pub use python::digit;
pub(crate) use relation::{Keys, keys};
pub use term::TermValue;

/// What reading needs to know besides the field.
#[derive(Debug, Clone, Copy)]
pub struct Reading<'a> {
    /// All models: the keys of related rows are read as their models say.
    pub schema: &'a Schema,
    /// The zone that local times are in.
    pub zone: &'a TimeZone,
    /// The database's language: it decides how large numbers may be.
    pub dialect: Dialect,
}

/// A value that was read, with what its checks said. Uniqueness is judged between the two lists.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Judged {
    /// The value.
    pub(crate) value: Value,
    /// What the declared checks said.
    pub(crate) early: Vec<Flaw>,
    /// What limits, lengths and formats said.
    pub(crate) late: Vec<Flaw>,
}

impl Judged {
    fn fine(value: Value) -> Judged {
        Judged { value, early: Vec::new(), late: Vec::new() }
    }
}

/// How far reading came: a value, or the flaws that stopped it.
pub(crate) type Verdict<T = Value> = Result<T, Flaw>;

impl Field {
    /// Reads a value with everything that can be said of it alone: type, choices, checks, limits, lengths, format.
    /// Whether it is unique, and whether a related row exists, only the database knows.
    ///
    /// # Errors
    /// Every flaw, in the order they are reported.
    pub fn read(&self, raw: &Raw, reading: &Reading<'_>) -> Result<Value, Vec<Flaw>> {
        let judged = self.judge(raw, reading).map_err(|flaw| vec![flaw])?;
        if judged.early.is_empty() && judged.late.is_empty() {
            return Ok(judged.value);
        }
        Err(judged.early.into_iter().chain(judged.late).collect())
    }

    /// Reads a term of a filter, or a key: coercion only, no choices, checks or lengths.
    ///
    /// # Errors
    /// The flaw of a term that is no value of the field.
    pub fn read_term(&self, raw: &Raw, reading: &Reading<'_>) -> Result<TermValue, Flaw> {
        term::read(self, raw, reading)
    }
}

impl Field {
    /// Reads a value and keeps apart what is said before and after uniqueness.
    pub(crate) fn judge(&self, raw: &Raw, reading: &Reading<'_>) -> Verdict<Judged> {
        let sent = Sent::of(raw);
        if let Sent::Null = sent {
            return if self.null { Ok(Judged::fine(Value::Null)) } else { Err(FlawKind::Null.into()) };
        }
        if !self.choices.is_empty() && self.target().is_none() {
            return Ok(self.checked_early(choice::read(self, sent)?));
        }
        let value = match &self.kind {
            FieldKind::Auto(width) => {
                let range = bound::range(*width, false, reading.dialect);
                return Ok(bound::judge(self, number::whole(sent, *width == Width::Big)?, range));
            }
            FieldKind::Int { width, positive } => {
                let range = bound::range(*width, *positive, reading.dialect);
                return Ok(bound::judge(self, number::whole(sent, *width == Width::Big)?, range));
            }
            FieldKind::Text { max, format } => return text::judge(self, sent, *format, *max),
            FieldKind::Bool => truth::read(sent, self.null)?,
            FieldKind::Float => number::float(sent)?,
            FieldKind::Decimal { .. } if self.null && is_blank(sent) => Value::Null,
            FieldKind::Decimal { digits, places } => number::decimal(sent, *digits, *places)?,
            FieldKind::Date => moment::date(sent)?,
            FieldKind::Time => moment::time(sent)?,
            FieldKind::DateTime => moment::instant(sent, reading.zone)?,
            FieldKind::Duration => duration::read(sent, reading.dialect)?,
            FieldKind::Uuid => uuid::read(sent)?,
            FieldKind::Json => json::read(raw)?,
            FieldKind::Bytes => return Err(FlawKind::NotText.into()),
            FieldKind::File { max, image, .. } => file::read(sent, *max, *image)?,
            FieldKind::One { .. } => relation::one(self, sent, reading)?,
            FieldKind::Many { .. } => all_keys(keys(self, raw, reading)?)?,
        };
        Ok(self.with_checks(value))
    }

    /// Reads a value as a column takes it.
    pub(crate) fn judge_as_column(&self, raw: &Raw, reading: &Reading<'_>) -> Verdict<Judged> {
        column::judge(self, raw, reading)
    }

    fn checked_early(&self, value: Value) -> Judged {
        Judged { early: check::early(self, &value), late: Vec::new(), value }
    }

    fn with_checks(&self, value: Value) -> Judged {
        Judged { early: check::early(self, &value), late: check::late(self, &value), value }
    }
}

fn is_blank(sent: Sent<'_>) -> bool {
    matches!(sent, Sent::Text(text) if text.chars().all(python::is_space))
}

fn all_keys(keys: Keys) -> Verdict {
    match keys.stopped {
        Some(flaw) => Err(flaw),
        None => Ok(Value::Keys(keys.read.into_iter().map(|(_, key)| key).collect())),
    }
}

/// What was sent, as text: for messages that repeat it.
pub(crate) fn given(raw: &Raw) -> String {
    Sent::of(raw).text()
}

#[cfg(test)]
mod tests;
