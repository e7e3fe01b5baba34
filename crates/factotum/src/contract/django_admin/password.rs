//! Passwords that somebody gives to somebody else, or to themselves.

use factotum_engine::Raw;
use factotum_engine::accounts::password::policy::Person;
use factotum_engine::form::new_password::{self, FIRST, SECOND};
use factotum_engine::model::Row;
use factotum_engine::ops;
use http::StatusCode;
use serde_json::{Map, Value as Json, json};

use super::{Call, error, request, response};
use crate::http::{Fault, Reply, session};

/// `POST <app>/<model>/<pk>/password/`
pub(super) async fn set(call: Call) -> Result<Reply, Fault> {
    let resource = request::model(&call)?;
    let (model, key) = (&resource.model.key, request::key(&call));
    let owner = {
        let mut cx = call.read().await?;
        ops::password_owner(&mut cx, model, &key).await?
    };
    let password = chosen(&request::members(&call)?, &owner)?;
    // Made before the transaction begins: it takes long on purpose.
    let stored = call.site.accounts().encode(password.as_deref()).await?;
    let mut cx = call.write().await?;
    let id = ops::set_password(&mut cx, model, &key, &stored).await?;
    cx.commit().await?;
    let reply = error::reply(StatusCode::OK, &json!({ "detail": "Password set.", "id": response::document(&id) }));
    if id == call.who.id { stay(&call, reply).await } else { Ok(reply) }
}

/// The password that was sent; nothing if nobody shall be able to use one.
fn chosen(body: &Map<String, Json>, owner: &Row) -> Result<Option<String>, Fault> {
    if matches!(body.get("usable_password"), Some(Json::String(word)) if word == "false") {
        return Ok(None);
    }
    let raw = |name: &str| body.get(name).cloned().map(Raw::Json);
    let judged = new_password::judge(raw(FIRST).as_ref(), raw(SECOND).as_ref(), &Person::of(owner));
    Ok(Some(judged?))
}

/// Whoever changes their own password stays signed in where they did it, and nowhere else.
async fn stay(call: &Call, reply: Reply) -> Result<Reply, Fault> {
    let Some(key) = session::key(&call.head) else { return Ok(reply) };
    Ok(match call.site.accounts().renew_session(key).await? {
        Some(fresh) => session::opened(reply, &call.head, &fresh, call.contract.session_age),
        None => reply,
    })
}
