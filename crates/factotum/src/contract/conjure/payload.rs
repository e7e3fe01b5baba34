//! How a body becomes a form: JSON as it is, forms with the meaning that browsers give to what they leave out.

use factotum_engine::error::Result;
use factotum_engine::form::{Payload, raw_of_form};
use factotum_engine::model::{Flaw, Received};
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
        Body::Empty => IndexMap::new(),
    };
    Ok(Payload { fields, partial: extent == Extent::Part, ..Payload::default() })
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
        let sent = texts.get(&field.name).map(Vec::as_slice);
        let raw = match files.swap_remove(&field.name) {
            Some(file) => Some(Raw::File(file)),
            None => raw_of_form(field, sent, extent == Extent::Part),
        };
        if let Some(raw) = raw {
            fields.insert(field.name.clone(), raw);
        }
    }
    fields
}
