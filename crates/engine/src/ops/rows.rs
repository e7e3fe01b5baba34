//! Statements over whole rows of a model, as values: what reading, changing and deleting by key have in common.

use std::sync::Arc;

use crate::context::Context;
use crate::error::Result;
use crate::model::{Field, Model, Reverse, Row};
use crate::store::statement::{Arg, Cond, Delete, Expr, Output, Select, Sort, Statement, Update};
use crate::store::{Cell, spelling};
use crate::value::Value;

/// So many keys in one condition: databases have a limit for arguments, and SQLite's is 32,766.
pub(super) const CHUNK: usize = 4_000;

/// How a field's column is spelled on the site's database.
pub(super) fn cell(cx: &Context, field: &Field) -> Cell {
    spelling(field, cx.site().schema(), cx.site().store().dialect())
}

/// A value for a field's column.
pub(super) fn arg(cx: &Context, field: &Field, value: Value) -> Arg {
    Arg { value, cell: cell(cx, field) }
}

/// Being one of these values; the table is named by its alias, or not at all.
pub(super) fn one_of(cx: &Context, alias: &str, field: &Field, values: &[Value]) -> Cond {
    let cell = cell(cx, field);
    let args = values.iter().map(|value| Arg { value: value.clone(), cell }).collect();
    Cond::In(Expr::column(alias, &field.column), args)
}

/// The rows whose foreign key points to one of these keys, in the order of their own keys. They are locked in a
/// transaction that may write. Of a many-to-many's own table only the two ends are read.
pub(super) async fn pointing(cx: &mut Context, relation: &Reverse, keys: Vec<Value>) -> Result<Vec<Row>> {
    let model = &relation.model;
    let read: Vec<usize> = (0..model.fields.len()).filter(|&at| is_read(model, at)).collect();
    let question = |keys: &[Value]| Statement::Select(select(cx, relation, &read, keys));
    let batch = keys.chunks(CHUNK).map(question).collect();
    let answers = cx.run(batch).await?;
    Ok(answers.into_iter().flat_map(|answer| answer.rows).map(|values| row(model, &read, values)).collect())
}

fn is_read(model: &Model, at: usize) -> bool {
    let field = &model.fields[at];
    field.is_column() && !(model.auto_made && field.name == model.primary_key)
}

fn select(cx: &Context, relation: &Reverse, read: &[usize], keys: &[Value]) -> Select {
    const ALIAS: &str = "t";
    let model = &relation.model;
    let output = |&at: &usize| {
        let field = &model.fields[at];
        Output { expr: Expr::column(ALIAS, &field.column), cell: cell(cx, field) }
    };
    let key = if model.auto_made { relation.field() } else { model.key_field() };
    Select {
        outputs: read.iter().map(output).collect(),
        filter: one_of(cx, ALIAS, relation.field(), keys),
        order: vec![Sort { expr: Expr::column(ALIAS, &key.column), descending: false, nulls_least: false }],
        lock: cx.writes(),
        ..Select::from(&model.table, ALIAS)
    }
}

fn row(model: &Arc<Model>, read: &[usize], found: Vec<Value>) -> Row {
    let mut values = vec![Value::Null; model.fields.len()];
    for (&at, value) in read.iter().zip(found) {
        values[at] = value;
    }
    Row { model: model.clone(), values }
}

/// Removes the rows whose field is one of these values.
pub(super) fn delete(cx: &Context, model: &Model, field: &Field, values: &[Value]) -> Vec<Statement> {
    let statement = |values: &[Value]| {
        Statement::Delete(Delete { table: model.table.clone(), filter: one_of(cx, "", field, values) })
    };
    values.chunks(CHUNK).map(statement).collect()
}

/// Changes the rows whose field is one of these values.
pub(super) fn update(
    cx: &Context,
    model: &Model,
    set: &[(String, Expr)],
    field: &Field,
    values: &[Value],
) -> Vec<Statement> {
    let statement = |values: &[Value]| {
        Statement::Update(Update {
            table: model.table.clone(),
            set: set.to_vec(),
            filter: one_of(cx, "", field, values),
        })
    };
    values.chunks(CHUNK).map(statement).collect()
}
