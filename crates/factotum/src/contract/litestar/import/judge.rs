//! Rows judged by what the columns of the table say, before anything is made of them.

use factotum_engine::form::Payload;
use factotum_engine::model::{Field, Model};
use factotum_engine::{ModelKey, Resource};
use indexmap::IndexMap;
use serde_json::{Map, Value as Json, json};

use super::super::Call;
use super::super::catalogue::{Entry, of_column};
use super::super::payload::{Columns, Extent};
use super::map::{self, Mapping, Type};
use super::value;
use crate::transfer::kind::{is_day, is_moment};
use crate::transfer::mapping::Transform;

/// What is wrong with a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct RowError {
    /// Its number; the line of names is 1.
    pub(super) row: u64,
    field: String,
    value: Option<String>,
    words: String,
}

impl RowError {
    /// An error that is not of one column.
    pub(super) fn of_row(row: u64, words: &str) -> RowError {
        RowError { row, field: String::new(), value: None, words: words.to_owned() }
    }

    pub(super) fn document(&self) -> Json {
        json!({ "row_number": self.row, "field": self.field, "value": self.value, "error": self.words })
    }
}

/// A row, judged.
#[derive(Debug, Default)]
pub(super) struct Judged {
    pub(super) errors: Vec<RowError>,
    /// Its texts, by the positions of their fields.
    pub(super) texts: IndexMap<usize, String>,
}

/// What a column of the file fills, and what its text must be.
#[derive(Debug)]
struct Aim {
    csv_column: String,
    transform: Transform,
    /// The position of the field.
    at: usize,
    kind: Type,
    required: bool,
    longest: Option<u32>,
}

/// Judges rows.
pub(super) struct Judge<'c> {
    entry: &'c Entry,
    resource: &'c Resource,
    pub(super) key: ModelKey,
    aims: Vec<Aim>,
    /// Columns that must have a value and that nothing fills.
    unfilled: Vec<String>,
}

impl<'c> Judge<'c> {
    /// What mappings mean for a model.
    ///
    /// # Errors
    /// The name of a column that the table does not have.
    pub(super) fn new(
        call: &'c Call,
        entry: &'c Entry,
        resource: &'c Resource,
        mappings: Vec<Mapping>,
    ) -> Result<Judge<'c>, String> {
        let model = &resource.model;
        let aim = |mapping: Mapping| {
            let at = of_column(model, &mapping.model_field).ok_or(mapping.model_field)?;
            let field = &model.fields[at];
            Ok(Aim {
                csv_column: mapping.csv_column,
                transform: mapping.transform,
                at,
                kind: map::type_of(call, entry, field),
                required: map::is_required(resource, field),
                longest: map::longest(call, field),
            })
        };
        let aims = last_of_each(mappings.into_iter().map(aim).collect::<Result<_, String>>()?);
        let is_open =
            |at: &&usize| map::is_required(resource, &model.fields[**at]) && !aims.iter().any(|aim| aim.at == **at);
        let unfilled = entry.columns.iter().filter(is_open).map(|at| model.fields[*at].column.clone()).collect();
        Ok(Judge { entry, resource, key: entry.key.clone(), aims, unfilled })
    }

    pub(super) fn model(&self) -> &Model {
        &self.resource.model
    }

    fn field(&self, at: usize) -> &Field {
        &self.resource.model.fields[at]
    }

    /// Where in a row of the file the text for each aim stands.
    pub(super) fn places(&self, headers: &[String]) -> Vec<Option<usize>> {
        self.aims.iter().map(|aim| headers.iter().position(|header| *header == aim.csv_column)).collect()
    }

    /// Judges a row. A column that the file does not have is empty.
    pub(super) fn row(&self, number: u64, places: &[Option<usize>], row: &[String]) -> Judged {
        let mut judged = Judged::default();
        for column in &self.unfilled {
            let words = format!("Required field '{column}' is not mapped");
            judged.errors.push(RowError { row: number, field: column.clone(), value: None, words });
        }
        for (aim, place) in self.aims.iter().zip(places) {
            let raw = place.and_then(|place| row.get(place)).map_or("", String::as_str);
            let text = aim.transform.of(raw);
            let column = &self.field(aim.at).column;
            if let Some(words) = complaint(aim, column, &text) {
                let value = Some(raw.to_owned());
                judged.errors.push(RowError { row: number, field: column.clone(), value, words });
            }
            judged.texts.insert(aim.at, text);
        }
        judged
    }

    /// A row's texts as they are shown.
    pub(super) fn sample(&self, texts: &IndexMap<usize, String>) -> Json {
        let pairs = texts.iter().map(|(at, text)| (self.field(*at).column.clone(), Json::from(text.as_str())));
        Json::Object(pairs.collect::<Map<_, _>>())
    }

    /// A row as columns. What is empty was not said, and hidden columns are not set.
    ///
    /// # Errors
    /// Why a text is no value of its column.
    pub(super) fn payload(&self, texts: &IndexMap<usize, String>) -> Result<Payload, String> {
        let mut members = Map::new();
        for (at, text) in texts.iter().filter(|(_, text)| !text.is_empty()) {
            let field = self.field(*at);
            if self.resource.hides(&field.name) {
                continue;
            }
            let kind = self.aims.iter().find(|aim| aim.at == *at).map_or(Type::String, |aim| aim.kind);
            members.insert(field.column.clone(), value::json(kind, text)?);
        }
        let columns = Columns::of(self.entry, self.model(), members, Extent::New);
        if columns.flaws.is_empty() { Ok(columns.payload) } else { Err(value::BROKEN_RULE.to_owned()) }
    }
}

