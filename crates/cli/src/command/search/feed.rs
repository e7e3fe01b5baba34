//! `search feed`: fills the table that a search is over from the sources of its feed.

use factotum::Site;
use factotum::feed::{self, Fed, How};
use factotum::search::{self, SearchIndex};
use jiff::Timestamp;

use super::super::transfer::{bar, rows};
use crate::complaint::{Complaint, Place};
use crate::stop::Stop;

/// Runs the feed of a search, or says what it would do, and tells what was done.
pub(super) async fn feed(
    site: &Site,
    index: &SearchIndex,
    dry_run: bool,
    at: Option<Timestamp>,
) -> Result<String, Stop> {
    if index.feed.is_none() {
        let words = format!("the search '{}' has no feed: see [search.NAME.feed] in docs/configuration.md", index.name);
        return Err(Stop::Config(vec![Complaint::new("C015", &Place::Nowhere, words)]));
    }
    let how = How { at: at.unwrap_or_else(factotum::context::now), rehearsal: dry_run };
    let bar = bar(feed::total(site, index).await?, false);
    let done = feed::feed(site, index, how, &mut |count| bar.inc(count)).await;
    bar.finish_and_clear();
    let fed = done?;
    let mut told = told(fed, dry_run);
    let is_other = fed.new + fed.changed + fed.removed > 0 && !dry_run;
    if is_other && search::standing(site, index).await?.stale > 0 {
        told.push_str("; its index is out of step: run 'search rebuild'");
    }
    Ok(told)
}

/// What was done, or would be, in a few words.
fn told(fed: Fed, dry_run: bool) -> String {
    let Fed { new, changed, unchanged, removed, left_out } = fed;
    let would = if dry_run { "it would be " } else { "" };
    let mut told = format!("{would}{new} new, {changed} changed, {removed} removed, {unchanged} as before");
    if left_out > 0 {
        told.push_str(&format!("; {} left out: without a key, or without what a field must have", rows(left_out)));
    }
    told
}
