//! Many new rows from somewhere else. Every one is made as a form would make it: permit, rules, hooks, audit record.

use std::sync::Arc;

use super::create;
use crate::context::{Context, Origin};
use crate::error::{Error, Result};
use crate::form::Payload;
use crate::model::ModelKey;
use crate::permit;
use crate::principal::{Principal, Verb};
use crate::site::Site;

/// So many rows are made between two commits: a commit costs more than a row.
const CHUNK: usize = 500;

/// Which rows stay.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keep {
    /// Each that could be made: a bad one does no harm to others.
    Good,
    /// All, or none if one is bad. One transaction holds them until the end.
    All,
    /// None: a rehearsal. One transaction holds them until the end.
    Nothing,
}

/// A row that was not made.
#[derive(Debug)]
pub struct Refusal {
    /// Its number, as it was given.
    pub number: u64,
    /// Why.
    pub error: Error,
}

/// Rows on their way in.
///
/// Rows that may stay alone are made some hundred in a transaction, as if each had one of its own: when one of them
/// fails, the transaction is undone and the same rows are made once more, each behind a mark that a failure returns to.
/// A hook may therefore be called twice for a row that is made once.
pub struct Import {
    site: Site,
    who: Arc<Principal>,
    origin: Origin,
    model: ModelKey,
    keep: Keep,
    waiting: Vec<(u64, Payload)>,
    /// The transaction that holds everything, where one does.
    held: Option<Context>,
    made: u64,
    refused: u64,
    /// Whether the rows before were bad: then marks are set from the start.
    wary: bool,
}

impl std::fmt::Debug for Import {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Import").field("model", &self.model).field("made", &self.made).finish_non_exhaustive()
    }
}

/// Prepares an import.
///
/// # Errors
/// [`Error::NotFound`] for an unknown model, [`Error::Forbidden`], [`Error::Unavailable`].
pub async fn import(
    site: &Site,
    who: &Arc<Principal>,
    origin: &Origin,
    model: &ModelKey,
    keep: Keep,
) -> Result<Import> {
    let cx = site.read(who.clone(), origin.clone()).await?;
    permit::ask(&cx, site.resource(model)?, Verb::Add, None)?;
    let held = match keep {
        Keep::Good => None,
        Keep::All | Keep::Nothing => Some(site.write(who.clone(), origin.clone()).await?),
    };
    Ok(Import {
        site: site.clone(),
        who: who.clone(),
        origin: origin.clone(),
        model: model.clone(),
        keep,
        waiting: Vec::with_capacity(CHUNK),
        held,
        made: 0,
        refused: 0,
        wary: false,
    })
}

impl Import {
    /// How many rows were made; they stay as [`Keep`] says.
    #[must_use]
    pub fn made(&self) -> u64 {
        self.made
    }

    /// How many rows were refused.
    #[must_use]
    pub fn refused(&self) -> u64 {
        self.refused
    }

    /// Takes a row. Rows are made some at a time, and those of them that were refused are given back then.
    ///
    /// # Errors
    /// [`Error::Unavailable`]: the rows that wait were not made.
    pub async fn add(&mut self, number: u64, payload: Payload) -> Result<Vec<Refusal>> {
        self.waiting.push((number, payload));
        if self.waiting.len() < CHUNK { Ok(Vec::new()) } else { self.settle().await }
    }

    /// Makes the rows that wait, then ends: what is to stay stays, and the rows of a rehearsal go. The numbers made and
    /// refused are true afterwards.
    ///
    /// # Errors
    /// [`Error::Unavailable`]: the rows that wait were not made, and none stays of those that are kept all or not at all;
    /// with [`Keep::All`] what the database says to the commit.
    pub async fn finish(&mut self) -> Result<Vec<Refusal>> {
        let refusals = self.settle().await?;
        if let Some(held) = self.held.take()
            && self.keep == Keep::All
            && self.refused == 0
        {
            held.commit().await?;
        }
        Ok(refusals)
    }

