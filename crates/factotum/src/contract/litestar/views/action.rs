//! Things to do that belong to no row: a form, a question, and what came of it.

use std::fmt;
use std::sync::Arc;

use factotum_engine::{Context, Result};
use futures_util::future::BoxFuture;
use http::StatusCode;
use serde_json::{Map, Value as Json, json};

use super::{Heading, ICON, Item, Kind, find, seen};
use crate::contract::litestar::{Call, error, request};
use crate::http::{Fault, Reply};

const KIND: Kind = Kind { name: "Action", is: "an action view" };

type Run = dyn for<'a> Fn(&'a mut Context, Item) -> BoxFuture<'a, Result<Executed>> + Send + Sync;

/// Something to do.
///
/// ```
/// use factotum::contract::litestar::{ActionView, Executed, FormField};
///
/// let mut view = ActionView::new("Clear cache", |_, sent| {
///     Box::pin(async move { Ok(Executed::done(&format!("Cleared {}.", sent["which"]))) })
/// });
/// view.form_fields = vec![FormField { required: true, ..FormField::new("which", "Which", "text") }];
/// assert_eq!(view.heading.identity(), "clear-cache");
/// ```
#[derive(Clone)]
pub struct ActionView {
    /// Its name and place.
    pub heading: Heading,
    /// What is asked before.
    pub form_fields: Vec<FormField>,
    /// The question before it is done.
    pub confirmation_message: String,
    /// Whether the question is asked.
    pub requires_confirmation: bool,
    /// What the button says.
    pub submit_label: String,
    /// Whether it is shown as something to be careful with.
    pub dangerous: bool,
    /// What is done.
    pub run: Arc<Run>,
}

/// A field of the form of an action.
#[derive(Debug, Clone, PartialEq)]
pub struct FormField {
    /// Its name.
    pub name: String,
    /// What stands before it.
    pub label: String,
    /// What it is: `text`, `select`, `checkbox`, `number`, `date` and so on.
    pub kind: String,
    /// Whether it must be filled in.
    pub required: bool,
    /// What stands in it at first.
    pub default: Json,
    /// What stands in it while it is empty.
    pub placeholder: String,
    /// A hint.
    pub help_text: String,
    /// What can be chosen: each value with its label.
    pub options: Vec<(String, String)>,
    /// Rules for the front end.
    pub validation: Map<String, Json>,
}

impl FormField {
    /// A field that may stay empty.
    #[must_use]
    pub fn new(name: &str, label: &str, kind: &str) -> FormField {
        FormField {
            name: name.to_owned(),
            label: label.to_owned(),
            kind: kind.to_owned(),
            required: false,
            default: Json::Null,
            placeholder: String::new(),
            help_text: String::new(),
            options: Vec::new(),
            validation: Map::new(),
        }
    }

    fn told(&self, for_frontend: bool) -> Json {
        let option = |(value, label): &(String, String)| json!({ "value": value, "label": label });
        let mut told = json!({
            "name": self.name,
            "label": self.label,
            "type": self.kind,
            "required": self.required,
            "default": self.default,
            "placeholder": self.placeholder,
            "helpText": self.help_text,
            "options": self.options.iter().map(option).collect::<Vec<Json>>(),
            "validation": self.validation,
        });
        if for_frontend {
            told["field_type"] = json!(self.kind);
            told["help_text"] = json!(self.help_text);
        }
        told
    }

    /// Whether it must be filled in and is not.
    fn lacks(&self, sent: &Item) -> bool {
        let is_empty = |value: &Json| value.is_null() || value.as_str() == Some("");
        self.required && sent.get(&self.name).is_none_or(is_empty)
    }
}

/// What came of an action.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Executed {
    /// Whether it was done; what was not is taken back.
    pub success: bool,
    /// What to tell.
    pub message: String,
    /// Where to go next.
    pub redirect: Option<String>,
    /// What else it gave.
    pub data: Map<String, Json>,
    /// Whether the page is to be drawn again.
    pub refresh: bool,
}

impl Executed {
    /// Done, with something to tell.
    #[must_use]
    pub fn done(message: &str) -> Executed {
        Executed { success: true, message: message.to_owned(), ..Executed::default() }
    }
}

impl ActionView {
    /// Something to do, after a question. It runs in a transaction, which is undone where it fails; what it says went
    /// wrong ([`factotum_engine::Error::flaw`]) is told.
    pub fn new<F>(name: &str, run: F) -> ActionView
    where
        F: for<'a> Fn(&'a mut Context, Item) -> BoxFuture<'a, Result<Executed>> + Send + Sync + 'static,
    {
        ActionView {
            heading: Heading::new(name),
            form_fields: Vec::new(),
            confirmation_message: String::new(),
            requires_confirmation: true,
            submit_label: "Execute".to_owned(),
            dangerous: false,
            run: Arc::new(run),
        }
    }

    fn told(&self, for_frontend: bool) -> Json {
        let mut told = self.heading.told(ICON);
        let own = [
            ("form_fields", self.form_fields.iter().map(|field| field.told(for_frontend)).collect()),
            ("confirmation_message", json!(self.confirmation_message)),
            ("requires_confirmation", json!(self.requires_confirmation)),
            ("submit_label", json!(self.submit_label)),
            ("dangerous", json!(self.dangerous)),
        ];
        told.extend(own.map(|(name, value)| (name.to_owned(), value)));
        Json::Object(told)
    }
}

impl fmt::Debug for ActionView {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("ActionView").field("heading", &self.heading).finish_non_exhaustive()
    }
}

fn named(call: &Call) -> Result<&ActionView, Fault> {
    find(call, &call.contract.site_views.actions, |view| &view.heading, &KIND)
}

/// `GET views/actions`
pub(crate) async fn list(call: Call) -> Result<Reply, Fault> {
    let actions = seen(&call, &call.contract.site_views.actions, |view: &ActionView| &view.heading);
    Ok(error::reply(StatusCode::OK, &actions.map(|action| action.told(call.contract.for_frontend)).collect()))
}

/// `GET views/actions/{view}`
pub(crate) async fn show(call: Call) -> Result<Reply, Fault> {
    Ok(error::reply(StatusCode::OK, &named(&call)?.told(call.contract.for_frontend)))
}

/// `POST views/actions/{view}/execute`: the values of the form, as they are.
pub(crate) async fn execute(call: Call) -> Result<Reply, Fault> {
    let sent = request::members(&call)?;
    let action = named(&call)?;
    if let Some(field) = action.form_fields.iter().find(|field| field.lacks(&sent)) {
        return Ok(failed(&format!("Field '{}' is required", field.label)));
    }
    let mut cx = call.write().await?;
    let executed = match (action.run)(&mut cx, sent).await {
        Ok(executed) => executed,
        Err(error) => return Ok(failed(&format!("Action failed: {}", error::words_of(error)?))),
    };
    if executed.success {
        cx.commit().await?;
    }
    let Executed { success, message, redirect, data, refresh } = executed;
    let document =
        json!({ "success": success, "message": message, "redirect": redirect, "data": data, "refresh": refresh });
    Ok(error::reply(StatusCode::OK, &document))
}

fn failed(message: &str) -> Reply {
    let document = json!({ "success": false, "message": message, "redirect": null, "data": null, "refresh": false });
    error::reply(StatusCode::OK, &document)
}
