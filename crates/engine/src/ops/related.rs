//! What a delete would take along, counted.

use super::{collect, find};
use crate::context::Context;
use crate::error::Result;
use crate::model::ModelKey;
use crate::permit;
use crate::principal::Verb;
use crate::value::Raw;

/// Rows of one model that would go with a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Related {
    /// The model.
    pub model: ModelKey,
    /// Its name for people.
    pub title: String,
    /// How many rows.
    pub count: u64,
}

/// What would go with a row, model by model as first met, the row itself left out. Rows that would refuse or stay are
/// not told of. Whoever may see the row may know.
///
/// # Errors
/// [`crate::Error::NotFound`] for a row that is not there or not to be seen, [`crate::Error::Forbidden`].
pub async fn related(cx: &mut Context, model: &ModelKey, key: &Raw) -> Result<Vec<Related>> {
    let site = cx.site().clone();
    let resource = site.resource(model)?;
    permit::ask(cx, resource, Verb::View, None)?;
    let row = find::one(cx, resource, key).await?;
    permit::ask(cx, resource, Verb::View, Some(&row))?;
    let found = collect::collect(cx, &resource.model, vec![row]).await?;
    let own = &resource.model.key;
    let counted = |met: &ModelKey| {
        let part = &found.going[met];
        let count = if met == own { part.count() - 1 } else { part.count() };
        Related { model: met.clone(), title: part.model().singular.clone(), count }
    };
    // The row itself was met before all others, and so was its model.
    let (first, rest): (Vec<_>, Vec<_>) = found.met.iter().partition(|met| *met == own);
    Ok(first.into_iter().chain(rest).map(counted).collect())
}
