//! What was sent, read by declared types: a query string with every problem, a body with its first one.

use http::StatusCode;
use serde_json::{Map, Value as Json, json};

use super::{Call, error};
use crate::http::body;
use crate::http::{Fault, Head};

/// What a member of a body may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Type {
    /// A text.
    Text,
    /// A truth value.
    Truth,
    /// A list.
    List,
    /// A list of texts.
    Texts,
    /// An object.
    Object,
    /// Anything.
    Any,
}

/// A member of a body, declared.
#[derive(Debug, Clone, Copy)]
pub(super) struct Field {
    name: &'static str,
    of: Type,
    null: bool,
    required: bool,
    values: &'static [&'static str],
}

/// A member that must be there.
pub(super) const fn required(name: &'static str, of: Type) -> Field {
    Field { name, of, null: false, required: true, values: &[] }
}

/// A member that has a default.
pub(super) const fn defaulted(name: &'static str, of: Type) -> Field {
    Field { name, of, null: false, required: false, values: &[] }
}

/// A member that may be null or absent.
pub(super) const fn nullable(name: &'static str, of: Type) -> Field {
    Field { name, of, null: true, required: false, values: &[] }
}

impl Field {
    /// The same, with a fixed set of texts.
    pub(super) const fn one_of(mut self, values: &'static [&'static str]) -> Field {
        self.values = values;
        self
    }

    fn takes(&self, value: &Json) -> bool {
        match (self.of, value) {
            (_, Json::Null) => self.null || self.of == Type::Any,
            (Type::Any, _)
            | (Type::Text, Json::String(_))
            | (Type::Truth, Json::Bool(_))
            | (Type::List | Type::Texts, Json::Array(_))
            | (Type::Object, Json::Object(_)) => true,
            _ => false,
        }
    }

    /// What is wrong with this member, which may be missing.
    fn problem(&self, value: Option<&Json>) -> Option<Problem> {
        match value {
            Some(value) => self.complaint(value).map(|message| Problem::of_body(message, self.name)).or_else(|| {
                let (message, key) = self.element(value)?;
                Some(Problem::of_body(message, &key))
            }),
            None if self.required => {
                Some(Problem::of_body(format!("Object missing required field `{}`", self.name), DATA))
            }
            None => None,
        }
    }

    /// What is wrong with an element of a value, under its own name.
    fn element(&self, value: &Json) -> Option<(String, String)> {
        let elements = value.as_array().filter(|_| self.of == Type::Texts)?;
        let at = elements.iter().position(|element| !element.is_string())?;
        Some((format!("Expected `str`, got `{}`", word(&elements[at])), format!("{}[{at}]", self.name)))
    }

    /// What is wrong with a value of this member.
    fn complaint(&self, value: &Json) -> Option<String> {
        if !self.takes(value) {
            let null = if self.null { " | null" } else { "" };
            return Some(format!("Expected `{}{null}`, got `{}`", word_of(self.of), word(value)));
        }
        let text = value.as_str().filter(|text| !self.values.is_empty() && !self.values.contains(text))?;
        Some(format!("Invalid enum value '{text}'"))
    }
}

fn word_of(of: Type) -> &'static str {
    match of {
        Type::Text => "str",
        Type::Truth => "bool",
        Type::List | Type::Texts => "array",
        Type::Object | Type::Any => "object",
    }
}

/// The name of a value's type.
fn word(value: &Json) -> &'static str {
    match value {
        Json::Null => "null",
        Json::Bool(_) => "bool",
        Json::Number(number) if number.is_f64() => "float",
        Json::Number(_) => "int",
        Json::String(_) => "str",
        Json::Array(_) => "array",
        Json::Object(_) => "object",
    }
}

/// A body that is what was declared.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Sent(Map<String, Json>);

