//! Actions: which there are for somebody, and running one.

use factotum_engine::admin::{Action, Level, Message, Outcome, Target};
use factotum_engine::error::Missing;
use factotum_engine::ops::{self, DeletePlan, Which};
use factotum_engine::{Error, Raw, Resource, Verb};
use http::StatusCode;
use serde_json::{Map, Value as Json, json};

use super::{Call, delete, error, identity, request};
use crate::http::python::capfirst;
use crate::http::{Fault, Reply};

/// The action of every list.
const DELETE_SELECTED: &str = "delete_selected";

/// An action that somebody is offered.
enum Offer<'r> {
    DeleteSelected,
    Own(&'r Action),
}

/// The actions that somebody is offered: to delete what is selected first, then the model's own.
pub(super) fn specs(call: &Call, resource: &Resource) -> Vec<Json> {
    offers(call, resource)
        .iter()
        .map(|offer| match offer {
            Offer::DeleteSelected => {
                spec(resource, DELETE_SELECTED, "Delete selected %(verbose_name_plural)s", Target::Batch, true)
            }
            Offer::Own(action) => spec(resource, &action.name, &title(action), action.target, action.destructive),
        })
        .collect()
}

/// A window that was opened to choose a row offers none.
fn offers<'r>(call: &Call, resource: &'r Resource) -> Vec<Offer<'r>> {
    if call.head.asked("_popup").is_some() {
        return Vec::new();
    }
    let mut offers = Vec::new();
    if deletes_selected(resource) && request::may(&call.who, resource, Verb::Delete, None) {
        offers.push(Offer::DeleteSelected);
    }
    offers.extend(resource.actions.iter().filter(|action| action.is_for(&call.who, resource)).map(Offer::Own));
    offers
}

/// Whether the model's list offers to delete what is selected.
pub(super) fn deletes_selected(resource: &Resource) -> bool {
    resource.options.delete_selected.unwrap_or(true) && resource.action(DELETE_SELECTED).is_none()
}

/// The name for people as it was declared, or the name in words.
fn title(action: &Action) -> String {
    if action.title.is_empty() { capfirst(&action.name.replace('_', " ")) } else { action.title.clone() }
}

fn spec(resource: &Resource, name: &str, label: &str, target: Target, destructive: bool) -> Json {
    let model = &resource.model;
    let label = label.replace("%(verbose_name)s", &model.singular).replace("%(verbose_name_plural)s", &model.plural);
    let deletes = [name, label.as_str()].iter().any(|words| words.to_lowercase().contains("delete"));
    let target = match target {
        Target::Batch => "batch",
        Target::One => "detail",
    };
    json!({
        "name": name, "label": label, "description": label, "requires_confirmation": deletes || destructive,
        "target": target,
    })
}

/// `POST <app>/<model>/actions/<name>/`
pub(super) async fn run(call: Call) -> Result<Reply, Fault> {
    let resource = request::model(&call)?;
    let name = call.param("name");
    let named = |offer: &Offer<'_>| match offer {
        Offer::DeleteSelected => name == DELETE_SELECTED,
        Offer::Own(action) => action.name == name,
    };
    let offer = offers(&call, resource).into_iter().find(named).ok_or(Error::NotFound(Missing::Action))?;
    if !request::may(&call.who, resource, Verb::Change, None) {
        return Err(identity::forbidden(resource, Verb::Change));
    }
    let body = request::members(&call)?;
    let pks = pks(&call, &body)?;
    match offer {
        Offer::DeleteSelected if !is_true(body.get("confirmed")) => Ok(asked_first(true, &[])),
        Offer::DeleteSelected => delete_selected(&call, resource, &pks).await,
        Offer::Own(action) => run_own(&call, resource, action, pks).await,
    }
}

/// The keys that were sent.
pub(super) fn pks(call: &Call, body: &Map<String, Json>) -> Result<Vec<Json>, Fault> {
    let Some(Json::Array(pks)) = body.get("pks").filter(|pks| pks.as_array().is_some_and(|pks| !pks.is_empty())) else {
        return Err(error::bad_request("`pks` must be a non-empty list."));
    };
    let (count, most) = (pks.len() as u64, call.contract.max_action_pks);
    if most > 0 && count > most {
        return Err(error::bad_request(&format!(
            "`pks` length ({count}) exceeds the configured cap of {most}; increase \
             ``DJANGO_ADMIN_REST_API['MAX_ACTION_PKS']`` if you have a legitimate workflow."
        )));
    }
    Ok(pks.clone())
}

/// Keys for the engine. What no row can have as its key is passed over there.
pub(super) fn keys(pks: &[Json]) -> Vec<Raw> {
    pks.iter().map(|pk| Raw::Json(pk.clone())).collect()
}

/// Whether Python takes a value for true.
fn is_true(value: Option<&Json>) -> bool {
    match value {
        None | Some(Json::Null) => false,
        Some(Json::Bool(truth)) => *truth,
        Some(Json::Number(number)) => number.as_f64() != Some(0.0),
        Some(Json::String(text)) => !text.is_empty(),
        Some(Json::Array(items)) => !items.is_empty(),
        Some(Json::Object(members)) => !members.is_empty(),
    }
}

