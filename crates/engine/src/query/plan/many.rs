//! The keys of many-to-many relations: one select for all rows of a page, in the related model's order.

use crate::model::{FieldKind, Model};
use crate::store::statement::{Arg, Cond, Expr, Select, Sort};
use crate::store::{Cell, Statement};
use crate::value::Value;

use super::tables::Tables;
use super::{Ground, order, output};

const JOIN_TABLE: &str = "m";

/// The question for the pairs (key of a row, key of a related row) of a many-to-many field, of no rows yet.
pub(crate) struct Pairs {
    /// The field.
    pub(crate) field: usize,
    select: Select,
    near: Expr,
    cell: Cell,
}

impl Pairs {
    /// The question for a field; `None` if the related model is not known.
    pub(super) fn new(ground: &Ground<'_>, model: &Model, at: usize) -> Option<Pairs> {
        let FieldKind::Many { to, through } = &model.fields[at].kind else { return None };
        let to = ground.schema().model(to)?;
        let near_cell = ground.cell(model.key_field());
        let mut tables = Tables::new(JOIN_TABLE);
        let order = if to.ordering.is_empty() {
            vec![Sort { expr: Expr::column(JOIN_TABLE, &through.far), descending: false, nulls_least: false }]
        } else {
            let target = tables.join(JOIN_TABLE, &through.far, &to.table, &to.key_field().column);
            order::default_sorts(ground, &mut tables, to, &target)
        };
        let outputs = vec![
            output(JOIN_TABLE, &through.near, near_cell),
            output(JOIN_TABLE, &through.far, ground.cell(to.key_field())),
        ];
        let select = Select { joins: tables.joins, outputs, order, ..Select::from(&through.table, JOIN_TABLE) };
        Some(Pairs { field: at, select, near: Expr::column(JOIN_TABLE, &through.near), cell: near_cell })
    }

    /// The question for rows with these keys.
    pub(crate) fn of(self, keys: &[Value]) -> Statement {
        let keys = keys.iter().map(|key| Arg { value: key.clone(), cell: self.cell }).collect();
        Statement::Select(Select { filter: Cond::In(self.near, keys), ..self.select })
    }
}
