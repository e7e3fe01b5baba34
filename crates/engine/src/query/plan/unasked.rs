//! Questions that the engine has by itself, whoever asks: about rows that a filter lets through, and about one row that was
//! just written, which is made before its key is known.

use std::sync::Arc;

use super::many::Pairs;
use super::tables::Tables;
use super::{Ground, Planned, ROOT, Shown, filter, order, outputs};
use crate::model::{Field, Model};
use crate::query::{BadQuery, Filter, Query};
use crate::site::{Resource, Site};
use crate::store::Statement;
use crate::store::statement::{Cell, Cond, Expr, Select};
use crate::value::Value;

/// Plans a question about all rows of a model that a filter lets through.
pub(crate) fn plan_any(site: &Site, model: &Arc<Model>, filter: &Filter) -> Result<Planned, BadQuery> {
    plan_own(site, model, &Query { filter: filter.clone(), ..Query::all(model.key.clone()) })
}

/// Plans a question about the rows of a model.
pub(crate) fn plan_own(site: &Site, model: &Arc<Model>, query: &Query) -> Result<Planned, BadQuery> {
    let ground = Ground::new(site);
    let mut tables = Tables::new(ROOT);
    let filter = filter::cond(&ground, &mut tables, model, ROOT, &query.filter, false)?;
    let filtering = tables.joins.len();
    let order = order::sorts(&ground, &mut tables, model, &query.order, false)?;
    let mut plan = outputs(&ground, tables, model, query.fields.as_deref(), None);
    (plan.select.filter, plan.select.order, plan.filtering) = (filter, order, filtering);
    plan.window = query.window;
    Ok(plan)
}

/// Plans a question for the keys of all rows of a model that a filter lets through, and how these rows are called.
pub(crate) fn plan_names(site: &Site, model: &Arc<Model>, filter: &Filter) -> Result<Planned, BadQuery> {
    let ground = Ground::new(site);
    let mut tables = Tables::new(ROOT);
    let filter = filter::cond(&ground, &mut tables, model, ROOT, filter, false)?;
    let filtering = tables.joins.len();
    let mut plan = outputs(&ground, tables, model, Some(&[]), Some((&|_| false, &[])));
    (plan.select.filter, plan.filtering) = (filter, filtering);
    Ok(plan)
}

/// The questions for one row, of no key yet.
pub(crate) struct OfKey {
    select: Select,
    pairs: Vec<Pairs>,
    key: Expr,
    cell: Cell,
}

impl OfKey {
    /// The question for the row of a key, then those for its many-to-many keys.
    pub(crate) fn statements(self, key: &Value) -> Vec<Statement> {
        let filter = Cond::is(self.key, key.clone(), self.cell);
        let row = Statement::Select(Select { filter, ..self.select });
        let keys = std::slice::from_ref(key);
        std::iter::once(row).chain(self.pairs.into_iter().map(|pairs| pairs.of(keys))).collect()
    }
}

impl Planned {
    /// The question for a row of a key alone, where the plan is one of [`plan_written`].
    pub(crate) fn of_key(&self, site: &Site) -> OfKey {
        let (ground, key) = (Ground::new(site), self.model.key_field());
        let expr = Expr::column(ROOT, &key.column);
        OfKey { select: self.select.clone(), pairs: self.pairs(site), key: expr, cell: ground.cell(key) }
    }
}

/// Plans a question about one row of a resource with its names. It may be one that who asks can no longer see.
pub(crate) fn plan_written(site: &Site, resource: &Resource) -> Planned {
    let shown = |field: &Field| !resource.hides(&field.name);
    outputs(&Ground::new(site), Tables::new(ROOT), &resource.model, None, Some((&shown as &Shown<'_>, &[])))
}
