//! Questions: plain, keys first, and counts.

use std::collections::HashSet;

use sea_query::{
    Alias, Expr as Built, ExprTrait, Func, IntoTableRef, JoinType, LockType, NullOrdering, Order, SelectStatement,
    TableRef,
};

use super::Printer;
use super::expr::column_of;
use crate::store::Dialect;
use crate::store::statement::{ColumnRef, Cond, Expr, Join, Select};

/// The names of the inner select of a deferred join and of its column.
const PAGE: &str = "page";
const KEY: &str = "key";

/// On PostgreSQL finding keys first pays only when many rows are left out before the page.
const FAR: u64 = 1_000;

impl Printer {
    pub(super) fn select(&mut self, select: &Select) -> SelectStatement {
        match &select.keys_first {
            Some(key) if is_keys_first(select, self.dialect) => self.keys_first(select, key),
            _ => self.plain(select),
        }
    }

    fn plain(&mut self, select: &Select) -> SelectStatement {
        let mut built = SelectStatement::new();
        for output in &select.outputs {
            built.expr(self.expr(&output.expr));
        }
        built.from(table_of(&select.table, &select.alias));
        self.join(&mut built, &select.joins, &|_| true);
        self.narrow(&mut built, select);
        for expr in &select.group {
            built.add_group_by([self.expr(expr)]);
        }
        self.order(&mut built, select);
        self.window(&mut built, select);
        if select.lock && self.dialect == Dialect::Postgres {
            // Only the table itself: the far side of a left join cannot be locked.
            built.lock_with_tables(LockType::Update, [TableRef::from(Alias::new(name_of(select)))]);
        }
        built
    }

    /// The keys of the page, found with no more joins than filter and order need; then the rest of the page's rows.
    fn keys_first(&mut self, select: &Select, key: &str) -> SelectStatement {
        let needed = needed(select, true);
        let own = ColumnRef { table: name_of(select).to_owned(), column: key.to_owned() };
        let mut keys = SelectStatement::new();
        keys.expr_as(column_of(&own), KEY).from(table_of(&select.table, &select.alias));
        self.join(&mut keys, &select.joins, &|alias| needed.contains(alias));
        self.narrow(&mut keys, select);
        self.order(&mut keys, select);
        self.window(&mut keys, select);
        let mut built = SelectStatement::new();
        for output in &select.outputs {
            built.expr(self.expr(&output.expr));
        }
        built.from_subquery(keys, PAGE);
        self.join_page(&mut built, select, column_of(&own).eq(Built::col((PAGE, KEY))));
        self.join(&mut built, &select.joins, &|_| true);
        self.order(&mut built, select);
        built
    }

    /// Joins a page's keys with their rows. SQLite keeps to the order that a cross join is written in; left the choice, it
    /// walks through the whole table where an index has the page's order, and looks each row up in the page.
    fn join_page(&self, built: &mut SelectStatement, select: &Select, same: Built) {
        let rows = table_of(&select.table, &select.alias);
        if self.dialect == Dialect::Sqlite {
            built.cross_join(rows).and_where(same);
        } else {
            built.inner_join(rows, same);
        }
    }

    pub(super) fn count(&mut self, select: &Select) -> SelectStatement {
        let mut built = SelectStatement::new();
        built.from(table_of(&select.table, &select.alias));
        if select.group.is_empty() {
            let needed = needed(select, false);
            built.expr(Func::count(Built::col(sea_query::Asterisk)));
            self.join(&mut built, &select.joins, &|alias| needed.contains(alias));
            self.narrow(&mut built, select);
            return built;
        }
        built.expr(Built::cust("1"));
        self.join(&mut built, &select.joins, &|_| true);
        self.narrow(&mut built, select);
        for expr in &select.group {
            built.add_group_by([self.expr(expr)]);
        }
        let mut counted = SelectStatement::new();
        counted.expr(Func::count(Built::col(sea_query::Asterisk))).from_subquery(built, PAGE);
        counted
    }

    fn join(&mut self, built: &mut SelectStatement, joins: &[Join], wanted: &dyn Fn(&str) -> bool) {
        for join in joins.iter().filter(|join| wanted(&join.alias)) {
            let near = column_of(&join.on);
            let far = Built::col((join.alias.clone(), join.column.clone()));
            built.join(JoinType::LeftJoin, table_of(&join.table, &join.alias), near.eq(far));
        }
    }

    fn narrow(&mut self, built: &mut SelectStatement, select: &Select) {
        let condition = self.condition(&select.filter);
        if !condition.is_empty() {
            built.cond_where(condition);
        }
    }

