//! Shapes: what the text of a statement depends on, written down as bytes that can be looked up, and beside them the
//! arguments in the order of their placeholders. Two statements of one shape have one text.
//!
//! It walks as the builders do: [`super::render`] compares both at every look-up of a debug build, and a property test
//! does so for statements of all kinds.

use crate::store::Dialect;
use crate::store::statement::{
    Arg, Cell, ColumnRef, Cond, Document, Expr, Insert, Join, Place, Select, Sort, Sought, Statement, Update, Weights,
};
use crate::value::Value;

use super::cond::{Listed, listed, pattern, text_arg};
use super::fulltext::{Comparison, Way, number_arg};
use super::select::{is_keys_first, limit};

/// A statement without its values, and the values.
pub(super) struct Shape {
    dialect: Dialect,
    /// The shape. Lengths stand before what they measure, so that no two shapes have the same bytes.
    pub(super) key: Vec<u8>,
    pub(super) args: Vec<Arg>,
}

impl Shape {
    pub(super) fn of(statement: &Statement, dialect: Dialect) -> Shape {
        let mut shape = Shape { dialect, key: Vec::with_capacity(2_048), args: Vec::new() };
        shape.tag(u8::from(dialect == Dialect::Postgres));
        match statement {
            Statement::Select(select) => {
                shape.tag(0);
                shape.select(select);
            }
            Statement::Count(select) => {
                shape.tag(1);
                shape.count(select);
            }
            Statement::Insert(insert) => {
                shape.insert(insert);
            }
            Statement::Update(update) => shape.update(update),
            Statement::Delete(delete) => {
                shape.tag(5);
                shape.name(&delete.table);
                shape.cond(&delete.filter);
            }
        }
        shape
    }

    fn tag(&mut self, tag: u8) {
        self.key.push(tag);
    }

    fn number(&mut self, number: usize) {
        self.key.extend_from_slice(&(number as u64).to_le_bytes()[..4]);
    }

    fn name(&mut self, name: &str) {
        self.number(name.len());
        self.key.extend_from_slice(name.as_bytes());
    }

    fn each<T>(&mut self, items: &[T], mut write: impl FnMut(&mut Shape, &T)) {
        self.number(items.len());
        items.iter().for_each(|item| write(self, item));
    }

    // Statements are taken apart whole: a part that is added must be said here, or it does not compile.

    fn insert(&mut self, insert: &Insert) {
        let Insert { table, values, asked, returning, or_ignore } = insert;
        self.tag(2 + u8::from(*or_ignore));
        self.name(table);
        self.each(values, |shape, (column, arg)| {
            shape.name(column);
            shape.args.push(arg.clone());
        });
        self.each(asked, |shape, (column, select)| {
            shape.name(column);
            shape.select(select);
        });
        self.each(returning.as_slice(), |shape, (column, _)| shape.name(column));
    }

    fn update(&mut self, update: &Update) {
        let Update { table, set, filter } = update;
        self.tag(4);
        self.name(table);
        self.each(set, |shape, (column, expr)| {
            shape.name(column);
            shape.expr(expr);
        });
        self.cond(filter);
    }

    fn select(&mut self, select: &Select) {
        let Select {
            table: _,
            alias: _,
            joins: _,
            outputs,
            filter,
            group,
            order,
            limit: _,
            offset: _,
            keys_first: _,
            lock,
        } = select;
        self.table(select);
        self.each(outputs, |shape, output| shape.expr(&output.expr));
        self.cond(filter);
        self.each(group, Shape::expr);
        self.each(order, Shape::sort);
        self.window(select);
        self.tag(u8::from(*lock));
        match select.keys_first.as_ref().filter(|_| is_keys_first(select, self.dialect)) {
            Some(key) => {
                self.name(key);
                // The order stands inside and outside.
                self.each(&select.order, Shape::sort);
            }
            None => self.number(usize::MAX),
        }
    }

