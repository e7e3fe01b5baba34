//! A row that nobody has made yet: what a form for a new one starts with.

use super::list::EVERYTHING;
use super::whole::called;
use crate::context::Context;
use crate::error::Result;
use crate::model::{Field, FieldKind, Model, Record, RelatedLabels, Row};
use crate::query::plan::{self, Planned};
use crate::query::{Filter, field};
use crate::site::Resource;
use crate::store::Statement;
use crate::value::Value;

/// A row with the values that a new one starts with, and with some filled in. A row that a filled-in relation may not
/// point to is left out again. One trip, if there are relations to be named.
///
/// # Errors
/// What the database says.
pub async fn blank(cx: &mut Context, resource: &Resource, filled: Vec<(String, Value)>) -> Result<Record> {
    let model = &resource.model;
    let values = model.fields.iter().map(|field| starting(cx, field)).collect();
    let mut row = Row { model: model.clone(), values };
    // Columns and the label are those of the row as it starts: what is filled in is only a proposal.
    let computed = resource.columns.iter().filter_map(|column| Some((column.name.clone(), column.of(&row)?))).collect();
    let label = label(model, &row);
    let names: Vec<String> = filled.iter().map(|(name, _)| name.clone()).collect();
    filled.into_iter().for_each(|(name, value)| row.set(&name, value));
    let pointing = pointing(cx, resource, &row, &names)?;
    let batch: Vec<Statement> = pointing.iter().map(|(_, plan)| Statement::Select(plan.page(EVERYTHING))).collect();
    let answers = if batch.is_empty() { Vec::new() } else { cx.run(batch).await? };
    let mut related = Vec::new();
    for ((at, plan), answer) in pointing.iter().zip(answers) {
        match called(plan, answer).pop() {
            Some((_, label)) => related.push((*at, label)),
            None => row.values[*at] = Value::Null,
        }
    }
    let related = RelatedLabels::new(model.clone(), related);
    Ok(Record { row, label, related, computed })
}

/// What a field of a new row starts with: its declared value, an empty text, nothing chosen, or null.
fn starting(cx: &Context, field: &Field) -> Value {
    let text = field.is_text() && !field.is_address() && !field.null;
    let otherwise = match field.kind {
        FieldKind::Many { .. } => Value::Keys(Vec::new()),
        FieldKind::File { .. } => Value::from(""),
        _ if text => Value::from(""),
        _ => Value::Null,
    };
    field.initial_value(cx.now(), cx.site().zone()).map_or(otherwise, as_declared)
}

/// A whole number is declared as one, also for a field of decimals: `0`, not `0.00`.
fn as_declared(initial: Value) -> Value {
    match &initial {
        Value::Decimal(number) if number.fractional_digit_count() == 0 => {
            number.to_plain_string().parse().map_or(initial, Value::Int)
        }
        _ => initial,
    }
}

/// The questions for the rows that foreign keys point to; those that somebody filled in only among their choices.
fn pointing(cx: &Context, resource: &Resource, row: &Row, filled: &[String]) -> Result<Vec<(usize, Planned)>> {
    let mut plans = Vec::new();
    for (at, relation) in resource.model.fields.iter().enumerate() {
        let FieldKind::One { to, to_field, .. } = &relation.kind else { continue };
        let (Some(target), false) = (cx.site().schema().model(to), row.values[at].is_null()) else { continue };
        let mut filter = field(to_field.as_deref().unwrap_or("pk")).is(row.values[at].clone());
        if filled.contains(&relation.name) {
            filter = filter.and(choices(cx, resource, relation));
        }
        plans.push((at, plan::plan_names(cx.site(), target, &filter)?));
    }
    Ok(plans)
}

/// The rows that a relation may be pointed to: those that who asks may know of, within what the admin allows.
fn choices(cx: &Context, resource: &Resource, relation: &Field) -> Filter {
    let target = relation.target().and_then(|to| cx.site().resource(to).ok());
    let known = target.map_or(Filter::All, |target| target.admin.rows(cx.who()));
    let limits = &resource.options.limit_choices_to;
    let limit = limits.iter().find(|(name, _)| *name == relation.name).map(|(_, filter)| filter.clone());
    known.and(limit.unwrap_or(Filter::All))
}

/// How a row is called that no database knows: only its own fields can say it.
fn label(model: &Model, row: &Row) -> String {
    if model.label.is_of_key() {
        let key = if row.key().is_null() { "None".to_owned() } else { row.key().to_string() };
        return format!("{} object ({key})", model.key.name);
    }
    let values: Vec<Value> = model.label.names().into_iter().map(|name| row.get(name).clone()).collect();
    model.label.render(&values)
}
