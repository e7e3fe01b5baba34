//! Widgets: small documents for a home page, two of them built in.

use std::sync::Arc;

use factotum_engine::error::Missing;
use factotum_engine::model::Order;
use factotum_engine::query::{Filter, Query, Window};
use factotum_engine::{Context, Error, Principal, Record, Result, Value, ops};
use jiff::tz::TimeZone;
use serde_json::{Value as Json, json};

use super::records::reply;
use super::{Call, ledger};
use crate::http::{Fault, Reply, json as text};

/// How many cards and rows the built-in widgets show.
const CARDS: usize = 8;
const ROWS: u64 = 10;

pub(super) async fn show(call: Call) -> Result<Reply, Fault> {
    let name = call.param("name");
    if let Some(widget) = call.contract.widgets.get(name) {
        let mut cx = reader(&call).await?;
        return Ok(reply(&widget.show(&mut cx, &call.head.query).await?));
    }
    match name {
        "recent-audit" => Ok(reply(&recent_audit(&call).await?)),
        "model-counts" => Ok(reply(&model_counts(&call).await?)),
        _ => Err(Error::NotFound(Missing::Other).into()),
    }
}

/// A context in which the person who asks may count and see everything: a widget is the site's own question, and what
/// it shows is the site's choice. With `widgets_respect_permissions` the person asks with their own rights.
async fn reader(call: &Call) -> Result<Context> {
    if call.contract.widgets_respect_permissions {
        return call.read().await;
    }
    let elevated = Principal { superuser: true, ..call.who.as_ref().clone() };
    call.site.read(Arc::new(elevated), call.origin.clone()).await
}

async fn model_counts(call: &Call) -> Result<Json> {
    let mut cx = reader(call).await?;
    let mut cards = Vec::new();
    for resource in call.site.resources() {
        let key = &resource.model.key;
        match ops::count(&mut cx, key, Filter::All).await {
            Ok(count) => cards.push((key.to_string(), &resource.model.plural, count)),
            Err(Error::Forbidden { .. }) => {}
            Err(error) => return Err(error),
        }
    }
    cards.sort_by_key(|(_, _, count)| std::cmp::Reverse(*count));
    let cards: Vec<Json> = cards
        .into_iter()
        .take(CARDS)
        .map(|(key, label, value)| json!({ "key": key, "label": label, "value": value }))
        .collect();
    Ok(json!({ "cards": cards }))
}

async fn recent_audit(call: &Call) -> Result<Json> {
    let unavailable = || json!({ "rows": [], "unavailable": true });
    let key = ledger::audit_key();
    if call.site.resource(&key).is_err() {
        return Ok(unavailable());
    }
    let mut cx = reader(call).await?;
    let newest = Query {
        order: vec![
            Order { path: "created_at".to_owned(), descending: true },
            Order { path: "id".to_owned(), descending: true },
        ],
        window: Window { offset: 0, limit: Some(ROWS) },
        ..Query::all(key)
    };
    match ops::list(&mut cx, newest).await {
        Ok(page) => Ok(json!({ "rows": page.records.iter().map(audit_row).collect::<Vec<_>>() })),
        Err(Error::Internal(_)) => Ok(unavailable()),
        Err(error) => Err(error),
    }
}

fn audit_row(record: &Record) -> Json {
    let row = &record.row;
    let action = row.get("action").to_string();
    let display = row.model.field("action").and_then(|field| field.choice_name(row.get("action")));
    let moment = match row.get("created_at") {
        Value::DateTime(moment) => {
            let mut out = Vec::new();
            text::instant_with(&mut out, *moment, &TimeZone::UTC, b"+00:00");
            serde_json::from_slice(&out).unwrap_or_default()
        }
        other => Json::String(other.to_string()),
    };
    json!({
        "id": row.key().as_int(),
        "actor": record.related.get("actor"),
        "action": action,
        "action_display": display.unwrap_or(&action),
        "model_label": row.get("model_label").to_string(),
        "object_pk": row.get("object_pk").to_string(),
        "object_repr": row.get("object_repr").to_string(),
        "created_at": moment,
    })
}
