//! Bulk writes: deleting a selection, changing it alike, or a list of operations, each in one transaction.

use factotum_engine::error::Result;
use factotum_engine::model::{Flaw, FlawKind, Received};
use factotum_engine::ops;
use factotum_engine::{Error, Raw, Resource, Verb};
use http::StatusCode;
use serde_json::{Map, Value as Json, json};

use super::Call;
use super::payload::members;
use super::records::{reply, resource};
use crate::http::{Fault, Reply};

pub(super) async fn run(call: Call) -> Result<Reply, Fault> {
    let resource = resource(&call)?;
    let body = members(call.content().await?)?;
    match by_action(&call, resource, &body).await {
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
