//! Schema documents: which models there are, and what one model's fields, lists and actions are.

use factotum_engine::error::Missing;
use factotum_engine::model::{Field, FieldKind, Initial, Model, ModelKey, TextFormat};
use factotum_engine::{Error, Principal, Resource, Site, Value, Verb};
use http::StatusCode;
use serde_json::{Map, Value as Json, json};

use super::response::{Printing, document};
use super::{Call, Conjure, error};
use crate::http::{Fault, Reply};

/// `GET schema/`
pub(super) async fn list(call: Call) -> Result<Reply, Fault> {
    Ok(error::reply(StatusCode::OK, &models(&call.site, &call.contract, &call.who)))
}

/// `GET schema/{key}/`
pub(super) async fn detail(call: Call) -> Result<Reply, Fault> {
    let key = ModelKey::parse(call.param("key")).ok_or(Error::NotFound(Missing::Model))?;
    Ok(error::reply(StatusCode::OK, &model(&call.site, &call.contract, &call.who, &key)?))
}

/// All registered models with the flags of who asks.
pub(super) fn models(site: &Site, settings: &Conjure, who: &Principal) -> Json {
    let models: Vec<Json> = site.resources().map(|resource| entry(settings, who, resource)).collect();
    json!({ "models": models })
}

fn entry(settings: &Conjure, who: &Principal, resource: &Resource) -> Json {
    let model = &resource.model;
    let key = model.key.to_string();
    let group = settings.app_groups.get_full(&model.key.app);
    let (section, place) = section(settings, &key);
    json!({
        "model": key,
        "app_label": model.key.app,
        "verbose_name": model.singular,
        "verbose_name_plural": model.plural,
        "is_readonly": resource.options.read_only,
        "permissions": permissions(who, resource),
        "group": group.map_or(&model.key.app, |(_, _, title)| title),
        "group_order": group.map_or(LAST, |(place, _, _)| place),
        "model_order": place_among(&settings.model_order, &key).unwrap_or(LAST),
        "section": section,
        "section_order": place,
    })
}

/// The place of what has none.
const LAST: usize = 999;

fn place_among(keys: &[String], key: &str) -> Option<usize> {
    keys.iter().position(|known| known.eq_ignore_ascii_case(key))
}

/// The section of a model: the first key of the last list that it is in, and its place there; else itself.
fn section(settings: &Conjure, key: &str) -> (String, usize) {
    let mut found = (key.to_owned(), 0);
    for list in &settings.sections {
        if let (Some(first), Some(place)) = (list.first(), place_among(list, key)) {
            found = (first.clone(), place);
        }
    }
    found
}

/// The four flags; a read-only model does not lower them.
fn permissions(who: &Principal, resource: &Resource) -> Json {
    let flags = Verb::ALL
        .into_iter()
        .map(|verb| (verb.name().to_owned(), Json::Bool(resource.admin.allows(who, verb, resource, None))));
    Json::Object(flags.collect())
}

/// One model, for who asks.
pub(super) fn model(site: &Site, settings: &Conjure, who: &Principal, key: &ModelKey) -> Result<Json, Error> {
    let resource = site.find(key)?;
    let mut document = describe(site, resource, &permissions(who, resource));
    if settings.allowed_actions {
        let allowed = |action: &&factotum_engine::admin::Action| action.is_for(who, resource);
        let names: Vec<&str> = resource.actions.iter().filter(allowed).map(|action| action.name.as_str()).collect();
        document.insert("allowed_actions".to_owned(), json!(names));
    }
    Ok(Json::Object(document))
}

/// The schema of every model with all permissions, as the dump command writes it.
#[must_use]
pub fn dump(site: &Site) -> Json {
    let all = || json!({ "view": true, "add": true, "change": true, "delete": true });
    let models = site
        .resources()
        .map(|resource| (resource.model.key.to_string(), Json::Object(describe(site, resource, &all()))));
    Json::Object(models.collect())
}

fn describe(site: &Site, resource: &Resource, permissions: &Json) -> Map<String, Json> {
    let model = &resource.model;
    let ordering: Vec<String> = resource.ordering().iter().map(ToString::to_string).collect();
    let fields: Vec<Json> = model
        .fields
        .iter()
        .filter(|field| !resource.hides(&field.name))
        .map(|field| Json::Object(describe_field(site, resource, field)))
        .collect();
    let document = json!({
        "model": model.key.to_string(),
        "app_label": model.key.app,
        "model_name": model.key.name,
        "verbose_name": model.singular,
        "verbose_name_plural": model.plural,
        "pk_field": model.primary_key,
        "fields": fields,
        "list_display": resource.list_display(),
        "search_fields": resource.search_fields(),
        "list_filter": resource.list_filter(),
        "ordering": ordering,
        "readonly_fields": resource.options.readonly_fields,
        "is_readonly": resource.options.read_only,
        "actions": actions(resource),
        "inlines": inlines(site, resource),
        "permissions": permissions,
    });
    if let Json::Object(document) = document { document } else { Map::new() }
}

