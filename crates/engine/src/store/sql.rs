//! Statement to text and arguments: the only place that makes SQL.
//!
//! The builders get a number for each argument and give the numbers back in the order of the placeholders, so no text
//! that somebody sent can reach the SQL. One shape of a statement has one text: it is made once and remembered, and
//! caches of prepared statements hit.

mod cond;
mod expr;
mod fulltext;
mod index;
mod select;
mod shape;
#[cfg(test)]
mod tests;
mod texts;
mod write;

use std::sync::Arc;

use sea_query::{PostgresQueryBuilder, QueryStatementWriter, SqliteQueryBuilder};

use super::Dialect;
use super::statement::{Arg, Cell, Statement};
use crate::value::Value;
use shape::Shape;

#[cfg(feature = "postgres")]
pub(super) use fulltext::LEAST_LIKENESS;
pub(super) use fulltext::vector_text;
pub use index::{Key, create_index};

/// The functions by which SQLite is taught full text: whether a document is found, how well, and how alike texts are.
pub(super) const FOUND: &str = "factotum_found";
pub(super) const RANK: &str = "factotum_rank";
pub(super) const LIKENESS: &str = "factotum_likeness";

/// The function by which SQLite learns on which local day an instant falls.
pub(super) const LOCAL_DAY: &str = "factotum_local_day";

/// The text of a statement and its arguments, in the order of the placeholders.
#[must_use]
pub fn render(statement: &Statement, dialect: Dialect) -> (Arc<str>, Vec<Arg>) {
    let Shape { key, args, .. } = Shape::of(statement, dialect);
    if let Some(text) = texts::find(&key) {
        debug_assert_eq!((text.to_string(), args.clone()), build(statement, dialect), "a shape has one text");
        return (text, args);
    }
    let (text, args) = build(statement, dialect);
    let text: Arc<str> = text.into();
    texts::keep(key, text.clone());
    (text, args)
}

/// The same, made anew.
fn build(statement: &Statement, dialect: Dialect) -> (String, Vec<Arg>) {
    let mut printer = Printer { dialect, args: Vec::new() };
    match statement {
        Statement::Select(select) => {
            let select = printer.select(select);
            printer.finish(&select)
        }
        Statement::Count(select) => {
            let select = printer.count(select);
            printer.finish(&select)
        }
        Statement::Insert(insert) => {
            let insert = printer.insert(insert);
            printer.finish(&insert)
        }
        Statement::Update(update) => {
            let update = printer.update(update);
            printer.finish(&update)
        }
        Statement::Delete(delete) => {
            let delete = printer.delete(delete);
            printer.finish(&delete)
        }
    }
}

/// A statement on its way to text.
struct Printer {
    dialect: Dialect,
    args: Vec<Option<Arg>>,
}

impl Printer {
    /// Puts an argument aside; its number stands for it among the builders.
    fn bind(&mut self, arg: Arg) -> sea_query::Expr {
        let number = i64::try_from(self.args.len()).expect("a statement has few arguments");
        self.args.push(Some(arg));
        sea_query::Expr::Value(sea_query::Value::BigInt(Some(number)))
    }

    fn finish(mut self, built: &impl QueryStatementWriter) -> (String, Vec<Arg>) {
        let (sql, values) = match self.dialect {
            Dialect::Sqlite => built.build(SqliteQueryBuilder),
            Dialect::Postgres => built.build(PostgresQueryBuilder),
        };
        let args = values.0.into_iter().map(|value| self.arg(&value)).collect();
        (sql, args)
    }

    /// What a value of the builders stands for: an argument by its number, or a limit as it is.
    fn arg(&mut self, value: &sea_query::Value) -> Arg {
        match value {
            sea_query::Value::BigInt(Some(number)) => {
                let place = usize::try_from(*number).ok().and_then(|number| self.args.get_mut(number));
                place.and_then(Option::take).expect("each argument is used once")
            }
            sea_query::Value::BigUnsigned(Some(limit)) => {
                Arg { value: Value::Int(i64::try_from(*limit).unwrap_or(i64::MAX)), cell: Cell::Int }
            }
            other => unreachable!("the builders are given numbers only, not {other:?}"),
        }
    }
}
