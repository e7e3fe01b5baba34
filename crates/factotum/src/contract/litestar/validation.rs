//! What is said of values that cannot be stored: a sentence for each flaw, by column.

use factotum_engine::model::{Field, FieldKind, Flaw, FlawKind, Model};
use factotum_engine::{FieldErrors, Site};
use http::StatusCode;
use serde_json::{Value as Json, json};

use super::error::detail_with;
use super::settings::Litestar;
use crate::http::{Head, Reply};

/// A form's flaws: each with its column and a sentence, in the order of the table. The first one is the answer's own
/// words.
pub(super) fn refuse(contract: &Litestar, site: &Site, head: &Head, errors: &FieldErrors) -> Reply {
    let entry = contract.shelf.of(site, contract).find(head.param("model"));
    let model = entry.and_then(|entry| entry.resource(site).ok()).map(|resource| &*resource.model);
    refuse_all(&sentences(site, model, errors))
}

/// Columns with sentences, as the reply.
pub(super) fn refuse_all(sentences: &[(String, String)]) -> Reply {
    let first = sentences.first().map_or("record does not satisfy field constraints", |(_, words)| words.as_str());
    let errors: Vec<Json> =
        sentences.iter().map(|(field, message)| json!({ "field": field, "message": message })).collect();
    let words = format!("Validation error: {first}");
    detail_with(StatusCode::UNPROCESSABLE_ENTITY, &words, &json!({ "errors": errors }))
}

/// A rule of the database that no check foresaw.
pub(super) fn refuse_rule() -> Reply {
    refuse_all(&[(WHOLE.to_owned(), format!("{WHOLE} does not satisfy field constraints"))])
}

/// What stands for the row where no column is at fault.
const WHOLE: &str = "record";

/// What is wrong, column by column in the order of the table, with what concerns several columns under the first.
pub(super) fn sentences(site: &Site, model: Option<&Model>, errors: &FieldErrors) -> Vec<(String, String)> {
    let place = |name: &str| {
        let at = model.and_then(|model| model.fields.iter().position(|field| field.name == name));
        at.unwrap_or(usize::MAX)
    };
    let mut fields: Vec<_> = errors.fields.iter().collect();
    fields.sort_by_key(|(name, _)| place(name));
    let mut all = Vec::new();
    for (name, flaws) in fields {
        let field = model.and_then(|model| model.field(name));
        let column = field.map_or(name.as_str(), |field| field.column.as_str());
        all.extend(flaws.iter().map(|flaw| (column.to_owned(), sentence(site, column, field, flaw))));
    }
    all.extend(errors.whole.iter().map(|flaw| of_whole(model, flaw)));
    all
}

fn of_whole(model: Option<&Model>, flaw: &Flaw) -> (String, String) {
    if let Some(words) = &flaw.words {
        return (WHOLE.to_owned(), words.clone());
    }
    let column = |name: &String| {
        let field = model.and_then(|model| model.field(name));
        field.map_or_else(|| name.clone(), |field| field.column.clone())
    };
    match &flaw.kind {
        FlawKind::TakenTogether { fields } => {
            let columns: Vec<String> = fields.iter().map(column).collect();
            let first = columns.first().cloned().unwrap_or_else(|| WHOLE.to_owned());
            (first, format!("{} already exists", columns.join(", ")))
        }
        _ => (WHOLE.to_owned(), format!("{WHOLE} does not satisfy field constraints")),
    }
}

/// What is said of one flaw of a column.
fn sentence(site: &Site, column: &str, field: Option<&Field>, flaw: &Flaw) -> String {
    if let Some(words) = &flaw.words {
        return words.clone();
    }
    match &flaw.kind {
        FlawKind::Required | FlawKind::NoFile | FlawKind::EmptyList => format!("{column} is required"),
        FlawKind::Null => format!("{column} cannot be null"),
        FlawKind::Blank => format!("{column} cannot be empty"),
        FlawKind::TooLong { max, .. } | FlawKind::FileNameTooLong { max, .. } => {
            format!("{column} exceeds max length of {max} characters")
        }
        FlawKind::TooShort { min, .. } => format!("{column} must have at least {min} characters"),
        FlawKind::NotChoice { .. } => one_of(column, field),
        FlawKind::Taken | FlawKind::TakenForDate { .. } => format!("{column} already exists"),
        FlawKind::NoTarget { .. } => format!("{column} references a record that does not exist"),
        FlawKind::BadEmail => format!("{column} must be a valid email address"),
        FlawKind::BadUrl => format!("{column} must be a valid URL"),
        FlawKind::BadIp { .. } | FlawKind::BadIpv6 => format!("{column} must be a valid IP address"),
        FlawKind::NulCharacter => format!("{column} must not contain null characters"),
        FlawKind::BadJson => format!("{column} must be valid JSON"),
        FlawKind::NotText if field.is_some_and(|field| field.kind == FieldKind::Bytes) => {
            format!("{column} cannot be set")
        }
        FlawKind::NotText => format!("{column} must be a string"),
        FlawKind::NotBool => format!("{column} must be a boolean"),
        FlawKind::NotNumber | FlawKind::TextTooLarge | FlawKind::FloatOverflow => format!("{column} must be a number"),
        FlawKind::NotInt { .. }
        | FlawKind::BadKeyType { .. }
        | FlawKind::BadKey { .. }
        | FlawKind::BadDate
        | FlawKind::DateTimeForDate
        | FlawKind::BadTime
        | FlawKind::BadDateTime
        | FlawKind::NotInZone { .. }
        | FlawKind::DateTimeRange
        | FlawKind::BadDuration
        | FlawKind::DurationRange
        | FlawKind::BadUuid { .. } => format!("{column} must be {}", kind_words(site, field)),
        _ => format!("{column} does not satisfy field constraints"),
    }
}

fn one_of(column: &str, field: Option<&Field>) -> String {
    let values = field.map(|field| field.choices.iter().map(|(value, _)| value.to_string()).collect::<Vec<_>>());
    format!("{column} must be one of: {}", values.unwrap_or_default().join(", "))
}

/// What the values of a field are; those of a relation are what the key of its target is.
fn kind_words(site: &Site, field: Option<&Field>) -> &'static str {
    let Some(field) = field else { return "valid" };
    match &field.kind {
        FieldKind::One { to, .. } => match site.schema().model(to) {
            Some(target) if target.key_field().target().is_none() => kind_words(site, Some(target.key_field())),
            _ => "a valid key",
        },
        FieldKind::Auto(_) | FieldKind::Int { .. } => "an integer",
        FieldKind::Float | FieldKind::Decimal { .. } => "a number",
        FieldKind::Bool => "a boolean",
        FieldKind::Date => "a valid date",
        FieldKind::DateTime => "a valid date-time",
        FieldKind::Time => "a valid time",
        FieldKind::Duration => "a valid duration",
        FieldKind::Uuid => "a valid UUID",
        FieldKind::Json => "valid JSON",
        FieldKind::Text { .. } | FieldKind::Bytes | FieldKind::File { .. } | FieldKind::Many { .. } => "a string",
    }
}
