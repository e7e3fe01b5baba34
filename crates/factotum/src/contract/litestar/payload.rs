//! How a body becomes columns of a row: by the names of the columns, cleaned where they hold markup.

use std::collections::HashSet;

use factotum_engine::form::{Manner, Payload};
use factotum_engine::model::{Field, FieldKind, Model};
use factotum_engine::{Error, FieldErrors, Raw, Site};
use serde_json::{Map, Value as Json};

use super::catalogue::{Entry, of_column};
use super::{rich_text, validation};
use crate::http::Fault;

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
    /// Columns, or names that are none, each with a sentence.
    pub(super) flaws: Vec<(String, String)>,
}

impl Columns {
    /// The columns that a body names. Of a new row every name must be one; the key of a row that is there stays,
    /// whatever a body says of it.
    pub(super) fn of(entry: &Entry, model: &Model, members: Map<String, Json>, extent: Extent) -> Columns {
        let mut columns = Columns::default();
        columns.payload.manner = Manner::Columns;
        columns.payload.partial = extent != Extent::New;
        let sent: HashSet<String> = members.keys().cloned().collect();
        for (name, value) in members {
            match of_column(model, &name) {
                Some(at) if extent != Extent::New && model.fields[at].name == model.primary_key => {}
                Some(at) => columns.take(entry, model, &model.fields[at], value),
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

    fn take(&mut self, entry: &Entry, model: &Model, field: &Field, value: Json) {
        let is_span = entry.view.microseconds.contains(&field.column);
        let words = if is_span { not_whole(&value) } else { misspelled(model, field, &value) };
        if let Some(words) = words {
            return self.flaws.push((field.column.clone(), format!("{} {words}", field.column)));
        }
        let raw = match (entry.view.rich_text_fields.get(&field.column), value) {
            (_, value) if is_span => span(&value).unwrap_or(Raw::Json(Json::Null)),
            (Some(tags), Json::String(text)) => Raw::Json(Json::String(rich_text::clean(&text, tags))),
            (_, value) => Raw::Json(value),
        };
        self.payload.fields.insert(field.name.clone(), raw);
    }

    /// Adds what was known before to what somebody found since; a column that was not read is not also missing.
    pub(super) fn judge<T>(
        site: &Site,
        model: &Model,
        flaws: Vec<(String, String)>,
        outcome: Result<T, Error>,
    ) -> Result<T, Fault> {
        if flaws.is_empty() {
            return Ok(outcome?);
        }
        let errors = match outcome {
            Ok(_) => FieldErrors::default(),
            Err(Error::Invalid(errors)) => errors,
            Err(other) => return Err(other.into()),
        };
        let mut all = validation::sentences(site, Some(model), &errors);
        all.retain(|(column, _)| !flaws.iter().any(|(known, _)| known == column));
        all.extend(flaws);
        all.sort_by_key(|(column, _)| of_column(model, column).unwrap_or(usize::MAX));
        Err(Fault::Said(Box::new(validation::refuse_all(&all))))
    }
}

/// What a value is not, where this contract asks for one spelling and the engine knows more.
fn misspelled(model: &Model, field: &Field, value: &Json) -> Option<&'static str> {
    let Json::String(text) = value else { return None };
    match field.kind {
        FieldKind::Time if !is_time(text) => Some("must be a valid time"),
        FieldKind::Date if !is_day(text) => Some("must be a valid date"),
        FieldKind::DateTime if !is_moment(text) => Some("must be a valid date-time"),
        // A row without a key could not be addressed.
        FieldKind::Text { .. } if field.name == model.primary_key && text.is_empty() => Some("is required"),
        _ => None,
    }
}

fn not_whole(value: &Json) -> Option<&'static str> {
    span(value).is_none().then_some("must be an integer")
}

/// `HH:MM`, with seconds and their parts if they are said. Nothing is no time, which the form judges.
fn is_time(text: &str) -> bool {
    let (clock, fraction) = text.split_once('.').map_or((text, None), |(clock, fraction)| (clock, Some(fraction)));
    let is_whole = fits(clock, "00:00:00");
    let is_fraction = |digits: &str| !digits.is_empty() && digits.bytes().all(|digit| digit.is_ascii_digit());
    match fraction {
        Some(fraction) => is_whole && is_fraction(fraction),
        None => is_whole || fits(clock, "00:00") || text.is_empty(),
    }
}

/// `YYYY-MM-DD` or `YYYYMMDD`, alone or before a time.
fn is_day(text: &str) -> bool {
    let day = text.split_once(['T', ' ']).map_or(text, |(day, _)| day);
    text.is_empty() || fits(day, "0000-00-00") || fits(day, "00000000")
}

/// A day, alone or with a time that begins with `HH:MM` or `HHMM`.
fn is_moment(text: &str) -> bool {
    let time = text.split_once(['T', ' ']).map(|(_, time)| time);
    let begins = |time: &str| {
        let begins = |form: &str| time.get(..form.len()).is_some_and(|start| fits(start, form));
        begins("00:00") || begins("0000")
    };
    is_day(text) && time.is_none_or(begins)
}

/// Whether a text has digits where a form has `0`, and otherwise its very letters.
fn fits(text: &str, form: &str) -> bool {
    let alike = |(letter, place): (u8, u8)| if place == b'0' { letter.is_ascii_digit() } else { letter == place };
    text.len() == form.len() && text.bytes().zip(form.bytes()).all(alike)
}

/// A span of time that is sent as a number of microseconds; nothing is null.
fn span(value: &Json) -> Option<Raw> {
    let micros = match value {
        Json::Null => return Some(Raw::Json(Json::Null)),
        Json::String(text) if text.is_empty() => return Some(Raw::Json(Json::Null)),
        Json::String(text) => text.parse::<i64>().ok()?,
        Json::Number(number) => whole(number)?,
        _ => return None,
    };
    let sign = if micros < 0 { "-" } else { "" };
    let (seconds, rest) = (micros.unsigned_abs() / 1_000_000, micros.unsigned_abs() % 1_000_000);
    Some(Raw::Text(format!("{sign}{seconds}.{rest:06}")))
}

/// A whole number, be it spelled with a point.
pub(super) fn whole(number: &serde_json::Number) -> Option<i64> {
    number.as_i64().or_else(|| i64::try_from(whole_of(number.as_f64()?)?).ok())
}

fn whole_of(number: f64) -> Option<i128> {
    (number.fract() == 0.0).then(|| format!("{number:.0}").parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn times_have_one_spelling() {
        for good in ["", "10:11", "10:11:12", "10:11:12.5"] {
            assert!(is_time(good), "{good}");
        }
        for bad in ["10", "2024", "20240101", "1704103200", "1:2", "10:11:1", "10:11:12.", "10:11:12+02:00", "10:11é12"]
        {
            assert!(!is_time(bad), "{bad}");
        }
    }

    #[test]
    fn days_and_moments_have_all_their_digits() {
        for good in ["2024-01-01", "20240101", "2024-01-01T10:00", "2024-01-01 10:00:00Z"] {
            assert!(is_day(good) && is_moment(good), "{good}");
        }
        for bad in ["2024-1-1", "2024-01-1", "24-01-01", "tomorrow"] {
            assert!(!is_day(bad) && !is_moment(bad), "{bad}");
        }
        assert!(!is_moment("2024-01-01T1:1"));
    }

    #[test]
    fn spans_are_whole_numbers() {
        assert_eq!(span(&json!(5)), Some(Raw::Text("0.000005".to_owned())));
        assert_eq!(span(&json!("-1500000")), Some(Raw::Text("-1.500000".to_owned())));
        assert_eq!(span(&json!("")), Some(Raw::Json(Json::Null)));
        assert_eq!(span(&json!(2.0)), Some(Raw::Text("0.000002".to_owned())));
        for bad in [json!(1.5), json!(1e300), json!("P1D"), json!(true), json!([1])] {
            assert_eq!(span(&bad), None, "{bad}");
        }
    }
}
