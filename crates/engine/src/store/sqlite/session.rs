//! Transactions: questions on any reader, writes on the writer's thread alone.

use futures_util::future::BoxFuture;
use rusqlite::Connection;
use tokio::sync::OwnedSemaphorePermit;

use super::super::statement::Statement;
use super::super::{Answer, Next, Session, StoreError};
use super::lane::Lane;
use super::run;

/// Questions. Every batch sees one state of the database.
pub(super) struct ReadSession {
    lane: Lane,
}

impl ReadSession {
    pub(super) fn new(lane: Lane) -> ReadSession {
        ReadSession { lane }
    }
}

impl Session for ReadSession {
    fn run(&mut self, batch: Vec<Statement>) -> BoxFuture<'_, Result<Vec<Answer>, StoreError>> {
        Box::pin(self.lane.call(move |connection| run::snapshot(connection, &batch, None)))
    }
    fn run_then(&mut self, batch: Vec<Statement>, next: Next) -> BoxFuture<'_, Result<Vec<Answer>, StoreError>> {
        Box::pin(self.lane.call(move |connection| run::snapshot(connection, &batch, Some(next))))
    }
    fn mark(&mut self) -> BoxFuture<'_, Result<(), StoreError>> {
        Box::pin(async { Ok(()) })
    }
    fn undo(&mut self) -> BoxFuture<'_, Result<(), StoreError>> {
        Box::pin(async { Ok(()) })
    }
    fn keep(&mut self) -> BoxFuture<'_, Result<(), StoreError>> {
        Box::pin(async { Ok(()) })
    }
    fn commit(self: Box<Self>) -> BoxFuture<'static, Result<(), StoreError>> {
        Box::pin(async { Ok(()) })
    }
}

/// Questions that all see one state of the database, on a connection that is closed with it.
pub(super) struct SnapshotSession {
    lane: Lane,
    _place: OwnedSemaphorePermit,
}

impl SnapshotSession {
    pub(super) async fn begin(lane: Lane, place: OwnedSemaphorePermit) -> Result<SnapshotSession, StoreError> {
        lane.call(|connection| run::simple(connection, "BEGIN")).await?;
        Ok(SnapshotSession { lane, _place: place })
    }
}

impl Session for SnapshotSession {
    fn run(&mut self, batch: Vec<Statement>) -> BoxFuture<'_, Result<Vec<Answer>, StoreError>> {
        Box::pin(self.lane.call(move |connection| run::statements(connection, &batch)))
    }
    fn run_then(&mut self, batch: Vec<Statement>, next: Next) -> BoxFuture<'_, Result<Vec<Answer>, StoreError>> {
        Box::pin(self.lane.call(move |connection| run::chain(connection, &batch, Some(next))))
    }
    fn mark(&mut self) -> BoxFuture<'_, Result<(), StoreError>> {
        Box::pin(async { Ok(()) })
    }
    fn undo(&mut self) -> BoxFuture<'_, Result<(), StoreError>> {
        Box::pin(async { Ok(()) })
    }
    fn keep(&mut self) -> BoxFuture<'_, Result<(), StoreError>> {
        Box::pin(async { Ok(()) })
    }
    fn commit(self: Box<Self>) -> BoxFuture<'static, Result<(), StoreError>> {
        Box::pin(async { Ok(()) })
    }
}

/// A transaction that holds the writer. Dropped at any moment, its thread rolls back after what it is doing.
pub(super) struct WriteSession {
    lane: Lane,
    /// The turn to write; gone when the transaction has ended.
    turn: Option<OwnedSemaphorePermit>,
    /// Whether the transaction was begun: it begins with the first trip, since each trip costs two changes of threads.
    begun: bool,
    marks: usize,
    /// Whether something failed since the last mark. SQLite would go on, but other databases do not, and a program
    /// that went on would only be found out there.
    broken: bool,
}

impl WriteSession {
    pub(super) fn new(lane: Lane, turn: OwnedSemaphorePermit) -> WriteSession {
        WriteSession { lane, turn: Some(turn), begun: false, marks: 0, broken: false }
    }

    /// Statements without arguments and answers.
    pub(super) async fn simple(&mut self, sql: String) -> Result<(), StoreError> {
        self.trip(move |connection| run::simple(connection, &sql)).await
    }

