//! People of Django's tables, looked after by the litestar contract: what can be said of them in its words, and what is
//! refused.
#![cfg(all(feature = "litestar", feature = "sqlite"))]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

#[allow(dead_code, reason = "every test uses its part")]
mod fakes;

use std::sync::Arc;

use factotum::accounts::django::DjangoAccounts;
use factotum::accounts::django::users::NewUser;
use factotum::accounts::password::Hasher;
use factotum::accounts::signing::Keys;
use factotum::contract::litestar::{Litestar, LitestarLog};
use factotum::principal::{Accounts, Newcomer};
use factotum::site::Builder;
use factotum::store::tables::{Part, migrate};
use factotum::store::{Sqlite, Store};
use factotum::{Site, Value};
use fakes::{PASSWORD, SECRET, ask};
use serde_json::{Value as Json, json};

/// A site whose people are Django's: a superuser, an editor, and a viewer who may do more elsewhere.
struct Place {
    router: axum::Router,
    store: Arc<dyn Store>,
    accounts: Arc<DjangoAccounts>,
}

async fn place() -> Place {
    let store: Arc<dyn Store> = Sqlite::in_memory().unwrap();
    migrate(store.as_ref(), &Part::ALL).await.unwrap();
    let roles = [("Editors", "editor"), ("Admins", "admin"), ("Viewers", "viewer")];
    let roles = roles.into_iter().map(|(group, role)| (group.to_owned(), role.to_owned())).collect();
    let accounts = DjangoAccounts::new(store.clone(), Keys::new(SECRET, Vec::new()));
    let accounts = Arc::new(accounts.hashing(Hasher::with_rounds(2, 10)).granting(roles).looked_after());
    for (name, superuser) in [("root", true), ("ed", false), ("vi", false), ("ad", false)] {
        let new = NewUser {
            username: name.to_owned(),
            email: format!("{name}@a.example"),
            password: Some(PASSWORD.to_owned()),
            first_name: "Ann".to_owned(),
            last_name: "van Lee".to_owned(),
            staff: true,
            superuser,
        };
        accounts.user_create(&new).await.unwrap();
    }
    let groups = "INSERT INTO auth_group (id, name) VALUES (1, 'Editors'), (2, 'Admins'), (3, 'Viewers'), (4, 'Cooks');
        INSERT INTO auth_user_groups (user_id, group_id) VALUES (2, 1), (2, 4), (3, 3), (4, 2);
        INSERT INTO django_content_type (id, app_label, model) VALUES (90, 'shop', 'tag');
        INSERT INTO auth_permission (id, name, content_type_id, codename) VALUES (900, 'x', 90, 'add_tag');
        INSERT INTO auth_user_user_permissions (user_id, permission_id) VALUES (3, 900);";
    store.script(groups).await.unwrap();
    let site = Site::builder(store.clone(), accounts.clone()).ledger(Arc::new(LitestarLog::default()));
    let site = factotum::accounts::django::models().into_iter().fold(site, Builder::model);
    let router = factotum::router(site.build().unwrap(), Litestar::new(SECRET));
    Place { router, store, accounts }
}

impl Place {
    async fn ask(&self, who: &str, request: &str, body: &Json) -> (u16, Json) {
        let host = || axum::Router::new().nest_service("/admin", self.router.clone());
        let login = json!({"email": format!("{who}@a.example"), "password": PASSWORD}).to_string();
        let token = ask(host(), "POST /admin/api/auth/login", &[], &login).await.json()["access_token"].clone();
        let bearer = format!("Bearer {}", token.as_str().unwrap());
        let (method, path) = request.split_once(' ').unwrap();
        let body = if body.is_null() { String::new() } else { body.to_string() };
        let asked = format!("{method} /admin/api/users{path}");
        let got = ask(host(), &asked, &[("authorization", &bearer)], &body).await;
        (got.status.as_u16(), if got.text.is_empty() { Json::Null } else { got.json() })
    }

    async fn rows(&self, sql: &'static str) -> Vec<String> {
        let rows = self.store.catalogue(sql, Vec::new()).await.unwrap();
        rows.iter().map(|row| row.iter().map(Value::to_string).collect::<Vec<_>>().join("|")).collect()
    }
}

const LOG: &str = "SELECT action, model_name, record_id, actor_email, changes FROM admin_audit_log ORDER BY rowid";

#[tokio::test]
async fn they_are_told_with_the_roles_of_their_groups() {
    let place = place().await;
    let (status, ed) = place.ask("root", "GET /2", &Json::Null).await;
    let told = [&ed["id"], &ed["email"], &ed["name"], &ed["roles"], &ed["permissions"], &ed["is_superuser"]];
    assert_eq!(status, 200);
    let expected = json!([2, "ed@a.example", "Ann van Lee", ["editor"], [], false]);
    assert_eq!(json!(told), expected);
    let (_, page) = place.ask("root", "GET ?role=superadmin", &Json::Null).await;
    assert_eq!((&page["total"], &page["items"][0]["roles"]), (&json!(1), &json!(["superadmin"])));
    let (_, page) = place.ask("root", "GET ?role=viewer&email=VI@", &Json::Null).await;
    assert_eq!(page["items"][0]["permissions"], json!(["shop.add_tag"]));
    let (_, page) = place.ask("root", "GET ?page_size=3&sort_by=email&sort_order=asc", &Json::Null).await;
    let emails: Vec<&Json> = page["items"].as_array().unwrap().iter().map(|person| &person["email"]).collect();
    assert_eq!(json!([emails, page["total_pages"]]), json!([["ad@a.example", "ed@a.example", "root@a.example"], 2]));
    assert_eq!(place.ask("root", "GET /99", &Json::Null).await.0, 404);
    assert_eq!(place.ask("ed", "GET ", &Json::Null).await.0, 403);
}

