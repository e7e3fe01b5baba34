//! How each fault looks on this wire: one sentence under `detail`.

use std::time::Duration;

use factotum_engine::Error;
use factotum_engine::query::BadQuery;
use http::StatusCode;
use http::header::RETRY_AFTER;
use serde_json::json;

use super::settings::Collection;
use crate::http::{Fault, Head, Reply, json as text};

/// When to come back while the database is away.
const AWAY: Duration = Duration::from_secs(1);

/// A JSON document as a reply.
pub(super) fn reply(status: StatusCode, document: &serde_json::Value) -> Reply {
    let mut out = Vec::new();
    text::value(&mut out, document);
    Reply::json(status, out)
}

fn detail(status: StatusCode, words: &str) -> Reply {
    reply(status, &json!({ "detail": words }))
}

/// Nothing of that name or form.
pub(super) fn not_found() -> Reply {
    detail(StatusCode::NOT_FOUND, "Not found.")
}

/// No row has the key.
pub(super) fn no_match(collection: &Collection) -> Reply {
    detail(StatusCode::NOT_FOUND, &format!("No {} matches the given query.", collection.singular))
}

/// How a fault is told. Nobody signs in here, so there is nothing to say of it.
pub(super) fn refuse(head: &Head, fault: &Fault) -> Reply {
    match fault {
        Fault::Engine(error) => refuse_error(error),
        Fault::NotSignedIn | Fault::NotAdmitted | Fault::BadToken(_) | Fault::BadCsrf(_) => forbidden(),
        Fault::NoSuchPath => not_found(),
        Fault::WrongMethod { .. } => {
            detail(StatusCode::METHOD_NOT_ALLOWED, &format!("Method \"{}\" not allowed.", head.method))
        }
        Fault::NotAcceptable => detail(StatusCode::NOT_ACCEPTABLE, "Could not satisfy the request Accept header."),
        Fault::BadHost => detail(StatusCode::BAD_REQUEST, "Invalid Host header."),
        Fault::BadBody(_) => detail(StatusCode::BAD_REQUEST, "The request body did not arrive."),
        Fault::TooLarge { most } => {
            detail(StatusCode::PAYLOAD_TOO_LARGE, &format!("Request body is larger than {most} bytes."))
        }
        Fault::WrongMedia { given } => {
            let words = format!("Unsupported media type \"{given}\" in request.");
            detail(StatusCode::UNSUPPORTED_MEDIA_TYPE, &words)
        }
        Fault::Limited { retry_after } => {
            let seconds = retry_after.as_secs().max(1);
            let words = format!("Request was throttled. Expected available in {seconds} seconds.");
            later(detail(StatusCode::TOO_MANY_REQUESTS, &words), *retry_after)
        }
        Fault::Said(reply) => (**reply).clone(),
    }
}

fn refuse_error(error: &Error) -> Reply {
    match error {
        Error::NotFound(_) => not_found(),
        Error::BadCredentials | Error::Forbidden { .. } => forbidden(),
        Error::Unavailable => {
            later(detail(StatusCode::SERVICE_UNAVAILABLE, "Service temporarily unavailable, try again later."), AWAY)
        }
        // Callers send nothing that could be wrong in these ways: what is asked was declared.
        Error::BadQuery(_)
        | Error::Invalid(_)
        | Error::Conflict(_)
        | Error::Protected { .. }
        | Error::TooMany { .. }
        | Error::Internal(_) => detail(StatusCode::INTERNAL_SERVER_ERROR, "Internal server error."),
    }
}

fn forbidden() -> Reply {
    detail(StatusCode::FORBIDDEN, "You do not have permission to perform this action.")
}

fn later(reply: Reply, wait: Duration) -> Reply {
    reply.with(RETRY_AFTER, &wait.as_secs().max(1).to_string())
}

/// What is wrong with a declaration, for whoever declares.
pub(super) fn config_words(error: &Error) -> String {
    match error {
        Error::BadQuery(BadQuery::UnknownPath { path }) => {
            format!("there is no field '{}', or it is hidden, or it is more than one", path.replace("__", "."))
        }
        Error::BadQuery(BadQuery::UnsupportedOp { path, .. }) => {
            format!("'{}' cannot be tested so", path.replace("__", "."))
        }
        Error::BadQuery(BadQuery::BadTerm { path, given, .. }) => {
            format!("'{given}' is no value of '{}'", path.replace("__", "."))
        }
        other => format!("{other:?}"),
    }
}
