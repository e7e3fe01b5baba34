//! Some rows of a source, with everything that is needed of them: one question for the rows, and one for each relation
//! along which something is counted or joined, however many rows there are.

use std::collections::HashMap;
use std::sync::Arc;

use super::{Joined, Part, Source};
use crate::context::Context;
use crate::error::{Error, Missing, Result};
use crate::model::Model;
use crate::query::plan::{self, Linked, Tally};
use crate::query::{Filter, Links, Op, Term, field};
use crate::site::Site;
use crate::store::{Answer, Statement};
use crate::value::Value;

/// So many rows are read, compared and written in one transaction.
pub(super) const BATCH: u64 = 500;

/// What is read of the rows of a source.
pub(super) struct Reach<'f> {
    pub(super) source: &'f Source,
    pub(super) model: Arc<Model>,
    parts: Vec<&'f Part>,
    /// The paths whose ends are read beside each row.
    ends: Vec<String>,
    /// How what is counted is asked for, with the end that has the value that is pointed to.
    counts: Vec<(usize, Tally)>,
    joined: Vec<&'f Joined>,
}

/// Whether everything can be asked that a source needs.
///
/// # Errors
/// What cannot.
pub(crate) fn try_plan(site: &Site, source: &Source) -> Result<()> {
    let reach = Reach::of(site, source)?;
    plan::ends_unasked(site, &reach.model, &source.rows, &reach.ends, None)?;
    reach.joined.iter().try_for_each(|joined| reach.linked(site, joined).map(drop))
}

/// A row of a source: its key, and a value for each part.
pub(super) struct Seen {
    pub(super) key: Value,
    values: Vec<Value>,
}

/// The rows behind a key, in the order of keys.
pub(super) fn behind(after: Option<&Value>) -> Filter {
    after.map_or(Filter::All, |key| field("pk").test(Op::Gt, Term::Value(key.clone())))
}

impl<'f> Reach<'f> {
    pub(super) fn of(site: &Site, source: &'f Source) -> Result<Reach<'f>> {
        let model = site.schema().model(&source.model).ok_or(Error::NotFound(Missing::Model))?.clone();
        let mut reach =
            Reach { source, parts: source.parts(), ends: Vec::new(), counts: Vec::new(), joined: Vec::new(), model };
        for part in reach.parts.clone() {
            match part {
                Part::Path(path) => reach.ends.push(path.clone()),
                Part::Count(path) => {
                    let unknown = || Error::internal(format!("nothing is counted along '{path}'"));
                    let tally = Tally::along(site, &reach.model, path).ok_or_else(unknown)?;
                    let pointed = reach.model.fields[tally.of].name.clone();
                    reach.counts.push((reach.ends.len(), tally));
                    reach.ends.push(pointed);
                }
                Part::Joined(joined) => reach.joined.push(joined),
            }
        }
        Ok(reach)
    }

    /// How many rows there are in all.
    pub(super) fn count(&self, site: &Site) -> Result<Statement> {
        Ok(Statement::Count(plan::ends_unasked(site, &self.model, &self.source.rows, &[], None)?))
    }

    /// The next rows behind a key.
    pub(super) async fn next(&self, cx: &mut Context, after: Option<&Value>) -> Result<Vec<Seen>> {
        let site = cx.site().clone();
        let filter = self.source.rows.clone().and(behind(after));
        let page = plan::ends_unasked(&site, &self.model, &filter, &self.ends, Some(BATCH))?;
        let rows = cx.run_one(Statement::Select(page)).await?.rows;
        let beside = self.beside(&site, &rows)?;
        let answers = if beside.is_empty() { Vec::new() } else { cx.run(beside).await? };
        Ok(self.seen(rows, answers))
    }

    /// The questions for what belongs to rows but is not read beside them: numbers, then texts.
    fn beside(&self, site: &Site, rows: &[Vec<Value>]) -> Result<Vec<Statement>> {
        if rows.is_empty() {
            return Ok(Vec::new());
        }
        let column = |at: usize| rows.iter().filter_map(|row| row.get(at)).cloned().collect::<Vec<Value>>();
        let mut batch: Vec<Statement> = self.counts.iter().map(|(end, tally)| tally.ask(&column(end + 1))).collect();
        for joined in &self.joined {
            batch.push(self.linked(site, joined)?.of(&column(0)));
        }
        Ok(batch)
    }

    fn linked(&self, site: &Site, joined: &Joined) -> Result<Linked> {
        let links = Links { order: joined.order.clone(), ..Links::along(&joined.path) };
        Ok(Linked::new(site, None, &self.model, &links)?)
    }

    /// Rows as the database gave them, with what belongs to them.
    fn seen(&self, rows: Vec<Vec<Value>>, answers: Vec<Answer>) -> Vec<Seen> {
        let mut answers = answers.into_iter();
        let mut counted: Vec<HashMap<String, Value>> = answers.by_ref().take(self.counts.len()).map(numbers).collect();
        let mut texts: Vec<HashMap<String, String>> = self.joined.iter().zip(answers).map(joined).collect();
        let seen = |row: Vec<Value>| {
            let mut row = row.into_iter();
            let key = row.next().unwrap_or(Value::Null);
            let name = key.to_string();
            let (mut ends, mut counted, mut texts) = (row, counted.iter_mut(), texts.iter_mut());
            let value = |part: &&Part| match part {
                Part::Path(_) => ends.next().unwrap_or(Value::Null),
                Part::Count(_) => {
                    let of = ends.next().unwrap_or(Value::Null).to_string();
                    counted.next().and_then(|found| found.remove(&of)).unwrap_or(Value::Int(0))
                }
                Part::Joined(_) => Value::Text(texts.next().and_then(|found| found.remove(&name)).unwrap_or_default()),
            };
            let values = self.parts.iter().map(value).collect();
            Seen { key, values }
        };
        rows.into_iter().map(seen).collect()
    }

    /// Something of a row.
    pub(super) fn value(&self, seen: &Seen, part: &Part) -> Value {
        let at = self.parts.iter().position(|known| *known == part);
        at.and_then(|at| seen.values.get(at)).cloned().unwrap_or(Value::Null)
    }
}

/// Numbers by what they are numbers of.
fn numbers(answer: Answer) -> HashMap<String, Value> {
    let pair = |row: Vec<Value>| <[Value; 2]>::try_from(row).ok();
    answer.rows.into_iter().filter_map(pair).map(|[of, number]| (of.to_string(), number)).collect()
}

/// Texts by the keys of their rows, in the order in which they came.
fn joined((joined, answer): (&&Joined, Answer)) -> HashMap<String, String> {
    let mut texts: HashMap<String, String> = HashMap::new();
    for row in answer.rows {
        let Ok([key, text]) = <[Value; 2]>::try_from(row) else { continue };
        if text.is_null() {
            continue;
        }
        let text = text.to_string();
        let so_far = texts.entry(key.to_string());
        so_far.and_modify(|all| *all = format!("{all}{}{text}", joined.separator)).or_insert(text);
    }
    texts
}
