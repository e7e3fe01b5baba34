//! What was done to a row, and what somebody did last.

mod message;

use factotum_engine::audit::admin_log::{ADDED, CHANGED, DELETED};
use factotum_engine::model::ModelKey;
use factotum_engine::ops::{self, Logged};
use factotum_engine::query::Window;
use factotum_engine::{Resource, Verb};
use http::StatusCode;
use serde_json::{Value as Json, json};

use super::{Call, error, request, response};
use crate::http::{Fault, Reply};

/// Entries on a page.
const USUAL_SIZE: i64 = 25;
/// The most entries on a page.
const MOST: i64 = 200;
/// How many of somebody's own actions are told.
const USUAL_RECENT: i64 = 10;
/// The most of somebody's own actions.
const MOST_RECENT: i64 = 100;

/// `GET <app>/<model>/<pk>/history/`
pub(super) async fn of_row(call: Call) -> Result<Reply, Fault> {
    let resource = request::model(&call)?;
    let size = clamped(request::number(&call.head, "page_size"), USUAL_SIZE, MOST);
    let window = Window { offset: request::offset(request::page(&call.head), size), limit: Some(size) };
    let mut cx = call.read().await?;
    let history = ops::history(&mut cx, &resource.model.key, &request::key(&call), window).await?;
    let record = &history.record;
    Ok(error::reply(
        StatusCode::OK,
        &json!({
            "object": { "pk": response::document(record.row.key()), "label": record.label },
            "entries": history.entries.iter().map(entry).collect::<Vec<_>>(),
            "page": history.window.offset / size + 1,
            "page_size": size,
            "total": history.total,
            "num_pages": history.total.div_ceil(size).max(1),
        }),
    ))
}

/// A number of the query string within its bounds.
fn clamped(asked: Option<i64>, usual: i64, most: i64) -> u64 {
    asked.unwrap_or(usual).clamp(1, most).unsigned_abs()
}

fn entry(logged: &Logged) -> Json {
    let user = logged.user.as_ref().map(|(id, name)| json!({ "id": response::document(id), "label": name }));
    json!({
        "id": response::document(&logged.id),
        "action": word(logged.flag, ["addition", "change", "deletion"]),
        "action_time": response::document(&logged.at),
        "user": user,
        "change_message_human": message::human(&logged.message),
        "change_message_structured": message::structured(&logged.message),
    })
}

fn word(flag: i64, [added, changed, deleted]: [&'static str; 3]) -> &'static str {
    match flag {
        ADDED => added,
        CHANGED => changed,
        DELETED => deleted,
        _ => "unknown",
    }
}

/// `GET recent-actions/`
pub(super) async fn recent(call: Call) -> Result<Reply, Fault> {
    let limit = clamped(request::number(&call.head, "limit"), USUAL_RECENT, MOST_RECENT);
    let mut cx = call.read().await?;
    let entries = ops::recent(&mut cx, limit).await?;
    let action = |logged: &Logged| {
        json!({
            "id": response::document(&logged.id),
            "action": word(logged.flag, ["added", "changed", "deleted"]),
            "action_time": response::document(&logged.at),
            "object_repr": logged.label,
            "target": target(&call, logged),
        })
    };
    Ok(error::reply(StatusCode::OK, &json!({ "actions": entries.iter().map(action).collect::<Vec<_>>() })))
}

/// Where an entry leads: nowhere if the row is gone or somebody may not see such rows.
fn target(call: &Call, logged: &Logged) -> Option<Json> {
    let (app, model) = logged.model.as_ref().filter(|_| logged.flag != DELETED)?;
    let resource: &Resource = call.site.find(&ModelKey::new(app, model)).ok()?;
    let seen =
        request::has_module(&call.who, &resource.model.key.app) && request::may(&call.who, resource, Verb::View, None);
    seen.then(|| json!({ "app_label": app, "model_name": model, "pk": logged.key }))
}
