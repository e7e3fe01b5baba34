//! Columns, arguments and what is computed from them.

use sea_query::{Asterisk, Expr as Built, ExprTrait, Func};

use super::Printer;
use crate::store::Dialect;
use crate::store::statement::{ColumnRef, Expr};

impl Printer {
    pub(super) fn expr(&mut self, expr: &Expr) -> Built {
        match expr {
            Expr::Column(column) => column_of(column),
            Expr::Arg(arg) => self.bind(arg.clone()),
            Expr::Add(first, second) => {
                let first = self.expr(first);
                first.add(self.expr(second))
            }
            Expr::Text(inner) => self.expr(inner).cast_as("text"),
            Expr::CountAll => Func::count(Built::col(Asterisk)).into(),
            Expr::DayOf(inner, seconds) => {
                let inner = self.expr(inner);
                self.day(inner, *seconds)
            }
            Expr::Sum(inner) => Func::sum(self.expr(inner)).into(),
            Expr::Min(inner) => Func::min(self.expr(inner)).into(),
            Expr::Max(inner) => Func::max(self.expr(inner)).into(),
        }
    }

    /// The day of an instant. The shift is part of the text and no argument: PostgreSQL compares what is grouped with
    /// what is given by their text, and there are as many shifts as time zones.
    fn day(&self, instant: Built, seconds: i32) -> Built {
        match (self.dialect, seconds) {
            (Dialect::Sqlite, 0) => Func::cust("date").arg(instant).into(),
            (Dialect::Sqlite, _) => {
                Func::cust("date").arg(instant).arg(Built::cust(format!("'{seconds:+} seconds'"))).into()
            }
            (Dialect::Postgres, 0) => instant.cast_as("date"),
            (Dialect::Postgres, _) => instant.add(Built::cust(format!("INTERVAL '{seconds} seconds'"))).cast_as("date"),
        }
    }
}

/// A column with its table's alias, if it has one.
pub(super) fn column_of(column: &ColumnRef) -> Built {
    if column.table.is_empty() {
        Built::col(column.column.clone())
    } else {
        Built::col((column.table.clone(), column.column.clone()))
    }
}
