//! Which column of a file fills which column of the table, and what the table's columns are.

use factotum_engine::Resource;
use factotum_engine::form;
use factotum_engine::model::{Field, FieldKind, TextFormat};
use serde_json::{Value as Json, json};

use super::super::Call;
use super::super::catalogue::Entry;
use crate::transfer::mapping::Transform;

/// The parameter, or the field of the form, that says it.
pub(super) const PARAMETER: &str = "column_mappings";

/// A column of a file with the column of the table that it fills.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Mapping {
    pub(super) csv_column: String,
    pub(super) model_field: String,
    pub(super) transform: Transform,
}

/// Reads mappings.
///
/// # Errors
/// What is wrong with them.
pub(super) fn read(text: &str) -> Result<Vec<Mapping>, String> {
    let document: Json = serde_json::from_str(text).map_err(|error| match error.is_eof() {
        true => "Input data was truncated".to_owned(),
        false => format!("JSON is malformed: invalid character (byte {})", byte(text, &error)),
    })?;
    let Json::Array(items) = document else {
        return Err(format!("Expected `array`, got `{}`", word(&document)));
    };
    items
        .iter()
        .enumerate()
        .map(|(at, item)| mapping(item).map_err(|words| words.replace('$', &format!("$[{at}]"))))
        .collect()
}

/// One mapping; what is wrong is told with its place, which begins with `$`.
fn mapping(item: &Json) -> Result<Mapping, String> {
    let Json::Object(members) = item else {
        return Err(format!("Expected `object`, got `{}` - at `$`", word(item)));
    };
    let text = |name: &str| match members.get(name) {
        Some(Json::String(text)) => Ok(text.clone()),
        Some(other) => Err(format!("Expected `str`, got `{}` - at `$.{name}`", word(other))),
        None => Err(format!("Object missing required field `{name}` - at `$`")),
    };
    let transform = match members.get("transform") {
        None | Some(Json::Null) => Transform::None,
        Some(Json::String(name)) => {
            transform(name).ok_or_else(|| format!("Invalid enum value '{name}' - at `$.transform`"))?
        }
        Some(other) => return Err(format!("Expected `str | null`, got `{}` - at `$.transform`", word(other))),
    };
    Ok(Mapping { csv_column: text("csv_column")?, model_field: text("model_field")?, transform })
}

fn transform(name: &str) -> Option<Transform> {
    match name {
        // Texts are trimmed anyway.
        "none" | "trim" => Some(Transform::None),
        "lowercase" => Some(Transform::Lowercase),
        "uppercase" => Some(Transform::Uppercase),
        _ => None,
    }
}

fn word(value: &Json) -> &'static str {
    match value {
        Json::Null => "null",
        Json::Bool(_) => "bool",
        Json::Number(number) if number.is_f64() => "float",
        Json::Number(_) => "int",
        Json::String(_) => "str",
        Json::Array(_) => "array",
        Json::Object(_) => "object",
    }
}

/// Where the parser stopped.
fn byte(text: &str, error: &serde_json::Error) -> usize {
    let before: usize = text.split_inclusive('\n').take(error.line().saturating_sub(1)).map(str::len).sum();
    (before + error.column()).saturating_sub(1)
}

/// What a value of a column must be, and how it is described.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Type {
    /// A whole number.
    Integer,
    /// Any number.
    Number,
    /// Truth.
    Boolean,
    /// A day.
    Date,
    /// A day with a time.
    DateTime,
    /// A time of day.
    Time,
    /// A UUID.
    Uuid,
    /// A document.
    Object,
    /// A long text.
    Long,
    /// Anything else.
    String,
}

impl Type {
    fn name(self) -> &'static str {
        match self {
            Type::Integer => "integer",
            Type::Number => "number",
            Type::Boolean => "boolean",
            Type::Object => "object",
            Type::Date | Type::DateTime | Type::Time | Type::Uuid | Type::Long | Type::String => "string",
        }
    }

    fn format(self) -> Option<&'static str> {
        match self {
            Type::Date => Some("date"),
            Type::DateTime => Some("date-time"),
            Type::Time => Some("time"),
            Type::Uuid => Some("uuid"),
            Type::Long => Some("textarea"),
            Type::Integer | Type::Number | Type::Boolean | Type::Object | Type::String => None,
        }
    }
}

/// What stands in a column: that of a relation holds what the key of its target is.
fn stored<'f>(call: &'f Call, field: &'f Field) -> &'f Field {
    let mut at = field;
    for _ in 0..16 {
        let FieldKind::One { to, to_field, .. } = &at.kind else { break };
        let Some(target) = call.site.schema().model(to) else { break };
        at = to_field.as_deref().and_then(|name| target.field(name)).unwrap_or_else(|| target.key_field());
    }
    at
}