impl Sent {
    /// Reads a body: members in the order in which they came, then those that are missing, in the order of their
    /// declaration. Members that nobody declared are passed over.
    ///
    /// # Errors
    /// The first problem, as the reply.
    pub(super) fn read(call: &Call, fields: &[Field]) -> Result<Sent, Fault> {
        let members = members(call)?;
        let declared = |name: &String| fields.iter().find(|field| field.name == name);
        let mut sent = members.iter().filter_map(|(name, value)| declared(name)?.problem(Some(value)));
        let mut missing = fields.iter().filter_map(|field| field.problem(members.get(field.name)));
        match sent.next().or_else(|| missing.next()) {
            Some(problem) => Err(invalid(&call.head, &[problem])),
            None => Ok(Sent(members)),
        }
    }

    /// The same where members are looked at in the order of their declaration.
    ///
    /// # Errors
    /// The first problem, as the reply.
    pub(super) fn read_in_order(call: &Call, fields: &[Field]) -> Result<Sent, Fault> {
        let members = members(call)?;
        let first = fields.iter().find_map(|field| field.problem(members.get(field.name)));
        match first {
            Some(problem) => Err(invalid(&call.head, &[problem])),
            None => Ok(Sent(members)),
        }
    }

    /// A text; empty if it is absent.
    pub(super) fn text(&self, name: &str) -> &str {
        self.0.get(name).and_then(Json::as_str).unwrap_or_default()
    }

    /// A truth value; false if it is absent.
    pub(super) fn truth(&self, name: &str) -> bool {
        self.0.get(name).and_then(Json::as_bool).unwrap_or_default()
    }

    /// A member that is there and not null.
    pub(super) fn told(&self, name: &str) -> Option<&Json> {
        self.0.get(name).filter(|value| !value.is_null())
    }

    /// A list of texts.
    pub(super) fn texts(&self, name: &str) -> Option<Vec<String>> {
        let items = self.told(name)?.as_array()?;
        Some(items.iter().filter_map(Json::as_str).map(str::to_owned).collect())
    }

    /// Takes a list; empty if it is absent.
    pub(super) fn take_list(&mut self, name: &str) -> Vec<Json> {
        match self.0.swap_remove(name) {
            Some(Json::Array(items)) => items,
            _ => Vec::new(),
        }
    }

    /// Takes an object; empty if it is absent.
    pub(super) fn take_object(&mut self, name: &str) -> Map<String, Json> {
        match self.0.swap_remove(name) {
            Some(Json::Object(members)) => members,
            _ => Map::new(),
        }
    }
}

/// The key under which a body as a whole is complained of.
const DATA: &str = "data";

/// The members of a body that must be an object.
///
/// # Errors
/// What is wrong with it, as the reply.
pub(super) fn members(call: &Call) -> Result<Map<String, Json>, Fault> {
    let complain = |message: String| invalid(&call.head, &[Problem::of_body(message, DATA)]);
    if call.body.is_empty() {
        return Err(complain("'data'".to_owned()));
    }
    match body::json(&call.body)? {
        Json::Object(members) => Ok(members),
        other => Err(complain(format!("Expected `object`, got `{}`", word(&other)))),
    }
}

/// One thing that is wrong with what was sent.
struct Problem {
    message: String,
    key: String,
    source: &'static str,
}

impl Problem {
    fn of_body(message: String, key: &str) -> Problem {
        Problem { message, key: key.to_owned(), source: "body" }
    }
}

fn invalid(head: &Head, problems: &[Problem]) -> Fault {
    let path = head.path.strip_suffix('/').unwrap_or(&head.path);
    let query = head.query_text.as_ref().map_or(String::new(), |query| format!("?{query}"));
    let words = format!("Validation failed for {} {path}{query}", head.method);
    let extra: Json = problems
        .iter()
        .map(|problem| json!({ "message": problem.message, "key": problem.key, "source": problem.source }))
        .collect();
    Fault::Said(Box::new(error::detail_with(StatusCode::BAD_REQUEST, &words, &extra)))
}

/// A query string, read parameter by parameter. Of a repeated one the last counts.
pub(super) struct Asked<'h> {
    head: &'h Head,
    problems: Vec<Problem>,
}

