//! What bodies of this contract look like, as JSON Schema.

mod documents;
mod rows;

pub(super) use documents::{
    acted, any_object, bad_token, config, credentials, detail, flaws, model_schema, models, number, page_number,
    person, protected, refresh, refreshed, related, signed_in, text, widget, widget_name,
};
pub(super) use rows::{
    action_name, bulk, bulk_done, create, create_form, filters, found, key, page, row, selection, update, update_form,
};

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

fn list(items: Json) -> Json {
    let mut list = json!({ "type": "array" });
    list["items"] = items;
    list
}
