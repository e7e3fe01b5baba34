//! Python's eyes: what was sent as the original sees it, and how Python spells, trims and counts it.

use serde_json::Value as Json;

use crate::model::Received;
use crate::value::{Raw, Upload};

/// What was sent, without its wrapping.
#[derive(Debug, Clone, Copy)]
pub(super) enum Sent<'a> {
    Null,
    Bool(bool),
    Int(i128),
    Float(f64),
    Text(&'a str),
    List(&'a [Json]),
    Texts(&'a [String]),
    Object(&'a serde_json::Map<String, Json>),
    File(&'a Upload),
}

impl<'a> Sent<'a> {
    pub(super) fn of(raw: &'a Raw) -> Sent<'a> {
        match raw {
            Raw::Text(text) => Sent::Text(text),
            Raw::Texts(texts) => Sent::Texts(texts),
            Raw::Json(json) => Sent::of_json(json),
            Raw::File(upload) => Sent::File(upload),
        }
    }

    pub(super) fn of_json(json: &'a Json) -> Sent<'a> {
        match json {
            Json::Null => Sent::Null,
            Json::Bool(truth) => Sent::Bool(*truth),
            Json::Number(number) => match (number.as_i64(), number.as_u64()) {
                (Some(number), _) => Sent::Int(number.into()),
                (None, Some(number)) => Sent::Int(number.into()),
                (None, None) => Sent::Float(number.as_f64().unwrap_or(f64::INFINITY)),
            },
            Json::String(text) => Sent::Text(text),
            Json::Array(items) => Sent::List(items),
            Json::Object(object) => Sent::Object(object),
        }
    }

    /// The type, for messages that name it.
    pub(super) fn received(self) -> Received {
        match self {
            Sent::Null => Received::Null,
            Sent::Bool(_) => Received::Bool,
            Sent::Int(_) => Received::Int,
            Sent::Float(_) => Received::Float,
            Sent::Text(_) => Received::Text,
            Sent::List(_) | Sent::Texts(_) => Received::List,
            Sent::Object(_) => Received::Object,
            Sent::File(_) => Received::File,
        }
    }

    /// Python's `str()` of it.
    pub(super) fn text(self) -> String {
        match self {
            Sent::Text(text) => text.to_owned(),
            Sent::File(upload) => upload.name.clone(),
            other => other.repr(),
        }
    }

    /// Python's `repr()` of it.
    fn repr(self) -> String {
        match self {
            Sent::Null => "None".to_owned(),
            Sent::Bool(true) => "True".to_owned(),
            Sent::Bool(false) => "False".to_owned(),
            Sent::Int(number) => number.to_string(),
            Sent::Float(number) => float_text(number),
            Sent::Text(text) => quoted(text),
            Sent::List(items) => bracketed(items.iter().map(|item| Sent::of_json(item).repr())),
            Sent::Texts(texts) => bracketed(texts.iter().map(|text| quoted(text))),
            Sent::Object(object) => {
                let pairs = object.iter().map(|(key, item)| format!("{}: {}", quoted(key), Sent::of_json(item).repr()));
                format!("{{{}}}", pairs.collect::<Vec<_>>().join(", "))
            }
            Sent::File(upload) => quoted(&upload.name),
        }
    }
}

fn bracketed(items: impl Iterator<Item = String>) -> String {
    format!("[{}]", items.collect::<Vec<_>>().join(", "))
}

/// Python's `repr()` of a text: single quotes, unless only they occur in it.
fn quoted(text: &str) -> String {
    let quote = if text.contains('\'') && !text.contains('"') { '"' } else { '\'' };
    let mut out = String::from(quote);
    for letter in text.chars() {
        match letter {
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\\' => out.push_str("\\\\"),
            letter if letter == quote => out.extend(['\\', letter]),
            letter if letter.is_control() => out.push_str(&format!("\\x{:02x}", u32::from(letter))),
            letter => out.push(letter),
        }
    }
    out.push(quote);
    out
}

/// Python's text of a float: the shortest digits that read back, an exponent outside `1e-4..1e16`.
pub(super) fn float_text(number: f64) -> String {
    if !number.is_finite() {
        return if number.is_nan() { "nan".to_owned() } else { number.to_string() };
    }
    let scientific = format!("{number:e}");
    let (digits, exponent) = scientific.split_once('e').expect("Rust writes floats with an exponent when asked");
    let exponent: i32 = exponent.parse().expect("the exponent of a float is small");
    if number != 0.0 && !(-4..16).contains(&exponent) {
        return format!("{digits}e{}{:02}", if exponent < 0 { '-' } else { '+' }, exponent.abs());
    }
    format!("{number:?}")
}

/// What Python takes for a blank: Unicode's white space and the four separators of ASCII.
pub(super) fn is_space(letter: char) -> bool {
    letter.is_whitespace() || ('\u{1c}'..='\u{1f}').contains(&letter)
}

/// Python's `str.strip()`.
pub(super) fn strip(text: &str) -> &str {
    text.trim_matches(is_space)
}

/// The value of a decimal digit of any script, as Python's numbers take them.
#[must_use]
pub fn digit(letter: char) -> Option<u8> {
    if letter.is_ascii() {
        return letter.to_digit(10).and_then(|digit| u8::try_from(digit).ok());
    }
    let code = u32::from(letter);
    let zero = ZEROS.iter().rev().find(|&&zero| zero <= code)?;
    u8::try_from(code - zero).ok().filter(|digit| *digit < 10)
}

/// The zeros of Unicode's decimal digits (category Nd); the other nine follow each of them.
const ZEROS: &[u32] = &[
    0x660, 0x6f0, 0x7c0, 0x966, 0x9e6, 0xa66, 0xae6, 0xb66, 0xbe6, 0xc66, 0xce6, 0xd66, 0xde6, 0xe50, 0xed0, 0xf20,
    0x1040, 0x1090, 0x17e0, 0x1810, 0x1946, 0x19d0, 0x1a80, 0x1a90, 0x1b50, 0x1bb0, 0x1c40, 0x1c50, 0xa620, 0xa8d0,
    0xa900, 0xa9d0, 0xa9f0, 0xaa50, 0xabf0, 0xff10, 0x104a0, 0x10d30, 0x11066, 0x110f0, 0x11136, 0x111d0, 0x112f0,
    0x11450, 0x114d0, 0x11650, 0x116c0, 0x11730, 0x118e0, 0x11950, 0x11c50, 0x11d50, 0x11da0, 0x16a60, 0x16ac0,
    0x16b50, 0x1d7ce, 0x1d7d8, 0x1d7e2, 0x1d7ec, 0x1d7f6, 0x1e140, 0x1e2f0, 0x1e950, 0x1fbf0,
];

/// A number's text in ASCII digits: trimmed, digits of other scripts turned, single underscores between digits dropped.
/// `None` if an underscore stands anywhere else or a letter is not ASCII.
pub(super) fn plain_number(text: &str) -> Option<String> {
    let mut out = String::with_capacity(text.len());
    let mut letters = text.trim().chars().peekable();
    let mut after_digit = false;
    while let Some(letter) = letters.next() {
        if let Some(value) = digit(letter) {
            out.push(char::from(b'0' + value));
            after_digit = true;
        } else if letter == '_' {
            if !after_digit || letters.peek().is_none_or(|next| digit(*next).is_none()) {
                return None;
            }
        } else if letter.is_ascii() {
            out.push(letter);
            after_digit = false;
        } else {
            return None;
        }
    }
    Some(out)
}
