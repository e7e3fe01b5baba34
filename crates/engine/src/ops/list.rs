//! One page of rows: a count, a page, and the many-to-many keys of the whole page, in as few trips as there can be.

use std::collections::HashMap;
use std::hash::{Hash, Hasher};

use crate::admin::Column;
use crate::context::Context;
use crate::error::{Error, Result};
use crate::model::{Record, RelatedLabels, Row};
use crate::permit;
use crate::principal::Verb;
use crate::query::plan::{self, Pairs, Planned};
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
    let mut plan = plan::plan(&site, cx.who(), resource, &query)?;
    let (rows, total) = read(cx, &site, &mut plan).await?;
    Ok(Page { records: records(resource, &plan, rows), total, window: plan.window })
}

/// The rows of a plan, and how many there are in all, if that was asked.
async fn read(cx: &mut Context, site: &Site, plan: &mut Planned) -> Result<(Rows, Option<u64>)> {
    let way = way(cx, plan).await?;
    if way.batch.is_empty() {
        return Ok((Rows::default(), way.total));
    }
    let (before, (mut rows, mut beside)) = whole(cx, site, plan, way.batch).await?;
    if way.reversed {
        rows.reverse();
        beside.reverse();
    }
    Ok(((rows, beside), total(way.total, &before)?))
}

/// How the page of a plan is reached.
pub(super) struct Way {
    /// What is still to be asked, the page last; nothing where the page is known to be empty.
    pub(super) batch: Vec<Statement>,
    /// How many rows there are in all, if that is known already.
    pub(super) total: Option<u64>,
    /// Whether the rows of the page come from its end to its beginning.
    pub(super) reversed: bool,
}

/// How many rows there are in all: as was known on the way, or as the answer before the page says.
pub(super) fn total(known: Option<u64>, before: &[Answer]) -> Result<Option<u64>> {
    if known.is_some() { Ok(known) } else { before.first().map(number).transpose() }
}

/// The way to the page of a plan. Far from the beginning the total is asked for first.
pub(super) async fn way(cx: &mut Context, plan: &mut Planned) -> Result<Way> {
    let near = |plan: &Planned| Statement::Select(plan.page(plan.window));
    if !plan.counts {
        return Ok(Way { batch: vec![near(plan)], total: None, reversed: false });
    }
    let extent = plan.extent();
    if plan.window.offset < FAR && extent.is_none() {
        return Ok(Way { batch: vec![plan.count(), near(plan)], total: None, reversed: false });
    }
    let asks_extent = extent.is_some();
    let answers = cx.run([plan.count()].into_iter().chain(extent).collect()).await?;
    let total = number(answers.first().unwrap_or(&Answer::default()))?;
    if asks_extent {
        plan.settle(total, answers.get(1).unwrap_or(&Answer::default()));
    }
    let total_known = Some(total);
    if plan.window.offset >= total {
        return Ok(Way { batch: Vec::new(), total: total_known, reversed: false });
    }
    if plan.window.offset < FAR || plan.window.offset <= total / 2 {
        return Ok(Way { batch: vec![near(plan)], total: total_known, reversed: false });
    }
    let page = plan.page_from_end(plan.window, total);
    Ok(Way { batch: vec![Statement::Select(page)], total: total_known, reversed: true })
}

/// The only number of an answer.
pub(super) fn number(answer: &Answer) -> Result<u64> {
    let number = answer.rows.first().and_then(|row| row.first()).and_then(Value::as_int);
    number.and_then(|number| u64::try_from(number).ok()).ok_or_else(|| Error::internal("a count gave no number"))
}

/// Rows, and beside each what its labels need of other tables.
pub(super) type Rows = (Vec<Row>, Vec<Vec<Value>>);

/// Runs statements of which the last is the question for a plan's rows, and one more for each many-to-many field, which
/// has the keys of these rows. Gives the answers before the last, and the rows with everything.
pub(super) async fn whole(
    cx: &mut Context,
    site: &Site,
    plan: &Planned,
    batch: Vec<Statement>,
) -> Result<(Vec<Answer>, Rows)> {
    let asked = batch.len();
    let (pairs, place) = (plan.pairs(site), plan.key_place());
    let fields: Vec<usize> = pairs.iter().map(|pairs| pairs.field).collect();
    let mut answers = if fields.is_empty() {
        cx.run(batch).await?
    } else {
        cx.run_then(batch, Box::new(move |answers| of_rows(pairs, place, answers))).await?
    };
    let pairs = answers.split_off(asked.min(answers.len()));
    let (mut rows, beside) = plan.rows(answers.pop().unwrap_or_default().rows);
    let keys: Vec<Value> = rows.iter().map(|row| row.key().clone()).collect();
    settle_keys(&mut rows, &keys, &fields, pairs);
    Ok((answers, (rows, beside)))
}

