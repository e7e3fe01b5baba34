//! How each fault looks on this wire, and which words each flaw has.

use std::time::Duration;

use factotum_engine::error::{Conflict, Missing};
use factotum_engine::{Error, Site};
use http::header::{ALLOW, RETRY_AFTER};
use http::{Method, StatusCode};
use serde_json::{Value as Json, json};

use super::settings::Litestar;
use super::validation;
use crate::http::{BadBody, Fault, Head, Reply, json as text};

/// When to come back while the database is away.
const AWAY: Duration = Duration::from_secs(1);

/// A JSON document as a reply.
pub(super) fn reply(status: StatusCode, document: &Json) -> Reply {
    let mut out = Vec::new();
    text::value(&mut out, document);
    Reply::json(status, out)
}

/// The envelope of every error.
pub(super) fn detail(status: StatusCode, words: &str) -> Reply {
    reply(status, &json!({ "status_code": status.as_u16(), "detail": words }))
}

/// The envelope with particulars.
pub(super) fn detail_with(status: StatusCode, words: &str, extra: &Json) -> Reply {
    reply(status, &json!({ "status_code": status.as_u16(), "detail": words, "extra": extra }))
}

/// A refusal in words of this contract's own.
pub(super) fn said(status: StatusCode, words: &str) -> Fault {
    Fault::Said(Box::new(detail(status, words)))
}

/// Nothing of that name.
pub(super) fn not_found(words: &str) -> Fault {
    said(StatusCode::NOT_FOUND, words)
}

/// What code of the site says when it fails, in its own words.
///
/// # Errors
/// What is not its fault and is told otherwise.
pub(super) fn words_of(failed: Error) -> Result<String, Error> {
    Ok(match failed {
        Error::Invalid(errors) => {
            let flaws = errors.fields.into_values().flatten().chain(errors.whole);
            flaws.filter_map(|flaw| flaw.words).next().unwrap_or_else(|| "a value cannot be stored".to_owned())
        }
        Error::Conflict(_) => "a rule of the database does not allow it".to_owned(),
        Error::Protected { .. } => "a record is still referenced".to_owned(),
        Error::NotFound(Missing::Row) => "the record was not found".to_owned(),
        other => return Err(other),
    })
}

/// How a fault is told.
pub(super) fn refuse(contract: &Litestar, site: &Site, head: &Head, fault: &Fault) -> Reply {
    match fault {
        Fault::Engine(error) => refuse_error(contract, site, head, error),
        Fault::NotSignedIn | Fault::BadToken(_) if contract.stealth => hidden(),
        Fault::NotSignedIn | Fault::BadToken(_) => detail(StatusCode::UNAUTHORIZED, "Authentication required"),
        Fault::NotAdmitted => detail(StatusCode::FORBIDDEN, "Permission denied"),
        Fault::BadCsrf(_) => detail(StatusCode::FORBIDDEN, "The request comes from another site"),
        Fault::NoSuchPath => detail(StatusCode::NOT_FOUND, "Not Found"),
        Fault::WrongMethod { allowed } => {
            let allowed: Vec<&str> = allowed.iter().map(Method::as_str).collect();
            detail(StatusCode::METHOD_NOT_ALLOWED, "Method Not Allowed").with(ALLOW, &allowed.join(", "))
        }
        Fault::NotAcceptable => detail(StatusCode::NOT_ACCEPTABLE, "Not Acceptable"),
        Fault::BadHost => detail(StatusCode::BAD_REQUEST, "Invalid Host header"),
        Fault::BadBody(bad) => detail(StatusCode::BAD_REQUEST, &body_words(bad)),
        Fault::TooLarge { .. } => detail(StatusCode::PAYLOAD_TOO_LARGE, "Request Entity Too Large"),
        Fault::WrongMedia { given } => {
            let words = format!("Unsupported media type '{given}'");
            detail(StatusCode::UNSUPPORTED_MEDIA_TYPE, &words)
        }
        Fault::Limited { retry_after } => limited(*retry_after),
        Fault::Said(reply) => (**reply).clone(),
    }
}

/// As if there were no such site.
fn hidden() -> Reply {
    let mut reply = Reply::empty(StatusCode::NOT_FOUND).with(http::header::CONTENT_TYPE, "text/plain");
    reply.body = "Not Found".into();
    reply
}

fn refuse_error(contract: &Litestar, site: &Site, head: &Head, error: &Error) -> Reply {
    match error {
        Error::BadCredentials => detail(StatusCode::UNAUTHORIZED, "Invalid email or password"),
        Error::Forbidden { .. } => detail(StatusCode::FORBIDDEN, "Permission denied"),
        Error::NotFound(missing) => detail(StatusCode::NOT_FOUND, &missing_words(head, missing)),
        Error::BadQuery(_) => detail(StatusCode::BAD_REQUEST, "The question names something that cannot be asked"),
        Error::Invalid(errors) => validation::refuse(contract, site, head, errors),
        Error::Conflict(Conflict::Version) => detail(StatusCode::CONFLICT, "The record was changed in the meantime"),
        // The database knows of rows that point here and that no model tells of.
        Error::Conflict(Conflict::Rule(_)) if deletes(head) => referenced(head),
        Error::Conflict(Conflict::Rule(_)) => validation::refuse_rule(),
        Error::Protected { .. } => referenced(head),
        Error::TooMany { most } => detail(StatusCode::BAD_REQUEST, &format!("No more than {most} are allowed at once")),
        Error::Unavailable => {
            let reply = detail(StatusCode::SERVICE_UNAVAILABLE, "Service Unavailable");
            reply.with(RETRY_AFTER, &AWAY.as_secs().to_string())
        }
        Error::Internal(_) => detail(StatusCode::INTERNAL_SERVER_ERROR, "Internal Server Error"),
    }
}

fn deletes(head: &Head) -> bool {
    head.method == Method::DELETE || head.route.is_some_and(|route| route.ends_with("/bulk/delete"))
}

fn referenced(head: &Head) -> Reply {
    match head.param("record") {
        "" => detail(StatusCode::CONFLICT, "A record is still referenced"),
        record => detail(StatusCode::CONFLICT, &format!("Record '{record}' is still referenced")),
    }
}

/// What is not there, by the names that the path has for it.
fn missing_words(head: &Head, missing: &Missing) -> String {
    let model = head.param("model");
    match missing {
        Missing::Model => format!("Model '{model}' not found"),
        Missing::Row => format!("Record '{}' not found in '{model}'", head.param("record")),
        Missing::Action => format!("Bulk action '{}' not found on model '{model}'", head.param("action")),
        Missing::Page | Missing::Other => "Not Found".to_owned(),
    }
}

fn body_words(bad: &BadBody) -> String {
    match bad {
        BadBody::Json(words) => format!("JSON is malformed: {words}"),
        BadBody::Form(words) => format!("Form is malformed: {words}"),
        BadBody::Crowded { most } => format!("Form is malformed: more than {most} fields"),
        BadBody::Cut => "The request body did not arrive".to_owned(),
    }
}

/// The answer to whoever asks too often.
pub(super) fn limited(wait: Duration) -> Reply {
    let seconds = wait.as_secs().max(1);
    let mut reply = Reply::json(StatusCode::TOO_MANY_REQUESTS, Vec::new());
    reply.body = format!("{{\"error\": \"Too Many Requests\", \"retry_after\": {seconds}}}").into();
    reply.with(RETRY_AFTER, &seconds.to_string())
}
