//! Statements on a connection.

use rusqlite::{Connection, ErrorCode, StatementStatus};

use super::super::sql::render;
use super::super::statement::{Arg, Cell, Compare, Cond, Delete, Expr, Statement, Update};
use super::super::{Answer, Dialect, Next, StoreError};
use super::bind::Bound;
use super::cell::read;
use super::classify::classify;
use super::lane::{Desk, Got, Job, Pace};
use crate::value::Value;

/// Rows get places for their many-to-many keys later: with room for them they need not move.
const SPARE: usize = 4;

/// A statement that takes so many steps on average is not begun where others would wait for it: some hundred microseconds.
const MANY_STEPS: u32 = 10_000;

/// Statements, and then those that their answers lead to.
pub(super) struct Trip {
    batch: Vec<Statement>,
    next: Option<Next>,
    answers: Vec<Answer>,
}

impl Trip {
    pub(super) fn new(batch: Vec<Statement>, next: Option<Next>) -> Trip {
        Trip { answers: Vec::with_capacity(batch.len()), batch, next }
    }

    fn is_one(&self) -> bool {
        self.batch.len() < 2 && self.next.is_none()
    }
}

impl Job for Trip {
    type Done = Vec<Answer>;

    fn go_on(&mut self, desk: &mut Desk, pace: Pace) -> Result<Got<Vec<Answer>>, StoreError> {
        loop {
            while let Some(statement) = self.batch.get(self.answers.len()) {
                match one(desk, statement, pace)? {
                    Got::Done(answer) => self.answers.push(answer),
                    Got::TooLong => return Ok(Got::TooLong),
                }
            }
            let Some(next) = self.next.take() else { return Ok(Got::Done(std::mem::take(&mut self.answers))) };
            self.batch.extend(next(&self.answers));
        }
    }
}

/// Questions that all see one state of the database.
pub(super) struct Snapshot {
    trip: Trip,
    open: bool,
}

impl Snapshot {
    pub(super) fn new(batch: Vec<Statement>, next: Option<Next>) -> Snapshot {
        Snapshot { trip: Trip::new(batch, next), open: false }
    }
}

impl Job for Snapshot {
    type Done = Vec<Answer>;

    fn go_on(&mut self, desk: &mut Desk, pace: Pace) -> Result<Got<Vec<Answer>>, StoreError> {
        if !self.open && self.trip.is_one() {
            return self.trip.go_on(desk, pace);
        }
        if !self.open {
            known(&desk.connection, "BEGIN")?;
            self.open = true;
        }
        let got = self.trip.go_on(desk, pace);
        if !matches!(got, Ok(Got::TooLong)) && known(&desk.connection, "COMMIT").is_err() {
            roll_back(&desk.connection);
        }
        got
    }
}

/// Ends a transaction, if there is one, without a trace. A commit that is refused at its end leaves it open.
pub(super) fn roll_back(connection: &Connection) {
    if !connection.is_autocommit()
        && let Err(error) = known(connection, "ROLLBACK")
    {
        tracing::error!(%error, "a transaction could not be rolled back");
    }
}

fn one(desk: &Desk, statement: &Statement, pace: Pace) -> Result<Got<Answer>, StoreError> {
    let (sql, args) = render(statement, Dialect::Sqlite);
    let mut prepared = desk.connection.prepare_cached(&sql).map_err(|error| classify(&error))?;
    let hasty = pace == Pace::Hasty;
    if hasty && (desk.is_late() || !is_short(statement, &prepared)) {
        return Ok(Got::TooLong);
    }
    if !hasty || !prepared.readonly() {
        // A write that is stopped takes the whole transaction with it, so it is not.
        return answer(&mut prepared, statement, &args).map(Got::Done).map_err(|error| classify(&error));
    }
    match desk.in_haste(|| answer(&mut prepared, statement, &args)) {
        Ok(answer) => Ok(Got::Done(answer)),
        Err(error) if error.sqlite_error_code() == Some(ErrorCode::OperationInterrupted) => Ok(Got::TooLong),
        Err(error) => Err(classify(&error)),
    }
}

/// Whether a statement may be begun where others wait for it: a question unless it took long before, and a write of one
/// row that was short before.
fn is_short(statement: &Statement, prepared: &rusqlite::Statement<'_>) -> bool {
    let count = |status| prepared.get_status(status).cast_unsigned();
    let runs = count(StatementStatus::Run);
    let short = count(StatementStatus::VmStep) / runs.max(1) < MANY_STEPS;
    let of_one_row = |filter: &Cond| matches!(filter, Cond::Compare(Expr::Column(_), Compare::Is, Expr::Arg(_)));
    short
        && match statement {
            Statement::Select(_) | Statement::Count(_) => true,
            Statement::Insert(_) => runs > 0,
            Statement::Update(Update { filter, .. }) | Statement::Delete(Delete { filter, .. }) => {
                runs > 0 && of_one_row(filter)
            }
        }
}

fn answer(prepared: &mut rusqlite::Statement<'_>, statement: &Statement, args: &[Arg]) -> rusqlite::Result<Answer> {
    let cells = statement.cells();
    bind(prepared, args)?;
    if cells.is_empty() {
        let touched = prepared.raw_execute()? as u64;
        return Ok(Answer { rows: Vec::new(), touched });
    }
    let rows = collect(prepared, |place| cells[place], cells.len())?;
    let touched = if matches!(statement, Statement::Insert(_)) { rows.len() as u64 } else { 0 };
    Ok(Answer { rows, touched })
}

/// A question in SQL, answered as the database has it.
pub(super) struct Query {
    pub(super) sql: &'static str,
    pub(super) args: Vec<Arg>,
}

impl Job for Query {
    type Done = Vec<Vec<Value>>;

    fn go_on(&mut self, desk: &mut Desk, _: Pace) -> Result<Got<Vec<Vec<Value>>>, StoreError> {
        let run = || -> rusqlite::Result<Vec<Vec<Value>>> {
            let mut prepared = desk.connection.prepare_cached(self.sql)?;
            bind(&mut prepared, &self.args)?;
            let width = prepared.column_count();
            collect(&mut prepared, |_| Cell::Any, width)
        };
        run().map(Got::Done).map_err(|error| classify(&error))
    }
}

/// Statements without arguments and answers, which are short.
pub(super) struct Simple(pub(super) String);

impl Job for Simple {
    type Done = ();

    fn go_on(&mut self, desk: &mut Desk, _: Pace) -> Result<Got<()>, StoreError> {
        simple(&desk.connection, &self.0).map(Got::Done)
    }
}

/// A statement that is run again and again, without arguments and answers.
pub(super) fn known(connection: &Connection, sql: &str) -> Result<(), StoreError> {
    let run = || connection.prepare_cached(sql)?.raw_execute();
    run().map(drop).map_err(|error| classify(&error))
}

fn simple(connection: &Connection, sql: &str) -> Result<(), StoreError> {
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