/// Of a column of the file that is named twice the last mapping counts, in the place of the first.
fn last_of_each(aims: Vec<Aim>) -> Vec<Aim> {
    let mut by_column: IndexMap<String, Aim> = IndexMap::new();
    for aim in aims {
        by_column.insert(aim.csv_column.clone(), aim);
    }
    by_column.into_values().collect()
}

/// What is wrong with a text.
fn complaint(aim: &Aim, column: &str, text: &str) -> Option<String> {
    if text.is_empty() {
        return aim.required.then(|| format!("Field '{column}' is required"));
    }
    let expected = |what: &str| Some(format!("Expected {what}, got '{text}'"));
    match aim.kind {
        Type::Integer if value::whole(text).is_none() => return expected("integer"),
        Type::Number if value::number(text).is_none() => return expected("number"),
        Type::Boolean if !is_truth(text) => return expected("boolean"),
        Type::Date if !(is_day(text) && text.len() == 10) => return expected("date format YYYY-MM-DD"),
        Type::DateTime if !is_moment(text) => return expected("datetime format"),
        Type::Uuid if !is_uuid(text) => return expected("UUID format"),
        _ => {}
    }
    let longest = aim.longest.filter(|longest| text.chars().count() > *longest as usize)?;
    Some(format!("Value exceeds max length of {longest} characters"))
}

fn is_truth(text: &str) -> bool {
    ["true", "false", "1", "0", "yes", "no"].iter().any(|word| text.eq_ignore_ascii_case(word))
}

/// 36 characters, with dashes in their places.
fn is_uuid(text: &str) -> bool {
    text.len() == 36 && uuid::Uuid::try_parse(text).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(kind: Type, text: &str) -> Option<String> {
        let aim = Aim {
            csv_column: String::new(),
            transform: Transform::None,
            at: 0,
            kind,
            required: true,
            longest: (kind == Type::String).then_some(3),
        };
        complaint(&aim, "f", text)
    }

    #[test]
    fn texts_are_judged_by_their_columns() {
        let bad = [
            (Type::String, "", "Field 'f' is required"),
            (Type::Integer, "1.5", "Expected integer, got '1.5'"),
            (Type::Number, "abc", "Expected number, got 'abc'"),
            (Type::Number, "nan", "Expected number, got 'nan'"),
            (Type::Boolean, "on", "Expected boolean, got 'on'"),
            (Type::Date, "01/02/2024", "Expected date format YYYY-MM-DD, got '01/02/2024'"),
            (Type::Date, "2024-01-02T10:00", "Expected date format YYYY-MM-DD, got '2024-01-02T10:00'"),
            (Type::DateTime, "2024-01-01", "Expected datetime format, got '2024-01-01'"),
            (
                Type::Uuid,
                "661a247ff9114163b4f72c9033c828c7",
                "Expected UUID format, got '661a247ff9114163b4f72c9033c828c7'",
            ),
            (Type::String, "éééé", "Value exceeds max length of 3 characters"),
        ];
        for (kind, text, words) in bad {
            assert_eq!(said(kind, text).as_deref(), Some(words));
        }
        let good = [
            (Type::Integer, "-7"),
            (Type::Integer, "+007"),
            (Type::Number, "1e3"),
            (Type::Number, ".5"),
            (Type::Boolean, "YES"),
            (Type::Date, "2024-13-02"),
            (Type::DateTime, "2024-01-01 10:00 and more"),
            (Type::Uuid, "661A247F-F911-4163-B4F7-2C9033C828C7"),
            (Type::String, "ééé"),
            (Type::Object, "{"),
        ];
        for (kind, text) in good {
            assert_eq!(said(kind, text), None, "{text}");
        }
    }
}
