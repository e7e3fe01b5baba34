//! Writing many rows in one go: all of it happens, or none.

use indexmap::IndexMap;

use super::{create, delete, fetch_any, find, labelled, save, update};
use crate::admin::Event;
use crate::audit::{self, Change, Deed, Entry, RowChange};
use crate::context::Context;
use crate::error::{Error, Result};
use crate::form::{self, Clean, Payload};
use crate::model::{ModelKey, Record, Row};
use crate::permit::{self, Permit};
use crate::principal::Verb;
use crate::query::field;
use crate::site::Resource;
use crate::value::{Raw, Value};

/// The most keys or operations in one go.
pub const MOST: u64 = 5_000;

/// One operation of several.
#[derive(Debug, Clone, PartialEq)]
pub enum Operation {
    /// Makes a row.
    Create(Payload),
    /// Changes a row.
    Update {
        /// Its key.
        key: Raw,
        /// What was sent.
        payload: Payload,
    },
    /// Deletes a row.
    Delete {
        /// Its key.
        key: Raw,
    },
}

/// What became of an operation.
#[derive(Debug, Clone, PartialEq)]
pub struct Operated {
    /// What was done.
    pub op: Verb,
    /// The row's key.
    pub key: Value,
}

/// Runs operations in order; the first that fails is the answer, and with it none has happened: the caller must not
/// commit. Each one asks for its own right and leaves its own audit record.
///
/// # Errors
/// [`Error::TooMany`], and what the operations say.
pub async fn operate(cx: &mut Context, model: &ModelKey, operations: Vec<Operation>) -> Result<Vec<Operated>> {
    limit(operations.len())?;
    let mut done = Vec::with_capacity(operations.len());
    for operation in operations {
        let (op, key) = match operation {
            Operation::Create(payload) => (Verb::Add, create::create(cx, model, payload).await?.row.key().clone()),
            Operation::Update { key, payload } => {
                (Verb::Change, update::update(cx, model, &key, payload).await?.row.key().clone())
            }
            Operation::Delete { key } => (Verb::Delete, delete::delete_one(cx, model, &key).await?),
        };
        done.push(Operated { op, key });
    }
    Ok(done)
}

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
    plan.verdict()?;
    let called = labelled(cx, resource, plan.asked().to_vec()).await?;
    let each = called.into_iter().map(|record| (record.row.key().clone(), record.label)).collect();
    let entry = entry(model, Deed::BulkDeleted { keys: texts(keys), rows: count, each });
    delete::execute(cx, resource, plan, &[entry]).await
}

/// Changes the rows of these keys alike; gives how many there were. The rules are those of a single update, only the
/// times of the last save do not move. Unknown keys, also those that cannot be read, are passed over. One audit record
/// tells of all.
///
/// # Errors
/// [`Error::TooMany`], [`Error::Forbidden`], [`Error::Invalid`], and what a hook or the database says.
pub async fn bulk_update(cx: &mut Context, model: &ModelKey, keys: &[Raw], payload: Payload) -> Result<u64> {
    limit(keys.len())?;
    let site = cx.site().clone();
    let resource = site.resource(model)?;
    permit::ask(cx, resource, Verb::Change, None)?;
    let payload = Payload { partial: true, ..payload };
    let before = if payload.fields.is_empty() { Vec::new() } else { find::several(cx, resource, keys).await? };
    let changes = change_rows(cx, resource, &before, &payload).await?;
    let after = reread(cx, resource, &before).await?;
    let each = before.iter().zip(&after).map(|(before, after)| RowChange {
        key: before.key().clone(),
        label: after.label.clone(),
        changes: audit::diff(resource, before, &after.row),
    });
    let deed = Deed::BulkChanged { keys: texts(keys), rows: before.len() as u64, changes, each: each.collect() };
    audit::record(cx, &[entry(model, deed)]).await?;
    for record in &after {
        resource.admin.after(cx, &record.row, Event::Changed).await?;
    }
    Ok(before.len() as u64)
}

/// Judges what was sent for every row, then writes: rows that get equal values share a statement. Gives the values.
async fn change_rows(cx: &mut Context, resource: &Resource, rows: &[Row], payload: &Payload) -> Result<Vec<Change>> {
    let mut alike: Vec<(Permit<'_>, Clean, Vec<Value>)> = Vec::new();
    for row in rows {
        let permit = permit::ask(cx, resource, Verb::Change, Some(row))?;
        let clean = form::clean(cx, &permit, payload.clone(), Some(row.clone())).await?;
        save::change_sets(cx, &permit, &clean).await?;
        match alike.iter_mut().find(|(_, known, _)| known.values == clean.values) {
            Some((_, _, keys)) => keys.push(row.key().clone()),
            None => alike.push((permit, clean, vec![row.key().clone()])),
        }
    }
    for (permit, clean, keys) in &alike {
        save::change_columns(cx, permit, clean, keys).await?;
    }
    Ok(alike.first().map(|(_, clean, _)| changes(resource, &clean.values)).unwrap_or_default())
}

fn changes(resource: &Resource, values: &IndexMap<String, Value>) -> Vec<Change> {
    let shown = values.iter().filter(|(name, _)| !resource.hides(name));
    let change =
        |(name, value): (&String, &Value)| Change { field: name.clone(), before: Value::Null, after: value.clone() };
    shown.map(change).collect()
}

/// The rows as they are now, in the same order: both are in the order of their keys.
async fn reread(cx: &mut Context, resource: &Resource, rows: &[Row]) -> Result<Vec<Record>> {
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let keys = rows.iter().map(|row| row.key().clone()).collect();
    let rows = fetch_any(cx, &resource.model, &field("pk").is_in(keys), false).await?;
    labelled(cx, resource, rows).await
}

fn limit(length: usize) -> Result<()> {
    if length as u64 > MOST { Err(Error::TooMany { most: MOST }) } else { Ok(()) }
}

fn entry(model: &ModelKey, deed: Deed) -> Entry {
    Entry { model: model.clone(), key: None, label: String::new(), deed, within: None }
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
