//! Actions: what can be done to a selection of rows, or to everything that matches.

use std::fmt;
use std::sync::Arc;

use futures_util::future::BoxFuture;
use serde_json::{Map, Value as Json};

use crate::context::Context;
use crate::error::Result;
use crate::model::ModelKey;
use crate::principal::{Principal, Verb};
use crate::query::Filter;
use crate::site::Resource;
use crate::value::Raw;

/// The rows that an action is for: those of a model that a filter lets through, and that who asks may know of.
#[derive(Debug, Clone, PartialEq)]
pub struct Selection {
    /// The model.
    pub model: ModelKey,
    /// Which rows, the site's row restriction included.
    pub filter: Filter,
    /// The keys as they were sent, those of no row among them; none where everything that matches was meant.
    pub keys: Vec<Raw>,
    /// What else was sent with the action, unjudged, where the contract lets people send anything.
    pub params: Map<String, Json>,
}

impl Selection {
    /// The rows of a model that a filter lets through.
    #[must_use]
    pub fn of(model: ModelKey, filter: Filter) -> Selection {
        Selection { model, filter, keys: Vec::new(), params: Map::new() }
    }

    /// A smaller selection.
    #[must_use]
    pub fn filter(&self, filter: Filter) -> Selection {
        Selection { filter: self.filter.clone().and(filter), ..self.clone() }
    }
}

/// What an action has to say.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    /// Nothing of its own: the contract says how many rows there were.
    Done,
    /// A message; `{{ count }}` in it is the number of rows.
    Message(String),
    /// A whole answer.
    Data(serde_json::Value),
    /// Messages for who asked.
    Said(Vec<Message>),
    /// Another page to go to, with messages for who asked.
    Redirect {
        /// Its address.
        to: String,
        /// The messages.
        messages: Vec<Message>,
    },
}

/// Something said to who asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// How it is meant.
    pub level: Level,
    /// The words.
    pub text: String,
}

impl Message {
    /// Words with a meaning.
    #[must_use]
    pub fn new(level: Level, text: impl Into<String>) -> Message {
        Message { level, text: text.into() }
    }
}

/// How a message is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    /// For people who look for faults.
    Debug,
    /// Good to know.
    Info,
    /// It went well.
    Success,
    /// Something should be looked at.
    Warning,
    /// It did not go well.
    Error,
}

/// What an action is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// Any number of rows.
    Batch,
    /// Exactly one row.
    One,
}

/// The code of an action.
pub type Run = dyn for<'a> Fn(&'a mut Context, Selection) -> BoxFuture<'a, Result<Outcome>> + Send + Sync;

/// What can be done to several rows at once.
#[derive(Clone)]
pub struct Action {
    /// Its name in addresses.
    pub name: String,
    /// Its name for people; empty: made from the name.
    pub title: String,
    /// Whether it should be asked about twice.
    pub destructive: bool,
    /// The verbs that somebody must have on the model.
    pub verbs: Vec<Verb>,
    /// Permissions beyond the verbs, as `shop.publish_product`.
    pub permissions: Vec<String>,
    /// Words of which one must be granted ([`crate::admin::ModelAdmin::grants`]); nothing is asked if there is none.
    pub any_of: Vec<String>,
    /// What it is for.
    pub target: Target,
    run: Arc<Run>,
}

impl Action {
    /// An action in code.
    pub fn batch<F>(name: &str, title: &str, run: F) -> Action
    where
        F: for<'a> Fn(&'a mut Context, Selection) -> BoxFuture<'a, Result<Outcome>> + Send + Sync + 'static,
    {
        Action {
            name: name.to_owned(),
            title: title.to_owned(),
            destructive: false,
            verbs: vec![Verb::Change],
            permissions: Vec::new(),
            any_of: Vec::new(),
            target: Target::Batch,
            run: Arc::new(run),
        }
    }

    /// Says that it is for exactly one row.
    #[must_use]
    pub fn of_one(mut self) -> Action {
        self.target = Target::One;
        self
    }

    /// Says that everybody sees it, whatever the verbs they have.
    #[must_use]
    pub fn for_everybody(mut self) -> Action {
        self.verbs.clear();
        self
    }

    /// Says that who has one of these words sees it, whatever the verbs they have.
    #[must_use]
    pub fn for_any(mut self, words: &[&str]) -> Action {
        self.any_of = words.iter().map(|&word| word.to_owned()).collect();
        self.for_everybody()
    }

    /// Marks it as one to be asked about twice.
    #[must_use]
    pub fn destructive(mut self) -> Action {
        self.destructive = true;
        self
    }

    /// Its name for people: the declared one, or the name in words.
    #[must_use]
    pub fn label(&self) -> String {
        if !self.title.is_empty() {
            return self.title.clone();
        }
        let words = self.name.replace('_', " ").trim().to_lowercase();
        let mut letters = words.chars();
        letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
    }

    /// Whether somebody may run it on a model at all. A read-only model does not stop its actions.
    #[must_use]
    pub fn is_for(&self, who: &Principal, resource: &Resource) -> bool {
        self.verbs.iter().all(|&verb| resource.admin.allows(who, verb, resource, None))
            && self.permissions.iter().all(|permission| who.has(permission))
            && (self.any_of.is_empty() || self.any_of.iter().any(|word| resource.admin.grants(who, word, resource)))
    }

    pub(crate) fn run<'a>(&self, cx: &'a mut Context, rows: Selection) -> BoxFuture<'a, Result<Outcome>> {
        (self.run)(cx, rows)
    }
}

impl fmt::Debug for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Action").field("name", &self.name).finish_non_exhaustive()
    }
}
