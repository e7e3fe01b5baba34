//! What every answer gets on its way out: its form, what browsers and caches are told, and scripts of other sites.

use http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
    ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE, ACCESS_CONTROL_REQUEST_METHOD, ALLOW, CACHE_CONTROL,
    CONTENT_LENGTH, CONTENT_TYPE, ETAG, IF_NONE_MATCH, ORIGIN, STRICT_TRANSPORT_SECURITY, VARY,
};
use http::{Method, StatusCode};
use sha2::{Digest, Sha256};

use super::html;
use super::negotiate::{self, Form};
use super::settings::Packages;
use super::spot::Spot;
use crate::http::{Head, Reply, indent};

/// For how many seconds a browser need not ask again whether scripts may ask.
const PREFLIGHT: &str = "600";

/// An answer as it goes out; `methods` are those of its path, if there is such a path.
pub(super) fn finish(contract: &Packages, head: &Head, methods: Option<&[Method]>, reply: Reply) -> Reply {
    let mut reply = match methods {
        Some(methods) => dressed(contract, head, methods, reply),
        None if reply.status.is_redirection() => reply.with(VARY, "Cookie"),
        None => reply,
    };
    if head.is_secure() && !contract.strict_transport_security.is_empty() {
        reply = reply.with(STRICT_TRANSPORT_SECURITY, &contract.strict_transport_security);
    }
    let reply = conditional(contract, head, shared(contract, head, reply));
    if head.method != Method::HEAD {
        return reply;
    }
    // Nothing is sent of the body, but it is told how long it would be.
    let length = reply.body.len().to_string();
    reply.with(CONTENT_LENGTH, &length)
}

/// An answer of the API in the form that was asked for.
fn dressed(contract: &Packages, head: &Head, methods: &[Method], reply: Reply) -> Reply {
    let form = negotiate::form(contract, head);
    let is_no_form = form.is_err() || (reply.status == StatusCode::NOT_FOUND && negotiate::is_of_key(contract, head));
    let vary = if is_no_form { "Accept" } else { "Accept, Cookie" };
    let is_json = reply.headers.get(CONTENT_TYPE).is_some_and(|media| media == "application/json");
    let is_document = Spot::of(contract, head.route) == Spot::Other;
    let mut reply = match form {
        Ok(Form::Html) if is_json && !is_document => html::page(contract, head, reply),
        Ok(Form::Json(width)) if is_json && width > 0 => {
            Reply { body: indent::indented(&reply.body, width).into(), ..reply }
        }
        _ => reply,
    };
    let allow: Vec<&str> = methods.iter().map(Method::as_str).collect();
    reply = reply.with(ALLOW, &allow.join(", ")).with(VARY, vary);
    reply
}

/// What scripts of other sites may see of an answer.
fn shared(contract: &Packages, head: &Head, mut reply: Reply) -> Reply {
    let origins = &contract.cors_origins;
    if origins.is_empty() {
        return reply;
    }
    let everybody = origins.iter().any(|origin| origin == "*");
    if !everybody {
        let vary = reply.headers.get(VARY).and_then(|vary| vary.to_str().ok());
        let vary = vary.map_or("Origin".to_owned(), |vary| format!("{vary}, Origin"));
        reply = reply.with(VARY, &vary);
    }
    let asks = head.header(ORIGIN.as_str());
    let known = asks.filter(|asks| origins.iter().any(|origin| origin == asks));
    let Some(origin) = (if everybody { Some("*") } else { known }) else { return reply };
    reply = reply.with(ACCESS_CONTROL_ALLOW_ORIGIN, origin);
    if head.method == Method::OPTIONS && head.headers.contains_key(ACCESS_CONTROL_REQUEST_METHOD) {
        return reply
            .with(ACCESS_CONTROL_ALLOW_METHODS, "GET, HEAD, OPTIONS")
            .with(ACCESS_CONTROL_ALLOW_HEADERS, "Accept, Content-Type, If-None-Match")
            .with(ACCESS_CONTROL_MAX_AGE, PREFLIGHT);
    }
    reply.with(
        ACCESS_CONTROL_EXPOSE_HEADERS,
        "ETag, Retry-After, X-RateLimit-Limit, X-RateLimit-Remaining, X-RateLimit-Reset",
    )
}

