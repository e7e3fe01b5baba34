//! What the litestar contract does with the help of others: sign-in by a provider, and passwords reset by mail.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use factotum::accounts::admin_users::{AdminUsers, NewAdminUser};
use factotum::accounts::resets::Resets;
use factotum::accounts::signing::Keys;
use factotum::contract::litestar::{Litestar, LitestarLog, OAuth, Reset};
use factotum::http::gateway::{Begun, Came, Failed, Gateway, Known};
use factotum::http::mail::Folder;
use factotum::store::tables::{Part, migrate};
use factotum::store::{Sqlite, Store};
use factotum::{Site, Value};
use futures_util::FutureExt;
use futures_util::future::{BoxFuture, ready};
use http::{HeaderMap, Request};
use http_body_util::BodyExt;
use serde_json::{Value as Json, json};
use tower::ServiceExt;

const PASSWORD: &str = "correct-horse-9";

/// A provider that knows everybody by the code that they bring.
#[derive(Debug)]
struct Corp;

impl Gateway for Corp {
    fn name(&self) -> &str {
        "corp"
    }
    fn display_name(&self) -> &str {
        "Example Corp"
    }
    fn begin<'a>(&'a self, back: &'a str) -> BoxFuture<'a, Result<Begun, Failed>> {
        let url = format!("https://corp.test/login?back={back}");
        ready(Ok(Begun { url, ticket: "ticket".to_owned() })).boxed()
    }
    fn finish<'a>(&'a self, _back: &'a str, came: Came<'a>) -> BoxFuture<'a, Result<Known, Failed>> {
        let known = (came.state == "state" && came.ticket == "ticket")
            .then(|| Known { email: came.code.to_owned(), name: Some("New".to_owned()) });
        ready(known.ok_or_else(|| Failed("another state".to_owned()))).boxed()
    }
}

/// A site with two people, one of whom is switched off, and what their contract is like.
struct World {
    store: Arc<dyn Store>,
    users: Arc<AdminUsers>,
    mails: tempfile::TempDir,
}

impl World {
    async fn new() -> World {
        let store: Arc<dyn Store> = Sqlite::in_memory().unwrap();
        migrate(store.as_ref(), &[Part::AdminUsers, Part::PasswordResets, Part::AdminAuditLog]).await.unwrap();
        let users = Arc::new(AdminUsers::new(store.clone(), Keys::new("k".repeat(40), Vec::new())));
        for email in ["ann@shop.test", "off@shop.test"] {
            let new = NewAdminUser { email: email.into(), password: PASSWORD.into(), ..NewAdminUser::default() };
            users.add(&NewAdminUser { roles: vec!["viewer".into()], id: Some(email.into()), ..new }).await.unwrap();
        }
        store.script("UPDATE admin_users SET is_active = 0 WHERE email = 'off@shop.test'").await.unwrap();
        World { store, users, mails: tempfile::tempdir().unwrap() }
    }

    fn app(&self, change: impl FnOnce(Litestar) -> Litestar) -> axum::Router {
        let site = Site::builder(self.store.clone(), self.users.clone()).ledger(Arc::new(LitestarLog::default()));
        let site = site.build().unwrap();
        let contract = change(Litestar::new("a secret of 32 bytes or more, that nobody can guess"));
        axum::Router::new().nest_service("/admin", factotum::router(site, contract))
    }

    fn resetting(&self) -> axum::Router {
        let mailer = Arc::new(Folder::new(self.mails.path()));
        let reset = Reset::new(Resets::new(self.store.clone()), mailer, "https://shop.test/new?token={token}");
        self.app(|contract| Litestar { reset: Some(reset), title: "Shop".into(), ..contract })
    }

    fn by_corp(&self, create: Option<Vec<String>>, for_frontend: bool) -> axum::Router {
        let oauth = OAuth { providers: vec![Arc::new(Corp)], create, for_frontend };
        self.app(|contract| Litestar { oauth, ..contract })
    }

