//! Rows by key, among those that who asks may know of; locked where something is about to be written.

use super::{fetch, fetch_any, labelled};
use crate::context::Context;
use crate::error::{Error, Missing, Result};
use crate::model::{Record, Row};
use crate::query::{field, plan};
use crate::site::Resource;
use crate::value::{Raw, Value};

/// The row of a key, if who asks may know of it. A key that cannot be read is that of no row. Asks for no verb: that is
/// the caller's duty.
///
/// # Errors
/// [`Error::NotFound`], and what the database says.
pub async fn one(cx: &mut Context, resource: &Resource, key: &Raw) -> Result<Row> {
    let missing = || Error::NotFound(Missing::Row);
    let key = plan::key(cx.site(), &resource.model, key).ok_or_else(missing)?;
    let lock = cx.writes();
    fetch(cx, resource, field("pk").is(key), lock).await?.pop().ok_or_else(missing)
}

/// The rows of these keys that who asks may know of, in the order of their keys. Unknown keys and those that cannot be
/// read are left out. Asks for no verb: that is the caller's duty.
///
/// # Errors
/// What the database says.
pub async fn several(cx: &mut Context, resource: &Resource, keys: &[Raw]) -> Result<Vec<Row>> {
    let keys: Vec<Value> = keys.iter().filter_map(|key| plan::key(cx.site(), &resource.model, key)).collect();
    let lock = cx.writes();
    fetch(cx, resource, field("pk").is_in(keys), lock).await
}

/// A row that was just written, with its names. It may be one that who asks can no longer see.
pub(super) async fn written(cx: &mut Context, resource: &Resource, key: &Value) -> Result<Record> {
    let rows = fetch_any(cx, &resource.model, &field("pk").is(key.clone()), false).await?;
    let record = labelled(cx, resource, rows).await?.pop();
    record.ok_or_else(|| Error::internal(format!("a row of {} is gone after it was written", resource.model.key)))
}
