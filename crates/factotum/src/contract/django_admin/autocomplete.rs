//! Rows that a field can point at, found by what somebody types.

use factotum_engine::model::Order;
use factotum_engine::query::{Query, Window};
use factotum_engine::{Error, ops};
use http::StatusCode;

use super::{Call, error, request, response, search};
use crate::http::{Fault, Reply, json as text};

/// Rows on a page, when nobody says.
const USUAL: u64 = 20;
/// The most rows on a page.
const MOST: u64 = 50;

/// `GET <app>/<model>/autocomplete/`
pub(super) async fn find(call: Call) -> Result<Reply, Fault> {
    let resource = request::model(&call)?;
    let shape = call.contract.shelf.of(&call.site, resource);
    let shape = shape.ok_or_else(|| Error::internal("a resource without a shape"))?;
    if shape.searched.is_empty() {
        let words = "The target admin does not declare search_fields; autocomplete is not available.";
        return Err(error::bad_request(words));
    }
    let most = MOST.min(call.contract.max_page_size);
    let (page, size) = (request::page(&call.head), request::page_size(&call.head, USUAL.min(most), most));
    let query = Query {
        search: search::search(&shape.searched, call.head.asked("q").unwrap_or_default().trim()),
        order: vec![Order::parse(&resource.model.primary_key)],
        window: Window { offset: request::offset(page, size), limit: Some(size + 1) },
        fields: Some(Vec::new()),
        ..Query::all(resource.model.key.clone())
    };
    let mut rows = ops::list(&mut call.read().await?, query).await?.records;
    let fit = usize::try_from(size).unwrap_or(usize::MAX);
    let more = rows.len() > fit;
    rows.truncate(fit);
    let mut out = Vec::with_capacity(64 * (rows.len() + 1));
    out.extend_from_slice(b"{\"results\":");
    text::list(&mut out, &rows, |out, record| {
        response::relation(out, record.row.key(), &record.label, None);
    });
    let number = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
    out.extend_from_slice(b",\"pagination\":{\"page\":");
    text::int(&mut out, number(page));
    out.extend_from_slice(b",\"page_size\":");
    text::int(&mut out, number(size));
    out.extend_from_slice(b",\"has_more\":");
    text::truth(&mut out, more);
    out.extend_from_slice(b"}}");
    Ok(Reply::json(StatusCode::OK, out))
}
