//! Running an action on a selection, and keeping a record of it.

use crate::admin::{Action, Outcome, Selection};
use crate::audit::{Deed, Entry, record};
use crate::context::Context;
use crate::error::{Error, Missing, Result};
use crate::model::ModelKey;
use crate::principal::Verb;
use crate::query::{Filter, Op, Search, Term, field, plan};
use crate::site::{Resource, Site};
use crate::value::Raw;

/// Which rows an action is for.
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
/// [`Error::NotFound`] for an unknown model or action, [`Error::Forbidden`], [`Error::BadQuery`], and whatever the
/// action says.
pub async fn act(cx: &mut Context, model: &ModelKey, name: &str, which: Which) -> Result<Acted> {
    let site = cx.site().clone();
    let resource = site.resource(model)?;
    let action = resource.action(name).ok_or(Error::NotFound(Missing::Action))?;
    ask(cx, resource, action)?;
    let filter = resource.admin.rows(cx.who()).and(selected(&site, resource, which)?);
    let selection = Selection { model: model.clone(), filter };
    let rows = selection.count(cx).await?;
    let outcome = action.run(cx, selection).await?;
    let deed = Deed::Ran { action: name.to_owned(), rows };
    let entry = Entry { model: model.clone(), key: None, label: format!("{rows} rows"), deed };
    record(cx, &[entry]).await?;
    Ok(Acted { rows, outcome })
}

/// Whether who asks may run an action: its verbs, whether or not rows can be written otherwise, and its permissions.
fn ask(cx: &Context, resource: &Resource, action: &Action) -> Result<()> {
    let may = |verb: Verb| resource.admin.allows(cx.who(), verb, resource, None);
    let model = resource.model.key.clone();
    if let Some(&verb) = action.verbs.iter().find(|&&verb| !may(verb)) {
        return Err(Error::Forbidden { verb, model });
    }
    if action.permissions.iter().all(|permission| cx.who().has(permission)) {
        return Ok(());
    }
    let verb = action.verbs.first().copied().unwrap_or(Verb::Change);
    Err(Error::Forbidden { verb, model })
}

fn selected(site: &Site, resource: &Resource, which: Which) -> Result<Filter> {
    match which {
        Which::Keys(raws) => {
            let keys = plan::keys(site, &resource.model, &raws)?;
            Ok(field("pk").test(Op::In, Term::Values(keys)))
        }
        Which::Matching { filter, search } => Ok(match search {
            Some(search) => filter.and(Filter::Search(search)),
            None => filter,
        }),
    }
}