    fn count(&mut self, select: &Select) {
        self.table(select);
        self.cond(&select.filter);
        self.each(&select.group, Shape::expr);
    }

    fn table(&mut self, select: &Select) {
        self.name(&select.table);
        self.name(&select.alias);
        self.each(&select.joins, Shape::join);
    }

    fn join(&mut self, join: &Join) {
        self.name(&join.table);
        self.name(&join.alias);
        self.name(&join.column);
        self.column(&join.on);
    }

    fn column(&mut self, column: &ColumnRef) {
        self.name(&column.table);
        self.name(&column.column);
    }

    fn sort(&mut self, sort: &Sort) {
        let Sort { expr, descending, nulls_least } = sort;
        self.tag(u8::from(*descending) + 2 * u8::from(*nulls_least));
        self.expr(expr);
    }

    fn window(&mut self, select: &Select) {
        let offset = (select.offset > 0).then_some(select.offset);
        for bound in [limit(select), offset] {
            self.tag(u8::from(bound.is_some()));
            let whole = |bound| Value::Int(i64::try_from(bound).unwrap_or(i64::MAX));
            self.args.extend(bound.map(|bound| Arg { value: whole(bound), cell: Cell::Int }));
        }
    }

    fn expr(&mut self, expr: &Expr) {
        match expr {
            Expr::Column(column) => {
                self.tag(0);
                self.column(column);
            }
            Expr::Arg(arg) => {
                self.tag(1);
                self.args.push(arg.clone());
            }
            Expr::Add(first, second) => {
                self.tag(2);
                self.expr(first);
                self.expr(second);
            }
            Expr::CountAll => self.tag(3),
            Expr::DayOf(inner, seconds) => {
                self.tag(4);
                self.key.extend_from_slice(&seconds.to_le_bytes());
                self.expr(inner);
            }
            Expr::PartOf { of, cell, span, zone } => {
                let kind = match cell {
                    Cell::Date => 0,
                    Cell::DateTime => 1,
                    Cell::DateTimePlain => 2,
                    _ => 3,
                };
                self.key.extend([9, kind, *span as u8]);
                self.each(zone.as_slice(), |shape, zone| shape.name(zone));
                self.expr(of);
            }
            Expr::Text(inner) => self.wrapped(5, inner),
            Expr::AnyCase(inner) => self.wrapped(10, inner),
            Expr::Sum(inner) => self.wrapped(6, inner),
            Expr::Min(inner) => self.wrapped(7, inner),
            Expr::Max(inner) => self.wrapped(8, inner),
            Expr::Times(inner, factor) => {
                self.wrapped(11, inner);
                self.args.push(number_arg(*factor));
            }
            Expr::Bytewise(inner) => self.wrapped(12, inner),
            Expr::Rank(document, sought, weights) => {
                self.tag(13);
                self.search(document, sought, Some(*weights));
            }
            Expr::Likeness(texts, text) => {
                self.tag(14);
                self.likeness(texts, text);
            }
        }
    }

    fn wrapped(&mut self, tag: u8, inner: &Expr) {
        self.tag(tag);
        self.expr(inner);
    }

    fn cond(&mut self, cond: &Cond) {
        match cond {
            Cond::True => self.tag(0),
            Cond::False => self.tag(1),
            Cond::And(conds) => {
                self.tag(2);
                self.each(conds, Shape::cond);
            }
            Cond::Or(conds) => {
                self.tag(3);
                self.each(conds, Shape::cond);
            }
            Cond::Not(inner) => {
                self.tag(4);
                self.cond(inner);
            }
            Cond::Compare(left, compare, right) => {
                self.tag(5 + *compare as u8);
                self.expr(left);
                self.expr(right);
            }
            Cond::In(expr, list) => self.list(expr, list),
            Cond::InSelect(expr, select) => {
                self.wrapped(13, expr);
                self.select(select);
            }
            Cond::Holds(list, text) => {
                self.wrapped(16, list);
                self.args.push(text_arg(text.clone()));
            }
            Cond::Null(expr) => self.wrapped(14, expr),
            Cond::Like { expr, text, place, case_sensitive } => self.found(expr, text, *place, *case_sensitive),
            Cond::Found(document, sought) => {
                self.tag(17);
                self.search(document, sought, None);
            }
            Cond::Alike { of, to, least } => {
                let way = Way::of(self.dialect, *least);
                self.key.extend([18, way as u8]);
                self.compared(of, to, *least, way);
            }
            Cond::InIndex { .. } if self.dialect == Dialect::Postgres => self.tag(1),
            Cond::InIndex { key, index, question } => {
                self.wrapped(19, key);
                self.name(index);
                self.args.push(text_arg(question.clone()));
            }
            Cond::Exists(select) => self.exists(select),
            Cond::Likely(inner) => {
                self.tag(20);
                self.cond(inner);
            }
        }
    }

