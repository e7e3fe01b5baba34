//! Being let in by the litestar door: tokens in their places, refresh tokens that are used once, sessions, stealth.
#![cfg(all(feature = "litestar", feature = "sqlite"))]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

#[allow(dead_code, reason = "every test uses its part")]
mod fakes;

use std::sync::Arc;

use factotum::accounts::admin_users::{AdminUsers, NewAdminUser};
use factotum::accounts::families::Families;
use factotum::accounts::signing::Keys;
use factotum::admin::Options;
use factotum::contract::litestar::{Auth, Litestar, LitestarLog, Location};
use factotum::store::tables::{Part, migrate};
use factotum::store::{Sqlite, Store};
use factotum::{Field, Model, Site};
use fakes::{Got, PASSWORD, SECRET, ask};
use serde_json::{Value as Json, json};

/// The password, as bcrypt stores it: quick, and replaced at the first sign-in.
const BCRYPT: &str = "$2b$04$/psryr34Uno2w0dy7zMFluYIv6PiFiLTYCk2MzhysedEO2QC6Bgcu";

/// A site with tags and with one person for each role, and its contract.
struct Place {
    router: axum::Router,
    store: Arc<dyn Store>,
}

async fn place(contract: impl FnOnce(Litestar, &Arc<dyn Store>) -> Litestar) -> Place {
    let store: Arc<dyn Store> = Sqlite::in_memory().unwrap();
    migrate(store.as_ref(), &Part::ALL).await.unwrap();
    store.script("CREATE TABLE shop_tag (id integer PRIMARY KEY AUTOINCREMENT, name varchar(40));").await.unwrap();
    let users = AdminUsers::new(store.clone(), Keys::new(SECRET, Vec::new()));
    for role in ["viewer", "editor", "admin"] {
        let person = NewAdminUser {
            id: Some(role.to_owned()),
            email: format!("{role}@a.example"),
            encoded: Some(BCRYPT.to_owned()),
            roles: vec![role.to_owned()],
            ..NewAdminUser::default()
        };
        users.add(&person).await.unwrap();
    }
    let site = Site::builder(store.clone(), Arc::new(users))
        .ledger(Arc::new(LitestarLog::default()))
        .register(Model::new("shop", "Tag").with(Field::line("name", 40)), Options::default())
        .build()
        .unwrap();
    let router = factotum::router(site, contract(Litestar::new(SECRET), &store));
    Place { router, store }
}

impl Place {
    async fn ask(&self, request: &str, headers: &[(&str, &str)], body: &Json) -> Got {
        let host = axum::Router::new().nest_service("/admin", self.router.clone());
        let body = if body.is_null() { String::new() } else { body.to_string() };
        ask(host, request, headers, &body).await
    }

    async fn login(&self, role: &str) -> Got {
        let body = json!({"email": format!("{role}@a.example"), "password": PASSWORD});
        self.ask("POST /admin/api/auth/login", &[], &body).await
    }

    async fn token(&self, role: &str) -> String {
        self.login(role).await.json()["access_token"].as_str().unwrap().to_owned()
    }

    async fn status(&self, request: &str, headers: &[(&str, &str)]) -> u16 {
        self.ask(request, headers, &Json::Null).await.status.as_u16()
    }

    async fn refresh(&self, token: &str) -> Option<String> {
        let got = self.ask("POST /admin/api/auth/refresh", &[], &json!({"refresh_token": token})).await;
        got.json()["refresh_token"].as_str().map(str::to_owned)
    }
}

const ME: &str = "GET /admin/api/auth/me";

#[tokio::test]
async fn a_token_is_looked_for_in_its_places() {
    let place = place(|contract, _| contract).await;
    let token = place.token("viewer").await;
    let cookie = format!("admin_access_token={token}");
    for header in [format!("Bearer {token}"), format!("bearer {token}"), token.clone()] {
        assert_eq!(place.status(ME, &[("authorization", &header)]).await, 200, "{header}");
    }
    assert_eq!(place.status(ME, &[("cookie", &cookie)]).await, 200);
    assert_eq!(place.status(ME, &[("authorization", "Bearer x"), ("cookie", &cookie)]).await, 401);
    assert_eq!(place.status(ME, &[]).await, 401);
}

#[tokio::test]
async fn where_the_cookie_is_the_usual_place_it_goes_first() {
    let place = place(|contract, _| Litestar { location: Location::Cookie, ..contract }).await;
    let cookie = format!("admin_access_token={}", place.token("viewer").await);
    assert_eq!(place.status(ME, &[("authorization", "Bearer x"), ("cookie", &cookie)]).await, 200);
}

#[tokio::test]
async fn a_cookie_writes_only_for_this_site() {
    let place = place(|contract, _| contract).await;
    let cookie = format!("admin_access_token={}", place.token("editor").await);
    let post = "POST /admin/api/models/tag";
    let foreign = [("cookie", cookie.as_str()), ("origin", "https://evil.example")];
    assert_eq!(place.ask(post, &foreign, &json!({"name": "a"})).await.status, 403);
    let own = [("cookie", cookie.as_str()), ("origin", "http://shop.test")];
    assert_eq!(place.ask(post, &own, &json!({"name": "a"})).await.status, 201);
}

