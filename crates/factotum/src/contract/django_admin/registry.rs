//! The models that somebody may see, by application.

use factotum_engine::{Resource, Verb};
use http::StatusCode;
use indexmap::IndexMap;
use serde_json::{Value as Json, json};

use super::{Call, actions, error, request, response, views};
use crate::http::python::capfirst;
use crate::http::{Fault, Reply};

/// The end of this endpoint's own path: what is before it is where the contract is mounted.
const OWN_PATH: &str = "api/v1/registry/";

/// `GET registry/`
pub(super) async fn show(call: Call) -> Result<Reply, Fault> {
    let path = &call.head.path;
    let mount = path.rfind(OWN_PATH).map_or("", |at| &path[..at]);
    let document = json!({
        "mount": if mount.is_empty() { "/" } else { mount }, "user": response::person(&call.who), "apps": apps(&call),
    });
    Ok(error::reply(StatusCode::OK, &document))
}

/// An application, or a group that the site made, with the models that are shown in it.
struct App<'a> {
    title: String,
    is_group: bool,
    models: Vec<&'a Resource>,
}

fn apps(call: &Call) -> Vec<Json> {
    let mut apps: IndexMap<&str, App<'_>> = IndexMap::new();
    for resource in call.site.resources().filter(|resource| is_listed(call, resource)) {
        let (label, title) = place(call, resource);
        let known = || call.site.schema().models().any(|model| model.key.app == label);
        let app = apps.entry(label).or_insert_with(|| App { title, is_group: !known(), models: Vec::new() });
        app.models.push(resource);
    }
    let mut apps: Vec<(&str, App<'_>)> = apps.into_iter().collect();
    apps.sort_by_key(|(_, app)| app.title.to_lowercase());
    apps.into_iter().map(|(label, app)| told(call, label, app)).collect()
}

/// Whether a model is in somebody's list: they have permissions in its application and may see it.
fn is_listed(call: &Call, resource: &Resource) -> bool {
    request::has_module(&call.who, &resource.model.key.app) && request::may(&call.who, resource, Verb::View, None)
}

/// The label and the title under which a model is listed.
fn place<'c>(call: &'c Call, resource: &'c Resource) -> (&'c str, String) {
    let key = resource.model.key.to_string();
    match call.contract.groups.iter().find(|group| group.models.contains(&key)) {
        Some(group) => (&group.label, group.title.clone()),
        None => (&resource.model.key.app, call.contract.app_title(&resource.model.key.app)),
    }
}

fn told(call: &Call, label: &str, mut app: App<'_>) -> Json {
    app.models.sort_by_cached_key(|resource| capfirst(&resource.model.plural));
    let models: Vec<Json> = app.models.iter().map(|resource| model(call, label, resource)).collect();
    json!({
        "name": app.title, "app_label": label, "verbose_name": app.title, "is_group": app.is_group, "models": models,
    })
}

fn model(call: &Call, label: &str, resource: &Resource) -> Json {
    let model = &resource.model;
    let mut told = json!({
        "app_label": label, "model_name": model.key.lower_name(), "object_name": model.key.name,
        "verbose_name": model.singular, "verbose_name_plural": model.plural,
        "permissions": response::permissions(&call.who, resource), "actions": actions::specs(call, resource),
        "real_app_label": model.key.app,
    });
    let pages = views::of(&call.contract, resource, None);
    if !pages.is_empty() {
        told["custom_views"] = pages.into();
    }
    told
}
