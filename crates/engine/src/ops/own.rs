//! Rows of tables that a site keeps for itself and that nobody administers.

use std::sync::Arc;

use super::list;
use crate::context::Context;
use crate::error::Result;
use crate::model::{Model, Row};
use crate::query::{Query, plan};
use crate::store::Statement;

/// The rows of a model that a question finds, whoever asks: a log, or what else the site keeps for itself. The question
/// must not come from a client.
///
/// # Errors
/// [`crate::Error::BadQuery`], and what the database says.
pub async fn own(cx: &mut Context, model: &Arc<Model>, query: &Query) -> Result<Vec<Row>> {
    let site = cx.site().clone();
    let plan = plan::plan_own(&site, model, query)?;
    let page = Statement::Select(plan.page(plan.window));
    let (_, (rows, _)) = list::whole(cx, &site, &plan, vec![page]).await?;
    Ok(rows)
}