fn actions(resource: &Resource) -> Vec<Json> {
    let show = |action: &factotum_engine::admin::Action| json!({ "name": action.name, "label": action.label(), "destructive": action.destructive });
    resource.actions.iter().map(show).collect()
}

fn inlines(site: &Site, resource: &Resource) -> Vec<Json> {
    let show = |inline: &factotum_engine::admin::Inline| {
        let child = site.schema().find(&inline.model)?;
        Some(json!({ "model": child.key.to_string(), "fk_field": inline.fk_field, "verbose_name": child.singular }))
    };
    resource.options.inlines.iter().filter_map(show).collect()
}

fn describe_field(site: &Site, resource: &Resource, field: &Field) -> Map<String, Json> {
    let model = &resource.model;
    let mut out = Map::new();
    let mut put = |key: &str, value: Json| {
        out.insert(key.to_owned(), value);
    };
    put("name", json!(field.name));
    put("type", json!(field.class_name()));
    put("verbose_name", json!(field.title));
    put("required", json!(is_required(field)));
    put("editable", json!(is_editable(model, resource, field)));
    put("null", json!(field.null));
    if let Some(max) = max_length(field) {
        put("max_length", json!(max));
    }
    let printing = Printing::new(site, "");
    if !field.choices.is_empty() {
        let pairs = field.choices.iter().map(|(value, name)| json!([document(field, value, &printing), name]));
        put("choices", Json::Array(pairs.collect()));
    }
    if let Some(target) = field.target() {
        let target = site.schema().model(target).map_or(target, |model| &model.key);
        let searched = site.resource(target).map(|other| other.autocomplete_fields().to_vec()).unwrap_or_default();
        put("related_model", json!(target.to_string()));
        put("related_search_fields", json!(searched));
    }
    match &field.kind {
        FieldKind::File { image, .. } => put("upload", json!(if *image { "image" } else { "file" })),
        FieldKind::Decimal { digits, places } => {
            put("max_digits", json!(digits));
            put("decimal_places", json!(places));
        }
        _ => {}
    }
    if !field.help.is_empty() {
        put("help_text", json!(field.help));
    }
    if let Some(default) = default_value(field) {
        put("default", default);
    }
    out
}

/// Whether the dashboard's form must have it.
fn is_required(field: &Field) -> bool {
    if !field.is_column() {
        return !field.blank;
    }
    field.takes_input() && !field.blank && field.initial.is_none() && !field.null && field.kind != FieldKind::Bool
}

fn is_editable(model: &Model, resource: &Resource, field: &Field) -> bool {
    field.takes_input()
        && field.name != model.primary_key
        && !field.is_auto()
        && !resource.options.readonly_fields.contains(&field.name)
}

fn max_length(field: &Field) -> Option<u32> {
    match &field.kind {
        FieldKind::Text { format: TextFormat::Ip | TextFormat::Ipv4 | TextFormat::Ipv6, .. } => Some(39),
        FieldKind::Text { max, .. } => *max,
        FieldKind::File { max, .. } => Some(*max),
        FieldKind::Uuid => Some(32),
        _ => None,
    }
}

/// A default that JSON can say and Django would: text, whole and binary numbers, truth.
pub(super) fn default_value(field: &Field) -> Option<Json> {
    let value = match field.initial.as_ref()? {
        Initial::Value(value) => value.clone(),
        Initial::Call(call) => call(),
        Initial::NewUuid | Initial::Now => return None,
    };
    match (&field.kind, value) {
        (_, Value::Bool(truth)) => Some(json!(truth)),
        (_, Value::Int(number)) => Some(json!(number)),
        (_, Value::Float(number)) => Some(json!(number)),
        (_, Value::Text(text)) => Some(json!(text)),
        (FieldKind::Decimal { places: _, .. }, Value::Decimal(number)) if number.is_integer() => {
            number.to_string().parse::<i64>().ok().map(|number| json!(number))
        }
        _ => None,
    }
}
