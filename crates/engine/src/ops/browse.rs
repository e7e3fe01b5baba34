//! A changelist: a page of rows with everything that stands around it, in as few trips as there can be.

use std::collections::HashMap;

use super::list::{EVERYTHING, Hashed, number};
use crate::admin::column::Source;
use crate::context::Context;
use crate::error::{Error, Result};
use crate::model::{ModelKey, Row};
use crate::permit;
use crate::principal::Verb;
use crate::query::plan::{self, Calendar, Labels, Planned, Tally};
use crate::query::{Filter, Query};
use crate::site::{Resource, Site};
use crate::store::statement::Span;
use crate::store::{Answer, Statement};
use crate::value::Value;

/// From this offset on it pays to know the total first: the page may be nearer to the other end.
const FAR: u64 = 1_000;

/// What is asked of a changelist.
#[derive(Debug, Clone)]
pub struct Browse {
    /// The rows, with the paths to be read beside them.
    pub query: Query,
    /// The positions of the resource's columns that are numbers of rows.
    pub counts: Vec<usize>,
    /// Whether all rows that who asks may know of are counted, too.
    pub whole: bool,
    /// Everything is given where there are at most so many rows, whatever the window.
    pub everything: Option<u64>,
    /// The date field whose years, months or days are counted.
    pub buckets: Option<(String, Span)>,
    /// Rows to choose from, by model, whoever asks.
    pub choices: Vec<(ModelKey, Filter)>,
    /// With more rows to choose from than this, there is no choice.
    pub most_choices: u64,
}

/// A changelist.
#[derive(Debug)]
pub struct Browsed {
    /// The page.
    pub rows: Vec<Seen>,
    /// How many rows there are.
    pub total: u64,
    /// How many there are in all, if that was asked.
    pub whole: Option<u64>,
    /// Whether everything was given.
    pub everything: bool,
    /// How many rows there are in each year, month or day.
    pub buckets: Vec<(i64, u64)>,
    /// The rows to choose from; `None` where there are too many.
    pub choices: Vec<Option<Vec<(Value, String)>>>,
}

/// A row of a changelist.
#[derive(Debug)]
pub struct Seen {
    /// The row, with the fields that were asked for.
    pub row: Row,
    /// How it is called.
    pub label: String,
    /// How the rows are called that it points to, by the positions of fields.
    pub related: Vec<(usize, String)>,
    /// What is at the end of each path; where a row is, how it is called too.
    pub paths: Vec<(Value, Option<String>)>,
    /// The numbers of rows that point to it.
    pub counts: Vec<u64>,
}

/// A changelist of the rows that who asks may know of.
///
/// # Errors
/// As [`super::list`].
pub async fn browse(cx: &mut Context, asked: &Browse) -> Result<Browsed> {
    let site = cx.site().clone();
    let resource = site.resource(&asked.query.model)?;
    permit::ask(cx, resource, Verb::View, None)?;
    let mut plan = plan::plan(&site, cx.who(), resource, &asked.query)?;
    let extent = plan.extent();
    let (walks, early) =
        (extent.is_some(), extent.is_some() || asked.everything.is_some() || plan.window.offset >= FAR);
    let choices = of_choices(&site, asked)?;
    let mut batch = vec![plan.count()];
    batch.extend(extent);
    batch.extend(of_whole(cx, &site, resource, asked)?);
    let calendar = calendar(cx, &site, resource, asked)?;
    match &calendar {
        Some(calendar) if calendar.indexed => batch.extend(calendar.ends()),
        Some(calendar) => batch.push(calendar.grouped()),
        None => {}
    }
    batch.extend(choices.iter().map(|plan| Statement::Select(plan.page(EVERYTHING))));
    if !early {
        batch.push(Statement::Select(plan.page(plan.window)));
    }
    let mut answers = cx.run(batch).await?.into_iter();
    let mut next = || answers.next().unwrap_or_default();
    let total = number(&next())?;
    if walks {
        plan.settle(total, &next());
    }
    let whole = if asked.whole { Some(number(&next())?) } else { None };
    let dated: Vec<Answer> = match &calendar {
        Some(calendar) if calendar.indexed => vec![next(), next()],
        Some(_) => vec![next()],
        None => Vec::new(),
    };
    let choices = choices.iter().map(|plan| choose(plan, next(), asked.most_choices)).collect();
    let everything = asked.everything.is_some_and(|most| total <= most);
    let raw = if early { late(cx, &plan, total, everything).await? } else { next().rows };
    let rows = see(cx, &site, resource, asked, &plan, raw).await?;
    let buckets = match &calendar {
        Some(calendar) => buckets(cx, calendar, &dated).await?,
        None => Vec::new(),
    };
    Ok(Browsed { rows, total, whole, everything, buckets, choices })
}

/// The question how many rows there are in all.
fn of_whole(cx: &Context, site: &Site, resource: &Resource, asked: &Browse) -> Result<Option<Statement>> {
    if !asked.whole {
        return Ok(None);
    }
    let query = Query { labels: false, fields: Some(Vec::new()), ..Query::all(resource.model.key.clone()) };
    Ok(Some(plan::plan(site, cx.who(), resource, &query)?.count()))
}

fn of_choices(site: &Site, asked: &Browse) -> Result<Vec<Planned>> {
    let plan = |(model, filter): &(ModelKey, Filter)| {
        let resource = site.resource(model)?;
        Ok(plan::choices(site, resource, filter, asked.most_choices)?)
    };
    asked.choices.iter().map(plan).collect()
}

