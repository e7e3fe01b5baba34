//! A row as a form shows it: the row, how the rows are called that it names, and its children. Two trips, seldom three.

use std::collections::HashMap;
use std::sync::Arc;

use super::list::{self, EVERYTHING};
use crate::context::Context;
use crate::error::Result;
use crate::model::{Field, Model, ModelKey, Order, Record, Row};
use crate::permit;
use crate::principal::Verb;
use crate::query::plan::{self, Planned};
use crate::query::{Filter, Query, field};
use crate::site::{Child, Resource, Site};
use crate::store::{Answer, Statement};
use crate::value::{Raw, Value};

/// A row as a form shows it.
#[derive(Debug, Clone)]
pub struct Whole {
    /// The row, with the keys of its many-to-many fields.
    pub record: Record,
    /// How the rows are called that its many-to-many fields name.
    pub names: Names,
    /// Its children, for each inline of the resource; of those that who asks may not see there are none.
    pub children: Vec<Children>,
}

/// The children of one inline.
#[derive(Debug, Clone, Default)]
pub struct Children {
    /// The children, in their own order.
    pub records: Vec<Record>,
    /// How the rows are called that their many-to-many fields name.
    pub names: Names,
}

/// How rows are called that many-to-many fields name: by field, and by the text of their keys.
#[derive(Debug, Clone, Default)]
pub struct Names(HashMap<String, HashMap<String, String>>);

impl Names {
    /// How the row of a key is called that a field names.
    #[must_use]
    pub fn of(&self, field: &str, key: &Value) -> Option<&str> {
        self.0.get(field)?.get(&key.to_string()).map(String::as_str)
    }
}

/// The row with this key as a form shows it, if who asks may know of it.
///
/// # Errors
/// As [`super::get`].
pub async fn whole(cx: &mut Context, model: &ModelKey, key: &Raw) -> Result<Whole> {
    let record = super::get(cx, model, key).await?;
    let site = cx.site().clone();
    around(cx, site.resource(model)?, record).await
}

/// What a form shows beside a row that is at hand. Asks for no verb on the row: that was the caller's duty.
///
/// # Errors
/// What the database says.
pub async fn around(cx: &mut Context, resource: &Resource, record: Record) -> Result<Whole> {
    let site = cx.site().clone();
    let wanted = Wanted::of(&site, resource, std::slice::from_ref(&record))?;
    let pages = pages(cx, &site, resource, &record.row)?;
    let mut batch = wanted.statements();
    batch.extend(pages.iter().flatten().map(|plan| Statement::Select(plan.page(EVERYTHING))));
    let mut answers = if batch.is_empty() { Vec::new() } else { cx.run(batch).await? }.into_iter();
    let names = wanted.names(answers.by_ref());
    let mut children = Vec::with_capacity(pages.len());
    for (child, page) in resource.inlines.iter().zip(pages) {
        children.push(match page {
            Some(plan) => read(cx, &site, child, &plan, answers.next().unwrap_or_default()).await?,
            None => Children::default(),
        });
    }
    Ok(Whole { record, names, children })
}

/// The question for the children of each inline; `None` where who asks may not see them.
fn pages(cx: &Context, site: &Site, resource: &Resource, parent: &Row) -> Result<Vec<Option<Planned>>> {
    let page = |child: &Child| {
        if !permit::allows(cx, &child.resource, Verb::View, None) {
            return Ok(None);
        }
        let filter = field(&child.inline.fk_field).is(child.value_of_parent(parent).clone());
        let query = Query { filter, order: order(&child.resource), ..Query::all(child.resource.model.key.clone()) };
        Ok(Some(plan::plan(site, cx.who(), &child.resource, &query)?))
    };
    resource.inlines.iter().map(page).collect()
}

/// Children of a model without an order come as they were made.
fn order(resource: &Resource) -> Vec<Order> {
    if resource.model.ordering.is_empty() { vec![Order::parse("pk")] } else { Vec::new() }
}

async fn read(cx: &mut Context, site: &Site, child: &Child, plan: &Planned, answer: Answer) -> Result<Children> {
    let rows = list::complete(cx, site, plan, answer).await?;
    let records = list::records(&child.resource, plan, rows);
    let wanted = Wanted::of(site, &child.resource, &records)?;
    let batch = wanted.statements();
    let answers = if batch.is_empty() { Vec::new() } else { cx.run(batch).await? };
    Ok(Children { names: wanted.names(answers.into_iter()), records })
}

/// The questions for the names of rows that many-to-many fields name.
struct Wanted(Vec<(String, Planned)>);

impl Wanted {
    fn of(site: &Site, resource: &Resource, records: &[Record]) -> Result<Wanted> {
        let mut wanted = Vec::new();
        for field in resource.model.many().filter(|field| !resource.hides(&field.name)) {
            let keys = keys(field, records);
            if let (Some(target), false) = (field.target().and_then(|to| site.schema().model(to)), keys.is_empty()) {
                wanted.push((
                    field.name.clone(),
                    plan::plan_names(site, target, &crate::query::field("pk").is_in(keys))?,
                ));
            }
        }
        Ok(Wanted(wanted))
    }

    fn statements(&self) -> Vec<Statement> {
        self.0.iter().map(|(_, plan)| Statement::Select(plan.page(EVERYTHING))).collect()
    }

    fn names(self, mut answers: impl Iterator<Item = Answer>) -> Names {
        let of_field = |(field, plan): (String, Planned)| {
            let names = called(&plan, answers.next().unwrap_or_default());
            (field, names.into_iter().map(|(key, name)| (key.to_string(), name)).collect())
        };
        Names(self.0.into_iter().map(of_field).collect())
    }
}

/// Every key that rows have in a field, once.
fn keys(field: &Field, records: &[Record]) -> Vec<Value> {
    let mut seen = std::collections::HashSet::new();
    let of_row = |record: &Record| match record.row.get(&field.name) {
        Value::Keys(keys) => keys.clone(),
        _ => Vec::new(),
    };
    records.iter().flat_map(of_row).filter(|key| seen.insert(key.to_string())).collect()
}

/// The keys of the rows of a model that a filter lets through, each with how the row is called, whoever asks.
///
/// # Errors
/// [`crate::Error::BadQuery`], and what the database says.
pub async fn named(cx: &mut Context, model: &Arc<Model>, filter: &Filter) -> Result<Vec<(Value, String)>> {
    let site = cx.site().clone();
    let plan = plan::plan_names(&site, model, filter)?;
    let answer = cx.run_one(Statement::Select(plan.page(EVERYTHING))).await?;
    Ok(called(&plan, answer))
}

pub(super) fn called(plan: &Planned, answer: Answer) -> Vec<(Value, String)> {
    let (rows, beside) = plan.rows(answer.rows);
    let label = |row: &Row, beside: &[Value]| plan.labels.as_ref().map(|labels| labels.own(&row.values, beside));
    let pair = |(row, beside): (Row, Vec<Value>)| (row.key().clone(), label(&row, &beside).unwrap_or_default());
    rows.into_iter().zip(beside).map(pair).collect()
}
