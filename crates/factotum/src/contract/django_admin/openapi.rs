//! What the contract's OpenAPI document says beside the endpoint table.

use factotum_engine::{ModelKey, Resource};
use http::{Method, StatusCode};
use serde_json::json;

use super::{DjangoAdmin, shapes};
use crate::http::{Endpoint, Gate, Manual, Refusal};

/// The parts of a path that name a model.
fn place(key: &ModelKey) -> Vec<(&'static str, String)> {
    vec![("app", key.app.clone()), ("model", key.lower_name())]
}

/// What the document says beside the table.
pub(super) fn manual() -> Manual {
    let session = json!({ "type": "apiKey", "in": "cookie", "name": "sessionid" });
    let csrf = json!({
        "type": "apiKey", "in": "header", "name": "X-CSRFToken",
        "description": "The value of the cookie `csrftoken`; it goes with every request that writes.",
    });
    Manual {
        about: "Rows of every model as Django's admin shows them: lists, forms, actions, history. Dates and times are \
                ISO 8601, decimals are text. A path without its last slash is sent to the one with it."
            .to_owned(),
        place: Some(place),
        schemes: vec![("session", session), ("csrf", csrf)],
        reading: vec![vec!["session"]],
        writing: vec![vec!["session", "csrf"]],
        refusals: all_refusals(),
        // Django's own page says so where the token against forged requests is wrong.
        pages: vec!["Forbidden"],
        ..Manual::new("Admin")
    }
}

/// A read-only model is not written, models without actions run none, and only people have passwords. What only helps
/// out is another spelling and not told.
pub(super) fn offers(endpoint: &Endpoint<DjangoAdmin>, resource: Option<&Resource>) -> bool {
    let Some(resource) = resource else { return true };
    match endpoint.id {
        "password" => resource.model.key == ModelKey::new("auth", "User"),
        "panel" => !resource.panels.is_empty(),
        "bulk_update" | "delete_preview_of" | "action" => true,
        _ => endpoint.method == Method::GET || !resource.options.read_only,
    }
}

/// How an endpoint may say no.
pub(super) fn refusals(endpoint: &Endpoint<DjangoAdmin>) -> Vec<Refusal> {
    let writes = endpoint.method != Method::GET;
    let of_model = endpoint.is_of_model();
    let open = endpoint.gate == Gate::Anyone;
    let may = |refusal: &Refusal| match refusal.name {
        "Invalid" => writes || endpoint.id == "autocomplete",
        "Forbidden" => !open || writes,
        "NotFound" => of_model,
        "Conflict" => writes && of_model,
        "Limited" => endpoint.id == "login",
        "WrongMethod" => false,
        _ => true,
    };
    all_refusals().into_iter().filter(may).collect()
}

/// Every way to say no. A wrong method belongs to no operation, and is told among the document's components only.
fn all_refusals() -> Vec<Refusal> {
    let error = shapes::error();
    let said =
        |status, name, about| Refusal { status: Some(status), name, about, schema: error.clone(), headers: Vec::new() };
    let wait = ("Retry-After", "Seconds until it is worth trying again.");
    vec![
        said(StatusCode::BAD_REQUEST, "Invalid", "What was sent has flaws, by field, or cannot be understood."),
        said(
            StatusCode::FORBIDDEN,
            "Forbidden",
            "Not signed in, or not allowed. A forged request gets a page of HTML.",
        ),
        said(StatusCode::NOT_FOUND, "NotFound", "There is no such model or row for who asks."),
        Refusal {
            headers: vec![("Allow", "The methods of the path.")],
            ..said(StatusCode::METHOD_NOT_ALLOWED, "WrongMethod", "The path has no such method.")
        },
        said(
            StatusCode::CONFLICT,
            "Conflict",
            "Other rows protect this one, a rule is broken, or it was changed meanwhile.",
        ),
        Refusal {
            headers: vec![wait],
            ..said(StatusCode::TOO_MANY_REQUESTS, "Limited", "Too many failures to sign in.")
        },
        said(StatusCode::INTERNAL_SERVER_ERROR, "Broken", "The server failed; its log says why."),
        Refusal { headers: vec![wait], ..said(StatusCode::SERVICE_UNAVAILABLE, "Away", "The database is away.") },
        Refusal { status: None, ..said(StatusCode::OK, "Other", "Any other refusal.") },
    ]
}
