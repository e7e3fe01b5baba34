//! JSON: an array of objects, in the spacing of Python's encoder within an object and none between them.

use factotum_engine::Value;

use super::spell::{document_text, moment, quoted, spell};
use super::write::{Column, Style};
use crate::http::json;
use jiff::tz::TimeZone;

/// A file in the making.
#[derive(Debug)]
pub(super) struct Json {
    style: Style,
    empty: bool,
    pub(super) out: Vec<u8>,
}

impl Json {
    pub(super) fn new(style: Style) -> Json {
        Json { style, empty: true, out: b"[".to_vec() }
    }

    pub(super) fn row<'v>(&mut self, values: impl Iterator<Item = &'v Value>) {
        if !std::mem::replace(&mut self.empty, false) {
            self.out.push(b',');
        }
        self.out.push(b'{');
        for (at, value) in values.enumerate() {
            let column = &self.style.columns[at];
            if at > 0 {
                self.out.extend_from_slice(b", ");
            }
            quoted(&mut self.out, &column.name);
            self.out.extend_from_slice(b": ");
            write(&mut self.out, value, column, &self.style.zone);
        }
        self.out.push(b'}');
    }

    pub(super) fn finish(mut self) -> Vec<u8> {
        self.out.push(b']');
        self.out
    }
}

/// Writes a value: what JSON has a type for in that, decimals and moments as text.
fn write(out: &mut Vec<u8>, value: &Value, column: &Column, zone: &TimeZone) {
    match value {
        Value::Null => out.extend_from_slice(b"null"),
        Value::Bool(truth) => json::truth(out, *truth),
        Value::Int(number) => json::int(out, *number),
        Value::Float(number) => json::float(out, *number),
        Value::Json(document) => document_text(out, document),
        Value::Date(date) => json::date(out, *date),
        Value::Time(time) => json::time(out, *time),
        Value::Text(text) => quoted(out, text),
        Value::DateTime(instant) => {
            out.push(b'"');
            moment(out, *instant, column.zoned, zone);
            out.push(b'"');
        }
        Value::Keys(keys) => {
            out.push(b'[');
            for (at, key) in keys.iter().enumerate() {
                out.extend_from_slice(if at > 0 { b", " } else { b"" });
                write(out, key, column, zone);
            }
            out.push(b']');
        }
        Value::Duration(_) if column.micros => spell(out, value, column, zone),
        Value::Decimal(_) | Value::Duration(_) | Value::Uuid(_) | Value::Bytes(_) => {
            let mut text = Vec::new();
            spell(&mut text, value, column, zone);
            quoted(out, &String::from_utf8_lossy(&text));
        }
    }
}
