//! How values become JSON text: cells, keys, and the envelopes of related rows.

use bigdecimal::BigDecimal;
use factotum_engine::admin::Column;
use factotum_engine::{Principal, Resource, Row, Site, Value, Verb};
use jiff::SignedDuration;
use jiff::tz::TimeZone;
use serde_json::{Value as Json, json};

use super::request;
use crate::http::json as text;

/// Writes a value by its own type.
pub(super) fn value(out: &mut Vec<u8>, value: &Value) {
    match value {
        Value::Null => out.extend_from_slice(b"null"),
        Value::Bool(truth) => text::truth(out, *truth),
        Value::Int(number) => text::int(out, *number),
        Value::Float(number) => text::float(out, *number),
        Value::Decimal(number) => match u32::try_from(number.fractional_digit_count()) {
            // So few places never need an exponent.
            Ok(places @ 0..=6) => text::decimal(out, number, places),
            _ => quoted(out, &decimal(number)),
        },
        Value::Text(words) => text::text(out, words),
        Value::Date(date) => text::date(out, *date),
        Value::Time(time) => text::time(out, *time),
        Value::DateTime(instant) => text::instant_with(out, *instant, &TimeZone::UTC, b"+00:00"),
        Value::Duration(span) => quoted(out, &duration(*span)),
        Value::Uuid(uuid) => quoted(out, uuid.hyphenated().encode_lower(&mut uuid::Uuid::encode_buffer())),
        Value::Json(document) => text::value(out, document),
        Value::Bytes(bytes) => {
            use base64::Engine as _;
            quoted(out, &base64::engine::general_purpose::STANDARD.encode(bytes));
        }
        Value::Keys(keys) => text::list(out, keys, self::value),
    }
}

/// Writes a text that needs no escapes.
fn quoted(out: &mut Vec<u8>, words: &str) {
    out.push(b'"');
    out.extend_from_slice(words.as_bytes());
    out.push(b'"');
}

/// A value as a JSON document: for small documents and keys.
pub(super) fn document(of: &Value) -> Json {
    let mut out = Vec::new();
    value(&mut out, of);
    serde_json::from_slice(&out).unwrap_or_default()
}

/// Markup that is safe to show: `{"html": …}`.
pub(super) fn markup(out: &mut Vec<u8>, html: &str) {
    out.extend_from_slice(b"{\"html\":");
    text::text(out, html);
    out.push(b'}');
}

/// Writes what a computed column shows of a row.
pub(super) fn computed(out: &mut Vec<u8>, column: &Column, row: &Row) {
    match column.of(row) {
        Some(Value::Text(html)) if column.markup => markup(out, &html),
        Some(shown) => value(out, &shown),
        None => out.extend_from_slice(b"null"),
    }
}

/// The envelope of a related row; `to` is the JSON text of where it leads, for those who may see it.
pub(super) fn relation(out: &mut Vec<u8>, key: &Value, label: &str, to: Option<&str>) {
    out.extend_from_slice(b"{\"id\":");
    value(out, key);
    out.extend_from_slice(b",\"label\":");
    text::text(out, label);
    if let Some(to) = to {
        out.extend_from_slice(b",\"to\":");
        out.extend_from_slice(to.as_bytes());
    }
    out.push(b'}');
}

/// The JSON text of where a relation leads: nowhere if the model is not registered or somebody may not see it.
pub(super) fn target(site: &Site, who: &Principal, to: &factotum_engine::ModelKey) -> Option<String> {
    let resource = site.resource(to).ok()?;
    request::may(who, resource, Verb::View, None).then(|| address(to))
}

/// The JSON text of a model's address.
pub(super) fn address(key: &factotum_engine::ModelKey) -> String {
    json!({ "app_label": key.app, "model_name": key.lower_name() }).to_string()
}

/// What somebody may do with a model, whatever the row.
pub(super) fn permissions(who: &Principal, resource: &Resource) -> Json {
    let may = |verb| request::may(who, resource, verb, None);
    json!({
        "view": may(Verb::View), "add": may(Verb::Add), "change": may(Verb::Change), "delete": may(Verb::Delete),
    })
}

/// What somebody is told of themselves.
pub(super) fn person(who: &Principal) -> Json {
    let name = Some(who.full_name.trim()).filter(|name| !name.is_empty()).unwrap_or(&who.username);
    json!({
        "id": document(&who.id), "username": who.username, "is_staff": who.staff, "is_superuser": who.superuser,
        "display_name": name,
    })
}

/// A decimal as Python's `str` spells it: with all its digits, scientific only where its exponent says so.
pub(super) fn decimal(number: &BigDecimal) -> String {
    let (digits, scale) = number.as_bigint_and_exponent();
    let count = i64::try_from(digits.magnitude().to_string().len()).unwrap_or(i64::MAX);
    let adjusted = count - 1 - scale;
    if scale >= 0 && adjusted >= -6 {
        return number.to_plain_string();
    }
    let text = digits.magnitude().to_string();
    let (first, rest) = text.split_at(1);
    let sign = if digits < 0.into() { "-" } else { "" };
    let point = if rest.is_empty() { "" } else { "." };
    format!("{sign}{first}{point}{rest}E{adjusted:+}")
}

/// A span of time as Python's `str(timedelta)` spells it.
pub(super) fn duration(span: SignedDuration) -> String {
    const DAY: i128 = 86_400_000_000;
    let micros = span.as_micros();
    let (days, rest) = (micros.div_euclid(DAY), micros.rem_euclid(DAY));
    let (seconds, fraction) = (rest / 1_000_000, rest % 1_000_000);
    let clock = format!("{}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
    let clock = if fraction == 0 { clock } else { format!("{clock}.{fraction:06}") };
    match days {
        0 => clock,
        1 | -1 => format!("{days} day, {clock}"),
        _ => format!("{days} days, {clock}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_are_spelled_as_python_spells_them() {
        let texts = ["457.90", "0", "0.00", "-1.50", "1E+2", "1.5E+3", "1E-7", "0.000001"];
        for text in texts {
            let number = text.parse().expect("a decimal");
            let mut out = Vec::new();
            value(&mut out, &Value::Decimal(BigDecimal::clone(&number)));
            assert_eq!(decimal(&number), text);
            assert_eq!(out, format!("\"{text}\"").into_bytes());
        }
    }

    #[test]
    fn durations_are_spelled_as_python_spells_them() {
        let check = |seconds, nanos, expected: &str| {
            assert_eq!(duration(SignedDuration::new(seconds, nanos)), expected);
        };
        check(365 * 86_400 + 3_600, 0, "365 days, 1:00:00");
        check(86_400, 0, "1 day, 0:00:00");
        check(90, 0, "0:01:30");
        check(-3_600, 0, "-1 day, 23:00:00");
        check(0, 500_000_000, "0:00:00.500000");
    }
}
