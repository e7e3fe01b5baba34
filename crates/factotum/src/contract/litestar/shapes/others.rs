//! What bodies look like of imports, of views that show no model, of people, settings and files.

use serde_json::{Value as Json, json};

use super::{any, done, list, members, needing, number, object, or_null, text, titled, truth};

fn flags() -> [(&'static str, Json); 4] {
    ["can_create", "can_edit", "can_delete", "can_view_details"].map(|name| (name, truth()))
}

fn named() -> [(&'static str, Json); 4] {
    [("name", text()), ("identity", text()), ("icon", text()), ("category", or_null(text()))]
}

/// A view by its name, with more members.
fn view<const N: usize>(title: &str, more: [(&str, Json); N]) -> Json {
    let mut schema = titled(title, named());
    let more = members(more);
    for part in ["properties", "required"] {
        match (&mut schema[part], &more[part]) {
            (Json::Object(all), Json::Object(more)) => {
                all.extend(more.iter().map(|(name, of)| (name.clone(), of.clone())));
            }
            (Json::Array(all), Json::Array(more)) => all.extend(more.iter().cloned()),
            _ => {}
        }
    }
    schema
}

fn custom_view() -> Json {
    let [create, edit, delete, details] = flags();
    view("CustomView", [("pk_field", text()), create, edit, delete, details])
}

fn items() -> Json {
    titled(
        "Items",
        [
            ("items", list(&object())),
            ("total", number()),
            ("page", number()),
            ("page_size", number()),
            ("has_next", truth()),
            ("has_prev", truth()),
        ],
    )
}

fn view_schema() -> Json {
    let [create, edit, delete, details] = flags();
    titled(
        "CustomViewSchema",
        [("schema", object()), ("columns", list(&object())), ("pk_field", text()), create, edit, delete, details],
    )
}

fn action() -> Json {
    view(
        "ActionView",
        [
            ("form_fields", list(&object())),
            ("confirmation_message", or_null(text())),
            ("requires_confirmation", truth()),
            ("submit_label", text()),
            ("dangerous", truth()),
        ],
    )
}

fn executed() -> Json {
    titled(
        "Executed",
        [
            ("success", truth()),
            ("message", text()),
            ("redirect", or_null(text())),
            ("data", or_null(object())),
            ("refresh", truth()),
        ],
    )
}

fn page() -> Json {
    view(
        "PageView",
        [("content_type", text()), ("layout", text()), ("refresh_interval", number()), ("content", or_null(text()))],
    )
}

fn embed_config() -> Json {
    let names = [
        "type",
        "width",
        "height",
        "min_height",
        "layout",
        "refresh_interval",
        "show_toolbar",
        "url",
        "sandbox",
        "allow",
        "loading",
        "referrer_policy",
        "component_name",
        "props",
    ];
    titled("EmbedConfig", names.map(|name| (name, any())))
}

fn user() -> Json {
    titled(
        "User",
        [
            ("id", text()),
            ("email", text()),
            ("name", or_null(text())),
            ("roles", list(&text())),
            ("permissions", list(&text())),
            ("is_active", truth()),
            ("is_superuser", truth()),
            ("created_at", or_null(text())),
            ("updated_at", or_null(text())),
            ("last_login", or_null(text())),
        ],
    )
}

fn users() -> Json {
    titled(
        "Users",
        [
            ("items", list(&user())),
            ("total", number()),
            ("page", number()),
            ("page_size", number()),
            ("total_pages", number()),
        ],
    )
}

fn switched() -> Json {
    titled("Switched", [("success", truth()), ("message", text()), ("is_active", truth())])
}

fn setting() -> Json {
    titled(
        "Setting",
        [
            ("key", text()),
            ("value", any()),
            ("description", or_null(text())),
            ("category", text()),
            ("is_sensitive", truth()),
            ("created_at", or_null(text())),
            ("updated_at", or_null(text())),
        ],
    )
}

fn settings() -> Json {
    titled("SettingsPage", [("items", list(&setting())), ("total", number()), ("categories", list(&text()))])
}

/// An upload that was not taken, with what is wrong with each file.
pub(super) fn refused_upload() -> Json {
    members([("success", truth()), ("errors", list(&members([("field", text()), ("error", text())])))])
}

/// What is told of a smaller picture.
pub(super) fn thumbnail() -> Json {
    titled(
        "Thumbnail",
        [
            ("success", truth()),
            ("thumbnail_path", or_null(text())),
            ("thumbnail_url", or_null(text())),
            ("width", or_null(number())),
            ("height", or_null(number())),
            ("format", or_null(text())),
            ("size_bytes", or_null(number())),
            ("error", or_null(text())),
        ],
    )
}

fn preview() -> Json {
    titled(
        "ImportPreview",
        [
            ("headers", list(&text())),
            ("preview_rows", list(&object())),
            ("column_types", list(&object())),
            ("model_schema", list(&object())),
            ("delimiter", text()),
            ("encoding", text()),
            ("total_rows", number()),
        ],
    )
}

fn flaw() -> Json {
    titled("ImportFlaw", [("row_number", number()), ("field", text()), ("value", or_null(text())), ("error", text())])
}

fn validated() -> Json {
    titled(
        "ImportCheck",
        [
            ("errors", list(&flaw())),
            ("valid_count", number()),
            ("invalid_count", number()),
            ("total_rows", number()),
            ("sample_valid_rows", list(&object())),
        ],
    )
}

fn imported() -> Json {
    titled(
        "Imported",
        [
            ("success", truth()),
            ("message", text()),
            ("job_id", or_null(text())),
            ("imported_count", number()),
            ("failed_count", number()),
            ("errors", list(&flaw())),
        ],
    )
}

/// What an endpoint answers when all is well, where that is JSON.
pub(super) fn reply(key: &str) -> Option<Json> {
    Some(match key {
        "POST /api/models/{}/import/preview" => preview(),
        "POST /api/models/{}/import/validate" => validated(),
        "POST /api/models/{}/import/execute" => imported(),
        "GET /api/views/custom" => list(&custom_view()),
        "GET /api/views/custom/{}" => items(),
        "GET /api/views/custom/{}/schema" => view_schema(),
        "GET /api/views/custom/{}/{}" | "POST /api/views/custom/{}" | "PUT /api/views/custom/{}/{}" => object(),
        "GET /api/views/actions" => list(&action()),
        "GET /api/views/actions/{}" => action(),
        "POST /api/views/actions/{}/execute" => executed(),
        "GET /api/views/pages" => list(&page()),
        "GET /api/views/pages/{}" => page(),
        "GET /api/views/pages/{}/content" => titled(
            "Content",
            [
                ("content", text()),
                ("content_type", text()),
                ("title", or_null(text())),
                ("metadata", or_null(object())),
            ],
        ),
        "GET /api/views/embeds" => list(&view("EmbedView", [("embed_type", text()), ("layout", text())])),
        "GET /api/views/embeds/{}/config" => embed_config(),
        "GET /api/views/embeds/{}/props" => members([("props", object())]),
        "GET /api/views/links" => list(&view("LinkView", [("url", text()), ("target", text())])),
        "GET /api/users" => users(),
        "GET /api/users/{}" | "POST /api/users" | "PUT /api/users/{}" => user(),
        "POST /api/users/{}/activate" | "POST /api/users/{}/deactivate" => switched(),
        "POST /api/users/{}/change-password"
        | "POST /api/users/me/change-password"
        | "POST /api/users/forgot-password"
        | "POST /api/users/reset-password"
        | "DELETE /api/views/custom/{}/{}" => done(),
        "GET /api/files/thumbnail/info/{}" => thumbnail(),
        "GET /api/settings" | "PUT /api/settings/bulk" => settings(),
        "GET /api/settings/categories" => {
            titled("Categories", [("predefined", list(&text())), ("used", list(&text())), ("all", list(&text()))])
        }
        "GET /api/settings/{}" | "POST /api/settings" | "PUT /api/settings/{}" => setting(),
        _ => return None,
    })
}

/// What may be sent to an endpoint as JSON.
pub(super) fn body(key: &str) -> Option<Json> {
    let new_user = || {
        members([
            ("email", text()),
            ("password", text()),
            ("name", or_null(text())),
            ("roles", list(&text())),
            ("permissions", list(&text())),
            ("is_active", truth()),
            ("is_superuser", truth()),
        ])
    };
    let new_setting = || {
        members([
            ("key", text()),
            ("value", any()),
            ("description", or_null(text())),
            ("category", text()),
            ("is_sensitive", truth()),
        ])
    };
    Some(match key {
        "POST /api/views/custom/{}" | "PUT /api/views/custom/{}/{}" | "POST /api/views/actions/{}/execute" => object(),
        "POST /api/users" => needing(new_user(), &["email", "password"]),
        "PUT /api/users/{}" => needing(new_user(), &[]),
        "POST /api/users/{}/change-password" => members([("new_password", text())]),
        "POST /api/users/me/change-password" => {
            members([("current_password", text()), ("new_password", text()), ("confirm_password", text())])
        }
        "POST /api/users/forgot-password" => members([("email", text())]),
        "POST /api/users/reset-password" => {
            members([("token", text()), ("new_password", text()), ("confirm_password", text())])
        }
        "POST /api/settings" => needing(new_setting(), &["key", "value"]),
        "PUT /api/settings/{}" => needing(members([("value", any()), ("description", or_null(text()))]), &["value"]),
        "PUT /api/settings/bulk" => {
            let category = json!({ "type": "string", "default": "general" });
            needing(members([("settings", object()), ("category", category)]), &["settings"])
        }
        _ => return None,
    })
}

/// What may be sent to an endpoint as a form with a file.
pub(super) fn upload(key: &str) -> Option<Json> {
    let file = json!({ "type": "string", "format": "binary" });
    let mappings = json!({ "type": "string", "contentMediaType": "application/json" });
    Some(match key {
        "POST /api/files/upload" | "POST /api/files/upload/validate" | "POST /api/models/{}/import/preview" => {
            members([("data", file)])
        }
        "POST /api/models/{}/import/validate" | "POST /api/models/{}/import/execute" => {
            needing(members([("data", file), ("column_mappings", mappings)]), &["data"])
        }
        _ => return None,
    })
}

/// What may be asked of an endpoint in its query string.
pub(super) fn query(key: &str) -> Vec<super::Asked> {
    match key {
        "GET /api/users" => vec![
            ("page", "The page's number, counted from 1.", number()),
            ("page_size", "People on a page, from 1 to 100.", number()),
            ("email", "What the address must contain.", text()),
            ("active", "Only people who are switched on, or off.", text()),
            ("role", "Only people of this role.", text()),
            ("sort_by", "The column that they are sorted by.", text()),
            ("sort_order", "`asc` or `desc`.", text()),
        ],
        "GET /api/settings" => vec![("category", "Only settings of this category.", text())],
        "GET /api/views/custom/{}" => vec![
            ("page", "The page's number, counted from 1.", number()),
            ("page_size", "Items on a page, from 1 to 100.", number()),
            ("offset", "How many items are left out.", number()),
            ("limit", "The most items of a page; goes before `page_size`.", number()),
            ("sort_by", "What they are sorted by.", text()),
            ("sort_order", "`asc` or `desc`.", json!({ "enum": ["asc", "desc"] })),
            ("search", "What an item must contain.", text()),
            ("filters", "Tests by field, as a JSON object in text.", text()),
        ],
        "POST /api/files/upload" | "POST /api/files/upload/validate" => vec![
            ("model_name", "The model that the file is for.", text()),
            ("field_name", "The field that the file is for.", text()),
            ("allowed_extensions", "The extensions that are taken in, divided by commas.", text()),
            ("max_size", "The most bytes.", number()),
            ("generate_thumbnail", "Whether a smaller picture is made of a picture.", truth()),
        ],
        "GET /api/files/{}" => vec![("download", "Whether it is to be saved and not shown.", truth())],
        "GET /api/files/thumbnail/{}" | "GET /api/files/thumbnail/info/{}" => vec![
            ("size", "The most points, as `200x100`.", text()),
            ("format", "How it is written.", json!({ "enum": ["jpeg", "jpg", "png", "webp"] })),
            ("quality", "How much of a JPEG is kept, from 1 to 100.", number()),
        ],
        _ => Vec::new(),
    }
}
