//! Ready-made items of custom views, through the contract: in memory, in a JSON file, of another service.
#![cfg(all(feature = "litestar", feature = "sqlite"))]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::sync::Arc;

use axum::body::Body;
use factotum::Site;
use factotum::accounts::admin_users::{AdminUsers, NewAdminUser};
use factotum::accounts::signing::Keys;
use factotum::contract::litestar::{Column, CustomView, InMemoryItems, Item, JsonFileItems, Kind, Litestar, Views};
use factotum::store::tables::{Part, migrate};
use factotum::store::{Sqlite, Store};
use http::Request;
use http_body_util::BodyExt;
use serde_json::{Value as Json, json};
use tower::ServiceExt;

const KEY: &str = "a secret of 32 bytes or more, that nobody can guess";

/// A site with one view of items, and somebody who may do everything to them.
struct World {
    router: axum::Router,
    token: String,
}

impl World {
    async fn showing(view: CustomView) -> World {
        let store: Arc<dyn Store> = Sqlite::in_memory().unwrap();
        migrate(store.as_ref(), &[Part::AdminUsers]).await.unwrap();
        let users = Arc::new(AdminUsers::new(store.clone(), Keys::new(KEY, Vec::new())));
        let new = NewAdminUser { id: Some("ann".into()), encoded: Some("!".into()), ..NewAdminUser::default() };
        let ann = NewAdminUser { email: "ann@shop.test".into(), roles: vec!["admin".into()], ..new };
        users.add(&ann).await.unwrap();
        let site = Site::builder(store, users).build().unwrap();
        let views = Views { custom: vec![view], ..Views::default() };
        let contract = Litestar { site_views: views, ..Litestar::new(KEY) };
        let who = site.accounts().load(&"ann".into()).await.unwrap().unwrap();
        let token = contract.tokens.make(&who, Kind::Access, None, factotum::context::now().as_second());
        let router = axum::Router::new().nest_service("/admin", factotum::router(site, contract));
        World { router, token }
    }

    async fn ask(&self, request: &str, body: Json) -> (u16, Json) {
        let (method, path) = request.split_once(' ').unwrap();
        let asked = Request::builder().method(method).uri(format!("/admin/api/views/custom/notes{path}"));
        let asked = asked.header("host", "shop.test").header("authorization", format!("Bearer {}", self.token));
        let asked = asked.header("content-type", "application/json");
        let body = if body.is_null() { Body::empty() } else { Body::from(body.to_string()) };
        let (parts, body) = self.router.clone().oneshot(asked.body(body).unwrap()).await.unwrap().into_parts();
        let bytes = body.collect().await.unwrap().to_bytes();
        (parts.status.as_u16(), serde_json::from_slice(&bytes).unwrap_or_default())
    }

    async fn ids(&self, query: &str) -> Vec<Json> {
        let (status, page) = self.ask(&format!("GET ?{query}"), Json::Null).await;
        assert_eq!(status, 200, "{query}");
        page["items"].as_array().unwrap().iter().map(|item| item["id"].clone()).collect()
    }
}

fn columns() -> Vec<Column> {
    let id = Column { kind: Some("integer".into()), ..Column::new("id") };
    vec![id, Column { searchable: true, sortable: true, ..Column::new("title") }, Column::new("done")]
}

fn item(json: Json) -> Item {
    if let Json::Object(item) = json { item } else { Item::new() }
}