impl<'h> Asked<'h> {
    /// Begins to read.
    pub(super) fn of(head: &'h Head) -> Asked<'h> {
        Asked { head, problems: Vec::new() }
    }

    /// A text.
    pub(super) fn text(&self, name: &str) -> Option<&'h str> {
        self.head.asked(name)
    }

    /// A whole number, beyond 64 bits the nearest one.
    pub(super) fn int(&mut self, name: &str, usual: i64) -> i64 {
        let Some(text) = self.text(name) else { return usual };
        whole(text).unwrap_or_else(|| self.complain(name, "Expected `int`, got `str`".to_owned(), usual))
    }

    /// A whole number that may be left out.
    pub(super) fn int_or_none(&mut self, name: &str) -> Option<i64> {
        let text = self.text(name)?;
        let found = whole(text);
        if found.is_none() {
            self.complain(name, "Expected `int | null`, got `str`".to_owned(), ());
        }
        found
    }

    /// A truth value.
    pub(super) fn truth(&mut self, name: &str, usual: bool) -> bool {
        let Some(text) = self.text(name) else { return usual };
        match text.to_ascii_lowercase().as_str() {
            "true" | "1" => true,
            "false" | "0" => false,
            _ => self.complain(name, "Expected `bool`, got `str`".to_owned(), usual),
        }
    }

    /// One of a fixed set of texts; the first one if it is left out.
    pub(super) fn one_of(&mut self, name: &str, values: &[&'static str]) -> &'static str {
        let usual = values.first().copied().unwrap_or_default();
        let Some(text) = self.text(name) else { return usual };
        let found = values.iter().find(|value| **value == text).copied();
        found.unwrap_or_else(|| self.complain(name, format!("Invalid enum value '{text}'"), usual))
    }

    /// Ends the reading.
    ///
    /// # Errors
    /// Every problem, as the reply.
    pub(super) fn finish(self) -> Result<(), Fault> {
        if self.problems.is_empty() { Ok(()) } else { Err(invalid(self.head, &self.problems)) }
    }

    fn complain<T>(&mut self, name: &str, message: String, usual: T) -> T {
        self.problems.push(Problem { message, key: name.to_owned(), source: "query" });
        usual
    }
}

/// A sign, if any, and digits.
fn whole(text: &str) -> Option<i64> {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let beyond = if text.starts_with('-') { i64::MIN } else { i64::MAX };
    Some(text.parse().unwrap_or(beyond))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_numbers_are_a_sign_and_digits() {
        assert_eq!((whole("-5"), whole("+7"), whole("007")), (Some(-5), Some(7), Some(7)));
        assert_eq!((whole("99999999999999999999"), whole("-99999999999999999999")), (Some(i64::MAX), Some(i64::MIN)));
        for text in ["", "-", "1.5", "abc", " 1", "1 ", "１", "0x1", "--1"] {
            assert_eq!(whole(text), None, "{text:?}");
        }
    }

    #[test]
    fn types_are_strict() {
        let check = |field: Field, value: Json, expected: Option<&str>| {
            assert_eq!(field.complaint(&value).as_deref(), expected);
        };
        check(required("email", Type::Text), json!(1), Some("Expected `str`, got `int`"));
        check(required("email", Type::Text), json!(null), Some("Expected `str`, got `null`"));
        check(defaulted("soft_delete", Type::Truth), json!(1), Some("Expected `bool`, got `int`"));
        check(nullable("roles", Type::List), json!("x"), Some("Expected `array | null`, got `str`"));
        check(nullable("roles", Type::List), json!(null), None);
        check(defaulted("params", Type::Object), json!(1.5), Some("Expected `object`, got `float`"));
        check(required("value", Type::Any), json!(null), None);
        let format = defaulted("format", Type::Text).one_of(&["csv", "json"]);
        check(format, json!("xml"), Some("Invalid enum value 'xml'"));
        check(format, json!("csv"), None);
        let texts = nullable("roles", Type::Texts);
        assert_eq!(texts.element(&json!(["a"])), None);
        let problem = ("Expected `str`, got `int`".to_owned(), "roles[1]".to_owned());
        assert_eq!(texts.element(&json!(["a", 1])), Some(problem));
    }
}
