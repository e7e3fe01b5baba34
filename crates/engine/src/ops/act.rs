//! Running an action on a selection, and keeping a record of it.

use serde_json::{Map, Value as Json};

use crate::admin::{Action, Outcome, Selection, Target};
use crate::audit::{Deed, Entry, record};
use crate::context::Context;
use crate::error::{Error, Missing, Result};
use crate::model::ModelKey;
use crate::principal::Verb;
use crate::query::{Filter, Op, Search, Term, field, plan};
use crate::site::{Resource, Site};
use crate::value::Raw;

/// Which rows are meant: of an action, or of an export.
#[derive(Debug, Clone, PartialEq)]
pub enum Which {
    /// Those with these keys; keys that no row has are left out.
    Keys(Vec<Raw>),
    /// Everything that a list would show.
    Matching {
        /// The list's filter.
        filter: Filter,
        /// The list's search.
        search: Option<Search>,
    },
}

/// What an action did.
#[derive(Debug, Clone, PartialEq)]
pub struct Acted {
    /// How many rows were selected before it ran.
    pub rows: u64,
    /// What it has to say.
    pub outcome: Outcome,
}

/// Runs an action. A model that is only read has actions too.
///
/// # Errors
/// [`Error::NotFound`] for an unknown model or action, and for the row that an action of one row does not find;
/// [`Error::TooMany`] for more than one such row; [`Error::Forbidden`], [`Error::BadQuery`], and whatever the action
/// says.
pub async fn act(cx: &mut Context, model: &ModelKey, name: &str, which: Which) -> Result<Acted> {
    act_with(cx, model, name, which, Map::new()).await
}

/// The same, with what else was sent.
///
/// # Errors
/// As [`act`].
pub async fn act_with(
    cx: &mut Context,
    model: &ModelKey,
    name: &str,
    which: Which,
    params: Map<String, Json>,
) -> Result<Acted> {
    let site = cx.site().clone();
    let resource = site.resource(model)?;
    let action = ask(cx, resource, name)?;
    let keys = if let Which::Keys(keys) = &which { keys.clone() } else { Vec::new() };
    let filter = resource.admin.rows(cx.who()).and(selected(&site, resource, which)?);
    let selection = Selection { model: model.clone(), filter, keys, params };
    let rows = selection.count(cx).await?;
    if action.target == Target::One {
        match rows {
            0 => return Err(Error::NotFound(Missing::Row)),
            1 => {}
            _ => return Err(Error::TooMany { most: 1 }),
        }
    }
    cx.act(true);
    let outcome = action.run(cx, selection).await;
    cx.act(false);
    let outcome = outcome?;
    let deed = Deed::Ran { action: name.to_owned(), rows };
    let entry = Entry { model: model.clone(), key: None, label: format!("{rows} rows"), deed, within: None };
    record(cx, &[entry]).await?;
    Ok(Acted { rows, outcome })
}

/// The action of this name, if who asks may run it. An action that is not there is only missing for those who may
/// change rows.
fn ask<'r>(cx: &Context, resource: &'r Resource, name: &str) -> Result<&'r Action> {
    let Some(action) = resource.action(name) else {
        let may = resource.admin.allows(cx.who(), Verb::Change, resource, None);
        return Err(if may { Error::NotFound(Missing::Action) } else { forbidden(resource, Verb::Change) });
    };
    if action.is_for(cx.who(), resource) {
        return Ok(action);
    }
    Err(forbidden(resource, action.verbs.first().copied().unwrap_or(Verb::Change)))
}

fn forbidden(resource: &Resource, verb: Verb) -> Error {
    Error::Forbidden { verb, model: resource.model.key.clone() }
}

/// The filter of the rows that are meant; whether who asks may know of them is not looked at.
pub(super) fn selected(site: &Site, resource: &Resource, which: Which) -> Result<Filter> {
    match which {
        Which::Keys(raws) => {
            // A key that cannot be read is one that no row has.
            let keys = raws.iter().filter_map(|raw| plan::key(site, &resource.model, raw)).collect();
            Ok(field("pk").test(Op::In, Term::Values(keys)))
        }
        Which::Matching { filter, search } => Ok(match search {
            Some(search) => filter.and(Filter::Search(search)),
            None => filter,
        }),
    }
}
