//! What the contract's OpenAPI document says beside the endpoint table, and which tag and shapes each endpoint has.

use http::{Method, StatusCode};
use serde_json::{Value as Json, json};

use super::{Litestar, shapes};
use crate::http::Shape::{File, Fixed};
use crate::http::{Endpoint, Gate, Manual, Refusal};

/// The tags, in the original's order.
const TAGS: [&str; 17] = [
    "Authentication",
    "Models",
    "Dashboard",
    "Export",
    "Bulk Actions",
    "Import",
    "Relationships",
    "Custom Views",
    "Actions",
    "Pages",
    "Embeds",
    "Links",
    "User Management",
    "Settings",
    "Files",
    "Configuration",
    "OAuth Authentication",
];

/// Parts of addresses that the original's document calls by another name.
const RENAMED: [(&str, &str); 7] = [
    ("model", "model_name"),
    ("record", "record_id"),
    ("user", "user_id"),
    ("path", "file_path"),
    ("field", "field_name"),
    ("view", "view_identity"),
    ("item", "item_id"),
];

/// What the document says beside the table.
pub(super) fn manual(contract: &Litestar) -> Manual {
    let bearer = json!({ "type": "http", "scheme": "bearer", "bearerFormat": "JWT" });
    Manual {
        version: contract.api_version.clone(),
        about: format!("The API of {}: models with their rows, a dashboard, and who may do what.", contract.title),
        place: None,
        renamed: RENAMED.to_vec(),
        tags: TAGS.to_vec(),
        schemes: vec![("bearer", bearer)],
        reading: vec![vec!["bearer"]],
        writing: vec![vec!["bearer"]],
        refusals: all_refusals(),
        ..Manual::new(&contract.api_title)
    }
}

/// An endpoint with its tag and, where they are known, what it takes and gives.
pub(super) fn dressed(mut endpoint: Endpoint<Litestar>) -> Endpoint<Litestar> {
    endpoint.tag = endpoint.tag.or(Some(tag(endpoint.path)));
    let key = shapes::key(endpoint.method.as_str(), endpoint.path);
    if let Some(body) = shapes::body(&key) {
        endpoint.bodies = vec![("application/json", Fixed(body))];
    }
    if let Some(form) = shapes::upload(&key) {
        endpoint.bodies = vec![("multipart/form-data", Fixed(form))];
    }
    if let Some(reply) = shapes::reply(&key) {
        let status = endpoint.replies.first().map_or(StatusCode::OK, |(status, _)| *status);
        endpoint.replies = vec![(status, Fixed(reply))];
    }
    if let Some(types) = shapes::files(&key) {
        endpoint.replies = vec![(StatusCode::OK, File(types))];
    }
    endpoint.replies.extend(shapes::refusals(&key).into_iter().map(|(status, schema)| (status, Fixed(schema))));
    for (name, about, schema) in shapes::query(&key) {
        endpoint = endpoint.asks(name, about, Fixed(schema));
    }
    endpoint
}

fn tag(path: &str) -> &'static str {
    let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
    match parts.as_slice() {
        ["auth", "oauth", ..] => "OAuth Authentication",
        ["api", "auth", ..] => "Authentication",
        ["api", "dashboard", ..] => "Dashboard",
        ["api", "models", _, "export", ..] | ["api", "models", _, "bulk", "export"] => "Export",
        ["api", "models", _, "bulk", ..] => "Bulk Actions",
        ["api", "models", _, "import", ..] => "Import",
        ["api", "models", _, "relationships", ..] => "Relationships",
        ["api", "models", ..] => "Models",
        ["api", "views", "custom", ..] => "Custom Views",
        ["api", "views", "actions", ..] => "Actions",
        ["api", "views", "pages", ..] => "Pages",
        ["api", "views", "embeds", ..] => "Embeds",
        ["api", "views", "links", ..] => "Links",
        ["api", "users", ..] => "User Management",
        ["api", "settings", ..] => "Settings",
        ["api", "files", ..] => "Files",
        _ => "Configuration",
    }
}

/// How an endpoint may say no.
pub(super) fn refusals(endpoint: &Endpoint<Litestar>) -> Vec<Refusal> {
    let writes = endpoint.method != Method::GET;
    let open = endpoint.gate == Gate::Anyone;
    let may = |refusal: &Refusal| match refusal.name {
        "Unauthorized" => !open || endpoint.path.contains("/auth/"),
        "Forbidden" => !open,
        "NotFound" => endpoint.path.contains('{'),
        "Conflict" | "Invalid" => writes && endpoint.path.contains("/models/"),
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
        said(StatusCode::BAD_REQUEST, "BadRequest", "The query or the body cannot be understood, or is refused."),
        said(
            StatusCode::UNAUTHORIZED,
            "Unauthorized",
            "There is no token, or none that is good; or wrong credentials.",
        ),
        said(StatusCode::FORBIDDEN, "Forbidden", "The permission is missing, or the model lets nobody do this."),
        said(StatusCode::NOT_FOUND, "NotFound", "There is nothing of this name."),
        Refusal {
            headers: vec![("Allow", "The methods of the path.")],
            ..said(StatusCode::METHOD_NOT_ALLOWED, "WrongMethod", "The path has no such method.")
        },
        said(StatusCode::CONFLICT, "Conflict", "Other rows refer to this one, or it was changed meanwhile."),
        said(StatusCode::UNPROCESSABLE_ENTITY, "Invalid", "What was sent has flaws; `extra.errors` tells them."),
        Refusal {
            headers: vec![wait],
            schema: limited(),
            ..said(StatusCode::TOO_MANY_REQUESTS, "Limited", "Too many requests.")
        },
        said(StatusCode::INTERNAL_SERVER_ERROR, "Broken", "The server failed; its log says why."),
        Refusal { headers: vec![wait], ..said(StatusCode::SERVICE_UNAVAILABLE, "Away", "The database is away.") },
        Refusal { status: None, ..said(StatusCode::OK, "Other", "Any other refusal.") },
    ]
}

fn limited() -> Json {
    json!({
        "title": "Limited",
        "type": "object",
        "properties": { "error": { "const": "Too Many Requests" }, "retry_after": { "type": "integer" } },
        "required": ["error", "retry_after"],
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_endpoint_has_a_known_tag() {
        let tags = [
            ("/api/models", "Models"),
            ("/api/models/{model}/{record}", "Models"),
            ("/api/models/{model}/bulk/export", "Export"),
            ("/api/models/{model}/bulk/{action}", "Bulk Actions"),
            ("/api/models/{model}/import/preview", "Import"),
            ("/api/views/custom/{view}", "Custom Views"),
            ("/api/config", "Configuration"),
            ("/auth/oauth/{provider}/login", "OAuth Authentication"),
        ];
        for (path, expected) in tags {
            assert_eq!(tag(path), expected, "{path}");
            assert!(TAGS.contains(&expected));
        }
    }
}
