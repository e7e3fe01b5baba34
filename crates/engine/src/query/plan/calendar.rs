//! How many rows fall into each year, month or day: grouped by the database, or counted one after the other where an
//! index has the rows of each side by side.

use jiff::ToSpan;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::tables::Tables;
use super::{BadQuery, Ground, ROOT, filter};
use crate::model::{Field, FieldKind, Model};
use crate::principal::Principal;
use crate::query::{Filter, Op, Query};
use crate::site::{Resource, Site};
use crate::store::Statement;
use crate::store::statement::{Arg, Cell, Compare, Cond, Expr, Output, Select, Sort, Span};
use crate::value::Value;

/// More parts than this are not counted one after the other.
const MOST_PARTS: usize = 64;

/// The question how many of a query's rows fall into each year, month or day of a field. A search across a relation to
/// several rows counts a row for each of them in which it was found.
pub(crate) struct Calendar {
    /// The rows, without what is asked of them.
    rows: Select,
    /// The rows that fulfil what is not said of the field itself.
    beside: Cond,
    column: Expr,
    cell: Cell,
    span: Span,
    zone: TimeZone,
    /// Whether an index has the rows of each part side by side.
    pub(crate) indexed: bool,
}

impl Calendar {
    pub(crate) fn of(
        site: &Site,
        who: &Principal,
        resource: &Resource,
        query: &Query,
        (name, span): (&str, Span),
    ) -> Result<Calendar, BadQuery> {
        let ground = Ground::new(site);
        let model = &resource.model;
        let field = model.field(name).ok_or_else(|| BadQuery::UnknownPath { path: name.to_owned() })?;
        let column = Expr::column(ROOT, &field.column);
        let mut tables = Tables::new(ROOT);
        let mut conds = Cond::Not(Box::new(Cond::Null(column.clone())));
        let permitted = resource.admin.rows(who);
        for narrowing in [&permitted, &query.filter] {
            conds = conds.and(filter::cond(&ground, &mut tables, model, ROOT, narrowing, false)?);
        }
        if let Some(search) = &query.search {
            conds = conds.and(filter::joined(&ground, &mut tables, model, search)?);
        }
        let indexed = query.search.is_none() && is_indexed(model, field, &[&permitted, &query.filter]);
        let mut beside = Cond::True;
        for narrowing in [&permitted, &query.filter].into_iter().filter(|_| indexed) {
            let narrowing = without(field, narrowing);
            beside = beside.and(filter::cond(&ground, &mut tables, model, ROOT, &narrowing, false)?);
        }
        let rows = Select { joins: tables.joins, filter: conds, ..Select::from(&model.table, ROOT) };
        Ok(Calendar { rows, beside, column, cell: ground.cell(field), span, zone: site.zone().clone(), indexed })
    }

    /// The question that is grouped: its rows are parts with their numbers.
    pub(crate) fn grouped(&self) -> Statement {
        let (of, cell) = (Box::new(self.column.clone()), self.cell);
        let part = Expr::PartOf { of, cell, span: self.span, zone: named(&self.zone) };
        let counted = |expr| Output { expr, cell: Cell::Int };
        Statement::Select(Select {
            outputs: vec![counted(part.clone()), counted(Expr::CountAll)],
            group: vec![part.clone()],
            order: vec![Sort { expr: part, descending: false, nulls_least: false }],
            ..self.rows.clone()
        })
    }

    /// The questions for the first and the last moment of all: two, since an index answers each alone.
    pub(crate) fn ends(&self) -> [Statement; 2] {
        [Expr::Min, Expr::Max].map(|end| {
            let output = Output { expr: end(Box::new(self.column.clone())), cell: self.cell };
            Statement::Select(Select { outputs: vec![output], ..self.rows.clone() })
        })
    }

