//! What an answer says about permissions, in a few words: the same words as scripts/django-matrix.py says.

use axum::http::{HeaderMap, header};
use serde_json::Value;

const WORDS: [&str; 4] = ["view", "add", "change", "delete"];

pub(crate) fn digest(status: u16, headers: &HeaderMap, body: &[u8]) -> String {
    let mut words = vec![status.to_string()];
    let said = |name| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if headers.contains_key(header::ALLOW) {
        words.push(format!("allow={}", said(header::ALLOW).replace(", ", ",")));
    }
    let kind = said(header::CONTENT_TYPE);
    if kind.starts_with("text/html") && !body.is_empty() {
        words.push("html".into());
    }
    if kind == "application/json" && !body.is_empty() {
        told(&mut words, &serde_json::from_slice(body).unwrap());
    }
    words.join(" ")
}

fn told(words: &mut Vec<String>, told: &Value) {
    words.extend(told["error"]["code"].as_str().map(str::to_owned));
    if told.get("permissions").is_some() {
        words.push(letters(&told["permissions"], ""));
    }
    for model in items(&told["apps"]).flat_map(|group| items(&group["models"])) {
        words.push(format!("{}:{}", text(&model["model_name"]), letters(&model["permissions"], "")));
    }
    for inline in items(&told["inlines"]) {
        words.push(format!("{}:{}/{}", text(&inline["name"]), letters(inline, "can_"), items(&inline["rows"]).count()));
    }
    let actions = if told.get("columns").is_some() { told.get("actions") } else { told.get("object_actions") };
    if let Some(actions) = actions {
        let names: Vec<&str> = items(actions).map(|action| text(&action["name"])).collect();
        words.push(format!("actions={}", names.join(",")));
    }
    if told["password_change"]["supported"] == Value::Bool(true) {
        words.push("password".into());
    }
    told_of_rows(words, told);
}

fn told_of_rows(words: &mut Vec<String>, told: &Value) {
    if let Some(total) = told.get("total") {
        words.push(format!("total={total}"));
    }
    if told.get("pagination").is_some() {
        words.push(format!("found={}", items(&told["results"]).count()));
    }
    if told.get("summary").is_some() {
        words.push(format!("accepted={}", told["summary"]["accepted"]));
        words.extend(items(&told["results"]).filter_map(|row| row["error"]["code"].as_str()).map(str::to_owned));
    }
    if let Some(executed) = told.get("executed") {
        words.push(if *executed == Value::Bool(true) { "executed" } else { "refused" }.into());
    }
    if let Some(can_delete) = told.get("can_delete") {
        words.push(if *can_delete == Value::Bool(true) { "deletable" } else { "kept" }.into());
        words.extend(items(&told["protected"]).next().map(|_| "protected".into()));
        words.extend(items(&told["perms_needed"]).map(|name| format!("needs:{}", text(name).replace(' ', "-"))));
    }
}

fn letters(permissions: &Value, prefix: &str) -> String {
    let letter = |word: &str| match permissions[format!("{prefix}{word}")].as_bool() {
        Some(true) => word[..1].to_owned(),
        _ => "-".to_owned(),
    };
    WORDS.iter().map(|word| letter(word)).collect()
}

fn items(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}
