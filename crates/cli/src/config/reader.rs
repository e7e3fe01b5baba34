//! Reads a table key by key; what nobody asked for is an unknown key. Nothing stops at the first fault.

use crate::complaint::{Complaint, Place, suggestion};

use super::node::{Kind, Node, Table};

/// A text and where it was written.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Said {
    pub(crate) text: String,
    pub(crate) place: Place,
}

/// A table that is being read.
pub(crate) struct Reader<'c> {
    name: String,
    place: Place,
    table: Table,
    known: Vec<&'static str>,
    /// Where each known key was written, if it was.
    places: Vec<(&'static str, Place)>,
    complaints: &'c mut Vec<Complaint>,
}

impl<'c> Reader<'c> {
    pub(crate) fn new(name: &str, place: Place, table: Table, complaints: &'c mut Vec<Complaint>) -> Reader<'c> {
        Reader { name: name.to_owned(), place, table, known: Vec::new(), places: Vec::new(), complaints }
    }

    /// The value of a key.
    pub(crate) fn node(&mut self, key: &'static str) -> Option<Node> {
        self.known.push(key);
        let entry = self.table.shift_remove(key)?;
        self.places.push((key, entry.key));
        Some(entry.node)
    }

    /// Where a key was written; the table itself if it was not.
    pub(crate) fn place(&self, key: &str) -> Place {
        self.places
            .iter()
            .find(|(known, _)| *known == key)
            .map_or_else(|| self.place.clone(), |(_, place)| place.clone())
    }

    /// Adds a complaint about a key.
    pub(crate) fn complain(&mut self, code: &'static str, key: &str, words: String) {
        let place = self.place(key);
        self.complaints.push(Complaint::new(code, &place, words));
    }

    /// Adds a complaint about a place.
    pub(crate) fn complain_at(&mut self, code: &'static str, place: &Place, words: String) {
        self.complaints.push(Complaint::new(code, place, words));
    }

    fn wrong(&mut self, key: &str, node: &Node, expected: &str) {
        let name = node.kind.name();
        let words = if expected.starts_with(name) {
            format!("'{}' must be {expected}; something else is in it", self.full(key))
        } else {
            format!("'{}' must be {expected}, not {name}", self.full(key))
        };
        self.complaints.push(Complaint::new("C004", &node.place, words));
    }

    fn full(&self, key: &str) -> String {
        if self.name.is_empty() { key.to_owned() } else { format!("{}.{key}", self.name) }
    }

    fn read<T>(&mut self, key: &'static str, expected: &str, read: impl Fn(&Node) -> Option<T>) -> Option<T> {
        let node = self.node(key)?;
        let value = read(&node);
        if value.is_none() {
            self.wrong(key, &node, expected);
        }
        value
    }

    pub(crate) fn text(&mut self, key: &'static str) -> Option<String> {
        self.said(key).map(|said| said.text)
    }

    pub(crate) fn said(&mut self, key: &'static str) -> Option<Said> {
        self.read(key, "text", said)
    }

    pub(crate) fn truth(&mut self, key: &'static str) -> Option<bool> {
        self.read(key, "true or false", truth)
    }

    pub(crate) fn number(&mut self, key: &'static str) -> Option<u64> {
        self.read(key, "a whole number that is not negative", number)
    }

    /// A small number, such as a length.
    pub(crate) fn size(&mut self, key: &'static str) -> Option<u32> {
        self.read(key, "a whole number that is not negative", |node| {
            number(node).and_then(|size| u32::try_from(size).ok())
        })
    }

    /// A number that may have digits after the point.
    pub(crate) fn decimal(&mut self, key: &'static str) -> Option<f64> {
        self.read(key, "a number", decimal)
    }

    /// Several such numbers.
    pub(crate) fn decimals(&mut self, key: &'static str) -> Option<Vec<f64>> {
        self.read(key, "a list of numbers", |node| {
            let Kind::List(items) = &node.kind else { return None };
            items.iter().map(decimal).collect()
        })
    }

    /// Pairs of such numbers.
    pub(crate) fn pairs(&mut self, key: &'static str) -> Option<Vec<(f64, f64)>> {
        self.read(key, "a list of pairs of numbers", |node| {
            let Kind::List(items) = &node.kind else { return None };
            let pair = |item: &Node| match &item.kind {
                Kind::List(pair) => match pair.as_slice() {
                    [first, second] => decimal(first).zip(decimal(second)),
                    _ => None,
                },
                _ => None,
            };
            items.iter().map(pair).collect()
        })
    }

    pub(crate) fn texts(&mut self, key: &'static str) -> Option<Vec<Said>> {
        self.read(key, "a list of texts", texts)
    }

    /// Lists of texts in a list.
    pub(crate) fn groups(&mut self, key: &'static str) -> Option<Vec<Vec<Said>>> {
        self.read(key, "a list of lists of texts", |node| {
            let Kind::List(groups) = &node.kind else { return None };
            groups.iter().map(texts).collect()
        })
    }

    /// Names in the rows of a form: `["name", ["price", "cost"]]`.
    pub(crate) fn rows(&mut self, key: &'static str) -> Option<Vec<Vec<Said>>> {
        self.read(key, "a list of names, or of lists of names that share a row", |node| {
            let Kind::List(items) = &node.kind else { return None };
            items.iter().map(|item| said(item).map(|name| vec![name]).or_else(|| texts(item))).collect()
        })
    }

    /// A list of texts whose places do not matter.
    pub(crate) fn plain(&mut self, key: &'static str) -> Vec<String> {
        self.texts(key).unwrap_or_default().into_iter().map(|said| said.text).collect()
    }

    pub(crate) fn table(&mut self, key: &'static str) -> Option<Table> {
        self.read(key, "a table", table)
    }

    /// A table inside this one, to be read key by key.
    pub(crate) fn section<T>(&mut self, key: &'static str, read: impl FnOnce(&mut Reader<'_>) -> T) -> Option<T> {
        let table = self.table(key)?;
        let (name, place) = (self.full(key), self.place(key));
        let mut reader = Reader::new(&name, place, table, self.complaints);
        let value = read(&mut reader);
        reader.close();
        Some(value)
    }

