//! Bodies that differ from model to model: rows as they are printed, forms, filters, bulk writes.

use factotum_engine::form;
use factotum_engine::model::{Field, FieldKind, Model};
use factotum_engine::query::{Op, path};
use factotum_engine::{Principal, Resource, Site};
use serde_json::{Map, Value as Json, json};

use super::super::request::RESERVED;
use super::super::response::{Printing, Shape, Source, document};
use super::super::schema::default_value;
use super::{list, object, optional, titled};
use crate::http::schema;

/// A row with its helpers.
pub(in super::super) fn row(site: &Site, resource: &Resource) -> Json {
    let fields = &resource.model.fields;
    let shape = Shape::of(resource);
    let members = shape.keys().map(|(name, source)| {
        let schema = match source {
            Source::Field(at) => described(&fields[at], printed(site, &fields[at])),
            Source::OwnLabel => json!({ "type": "string", "description": "What the row is called." }),
            Source::RelatedLabel(at) => nullable(&fields[at], json!({ "type": "string" })),
            Source::ChoiceName(at) => choice_name(site, &fields[at]),
        };
        (name, schema)
    });
    titled(&resource.model.key.to_string(), object(members))
}

/// The name of a choice; a value that is none shows as itself.
fn choice_name(site: &Site, field: &Field) -> Json {
    if field.is_text() {
        return nullable(field, json!({ "type": "string" }));
    }
    json!({ "anyOf": [{ "type": "string" }, printed(site, field)] })
}

/// A field's value as this contract prints it. A database may hold values that are no choice: choices are examples.
fn printed(site: &Site, field: &Field) -> Json {
    let mut schema = spelled(site, field);
    if !field.choices.is_empty() {
        schema["examples"] = choices(site, field).into();
    }
    // A file that is not there is null, whatever the column holds; a list of keys is never null.
    match field.kind {
        FieldKind::File { .. } => schema::or_null(schema),
        FieldKind::Many { .. } => schema,
        _ => nullable(field, schema),
    }
}

fn spelled(site: &Site, field: &Field) -> Json {
    let of_pattern = |pattern: &str| json!({ "type": "string", "pattern": pattern });
    match &field.kind {
        FieldKind::Decimal { places: 0, .. } => of_pattern(r"^-?\d+$"),
        FieldKind::Decimal { places, .. } => of_pattern(&format!(r"^-?\d+\.\d{{{places}}}$")),
        FieldKind::Time => of_pattern(r"^\d{2}:\d{2}:\d{2}(\.\d{6})?$"),
        FieldKind::Duration => of_pattern(r"^(-?\d+ )?\d{2}:\d{2}:\d{2}(\.\d{6})?$"),
        FieldKind::File { .. } => json!({ "type": "string", "format": "uri" }),
        FieldKind::One { .. } => spelled_target(site, field),
        FieldKind::Many { .. } => list(spelled_target(site, field)),
        _ => schema::value(site, field),
    }
}

fn spelled_target(site: &Site, field: &Field) -> Json {
    let target = schema::target(site, field);
    if target.target().is_some() { json!({}) } else { spelled(site, target) }
}

fn choices(site: &Site, field: &Field) -> Vec<Json> {
    let printing = Printing::new(site, "");
    field.choices.iter().map(|(value, _)| document(field, value, &printing)).collect()
}

fn nullable(field: &Field, schema: Json) -> Json {
    if field.null { schema::or_null(schema) } else { schema }
}

fn described(field: &Field, mut schema: Json) -> Json {
    schema["description"] = json!(if field.help.is_empty() { &field.title } else { &field.help });
    schema
}

/// What a row's key looks like.
pub(in super::super) fn key(site: &Site, resource: &Resource) -> Json {
    spelled_key(site, &resource.model)
}

fn spelled_key(site: &Site, model: &Model) -> Json {
    let field = model.key_field();
    if field.target().is_some() { spelled_target(site, field) } else { spelled(site, field) }
}

