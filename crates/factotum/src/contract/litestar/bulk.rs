//! What is done to several rows at once: deleted, or whatever the site has declared.

use factotum_engine::admin::{Level, Message, Outcome};
use factotum_engine::error::Missing;
use factotum_engine::ops::{Acted, Which};
use factotum_engine::{Error, Model, Raw, ops};
use http::StatusCode;
use serde_json::{Value as Json, json};

use super::request::{Sent, Type, defaulted, required};
use super::{Call, error, payload, records, registry};
use crate::http::{Fault, Reply};

/// `POST models/{model}/bulk/delete`
pub(super) async fn delete(call: Call) -> Result<Reply, Fault> {
    let fields = [required("ids", Type::List), defaulted("soft_delete", Type::Truth)];
    let mut sent = Sent::read_in_order(&call, &fields)?;
    let ids = ids(&mut sent)?;
    let entry = registry::named(&call)?;
    if !entry.flags.delete {
        let words = format!("Bulk delete is not allowed for model '{}'", call.param("model"));
        return Err(error::said(StatusCode::FORBIDDEN, &words));
    }
    let keys = keys(&call, &entry.resource(&call.site)?.model, &ids);
    let mut cx = registry::write(&call, entry).await?;
    let deleted = match entry.mark.as_deref().filter(|_| sent.truth("soft_delete")) {
        Some(mark) => ops::retire_several(&mut cx, &entry.key, &keys, mark).await?,
        None => ops::bulk_delete(&mut cx, &entry.key, &keys).await?,
    };
    cx.commit().await?;
    Ok(error::reply(StatusCode::OK, &json!({ "deleted": deleted, "success": true })))
}

/// `POST models/{model}/bulk/{action}`
pub(super) async fn act(call: Call) -> Result<Reply, Fault> {
    let mut sent = Sent::read(&call, &[required("ids", Type::List), defaulted("params", Type::Object)])?;
    let ids = ids(&mut sent)?;
    let entry = registry::named(&call)?;
    let name = call.param("action");
    let resource = entry.resource(&call.site)?;
    let action = resource.action(name).ok_or(Error::NotFound(Missing::Action))?;
    if !action.is_for(&call.who, resource) {
        return Err(error::said(StatusCode::FORBIDDEN, "Permission denied"));
    }
    let keys = ids.iter().map(|id| Raw::Json(id.clone())).collect();
    let mut cx = registry::write(&call, entry).await?;
    let params = sent.take_object("params");
    let acted = match ops::act_with(&mut cx, &entry.key, name, Which::Keys(keys), params).await {
        Ok(acted) => acted,
        Err(failed) => return Err(failure(name, failed)),
    };
    cx.commit().await?;
    let (affected, result) = told(acted, ids.len());
    let document = json!({ "success": true, "affected": affected, "result": result });
    Ok(error::reply(StatusCode::OK, &document))
}

/// What an action says when it fails.
fn failure(name: &str, failed: Error) -> Fault {
    match error::words_of(failed) {
        Ok(words) => error::said(StatusCode::BAD_REQUEST, &format!("Bulk action '{name}' failed: {words}")),
        Err(other) => other.into(),
    }
}

/// How many rows an action was about, and what it has to say.
fn told(acted: Acted, sent: usize) -> (Json, Json) {
    let messages = |messages: Vec<Message>| -> Json {
        messages.into_iter().map(|message| json!({ "level": level(message.level), "text": message.text })).collect()
    };
    let rows = json!(acted.rows);
    match acted.outcome {
        Outcome::Done => (rows, json!({})),
        Outcome::Message(text) => {
            let text = text.replace("{{ count }}", &acted.rows.to_string());
            (rows, json!({ "message": text }))
        }
        Outcome::Said(said) => (rows, json!({ "messages": messages(said) })),
        Outcome::Redirect { to, messages: said } => (rows, json!({ "redirect": to, "messages": messages(said) })),
        Outcome::Data(Json::Object(mut members)) => {
            let affected = members.shift_remove("affected");
            (affected.unwrap_or_else(|| json!(sent)), Json::Object(members))
        }
        Outcome::Data(other) => (json!(sent), json!({ "data": other })),
    }
}

fn level(level: Level) -> &'static str {
    match level {
        Level::Debug => "debug",
        Level::Info => "info",
        Level::Success => "success",
        Level::Warning => "warning",
        Level::Error => "error",
    }
}

/// The keys that were sent, of which there must be one.
fn ids(sent: &mut Sent) -> Result<Vec<Json>, Fault> {
    let ids = sent.take_list("ids");
    if ids.is_empty() {
        return Err(error::said(StatusCode::BAD_REQUEST, "IDs array cannot be empty"));
    }
    Ok(ids)
}

/// Those of the keys that a row can have.
pub(super) fn keys(call: &Call, model: &Model, ids: &[Json]) -> Vec<Raw> {
    let text = |id: &Json| match id {
        Json::String(text) => Some(text.trim().to_owned()),
        Json::Number(number) => {
            Some(payload::whole(number).map_or_else(|| number.to_string(), |whole| whole.to_string()))
        }
        _ => None,
    };
    let key = |id: &Json| records::read_key(call, model, &text(id)?);
    ids.iter().filter_map(key).map(|key| Raw::Text(key.to_string())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_an_action_says_is_parted() {
        let acted = |outcome| Acted { rows: 2, outcome };
        let data = |value| acted(Outcome::Data(value));
        assert_eq!(told(data(json!({ "affected": 1, "x": 5 })), 3), (json!(1), json!({ "x": 5 })));
        assert_eq!(told(data(json!({ "x": 5 })), 3), (json!(3), json!({ "x": 5 })));
        assert_eq!(told(data(json!(7)), 3), (json!(3), json!({ "data": 7 })));
        assert_eq!(told(acted(Outcome::Done), 3), (json!(2), json!({})));
        let message = acted(Outcome::Message("{{ count }} published.".to_owned()));
        assert_eq!(told(message, 3), (json!(2), json!({ "message": "2 published." })));
    }
}
