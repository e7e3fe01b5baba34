//! The tables of one select: an alias for each relation followed, each joined once.

use crate::query::path::Hop;
use crate::store::statement::{ColumnRef, Join};

/// The tables of one select.
#[derive(Debug, Clone)]
pub(crate) struct Tables<'r> {
    root: &'r str,
    /// The joins made so far.
    pub(crate) joins: Vec<Join>,
}

impl<'r> Tables<'r> {
    /// One table with this alias; the joined ones get it with a number.
    pub(crate) fn new(root: &'r str) -> Tables<'r> {
        Tables { root, joins: Vec::new() }
    }

    /// The alias of the first table.
    pub(crate) fn root(&self) -> &'r str {
        self.root
    }

    /// Joins a table on equality of two columns, unless it is there already, and gives its alias.
    pub(crate) fn join(&mut self, from: &str, from_column: &str, table: &str, column: &str) -> String {
        let known = self.joins.iter().find(|join| {
            join.on.table == from && join.on.column == from_column && join.table == table && join.column == column
        });
        if let Some(join) = known {
            return join.alias.clone();
        }
        let alias = format!("{}{}", self.root, self.joins.len() + 1);
        let on = ColumnRef { table: from.to_owned(), column: from_column.to_owned() };
        self.joins.push(Join { table: table.to_owned(), alias: alias.clone(), column: column.to_owned(), on });
        alias
    }

    /// Follows any hop: where it can reach several rows, a row comes several times.
    pub(crate) fn follow_each(&mut self, from: &str, hop: &Hop) -> String {
        match hop {
            Hop::One { column, to, to_column } | Hop::Back { to, to_column, column, .. } => {
                self.join(from, column, &to.table, to_column)
            }
            Hop::Many { column, table, near, far, to } => {
                let between = self.join(from, column, table, near);
                self.join(&between, far, &to.table, &to.key_field().column)
            }
        }
    }

    /// Follows a hop that reaches at most one row; `None` for one that can reach several.
    pub(crate) fn follow(&mut self, from: &str, hop: &Hop) -> Option<String> {
        match hop {
            Hop::One { column, to, to_column } => Some(self.join(from, column, &to.table, to_column)),
            Hop::Back { to, to_column, column, single: true } => Some(self.join(from, column, &to.table, to_column)),
            Hop::Back { .. } | Hop::Many { .. } => None,
        }
    }
}
