//! The keys of many-to-many relations: one select for all rows of a page, in the related model's order.

use crate::model::{Field, FieldKind, Model};
use crate::store::statement::{Arg, Cond, Expr, Select};
use crate::value::Value;

use super::tables::Tables;
use super::{Ground, order, output};

const JOIN_TABLE: &str = "m";

/// The select of pairs (key of a row, key of a related row) of a many-to-many field, for rows with these keys.
/// `None` if the related model is not known.
pub(crate) fn pairs(ground: &Ground<'_>, model: &Model, field: &Field, keys: &[Value]) -> Option<Select> {
    let FieldKind::Many { to, through } = &field.kind else { return None };
    let to = ground.schema().model(to)?;
    let near_cell = ground.cell(model.key_field());
    let keys = keys.iter().map(|key| Arg { value: key.clone(), cell: near_cell }).collect();
    let mut tables = Tables::new(JOIN_TABLE);
    let sorts = if to.ordering.is_empty() {
        vec![crate::store::statement::Sort { expr: Expr::column(JOIN_TABLE, &through.far), descending: false }]
    } else {
        let target = tables.join(JOIN_TABLE, &through.far, &to.table, &to.key_field().column);
        order::default_sorts(ground, &mut tables, to, &target)
    };
    Some(Select {
        joins: tables.joins,
        outputs: vec![
            output(JOIN_TABLE, &through.near, near_cell),
            output(JOIN_TABLE, &through.far, ground.cell(to.key_field())),
        ],
        filter: Cond::In(Expr::column(JOIN_TABLE, &through.near), keys),
        order: sorts,
        ..Select::from(&through.table, JOIN_TABLE)
    })
}
