//! Who may do what: every endpoint, asked by everybody about every row, against the golden file.
//!
//! `conversations/matrix/django-admin.txt` says what the original answers, and where ours differs by decision;
//! `scripts/django-matrix.py` asks the original again.
#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a test fails by panicking and speaks on the terminal")]

#[path = "player/database.rs"]
mod database;
mod matrix;

use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;
use std::path::Path;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{Request, header};
use database::{Database, Kind, SHOP};
use http_body_util::BodyExt;
use matrix::cases::{self, Case, Id};
use matrix::digest::digest;
use matrix::people;
use matrix::plan::{Plan, folder, text};
use matrix::sql;
use tower::ServiceExt;

const TOKEN: &str = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";

/// A test per model and database, so that they run side by side.
macro_rules! models {
    ($($name:ident = $place:expr),+ $(,)?) => {
        const COUNT: usize = [$(stringify!($name)),+].len();

        mod sqlite {
            $(#[test] fn $name() { crate::check(crate::Kind::Sqlite, $place); })+
        }
        mod postgres {
            $(#[test] fn $name() { crate::check(crate::Kind::Postgres, $place); })+
        }
    };
}

models! {
    no_model = None,
    tag = Some("shop/tag"),
    category = Some("shop/category"),
    supplier = Some("shop/supplier"),
    product = Some("shop/product"),
    customer = Some("shop/customer"),
    order = Some("shop/order"),
    setting = Some("shop/setting"),
    activity_log = Some("shop/activitylog"),
    user = Some("auth/user"),
    unknown_model = Some("shop/nothing"),
}

/// Plays the cases of one model and panics with every answer that is not the golden one.
fn check(kind: Kind, model: Option<&str>) {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    match runtime.block_on(play(kind, model)) {
        None => println!("not run: FACTOTUM_TEST_POSTGRES names no server"),
        Some(faults) => assert!(faults.is_empty(), "{} differences:\n{}", faults.len(), faults.join("\n")),
    }
}

async fn play(kind: Kind, name: Option<&str>) -> Option<Vec<String>> {
    let plan = Plan::read();
    let model = name.map_or(&plan.models[0], |name| plan.models.iter().find(|model| model.name == name).unwrap());
    let cases = if name.is_some() { cases::of_model(&plan, model) } else { cases::of_site(&plan) };
    let (database, reset, golden) = (Database::fresh(SHOP, kind).await?, people::reset(), golden());
    sql::run(database.url(), &(reset.clone() + &people::grants(&plan, model))).await;
    let media = tempfile::tempdir().unwrap();
    let app = shop::app(database.url(), false, Path::new(media.path())).await.unwrap();
    let mut faults = Vec::new();
    for case in &cases {
        let (answer, wrote) = ask(app.clone(), &plan, case).await;
        match golden.get(&case.id) {
            Some(expected) if *expected == answer => {}
            expected => faults.push(format!("{}: expected {expected:?}, got {answer:?}", named(&case.id))),
        }
        if wrote {
            sql::run(database.url(), &reset).await;
        }
    }
    drop(app);
    database.remove().await;
    Some(faults)
}

/// What somebody is answered, and whether that may have changed a row.
async fn ask(app: Router, plan: &Plan, case: &Case<'_>) -> (String, bool) {
    let reply = app.oneshot(request(plan, case)).await.unwrap();
    let (head, body) = reply.into_parts();
    let body = if case.method == "HEAD" { Vec::new() } else { body.collect().await.unwrap().to_bytes().to_vec() };
    let wrote = !matches!(case.method.as_str(), "GET" | "HEAD" | "OPTIONS") && head.status.is_success();
    (digest(head.status.as_u16(), &head.headers, &body), wrote)
}

fn request(plan: &Plan, case: &Case<'_>) -> Request<Body> {
    let mut request = Request::builder()
        .method(case.method.as_str())
        .uri(format!("{}{}", plan.mount, case.path))
        .body(case.body.clone().map_or_else(Body::empty, Body::from))
        .unwrap();
    let session = plan.cookie(case.person).map(|key| format!("; sessionid={key}")).unwrap_or_default();
    let headers = request.headers_mut();
    headers.insert(header::HOST, "127.0.0.1".parse().unwrap());
    headers.insert(header::COOKIE, format!("csrftoken={TOKEN}{session}").parse().unwrap());
    if case.body.is_some() {
        headers.insert(header::CONTENT_TYPE, "application/json".parse().unwrap());
    }
    if case.token {
        headers.insert("x-csrftoken", TOKEN.parse().unwrap());
    }
    request.extensions_mut().insert(ConnectInfo(SocketAddr::from(([127, 0, 0, 1], 50_000))));
    request
}

/// The golden answers by case; a remark about the original is for people.
fn golden() -> BTreeMap<Id, String> {
    let mut answers = BTreeMap::new();
    for line in text("django-admin.txt").lines() {
        let [model, endpoint, row, answer, people] = line.split(" | ").take(5).collect::<Vec<_>>()[..] else {
            panic!("not a line of the matrix: {line}")
        };
        for person in people.split(' ') {
            let id = (model.to_owned(), endpoint.to_owned(), row.to_owned(), person.to_owned());
            assert!(answers.insert(id, answer.to_owned()).is_none(), "{line} is there twice");
        }
    }
    answers
}

fn named((model, endpoint, row, person): &Id) -> String {
    format!("{model} | {endpoint} | {row} | {person}")
}

#[test]
fn the_golden_file_has_every_case_and_no_other() {
    let plan = Plan::read();
    let models = plan.models.iter().flat_map(|model| cases::of_model(&plan, model));
    let cases: BTreeSet<Id> = cases::of_site(&plan).into_iter().chain(models).map(|case| case.id).collect();
    let golden: BTreeSet<Id> = golden().into_keys().collect();
    let only = |one: &BTreeSet<Id>, other| one.difference(other).take(5).map(named).collect::<Vec<_>>();
    assert_eq!((only(&cases, &golden), only(&golden, &cases)), (Vec::new(), Vec::new()));
    assert_eq!(COUNT, plan.models.len() + 1, "every model has a test");
}

#[test]
fn every_door_of_the_contract_is_in_the_matrix_and_in_a_conversation() {
    let plan = Plan::read();
    let asked: BTreeSet<String> = plan.endpoints.iter().map(|endpoint| endpoint.send.clone()).collect();
    let played = doors_of_conversations(&plan);
    for (path, methods) in plan.routes.iter().chain(&plan.aliases) {
        for method in methods {
            let door = format!("{method} {path}");
            assert!(asked.contains(&door), "the matrix does not ask {door}");
            assert!(played.contains(&door), "no conversation asks {door}");
        }
    }
}

/// The doors, as the plan writes them, that some step of some conversation goes through.
fn doors_of_conversations(plan: &Plan) -> BTreeSet<String> {
    #[derive(serde::Deserialize)]
    struct File {
        steps: Vec<Step>,
    }
    #[derive(serde::Deserialize)]
    struct Step {
        send: Sent,
    }
    #[derive(serde::Deserialize)]
    struct Sent {
        method: String,
        path: String,
    }
    let mut doors = BTreeSet::new();
    for folder in ["django-admin", "django-admin-decisions"].map(folder) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let file: File = serde_json::from_str(&std::fs::read_to_string(entry.unwrap().path()).unwrap()).unwrap();
            doors.extend(file.steps.into_iter().filter_map(|Step { send }| door(plan, &send.method, &send.path)));
        }
    }
    doors
}

fn door(plan: &Plan, method: &str, path: &str) -> Option<String> {
    let rest = path.strip_prefix(&plan.mount)?.split('?').next()?;
    let routes = plan.aliases.iter().filter(|(_, methods)| methods.iter().any(|one| one == method)).chain(&plan.routes);
    let found = routes.map(|(route, _)| route).find(|route| fits(route, rest))?;
    Some(format!("{method} {found}"))
}

/// Whether a path has the segments of a route; a place stands for one segment, that of a model for two.
fn fits(route: &str, path: &str) -> bool {
    let route = route.replace("{model}", "{app}/{model}");
    let (route, path): (Vec<&str>, Vec<&str>) = (route.split('/').collect(), path.split('/').collect());
    route.len() == path.len() && route.iter().zip(path).all(|(place, part)| place.starts_with('{') || *place == part)
}
