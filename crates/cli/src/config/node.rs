//! Configuration as a tree that remembers where everything was written, so that layers can lie on each other.

use std::sync::Arc;

use indexmap::IndexMap;
use toml::de::{DeTable, DeValue};

use crate::complaint::{Complaint, Place};

/// A value and where it was written.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Node {
    pub(crate) place: Place,
    pub(crate) kind: Kind,
}

/// What can be written.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Kind {
    Text(String),
    Int(i64),
    Float(f64),
    Bool(bool),
    List(Vec<Node>),
    Table(Table),
}

/// A table: keys in the order in which they were written, each with its own place.
pub(crate) type Table = IndexMap<String, Entry>;

/// A key's place and its value.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Entry {
    pub(crate) key: Place,
    pub(crate) node: Node,
}

impl Kind {
    /// What it is called in a complaint.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Kind::Text(_) => "text",
            Kind::Int(_) => "a whole number",
            Kind::Float(_) => "a number",
            Kind::Bool(_) => "true or false",
            Kind::List(_) => "a list",
            Kind::Table(_) => "a table",
        }
    }
}

impl Node {
    /// The value as JSON: how defaults, choices and restrictions are handed on.
    pub(crate) fn json(&self) -> serde_json::Value {
        match &self.kind {
            Kind::Text(text) => text.as_str().into(),
            Kind::Int(number) => (*number).into(),
            Kind::Float(number) => (*number).into(),
            Kind::Bool(truth) => (*truth).into(),
            Kind::List(list) => list.iter().map(Node::json).collect(),
            Kind::Table(table) => table
                .iter()
                .map(|(key, entry)| (key.clone(), entry.node.json()))
                .collect::<serde_json::Map<_, _>>()
                .into(),
        }
    }
}

/// Reads TOML. Everything that cannot be read is complained of; the rest is there nevertheless.
pub(crate) fn parse(file: &str, text: &str, complaints: &mut Vec<Complaint>) -> Table {
    let source = Source { file: file.into(), text };
    let (root, errors) = DeTable::parse_recoverable(text);
    for error in &errors {
        let place = source.place(error.span().map_or(0, |span| span.start));
        complaints.push(Complaint::new("C001", &place, error.message().trim().to_owned()));
    }
    source.table(root.get_ref())
}

struct Source<'t> {
    file: Arc<str>,
    text: &'t str,
}

impl Source<'_> {
    fn place(&self, offset: usize) -> Place {
        let before = self.text.get(..offset).unwrap_or(self.text);
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        let line = before.matches('\n').count() + 1;
        Place::File { file: self.file.clone(), line, column: before[line_start..].chars().count() + 1 }
    }

    fn table(&self, table: &DeTable<'_>) -> Table {
        let mut entries: Vec<_> = table.iter().collect();
        entries.sort_by_key(|(key, _)| key.span().start);
        let entry = |(key, value): (&toml::Spanned<_>, &toml::Spanned<DeValue<'_>>)| {
            let name: &std::borrow::Cow<'_, str> = key.get_ref();
            let node = self.node(value.get_ref(), value.span().start);
            (name.to_string(), Entry { key: self.place(key.span().start), node })
        };
        entries.into_iter().map(entry).collect()
    }

    fn node(&self, value: &DeValue<'_>, offset: usize) -> Node {
        let kind = match value {
            DeValue::String(text) => Kind::Text(text.to_string()),
            DeValue::Integer(number) => i64::from_str_radix(&number.as_str().replace('_', ""), number.radix())
                .map_or_else(|_| Kind::Text(number.to_string()), Kind::Int),
            DeValue::Float(number) => {
                number.as_str().replace('_', "").parse().map_or_else(|_| Kind::Text(number.to_string()), Kind::Float)
            }
            DeValue::Boolean(truth) => Kind::Bool(*truth),
            DeValue::Datetime(moment) => Kind::Text(moment.to_string()),
            DeValue::Array(items) => {
                Kind::List(items.iter().map(|item| self.node(item.get_ref(), item.span().start)).collect())
            }
            DeValue::Table(table) => Kind::Table(self.table(table)),
        };
        Node { place: self.place(offset), kind }
    }
}

/// Lays one table over another: tables are merged key by key, `[[model]]` and the like by `name`, the rest is replaced.
pub(crate) fn overlay(under: &mut Table, over: Table) {
    for (key, entry) in over {
        match under.get_mut(&key) {
            Some(known) => overlay_node(known, entry),
            None => {
                under.insert(key, entry);
            }
        }
    }
}

fn overlay_node(known: &mut Entry, entry: Entry) {
    match (&mut known.node.kind, entry.node.kind) {
        (Kind::Table(under), Kind::Table(over)) => {
            overlay(under, over);
            (known.key, known.node.place) = (entry.key, entry.node.place);
        }
        (Kind::List(under), Kind::List(over)) if all_named(under) && all_named(&over) => overlay_named(under, over),
        (_, kind) => *known = Entry { key: entry.key, node: Node { place: entry.node.place, kind } },
    }
}

fn overlay_named(under: &mut Vec<Node>, over: Vec<Node>) {
    for item in over {
        let name = name_of(&item).map(str::to_owned);
        let same = under.iter_mut().find(|known| name_of(known) == name.as_deref());
        match (same.map(|node| (&mut node.kind, &mut node.place)), item) {
            (Some((Kind::Table(under), place)), Node { kind: Kind::Table(over), place: new }) => {
                overlay(under, over);
                *place = new;
            }
            (_, item) => under.push(item),
        }
    }
}

fn all_named(list: &[Node]) -> bool {
    !list.is_empty() && list.iter().all(|node| name_of(node).is_some())
}

fn name_of(node: &Node) -> Option<&str> {
    let Kind::Table(table) = &node.kind else { return None };
    match &table.get("name")?.node.kind {
        Kind::Text(name) => Some(name),
        _ => None,
    }
}
