//! The models that there are, and the model that an address names.

use factotum_engine::context::Named;
use factotum_engine::{Context, Origin};
use http::StatusCode;
use serde_json::Value as Json;

use super::catalogue::{Catalogue, Entry};
use super::{Call, error};
use crate::http::{Fault, Reply};

/// `GET models`
pub(super) async fn list(call: Call) -> Result<Reply, Fault> {
    let all: Vec<Json> = catalogue(&call).entries.iter().map(Entry::summary).collect();
    Ok(error::reply(StatusCode::OK, &Json::Array(all)))
}

/// All models as this contract shows them.
pub(super) fn catalogue(call: &Call) -> &Catalogue {
    call.contract.shelf.of(&call.site, &call.contract)
}

/// A context for writing, whose records name model and row as the address does.
///
/// # Errors
/// When the database is away or locked for too long.
pub(super) async fn write(call: &Call, entry: &Entry) -> Result<Context, Fault> {
    Ok(call.site.write(call.who.clone(), origin(call, entry)).await?)
}

/// The same for one row that is soon written.
///
/// # Errors
/// When the database is away or locked for too long.
pub(super) async fn write_briefly(call: &Call, entry: &Entry) -> Result<Context, Fault> {
    Ok(call.site.write_briefly(call.who.clone(), origin(call, entry)).await?)
}

fn origin(call: &Call, entry: &Entry) -> Origin {
    let key = Some(call.param("record").to_owned()).filter(|key| !key.is_empty());
    let named = Some(Named { of: entry.key.clone(), model: call.param("model").to_owned(), key });
    Origin { named, ..call.origin.clone() }
}

/// The model that the address names.
///
/// # Errors
/// That there is none.
pub(super) fn named(call: &Call) -> Result<&Entry, Fault> {
    let name = call.param("model");
    catalogue(call).find(name).ok_or_else(|| error::not_found(&format!("Model '{name}' not found")))
}
