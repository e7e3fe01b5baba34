//! A filtered page on a database without statistics: find the rows and sort them, or walk through their order and skip
//! the others? Whatever passes fewer rows.

use super::{Planned, ROOT};
use crate::model::Model;
use crate::store::statement::{Cell, Cond, Expr, Output, Select, Sort};
use crate::store::{Answer, Statement};
use crate::value::Value;

/// So many rows are sorted at once.
const FEW_TO_SORT: u64 = 1_000;

impl Planned {
    /// The question for the greatest key, which bounds how many rows the table has: asked where rows can be found by
    /// their filter and then sorted, or in their order and then filtered, and the database does not know what is less.
    pub(crate) fn extent(&self) -> Option<Statement> {
        let key = Expr::column(ROOT, &self.model.key_field().column);
        let output = Output { expr: Expr::Max(Box::new(key)), cell: Cell::Int };
        let select = Select { outputs: vec![output], ..Select::from(&self.select.table, &self.select.alias) };
        self.walks.then_some(Statement::Select(select))
    }

    /// Walks through the order where that passes fewer rows than would have to be sorted.
    pub(crate) fn settle(&mut self, total: u64, extent: &Answer) {
        let extent = extent.rows.first().and_then(|row| row.first()).and_then(Value::as_int).unwrap_or(i64::MAX);
        let end = self.window.limit.map_or(u64::MAX, |limit| limit.saturating_add(self.window.offset));
        let passed = u128::from(end) * u128::from(extent.unsigned_abs()) / u128::from(total.max(1));
        if total > FEW_TO_SORT && passed < u128::from(total) {
            let filter = std::mem::replace(&mut self.select.filter, Cond::True);
            self.select.filter = likely(filter);
        }
    }
}

/// The same condition, said to leave most rows.
fn likely(cond: Cond) -> Cond {
    match cond {
        Cond::And(all) => Cond::And(all.into_iter().map(likely).collect()),
        Cond::Compare(..) | Cond::In(..) | Cond::Null(_) | Cond::Like { .. } => Cond::Likely(Box::new(cond)),
        cond => cond,
    }
}

/// Whether an index is known that has an order, but for what follows the key: the columns sorted by, all in one
/// direction.
pub(super) fn has_order(model: &Model, order: &[Sort]) -> bool {
    let is = |sort: &Sort, column: &str| sort.expr == Expr::column(ROOT, column);
    let by_key = order.iter().position(|sort| is(sort, &model.key_field().column));
    let before = &order[..by_key.unwrap_or(order.len())];
    let one_way = before.windows(2).all(|pair| pair[0].descending == pair[1].descending);
    let has = |index: &Vec<String>| {
        before.len() <= index.len() && before.iter().zip(index).all(|(sort, column)| is(sort, column))
    };
    one_way && model.indexes.iter().any(has)
}