/// What can be done to items that are at hand, wherever that is.
async fn everything(world: &World) {
    let (status, made) = world.ask("POST ", json!({ "title": "Call Bob" })).await;
    assert_eq!((status, made), (201, json!({ "title": "Call Bob", "id": 3 })));
    let (status, refused) = world.ask("POST ", json!({ "id": 3 })).await;
    let words = &refused["extra"]["errors"]["id"][0];
    assert_eq!(status, 422, "{refused}");
    assert!(refused.to_string().contains("Item with id='3' already exists"), "{words}");
    assert_eq!(world.ids("sort_by=title").await, [3, 1, 2]);
    assert_eq!(world.ids("sort_by=id&sort_order=desc&limit=2").await, [3, 2]);
    assert_eq!(world.ids("search=BO").await, [2, 3]);
    assert_eq!(world.ids("filters=%7B%22done%22:true%7D").await, [2]);
    assert_eq!(
        world.ids("filters=%7B%22title%22:%7B%22operator%22:%22startsWith%22,%22value%22:%22c%22%7D%7D").await,
        [3]
    );
    assert_eq!(world.ids("page=9").await, [0; 0]);
    let (status, changed) = world.ask("PUT /3", json!({ "done": true })).await;
    assert_eq!((status, changed), (200, json!({ "title": "Call Bob", "id": 3, "done": true })));
    assert_eq!(world.ask("PUT /3", json!({ "id": 4 })).await.0, 422);
    assert_eq!(world.ask("GET /3", Json::Null).await.1["done"], true);
    assert_eq!(world.ask("DELETE /3", Json::Null).await.0, 200);
    for request in ["GET /3", "DELETE /3", "PUT /3"] {
        assert_eq!(world.ask(request, json!({})).await.0, 404, "{request}");
    }
}

#[tokio::test]
async fn items_live_in_memory() {
    let items =
        [json!({ "id": 1, "title": "Pay", "done": false }), json!({ "id": 2, "title": "Ski boots", "done": true })];
    let items = InMemoryItems::new("id", &columns(), items.map(item).to_vec());
    everything(&World::showing(CustomView::new("Notes", columns(), items).writable()).await).await;
}

#[tokio::test]
async fn items_live_in_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("notes.json");
    let object = json!({ "a": { "id": 1, "title": "Pay" }, "b": { "id": 2, "title": "Ski boots", "done": true } });
    std::fs::write(&file, object.to_string()).unwrap();
    let view = || CustomView::new("Notes", columns(), JsonFileItems::new(&file, "id", &columns())).writable();
    everything(&World::showing(view()).await).await;
    let kept: Json = serde_json::from_slice(&std::fs::read(&file).unwrap()).unwrap();
    assert_eq!(kept, json!([{ "id": 1, "title": "Pay" }, { "id": 2, "title": "Ski boots", "done": true }]));
    // Many at once, and none gets lost.
    let world = Arc::new(World::showing(view()).await);
    let made = (0..20).map(|_| {
        let world = world.clone();
        tokio::spawn(async move { world.ask("POST ", json!({ "title": "x" })).await.0 })
    });
    for made in futures_util::future::join_all(made).await {
        assert_eq!(made.unwrap(), 201);
    }
    assert_eq!(world.ask("GET ", Json::Null).await.1["total"], 22);
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[cfg(feature = "http-items")]
mod remote {
    use std::sync::Mutex;

    use factotum::contract::litestar::{HttpApi, HttpApiItems};
    use http::{Response, StatusCode};

    use super::*;

    /// What another service was asked.
    type Heard = Arc<Mutex<Vec<String>>>;

    async fn answer(heard: Heard, request: Request<Body>) -> Response<Body> {
        let (head, body) = request.into_parts();
        let body = String::from_utf8(body.collect().await.unwrap().to_bytes().to_vec()).unwrap();
        let asked = format!("{} {} {body}", head.method, head.uri);
        heard.lock().unwrap().push(asked.trim().to_owned());
        let key = head.headers.get("x-key").map(|value| value.to_str().unwrap().to_owned());
        let (status, body) = match (head.method.as_str(), head.uri.path()) {
            _ if key.as_deref() != Some("a secret") => (401, Json::Null),
            ("GET", "/api/notes") => (200, json!({ "data": [{ "id": 7, "title": "Far" }], "count": 61 })),
            ("GET", "/api/notes/7") => (200, json!({ "id": 7, "title": "Far" })),
            ("POST", _) if body.contains("bad") => (400, json!({ "error": "a secret of theirs" })),
            ("POST", _) => (201, json!({ "id": 8 })),
            ("PATCH" | "DELETE", "/api/notes/7") => (204, Json::Null),
            ("GET", "/api/notes/500") => (500, Json::Null),
            ("GET", "/api/notes/302") => (302, Json::Null),
            ("GET", "/api/notes/odd") => (200, json!([])),
            _ => (404, Json::Null),
        };
        let body = if body.is_null() { Body::empty() } else { Body::from(body.to_string()) };
        let mut answer = Response::new(body);
        *answer.status_mut() = StatusCode::from_u16(status).unwrap();
        answer
    }

