//! Deleting: a plan of what goes, what stays changed and what refuses; then the plan carried out, and nothing else.

use std::sync::Arc;

use indexmap::IndexMap;

use super::collect::{self, Cleared, Part};
use super::{fetch, find, labelled, rows};
use crate::admin::Event;
use crate::audit::{self, Deed, Entry};
use crate::context::Context;
use crate::error::{Error, Result};
use crate::model::{Model, ModelKey, Row};
use crate::permit;
use crate::principal::Verb;
use crate::query::Filter;
use crate::site::Resource;
use crate::store::statement::{Expr, Statement};
use crate::value::{Raw, Value};

/// What a delete would do, found out and not yet done.
#[derive(Debug)]
pub struct DeletePlan {
    model: ModelKey,
    asked: usize,
    going: IndexMap<ModelKey, Part>,
    cleared: Vec<Cleared>,
    refusing: IndexMap<ModelKey, Part>,
    forbidden: Vec<ModelKey>,
    needed: Vec<ModelKey>,
}

impl DeletePlan {
    /// The model of the rows that were asked for.
    #[must_use]
    pub fn model(&self) -> &ModelKey {
        &self.model
    }

    /// The rows that were asked for, visible to who asks.
    #[must_use]
    pub fn asked(&self) -> &[Row] {
        self.going.get(&self.model).map_or(&[], |part| &part.rows()[..self.asked])
    }

    /// The rows that would go, model by model as first met; those asked for are the first.
    pub fn going(&self) -> impl Iterator<Item = &Part> {
        self.going.values()
    }

    /// The rows that refuse, model by model as first met.
    pub fn protecting(&self) -> impl Iterator<Item = &Part> {
        self.refusing.values()
    }

    /// The models of rows that would go and that who asks may not delete.
    #[must_use]
    pub fn forbidden(&self) -> &[ModelKey] {
        &self.forbidden
    }

    /// The models of rows that would go or that refuse, and that who asks may not delete: what somebody would have to be
    /// granted before all of them could go.
    #[must_use]
    pub fn needed(&self) -> &[ModelKey] {
        &self.needed
    }

    /// Whether it can be carried out.
    ///
    /// # Errors
    /// [`Error::Forbidden`] when rows would go that who asks may not delete, [`Error::Protected`] when rows refuse.
    pub fn verdict(&self) -> Result<()> {
        if let Some(model) = self.forbidden.first() {
            return Err(Error::Forbidden { verb: Verb::Delete, model: model.clone() });
        }
        if self.refusing.is_empty() {
            return Ok(());
        }
        Err(Error::Protected {
            by: self.refusing.values().map(|part| (part.model().key.clone(), part.count())).collect(),
        })
    }

    /// The parts in an order in which no row goes before those that point to it, as far as there is one.
    fn children_first(&self) -> Vec<&Part> {
        let mut waiting: Vec<&Part> = self.going.values().collect();
        let mut order = Vec::with_capacity(waiting.len());
        while !waiting.is_empty() {
            let free = |part: &&Part| !waiting.iter().any(|other| points_to(other.model(), part.model()));
            let next = waiting.iter().rposition(free).unwrap_or(waiting.len() - 1);
            order.push(waiting.remove(next));
        }
        order
    }
}

/// Whether a model has a foreign key to another; to itself does not count.
fn points_to(model: &Model, other: &Model) -> bool {
    model.key != other.key && model.columns().any(|field| field.target() == Some(&other.key))
}

/// Deletes one row with all that goes with it.
///
/// # Errors
/// [`Error::NotFound`] for a row that is not there or not to be seen, [`Error::Forbidden`], [`Error::Protected`].
pub async fn delete(cx: &mut Context, model: &ModelKey, key: &Raw) -> Result<()> {
    delete_one(cx, model, key).await.map(drop)
}

/// Deletes one row; gives its key.
pub(super) async fn delete_one(cx: &mut Context, model: &ModelKey, key: &Raw) -> Result<Value> {
    let site = cx.site().clone();
    let resource = site.resource(model)?;
    permit::ask(cx, resource, Verb::Delete, None)?;
    let row = find::one(cx, resource, key).await?;
    permit::ask(cx, resource, Verb::Delete, Some(&row))?;
    let key = row.key().clone();
    let plan = plan_rows(cx, resource, vec![row]).await?;
    carry_out(cx, plan).await?;
    Ok(key)
}

