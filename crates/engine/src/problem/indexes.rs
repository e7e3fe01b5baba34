//! Indexes that pages of large tables would miss: advice, not complaints.

use super::{Desk, Problem};
use crate::model::{Field, FieldKind, Model, Schema};
use crate::query::{SearchPlace, search};
use crate::site::Resource;
use crate::store::Dialect;
use crate::store::sql::{Key, create_index};

/// Every number with what it advises; the reference page is made from it.
pub const ADVICE: &[(&str, &str)] = &[
    ("W001", "no index has the order of a model's list: each page sorts all rows"),
    (
        "W002",
        "no index has the dates of date_hierarchy, alone or behind a field of list_filter: pages count years by reading rows",
    ),
    ("W003", "no index leads with a field of list_filter: filtered pages read all rows"),
    ("W004", "no index finds the beginning of a search field that is searched by its beginning (SQLite)"),
];

/// The indexes that a resource's lists would miss on a large table, each with the statement that makes it. Nothing where
/// the site was not told the facts of its database.
#[must_use]
pub fn advice(schema: &Schema, resource: &Resource, dialect: Dialect) -> Vec<Problem> {
    let model = resource.model.as_ref();
    let mut desk = Desk { owner: &model.key, child: None, problems: Vec::new() };
    if !model.indexes.is_empty() {
        order(&mut desk, resource);
        dates(&mut desk, resource);
        filters(&mut desk, resource);
        beginnings(&mut desk, schema, resource, dialect);
    }
    desk.problems
}

/// An order ends where a column tells all rows apart. One that follows a relation no index can have.
fn order(desk: &mut Desk<'_>, resource: &Resource) {
    let model = &resource.model;
    let mut sorted: Vec<(&Field, bool)> = Vec::new();
    for order in resource.ordering().iter() {
        let Some(field) = model.field(&order.path).filter(|field| is_plain(field)) else { return };
        sorted.push((field, order.descending));
        if field.unique || field.name == model.primary_key {
            break;
        }
    }
    let key = model.key_field();
    let columns: Vec<&str> =
        sorted.iter().map(|(field, _)| field.column.as_str()).take_while(|column| *column != key.column).collect();
    if columns.is_empty() || has(model, &columns) {
        return;
    }
    let keys =
        sorted.iter().map(
            |(field, descends)| {
                if *descends { Key::Descending(&field.column) } else { Key::Ascending(&field.column) }
            },
        );
    let keys: Vec<Key<'_>> = keys.collect();
    desk.complain("W001", "ordering", create_index(&model.table, &keys));
}

fn dates(desk: &mut Desk<'_>, resource: &Resource) {
    if let Some(field) = hierarchy(resource).filter(|field| !has(&resource.model, &[&field.column])) {
        desk.complain("W002", "date_hierarchy", create_index(&resource.model.table, &[Key::Ascending(&field.column)]));
    }
}

/// A filtered page finds its rows by the field; where it counts years, too, it finds these by the date behind the field.
fn filters(desk: &mut Desk<'_>, resource: &Resource) {
    let model = &resource.model;
    let names = resource.options.list_filter.iter().flatten();
    let plain = names.filter_map(|name| model.field(name)).filter(|field| field.is_column() && !field.unique);
    for field in plain {
        let date = hierarchy(resource).filter(|date| date.column != field.column);
        let columns: Vec<&str> = [Some(field), date].into_iter().flatten().map(|field| field.column.as_str()).collect();
        if has(model, &columns) {
            continue;
        }
        let keys: Vec<Key<'_>> = columns.into_iter().map(Key::Ascending).collect();
        let (code, option) = if date.is_some() { ("W002", "date_hierarchy") } else { ("W003", "list_filter") };
        desk.complain(code, option, create_index(&model.table, &keys));
    }
}

/// The date field whose years a list counts.
fn hierarchy(resource: &Resource) -> Option<&Field> {
    let named = resource.options.date_hierarchy.as_deref().and_then(|name| resource.model.field(name));
    named.filter(|field| field.is_column())
}

fn beginnings(desk: &mut Desk<'_>, schema: &Schema, resource: &Resource, dialect: Dialect) {
    if dialect != Dialect::Sqlite {
        return;
    }
    for name in resource.options.search_fields.iter().flatten() {
        let Ok((path, SearchPlace::Start)) = search::field(schema, &resource.model, name) else { continue };
        let own = resource.model.field(&path).filter(|field| matches!(field.kind, FieldKind::Text { .. }));
        if let Some(field) = own.filter(|field| !field.found_by_start) {
            let made = create_index(&resource.model.table, &[Key::AnyCase(&field.column)]);
            desk.complain("W004", "search_fields", made);
        }
    }
}

/// Whether a field is sorted by its own column.
fn is_plain(field: &Field) -> bool {
    field.is_column() && !matches!(field.kind, FieldKind::One { .. })
}

fn has(model: &Model, columns: &[&str]) -> bool {
    let leads = |index: &Vec<String>| index.len() >= columns.len() && index.iter().zip(columns).all(|(a, b)| a == b);
    model.indexes.iter().any(leads)
}
