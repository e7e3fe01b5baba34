//! What the contract's OpenAPI document says beside the endpoint table.

use factotum_engine::Resource;
use http::{Method, StatusCode};
use serde_json::{Value as Json, json};

use super::settings::Auth;
use super::{Conjure, shapes};
use crate::http::{Endpoint, Gate, Manual, Refusal};

/// What the document says beside the table.
pub(super) fn manual(conjure: &Conjure) -> Manual {
    let brand = conjure.brand.get("name").and_then(Json::as_str).unwrap_or("Conjure");
    let session = json!({ "type": "apiKey", "in": "cookie", "name": "sessionid" });
    let csrf = json!({
        "type": "apiKey", "in": "header", "name": "X-CSRFToken",
        "description": "The value of the cookie `csrftoken`; it goes with a session on every request that writes.",
    });
    let mut manual = Manual {
        about: "Rows of every model: lists, forms, actions. Dates and times are ISO 8601, decimals are text. \
                A path without its last slash is sent to the one with it. `?format=json` is accepted everywhere."
            .to_owned(),
        schemes: vec![("session", session), ("csrf", csrf)],
        reading: vec![vec!["session"]],
        writing: vec![vec!["session", "csrf"]],
        refusals: all_refusals(conjure),
        ..Manual::new(&format!("{brand} admin"))
    };
    if let Auth::Jwt(_) = conjure.auth {
        let bearer = json!({ "type": "http", "scheme": "bearer", "bearerFormat": "JWT" });
        manual.schemes.insert(0, ("bearer", bearer));
        manual.reading.insert(0, vec!["bearer"]);
        manual.writing.insert(0, vec!["bearer"]);
    }
    manual
}

/// Tokens are refreshed only where there are any; a read-only model is not written; some models have no actions.
pub(super) fn offers(conjure: &Conjure, endpoint: &Endpoint<Conjure>, resource: Option<&Resource>) -> bool {
    match (endpoint.id, resource) {
        ("refresh", _) => matches!(conjure.auth, Auth::Jwt(_)),
        ("action", Some(resource)) => !resource.actions.is_empty(),
        (_, Some(resource)) => endpoint.method == Method::GET || !resource.options.read_only,
        (_, None) => true,
    }
}

/// How an endpoint may say no.
pub(super) fn refusals(conjure: &Conjure, endpoint: &Endpoint<Conjure>) -> Vec<Refusal> {
    let open = endpoint.gate == Gate::Anyone;
    let writes = endpoint.method != Method::GET;
    let of_model = endpoint.is_of_model();
    let may = |refusal: &Refusal| match refusal.name {
        "NotSignedIn" => !open || endpoint.id == "refresh",
        "Forbidden" => !open || endpoint.id == "login",
        "WrongMethod" => false,
        "Conflict" => writes && of_model,
        "TooLarge" | "WrongMedia" => !endpoint.bodies.is_empty(),
        "Limited" => endpoint.id == "login",
        _ => true,
    };
    all_refusals(conjure).into_iter().filter(may).collect()
}

/// Every way to say no. A wrong method belongs to no operation, and is told among the document's components only.
fn all_refusals(conjure: &Conjure) -> Vec<Refusal> {
    let detail = shapes::detail();
    let said = |status, name, about| Refusal {
        status: Some(status),
        name,
        about,
        schema: detail.clone(),
        headers: Vec::new(),
    };
    let wait = ("Retry-After", "Seconds until it is worth trying again.");
    let mut all = vec![
        Refusal {
            schema: json!({ "anyOf": [shapes::flaws(), detail] }),
            ..said(
                StatusCode::BAD_REQUEST,
                "Invalid",
                "What was sent has flaws, by field, or is not what it claims to be.",
            )
        },
        said(StatusCode::FORBIDDEN, "Forbidden", "Not signed in, not allowed, or a request that may be forged."),
        said(StatusCode::NOT_FOUND, "NotFound", "There is no such model, row, page, action or widget."),
        Refusal {
            headers: vec![("Allow", "The methods of the path.")],
            ..said(StatusCode::METHOD_NOT_ALLOWED, "WrongMethod", "The path has no such method.")
        },
        said(StatusCode::NOT_ACCEPTABLE, "NotAcceptable", "The client accepts no JSON."),
        Refusal {
            schema: shapes::protected(),
            ..said(
                StatusCode::CONFLICT,
                "Conflict",
                "Other rows protect this one, or a rule of the database is broken.",
            )
        },
        said(StatusCode::PAYLOAD_TOO_LARGE, "TooLarge", "The body is too large."),
        said(StatusCode::UNSUPPORTED_MEDIA_TYPE, "WrongMedia", "The body is of a kind that is not read."),
        said(StatusCode::INTERNAL_SERVER_ERROR, "Broken", "The server failed; its log says why."),
        Refusal { headers: vec![wait], ..said(StatusCode::SERVICE_UNAVAILABLE, "Away", "The database is away.") },
    ];
    if let Auth::Jwt(_) = conjure.auth {
        all.push(Refusal {
            schema: shapes::bad_token(),
            headers: vec![("WWW-Authenticate", "The scheme to sign in with.")],
            ..said(StatusCode::UNAUTHORIZED, "NotSignedIn", "Not signed in, or the token is not believed.")
        });
    }
    if conjure.throttle.is_some() {
        all.push(Refusal {
            headers: vec![wait],
            ..said(StatusCode::TOO_MANY_REQUESTS, "Limited", "Too many failures to sign in.")
        });
    }
    all.push(Refusal { status: None, ..said(StatusCode::OK, "Other", "Any other refusal.") });
    all
}
