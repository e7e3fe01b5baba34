//! The fields of a collection: values, and links with the way that leads to what is linked.

use std::sync::Arc;

use factotum::contract::packages::{Field, Shown};
use factotum::model::{FieldKind, Model};
use factotum::query::path;

use super::super::Workshop;
use crate::complaint::{Place, suggestion};
use crate::config::node::{Kind, Table};
use crate::config::packages::{CollectionWritten, PackagesSection, PublishedFieldWritten};
use crate::config::reader::Said;

/// A field as it is declared.
pub(super) fn field(
    said: &PublishedFieldWritten,
    model: &Arc<Model>,
    section: &PackagesSection,
    shop: &mut Workshop<'_>,
) -> Option<Field> {
    let name = said.name.text.as_str();
    let from = || said.from.as_ref().map_or(name, |said| said.text.as_str());
    if let Some(to) = said.link.as_ref().or(said.links.as_ref()) {
        with_rows(to, section, shop);
    }
    if let Some(to) = &said.link {
        return Some(Field::link(name, from(), &to.text));
    }
    if let Some(to) = &said.links {
        let path = way(said, to, model, section, shop)?;
        let order: Vec<&str> = said.order.iter().map(|said| said.text.as_str()).collect();
        return Some(Field::links(name, &path, &to.text).ordered(&order));
    }
    for text in said.template.iter().map(|said| (&said.text, &said.place)).chain(texts_of(said)) {
        braces(text, shop);
    }
    match (&said.template, &said.templates, &said.by) {
        (Some(template), ..) => Some(Field::template(name, &template.text)),
        (None, Some(table), Some(by)) => Some(Field::templates(name, &by.text, &templates(table, shop))),
        (None, Some(_), None) => None,
        (None, None, _) => {
            let shown = shown(said, shop);
            text_only(said, from(), model, shop);
            Some(Field::from(name, from()).shown(shown))
        }
    }
}

fn texts_of(said: &PublishedFieldWritten) -> impl Iterator<Item = (&String, &Place)> {
    said.templates.iter().flatten().filter_map(|(_, entry)| match &entry.node.kind {
        Kind::Text(text) => Some((text, &entry.node.place)),
        _ => None,
    })
}

/// Complains of a template in which a name has no end, or none.
fn braces((text, place): (&String, &Place), shop: &mut Workshop<'_>) {
    let mut rest = text.as_str();
    while let Some(at) = rest.find(['{', '}']) {
        let name = rest[at..].strip_prefix('{').and_then(|rest| rest.split_once('}'));
        match name.filter(|(name, _)| !name.is_empty() && !name.contains('{')) {
            Some((_, after)) => rest = after,
            None => {
                let words = format!("the template '{text}' has a brace without the other, or no name between them");
                return shop.complain("C012", place, words);
            }
        }
    }
}

/// Only texts can be cut, or have emoji in them, or be JSON.
fn text_only(said: &PublishedFieldWritten, from: &str, model: &Arc<Model>, shop: &mut Workshop<'_>) {
    let Some(how) = said.how.as_ref().filter(|how| how.text != "value") else { return };
    let Ok(path) = path::resolve(&shop.schema, model, &from.replace('.', "__")) else { return };
    let fits = match path.field().kind {
        FieldKind::Text { .. } => true,
        FieldKind::Json => how.text == "json",
        _ => false,
    };
    if !fits {
        shop.complain("C014", &how.place, format!("'{from}' is no text: it cannot be told as \"{}\"", how.text));
    }
}

/// Rows are linked to where they have addresses: not in a search.
fn with_rows(to: &Said, section: &PackagesSection, shop: &mut Workshop<'_>) {
    super::known_collection(to, section, shop);
    let is_search = |collection: &&CollectionWritten| collection.name.text == to.text && collection.search.is_some();
    if section.collections.iter().any(|collection| is_search(&collection)) {
        shop.complain("C015", &to.place, format!("'{}' is a search: its rows have no addresses", to.text));
    }
}

/// Texts by the values that they are for.
fn templates<'t>(table: &'t Table, shop: &mut Workshop<'_>) -> Vec<(&'t str, &'t str)> {
    let mut texts = Vec::new();
    for (value, entry) in table {
        match &entry.node.kind {
            Kind::Text(text) => texts.push((value.as_str(), text.as_str())),
            _ => shop.complain("C004", &entry.node.place, "a template must be text"),
        }
    }
    texts
}

/// The path to the rows that are linked: said, over a table that was named, or the only one there is.
fn way(
    said: &PublishedFieldWritten,
    to: &Said,
    model: &Arc<Model>,
    section: &PackagesSection,
    shop: &mut Workshop<'_>,
) -> Option<String> {
    match (&said.from, &said.through) {
        (Some(from), _) => Some(from.text.clone()),
        (None, Some(through)) => path_through((through, said.order.as_slice()), to, model, section, shop),
        (None, None) => path_to(&said.name.text, to, model, section, shop),
    }
}

