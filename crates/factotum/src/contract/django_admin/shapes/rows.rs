//! Bodies that differ from model to model: lists, rows with their forms, what is sent for them.

use factotum_engine::form::layout::Layout;
use factotum_engine::model::{Field, FieldKind};
use factotum_engine::{Principal, Resource, Row, Site, Value};
use serde_json::{Map, Value as Json, json};

use super::super::descriptor::{base_type, told_type};
use super::super::{inlines, redact};
use super::documents::{action, column, fieldset, filter, save_options, text, view};
use super::{anything, count, many, model, object, optional, permissions, text_or_null, titled, truth};
use crate::http::schema;

/// What a row's key looks like.
pub(in super::super) fn key(site: &Site, resource: &Resource) -> Json {
    schema::key(site, &resource.model)
}

fn named(resource: &Resource, part: &str) -> String {
    format!("{}.{part}", resource.model.key)
}

/// A page of a list with everything around it.
pub(in super::super) fn list(site: &Site, resource: &Resource) -> Json {
    let cells = json!({ "type": "object", "additionalProperties": {} });
    let row = object([("pk", key(site, resource)), ("label", text()), ("fields", cells)]);
    let page = object([
        ("app_label", text()),
        ("model_name", text()),
        ("object_name", text()),
        ("verbose_name", text()),
        ("verbose_name_plural", text()),
        ("pk_field", text()),
        ("permissions", permissions()),
        ("columns", many(column())),
        ("list_display_links", many(text())),
        ("search_fields", many(text())),
        ("search_help_text", text_or_null()),
        ("filters", many(filter())),
        ("actions", many(action())),
        ("page", count()),
        ("page_size", count()),
        ("total", count()),
        ("full_count", json!({ "type": ["integer", "null"] })),
        ("list_max_show_all", count()),
        ("empty_value_display", text()),
        ("results", many(row)),
    ]);
    titled(&named(resource, "Page"), optional(page, [("date_hierarchy", anything())]))
}

/// A row with its form.
pub(in super::super) fn detail(site: &Site, resource: &Resource) -> Json {
    let body = object([
        ("app_label", text()),
        ("model_name", text()),
        ("pk", key(site, resource)),
        ("label", text()),
        ("permissions", permissions()),
        ("save_options", save_options()),
        ("password_change", object([("supported", truth())])),
        ("fieldsets", many(fieldset())),
        ("fields", fields(site, resource, described)),
        ("inlines", many(inline())),
        ("view_on_site_url", text_or_null()),
        ("object_actions", many(action())),
        ("custom_views", many(view())),
        ("empty_value_display", text()),
    ]);
    titled(&named(resource, "Detail"), body)
}

/// The form for a new row.
pub(in super::super) fn add_form(site: &Site, resource: &Resource) -> Json {
    let body = object([
        ("app_label", text()),
        ("model_name", text()),
        ("permissions", permissions()),
        ("save_options", save_options()),
        ("fieldsets", many(fieldset())),
        ("fields", fields(site, resource, described)),
        ("prepopulated_fields", sources()),
    ]);
    titled(&named(resource, "AddForm"), body)
}

/// How a form is drawn.
pub(in super::super) fn spec(site: &Site, resource: &Resource) -> Json {
    let body = object([
        ("renderer", json!({ "const": "form-spec" })),
        ("fieldsets", many(fieldset())),
        ("fields", fields(site, resource, drawn)),
        ("variant", text()),
    ]);
    titled(&named(resource, "FormSpec"), optional(body, [("prepopulated_fields", sources())]))
}

fn sources() -> Json {
    json!({ "type": "object", "additionalProperties": many(text()) })
}

