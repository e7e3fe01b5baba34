//! Transactions that only ask: each batch on any reader, or all on a connection of their own.

use futures_util::future::BoxFuture;
use tokio::sync::OwnedSemaphorePermit;

use super::super::statement::Statement;
use super::super::{Answer, Next, Session, StoreError};
use super::lane::{Desk, Lane};
use super::run::{Snapshot, Trip, known};

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
        Box::pin(self.lane.call(Snapshot::new(batch, None)))
    }
    fn run_then(&mut self, batch: Vec<Statement>, next: Next) -> BoxFuture<'_, Result<Vec<Answer>, StoreError>> {
        Box::pin(self.lane.call(Snapshot::new(batch, Some(next))))
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

/// Questions that all see one state of the database, on a connection that is closed with it. They are answered on the
/// thread that asks, however long that takes.
pub(super) struct SnapshotSession {
    desk: Desk,
    _place: OwnedSemaphorePermit,
}

impl SnapshotSession {
    pub(super) fn begin(desk: Desk, place: OwnedSemaphorePermit) -> Result<SnapshotSession, StoreError> {
        known(&desk.connection, "BEGIN")?;
        Ok(SnapshotSession { desk, _place: place })
    }
}

impl Session for SnapshotSession {
    fn run(&mut self, batch: Vec<Statement>) -> BoxFuture<'_, Result<Vec<Answer>, StoreError>> {
        Box::pin(async { self.desk.finish(&mut Trip::new(batch, None)) })
    }
    fn run_then(&mut self, batch: Vec<Statement>, next: Next) -> BoxFuture<'_, Result<Vec<Answer>, StoreError>> {
        Box::pin(async { self.desk.finish(&mut Trip::new(batch, Some(next))) })
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
