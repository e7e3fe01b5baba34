//! JSON documents: any value, no deeper than an honest one, without NUL.

use serde_json::Value as Json;

use super::Verdict;
use super::python::Sent;
use crate::model::FlawKind;
use crate::value::{Raw, Value};

/// The deepest nesting.
const DEEPEST: usize = 64;

/// Reads a document: text is parsed, JSON is taken as it is.
pub(super) fn read(raw: &Raw) -> Verdict {
    let document = match raw {
        Raw::Text(text) => serde_json::from_str(text).map_err(|_| FlawKind::BadJson)?,
        Raw::Json(json) => json.clone(),
        Raw::Texts(texts) => Json::Array(texts.iter().map(|text| Json::String(text.clone())).collect()),
        Raw::File(_) => return Err(FlawKind::BadJson.into()),
    };
    if is_storable(&document, DEEPEST) { Ok(Value::Json(document)) } else { Err(FlawKind::BadJson.into()) }
}

fn is_storable(json: &Json, depth: usize) -> bool {
    match json {
        Json::String(text) => !text.contains('\0'),
        Json::Array(items) => depth > 0 && items.iter().all(|item| is_storable(item, depth - 1)),
        Json::Object(object) => {
            depth > 0 && object.iter().all(|(key, item)| !key.contains('\0') && is_storable(item, depth - 1))
        }
        Json::Null | Json::Bool(_) | Json::Number(_) => true,
    }
}

/// A document to compare with.
pub(super) fn term(sent: Sent<'_>) -> Value {
    Value::Json(match sent {
        Sent::List(items) => Json::Array(items.to_vec()),
        Sent::Object(object) => Json::Object(object.clone()),
        Sent::Bool(truth) => truth.into(),
        Sent::Int(number) => i64::try_from(number).map_or_else(|_| number.to_string().into(), Into::into),
        Sent::Float(number) => number.into(),
        other => other.text().into(),
    })
}
