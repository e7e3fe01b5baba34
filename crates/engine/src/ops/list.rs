//! One page of rows: a count and a page in one trip, the many-to-many keys of the whole page in another.

use std::collections::HashMap;
use std::hash::{Hash, Hasher};

use crate::admin::Column;
use crate::context::Context;
use crate::error::{Error, Result};
use crate::model::{Record, Row};
use crate::permit;
use crate::principal::Verb;
use crate::query::plan::{self, Ground, Planned};
use crate::query::{Page, Query, Window};
use crate::site::{Resource, Site};
use crate::store::{Answer, Statement};
use crate::value::Value;

/// From this offset on it pays to know the total first: the page may be nearer to the other end.
const FAR: u64 = 1_000;

/// A page of the rows that who asks may know of.
///
/// # Errors
/// [`Error::NotFound`] for a model that is not registered, [`Error::Forbidden`], [`Error::BadQuery`].
pub async fn list(cx: &mut Context, query: Query) -> Result<Page> {
    let site = cx.site().clone();
    let resource = site.resource(&query.model)?;
    permit::ask(cx, resource, Verb::View, None)?;
    let plan = plan::plan(&site, cx.who(), resource, &query)?;
    let (raw, total) = read(cx, &plan).await?;
    let (rows, beside) = plan.rows(raw);
    let rows = with_keys(cx, &site, &plan, rows).await?;
    Ok(Page { records: records(resource, &plan, rows, &beside), total, window: plan.window })
}

/// The rows of a plan as the database gives them, and how many there are in all, if that was asked.
async fn read(cx: &mut Context, plan: &Planned) -> Result<(Vec<Vec<Value>>, Option<u64>)> {
    let page = Statement::Select(plan.page(plan.window));
    if !plan.counts {
        return Ok((cx.run_one(page).await?.rows, None));
    }
    if plan.window.offset < FAR {
        let mut answers = cx.run(vec![plan.count(), page]).await?;
        let rows = answers.pop().unwrap_or_default().rows;
        return Ok((rows, Some(number(&answers.pop().unwrap_or_default())?)));
    }
    let total = number(&cx.run_one(plan.count()).await?)?;
    if plan.window.offset >= total {
        return Ok((Vec::new(), Some(total)));
    }
    if plan.window.offset <= total / 2 {
        return Ok((cx.run_one(page).await?.rows, Some(total)));
    }
    let page = plan.page_from_end(plan.window, total);
    let mut rows = cx.run_one(Statement::Select(page)).await?.rows;
    rows.reverse();
    Ok((rows, Some(total)))
}

/// The only number of an answer.
pub(super) fn number(answer: &Answer) -> Result<u64> {
    let number = answer.rows.first().and_then(|row| row.first()).and_then(Value::as_int);
    number.and_then(|number| u64::try_from(number).ok()).ok_or_else(|| Error::internal("a count gave no number"))
}

/// Loads the many-to-many keys of rows: one statement for each field that was asked for, all in one trip.
pub(super) async fn with_keys(cx: &mut Context, site: &Site, plan: &Planned, mut rows: Vec<Row>) -> Result<Vec<Row>> {
    if plan.many.is_empty() || rows.is_empty() {
        return Ok(rows);
    }
    let keys: Vec<Value> = rows.iter().map(|row| row.key().clone()).collect();
    let (fields, batch) = key_statements(site, plan, &keys);
    let answers = cx.run(batch).await?;
    settle_keys(&mut rows, &keys, &fields, answers);
    Ok(rows)
}

/// The statements that load the many-to-many keys of rows with these keys, and the fields they are for.
pub(super) fn key_statements(site: &Site, plan: &Planned, keys: &[Value]) -> (Vec<usize>, Vec<Statement>) {
    let ground = Ground::new(site);
    let select = |&at: &usize| {
        let select = ground.pairs(&plan.model, &plan.model.fields[at], keys)?;
        Some((at, Statement::Select(select)))
    };
    plan.many.iter().filter_map(select).unzip()
}

/// Puts pairs of keys where they belong.
pub(super) fn settle_keys(rows: &mut [Row], keys: &[Value], fields: &[usize], answers: Vec<Answer>) {
    let places: HashMap<Hashed<'_>, usize> = keys.iter().enumerate().map(|(at, key)| (Hashed(key), at)).collect();
    for (&field, answer) in fields.iter().zip(answers) {
        for row in rows.iter_mut() {
            row.values[field] = Value::Keys(Vec::new());
        }
        for pair in answer.rows {
            let Ok([near, far]) = <[Value; 2]>::try_from(pair) else { continue };
            // A row that nobody may see has keys too.
            let Some(row) = places.get(&Hashed(&near)).and_then(|&at| rows.get_mut(at)) else { continue };
            if let Value::Keys(keys) = &mut row.values[field] {
                keys.push(far);
            }
        }
    }
}

/// Rows with their labels and computed columns. Each row has its own columns read beside it.
pub(super) fn records(resource: &Resource, plan: &Planned, rows: Vec<Row>, beside: &[Vec<Value>]) -> Vec<Record> {
    let named = |(row, beside): (Row, &Vec<Value>)| named(plan.labels.as_ref(), &resource.columns, row, beside);
    rows.into_iter().zip(beside).map(named).collect()
}

/// A row with its name, the names of the rows it points to, and its computed columns.
pub(super) fn named(labels: Option<&plan::Labels>, columns: &[Column], row: Row, beside: &[Value]) -> Record {
    let label = labels.map(|labels| labels.own(&row.values, beside)).unwrap_or_default();
    let name = |(at, label): (usize, String)| (row.model.fields[at].name.clone(), label);
    let related = labels.map(|labels| labels.related(&row.values, beside).map(name).collect()).unwrap_or_default();
    let computed = columns.iter().filter_map(|column| Some((column.name.clone(), column.of(&row)?))).collect();
    Record { row, label, related, computed }
}

/// The window of everything.
pub(super) const EVERYTHING: Window = Window { offset: 0, limit: None };

/// A key that can be looked up. Keys of one column are of one kind.
pub(super) struct Hashed<'a>(pub(super) &'a Value);

impl PartialEq for Hashed<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}

impl Eq for Hashed<'_> {}

impl Hash for Hashed<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        match self.0 {
            Value::Int(number) => number.hash(state),
            Value::Text(text) => text.hash(state),
            Value::Uuid(uuid) => uuid.hash(state),
            other => other.to_string().hash(state),
        }
    }
}
