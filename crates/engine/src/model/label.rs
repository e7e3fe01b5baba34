//! How a row is called: a template over its fields and those of the rows it points to.

use std::borrow::Borrow;
use std::fmt::{self, Write as _};
use std::sync::Arc;

use minijinja::{Environment, UndefinedBehavior};

use crate::value::Value;

/// How a row is called. Names in the template are fields (`name`), relations (`product`: how that row is called), or
/// paths across relations (`category__name`). Templates of plain names are joined directly; others are rendered.
#[derive(Clone)]
pub struct Label {
    /// The template as written.
    source: String,
    parts: Parts,
}

#[derive(Clone)]
enum Parts {
    Plain(Vec<Part>),
    Template { environment: Arc<Environment<'static>>, names: Vec<String> },
}

/// One part of a plain template.
#[derive(Debug, Clone, PartialEq)]
enum Part {
    Text(String),
    Name(String),
}

const NAME: &str = "label";
/// More than any honest label needs; a template in an endless loop stops here.
const FUEL: u64 = 20_000;

impl Label {
    /// A row is called by its primary key, as Django calls a model without a name of its own: `Tag object (7)`.
    #[must_use]
    pub fn of_key() -> Label {
        Label { source: String::new(), parts: Parts::Plain(Vec::new()) }
    }

    /// Reads a template.
    ///
    /// # Errors
    /// What the template engine says when it cannot be read.
    pub fn parse(source: &str) -> Result<Label, String> {
        let parts = match plain_parts(source) {
            Some(parts) => Parts::Plain(parts),
            None => template(source)?,
        };
        Ok(Label { source: source.to_owned(), parts })
    }

    /// The template as written; empty for the label by key.
    #[must_use]
    pub fn source(&self) -> &str {
        &self.source
    }

    /// Whether rows are called by their key only.
    #[must_use]
    pub fn is_of_key(&self) -> bool {
        self.source.is_empty()
    }

    /// The names that the template uses.
    #[must_use]
    pub fn names(&self) -> Vec<&str> {
        match &self.parts {
            Parts::Plain(parts) => parts
                .iter()
                .filter_map(|part| if let Part::Name(name) = part { Some(name.as_str()) } else { None })
                .collect(),
            Parts::Template { names, .. } => names.iter().map(String::as_str).collect(),
        }
    }

    /// The label, with a value for each name of [`Label::names`] in that order.
    #[must_use]
    pub fn render<V: Borrow<Value>>(&self, values: &[V]) -> String {
        let mut values = values.iter().map(Borrow::borrow);
        match &self.parts {
            Parts::Plain(parts) => {
                let mut label = String::with_capacity(48);
                for part in parts {
                    match part {
                        Part::Text(text) => label.push_str(text),
                        Part::Name(_) => push_text(&mut label, values.next().unwrap_or(&Value::Null)),
                    }
                }
                label
            }
            Parts::Template { environment, names } => {
                let pairs = names.iter().zip(values).map(|(name, value)| (name.clone(), template_value(value)));
                let context = minijinja::Value::from_pairs(pairs);
                let template = environment.get_template(NAME).and_then(|template| template.render(context));
                template.unwrap_or_default()
            }
        }
    }
}

/// Null is written as Python writes it, since most labels come from a Django model.
fn push_text(label: &mut String, value: &Value) {
    match value {
        Value::Null => label.push_str("None"),
        Value::Text(text) => label.push_str(text),
        // A string takes whatever is written to it.
        other => drop(write!(label, "{other}")),
    }
}

fn template_value(value: &Value) -> minijinja::Value {
    match value {
        Value::Null => minijinja::Value::from(()),
        Value::Bool(truth) => minijinja::Value::from(*truth),
        Value::Int(number) => minijinja::Value::from(*number),
        Value::Float(number) => minijinja::Value::from(*number),
        other => minijinja::Value::from(other.to_string()),
    }
}

/// The parts of a template that has only texts and `{{ name }}`; `None` if it has more.
fn plain_parts(source: &str) -> Option<Vec<Part>> {
    if source.contains("{%") || source.contains("{#") {
        return None;
    }
    let mut parts = Vec::new();
    let mut rest = source;
    while let Some((text, after)) = rest.split_once("{{") {
        let (name, after) = after.split_once("}}")?;
        let name = name.trim();
        let is_name = !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
        if !is_name || name.starts_with(|c: char| c.is_ascii_digit()) {
            return None;
        }
        if !text.is_empty() {
            parts.push(Part::Text(text.to_owned()));
        }
        parts.push(Part::Name(name.to_owned()));
        rest = after;
    }
    if !rest.is_empty() {
        parts.push(Part::Text(rest.to_owned()));
    }
    Some(parts)
}

fn template(source: &str) -> Result<Parts, String> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Lenient);
    environment.set_fuel(Some(FUEL));
    environment.add_template_owned(NAME, source.to_owned()).map_err(|error| error.to_string())?;
    let asked = without_slices(source);
    let mut names: Vec<String> = environment
        .template_from_str(&asked)
        .map_err(|error| error.to_string())?
        .undeclared_variables(false)
        .into_iter()
        .collect();
    names.sort();
    Ok(Parts::Template { environment: Arc::new(environment), names })
}

