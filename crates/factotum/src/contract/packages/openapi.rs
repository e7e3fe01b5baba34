//! What the contract's OpenAPI document says beside the endpoint table.

use http::StatusCode;

use super::{Packages, shapes};
use crate::http::{Manual, Refusal};

/// What the document says beside the table.
pub(super) fn manual(contract: &Packages) -> Manual {
    let mut about = "Public and read only. Addresses in answers lead to rows of other lists. \
                     A path without its last slash is sent to the one with it."
        .to_owned();
    if contract.formats {
        about.push_str(" Every path but this document's has a second spelling with the suffix `.json`.");
    }
    let refusals = all_refusals();
    let pages = if contract.html { refusals.iter().map(|refusal| refusal.name).collect() } else { Vec::new() };
    Manual { about, place: None, refusals, pages, ..Manual::new(&contract.title) }
}

/// How an endpoint may say no: all of them alike.
pub(super) fn refusals() -> Vec<Refusal> {
    all_refusals().into_iter().filter(|refusal| refusal.name != "WrongMethod").collect()
}

/// Every way to say no. A wrong method belongs to no operation, and is told among the document's components only.
fn all_refusals() -> Vec<Refusal> {
    let schema = shapes::detail();
    let said = |status, name, about| Refusal {
        status: Some(status),
        name,
        about,
        schema: schema.clone(),
        headers: Vec::new(),
    };
    let wait = ("Retry-After", "Seconds until it is worth trying again.");
    vec![
        said(StatusCode::BAD_REQUEST, "BadRequest", "The request names no host that is served."),
        said(StatusCode::NOT_FOUND, "NotFound", "There is no such row, or no such format."),
        Refusal {
            headers: vec![("Allow", "The methods of the path.")],
            ..said(StatusCode::METHOD_NOT_ALLOWED, "WrongMethod", "The path has no such method.")
        },
        said(StatusCode::NOT_ACCEPTABLE, "NotAcceptable", "The client accepts nothing that is offered."),
        Refusal { headers: vec![wait], ..said(StatusCode::TOO_MANY_REQUESTS, "Limited", "Too many requests.") },
        said(StatusCode::INTERNAL_SERVER_ERROR, "Broken", "The server failed; its log says why."),
        Refusal { headers: vec![wait], ..said(StatusCode::SERVICE_UNAVAILABLE, "Away", "The database is away.") },
        Refusal { status: None, ..said(StatusCode::OK, "Other", "Any other refusal.") },
    ]
}
