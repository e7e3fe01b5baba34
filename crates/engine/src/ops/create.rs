//! Making a row.

use super::{children, find, save};
use crate::admin::Event;
use crate::audit::{self, Deed, Entry};
use crate::context::Context;
use crate::error::Result;
use crate::form::{self, Payload};
use crate::model::{ModelKey, Record};
use crate::permit;
use crate::principal::Verb;
use crate::site::Resource;

/// Makes a row of what was sent, and gives it as it is stored.
///
/// # Errors
/// [`crate::Error::Forbidden`], [`crate::Error::Invalid`], and what a hook or the database says.
pub async fn create(cx: &mut Context, model: &ModelKey, mut payload: Payload) -> Result<Record> {
    let site = cx.site().clone();
    let resource = site.resource(model)?;
    let permit = permit::ask(cx, resource, Verb::Add, None)?;
    let sent = std::mem::take(&mut payload.children);
    let clean = form::clean(cx, &permit, payload, None).await?;
    let mut record = save::insert_whole(cx, &permit, clean).await?;
    if !sent.is_empty() {
        children::write(cx, resource, &record.row, &sent).await?;
        record = find::written(cx, resource, &record.row.key().clone()).await?;
    }
    finish(cx, resource, record, Deed::Added, Event::Added).await
}

/// What follows every write of one row: its audit record, the hook, and the row once more if the hook did anything.
pub(super) async fn finish(
    cx: &mut Context,
    resource: &Resource,
    record: Record,
    deed: Deed,
    event: Event,
) -> Result<Record> {
    let key = record.row.key().clone();
    let label = record.label.clone();
    let entry = Entry { model: resource.model.key.clone(), key: Some(key.clone()), label, deed, within: None };
    audit::record(cx, &[entry]).await?;
    let trips = cx.trips();
    resource.admin.after(cx, &record.row, event).await?;
    if cx.trips() == trips { Ok(record) } else { find::written(cx, resource, &key).await }
}
