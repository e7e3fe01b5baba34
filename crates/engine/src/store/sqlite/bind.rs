//! Values to SQLite, spelled as Django spells them.

use rusqlite::ToSql;
use rusqlite::types::{ToSqlOutput, Value as Owned, ValueRef};

use super::super::statement::{Arg, Cell};
use super::super::text;
use super::json;
use crate::value::{Value, is_late};

/// An argument on its way into a statement.
pub(super) struct Bound<'a>(pub(super) &'a Arg);

impl ToSql for Bound<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        let Arg { value, cell } = self.0;
        Ok(match value {
            Value::Text(text) if matches!(cell, Cell::DateTime | Cell::DateTimePlain) && is_late(text) => {
                ToSqlOutput::Owned(Owned::Text(late(text, *cell)))
            }
            Value::Text(text) => ToSqlOutput::Borrowed(ValueRef::Text(text.as_bytes())),
            Value::Bytes(bytes) => ToSqlOutput::Borrowed(ValueRef::Blob(bytes)),
            value => ToSqlOutput::Owned(owned(value, *cell)),
        })
    }
}

fn owned(value: &Value, cell: Cell) -> Owned {
    match value {
        Value::Null => Owned::Null,
        Value::Bool(truth) => Owned::Integer(i64::from(*truth)),
        Value::Int(number) => Owned::Integer(*number),
        Value::Float(number) => Owned::Real(*number),
        // Text: the column's affinity makes a number of it where the number keeps every digit.
        Value::Decimal(number) => Owned::Text(number.to_plain_string()),
        Value::Text(text) => Owned::Text(text.clone()),
        Value::Date(date) => Owned::Text(date.to_string()),
        Value::Time(time) => Owned::Text(text::time(*time)),
        Value::DateTime(instant) if cell == Cell::DateTimePlain => Owned::Text(iso(*instant)),
        Value::DateTime(instant) => Owned::Text(text::instant(*instant)),
        Value::Duration(span) if cell == Cell::Text => Owned::Text(text::duration(*span)),
        Value::Duration(span) => Owned::Integer(i64::try_from(span.as_micros()).unwrap_or(i64::MAX)),
        Value::Uuid(uuid) if matches!(cell, Cell::UuidText | Cell::Text) => Owned::Text(uuid.to_string()),
        Value::Uuid(uuid) => Owned::Text(uuid.simple().to_string()),
        Value::Json(json) => Owned::Text(json::print(json)),
        Value::Bytes(bytes) => Owned::Blob(bytes.clone()),
        Value::Keys(keys) => Owned::Text(json::print(&list(keys, cell))),
    }
}

/// `2024-01-01T09:00:00[.ffffff]+00:00`.
fn iso(instant: jiff::Timestamp) -> String {
    text::instant(instant).replacen(' ', "T", 1) + "+00:00"
}

/// A moment that is no instant any more, spelled as instants are.
fn late(text: &str, cell: Cell) -> String {
    if cell == Cell::DateTimePlain { format!("{text}+00:00") } else { text.replacen('T', " ", 1) }
}

/// A list as the document that `json_each` takes apart again.
fn list(keys: &[Value], cell: Cell) -> serde_json::Value {
    let one = |key: &Value| match owned(key, cell) {
        Owned::Null | Owned::Blob(_) => serde_json::Value::Null,
        Owned::Integer(number) => number.into(),
        Owned::Real(number) => number.into(),
        Owned::Text(text) => text.into(),
    };
    keys.iter().map(one).collect()
}
