//! The contract's own OpenAPI document: where it is served, and what it says beside the endpoint table.

use std::future::{Ready, ready};
use std::sync::OnceLock;

use http::StatusCode;

use super::{Call, Packages, shapes};
use crate::http::{Fault, Manual, Refusal, Reply, json as text, openapi};

/// `GET openapi.json`: the document is made at the first call, once for each router.
pub(super) fn serve() -> impl Fn(Call) -> Ready<Result<Reply, Fault>> + Send + Sync + 'static {
    let made: OnceLock<Vec<u8>> = OnceLock::new();
    move |call| {
        let document = made.get_or_init(|| {
            let mut out = Vec::new();
            text::value(&mut out, &openapi::document(&call.site, &*call.contract));
            out
        });
        // Only the request tells where the contract is mounted.
        let mount = call.head.mount();
        let mut out = b"{\"servers\":[{\"url\":".to_vec();
        text::text(&mut out, if mount.is_empty() { "/" } else { mount });
        out.extend_from_slice(b"}],");
        out.extend_from_slice(&document[1..]);
        ready(Ok(Reply::json(StatusCode::OK, out)))
    }
}

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
