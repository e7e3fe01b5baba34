//! How a request becomes a principal. Forged requests are turned away first, whoever sends them, then wrong methods.

use std::sync::Arc;

use factotum_engine::principal::SessionState;
use factotum_engine::{Error, Principal, Verb};
use http::Method;

use super::settings::DjangoAdmin;
use crate::http::body::{self, Incoming};
use crate::http::contract::Visit;
use crate::http::{Fault, Head, csrf, session};

/// Who asks.
pub(super) async fn identify(
    contract: &DjangoAdmin,
    visit: &Visit<'_, DjangoAdmin>,
    body: &mut Incoming,
) -> Result<Arc<Principal>, Fault> {
    let head = visit.head;
    if !csrf::is_safe(&head.method) {
        let posted = if body::is_form(head) { session::form_token(head, body).await } else { Ok(None) };
        session::check_forgery(&contract.trusted_origins, head, posted)?;
    }
    if visit.endpoint.is_none() || head.method == Method::HEAD {
        return Err(Fault::WrongMethod { allowed: visit.route.methods() });
    }
    if visit.route.is_open() {
        return Ok(Arc::new(Principal::anonymous()));
    }
    match session::state(visit.site, head).await? {
        SessionState::Live(found) => Ok(found.who),
        SessionState::Nobody | SessionState::Ended => Ok(Arc::new(Principal::anonymous())),
    }
}

/// Whether a refusal is told as the end of a session: somebody had one, and is nobody now.
pub(super) fn is_expired(head: &Head, fault: &Fault) -> bool {
    matches!(fault, Fault::NotSignedIn) && session::key(head).is_some()
}

/// The log of who was refused what: never a body.
pub(super) fn witness(head: &Head, who: Option<&Principal>, fault: &Fault) {
    let decision = match fault {
        fault if is_expired(head, fault) => "session_expired",
        Fault::NotSignedIn | Fault::NotAdmitted | Fault::Engine(Error::Forbidden { .. }) => "forbidden",
        Fault::Engine(Error::BadCredentials) => "login_failed",
        _ => return,
    };
    let user = who.filter(|who| !who.is_anonymous()).map_or_else(|| "anon".to_owned(), |who| who.id.to_string());
    tracing::info!(target: "factotum::security", user, path = head.path, method = %head.method, decision);
}

/// The refusal of a verb on the model or row of a call.
pub(super) fn forbidden(resource: &factotum_engine::Resource, verb: Verb) -> Fault {
    Error::Forbidden { verb, model: resource.model.key.clone() }.into()
}
