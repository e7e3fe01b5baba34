//! What Python's own functions make of a text: contracts that were a Python program's follow them.

use factotum_engine::model::read::digit;
use serde_json::Value as Json;

use super::json::float_text;

/// More digits than this are no number to Python.
const MOST_DIGITS: usize = 4_300;

/// The whole number that a text is: blanks around it, a sign and single underscores between digits are allowed, and
/// digits of any script. What lies beyond 64 bits is the nearest number within.
///
/// ```
/// use factotum::http::python::int;
/// assert_eq!((int(" +1_0 "), int("1__0"), int("1.5"), int("")), (Some(10), None, None, None));
/// assert_eq!(int("٤٢"), Some(42));
/// ```
#[must_use]
pub fn int(text: &str) -> Option<i64> {
    let ascii = |letter: char| digit(letter).map_or(letter, |value| char::from(b'0' + value));
    let text = text.trim().chars().map(ascii).collect::<String>();
    let (negative, digits) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(&text)),
    };
    let count = digits.bytes().filter(u8::is_ascii_digit).count();
    let is_number = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    if count > MOST_DIGITS || !digits.split('_').all(is_number) {
        return None;
    }
    let add = |sum: i64, byte: u8| sum.saturating_mul(10).saturating_add(i64::from(byte - b'0'));
    let number = digits.bytes().filter(u8::is_ascii_digit).fold(0, add);
    Some(if negative { -number } else { number })
}

/// A text as Python's `repr` quotes it.
///
/// ```
/// use factotum::http::python::repr;
/// assert_eq!((repr("it's"), repr("a\n")), ("\"it's\"".to_owned(), "'a\\n'".to_owned()));
/// ```
#[must_use]
pub fn repr(text: &str) -> String {
    let quote = if text.contains('\'') && !text.contains('"') { '"' } else { '\'' };
    let mut quoted = String::from(quote);
    for letter in text.chars() {
        match letter {
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            letter if letter == quote => quoted.extend(['\\', letter]),
            '\0'..='\x1f' | '\x7f'..='\u{a0}' | '\u{ad}' => quoted.push_str(&format!("\\x{:02x}", u32::from(letter))),
            '\u{2028}' | '\u{2029}' | '\u{200b}'..='\u{200f}' | '\u{feff}' => {
                quoted.push_str(&format!("\\u{:04x}", u32::from(letter)));
            }
            letter => quoted.push(letter),
        }
    }
    quoted.push(quote);
    quoted
}

/// A JSON value as Python's `str` spells it.
///
/// ```
/// use factotum::http::python::str_of;
/// assert_eq!(str_of(&serde_json::json!({ "a": [true, null, 1.0] })), "{'a': [True, None, 1.0]}");
/// ```
#[must_use]
pub fn str_of(json: &Json) -> String {
    match json {
        Json::String(text) => text.clone(),
        other => repr_of(other),
    }
}

fn repr_of(json: &Json) -> String {
    match json {
        Json::Null => "None".to_owned(),
        Json::Bool(true) => "True".to_owned(),
        Json::Bool(false) => "False".to_owned(),
        Json::Number(number) => match number.as_f64().filter(|_| number.is_f64()) {
            Some(binary) => float_text(binary),
            None => number.to_string(),
        },
        Json::String(text) => repr(text),
        Json::Array(items) => format!("[{}]", items.iter().map(repr_of).collect::<Vec<_>>().join(", ")),
        Json::Object(members) => {
            let member = |(name, value): (&String, &Json)| format!("{}: {}", repr(name), repr_of(value));
            format!("{{{}}}", members.iter().map(member).collect::<Vec<_>>().join(", "))
        }
    }
}

/// A text with its first letter capitalised, as Django's `capfirst` gives it.
#[must_use]
pub fn capfirst(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_python_reads_them() {
        for (text, number) in [("2", 2), ("\t2 ", 2), ("+2", 2), ("-1_000", -1000), ("007", 7)] {
            assert_eq!(int(text), Some(number), "{text}");
        }
        for text in ["", "_1", "1_", "1__0", "- 1", "+-1", "1.0", "1e3", "x", "0x1"] {
            assert_eq!(int(text), None, "{text}");
        }
        assert_eq!(int(&"9".repeat(40)), Some(i64::MAX));
        assert_eq!(int(&"9".repeat(5_000)), None);
    }

    #[test]
    fn texts_are_quoted_as_python_quotes_them() {
        assert_eq!(repr("a'b"), "\"a'b\"");
        assert_eq!(repr("a'b\""), "'a\\'b\"'");
        assert_eq!(repr("\0é"), "'\\x00é'");
    }
}
