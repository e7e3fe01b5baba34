//! A feed run: rows without a source go, then each source is read, compared with what is there, and written. Each batch
//! is a transaction of its own, so that nobody waits for long and a run that breaks off has done no harm.

use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use jiff::Timestamp;

use super::batch::{BATCH, Reach, Seen, behind};
use super::rule::{Clock, number};
use super::target::{Kept, KeyText, SourceKey, Target, matching, text_of};
use super::{Content, Feed, Source};
use crate::context::{Context, Origin};
use crate::error::{Error, Missing, Result};
use crate::principal::Principal;
use crate::query::Filter;
use crate::query::plan;
use crate::search::SearchIndex;
use crate::site::Site;
use crate::store::Statement;
use crate::value::Value;

/// How a feed is run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct How {
    /// The moment from which ages are counted, and that new and changed rows are given.
    pub at: Timestamp,
    /// Whether everything is only read, to say what would be done.
    pub rehearsal: bool,
}

/// What a run did, in rows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Fed {
    /// Made.
    pub new: u64,
    /// Made different.
    pub changed: u64,
    /// Left as they were.
    pub unchanged: u64,
    /// Removed.
    pub removed: u64,
    /// Rows of sources that cannot be put into the table: without a key, with that of another row, or with nothing for
    /// a field that must have something.
    pub left_out: u64,
}

/// How many rows a run looks at.
///
/// # Errors
/// [`Error::NotFound`] for a search without a feed, and what the database says.
pub async fn total(site: &Site, index: &SearchIndex) -> Result<u64> {
    let feed = declared(index)?;
    let target = Target::of(site, index, feed)?;
    let whole = plan::ends_unasked(site, &target.model, &Filter::All, &[], None)?;
    let mut batch = vec![Statement::Count(whole)];
    for source in &feed.sources {
        batch.push(Reach::of(site, source)?.count(site)?);
    }
    let mut cx = site.read(nobody(), Origin::default()).await?;
    let counts = cx.run(batch).await?;
    let numbers = counts.iter().flat_map(|answer| &answer.rows).flatten().filter_map(Value::as_int);
    Ok(numbers.filter_map(|number| u64::try_from(number).ok()).sum())
}

/// Fills the table that a search is over from the sources of its feed: rows that no source has are removed, new ones
/// made, others changed where they differ; a row that does not stays as it is. `told` hears how many rows were looked at
/// since it last did.
///
/// The memory is that of some hundred rows, the questions those of as many rows at a time. Nobody is asked whether they
/// may, and no record is kept: what is fed is a copy.
///
/// # Errors
/// [`Error::NotFound`] for a search without a feed, and what the database says; the batches before are done.
pub async fn feed(site: &Site, index: &SearchIndex, how: How, told: &mut (dyn FnMut(u64) + Send)) -> Result<Fed> {
    let feed = declared(index)?;
    let target = Target::of(site, index, feed)?;
    let clock = Clock { at: how.at, zone: site.zone().clone() };
    let mut run = Run { site, feed, target, how, clock, highest: HashMap::new(), fed: Fed::default() };
    run.remove_stale(told).await?;
    for source in &feed.sources {
        run.source(source, told).await?;
    }
    Ok(run.fed)
}

fn declared(index: &SearchIndex) -> Result<&Feed> {
    index.feed.as_ref().ok_or(Error::NotFound(Missing::Other))
}

/// A feed asks for nobody.
fn nobody() -> Arc<Principal> {
    Arc::new(Principal::anonymous())
}

/// A run under way.
struct Run<'f> {
    site: &'f Site,
    feed: &'f Feed,
    target: Target,
    how: How,
    clock: Clock,
    /// The highest numbers so far, by source and field.
    highest: HashMap<(String, String), f64>,
    fed: Fed,
}

