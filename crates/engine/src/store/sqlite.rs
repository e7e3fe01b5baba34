//! SQLite: several connections that read and one that writes.
//!
//! Readers never wait for the writer (WAL), and there is one writer, so nobody of this process meets a locked file.

mod bind;
mod cell;
mod classify;
mod fulltext;
mod json;
mod lane;
mod local;
mod run;
mod session;
#[cfg(test)]
mod tests;
mod turns;
mod write;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::BoxFuture;
use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};
use tokio::sync::Semaphore;

use super::statement::{Arg, Cell};
use super::{Dialect, Mode, Session, Store, StoreError};
use crate::value::Value;
use lane::{Desk, Lane};
use run::Query;
use session::{ReadSession, SnapshotSession};
use turns::Turns;
use write::WriteSession;

/// How long a statement waits for another program that has locked the file.
const LOCK_WAIT: Duration = Duration::from_secs(5);

/// So many snapshots are read at once; each is a connection, and keeps the journal from being folded in.
const MOST_SNAPSHOTS: usize = 8;

/// How a file is opened and used.
#[derive(Debug, Clone, Copy)]
pub struct SqliteOptions {
    /// Whether a file that is not there is made.
    pub create: bool,
    /// Whether the file is only looked at: nothing of it changes, not even how it keeps its journal.
    pub look: bool,
    /// How many connections read; none: two for each core, at least four.
    pub readers: Option<usize>,
    /// How long one batch of statements may take.
    pub batch_limit: Duration,
    /// How long a write waits for other writes.
    pub write_wait: Duration,
}

impl Default for SqliteOptions {
    fn default() -> SqliteOptions {
        SqliteOptions {
            create: false,
            look: false,
            readers: None,
            batch_limit: Duration::from_secs(30),
            write_wait: Duration::from_secs(5),
        }
    }
}

/// An SQLite database.
#[derive(Debug)]
pub struct Sqlite {
    read: Lane,
    write: Lane,
    turns: Turns,
    write_wait: Duration,
    /// Where connections for snapshots go, and how they are opened.
    path: PathBuf,
    access: Access,
    batch_limit: Duration,
    snapshots: Arc<Semaphore>,
    /// A file that goes with the database.
    _passing: Option<Passing>,
}

/// Whether an acknowledged write must survive a power cut.
#[derive(Clone, Copy)]
enum Lasting {
    Yes,
    No,
}

impl Sqlite {
    /// Opens a file.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] if it is not there or cannot be read, [`StoreError::Other`] if it is no database.
    pub fn open(path: &Path, options: SqliteOptions) -> Result<Arc<Sqlite>, StoreError> {
        Sqlite::prepare(path, &options, Lasting::Yes, None)
    }

    /// An empty database that goes when it is dropped: for tests. It is a file all the same, for its threads share it.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] if no temporary file can be made.
    pub fn in_memory() -> Result<Arc<Sqlite>, StoreError> {
        let path = std::env::temp_dir().join(format!("factotum-{}.sqlite3", uuid::Uuid::new_v4().simple()));
        let options = SqliteOptions { create: true, readers: Some(2), ..SqliteOptions::default() };
        Sqlite::prepare(&path, &options, Lasting::No, Some(Passing(path.clone())))
    }

    fn prepare(
        path: &Path,
        options: &SqliteOptions,
        lasting: Lasting,
        passing: Option<Passing>,
    ) -> Result<Arc<Sqlite>, StoreError> {
        if !options.create && !path.is_file() {
            return Err(StoreError::Unavailable(format!("no such file: {}", path.display())));
        }
        let access = Access::of(options);
        let writer = connect(path, access)?;
        // Measured: 6 ms for a commit against 10 µs with NORMAL, which loses the last commits when the power goes.
        let synchronous = if matches!(lasting, Lasting::Yes) { "FULL" } else { "OFF" };
        writer.pragma_update(None, "synchronous", synchronous).map_err(|error| classify::classify(&error))?;
        let write = Lane::new("sqlite-writer", vec![writer], options.batch_limit)?;
        let cores = std::thread::available_parallelism().map_or(2, std::num::NonZero::get);
        let count = options.readers.unwrap_or((cores * 2).max(4)).max(1);
        let readers = (0..count).map(|_| reader(path, access)).collect::<Result<Vec<_>, _>>()?;
        let read = Lane::new("sqlite-reader", readers, options.batch_limit)?;
        Ok(Arc::new(Sqlite {
            read,
            write,
            turns: Turns::new(options.write_wait),
            write_wait: options.write_wait,
            path: path.to_owned(),
            access,
            batch_limit: options.batch_limit,
            snapshots: Arc::new(Semaphore::new(MOST_SNAPSHOTS)),
            _passing: passing,
        }))
    }

