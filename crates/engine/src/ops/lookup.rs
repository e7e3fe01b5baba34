//! Rows that can be pointed at, found by what somebody types.

use crate::context::Context;
use crate::error::Result;
use crate::model::{FieldKind, ModelKey, Schema};
use crate::query::{Filter, Op, Query, Search, Term, Window, field, search};
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
        filter: matching(site.schema(), resource, text.trim()),
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

fn matching(schema: &Schema, resource: &Resource, text: &str) -> Filter {
    if text.is_empty() {
        return Filter::All;
    }
    let fields = resource.autocomplete_fields();
    let fields = fields.iter().filter_map(|name| search::field(schema, &resource.model, name).ok()).collect();
    let found = Filter::Search(Search { fields, terms: vec![text.to_owned()] });
    let counted = matches!(resource.model.key_field().kind, FieldKind::Auto(_) | FieldKind::Int { .. });
    if !counted || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return found;
    }
    let number = text.parse().ok().map(Value::Int);
    let key = number.map(|number| field("pk").test(Op::Is, Term::Value(number)));
    Filter::Or(std::iter::once(found).chain(key).collect())
}
