//! How rows are called that were read or written already.

use std::collections::HashMap;
use std::sync::Arc;

use crate::context::Context;
use crate::error::Result;
use crate::model::{Model, Record, Row};
use crate::query::plan;
use crate::site::Resource;
use crate::store::Statement;
use crate::value::Value;

use super::list::{self, Hashed};

/// Rows with their names, the names of the rows they point to and their computed columns: at most one statement,
/// however many rows there are. The rows must be stored as they are.
///
/// # Errors
/// What the database says.
pub async fn labelled(cx: &mut Context, resource: &Resource, rows: Vec<Row>) -> Result<Vec<Record>> {
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let site = cx.site().clone();
    let keys: Vec<Value> = rows.iter().map(|row| row.key().clone()).collect();
    let (labels, select) = plan::labels(&site, resource, keys);
    let read = match select {
        Some(select) => cx.run_one(Statement::Select(select)).await?.rows,
        None => Vec::new(),
    };
    let beside: HashMap<Hashed<'_>, &[Value]> =
        read.iter().filter_map(|row| row.split_first().map(|(key, rest)| (Hashed(key), rest))).collect();
    let nothing = vec![Value::Null; labels.outputs.len()];
    let named = |row: Row| {
        let beside = beside.get(&Hashed(row.key())).copied().unwrap_or(&nothing);
        list::named(Some(&labels), &resource.columns, row, beside)
    };
    Ok(rows.into_iter().map(named).collect())
}

/// How stored rows of any model are called, registered or not: at most one statement.
///
/// # Errors
/// What the database says.
pub async fn called(cx: &mut Context, model: &Arc<Model>, rows: &[Row]) -> Result<Vec<String>> {
    let site = cx.site().clone();
    let keys: Vec<Value> = rows.iter().map(|row| row.key().clone()).collect();
    let (labels, select) = plan::labels_of(&site, model, &[], keys);
    let read = match select {
        Some(select) if !rows.is_empty() => cx.run_one(Statement::Select(select)).await?.rows,
        _ => Vec::new(),
    };
    let beside: HashMap<Hashed<'_>, &[Value]> =
        read.iter().filter_map(|row| row.split_first().map(|(key, rest)| (Hashed(key), rest))).collect();
    let nothing = vec![Value::Null; labels.outputs.len()];
    let name = |row: &Row| labels.own(&row.values, beside.get(&Hashed(row.key())).copied().unwrap_or(&nothing));
    Ok(rows.iter().map(name).collect())
}

/// How one stored row is called.
///
/// # Errors
/// What the database says.
pub async fn label_of(cx: &mut Context, resource: &Resource, row: &Row) -> Result<String> {
    let records = labelled(cx, resource, vec![row.clone()]).await?;
    Ok(records.into_iter().next().map(|record| record.label).unwrap_or_default())
}
