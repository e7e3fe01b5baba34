//! A model's forms, as JSON schemas.

use factotum_engine::form::is_required;
use factotum_engine::model::{Field, FieldKind, Initial, Model, TextFormat};
use factotum_engine::{Site, Value};
use http::StatusCode;
use serde_json::{Map, Value as Json, json};

use super::catalogue::Entry;
use super::request::Asked;
use super::response::{Print, document};
use super::{Call, error, registry, relations};
use crate::http::{Fault, Reply};

/// Columns whose names tell what they hold, whatever their type.
const EMAILS: [&str; 3] = ["email", "email_address", "user_email"];
const ADDRESSES: [&str; 4] = ["url", "website", "homepage", "link"];
const LONG_TEXTS: [&str; 9] =
    ["content", "description", "body", "text", "bio", "notes", "summary", "details", "message"];

/// The input for markup, which is a format, too.
const RICH_TEXT: &str = "richtext";

/// `GET models/{model}/schema`
pub(super) async fn show(call: Call) -> Result<Reply, Fault> {
    let asked = Asked::of(&call.head);
    let creates = asked.text("mode").is_none_or(|mode| mode.eq_ignore_ascii_case("create"));
    let entry = registry::named(&call)?;
    let model = &entry.resource(&call.site)?.model;
    let columns = if creates { &entry.forms.create } else { &entry.forms.edit };
    Ok(error::reply(StatusCode::OK, &form(&call.site, entry, model, columns)))
}

/// The schema of a form with these columns.
fn form(site: &Site, entry: &Entry, model: &Model, columns: &[usize]) -> Json {
    let (mut properties, mut required) = (Map::new(), Vec::new());
    for field in columns.iter().map(|at| &model.fields[*at]) {
        properties.insert(field.column.clone(), Json::Object(property(site, entry, model, field)));
        if is_required(field) && field.name != model.primary_key {
            required.push(field.column.clone());
        }
    }
    for (name, declared) in &entry.view.form_extra_fields {
        let mut property = declared.clone();
        let said = property.as_object_mut().and_then(|members| members.shift_remove("required"));
        if said == Some(Json::Bool(true)) {
            required.push(name.clone());
        }
        properties.insert(name.clone(), property);
    }
    let mut form = json!({ "type": "object", "title": entry.name, "properties": properties, "required": required });
    if !entry.view.form_fieldsets.is_empty() {
        form["fieldsets"] = Json::Array(entry.view.form_fieldsets.clone());
    }
    form
}

/// The schema of one column.
fn property(site: &Site, entry: &Entry, model: &Model, field: &Field) -> Map<String, Json> {
    let mut property = Map::new();
    let mut say = |key: &str, value: Json| property.insert(key.to_owned(), value);
    let end = relations::end(site, field);
    let (kind, format) = kind_of(entry, end);
    let widget = entry.view.form_widgets.get(&field.column);
    let named = by_name(&field.column);
    let relation = field.target().is_some();
    say("title", json!(title(&field.column)));
    say("type", if field.null { json!([kind, "null"]) } else { json!(kind) });
    let format = match (widget, relation) {
        (Some(widget), _) if widget == RICH_TEXT => Some(RICH_TEXT),
        (_, true) => Some("relation"),
        _ => named.or(format),
    };
    if let Some(format) = format {
        say("format", json!(format));
    }
    let values = states(field);
    if let Some(values) = &values {
        say("enum", json!(values));
    }
    if let Some(most) = most_characters(end).filter(|_| values.is_none()) {
        say("maxLength", json!(most));
    }
    if field.name == model.primary_key {
        say("readOnly", json!(true));
    }
    if let Some(value) = initial(entry, field) {
        say("default", value);
    }
    if !field.help.is_empty() {
        say("description", json!(field.help));
    }
    if let Some(widget) = widget {
        say("widget", json!(widget));
    }
    if let Some(target) = field.target() {
        let shown = relations::display(site, target).filter(|_| !entry.view.plain_foreign_keys.contains(&field.column));
        let config = json!({
            "relatedModel": target.name,
            "displayField": shown.map(|field| field.column.clone()),
            "foreignKey": field.column,
            "multiple": false,
        });
        say("relationshipConfig", config);
    }
    property
}

