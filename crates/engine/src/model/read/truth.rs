//! Truth: the spellings that a form may use, and the few that a filter knows.

use super::Verdict;
use super::python::Sent;
use crate::model::FlawKind;
use crate::value::Value;

/// Reads a truth value; a field that may be null takes empty text and `null` for that.
pub(super) fn read(sent: Sent<'_>, null: bool) -> Verdict {
    let truth = match sent {
        Sent::Bool(truth) => truth,
        Sent::Int(number @ (0 | 1)) => number == 1,
        Sent::Float(number) if number == 0.0 || number == 1.0 => number == 1.0,
        Sent::Text(text) => match text.to_lowercase().as_str() {
            "t" | "y" | "yes" | "true" | "on" | "1" => true,
            "f" | "n" | "no" | "false" | "off" | "0" => false,
            "" | "null" if null => return Ok(Value::Null),
            _ => return Err(FlawKind::NotBool.into()),
        },
        _ => return Err(FlawKind::NotBool.into()),
    };
    Ok(Value::Bool(truth))
}

/// Reads a filter's truth value: `true`, `1` and `yes` are true, everything else is false.
pub(super) fn term(sent: Sent<'_>) -> bool {
    match sent {
        Sent::Bool(truth) => truth,
        other => matches!(other.text().to_lowercase().as_str(), "true" | "1" | "yes"),
    }
}
