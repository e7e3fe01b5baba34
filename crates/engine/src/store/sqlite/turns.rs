//! Turns to write, and commits that several short writes share.
//!
//! One after another has the writing connection for itself. If each waited for the disk at its end, the others would wait
//! for the disk as often as they are many. So a short write that ends while others wait for their turn leaves its commit
//! to a task that queues behind them; what they write meanwhile goes with the same commit, each within a savepoint, so
//! that who fails undoes nothing of others. Nobody is told of success before the commit.

#[cfg(test)]
mod tests;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use tokio::sync::{Mutex, OwnedMutexGuard, oneshot};

use super::super::StoreError;
use super::lane::{Desk, Got, Job, Lane, Pace};
use super::run::{known, roll_back};

/// So many writes share a commit at most: more would make the journal's last part large and the first of them wait.
const MOST: usize = 64;

/// How long everybody commits alone after a shared commit was refused: until then, whose fault it was comes out. Twice as
/// long each time that it happens again, so that nobody can keep harming others.
const APART: Duration = Duration::from_secs(60);
const MOST_APART: Duration = Duration::from_secs(3_600);

/// The queue of those who want to write.
#[derive(Debug, Clone)]
pub(super) struct Turns {
    group: Arc<Mutex<Group>>,
    waiting: Arc<AtomicUsize>,
    /// How long somebody waits.
    patience: Duration,
}

/// The turn to write: whoever has it is the only one who uses the connection and sees the group.
pub(super) type Turn = OwnedMutexGuard<Group>;

/// Writes that are done but not committed.
#[derive(Debug, Default)]
pub(super) struct Group {
    members: Vec<oneshot::Sender<Result<(), StoreError>>>,
    /// Until when everybody commits alone, and for how long that was.
    apart: Option<(Instant, Duration)>,
}

impl Turns {
    pub(super) fn new(patience: Duration) -> Turns {
        Turns { group: Arc::default(), waiting: Arc::default(), patience }
    }

    /// Waits for a turn: whoever came first gets it first.
    pub(super) async fn take(&self) -> Result<Turn, StoreError> {
        if let Ok(turn) = self.group.clone().try_lock_owned() {
            return Ok(turn);
        }
        let _waiting = Waiting::new(&self.waiting);
        let turn = tokio::time::timeout(self.patience, self.group.clone().lock_owned()).await;
        turn.map_err(|_| StoreError::Unavailable("other writes take too long".to_owned()))
    }

    /// Whether a write that ends now leaves its commit to others. It is only cheaper: nothing depends on whether those
    /// who wait stay until their turn.
    pub(super) fn may_share(&self, turn: &Turn) -> bool {
        let alone = turn.apart.is_some_and(|(until, _)| Instant::now() < until);
        !alone && turn.members.len() < MOST && self.waiting.load(Ordering::Relaxed) > 0
    }

    /// Commits the group when those have had their turn who wait for it now.
    pub(super) fn settle_soon(&self, lane: Lane) {
        let group = self.group.clone();
        tokio::spawn(async move {
            let turn = group.lock_owned().await;
            // Its members hear how it went.
            let _ = settle(turn, &lane).await;
        });
    }
}

/// Commits the group, if there is one, and gives the turn back.
pub(super) async fn settle(turn: Turn, lane: &Lane) -> Result<Turn, StoreError> {
    if turn.members.is_empty() {
        return Ok(turn);
    }
    lane.call_aside(|| Settling { turn: Some(turn) }).await
}

/// Counts somebody among those who wait.
struct Waiting<'a>(&'a AtomicUsize);

impl Waiting<'_> {
    fn new(count: &AtomicUsize) -> Waiting<'_> {
        count.fetch_add(1, Ordering::Relaxed);
        Waiting(count)
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Group {
    /// Whether there are writes that a transaction begun now would be committed with.
    pub(super) fn is_open(&self) -> bool {
        !self.members.is_empty()
    }

    /// Takes what was written in this turn into the group. Whether it is the group's first.
    pub(super) fn join(
        &mut self,
        desk: &mut Desk,
        member: oneshot::Sender<Result<(), StoreError>>,
    ) -> Result<bool, StoreError> {
        let first = self.members.is_empty();
        if !first {
            known(&desk.connection, "RELEASE turn")?;
        }
        desk.entered = false;
        self.members.push(member);
        Ok(first)
    }

    /// Commits what was written in this turn and by the group.
    pub(super) fn commit(&mut self, desk: &mut Desk) -> Result<(), StoreError> {
        desk.entered = false;
        let Err(error) = known(&desk.connection, "COMMIT") else {
            self.tell(|| Ok(()));
            return Ok(());
        };
        roll_back(&desk.connection);
        if self.members.is_empty() {
            return Err(error);
        }
        self.part();
        self.tell(|| Err(refused(&error)));
        Err(refused(&error))
    }

    /// Undoes what was written in this turn, if anything was. What the group wrote stays, unless SQLite has undone it
    /// already.
    pub(super) fn undo(&mut self, desk: &mut Desk) {
        let entered = std::mem::replace(&mut desk.entered, false);
        let connection = &desk.connection;
        let within = || known(connection, "ROLLBACK TO turn").and_then(|()| known(connection, "RELEASE turn"));
        let stays = self.is_open() && !connection.is_autocommit() && (!entered || within().is_ok());
        if stays {
            return;
        }
        roll_back(connection);
        if self.is_open() {
            self.part();
            self.tell(|| Err(refused("another write ended their transaction")));
        }
    }

    /// Lets everybody commit alone for a while.
    fn part(&mut self) {
        let now = Instant::now();
        let recently = self.apart.filter(|(until, _)| now.saturating_duration_since(*until) < MOST_APART);
        let time = recently.map_or(APART, |(_, time)| (time * 2).min(MOST_APART));
        self.apart = Some((now + time, time));
    }

    fn tell(&mut self, outcome: impl Fn() -> Result<(), StoreError>) {
        for member in self.members.drain(..) {
            // Somebody may have stopped waiting.
            let _ = member.send(outcome());
        }
    }
}

/// What everybody hears whose shared commit did not happen: nobody knows whose fault it was, and alone it comes out.
fn refused(why: impl std::fmt::Display) -> StoreError {
    StoreError::Unavailable(format!("writes that were to be committed together were not: {why}"))
}

/// The commit of a group, by somebody who is not of it.
struct Settling {
    turn: Option<Turn>,
}

impl Job for Settling {
    type Done = Turn;

    fn go_on(&mut self, desk: &mut Desk, _: Pace) -> Result<Got<Turn>, StoreError> {
        let lost = || StoreError::Other("a turn to write was used twice".to_owned());
        let mut turn = self.turn.take().ok_or_else(lost)?;
        // Its members hear of it; for who waits behind them it is no failure.
        let _ = turn.commit(desk);
        Ok(Got::Done(turn))
    }
}
