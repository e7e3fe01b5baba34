//! How rows become JSON: each thing that they tell, in the order in which it was declared.

use std::borrow::Cow;

use bigdecimal::BigDecimal;
use factotum_engine::query::Extracted;
use factotum_engine::{Site, Value};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::de::IgnoredAny;

use super::emoji;
use super::layout::{Layout, Made, Part};
use super::links::Links;
use super::settings::{self, Packages, Shown};
use crate::http::{Head, address, json};

/// What a printed row depends on beside itself.
#[derive(Debug)]
pub(super) struct Printing<'a> {
    pub(super) links: Links,
    zone: &'a TimeZone,
    naive: bool,
}

impl<'a> Printing<'a> {
    /// Printing for the answer to a request.
    pub(super) fn new(contract: &Packages, site: &'a Site, head: &Head) -> Printing<'a> {
        Printing { links: Links::of(contract, head), zone: site.zone(), naive: contract.naive_datetimes }
    }

    /// Writes a row.
    pub(super) fn row(&self, out: &mut Vec<u8>, layout: &Layout, row: &Extracted) {
        out.push(b'{');
        for (at, slot) in layout.slots.iter().enumerate() {
            if at > 0 {
                out.push(b',');
            }
            out.extend_from_slice(&slot.key);
            self.made(out, &slot.made, row);
        }
        out.push(b'}');
    }

    fn made(&self, out: &mut Vec<u8>, made: &Made, row: &Extracted) {
        match made {
            Made::Value { at, shown } => self.shown(out, shown, &row.values[*at]),
            Made::Link { at, to } => self.links.row(out, to, &row.values[*at]),
            Made::FirstLink { list, to } => {
                self.links.row(out, to, row.links[*list].first().unwrap_or(&Value::Null));
            }
            Made::Links { list, to } => json::list(out, &row.links[*list], |out, key| self.links.row(out, to, key)),
            Made::Template { by, texts } => json::text(out, &template(*by, texts, row)),
        }
    }

    fn shown(&self, out: &mut Vec<u8>, shown: &Shown, value: &Value) {
        match (shown, value) {
            (Shown::Json, Value::Text(text)) => document(out, text),
            (Shown::List { separator }, Value::Text(text)) => {
                let pieces = text.split(separator.as_str()).map(str::trim).filter(|piece| !piece.is_empty());
                json::list(out, pieces, json::text);
            }
            (Shown::List { .. }, Value::Null) => out.extend_from_slice(b"[]"),
            (Shown::Emoji, Value::Text(text)) => json::text(out, &emoji::expanded(text)),
            _ => self.plain(out, value),
        }
    }

    /// Writes a value by its own type.
    fn plain(&self, out: &mut Vec<u8>, value: &Value) {
        match value {
            Value::Null => out.extend_from_slice(b"null"),
            Value::Bool(truth) => json::truth(out, *truth),
            Value::Int(number) => json::int(out, *number),
            Value::Float(number) => json::float(out, *number),
            Value::Decimal(number) => json::text(out, &BigDecimal::to_plain_string(number)),
            Value::Text(text) => json::text(out, text),
            Value::Date(date) => json::date(out, *date),
            Value::Time(time) => json::time(out, *time),
            Value::DateTime(instant) => self.instant(out, *instant),
            Value::Duration(span) => json::duration(out, *span),
            Value::Uuid(uuid) => json::text(out, &uuid.hyphenated().to_string()),
            Value::Json(document) => json::value(out, document),
            Value::Bytes(bytes) => {
                use base64::Engine as _;
                json::text(out, &base64::engine::general_purpose::STANDARD.encode(bytes));
            }
            Value::Keys(keys) => json::list(out, keys, |out, key| self.plain(out, key)),
        }
    }

    /// Writes an instant; without its offset where the site tells wall clocks.
    fn instant(&self, out: &mut Vec<u8>, instant: Timestamp) {
        if !self.naive {
            return json::instant(out, instant, self.zone);
        }
        let local = self.zone.to_datetime(instant);
        // A wall clock is what an instant in a zone without offset looks like, but for the last letter.
        json::instant_with(out, TimeZone::UTC.to_timestamp(local).unwrap_or(instant), &TimeZone::UTC, b"");
    }
}

/// The text of a template: that of the first value that fits. None where none does, or where a part of it is null.
fn template(by: Option<usize>, texts: &[(String, Vec<Part>)], row: &Extracted) -> String {
    let chosen = match by {
        Some(at) => texts.iter().find(|(known, _)| names(known, &row.values[at])),
        None => texts.first(),
    };
    // An address with a hole would lead to something else.
    let part = |part: &Part| match part {
        Part::Text(text) => Some(text.clone()),
        Part::Column(at) if row.values[*at].is_null() => None,
        Part::Column(at) => Some(address::segment(&row.values[*at].to_string())),
    };
    chosen.and_then(|(_, parts)| parts.iter().map(part).collect::<Option<String>>()).unwrap_or_default()
}

/// Whether a text of a declaration means a value.
fn names(text: &str, value: &Value) -> bool {
    match value {
        Value::Bool(truth) => settings::truth(text) == Some(*truth),
        value => value.to_string() == text,
    }
}

/// Writes a text that is JSON as that; what is none stays a text, and a blank one is null.
fn document(out: &mut Vec<u8>, text: &str) {
    if text.trim().is_empty() {
        return out.extend_from_slice(b"null");
    }
    if serde_json::from_str::<IgnoredAny>(text).is_err() {
        return json::text(out, text);
    }
    out.extend_from_slice(compact(text).as_bytes());
}

/// JSON without blanks between its tokens, and otherwise as it is.
fn compact(text: &str) -> Cow<'_, str> {
    if !text.bytes().any(|byte| byte.is_ascii_whitespace()) {
        return Cow::Borrowed(text);
    }
    let (mut out, mut inside, mut escaped) = (String::with_capacity(text.len()), false, false);
    for letter in text.chars() {
        if inside {
            inside = escaped || letter != '"';
            escaped = letter == '\\' && !escaped;
        } else if letter.is_ascii_whitespace() {
            continue;
        } else {
            inside = letter == '"';
        }
        out.push(letter);
    }
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(text: &str) -> String {
        let mut out = Vec::new();
        document(&mut out, text);
        String::from_utf8(out).expect("JSON is UTF-8")
    }

