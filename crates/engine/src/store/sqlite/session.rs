//! Transactions: questions on any reader, writes on the writer's thread alone.

use std::time::Duration;

use futures_util::future::BoxFuture;
use rusqlite::{Connection, ErrorCode};
use tokio::sync::OwnedSemaphorePermit;

use super::super::statement::Statement;
use super::super::{Answer, Next, Session, StoreError};
use super::LOCK_WAIT;
use super::classify::classify;
use super::lane::{Desk, Got, Job, Lane, Pace};
use super::run::{Simple, Snapshot, Trip, known, roll_back};

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

/// Questions that all see one state of the database, on a connection that is closed with it.
pub(super) struct SnapshotSession {
    lane: Lane,
    _place: OwnedSemaphorePermit,
}

impl SnapshotSession {
    pub(super) async fn begin(lane: Lane, place: OwnedSemaphorePermit) -> Result<SnapshotSession, StoreError> {
        lane.call_aside(|| Simple("BEGIN".to_owned())).await?;
        Ok(SnapshotSession { lane, _place: place })
    }
}

impl Session for SnapshotSession {
    fn run(&mut self, batch: Vec<Statement>) -> BoxFuture<'_, Result<Vec<Answer>, StoreError>> {
        Box::pin(self.lane.call_aside(|| Trip::new(batch, None)))
    }
    fn run_then(&mut self, batch: Vec<Statement>, next: Next) -> BoxFuture<'_, Result<Vec<Answer>, StoreError>> {
        Box::pin(self.lane.call_aside(|| Trip::new(batch, Some(next))))
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

    /// Statements without arguments and answers, however long they take.
    pub(super) async fn script(&mut self, sql: String) -> Result<(), StoreError> {
        let job = self.within(Simple(sql))?;
        let done = self.lane.call_aside(|| job).await;
        self.noted(done)
    }

    /// Does a job within the transaction.
    async fn trip<J: Job>(&mut self, job: J) -> Result<J::Done, StoreError> {
        let job = self.within(job)?;
        let done = self.lane.call(job).await;
        self.noted(done)
    }

    fn within<J: Job>(&mut self, job: J) -> Result<Within<J>, StoreError> {
        self.whole()?;
        Ok(Within { begun: std::mem::replace(&mut self.begun, true), job })
    }

    fn noted<T>(&mut self, done: Result<T, StoreError>) -> Result<T, StoreError> {
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
        Box::pin(self.trip(Trip::new(batch, None)))
    }

    fn run_then(&mut self, batch: Vec<Statement>, next: Next) -> BoxFuture<'_, Result<Vec<Answer>, StoreError>> {
        Box::pin(self.trip(Trip::new(batch, Some(next))))
    }

    fn mark(&mut self) -> BoxFuture<'_, Result<(), StoreError>> {
        Box::pin(async {
            self.trip(Simple(format!("SAVEPOINT mark_{}", self.marks))).await?;
            self.marks += 1;
            Ok(())
        })
    }

    fn undo(&mut self) -> BoxFuture<'_, Result<(), StoreError>> {
        Box::pin(async {
            let mark = self.take_mark()?;
            self.broken = false;
            self.trip(Simple(format!("ROLLBACK TO {mark}; RELEASE {mark}"))).await
        })
    }

    fn keep(&mut self) -> BoxFuture<'_, Result<(), StoreError>> {
        Box::pin(async {
            self.whole()?;
            let mark = self.take_mark()?;
            self.trip(Simple(format!("RELEASE {mark}"))).await
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
            let (lane, begun) = (self.lane.clone(), self.begun);
            // It waits for the disk. The turn stays with the session until the commit is on its way: a session that is
            // given up before is undone.
            let ending = || Ending { last: Trip::new(last, None), _turn: self.turn.take() };
            lane.call_aside(|| Within { begun, job: ending() }).await
        })
    }
}

impl Drop for WriteSession {
    fn drop(&mut self) {
        let turn = self.turn.take();
        if turn.is_some() && self.begun {
            self.lane.leave(Undoing { _turn: turn });
        }
    }
}

/// A job in a transaction, which it begins where that was not done.
struct Within<J> {
    begun: bool,
    job: J,
}

impl<J: Job> Job for Within<J> {
    type Done = J::Done;

    fn go_on(&mut self, desk: &mut Desk, pace: Pace) -> Result<Got<J::Done>, StoreError> {
        if !self.begun {
            // What a transaction that nobody ended has left is nobody's.
            roll_back(&desk.connection);
        }
        match (self.begun, desk.connection.is_autocommit()) {
            (false, _) if begin(&desk.connection, pace)? => self.begun = true,
            (false, _) => return Ok(Got::TooLong),
            (true, false) => {}
            // One that was begun and is gone was ended by SQLite itself: what follows must not stand alone.
            (true, true) => return Err(StoreError::Other("the transaction has ended".to_owned())),
        }
        self.job.go_on(desk, pace)
    }
}

/// Begins a transaction that writes. In haste it does not wait for another program that writes: false if there is one.
fn begin(connection: &Connection, pace: Pace) -> Result<bool, StoreError> {
    if pace == Pace::Steady {
        return known(connection, "BEGIN IMMEDIATE").map(|()| true);
    }
    let patience = |time| connection.busy_timeout(time).map_err(|error| classify(&error));
    patience(Duration::ZERO)?;
    let begun = connection.prepare_cached("BEGIN IMMEDIATE").and_then(|mut begin| begin.raw_execute());
    patience(LOCK_WAIT)?;
    match begun {
        Ok(_) => Ok(true),
        Err(error) if error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy) => Ok(false),
        Err(error) => Err(classify(&error)),
    }
}

/// The last statements and the commit.
struct Ending {
    last: Trip,
    /// Given back when the job is gone, which is after the desk is free.
    _turn: Option<OwnedSemaphorePermit>,
}

impl Job for Ending {
    type Done = ();

    fn go_on(&mut self, desk: &mut Desk, pace: Pace) -> Result<Got<()>, StoreError> {
        let ended = self.last.go_on(desk, pace).and_then(|_| known(&desk.connection, "COMMIT"));
        if ended.is_err() {
            roll_back(&desk.connection);
        }
        ended.map(Got::Done)
    }
}

/// The end of a transaction that was given up, and of the turn to write.
struct Undoing {
    _turn: Option<OwnedSemaphorePermit>,
}

impl Job for Undoing {
    type Done = ();

    fn go_on(&mut self, desk: &mut Desk, _: Pace) -> Result<Got<()>, StoreError> {
        roll_back(&desk.connection);
        Ok(Got::Done(()))
    }
}
