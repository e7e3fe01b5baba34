//! Transactions: questions on any reader, writes on the writer's thread alone.

use futures_util::future::BoxFuture;
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
    marks: usize,
    /// Whether something failed since the last mark. SQLite would go on, but other databases do not, and a program
    /// that went on would only be found out there.
    broken: bool,
}

impl WriteSession {
    pub(super) async fn begin(lane: Lane, turn: OwnedSemaphorePermit) -> Result<WriteSession, StoreError> {
        let mut session = WriteSession { lane, turn: Some(turn), marks: 0, broken: false };
        session.simple("BEGIN IMMEDIATE".to_owned()).await?;
        Ok(session)
    }

    /// Statements without arguments and answers.
    pub(super) async fn simple(&mut self, sql: String) -> Result<(), StoreError> {
        self.whole()?;
        let done = self.lane.call(move |connection| run::simple(connection, &sql)).await;
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
        Box::pin(async move {
            self.whole()?;
            let answers = self.lane.call(move |connection| run::statements(connection, &batch)).await;
            self.broken |= answers.is_err();
            answers
        })
    }

    fn run_then(&mut self, batch: Vec<Statement>, next: Next) -> BoxFuture<'_, Result<Vec<Answer>, StoreError>> {
        Box::pin(async move {
            self.whole()?;
            let answers = self.lane.call(move |connection| run::chain(connection, &batch, Some(next))).await;
            self.broken |= answers.is_err();
            answers
        })
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

    fn commit(mut self: Box<Self>) -> BoxFuture<'static, Result<(), StoreError>> {
        Box::pin(async move {
            self.whole()?;
            let turn = self.turn.take();
            let lane = self.lane.clone();
            let (reply, answer) = tokio::sync::oneshot::channel();
            // A commit that was asked for is made, even if nobody waits for the answer any more.
            lane.send(move |connection| {
                let ended = run::simple(connection, "COMMIT");
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

/// Ends a transaction, if there is one, without a trace. A commit that is refused at its end leaves it open.
fn roll_back(connection: &rusqlite::Connection) {
    if !connection.is_autocommit()
        && let Err(error) = run::simple(connection, "ROLLBACK")
    {
        tracing::error!(%error, "a transaction could not be rolled back");
    }
}