    #[test]
    fn stored_json_is_told_as_it_is() {
        assert_eq!(written("[1, 2,\n 3]"), "[1,2,3]");
        assert_eq!(written(r#"{"a b": "x, \" y"}"#), r#"{"a b":"x, \" y"}"#);
        assert_eq!((written("null"), written(" ")), ("null".to_owned(), "null".to_owned()));
        assert_eq!(written("[1,"), r#""[1,""#);
    }

    #[test]
    fn a_template_is_chosen_by_a_value() {
        let texts = vec![
            ("a".to_owned(), vec![Part::Text("/a/".to_owned()), Part::Column(1)]),
            ("b".to_owned(), vec![Part::Text("/b/".to_owned())]),
        ];
        let row =
            |kind: &str| Extracted { key: Value::Int(1), values: vec![kind.into(), "x y/z".into()], links: Vec::new() };
        assert_eq!(template(Some(0), &texts, &row("a")), "/a/x%20y%2Fz");
        assert_eq!(template(Some(0), &texts, &row("b")), "/b/");
        assert_eq!(template(Some(0), &texts, &row("c")), "");
        assert_eq!(template(None, &texts[1..], &row("c")), "/b/");
        let gone = Extracted { key: Value::Int(1), values: vec!["a".into(), Value::Null], links: Vec::new() };
        assert_eq!(template(Some(0), &texts, &gone), "", "an address with a hole leads elsewhere");
        let truths = vec![("true".to_owned(), Vec::new()), ("0".to_owned(), vec![Part::Text("/no/".to_owned())])];
        let no = Extracted { key: Value::Int(1), values: vec![Value::Bool(false)], links: Vec::new() };
        assert_eq!(template(Some(0), &truths, &no), "/no/");
    }
}
