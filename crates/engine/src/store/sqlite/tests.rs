//! SQLite keeps what it is given, refuses what it must, and forgets what was not committed.

use std::str::FromStr;
use std::time::Duration;

use bigdecimal::BigDecimal;
use rusqlite::types::ValueRef;

use super::super::Session;
use super::super::statement::{Cell, Cond, Expr, Place, Select, Statement};
use super::super::{Mode, Store, StoreError};
use super::cell::read;
use super::lane::{Desk, Got, Job, Pace};
use super::{Sqlite, SqliteOptions, json};
use crate::store::scenarios;
use crate::value::Value;

async fn fresh() -> std::sync::Arc<Sqlite> {
    Sqlite::in_memory().expect("a temporary file can be made")
}

#[tokio::test]
async fn every_scenario() {
    for scenario in scenarios::all() {
        let store = fresh().await;
        store.script(scenarios::SQLITE_TABLES).await.unwrap();
        scenario(store).await;
    }
}

#[test]
fn cells_as_they_may_be_stored() {
    let text = |text: &'static str| ValueRef::Text(text.as_bytes());
    let decimal = |places| Cell::Decimal { places };
    let cases: Vec<(ValueRef<'_>, Cell, &str)> = vec![
        (ValueRef::Real(0.1 + 0.2), decimal(Some(2)), "0.30"),
        (ValueRef::Real(2.675), decimal(Some(2)), "2.68"),
        (ValueRef::Real(0.125), decimal(Some(2)), "0.12"),
        (ValueRef::Real(1.5), decimal(None), "1.5"),
        (ValueRef::Integer(10), decimal(Some(2)), "10.00"),
        (text("12.5"), decimal(Some(2)), "12.50"),
        (text("123456789012345678901234567890.12"), decimal(Some(2)), "123456789012345678901234567890.12"),
        (ValueRef::Integer(1), Cell::Bool, "True"),
        (text("false"), Cell::Bool, "False"),
        (text("hello"), Cell::Date, "hello"),
        (text("2024-02-30"), Cell::Date, "2024-02-30"),
        (text("2024-02-29 10:00:00"), Cell::Date, "2024-02-29"),
        (text("2024-01-02 03:04:05.5"), Cell::DateTime, "2024-01-02T03:04:05.5Z"),
        (text("2024-01-02T03:04:05Z"), Cell::DateTime, "2024-01-02T03:04:05Z"),
        (text("2024-01-02T03:04:05+02:00"), Cell::DateTimePlain, "2024-01-02T01:04:05Z"),
        (text("2024-01-02"), Cell::DateTime, "2024-01-02T00:00:00Z"),
        (text("9999-12-31 23:59:59.999999"), Cell::DateTime, "9999-12-31T23:59:59.999999"),
        (text("9999-12-31T23:59:59+00:00"), Cell::DateTimePlain, "9999-12-31T23:59:59"),
        (text("9999-12-31 25:00:00"), Cell::DateTime, "9999-12-31 25:00:00"),
        (text("9999-12-32 10:00:00"), Cell::DateTime, "9999-12-32 10:00:00"),
        (ValueRef::Integer(0), Cell::DateTime, "1970-01-01T00:00:00Z"),
        (text("10:20"), Cell::Time, "10:20:00"),
        (text("-1 23:00:00"), Cell::Duration, "-PT1H"),
        (text("67e5504410b1426f9247bb680e5fe0c8"), Cell::Uuid, "67e55044-10b1-426f-9247-bb680e5fe0c8"),
        (text("67e55044-10b1-426f-9247-bb680e5fe0c8"), Cell::Uuid, "67e55044-10b1-426f-9247-bb680e5fe0c8"),
        (text("{\"a\": 1}"), Cell::Json, "{\"a\":1}"),
        (text("{"), Cell::Json, "{"),
        (ValueRef::Integer(7), Cell::Text, "7"),
        (text("x"), Cell::Int, "x"),
        (ValueRef::Blob(b"ab"), Cell::Bytes, "2 bytes"),
        (ValueRef::Null, Cell::Date, ""),
    ];
    for (stored, cell, expected) in cases {
        assert_eq!(read(stored, cell).to_string(), expected, "{stored:?} as {cell:?}");
    }
}

