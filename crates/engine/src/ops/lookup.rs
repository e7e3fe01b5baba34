//! Rows that can be pointed at, found by what somebody types.

use crate::context::Context;
use crate::error::Result;
use crate::model::{FieldKind, ModelKey};
use crate::query::{Filter, Op, Query, Search, SearchPlace, Term, Window, field};
use crate::site::Resource;
use crate::value::Value;

/// Rows that can be pointed at.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    /// Their keys and labels.
    pub rows: Vec<(Value, String)>,
    /// Whether there are more after these.
    pub more: bool,
}

/// The rows whose search fields contain a text, or whose key is the number it says. An empty text finds every row.
///
/// # Errors
/// As [`super::list`].
pub async fn lookup(cx: &mut Context, model: &ModelKey, text: &str, window: Window) -> Result<Found> {
    let site = cx.site().clone();
    let resource = site.resource(model)?;
    let query = Query {
        filter: matching(resource, text.trim()),
        window: Window { offset: window.offset, limit: window.limit.map(|limit| limit.saturating_add(1)) },
        fields: Some(Vec::new()),
        ..Query::all(model.clone())
    };
    let page = super::list(cx, query).await?;
    let mut rows: Vec<(Value, String)> =
        page.records.into_iter().map(|record| (record.row.key().clone(), record.label)).collect();
    let most = window.limit.map_or(usize::MAX, |limit| usize::try_from(limit).unwrap_or(usize::MAX));
    let more = rows.len() > most;
    rows.truncate(most);
    Ok(Found { rows, more })
}

fn matching(resource: &Resource, text: &str) -> Filter {
    if text.is_empty() {
        return Filter::All;
    }
    let fields = resource.autocomplete_fields().iter().map(|name| place_of(name)).collect();
    let found = Filter::Search(Search { fields, terms: vec![text.to_owned()] });
    let counted = matches!(resource.model.key_field().kind, FieldKind::Auto(_) | FieldKind::Int { .. });
    if !counted || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return found;
    }
    let number = text.parse().ok().map(Value::Int);
    let key = number.map(|number| field("pk").test(Op::Is, Term::Value(number)));
    Filter::Or(std::iter::once(found).chain(key).collect())
}

/// Reads Django's spelling of a search field: `^` in front means at the start, `=` the whole.
fn place_of(name: &str) -> (String, SearchPlace) {
    let (bare, place) = match name.split_at_checked(1) {
        Some(("^", bare)) => (bare, SearchPlace::Start),
        Some(("=", bare)) => (bare, SearchPlace::Whole),
        Some(("@", bare)) => (bare, SearchPlace::Anywhere),
        _ => (name, SearchPlace::Anywhere),
    };
    (bare.to_owned(), place)
}
