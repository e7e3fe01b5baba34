//! Spans of time, UUIDs and documents as they are typed.

use serde_json::Value as Json;

use super::super::python::{Sent, strip};
use super::super::{Verdict, duration, json, uuid};
use crate::model::FlawKind;
use crate::store::Dialect;
use crate::value::{Raw, Value};

/// Reads a span of time.
pub(super) fn duration(sent: Sent<'_>, dialect: Dialect) -> Verdict {
    duration::read(sent, dialect)
}

/// Reads a UUID's text; numbers are none.
pub(super) fn uuid(sent: Sent<'_>) -> Verdict {
    let text = sent.text();
    let text = strip(&text);
    match sent {
        _ if text.is_empty() => Ok(Value::Null),
        Sent::Text(_) | Sent::Int(_) => uuid::read(Sent::Text(text)),
        _ => Err(FlawKind::BadUuid { given: sent.text(), as_key: false }.into()),
    }
}

/// Reads a document: text is parsed, everything else is taken as it is, and `null` is none. Empty lists and objects
/// stay what they are.
pub(super) fn json(raw: &Raw) -> Verdict {
    let text = match raw {
        Raw::Text(text) | Raw::Json(Json::String(text)) => text,
        other => return json::read(other).map(absent),
    };
    if text.is_empty() {
        return Ok(Value::Null);
    }
    json::read(&Raw::Text(text.clone())).map(absent)
}

fn absent(value: Value) -> Value {
    if value == Value::Json(Json::Null) { Value::Null } else { value }
}