    /// Each part between two moments with the question how many rows it has. `None` where the moments do not lie within
    /// one part of the next larger kind, or there are too many parts.
    pub(crate) fn parts(&self, ends: (&Value, &Value)) -> Option<Vec<(i64, Statement)>> {
        let (first, last) = (self.day(ends.0)?, self.day(ends.1)?);
        let together = match self.span {
            Span::Year => true,
            Span::Month => first.year() == last.year(),
            Span::Day => first.first_of_month() == last.first_of_month(),
        };
        let mut begin = match self.span {
            Span::Year => first.first_of_year(),
            Span::Month => first.first_of_month(),
            Span::Day => first,
        };
        let mut parts = Vec::new();
        while together && begin <= last && parts.len() <= MOST_PARTS {
            let (number, length) = match self.span {
                Span::Year => (i64::from(begin.year()), 1.year()),
                Span::Month => (i64::from(begin.month()), 1.month()),
                Span::Day => (i64::from(begin.day()), 1.day()),
            };
            let end = begin.checked_add(length).ok()?;
            let from = if parts.is_empty() { ends.0.clone() } else { self.moment(begin)? };
            let until = if end > last { (Compare::Lte, ends.1.clone()) } else { (Compare::Lt, self.moment(end)?) };
            parts.push((number, self.between(from, until)));
            begin = end;
        }
        (together && parts.len() <= MOST_PARTS).then_some(parts)
    }

    /// The question how many rows there are from a moment until another. What was said of the field itself holds for all
    /// that lies between the first moment and the last.
    fn between(&self, from: Value, (compare, until): (Compare, Value)) -> Statement {
        let bound =
            |compare, value| Cond::Compare(self.column.clone(), compare, Expr::Arg(Arg { value, cell: self.cell }));
        let filter = self.beside.clone().and(bound(Compare::Gte, from)).and(bound(compare, until));
        let outputs = vec![Output { expr: Expr::CountAll, cell: Cell::Int }];
        Statement::Select(Select { outputs, filter, ..self.rows.clone() })
    }

    /// The day of a value, where the site is.
    fn day(&self, of: &Value) -> Option<Date> {
        match of {
            Value::Date(day) => Some(*day),
            Value::DateTime(instant) => Some(self.zone.to_datetime(*instant).date()),
            _ => None,
        }
    }

    /// The begin of a day as a value.
    fn moment(&self, day: Date) -> Option<Value> {
        if self.cell == Cell::Date {
            return Some(Value::Date(day));
        }
        self.zone.to_ambiguous_timestamp(day.at(0, 0, 0, 0)).compatible().ok().map(Value::DateTime)
    }
}

/// The name of a zone where it needs one.
fn named(zone: &TimeZone) -> Option<String> {
    zone.iana_name().filter(|name| *name != "UTC").map(str::to_owned)
}

/// Whether an index has a field's values in order among the rows that filters leave: they look at nothing but the field
/// and at what has one value in all of these rows.
fn is_indexed(model: &Model, field: &Field, filters: &[&Filter]) -> bool {
    let mut fixed = Vec::new();
    let known = filters.iter().all(|filter| looks_at(model, field, filter, &mut fixed));
    let serves = |index: &Vec<String>| {
        let (before, rest) = index.split_at(fixed.len().min(index.len()));
        rest.first() == Some(&field.column) && before.iter().all(|column| fixed.contains(&column.as_str()))
    };
    known && model.indexes.iter().any(serves)
}

/// Notes the columns that a filter fixes; whether it looks at nothing else but the field.
fn looks_at<'m>(model: &'m Model, field: &Field, filter: &Filter, fixed: &mut Vec<&'m str>) -> bool {
    match filter {
        Filter::All => true,
        Filter::And(all) => all.iter().all(|filter| looks_at(model, field, filter, fixed)),
        Filter::Test(test) if test.path == field.name => leaves_no_gap(test.op),
        Filter::Test(test) if test.op == Op::Is => own_column(model, &test.path).is_some_and(|column| {
            if !fixed.contains(&column) {
                fixed.push(column);
            }
            true
        }),
        _ => false,
    }
}

/// Whether all values between two that pass a test pass it, too.
fn leaves_no_gap(op: Op) -> bool {
    matches!(op, Op::Is | Op::OnDay | Op::Lt | Op::Lte | Op::Gt | Op::Gte)
}

/// A filter that [`looks_at`] a field, without what it says of it.
fn without(field: &Field, filter: &Filter) -> Filter {
    match filter {
        Filter::And(all) => Filter::And(all.iter().map(|filter| without(field, filter)).collect()),
        Filter::Test(test) if test.path == field.name => Filter::All,
        other => other.clone(),
    }
}

/// The column of the model's own table that a path compares.
fn own_column<'m>(model: &'m Model, path: &str) -> Option<&'m str> {
    let of_relation = path
        .strip_suffix("__pk")
        .and_then(|name| model.field(name))
        .filter(|field| matches!(field.kind, FieldKind::One { to_field: None, .. }));
    let own = of_relation.or_else(|| model.field(path));
    own.filter(|field| field.is_column()).map(|field| field.column.as_str())
}
