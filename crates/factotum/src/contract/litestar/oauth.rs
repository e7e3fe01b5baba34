//! Sign-in by other sites. Who is known there by a verified address that an account here has is signed in; the token
//! travels in a fragment, which no server sees and no log holds.

use std::sync::Arc;

use factotum_engine::Principal;
use factotum_engine::accounts::random::{self, LETTERS_AND_DIGITS};
use factotum_engine::principal::Newcomer;
use http::StatusCode;
use http::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE, LOCATION};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use super::settings::Auth;
use super::{Call, auth, error};
use crate::http::cookie::{self, Cookie};
use crate::http::gateway::{Came, Gateway, Known};
use crate::http::{Fault, Head, Reply};

/// What somebody takes along to a provider and brings back.
const TICKET: &str = "admin_oauth";
/// What tells the page that takes the token that it was this browser that signed in.
const DONE: &str = "admin_oauth_done";
/// How long somebody may take at a provider, in seconds.
const PATIENCE: u64 = 600;

/// Sign-in by other sites.
#[derive(Debug, Clone, Default)]
pub struct OAuth {
    /// The sites that are asked.
    pub providers: Vec<Arc<dyn Gateway>>,
    /// The roles of accounts that are made for people who have none; nobody gets one if not said.
    pub create: Option<Vec<String>>,
    /// Whether the token is left where the original's front end looks for it, instead of only being handed over.
    pub for_frontend: bool,
}

impl OAuth {
    fn find(&self, name: &str) -> Result<&dyn Gateway, Fault> {
        if self.providers.is_empty() {
            return Err(error::said(StatusCode::UNAUTHORIZED, "OAuth not configured"));
        }
        let found = self.providers.iter().find(|provider| provider.name() == name);
        found.map(|provider| &**provider).ok_or_else(|| error::not_found(&format!("OAuth provider '{name}' not found")))
    }
}

fn failed() -> Fault {
    error::said(StatusCode::UNAUTHORIZED, "OAuth authentication failed")
}

/// The path below which this contract is mounted.
fn mount(head: &Head) -> Result<&str, Fault> {
    head.path.rfind("/auth/oauth/").map(|at| &head.path[..at]).ok_or(Fault::NoSuchPath)
}

/// The address that a provider sends people back to.
fn back(call: &Call, provider: &dyn Gateway) -> Result<String, Fault> {
    Ok(format!("{}{}/auth/oauth/{}/callback", call.head.base(), mount(&call.head)?, provider.name()))
}

/// `GET auth/oauth/{provider}/login`
pub(super) async fn login(call: Call) -> Result<Reply, Fault> {
    let provider = call.contract.oauth.find(call.param("provider"))?;
    let begun = provider.begin(&back(&call, provider)?).await.map_err(|error| {
        tracing::error!(%error, provider = provider.name(), "nobody can sign in by a provider");
        failed()
    })?;
    Ok(redirect(&begun.url).cookie(&kept(&call, TICKET, &begun.ticket, PATIENCE)))
}

/// `GET auth/oauth/{provider}/callback`
pub(super) async fn callback(call: Call) -> Result<Reply, Fault> {
    let provider = call.contract.oauth.find(call.param("provider"))?;
    let (code, state) = (call.head.asked("code").unwrap_or(""), call.head.asked("state").unwrap_or(""));
    let ticket = cookie::find(&call.head, TICKET).unwrap_or("");
    if code.is_empty() || state.is_empty() || ticket.is_empty() {
        return Err(failed());
    }
    let known = provider.finish(&back(&call, provider)?, Came { code, state, ticket }).await.map_err(|error| {
        tracing::warn!(%error, provider = provider.name(), "somebody was not signed in by a provider");
        failed()
    })?;
    let who = match call.site.accounts().find(&known.email).await? {
        Some(who) => who,
        None => made(&call, &known).await?,
    };
    if !(who.active && who.staff) {
        return Err(failed());
    }
    signed_in(&call, &who).await
}

/// An account for somebody who has none, where that is wanted.
async fn made(call: &Call, known: &Known) -> Result<Arc<Principal>, Fault> {
    let roles = call.contract.oauth.create.as_ref().ok_or_else(failed)?;
    let new = Newcomer { email: &known.email, name: known.name.as_deref(), roles };
    Ok(call.site.accounts().enrol(new).await?)
}

/// The way back into the site, with the tokens in the fragment.
async fn signed_in(call: &Call, who: &Principal) -> Result<Reply, Fault> {
    let mount = mount(&call.head)?;
    let forget = kept(call, TICKET, "", 0);
    if call.contract.auth == Auth::Session {
        return Ok(auth::opened(redirect(mount), call, who).await?.cookie(&forget));
    }
    let (access, refresh) = auth::tokens(call, who).await?;
    let proof = random::letters(LETTERS_AND_DIGITS, 22);
    let page = if call.contract.oauth.for_frontend { "/auth/oauth/signed-in" } else { "" };
    let told = [("token", access.as_str()), ("refresh_token", &refresh), ("state", &proof)];
    let told = told.map(|(name, value)| format!("{name}={}", utf8_percent_encode(value, NON_ALPHANUMERIC))).join("&");
    let seen = Cookie { http_only: false, ..kept(call, DONE, &proof, 60) };
    Ok(redirect(&format!("{mount}{page}#{told}")).cookie(&forget).cookie(&seen))
}

fn kept<'c>(call: &Call, name: &'c str, value: &'c str, max_age: u64) -> Cookie<'c> {
    Cookie { name, value, max_age, http_only: true, secure: call.head.is_secure() }
}

fn redirect(address: &str) -> Reply {
    Reply::empty(StatusCode::FOUND).with(LOCATION, address)
}

/// `GET auth/oauth/signed-in`: takes the token out of the fragment and leaves it where the original's front end looks
/// for it. Only who has just signed in has the cookie that goes with it, so nobody can be sent here with the token of
/// somebody else.
pub(super) async fn page(_call: Call) -> Result<Reply, Fault> {
    let text = "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n<title>Signed in</title>\n\
                <script src=\"signed-in.js\"></script>\n</html>\n";
    let policy = "default-src 'none'; script-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
    let mut reply = Reply::empty(StatusCode::OK);
    reply.body = text.into();
    Ok(reply.with(CONTENT_TYPE, "text/html; charset=utf-8").with(CONTENT_SECURITY_POLICY, policy))
}

/// `GET auth/oauth/signed-in.js`
pub(super) async fn script(_call: Call) -> Result<Reply, Fault> {
    let mut reply = Reply::empty(StatusCode::OK);
    reply.body = include_str!("signed_in.js").into();
    Ok(reply.with(CONTENT_TYPE, "text/javascript; charset=utf-8"))
}
