//! Columns of other kinds than the reference site has, at the litestar door: what is stored, shown, exported, imported.
#![cfg(all(feature = "litestar", feature = "sqlite"))]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

#[allow(dead_code, reason = "every test uses its part")]
mod fakes;

use std::sync::Arc;

use factotum::accounts::admin_users::{AdminUsers, NewAdminUser};
use factotum::accounts::signing::Keys;
use factotum::admin::Options;
use factotum::contract::litestar::{Litestar, LitestarLog};
use factotum::model::FieldKind;
use factotum::store::tables::{Part, migrate};
use factotum::store::{Sqlite, Store};
use factotum::{Field, Model, Site};
use fakes::{Got, PASSWORD, SECRET, ask};
use serde_json::{Value as Json, json};

/// The password, as bcrypt stores it: quick.
const BCRYPT: &str = "$2b$04$/psryr34Uno2w0dy7zMFluYIv6PiFiLTYCk2MzhysedEO2QC6Bgcu";

const TABLE: &str = "CREATE TABLE odds (code varchar(8) PRIMARY KEY, until datetime, raw blob, doc json, \
    price numeric(8, 2), slope double);";

/// A site with odd columns, and somebody who may do everything with them.
struct Place {
    router: axum::Router,
    store: Arc<dyn Store>,
    bearer: String,
}

fn odds() -> Model {
    let slope = Field { declared: "DOUBLE".to_owned(), ..Field::float("slope").optional() };
    Model::new("odd", "Odds")
        .table("odds")
        .key(Field::line("code", 8))
        .with(Field::new("until", FieldKind::DateTime).optional())
        .with(Field::new("raw", FieldKind::Bytes).optional())
        .with(Field::new("doc", FieldKind::Json).optional())
        .with(Field::decimal("price", 8, 2).optional())
        .with(slope)
}

impl Place {
    async fn new() -> Place {
        let store: Arc<dyn Store> = Sqlite::in_memory().unwrap();
        migrate(store.as_ref(), &Part::ALL).await.unwrap();
        store.script(TABLE).await.unwrap();
        let users = AdminUsers::new(store.clone(), Keys::new(SECRET, Vec::new()));
        let person = NewAdminUser {
            email: "ann@a.example".to_owned(),
            encoded: Some(BCRYPT.to_owned()),
            roles: vec!["admin".to_owned()],
            ..NewAdminUser::default()
        };
        users.add(&person).await.unwrap();
        let site = Site::builder(store.clone(), Arc::new(users))
            .ledger(Arc::new(LitestarLog::default()))
            .register(odds(), Options::default())
            .build()
            .unwrap();
        let mut place = Place { router: factotum::router(site, Litestar::new(SECRET)), store, bearer: String::new() };
        let login = json!({"email": "ann@a.example", "password": PASSWORD});
        let got = place.ask("POST auth/login", "application/json", &login.to_string()).await;
        place.bearer = format!("Bearer {}", got.json()["access_token"].as_str().unwrap());
        place
    }

    async fn ask(&self, request: &str, media: &str, body: &str) -> Got {
        let host = axum::Router::new().nest_service("/admin", self.router.clone());
        let headers = [("authorization", self.bearer.as_str()), ("content-type", media)];
        ask(host, &request.replacen(' ', " /admin/api/", 1), &headers, body).await
    }

    /// Sends a document; the status and the answer.
    async fn send(&self, request: &str, body: &Json) -> (u16, Json) {
        let got = self.ask(request, "application/json", &body.to_string()).await;
        (got.status.as_u16(), got.json())
    }

    async fn get(&self, path: &str) -> Got {
        self.ask(&format!("GET models/odds{path}"), "application/json", "").await
    }

    /// A column of a row.
    async fn cell(&self, code: &str, column: &str) -> Json {
        self.get(&format!("/{code}")).await.json()[column].clone()
    }

    /// Sends lines as a file; each column of it fills the one of its name.
    async fn import(&self, step: &str, names: &[&str], lines: &[&str]) -> Json {
        let mappings: Vec<Json> = names.iter().map(|name| json!({"csv_column": name, "model_field": name})).collect();
        let part = |head: &str, body: &str| format!("--b\r\nContent-Disposition: form-data; {head}\r\n\r\n{body}\r\n");
        let file = format!("{}\n{}\n", names.join(","), lines.join("\n"));
        let body = part("name=\"column_mappings\"", &Json::from(mappings).to_string())
            + &part("name=\"data\"; filename=\"odds.csv\"", &file)
            + "--b--\r\n";
        let path = format!("POST models/odds/import/{step}");
        self.ask(&path, "multipart/form-data; boundary=b", &body).await.json()
    }
}

#[tokio::test]
async fn the_end_of_time_is_a_moment() {
    let place = Place::new().await;
    place.store.script("INSERT INTO odds (code, until) VALUES ('a', '9999-12-31 23:59:59.999999');").await.unwrap();
    assert_eq!(place.cell("a", "until").await, "9999-12-31T23:59:59.999999");
    let list = place.get("").await.json();
    assert_eq!(list.pointer("/items/0/until"), Some(&json!("9999-12-31T23:59:59.999999")), "{list}");
    for format in ["csv", "json"] {
        let file = place.get(&format!("/export?format={format}")).await.text;
        assert!(file.contains("9999-12-31T23:59:59.999999"), "{file}");
    }
    for sent in ["9999-12-31T23:59:59", "9999-12-31 23:59:59", "9999-12-31T23:59:59Z"] {
        let (status, made) = place.send("PATCH models/odds/a", &json!({"until": sent})).await;
        assert_eq!((status, &made["until"]), (200, &json!("9999-12-31T23:59:59")), "{sent}");
    }
    let stored = place.store.catalogue("SELECT until FROM odds", Vec::new()).await.unwrap();
    assert_eq!(stored[0][0].to_string(), "9999-12-31 23:59:59", "spelled as other moments are");
    let done = place.import("execute", &["code", "until"], &["b,9999-12-31T23:59:59"]).await;
    assert_eq!((&done["imported_count"], place.cell("b", "until").await), (&json!(1), json!("9999-12-31T23:59:59")));
}

