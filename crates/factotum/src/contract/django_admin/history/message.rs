//! What an entry says of a change: Django's own sentences, and the same as data.

use serde_json::{Map, Value as Json};

use super::super::error::listed;
use super::super::redact::is_sensitive;
use crate::http::python::capfirst;

/// A message as a sentence. What is not written as Django writes it is shown as it stands.
pub(super) fn human(message: &str) -> String {
    let Some(parts) = parsed(message).filter(|_| message.starts_with('[')) else { return message.to_owned() };
    let sentences: Vec<String> = parts.iter().filter_map(sentence).map(|sentence| capfirst(&sentence)).collect();
    if sentences.is_empty() { "No fields changed.".to_owned() } else { sentences.join(" ") }
}

fn parsed(message: &str) -> Option<Vec<Json>> {
    match serde_json::from_str(message) {
        Ok(Json::Array(parts)) => Some(parts),
        _ => None,
    }
}

/// One part of a message: of the row itself, or with `name` and `object` of a row that was edited with it.
fn sentence(part: &Json) -> Option<String> {
    let of = |verb: &str| part.get(verb);
    if let Some(added) = of("added") {
        return Some(match child(added) {
            Some(child) => format!("Added {child}."),
            None => "Added.".to_owned(),
        });
    }
    if let Some(changed) = of("changed") {
        let fields: Vec<String> =
            changed.get("fields").and_then(Json::as_array).into_iter().flatten().map(text).collect();
        let fields = listed(&fields);
        return Some(match child(changed) {
            Some(child) => format!("Changed {fields} for {child}."),
            None => format!("Changed {fields}."),
        });
    }
    child(of("deleted")?).map(|child| format!("Deleted {child}."))
}

/// `line “3 x 7”`.
fn child(of: &Json) -> Option<String> {
    let name = of.get("name")?;
    Some(format!("{} “{}”", text(name), of.get("object").map(text).unwrap_or_default()))
}

fn text(json: &Json) -> String {
    json.as_str().map_or_else(|| json.to_string(), str::to_owned)
}

/// A message as data, without the names of sensitive fields; empty if it is none.
pub(super) fn structured(message: &str) -> Json {
    let mut parts = parsed(message).unwrap_or_default();
    for part in &mut parts {
        part.as_object_mut().into_iter().flat_map(Map::values_mut).for_each(redact);
    }
    Json::Array(parts)
}

fn redact(of: &mut Json) {
    if let Some(Json::Array(fields)) = of.get_mut("fields") {
        fields.retain(|field| !field.as_str().is_some_and(is_sensitive));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn sentences_are_djangos() {
        for (message, expected) in [
            (r#"[{"added": {}}]"#, "Added."),
            (r#"[{"changed": {"fields": ["A"]}}]"#, "Changed A."),
            (r#"[{"changed": {"fields": ["A", "B"]}}]"#, "Changed A and B."),
            (r#"[{"changed": {"fields": ["A", "B", "C"]}}]"#, "Changed A, B and C."),
            (r#"[{"added": {"name": "line", "object": "x"}}]"#, "Added line “x”."),
            (r#"[{"changed": {"fields": ["A"], "name": "line", "object": "x"}}]"#, "Changed A for line “x”."),
            (r#"[{"deleted": {"name": "line", "object": "x"}}]"#, "Deleted line “x”."),
            (r#"[{"changed": {"fields": ["A"]}}, {"added": {"name": "b", "object": "1"}}]"#, "Changed A. Added b “1”."),
            ("[]", "No fields changed."),
            ("Changed password.", "Changed password."),
            ("", ""),
            ("[not JSON", "[not JSON"),
        ] {
            assert_eq!(human(message), expected, "{message}");
        }
    }

    #[test]
    fn odd_messages_do_no_harm() {
        for message in [
            "{}",
            "[1]",
            "[null, \"x\"]",
            "[{\"changed\": null}]",
            "[{\"changed\": {\"fields\": 7}}]",
            "[{\"added\": {\"name\": 1}}]",
            "[{\"deleted\": {}}]",
            "[NaN]",
            "\"text\"",
            "[{\"a\": \"\\ud800\"}]",
        ] {
            let _ = (human(message), structured(message));
        }
        assert_eq!(human("{}"), "{}");
        assert_eq!(structured("{}"), json!([]));
    }

    #[test]
    fn sensitive_names_are_left_out_of_the_data() {
        let message =
            r#"[{"changed": {"fields": ["Name", "Api token", "Password hash"], "name": "x", "object": "y"}}]"#;
        let expected = json!([{ "changed": { "fields": ["Name"], "name": "x", "object": "y" } }]);
        assert_eq!(structured(message), expected);
        assert_eq!(human(message), "Changed Name, Api token and Password hash for x “y”.");
    }
}
