//! Statement to text and arguments: the only place that makes SQL.

use super::statement::{Arg, Statement};
use super::Dialect;

/// The text of a statement and its arguments, in the order of the placeholders.
#[must_use]
pub fn render(statement: &Statement, dialect: Dialect) -> (String, Vec<Arg>) {
    let _ = (statement, dialect);
    (String::new(), Vec::new())
}
