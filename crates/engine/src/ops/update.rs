//! Changing a row.

use indexmap::IndexMap;
use jiff::tz::Offset;

use super::{children, create, find, save};
use crate::admin::Event;
use crate::audit::{self, Deed};
use crate::context::Context;
use crate::error::{Conflict, Error, Result};
use crate::form::{self, Entered, Payload};
use crate::model::{ModelKey, Record, Row};
use crate::permit;
use crate::principal::Verb;
use crate::value::Raw;

/// A row that was saved, as who saved it sees it.
#[derive(Debug, Clone)]
pub struct Saved {
    /// The row with its values as they were entered: a number with the digits that were typed.
    pub record: Record,
    /// The offsets from UTC of instants as they were entered, by field.
    pub offsets: IndexMap<String, Offset>,
    /// The version that is stored.
    pub version: String,
}

impl Saved {
    fn new(mut record: Record, entered: IndexMap<String, Entered>) -> Saved {
        let version = record.row.version();
        let mut offsets = IndexMap::new();
        for (name, Entered { value, offset, stored }) in entered {
            // A hook or a rule of the database may have had the last word.
            if *record.row.get(&name) != stored {
                continue;
            }
            record.row.set(&name, value);
            offsets.extend(offset.map(|offset| (name, offset)));
        }
        Saved { record, offsets, version }
    }
}

/// Changes a row by what was sent, and gives it as it is stored. Only the fields sent are written, so that two people
/// who change different fields both keep their change. An update of nothing is a save, too.
///
/// # Errors
/// [`Error::NotFound`] for a row that is not there or not to be seen, [`Error::Forbidden`], [`Error::Invalid`], and
/// what a hook or the database says.
pub async fn update(cx: &mut Context, model: &ModelKey, key: &Raw, payload: Payload) -> Result<Record> {
    let site = cx.site().clone();
    permit::ask(cx, site.resource(model)?, Verb::Change, None)?;
    let before = open(cx, model, key, Verb::Change).await?;
    Ok(change(cx, before, payload).await?.record)
}

/// The row of a key for somebody who is about to do something to it, and may: locked where the context writes.
///
/// # Errors
/// [`Error::NotFound`] for a row that is not there or not to be seen, then [`Error::Forbidden`].
pub async fn open(cx: &mut Context, model: &ModelKey, key: &Raw, verb: Verb) -> Result<Row> {
    let site = cx.site().clone();
    let resource = site.resource(model)?;
    let row = find::one(cx, resource, key).await?;
    permit::ask(cx, resource, verb, Some(&row))?;
    Ok(row)
}

/// Refuses to go on with a row that is in none of the versions that somebody expects.
///
/// # Errors
/// [`Conflict::Version`].
pub fn expect(row: &Row, versions: &[&str]) -> Result<()> {
    let known = versions.contains(&row.version().as_str());
    if known { Ok(()) } else { Err(Error::Conflict(Conflict::Version)) }
}

/// Changes a row that [`open`] gave. A form that gives it another key makes another row and leaves this one.
///
/// # Errors
/// [`Error::Forbidden`], [`Error::Invalid`], and what a hook or the database says.
pub async fn change(cx: &mut Context, before: Row, mut payload: Payload) -> Result<Saved> {
    let site = cx.site().clone();
    let resource = site.resource(&before.model.key)?;
    let permit = permit::ask(cx, resource, Verb::Change, Some(&before))?;
    let sent = std::mem::take(&mut payload.children);
    let mut clean = form::clean(cx, &permit, payload, Some(before.clone())).await?;
    let (entered, fields) = (std::mem::take(&mut clean.entered), clean.fields.clone());
    let key = save::store(cx, &permit, clean).await?;
    let mut record = find::written(cx, resource, &key).await?;
    if !sent.is_empty() {
        children::write(cx, resource, &record.row, &sent).await?;
        record = find::written(cx, resource, &key).await?;
    }
    let changes = audit::diff(resource, &before, &record.row);
    let changes = if fields.is_empty() { changes } else { audit::as_in_form(changes, &fields) };
    let record = create::finish(cx, resource, record, Deed::Changed(changes), Event::Changed).await?;
    Ok(Saved::new(record, entered))
}
