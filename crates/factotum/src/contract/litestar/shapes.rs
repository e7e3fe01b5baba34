//! What the contract's bodies look like, for its document: by method and path, whatever parts of it are called.

mod others;

use http::StatusCode;
use serde_json::{Map, Value as Json, json};

/// An endpoint by its method and path, with nothing between the braces: `GET /api/models/{}`.
pub(super) fn key(method: &str, path: &str) -> String {
    let parts = path.split('/').map(|part| if part.starts_with('{') { "{}" } else { part });
    format!("{method} {}", parts.collect::<Vec<_>>().join("/"))
}

pub(super) fn text() -> Json {
    json!({ "type": "string" })
}

pub(super) fn number() -> Json {
    json!({ "type": "integer" })
}

pub(super) fn truth() -> Json {
    json!({ "type": "boolean" })
}

pub(super) fn object() -> Json {
    json!({ "type": "object" })
}

/// Anything at all.
pub(super) fn any() -> Json {
    json!({})
}

pub(super) fn or_null(mut schema: Json) -> Json {
    if let Some(word) = schema.get("type").filter(|word| word.is_string()).cloned() {
        schema["type"] = json!([word, "null"]);
        return schema;
    }
    json!({ "anyOf": [schema, { "type": "null" }] })
}

pub(super) fn list(of: &Json) -> Json {
    json!({ "type": "array", "items": of })
}

/// An object with these members, all of which are there.
pub(super) fn members<const N: usize>(members: [(&str, Json); N]) -> Json {
    let names = members.each_ref().map(|(name, _)| (*name).to_owned()).to_vec();
    let properties: Map<String, Json> = members.into_iter().map(|(name, of)| (name.to_owned(), of)).collect();
    json!({ "type": "object", "properties": properties, "required": names })
}

/// The same under a name of its own.
pub(super) fn titled<const N: usize>(title: &str, of: [(&str, Json); N]) -> Json {
    let mut schema = json!({ "title": title });
    if let (Some(schema), Json::Object(of)) = (schema.as_object_mut(), members(of)) {
        schema.extend(of);
    }
    schema
}

/// An object of which only these members must be there.
pub(super) fn needing(mut schema: Json, required: &[&str]) -> Json {
    schema["required"] = json!(required);
    schema
}

/// The envelope of an error.
pub(super) fn error() -> Json {
    let error = titled("Error", [("status_code", number()), ("detail", text()), ("extra", any())]);
    needing(error, &["status_code", "detail"])
}

/// Done, in words.
pub(super) fn done() -> Json {
    titled("Done", [("success", truth()), ("message", text())])
}

fn id() -> Json {
    json!({ "type": ["integer", "string"] })
}

fn record() -> Json {
    json!({ "title": "Record", "type": "object", "description": "Columns of a row by their names." })
}

fn tokens() -> Json {
    titled(
        "Tokens",
        [("access_token", text()), ("refresh_token", text()), ("token_type", text()), ("expires_in", or_null(text()))],
    )
}

fn me() -> Json {
    titled("Me", [("id", id()), ("email", text()), ("roles", list(&text())), ("permissions", list(&text()))])
}

fn model() -> Json {
    titled(
        "Model",
        [
            ("name", text()),
            ("model_name", text()),
            ("icon", text()),
            ("category", or_null(text())),
            ("can_create", truth()),
            ("can_edit", truth()),
            ("can_delete", truth()),
            ("can_view_details", truth()),
        ],
    )
}

fn page() -> Json {
    titled("Page", [("items", list(&record())), ("total", number()), ("offset", number()), ("limit", number())])
}

fn form() -> Json {
    let form = titled(
        "Form",
        [
            ("type", json!({ "const": "object" })),
            ("title", text()),
            ("properties", json!({ "type": "object", "additionalProperties": { "type": "object" } })),
            ("required", list(&text())),
            ("fieldsets", list(&object())),
        ],
    );
    needing(form, &["type", "title", "properties", "required"])
}

