//! How a body becomes columns of a row: by the names of the columns, cleaned where they hold markup.

use std::collections::HashSet;

use factotum_engine::form::{Manner, Payload};
use factotum_engine::model::{Field, Flaw, Model};
use factotum_engine::{Error, FieldErrors, Raw};
use serde_json::{Map, Value as Json};

use super::catalogue::{Entry, of_column};
use super::rich_text;

/// What a body is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Extent {
    /// A new row.
    New,
    /// Some columns of a row.
    Part,
    /// A row as its form shows it: what is absent and may be null becomes null.
    Form,
}

/// Columns with their values, and what can be said against the body before anybody looks at them.
#[derive(Debug, Default)]
pub(super) struct Columns {
    pub(super) payload: Payload,
    /// Fields, or names that are none, each with a sentence.
    flaws: Vec<(String, String)>,
}

impl Columns {
    /// The columns that a body names. Of a new row every name must be one.
    pub(super) fn of(entry: &Entry, model: &Model, members: Map<String, Json>, extent: Extent) -> Columns {
        let mut columns = Columns::default();
        columns.payload.manner = Manner::Columns;
        columns.payload.partial = extent != Extent::New;
        let sent: HashSet<String> = members.keys().cloned().collect();
        for (name, value) in members {
            match of_column(model, &name) {
                Some(at) => columns.take(entry, &model.fields[at], value),
                None if extent == Extent::New && !entry.view.form_extra_fields.contains_key(&name) => {
                    columns.flaws.push((name.clone(), format!("{name} is not a known field")));
                }
                None => {}
            }
        }
        if extent == Extent::Form {
            let absent = entry.forms.edit.iter().map(|at| &model.fields[*at]);
            for field in absent.filter(|field| field.null && !sent.contains(&field.column)) {
                columns.payload.fields.insert(field.name.clone(), Raw::Json(Json::Null));
            }
        }
        columns
    }

    fn take(&mut self, entry: &Entry, field: &Field, value: Json) {
        let raw = if entry.view.microseconds.contains(&field.column) {
            match span(&value) {
                Some(raw) => raw,
                None => {
                    let words = format!("{} must be an integer", field.column);
                    return self.flaws.push((field.name.clone(), words));
                }
            }
        } else {
            match (entry.view.rich_text_fields.get(&field.column), value) {
                (Some(tags), Json::String(text)) => Raw::Json(Json::String(rich_text::clean(&text, tags))),
                (_, value) => Raw::Json(value),
            }
        };
        self.payload.fields.insert(field.name.clone(), raw);
    }

    /// Adds what was known before to what somebody found since.
    pub(super) fn judge<T>(flaws: Vec<(String, String)>, outcome: Result<T, Error>) -> Result<T, Error> {
        if flaws.is_empty() {
            return outcome;
        }
        let mut errors = match outcome {
            Ok(_) => FieldErrors::default(),
            Err(Error::Invalid(errors)) => errors,
            Err(other) => return Err(other),
        };
        for (name, words) in flaws {
            errors.fields.insert(name, vec![Flaw::custom(&words)]);
        }
        Err(Error::Invalid(errors))
    }

    /// Parts the columns from what was said against the body.
    pub(super) fn into_parts(self) -> (Payload, Vec<(String, String)>) {
        (self.payload, self.flaws)
    }
}

/// A span of time that is sent as a number of microseconds; nothing is null.
fn span(value: &Json) -> Option<Raw> {
    let micros = match value {
        Json::Null => return Some(Raw::Json(Json::Null)),
        Json::String(text) if text.is_empty() => return Some(Raw::Json(Json::Null)),
        Json::String(text) => text.parse::<i64>().ok()?,
        Json::Number(number) => number.as_i64()?,
        _ => return None,
    };
    let sign = if micros < 0 { "-" } else { "" };
    let (seconds, rest) = (micros.unsigned_abs() / 1_000_000, micros.unsigned_abs() % 1_000_000);
    Some(Raw::Text(format!("{sign}{seconds}.{rest:06}")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn spans_are_whole_numbers() {
        assert_eq!(span(&json!(5)), Some(Raw::Text("0.000005".to_owned())));
        assert_eq!(span(&json!("-1500000")), Some(Raw::Text("-1.500000".to_owned())));
        assert_eq!(span(&json!("")), Some(Raw::Json(Json::Null)));
        for bad in [json!(1.5), json!("P1D"), json!(true), json!([1])] {
            assert_eq!(span(&bad), None, "{bad}");
        }
    }
}
