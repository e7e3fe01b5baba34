//! Terms of filters and keys: coercion by the field's kind and nothing else.

use std::cmp::Ordering;

use super::python::Sent;
use super::{Reading, Verdict, duration, json, moment, number, relation, text, truth, uuid};
use crate::model::{Field, FieldKind, FlawKind};
use crate::value::{Raw, Value};

/// A term: a value of the field's kind, or only the side on which a number leaves what the database can hold.
#[derive(Debug, Clone, PartialEq)]
pub enum TermValue {
    /// A value.
    Value(Value),
    /// A number below every number of the column.
    Below,
    /// A number above every number of the column.
    Above,
}

impl TermValue {
    /// The value, if it is one.
    #[must_use]
    pub fn value(self) -> Option<Value> {
        if let TermValue::Value(value) = self { Some(value) } else { None }
    }
}

/// Reads a term for a field; for a relation, by the key that it points at.
pub(super) fn read(field: &Field, raw: &Raw, reading: &Reading<'_>) -> Verdict<TermValue> {
    let end = relation::end_of(field, reading).unwrap_or(field);
    of(end, Sent::of(raw), reading)
}

/// Reads a term for a field that is no relation.
pub(super) fn of(field: &Field, sent: Sent<'_>, reading: &Reading<'_>) -> Verdict<TermValue> {
    if let Sent::Null = sent {
        return Ok(TermValue::Value(Value::Null));
    }
    let value = match &field.kind {
        FieldKind::Auto(_) | FieldKind::Int { .. } => return whole(sent),
        FieldKind::Decimal { .. } => return decimal(sent),
        FieldKind::Bool => Value::Bool(truth::term(sent)),
        FieldKind::Float => number::float(sent)?,
        FieldKind::Text { format, .. } => text::term(sent, *format)?,
        FieldKind::Date => moment::date(sent)?,
        FieldKind::Time => moment::time(sent)?,
        FieldKind::DateTime => moment::instant(sent, reading.zone)?,
        FieldKind::Duration => duration::read(sent, reading.dialect)?,
        FieldKind::Uuid => uuid::read(sent)?,
        FieldKind::Json => json::term(sent),
        FieldKind::File { .. } => Value::Text(sent.text()),
        FieldKind::Bytes | FieldKind::One { .. } | FieldKind::Many { .. } => return Err(FlawKind::NotText.into()),
    };
    Ok(TermValue::Value(value))
}

fn whole(sent: Sent<'_>) -> Verdict<TermValue> {
    let whole = match sent {
        Sent::Text(text) if text.chars().count() > 1000 => None,
        Sent::Text(text) => number::Whole::parse(text),
        other => Some(number::whole(other, false)?),
    };
    Ok(match whole.ok_or(FlawKind::NotInt { big: false })? {
        number::Whole::Below => TermValue::Below,
        number::Whole::Within(number) => TermValue::Value(Value::Int(number)),
        number::Whole::Above => TermValue::Above,
    })
}

fn decimal(sent: Sent<'_>) -> Verdict<TermValue> {
    Ok(match number::decimal_term(sent)? {
        Ok(number) => TermValue::Value(Value::Decimal(number)),
        Err(Ordering::Less) => TermValue::Below,
        Err(_) => TermValue::Above,
    })
}