#[tokio::test]
async fn bytes_are_cleared_and_never_set() {
    let place = Place::new().await;
    let row = "DELETE FROM odds; INSERT INTO odds (code, raw) VALUES ('a', x'61ff');";
    let refused = json!([{"field": "raw", "message": "raw cannot be set"}]);
    for (request, body) in [
        ("POST models/odds", json!({"code": "b", "raw": "abc"})),
        ("PATCH models/odds/a", json!({"raw": "abc"})),
        ("PUT models/odds/a", json!({"raw": 5})),
    ] {
        place.store.script(row).await.unwrap();
        let (status, said) = place.send(request, &body).await;
        assert_eq!((status, said.pointer("/extra/errors")), (422, Some(&refused)), "{request}: {said}");
        assert_eq!(place.cell("a", "raw").await, "a\u{fffd}");
    }
    for (request, body, left) in [
        ("PATCH models/odds/a", json!({"raw": null}), Json::Null),
        ("PATCH models/odds/a", json!({"raw": ""}), Json::Null),
        ("PATCH models/odds/a", json!({}), json!("a\u{fffd}")),
        ("PUT models/odds/a", json!({}), Json::Null),
        // A form sends back what it was shown.
        ("PUT models/odds/a", json!({"raw": "a\u{fffd}"}), json!("a\u{fffd}")),
    ] {
        place.store.script(row).await.unwrap();
        let (status, said) = place.send(request, &body).await;
        assert_eq!((status, &said["raw"]), (200, &left), "{request} {body}");
    }
    let stored = place.store.catalogue("SELECT hex(raw) FROM odds", Vec::new()).await.unwrap();
    assert_eq!(stored[0][0].to_string(), "61FF");
    let done = place.import("execute", &["code", "raw"], &["b,abc", "c,"]).await;
    assert_eq!((&done["imported_count"], &done["failed_count"]), (&json!(1), &json!(1)), "{done}");
}

#[tokio::test]
async fn a_document_that_is_null_is_an_empty_cell() {
    let place = Place::new().await;
    place.store.script("INSERT INTO odds (code, doc) VALUES ('a', 'null'), ('b', '[null]');").await.unwrap();
    let csv = place.get("/export").await.text;
    assert_eq!(csv, "code,until,raw,doc,price,slope\r\na,,,,,\r\nb,,,[null],,\r\n");
    let json = place.get("/export?format=json").await.json();
    assert_eq!((&json[0]["doc"], &json[1]["doc"]), (&Json::Null, &json!([null])));
}

#[tokio::test]
async fn the_key_in_a_change_is_not_looked_at() {
    let place = Place::new().await;
    place.store.script("INSERT INTO odds (code, price) VALUES ('a', 1);").await.unwrap();
    for code in [json!(""), json!(null), json!("b"), json!("much too long a key"), json!([1])] {
        let (status, said) = place.send("PUT models/odds/a", &json!({"code": code, "price": 2})).await;
        assert_eq!((status, &said["code"], &said["price"]), (200, &json!("a"), &json!(2.0)), "{code}");
    }
    let (status, said) = place.send("POST models/odds", &json!({"code": ""})).await;
    assert_eq!((status, &said["detail"]), (422, &json!("Validation error: code is required")));
}

#[tokio::test]
async fn an_import_rounds_as_a_post_does() {
    let place = Place::new().await;
    for (at, price) in ["1.005", "2.675", "8.125", "-8.125", "1e1"].into_iter().enumerate() {
        let (status, made) = place.send("POST models/odds", &json!({"code": format!("p{at}"), "price": price})).await;
        assert_eq!(status, 201, "{made}");
        let done = place.import("execute", &["code", "price"], &[&format!("i{at},{price}")]).await;
        assert_eq!(done["imported_count"], 1, "{done}");
        assert_eq!(place.cell(&format!("i{at}"), "price").await, made["price"], "{price}");
    }
    assert_eq!(place.cell("i2", "price").await, json!(8.13));
}

#[tokio::test]
async fn a_double_is_no_number_to_an_import() {
    let place = Place::new().await;
    let shown = place.import("preview", &["code", "slope"], &["a,1.5"]).await;
    let schema = shown["model_schema"].as_array().unwrap();
    let told = |name: &str| schema.iter().find(|column| column["name"] == name).unwrap()["type"].clone();
    assert_eq!((told("slope"), told("price")), (json!("string"), json!("number")));
    let judged = place.import("validate", &["code", "slope"], &["a,steep", "b,1.5"]).await;
    assert_eq!(judged["valid_count"], 2, "{judged}");
    let done = place.import("execute", &["code", "slope"], &["a,steep", "b,1.5"]).await;
    assert_eq!((&done["imported_count"], &done["failed_count"]), (&json!(1), &json!(1)), "{done}");
    assert_eq!(place.cell("b", "slope").await, json!(1.5));
}