#[test]
fn documents_as_python_prints_them() {
    let document = serde_json::json!({"b": [1, 2.5, 1e16, 1e-5], "a": "é\n\"😀", "n": null});
    assert_eq!(json::print(&document), r#"{"b": [1, 2.5, 1e+16, 1e-05], "a": "\u00e9\n\"\ud83d\ude00", "n": null}"#);
}

#[tokio::test]
async fn texts_as_django_stores_them() {
    let store = fresh().await;
    let value = |text: &str| Value::DateTime(text.parse().unwrap());
    let stored = async |value: Value| {
        let rows = store.catalogue("SELECT ?", vec![value]).await.unwrap();
        rows[0][0].to_string()
    };
    assert_eq!(stored(value("2024-01-02T03:04:05Z")).await, "2024-01-02 03:04:05");
    assert_eq!(stored(value("2024-01-02T03:04:05.000120Z")).await, "2024-01-02 03:04:05.000120");
    assert_eq!(stored(Value::Decimal(BigDecimal::from_str("1E+3").unwrap())).await, "1000");
    assert_eq!(stored(Value::Uuid(uuid::Uuid::nil())).await, "0".repeat(32));
    assert_eq!(stored(Value::Bool(true)).await, "1");
    assert_eq!(stored(Value::Duration(jiff::SignedDuration::from_secs(2))).await, "2000000");
}

#[tokio::test]
async fn a_missing_file_is_not_made() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("none.sqlite3");
    let error = Sqlite::open(&path, SqliteOptions::default()).unwrap_err();
    assert!(matches!(&error, StoreError::Unavailable(words) if words.starts_with("no such file")), "{error}");
    assert!(!path.exists());
    std::fs::write(&path, "no database at all, only text, and long enough to be one, if it only were one at all")
        .unwrap();
    assert!(matches!(Sqlite::open(&path, SqliteOptions::default()), Err(StoreError::Other(_))));
}

#[tokio::test]
async fn writes_wait_for_their_turn_but_not_for_ever() {
    let folder = tempfile::tempdir().unwrap();
    let options = SqliteOptions { create: true, write_wait: Duration::from_millis(50), ..SqliteOptions::default() };
    let store = Sqlite::open(&folder.path().join("a.sqlite3"), options).unwrap();
    let first = store.begin(Mode::Write).await.unwrap();
    assert!(matches!(store.begin(Mode::Write).await, Err(StoreError::Unavailable(_))));
    drop(first);
    store.begin(Mode::Write).await.unwrap().commit().await.unwrap();
}

#[tokio::test]
async fn a_long_question_is_stopped() {
    let folder = tempfile::tempdir().unwrap();
    let options = SqliteOptions { create: true, batch_limit: Duration::from_millis(50), ..SqliteOptions::default() };
    let store = Sqlite::open(&folder.path().join("a.sqlite3"), options).unwrap();
    let endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT COUNT(*) FROM n";
    assert!(matches!(store.catalogue(endless, Vec::new()).await, Err(StoreError::Unavailable(_))));
    store.ping().await.unwrap();
}

#[tokio::test]
async fn readers_do_not_write() {
    let store = fresh().await;
    store.script(scenarios::SQLITE_TABLES).await.unwrap();
    let mut session = store.begin(Mode::Read).await.unwrap();
    let insert = Statement::Insert(scenarios::near(1, "a"));
    assert!(session.run(vec![insert]).await.is_err());
}

/// Keeps a connection busy.
pub(super) struct Nap;

impl Job for Nap {
    type Done = ();
    fn go_on(&mut self, _: &mut Desk, _: Pace) -> Result<Got<()>, StoreError> {
        std::thread::sleep(Duration::from_millis(100));
        Ok(Got::Done(()))
    }
}

#[tokio::test]
async fn a_commit_that_is_given_up_before_its_turn_leaves_nothing() {
    let store = fresh().await;
    store.script(scenarios::SQLITE_TABLES).await.unwrap();
    let insert = || vec![Statement::Insert(scenarios::near(1, "a"))];
    let mut given_up = Box::new(store.write_session().await.unwrap());
    given_up.run(insert()).await.unwrap();
    let busy = store.clone();
    let nap = tokio::spawn(async move { busy.write.call_aside(|| Nap).await });
    tokio::task::yield_now().await;
    assert!(tokio::time::timeout(Duration::from_millis(10), given_up.commit()).await.is_err());
    let mut session = store.begin(Mode::Write).await.unwrap();
    session.run(insert()).await.unwrap();
    session.commit().await.unwrap();
    nap.await.unwrap().unwrap();
}

#[tokio::test]
async fn what_takes_long_goes_on_where_it_stopped() {
    let store = fresh().await;
    store.script(scenarios::SQLITE_TABLES).await.unwrap();
    let mut fill = String::from("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 50000) ");
    fill.push_str("INSERT INTO near (id, name) SELECT i, 'n' || i FROM n");
    store.script(&fill).await.unwrap();
    let like = |text: &str| {
        let filter = Cond::Like {
            expr: Expr::column("t", "name"),
            text: text.into(),
            place: Place::Anywhere,
            case_sensitive: true,
        };
        Statement::Count(Select { filter, ..Select::from("near", "t") })
    };
    let batch = || vec![like("n1"), like("9"), like("nothing")];
    for _ in 0..3 {
        let answers = store.begin(Mode::Read).await.unwrap().run(batch()).await.unwrap();
        let counts: Vec<String> = answers.iter().map(|answer| answer.rows[0][0].to_string()).collect();
        assert_eq!(counts, ["11111", "17195", "0"]);
        let mut session = store.begin(Mode::Write).await.unwrap();
        session.run(vec![Statement::Insert(scenarios::near(60_000, "n1x"))]).await.unwrap();
        let answers = session.run(batch()).await.unwrap();
        assert_eq!(answers[0].rows[0][0], Value::Int(11_112), "a question that was stopped ends no transaction");
    }
}