/// What deleting the rows that a filter lets through would do. Rows that who asks may not know of are not among them.
///
/// # Errors
/// [`Error::Forbidden`] when no row of the model may be deleted. What else stands in the way is in the plan.
pub async fn plan_delete(cx: &mut Context, model: &ModelKey, filter: Filter) -> Result<DeletePlan> {
    let site = cx.site().clone();
    let resource = site.resource(model)?;
    permit::ask(cx, resource, Verb::Delete, None)?;
    let lock = cx.writes();
    let rows = fetch(cx, resource, filter, lock).await?;
    plan_rows(cx, resource, rows).await
}

/// What deleting these rows would do, whoever may see them. What stands in the way is in the plan.
///
/// # Errors
/// What the database says.
pub async fn plan_rows(cx: &mut Context, resource: &Resource, rows: Vec<Row>) -> Result<DeletePlan> {
    let asked = rows.len();
    let found = collect::collect(cx, &resource.model, rows).await?;
    let kept_back = |parts: &IndexMap<ModelKey, Part>| -> Vec<ModelKey> {
        parts.values().filter(|part| !may_go(cx, resource, part)).map(|part| part.model().key.clone()).collect()
    };
    let (forbidden, refusing) = (kept_back(&found.going), kept_back(&found.refusing));
    let mut needed = forbidden.clone();
    needed.extend(refusing.into_iter().filter(|model| !forbidden.contains(model)));
    Ok(DeletePlan {
        model: resource.model.key.clone(),
        asked,
        going: found.going,
        cleared: found.cleared,
        refusing: found.refusing,
        forbidden,
        needed,
    })
}

/// Whether who asks may delete every row of a part. Models that are not registered ask nobody; that of the rows that
/// were asked for is the one at hand, which may be an inline's.
fn may_go(cx: &Context, asked: &Resource, part: &Part) -> bool {
    let registered = || cx.site().resource(&part.model().key);
    let resource = if part.model().key == asked.model.key { Ok(asked) } else { registered() };
    let Ok(resource) = resource else { return true };
    part.rows().iter().all(|row| permit::allows(cx, resource, Verb::Delete, Some(row)))
}

/// Does what a plan says, and gives the number of rows asked for. Each of them gets an audit record.
///
/// # Errors
/// Those of [`DeletePlan::verdict`], and what the database says.
pub async fn carry_out(cx: &mut Context, plan: DeletePlan) -> Result<u64> {
    plan.verdict()?;
    let site = cx.site().clone();
    let resource = site.resource(&plan.model)?;
    let records = labelled(cx, resource, plan.asked().to_vec()).await?;
    let entries: Vec<Entry> = records
        .into_iter()
        .map(|record| Entry {
            model: plan.model.clone(),
            key: Some(record.row.key().clone()),
            label: record.label,
            deed: Deed::Deleted,
            within: None,
        })
        .collect();
    execute(cx, resource, plan, &entries).await
}

/// Does what a plan says with these audit records.
pub(super) async fn execute(cx: &mut Context, resource: &Resource, plan: DeletePlan, entries: &[Entry]) -> Result<u64> {
    plan.verdict()?;
    let batch = statements(cx, &plan);
    if !batch.is_empty() {
        cx.run(batch).await?;
    }
    audit::record(cx, entries).await?;
    for row in plan.asked() {
        resource.admin.after(cx, row, Event::Deleted).await?;
    }
    Ok(plan.asked as u64)
}

/// First the rows that stay let go, then the others go, children before parents.
fn statements(cx: &Context, plan: &DeletePlan) -> Vec<Statement> {
    let mut batch = Vec::new();
    for cleared in &plan.cleared {
        let field = &cleared.model.fields[cleared.field];
        let set = [(field.column.clone(), Expr::Arg(rows::arg(cx, field, cleared.to.clone())))];
        batch.extend(rows::update(cx, &cleared.model, &set, field, &cleared.pointed));
    }
    for part in plan.children_first() {
        batch.extend(if part.model().auto_made { ends(cx, plan, part.model()) } else { own(cx, part) });
    }
    batch
}

/// The rows of a model go by their keys, the last met first: those are the farthest from the rows asked for.
fn own(cx: &Context, part: &Part) -> Vec<Statement> {
    let keys: Vec<Value> = part.rows().iter().rev().map(|row| row.key().clone()).collect();
    rows::delete(cx, part.model(), part.model().key_field(), &keys)
}

/// The rows of a many-to-many's own table go with either end.
fn ends(cx: &Context, plan: &DeletePlan, join: &Arc<Model>) -> Vec<Statement> {
    let mut batch = Vec::new();
    for field in join.columns() {
        if let Some(part) = field.target().and_then(|target| plan.going.get(target)) {
            let keys: Vec<Value> = part.rows().iter().map(|row| row.key().clone()).collect();
            batch.extend(rows::delete(cx, join, field, &keys));
        }
    }
    batch
}
