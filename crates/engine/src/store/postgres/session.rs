//! Transactions: questions on any connection, writes on one connection of their own.

use std::time::Duration;

use deadpool_postgres::{Client, Object, Pool};
use futures_util::future::BoxFuture;
use tokio::sync::OwnedSemaphorePermit;

use super::super::marks::Marks;
use super::super::statement::Statement;
use super::super::{Answer, Session, StoreError};
use super::classify::{classify, pool as no_connection};
use super::run;

/// How long a rollback may take before the connection is given up.
const PATIENCE: Duration = Duration::from_secs(1);

/// Questions; each batch takes a connection for as long as it runs.
pub(super) struct ReadSession {
    pool: Pool,
}

impl ReadSession {
    pub(super) fn new(pool: Pool) -> ReadSession {
        ReadSession { pool }
    }
}

impl Session for ReadSession {
    fn run(&mut self, batch: Vec<Statement>) -> BoxFuture<'_, Result<Vec<Answer>, StoreError>> {
        Box::pin(async move {
            let client = self.pool.get().await.map_err(no_connection)?;
            run::statements(&client, &batch).await
        })
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

/// A transaction on a connection of its own.
pub(super) struct WriteSession {
    /// The connection; gone when the transaction has ended.
    client: Option<Client>,
    marks: Marks,
}

impl WriteSession {
    pub(super) async fn begin(pool: &Pool) -> Result<WriteSession, StoreError> {
        WriteSession::begin_as(pool, "BEGIN").await
    }

    async fn begin_as(pool: &Pool, sql: &str) -> Result<WriteSession, StoreError> {
        let client = pool.get().await.map_err(no_connection)?;
        let mut session = WriteSession { client: Some(client), marks: Marks::default() };
        session.simple(sql).await?;
        Ok(session)
    }

    /// Statements without arguments and answers.
    pub(super) async fn simple(&mut self, sql: &str) -> Result<(), StoreError> {
        self.marks.whole()?;
        let done = self.client()?.batch_execute(sql).await.map_err(|error| classify(&error));
        self.marks.noted(done)
    }

    fn client(&self) -> Result<&Client, StoreError> {
        self.client.as_ref().ok_or_else(|| StoreError::Other("the transaction has ended".to_owned()))
    }
}

impl Session for WriteSession {
    fn run(&mut self, batch: Vec<Statement>) -> BoxFuture<'_, Result<Vec<Answer>, StoreError>> {
        Box::pin(async move {
            self.marks.whole()?;
            let answers = run::statements(self.client()?, &batch).await;
            self.marks.noted(answers)
        })
    }

    fn mark(&mut self) -> BoxFuture<'_, Result<(), StoreError>> {
        Box::pin(async {
            let sql = self.marks.set();
            self.simple(&sql).await?;
            self.marks.was_set();
            Ok(())
        })
    }

    fn undo(&mut self) -> BoxFuture<'_, Result<(), StoreError>> {
        Box::pin(async {
            let sql = self.marks.undo()?;
            self.simple(&sql).await
        })
    }

    fn keep(&mut self) -> BoxFuture<'_, Result<(), StoreError>> {
        Box::pin(async {
            let sql = self.marks.keep()?;
            self.simple(&sql).await
        })
    }

    fn commit(mut self: Box<Self>) -> BoxFuture<'static, Result<(), StoreError>> {
        Box::pin(async move {
            self.marks.whole()?;
            self.simple("COMMIT").await?;
            self.client = None;
            Ok(())
        })
    }
}

/// Questions that all see one state of the database: a transaction that cannot write.
pub(super) struct SnapshotSession {
    within: Box<WriteSession>,
    _place: OwnedSemaphorePermit,
}

impl SnapshotSession {
    pub(super) async fn begin(pool: &Pool, place: OwnedSemaphorePermit) -> Result<SnapshotSession, StoreError> {
        let within = WriteSession::begin_as(pool, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await?;
        Ok(SnapshotSession { within: Box::new(within), _place: place })
    }
}

impl Session for SnapshotSession {
    fn run(&mut self, batch: Vec<Statement>) -> BoxFuture<'_, Result<Vec<Answer>, StoreError>> {
        self.within.run(batch)
    }
    fn mark(&mut self) -> BoxFuture<'_, Result<(), StoreError>> {
        self.within.mark()
    }
    fn undo(&mut self) -> BoxFuture<'_, Result<(), StoreError>> {
        self.within.undo()
    }
    fn keep(&mut self) -> BoxFuture<'_, Result<(), StoreError>> {
        self.within.keep()
    }
    fn commit(self: Box<Self>) -> BoxFuture<'static, Result<(), StoreError>> {
        self.within.commit()
    }
}

/// The connection goes back to the pool clean, or not at all.
impl Drop for WriteSession {
    fn drop(&mut self) {
        let Some(client) = self.client.take() else { return };
        let Ok(runtime) = tokio::runtime::Handle::try_current() else {
            drop(Object::take(client));
            return;
        };
        runtime.spawn(async move {
            let done = tokio::time::timeout(PATIENCE, client.batch_execute("ROLLBACK")).await;
            if !matches!(done, Ok(Ok(()))) {
                drop(Object::take(client));
            }
        });
    }
}
