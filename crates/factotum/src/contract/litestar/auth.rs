//! Sign-in, sign-out, new tokens, and what somebody is told of themselves.

use std::sync::Arc;

use factotum_engine::error::Missing;
use factotum_engine::{Error, Principal, Value};
use http::StatusCode;
use serde_json::json;

use super::identity::{SESSION, now, permissions};
use super::request::{Sent, Type, required};
use super::settings::Auth;
use super::token::{Kind, Place};
use super::{Call, error};
use crate::http::cookie::{self, Cookie};
use crate::http::limit::throttle;
use crate::http::{Fault, Reply};

/// The fewest characters of a new password.
const SHORTEST: usize = 8;

/// Where a refresh token may be beside the body.
const HEADER: &str = "x-refresh-token";
const COOKIE: &str = "admin_refresh_token";

/// `POST auth/login`
pub(super) async fn login(call: Call) -> Result<Reply, Fault> {
    let sent = Sent::read(&call, &[required("email", Type::Text), required("password", Type::Text)])?;
    let who = check(&call, sent.text("email"), sent.text("password")).await?;
    match call.contract.auth {
        Auth::Jwt => {
            let place = place(&call, &who).await?;
            Ok(signed_in(&call, &who, place.as_ref(), None))
        }
        Auth::Session => opened(by_session(), &call, &who).await,
    }
}

/// Who has these credentials. Failures are counted by name and by address, if the site wants it.
async fn check(call: &Call, email: &str, password: &str) -> Result<Arc<Principal>, Fault> {
    let check = async {
        let who = call.site.accounts().check(email, password).await?;
        if who.active && who.staff { Ok(who) } else { Err(Error::BadCredentials) }
    };
    throttle::guard(call.contract.throttle.as_deref(), (email, call.head.ip), check).await
}

/// The beginning of a family of refresh tokens, where they may be used only once.
async fn place(call: &Call, who: &Principal) -> Result<Option<Place>, Fault> {
    let Some(families) = &call.contract.rotation else { return Ok(None) };
    let until = now().saturating_add(call.contract.tokens.refresh_seconds);
    let (family, id) = families.begin(&who.id.to_string(), until).await?;
    Ok(Some(Place { family, id }))
}

/// An access token and a refresh token for somebody who has just proved who they are.
pub(super) async fn tokens(call: &Call, who: &Principal) -> Result<(String, String), Fault> {
    let (place, tokens, now) = (place(call, who).await?, &call.contract.tokens, now());
    Ok((tokens.make(who, Kind::Access, None, now), tokens.make(who, Kind::Refresh, place.as_ref(), now)))
}

/// Both tokens; the refresh token is the one that was used, where it may be used again.
fn signed_in(call: &Call, who: &Principal, place: Option<&Place>, used: Option<&str>) -> Reply {
    let (tokens, now) = (&call.contract.tokens, now());
    let refresh = used.map_or_else(|| tokens.make(who, Kind::Refresh, place, now), str::to_owned);
    let document = json!({
        "access_token": tokens.make(who, Kind::Access, None, now),
        "refresh_token": refresh,
        "token_type": "bearer",
        "expires_in": tokens.access_seconds.to_string(),
    });
    error::reply(StatusCode::OK, &document)
}

fn by_session() -> Reply {
    let document = json!({
        "access_token": "session", "refresh_token": "session", "token_type": "session", "expires_in": null,
    });
    error::reply(StatusCode::OK, &document)
}

/// A reply with a session that was opened for somebody.
pub(super) async fn opened(reply: Reply, call: &Call, who: &Principal) -> Result<Reply, Fault> {
    let former = cookie::find(&call.head, SESSION);
    let key = call.site.accounts().open_session(who, former).await?;
    Ok(with_session(reply, call, &key, call.contract.session_age))
}

fn with_session(reply: Reply, call: &Call, key: &str, max_age: u64) -> Reply {
    let secure = call.head.is_secure();
    reply.cookie(&Cookie { name: SESSION, value: key, max_age, http_only: true, secure })
}

