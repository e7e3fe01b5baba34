//! Conditions: comparisons, lists, texts to be found.

use sea_query::{Condition, Expr as Built, ExprTrait, Func, SelectStatement};

use super::Printer;
use crate::store::Dialect;
use crate::store::statement::{Arg, Cell, Compare, Cond, Expr, Place};
use crate::value::Value;

/// On SQLite, lists up to this length are placeholders; a longer one is one argument, since a statement has a limit.
const LONGEST_LIST: usize = 512;

/// So many conditions are written in one row.
const LONGEST_CHAIN: usize = 64;

impl Printer {
    pub(super) fn condition(&mut self, cond: &Cond) -> Condition {
        match cond {
            Cond::True => Condition::all(),
            Cond::And(all) => self.all(all),
            Cond::Or(any) if any.is_empty() => Condition::all().add(never()),
            Cond::Or(any) => self.any(any),
            Cond::Not(inner) => match inner.as_ref() {
                Cond::True => Condition::all().add(never()),
                Cond::Not(inner) => self.condition(inner),
                inner => Condition::all().add(self.condition(inner)).not(),
            },
            single => Condition::all().add(self.test(single)),
        }
    }

    /// Many conditions are halved and halved again: SQLite counts how deep an expression is, and `a AND b AND c` is as
    /// deep as it is long.
    fn all(&mut self, conds: &[Cond]) -> Condition {
        if conds.len() > LONGEST_CHAIN {
            let (first, second) = conds.split_at(conds.len() / 2);
            return Condition::all().add(self.all(first)).add(self.all(second));
        }
        conds.iter().fold(Condition::all(), |so_far, cond| so_far.add(self.condition(cond)))
    }

    fn any(&mut self, conds: &[Cond]) -> Condition {
        if conds.len() > LONGEST_CHAIN {
            let (first, second) = conds.split_at(conds.len() / 2);
            return Condition::any().add(self.any(first)).add(self.any(second));
        }
        conds.iter().fold(Condition::any(), |so_far, cond| so_far.add(self.either(cond)))
    }

    /// A branch of an alternative: one that is always true must be said, an empty condition would be left out.
    fn either(&mut self, cond: &Cond) -> Condition {
        let built = self.condition(cond);
        if built.is_empty() { Condition::all().add(always()) } else { built }
    }

    fn test(&mut self, cond: &Cond) -> Built {
        match cond {
            Cond::Compare(left, compare, right) => {
                let left = self.expr(left);
                let right = self.expr(right);
                compared(left, *compare, right)
            }
            Cond::In(expr, list) => self.listed(expr, list),
            Cond::InSelect(expr, select) => {
                let expr = self.expr(expr);
                expr.in_subquery(self.select(select))
            }
            Cond::Holds(list, text) => self.holding(list, text),
            Cond::Null(expr) => self.expr(expr).is_null(),
            Cond::Like { expr, text, place, case_sensitive } => match (self.dialect, case_sensitive) {
                (Dialect::Sqlite, true) => self.found_exactly(expr, text, *place),
                (_, case_sensitive) => self.found(expr, text, *place, *case_sensitive),
            },
            Cond::Found(document, sought) => self.sought_in(document, sought),
            Cond::Alike { of, to, least } => self.alike(of, to, *least),
            Cond::InIndex { key, index, question } => self.in_index(key, index, question),
            Cond::Exists(select) => Built::exists(self.some(select)),
            Cond::Likely(inner) => {
                let inner = self.test(inner);
                if self.dialect == Dialect::Sqlite { Func::cust("likely").arg(inner).into() } else { inner }
            }
            Cond::False | Cond::True | Cond::And(_) | Cond::Or(_) | Cond::Not(_) => never(),
        }
    }

    /// The select of an EXISTS: what it gives does not matter.
    fn some(&mut self, select: &crate::store::statement::Select) -> SelectStatement {
        let mut built = self.select(select);
        if select.group.is_empty() {
            built.clear_selects().expr(Built::cust("1"));
        }
        built
    }

    fn listed(&mut self, expr: &Expr, list: &[Arg]) -> Built {
        let listed = listed(list, self.dialect);
        if let Listed::Never = listed {
            return never();
        }
        let expr = self.expr(expr);
        match listed {
            Listed::Never => never(),
            Listed::One(arg) => expr.eq(self.bind(arg.clone())),
            Listed::Whole(whole) if self.dialect == Dialect::Postgres => {
                let any = Func::cust("ANY").arg(self.bind(whole));
                expr.eq(any)
            }
            Listed::Whole(whole) => {
                let each = Func::cust("json_each").arg(self.bind(whole));
                let mut values = SelectStatement::new();
                values.column("value").from_function(each, "listed");
                expr.in_subquery(values)
            }
            Listed::Each(each) => {
                let bound: Vec<Built> = each.into_iter().map(|arg| self.bind(arg.clone())).collect();
                expr.is_in(bound)
            }
        }
    }

