//! What is done to several rows at once: deleted, or whatever the site has declared.

use factotum_engine::{Model, Raw, ops};
use http::StatusCode;
use serde_json::{Value as Json, json};

use super::request::{Sent, Type, defaulted, required};
use super::{Call, error, records, registry};
use crate::http::{Fault, Reply};

/// `POST models/{model}/bulk/delete`
pub(super) async fn delete(call: Call) -> Result<Reply, Fault> {
    let mut sent = Sent::read(&call, &[required("ids", Type::List), defaulted("soft_delete", Type::Truth)])?;
    let ids = ids(&mut sent)?;
    let entry = registry::named(&call)?;
    if !entry.flags.delete {
        let words = format!("Bulk delete is not allowed for model '{}'", call.param("model"));
        return Err(error::said(StatusCode::FORBIDDEN, &words));
    }
    let keys = keys(&call, &entry.resource(&call.site)?.model, &ids);
    let mut cx = registry::write(&call).await?;
    let deleted = match entry.mark.as_deref().filter(|_| sent.truth("soft_delete")) {
        Some(mark) => ops::retire_several(&mut cx, &entry.key, &keys, mark).await?,
        None => ops::bulk_delete(&mut cx, &entry.key, &keys).await?,
    };
    cx.commit().await?;
    Ok(error::reply(StatusCode::OK, &json!({ "deleted": deleted, "success": true })))
}

/// The keys that were sent, of which there must be one.
fn ids(sent: &mut Sent) -> Result<Vec<Json>, Fault> {
    let ids = sent.take_list("ids");
    if ids.is_empty() {
        return Err(error::said(StatusCode::BAD_REQUEST, "IDs array cannot be empty"));
    }
    Ok(ids)
}

/// Those of the keys that a row can have.
fn keys(call: &Call, model: &Model, ids: &[Json]) -> Vec<Raw> {
    let text = |id: &Json| match id {
        Json::String(text) => Some(text.clone()),
        Json::Number(number) => Some(number.to_string()),
        _ => None,
    };
    let key = |id: &Json| records::read_key(call, model, &text(id)?);
    ids.iter().filter_map(key).map(|key| Raw::Text(key.to_string())).collect()
}