/// A page of rows.
pub(in super::super) fn page(site: &Site, resource: &Resource) -> Json {
    let link = || json!({ "type": ["string", "null"], "format": "uri" });
    let count = json!({ "type": "integer", "minimum": 0 });
    let members = [("count", count), ("next", link()), ("previous", link()), ("results", list(row(site, resource)))];
    titled(&named(resource, "Page"), object(members))
}

fn named(resource: &Resource, part: &str) -> String {
    format!("{}.{part}", resource.model.key)
}

/// Rows to point at.
pub(in super::super) fn found(site: &Site, resource: &Resource) -> Json {
    let row = object([("value", key(site, resource)), ("label", json!({ "type": "string" }))]);
    object([("results", list(row)), ("has_more", json!({ "type": "boolean" }))])
}

/// What a new row is made of.
pub(in super::super) fn create(site: &Site, resource: &Resource) -> Json {
    titled(&named(resource, "Create"), whole(resource, members(site, resource, Media::Json)))
}

/// What a new row is made of, with files.
pub(in super::super) fn create_form(site: &Site, resource: &Resource) -> Json {
    if !has_files(resource) {
        return create(site, resource);
    }
    titled(&named(resource, "CreateForm"), whole(resource, members(site, resource, Media::Multipart)))
}

/// What may be changed of a row.
pub(in super::super) fn update(site: &Site, resource: &Resource) -> Json {
    titled(&named(resource, "Update"), part(resource, members(site, resource, Media::Json)))
}

