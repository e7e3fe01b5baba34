//! A freshly seeded database for one test: a SQLite file, or a clone of a PostgreSQL template that is filled once.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};

use tokio_postgres::{Client, NoTls};

/// Which database a test runs on.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Sqlite,
    Postgres,
}

/// What a database is filled with: a folder of examples, and a file of SQL for each kind.
#[derive(Clone, Copy)]
pub(crate) struct Seed {
    pub(crate) folder: &'static str,
    pub(crate) sqlite: &'static str,
    pub(crate) postgres: &'static str,
    /// What PostgreSQL is told before.
    pub(crate) on_postgres: &'static str,
}

/// The shop.
pub(crate) const SHOP: Seed =
    Seed { folder: "shop", sqlite: "shop.sqlite.sql", postgres: "shop.postgres.sql", on_postgres: "" };

/// A seeded database that nobody else uses.
pub(crate) struct Database {
    url: String,
    place: Place,
}

enum Place {
    File { _folder: tempfile::TempDir },
    Server { name: String },
}

/// Tests run in several processes; the lock lets one of them make the template while the others wait.
const TEMPLATE_LOCK: i64 = 0x6661_6374_6f74;

impl Database {
    /// A new database, or `None` where PostgreSQL is asked for and none is to be had outside CI.
    pub(crate) async fn fresh(seed: Seed, kind: Kind) -> Option<Self> {
        match kind {
            Kind::Sqlite => Some(Self::sqlite(seed)),
            Kind::Postgres => match std::env::var("FACTOTUM_TEST_POSTGRES") {
                Ok(server) => Some(Self::postgres(seed, &server).await),
                Err(_) if std::env::var("CI").is_ok_and(|ci| ci == "true") => panic!("CI needs FACTOTUM_TEST_POSTGRES"),
                Err(_) => None,
            },
        }
    }

    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// Takes the database away. A test that panicked before leaves it to the end of the server.
    pub(crate) async fn remove(self) {
        if let Place::Server { name } = self.place {
            let server = std::env::var("FACTOTUM_TEST_POSTGRES").unwrap();
            let client = connect(&server).await;
            client.batch_execute(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).await.unwrap();
        }
    }

    fn sqlite(seed: Seed) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("site.sqlite3");
        fill_sqlite(&path, seed);
        Self { url: format!("sqlite:{}", path.display()), place: Place::File { _folder: folder } }
    }

    async fn postgres(seed: Seed, server: &str) -> Self {
        let client = connect(server).await;
        let template = template(&client, server, seed).await;
        let name = format!("factotum_test_{}_{}", std::process::id(), unique());
        client.batch_execute(&format!("CREATE DATABASE {name} TEMPLATE {template}")).await.unwrap();
        Self { url: named(server, &name), place: Place::Server { name } }
    }
}

/// Fills a new SQLite file.
fn fill_sqlite(path: &Path, from: Seed) {
    let connection = rusqlite::Connection::open(path).unwrap();
    connection.execute_batch("PRAGMA synchronous = OFF; PRAGMA journal_mode = MEMORY").unwrap();
    connection.execute_batch(&text(from, from.sqlite)).unwrap();
}

/// The name of the database that tests clone; its name holds a hash of the seed, so a changed seed makes a new one.
async fn template(client: &Client, server: &str, seed: Seed) -> String {
    let sql = format!("{}{}", seed.on_postgres, text(seed, seed.postgres));
    let mut hasher = DefaultHasher::new();
    sql.hash(&mut hasher);
    let name = format!("factotum_seed_{:016x}", hasher.finish());
    client.execute("SELECT pg_advisory_lock($1)", &[&TEMPLATE_LOCK]).await.unwrap();
    if client.query_opt("SELECT 1 FROM pg_database WHERE datname = $1", &[&name]).await.unwrap().is_none() {
        let draft = format!("{name}_draft");
        client.batch_execute(&format!("DROP DATABASE IF EXISTS {draft} WITH (FORCE)")).await.unwrap();
        client.batch_execute(&format!("CREATE DATABASE {draft}")).await.unwrap();
        fill(&named(server, &draft), &sql).await;
        client.batch_execute(&format!("ALTER DATABASE {draft} RENAME TO {name}")).await.unwrap();
    }
    client.execute("SELECT pg_advisory_unlock($1)", &[&TEMPLATE_LOCK]).await.unwrap();
    name
}

/// Runs the seed and waits until the server has let the connection go, since a used database cannot be renamed.
async fn fill(url: &str, sql: &str) {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await.unwrap();
    let driver = tokio::spawn(connection);
    client.batch_execute(sql).await.unwrap();
    drop(client);
    driver.await.unwrap().unwrap();
    let name = url.rsplit('/').next().unwrap().to_owned();
    let watcher = connect(&url.replace(&format!("/{name}"), "/postgres")).await;
    while watcher.query_opt("SELECT 1 FROM pg_stat_activity WHERE datname = $1", &[&name]).await.unwrap().is_some() {
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
}

async fn connect(url: &str) -> Client {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await.unwrap();
    tokio::spawn(connection);
    client
}

/// The server's address with another database; the address in the environment ends in a database's name.
fn named(server: &str, database: &str) -> String {
    let (front, _) = server.rsplit_once('/').expect("the address of a server names a database");
    format!("{front}/{database}")
}

fn text(seed: Seed, file: &str) -> String {
    let examples = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..");
    std::fs::read_to_string(examples.join(seed.folder).join("seed").join(file)).unwrap()
}

fn unique() -> u64 {
    use std::sync::atomic::{AtomicU64, Ordering};
    static COUNT: AtomicU64 = AtomicU64::new(0);
    COUNT.fetch_add(1, Ordering::Relaxed)
}
