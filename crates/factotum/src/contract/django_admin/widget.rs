//! How a field's input is told: a kind out of a closed set, and the attributes that Django gives it.

use factotum_engine::admin::Direction;
use factotum_engine::form::spec::{Entry, Input};
use factotum_engine::model::{Field, FieldKind, Model, TextFormat, Width};
use serde_json::{Map, Value as Json, json};

/// The input of a field that is filled in.
pub(super) fn widget(model: &Model, entry: &Entry, field: &Field) -> Json {
    let Some(input) = entry.input else { return custom() };
    let mut attrs = Map::new();
    of_input(&mut attrs, input, entry, field);
    if let Some(most) = most_letters(field).filter(|_| takes_text(input)) {
        attrs.insert("maxlength".to_owned(), json!(most.to_string()));
    }
    if model.key.app == "auth" && model.key.name == "User" && field.name == "username" {
        attrs.insert("autocapitalize".to_owned(), json!("none"));
        attrs.insert("autocomplete".to_owned(), json!("username"));
    }
    json!({ "kind": kind(input, field), "attrs": attrs })
}

/// The input of what is only shown.
pub(super) fn custom() -> Json {
    json!({ "kind": "custom", "attrs": {} })
}

fn kind(input: Input, field: &Field) -> &'static str {
    match input {
        Input::Text => "text",
        Input::LongText => "textarea",
        Input::Email => "email",
        Input::Url => "url",
        Input::Number => "number",
        Input::Password => "password",
        Input::Hidden => "hidden",
        Input::Tick => "checkbox",
        Input::Ticks => "checkbox-multiple",
        Input::Choice | Input::YesNo => "select",
        Input::Choices => "select-multiple",
        Input::Radio(_) => "radio",
        Input::Date => "date",
        Input::Time => "time",
        Input::DateTime => "datetime",
        Input::DateAndTime => "split-datetime",
        Input::File | Input::Image => "file",
        Input::Key => "raw-id",
        Input::Search if field.is_column() => "autocomplete",
        Input::Search => "autocomplete-multiple",
        Input::Shuttle(_) => "shuttle",
    }
}

fn of_input(attrs: &mut Map<String, Json>, input: Input, entry: &Entry, field: &Field) {
    let mut set = |name: &str, value: Json| drop(attrs.insert(name.to_owned(), value));
    match input {
        Input::LongText => {
            set("cols", json!("40"));
            set("rows", json!("10"));
        }
        Input::Image => set("accept", json!("image/*")),
        Input::Radio(Some(Direction::Vertical)) => set("class", json!("radiolist")),
        Input::Radio(Some(Direction::Horizontal)) => set("class", json!("radiolist inline")),
        Input::Date => set("size", json!("10")),
        Input::Time => set("size", json!("8")),
        _ => {}
    }
    if let Some(class) = class(input, field).filter(|_| !entry.chosen) {
        set("class", json!(class));
    }
    let lists = matches!(input, Input::Choice | Input::Choices | Input::Ticks | Input::Radio(_) | Input::Shuttle(_));
    if lists && field.target().is_some() {
        set("data-context", json!("available-source"));
    }
    if input == Input::Number {
        of_number(attrs, field);
    }
}

fn class(input: Input, field: &Field) -> Option<&'static str> {
    Some(match (input, &field.kind) {
        (Input::Text, FieldKind::Uuid) => "vUUIDField",
        (Input::Text, FieldKind::Text { format: TextFormat::Line | TextFormat::Slug, .. }) => "vTextField",
        (Input::Email, _) => "vTextField",
        (Input::Url, _) => "vURLField",
        (Input::LongText, FieldKind::Text { .. }) => "vLargeTextField",
        (Input::Number, FieldKind::Int { width: Width::Big, .. }) => "vBigIntegerField",
        (Input::Number, FieldKind::Int { .. }) => "vIntegerField",
        (Input::Date, _) => "vDateField",
        (Input::Time, _) => "vTimeField",
        _ => return None,
    })
}

fn of_number(attrs: &mut Map<String, Json>, field: &Field) {
    match &field.kind {
        FieldKind::Int { width, positive } => {
            if *positive {
                attrs.insert("min".to_owned(), json!(0));
            }
            if *width == Width::Big {
                attrs.entry("min").or_insert_with(|| json!(i64::MIN));
                attrs.insert("max".to_owned(), json!(i64::MAX));
            }
        }
        FieldKind::Decimal { places, .. } => {
            attrs.insert("step".to_owned(), json!(step(*places)));
        }
        FieldKind::Float => {
            attrs.insert("step".to_owned(), json!("any"));
        }
        _ => {}
    }
}

/// One of the last place; from the seventh on Python writes it with an exponent.
fn step(places: u32) -> String {
    match places {
        0 => "1".to_owned(),
        1..=6 => format!("0.{:0>width$}", 1, width = usize::try_from(places).unwrap_or(0)),
        _ => format!("1e-{places}"),
    }
}

fn takes_text(input: Input) -> bool {
    matches!(input, Input::Text | Input::LongText | Input::Email | Input::Url | Input::Password | Input::Number)
}

/// The most characters that a text input takes.
fn most_letters(field: &Field) -> Option<u32> {
    if !field.choices.is_empty() {
        return None;
    }
    match &field.kind {
        FieldKind::Text { format: TextFormat::Ip | TextFormat::Ipv4 | TextFormat::Ipv6, max } => {
            Some(max.unwrap_or(39))
        }
        FieldKind::Text { max, .. } => *max,
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use factotum_engine::form::spec::Source;

    fn check(field: &Field, input: Input, chosen: bool, expected: &Json) {
        let model = Model::new("t", "Thing");
        let (name, title, help) = (field.name.clone(), field.title.clone(), String::new());
        let entry = Entry { name, title, help, source: Source::Field(0), required: true, input: Some(input), chosen };
        assert_eq!(widget(&model, &entry, field), *expected, "{}", field.name);
    }

    #[test]
    fn inputs_have_djangos_attributes() {
        let text = json!({ "kind": "text", "attrs": { "class": "vTextField", "maxlength": "9" } });
        check(&Field::line("name", 9), Input::Text, false, &text);
        check(&Field::line("bare", 9), Input::Text, true, &json!({ "kind": "text", "attrs": { "maxlength": "9" } }));
        let decimal = json!({ "kind": "number", "attrs": { "step": "0.001" } });
        check(&Field::decimal("price", 8, 3), Input::Number, false, &decimal);
        let big = json!({ "kind": "number", "attrs": { "class": "vBigIntegerField", "min": 0, "max": i64::MAX } });
        check(&Field::count("big", Width::Big), Input::Number, false, &big);
        check(&Field::int("hidden"), Input::Hidden, true, &json!({ "kind": "hidden", "attrs": {} }));
    }

    #[test]
    fn steps_are_spelled_as_python_spells_them() {
        assert_eq!([0, 1, 2, 6, 7].map(step), ["1", "0.1", "0.01", "0.000001", "1e-7"]);
    }
}
