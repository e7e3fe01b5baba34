//! How an answer becomes JSON: rows by their columns, written straight from values.

use std::ops::Range;

use bigdecimal::ToPrimitive;
use factotum_engine::model::{Field, FieldKind, Row, Storage};
use factotum_engine::store::Dialect;
use factotum_engine::value::is_late;
use factotum_engine::{Resource, Site, Value};
use jiff::{SignedDuration, Timestamp};
use serde_json::Value as Json;

use super::settings::Litestar;
use super::view::View;
use crate::http::json;

/// The members of a row in which the published front end looks for its key.
const ADDRESSES: [&str; 3] = ["id", "_id", "pk"];

/// How the values of a column are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Print {
    /// Never: null stands for them.
    Hidden,
    /// By their own type, moments without an offset.
    Plain,
    /// By their own type, moments with the offset that the database keeps.
    WithOffset,
    /// Spans of time as numbers of microseconds.
    Microseconds,
}

impl Print {
    /// How the values of a field are printed.
    pub(super) fn of(site: &Site, naive: bool, view: &View, field: &Field) -> Print {
        let keeps_zone = site.store().dialect() == Dialect::Postgres && field.storage == Storage::Native;
        match field.kind {
            FieldKind::DateTime if keeps_zone && !naive => Print::WithOffset,
            FieldKind::Duration if view.microseconds.contains(&field.column) => Print::Microseconds,
            _ => Print::Plain,
        }
    }
}

/// The columns of a row in order, each with its printed name.
#[derive(Debug)]
pub(super) struct Shape {
    /// The names, each with its quotes and a colon.
    names: Vec<u8>,
    slots: Vec<Slot>,
    /// The fields that it takes.
    pub(super) fields: Vec<String>,
}

#[derive(Debug)]
struct Slot {
    name: Range<usize>,
    at: usize,
    print: Print,
}

impl Shape {
    /// The shape of a resource's rows with these columns.
    pub(super) fn of(site: &Site, contract: &Litestar, resource: &Resource, view: &View, columns: &[usize]) -> Shape {
        let model = resource.model.as_ref();
        let mut shape = Shape { names: Vec::new(), slots: Vec::new(), fields: Vec::new() };
        for &at in columns {
            let field = &model.fields[at];
            let print = match resource.hides(&field.name) {
                true => Print::Hidden,
                false => Print::of(site, contract.naive_datetimes, view, field),
            };
            if print != Print::Hidden {
                shape.fields.push(field.name.clone());
            }
            shape.show(&field.column, at, print);
        }
        if contract.for_frontend {
            shape.address(resource);
        }
        shape
    }

    fn show(&mut self, name: &str, at: usize, print: Print) {
        let from = self.names.len();
        json::text(&mut self.names, name);
        self.names.push(b':');
        self.slots.push(Slot { name: from..self.names.len(), at, print });
    }

    /// Shows the key once more as `pk`, where a row has none of the members by which the published front end finds it.
    fn address(&mut self, resource: &Resource) {
        let model = resource.model.as_ref();
        let shown = |slot: &Slot| ADDRESSES.contains(&model.fields[slot.at].column.as_str());
        let at = model.fields.iter().position(|field| field.name == model.primary_key);
        let Some(at) = at.filter(|_| !self.slots.iter().any(shown) && !resource.hides(&model.primary_key)) else {
            return;
        };
        if !self.fields.contains(&model.primary_key) {
            self.fields.push(model.primary_key.clone());
        }
        self.show("pk", at, Print::Plain);
    }

    /// Writes a row.
    pub(super) fn write(&self, out: &mut Vec<u8>, row: &Row) {
        out.push(b'{');
        for (at, slot) in self.slots.iter().enumerate() {
            if at > 0 {
                out.push(b',');
            }
            out.extend_from_slice(&self.names[slot.name.clone()]);
            value(out, &row.values[slot.at], slot.print);
        }
        out.push(b'}');
    }
}

/// Writes a value.
pub(super) fn value(out: &mut Vec<u8>, value: &Value, print: Print) {
    match value {
        _ if print == Print::Hidden => out.extend_from_slice(b"null"),
        Value::Null => out.extend_from_slice(b"null"),
        Value::Bool(truth) => json::truth(out, *truth),
        Value::Int(number) => json::int(out, *number),
        Value::Float(number) => json::float(out, *number),
        Value::Decimal(number) => json::float(out, number.to_f64().unwrap_or_default()),
        Value::Text(text) if print == Print::WithOffset && is_late(text) => json::text(out, &format!("{text}+00:00")),
        Value::Text(text) => json::text(out, text),
        Value::Date(date) => json::date(out, *date),
        Value::Time(time) => json::time(out, *time),
        Value::DateTime(moment) => instant(out, *moment, print == Print::WithOffset),
        Value::Duration(span) if print == Print::Microseconds => json::int(out, microseconds(*span)),
        Value::Duration(span) => json::text(out, &span.to_string()),
        Value::Uuid(uuid) => json::text(out, uuid.hyphenated().encode_lower(&mut uuid::Uuid::encode_buffer())),
        Value::Json(document) => json::value(out, document),
        Value::Bytes(bytes) => json::text(out, &String::from_utf8_lossy(bytes)),
        Value::Keys(keys) => json::list(out, keys, |out, key| self::value(out, key, print)),
    }
}

/// Writes a moment in UTC.
pub(super) fn instant(out: &mut Vec<u8>, moment: Timestamp, with_offset: bool) {
    let offset: &[u8] = if with_offset { b"+00:00" } else { b"" };
    json::instant_with(out, moment, &jiff::tz::TimeZone::UTC, offset);
}

/// A span of time in whole microseconds.
fn microseconds(span: SignedDuration) -> i64 {
    i64::try_from(span.as_micros()).unwrap_or(if span.is_negative() { i64::MIN } else { i64::MAX })
}

/// A value as it is printed, as a JSON document: for records of the audit log.
pub(super) fn document(stored: &Value, print: Print) -> Json {
    let mut text = Vec::new();
    value(&mut text, stored, print);
    serde_json::from_slice(&text).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn printed(value: &Value, print: Print) -> String {
        document(value, print).to_string()
    }

    #[test]
    fn values_are_printed_by_their_type() {
        let decimal = Value::Decimal("20.00".parse().expect("a decimal"));
        assert_eq!(printed(&decimal, Print::Plain), "20.0");
        let moment = Value::DateTime("2024-01-01T09:00:00.5Z".parse().expect("a moment"));
        assert_eq!(printed(&moment, Print::Plain), "\"2024-01-01T09:00:00.500000\"");
        assert_eq!(printed(&moment, Print::WithOffset), "\"2024-01-01T09:00:00.500000+00:00\"");
        let end = Value::from("9999-12-31T23:59:59");
        assert_eq!(printed(&end, Print::Plain), "\"9999-12-31T23:59:59\"");
        assert_eq!(printed(&end, Print::WithOffset), "\"9999-12-31T23:59:59+00:00\"");
        assert_eq!(printed(&Value::Text("secret".to_owned()), Print::Hidden), "null");
        assert_eq!(printed(&Value::Bytes(vec![104, 105, 255]), Print::Plain), "\"hi\u{fffd}\"");
    }

    #[test]
    fn spans_are_iso_or_microseconds() {
        let span = Value::Duration(SignedDuration::from_secs(90));
        assert_eq!(printed(&span, Print::Plain), "\"PT1M30S\"");
        assert_eq!(printed(&span, Print::Microseconds), "90000000");
    }
}
