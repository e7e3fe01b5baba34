//! PostgreSQL: a pool of pipelined connections.

mod bind;
mod cell;
mod classify;
mod numeric;
mod run;
mod session;
#[cfg(test)]
mod tests;
mod tls;

use std::sync::Arc;
use std::time::Duration;

use deadpool_postgres::{Manager, ManagerConfig, Pool, RecyclingMethod, Runtime, Timeouts};
use futures_util::future::BoxFuture;
use tokio::sync::Semaphore;
use tokio_postgres::config::SslMode;
use tokio_postgres::{Config, NoTls};

use super::sql::LEAST_LIKENESS;
use super::statement::{Arg, Cell};
use super::{Dialect, Mode, Session, Store, StoreError};
use crate::value::Value;
use session::{ReadSession, SnapshotSession, WriteSession};

/// How a server is used.
#[derive(Debug, Clone, Copy)]
pub struct PostgresOptions {
    /// The most connections at once.
    pub connections: usize,
    /// How long a statement may take.
    pub statement_limit: Duration,
    /// How long a statement waits for what others have locked.
    pub lock_limit: Duration,
    /// How long a connection may take to be made or to become free.
    pub connect_limit: Duration,
}

impl Default for PostgresOptions {
    fn default() -> PostgresOptions {
        PostgresOptions {
            connections: 10,
            statement_limit: Duration::from_secs(30),
            lock_limit: Duration::from_secs(5),
            connect_limit: Duration::from_secs(5),
        }
    }
}

/// A PostgreSQL database.
#[derive(Debug)]
pub struct Postgres {
    pool: Pool,
    snapshots: Arc<Semaphore>,
    wait: Duration,
}

impl Postgres {
    /// Prepares a pool for the server that a URL names; no connection is made yet.
    ///
    /// `sslmode` is understood as by PostgreSQL's own clients: `disable`, `prefer` (the default), `require`, and
    /// `verify-full`, which alone looks at the server's certificate (`verify-ca` is taken as strictly).
    ///
    /// # Errors
    /// [`StoreError::Other`] if the URL cannot be read, or if no certificates are known that TLS asks for.
    pub fn connect(url: &str, options: PostgresOptions) -> Result<Arc<Postgres>, StoreError> {
        let (url, trust) = tls::trust(url);
        let mut config: Config = url.parse().map_err(|error| StoreError::Other(format!("database URL: {error}")))?;
        settle(&mut config, &options);
        let fast = ManagerConfig { recycling_method: RecyclingMethod::Fast };
        let manager = match config.get_ssl_mode() {
            SslMode::Disable => Manager::from_config(config, NoTls, fast),
            _ => Manager::from_config(config, tls::connector(trust)?, fast),
        };
        let limit = Some(options.connect_limit);
        let connections = options.connections.max(1);
        let pool = Pool::builder(manager)
            .max_size(connections)
            .runtime(Runtime::Tokio1)
            .timeouts(Timeouts { wait: limit, create: limit, recycle: limit })
            .build()
            .map_err(|error| StoreError::Other(error.to_string()))?;
        // What is read slowly leaves others at least half of the connections.
        let snapshots = Arc::new(Semaphore::new((connections / 2).max(1)));
        Ok(Arc::new(Postgres { pool, snapshots, wait: options.connect_limit }))
    }

    async fn snapshot_session(&self) -> Result<SnapshotSession, StoreError> {
        let place = tokio::time::timeout(self.wait, self.snapshots.clone().acquire_owned()).await;
        let Ok(Ok(place)) = place else {
            return Err(StoreError::Unavailable("too many snapshots are being read".to_owned()));
        };
        SnapshotSession::begin(&self.pool, place).await
    }
}

/// Settings of every connection: texts as this program reads them, and limits.
fn settle(config: &mut Config, options: &PostgresOptions) {
    let said = config.get_options().unwrap_or_default();
    let settings = format!(
        "{said} -c TimeZone=UTC -c DateStyle=ISO -c statement_timeout={} -c lock_timeout={} \
         -c pg_trgm.similarity_threshold={LEAST_LIKENESS}",
        options.statement_limit.as_millis(),
        options.lock_limit.as_millis()
    );
    config.options(settings.trim_start());
    if config.get_connect_timeout().is_none() {
        config.connect_timeout(options.connect_limit);
    }
    if config.get_application_name().is_none() {
        config.application_name("factotum");
    }
    config.tcp_user_timeout(options.statement_limit);
}

impl Store for Postgres {
    fn dialect(&self) -> Dialect {
        Dialect::Postgres
    }

    fn begin(&self, mode: Mode) -> BoxFuture<'_, Result<Box<dyn Session>, StoreError>> {
        Box::pin(async move {
            match mode {
                Mode::Read => Ok(Box::new(ReadSession::new(self.pool.clone())) as Box<dyn Session>),
                Mode::Write | Mode::Brief => Ok(Box::new(WriteSession::begin(&self.pool).await?) as Box<dyn Session>),
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
            let client = self.pool.get().await.map_err(classify::pool)?;
            run::query(&client, sql, &args).await
        })
    }

    fn script<'a>(&'a self, sql: &'a str) -> BoxFuture<'a, Result<(), StoreError>> {
        Box::pin(async move {
            let mut session = Box::new(WriteSession::begin(&self.pool).await?);
            session.simple(sql).await?;
            session.commit().await
        })
    }
}
