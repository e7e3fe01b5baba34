//! An excerpt of a page of rows: the ends of paths, and lists of what is linked, one question each for the whole page.

use crate::context::Context;
use crate::error::Result;
use crate::permit;
use crate::principal::{Principal, Verb};
use crate::query::plan::{self, Linked};
use crate::query::{Excerpt, Extract, Extracted, Query};
use crate::site::{Resource, Site};
use crate::store::{Answer, Statement};
use crate::value::Value;

use super::list::{self, Places};

/// An excerpt of a page of the rows that who asks may know of. What a query says of fields and labels does not matter.
///
/// # Errors
/// [`crate::Error::NotFound`] for a model that is not registered, [`crate::Error::Forbidden`],
/// [`crate::Error::BadQuery`] for a path that leads nowhere, or to something hidden.
pub async fn excerpt(cx: &mut Context, query: &Query, what: &Excerpt) -> Result<Extract> {
    let site = cx.site().clone();
    let resource = site.resource(&query.model)?;
    permit::ask(cx, resource, Verb::View, None)?;
    let mut plan = plan::plan_ends(&site, cx.who(), resource, query, &what.columns)?;
    let linked = linked(&site, cx.who(), resource, what)?;
    let way = list::way(cx, &mut plan).await?;
    if way.batch.is_empty() {
        return Ok(Extract { rows: Vec::new(), total: way.total, window: plan.window });
    }
    let asked = way.batch.len();
    let mut answers = if linked.is_empty() {
        cx.run(way.batch).await?
    } else {
        cx.run_then(way.batch, Box::new(move |answers| of_rows(linked, answers))).await?
    };
    let lists = answers.split_off(asked.min(answers.len()));
    let mut rows: Vec<Extracted> =
        answers.pop().unwrap_or_default().rows.into_iter().map(|raw| row(raw, what.links.len())).collect();
    if way.reversed {
        rows.reverse();
    }
    settle(&mut rows, lists);
    Ok(Extract { rows, total: list::total(way.total, &answers)?, window: plan.window })
}

/// Whether an excerpt can be read of a resource in the order of a query, whoever asks.
///
/// # Errors
/// [`crate::Error::BadQuery`] with the first path that leads nowhere, or to something hidden.
pub fn try_excerpt(site: &Site, resource: &Resource, query: &Query, what: &Excerpt) -> Result<()> {
    let nobody = Principal::anonymous();
    plan::plan_ends(site, &nobody, resource, query, &what.columns)?;
    linked(site, &nobody, resource, what).map(drop)
}

fn linked(site: &Site, who: &Principal, resource: &Resource, what: &Excerpt) -> Result<Vec<Linked>> {
    what.links.iter().map(|links| Ok(Linked::new(site, Some(who), &resource.model, links)?)).collect()
}

/// The questions for what is linked to the rows that the last answer gave: their keys stand first.
fn of_rows(linked: Vec<Linked>, answers: &[Answer]) -> Vec<Statement> {
    let rows = answers.last().map(|answer| answer.rows.as_slice()).unwrap_or_default();
    let keys: Vec<Value> = rows.iter().filter_map(|row| row.first()).cloned().collect();
    if keys.is_empty() { Vec::new() } else { linked.into_iter().map(|linked| linked.of(&keys)).collect() }
}

/// A row as the database gave it: its key, and then its columns.
fn row(raw: Vec<Value>, lists: usize) -> Extracted {
    let mut values = raw.into_iter();
    let key = values.next().unwrap_or(Value::Null);
    Extracted { key, values: values.collect(), links: vec![Vec::new(); lists] }
}

/// Puts what is linked where it belongs; a link that leads nowhere is none.
fn settle(rows: &mut [Extracted], lists: Vec<Answer>) {
    let keys: Vec<Value> = rows.iter().map(|row| row.key.clone()).collect();
    let places = Places::of(&keys);
    for (list, answer) in lists.into_iter().enumerate() {
        for pair in answer.rows {
            let Ok([near, far]) = <[Value; 2]>::try_from(pair) else { continue };
            if let Some(at) = places.find(&near).filter(|_| !far.is_null()) {
                rows[at].links[list].push(far);
            }
        }
    }
}