impl Run<'_> {
    async fn open(&self) -> Result<Context> {
        match self.how.rehearsal {
            true => self.site.read(nobody(), Origin::default()).await,
            false => self.site.write(nobody(), Origin::default()).await,
        }
    }

    /// Writes a batch and ends its transaction.
    async fn settle(&self, mut cx: Context, batch: Vec<Statement>) -> Result<()> {
        if self.how.rehearsal || batch.is_empty() {
            return Ok(());
        }
        cx.run(batch).await?;
        cx.commit().await
    }

    /// Removes the rows that no source has, from the first key to the last.
    async fn remove_stale(&mut self, told: &mut (dyn FnMut(u64) + Send)) -> Result<()> {
        let names = self.target.key_names();
        let mut after: Option<Value> = None;
        loop {
            let mut cx = self.open().await?;
            let page = plan::ends_unasked(self.site, &self.target.model, &behind(after.as_ref()), &names, Some(BATCH))?;
            let rows = cx.run_one(Statement::Select(page)).await?.rows;
            let rows: Vec<Kept> = rows.into_iter().filter_map(kept).collect();
            let Some(last) = rows.last() else { return Ok(()) };
            after = Some(last.key.clone());
            let known = self.known(&mut cx, &rows).await?;
            let is_stale = |row: &&Kept| text_of(&row.values).is_none_or(|key| !known.contains(&key));
            let stale: Vec<Value> = rows.iter().filter(is_stale).map(|row| row.key.clone()).collect();
            self.fed.removed += stale.len() as u64;
            let batch = if stale.is_empty() { Vec::new() } else { vec![self.target.delete(&stale)] };
            self.settle(cx, batch).await?;
            told(rows.len() as u64);
        }
    }

    /// Which of these keys sources have: one question for each source.
    async fn known(&self, cx: &mut Context, rows: &[Kept]) -> Result<HashSet<KeyText>> {
        let (mut asked, mut batch) = (Vec::new(), Vec::new());
        for source in &self.feed.sources {
            let key = SourceKey::of(&self.target, source);
            let own = rows.iter().map(|row| &row.values).filter(|values| key.is_of(values));
            let own: Vec<Vec<Value>> = own.filter(|values| text_of(values).is_some()).cloned().collect();
            let model = self.site.schema().model(&source.model).ok_or(Error::NotFound(Missing::Model))?;
            if !own.is_empty() {
                let paths: Vec<String> = key.paths.iter().map(|(_, path)| path.clone()).collect();
                let filter = source.rows.clone().and(key.rows(&own));
                batch.push(Statement::Select(plan::ends_unasked(self.site, model, &filter, &paths, None)?));
                asked.push(key);
            }
        }
        let answers = if batch.is_empty() { Vec::new() } else { cx.run(batch).await? };
        let mut known = HashSet::new();
        for (key, answer) in asked.iter().zip(answers) {
            let ends = answer.rows.into_iter().map(|row| row.into_iter().skip(1).collect());
            known.extend(ends.filter_map(|ends| key.text(&self.target, ends)));
        }
        Ok(known)
    }

    /// Feeds the rows of a source, from the first key to the last.
    async fn source(&mut self, source: &Source, told: &mut (dyn FnMut(u64) + Send)) -> Result<()> {
        let reach = Reach::of(self.site, source)?;
        let mut after: Option<Value> = None;
        loop {
            let mut cx = self.open().await?;
            let seen = reach.next(&mut cx, after.as_ref()).await?;
            let Some(last) = seen.last() else { return Ok(()) };
            after = Some(last.key.clone());
            let count = seen.len() as u64;
            let filled = self.filled(&reach, &seen);
            self.fed.left_out += count - filled.len() as u64;
            let batch = self.compared(&mut cx, filled).await?;
            self.settle(cx, batch).await?;
            told(count);
        }
    }

    /// Rows as they are to be, by their keys in the order of their source. Of two with one key the first counts.
    fn filled(&mut self, reach: &Reach<'_>, seen: &[Seen]) -> Vec<(Vec<Value>, KeyText, Vec<Value>)> {
        let mut taken = HashSet::new();
        let mut all = Vec::with_capacity(seen.len());
        for row in seen {
            let read = |name: &str, content: &Content| self.read(reach, row, name, content);
            let Some(values) = self.target.filled(reach.source, read) else { continue };
            let Some((key, text)) = self.target.key_of(&values) else { continue };
            if taken.insert(text.clone()) {
                self.note(&reach.source.name, &values);
                all.push((key, text, values));
            }
        }
        all
    }

    /// What is to be in a field.
    fn read(&self, reach: &Reach<'_>, seen: &Seen, name: &str, content: &Content) -> Value {
        match content {
            Content::Constant(value) => value.clone(),
            Content::Part(part) => reach.value(seen, part),
            Content::Score(score) => {
                let begin = score.begin.as_ref().map_or(0.0, |begin| {
                    let highest = self.highest.get(&(begin.source.clone(), name.to_owned()));
                    highest.copied().unwrap_or(begin.otherwise)
                });
                Value::Float(score.of(|part| reach.value(seen, part), begin, &self.clock))
            }
        }
    }

    /// Notes numbers that others begin with.
    fn note(&mut self, source: &str, values: &[Value]) {
        for (name, value) in self.target.names.iter().zip(values) {
            if self.feed.is_begun_with(source, name) {
                let highest = self.highest.entry((source.to_owned(), name.clone())).or_insert(f64::NEG_INFINITY);
                *highest = highest.max(number(value));
            }
        }
    }

    /// What is to be written so that rows are as they are to be.
    async fn compared(
        &mut self,
        cx: &mut Context,
        filled: Vec<(Vec<Value>, KeyText, Vec<Value>)>,
    ) -> Result<Vec<Statement>> {
        let keys: Vec<Vec<Value>> = filled.iter().map(|(key, ..)| key.clone()).collect();
        let (mut there, doubles) = self.there(cx, &keys).await?;
        let mut batch = Vec::new();
        if !doubles.is_empty() {
            self.fed.removed += doubles.len() as u64;
            batch.push(self.target.delete(&doubles));
        }
        let mut new = Vec::new();
        for (_, text, values) in filled {
            let Some(kept) = there.remove(&text) else {
                new.push(values);
                continue;
            };
            let changes = self.target.changes(&kept.values, &values);
            if changes.is_empty() {
                self.fed.unchanged += 1;
            } else {
                self.fed.changed += 1;
                batch.push(self.target.update(&kept.key, &values, &changes, self.how.at));
            }
        }
        self.fed.new += new.len() as u64;
        batch.extend(self.made(cx, &new).await?);
        Ok(batch)
    }

    /// The rows that are there by their keys, and the keys of those that are there twice.
    async fn there(&self, cx: &mut Context, keys: &[Vec<Value>]) -> Result<(HashMap<KeyText, Kept>, Vec<Value>)> {
        let filter = matching(&self.target.key_names(), keys);
        let select = plan::ends_unasked(self.site, &self.target.model, &filter, &self.target.names, None)?;
        let rows = cx.run_one(Statement::Select(select)).await?.rows;
        let (mut there, mut doubles) = (HashMap::new(), Vec::new());
        for row in rows.into_iter().filter_map(kept) {
            let Some((_, text)) = self.target.key_of(&row.values) else { continue };
            match there.entry(text) {
                Entry::Occupied(_) => doubles.push(row.key),
                Entry::Vacant(free) => drop(free.insert(row)),
            }
        }
        Ok((there, doubles))
    }

    /// The statements that make rows.
    async fn made(&self, cx: &mut Context, new: &[Vec<Value>]) -> Result<Vec<Statement>> {
        let mut last = None;
        if let Some(question) = self.target.last_number().filter(|_| !new.is_empty()) {
            let answer = cx.run_one(question).await?;
            last = Some(answer.rows.iter().flatten().next().and_then(Value::as_int).unwrap_or(0));
        }
        let next = |(at, values): (usize, &Vec<Value>)| {
            let number = last.and_then(|last| last.checked_add(1 + i64::try_from(at).ok()?));
            self.target.insert(values, number, self.how.at)
        };
        Ok(new.iter().enumerate().map(next).collect())
    }
}

/// A row as the database gave it: its key, and then its fields.
fn kept(row: Vec<Value>) -> Option<Kept> {
    let mut values = row.into_iter();
    Some(Kept { key: values.next()?, values: values.collect() })
}