    fn holding(&mut self, list: &Expr, text: &str) -> Built {
        let list = self.expr(list);
        let text = self.bind(text_arg(text.to_owned()));
        match self.dialect {
            Dialect::Postgres => {
                // The function behind the operator `?`, which would be taken for a placeholder.
                Func::cust("jsonb_exists").arg(list.cast_as("jsonb")).arg(text).into()
            }
            Dialect::Sqlite => {
                let mut values = SelectStatement::new();
                values.column("value").from_function(Func::cust("json_each").arg(list), "held");
                text.in_subquery(values)
            }
        }
    }

    fn found(&mut self, expr: &Expr, text: &str, place: Place, case_sensitive: bool) -> Built {
        // Numbers and addresses have no LIKE on PostgreSQL; for what is text already, the cast costs nothing.
        let cast = self.dialect == Dialect::Postgres && !matches!(expr, Expr::Text(_));
        let built = self.expr(expr);
        let built = if cast { built.cast_as("text") } else { built };
        let pattern = pattern(text, place);
        let pattern = self.bind(Arg { value: Value::Text(pattern), cell: Cell::Text });
        match (self.dialect, case_sensitive) {
            (Dialect::Sqlite, _) => built.binary(sea_query::BinOper::Like, escaped(pattern)),
            (Dialect::Postgres, true) => built.binary(sea_query::BinOper::Like, pattern),
            (Dialect::Postgres, false) => built.binary(sea_query::extension::postgres::PgBinOper::ILike, pattern),
        }
    }

    /// SQLite's LIKE knows no case for ASCII letters, so parts of the text are compared instead.
    fn found_exactly(&mut self, expr: &Expr, text: &str, place: Place) -> Built {
        if text.is_empty() && place != Place::Whole {
            return self.expr(expr).is_not_null();
        }
        let expr = self.expr(expr);
        let mut text = || self.bind(Arg { value: Value::Text(text.to_owned()), cell: Cell::Text });
        match place {
            Place::Anywhere => {
                let found = Func::cust("instr").arg(expr).arg(text());
                Built::from(found).gt(Built::cust("0"))
            }
            Place::Start => {
                let length = Func::cust("length").arg(text());
                let start = Func::cust("substr").arg(expr).arg(Built::cust("1")).arg(Built::from(length));
                Built::from(start).eq(text())
            }
            Place::End => {
                let length = Built::from(Func::cust("length").arg(text()));
                let end = Func::cust("substr").arg(expr).arg(length.mul(Built::cust("-1")));
                Built::from(end).eq(text())
            }
            Place::Whole => expr.eq(text()),
        }
    }
}

/// A text as an argument.
pub(super) fn text_arg(text: String) -> Arg {
    Arg { value: Value::Text(text), cell: Cell::Text }
}

/// How a list becomes arguments.
pub(super) enum Listed<'a> {
    /// Nothing is in an empty list.
    Never,
    One(&'a Arg),
    /// All in one argument.
    Whole(Arg),
    /// One argument for each.
    Each(Vec<&'a Arg>),
}

pub(super) fn listed(list: &[Arg], dialect: Dialect) -> Listed<'_> {
    let (Some(first), Some(last)) = (list.first(), list.last()) else { return Listed::Never };
    if list.len() == 1 {
        return Listed::One(first);
    }
    let too_long = list.len() > LONGEST_LIST && first.cell != Cell::Bytes;
    if dialect == Dialect::Postgres || too_long {
        let keys = Value::Keys(list.iter().map(|arg| arg.value.clone()).collect());
        return Listed::Whole(Arg { value: keys, cell: first.cell });
    }
    // The last value again, up to a power of two, so that lists of many lengths have few texts.
    let repeated = list.len().next_power_of_two() - list.len();
    Listed::Each(list.iter().chain(std::iter::repeat_n(last, repeated)).collect())
}

fn compared(left: Built, compare: Compare, right: Built) -> Built {
    match compare {
        Compare::Is => left.eq(right),
        Compare::IsNot => left.ne(right),
        Compare::Lt => left.lt(right),
        Compare::Lte => left.lte(right),
        Compare::Gt => left.gt(right),
        Compare::Gte => left.gte(right),
    }
}

pub(super) fn never() -> Built {
    Built::cust("1 = 0")
}

fn always() -> Built {
    Built::cust("1 = 1")
}

/// The text as a pattern in which its own wildcards mean themselves.
pub(super) fn pattern(text: &str, place: Place) -> String {
    let mut pattern = String::with_capacity(text.len() + 2);
    if matches!(place, Place::Anywhere | Place::End) {
        pattern.push('%');
    }
    for letter in text.chars() {
        if matches!(letter, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(letter);
    }
    if matches!(place, Place::Anywhere | Place::Start) {
        pattern.push('%');
    }
    pattern
}

fn escaped(pattern: Built) -> Built {
    pattern.binary(sea_query::BinOper::Escape, Built::cust("'\\'"))
}
