//! PostgreSQL passes what every database must, keeps to its limits, and comes back after a fall. A server is named by
//! `FACTOTUM_TEST_POSTGRES`, the URL of a user who may make databases; without it these tests say so and do nothing.

use std::sync::Arc;
use std::time::Duration;

use super::super::statement::{Cell, Cond, Expr, Output, Select, Statement};
use super::super::{Mode, Store, StoreError};
use super::{Postgres, PostgresOptions};
use crate::store::scenarios;
use crate::value::Value;

#[expect(clippy::disallowed_methods, reason = "the server to test on is named by the environment")]
fn server() -> Option<String> {
    let url = std::env::var("FACTOTUM_TEST_POSTGRES").ok();
    if url.is_none() {
        eprintln!("not run: FACTOTUM_TEST_POSTGRES names no server");
    }
    url
}

/// An empty database of its own, gone afterwards.
async fn with_database<F: Future<Output = ()>>(test: impl FnOnce(String) -> F) {
    let Some(url) = server() else { return };
    let name = format!("factotum_{}", uuid::Uuid::new_v4().simple());
    let (client, connection) = tokio_postgres::connect(&url, tokio_postgres::NoTls).await.unwrap();
    tokio::spawn(connection);
    client.batch_execute(&format!("CREATE DATABASE {name}")).await.unwrap();
    let (host, query) = url.split_once('?').unwrap_or((&url, ""));
    let (host, _) = host.rsplit_once('/').unwrap();
    test(format!("{host}/{name}?{query}")).await;
    client.batch_execute(&format!("DROP DATABASE {name} WITH (FORCE)")).await.unwrap();
}

fn open(url: &str) -> Arc<Postgres> {
    Postgres::connect(url, PostgresOptions::default()).unwrap()
}

#[tokio::test]
async fn every_scenario() {
    for scenario in scenarios::all() {
        with_database(async |url| {
            let store = open(&url);
            store.script(scenarios::POSTGRES_TABLES).await.unwrap();
            scenario(store).await;
        })
        .await;
    }
}

#[tokio::test]
async fn types_that_no_field_has() {
    with_database(async |url| {
        let store = open(&url);
        let cases = [
            ("SELECT 1.50::numeric", "1.50"),
            ("SELECT 'NaN'::numeric", "NaN"),
            ("SELECT 123456789012345678901234567890123456789.5::numeric", "123456789012345678901234567890123456789.5"),
            ("SELECT 'infinity'::timestamptz", "infinity"),
            ("SELECT '9999-12-31 23:59:59.5+00'::timestamptz", "9999-12-31T23:59:59.500000"),
            ("SELECT '-infinity'::date", "-infinity"),
            ("SELECT '200000-01-01'::date", "72318015 days after 2000-01-01"),
            ("SELECT '1 month 1 day 00:00:01'::interval", "PT744H1S"),
            ("SELECT '10.0.0.1'::inet", "10.0.0.1"),
            ("SELECT '10.0.0.0/8'::cidr", "10.0.0.0/8"),
            ("SELECT '24:00'::time", "23:59:59.999999"),
            ("SELECT '0.1'::real", "0.1"),
            ("SELECT 'NaN'::float8", "NaN"),
            ("SELECT ARRAY[1, NULL, 3]", "1, , 3"),
            ("SELECT 'x'::\"char\"", "x"),
            ("SELECT '<a/>'::xml", "<a/>"),
            ("SELECT NULL::int", ""),
            ("SELECT current_setting('TimeZone')", "UTC"),
            ("SELECT '{\"a\": 1}'::json", "{\"a\":1}"),
        ];
        for (sql, expected) in cases {
            let rows = store.catalogue(sql, Vec::new()).await.unwrap();
            assert_eq!(rows[0][0].to_string(), expected, "{sql}");
        }
        let end: Value = "9999-12-31T23:59:59".into();
        for kind in ["timestamptz", "timestamp"] {
            store.script(&format!("CREATE TABLE t_{kind} (at {kind})")).await.unwrap();
        }
        for [write, read] in [
            ["INSERT INTO t_timestamptz VALUES ($1)", "SELECT at FROM t_timestamptz"],
            ["INSERT INTO t_timestamp VALUES ($1)", "SELECT at FROM t_timestamp"],
        ] {
            store.catalogue(write, vec![end.clone()]).await.unwrap();
            assert_eq!(store.catalogue(read, Vec::new()).await.unwrap(), [[end.clone()]]);
        }
        store.script("CREATE TYPE mood AS ENUM ('sad', 'glad'); CREATE TABLE m (id int, mood mood)").await.unwrap();
        store.catalogue("INSERT INTO m VALUES ($1, $2)", vec![Value::Int(1), "glad".into()]).await.unwrap();
        let rows = store.catalogue("SELECT mood FROM m WHERE mood = $1", vec!["glad".into()]).await.unwrap();
        assert_eq!(rows, [["glad".into()] as [Value; 1]]);
        let wrong = store.catalogue("SELECT id FROM m WHERE id = $1", vec!["x".into()]).await;
        assert!(matches!(wrong, Err(StoreError::Refused(_))), "{wrong:?}");
    })
    .await;
}

