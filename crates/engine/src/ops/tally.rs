//! How many rows there are: in all, or for each value of a field.

use crate::context::Context;
use crate::error::{Error, Result};
use crate::model::ModelKey;
use crate::permit;
use crate::principal::Verb;
use crate::query::Filter;
use crate::query::plan::{self, ROOT};
use crate::store::Statement;
use crate::store::statement::{Cell, Expr, Output, Select, Sort};
use crate::value::Value;

/// How many rows have each value of a field, in the order of the values.
///
/// # Errors
/// [`Error::BadQuery`] if the name is no column or hidden, [`Error::Forbidden`], and what the database says.
pub async fn tally(cx: &mut Context, model: &ModelKey, name: &str, filter: Filter) -> Result<Vec<(Value, u64)>> {
    let site = cx.site().clone();
    let resource = site.resource(model)?;
    permit::ask(cx, resource, Verb::View, None)?;
    let (expr, cell) = plan::column(&site, resource, name)?;
    let filter = resource.admin.rows(cx.who()).and(filter);
    let select = Select {
        outputs: vec![Output { expr: expr.clone(), cell }, Output { expr: Expr::CountAll, cell: Cell::Int }],
        filter: plan::condition(&site, &resource.model, &filter, ROOT)?,
        group: vec![expr.clone()],
        order: vec![Sort { expr, descending: false, nulls_least: false }],
        ..Select::from(&resource.model.table, ROOT)
    };
    let pair = |row: Vec<Value>| {
        let [value, count] = <[Value; 2]>::try_from(row).ok()?;
        Some((value, u64::try_from(count.as_int()?).ok()?))
    };
    let rows = cx.run_one(Statement::Select(select)).await?.rows;
    rows.into_iter().map(pair).collect::<Option<_>>().ok_or_else(|| Error::internal("a tally gave no number"))
}

/// How many rows there are that who asks may know of and a filter lets through.
///
/// # Errors
/// [`Error::Forbidden`], [`Error::BadQuery`], and what the database says.
pub async fn count(cx: &mut Context, model: &ModelKey, filter: Filter) -> Result<u64> {
    let site = cx.site().clone();
    permit::ask(cx, site.resource(model)?, Verb::View, None)?;
    count_unasked(cx, model, filter).await
}

/// The same, for those who asked for leave in another way: widgets of a dashboard.
///
/// # Errors
/// [`Error::BadQuery`], and what the database says.
pub async fn count_unasked(cx: &mut Context, model: &ModelKey, filter: Filter) -> Result<u64> {
    let site = cx.site().clone();
    let filter = site.resource(model)?.admin.rows(cx.who()).and(filter);
    crate::admin::Selection::of(model.clone(), filter).count(cx).await
}