    fn order(&mut self, built: &mut SelectStatement, select: &Select) {
        for sort in &select.order {
            let order = if sort.descending { Order::Desc } else { Order::Asc };
            let expr = self.expr(&sort.expr);
            // SQLite's null is less than everything already.
            if sort.nulls_least && self.dialect == Dialect::Postgres {
                let nulls = if sort.descending { NullOrdering::Last } else { NullOrdering::First };
                built.order_by_expr_with_nulls(expr, order, nulls);
            } else {
                built.order_by_expr(expr, order);
            }
        }
    }

    fn window(&self, built: &mut SelectStatement, select: &Select) {
        if let Some(limit) = limit(select) {
            built.limit(limit);
        }
        if select.offset > 0 {
            built.offset(select.offset);
        }
    }
}

/// Whether the keys of the rows are found first.
pub(super) fn is_keys_first(select: &Select, dialect: Dialect) -> bool {
    let pays = dialect == Dialect::Sqlite || select.offset >= FAR;
    pays && select.keys_first.is_some() && select.group.is_empty() && !select.lock
}

/// The limit that is written. SQLite takes no offset without one.
pub(super) fn limit(select: &Select) -> Option<u64> {
    select.limit.or((select.offset > 0).then_some(u64::MAX >> 1))
}

/// The name by which the table's columns are called.
fn name_of(select: &Select) -> &str {
    if select.alias.is_empty() { &select.table } else { &select.alias }
}

fn table_of(table: &str, alias: &str) -> TableRef {
    let table = table.to_owned().into_table_ref();
    if alias.is_empty() { table } else { table.alias(alias.to_owned()) }
}

/// The aliases of the joins that a filter (and an order) cannot do without, those they rest on included.
fn needed(select: &Select, ordered: bool) -> HashSet<&str> {
    let mut aliases = HashSet::new();
    cond_tables(&select.filter, &mut aliases);
    if ordered {
        select.order.iter().for_each(|sort| expr_tables(&sort.expr, &mut aliases));
    }
    for join in select.joins.iter().rev() {
        if aliases.contains(join.alias.as_str()) {
            aliases.insert(&join.on.table);
        }
    }
    aliases
}

fn cond_tables<'a>(cond: &'a Cond, aliases: &mut HashSet<&'a str>) {
    match cond {
        Cond::True | Cond::False => {}
        Cond::And(conds) | Cond::Or(conds) => conds.iter().for_each(|cond| cond_tables(cond, aliases)),
        Cond::Not(cond) | Cond::Likely(cond) => cond_tables(cond, aliases),
        Cond::Compare(left, _, right) => {
            expr_tables(left, aliases);
            expr_tables(right, aliases);
        }
        Cond::In(expr, _)
        | Cond::Holds(expr, _)
        | Cond::Null(expr)
        | Cond::Like { expr, .. }
        | Cond::Alike { of: expr, .. }
        | Cond::InIndex { key: expr, .. } => {
            expr_tables(expr, aliases);
        }
        Cond::Found(document, _) => document.parts.iter().for_each(|(expr, _)| expr_tables(expr, aliases)),
        Cond::InSelect(expr, select) => {
            expr_tables(expr, aliases);
            select_tables(select, aliases);
        }
        Cond::Exists(select) => select_tables(select, aliases),
    }
}

/// An inner select may speak of the outer one's tables.
fn select_tables<'a>(select: &'a Select, aliases: &mut HashSet<&'a str>) {
    cond_tables(&select.filter, aliases);
    aliases.extend(select.joins.iter().map(|join| join.on.table.as_str()));
    select.outputs.iter().for_each(|output| expr_tables(&output.expr, aliases));
}

fn expr_tables<'a>(expr: &'a Expr, aliases: &mut HashSet<&'a str>) {
    match expr {
        Expr::Column(column) => {
            aliases.insert(&column.table);
        }
        Expr::Add(left, right) => {
            expr_tables(left, aliases);
            expr_tables(right, aliases);
        }
        Expr::PartOf { of: inner, .. }
        | Expr::Text(inner)
        | Expr::AnyCase(inner)
        | Expr::DayOf(inner, _)
        | Expr::Sum(inner)
        | Expr::Min(inner)
        | Expr::Max(inner)
        | Expr::Times(inner, _)
        | Expr::Bytewise(inner) => {
            expr_tables(inner, aliases);
        }
        Expr::Rank(document, ..) => document.parts.iter().for_each(|(expr, _)| expr_tables(expr, aliases)),
        Expr::Likeness(texts, _) => texts.iter().for_each(|expr| expr_tables(expr, aliases)),
        Expr::Arg(_) | Expr::CountAll => {}
    }
}
