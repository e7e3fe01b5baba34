//! Writes that share a commit: each is told the truth, and none harms another.

use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt;
use tokio::task::{JoinHandle, yield_now};

use super::super::Sqlite;
use super::super::tests::Nap;
use super::super::write::WriteSession;
use crate::store::scenarios::{self, near};
use crate::store::statement::{Arg, Cell, Insert, Statement};
use crate::store::{Mode, Session, Store, StoreError};
use crate::value::Value;

async fn fresh() -> Arc<Sqlite> {
    let store = Sqlite::in_memory().expect("a temporary file can be made");
    store.script(scenarios::SQLITE_TABLES).await.unwrap();
    store
}

/// The keys of the rows that are there for everybody.
async fn seen(store: &Sqlite) -> Vec<i64> {
    let rows = store.catalogue("SELECT id FROM near ORDER BY id", Vec::new()).await.unwrap();
    rows.into_iter().filter_map(|row| row[0].as_int()).collect()
}

fn row(id: i64) -> Vec<Statement> {
    vec![Statement::Insert(near(id, &format!("n{id}")))]
}

/// A row whose foreign key is broken, which a commit finds out.
fn stray() -> Vec<Statement> {
    let value = |value| Arg { value: Value::Int(value), cell: Cell::Int };
    let values = vec![("id".to_owned(), value(1)), ("near_id".to_owned(), value(99))];
    vec![Statement::Insert(Insert { table: "far".to_owned(), values, ..Insert::default() })]
}

async fn begun(store: &Sqlite, batch: Vec<Statement>) -> Box<dyn Session> {
    let mut session = store.begin(Mode::Brief).await.unwrap();
    session.run(batch).await.unwrap();
    session
}

/// Somebody who queues for a turn, writes, and tells what they saw when they were told of the commit.
async fn queued(store: &Arc<Sqlite>, batch: Vec<Statement>) -> JoinHandle<Result<Vec<i64>, StoreError>> {
    let store = store.clone();
    let task = tokio::spawn(async move {
        let mut session = store.begin(Mode::Brief).await?;
        session.run(batch).await?;
        session.commit().await?;
        Ok(seen(&store).await)
    });
    yield_now().await;
    task
}

#[tokio::test]
async fn short_writes_share_a_commit() {
    let store = fresh().await;
    let first = begun(&store, row(1)).await;
    let others = [queued(&store, row(2)).await, queued(&store, row(3)).await];
    first.commit().await.unwrap();
    assert_eq!(seen(&store).await, [1, 2, 3]);
    for other in others {
        assert_eq!(other.await.unwrap().unwrap(), [1, 2, 3], "who is told of success is told when all is there");
    }
}

#[tokio::test]
async fn who_fails_or_gives_up_undoes_nothing_of_others() {
    let store = fresh().await;
    let first = begun(&store, row(1)).await;
    let twice = queued(&store, [row(2), row(2)].concat()).await;
    let kept = queued(&store, row(3)).await;
    let away = store.clone();
    let given_up = tokio::spawn(async move { drop(begun(&away, row(4)).await) });
    yield_now().await;
    let last = queued(&store, row(5)).await;
    first.commit().await.unwrap();
    assert!(matches!(twice.await.unwrap(), Err(StoreError::Unique { .. })));
    assert!(kept.await.unwrap().is_ok() && last.await.unwrap().is_ok());
    given_up.await.unwrap();
    assert_eq!(seen(&store).await, [1, 3, 5]);
}

#[tokio::test]
async fn a_long_write_begins_after_the_commit_of_those_before() {
    let store = fresh().await;
    let first = begun(&store, row(1)).await;
    let long = store.clone();
    let long = tokio::spawn(async move {
        let mut session = long.begin(Mode::Write).await.unwrap();
        let before = seen(&long).await;
        session.run(row(2)).await.unwrap();
        before
    });
    yield_now().await;
    first.commit().await.unwrap();
    assert_eq!(long.await.unwrap(), [1], "what it gives up afterwards is its own");
    assert_eq!(seen(&store).await, [1]);
}

#[tokio::test]
async fn a_long_write_commits_alone() {
    let store = fresh().await;
    let mut long = store.begin(Mode::Write).await.unwrap();
    long.run(row(1)).await.unwrap();
    let others = [queued(&store, stray()).await, queued(&store, row(2)).await];
    long.commit().await.unwrap();
    assert_eq!(seen(&store).await, [1], "what others do wrong is nothing to it");
    for other in others {
        assert!(other.await.unwrap().is_err());
    }
}

#[tokio::test]
async fn who_never_began_undoes_nothing_of_others() {
    let store = fresh().await;
    let first = begun(&store, row(1)).await;
    let second = queued(&store, row(2)).await;
    let away = store.clone();
    let away = tokio::spawn(async move {
        let mut session = Box::new(WriteSession::brief(&away.write, &away.turns).await.unwrap());
        drop(session.run(row(3)));
        drop(session);
        let mut session = Box::new(WriteSession::brief(&away.write, &away.turns).await.unwrap());
        // The first trip is given up while it waits for the connection.
        let held = away.write.clone();
        let nap = tokio::spawn(async move { held.call_aside(|| Nap).await });
        yield_now().await;
        assert!(session.run(row(4)).now_or_never().is_none());
        nap.await.unwrap().unwrap();
    });
    yield_now().await;
    first.commit().await.unwrap();
    away.await.unwrap();
    assert!(second.await.unwrap().is_ok());
    assert_eq!(seen(&store).await, [1, 2]);
}

