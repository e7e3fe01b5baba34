//! Actions: which there are for somebody, and running one.

use factotum_engine::admin::Target;
use factotum_engine::error::Missing;
use factotum_engine::{Error, Resource, Verb};
use serde_json::{Value as Json, json};

use super::{Call, request};
use crate::http::{Fault, Reply};

/// The actions that somebody is offered: to delete what is selected first, then the model's own.
pub(super) fn specs(call: &Call, resource: &Resource) -> Vec<Json> {
    if call.head.asked("_popup").is_some() {
        return Vec::new();
    }
    let mut specs = Vec::new();
    if deletes_selected(resource) && request::may(&call.who, resource, Verb::Delete, None) {
        specs.push(spec(resource, "delete_selected", "Delete selected %(verbose_name_plural)s", Target::Batch));
    }
    let own = resource.actions.iter().filter(|action| action.is_for(&call.who, resource));
    specs.extend(own.map(|action| spec(resource, &action.name, &action.label(), action.target)));
    specs
}

/// Whether the model's list offers to delete what is selected.
pub(super) fn deletes_selected(resource: &Resource) -> bool {
    resource.options.delete_selected.unwrap_or(true) && resource.action("delete_selected").is_none()
}

fn spec(resource: &Resource, name: &str, label: &str, target: Target) -> Json {
    let model = &resource.model;
    let label = label.replace("%(verbose_name)s", &model.singular).replace("%(verbose_name_plural)s", &model.plural);
    let deletes = [name, label.as_str()].iter().any(|words| words.to_lowercase().contains("delete"));
    let target = match target {
        Target::Batch => "batch",
        Target::One => "detail",
    };
    json!({ "name": name, "label": label, "description": label, "requires_confirmation": deletes, "target": target })
}

/// `POST <app>/<model>/actions/<name>/`
pub(super) async fn run(call: Call) -> Result<Reply, Fault> {
    request::model(&call)?;
    Err(Error::NotFound(Missing::Action).into())
}
