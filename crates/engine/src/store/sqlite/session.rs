//! Transactions: questions on any reader, writes on the writer's thread alone.

use futures_util::future::BoxFuture;
use tokio::sync::OwnedSemaphorePermit;

use super::super::statement::Statement;
use super::super::{Answer, Session, StoreError};
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
        Box::pin(self.lane.call(move |connection| run::snapshot(connection, &batch)))
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
}

impl WriteSession {
    pub(super) async fn begin(lane: Lane, turn: OwnedSemaphorePermit) -> Result<WriteSession, StoreError> {
        let session = WriteSession { lane, turn: Some(turn), marks: 0 };
        session.simple("BEGIN IMMEDIATE".to_owned()).await?;
        Ok(session)
    }

    async fn simple(&self, sql: String) -> Result<(), StoreError> {
        self.lane.call(move |connection| run::simple(connection, &sql)).await
    }

    /// The name of the last mark.
    fn last(&self) -> Result<String, StoreError> {
        if self.marks == 0 {
            return Err(StoreError::Other("there is no mark to return to".to_owned()));
        }
        Ok(format!("mark_{}", self.marks))
    }
}

impl Session for WriteSession {
    fn run(&mut self, batch: Vec<Statement>) -> BoxFuture<'_, Result<Vec<Answer>, StoreError>> {
        Box::pin(self.lane.call(move |connection| run::statements(connection, &batch)))
    }

    fn mark(&mut self) -> BoxFuture<'_, Result<(), StoreError>> {
        self.marks += 1;
        Box::pin(self.simple(format!("SAVEPOINT mark_{}", self.marks)))
    }

    fn undo(&mut self) -> BoxFuture<'_, Result<(), StoreError>> {
        Box::pin(async {
            let mark = self.last()?;
            self.marks -= 1;
            self.simple(format!("ROLLBACK TO {mark}; RELEASE {mark}")).await
        })
    }

    fn keep(&mut self) -> BoxFuture<'_, Result<(), StoreError>> {
        Box::pin(async {
            let mark = self.last()?;
            self.marks -= 1;
            self.simple(format!("RELEASE {mark}")).await
        })
    }

    fn commit(mut self: Box<Self>) -> BoxFuture<'static, Result<(), StoreError>> {
        Box::pin(async move {
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
