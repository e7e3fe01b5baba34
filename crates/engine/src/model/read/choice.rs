//! Choices: a value of the list, or its text.

use super::Verdict;
use super::python::{Sent, float_text};
use crate::model::{Field, FlawKind};
use crate::value::Value;

/// Reads one of a field's choices.
pub(super) fn read(field: &Field, sent: Sent<'_>) -> Verdict {
    let given = sent.text();
    if given.is_empty() && field.blank && field.is_text() {
        return Ok(Value::Text(String::new()));
    }
    let found = field.choices.iter().rev().find(|(choice, _)| text_of(choice) == given);
    found.map(|(choice, _)| choice.clone()).ok_or_else(|| FlawKind::NotChoice { given }.into())
}

/// The text that stands for a choice.
fn text_of(choice: &Value) -> String {
    match choice {
        Value::Null => "None".to_owned(),
        Value::Float(number) => float_text(*number),
        other => other.to_string(),
    }
}
