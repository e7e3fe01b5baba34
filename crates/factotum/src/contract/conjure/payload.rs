//! How a body becomes a form: JSON as it is, forms with the meaning that browsers give to what they leave out.

use factotum_engine::error::Result;
use factotum_engine::form::Payload;
use factotum_engine::model::{Field, FieldKind, Flaw, Received};
use factotum_engine::{Error, FieldErrors, Raw, Resource};
use indexmap::IndexMap;
use serde_json::{Map, Value as Json};

use crate::http::{Body, Form};

/// A form that was sent whole (for a new row), or in part (for a change).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Extent {
    /// What is absent gets its default.
    Whole,
    /// What is absent stays.
    Part,
}

/// The form that a body is; a body that is none is refused as a whole.
pub(super) fn payload(resource: &Resource, body: Body, extent: Extent) -> Result<Payload> {
    let fields = match body {
        Body::Json(json) => known(resource, object(json)?),
        Body::Form(form) => from_form(resource, form, extent),
        Body::Empty => from_form(resource, Form::default(), extent),
    };
    Ok(Payload { fields, partial: extent == Extent::Part })
}

/// The form that a JSON object inside a body is.
pub(super) fn payload_of(resource: &Resource, data: Json, extent: Extent) -> Result<Payload> {
    payload(resource, Body::Json(data), extent)
}

/// The members of a body that must be an object, whatever it came as.
pub(super) fn members(body: Body) -> Result<Map<String, Json>> {
    match body {
        Body::Json(json) => object(json),
        Body::Form(form) => Ok(form.fields.into_iter().map(|(name, text)| (name, Json::String(text))).collect()),
        Body::Empty => Ok(Map::new()),
    }
}

fn object(json: Json) -> Result<Map<String, Json>> {
    match json {
        Json::Object(members) => Ok(members),
        Json::Null => Err(refused(Flaw::custom("No data provided"))),
        other => Err(refused(super::error::not_a_dictionary(Received::of(&other)))),
    }
}

fn refused(flaw: Flaw) -> Error {
    let mut errors = FieldErrors::default();
    errors.add_whole(flaw);
    Error::Invalid(errors)
}

/// Members that are fields; others are ignored, as hidden ones are.
fn known(resource: &Resource, members: Map<String, Json>) -> IndexMap<String, Raw> {
    let is_field = |name: &str| resource.model.field(name).is_some() && !resource.hides(name);
    members.into_iter().filter(|(name, _)| is_field(name)).map(|(name, json)| (name, Raw::Json(json))).collect()
}

fn from_form(resource: &Resource, form: Form, extent: Extent) -> IndexMap<String, Raw> {
    let mut files: IndexMap<_, _> = form.files.into_iter().collect();
    let mut texts: IndexMap<String, Vec<String>> = IndexMap::new();
    for (name, text) in form.fields {
        texts.entry(name).or_default().push(text);
    }
    let mut fields = IndexMap::new();
    for field in resource.model.fields.iter().filter(|field| !resource.hides(&field.name)) {
        let raw = match (files.swap_remove(&field.name), texts.swap_remove(&field.name)) {
            (Some(file), _) => Some(Raw::File(file)),
            (None, Some(texts)) => given(field, texts),
            (None, None) => absent(field, extent),
        };
        if let Some(raw) = raw {
            fields.insert(field.name.clone(), raw);
        }
    }
    fields
}

/// Lets `null` clear a file, as the dashboard sends it, where the file may be left out.
pub(super) fn clear_files(resource: &Resource, payload: &mut Payload) {
    for field in &resource.model.fields {
        let clears = matches!(field.kind, FieldKind::File { .. }) && field.blank;
        if clears && payload.fields.get(&field.name) == Some(&Raw::Json(Json::Null)) {
            payload.fields.insert(field.name.clone(), Raw::Text(String::new()));
        }
    }
}

/// What a field of a form means; an empty text may mean nothing at all.
fn given(field: &Field, mut texts: Vec<String>) -> Option<Raw> {
    if matches!(field.kind, FieldKind::Many { .. }) {
        return Some(Raw::Texts(texts));
    }
    let text = texts.pop()?;
    let keeps_blank = field.is_text() && field.blank;
    if !text.is_empty() || keeps_blank {
        return Some(Raw::Text(text));
    }
    let required = field.initial.is_none() && !field.blank && !field.null;
    if field.null {
        Some(Raw::Json(Json::Null))
    } else if required {
        Some(Raw::Text(text))
    } else {
        None
    }
}

/// What a field means that a form does not have: a browser leaves out a box that is not ticked.
fn absent(field: &Field, extent: Extent) -> Option<Raw> {
    match (extent, &field.kind) {
        (Extent::Part, _) => None,
        (Extent::Whole, FieldKind::Bool) if field.null => Some(Raw::Json(Json::Null)),
        (Extent::Whole, FieldKind::Bool) => Some(Raw::Json(Json::Bool(false))),
        (Extent::Whole, FieldKind::Many { .. }) => Some(Raw::Texts(Vec::new())),
        (Extent::Whole, _) => None,
    }
}
