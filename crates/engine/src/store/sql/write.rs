//! New rows, changes, removals.

use sea_query::{DeleteStatement, Expr, InsertStatement, OnConflict, UpdateStatement};

use super::Printer;
use crate::store::statement::{Delete, Insert, Select, Update};

impl Printer {
    pub(super) fn insert(&mut self, insert: &Insert) -> InsertStatement {
        let mut built = InsertStatement::new();
        built.into_table(insert.table.clone());
        if insert.values.is_empty() && insert.asked.is_empty() {
            built.or_default_values();
        } else {
            let asked = insert.asked.iter().map(|(column, _)| column);
            built.columns(insert.values.iter().map(|(column, _)| column).chain(asked).cloned());
            let mut values: Vec<_> = insert.values.iter().map(|(_, arg)| self.bind(arg.clone())).collect();
            values.extend(insert.asked.iter().map(|(_, select)| self.answer(select)));
            built.values(values).expect("there are as many values as columns");
        }
        if insert.or_ignore {
            built.on_conflict(OnConflict::new().do_nothing().to_owned());
        }
        if let Some((column, _)) = &insert.returning {
            built.returning_col(column.clone());
        }
        built
    }

    /// The only value that a select gives.
    fn answer(&mut self, select: &Select) -> Expr {
        Expr::SubQuery(None, Box::new(self.select(select).into()))
    }

    pub(super) fn update(&mut self, update: &Update) -> UpdateStatement {
        let mut built = UpdateStatement::new();
        built.table(update.table.clone());
        for (column, expr) in &update.set {
            built.value(column.clone(), self.expr(expr));
        }
        let condition = self.condition(&update.filter);
        if !condition.is_empty() {
            built.cond_where(condition);
        }
        built
    }

    pub(super) fn delete(&mut self, delete: &Delete) -> DeleteStatement {
        let mut built = DeleteStatement::new();
        built.from_table(delete.table.clone());
        let condition = self.condition(&delete.filter);
        if !condition.is_empty() {
            built.cond_where(condition);
        }
        built
    }
}
