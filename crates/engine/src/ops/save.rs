//! Storing what a form has cleared: one new row, or the changed fields of a row that is there.

use super::{find, many, rows};
use crate::context::Context;
use crate::error::{Error, Result};
use crate::form::{self, Clean};
use crate::model::{Field, FlawKind, Model, Record, Stamp};
use crate::permit::Permit;
use crate::principal::Verb;
use crate::store::StoreError;
use crate::store::statement::{Expr, Insert, Statement};
use crate::value::Value;

/// Stores a new row and gives its key.
pub(super) async fn insert(cx: &mut Context, permit: &Permit<'_>, clean: Clean) -> Result<Value> {
    let model = &permit.resource().model;
    let row = Statement::Insert(new_row(cx, permit, &clean));
    let answer = cx.run_one(row).await.map_err(|error| refusal(model, &clean, error))?;
    let key = answer.rows.into_iter().flatten().next();
    let key = key.ok_or_else(|| Error::internal("the database gave no key for a new row"))?;
    many::replace(cx, model, &key, &clean).await.map_err(|error| refusal(model, &clean, error))?;
    Ok(key)
}

/// Stores a new row and gives it as it is stored.
pub(super) async fn insert_whole(cx: &mut Context, permit: &Permit<'_>, clean: Clean) -> Result<Record> {
    let resource = permit.resource();
    let is_set = |field: &Field| matches!(clean.values.get(&field.name), Some(Value::Keys(keys)) if !keys.is_empty());
    if resource.model.many().any(is_set) {
        let key = insert(cx, permit, clean).await?;
        return find::written(cx, resource, &key).await;
    }
    let row = new_row(cx, permit, &clean);
    let record = find::inserted(cx, resource, row).await.map_err(|error| refusal(&resource.model, &clean, error))?;
    record.ok_or_else(|| find::gone(resource))
}

/// A new row. Fields that nobody set have their initial value; without one, a text is empty and the rest is left to the
/// database.
fn new_row(cx: &Context, permit: &Permit<'_>, clean: &Clean) -> Insert {
    debug_assert!(permit.verb() == Verb::Add || clean.is_copy(), "a row is made with a permit to make it");
    let model = &permit.resource().model;
    let mut values = Vec::new();
    for field in model.columns() {
        if let Some(value) = starting(cx, field, clean) {
            values.push((field.column.clone(), rows::arg(cx, field, value)));
        }
    }
    let key = model.key_field();
    let returning = Some((key.column.clone(), rows::cell(cx, key)));
    Insert { table: model.table.clone(), values, returning, ..Insert::default() }
}

/// The value of a column in a new row; `None` leaves it to the database.
fn starting(cx: &Context, field: &Field, clean: &Clean) -> Option<Value> {
    if let Some(value) = clean.values.get(&field.name).filter(|_| field.stamp.is_none() || clean.idle) {
        return (!(field.is_auto() && value.is_null())).then(|| value.clone());
    }
    form::starting_value(cx, field)
}

/// Stores a form for a row that is there, and gives the key that it has then: a form that gives it another key makes
/// another row and leaves it.
pub(super) async fn store(cx: &mut Context, permit: &Permit<'_>, clean: Clean) -> Result<Value> {
    if clean.is_copy() {
        return insert(cx, permit, clean).await;
    }
    change(cx, permit, &clean).await?;
    key_of(&clean)
}

/// Stores the changed fields of a row, and when it was saved.
pub(super) async fn change(cx: &mut Context, permit: &Permit<'_>, clean: &Clean) -> Result<()> {
    let model = &permit.resource().model;
    if clean.idle && clean.values.is_empty() {
        return Ok(());
    }
    let mut set = changes(cx, model, clean);
    let is_set = |field: &Field| clean.idle && clean.values.contains_key(&field.name);
    for field in model.columns().filter(|field| field.stamp == Some(Stamp::Saved) && !is_set(field)) {
        let now = field.moment(cx.now(), cx.site().zone());
        set.push((field.column.clone(), Expr::Arg(rows::arg(cx, field, now))));
    }
    let key = key_of(clean)?;
    write(cx, permit, clean, &set, std::slice::from_ref(&key)).await?;
    change_sets(cx, permit, clean).await
}

/// Stores the same columns in several rows; when they were saved does not move.
pub(super) async fn change_columns(cx: &mut Context, permit: &Permit<'_>, clean: &Clean, keys: &[Value]) -> Result<()> {
    let set = changes(cx, &permit.resource().model, clean);
    write(cx, permit, clean, &set, keys).await
}

/// Stores the many-to-many sets of a row.
pub(super) async fn change_sets(cx: &mut Context, permit: &Permit<'_>, clean: &Clean) -> Result<()> {
    debug_assert_eq!(permit.verb(), Verb::Change, "a row is changed with a permit to change it");
    let model = &permit.resource().model;
    let key = key_of(clean)?;
    many::replace(cx, model, &key, clean).await.map_err(|error| refusal(model, clean, error))
}

fn key_of(clean: &Clean) -> Result<Value> {
    let before = clean.before.as_ref();
    before.map(|row| row.key().clone()).ok_or_else(|| Error::internal("a form for a new row cannot change one"))
}

/// The columns that a form sets in a row that is there: never its key.
fn changes(cx: &Context, model: &Model, clean: &Clean) -> Vec<(String, Expr)> {
    let own = model.columns().filter(|field| field.name != model.primary_key);
    let own = own.filter(|field| field.stamp.is_none() || clean.idle);
    own.filter_map(|field| {
        let value = clean.values.get(&field.name)?;
        Some((field.column.clone(), Expr::Arg(rows::arg(cx, field, value.clone()))))
    })
    .collect()
}

async fn write(
    cx: &mut Context,
    permit: &Permit<'_>,
    clean: &Clean,
    set: &[(String, Expr)],
    keys: &[Value],
) -> Result<()> {
    debug_assert_eq!(permit.verb(), Verb::Change, "rows are changed with a permit to change them");
    let model = &permit.resource().model;
    if set.is_empty() || keys.is_empty() {
        return Ok(());
    }
    let batch = rows::update(cx, model, set, model.key_field(), keys);
    cx.run(batch).await.map_err(|error| refusal(model, clean, error))?;
    Ok(())
}

/// What the database refuses is said as a document's checks would have said it: somebody else was faster. A form that
/// was filled in has passed its checks, and what then stands in its way is a conflict.
fn refusal(model: &Model, clean: &Clean, error: StoreError) -> Error {
    match error {
        error if !clean.fields.is_empty() => error.into(),
        StoreError::Unique { columns } => form::unique_flaw(model, &columns),
        StoreError::NotNull { column } => match model.columns().find(|field| field.column == column) {
            Some(field) => Error::flaw(&field.name, FlawKind::Null),
            None => StoreError::NotNull { column }.into(),
        },
        other => other.into(),
    }
}
