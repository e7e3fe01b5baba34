//! What every endpoint reads of a request in the same way: the model it names, numbers of its query, its JSON body.

use factotum_engine::error::Missing;
use factotum_engine::{Error, ModelKey, Principal, Raw, Resource, Row, Site, Verb};
use serde_json::{Map, Value as Json};

use super::{Call, error};
use crate::http::python::int;
use crate::http::{Fault, Head, body};

/// Labels of applications that would be taken for endpoints.
const RESERVED: [&str; 5] = ["registry", "schema", "session", "login", "logout"];

/// The resource that a path names, whoever asks.
pub(super) fn named<'s>(site: &'s Site, head: &Head) -> Option<&'s Resource> {
    let (app, name) = (head.param("app"), head.param("model"));
    if app.is_empty() || RESERVED.contains(&app.to_lowercase().as_str()) {
        return None;
    }
    site.find(&ModelKey::new(app, name)).ok()
}

/// The resource that the path names. One that somebody may not see is not there for them.
pub(super) fn model(call: &Call) -> Result<&Resource, Fault> {
    let resource = named(&call.site, &call.head).ok_or(Error::NotFound(Missing::Model))?;
    let seen = has_module(&call.who, &resource.model.key.app) && may(&call.who, resource, Verb::View, None);
    if seen { Ok(resource) } else { Err(Error::NotFound(Missing::Model).into()) }
}

/// Whether somebody has any permission in an application.
pub(super) fn has_module(who: &Principal, app: &str) -> bool {
    let within = |permission: &String| permission.split_once('.').is_some_and(|(label, _)| label == app);
    who.active && (who.superuser || who.permissions.iter().any(within))
}

/// Whether somebody may do something to a model, or to one of its rows.
pub(super) fn may(who: &Principal, resource: &Resource, verb: Verb, row: Option<&Row>) -> bool {
    (verb == Verb::View || !resource.options.read_only) && resource.admin.allows(who, verb, resource, row)
}

/// The key of the row that the path names.
pub(super) fn key(call: &Call) -> Raw {
    Raw::Text(call.param("pk").to_owned())
}

/// A whole number of the query string, as Python reads it; nothing if it is garbage.
pub(super) fn number(head: &Head, name: &str) -> Option<i64> {
    head.asked(name).and_then(int)
}

/// The number of the page that was asked for; the first one if it is garbage.
pub(super) fn page(head: &Head) -> u64 {
    number(head, "page").and_then(|number| u64::try_from(number).ok()).filter(|&number| number > 0).unwrap_or(1)
}

/// How many rows a page was asked to have: the usual number if that is garbage or less than one, and never more than
/// allowed.
pub(super) fn page_size(head: &Head, usual: u64, most: u64) -> u64 {
    let asked = number(head, "page_size").and_then(|number| u64::try_from(number).ok()).filter(|&number| number > 0);
    asked.map_or(usual, |asked| asked.min(most))
}

/// How many rows lie before a page.
pub(super) fn offset(page: u64, size: u64) -> u64 {
    page.saturating_sub(1).saturating_mul(size).min(i64::MAX.unsigned_abs())
}

/// The body as JSON, whatever its declared type; an empty one is an empty object.
pub(super) fn json(call: &Call) -> Result<Json, Fault> {
    if call.body.is_empty() { Ok(Json::Object(Map::new())) } else { body::json(&call.body) }
}

/// The members of the body, which must be a JSON object, whatever its declared type.
pub(super) fn members(call: &Call) -> Result<Map<String, Json>, Fault> {
    match json(call)? {
        Json::Object(members) => Ok(members),
        _ => Err(error::bad_request("Request body must be a JSON object.")),
    }
}