    /// Does a job within the transaction.
    async fn trip<T, F>(&mut self, job: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&mut Connection) -> Result<T, StoreError> + Send + 'static,
    {
        self.whole()?;
        let begun = std::mem::replace(&mut self.begun, true);
        let job = move |connection: &mut Connection| within(connection, begun).and_then(|()| job(connection));
        let done = self.lane.call(job).await;
        self.broken |= done.is_err();
        done
    }

    fn whole(&self) -> Result<(), StoreError> {
        if self.broken {
            return Err(StoreError::Other("a transaction in which something failed was to go on".to_owned()));
        }
        Ok(())
    }

    /// Takes the last mark's name.
    fn take_mark(&mut self) -> Result<String, StoreError> {
        if self.marks == 0 {
            return Err(StoreError::Other("there is no mark to return to".to_owned()));
        }
        self.marks -= 1;
        Ok(format!("mark_{}", self.marks))
    }
}

impl Session for WriteSession {
    fn run(&mut self, batch: Vec<Statement>) -> BoxFuture<'_, Result<Vec<Answer>, StoreError>> {
        Box::pin(self.trip(move |connection| run::statements(connection, &batch)))
    }

    fn run_then(&mut self, batch: Vec<Statement>, next: Next) -> BoxFuture<'_, Result<Vec<Answer>, StoreError>> {
        Box::pin(self.trip(move |connection| run::chain(connection, &batch, Some(next))))
    }

    fn mark(&mut self) -> BoxFuture<'_, Result<(), StoreError>> {
        Box::pin(async {
            self.simple(format!("SAVEPOINT mark_{}", self.marks)).await?;
            self.marks += 1;
            Ok(())
        })
    }

    fn undo(&mut self) -> BoxFuture<'_, Result<(), StoreError>> {
        Box::pin(async {
            let mark = self.take_mark()?;
            self.broken = false;
            self.simple(format!("ROLLBACK TO {mark}; RELEASE {mark}")).await
        })
    }

    fn keep(&mut self) -> BoxFuture<'_, Result<(), StoreError>> {
        Box::pin(async {
            self.whole()?;
            let mark = self.take_mark()?;
            self.simple(format!("RELEASE {mark}")).await
        })
    }

    fn commit(self: Box<Self>) -> BoxFuture<'static, Result<(), StoreError>> {
        self.commit_after(Vec::new())
    }

    fn commit_after(mut self: Box<Self>, last: Vec<Statement>) -> BoxFuture<'static, Result<(), StoreError>> {
        Box::pin(async move {
            self.whole()?;
            if !self.begun && last.is_empty() {
                return Ok(());
            }
            let (turn, begun) = (self.turn.take(), self.begun);
            let lane = self.lane.clone();
            let (reply, answer) = tokio::sync::oneshot::channel();
            // A commit that was asked for is made, even if nobody waits for the answer any more.
            lane.send(move |connection| {
                let ended = within(connection, begun)
                    .and_then(|()| run::statements(connection, &last))
                    .and_then(|_| run::simple(connection, "COMMIT"));
                if ended.is_err() {
                    roll_back(connection);
                }
                drop(turn);
                let _ = reply.send(ended);
            });
            answer.await.unwrap_or_else(|_| Err(StoreError::Other("a commit ended without an answer".to_owned())))
        })
    }
}

impl Drop for WriteSession {
    fn drop(&mut self) {
        if let Some(turn) = self.turn.take() {
            self.lane.send(move |connection| {
                roll_back(connection);
                drop(turn);
            });
        }
    }
}

/// Begins the transaction where that was not done. One that was begun and is gone was ended by SQLite itself: what
/// follows must not stand alone.
fn within(connection: &Connection, begun: bool) -> Result<(), StoreError> {
    match (begun, connection.is_autocommit()) {
        (false, _) => run::simple(connection, "BEGIN IMMEDIATE"),
        (true, false) => Ok(()),
        (true, true) => Err(StoreError::Other("the transaction has ended".to_owned())),
    }
}

/// Ends a transaction, if there is one, without a trace. A commit that is refused at its end leaves it open.
fn roll_back(connection: &Connection) {
    if !connection.is_autocommit()
        && let Err(error) = run::simple(connection, "ROLLBACK")
    {
        tracing::error!(%error, "a transaction could not be rolled back");
    }
}
