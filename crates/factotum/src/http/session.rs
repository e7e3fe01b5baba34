//! Sign-in by cookie, as Django does it: the cookies' names, whose session a request has, and the check against forgery.

use factotum_engine::principal::SessionState;
use factotum_engine::{Result, Site};
use http::Method;

use crate::http::body::{self, Body, Incoming};
use crate::http::cookie::Cookie;
use crate::http::csrf::{self, TrustedOrigins};
use crate::http::{Fault, Head, Reply, cookie};

/// The cookie that holds the session's key.
pub const SESSION: &str = "sessionid";
/// The cookie that holds the secret against forged requests.
pub const CSRF: &str = "csrftoken";
/// For how many seconds a client keeps its CSRF cookie: a year, as Django says.
const CSRF_AGE: u64 = 60 * 60 * 24 * 7 * 52;

/// The key of a request's session; nothing if there is none or it is empty.
#[must_use]
pub fn key(head: &Head) -> Option<&str> {
    cookie::find(head, SESSION).filter(|key| !key.is_empty())
}

/// Whose session a request has.
///
/// # Errors
/// When the database is away.
pub async fn state(site: &Site, head: &Head) -> Result<SessionState> {
    match key(head) {
        Some(key) => site.accounts().session(key).await,
        None => Ok(SessionState::Nobody),
    }
}

/// Checks that a request was not sent by another site. What was posted may hold the token; a body that cannot be read
/// is said first, unless where the request comes from or its cookie is at fault already.
///
/// # Errors
/// [`Fault::BadCsrf`], or what was wrong with the body.
pub fn check_forgery(
    trusted: &TrustedOrigins,
    head: &Head,
    posted: Result<Option<String>, Fault>,
) -> Result<(), Fault> {
    let form = posted.as_ref().ok().cloned().flatten();
    let asked = csrf::Asked {
        secure: head.is_secure(),
        host: &head.host,
        origin: head.header("origin"),
        referer: head.header("referer"),
        cookie: cookie::find(head, CSRF),
        form: form.as_deref(),
        header: head.header("x-csrftoken"),
    };
    match (csrf::check(&asked, trusted), posted) {
        (Err(reason), _) if !reason.is_of_token() => Err(Fault::BadCsrf(reason)),
        (_, Err(fault)) => Err(fault),
        (checked, Ok(_)) => checked.map_err(Fault::BadCsrf),
    }
}

/// The token in a posted form.
///
/// # Errors
/// What is wrong with the body.
pub async fn form_token(head: &Head, incoming: &mut Incoming) -> Result<Option<String>, Fault> {
    if head.method != Method::POST {
        return Ok(None);
    }
    let whole = incoming.read().await?;
    let Body::Form(form) = body::read(head, &whole).await? else { return Ok(None) };
    Ok(form.last("csrfmiddlewaretoken").map(str::to_owned))
}

/// The reply with the cookie of a session that lasts for so many seconds.
#[must_use]
pub fn opened(reply: Reply, head: &Head, key: &str, seconds: u64) -> Reply {
    let secure = head.is_secure();
    reply.cookie(&Cookie { name: SESSION, value: key, max_age: seconds, http_only: true, secure })
}

/// The reply with the session's cookie taken away.
#[must_use]
pub fn ended(reply: Reply, head: &Head) -> Reply {
    opened(reply, head, "", 0)
}

/// The reply with a secret against forgery.
#[must_use]
pub fn with_csrf(reply: Reply, head: &Head, secret: &str) -> Reply {
    let secure = head.is_secure();
    reply.cookie(&Cookie { name: CSRF, value: secret, max_age: CSRF_AGE, http_only: false, secure })
}
