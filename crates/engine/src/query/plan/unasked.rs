//! A row that was just written, with its names: the question is made before its key is known, and whoever asks.

use super::many::Pairs;
use super::tables::Tables;
use super::{Ground, Planned, ROOT, Shown, outputs};
use crate::model::Field;
use crate::site::{Resource, Site};
use crate::store::Statement;
use crate::store::statement::{Cell, Cond, Expr, Select};
use crate::value::Value;

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
