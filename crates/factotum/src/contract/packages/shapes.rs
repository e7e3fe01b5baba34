//! What answers look like, as JSON Schema: for the document.

use std::sync::Arc;

use factotum_engine::Site;
use factotum_engine::model::{Field as Column, FieldKind};
use factotum_engine::query::path;
use serde_json::{Map, Value as Json, json};

use super::settings::{Collection, Field, Packages, Shown, Source, spelled};
use crate::http::{Shape, schema};

/// A sentence.
pub(super) fn detail() -> Json {
    json!({
        "title": "Detail",
        "type": "object",
        "properties": { "detail": { "type": "string" } },
        "required": ["detail"],
    })
}

/// Any JSON object.
pub(super) fn any_object() -> Json {
    json!({ "type": "object" })
}

/// A key in a path.
pub(super) fn key() -> Json {
    json!({ "type": "string", "pattern": "^[^/.]+$" })
}

/// A text.
pub(super) fn text() -> Json {
    json!({ "type": "string" })
}

/// The addresses of all lists.
pub(super) fn index(contract: &Packages) -> Json {
    let names: Vec<&str> = contract.indexed().collect();
    let address = json!({ "type": "string", "format": "uri" });
    let properties: Map<String, Json> = names.iter().map(|name| ((*name).to_owned(), address.clone())).collect();
    json!({ "title": "Index", "type": "object", "properties": properties, "required": names })
}

/// A form that can be asked for by name.
pub(super) fn format(contract: &Packages) -> Json {
    let names: &[&str] = if contract.html { &["json", "api"] } else { &["json"] };
    json!({ "type": "string", "enum": names })
}

/// A number that is taken as nothing where it is none.
pub(super) fn number(least: u64) -> Json {
    json!({ "type": "integer", "minimum": least })
}

/// A row of a collection.
pub(super) fn row(collection: &Arc<Collection>) -> Shape {
    let collection = collection.clone();
    Shape::OfSite(Arc::new(move |site| of_row(site, &collection)))
}

/// A page of a collection; of a search only its rows.
pub(super) fn list(collection: &Arc<Collection>) -> Shape {
    let collection = collection.clone();
    Shape::OfSite(Arc::new(move |site| {
        let rows = json!({ "type": "array", "items": of_row(site, &collection) });
        if collection.search.is_some() {
            return rows;
        }
        let address = json!({ "type": ["string", "null"], "format": "uri" });
        json!({
            "title": format!("{}Page", title(&collection)),
            "type": "object",
            "properties": {
                "count": { "type": "integer", "minimum": 0 }, "next": address, "previous": address, "results": rows,
            },
            "required": ["count", "next", "previous", "results"],
        })
    }))
}

/// The name of a row's schema.
fn title(collection: &Collection) -> String {
    let words = collection.singular.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty());
    words.flat_map(|word| word[..1].to_uppercase().chars().chain(word[1..].chars()).collect::<Vec<_>>()).collect()
}

fn of_row(site: &Site, collection: &Collection) -> Json {
    let properties: Map<String, Json> =
        collection.fields.iter().map(|field| (field.name.clone(), of_field(site, collection, field))).collect();
    let names: Vec<&str> = collection.fields.iter().map(|field| field.name.as_str()).collect();
    json!({ "title": title(collection), "type": "object", "properties": properties, "required": names })
}

fn of_field(site: &Site, collection: &Collection, field: &Field) -> Json {
    let address = json!({ "type": "string", "format": "uri" });
    match &field.source {
        Source::Link { path, .. } => match end(site, collection, path) {
            Some((_, false)) => address,
            _ => schema::or_null(address),
        },
        Source::Links { .. } => json!({ "type": "array", "items": address }),
        Source::Template { .. } => text(),
        Source::Path { shown: Shown::List { .. }, .. } => json!({ "type": "array", "items": text() }),
        Source::Path { shown: Shown::Json, .. } => json!({}),
        Source::Path { path, .. } => match end(site, collection, path) {
            Some((column, null)) => {
                let value = value(site, &column);
                if null { schema::or_null(value) } else { value }
            }
            None => json!({}),
        },
    }
}

fn value(site: &Site, column: &Column) -> Json {
    match &column.kind {
        // Wall clocks without an offset are no times by the format's own rules.
        FieldKind::DateTime | FieldKind::File { .. } => text(),
        _ => schema::value(site, column),
    }
}

/// The column at the end of a path, and whether there may be nothing.
fn end(site: &Site, collection: &Collection, path: &str) -> Option<(Column, bool)> {
    let model = site.schema().model(&collection.model)?;
    let path = path::resolve(site.schema(), model, &spelled(path)).ok()?;
    let null = path.passed.iter().any(|(model, at)| model.fields[*at].null);
    Some((path.field().clone(), null))
}
