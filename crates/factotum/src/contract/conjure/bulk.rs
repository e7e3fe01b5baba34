//! Bulk writes: deleting a selection, changing it alike, or a list of operations, each in one transaction.

use factotum_engine::error::Result;
use factotum_engine::model::{Flaw, FlawKind, Received};
use factotum_engine::ops::{self, Operation};
use factotum_engine::{Error, Raw, Resource, Verb};
use http::StatusCode;
use serde_json::{Map, Value as Json, json};

use super::payload::{Extent, members, payload_of};
use super::records::{reply, resource};
use super::response::key_text;
use super::{Call, error};
use crate::http::{Fault, Reply, json as text};

pub(super) async fn run(call: Call) -> Result<Reply, Fault> {
    let resource = resource(&call)?;
    let body = members(call.content().await?)?;
    let done = match body.get("operations") {
        Some(operations) if !operations.is_null() => operate(&call, resource, operations).await,
        _ => by_action(&call, resource, &body).await,
    };
    match done {
        Err(Fault::Engine(Error::Forbidden { verb, .. })) => Ok(missing(verb)),
        done => done,
    }
}

/// The refusal of a bulk write, which names the permission.
fn missing(verb: Verb) -> Reply {
    let mut refused = reply(&json!({ "detail": format!("Missing {} permission.", verb.name()) }));
    refused.status = StatusCode::FORBIDDEN;
    refused
}

async fn by_action(call: &Call, resource: &Resource, body: &Map<String, Json>) -> Result<Reply, Fault> {
    let ids = ids(body)?;
    let action = match body.get("action") {
        Some(Json::String(action)) => action.as_str(),
        _ => "",
    };
    match action {
        "delete" => delete(call, resource, &ids).await,
        "update" => update(call, resource, &ids, body.get("data")).await,
        _ => Err(Error::flaw("action", Flaw::custom("Unsupported action (delete|update).")).into()),
    }
}

/// The keys of a selection as they were sent.
pub(super) fn ids(body: &Map<String, Json>) -> Result<Vec<Raw>> {
    let nothing = || Error::flaw("ids", Flaw::custom("No target ids."));
    match body.get("ids") {
        None | Some(Json::Null) => Err(nothing()),
        Some(Json::Array(ids)) if ids.is_empty() => Err(nothing()),
        Some(Json::Array(ids)) => Ok(ids.iter().cloned().map(Raw::Json).collect()),
        Some(Json::String(text)) if text.is_empty() => Err(nothing()),
        Some(other) => Err(Error::flaw("ids", FlawKind::NotList { received: Received::of(other) })),
    }
}

async fn delete(call: &Call, resource: &Resource, ids: &[Raw]) -> Result<Reply, Fault> {
    let mut cx = call.write().await?;
    let deleted = ops::bulk_delete(&mut cx, &resource.model.key, ids).await?;
    cx.commit().await?;
    Ok(reply(&json!({ "deleted": deleted })))
}

async fn update(call: &Call, resource: &Resource, ids: &[Raw], data: Option<&Json>) -> Result<Reply, Fault> {
    if !resource.admin.allows(&call.who, Verb::Change, resource, None) {
        return Ok(missing(Verb::Change));
    }
    let data = match data {
        None | Some(Json::Null) => Map::new(),
        Some(Json::Object(data)) => data.clone(),
        Some(other) => return Err(Error::flaw("data", error::not_a_dictionary(Received::of(other))).into()),
    };
    let fixed: Vec<&str> =
        data.keys().map(String::as_str).filter(|name| !is_bulk_editable(call, resource, name)).collect();
    if !fixed.is_empty() {
        return Err(Error::flaw("data", Flaw::custom(format!("Non-editable fields: {}", fixed.join(", ")))).into());
    }
    let payload = payload_of(resource, Json::Object(data), Extent::Part)?;
    let mut cx = call.write().await?;
    let updated = ops::bulk_update(&mut cx, &resource.model.key, ids, payload).await?;
    cx.commit().await?;
    Ok(reply(&json!({ "updated": updated })))
}

/// Whether a bulk update may set a field: a column that a form may set, and not the key.
fn is_bulk_editable(call: &Call, resource: &Resource, name: &str) -> bool {
    let model = &resource.model;
    let fixed = resource
        .options
        .readonly_fields
        .iter()
        .chain(&resource.admin.read_only(&call.who, None))
        .any(|known| known == name);
    model.field(name).is_some_and(|field| field.is_column() && field.takes_input() && !field.is_auto())
        && name != model.primary_key
        && !fixed
        && !resource.hides(name)
}

async fn operate(call: &Call, resource: &Resource, operations: &Json) -> Result<Reply, Fault> {
    let Json::Array(operations) = operations else {
        return Err(Error::flaw("operations", Flaw::custom("Expected a list of operations.")).into());
    };
    // Operations before one that cannot be read still run, so that the first fault in order is the one that is told.
    let mut read = Vec::with_capacity(operations.len());
    let mut unread = None;
    for operation in operations {
        match operation_of(resource, operation) {
            Ok(operation) => read.push(operation),
            Err(error) => {
                unread = Some(error);
                break;
            }
        }
    }
    let mut cx = call.write().await?;
    let done = ops::operate(&mut cx, &resource.model.key, read).await?;
    if let Some(error) = unread {
        return Err(error.into());
    }
    cx.commit().await?;
    let mut out = b"{\"results\":".to_vec();
    text::list(&mut out, &done, |out, operated| {
        out.extend_from_slice(b"{\"op\":");
        text::text(out, word(operated.op));
        out.extend_from_slice(b",\"pk\":");
        key_text(out, &operated.key);
        out.push(b'}');
    });
    out.push(b'}');
    Ok(Reply::json(StatusCode::OK, out))
}

/// The contract's word for an operation.
fn word(verb: Verb) -> &'static str {
    match verb {
        Verb::View => "view",
        Verb::Add => "create",
        Verb::Change => "update",
        Verb::Delete => "delete",
    }
}

fn operation_of(resource: &Resource, operation: &Json) -> Result<Operation> {
    let Json::Object(operation) = operation else {
        return Err(Error::flaw("operations", Flaw::custom("Expected a list of operations.")));
    };
    let data = || operation.get("data").cloned().unwrap_or_else(|| json!({}));
    let key = || match operation.get("pk") {
        None | Some(Json::Null) => Err(Error::NotFound(factotum_engine::error::Missing::Row)),
        Some(key) => Ok(Raw::Json(key.clone())),
    };
    match operation.get("op") {
        Some(Json::String(op)) if op == "create" => Ok(Operation::Create(payload_of(resource, data(), Extent::Whole)?)),
        Some(Json::String(op)) if op == "update" => {
            Ok(Operation::Update { key: key()?, payload: payload_of(resource, data(), Extent::Part)? })
        }
        Some(Json::String(op)) if op == "delete" => Ok(Operation::Delete { key: key()? }),
        other => {
            let given = other.map_or_else(|| "None".to_owned(), error::python_text);
            Err(Error::flaw("operations", Flaw::custom(format!("Unsupported op: {given}"))))
        }
    }
}