/// What may be changed of a row, with files.
pub(in super::super) fn update_form(site: &Site, resource: &Resource) -> Json {
    if !has_files(resource) {
        return update(site, resource);
    }
    titled(&named(resource, "UpdateForm"), part(resource, members(site, resource, Media::Multipart)))
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Media {
    Json,
    Multipart,
}

/// The fields that a form may set. What is closed to those who may do everything is closed to all.
fn writable(resource: &Resource) -> impl Iterator<Item = &Field> {
    let anybody = Principal { superuser: true, active: true, staff: true, ..Principal::anonymous() };
    let shown = |field: &&Field| !resource.hides(&field.name);
    form::writable(resource, &anybody, None).into_iter().map(|at| &resource.model.fields[at]).filter(shown)
}

fn has_files(resource: &Resource) -> bool {
    writable(resource).any(|field| matches!(field.kind, FieldKind::File { .. }))
}

fn members(site: &Site, resource: &Resource, media: Media) -> Map<String, Json> {
    writable(resource).map(|field| (field.name.clone(), described(field, taken(site, field, media)))).collect()
}

fn whole(resource: &Resource, members: Map<String, Json>) -> Json {
    let required = writable(resource).filter(|field| form::is_required(field));
    let required: Vec<&str> = required.map(|field| field.name.as_str()).collect();
    let mut schema = json!({ "type": "object", "required": required });
    schema["properties"] = members.into();
    schema
}

fn part(resource: &Resource, mut members: Map<String, Json>) -> Json {
    members.shift_remove(&resource.model.primary_key);
    json!({ "type": "object", "properties": members })
}

/// What a form takes for a field. Other spellings are understood too; these are the ones that are always right.
fn taken(site: &Site, field: &Field, media: Media) -> Json {
    let mut schema = match &field.kind {
        FieldKind::File { .. } if media == Media::Multipart => {
            return json!({ "type": "string", "contentMediaType": "application/octet-stream" });
        }
        FieldKind::File { .. } => return json!({ "type": "null" }),
        _ if !field.choices.is_empty() => {
            let mut values = choices(site, field);
            if field.blank && field.is_text() {
                values.push(json!(""));
            }
            json!({ "enum": values })
        }
        FieldKind::Decimal { .. } => json!({ "type": ["string", "number"] }),
        FieldKind::Duration => json!({ "type": ["string", "number"] }),
        FieldKind::One { .. } => spelled_target(site, field),
        _ => schema::limited(field, schema::value(site, field)),
    };
    if let Some(default) = default_value(field) {
        schema["default"] = default;
    }
    nullable(field, schema)
}

/// The lookups of a filter, with the question that each asks.
const LOOKUPS: [(&str, Op); 9] = [
    ("", Op::Is),
    ("__in", Op::In),
    ("__gte", Op::Gte),
    ("__lte", Op::Lte),
    ("__gt", Op::Gt),
    ("__lt", Op::Lt),
    ("__isnull", Op::IsNull),
    ("__icontains", Op::Contains),
    ("__date", Op::OnDay),
];

/// The filters of a list: its own fields and the declared paths, each with the lookups that fit.
pub(in super::super) fn filters(site: &Site, resource: &Resource) -> Json {
    let own = resource.model.fields.iter().map(|field| field.name.clone());
    let declared = resource.list_filter().into_owned();
    let mut members = Map::new();
    for name in own.chain(declared) {
        let path = path::resolve(site.schema(), &resource.model, &name);
        let Some(path) = path.ok().filter(|_| !resource.hides(&name)) else { continue };
        for (lookup, op) in LOOKUPS.into_iter().filter(|(_, op)| op.fits(path.field())) {
            members.insert(format!("{name}{lookup}"), term(site, path.field(), op));
        }
    }
    members.retain(|name, _| !RESERVED.contains(&name.as_str()));
    titled(&named(resource, "Filters"), json!({ "type": "object", "properties": members }))
}

fn term(site: &Site, field: &Field, op: Op) -> Json {
    match op {
        Op::In => json!({ "type": "string", "description": "Values divided by commas." }),
        Op::IsNull => json!({ "type": "boolean" }),
        Op::OnDay => json!({ "type": "string", "format": "date" }),
        Op::Contains | Op::StartsWith => json!({ "type": "string" }),
        Op::Is | Op::Lt | Op::Lte | Op::Gt | Op::Gte => match field.kind {
            FieldKind::Json | FieldKind::File { .. } => json!({ "type": "string" }),
            _ => {
                let field = schema::target(site, field);
                if field.target().is_some() { json!({}) } else { schema::value(site, field) }
            }
        },
    }
}

/// A bulk write in one of its three forms.
pub(in super::super) fn bulk(site: &Site, resource: &Resource) -> Json {
    let ids = || json!({ "type": "array", "items": key(site, resource), "minItems": 1 });
    let (data, pk) = (update(site, resource), key(site, resource));
    let word = |word: &str| json!({ "const": word });
    let create = object([("op", word("create")), ("data", create(site, resource))]);
    let change = object([("op", word("update")), ("pk", pk.clone()), ("data", data.clone())]);
    let remove = object([("op", word("delete")), ("pk", pk)]);
    let operations = object([("operations", list(json!({ "oneOf": [create, change, remove] })))]);
    let deletion = object([("action", word("delete")), ("ids", ids())]);
    let alike = object([("action", word("update")), ("ids", ids()), ("data", data)]);
    titled(&named(resource, "Bulk"), json!({ "oneOf": [deletion, alike, operations] }))
}

/// What a bulk write answers, by its form.
pub(in super::super) fn bulk_done(site: &Site, resource: &Resource) -> Json {
    let count = || json!({ "type": "integer", "minimum": 0 });
    let op = json!({ "enum": ["create", "update", "delete"] });
    let results = list(object([("op", op), ("pk", key(site, resource))]));
    json!({ "oneOf": [object([("deleted", count())]), object([("updated", count())]), object([("results", results)])] })
}

/// The names of the model's actions.
pub(in super::super) fn action_name(_site: &Site, resource: &Resource) -> Json {
    let names: Vec<&str> = resource.actions.iter().map(|action| action.name.as_str()).collect();
    json!({ "type": "string", "enum": names })
}

/// The rows that an action runs on: some by their keys, or all that a list's parameters match.
pub(in super::super) fn selection(site: &Site, resource: &Resource) -> Json {
    let ids = json!({ "type": "array", "items": key(site, resource), "minItems": 1 });
    let chosen = object([("ids", ids)]);
    let matching = object([("all_filtered", json!({ "const": true }))]);
    json!({ "oneOf": [chosen, optional(matching, [("params", json!({ "type": "object" }))])] })
}