/// What a value of a column must be.
pub(super) fn type_of(call: &Call, entry: &Entry, field: &Field) -> Type {
    let stored = stored(call, field);
    match &stored.kind {
        _ if !stored.choices.is_empty() && stored.is_text() => Type::String,
        FieldKind::Auto(_) | FieldKind::Int { .. } => Type::Integer,
        // As the original has it.
        FieldKind::Float if is_unjudged(&stored.declared) => Type::String,
        FieldKind::Float | FieldKind::Decimal { .. } => Type::Number,
        FieldKind::Bool => Type::Boolean,
        FieldKind::Date => Type::Date,
        FieldKind::DateTime => Type::DateTime,
        FieldKind::Time => Type::Time,
        FieldKind::Uuid => Type::Uuid,
        FieldKind::Json => Type::Object,
        FieldKind::Duration if entry.view.microseconds.contains(&field.column) => Type::Integer,
        FieldKind::Text { format: TextFormat::Long, .. } => Type::Long,
        FieldKind::Text { .. }
        | FieldKind::Duration
        | FieldKind::Bytes
        | FieldKind::File { .. }
        | FieldKind::One { .. }
        | FieldKind::Many { .. } => Type::String,
    }
}

/// Whether a column is declared as a binary number by a name that the original's import does not know for one:
/// `REAL`, `DOUBLE`, `DOUBLE PRECISION`.
fn is_unjudged(declared: &str) -> bool {
    let first = declared.split([' ', '(']).next().unwrap_or_default();
    ["real", "double", "double_precision"].iter().any(|name| first.eq_ignore_ascii_case(name))
}

/// The most characters of a column's text.
pub(super) fn longest(call: &Call, field: &Field) -> Option<u32> {
    match &stored(call, field).kind {
        FieldKind::Text { format: TextFormat::Long, .. } => None,
        FieldKind::Text { max, .. } => *max,
        FieldKind::File { max, .. } => Some(*max),
        _ => None,
    }
}

/// Whether a new row must have a value from whoever makes it.
pub(super) fn is_required(resource: &Resource, field: &Field) -> bool {
    field.name != resource.model.primary_key && form::is_required(field)
}

/// The columns of the table, as they are told.
pub(super) fn schema(call: &Call, entry: &Entry, resource: &Resource) -> Vec<Json> {
    let model = &resource.model;
    let told = |field: &Field| {
        let kind = type_of(call, entry, field);
        json!({
            "name": field.column,
            "type": kind.name(),
            "format": kind.format(),
            "nullable": field.null,
            "required": is_required(resource, field),
            "primary_key": field.name == model.primary_key,
            "max_length": longest(call, field),
        })
    };
    // A hidden column is named, as in a record, and neither shown nor set.
    entry.columns.iter().map(|at| told(&model.fields[*at])).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn some_numbers_are_no_numbers_here() {
        for declared in ["REAL", "double", "Double Precision", "REAL(24)"] {
            assert!(is_unjudged(declared), "{declared}");
        }
        for declared in ["", "FLOAT", "float(53)", "NUMERIC(8, 2)"] {
            assert!(!is_unjudged(declared), "{declared}");
        }
    }

    #[test]
    fn mappings_are_read_strictly() {
        let cases = [
            ("", "Input data was truncated"),
            ("[", "Input data was truncated"),
            ("x", "JSON is malformed: invalid character (byte 0)"),
            ("{}", "Expected `array`, got `object`"),
            ("null", "Expected `array`, got `null`"),
            ("[1]", "Expected `object`, got `int` - at `$[0]`"),
            ("[{}]", "Object missing required field `csv_column` - at `$[0]`"),
            (r#"[{"csv_column":"a","model_field":1}]"#, "Expected `str`, got `int` - at `$[0].model_field`"),
            (
                r#"[{"csv_column":"a","model_field":"b","transform":"x"}]"#,
                "Invalid enum value 'x' - at `$[0].transform`",
            ),
        ];
        for (text, words) in cases {
            assert_eq!(read(text), Err(words.to_owned()), "{text}");
        }
        let good = r#"[{"csv_column":"a","model_field":"b","transform":"uppercase","z":1},{"csv_column":"c","model_field":"d","transform":null}]"#;
        let transforms: Vec<Transform> =
            read(good).expect("mappings").iter().map(|mapping| mapping.transform).collect();
        assert_eq!(transforms, [Transform::Uppercase, Transform::None]);
    }
}
