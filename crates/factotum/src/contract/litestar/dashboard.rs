//! The dashboard: how many rows there are, what was done last, and widgets.

use factotum_engine::ops;
use factotum_engine::query::Filter;
use http::StatusCode;
use serde_json::{Map, Value as Json, json};

use super::request::Asked;
use super::{Call, error, ledger, registry};
use crate::http::{Fault, Reply};

/// Entries, when nobody says, and at most.
const USUAL: i64 = 50;
const MOST: i64 = 1000;

/// Something that the dashboard shows.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Widget {
    /// Its name; one without is not shown.
    pub id: String,
    /// Its kind: `metric`, `chart`, `list` or `custom`; one without is not shown.
    pub kind: String,
    /// Its heading; one without is not shown.
    pub title: String,
    /// What it shows.
    pub data: Map<String, Json>,
    /// How it is drawn.
    pub config: Map<String, Json>,
}

/// The widgets that can be drawn.
fn shown(call: &Call) -> Json {
    let all = call.contract.widgets.iter();
    let whole = all.filter(|widget| [&widget.id, &widget.kind, &widget.title].iter().all(|text| !text.is_empty()));
    whole
        .map(|widget| {
            json!({
                "id": widget.id,
                "type": widget.kind,
                "title": widget.title,
                "data": widget.data,
                "config": widget.config,
            })
        })
        .collect()
}

/// `GET dashboard/widgets`
pub(super) async fn widgets(call: Call) -> Result<Reply, Fault> {
    Ok(error::reply(StatusCode::OK, &shown(&call)))
}

/// `GET dashboard/stats`: a model that cannot be counted counts as empty.
pub(super) async fn stats(call: Call) -> Result<Reply, Fault> {
    let entries = &registry::catalogue(&call).entries;
    let mut cx = call.read().await?;
    let (mut models, mut total) = (Vec::with_capacity(entries.len()), 0);
    for entry in entries {
        let count = match ops::count_unasked(&mut cx, &entry.key, Filter::All).await {
            Ok(count) => count,
            Err(error) => {
                tracing::warn!(%error, model = %entry.key, "rows could not be counted");
                cx = call.read().await?;
                0
            }
        };
        total += count;
        models.push(json!({
            "name": entry.name,
            "model_name": entry.identity,
            "count": count,
            "icon": entry.icon,
            "category": entry.view.category,
        }));
    }
    let number = models.len();
    let document = json!({
        "models": models,
        "total_records": total,
        "total_models": number,
        "widgets": shown(&call),
    });
    Ok(error::reply(StatusCode::OK, &document))
}

/// `GET dashboard/activity`: where there is no log, nothing was done.
pub(super) async fn activity(call: Call) -> Result<Reply, Fault> {
    let mut asked = Asked::of(&call.head);
    let limit = asked.int("limit", USUAL).clamp(0, MOST);
    let (model, record) = (asked.text("model_name"), asked.text("record_id"));
    asked.finish()?;
    let entries = match limit {
        0 => Vec::new(),
        limit => ledger::latest(&call, model, record, limit.unsigned_abs()).await,
    };
    let entries: Vec<Json> = entries.iter().map(ledger::Told::document).collect();
    Ok(error::reply(StatusCode::OK, &Json::Array(entries)))
}
