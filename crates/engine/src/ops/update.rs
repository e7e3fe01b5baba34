//! Changing a row.

use super::{children, create, find, save};
use crate::admin::Event;
use crate::audit::{self, Deed};
use crate::context::Context;
use crate::error::Result;
use crate::form::{self, Payload};
use crate::model::{ModelKey, Record};
use crate::permit;
use crate::principal::Verb;
use crate::value::Raw;

/// Changes a row by what was sent, and gives it as it is stored. Only the fields sent are written, so that two people
/// who change different fields both keep their change. An update of nothing is a save, too.
///
/// # Errors
/// [`crate::Error::NotFound`] for a row that is not there or not to be seen, [`crate::Error::Forbidden`],
/// [`crate::Error::Invalid`], and what a hook or the database says.
pub async fn update(cx: &mut Context, model: &ModelKey, key: &Raw, mut payload: Payload) -> Result<Record> {
    let site = cx.site().clone();
    let resource = site.resource(model)?;
    permit::ask(cx, resource, Verb::Change, None)?;
    let before = find::one(cx, resource, key).await?;
    let permit = permit::ask(cx, resource, Verb::Change, Some(&before))?;
    let sent = std::mem::take(&mut payload.children);
    let clean = form::clean(cx, &permit, payload, Some(before.clone())).await?;
    save::change(cx, &permit, &clean).await?;
    children::write(cx, resource, &before, &sent).await?;
    let record = find::written(cx, resource, before.key()).await?;
    let deed = Deed::Changed(audit::diff(resource, &before, &record.row));
    create::finish(cx, resource, record, deed, Event::Changed).await
}