    /// Makes the rows that wait.
    async fn settle(&mut self) -> Result<Vec<Refusal>> {
        let waiting = std::mem::take(&mut self.waiting);
        if waiting.is_empty() {
            return Ok(Vec::new());
        }
        let count = waiting.len() as u64;
        let refusals = match self.held.take() {
            Some(mut held) => {
                let refusals = self.within(&mut held, waiting).await?;
                self.held = Some(held);
                refusals
            }
            None if self.keep == Keep::Good => self.apart(waiting).await?,
            // The transaction that held everything was lost before.
            None => return Err(Error::Unavailable),
        };
        self.wary = !refusals.is_empty();
        self.refused += refusals.len() as u64;
        self.made += count - refusals.len() as u64;
        Ok(refusals)
    }

    /// Makes rows in a transaction of their own.
    async fn apart(&mut self, rows: Vec<(u64, Payload)>) -> Result<Vec<Refusal>> {
        let mut cx = self.begin().await?;
        if !self.wary {
            if self.all(&mut cx, &rows).await? {
                match cx.commit().await {
                    Ok(()) => return Ok(Vec::new()),
                    Err(Error::Unavailable) => return Err(Error::Unavailable),
                    // What is only judged at the end: the row that it is about is found by making them one by one.
                    Err(_) => return self.alone(rows).await,
                }
            }
            drop(cx);
            cx = self.begin().await?;
        }
        let refusals = self.each(&mut cx, rows.clone()).await?;
        match cx.commit().await {
            Ok(()) => Ok(refusals),
            Err(Error::Unavailable) => Err(Error::Unavailable),
            Err(_) => self.alone(rows).await,
        }
    }

    /// Makes rows within a transaction that holds others, too.
    async fn within(&mut self, held: &mut Context, rows: Vec<(u64, Payload)>) -> Result<Vec<Refusal>> {
        if !self.wary {
            held.mark().await?;
            if self.all(held, &rows).await? {
                held.keep().await?;
                return Ok(Vec::new());
            }
            held.undo().await?;
        }
        self.each(held, rows).await
    }

    async fn begin(&mut self) -> Result<Context> {
        self.site.write(self.who.clone(), self.origin.clone()).await
    }

    /// Whether all rows could be made.
    async fn all(&mut self, cx: &mut Context, rows: &[(u64, Payload)]) -> Result<bool> {
        for (_, payload) in rows {
            match create::create(cx, &self.model, payload.clone()).await {
                Ok(_) => {}
                Err(Error::Unavailable) => return Err(Error::Unavailable),
                Err(_) => return Ok(false),
            }
        }
        Ok(true)
    }

    /// Makes each row that can be made, within one transaction.
    async fn each(&mut self, cx: &mut Context, rows: Vec<(u64, Payload)>) -> Result<Vec<Refusal>> {
        let mut refusals = Vec::new();
        for (number, payload) in rows {
            cx.mark().await?;
            let made = match create::create(cx, &self.model, payload).await {
                Ok(_) => cx.keep().await,
                Err(error) => Err(error),
            };
            match made {
                Ok(()) => {}
                Err(Error::Unavailable) => return Err(Error::Unavailable),
                Err(error) => {
                    cx.undo().await?;
                    refusals.push(Refusal { number, error });
                }
            }
        }
        Ok(refusals)
    }

    /// Makes each row that can be made, in a transaction for each: where a rule is only judged by the commit.
    async fn alone(&mut self, rows: Vec<(u64, Payload)>) -> Result<Vec<Refusal>> {
        let mut refusals = Vec::new();
        for (number, payload) in rows {
            let mut cx = self.begin().await?;
            let made = match create::create(&mut cx, &self.model, payload).await {
                Ok(_) => cx.commit().await,
                Err(error) => Err(error),
            };
            match made {
                Ok(()) => {}
                Err(Error::Unavailable) => return Err(Error::Unavailable),
                Err(error) => refusals.push(Refusal { number, error }),
            }
        }
        Ok(refusals)
    }
}
