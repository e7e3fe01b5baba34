//! Bodies that are the same for all models: sign-in, schema documents, widgets, refusals.

use serde_json::{Value as Json, json};

use super::super::settings::{Auth, Conjure};
use super::{list, object, optional, titled};

pub(in super::super) fn text() -> Json {
    json!({ "type": "string" })
}

pub(in super::super) fn number() -> Json {
    json!({ "type": "integer", "minimum": 1 })
}

pub(in super::super) fn page_number() -> Json {
    json!({ "anyOf": [number(), { "const": "last" }] })
}

pub(in super::super) fn any_object() -> Json {
    json!({ "type": "object" })
}

fn truth() -> Json {
    json!({ "type": "boolean" })
}

fn count() -> Json {
    json!({ "type": "integer", "minimum": 0 })
}

fn text_or_null() -> Json {
    json!({ "type": ["string", "null"] })
}

/// One sentence.
pub(in super::super) fn detail() -> Json {
    titled("Detail", object([("detail", text())]))
}

/// Sentences by field; those of the whole are under `non_field_errors`.
pub(in super::super) fn flaws() -> Json {
    titled("Flaws", json!({ "type": "object", "minProperties": 1, "additionalProperties": list(text()) }))
}

pub(in super::super) fn protected() -> Json {
    titled("Protected", optional(object([("detail", text())]), [("protected", list(counted()))]))
}

/// Rows of one model, counted.
fn counted() -> Json {
    titled("Counted", object([("model", text()), ("verbose_name", text()), ("count", count())]))
}

pub(in super::super) fn related() -> Json {
    titled("Related", object([("related", list(counted()))]))
}

/// A token that is not believed; without `code`, none was sent.
pub(in super::super) fn bad_token() -> Json {
    let message = object([("token_class", text()), ("token_type", text()), ("message", text())]);
    titled("BadToken", optional(object([("detail", text())]), [("code", text()), ("messages", list(message))]))
}

pub(in super::super) fn credentials() -> Json {
    let password = json!({ "type": "string", "format": "password" });
    titled("Credentials", object([("username", text()), ("password", password)]))
}

pub(in super::super) fn refresh() -> Json {
    titled("Refresh", object([("refresh", text())]))
}

pub(in super::super) fn refreshed() -> Json {
    titled("Refreshed", object([("access", text())]))
}

/// What somebody is told of themselves; a site may say anything instead.
pub(in super::super) fn person(conjure: &Conjure) -> Json {
    if conjure.user_payload.is_some() {
        return titled("Person", any_object());
    }
    let id = json!({ "type": ["integer", "string"] });
    titled("Person", object([("id", id), ("username", text()), ("name", text()), ("is_superuser", truth())]))
}

pub(in super::super) fn signed_in(conjure: &Conjure) -> Json {
    titled(
        "SignedIn",
        match conjure.auth {
            Auth::Session => object([("user", person(conjure))]),
            Auth::Jwt(_) => object([("refresh", text()), ("access", text()), ("user", person(conjure))]),
        },
    )
}

pub(in super::super) fn config() -> Json {
    titled("Config", object([("brand", any_object()), ("auth", json!({ "enum": ["session", "jwt"] }))]))
}

fn permissions() -> Json {
    titled("Permissions", object([("view", truth()), ("add", truth()), ("change", truth()), ("delete", truth())]))
}

pub(in super::super) fn models() -> Json {
    let entry = object([
        ("model", text()),
        ("app_label", text()),
        ("verbose_name", text()),
        ("verbose_name_plural", text()),
        ("is_readonly", truth()),
        ("permissions", permissions()),
        ("group", text()),
        ("group_order", count()),
        ("model_order", count()),
        ("section", text()),
        ("section_order", count()),
    ]);
    titled("Models", object([("models", list(entry))]))
}

pub(in super::super) fn model_schema() -> Json {
    let action = object([("name", text()), ("label", text()), ("destructive", truth())]);
    let inline = object([("model", text()), ("fk_field", text()), ("verbose_name", text())]);
    let schema = object([
        ("model", text()),
        ("app_label", text()),
        ("model_name", text()),
        ("verbose_name", text()),
        ("verbose_name_plural", text()),
        ("pk_field", text()),
        ("fields", list(field_schema())),
        ("list_display", list(text())),
        ("search_fields", list(text())),
        ("list_filter", list(text())),
        ("ordering", list(text())),
        ("readonly_fields", list(text())),
        ("is_readonly", truth()),
        ("actions", list(action)),
        ("inlines", list(inline)),
        ("permissions", permissions()),
    ]);
    titled("ModelSchema", optional(schema, [("allowed_actions", list(text()))]))
}

fn field_schema() -> Json {
    let field = object([
        ("name", text()),
        ("type", text()),
        ("verbose_name", text()),
        ("required", truth()),
        ("editable", truth()),
        ("null", truth()),
    ]);
    let choice = json!({ "type": "array", "prefixItems": [{}, text()], "minItems": 2, "maxItems": 2 });
    let may_have = [
        ("max_length", count()),
        ("choices", list(choice)),
        ("related_model", text()),
        ("related_search_fields", list(text())),
        ("upload", json!({ "enum": ["image", "file"] })),
        ("max_digits", count()),
        ("decimal_places", count()),
        ("help_text", text()),
        ("default", json!({ "type": ["string", "number", "boolean"] })),
    ];
    titled("FieldSchema", optional(field, may_have))
}

/// What an action answers: its own words, or a message.
pub(in super::super) fn acted() -> Json {
    json!({ "description": "What the action says; without words of its own, `message`.", "examples": [{ "message": "3 rows processed." }] })
}

pub(in super::super) fn widget_name(conjure: &Conjure) -> Json {
    let own = conjure.widgets.keys().map(String::as_str);
    let built_in = ["recent-audit", "model-counts"].into_iter().filter(|name| !conjure.widgets.contains_key(*name));
    json!({ "type": "string", "enum": built_in.chain(own).collect::<Vec<_>>() })
}

/// Two widgets are ours; the others are the site's, with anything in them.
pub(in super::super) fn widget() -> Json {
    let row = object([
        ("id", json!({ "type": "integer" })),
        ("actor", text_or_null()),
        ("action", text()),
        ("action_display", text()),
        ("model_label", text()),
        ("object_pk", text()),
        ("object_repr", text()),
        ("created_at", json!({ "type": "string", "format": "date-time" })),
    ]);
    let audit = titled("RecentAudit", optional(object([("rows", list(row))]), [("unavailable", truth())]));
    let card = object([("key", text()), ("label", text()), ("value", count())]);
    let counts = titled("ModelCounts", object([("cards", list(card))]));
    json!({ "anyOf": [audit, counts, {}] })
}
