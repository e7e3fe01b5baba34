//! Boxes that are ticked or not, and the three answers of a field that may be null.

use super::super::python::Sent;
use crate::value::Value;

/// Reads a box: absent or empty is not ticked, `false` in any case neither, every other text is.
pub(super) fn parse(sent: Sent<'_>, null: bool) -> Option<bool> {
    if null {
        return answer(sent);
    }
    Some(match sent {
        Sent::Null => false,
        Sent::Bool(truth) => truth,
        Sent::Int(number) => number != 0,
        Sent::Float(number) => number != 0.0,
        Sent::Text(text) => !text.is_empty() && !text.eq_ignore_ascii_case("false"),
        Sent::List(items) => !items.is_empty(),
        Sent::Texts(texts) => !texts.is_empty(),
        Sent::Object(object) => !object.is_empty(),
        Sent::File(_) => true,
    })
}

/// Yes, no, or unknown: `2` and `3` are what a browser sends for the first two.
fn answer(sent: Sent<'_>) -> Option<bool> {
    match sent {
        Sent::Bool(truth) => Some(truth),
        Sent::Text("2" | "true" | "True") => Some(true),
        Sent::Text("3" | "false" | "False") => Some(false),
        Sent::Int(number @ (0 | 1)) => Some(number == 1),
        Sent::Float(number) if number == 0.0 || number == 1.0 => Some(number == 1.0),
        _ => None,
    }
}

impl From<Option<bool>> for Value {
    fn from(truth: Option<bool>) -> Value {
        truth.map_or(Value::Null, Value::Bool)
    }
}
