//! Choices: the text of a value, exactly as it is written.

use super::super::Verdict;
use super::super::python::float_text;
use crate::model::{Field, FlawKind};
use crate::value::Value;

/// The choice that a text stands for; the names of choices are not taken.
pub(super) fn find(field: &Field, given: &str) -> Verdict {
    let found = field.choices.iter().find(|(choice, _)| text_of(choice) == given);
    found.map(|(choice, _)| choice.clone()).ok_or_else(|| FlawKind::NotChoice { given: given.to_owned() }.into())
}

/// The text that stands for a value.
pub(super) fn text_of(value: &Value) -> String {
    match value {
        Value::Null => "None".to_owned(),
        Value::Float(number) => float_text(*number),
        other => other.to_string(),
    }
}
