//! Columns, arguments and what is computed from them.

use sea_query::{Asterisk, Expr as Built, ExprTrait, Func};

use super::Printer;
use super::fulltext::number_arg;
use crate::store::Dialect;
use crate::store::statement::{Cell, ColumnRef, Expr, Span};

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
            Expr::PartOf { of, cell, span, zone } => {
                let of = self.expr(of);
                self.part(of, *cell, *span, zone.as_deref())
            }
            Expr::AnyCase(inner) => {
                let inner = self.expr(inner);
                match self.dialect {
                    Dialect::Sqlite => Built::cust_with_expr("? COLLATE NOCASE", inner),
                    Dialect::Postgres => Func::lower(inner).into(),
                }
            }
            Expr::Sum(inner) => Func::sum(self.expr(inner)).into(),
            Expr::Min(inner) => Func::min(self.expr(inner)).into(),
            Expr::Max(inner) => Func::max(self.expr(inner)).into(),
            Expr::Times(inner, factor) => {
                let number = Func::coalesce([self.expr(inner), Built::cust("0")]);
                Built::from(number).mul(self.bind(number_arg(*factor)).cast_as("double precision"))
            }
            Expr::Bytewise(inner) => {
                let inner = self.expr(inner);
                match self.dialect {
                    Dialect::Sqlite => Built::cust_with_expr("? COLLATE BINARY", inner),
                    Dialect::Postgres => Built::cust_with_expr("$1 COLLATE \"C\"", inner),
                }
            }
            Expr::Rank(document, sought, weights) => self.rank(document, sought, *weights),
            Expr::Likeness(texts, text) => self.likeness(texts, text),
        }
    }

    /// A part of a day or an instant. The zone is part of the text, as the shift of [`Printer::day`] is.
    fn part(&self, of: Built, cell: Cell, span: Span, zone: Option<&str>) -> Built {
        let zone = zone.filter(|_| cell != Cell::Date).map(|name| Built::cust(format!("'{}'", name.replace('\'', ""))));
        match self.dialect {
            Dialect::Sqlite => {
                let local = match zone {
                    Some(zone) => Func::cust(super::LOCAL_DAY).arg(of).arg(zone).into(),
                    None => of,
                };
                let (from, count) = match span {
                    Span::Year => ("1", "4"),
                    Span::Month => ("6", "2"),
                    Span::Day => ("9", "2"),
                };
                let digits = Func::cust("substr").arg(local).arg(Built::cust(from)).arg(Built::cust(count));
                Built::from(digits).cast_as("integer")
            }
            Dialect::Postgres => {
                let in_zone = |zone: Built, of: Built| Built::from(Func::cust("timezone").arg(zone).arg(of));
                let local = match (cell, zone) {
                    (Cell::DateTime, zone) => in_zone(zone.unwrap_or_else(|| Built::cust("'UTC'")), of),
                    (Cell::DateTimePlain, Some(zone)) => in_zone(zone, in_zone(Built::cust("'UTC'"), of)),
                    _ => of,
                };
                let word = match span {
                    Span::Year => "'year'",
                    Span::Month => "'month'",
                    Span::Day => "'day'",
                };
                Built::from(Func::cust("date_part").arg(Built::cust(word)).arg(local)).cast_as("bigint")
            }
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
