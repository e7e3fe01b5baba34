//! Writing many rows in one go: all of it happens, or none.

use super::{delete, find};
use crate::audit::{Deed, Entry};
use crate::context::Context;
use crate::error::{Error, Result};
use crate::model::ModelKey;
use crate::permit;
use crate::principal::Verb;
use crate::value::Raw;

/// The most keys or operations in one go.
pub const MOST: u64 = 5_000;

/// Deletes the rows of these keys with all that goes with them; gives how many of them there were. Unknown keys, also
/// those that cannot be read, are passed over. One audit record tells of all.
///
/// # Errors
/// [`Error::TooMany`], [`Error::Forbidden`], [`Error::Protected`], and what a hook or the database says.
pub async fn bulk_delete(cx: &mut Context, model: &ModelKey, keys: &[Raw]) -> Result<u64> {
    limit(keys.len())?;
    let site = cx.site().clone();
    let resource = site.resource(model)?;
    permit::ask(cx, resource, Verb::Delete, None)?;
    let rows = find::several(cx, resource, keys).await?;
    let count = rows.len() as u64;
    let plan = delete::plan_rows(cx, resource, rows).await?;
    let entry = entry(model, Deed::BulkDeleted { keys: texts(keys), rows: count });
    delete::execute(cx, resource, plan, &[entry]).await
}

fn limit(length: usize) -> Result<()> {
    if length as u64 > MOST { Err(Error::TooMany { most: MOST }) } else { Ok(()) }
}

fn entry(model: &ModelKey, deed: Deed) -> Entry {
    Entry { model: model.clone(), key: None, label: String::new(), deed }
}

/// Keys as they were sent.
fn texts(keys: &[Raw]) -> Vec<String> {
    let text = |key: &Raw| match key {
        Raw::Text(text) | Raw::Json(serde_json::Value::String(text)) => text.clone(),
        Raw::Json(json) => json.to_string(),
        Raw::Texts(texts) => texts.join(","),
        Raw::File(upload) => upload.name.clone(),
    };
    keys.iter().map(text).collect()
}
