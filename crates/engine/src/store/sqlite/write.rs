//! Transactions that write, one after another.

use std::time::Duration;

use futures_util::future::BoxFuture;
use rusqlite::{Connection, ErrorCode};
use tokio::sync::oneshot;

use super::super::marks::Marks;
use super::super::statement::Statement;
use super::super::{Answer, Next, Session, StoreError};
use super::LOCK_WAIT;
use super::classify::classify;
use super::lane::{Desk, Got, Job, Lane, Pace};
use super::run::{Simple, Trip, known, roll_back};
use super::turns::{self, Turn, Turns};

/// A transaction that holds the writer. Dropped at any moment, its thread rolls back after what it is doing.
pub(super) struct WriteSession {
    lane: Lane,
    turns: Turns,
    /// The turn to write; gone when the transaction has ended.
    turn: Option<Turn>,
    /// Whether it is short.
    brief: bool,
    /// Whether there was a trip: the transaction begins with the first, since each costs two changes of threads.
    begun: bool,
    marks: Marks,
}

impl WriteSession {
    /// A session of its own: what others have left to be committed together is committed before.
    pub(super) async fn alone(lane: &Lane, turns: &Turns) -> Result<WriteSession, StoreError> {
        let turn = turns::settle(turns.take().await?, lane).await?;
        Ok(WriteSession::new(lane, turns, turn, false))
    }

    /// A short session, whose commit may be one with those of others.
    pub(super) async fn brief(lane: &Lane, turns: &Turns) -> Result<WriteSession, StoreError> {
        Ok(WriteSession::new(lane, turns, turns.take().await?, true))
    }

    fn new(lane: &Lane, turns: &Turns, turn: Turn, brief: bool) -> WriteSession {
        let (lane, turns, turn) = (lane.clone(), turns.clone(), Some(turn));
        WriteSession { lane, turns, turn, brief, begun: false, marks: Marks::default() }
    }

    /// Statements without arguments and answers, however long they take.
    pub(super) async fn script(&mut self, sql: String) -> Result<(), StoreError> {
        let job = self.within(Simple(sql))?;
        let done = self.lane.call_aside(|| job).await;
        self.marks.noted(done)
    }

    /// Does a job within the transaction.
    async fn trip<J: Job>(&mut self, job: J) -> Result<J::Done, StoreError> {
        let job = self.within(job)?;
        let done = self.lane.call(job).await;
        self.marks.noted(done)
    }

    fn within<J: Job>(&mut self, job: J) -> Result<Within<J>, StoreError> {
        self.marks.whole()?;
        let shares = self.turn.as_ref().is_some_and(|turn| turn.is_open());
        self.begun = true;
        Ok(Within { shares, brief: self.brief, job })
    }

    /// Leaves the commit to those who wait for their turn, and waits for it.
    async fn join(mut self: Box<Self>, last: Vec<Statement>) -> Result<(), StoreError> {
        if !last.is_empty() || !self.begun {
            self.trip(Trip::new(last, None)).await?;
        }
        let (tell, told) = oneshot::channel();
        let (lane, turns) = (self.lane.clone(), self.turns.clone());
        let first = lane.call_here(|| Joining { tell: Some(tell), turn: self.turn.take() }).await?;
        if first {
            turns.settle_soon(lane);
        }
        told.await.unwrap_or_else(|_| Err(StoreError::Unavailable("the program ends before a commit".to_owned())))
    }

    /// Runs the last statements and commits. It waits for the disk. The turn stays with the session until the commit is
    /// on its way: a session that is given up before is undone.
    async fn end(mut self: Box<Self>, last: Vec<Statement>) -> Result<(), StoreError> {
        let last = self.within(Trip::new(last, None))?;
        let lane = self.lane.clone();
        lane.call_aside(|| Ending { last, turn: self.turn.take() }).await
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
            let sql = self.marks.set();
            self.trip(Simple(sql)).await?;
            self.marks.was_set();
            Ok(())
        })
    }

    fn undo(&mut self) -> BoxFuture<'_, Result<(), StoreError>> {
        Box::pin(async {
            let sql = self.marks.undo()?;
            self.trip(Simple(sql)).await
        })
    }

    fn keep(&mut self) -> BoxFuture<'_, Result<(), StoreError>> {
        Box::pin(async {
            let sql = self.marks.keep()?;
            self.trip(Simple(sql)).await
        })
    }

    fn commit(self: Box<Self>) -> BoxFuture<'static, Result<(), StoreError>> {
        self.commit_after(Vec::new())
    }

    fn commit_after(self: Box<Self>, last: Vec<Statement>) -> BoxFuture<'static, Result<(), StoreError>> {
        Box::pin(async move {
            self.marks.whole()?;
            if !self.begun && last.is_empty() {
                return Ok(());
            }
            match &self.turn {
                Some(turn) if self.brief && self.turns.may_share(turn) => self.join(last).await,
                _ => self.end(last).await,
            }
        })
    }
}