pub(super) fn widget() -> Json {
    titled("Widget", [("id", text()), ("type", text()), ("title", text()), ("data", object()), ("config", object())])
}

fn stats() -> Json {
    let model = titled(
        "ModelCount",
        [
            ("name", text()),
            ("model_name", text()),
            ("count", number()),
            ("icon", text()),
            ("category", or_null(text())),
        ],
    );
    titled(
        "Stats",
        [
            ("models", list(&model)),
            ("total_records", number()),
            ("total_models", number()),
            ("widgets", list(&widget())),
        ],
    )
}

fn activity() -> Json {
    titled(
        "Activity",
        [
            ("action", text()),
            ("model", text()),
            ("record_id", or_null(text())),
            ("timestamp", text()),
            ("user", or_null(text())),
            ("details", object()),
        ],
    )
}

fn choices() -> Json {
    let choice = titled("Choice", [("id", id()), ("label", text()), ("data", or_null(object()))]);
    titled("Choices", [("items", list(&choice)), ("total", number()), ("has_more", truth())])
}

fn config() -> Json {
    let provider = titled("Provider", [("name", text()), ("display_name", text()), ("login_url", text())]);
    titled(
        "Config",
        [
            ("title", text()),
            ("debug", truth()),
            ("theme", text()),
            ("dev_credentials", list(&object())),
            ("oauth_providers", list(&provider)),
        ],
    )
}

/// What an endpoint answers when all is well, where that is JSON.
pub(super) fn reply(key: &str) -> Option<Json> {
    Some(match key {
        "POST /api/auth/login" | "POST /api/auth/refresh" => tokens(),
        "POST /api/auth/logout" | "POST /api/auth/change-password" | "DELETE /api/models/{}/{}" => done(),
        "GET /api/auth/me" => me(),
        "GET /api/config" => config(),
        "GET /api/models" => list(&model()),
        "GET /api/models/{}" => page(),
        "GET /api/models/{}/schema" => form(),
        "GET /api/models/{}/{}" | "POST /api/models/{}" | "PUT /api/models/{}/{}" | "PATCH /api/models/{}/{}" => {
            record()
        }
        "POST /api/models/{}/bulk/delete" => titled("Deleted", [("deleted", number()), ("success", truth())]),
        "POST /api/models/{}/bulk/{}" => {
            // `delete` is one of these addresses, too, and has an answer of its own.
            let acted = members([("success", truth()), ("affected", number()), ("result", object())]);
            needing(acted, &["success"])
        }
        "GET /api/models/{}/relationships/{}/search" | "GET /api/models/{}/relationships/{}/options" => choices(),
        "GET /api/dashboard/stats" => stats(),
        "GET /api/dashboard/activity" => list(&activity()),
        "GET /api/dashboard/widgets" => list(&widget()),
        _ => return others::reply(key),
    })
}

/// The media types of what an endpoint gives where that is a file.
pub(super) fn files(key: &str) -> Option<&'static [&'static str]> {
    const SHEET: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    match key {
        "GET /api/models/{}/export" | "POST /api/models/{}/bulk/export" => {
            Some(&["text/csv", "application/json", SHEET])
        }
        "GET /api/files/thumbnail/{}" => Some(&["image/jpeg", "image/png", "image/webp"]),
        _ => None,
    }
}

/// How an endpoint refuses what was sent, where that is in words of its own.
pub(super) fn refusals(key: &str) -> Vec<(StatusCode, Json)> {
    const BAD: StatusCode = StatusCode::BAD_REQUEST;
    const UNUSABLE: StatusCode = StatusCode::UNPROCESSABLE_ENTITY;
    let or_error = |own: Json| json!({ "anyOf": [error(), own] });
    match key {
        "POST /api/files/upload" => {
            vec![(BAD, or_error(others::refused_upload())), (UNUSABLE, others::refused_upload())]
        }
        "GET /api/files/{}" | "GET /api/files/thumbnail/{}" => {
            vec![(BAD, or_error(others::thumbnail())), (UNUSABLE, others::thumbnail())]
        }
        "GET /api/files/thumbnail/info/{}" => {
            vec![(BAD, or_error(others::thumbnail())), (StatusCode::NOT_FOUND, or_error(others::thumbnail()))]
        }
        _ => Vec::new(),
    }
}