/// The rows of an answer to a plan's question, with everything: one more trip where there are many-to-many fields.
pub(super) async fn complete(cx: &mut Context, site: &Site, plan: &Planned, answer: Answer) -> Result<Rows> {
    let (mut rows, beside) = plan.rows(answer.rows);
    let pairs = plan.pairs(site);
    if !pairs.is_empty() && !rows.is_empty() {
        let fields: Vec<usize> = pairs.iter().map(|pairs| pairs.field).collect();
        let keys: Vec<Value> = rows.iter().map(|row| row.key().clone()).collect();
        let answers = cx.run(pairs.into_iter().map(|pairs| pairs.of(&keys)).collect()).await?;
        settle_keys(&mut rows, &keys, &fields, answers);
    }
    Ok((rows, beside))
}

/// The questions for the pairs of the rows that the last answer gave.
fn of_rows(pairs: Vec<Pairs>, place: Option<usize>, answers: &[Answer]) -> Vec<Statement> {
    let rows = answers.last().map(|answer| answer.rows.as_slice()).unwrap_or_default();
    let keys: Vec<Value> = rows.iter().filter_map(|row| row.get(place?)).cloned().collect();
    if keys.is_empty() {
        return Vec::new();
    }
    pairs.into_iter().map(|pairs| pairs.of(&keys)).collect()
}

/// Puts pairs of keys where they belong.
pub(super) fn settle_keys(rows: &mut [Row], keys: &[Value], fields: &[usize], answers: Vec<Answer>) {
    let places = Places::of(keys);
    for (&field, answer) in fields.iter().zip(answers) {
        for row in rows.iter_mut() {
            row.values[field] = Value::Keys(Vec::new());
        }
        for pair in answer.rows {
            let Ok([near, far]) = <[Value; 2]>::try_from(pair) else { continue };
            // A row that nobody may see has keys too.
            let Some(row) = places.find(&near).and_then(|at| rows.get_mut(at)) else { continue };
            if let Value::Keys(keys) = &mut row.values[field] {
                keys.push(far);
            }
        }
    }
}

/// Where the row of each key is. Whole numbers, which most keys are, need no hashing.
pub(super) enum Places<'a> {
    Numbers(Vec<(i64, usize)>),
    Others(HashMap<Hashed<'a>, usize>),
}

impl<'a> Places<'a> {
    pub(super) fn of(keys: &'a [Value]) -> Places<'a> {
        let places = || keys.iter().enumerate();
        match places().map(|(at, key)| Some((key.as_int()?, at))).collect::<Option<Vec<_>>>() {
            Some(mut numbers) => {
                numbers.sort_unstable();
                Places::Numbers(numbers)
            }
            None => Places::Others(places().map(|(at, key)| (Hashed(key), at)).collect()),
        }
    }

    pub(super) fn find(&self, key: &Value) -> Option<usize> {
        match self {
            Places::Numbers(numbers) => {
                let number = key.as_int()?;
                let found = numbers.binary_search_by_key(&number, |(known, _)| *known).ok()?;
                Some(numbers[found].1)
            }
            Places::Others(places) => places.get(&Hashed(key)).copied(),
        }
    }
}

/// Rows with their labels and computed columns. Each row has its own columns read beside it.
pub(super) fn records(resource: &Resource, plan: &Planned, (rows, beside): Rows) -> Vec<Record> {
    let named = |(row, beside): (Row, Vec<Value>)| named(plan.labels.as_ref(), &resource.columns, row, &beside);
    rows.into_iter().zip(beside).map(named).collect()
}

/// A row with its name, the names of the rows it points to, and its computed columns.
pub(super) fn named(labels: Option<&plan::Labels>, columns: &[Column], row: Row, beside: &[Value]) -> Record {
    let label = labels.map(|labels| labels.own(&row.values, beside)).unwrap_or_default();
    let related = labels.map(|labels| labels.related(&row.values, beside).collect()).unwrap_or_default();
    let related = RelatedLabels::new(row.model.clone(), related);
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
