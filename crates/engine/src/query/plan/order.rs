//! Orders become sorts. A foreign key is ordered as its target is by default; every order ends in a unique column.

use std::sync::Arc;

use crate::model::{FieldKind, Model, Order};
use crate::query::BadQuery;
use crate::query::path::{self, Hop};
use crate::store::statement::{Expr, Sort};

use super::tables::Tables;
use super::{Ground, filter};

/// Targets ordered by targets are followed so far; circles end there.
const DEEPEST: usize = 8;

/// The sorts of an order. Whoever asked for it must not learn from hidden fields; the site's own order may use them.
pub(super) fn sorts(
    ground: &Ground<'_>,
    tables: &mut Tables<'_>,
    model: &Arc<Model>,
    orders: &[Order],
    asked: bool,
) -> Result<Vec<Sort>, BadQuery> {
    let mut sorts = Vec::new();
    let root = tables.root();
    for order in orders {
        if asked {
            let path = path::resolve(ground.schema(), model, &order.path)?;
            ground.refuse_hidden(&path, &order.path)?;
        }
        step(ground, tables, &mut sorts, (model, root), order, false, DEEPEST)?;
    }
    let total = sorts.iter().any(|sort| is_unique(model, root, sort));
    if !total {
        push(&mut sorts, root, &model.key_field().column, false);
    }
    Ok(sorts)
}

/// The sorts of a target's default order, or its key's.
pub(super) fn default_sorts(
    ground: &Ground<'_>,
    tables: &mut Tables<'_>,
    model: &Arc<Model>,
    alias: &str,
) -> Vec<Sort> {
    let mut sorts = Vec::new();
    for order in &model.ordering {
        // An order of the model that cannot be followed is a complaint at start; a page does not fail for it.
        let _ = step(ground, tables, &mut sorts, (model, alias), order, false, DEEPEST);
    }
    push_key(&mut sorts, model, alias);
    sorts
}

/// The sorts of an order of rows under an alias, the key last; where none is said, their own order.
pub(super) fn sorts_at(
    ground: &Ground<'_>,
    tables: &mut Tables<'_>,
    (model, alias): (&Arc<Model>, &str),
    orders: &[Order],
) -> Result<Vec<Sort>, BadQuery> {
    if orders.is_empty() {
        return Ok(default_sorts(ground, tables, model, alias));
    }
    let mut sorts = Vec::new();
    for order in orders {
        step(ground, tables, &mut sorts, (model, alias), order, false, DEEPEST)?;
    }
    push_key(&mut sorts, model, alias);
    Ok(sorts)
}

fn step(
    ground: &Ground<'_>,
    tables: &mut Tables<'_>,
    sorts: &mut Vec<Sort>,
    (model, alias): (&Arc<Model>, &str),
    order: &Order,
    flipped: bool,
    depth: usize,
) -> Result<(), BadQuery> {
    let unknown = || BadQuery::UnknownPath { path: order.path.clone() };
    let path = path::resolve(ground.schema(), model, &order.path)?;
    let field = path.field();
    if path.repeats() || filter::is_many(field) {
        return Err(unknown());
    }
    let descending = order.descending != flipped;
    let (last, before) = match path.hops.split_last() {
        Some((Hop::One { column, to_column, .. }, before)) if *to_column == field.column => (column, before),
        _ => (&field.column, path.hops.as_slice()),
    };
    let mut at = alias.to_owned();
    for hop in before {
        at = tables.follow(&at, hop).ok_or_else(unknown)?;
    }
    if before.len() == path.hops.len()
        && depth > 0
        && let FieldKind::One { to, to_field, .. } = &field.kind
        && let Some(to) = ground.schema().model(to)
        && !to.ordering.is_empty()
    {
        let target = tables.join(&at, &field.column, &to.table, &path::target_column(to, to_field.as_deref()));
        for order in &to.ordering {
            step(ground, tables, sorts, (to, &target), order, descending, depth - 1)?;
        }
        return Ok(());
    }
    push(sorts, &at, last, descending);
    Ok(())
}

/// Adds what tells rows apart: the key, or in a join table, which may have none, the pair.
fn push_key(sorts: &mut Vec<Sort>, model: &Model, alias: &str) {
    if !model.auto_made {
        return push(sorts, alias, &model.key_field().column, false);
    }
    for field in model.columns().filter(|field| field.target().is_some()) {
        push(sorts, alias, &field.column, false);
    }
}

/// Adds a sort, unless the column is sorted by already.
fn push(sorts: &mut Vec<Sort>, alias: &str, column: &str, descending: bool) {
    let expr = Expr::column(alias, column);
    if !sorts.iter().any(|sort| sort.expr == expr) {
        sorts.push(Sort { expr, descending, nulls_least: false });
    }
}

/// Whether no two rows are alike in what is sorted by.
fn is_unique(model: &Model, root: &str, sort: &Sort) -> bool {
    let Expr::Column(at) = &sort.expr else { return false };
    let unique = |field: &crate::model::Field| (field.unique && !field.null) || field.name == model.primary_key;
    at.table == root && model.columns().any(|field| field.column == at.column && unique(field))
}
