//! Bodies that are the same for all models.

use serde_json::{Value as Json, json};

use super::{anything, count, many, object, optional, permissions, text_or_null, titled, truth};

pub(in super::super) fn text() -> Json {
    json!({ "type": "string" })
}

pub(in super::super) fn number() -> Json {
    json!({ "type": "integer" })
}

pub(in super::super) fn any_object() -> Json {
    json!({ "type": "object" })
}

/// The envelope of every refusal.
pub(in super::super) fn error() -> Json {
    let inner = optional(object([("code", text()), ("message", text())]), [("fields", flaws())]);
    titled("Error", object([("error", inner)]))
}

/// Flaws by field; those of the whole form stand under the empty name, those of children under `inlines`.
fn flaws() -> Json {
    let words = many(text());
    let children = object([
        ("formset", many(json!({ "type": "object", "additionalProperties": words }))),
        ("non_form", many(text())),
    ]);
    let inlines = json!({ "type": "object", "additionalProperties": children });
    json!({ "type": "object", "properties": { "inlines": inlines }, "additionalProperties": many(text()) })
}

pub(in super::super) fn credentials() -> Json {
    object([("username", text()), ("password", text())])
}

pub(in super::super) fn signed_in() -> Json {
    object([("user", person())])
}

pub(in super::super) fn logged_out() -> Json {
    object([("detail", text())])
}

fn person() -> Json {
    let members = [
        ("id", anything()),
        ("username", text()),
        ("is_staff", truth()),
        ("is_superuser", truth()),
        ("display_name", text()),
    ];
    titled("Person", object(members))
}

/// Something that can be done with rows.
pub(in super::super) fn action() -> Json {
    let members = [
        ("name", text()),
        ("label", text()),
        ("description", text()),
        ("requires_confirmation", truth()),
        ("target", json!({ "enum": ["batch", "detail"] })),
    ];
    titled("Action", object(members))
}

/// A page that is only linked to.
pub(super) fn view() -> Json {
    let level = json!({ "enum": ["changelist", "object"] });
    titled("View", object([("name", text()), ("label", text()), ("url", text()), ("level", level)]))
}

pub(in super::super) fn registry() -> Json {
    let listed = object([
        ("app_label", text()),
        ("model_name", text()),
        ("object_name", text()),
        ("verbose_name", text()),
        ("verbose_name_plural", text()),
        ("permissions", permissions()),
        ("actions", many(action())),
        ("real_app_label", text()),
    ]);
    let listed = optional(listed, [("custom_views", many(view()))]);
    let app = object([
        ("name", text()),
        ("app_label", text()),
        ("verbose_name", text()),
        ("is_group", truth()),
        ("models", many(listed)),
    ]);
    titled("Registry", object([("mount", text()), ("user", person()), ("apps", many(app))]))
}

/// A row that something is said of.
fn named() -> Json {
    object([("pk", anything()), ("label", text())])
}

pub(in super::super) fn history() -> Json {
    let who = json!({ "anyOf": [object([("id", anything()), ("label", text())]), { "type": "null" }] });
    let entry = object([
        ("id", number()),
        ("action", json!({ "enum": ["addition", "change", "deletion", "unknown"] })),
        ("action_time", json!({ "type": "string", "format": "date-time" })),
        ("user", who),
        ("change_message_human", text()),
        ("change_message_structured", json!({ "type": "array" })),
    ]);
    let members = [
        ("object", named()),
        ("entries", many(entry)),
        ("page", count()),
        ("page_size", count()),
        ("total", count()),
        ("num_pages", count()),
    ];
    titled("History", object(members))
}

pub(in super::super) fn recent() -> Json {
    let target = titled("Target", object([("app_label", text()), ("model_name", text()), ("pk", text())]));
    let entry = object([
        ("id", number()),
        ("action", json!({ "enum": ["added", "changed", "deleted", "unknown"] })),
        ("action_time", json!({ "type": "string", "format": "date-time" })),
        ("object_repr", text()),
        ("target", json!({ "anyOf": [target, { "type": "null" }] })),
    ]);
    titled("RecentActions", object([("actions", many(entry))]))
}

