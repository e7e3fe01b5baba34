//! Several rows changed at once, all of them or none.

use factotum_engine::form::layout::Layout;
use factotum_engine::{Context, Raw, Resource, Verb, ops};
use http::StatusCode;
use serde_json::{Map, Value as Json, json};

use super::payload::Desk;
use super::{Call, error, redact, request};
use crate::http::{Fault, Reply};

/// `PATCH <app>/<model>/bulk/`
pub(super) async fn run(call: Call) -> Result<Reply, Fault> {
    let resource = request::model(&call)?;
    let updates = updates(&call)?;
    let mut cx = call.write().await?;
    let mut refusals = Vec::with_capacity(updates.len());
    for entry in &updates {
        refusals.push(attempt(&call, &mut cx, resource, entry).await?);
    }
    let fine = refusals.iter().all(Option::is_none);
    if fine {
        cx.commit().await?;
    }
    let results: Vec<Json> =
        updates.iter().zip(refusals).map(|(entry, refusal)| result(&key(entry), refusal, fine)).collect();
    let count = results.len();
    let (accepted, rejected) = if fine { (count, 0) } else { (0, count) };
    let summary = json!({ "accepted": accepted, "rejected": rejected });
    Ok(error::reply(StatusCode::OK, &json!({ "results": results, "summary": summary })))
}

/// The entries of the body.
fn updates(call: &Call) -> Result<Vec<Json>, Fault> {
    let Some(Json::Array(updates)) = request::members(call)?.remove("updates") else { return Err(no_list()) };
    if updates.is_empty() {
        return Err(no_list());
    }
    let most = call.contract.max_bulk_updates.unwrap_or(call.contract.max_page_size);
    if most > 0 && updates.len() as u64 > most {
        return Err(error::bad_request(&format!("`updates` exceeds the bulk cap of {most}.")));
    }
    Ok(updates)
}

fn no_list() -> Fault {
    error::bad_request("`updates` must be a non-empty list.")
}

/// The key of an entry as it was sent.
fn key(entry: &Json) -> Json {
    entry.get("pk").cloned().unwrap_or_default()
}

/// What is told of an entry: of one that was fine, too, if all was undone because of others.
fn result(key: &Json, refusal: Option<Json>, fine: bool) -> Json {
    match refusal {
        Some(error) => json!({ "pk": key, "ok": false, "error": error }),
        None if fine => json!({ "pk": key, "ok": true }),
        None => json!({ "pk": key, "ok": false, "rolled_back": true }),
    }
}

/// Carries out one entry, or undoes what it did and gives the error that it is told with. What is wrong with the
/// server ends everything.
async fn attempt(call: &Call, cx: &mut Context, resource: &Resource, entry: &Json) -> Result<Option<Json>, Fault> {
    cx.mark().await?;
    match change(call, cx, resource, entry).await {
        Ok(()) => {
            cx.keep().await?;
            Ok(None)
        }
        Err(fault) => {
            cx.undo().await?;
            let refusal = error::refuse(&call.site, &call.head, &fault);
            if refusal.status.is_server_error() {
                return Err(fault);
            }
            let mut told: Json = serde_json::from_slice(&refusal.body).unwrap_or_default();
            Ok(Some(told["error"].take()))
        }
    }
}

async fn change(call: &Call, cx: &mut Context, resource: &Resource, entry: &Json) -> Result<(), Fault> {
    let Json::Object(entry) = entry else { return Err(error::bad_request("Entry must be an object.")) };
    let key = entry.get("pk").filter(|key| !key.is_null());
    let key = key.ok_or_else(|| error::bad_request("`pk` is required."))?;
    let fields = match entry.get("fields") {
        Some(Json::Object(fields)) if !fields.is_empty() => fields,
        _ => return Err(error::bad_request("`fields` must be a non-empty object.")),
    };
    let row = ops::open(cx, &resource.model.key, &Raw::Json(key.clone()), Verb::Change).await?;
    ask_editable(resource, fields)?;
    let layout = Layout::of(resource, &call.who, Some(&row), redact::WORDS);
    let payload =
        Desk { who: &call.who, resource, layout: &layout, change: true, beside: &[] }.fields(fields.clone())?;
    ops::change(cx, row, payload).await?;
    Ok(())
}

/// Refuses fields that the list does not let anybody change.
fn ask_editable(resource: &Resource, fields: &Map<String, Json>) -> Result<(), Fault> {
    let editable = &resource.options.list_editable;
    let mut strange: Vec<&str> = fields.keys().filter(|name| !editable.contains(name)).map(String::as_str).collect();
    strange.sort_unstable();
    if strange.is_empty() {
        return Ok(());
    }
    Err(error::bad_request(&format!("Field(s) not editable in the list view: {}.", strange.join(", "))))
}
