//! Connections, and the threads that work on them when something takes long.
//!
//! Most questions of an admin take SQLite less time than it takes to wake a thread and be woken by it. So what is asked
//! is begun where it is asked, and goes on a thread if it turns out to take longer ([`HASTE`]).

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use rusqlite::Connection;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot};

use super::super::StoreError;
use super::classify::classify;

/// How long a question may keep a thread of the server's from its other requests; about what three changes of threads
/// take.
const HASTE: Duration = Duration::from_micros(300);

/// How many steps SQLite takes between two looks at the clock: some ten microseconds of work.
const STEPS: std::ffi::c_int = 1_000;

/// How long a job may go on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Pace {
    /// [`HASTE`]: other requests wait meanwhile.
    Hasty,
    /// As long as a batch of statements may take.
    Steady,
}

/// How far a job got.
pub(super) enum Got<T> {
    /// It is done.
    Done(T),
    /// It takes longer than its pace allows, and goes on where it stopped when it is called again.
    TooLong,
}

/// Something to do on a connection.
pub(super) trait Job: Send + 'static {
    /// What comes of it.
    type Done: Send + 'static;
    /// Does it, or goes on with it.
    fn go_on(&mut self, desk: &mut Desk, pace: Pace) -> Result<Got<Self::Done>, StoreError>;
}

/// A connection and how long it may be worked on.
#[derive(Debug)]
pub(super) struct Desk {
    pub(super) connection: Connection,
    /// Whether the connection is set up for short writes.
    pub(super) brief: bool,
    /// Whether who has the turn to write has begun.
    pub(super) entered: bool,
    limit: Duration,
    clock: Instant,
    /// When the present job has taken as long as others may wait for it, in microseconds of the clock.
    soon: u64,
    /// When what is running is stopped.
    deadline: Arc<AtomicU64>,
}

impl Desk {
    pub(super) fn new(mut connection: Connection, limit: Duration) -> Result<Desk, StoreError> {
        let (clock, deadline) = (Instant::now(), Arc::new(AtomicU64::new(u64::MAX)));
        let late = deadline.clone();
        let watch = move || micros(clock.elapsed()) > late.load(Ordering::Relaxed);
        connection.progress_handler(STEPS, Some(watch)).map_err(|error| classify(&error))?;
        Ok(Desk { connection, brief: false, entered: false, limit, clock, soon: 0, deadline })
    }

    /// Whether others have waited long enough for this job.
    pub(super) fn is_late(&self) -> bool {
        micros(self.clock.elapsed()) > self.soon
    }

    /// Does what is stopped when others have waited long enough.
    pub(super) fn in_haste<T>(&self, act: impl FnOnce() -> T) -> T {
        let limit = self.deadline.swap(self.soon, Ordering::Relaxed);
        let done = act();
        self.deadline.store(limit, Ordering::Relaxed);
        done
    }

    fn work<J: Job>(&mut self, job: &mut J, pace: Pace) -> Result<Got<J::Done>, StoreError> {
        let now = micros(self.clock.elapsed());
        self.soon = now.saturating_add(micros(HASTE));
        self.deadline.store(now.saturating_add(micros(self.limit)), Ordering::Relaxed);
        // A panic loses one answer, not the thread.
        catch_unwind(AssertUnwindSafe(|| job.go_on(self, pace))).unwrap_or_else(|_| {
            tracing::error!("a database job panicked");
            if !self.connection.is_autocommit() {
                // The transaction it left behind is nobody's.
                let _ = self.connection.execute_batch("ROLLBACK");
            }
            Err(StoreError::Other("a database job ended without an answer".to_owned()))
        })
    }

    /// Does a job here, however long it takes.
    pub(super) fn finish<J: Job>(&mut self, job: &mut J) -> Result<J::Done, StoreError> {
        match self.work(job, Pace::Steady)? {
            Got::Done(done) => Ok(done),
            Got::TooLong => Err(StoreError::Unavailable("a database job took too long".to_owned())),
        }
    }
}

fn micros(time: Duration) -> u64 {
    u64::try_from(time.as_micros()).unwrap_or(u64::MAX)
}

/// A desk that goes back when it is dropped.
struct Held {
    desk: Option<Desk>,
    idle: Arc<Mutex<Vec<Desk>>>,
    /// Goes after the desk is back.
    _place: Option<OwnedSemaphorePermit>,
}