fn choose(plan: &Planned, answer: Answer, most: u64) -> Option<Vec<(Value, String)>> {
    let (rows, beside) = plan.rows(answer.rows);
    let named = |(row, beside): (Row, Vec<Value>)| {
        let label = plan.labels.as_ref().map(|labels| labels.own(&row.values, &beside)).unwrap_or_default();
        (row.key().clone(), label)
    };
    let fits = u64::try_from(rows.len()).is_ok_and(|count| count <= most);
    fits.then(|| rows.into_iter().zip(beside).map(named).collect())
}

fn calendar(cx: &Context, site: &Site, resource: &Resource, asked: &Browse) -> Result<Option<Calendar>> {
    let Some((field, span)) = &asked.buckets else { return Ok(None) };
    Ok(Some(Calendar::of(site, cx.who(), resource, &asked.query, (field, *span))?))
}

/// The numbers of rows by year, month or day: as the database grouped them, or between the first moment and the last.
async fn buckets(cx: &mut Context, calendar: &Calendar, answers: &[Answer]) -> Result<Vec<(i64, u64)>> {
    let [first, last] = answers else { return Ok(answers.first().map(pairs).unwrap_or_default()) };
    let only = |answer: &Answer| answer.rows.first().and_then(|row| row.first()).cloned().unwrap_or(Value::Null);
    let (first, last) = (only(first), only(last));
    if first.is_null() {
        return Ok(Vec::new());
    }
    let Some(parts) = calendar.parts((&first, &last)) else {
        return Ok(pairs(&cx.run_one(calendar.grouped()).await?));
    };
    let (numbers, questions): (Vec<i64>, Vec<Statement>) = parts.into_iter().unzip();
    let counts = cx.run(questions).await?;
    let counts: Vec<u64> = counts.iter().map(number).collect::<Result<_>>()?;
    Ok(numbers.into_iter().zip(counts).filter(|(_, count)| *count > 0).collect())
}

fn pairs(answer: &Answer) -> Vec<(i64, u64)> {
    let pair = |row: &Vec<Value>| Some((row.first()?.as_int()?, u64::try_from(row.get(1)?.as_int()?).ok()?));
    answer.rows.iter().filter_map(pair).collect()
}

/// The rows of a page whose total is known: from the end that is nearer.
async fn late(cx: &mut Context, plan: &Planned, total: u64, everything: bool) -> Result<Vec<Vec<Value>>> {
    let window = if everything { EVERYTHING } else { plan.window };
    if window.offset >= total {
        return Ok(Vec::new());
    }
    if window.offset < FAR || window.offset <= total / 2 {
        return Ok(cx.run_one(Statement::Select(plan.page(window))).await?.rows);
    }
    let mut rows = cx.run_one(Statement::Select(plan.page_from_end(window, total))).await?.rows;
    rows.reverse();
    Ok(rows)
}

async fn see(
    cx: &mut Context,
    site: &Site,
    resource: &Resource,
    asked: &Browse,
    plan: &Planned,
    raw: Vec<Vec<Value>>,
) -> Result<Vec<Seen>> {
    let (rows, beside) = plan.rows(raw);
    let labels = plan.labels.as_ref().ok_or_else(|| Error::internal("a changelist without labels"))?;
    let counts = counts(cx, site, resource, &asked.counts, &rows).await?;
    let rows = rows.into_iter().zip(beside).zip(counts);
    Ok(rows.map(|((row, beside), counts)| seen(labels, row, &beside, counts)).collect())
}

fn seen(labels: &Labels, row: Row, beside: &[Value], counts: Vec<u64>) -> Seen {
    let label = labels.own(&row.values, beside);
    let related = labels.related(&row.values, beside).collect();
    let paths = labels.paths(&row.values, beside);
    Seen { row, label, related, paths, counts }
}

/// The numbers of rows that point to each row, for each column: one statement a column, all in one trip.
async fn counts(
    cx: &mut Context,
    site: &Site,
    resource: &Resource,
    columns: &[usize],
    rows: &[Row],
) -> Result<Vec<Vec<u64>>> {
    let mut counts = vec![vec![0; columns.len()]; rows.len()];
    if rows.is_empty() || columns.is_empty() {
        return Ok(counts);
    }
    let tallies: Vec<Option<Tally>> = columns.iter().map(|&at| tally(site, resource, at)).collect();
    let values = |tally: &Tally| rows.iter().map(|row| row.values[tally.of].clone()).collect::<Vec<_>>();
    let batch = tallies.iter().flatten().map(|tally| tally.ask(&values(tally))).collect();
    let mut answers = cx.run(batch).await?.into_iter();
    for (column, tally) in tallies.iter().enumerate() {
        let Some(tally) = tally else { continue };
        let found = answers.next().unwrap_or_default().rows;
        let found: HashMap<Hashed<'_>, u64> = found.iter().filter_map(|row| counted(row)).collect();
        for (row, counts) in rows.iter().zip(&mut counts) {
            counts[column] = found.get(&Hashed(&row.values[tally.of])).copied().unwrap_or(0);
        }
    }
    Ok(counts)
}

fn counted(row: &[Value]) -> Option<(Hashed<'_>, u64)> {
    Some((Hashed(row.first()?), u64::try_from(row.get(1)?.as_int()?).ok()?))
}

fn tally(site: &Site, resource: &Resource, column: usize) -> Option<Tally> {
    let Source::Count { model, field } = &resource.columns.get(column)?.source else { return None };
    Tally::of(site, &resource.model, site.schema().model(model)?, field)
}
