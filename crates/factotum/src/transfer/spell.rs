//! Values as plain text: what stands in a cell of CSV, and in a text of the other formats.

use factotum_engine::Value;
use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::write::Column;
use crate::http::json;

/// Writes a value as text, without quotes of any kind. Null is nothing, and so is a document that is null.
pub(super) fn spell(out: &mut Vec<u8>, value: &Value, column: &Column, zone: &TimeZone) {
    match value {
        Value::Null | Value::Json(serde_json::Value::Null) => {}
        Value::Bool(truth) => out.extend_from_slice(if *truth { b"True" } else { b"False" }),
        Value::Int(number) => json::int(out, *number),
        Value::Float(number) => out.extend_from_slice(json::float_text(*number).as_bytes()),
        Value::Decimal(number) => out.extend_from_slice(number.to_plain_string().as_bytes()),
        Value::Text(text) => out.extend_from_slice(text.as_bytes()),
        Value::Date(date) => bare(out, |out| json::date(out, *date)),
        Value::Time(time) => bare(out, |out| json::time(out, *time)),
        Value::DateTime(instant) => moment(out, *instant, column.zoned, zone),
        Value::Json(document) => document_text(out, document),
        Value::Bytes(bytes) => out.extend_from_slice(String::from_utf8_lossy(bytes).as_bytes()),
        Value::Duration(span) if column.micros => out.extend_from_slice(span.as_micros().to_string().as_bytes()),
        Value::Duration(_) | Value::Uuid(_) => out.extend_from_slice(value.to_string().as_bytes()),
        Value::Keys(keys) => {
            for (at, key) in keys.iter().enumerate() {
                if at > 0 {
                    out.extend_from_slice(b", ");
                }
                spell(out, key, column, zone);
            }
        }
    }
}

/// Writes an instant as it is called in a zone, with its offset or without.
pub(super) fn moment(out: &mut Vec<u8>, instant: Timestamp, zoned: bool, zone: &TimeZone) {
    if zoned {
        return bare(out, |out| json::instant_with(out, instant, zone, b"+00:00"));
    }
    let local = zone.to_datetime(instant);
    bare(out, |out| json::date(out, local.date()));
    out.push(b'T');
    bare(out, |out| json::time(out, local.time()));
}

/// What a writer of quoted text writes, without its quotes.
fn bare(out: &mut Vec<u8>, write: impl FnOnce(&mut Vec<u8>)) {
    let start = out.len();
    write(out);
    out.pop();
    out.remove(start);
}

/// Writes a JSON document as Python's encoder does: a blank behind commas and colons, only ASCII.
pub(super) fn document_text(out: &mut Vec<u8>, document: &serde_json::Value) {
    use serde_json::Value as Json;
    match document {
        Json::String(text) => quoted(out, text),
        Json::Array(items) => {
            out.push(b'[');
            for (at, item) in items.iter().enumerate() {
                out.extend_from_slice(if at > 0 { b", " } else { b"" });
                document_text(out, item);
            }
            out.push(b']');
        }
        Json::Object(members) => {
            out.push(b'{');
            for (at, (name, member)) in members.iter().enumerate() {
                out.extend_from_slice(if at > 0 { b", " } else { b"" });
                quoted(out, name);
                out.extend_from_slice(b": ");
                document_text(out, member);
            }
            out.push(b'}');
        }
        Json::Null | Json::Bool(_) | Json::Number(_) => json::value(out, document),
    }
}

/// Writes a text with its quotes, in ASCII: other letters by their numbers.
pub(super) fn quoted(out: &mut Vec<u8>, text: &str) {
    if text.is_ascii() {
        return json::text(out, text);
    }
    let mut plain = Vec::with_capacity(text.len() + 16);
    json::text(&mut plain, text);
    for letter in String::from_utf8_lossy(&plain).chars() {
        if letter.is_ascii() {
            out.push(letter as u8);
        } else {
            for unit in letter.encode_utf16(&mut [0; 2]) {
                out.extend_from_slice(format!("\\u{unit:04x}").as_bytes());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spelled(value: &Value, zoned: bool, zone: &str) -> String {
        let column = Column { name: "c".to_owned(), zoned, micros: zoned };
        let mut out = Vec::new();
        spell(&mut out, value, &column, &TimeZone::get(zone).expect("a zone"));
        String::from_utf8(out).expect("text")
    }

    #[test]
    fn values_as_plain_text() {
        let instant = Value::DateTime("2024-01-01T09:00:00.5Z".parse().expect("an instant"));
        let cases = [
            (Value::Null, ""),
            (Value::Json(serde_json::Value::Null), ""),
            (Value::Bool(true), "True"),
            (Value::Decimal("457.90".parse().expect("a decimal")), "457.90"),
            (Value::Float(3.0), "3.0"),
            (Value::Date("2024-01-02".parse().expect("a day")), "2024-01-02"),
            (Value::Time("14:42:00".parse().expect("a time")), "14:42:00"),
            (instant.clone(), "2024-01-01T09:00:00.500000"),
            (
                Value::Json(serde_json::json!({"a": [1, "é😀"], "b": {}})),
                "{\"a\": [1, \"\\u00e9\\ud83d\\ude00\"], \"b\": {}}",
            ),
            (Value::Bytes(vec![b'a', 0xFF]), "a\u{fffd}"),
            (Value::Keys(vec![Value::Int(1), Value::Int(2)]), "1, 2"),
        ];
        for (value, expected) in cases {
            assert_eq!(spelled(&value, false, "UTC"), expected);
        }
        assert_eq!(spelled(&instant, true, "UTC"), "2024-01-01T09:00:00.500000+00:00");
        assert_eq!(spelled(&instant, true, "Europe/Helsinki"), "2024-01-01T11:00:00.500000+02:00");
        assert_eq!(spelled(&instant, false, "Europe/Helsinki"), "2024-01-01T11:00:00.500000");
    }
}
