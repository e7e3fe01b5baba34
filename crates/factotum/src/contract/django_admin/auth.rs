//! Sign-in and sign-out.

use std::sync::Arc;

use factotum_engine::{Error, Principal};
use http::StatusCode;
use serde_json::{Value as Json, json};

use super::{Call, error, request, response};
use crate::http::limit::throttle;
use crate::http::{BadBody, Fault, Reply, csrf, session};

/// `POST login/`
pub(super) async fn login(call: Call) -> Result<Reply, Fault> {
    let sent = match request::json(&call) {
        Ok(Json::Object(sent)) => sent,
        Ok(_) | Err(Fault::BadBody(BadBody::Json(_))) => return Err(error::bad_request("Malformed JSON body.")),
        Err(other) => return Err(other),
    };
    let text = |name: &str| sent.get(name).and_then(Json::as_str);
    let (Some(username), Some(password)) = (text("username"), text("password")) else {
        return Err(Error::BadCredentials.into());
    };
    let who = check(&call, username, password).await?;
    let key = call.site.accounts().open_session(&who, session::key(&call.head)).await?;
    let reply = error::reply(StatusCode::OK, &json!({ "user": response::person(&who) }));
    let reply = session::with_csrf(reply, &call.head, &csrf::new_secret());
    Ok(session::opened(reply, &call.head, &key, call.contract.session_age))
}

/// Who has these credentials and may come in. Failures are counted by name and by address, if the site wants it.
async fn check(call: &Call, username: &str, password: &str) -> Result<Arc<Principal>, Fault> {
    let check = async {
        let who = call.site.accounts().check(username, password).await?;
        if who.active && who.staff { Ok(who) } else { Err(Error::BadCredentials) }
    };
    throttle::guard(call.contract.throttle.as_deref(), (username, call.head.ip), check).await
}

/// `POST logout/`: it is always done, also for somebody who was never in.
pub(super) async fn logout(call: Call) -> Result<Reply, Fault> {
    let reply = error::reply(StatusCode::OK, &json!({ "detail": "logged out" }));
    let Some(key) = session::key(&call.head) else { return Ok(reply) };
    call.site.accounts().end_session(key).await?;
    Ok(session::ended(reply, &call.head))
}