#[tokio::test]
async fn refusals_part_writes_for_longer_each_time() {
    let store = fresh().await;
    let mut turn = store.turns.take().await.unwrap();
    let mut times = Vec::new();
    for _ in 0..8 {
        turn.part();
        times.extend(turn.apart.map(|(_, time)| time.as_secs()));
    }
    assert_eq!(times, [60, 120, 240, 480, 960, 1920, 3600, 3600]);
    assert!(!store.turns.may_share(&turn));
}

#[tokio::test]
async fn who_stops_waiting_takes_nobody_along() {
    let store = fresh().await;
    let first = begun(&store, row(1)).await;
    let others = [queued(&store, row(2)).await, queued(&store, row(3)).await];
    let first = tokio::spawn(first.commit());
    yield_now().await;
    first.abort();
    others[0].abort();
    let [_, last] = others;
    assert!(last.await.unwrap().is_ok());
    assert!(seen(&store).await.contains(&3));
    // Nothing is left open: another program may write.
    let other = rusqlite::Connection::open(&store.path).unwrap();
    other.busy_timeout(Duration::ZERO).unwrap();
    other.execute_batch("BEGIN IMMEDIATE; ROLLBACK").unwrap();
}

#[tokio::test]
async fn a_group_that_everybody_left_is_closed() {
    let store = fresh().await;
    let first = begun(&store, row(1)).await;
    let other = queued(&store, row(2)).await;
    let first = tokio::spawn(first.commit());
    yield_now().await;
    first.abort();
    other.abort();
    let mut session = store.begin(Mode::Brief).await.unwrap();
    session.run(row(3)).await.unwrap();
    session.commit().await.unwrap();
    assert!(seen(&store).await.contains(&3));
    assert!(store.turns.take().await.unwrap().members.is_empty());
}

#[tokio::test]
async fn a_refused_commit_is_told_to_all_and_then_to_its_cause() {
    let store = fresh().await;
    let first = begun(&store, row(1)).await;
    let others = [queued(&store, stray()).await, queued(&store, row(2)).await];
    assert!(matches!(first.commit().await, Err(StoreError::Unavailable(_))));
    for other in others {
        assert!(matches!(other.await.unwrap(), Err(StoreError::Unavailable(_))));
    }
    assert!(seen(&store).await.is_empty());
    // Asked again, as the reply says, each is on its own.
    let first = begun(&store, row(1)).await;
    let others = [queued(&store, stray()).await, queued(&store, row(2)).await];
    first.commit().await.unwrap();
    let [stray, last] = others;
    assert!(matches!(stray.await.unwrap(), Err(StoreError::ForeignKey)));
    assert!(last.await.unwrap().is_ok());
    assert_eq!(seen(&store).await, [1, 2]);
}

#[tokio::test]
async fn a_transaction_that_the_database_ends_is_told_to_those_who_share_it() {
    let store = fresh().await;
    let first = begun(&store, row(1)).await;
    let ending = store.clone();
    let ending = tokio::spawn(async move {
        let mut session = WriteSession::brief(&ending.write, &ending.turns).await.unwrap();
        // As SQLite does when a disk is full.
        session.script("ROLLBACK".to_owned()).await.unwrap();
        session.run(row(2)).await
    });
    yield_now().await;
    assert!(matches!(first.commit().await, Err(StoreError::Unavailable(_))));
    assert!(ending.await.unwrap().is_err());
    assert!(seen(&store).await.is_empty());
}

#[tokio::test]
async fn marks_within_a_shared_commit() {
    let store = fresh().await;
    let first = begun(&store, row(1)).await;
    let marking = store.clone();
    let marking = tokio::spawn(async move {
        let mut session = begun(&marking, row(2)).await;
        session.mark().await.unwrap();
        session.run(row(3)).await.unwrap();
        assert!(session.run(row(1)).await.is_err());
        session.undo().await.unwrap();
        session.commit_after(row(4)).await
    });
    yield_now().await;
    first.commit().await.unwrap();
    marking.await.unwrap().unwrap();
    assert_eq!(seen(&store).await, [1, 2, 4]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn what_was_acknowledged_is_there_and_nothing_else() {
    let store = fresh().await;
    let writers = (0..400).map(|id| {
        let store = store.clone();
        tokio::spawn(async move {
            let mode = if id % 13 == 0 { Mode::Write } else { Mode::Brief };
            let mut session = store.begin(mode).await.unwrap();
            let batch = if id % 5 == 0 { [row(id), row(id)].concat() } else { row(id) };
            session.run(batch).await.ok()?;
            if id % 7 == 0 {
                return None;
            }
            session.commit().await.ok().map(|()| id)
        })
    });
    let writers: Vec<_> = writers.collect();
    let mut told = Vec::new();
    for writer in writers {
        told.extend(writer.await.unwrap());
    }
    let expected: Vec<i64> = (0..400).filter(|id| id % 5 != 0 && id % 7 != 0).collect();
    assert_eq!(told, expected);
    assert_eq!(seen(&store).await, expected);
}
