//! Uniqueness within the day, month or year of another field.

use jiff::civil::Date;

use super::ask::{ROWS, cell, others};
use crate::admin::Draft;
use crate::context::Context;
use crate::model::{DatePart, Field, Flaw, FlawKind, Model, Row};
use crate::store::statement::{Cond, Expr, Output, Select};
use crate::value::Value;

/// What a rule asks of the database.
pub(super) enum Question {
    /// Nothing: a value is null, or no value of the rule is there to be judged.
    Nothing,
    /// These fields must be sent for the rule to be judged.
    Missing(Vec<String>),
    /// The days on which the value is taken.
    Ask(Box<Select>),
}

/// The question of a rule. Both fields must be sent, unless no form can set them: then the stored value counts.
pub(super) fn question(cx: &Context, model: &Model, field: &Field, date_field: &str, draft: &Draft) -> Question {
    let Some(date) = model.field(date_field) else { return Question::Nothing };
    let unsent = |field: &&Field| field.editable && !draft.values.contains_key(&field.name);
    let missing: Vec<String> =
        [field, date].iter().filter(|field| unsent(field)).map(|field| field.name.clone()).collect();
    if !missing.is_empty() {
        return Question::Missing(missing);
    }
    let known = draft.value(&field.name).is_some_and(|value| !value.is_null()) && day(cx, date_field, draft).is_some();
    if !known {
        return Question::Nothing;
    }
    Question::Ask(Box::new(days(cx, model, field, date, draft, draft.before())))
}

/// Asks for the days on which a field's value is taken.
pub(super) fn days(
    cx: &Context,
    model: &Model,
    field: &Field,
    date: &Field,
    draft: &Draft,
    except: Option<&Row>,
) -> Select {
    let value = draft.value(&field.name).cloned().unwrap_or(Value::Null);
    let same = Cond::is(Expr::column(ROWS, &field.column), value, cell(cx, field));
    let column = Expr::column(ROWS, &date.column);
    let known = Cond::Not(Box::new(Cond::Null(column.clone())));
    let mut select = others(cx, model, except, same.and(known));
    select.outputs = vec![Output { expr: column.clone(), cell: cell(cx, date) }];
    select.group = vec![column];
    select
}

/// The day that the form is about: a field that nobody set yet will be set now.
fn day(cx: &Context, date_field: &str, draft: &Draft) -> Option<Date> {
    day_of(cx, draft.value(date_field).unwrap_or(&Value::DateTime(cx.now())))
}

fn day_of(cx: &Context, value: &Value) -> Option<Date> {
    match value {
        Value::Date(date) => Some(*date),
        Value::DateTime(instant) => Some(cx.site().zone().to_datetime(*instant).date()),
        _ => None,
    }
}

/// The flaw of a rule, if one of the days found falls into the same part.
pub(super) fn flaw(
    cx: &Context,
    field: &Field,
    rule: usize,
    mut days: impl Iterator<Item = Value>,
    draft: &Draft,
) -> Option<Flaw> {
    let (part, date_field) = field.unique_for.get(rule)?;
    let date = day(cx, date_field, draft)?;
    let same = |other: Date| match part {
        DatePart::Date => other == date,
        DatePart::Month => other.month() == date.month(),
        DatePart::Year => other.year() == date.year(),
    };
    let taken = days.any(|day| day_of(cx, &day).is_some_and(same));
    taken.then(|| FlawKind::TakenForDate { date_field: date_field.clone(), part: *part }.into())
}