/// `POST auth/logout`: nothing is asked of whoever leaves. The family of a refresh token that is shown ends.
pub(super) async fn logout(call: Call) -> Result<Reply, Fault> {
    let reply = done("Logged out successfully");
    if call.contract.auth == Auth::Session {
        if let Some(key) = cookie::find(&call.head, SESSION) {
            call.site.accounts().end_session(key).await?;
        }
        return Ok(with_session(reply, &call, "", 0));
    }
    if let Some(families) = &call.contract.rotation {
        let shown = beside(&call).map(str::to_owned).or_else(|| in_body(&call));
        let said = shown.and_then(|token| call.contract.tokens.judge(&token, Kind::Refresh, now()));
        if let Some(place) = said.and_then(|said| said.place) {
            families.end(&place.family).await?;
        }
    }
    Ok(reply)
}

/// A refresh token in a body that need not be there.
fn in_body(call: &Call) -> Option<String> {
    let body: serde_json::Value = serde_json::from_slice(&call.body).ok()?;
    body.get("refresh_token")?.as_str().map(str::to_owned)
}

/// A refresh token in a header or a cookie.
fn beside(call: &Call) -> Option<&str> {
    let found = call.head.header(HEADER).or_else(|| cookie::find(&call.head, COOKIE));
    found.filter(|token| !token.is_empty())
}

/// `POST auth/refresh`
pub(super) async fn refresh(call: Call) -> Result<Reply, Fault> {
    let sent = Sent::read(&call, &[required("refresh_token", Type::Text)])?;
    if call.contract.auth == Auth::Session {
        return Ok(by_session());
    }
    let refused = || error::said(StatusCode::UNAUTHORIZED, "Invalid or expired refresh token");
    let given = Some(sent.text("refresh_token")).filter(|token| !token.is_empty());
    let token = given.or_else(|| beside(&call)).ok_or_else(refused)?;
    let said = call.contract.tokens.judge(token, Kind::Refresh, now()).ok_or_else(refused)?;
    let accounts = call.site.accounts();
    let id = accounts.read_id(&said.subject).ok_or_else(refused)?;
    let who = accounts.load(&id).await?.filter(|who| who.active && who.staff).ok_or_else(refused)?;
    let Some(families) = &call.contract.rotation else { return Ok(signed_in(&call, &who, None, Some(token))) };
    let place = said.place.ok_or_else(refused)?;
    let next = families.follow(&place.family, &place.id, &who.id.to_string()).await?.ok_or_else(refused)?;
    Ok(signed_in(&call, &who, Some(&Place { family: place.family, id: next }), None))
}

/// `GET auth/me`
pub(super) async fn me(call: Call) -> Result<Reply, Fault> {
    let who = &call.who;
    let id = match &who.id {
        Value::Int(number) => json!(number),
        other => json!(other.to_string()),
    };
    let document = json!({ "id": id, "email": who.email, "roles": who.roles, "permissions": permissions(who) });
    Ok(error::reply(StatusCode::OK, &document))
}

/// `POST auth/change-password`
pub(super) async fn change_password(call: Call) -> Result<Reply, Fault> {
    let fields = [required("current_password", Type::Text), required("new_password", Type::Text)];
    let sent = Sent::read(&call, &fields)?;
    let failed = "Failed to change password. Please check your current password.";
    let accounts = call.site.accounts();
    match accounts.check(&call.who.username, sent.text("current_password")).await {
        Ok(who) if who.id == call.who.id => {}
        Ok(_) | Err(Error::BadCredentials) => return Err(error::said(StatusCode::FORBIDDEN, failed)),
        Err(other) => return Err(other.into()),
    }
    let password = sent.text("new_password");
    judge(password)?;
    match accounts.set_password(&call.who.id, password).await {
        Ok(()) => {}
        Err(Error::NotFound(Missing::Other)) => {
            let words = "Password change is not supported by this authentication backend";
            return Err(error::said(StatusCode::FORBIDDEN, words));
        }
        Err(other) => return Err(other.into()),
    }
    if let Some(families) = &call.contract.rotation {
        families.end_all(&call.who.id.to_string()).await?;
    }
    Ok(done("Password changed successfully"))
}

/// Whether a new password is long enough.
pub(super) fn judge(password: &str) -> Result<(), Fault> {
    if password.chars().count() < SHORTEST {
        let words = format!("Password must be at least {SHORTEST} characters long");
        return Err(error::said(StatusCode::BAD_REQUEST, &words));
    }
    Ok(())
}

fn done(words: &str) -> Reply {
    error::reply(StatusCode::OK, &json!({ "success": true, "message": words }))
}
