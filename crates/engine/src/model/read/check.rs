//! Declared checks: least, greatest, shortest, longest, pattern.

use crate::model::{Check, Flaw, FlawKind};
use crate::value::Value;

/// Judges a value; null passes every check.
pub(crate) fn judge(check: &Check, value: &Value) -> Result<(), Flaw> {
    match (check, value) {
        (_, Value::Null) => Ok(()),
        (Check::Min(min), value) if value.compare(min).is_some_and(std::cmp::Ordering::is_lt) => {
            Err(FlawKind::TooLow { min: min.to_string() }.into())
        }
        (Check::Max(max), value) if value.compare(max).is_some_and(std::cmp::Ordering::is_gt) => {
            Err(FlawKind::TooHigh { max: max.to_string() }.into())
        }
        (Check::MinLength(min), Value::Text(text)) if text.chars().count() < *min as usize => {
            Err(FlawKind::TooShort { min: *min, length: text.chars().count() }.into())
        }
        (Check::MaxLength(max), Value::Text(text)) if text.chars().count() > *max as usize => {
            Err(FlawKind::TooLong { max: *max, length: text.chars().count() }.into())
        }
        (Check::Pattern { pattern, words }, Value::Text(text)) if !pattern.is_match(text) => {
            Err(Flaw { kind: FlawKind::BadPattern, words: words.clone() })
        }
        _ => Ok(()),
    }
}
