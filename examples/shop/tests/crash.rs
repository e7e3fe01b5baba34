//! Crashes, races and stops of the real program: nothing acknowledged is lost and nobody is cut off.
#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a test fails by panicking and speaks on the terminal")]

#[path = "player/database.rs"]
mod database;
mod served;

use std::collections::BTreeMap;
use std::io::Write;
use std::sync::{Arc, Barrier, Mutex};
use std::time::{Duration, Instant};

use database::{Database, Kind, SHOP};
use serde_json::{Value, json};
use served::{Client, Server, answer, credentials};

const TAGS: &str = "/conjure/r/shop.Tag/";
const CRASHES: usize = 4;
const WRITERS: usize = 4;
const RACERS: usize = 12;
const ROUNDS: usize = 12;

/// Runs a test on a database of its own and removes the database.
fn on(kind: Kind, test: impl FnOnce(&str)) {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    match runtime.block_on(Database::fresh(SHOP, kind)) {
        None => println!("not run: FACTOTUM_TEST_POSTGRES names no server"),
        Some(database) => {
            test(database.url());
            runtime.block_on(database.remove());
        }
    }
}

#[test]
fn kill_nine_loses_nothing_acknowledged_on_sqlite() {
    on(Kind::Sqlite, kill_nine_loses_nothing_acknowledged);
}

#[test]
fn kill_nine_loses_nothing_acknowledged_on_postgres() {
    on(Kind::Postgres, kill_nine_loses_nothing_acknowledged);
}

/// Writers fill the table until the process is killed in the middle; then every acknowledged row must be there, and
/// every row that is there, acknowledged or not, has exactly one audit record, and no audit record is without its row.
fn kill_nine_loses_nothing_acknowledged(database: &str) {
    let server = Server::start(database);
    let client = Client::root(server.port);
    server.kill();
    let acknowledged = Arc::new(Mutex::new(BTreeMap::new()));
    for round in 0..CRASHES {
        let server = Server::start(database);
        let port = server.port;
        let writers: Vec<_> = (0..WRITERS)
            .map(|writer| {
                let (client, acknowledged) = (client.clone(), acknowledged.clone());
                std::thread::spawn(move || {
                    write_until_cut(&client, port, &format!("crash-{round}-{writer}"), &acknowledged)
                })
            })
            .collect();
        std::thread::sleep(Duration::from_millis(400 + 37 * round as u64));
        server.kill();
        writers.into_iter().for_each(|writer| writer.join().unwrap());
    }
    let acknowledged = acknowledged.lock().unwrap();
    assert!(acknowledged.len() > CRASHES, "the load wrote next to nothing: {}", acknowledged.len());

    let restarted = Instant::now();
    let server = Server::start(database);
    let rows = client.all(server.port, &format!("{TAGS}?search=crash-&ordering=id"));
    assert!(restarted.elapsed() < Duration::from_secs(10), "the restart took {:?}", restarted.elapsed());
    let there: BTreeMap<String, i64> =
        rows.iter().map(|row| (text(&row["name"]), row["id"].as_i64().unwrap())).collect();
    let lost: Vec<_> = acknowledged.iter().filter(|(name, id)| there.get(*name) != Some(id)).collect();
    assert!(lost.is_empty(), "acknowledged and lost: {lost:?}");

    let entries =
        client.all(server.port, "/conjure/r/conjure.AdminAuditLog/?model_label=shop.Tag&action=create&ordering=id");
    let mut audited: Vec<String> = entries.iter().map(|entry| text(&entry["object_pk"])).collect();
    let mut written: Vec<String> = there.values().map(i64::to_string).collect();
    audited.sort();
    written.sort();
    assert_eq!(audited, written, "rows and their audit records");
}

/// Creates rows one after the other and notes those that were answered, until the server is gone.
fn write_until_cut(client: &Client, port: u16, prefix: &str, acknowledged: &Mutex<BTreeMap<String, i64>>) {
    for number in 0..10_000 {
        let name = format!("{prefix}-{number}");
        let Ok(reply) = client.send(port, "POST", TAGS, Some(&json!({ "name": name }))) else { return };
        assert_eq!(reply.status, 201, "{reply:?}");
        acknowledged.lock().unwrap().insert(name, reply.json["id"].as_i64().unwrap());
    }
}

#[test]
fn one_of_many_equal_creates_wins_on_sqlite() {
    on(Kind::Sqlite, one_of_many_equal_creates_wins);
}

