//! Pages of somebody else's that belong to a model or to its rows: they are only linked to.

use factotum_engine::admin::View;
use factotum_engine::{Resource, Value};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value as Json, json};

use super::DjangoAdmin;

/// The names of a row's key in an address.
const KEYS: [&str; 3] = ["<object_id>", "<pk>", "<id>"];
/// The letters of a key that need no escape in an address.
const PLAIN: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// The pages of a model, or (with a key) those of one of its rows.
pub(super) fn of(contract: &DjangoAdmin, resource: &Resource, key: Option<&Value>) -> Vec<Json> {
    let views = resource.options.views.iter().filter(|view| is_of_row(view) == key.is_some());
    views.map(|view| told(contract, resource, view, key)).collect()
}

fn is_of_row(view: &View) -> bool {
    KEYS.iter().any(|key| view.path.contains(key))
}

fn told(contract: &DjangoAdmin, resource: &Resource, view: &View, key: Option<&Value>) -> Json {
    let model = &resource.model.key;
    let mut path = view.path.clone();
    if let Some(key) = key {
        let key = utf8_percent_encode(&key.to_string(), PLAIN).to_string();
        path = KEYS.iter().fold(path, |path, name| path.replace(name, &key));
    }
    let url = format!("{}{}/{}/{path}", contract.admin_url, model.app, model.lower_name());
    let level = if key.is_some() { "object" } else { "changelist" };
    json!({ "name": view.name, "label": label(resource, view), "url": url, "level": level })
}

/// The page's name for people: the declared one, or the last part of its name in words.
fn label(resource: &Resource, view: &View) -> String {
    if !view.label.is_empty() {
        return view.label.clone();
    }
    let model = &resource.model.key;
    let before = format!("{}_{}_", model.app, model.lower_name());
    let last = view.name.strip_prefix(&before).unwrap_or(&view.name);
    let titled = |word: &str| {
        let mut letters = word.chars();
        letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
    };
    last.split('_').map(titled).collect::<Vec<String>>().join(" ")
}
