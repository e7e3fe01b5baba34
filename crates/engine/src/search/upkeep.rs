//! What serves the searches of a site, looked at and made anew: for who runs the site, not for who asks it.

use super::SearchIndex;
use crate::error::Result;
use crate::query::plan;
use crate::site::Site;
use crate::store::serving;
pub use crate::store::serving::{Made, Standing};

/// Asks how things stand with a search, which may take as long as reading all its rows.
///
/// # Errors
/// [`crate::Error::NotFound`] if its model is not registered, and what the database says.
pub async fn standing(site: &Site, index: &SearchIndex) -> Result<Standing> {
    Ok(serving::standing(site.store().as_ref(), &plan::source(site, index)?).await?)
}

/// Makes anew what serves a search: on SQLite a full-text index beside the table, and with `triggers` (or where there
/// were some) what keeps it in step; on PostgreSQL indexes on the table, and the extension `pg_trgm` where it is missing.
///
/// # Errors
/// As [`standing`]; then nothing has changed.
pub async fn rebuild(site: &Site, index: &SearchIndex, triggers: bool) -> Result<Made> {
    Ok(serving::make(site.store().as_ref(), &plan::source(site, index)?, triggers).await?)
}

/// Takes away what was made for a search, but for the extension.
///
/// # Errors
/// As [`standing`]; then nothing has changed.
pub async fn remove(site: &Site, index: &SearchIndex) -> Result<()> {
    Ok(serving::remove(site.store().as_ref(), &plan::source(site, index)?).await?)
}
