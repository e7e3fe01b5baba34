//! Statements on a connection, all of them under way at once.

use deadpool_postgres::Client;
use futures_util::TryStreamExt as _;
use futures_util::future::join_all;
use tokio_postgres::{Row, Statement as Prepared};

use super::super::sql::render;
use super::super::statement::{Arg, Cell, Statement};
use super::super::{Answer, Dialect, StoreError};
use super::bind::Bound;
use super::cell::{Stored, fit};
use super::classify::classify;
use crate::value::Value;

/// How many prepared statements a connection keeps; the server holds each in memory.
const MOST_PREPARED: usize = 512;

/// One statement, ready to be sent.
struct Ready {
    prepared: Prepared,
    args: Vec<Arg>,
    cells: Vec<Cell>,
    adds: bool,
}

/// Runs a batch in one trip; the answer is the first failure, if there is one.
pub(super) async fn statements(client: &Client, batch: &[Statement]) -> Result<Vec<Answer>, StoreError> {
    let mut ready = Vec::with_capacity(batch.len());
    for statement in batch {
        let (sql, args) = render(statement, Dialect::Postgres);
        let prepared = prepare(client, &sql).await?;
        let adds = matches!(statement, Statement::Insert(_));
        ready.push(Ready { prepared, args, cells: statement.cells(), adds });
    }
    join_all(ready.iter().map(|one| answer(client, one))).await.into_iter().collect()
}

/// Rows of a question in SQL, as the database has them.
pub(super) async fn query(client: &Client, sql: &str, args: &[Arg]) -> Result<Vec<Vec<Value>>, StoreError> {
    let prepared = prepare(client, sql).await?;
    let rows = client.query_raw(&prepared, args.iter().map(Bound)).await.map_err(|error| failed(client, &error))?;
    let rows = rows.map_ok(|row| (0..row.len()).map(|place| cell(&row, place, Cell::Any)).collect::<Result<_, _>>());
    let rows: Vec<Result<_, _>> = rows.try_collect().await.map_err(|error| failed(client, &error))?;
    rows.into_iter().collect()
}

async fn prepare(client: &Client, sql: &str) -> Result<Prepared, StoreError> {
    if client.statement_cache.size() >= MOST_PREPARED {
        client.statement_cache.clear();
    }
    client.prepare_cached(sql).await.map_err(|error| failed(client, &error))
}

async fn answer(client: &Client, one: &Ready) -> Result<Answer, StoreError> {
    let args = one.args.iter().map(Bound);
    if one.cells.is_empty() {
        let touched = client.execute_raw(&one.prepared, args).await.map_err(|error| failed(client, &error))?;
        return Ok(Answer { rows: Vec::new(), touched });
    }
    let stream = client.query_raw(&one.prepared, args).await.map_err(|error| failed(client, &error))?;
    let mut stream = std::pin::pin!(stream);
    let mut rows = Vec::new();
    while let Some(row) = stream.try_next().await.map_err(|error| failed(client, &error))? {
        let values = one.cells.iter().enumerate().map(|(place, spelled)| cell(&row, place, *spelled));
        rows.push(values.collect::<Result<Vec<_>, _>>()?);
    }
    let touched = if one.adds { rows.len() as u64 } else { 0 };
    Ok(Answer { rows, touched })
}

fn cell(row: &Row, place: usize, spelled: Cell) -> Result<Value, StoreError> {
    let Stored(value) = row.try_get(place).map_err(|error| classify(&error))?;
    Ok(fit(value, spelled))
}

/// A statement prepared before its table changed is of no use any more, and the next try finds a new one.
fn failed(client: &Client, error: &tokio_postgres::Error) -> StoreError {
    if matches!(error.code().map(tokio_postgres::error::SqlState::code), Some("0A000" | "26000")) {
        client.statement_cache.clear();
    }
    classify(error)
}