    /// The tables of a `[[list]]`, to be read key by key.
    pub(crate) fn sections<T>(&mut self, key: &'static str, read: impl Fn(&mut Reader<'_>) -> T) -> Vec<T> {
        let Some(node) = self.node(key) else { return Vec::new() };
        let Kind::List(list) = node.kind else {
            self.wrong(key, &node, &format!("a list of tables, each under [[{key}]]"));
            return Vec::new();
        };
        let name = self.full(key);
        let mut values = Vec::new();
        for item in list {
            let Kind::Table(table) = item.kind else {
                self.wrong(key, &item, "a list of tables");
                continue;
            };
            let mut reader = Reader::new(&name, item.place, table, self.complaints);
            values.push(read(&mut reader));
            reader.close();
        }
        values
    }

    /// The same, where it matters whether the list was written at all.
    pub(crate) fn sections_if_any<T>(
        &mut self,
        key: &'static str,
        read: impl Fn(&mut Reader<'_>) -> T,
    ) -> Option<Vec<T>> {
        let is_written = self.table.contains_key(key);
        let values = self.sections(key, read);
        is_written.then_some(values)
    }

    /// A list in which a text is the short form of a table.
    pub(crate) fn mixed<T>(
        &mut self,
        key: &'static str,
        short: impl Fn(Said) -> T,
        read: impl Fn(&mut Reader<'_>) -> T,
    ) -> Option<Vec<T>> {
        const EXPECTED: &str = "a list of texts and tables";
        let node = self.node(key)?;
        let Kind::List(items) = &node.kind else {
            self.wrong(key, &node, EXPECTED);
            return None;
        };
        let mut all = Vec::new();
        for item in items {
            match (said(item), &item.kind) {
                (Some(said), _) => all.push(short(said)),
                (None, Kind::Table(table)) => all.push(self.inner(key, item.place.clone(), table.clone(), &read)),
                (None, _) => self.wrong(key, item, EXPECTED),
            }
        }
        Some(all)
    }

    /// A table that was found inside the value of a key, to be read key by key.
    pub(crate) fn inner<T>(
        &mut self,
        key: &str,
        place: Place,
        table: Table,
        read: impl FnOnce(&mut Reader<'_>) -> T,
    ) -> T {
        let mut reader = Reader::new(&self.full(key), place, table, self.complaints);
        let value = read(&mut reader);
        reader.close();
        value
    }

    /// The tables under a table of free names (`[model.field.NAME]`), to be read key by key.
    pub(crate) fn named<T>(&mut self, key: &'static str, read: impl Fn(&str, &mut Reader<'_>) -> T) -> Vec<T> {
        let Some(table) = self.table(key) else { return Vec::new() };
        let mut values = Vec::new();
        for (name, entry) in table {
            let full = format!("{}.{name}", self.full(key));
            let Kind::Table(inner) = entry.node.kind else {
                let words = format!("'{full}' must be a table, not {}", entry.node.kind.name());
                self.complaints.push(Complaint::new("C004", &entry.node.place, words));
                continue;
            };
            let mut reader = Reader::new(&full, entry.key, inner, self.complaints);
            values.push(read(&name, &mut reader));
            reader.close();
        }
        values
    }

    /// Where each key was written.
    pub(crate) fn places(&self) -> Vec<(&'static str, Place)> {
        self.places.clone()
    }

    /// Where the table was written.
    pub(crate) fn own_place(&self) -> Place {
        self.place.clone()
    }

    /// Complains about every key that nobody asked for.
    pub(crate) fn close(self) {
        for (key, entry) in &self.table {
            let inside = if self.name.is_empty() { String::new() } else { format!(" in [{}]", self.name) };
            let near = suggestion(key, self.known.iter().copied());
            let words = format!("unknown key '{key}'{inside}{near}");
            self.complaints.push(Complaint::new("C003", &entry.key, words));
        }
    }
}

pub(crate) fn said(node: &Node) -> Option<Said> {
    let Kind::Text(text) = &node.kind else { return None };
    Some(Said { text: text.clone(), place: node.place.clone() })
}

/// A variable of the environment is text whatever it means.
fn variable(node: &Node) -> Option<&str> {
    match (&node.place, &node.kind) {
        (Place::Environment(_) | Place::Flag(_), Kind::Text(text)) => Some(text.trim()),
        _ => None,
    }
}

fn truth(node: &Node) -> Option<bool> {
    match (variable(node).map(str::to_lowercase).as_deref(), &node.kind) {
        (Some("true" | "1" | "yes" | "on"), _) => Some(true),
        (Some("false" | "0" | "no" | "off"), _) => Some(false),
        (None, Kind::Bool(truth)) => Some(*truth),
        _ => None,
    }
}

fn number(node: &Node) -> Option<u64> {
    match (variable(node), &node.kind) {
        (Some(text), _) => text.parse().ok(),
        (None, Kind::Int(number)) => u64::try_from(*number).ok(),
        _ => None,
    }
}

fn decimal(node: &Node) -> Option<f64> {
    match (variable(node), &node.kind) {
        (Some(text), _) => text.parse().ok().filter(|number: &f64| number.is_finite()),
        (None, Kind::Float(number)) => Some(*number),
        (None, Kind::Int(number)) => Some(*number as f64),
        _ => None,
    }
}

/// A list; in a variable of the environment divided by commas.
pub(crate) fn texts(node: &Node) -> Option<Vec<Said>> {
    if let Some(text) = variable(node) {
        let parts = text.split(',').map(str::trim).filter(|part| !part.is_empty());
        return Some(parts.map(|part| Said { text: part.to_owned(), place: node.place.clone() }).collect());
    }
    let Kind::List(items) = &node.kind else { return None };
    items.iter().map(said).collect()
}

/// A table; in a variable of the environment an inline table of TOML.
fn table(node: &Node) -> Option<Table> {
    if let Some(text) = variable(node) {
        let mut faults = Vec::new();
        let mut parsed = super::node::parse("", &format!("value = {text}"), &mut faults);
        let value = parsed.shift_remove("value").filter(|_| faults.is_empty())?.node;
        return if let Kind::Table(table) = value.kind { Some(table) } else { None };
    }
    if let Kind::Table(table) = &node.kind { Some(table.clone()) } else { None }
}
