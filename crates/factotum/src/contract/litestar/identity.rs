//! How a request becomes a principal, and who may knock where.

use std::sync::Arc;

use factotum_engine::Principal;
use factotum_engine::principal::SessionState;
use http::{Method, StatusCode};

use super::catalogue::Flags;
use super::error;
use super::settings::{Auth, Litestar, Location};
use super::token::Kind;
use crate::http::contract::Visit;
use crate::http::{Fault, Gate, Head, cookie, csrf};

/// The cookie that may hold an access token; this contract never sets it.
const TOKEN: &str = "admin_access_token";
/// The cookie of a session.
pub(super) const SESSION: &str = "admin_session";

/// The present second.
pub(super) fn now() -> i64 {
    factotum_engine::context::now().as_second()
}

/// Who asks. A wrong method is told before anybody is asked for a name, and where everybody may knock nobody is.
pub(super) async fn identify(contract: &Litestar, visit: &Visit<'_, Litestar>) -> Result<Arc<Principal>, Fault> {
    let anonymous = || Ok(Arc::new(Principal::anonymous()));
    let head = visit.head;
    if head.method == Method::OPTIONS && visit.endpoint.is_none() {
        return anonymous();
    }
    let Some(endpoint) = visit.endpoint.filter(|_| head.method != Method::HEAD) else {
        return Err(Fault::WrongMethod { allowed: methods(visit.route.methods()) });
    };
    if endpoint.gate == Gate::Anyone {
        return anonymous();
    }
    match contract.auth {
        Auth::Jwt => by_token(contract, visit).await,
        Auth::Session => by_session(contract, visit).await,
    }
}

/// The methods of a path: those of its endpoints, and OPTIONS.
pub(super) fn methods(mut methods: Vec<Method>) -> Vec<Method> {
    methods.push(Method::OPTIONS);
    methods
}

async fn by_token(contract: &Litestar, visit: &Visit<'_, Litestar>) -> Result<Arc<Principal>, Fault> {
    let head = visit.head;
    let (header, cookie) = (bearer(head), cookie::find(head, TOKEN));
    let (token, is_cookie) = match contract.location {
        Location::Header if head.headers.contains_key("authorization") => (header, false),
        Location::Header => (cookie, true),
        Location::Cookie => (cookie.or(header), cookie.is_some()),
    };
    let token = token.filter(|token| !token.is_empty()).or_else(|| in_address(contract, visit));
    let token = token.ok_or(Fault::NotSignedIn)?;
    let said = contract.tokens.judge(token, Kind::Access, now()).ok_or(Fault::NotSignedIn)?;
    if is_cookie {
        check_origin(contract, head)?;
    }
    load(visit, &said.subject).await
}

/// The token in the address of an export, where it may stand there. Nobody writes addresses' questions into a log.
fn in_address<'v>(contract: &Litestar, visit: &Visit<'v, Litestar>) -> Option<&'v str> {
    let may = contract.query_tokens && visit.endpoint.is_some_and(|endpoint| endpoint.id == "export");
    let head = visit.head;
    let found = head.query.iter().find(|(name, _)| may && name == "token").map(|(_, token)| token.as_str());
    found.filter(|token| !token.is_empty() && !head.headers.contains_key("authorization"))
}

/// The active account that a token names.
async fn load(visit: &Visit<'_, Litestar>, subject: &str) -> Result<Arc<Principal>, Fault> {
    let accounts = visit.site.accounts();
    let id = accounts.read_id(subject).ok_or(Fault::NotSignedIn)?;
    let who = accounts.load(&id).await?.filter(|who| who.active && who.staff);
    who.ok_or(Fault::NotSignedIn)
}

/// The token in the header: after `Bearer` in any case, or alone.
fn bearer(head: &Head) -> Option<&str> {
    let header = head.header("authorization")?.trim();
    match header.split_once(' ') {
        Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") => Some(token.trim_start()),
        _ => Some(header),
    }
}

async fn by_session(contract: &Litestar, visit: &Visit<'_, Litestar>) -> Result<Arc<Principal>, Fault> {
    let key = cookie::find(visit.head, SESSION).filter(|key| !key.is_empty()).ok_or(Fault::NotSignedIn)?;
    check_origin(contract, visit.head)?;
    match visit.site.accounts().session(key).await? {
        SessionState::Live(found) if found.who.staff => Ok(found.who),
        SessionState::Live(_) | SessionState::Nobody | SessionState::Ended => Err(Fault::NotSignedIn),
    }
}

/// A cookie goes along with requests that other sites send; those that change something must come from here.
fn check_origin(contract: &Litestar, head: &Head) -> Result<(), Fault> {
    if csrf::is_safe(&head.method) {
        return Ok(());
    }
    csrf::check_where(head, &contract.trusted_origins).map_err(Fault::BadCsrf)
}

/// Whether somebody may knock: by the permission that the endpoint asks for, then by what the model lets anybody do.
pub(super) fn admit(contract: &Litestar, visit: &Visit<'_, Litestar>, who: &Principal) -> Result<(), Fault> {
    let Some(endpoint) = visit.endpoint else { return Ok(()) };
    match endpoint.gate {
        Gate::Anyone => return Ok(()),
        Gate::Staff | Gate::May(_) => {}
        Gate::Holding(permission) if who.has(permission) => {}
        Gate::Holding(permission) => {
            return Err(error::said(StatusCode::FORBIDDEN, &format!("Permission '{permission}' required")));
        }
    }
    let named = visit.head.param("model");
    let Some(entry) = contract.shelf.of(visit.site, contract).find(named) else { return Ok(()) };
    match refused_by(endpoint.id, &entry.flags) {
        Some(word) => {
            let words = format!("{word} is not allowed for model '{named}'");
            Err(error::said(StatusCode::FORBIDDEN, &words))
        }
        None => Ok(()),
    }
}

/// What a model lets nobody do, of what an endpoint does.
fn refused_by(endpoint: &str, flags: &Flags) -> Option<&'static str> {
    let (allowed, word) = match endpoint {
        "create_record" | "import_preview" | "import_validate" | "import_execute" => (flags.create, "Create"),
        "replace_record" | "update_record" => (flags.edit, "Edit"),
        "delete_record" => (flags.delete, "Delete"),
        "get_record" => (flags.details, "View details"),
        _ => return None,
    };
    (!allowed).then_some(word)
}

/// What somebody may do, in the order of names.
pub(super) fn permissions(who: &Principal) -> Vec<&str> {
    let mut all: Vec<&str> = who.permissions.iter().map(String::as_str).collect();
    all.sort_unstable();
    all
}
