//! A declared search: the rows that answer a text, the best first.

use crate::context::Context;
use crate::error::Result;
use crate::model::Record;
use crate::permit;
use crate::principal::Verb;
use crate::query::Filter;
use crate::query::plan::{self, Hunt};
use crate::store::Statement;

/// The rows that answer a text, the best first and no more than the search allows: none for a blank text. The text is
/// whatever somebody typed: words that must all be there, `"…"` for a phrase, `-` to exclude, `or` for either.
/// Only rows of which `rows` holds are looked at, so that others take none of the places.
///
/// Only rows that who asks may know of are found, and hidden fields are not searched.
///
/// # Errors
/// [`crate::Error::NotFound`] for a search that is not declared, [`crate::Error::Forbidden`],
/// [`crate::Error::BadQuery`] for a filter of what is not there, and what the database says.
pub async fn search(cx: &mut Context, index: &str, text: &str, rows: &Filter) -> Result<Vec<Record>> {
    let site = cx.site().clone();
    let index = site.search(index)?;
    let resource = site.resource(&index.model)?;
    permit::ask(cx, resource, Verb::View, None)?;
    let Some(sought) = index.sought(text) else { return Ok(Vec::new()) };
    let serving = site.serving(index).await?;
    let plan = plan::hunt(&site, cx.who(), resource, &Hunt { index, sought: &sought, rows, serving })?;
    let page = Statement::Select(plan.whole_page());
    let (_, rows) = super::list::whole(cx, &site, &plan, vec![page]).await?;
    Ok(super::list::records(resource, &plan, rows))
}
