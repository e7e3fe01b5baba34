//! Rows by key, among those that who asks may know of; locked where something is about to be written.

use super::{fetch, list};
use crate::context::Context;
use crate::error::{Error, Missing, Result};
use crate::model::{Record, Row};
use crate::query::field;
use crate::query::plan::{self, Planned};
use crate::site::Resource;
use crate::store::statement::Insert;
use crate::store::{Answer, Statement, StoreError};
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
    let plan = plan::plan_written(cx.site(), resource);
    let batch = plan.of_key(cx.site()).statements(key);
    let answers = cx.run(batch).await?;
    record(cx, resource, &plan, answers).ok_or_else(|| gone(resource))
}

/// Stores a new row and reads it with its names, in one trip where the database is in this process. `None` if it is
/// gone at once.
pub(super) async fn inserted(cx: &mut Context, resource: &Resource, row: Insert) -> Result<Option<Record>, StoreError> {
    let plan = plan::plan_written(cx.site(), resource);
    let question = plan.of_key(cx.site());
    let next = move |answers: &[Answer]| {
        let key = answers.first().and_then(|answer| answer.rows.first()?.first());
        key.map(|key| question.statements(key)).unwrap_or_default()
    };
    let answers = cx.run_then(vec![Statement::Insert(row)], Box::new(next)).await?;
    Ok(record(cx, resource, &plan, answers.into_iter().skip(1).collect()))
}

/// That a row that was just written is not there.
pub(super) fn gone(resource: &Resource) -> Error {
    Error::internal(format!("a row of {} is gone after it was written", resource.model.key))
}

/// The row of the answers to the questions for one row.
fn record(cx: &Context, resource: &Resource, plan: &Planned, answers: Vec<Answer>) -> Option<Record> {
    let mut answers = answers.into_iter();
    let (mut rows, beside) = plan.rows(answers.next()?.rows);
    let fields: Vec<usize> = plan.pairs(cx.site()).iter().map(|pairs| pairs.field).collect();
    let keys: Vec<Value> = rows.iter().map(|row| row.key().clone()).collect();
    list::settle_keys(&mut rows, &keys, &fields, answers.collect());
    list::records(resource, plan, (rows, beside)).pop()
}