pub(in super::super) fn preview() -> Json {
    titled("DeletePreview", object([("object", named())].into_iter().chain(met())))
}

/// The preview of a whole selection.
pub(in super::super) fn preview_of() -> Json {
    let members = json!({ "type": "object", "required": ["cascade", "protected", "perms_needed", "can_delete"] });
    titled("DeletePreviewOfSeveral", members)
}

fn met() -> [(&'static str, Json); 4] {
    let cascade = many(object([("model", text()), ("count", count())]));
    [("cascade", cascade), ("protected", many(text())), ("perms_needed", many(text())), ("can_delete", truth())]
}

pub(in super::super) fn autocompleted() -> Json {
    let row = object([("id", anything()), ("label", text())]);
    let paging = object([("page", count()), ("page_size", count()), ("has_more", truth())]);
    titled("Found", object([("results", many(row)), ("pagination", paging)]))
}

/// The rows that an action is for.
pub(in super::super) fn selection() -> Json {
    let pks = json!({ "type": "array", "minItems": 1 });
    optional(object([("pks", pks)]), [("confirmed", truth())])
}

pub(in super::super) fn acted() -> Json {
    let level = json!({ "type": "string", "examples": ["debug", "info", "success", "warning", "error"] });
    let said = object([("level", level), ("message", text())]);
    let done = object([("executed", truth()), ("action", text()), ("messages", many(said))]);
    titled("Acted", optional(done, [("pks", json!({ "type": "array" })), ("redirect", text())]))
}

pub(in super::super) fn bulk() -> Json {
    let update = object([("pk", anything()), ("fields", json!({ "type": "object", "minProperties": 1 }))]);
    object([("updates", json!({ "type": "array", "items": update, "minItems": 1 }))])
}

pub(in super::super) fn bulk_done() -> Json {
    let inner = optional(object([("code", text()), ("message", text())]), [("fields", flaws())]);
    let row = optional(
        object([("pk", anything()), ("ok", truth())]),
        [("error", inner), ("rolled_back", truth()), ("label", text()), ("fields", any_object())],
    );
    let summary = object([("accepted", count()), ("rejected", count())]);
    titled("BulkDone", object([("results", many(row)), ("summary", summary)]))
}

pub(in super::super) fn created() -> Json {
    titled("Created", object([("pk", anything()), ("label", text()), ("redirect", text())]))
}

pub(in super::super) fn password() -> Json {
    let usable = json!({ "enum": ["true", "false"] });
    json!({
        "type": "object",
        "properties": { "password1": text(), "password2": text(), "usable_password": usable },
    })
}

pub(in super::super) fn password_set() -> Json {
    object([("detail", text()), ("id", anything())])
}

pub(in super::super) fn panel() -> Json {
    titled("Panel", object([("panel", text()), ("data", anything())]))
}

/// A filter of a list.
pub(super) fn filter() -> Json {
    let named = json!({ "type": "object", "required": ["name", "label", "type"] });
    titled("Filter", optional(named, [("name", text()), ("label", text()), ("type", text())]))
}

/// A column of a list.
pub(super) fn column() -> Json {
    let members = object([("name", text()), ("label", text()), ("sortable", truth()), ("editable", truth())]);
    let mut column = optional(members, [("type", text())]);
    column["additionalProperties"] = anything();
    titled("Column", column)
}

/// The buttons of a form.
pub(super) fn save_options() -> Json {
    let names = [
        "show_save",
        "show_save_and_continue",
        "show_save_and_add_another",
        "show_save_as_new",
        "save_as",
        "save_as_continue",
        "save_on_top",
    ];
    titled("SaveOptions", object(names.map(|name| (name, truth()))))
}

/// A group of a form's fields.
pub(super) fn fieldset() -> Json {
    let group = object([("title", text_or_null()), ("fields", many(text())), ("field_rows", many(many(text())))]);
    titled("Fieldset", optional(group, [("classes", many(text())), ("description", text_or_null())]))
}