async fn run_own(call: &Call, resource: &Resource, action: &Action, pks: Vec<Json>) -> Result<Reply, Fault> {
    if action.target == Target::One && pks.len() != 1 {
        let words = "This action targets a single object; pass exactly one entry in `pks`.";
        return Err(error::bad_request(words));
    }
    let mut cx = call.write().await?;
    let acted = ops::act(&mut cx, &resource.model.key, &action.name, Which::Keys(keys(&pks))).await?;
    cx.commit().await?;
    Ok(told(&action.name, &pks, acted.outcome))
}

/// What an action has to say, as this contract says it. A document that is no page of this admin is not passed on,
/// but for its message.
fn told(name: &str, pks: &[Json], outcome: Outcome) -> Reply {
    let done = |messages: &[Message]| {
        let messages = printed(messages);
        error::reply(StatusCode::OK, &json!({ "executed": true, "action": name, "pks": pks, "messages": messages }))
    };
    match outcome {
        Outcome::Done => done(&[]),
        Outcome::Said(messages) => done(&messages),
        Outcome::Message(text) => done(&[Message::new(Level::Success, text)]),
        Outcome::Data(document) => match document.get("message").and_then(Json::as_str) {
            Some(text) => done(&[Message::new(Level::Success, text)]),
            None => error::reply(StatusCode::OK, &json!({ "executed": true, "action": name, "messages": [] })),
        },
        Outcome::Redirect { to, messages } => {
            let messages = printed(&messages);
            let document = json!({ "redirect": to, "executed": true, "action": name, "messages": messages });
            error::reply(StatusCode::OK, &document)
        }
    }
}

fn printed(messages: &[Message]) -> Vec<Json> {
    let level = |level: Level| match level {
        Level::Debug => "debug",
        Level::Info => "info",
        Level::Success => "success",
        Level::Warning => "warning",
        Level::Error => "error",
    };
    messages.iter().map(|message| json!({ "level": level(message.level), "message": message.text })).collect()
}

async fn delete_selected(call: &Call, resource: &Resource, pks: &[Json]) -> Result<Reply, Fault> {
    let mut cx = call.write().await?;
    let rows = ops::several(&mut cx, resource, &keys(pks)).await?;
    let plan = ops::plan_rows(&mut cx, resource, rows).await?;
    match plan.verdict() {
        Err(Error::Protected { .. }) => {
            return Ok(asked_first(false, &[Message::new(Level::Error, refusal(&plan, resource))]));
        }
        verdict => verdict?,
    }
    let count = ops::carry_out(&mut cx, plan).await?;
    cx.commit().await?;
    let words = format!("Successfully deleted {}.", delete::counted(&resource.model, count));
    let messages = if count == 0 { Vec::new() } else { vec![Message::new(Level::Success, words)] };
    Ok(told(DELETE_SELECTED, pks, Outcome::Said(messages)))
}

/// The reply where a page of questions would have been shown: nothing was deleted.
fn asked_first(executed: bool, messages: &[Message]) -> Reply {
    let messages = printed(messages);
    error::reply(StatusCode::OK, &json!({ "executed": executed, "action": DELETE_SELECTED, "messages": messages }))
}

/// Which rows stand in the way.
fn refusal(plan: &DeletePlan, resource: &Resource) -> String {
    let by: Vec<String> = plan.protecting().map(|part| delete::counted(part.model(), part.count())).collect();
    format!("Cannot delete {}: protected by {}.", resource.model.plural, error::listed(&by))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn truth_is_pythons() {
        for truth in [json!(true), json!(1), json!("false"), json!([0]), json!({ "a": 1 }), json!(0.5)] {
            assert!(is_true(Some(&truth)), "{truth}");
        }
        for untruth in [json!(false), json!(null), json!(0), json!(0.0), json!(""), json!([]), json!({})] {
            assert!(!is_true(Some(&untruth)), "{untruth}");
        }
        assert!(!is_true(None));
    }

    #[test]
    fn what_an_action_says_becomes_messages() {
        let said = |outcome| {
            let reply = told("a", &[json!(1)], outcome);
            serde_json::from_slice::<Json>(&reply.body).expect("JSON")
        };
        let message = json!([{ "level": "success", "message": "2 done" }]);
        let expected = json!({ "executed": true, "action": "a", "pks": [1], "messages": message });
        assert_eq!(said(Outcome::Message("2 done".into())), expected);
        assert_eq!(said(Outcome::Data(json!({ "message": "2 done", "by": "root" }))), expected);
        assert_eq!(said(Outcome::Data(json!([1]))), json!({ "executed": true, "action": "a", "messages": [] }));
        let to = Outcome::Redirect { to: "/x/".into(), messages: Vec::new() };
        assert_eq!(said(to), json!({ "redirect": "/x/", "executed": true, "action": "a", "messages": [] }));
    }
}