/// What may be sent to an endpoint as JSON.
pub(super) fn body(key: &str) -> Option<Json> {
    Some(match key {
        "POST /api/auth/login" => members([("email", text()), ("password", text())]),
        "POST /api/auth/refresh" => members([("refresh_token", text())]),
        "POST /api/auth/change-password" => members([("current_password", text()), ("new_password", text())]),
        "POST /api/models/{}" | "PUT /api/models/{}/{}" | "PATCH /api/models/{}/{}" => record(),
        "POST /api/models/{}/bulk/delete" => {
            needing(members([("ids", list(&any())), ("soft_delete", truth())]), &["ids"])
        }
        "POST /api/models/{}/bulk/export" => {
            let format = json!({ "enum": ["csv", "json", "xlsx"], "default": "csv" });
            needing(members([("ids", list(&any())), ("format", format)]), &["ids"])
        }
        "POST /api/models/{}/bulk/{}" => needing(members([("ids", list(&any())), ("params", object())]), &["ids"]),
        _ => return others::body(key),
    })
}

/// What may be sent to an endpoint as a form with a file.
pub(super) fn upload(key: &str) -> Option<Json> {
    others::upload(key)
}

type Asked = (&'static str, &'static str, Json);

/// What may be asked of an endpoint in its query string.
pub(super) fn query(key: &str) -> Vec<Asked> {
    match key {
        "GET /api/models/{}" => vec![
            ("offset", "How many rows are left out; below 0 counts as 0.", number()),
            ("limit", "The most rows of a page, from 1 to 100.", number()),
            ("sort_by", "The column that rows are sorted by.", text()),
            ("sort_order", "`asc` or `desc`.", text()),
            ("search", "What one of the searchable columns must contain.", text()),
        ],
        "GET /api/models/{}/schema" => vec![("mode", "`create`, or anything else for the edit form.", text())],
        "DELETE /api/models/{}/{}" => {
            vec![("soft_delete", "Whether the row is only marked, where its table can.", truth())]
        }
        "GET /api/models/{}/export" => {
            vec![("format", "What the file is.", json!({ "enum": ["csv", "json", "xlsx"] }))]
        }
        "GET /api/models/{}/relationships/{}/search" => vec![
            ("q", "What somebody typed; empty for all rows.", text()),
            ("limit", "The most rows of a page, from 1 to 100.", number()),
            ("page", "The page's number, counted from 1.", number()),
        ],
        "GET /api/models/{}/relationships/{}/options" => vec![("ids", "Keys, divided by commas.", text())],
        "GET /api/dashboard/activity" => vec![
            ("limit", "The most entries.", number()),
            ("model_name", "Only entries of this model.", text()),
            ("record_id", "Only entries of this row.", text()),
        ],
        _ => others::query(key),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_endpoint_is_known_whatever_its_parts_are_called() {
        assert_eq!(key("GET", "/api/models/{model}/{record}"), "GET /api/models/{}/{}");
        assert!(reply(&key("GET", "/api/models/{model}/{record}")).is_some());
        assert!(reply("GET /api/models/{}/export").is_none(), "a file is no JSON");
    }

    #[test]
    fn what_may_be_null_says_so() {
        assert_eq!(or_null(text()), json!({ "type": ["string", "null"] }));
        assert_eq!(or_null(any()), json!({ "anyOf": [{}, { "type": "null" }] }));
    }
}
