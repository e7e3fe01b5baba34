//! An expected answer beside the one that came: status, headers, and JSON with masks and unordered arrays.

use serde_json::Value;

use super::browser::Answer;
use super::conversation::Step;

/// Every difference between what a step expects and what it got.
pub(crate) fn faults(step: &Step, answer: &Answer) -> Vec<String> {
    let expect = &step.expect;
    if expect.status != answer.status {
        return vec![format!("status: expected {}, got {} {}", expect.status, answer.status, short(&answer.text()))];
    }
    let mut faults = Vec::new();
    for (name, value) in &expect.headers {
        let got = answer.header(name);
        if !step.mask.contains(&format!("header:{name}")) && got.map(plain_header) != Some(plain_header(value)) {
            faults.push(format!("header {name}: expected {value:?}, got {got:?}"));
        }
    }
    let masked = step.mask.iter().any(|mask| mask == "/");
    if let Some(want) = &expect.json {
        match answer.json() {
            Some(got) => Comparison { step, faults: &mut faults }.walk(want, &got, ""),
            None => faults.push(format!("body: not JSON: {}", short(&answer.text()))),
        }
    } else if let Some(text) = &expect.text
        && !masked
        && text.as_bytes() != answer.body
    {
        faults.push(format!("body: expected {text:?}, got {}", short(&answer.text())));
    } else if expect.sha256.is_some() && !masked && std::str::from_utf8(&answer.body).is_ok() {
        faults.push("body: expected a binary one".into());
    }
    faults
}

struct Comparison<'a> {
    step: &'a Step,
    faults: &'a mut Vec<String>,
}

impl Comparison<'_> {
    fn walk(&mut self, want: &Value, got: &Value, at: &str) {
        if shape(want) != shape(got) {
            return self.differs(want, got, at);
        }
        if says(&self.step.mask, at) {
            return;
        }
        match (want, got) {
            (Value::Object(want), Value::Object(got)) => self.walk_object(want, got, at),
            (Value::Array(want), Value::Array(got)) => self.walk_array(want, got, at),
            (Value::Number(one), Value::Number(other))
                if one.as_f64() == other.as_f64() && one.as_i64() == other.as_i64() => {}
            (Value::Number(one), Value::Number(other))
                if (one.is_f64() || other.is_f64()) && one.as_f64() == other.as_f64() => {}
            _ if want == got => {}
            _ => self.differs(want, got, at),
        }
    }

    fn walk_object(&mut self, want: &serde_json::Map<String, Value>, got: &serde_json::Map<String, Value>, at: &str) {
        for (key, value) in want {
            match got.get(key) {
                Some(other) => self.walk(value, other, &format!("{at}/{key}")),
                None => self.faults.push(format!("{at}/{key}: missing")),
            }
        }
        for (key, value) in got.iter().filter(|(key, _)| !want.contains_key(*key)) {
            self.faults.push(format!("{at}/{key}: unexpected, {}", short(&value.to_string())));
        }
    }

    fn walk_array(&mut self, want: &[Value], got: &[Value], at: &str) {
        if want.len() != got.len() {
            return self.faults.push(format!("{}: expected {} items, got {}", root(at), want.len(), got.len()));
        }
        let (mut want, mut got): (Vec<&Value>, Vec<&Value>) = (want.iter().collect(), got.iter().collect());
        if says(&self.step.unordered, at) {
            want.sort_by_key(|value| value.to_string());
            got.sort_by_key(|value| value.to_string());
        }
        for (index, (one, other)) in want.into_iter().zip(got).enumerate() {
            self.walk(one, other, &format!("{at}/{index}"));
        }
    }

    fn differs(&mut self, want: &Value, got: &Value, at: &str) {
        self.faults.push(format!(
            "{}: expected {}, got {}",
            root(at),
            short(&want.to_string()),
            short(&got.to_string())
        ));
    }
}

/// Whether one of the patterns means this place; `*` stands for anything, also across slashes.
fn says(patterns: &[String], at: &str) -> bool {
    patterns.iter().any(|pattern| matches(pattern.as_bytes(), root(at).as_bytes()))
}

fn matches(pattern: &[u8], text: &[u8]) -> bool {
    match pattern.split_first() {
        None => text.is_empty(),
        Some((b'*', rest)) => (0..=text.len()).any(|skipped| matches(rest, &text[skipped..])),
        Some((byte, rest)) => text.first() == Some(byte) && matches(rest, &text[1..]),
    }
}

fn root(at: &str) -> &str {
    if at.is_empty() { "/" } else { at }
}

fn shape(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "number",
        Value::String(_) => "text",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

fn plain_header(value: &str) -> String {
    value.to_lowercase().replace("; charset=utf-8", "").replace(";charset=utf-8", "")
}

fn short(text: &str) -> String {
    text.chars().take(200).collect()
}