/// The type of a column's values, and the format that goes with it.
fn kind_of(entry: &Entry, field: &Field) -> (&'static str, Option<&'static str>) {
    match &field.kind {
        FieldKind::Auto(_) | FieldKind::Int { .. } => ("integer", None),
        FieldKind::Float | FieldKind::Decimal { .. } => ("number", None),
        FieldKind::Bool => ("boolean", None),
        FieldKind::Text { format: TextFormat::Long, .. } => ("string", Some("textarea")),
        FieldKind::Date => ("string", Some("date")),
        FieldKind::Time => ("string", Some("time")),
        FieldKind::DateTime => ("string", Some("date-time")),
        FieldKind::Uuid => ("string", Some("uuid")),
        FieldKind::Json => ("object", None),
        FieldKind::Duration if entry.view.microseconds.contains(&field.column) => ("integer", None),
        FieldKind::File { image: true, .. } => ("string", Some("image")),
        FieldKind::File { image: false, .. } => ("string", Some("file")),
        FieldKind::Text { .. }
        | FieldKind::Duration
        | FieldKind::Bytes
        | FieldKind::One { .. }
        | FieldKind::Many { .. } => ("string", None),
    }
}

fn by_name(column: &str) -> Option<&'static str> {
    let column = column.to_lowercase();
    let is_one_of = |names: &[&str]| names.contains(&column.as_str());
    match () {
        () if is_one_of(&EMAILS) => Some("email"),
        () if is_one_of(&ADDRESSES) => Some("uri"),
        () if is_one_of(&LONG_TEXTS) => Some("textarea"),
        () => None,
    }
}

/// The values of a text column with a fixed set of them.
fn states(field: &Field) -> Option<Vec<&str>> {
    let values: Option<Vec<&str>> = field.choices.iter().map(|(value, _)| value.as_text()).collect();
    values.filter(|values| !values.is_empty())
}

fn most_characters(field: &Field) -> Option<u32> {
    match &field.kind {
        FieldKind::Text { max, format } if *format != TextFormat::Long => *max,
        FieldKind::File { max, .. } => Some(*max),
        _ => None,
    }
}

/// The value of a new row, where it is fixed. Documents are made anew for each row, so theirs is not.
fn initial(entry: &Entry, field: &Field) -> Option<Json> {
    let Some(Initial::Value(value)) = &field.initial else { return None };
    let micros = entry.view.microseconds.contains(&field.column);
    let print = if micros { Print::Microseconds } else { Print::Plain };
    match value {
        Value::Null | Value::Json(_) => None,
        Value::Decimal(number) if number.is_integer() => serde_json::from_str(&number.with_scale(0).to_string()).ok(),
        value => Some(document(value, print)),
    }
}

/// A column's name for people: `category_id` as `Category Id`. As in the original, a word begins behind whatever is
/// neither a capital nor a small letter.
pub(super) fn title(column: &str) -> String {
    let mut title = String::with_capacity(column.len());
    let mut within = false;
    for letter in column.chars().map(|letter| if letter == '_' { ' ' } else { letter }) {
        if within {
            title.extend(letter.to_lowercase());
        } else {
            title.extend(letter.to_uppercase());
        }
        within = letter.is_lowercase() || letter.is_uppercase();
    }
    title
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_have_names_for_people() {
        let cases = [
            ("category_id", "Category Id"),
            ("sku", "Sku"),
            ("SKU", "Sku"),
            ("two words", "Two Words"),
            ("Parent Key", "Parent Key"),
            ("md5_sum", "Md5 Sum"),
            ("b2b-price", "B2B-Price"),
            ("größe", "Größe"),
        ];
        for (column, expected) in cases {
            assert_eq!(title(column), expected);
        }
    }

    #[test]
    fn names_tell_what_columns_hold() {
        assert_eq!(
            (by_name("Email"), by_name("website"), by_name("notes")),
            (Some("email"), Some("uri"), Some("textarea"))
        );
        assert_eq!(by_name("emails"), None);
    }
}
