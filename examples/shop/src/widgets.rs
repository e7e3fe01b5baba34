//! The shop's widgets: orders by status, and what is nearly sold out.

use factotum::contract::conjure::Conjure;
use factotum::error::Result;
use factotum::model::Order;
use factotum::query::{Filter, Query, Window, field};
use factotum::{Context, ops};
use serde_json::{Value as Json, json};

use crate::models::key;

/// Below which stock a product is low, unless somebody says.
const LOW: i64 = 20;
/// How many products are named.
const NAMED: u64 = 5;

/// Adds the widgets to the contract.
#[must_use]
pub fn add(settings: Conjure) -> Conjure {
    settings
        .widget("orders-by-status", |cx, _| Box::pin(orders_by_status(cx)))
        .widget("low-stock", |cx, parameters| Box::pin(low_stock(cx, parameters)))
}

async fn orders_by_status(cx: &mut Context) -> Result<Json> {
    let counts = ops::tally(cx, &key("Order"), "status", Filter::All).await?;
    let rows: Vec<Json> =
        counts.iter().map(|(status, count)| json!({ "status": status.to_string(), "count": count })).collect();
    Ok(json!({ "rows": rows }))
}

/// `?below=` narrows the list.
async fn low_stock(cx: &mut Context, parameters: &[(String, String)]) -> Result<Json> {
    let asked = parameters.iter().rev().find(|(name, _)| name == "below");
    let below = asked.and_then(|(_, text)| text.trim().parse().ok()).unwrap_or(LOW);
    let query = Query {
        filter: field("stock").less_than(below),
        order: vec![Order::parse("stock"), Order::parse("id")],
        window: Window { offset: 0, limit: Some(NAMED) },
        labels: false,
        fields: Some(vec!["id".into(), "name".into(), "stock".into()]),
        ..Query::all(key("Product"))
    };
    let page = ops::list(cx, query).await?;
    let show = |record: &factotum::Record| {
        let row = &record.row;
        json!({ "id": row.key().as_int(), "name": row.get("name").as_text(), "stock": row.get("stock").as_int() })
    };
    Ok(json!({ "below": below, "products": page.records.iter().map(show).collect::<Vec<_>>() }))
}