#[tokio::test]
async fn they_are_changed_in_the_columns_of_django() {
    let place = place().await;
    let change = json!({"email": "edith@a.example", "name": "Edith Moe", "roles": ["admin", "viewer"]});
    let (status, ed) = place.ask("root", "PUT /2", &change).await;
    assert_eq!((status, &ed["roles"], &ed["name"]), (200, &json!(["admin", "viewer"]), &json!("Edith Moe")));
    const USER: &str = "SELECT username, first_name, last_name, email FROM auth_user WHERE id = 2";
    assert_eq!(place.rows(USER).await, ["ed|Edith|Moe|edith@a.example"]);
    const GROUPS: &str = "SELECT g.name FROM auth_group g JOIN auth_user_groups m ON m.group_id = g.id WHERE m.user_id = 2 ORDER BY g.id";
    assert_eq!(place.rows(GROUPS).await, ["Admins", "Viewers", "Cooks"]);
    let taken = place.ask("root", "PUT /2", &json!({"email": "vi@a.example"})).await;
    assert_eq!(taken, (400, json!({"status_code": 400, "detail": "User with email 'vi@a.example' already exists"})));
    assert_eq!(place.ask("root", "PUT /2", &json!({"name": "x".repeat(200)})).await.0, 422);
    let off = place.ask("root", "POST /2/deactivate", &json!({})).await;
    assert_eq!(off.1["message"], "User deactivated successfully");
    assert_eq!(place.ask("root", "POST /2/deactivate", &json!({})).await.1["message"], "User was already inactive");
    assert_eq!(place.ask("root", "POST /2/activate", &json!({})).await.1["is_active"], true);
    let log = place.rows(LOG).await;
    assert_eq!(log.len(), 3, "{log:?}");
    assert!(log[1].starts_with("update|user|2|root@a.example|") && log[1].contains("is_active"), "{log:?}");
}

#[tokio::test]
async fn passwords_are_hashed_as_django_does() {
    let place = place().await;
    let set = |password: &str| json!({"new_password": password});
    assert_eq!(place.ask("root", "POST /2/change-password", &set("short")).await.0, 400);
    assert_eq!(place.ask("root", "POST /2/change-password", &set(PASSWORD)).await.0, 400);
    assert_eq!(place.ask("root", "POST /2/change-password", &set("another-horse-1")).await.0, 200);
    place.accounts.check("ed", "another-horse-1").await.unwrap();
    assert!(place.rows("SELECT password FROM auth_user WHERE id = 2").await[0].starts_with("pbkdf2_sha256$"));
    assert_eq!(place.rows(LOG).await, ["password_change|user|2|root@a.example|"]);
}

#[tokio::test]
async fn somebody_new_signs_in_by_their_address() {
    let place = place().await;
    let new = json!({"email": "new@a.example", "password": PASSWORD, "name": "New One", "roles": ["editor"]});
    let (status, made) = place.ask("root", "POST ", &new).await;
    assert_eq!((status, &made["roles"], &made["is_active"]), (201, &json!(["editor"]), &json!(true)));
    assert_eq!(place.ask("root", "POST ", &new).await.0, 400);
    assert_eq!(place.ask("new", "GET ", &Json::Null).await.0, 403, "signed in, and no looker after people");
    let by_site = Newcomer { email: "corp@a.example", name: Some("Corp One"), roles: &["viewer".to_owned()] };
    let who = place.accounts.enrol(by_site).await.unwrap();
    assert_eq!((who.roles.as_slice(), who.staff, who.active), (&["viewer".to_owned()][..], true, true));
    let unusable = place.rows("SELECT substr(password, 1, 1) FROM auth_user WHERE email = 'corp@a.example'").await;
    assert_eq!(unusable, ["!"]);
}

#[tokio::test]
async fn what_only_django_can_is_refused_with_a_reason() {
    let place = place().await;
    for (request, body, words) in [
        ("DELETE /2", Json::Null, "Accounts of Django's tables are not removed here: deactivate them"),
        ("PUT /2", json!({"roles": ["superadmin"]}), "No group of Django stands for the role 'superadmin'"),
        (
            "PUT /2",
            json!({"permissions": ["models:read"]}),
            "Permissions of accounts in Django's tables are given by Django: give a role",
        ),
    ] {
        let (status, told) = place.ask("root", request, &body).await;
        assert_eq!((status, &told["detail"]), (403, &json!(words)), "{request}");
    }
    let unchanged = json!({"permissions": ["shop.add_tag"], "roles": ["viewer"], "name": "Vi"});
    assert_eq!(place.ask("root", "PUT /3", &unchanged).await.0, 200);
    let more = place.ask("ad", "POST /3/change-password", &json!({"new_password": "another-horse-1"})).await;
    assert_eq!((more.0, &more.1["detail"]), (403, &json!("Permission 'shop.add_tag' required")));
    assert_eq!(place.ask("ad", "POST /1/deactivate", &json!({})).await.0, 403);
    assert_eq!(place.ask("root", "POST /1/deactivate", &json!({})).await.0, 400, "not oneself");
}
