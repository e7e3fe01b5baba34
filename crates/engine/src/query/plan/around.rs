//! What stands around a page of rows: the rows that a relation may be filtered by, and numbers of rows that point to a
//! page's rows.

use std::sync::Arc;

use super::tables::Tables;
use super::{BadQuery, Ground, Planned, ROOT, filter, order, output, outputs};
use crate::model::{FieldKind, Model};
use crate::query::Filter;
use crate::query::path::{self, Counted};
use crate::site::{Resource, Site};
use crate::store::Statement;
use crate::store::statement::{Arg, Cell, Cond, Expr, Output, Select};
use crate::value::Value;

/// The alias of a table in the select of a few of its keys.
const FEW: &str = "f";

/// Plans the question for rows to choose from, whoever asks, in their model's own order: keys and labels only. Where
/// there are more than `most`, any of them come: a large table is never sorted only to find that it is too large.
pub(crate) fn choices(site: &Site, resource: &Resource, choice: &Filter, most: u64) -> Result<Planned, BadQuery> {
    let ground = Ground::new(site);
    let model = &resource.model;
    let key = &model.key_field().column;
    let mut few = Tables::new(FEW);
    let cond = filter::cond(&ground, &mut few, model, FEW, choice, false)?;
    let few = Select {
        joins: few.joins,
        outputs: vec![output(FEW, key, Cell::Any)],
        filter: cond,
        limit: Some(most.saturating_add(1)),
        ..Select::from(&model.table, FEW)
    };
    let mut tables = Tables::new(ROOT);
    let filter = Cond::InSelect(Expr::column(ROOT, key), Box::new(few));
    let filtering = 0;
    let order = order::sorts(&ground, &mut tables, model, &model.ordering, false)?;
    let mut plan = outputs(&ground, tables, model, Some(&[]), Some((&|_| false, &[])));
    (plan.select.filter, plan.select.order, plan.filtering) = (filter, order, filtering);
    Ok(plan)
}

/// The question how many rows point to each of a page's rows.
#[derive(Debug)]
pub(crate) struct Tally {
    /// The field of the page's rows that is pointed to.
    pub(crate) of: usize,
    table: String,
    column: String,
    cell: Cell,
}

impl Tally {
    /// The rows of a model that point to rows of `model` with a field. `None` for a field that does not.
    pub(crate) fn of(site: &Site, model: &Model, by: &Model, field: &str) -> Option<Tally> {
        let field = by.field(field)?;
        let (table, column, pointed) = match &field.kind {
            FieldKind::One { to, to_field, .. } if *to == model.key => {
                let pointed = to_field.as_deref().unwrap_or(&model.primary_key);
                (by.table.clone(), field.column.clone(), pointed)
            }
            FieldKind::Many { to, through } if *to == model.key => {
                (through.table.clone(), through.far.clone(), model.primary_key.as_str())
            }
            _ => return None,
        };
        let of = model.fields.iter().position(|known| known.name == pointed)?;
        Some(Tally { of, table, column, cell: Ground::new(site).cell(&model.fields[of]) })
    }

    /// The rows that one step leads to from a row of a model, as [`path::counted`] finds them.
    pub(crate) fn along(site: &Site, model: &Arc<Model>, path: &str) -> Option<Tally> {
        let Counted { table, column, of } = path::counted(site.schema(), model, path)?;
        Some(Tally { of, table, column, cell: Ground::new(site).cell(&model.fields[of]) })
    }

    /// The question for rows with these values.
    pub(crate) fn ask(&self, values: &[Value]) -> Statement {
        let column = Expr::column(ROOT, &self.column);
        let args = values.iter().map(|value| Arg { value: value.clone(), cell: self.cell }).collect();
        Statement::Select(Select {
            outputs: vec![
                Output { expr: column.clone(), cell: self.cell },
                Output { expr: Expr::CountAll, cell: Cell::Int },
            ],
            filter: Cond::In(column.clone(), args),
            group: vec![column],
            ..Select::from(&self.table, ROOT)
        })
    }
}
