//! JSON documents as texts.

use std::fmt::Write as _;

/// A document as Python's `json.dumps` prints it, so that texts written by either are equal.
pub(super) fn print(json: &serde_json::Value) -> String {
    let mut text = String::new();
    push_json(&mut text, json);
    text
}

fn push_json(text: &mut String, json: &serde_json::Value) {
    match json {
        serde_json::Value::Null => text.push_str("null"),
        serde_json::Value::Bool(truth) => text.push_str(if *truth { "true" } else { "false" }),
        serde_json::Value::Number(number) => push_number(text, number),
        serde_json::Value::String(string) => push_string(text, string),
        serde_json::Value::Array(items) => {
            text.push('[');
            for (place, item) in items.iter().enumerate() {
                text.push_str(if place > 0 { ", " } else { "" });
                push_json(text, item);
            }
            text.push(']');
        }
        serde_json::Value::Object(members) => {
            text.push('{');
            for (place, (name, member)) in members.iter().enumerate() {
                text.push_str(if place > 0 { ", " } else { "" });
                push_string(text, name);
                text.push_str(": ");
                push_json(text, member);
            }
            text.push('}');
        }
    }
}

/// Python writes an exponent with its sign and at least two digits: `1e+16`, `1e-05`.
fn push_number(text: &mut String, number: &serde_json::Number) {
    let written = match number.as_f64() {
        Some(float) if number.is_f64() => format!("{float:?}"),
        _ => number.to_string(),
    };
    match written.split_once('e') {
        Some((digits, exponent)) => {
            let (sign, exponent) = exponent.strip_prefix('-').map_or(('+', exponent), |rest| ('-', rest));
            let _ = write!(text, "{digits}e{sign}{exponent:0>2}");
        }
        None => text.push_str(&written),
    }
}

fn push_string(text: &mut String, string: &str) {
    text.push('"');
    for letter in string.chars() {
        match letter {
            '"' => text.push_str("\\\""),
            '\\' => text.push_str("\\\\"),
            '\n' => text.push_str("\\n"),
            '\r' => text.push_str("\\r"),
            '\t' => text.push_str("\\t"),
            '\u{8}' => text.push_str("\\b"),
            '\u{c}' => text.push_str("\\f"),
            ' '..='~' => text.push(letter),
            _ => {
                let mut units = [0; 2];
                for unit in letter.encode_utf16(&mut units) {
                    let _ = write!(text, "\\u{unit:04x}");
                }
            }
        }
    }
    text.push('"');
}