    /// A connection of its own: one that is read slowly keeps nobody else waiting.
    async fn snapshot_session(&self) -> Result<SnapshotSession, StoreError> {
        let place = tokio::time::timeout(self.write_wait, self.snapshots.clone().acquire_owned()).await;
        let Ok(Ok(place)) = place else {
            return Err(StoreError::Unavailable("too many snapshots are being read".to_owned()));
        };
        let (path, access, limit) = (self.path.clone(), self.access, self.batch_limit);
        let opened = tokio::task::spawn_blocking(move || {
            let connection = reader(&path, access)?;
            // What is read once, from one end to the other, needs no large cache.
            let smaller = connection.pragma_update(None, "cache_size", -1_024);
            smaller.map_err(|error| classify::classify(&error))?;
            Desk::new(connection, limit)
        });
        let desk = opened.await.map_err(|error| StoreError::Other(format!("no connection: {error}")))??;
        SnapshotSession::begin(desk, place)
    }

    async fn write_session(&self) -> Result<WriteSession, StoreError> {
        WriteSession::alone(&self.write, &self.turns).await
    }
}

/// What a connection may do to the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Access {
    Look,
    Write,
    Make,
}

impl Access {
    fn of(options: &SqliteOptions) -> Access {
        match options {
            SqliteOptions { look: true, .. } => Access::Look,
            SqliteOptions { create: true, .. } => Access::Make,
            _ => Access::Write,
        }
    }
}

fn reader(path: &Path, access: Access) -> Result<Connection, StoreError> {
    let access = if access == Access::Make { Access::Write } else { access };
    let reader = connect(path, access)?;
    reader.pragma_update(None, "query_only", true).map_err(|error| classify::classify(&error))?;
    Ok(reader)
}

fn connect(path: &Path, access: Access) -> Result<Connection, StoreError> {
    let access_flags = match access {
        Access::Look => OpenFlags::SQLITE_OPEN_READ_ONLY,
        Access::Write => OpenFlags::SQLITE_OPEN_READ_WRITE,
        Access::Make => OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE,
    };
    let flags = access_flags | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let set_up = || -> rusqlite::Result<Connection> {
        let connection = Connection::open_with_flags(path, flags)?;
        connection.busy_timeout(LOCK_WAIT)?;
        if access != Access::Look {
            connection.pragma_update(None, "journal_mode", "WAL")?;
        }
        connection.pragma_update(None, "foreign_keys", true)?;
        // Pages are read into a cache of our own and stay there; mapped, the cache would be empty between statements,
        // and making and freeing it anew costs more than the reads it saves.
        connection.pragma_update(None, "cache_size", -16_384)?;
        // A plan does not depend on the arguments: otherwise every statement would be prepared anew at each run.
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
        connection.set_prepared_statement_cache_capacity(256);
        local::register(&connection)?;
        fulltext::register(&connection)?;
        Ok(connection)
    };
    set_up().map_err(|error| classify::classify(&error))
}

impl Store for Sqlite {
    fn dialect(&self) -> Dialect {
        Dialect::Sqlite
    }

    fn begin(&self, mode: Mode) -> BoxFuture<'_, Result<Box<dyn Session>, StoreError>> {
        Box::pin(async move {
            match mode {
                Mode::Read => Ok(Box::new(ReadSession::new(self.read.clone())) as Box<dyn Session>),
                Mode::Write => Ok(Box::new(self.write_session().await?) as Box<dyn Session>),
                Mode::Brief => Ok(Box::new(WriteSession::brief(&self.write, &self.turns).await?) as Box<dyn Session>),
                Mode::Snapshot => Ok(Box::new(self.snapshot_session().await?) as Box<dyn Session>),
            }
        })
    }

    fn ping(&self) -> BoxFuture<'_, Result<(), StoreError>> {
        Box::pin(async {
            self.catalogue("SELECT 1", Vec::new()).await?;
            Ok(())
        })
    }

    fn catalogue<'a>(
        &'a self,
        sql: &'static str,
        args: Vec<Value>,
    ) -> BoxFuture<'a, Result<Vec<Vec<Value>>, StoreError>> {
        Box::pin(async move {
            let args: Vec<Arg> = args.into_iter().map(|value| Arg { value, cell: Cell::Any }).collect();
            self.read.call_aside(|| Query { sql, args }).await
        })
    }

    fn script<'a>(&'a self, sql: &'a str) -> BoxFuture<'a, Result<(), StoreError>> {
        Box::pin(async move {
            let mut session = Box::new(self.write_session().await?);
            session.script(sql.to_owned()).await?;
            session.commit().await
        })
    }
}

/// A file that is removed with its database.
#[derive(Debug)]
struct Passing(PathBuf);

impl Drop for Passing {
    fn drop(&mut self) {
        for end in ["", "-wal", "-shm"] {
            let mut name = self.0.clone().into_os_string();
            name.push(end);
            // What is left of a temporary file harms nobody.
            let _ = std::fs::remove_file(name);
        }
    }
}