    async fn service() -> (String, Heard) {
        let heard = Heard::default();
        let hears = heard.clone();
        let app = axum::Router::new().fallback(move |request: Request<Body>| answer(hears.clone(), request));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
        (format!("http://{address}/api/notes"), heard)
    }

    async fn world(base_url: &str, key: &str) -> World {
        let api = HttpApi {
            headers: vec![("x-key".into(), key.into())],
            items_key: Some("data".into()),
            total_key: Some("count".into()),
            search_param: "q".into(),
            ..HttpApi::at(base_url)
        };
        World::showing(CustomView::new("Notes", columns(), HttpApiItems::new(api).unwrap()).writable()).await
    }

    #[tokio::test]
    async fn items_are_those_of_another_service() {
        let (address, heard) = service().await;
        let world = world(&address, "a secret").await;
        let (_, page) = world
            .ask("GET ?page=3&limit=20&search=a%20b&sort_by=title&filters=%7B%22done%22:true%7D", Json::Null)
            .await;
        assert_eq!((&page["total"], &page["items"][0]["id"], &page["has_next"]), (&json!(61), &json!(7), &json!(true)));
        assert_eq!(world.ask("GET /7", Json::Null).await.1["title"], "Far");
        assert_eq!(world.ask("POST ", json!({ "title": "x" })).await, (201, json!({ "id": 8 })));
        assert_eq!(world.ask("PUT /7", json!({ "title": "y" })).await, (200, json!({ "id": 7, "title": "Far" })));
        assert_eq!(world.ask("DELETE /7", Json::Null).await.0, 200);
        let heard = heard.lock().unwrap().clone();
        assert_eq!(
            heard,
            [
                "GET /api/notes?page=3&page_size=20&q=a+b&sort_by=title&sort_order=asc&done=true",
                "GET /api/notes/7",
                "POST /api/notes {\"title\":\"x\"}",
                "GET /api/notes/7",
                "PATCH /api/notes/7 {\"title\":\"y\"}",
                "GET /api/notes/7",
                "GET /api/notes/7",
                "DELETE /api/notes/7",
            ]
        );
    }

    #[tokio::test]
    async fn what_another_service_refuses_is_told_in_our_words() {
        let (address, heard) = service().await;
        let world = world(&address, "a secret").await;
        for (request, status) in [
            ("GET /9", 404),
            ("GET /odd", 404),
            ("GET /500", 503),
            ("GET /302", 503),
            ("PUT /9", 404),
            ("DELETE /9", 404),
        ] {
            assert_eq!(world.ask(request, json!({})).await.0, status, "{request}");
        }
        let (status, refused) = world.ask("POST ", json!({ "title": "bad" })).await;
        assert_eq!(status, 422);
        assert!(!refused.to_string().contains("secret"), "{refused}");
        heard.lock().unwrap().clear();
        for id in ["%2e%2e", "%2e", "..%2fother", "7%3fx=1%23"] {
            assert_eq!(world.ask(&format!("GET /{id}"), Json::Null).await.0, 404, "{id}");
        }
        assert!(heard.lock().unwrap().iter().all(|asked| asked.starts_with("GET /api/notes/")), "{heard:?}");
    }

    #[tokio::test]
    async fn a_service_that_is_away_or_refuses_us_shows_nothing() {
        let (address, _) = service().await;
        assert_eq!(world(&address, "another").await.ask("GET ", Json::Null).await.0, 503);
        let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        assert_eq!(world(&format!("http://{free}"), "a secret").await.ask("GET ", Json::Null).await.0, 503);
        assert!(HttpApiItems::new(HttpApi::at("nonsense")).is_err());
        let header = HttpApi { headers: vec![("a b".into(), "c".into())], ..HttpApi::at("http://api.test") };
        assert!(HttpApiItems::new(header).is_err());
    }
}
