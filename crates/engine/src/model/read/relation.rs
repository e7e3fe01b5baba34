//! Keys of related rows: read as the model they belong to says, refused in the words of relations.

use super::python::Sent;
use super::term::{self, TermValue};
use super::{Reading, Verdict, bound};
use crate::model::{Field, FieldKind, Flaw, FlawKind, Received};
use crate::value::{Raw, Value};

/// The field that a relation points at; `None` if its model is not known.
pub(super) fn target<'a>(field: &Field, reading: &Reading<'a>) -> Option<&'a Field> {
    let model = reading.schema.model(field.target()?)?;
    match &field.kind {
        FieldKind::One { to_field: Some(name), .. } => model.field(name),
        _ => Some(model.key_field()),
    }
}

/// Reads a key of a related row.
pub(super) fn key(field: &Field, sent: Sent<'_>, reading: &Reading<'_>) -> Verdict {
    let missing = || Flaw::from(FlawKind::NoTarget { key: sent.text() });
    let wrong = || Flaw::from(FlawKind::BadKeyType { received: sent.received() });
    let by_field = matches!(&field.kind, FieldKind::One { to_field: Some(_), .. });
    if matches!(sent, Sent::File(_)) || matches!(sent, Sent::Bool(_)) && !by_field {
        return Err(wrong());
    }
    let end = end_of(target(field, reading).ok_or_else(missing)?, reading).ok_or_else(missing)?;
    match term::of(end, sent, reading) {
        Ok(TermValue::Value(Value::Int(number))) if !bound::holds(&end.kind, number, reading.dialect) => Err(missing()),
        Ok(TermValue::Value(Value::Null) | TermValue::Below | TermValue::Above) => Err(missing()),
        Ok(TermValue::Value(value)) => Ok(value),
        Err(Flaw { kind: FlawKind::BadUuid { given, .. }, words }) => {
            Err(Flaw { kind: FlawKind::BadUuid { given, as_key: true }, words })
        }
        Err(Flaw { kind: FlawKind::NulCharacter, .. }) => Err(missing()),
        Err(_) => Err(wrong()),
    }
}

/// Follows keys that are relations themselves to the field that holds the value.
pub(super) fn end_of<'a>(mut field: &'a Field, reading: &Reading<'a>) -> Option<&'a Field> {
    // A chain of keys is as long as there are models, unless it is a circle.
    for _ in reading.schema.models() {
        if field.target().is_none() {
            return Some(field);
        }
        field = target(field, reading)?;
    }
    field.target().is_none().then_some(field)
}

/// The keys of a many-to-many field as far as they could be read, with what was sent for each, and the flaw that
/// stopped the reading. Keys before a bad one may be missing, which is then said first.
#[derive(Debug)]
pub(crate) struct Keys {
    /// What was sent and what it means.
    pub(crate) read: Vec<(String, Value)>,
    /// The first key that is none.
    pub(crate) stopped: Option<Flaw>,
}

/// Reads the keys of a many-to-many field.
pub(crate) fn keys(field: &Field, raw: &Raw, reading: &Reading<'_>) -> Verdict<Keys> {
    let sent = Sent::of(raw);
    let items: Vec<Sent<'_>> = match sent {
        Sent::List(items) => items.iter().map(Sent::of_json).collect(),
        Sent::Texts(texts) => texts.iter().map(|text| Sent::Text(text)).collect(),
        Sent::Object(object) => object.keys().map(|key| Sent::Text(key)).collect(),
        other => return Err(FlawKind::NotList { received: other.received() }.into()),
    };
    if items.is_empty() && !field.blank {
        return Err(FlawKind::EmptyList.into());
    }
    let mut keys = Keys { read: Vec::new(), stopped: None };
    for item in items {
        match key(field, item, reading) {
            Ok(value) => keys.read.push((item.text(), value)),
            Err(flaw) => {
                keys.stopped = Some(flaw);
                break;
            }
        }
    }
    Ok(keys)
}

/// Reads a foreign key; empty text is null.
pub(super) fn one(field: &Field, sent: Sent<'_>, reading: &Reading<'_>) -> Verdict {
    match sent {
        Sent::Text("") if field.null => Ok(Value::Null),
        Sent::Text("") => Err(FlawKind::Null.into()),
        Sent::Null => Err(FlawKind::BadKeyType { received: Received::Null }.into()),
        sent => key(field, sent, reading),
    }
}