#[test]
fn one_of_many_equal_creates_wins_on_postgres() {
    on(Kind::Postgres, one_of_many_equal_creates_wins);
}

/// The losers of the race hear the same words as somebody who comes an hour later.
fn one_of_many_equal_creates_wins(database: &str) {
    let server = Server::start(database);
    let client = Client::root(server.port);
    for round in 0..ROUNDS {
        let body = json!({ "name": "Race", "slug": format!("race-{round}") });
        let replies =
            at_once(RACERS, |_| client.send(server.port, "POST", "/conjure/r/shop.Category/", Some(&body)).unwrap());
        let won = replies.iter().filter(|reply| reply.status == 201).count();
        assert_eq!(won, 1, "round {round}: {replies:?}");
        for reply in replies.iter().filter(|reply| reply.status != 201) {
            assert_eq!(
                (reply.status, &reply.json),
                (400, &json!({ "slug": ["category with this slug already exists."] }))
            );
        }
    }
    let path = "/conjure/r/conjure.AdminAuditLog/?model_label=shop.Category&action=create";
    assert_eq!(client.all(server.port, path).len(), ROUNDS, "one audit record for each that won");
}

#[test]
fn updates_of_different_fields_keep_each_other_on_sqlite() {
    on(Kind::Sqlite, updates_of_different_fields_keep_each_other);
}

#[test]
fn updates_of_different_fields_keep_each_other_on_postgres() {
    on(Kind::Postgres, updates_of_different_fields_keep_each_other);
}

/// An update writes the fields that were sent and no other.
fn updates_of_different_fields_keep_each_other(database: &str) {
    let server = Server::start(database);
    let client = Client::root(server.port);
    let path = "/conjure/r/shop.Product/1/";
    for round in 0..ROUNDS {
        let changes = [
            json!({ "stock": 1000 + round }),
            json!({ "description": format!("round {round}") }),
            json!({ "cost": format!("{round}.50") }),
        ];
        let replies =
            at_once(changes.len(), |index| client.send(server.port, "PATCH", path, Some(&changes[index])).unwrap());
        assert!(replies.iter().all(|reply| reply.status == 200), "{replies:?}");
        let row = client.send(server.port, "GET", path, None).unwrap().json;
        for (name, value) in changes.iter().flat_map(|change| change.as_object().unwrap()) {
            assert_eq!(&row[name], value, "round {round}: the change of {name}");
        }
    }
}

/// A request whose body is still on its way, and sign-ins that still compute, are answered; then the process ends with 0.
#[test]
fn a_stop_finishes_requests_in_flight() {
    on(Kind::Sqlite, |database| {
        let server = Server::start(database);
        let client = Client::root(server.port);
        let sign_in = credentials().to_string();
        let signing_in: Vec<_> = (0..6)
            .map(|_| {
                let mut stream =
                    Client::anonymous().open(server.port, "POST", "/conjure/auth/login/", sign_in.len()).unwrap();
                stream.write_all(sign_in.as_bytes()).unwrap();
                stream
            })
            .collect();
        let tag = json!({ "name": "written while stopping" }).to_string();
        let mut writing = client.open(server.port, "POST", TAGS, tag.len()).unwrap();
        writing.write_all(&tag.as_bytes()[..5]).unwrap();
        std::thread::sleep(Duration::from_millis(300));

        let asked = Instant::now();
        server.terminate();
        std::thread::sleep(Duration::from_millis(200));
        writing.write_all(&tag.as_bytes()[5..]).unwrap();
        assert_eq!(answer(writing).unwrap().status, 201, "the write in flight");
        for stream in signing_in {
            assert_eq!(answer(stream).unwrap().status, 200, "a sign-in in flight");
        }
        let port = server.port;
        let status = server.ended();
        assert!(status.success(), "{status}");
        assert!(asked.elapsed() < Duration::from_secs(20), "the stop took {:?}", asked.elapsed());
        assert!(client.send(port, "GET", TAGS, None).is_err(), "nobody listens any more");
    });
}

/// Lets so many threads start at the same moment and returns what each got.
fn at_once<T: Send>(count: usize, work: impl Fn(usize) -> T + Sync) -> Vec<T> {
    let start = Barrier::new(count);
    std::thread::scope(|scope| {
        let (start, work) = (&start, &work);
        let threads: Vec<_> = (0..count)
            .map(|index| {
                scope.spawn(move || {
                    start.wait();
                    work(index)
                })
            })
            .collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    })
}

fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}
