//! Searches: the rows that an index finds, the best first, as a bare list.

use std::sync::Arc;

use factotum_engine::query::{Extracted, Op, Term, field};
use factotum_engine::{Result, Value, ops};
use http::StatusCode;

use super::Call;
use super::layout::Layout;
use super::records::query;
use super::response::Printing;
use crate::http::{Fault, Reply, json};

/// The rows that are found for what somebody typed.
pub(super) async fn search(call: Call, layout: Arc<Layout>) -> Result<Reply, Fault> {
    let asked = call.head.asked("q").unwrap_or_default();
    let rows = found(&call, &layout, asked).await?;
    let printing = Printing::new(&call.contract, &call.site, &call.head);
    let mut out = Vec::with_capacity(1024 * (rows.len() + 1));
    json::list(&mut out, &rows, |out, row| printing.row(out, &layout, row));
    Ok(Reply::json(StatusCode::OK, out))
}

/// What is told of the rows that are found, in their order. The index gives rows as they are; what is told of them is
/// read as it is for a list.
async fn found(call: &Call, layout: &Layout, asked: &str) -> Result<Vec<Extracted>> {
    let index = layout.collection.search.as_deref().unwrap_or_default();
    let mut cx = call.read().await?;
    let records = ops::search(&mut cx, index, asked, &layout.collection.rows).await?;
    let keys: Vec<Value> = records.iter().map(|record| record.row.key().clone()).collect();
    if keys.is_empty() {
        return Ok(Vec::new());
    }
    let those = field("pk").test(Op::In, Term::Values(keys.clone()));
    let query = query(&layout.collection, layout.collection.rows.clone().and(those));
    let mut rows = ops::excerpt(&mut cx, &query, &layout.excerpt).await?.rows;
    rows.sort_by_key(|row| keys.iter().position(|key| *key == row.key));
    Ok(rows)
}