impl Drop for Held {
    fn drop(&mut self) {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        idle.extend(self.desk.take());
    }
}

/// Some desks that do the same work, and their threads, which end when the last clone is gone.
#[derive(Debug, Clone)]
pub(super) struct Lane {
    /// The desk used last is on top: its cache is the warmest.
    idle: Arc<Mutex<Vec<Desk>>>,
    places: Arc<Semaphore>,
    tasks: flume::Sender<Box<dyn FnOnce() + Send>>,
}

impl Lane {
    /// A thread for each connection; a job that takes longer than the limit is stopped.
    pub(super) fn new(name: &str, connections: Vec<Connection>, limit: Duration) -> Result<Lane, StoreError> {
        let (tasks, queue) = flume::unbounded::<Box<dyn FnOnce() + Send>>();
        for _ in &connections {
            let queue = queue.clone();
            std::thread::Builder::new()
                .name(name.to_owned())
                .spawn(move || queue.iter().for_each(|task| task()))
                .map_err(|error| StoreError::Unavailable(format!("no thread: {error}")))?;
        }
        let places = Arc::new(Semaphore::new(connections.len()));
        let desks = connections.into_iter().map(|connection| Desk::new(connection, limit)).collect::<Result<_, _>>()?;
        Ok(Lane { idle: Arc::new(Mutex::new(desks)), places, tasks })
    }

    /// Does a job: here if that is soon done, else on a thread. Once begun there it is done even if nobody waits for it
    /// any more.
    pub(super) async fn call<J: Job>(&self, mut job: J) -> Result<J::Done, StoreError> {
        let mut held = self.hold().await?;
        if let Some(desk) = &mut held.desk
            && let Got::Done(done) = desk.work(&mut job, Pace::Hasty)?
        {
            return Ok(done);
        }
        self.go_on_aside(held, job).await
    }

    /// Does a job on a thread, for it is known to take long. The job is made when its turn has come, and from then on
    /// it is done even if nobody waits for it any more.
    pub(super) async fn call_aside<J: Job>(&self, make: impl FnOnce() -> J) -> Result<J::Done, StoreError> {
        let held = self.hold().await?;
        self.go_on_aside(held, make()).await
    }

    /// Does a job here, for it is known to be short. As with [`Lane::call_aside`], it is made when its turn has come.
    pub(super) async fn call_here<J: Job>(&self, make: impl FnOnce() -> J) -> Result<J::Done, StoreError> {
        let mut held = self.hold().await?;
        let mut job = make();
        let done = held.desk.as_mut().map(|desk| desk.finish(&mut job));
        // The desk is free before what the job holds is gone.
        drop((held, job));
        done.unwrap_or_else(|| Err(StoreError::Other("a database job found no connection".to_owned())))
    }

    async fn go_on_aside<J: Job>(&self, mut held: Held, mut job: J) -> Result<J::Done, StoreError> {
        let (reply, answer) = oneshot::channel();
        self.send(move || {
            let done = held.desk.as_mut().map(|desk| desk.finish(&mut job));
            // The desk is free, and what the job holds is gone, before anybody hears of it.
            drop((held, job));
            // Nobody may be waiting any more.
            let _ = done.map(|done| reply.send(done));
        });
        answer.await.unwrap_or_else(|_| Err(StoreError::Other("a database job ended without an answer".to_owned())))
    }

    /// Does a job that nobody waits for, on the only desk of the lane and after what its thread has to do already.
    pub(super) fn leave<J: Job>(&self, mut job: J) {
        let lane = self.clone();
        self.send(move || {
            let mut held = lane.take(None);
            if let Some(Err(error)) = held.desk.as_mut().map(|desk| desk.finish(&mut job)) {
                tracing::error!(%error, "what was left to a database thread could not be done");
            }
            drop((held, job));
        });
    }

    /// Waits for a desk: whoever came first gets one first.
    async fn hold(&self) -> Result<Held, StoreError> {
        let place = self.places.clone().acquire_owned().await;
        place.map(|place| self.take(Some(place))).map_err(|error| StoreError::Other(error.to_string()))
    }

    fn take(&self, place: Option<OwnedSemaphorePermit>) -> Held {
        let desk = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        Held { desk, idle: self.idle.clone(), _place: place }
    }

    fn send(&self, task: impl FnOnce() + Send + 'static) {
        // The threads live as long as a lane does.
        let _ = self.tasks.send(Box::new(task));
    }
}