/// The template with a filter in the place of every `[a:b]`: the template engine's list of the names in use leaves out
/// those that are cut. Only good for asking.
fn without_slices(source: &str) -> String {
    let mut out = String::with_capacity(source.len());
    let mut open: Vec<(char, usize, bool)> = Vec::new();
    let mut quote = None;
    for c in source.chars() {
        match (c, open.last_mut()) {
            _ if quote.is_some() => quote = quote.filter(|mark| *mark != c),
            ('"' | '\'', Some(_)) => quote = Some(c),
            ('{', _) | ('[' | '(', Some(_)) => open.push((c, out.len(), false)),
            (':', Some(('[', _, cuts))) => {
                *cuts = true;
                or_zero(&mut out);
                out.push(',');
                continue;
            }
            (']', Some(('[', at, true))) => {
                out.replace_range(*at..=*at, "|cut(");
                or_zero(&mut out);
                out.push(')');
                open.pop();
                continue;
            }
            ('}' | ']' | ')', Some(_)) => drop(open.pop()),
            _ => {}
        }
        out.push(c);
    }
    out
}

/// A number where a slice says none.
fn or_zero(out: &mut String) {
    if out.trim_end().ends_with(['[', '(', ',']) {
        out.push('0');
    }
}

impl fmt::Debug for Label {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Label").field(&self.source).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::Label;
    use crate::value::Value;

    fn check(template: &str, values: &[Value], expected: &str) {
        let label = Label::parse(template).expect("template");
        assert_eq!(label.render(values), expected, "{template}");
    }

    #[test]
    fn plain_templates_are_joined() {
        check("{{ name }} ({{ sku }})", &["Lamp".into(), "LMP-1".into()], "Lamp (LMP-1)");
        check("{{ customer }}", &[Value::Null], "None");
    }

    #[test]
    fn other_templates_are_rendered() {
        check("{{ caption or 'image #' ~ id }}", &["".into(), Value::Int(3)], "image #3");
        check("{{ caption or 'image #' ~ id }}", &["Back".into(), Value::Int(3)], "Back");
        assert!(Label::parse("{{ name").is_err());
    }

    #[test]
    fn names_that_are_cut_are_names() {
        check("{{ text[:4] }}", &["Letter 1".into()], "Lett");
        check("see [1]: {{ text[1:3] }}", &["Letter 1".into()], "see [1]: et");
        check("{{ (a ~ b)[:3] }}{{ c[0] }}", &["x".into(), "yz".into(), "q".into()], "xyzq");
        assert_eq!(Label::parse("{{ text[:n] or ['a'][0] }}").expect("template").names(), ["n", "text"]);
    }
}
