//! Statements on a connection.

use rusqlite::Connection;

use super::super::sql::render;
use super::super::statement::{Arg, Cell, Statement};
use super::super::{Answer, Dialect, Next, StoreError};
use super::bind::Bound;
use super::cell::read;
use super::classify::classify;
use crate::value::Value;

/// Rows get places for their many-to-many keys later: with room for them they need not move.
const SPARE: usize = 4;

/// Runs questions, and those that their answers lead to, so that all see one state of the database.
pub(super) fn snapshot(
    connection: &mut Connection,
    batch: &[Statement],
    next: Option<Next>,
) -> Result<Vec<Answer>, StoreError> {
    if batch.len() < 2 && next.is_none() {
        return statements(connection, batch);
    }
    known(connection, "BEGIN")?;
    let answers = chain(connection, batch, next);
    let ended = known(connection, "COMMIT");
    if ended.is_err() && !connection.is_autocommit() {
        simple(connection, "ROLLBACK")?;
    }
    answers
}

/// Runs statements, and then those that their answers lead to.
pub(super) fn chain(
    connection: &Connection,
    batch: &[Statement],
    next: Option<Next>,
) -> Result<Vec<Answer>, StoreError> {
    let mut answers = statements(connection, batch)?;
    if let Some(next) = next {
        answers.extend(statements(connection, &next(&answers))?);
    }
    Ok(answers)
}

/// Runs statements in order, until one fails.
pub(super) fn statements(connection: &Connection, batch: &[Statement]) -> Result<Vec<Answer>, StoreError> {
    batch.iter().map(|statement| one(connection, statement)).collect()
}

fn one(connection: &Connection, statement: &Statement) -> Result<Answer, StoreError> {
    let (sql, args) = render(statement, Dialect::Sqlite);
    let cells = statement.cells();
    let run = || -> rusqlite::Result<Answer> {
        let mut prepared = connection.prepare_cached(&sql)?;
        bind(&mut prepared, &args)?;
        if cells.is_empty() {
            let touched = prepared.raw_execute()? as u64;
            return Ok(Answer { rows: Vec::new(), touched });
        }
        let rows = collect(&mut prepared, |place| cells[place], cells.len())?;
        let touched = if matches!(statement, Statement::Insert(_)) { rows.len() as u64 } else { 0 };
        Ok(Answer { rows, touched })
    };
    run().map_err(|error| classify(&error))
}

/// Rows of a question in SQL, as the database has them.
pub(super) fn query(connection: &Connection, sql: &str, args: &[Arg]) -> Result<Vec<Vec<Value>>, StoreError> {
    let run = || -> rusqlite::Result<Vec<Vec<Value>>> {
        let mut prepared = connection.prepare_cached(sql)?;
        bind(&mut prepared, args)?;
        let width = prepared.column_count();
        collect(&mut prepared, |_| Cell::Any, width)
    };
    run().map_err(|error| classify(&error))
}

/// A statement that is run again and again, without arguments and answers.
fn known(connection: &Connection, sql: &str) -> Result<(), StoreError> {
    let run = || connection.prepare_cached(sql)?.raw_execute();
    run().map(drop).map_err(|error| classify(&error))
}

/// Statements without arguments and answers.
pub(super) fn simple(connection: &Connection, sql: &str) -> Result<(), StoreError> {
    connection.execute_batch(sql).map_err(|error| classify(&error))
}

fn bind(prepared: &mut rusqlite::Statement<'_>, args: &[Arg]) -> rusqlite::Result<()> {
    for (place, arg) in args.iter().enumerate() {
        prepared.raw_bind_parameter(place + 1, Bound(arg))?;
    }
    Ok(())
}

fn collect(
    prepared: &mut rusqlite::Statement<'_>,
    cell: impl Fn(usize) -> Cell,
    width: usize,
) -> rusqlite::Result<Vec<Vec<Value>>> {
    let mut answer = Vec::new();
    let mut rows = prepared.raw_query();
    while let Some(row) = rows.next()? {
        let mut values = Vec::with_capacity(width + SPARE);
        for place in 0..width {
            values.push(read(row.get_ref(place)?, cell(place)));
        }
        answer.push(values);
    }
    Ok(answer)
}