fn shown(said: &PublishedFieldWritten, shop: &mut Workshop<'_>) -> Shown {
    let Some(how) = &said.how else { return Shown::Plain };
    match how.text.as_str() {
        "value" => Shown::Plain,
        "json" => Shown::Json,
        "list" => Shown::List { separator: said.separator.clone().unwrap_or_else(|| ",".to_owned()) },
        "emoji" => Shown::Emoji,
        other => {
            let near = suggestion(other, ["value", "json", "list", "emoji"]);
            let words = format!("'as' must be \"value\", \"json\", \"list\" or \"emoji\", not '{other}'{near}");
            shop.complain("C014", &how.place, words);
            Shown::Plain
        }
    }
}

/// The model of the collection that is linked.
fn linked(to: &Said, section: &PackagesSection, shop: &mut Workshop<'_>) -> Option<Arc<Model>> {
    let written = section.collections.iter().find(|collection| collection.name.text == to.text)?;
    super::model(written, shop)
}

/// The path over the rows of a table that stands between.
fn path_through(
    (through, order): (&Said, &[Said]),
    to: &Said,
    model: &Arc<Model>,
    section: &PackagesSection,
    shop: &mut Workshop<'_>,
) -> Option<String> {
    let joins = |field: &factotum::Field| match &field.kind {
        FieldKind::Many { through: join, .. } => join.table == through.text,
        _ => false,
    };
    if let Some(field) = model.many().find(|field| joins(field)) {
        return Some(over_pairs(field, order, model, shop).unwrap_or_else(|| field.name.clone()));
    }
    let (between, target) = (super::of_table(through, shop)?, linked(to, section, shop)?);
    let here = shop.schema.reverse(&model.key).iter().filter(|reverse| reverse.model.key == between.key);
    let near: Vec<String> = here.map(|reverse| reverse.name.clone()).collect();
    let points = |field: &&factotum::Field| field.is_column() && field.target() == Some(&target.key);
    let far: Vec<String> = between.fields.iter().filter(points).map(|field| field.name.clone()).collect();
    // Where both ends are the same model, the first relation is this end.
    let ends = if target.key == model.key { (2, 2) } else { (1, 1) };
    if (near.len(), far.len()) == ends {
        return Some(format!("{}.{}", near.first()?, far.last()?));
    }
    let words = format!(
        "the table '{}' does not link {} and {} in one way only: say 'from', a path such as \"book.author\"",
        through.text, model.key, target.key
    );
    shop.complain("C015", &through.place, words);
    None
}

/// The path over the rows of a table of pairs, where the order speaks of these: otherwise it is that of the linked rows.
fn over_pairs(field: &factotum::Field, order: &[Said], model: &Model, shop: &Workshop<'_>) -> Option<String> {
    let FieldKind::Many { through, .. } = &field.kind else { return None };
    let here = shop.schema.reverse(&model.key).iter();
    let near =
        here.filter(|near| near.model.table == through.table).find(|near| near.field().column == through.near)?;
    let far = near.model.columns().find(|far| far.column == through.far)?;
    let table = shop.facts.tables.iter().find(|table| table.name == through.table)?;
    let of_pairs = |said: &Said| {
        let path = said.text.trim_start_matches('-').replace('.', "__");
        // A table of pairs may have no number of its own.
        path::resolve(&shop.schema, &near.model, &path)
            .is_ok_and(|path| !path.hops.is_empty() || table.column(&path.field().column).is_some())
    };
    (!order.is_empty() && order.iter().all(of_pairs)).then(|| format!("{}.{}", near.name, far.name))
}

/// The relation of this name, or the only one between two models.
fn path_to(
    name: &str,
    to: &Said,
    model: &Arc<Model>,
    section: &PackagesSection,
    shop: &mut Workshop<'_>,
) -> Option<String> {
    if model.field(name).is_some_and(|field| field.target().is_some()) {
        return Some(name.to_owned());
    }
    let target = linked(to, section, shop)?;
    let own = model.many().filter(|field| field.target() == Some(&target.key)).map(|field| field.name.clone());
    let back = shop.schema.reverse(&model.key).iter().filter(|reverse| reverse.model.key == target.key);
    let mut all: Vec<String> = own.chain(back.map(|reverse| reverse.name.clone())).collect();
    if all.is_empty() {
        all = joined(model, &target, shop);
    }
    if let [only] = all.as_slice() {
        return Some(only.clone());
    }
    let words = format!(
        "it is not clear how {} leads to {}: say 'through', the table between them, or 'from', a path",
        model.key, target.key
    );
    shop.complain("C015", &to.place, words);
    None
}

/// The paths over join tables of which the other model has the relation.
fn joined(model: &Model, target: &Model, shop: &Workshop<'_>) -> Vec<String> {
    let joins = shop.schema.reverse(&model.key).iter().filter(|reverse| reverse.model.auto_made);
    let far = joins.filter_map(|reverse| {
        let far = reverse.model.columns().find(|field| field.target() == Some(&target.key))?;
        Some(format!("{}.{}", reverse.name, far.name))
    });
    far.collect()
}