    fn search(&mut self, document: &Document, sought: &Sought, weights: Option<Weights>) {
        let Document { language, parts } = document;
        let Sought { text, start } = sought;
        self.name(language);
        self.each(&weights.map(|weights| weights.0).unwrap_or_default(), |shape, weight| {
            shape.key.extend_from_slice(&weight.to_le_bytes());
        });
        self.tag(u8::from(start.is_some()));
        self.name(&document.classes());
        // SQLite's function is asked first, PostgreSQL's vector stands first.
        let asked = [Some(text), start.as_ref()].into_iter().flatten().map(|text| text_arg(text.clone()));
        if self.dialect == Dialect::Sqlite {
            self.args.extend(asked);
            self.each(parts, |shape, (expr, _)| shape.expr(expr));
        } else {
            self.each(parts, |shape, (expr, _)| shape.expr(expr));
            self.args.extend(asked);
        }
    }

    fn likeness(&mut self, texts: &[Expr], text: &str) {
        self.each(texts, |shape, expr| {
            shape.expr(expr);
            shape.args.push(text_arg(text.to_owned()));
        });
    }

    fn compared(&mut self, of: &Expr, to: &str, least: f64, way: Way) {
        for comparison in way.comparisons() {
            self.expr(of);
            self.args.push(text_arg(to.to_owned()));
            if *comparison == Comparison::Measured {
                self.args.push(number_arg(least));
            }
        }
    }

    fn list(&mut self, expr: &Expr, list: &[Arg]) {
        self.wrapped(11, expr);
        match listed(list, self.dialect) {
            Listed::Never => self.tag(0),
            Listed::One(arg) => {
                self.tag(1);
                self.args.push(arg.clone());
            }
            Listed::Whole(whole) => {
                self.tag(2);
                self.args.push(whole);
            }
            Listed::Each(each) => {
                self.tag(3);
                self.number(each.len());
                self.args.extend(each.into_iter().cloned());
            }
        }
    }

    fn found(&mut self, expr: &Expr, text: &str, place: Place, case_sensitive: bool) {
        self.wrapped(12, expr);
        self.key.extend([place as u8, u8::from(case_sensitive)]);
        if self.dialect == Dialect::Postgres || !case_sensitive {
            self.args.push(text_arg(pattern(text, place)));
            return;
        }
        let times = times_compared(text, place);
        self.number(times);
        self.args.extend(std::iter::repeat_n(text_arg(text.to_owned()), times));
    }

    /// What is asked whether it exists gives no outputs, unless it is grouped.
    fn exists(&mut self, select: &Select) {
        self.tag(15);
        if select.group.is_empty() {
            self.select(&Select { outputs: Vec::new(), ..select.clone() });
        } else {
            self.select(select);
        }
    }
}

/// How often SQLite is given a text that it must find with its case.
fn times_compared(text: &str, place: Place) -> usize {
    match place {
        Place::Anywhere | Place::Start | Place::End if text.is_empty() => 0,
        Place::Anywhere | Place::Whole => 1,
        Place::Start | Place::End => 2,
    }
}