#[tokio::test]
async fn who_has_no_token_may_be_told_that_there_is_nothing() {
    let place = place(|contract, _| Litestar { stealth: true, ..contract }).await;
    let got = place.ask(ME, &[], &Json::Null).await;
    assert_eq!((got.status.as_u16(), got.text.as_str(), got.header("content-type")), (404, "Not Found", "text/plain"));
    assert_eq!(place.status("GET /admin/api/config", &[]).await, 200);
}

#[tokio::test]
async fn a_refresh_token_is_used_once() {
    let place = place(|contract, store| Litestar { rotation: Some(Families::new(store.clone())), ..contract }).await;
    let first = place.login("viewer").await.json()["refresh_token"].as_str().unwrap().to_owned();
    let second = place.refresh(&first).await.unwrap();
    assert_ne!(first, second);
    assert_eq!(place.refresh(&first).await, None, "used before");
    assert_eq!(place.refresh(&second).await, None, "its family has ended");
    let other = place.login("viewer").await.json()["refresh_token"].as_str().unwrap().to_owned();
    place.ask("POST /admin/api/auth/logout", &[], &json!({"refresh_token": other})).await;
    assert_eq!(place.refresh(&other).await, None, "signed out");
}

#[tokio::test]
async fn without_rotation_a_refresh_token_stays() {
    let place = place(|contract, _| contract).await;
    let token = place.login("viewer").await.json()["refresh_token"].as_str().unwrap().to_owned();
    assert_eq!(place.refresh(&token).await.as_deref(), Some(token.as_str()));
    place.store.script("UPDATE admin_users SET is_active = 0 WHERE id = 'viewer';").await.unwrap();
    assert_eq!(place.refresh(&token).await, None);
}

#[tokio::test]
async fn a_session_is_a_cookie() {
    let place = place(|contract, _| Litestar { auth: Auth::Session, ..contract }).await;
    let got = place.login("admin").await;
    assert_eq!(got.json()["token_type"], "session");
    let cookie = format!("admin_session={}", got.cookie("admin_session").unwrap());
    assert_eq!(place.status(ME, &[("cookie", &cookie)]).await, 200);
    assert_eq!(place.status(ME, &[("cookie", "admin_session=x")]).await, 401);
    let foreign = [("cookie", cookie.as_str()), ("origin", "https://evil.example")];
    assert_eq!(place.status("DELETE /admin/api/models/tag/1", &foreign).await, 403);
    let out = place.ask("POST /admin/api/auth/logout", &[("cookie", &cookie)], &Json::Null).await;
    assert_eq!(out.cookie("admin_session").as_deref(), Some(""));
}

#[tokio::test]
async fn people_are_what_they_are_now() {
    let place = place(|contract, _| contract).await;
    let bearer = format!("Bearer {}", place.token("admin").await);
    let headers = [("authorization", bearer.as_str())];
    assert_eq!(place.status("DELETE /admin/api/models/tag/1", &headers).await, 404);
    place.store.script("UPDATE admin_users SET roles = '[\"viewer\"]' WHERE id = 'admin';").await.unwrap();
    let got = place.ask("DELETE /admin/api/models/tag/1", &headers, &Json::Null).await;
    assert_eq!((got.status.as_u16(), got.detail().as_str()), (403, "Permission 'models:delete' required"));
    place.store.script("UPDATE admin_users SET is_active = 0 WHERE id = 'admin';").await.unwrap();
    assert_eq!(place.status(ME, &headers).await, 401);
}

#[tokio::test]
async fn what_several_rows_went_through_is_told_of_no_model() {
    let place = place(|contract, _| contract).await;
    let bearer = format!("Bearer {}", place.token("admin").await);
    let headers = [("authorization", bearer.as_str())];
    place.ask("POST /admin/api/models/Tag", &headers, &json!({"name": "a"})).await;
    let got = place.ask("POST /admin/api/models/tag/bulk/delete", &headers, &json!({"ids": ["1", 2]})).await;
    assert_eq!(got.json(), json!({"deleted": 1, "success": true}));
    let all = place.ask("GET /admin/api/dashboard/activity", &headers, &Json::Null).await.json();
    let told = |entry: &Json| format!("{} {} {}", entry["action"], entry["model"], entry["record_id"]);
    let told: Vec<String> = all.as_array().unwrap().iter().map(told).collect();
    assert_eq!(told, ["\"bulk_delete\" \"System\" null", "\"create\" \"Tag\" \"1\""]);
}

#[tokio::test]
async fn spreadsheets_are_kept_from_running_texts_where_that_is_wanted() {
    let exported = async |defused| {
        let place = place(|contract, _| Litestar { defused_exports: defused, ..contract }).await;
        place.store.script("INSERT INTO shop_tag (name) VALUES ('=1+1'), ('plain')").await.unwrap();
        let bearer = format!("Bearer {}", place.token("admin").await);
        let got = place.ask("GET /admin/api/models/tag/export", &[("authorization", &bearer)], &Json::Null).await;
        got.text
    };
    assert_eq!(exported(false).await, "id,name\r\n1,=1+1\r\n2,plain\r\n", "as the original has it");
    assert_eq!(exported(true).await, "id,name\r\n1,'=1+1\r\n2,plain\r\n");
}
