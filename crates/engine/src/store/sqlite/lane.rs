//! Threads that own connections and take jobs from one queue.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use rusqlite::Connection;
use tokio::sync::oneshot;

use super::super::StoreError;
use super::classify::classify;

/// How many steps SQLite takes between two looks at the clock: well under a millisecond of work.
const STEPS: std::ffi::c_int = 4_000;

type Job = Box<dyn FnOnce(&mut Connection) + Send>;

/// A queue of jobs with the threads that do them. The threads end when the last clone is gone.
#[derive(Debug, Clone)]
pub(super) struct Lane {
    jobs: flume::Sender<Job>,
}

impl Lane {
    /// A thread for each connection; a job that takes longer than the limit is stopped.
    pub(super) fn new(name: &str, connections: Vec<Connection>, limit: Duration) -> Result<Lane, StoreError> {
        let (jobs, queue) = flume::unbounded::<Job>();
        for connection in connections {
            let queue = queue.clone();
            std::thread::Builder::new()
                .name(name.to_owned())
                .spawn(move || work(connection, &queue, limit))
                .map_err(|error| StoreError::Unavailable(format!("no thread: {error}")))?;
        }
        Ok(Lane { jobs })
    }

    /// Does a job on one of the threads. It is done even if nobody waits for it any more, unless it has not begun.
    pub(super) async fn call<T, F>(&self, job: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&mut Connection) -> Result<T, StoreError> + Send + 'static,
    {
        let (reply, answer) = oneshot::channel();
        self.send(move |connection| {
            if !reply.is_closed() {
                // Nobody may be waiting any more.
                let _ = reply.send(job(connection));
            }
        });
        answer.await.unwrap_or_else(|_| Err(StoreError::Other("a database job ended without an answer".to_owned())))
    }

    /// Does a job that nobody waits for.
    pub(super) fn send(&self, job: impl FnOnce(&mut Connection) + Send + 'static) {
        // The threads live as long as a lane does.
        let _ = self.jobs.send(Box::new(job));
    }
}

fn work(mut connection: Connection, queue: &flume::Receiver<Job>, limit: Duration) {
    let started = Instant::now();
    let millis = move || u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
    let limit = u64::try_from(limit.as_millis()).unwrap_or(u64::MAX);
    let deadline = Arc::new(AtomicU64::new(u64::MAX));
    let late = deadline.clone();
    let watch = connection.progress_handler(STEPS, Some(move || millis() > late.load(Ordering::Relaxed)));
    if let Err(error) = watch {
        tracing::error!(error = %classify(&error), "a database thread could not start");
        return;
    }
    while let Ok(job) = queue.recv() {
        deadline.store(millis().saturating_add(limit), Ordering::Relaxed);
        // A panic loses one answer, not the thread.
        if catch_unwind(AssertUnwindSafe(|| job(&mut connection))).is_err() {
            tracing::error!("a database job panicked");
            if !connection.is_autocommit() {
                // The transaction it left behind is nobody's.
                let _ = connection.execute_batch("ROLLBACK");
            }
        }
    }
}