/// What caches are told. A client that has the answer already is told only that.
fn conditional(contract: &Packages, head: &Head, mut reply: Reply) -> Reply {
    if reply.status != StatusCode::OK || !matches!(head.method, Method::GET | Method::HEAD) {
        return reply;
    }
    if let Some(words) = &contract.cache_control {
        reply = reply.with(CACHE_CONTROL, words);
    }
    if !contract.etag {
        return reply;
    }
    let digest = Sha256::digest(&reply.body);
    let hex = digest.iter().take(16).fold(String::with_capacity(34), |tag, byte| format!("{tag}{byte:02x}"));
    let tag = format!("\"{hex}\"");
    let is_known = head.header(IF_NONE_MATCH.as_str()).is_some_and(|known| knows(known, &tag));
    reply = reply.with(ETAG, &tag);
    if is_known {
        reply.headers.remove(CONTENT_TYPE);
        return Reply { status: StatusCode::NOT_MODIFIED, body: bytes::Bytes::new(), ..reply };
    }
    reply
}

/// Whether a tag is among those that a client knows.
fn knows(known: &str, tag: &str) -> bool {
    known.split(',').map(str::trim).any(|known| known == "*" || known.strip_prefix("W/").unwrap_or(known) == tag)
}

#[cfg(test)]
mod tests {
    use http::HeaderMap;

    use super::*;

    fn head(method: Method, headers: &[(http::HeaderName, &str)]) -> Head {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.insert(name, value.parse().expect("a header"));
        }
        Head {
            method,
            path: "/".to_owned(),
            query_text: None,
            query: Vec::new(),
            headers: map,
            ip: None,
            scheme: "http",
            host: "a.test".to_owned(),
            route: Some("/"),
            params: Vec::new(),
        }
    }

    fn answer(contract: &Packages, head: &Head) -> Reply {
        let methods = [Method::GET, Method::HEAD, Method::OPTIONS];
        finish(contract, head, Some(&methods), Reply::json(StatusCode::OK, b"{\"a\":1}".to_vec()))
    }

    #[test]
    fn nothing_is_said_of_caches_and_scripts_unless_it_is_configured() {
        let reply = answer(&Packages::new(""), &head(Method::GET, &[(ORIGIN, "https://b.test")]));
        assert_eq!(reply.headers["vary"], "Accept, Cookie");
        for name in ["etag", "cache-control", "access-control-allow-origin"] {
            assert!(!reply.headers.contains_key(name), "{name}");
        }
    }

    #[test]
    fn a_client_that_knows_an_answer_is_told_so() {
        let contract = Packages { etag: true, cache_control: Some("max-age=60".to_owned()), ..Packages::new("") };
        let first = answer(&contract, &head(Method::GET, &[]));
        let tag = first.headers[ETAG].to_str().expect("text").to_owned();
        let again = answer(&contract, &head(Method::GET, &[(IF_NONE_MATCH, &format!("\"x\", W/{tag}"))]));
        assert_eq!((again.status, again.body.len()), (StatusCode::NOT_MODIFIED, 0));
        assert_eq!(again.headers[CACHE_CONTROL], "max-age=60");
        let indented = answer(&contract, &head(Method::GET, &[(http::header::ACCEPT, "application/json; indent=2")]));
        assert_ne!(indented.headers[ETAG], first.headers[ETAG], "another form is another answer");
        assert_eq!(answer(&contract, &head(Method::HEAD, &[])).headers[CONTENT_LENGTH], "7");
    }

    #[test]
    fn scripts_of_some_sites_or_of_all() {
        let some = Packages { cors_origins: vec!["https://b.test".to_owned()], ..Packages::new("") };
        let reply = answer(&some, &head(Method::GET, &[(ORIGIN, "https://b.test")]));
        assert_eq!(reply.headers[ACCESS_CONTROL_ALLOW_ORIGIN], "https://b.test");
        assert_eq!(reply.headers[VARY], "Accept, Cookie, Origin");
        let reply = answer(&some, &head(Method::GET, &[(ORIGIN, "https://c.test")]));
        assert!(!reply.headers.contains_key(ACCESS_CONTROL_ALLOW_ORIGIN));
        let all = Packages { cors_origins: vec!["*".to_owned()], ..Packages::new("") };
        let asked = head(Method::OPTIONS, &[(ORIGIN, "https://c.test"), (ACCESS_CONTROL_REQUEST_METHOD, "GET")]);
        let reply = answer(&all, &asked);
        assert_eq!(reply.headers[ACCESS_CONTROL_ALLOW_ORIGIN], "*");
        assert_eq!(reply.headers[ACCESS_CONTROL_ALLOW_METHODS], "GET, HEAD, OPTIONS");
    }
}
