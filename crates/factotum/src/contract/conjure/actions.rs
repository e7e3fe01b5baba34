//! Actions on a selection, or on everything that a list's parameters match.

use factotum_engine::admin::{Message, Outcome};
use factotum_engine::error::Missing;
use factotum_engine::model::{Flaw, FlawKind};
use factotum_engine::ops::{self, Which};
use factotum_engine::{Error, Resource};
use serde_json::{Map, Value as Json, json};

use super::payload::members;
use super::records::{reply, resource};
use super::settings::Language;
use super::{Call, bulk, request};
use crate::http::{Fault, Reply};

pub(super) async fn run(call: Call) -> Result<Reply, Fault> {
    let resource = resource(&call)?;
    let name = call.param("name");
    resource.action(name).ok_or(Error::NotFound(Missing::Action))?;
    let body = members(call.content().await?)?;
    let parameters = if all_filtered(&body)? { Some(parameters(body.get("params"))?) } else { None };
    let which = which(&call, resource, &body, parameters.as_deref())?;
    let mut cx = call.write().await?;
    let acted = ops::act(&mut cx, &resource.model.key, name, which).await;
    let acted = acted.map_err(|error| request::blame(parameters.as_deref().unwrap_or_default(), error))?;
    cx.commit().await?;
    Ok(reply(&match acted.outcome {
        Outcome::Done => json!({ "message": default_message(call.contract.language, acted.rows) }),
        Outcome::Message(message) => json!({ "message": message }),
        Outcome::Data(data) => data,
        Outcome::Said(messages) => json!({ "message": joined(&messages) }),
        Outcome::Redirect { to, messages } => json!({ "message": joined(&messages), "redirect": to }),
    }))
}

/// Messages as one: this contract has room for one.
fn joined(messages: &[Message]) -> String {
    messages.iter().map(|message| message.text.as_str()).collect::<Vec<_>>().join(" ")
}

fn default_message(language: Language, rows: u64) -> String {
    match language {
        Language::Korean => format!("{rows}건 처리 완료."),
        Language::English if rows == 1 => "1 row processed.".to_owned(),
        Language::English => format!("{rows} rows processed."),
    }
}

fn which(
    call: &Call,
    resource: &Resource,
    body: &Map<String, Json>,
    parameters: Option<&request::Parameters>,
) -> Result<Which, Error> {
    let Some(parameters) = parameters else { return Ok(Which::Keys(bulk::ids(body)?)) };
    Ok(Which::Matching {
        filter: request::filter(&call.site, resource, parameters),
        search: request::search(resource, request::last(parameters, "search")),
    })
}

/// Whether everything that matches is meant.
fn all_filtered(body: &Map<String, Json>) -> Result<bool, Error> {
    match body.get("all_filtered") {
        None | Some(Json::Null) => Ok(false),
        Some(Json::Bool(truth)) => Ok(*truth),
        Some(Json::Number(number)) if number.as_f64() == Some(1.0) => Ok(true),
        Some(Json::Number(number)) if number.as_f64() == Some(0.0) => Ok(false),
        Some(Json::String(text)) => match text.trim().to_lowercase().as_str() {
            "t" | "y" | "yes" | "true" | "on" | "1" => Ok(true),
            "f" | "n" | "no" | "false" | "off" | "0" | "" => Ok(false),
            _ => Err(Error::flaw("all_filtered", FlawKind::NotBool)),
        },
        Some(_) => Err(Error::flaw("all_filtered", FlawKind::NotBool)),
    }
}

/// A list's parameters sent as JSON: native values count by their text, null as absent, a list as its parts.
fn parameters(params: Option<&Json>) -> Result<Vec<(String, String)>, Error> {
    let refused = || Error::flaw("params", Flaw::custom("Expected a dictionary of filters."));
    let params = match params {
        None | Some(Json::Null) => return Ok(Vec::new()),
        Some(Json::Object(params)) => params,
        Some(_) => return Err(refused()),
    };
    let mut parameters = Vec::with_capacity(params.len());
    for (name, value) in params {
        let text = match value {
            Json::Null => continue,
            Json::Array(parts) => parts.iter().map(text_of).collect::<Option<Vec<_>>>().ok_or_else(refused)?.join(","),
            value => text_of(value).ok_or_else(refused)?,
        };
        parameters.push((name.clone(), text));
    }
    Ok(parameters)
}

fn text_of(value: &Json) -> Option<String> {
    match value {
        Json::String(text) => Some(text.clone()),
        Json::Bool(truth) => Some(truth.to_string()),
        Json::Number(number) => Some(number.to_string()),
        Json::Null | Json::Array(_) | Json::Object(_) => None,
    }
}
