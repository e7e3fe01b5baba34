//! A `[[widget]]`: rows counted by a field, or some fields of some rows.

use std::sync::Arc;

use factotum::contract::conjure::Conjure;
use factotum::model::Order;
use factotum::query::{Filter, Query, Window};
use factotum::{Context, ModelKey, Result, Value, http, ops};
use serde_json::{Map, Value as Json, json};

use super::{Workshop, rows};
use crate::complaint::suggestion;
use crate::config::model::WidgetWritten;

/// Rows that a widget shows unless it says.
pub(super) const USUAL_LIMIT: u64 = 10;

/// What a widget shows.
#[derive(Debug, Clone)]
struct Shown {
    model: ModelKey,
    tally: Option<String>,
    fields: Vec<String>,
    rows: Filter,
    order: Vec<Order>,
    limit: u64,
}

/// Adds all widgets to the contract.
pub(super) fn add_all(mut conjure: Conjure, widgets: &[WidgetWritten], shop: &mut Workshop<'_>) -> Conjure {
    for written in widgets {
        let (Some(name), Some(shown)) = (&written.name, shown(written, shop)) else { continue };
        let shown = Arc::new(shown);
        conjure = conjure.widget(&name.text, move |cx, _| {
            let shown = shown.clone();
            Box::pin(async move { show(cx, &shown).await })
        });
    }
    conjure
}

fn shown(written: &WidgetWritten, shop: &mut Workshop<'_>) -> Option<Shown> {
    let said = written.model.as_ref()?;
    let model = ModelKey::parse(&said.text).and_then(|key| shop.schema.find(&key).cloned());
    let Some(model) = model else {
        let models: Vec<String> = shop.schema.models().map(|model| model.key.to_string()).collect();
        let near = suggestion(&said.text, models.iter().map(String::as_str));
        shop.complain("C015", &said.place, format!("there is no model '{}'{near}", said.text));
        return None;
    };
    for field in written.tally.iter().chain(written.fields.iter().flatten()) {
        if model.field(&field.text).is_none_or(|known| !known.is_column() || known.secret) {
            let near = suggestion(&field.text, model.columns().map(|field| field.name.as_str()));
            shop.complain("C011", &field.place, format!("{} has no column '{}'{near}", model.key, field.text));
        }
    }
    Some(Shown {
        model: model.key.clone(),
        tally: written.tally.as_ref().map(|said| said.text.clone()),
        fields: written.fields.iter().flatten().map(|said| said.text.clone()).collect(),
        rows: written.rows.as_ref().map_or(Filter::All, |table| rows::filter(table, &model, shop)),
        order: written.ordering.iter().flatten().map(|said| Order::parse(&said.text)).collect(),
        limit: written.limit.unwrap_or(USUAL_LIMIT),
    })
}

async fn show(cx: &mut Context, shown: &Shown) -> Result<Json> {
    if let Some(field) = &shown.tally {
        let counts = ops::tally(cx, &shown.model, field, shown.rows.clone()).await?;
        let row = |(value, count): (Value, u64)| {
            let mut row = Map::new();
            row.insert(field.clone(), plain(&value));
            row.insert("count".to_owned(), count.into());
            Json::Object(row)
        };
        return Ok(json!({ "rows": counts.into_iter().map(row).collect::<Vec<_>>() }));
    }
    let query = Query {
        filter: shown.rows.clone(),
        order: shown.order.clone(),
        window: Window { offset: 0, limit: Some(shown.limit) },
        fields: Some(shown.fields.clone()),
        labels: false,
        ..Query::all(shown.model.clone())
    };
    let page = ops::list(cx, query).await?;
    Ok(json!({ "rows": listed(&page.records, &shown.fields) }))
}

/// Some fields of rows.
pub(super) fn listed(records: &[factotum::Record], fields: &[String]) -> Json {
    let row = |record: &factotum::Record| {
        fields.iter().map(|name| (name.clone(), plain(record.row.get(name)))).collect::<Map<_, _>>()
    };
    records.iter().map(|record| Json::Object(row(record))).collect()
}

/// A value as JSON: numbers and truth as they are, everything else as text.
pub(super) fn plain(value: &Value) -> Json {
    match value {
        Value::Null => Json::Null,
        Value::Bool(truth) => (*truth).into(),
        Value::Int(number) => (*number).into(),
        Value::Float(number) => http::json::float_text(*number).parse::<f64>().map_or(Json::Null, Json::from),
        Value::Json(json) => json.clone(),
        other => other.to_string().into(),
    }
}
