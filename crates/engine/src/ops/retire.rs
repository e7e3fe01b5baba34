//! Marking rows as deleted without deleting them.

use super::{fetch_any, find, labelled, rows};
use crate::admin::Event;
use crate::audit::{self, Deed, Entry};
use crate::context::Context;
use crate::error::{Error, Result};
use crate::model::{Field, FieldKind, ModelKey, Row, Stamp};
use crate::permit;
use crate::principal::Verb;
use crate::query::field;
use crate::site::Resource;
use crate::store::statement::Expr;
use crate::value::{Raw, Value};

/// Marks one row as deleted: the field of this name gets the present moment. A row may be marked again.
///
/// # Errors
/// [`Error::NotFound`] for a row that is not there or not to be seen, [`Error::Forbidden`], [`Error::Internal`] for a
/// field that holds no moment, and what a hook or the database says.
pub async fn retire(cx: &mut Context, model: &ModelKey, key: &Raw, mark: &str) -> Result<()> {
    let site = cx.site().clone();
    let resource = site.resource(model)?;
    permit::ask(cx, resource, Verb::Delete, None)?;
    let row = find::one(cx, resource, key).await?;
    mark_all(cx, resource, &[row], mark).await
}

/// Marks the rows of these keys as deleted; gives how many of them there were. Unknown keys, also those that cannot be
/// read, are passed over.
///
/// # Errors
/// As [`retire`], but for rows that are not there.
pub async fn retire_several(cx: &mut Context, model: &ModelKey, keys: &[Raw], mark: &str) -> Result<u64> {
    if keys.len() as u64 > super::MOST {
        return Err(Error::TooMany { most: super::MOST });
    }
    let site = cx.site().clone();
    let resource = site.resource(model)?;
    permit::ask(cx, resource, Verb::Delete, None)?;
    let rows = find::several(cx, resource, keys).await?;
    mark_all(cx, resource, &rows, mark).await?;
    Ok(rows.len() as u64)
}

async fn mark_all(cx: &mut Context, resource: &Resource, before: &[Row], mark: &str) -> Result<()> {
    for row in before {
        permit::ask(cx, resource, Verb::Delete, Some(row))?;
    }
    let model = &resource.model;
    let mark = model.field(mark).filter(|field| field.kind == FieldKind::DateTime);
    let mark = mark.ok_or_else(|| Error::internal(format!("{} has no such moment", model.key)))?;
    let moment = |cx: &Context, field: &Field| {
        let now = field.moment(cx.now(), cx.site().zone());
        (field.column.clone(), Expr::Arg(rows::arg(cx, field, now)))
    };
    let saved = model.columns().filter(|field| field.stamp == Some(Stamp::Saved) && field.name != mark.name);
    let set: Vec<(String, Expr)> = std::iter::once(mark).chain(saved).map(|field| moment(cx, field)).collect();
    let keys: Vec<Value> = before.iter().map(|row| row.key().clone()).collect();
    if keys.is_empty() {
        return Ok(());
    }
    let batch = rows::update(cx, model, &set, model.key_field(), &keys);
    cx.run(batch).await?;
    // Both are in the order of their keys.
    let after = fetch_any(cx, model, &field("pk").is_in(keys), false).await?;
    let records = labelled(cx, resource, after).await?;
    let entries: Vec<Entry> = before
        .iter()
        .zip(&records)
        .map(|(before, after)| Entry {
            model: model.key.clone(),
            key: Some(before.key().clone()),
            label: after.label.clone(),
            deed: Deed::Retired(audit::diff(resource, before, &after.row)),
            within: None,
        })
        .collect();
    audit::record(cx, &entries).await?;
    for record in &records {
        resource.admin.after(cx, &record.row, Event::Changed).await?;
    }
    Ok(())
}
