//! How a request becomes a principal, and whether that principal may knock here.

use std::sync::Arc;

use factotum_engine::principal::SessionState;
use factotum_engine::{ModelKey, Principal, Verb};
use http::Method;

use super::settings::{Auth, Conjure};
use crate::http::body::Incoming;
use crate::http::contract::{Visit, staff_only};
use crate::http::token::{Kind, Tokens};
use crate::http::{BadToken, Fault, Gate, Head, csrf, session};

/// Who asks. Where everybody may knock, nobody is asked for a name.
pub(super) async fn identify(
    conjure: &Conjure,
    visit: &Visit<'_, Conjure>,
    body: &mut Incoming,
) -> Result<Arc<Principal>, Fault> {
    if !visit.route.is_open() {
        if let Auth::Jwt(tokens) = &conjure.auth
            && let Some(token) = bearer(visit.head)?
        {
            return by_token(tokens, visit, token).await;
        }
        if let Some(who) = by_session(conjure, visit, body).await? {
            return Ok(who);
        }
    }
    Ok(Arc::new(Principal::anonymous()))
}

/// The token of the request. Another scheme than `Bearer`, in this spelling, is none.
fn bearer(head: &Head) -> Result<Option<&str>, Fault> {
    let Some(header) = head.header("authorization") else { return Ok(None) };
    let mut parts = header.split_ascii_whitespace();
    if parts.next() != Some("Bearer") {
        return Ok(None);
    }
    match (parts.next(), parts.next()) {
        (Some(token), None) => Ok(Some(token)),
        _ => Err(Fault::BadToken(BadToken::Header)),
    }
}

async fn by_token(tokens: &Tokens, visit: &Visit<'_, Conjure>, token: &str) -> Result<Arc<Principal>, Fault> {
    let refused = |reason| Fault::BadToken(BadToken::Refused(reason));
    let claims = tokens.judge(token, Kind::Access, now()).map_err(refused)?;
    let id = claims.user_id().map_err(refused)?;
    let accounts = visit.site.accounts();
    let id = accounts.read_id(&id).ok_or(Fault::BadToken(BadToken::UserGone))?;
    let who = accounts.load(&id).await?.ok_or(Fault::BadToken(BadToken::UserGone))?;
    if who.active { Ok(who) } else { Err(Fault::BadToken(BadToken::UserInactive)) }
}

/// The present second.
pub(super) fn now() -> i64 {
    factotum_engine::context::now().as_second()
}

/// Who has the request's session. Only a session can be abused by another site, so only here that is checked.
async fn by_session(
    conjure: &Conjure,
    visit: &Visit<'_, Conjure>,
    body: &mut Incoming,
) -> Result<Option<Arc<Principal>>, Fault> {
    let SessionState::Live(found) = session::state(visit.site, visit.head).await? else { return Ok(None) };
    if !csrf::is_safe(&visit.head.method) {
        let posted = session::form_token(visit.head, body).await;
        session::check_forgery(&conjure.trusted_origins, visit.head, posted)?;
    }
    Ok(Some(found.who))
}

/// Whether somebody may knock. What the path's table does not know counts as a change, and a model that is not
/// registered is let through: the handler says that it is not there.
pub(super) fn admit(visit: &Visit<'_, Conjure>, who: &Principal) -> Result<(), Fault> {
    if visit.route.is_open() {
        return Ok(());
    }
    staff_only(Gate::Staff, who)?;
    if !visit.route.path.starts_with("/r/") {
        return Ok(());
    }
    let key = ModelKey::parse(visit.head.param("key"));
    let Some(resource) = key.and_then(|key| visit.site.find(&key).ok()) else { return Ok(()) };
    let verb = match visit.endpoint.map(|endpoint| endpoint.gate) {
        Some(Gate::May(verb)) => Some(verb),
        Some(Gate::Staff | Gate::Anyone | Gate::Holding(_)) => None,
        None => Some(Verb::Change),
    };
    let writes = visit.endpoint.is_some_and(|endpoint| endpoint.method != Method::GET && endpoint.id != "action");
    let is_kept = resource.options.read_only && writes;
    if is_kept || verb.is_some_and(|verb| !resource.admin.allows(who, verb, resource, None)) {
        return Err(Fault::NotAdmitted);
    }
    Ok(())
}
