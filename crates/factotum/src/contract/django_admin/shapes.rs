//! What bodies of this contract look like, as JSON Schema.

mod documents;
mod rows;

pub(super) use documents::{
    acted, any_object, autocompleted, bulk, bulk_done, created, credentials, error, history, logged_out, number, panel,
    password, password_set, preview, preview_of, recent, registry, selection, signed_in, text,
};
pub(super) use rows::{add_form, create, create_form, detail, key, list, spec, update};

use serde_json::{Map, Value as Json, json};

/// An object that has these members and no others.
fn object<N: Into<String>>(members: impl IntoIterator<Item = (N, Json)>) -> Json {
    let members: Map<String, Json> = members.into_iter().map(|(name, schema)| (name.into(), schema)).collect();
    let required: Vec<&String> = members.keys().collect();
    json!({ "type": "object", "required": required, "properties": members, "additionalProperties": false })
}

/// An object that may also have these members.
fn optional<const N: usize>(mut object: Json, members: [(&str, Json); N]) -> Json {
    for (name, schema) in members {
        object["properties"][name] = schema;
    }
    object
}

/// A schema with a name of its own in the document.
fn titled(title: &str, mut schema: Json) -> Json {
    schema["title"] = json!(title);
    schema
}

fn many(items: Json) -> Json {
    let mut list = json!({ "type": "array" });
    list["items"] = items;
    list
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

fn anything() -> Json {
    json!({})
}

/// The address of a model.
fn model() -> Json {
    titled("Model", object([("app_label", text()), ("model_name", text())]))
}

fn permissions() -> Json {
    titled("Permissions", object([("view", truth()), ("add", truth()), ("change", truth()), ("delete", truth())]))
}