    /// The mails so far, once there are so many.
    async fn mails(&self, count: usize) -> Vec<String> {
        for _ in 0..200 {
            let files: Vec<_> =
                std::fs::read_dir(self.mails.path()).unwrap().map(|file| file.unwrap().path()).collect();
            let texts: Vec<String> = files.iter().map(|path| std::fs::read_to_string(path).unwrap()).collect();
            if texts.len() >= count && texts.iter().all(|text| text.ends_with("as it is.\n")) {
                return texts;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("no {count} mails");
    }
}

async fn ask(app: &axum::Router, request: &str, cookie: &str, body: Option<Json>) -> (u16, HeaderMap, Json) {
    let (method, path) = request.split_once(' ').unwrap();
    let asked = Request::builder().method(method).uri(path).header("host", "shop.test").header("cookie", cookie);
    let asked = asked.header("content-type", "application/json");
    let body = body.map_or_else(Body::empty, |body| Body::from(body.to_string()));
    let (parts, body) = app.clone().oneshot(asked.body(body).unwrap()).await.unwrap().into_parts();
    let bytes = body.collect().await.unwrap().to_bytes();
    (parts.status.as_u16(), parts.headers, serde_json::from_slice(&bytes).unwrap_or_default())
}

async fn post(app: &axum::Router, path: &str, body: Json) -> (u16, Json) {
    let (status, _, json) = ask(app, &format!("POST /admin/api/{path}"), "", Some(body)).await;
    (status, json["detail"].as_str().or(json["message"].as_str()).map_or(json.clone(), |words| json!(words)))
}

fn token(mail: &str) -> String {
    mail.split("token=").nth(1).unwrap().split_whitespace().next().unwrap().to_owned()
}

fn fresh(token: &str, password: &str) -> Json {
    json!({ "token": token, "new_password": password, "confirm_password": password })
}

#[tokio::test]
async fn a_forgotten_password_is_reset_once() {
    let world = World::new().await;
    let app = world.resetting();
    let said = json!("If an account with that email exists, a password reset link has been sent.");
    for email in ["ann@shop.test", "nobody@shop.test", "off@shop.test"] {
        assert_eq!(post(&app, "users/forgot-password", json!({ "email": email })).await, (200, said.clone()));
    }
    let mails = world.mails(1).await;
    assert_eq!(mails.len(), 1, "only who has an account that is switched on gets a mail");
    assert!(mails[0].starts_with("To: ann@shop.test\nSubject: Shop: another password\n"), "{}", mails[0]);
    assert!(mails[0].contains("https://shop.test/new?token="));
    let token = token(&mails[0]);
    let other = json!({ "token": token, "new_password": "another-horse-1", "confirm_password": "x" });
    let refused = post(&app, "users/reset-password", other).await;
    assert_eq!(refused, (400, json!("New password and confirmation do not match")));
    let short = post(&app, "users/reset-password", fresh(&token, "short")).await;
    assert_eq!(short, (400, json!("Password must be at least 8 characters long")));
    let done = post(&app, "users/reset-password", fresh(&token, "another-horse-1")).await;
    assert_eq!(done, (200, json!("Password has been reset successfully")));
    let again = post(&app, "users/reset-password", fresh(&token, "third-horse-1")).await;
    assert_eq!(again, (400, json!("Invalid or expired password reset token")));
    let login = |password: &str| json!({ "email": "ann@shop.test", "password": password });
    assert_eq!(post(&app, "auth/login", login(PASSWORD)).await.0, 401);
    assert_eq!(post(&app, "auth/login", login("another-horse-1")).await.0, 200);
}

#[tokio::test]
async fn a_reset_leaves_records_of_what_was_asked_and_done() {
    let world = World::new().await;
    let app = world.resetting();
    for email in ["nobody@shop.test", "off@shop.test", "ann@shop.test"] {
        post(&app, "users/forgot-password", json!({ "email": email })).await;
    }
    let token = token(&world.mails(1).await[0]);
    post(&app, "users/reset-password", fresh(&token, "another-horse-1")).await;
    post(&app, "users/reset-password", fresh(&token, "third-horse-1")).await;
    let log = "SELECT action, model_name, record_id, actor_email, metadata FROM admin_audit_log ORDER BY rowid";
    let rows = world.store.catalogue(log, Vec::new()).await.unwrap();
    let rows: Vec<String> =
        rows.iter().map(|row| row.iter().map(Value::to_string).collect::<Vec<_>>().join("|")).collect();
    let whose = "AdminUser|ann@shop.test|ann@shop.test|{\"email\": \"ann@shop.test\"}";
    assert_eq!(rows, ["password_reset_request", "password_reset_complete"].map(|action| format!("{action}|{whose}")));
}

#[tokio::test]
async fn an_older_secret_dies_and_so_many_mails_are_sent() {
    let world = World::new().await;
    let app = world.resetting();
    for count in 1..=5 {
        post(&app, "users/forgot-password", json!({ "email": "ann@shop.test" })).await;
        world.mails(count).await;
    }
    post(&app, "users/forgot-password", json!({ "email": "ann@shop.test" })).await;
    tokio::time::sleep(Duration::from_millis(200)).await;
    let mails = world.mails(5).await;
    assert_eq!(mails.len(), 5);
    let mut good = 0;
    for mail in &mails {
        good += usize::from(post(&app, "users/reset-password", fresh(&token(mail), "another-horse-1")).await.0 == 200);
    }
    assert_eq!(good, 1);
}

#[tokio::test]
async fn an_account_that_was_switched_off_meanwhile_is_not_reset() {
    let world = World::new().await;
    let app = world.resetting();
    post(&app, "users/forgot-password", json!({ "email": "ann@shop.test" })).await;
    let mails = world.mails(1).await;
    world.store.script("UPDATE admin_users SET is_active = 0").await.unwrap();
    let refused = post(&app, "users/reset-password", fresh(&token(&mails[0]), "another-horse-1")).await;
    assert_eq!(refused, (400, json!("Account is disabled")));
}

#[tokio::test]
async fn without_a_mailer_nothing_is_reset() {
    let app = World::new().await.app(|contract| contract);
    let said = (400, json!("Password reset is not enabled"));
    assert_eq!(post(&app, "users/forgot-password", json!({ "email": "ann@shop.test" })).await, said);
    assert_eq!(post(&app, "users/reset-password", fresh("x", "another-horse-1")).await, said);
}

async fn come_back(app: &axum::Router, code: &str, state: &str) -> (u16, String, Json) {
    let path = format!("GET /admin/auth/oauth/corp/callback?code={code}&state={state}");
    let (status, headers, json) = ask(app, &path, "admin_oauth=ticket", None).await;
    let address = headers.get("location").map_or("", |address| address.to_str().unwrap());
    (status, address.to_owned(), json)
}

#[tokio::test]
async fn somebody_signs_in_by_a_provider() {
    let world = World::new().await;
    let app = world.by_corp(None, false);
    let (_, _, config) = ask(&app, "GET /admin/api/config", "", None).await;
    let told = json!([{ "name": "corp", "display_name": "Example Corp", "login_url": "/admin/auth/oauth/corp/login" }]);
    assert_eq!(config["oauth_providers"], told);
    let (status, headers, _) = ask(&app, "GET /admin/auth/oauth/corp/login", "", None).await;
    assert_eq!(status, 302);
    assert_eq!(headers["location"], "https://corp.test/login?back=http://shop.test/admin/auth/oauth/corp/callback");
    let kept = headers["set-cookie"].to_str().unwrap();
    assert!(kept.starts_with("admin_oauth=ticket;") && kept.contains("HttpOnly"), "{kept}");
    let (status, address, _) = come_back(&app, "ann@shop.test", "state").await;
    assert_eq!(status, 302);
    let told = address.strip_prefix("/admin#token=").expect("a fragment");
    let access = told.split('&').next().unwrap().replace("%2E", ".").replace("%2D", "-").replace("%5F", "_");
    assert!(told.contains("&refresh_token="));
    let request = Request::get("/admin/api/auth/me").header("host", "shop.test");
    let request = request.header("authorization", format!("Bearer {access}")).body(Body::empty()).unwrap();
    assert_eq!(app.clone().oneshot(request).await.unwrap().status(), 200);
    let (_, address, _) = come_back(&world.by_corp(None, true), "ann@shop.test", "state").await;
    assert!(address.starts_with("/admin/auth/oauth/signed-in#token="), "{address}");
}

#[tokio::test]
async fn nobody_else_signs_in_by_a_provider() {
    let world = World::new().await;
    let app = world.by_corp(None, false);
    let failed = json!({ "status_code": 401, "detail": "OAuth authentication failed" });
    for (code, state) in [("nobody@shop.test", "state"), ("off@shop.test", "state"), ("ann@shop.test", "x"), ("", "")] {
        assert_eq!(come_back(&app, code, state).await, (401, String::new(), failed.clone()), "{code} {state}");
    }
    let (status, _, _) =
        ask(&app, "GET /admin/auth/oauth/corp/callback?code=ann@shop.test&state=state", "", None).await;
    assert_eq!(status, 401, "without the ticket");
    let (status, _, json) = ask(&app, "GET /admin/auth/oauth/other/login", "", None).await;
    assert_eq!((status, &json["detail"]), (404, &json!("OAuth provider 'other' not found")));
    let (status, _, json) = ask(&world.app(|contract| contract), "GET /admin/auth/oauth/corp/login", "", None).await;
    assert_eq!((status, &json["detail"]), (401, &json!("OAuth not configured")));
}

#[tokio::test]
async fn newcomers_get_an_account_where_that_is_wanted() {
    let world = World::new().await;
    let app = world.by_corp(Some(vec!["viewer".to_owned()]), false);
    assert_eq!(come_back(&app, "new@shop.test", "state").await.0, 302);
    assert_eq!(come_back(&app, "new@shop.test", "state").await.0, 302, "the same account");
    let accounts: &dyn factotum::principal::Accounts = world.users.as_ref();
    let who = accounts.find("new@shop.test").await.unwrap().unwrap();
    assert_eq!((&who.full_name[..], &who.roles[..]), ("New", &["viewer".to_owned()][..]));
    assert!(matches!(who.id, Value::Text(_)));
    let login = json!({ "email": "new@shop.test", "password": "" });
    assert_eq!(post(&app, "auth/login", login).await.0, 401, "there is no password");
}