#[tokio::test]
async fn a_row_is_locked_for_one() {
    with_database(async |url| {
        let options = PostgresOptions { lock_limit: Duration::from_millis(100), ..PostgresOptions::default() };
        let store = Postgres::connect(&url, options).unwrap();
        store.script(scenarios::POSTGRES_TABLES).await.unwrap();
        store.script("INSERT INTO near (id, name) VALUES (1, 'a')").await.unwrap();
        let locking = || {
            let outputs = vec![Output { expr: Expr::column("t", "id"), cell: Cell::Int }];
            let filter = Cond::is(Expr::column("t", "id"), Value::Int(1), Cell::Int);
            vec![Statement::Select(Select { outputs, filter, lock: true, ..Select::from("near", "t") })]
        };
        let mut first = store.begin(Mode::Write).await.unwrap();
        assert_eq!(first.run(locking()).await.unwrap()[0].rows.len(), 1);
        let mut second = store.begin(Mode::Write).await.unwrap();
        assert!(matches!(second.run(locking()).await, Err(StoreError::Unavailable(_))));
        first.commit().await.unwrap();
        let mut third = store.begin(Mode::Write).await.unwrap();
        third.run(locking()).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn a_long_statement_is_stopped() {
    with_database(async |url| {
        let options = PostgresOptions { statement_limit: Duration::from_millis(100), ..PostgresOptions::default() };
        let store = Postgres::connect(&url, options).unwrap();
        let slept = store.catalogue("SELECT pg_sleep(10)", Vec::new()).await;
        assert!(matches!(slept, Err(StoreError::Unavailable(_))), "{slept:?}");
        store.ping().await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn a_killed_connection_heals() {
    with_database(async |url| {
        let store = open(&url);
        store.ping().await.unwrap();
        let mut session = store.begin(Mode::Write).await.unwrap();
        let (killer, connection) = tokio_postgres::connect(&url, tokio_postgres::NoTls).await.unwrap();
        tokio::spawn(connection);
        let kill = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'factotum' AND datname = current_database()";
        killer.execute(kill, &[]).await.unwrap();
        let died = session.run(vec![Statement::Insert(scenarios::near(1, "a"))]).await;
        assert!(matches!(died, Err(StoreError::Unavailable(_))), "{died:?}");
        drop(session);
        tokio::time::sleep(Duration::from_millis(50)).await;
        store.ping().await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn a_table_may_change_under_a_prepared_statement() {
    with_database(async |url| {
        let store = Postgres::connect(&url, PostgresOptions { connections: 1, ..PostgresOptions::default() }).unwrap();
        store.script("CREATE TABLE a (x int); INSERT INTO a VALUES (1)").await.unwrap();
        let outputs = vec![Output { expr: Expr::column("t", "x"), cell: Cell::Int }];
        let select = Statement::Select(Select { outputs, ..Select::from("a", "t") });
        let ask = async || {
            let mut session = store.begin(Mode::Read).await.unwrap();
            session.run(vec![select.clone()]).await.map(|mut answers| answers.remove(0).rows)
        };
        ask().await.unwrap();
        store.script("ALTER TABLE a ALTER x TYPE bigint").await.unwrap();
        assert!(matches!(ask().await, Err(StoreError::Unavailable(_))));
        assert_eq!(ask().await.unwrap(), [[Value::Int(1)]]);
    })
    .await;
}

#[tokio::test]
async fn nobody_listens() {
    let store = open("postgres://nobody@127.0.0.1:1/none");
    assert!(matches!(store.ping().await, Err(StoreError::Unavailable(_))));
    assert!(matches!(Postgres::connect("postgres://[", PostgresOptions::default()), Err(StoreError::Other(_))));
}

/// `require` is encrypted or refused; `verify-full` refuses a certificate that nobody signed.
#[tokio::test]
async fn encryption_is_what_the_url_asks_for() {
    with_database(async |url| {
        let asked = |mode: &str| format!("{url}{}sslmode={mode}", if url.ends_with('?') { "" } else { "&" });
        let on = open(&url).catalogue("SHOW ssl", Vec::new()).await.unwrap()[0][0] == "on".into();
        let encrypted = async |mode: &str| {
            let sql = "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()";
            open(&asked(mode)).catalogue(sql, Vec::new()).await.map(|rows| rows[0][0] == Value::Bool(true))
        };
        assert!(!encrypted("disable").await.unwrap());
        assert_eq!(encrypted("prefer").await.unwrap(), on);
        assert_eq!(encrypted("require").await.ok(), on.then_some(true));
        assert!(Postgres::connect(&asked("nonsense"), PostgresOptions::default()).is_err());
        if let Ok(strict) = Postgres::connect(&asked("verify-full"), PostgresOptions::default()) {
            assert!(matches!(strict.ping().await, Err(StoreError::Unavailable(_))));
        }
    })
    .await;
}
