//! What an action can do with its selection, whatever its size: count, change, read.

use crate::admin::Selection;
use crate::context::Context;
use crate::error::{Error, Result};
use crate::model::Row;
use crate::query::plan::{self, Ground};
use crate::store::Statement;
use crate::store::statement::{Arg, Expr, Select, Update};
use crate::value::Value;

/// How a field is changed.
#[derive(Debug, Clone, PartialEq)]
pub enum Set {
    /// To a value.
    To(Value),
    /// By adding a number.
    Plus(Value),
}

impl Selection {
    /// How many rows are selected.
    ///
    /// # Errors
    /// [`Error::BadQuery`], and what the database says.
    pub async fn count(&self, cx: &mut Context) -> Result<u64> {
        let site = cx.site().clone();
        let model = &site.resource(&self.model)?.model;
        let select = Select::from(&model.table, "t");
        let filter = plan::condition(&site, model, &self.filter, "t")?;
        super::list::number(&cx.run_one(Statement::Count(Select { filter, ..select })).await?)
    }

    /// Changes all selected rows alike in one statement, without forms, checks or stamps. Gives how many there were.
    ///
    /// # Errors
    /// [`Error::Internal`] for a field that is no column, [`Error::BadQuery`], and what the database says.
    pub async fn update(&self, cx: &mut Context, changes: &[(&str, Set)]) -> Result<u64> {
        let site = cx.site().clone();
        let model = &site.resource(&self.model)?.model;
        let ground = Ground::new(&site);
        let mut set = Vec::with_capacity(changes.len());
        for (name, change) in changes {
            let field = model.field(name).filter(|field| field.is_column());
            let field = field.ok_or_else(|| Error::internal(format!("{}.{name} is no column", self.model)))?;
            let cell = ground.cell(field);
            let expr = match change {
                Set::To(value) => Expr::Arg(Arg { value: value.clone(), cell }),
                Set::Plus(value) => {
                    let sum = Expr::Arg(Arg { value: value.clone(), cell });
                    Expr::Add(Box::new(Expr::column("", &field.column)), Box::new(sum))
                }
            };
            set.push((field.column.clone(), expr));
        }
        let filter = plan::condition(&site, model, &self.filter, "")?;
        let update = Update { table: model.table.clone(), set, filter };
        Ok(cx.run_one(Statement::Update(update)).await?.touched)
    }

    /// The selected rows, complete.
    ///
    /// # Errors
    /// [`Error::BadQuery`], and what the database says.
    pub async fn rows(&self, cx: &mut Context) -> Result<Vec<Row>> {
        let site = cx.site().clone();
        let model = &site.resource(&self.model)?.model;
        super::fetch_any(cx, model, &self.filter, false).await
    }
}