/// The fields of a form that may be shown to somebody; which of them are is said by the form itself.
fn fields(site: &Site, resource: &Resource, shape: fn(&'static str, Json) -> Json) -> Json {
    let shown = |name: &str| !resource.hides(name) && !redact::is_sensitive(name);
    let own = resource.model.fields.iter().filter(|field| shown(&field.name));
    let members: Map<String, Json> =
        own.map(|field| (field.name.clone(), shape(told_type(field), value(site, field)))).collect();
    json!({ "type": "object", "properties": members, "additionalProperties": shape("unsupported", anything()) })
}

/// A descriptor. A text may be drawn as a long one and the other way about.
fn described(kind: &'static str, value: Json) -> Json {
    let members = object([
        ("type", kinds(kind)),
        ("label", text()),
        ("required", truth()),
        ("readonly", truth()),
        ("help_text", text()),
        ("value", value),
    ]);
    let widget = json!({ "enum": ["radio", "raw_id", "shuttle_h", "shuttle_v", "autocomplete", "password", "custom"] });
    let [to, most, places, choices] = extras();
    optional(members, [to, most, places, choices, ("widget", widget), ("widget_class", text())])
}

/// An entry of a form spec.
fn drawn(kind: &'static str, value: Json) -> Json {
    let input = object([("kind", text()), ("attrs", json!({ "type": "object" }))]);
    let input = optional(input, [("widget_class", text()), ("template_name", text())]);
    let members = object([
        ("type", kinds(kind)),
        ("label", text()),
        ("required", truth()),
        ("readonly", truth()),
        ("help_text", text()),
        ("widget", input),
        ("initial", value),
        ("errors", many(text())),
    ]);
    optional(members, extras())
}

fn kinds(kind: &'static str) -> Json {
    match kind {
        "string" | "text" => json!({ "enum": ["string", "text"] }),
        kind => json!({ "const": kind }),
    }
}

fn extras() -> [(&'static str, Json); 4] {
    let choice = object([("value", anything()), ("label", text())]);
    [("to", model()), ("max_length", count()), ("decimal_places", count()), ("choices", many(choice))]
}

/// A field's value as a form tells it. Choices are told as they are stored, whatever they are.
fn value(site: &Site, field: &Field) -> Json {
    match &field.kind {
        FieldKind::Many { .. } => many(relation(site, field)),
        FieldKind::One { .. } => json!({ "anyOf": [relation(site, field), { "type": "null" }] }),
        FieldKind::File { .. } => {
            let file = object([("name", text()), ("url", text()), ("size", json!({ "type": ["integer", "null"] }))]);
            json!({ "anyOf": [titled("File", file), { "type": "null" }] })
        }
        _ if !field.choices.is_empty() => anything(),
        FieldKind::Decimal { .. } => json!({ "type": ["string", "number", "null"] }),
        _ => schema::or_null(schema::value(site, field)),
    }
}

fn relation(site: &Site, field: &Field) -> Json {
    let target = schema::target(site, field);
    let key = if target.target().is_some() { anything() } else { schema::value(site, target) };
    optional(object([("id", key), ("label", text())]), [("to", model())])
}

/// Children that are edited with their parent.
fn inline() -> Json {
    let number = || json!({ "type": ["integer", "null"] });
    let field =
        object([("name", text()), ("label", text()), ("readonly", truth()), ("type", text()), ("required", truth())]);
    let row = object([("pk", anything()), ("label", text()), ("fields", json!({ "type": "object" }))]);
    let members = object([
        ("name", text()),
        ("label", text()),
        ("kind", json!({ "enum": ["tabular", "stacked"] })),
        ("fk_name", text()),
        ("pk_field", text()),
        ("child", model()),
        ("extra", count()),
        ("min_num", number()),
        ("max_num", number()),
        ("can_view", truth()),
        ("can_add", truth()),
        ("can_change", truth()),
        ("can_delete", truth()),
        ("show_change_link", truth()),
        ("fields", many(field)),
        ("rows", many(row)),
    ]);
    titled("Inline", members)
}

/// What a new row is made of. What is left out is empty.
pub(in super::super) fn create(site: &Site, resource: &Resource) -> Json {
    titled(&named(resource, "Create"), sent(site, resource, &layout(resource, true), true))
}

/// What may be changed of a row.
pub(in super::super) fn update(site: &Site, resource: &Resource) -> Json {
    titled(&named(resource, "Update"), sent(site, resource, &layout(resource, false), true))
}

/// A form with files.
pub(in super::super) fn create_form(site: &Site, resource: &Resource) -> Json {
    titled(&named(resource, "Form"), sent(site, resource, &layout(resource, true), false))
}

/// What is closed to those who may do everything is closed to all.
fn anybody() -> Principal {
    Principal { superuser: true, active: true, staff: true, ..Principal::anonymous() }
}

/// The form of a new row, or of one that is there, whatever it holds.
fn layout(resource: &Resource, adding: bool) -> Layout {
    let model = &resource.model;
    let row = Row { model: model.clone(), values: vec![Value::Null; model.fields.len()] };
    Layout::of(resource, &anybody(), (!adding).then_some(&row), redact::WORDS)
}

fn sent(site: &Site, resource: &Resource, layout: &Layout, with_children: bool) -> Json {
    let model = &resource.model;
    let fields = layout.writable(model).into_iter().map(|at| &model.fields[at]);
    let mut members: Map<String, Json> = fields.map(|field| (field.name.clone(), taken(site, field))).collect();
    if with_children && !resource.inlines.is_empty() {
        members.insert("inlines".to_owned(), children(resource));
    }
    json!({ "type": "object", "properties": members, "additionalProperties": false })
}

/// What a form takes for a field; other spellings are understood, too.
fn taken(site: &Site, field: &Field) -> Json {
    let about = if field.help.is_empty() { &field.title } else { &field.help };
    let mut schema = match &field.kind {
        FieldKind::One { .. } | FieldKind::Many { .. } | FieldKind::File { .. } => anything(),
        _ if !field.choices.is_empty() => anything(),
        _ => schema::or_null(schema::limited(field, schema::value(site, field))),
    };
    if schema.is_object() {
        schema["description"] = json!(format!("{about} ({})", base_type(field)));
    }
    schema
}

fn children(resource: &Resource) -> Json {
    let row = json!({
        "type": "object",
        "properties": { "pk": {}, "fields": { "type": "object" }, "DELETE": {} },
    });
    let block = json!({ "type": "object", "properties": { "items": many(row) } });
    let named: Map<String, Json> = inlines::names(resource).into_iter().map(|name| (name, block.clone())).collect();
    json!({ "type": ["object", "null"], "properties": named, "additionalProperties": false })
}
