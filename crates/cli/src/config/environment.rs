//! The environment as a layer of configuration: `FACTOTUM__SITE__TIME_ZONE` is `site.time_zone`.

use crate::complaint::{Complaint, Place};

use super::node::{Entry, Kind, Node, Table};

const PREFIX: &str = "FACTOTUM__";
/// A variable of this ending names a file that holds the value.
const IN_FILE: &str = "_FILE";

/// The layer that variables make. `DATABASE_URL` and `PORT`, which hosts set for everybody, lie below our own.
pub(crate) fn layer(variables: impl IntoIterator<Item = (String, String)>, complaints: &mut Vec<Complaint>) -> Table {
    let mut common: Vec<(Vec<String>, Place, String)> = Vec::new();
    let mut own: Vec<(Vec<String>, Place, String)> = Vec::new();
    for (name, value) in variables {
        let (bare, value) = match name.strip_suffix(IN_FILE).filter(|bare| is_ours(bare)) {
            Some(bare) => match std::fs::read_to_string(&value) {
                Ok(text) => (bare.to_owned(), text.trim_end_matches(['\r', '\n']).to_owned()),
                Err(error) => {
                    let place = Place::Environment(name);
                    complaints.push(Complaint::new("C002", &place, format!("cannot read '{value}': {error}")));
                    continue;
                }
            },
            None => (name.clone(), value),
        };
        let place = Place::Environment(name);
        match bare.as_str() {
            "DATABASE_URL" => common.push((vec!["database".to_owned(), "url".to_owned()], place, value)),
            "PORT" => common.push((vec!["server".to_owned(), "port".to_owned()], place, value)),
            _ => {
                let Some(path) = bare.strip_prefix(PREFIX) else { continue };
                own.push((path.split("__").map(str::to_lowercase).collect(), place, value));
            }
        }
    }
    own.sort_by(|one, other| one.0.cmp(&other.0));
    let mut layer = Table::new();
    for (path, place, value) in common.into_iter().chain(own) {
        put(&mut layer, &path, &place, value);
    }
    layer
}

fn is_ours(name: &str) -> bool {
    name == "DATABASE_URL" || name.starts_with(PREFIX)
}

fn put(table: &mut Table, path: &[String], place: &Place, value: String) {
    let [first, rest @ ..] = path else { return };
    let empty = || Entry { key: place.clone(), node: Node { place: place.clone(), kind: Kind::Table(Table::new()) } };
    if rest.is_empty() {
        let node = Node { place: place.clone(), kind: Kind::Text(value) };
        table.insert(first.clone(), Entry { key: place.clone(), node });
    } else if let Kind::Table(inner) = &mut table.entry(first.clone()).or_insert_with(empty).node.kind {
        put(inner, rest, place, value);
    }
}