impl Drop for WriteSession {
    fn drop(&mut self) {
        if let Some(turn) = self.turn.take().filter(|_| self.begun) {
            self.lane.leave(Undoing { turn });
        }
    }
}

/// A job in a transaction, which it begins where that was not done.
struct Within<J> {
    /// Whether the transaction is part of another one, that of a group.
    shares: bool,
    brief: bool,
    job: J,
}

impl<J> Within<J> {
    /// Sees to it that the transaction is there. False if that takes longer than its pace allows.
    fn enter(&self, desk: &mut Desk, pace: Pace) -> Result<bool, StoreError> {
        if !desk.entered && !self.shares {
            // What a transaction that nobody ended has left is nobody's.
            roll_back(&desk.connection);
            keep_aside(desk, self.brief)?;
            desk.entered = begin(&desk.connection, pace)?;
            return Ok(desk.entered);
        }
        if desk.connection.is_autocommit() {
            // One that was begun and is gone was ended by SQLite itself: what follows must not stand alone.
            return Err(StoreError::Other("the transaction has ended".to_owned()));
        }
        if !desk.entered {
            known(&desk.connection, "SAVEPOINT turn")?;
            desk.entered = true;
        }
        Ok(true)
    }
}

impl<J: Job> Job for Within<J> {
    type Done = J::Done;

    fn go_on(&mut self, desk: &mut Desk, pace: Pace) -> Result<Got<J::Done>, StoreError> {
        match self.enter(desk, pace)? {
            true => self.job.go_on(desk, pace),
            false => Ok(Got::TooLong),
        }
    }
}

/// Says where the pages are kept that a savepoint may bring back: in memory for what is short, else in a file, for they
/// may be many.
fn keep_aside(desk: &mut Desk, brief: bool) -> Result<(), StoreError> {
    if desk.brief != brief {
        let place = if brief { "MEMORY" } else { "DEFAULT" };
        desk.connection.pragma_update(None, "temp_store", place).map_err(|error| classify(&error))?;
        desk.brief = brief;
    }
    Ok(())
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
    last: Within<Trip>,
    /// Given back when the job is gone, which is after the desk is free.
    turn: Option<Turn>,
}

impl Job for Ending {
    type Done = ();

    fn go_on(&mut self, desk: &mut Desk, pace: Pace) -> Result<Got<()>, StoreError> {
        let turn = self.turn.as_mut().ok_or_else(no_turn)?;
        let last = self.last.go_on(desk, pace);
        if let Ok(Got::Done(_)) = last {
            return turn.commit(desk).map(Got::Done);
        }
        turn.undo(desk);
        let too_long = || StoreError::Unavailable("the last statements took too long".to_owned());
        Err(last.err().unwrap_or_else(too_long))
    }
}

/// The end of a transaction whose commit is left to others. Whether it is the first of them.
struct Joining {
    tell: Option<oneshot::Sender<Result<(), StoreError>>>,
    /// Given back when the job is gone, which is after the desk is free.
    turn: Option<Turn>,
}

impl Job for Joining {
    type Done = bool;

    fn go_on(&mut self, desk: &mut Desk, _: Pace) -> Result<Got<bool>, StoreError> {
        let (turn, tell) = self.turn.as_mut().zip(self.tell.take()).ok_or_else(no_turn)?;
        let joined = turn.join(desk, tell);
        if joined.is_err() {
            turn.undo(desk);
        }
        joined.map(Got::Done)
    }
}

/// The end of a transaction that was given up, and of the turn to write.
struct Undoing {
    turn: Turn,
}

impl Job for Undoing {
    type Done = ();

    fn go_on(&mut self, desk: &mut Desk, _: Pace) -> Result<Got<()>, StoreError> {
        self.turn.undo(desk);
        Ok(Got::Done(()))
    }
}

fn no_turn() -> StoreError {
    StoreError::Other("a write had no turn".to_owned())
}
