//! The litestar door before tables that nobody made for it: models as they are concluded from the database alone.
#![cfg(all(feature = "litestar", feature = "sqlite"))]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

#[allow(dead_code, reason = "every test uses its part")]
mod fakes;

use std::sync::Arc;

use factotum::accounts::admin_users::{AdminUsers, NewAdminUser};
use factotum::accounts::signing::Keys;
use factotum::admin::Options;
use factotum::contract::litestar::{Kind, Litestar, View};
use factotum::model::infer::{self, Rules};
use factotum::store::inspect::inspect;
use factotum::store::tables::{Part, migrate};
use factotum::store::{Sqlite, Store};
use factotum::{ModelKey, Site};
use fakes::{SECRET, ask};
use serde_json::{Value as Json, json};

const TABLES: &str = r#"
CREATE TABLE shelf (id integer PRIMARY KEY, code varchar(10) NOT NULL UNIQUE);
CREATE TABLE book (id integer PRIMARY KEY, title varchar(40) NOT NULL, shelf_code varchar(10) REFERENCES shelf (code));
INSERT INTO shelf VALUES (1, 'Z9'), (2, 'A1'), (3, 'empty');
INSERT INTO book VALUES (1, 'first', 'Z9'), (2, 'second', NULL), (3, 'third', 'A1'), (4, 'fourth', 'Z9');
"#;

/// A site over these tables, and somebody who may do everything.
struct Place {
    router: axum::Router,
    bearer: String,
}

impl Place {
    async fn new(view: Option<View>) -> Place {
        let store: Arc<dyn Store> = Sqlite::in_memory().unwrap();
        store.script(TABLES).await.unwrap();
        let rules = Rules { app: "db".into(), known: vec![], passed_over: vec![], names: vec![], keys: vec![] };
        let models = infer::models(&inspect(store.as_ref()).await.unwrap(), &rules).models;
        migrate(store.as_ref(), &[Part::AdminUsers]).await.unwrap();
        let users = Arc::new(AdminUsers::new(store.clone(), Keys::new(SECRET, Vec::new())));
        let new = NewAdminUser { id: Some("ann".into()), encoded: Some("!".into()), ..NewAdminUser::default() };
        users.add(&NewAdminUser { roles: vec!["admin".into()], ..new }).await.unwrap();
        let mut site = Site::builder(store, users);
        for inferred in models {
            site = site.register(inferred.model, Options::default());
        }
        let site = site.build().unwrap();
        let views = view.into_iter().map(|view| (ModelKey::new("db", "Book"), view)).collect();
        let contract = Litestar { views, ..Litestar::new(SECRET) };
        let who = site.accounts().load(&"ann".into()).await.unwrap().unwrap();
        let token = contract.tokens.make(&who, Kind::Access, None, factotum::context::now().as_second());
        let router = axum::Router::new().nest_service("/admin", factotum::router(site, contract));
        Place { router, bearer: format!("Bearer {token}") }
    }

    async fn ask(&self, request: &str) -> (u16, Json) {
        let (method, path) = request.split_once(' ').unwrap();
        let request = format!("{method} /admin/api/models/{path}");
        let got = ask(self.router.clone(), &request, &[("authorization", &self.bearer)], "").await;
        (got.status.as_u16(), got.json())
    }

    async fn ids(&self, query: &str) -> Vec<i64> {
        let (status, page) = self.ask(&format!("GET book?{query}")).await;
        assert_eq!(status, 200, "{query}");
        page["items"].as_array().unwrap().iter().filter_map(|row| row["id"].as_i64()).collect()
    }
}

#[tokio::test]
async fn a_row_that_others_point_to_stays_where_the_database_has_no_rule() {
    let place = Place::new(None).await;
    let (status, body) = place.ask("DELETE shelf/1").await;
    assert_eq!((status, body["detail"].clone()), (409, json!("Record '1' is still referenced")));
    let (_, book) = place.ask("GET book/1").await;
    assert_eq!(book["shelf_code"], "Z9");
    assert_eq!(place.ask("DELETE shelf/3").await.0, 200);
}

#[tokio::test]
async fn rows_come_in_the_order_of_their_keys() {
    assert_eq!(Place::new(None).await.ids("").await, [1, 2, 3, 4]);
    assert_eq!(Place::new(Some(View::default())).await.ids("").await, [1, 2, 3, 4]);
}

#[tokio::test]
async fn a_key_of_another_column_is_searched_and_sorted_by_itself() {
    let names = vec!["title".to_owned(), "shelf_code".to_owned()];
    let place = Place::new(Some(View { column_searchable_list: Some(names), ..View::default() })).await;
    assert_eq!(place.ids("search=z9").await, [1, 4]);
    assert_eq!(place.ids("search=third").await, [3]);
    assert_eq!(place.ids("sort_by=shelf_code").await, [2, 3, 1, 4]);
    assert_eq!(place.ids("sort_by=shelf_code&sort_order=desc").await, [1, 4, 3, 2]);
}
