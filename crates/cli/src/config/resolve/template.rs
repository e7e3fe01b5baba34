//! Templates over a row's own fields: columns, parts of panels, addresses.

use factotum::Value;
use factotum::http::markup::escaped;
use factotum::model::{Label, Model, Row};

use super::Workshop;
use crate::complaint::suggestion;
use crate::config::reader::Said;

/// A template over a row's own fields; a relation is the key it holds, and null is nothing.
#[derive(Debug, Clone)]
pub(crate) struct Template {
    label: Label,
    names: Vec<String>,
    /// The field, if the template is nothing but its name.
    alone: Option<String>,
}

impl Template {
    /// Reads a template; names that the model does not have are complained of, and secrets are not had.
    pub(super) fn read(said: &Said, model: &Model, shop: &mut Workshop<'_>) -> Option<Template> {
        let label = match Label::parse(&said.text) {
            Ok(label) => label,
            Err(words) => {
                shop.complain("C012", &said.place, format!("the template cannot be read: {words}"));
                return None;
            }
        };
        let names: Vec<String> = label.names().into_iter().map(str::to_owned).collect();
        let known = |name: &str| model.field(name).is_some_and(|field| field.is_column() && !field.secret);
        for name in names.iter().filter(|name| *name != "pk" && !known(name)) {
            let near = suggestion(name, model.columns().map(|field| field.name.as_str()));
            let words = format!("{} has no column '{name}'{near}; a template sees the row's own columns", model.key);
            shop.complain("C011", &said.place, words);
        }
        let alone = match names.as_slice() {
            [name]
                if said.text.trim().strip_prefix("{{").and_then(|rest| rest.strip_suffix("}}")).map(str::trim)
                    == Some(name) =>
            {
                Some(name.clone())
            }
            _ => None,
        };
        Some(Template { label, names, alone })
    }

    /// What it makes of a row: the value itself if it is nothing but a name, else text; empty text is null.
    pub(super) fn value(&self, row: &Row) -> Value {
        match &self.alone {
            Some(name) => field(row, name).clone(),
            None => some_text(&self.text(row)),
        }
    }

    /// The same as yes or no.
    pub(super) fn truth(&self, row: &Row) -> Value {
        let text = self.text(row);
        Value::Bool(!["", "0", "false", "False", "none", "None"].contains(&text.trim()))
    }

    /// The same as markup: values are escaped, the template itself is not.
    pub(super) fn markup(&self, row: &Row) -> Value {
        some_text(&self.render(row, escaped))
    }

    /// The same as an address. Values are escaped, unless the template begins with one: then it is the address, or
    /// the beginning of one, and only what leads to a page is taken.
    pub(crate) fn address(&self, row: &Row) -> Option<String> {
        if !self.label.source().trim_start().starts_with("{{") {
            return Some(self.render(row, percent_encoded)).filter(|text| !text.is_empty());
        }
        let text = self.text(row);
        let leads = text.starts_with("https://") || text.starts_with("http://");
        (leads || (text.starts_with('/') && !text.starts_with("//"))).then_some(text)
    }

    fn text(&self, row: &Row) -> String {
        self.render(row, str::to_owned)
    }

    fn render(&self, row: &Row, spell: impl Fn(&str) -> String) -> String {
        let value = |name: &String| match field(row, name) {
            Value::Null => Value::from(""),
            plain @ (Value::Bool(_) | Value::Int(_) | Value::Float(_)) => plain.clone(),
            other => Value::from(spell(&other.to_string()).as_str()),
        };
        let values: Vec<Value> = self.names.iter().map(value).collect();
        self.label.render(&values)
    }
}

fn field<'r>(row: &'r Row, name: &str) -> &'r Value {
    if name == "pk" && row.model.field("pk").is_none() { row.key() } else { row.get(name) }
}

fn some_text(text: &str) -> Value {
    if text.is_empty() { Value::Null } else { Value::from(text) }
}

/// A text as one part of an address.
pub(super) fn percent_encoded(text: &str) -> String {
    use std::fmt::Write;
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}
