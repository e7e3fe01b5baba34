//! Django's accounts on a real database: signing in, sessions, what is granted, and when it is taken away.
#![cfg(all(feature = "sqlite", feature = "postgres"))]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod fixture;

use std::sync::Arc;

use factotum_engine::accounts::django::{DjangoAccounts, grants, models, users::NewUser};
use factotum_engine::accounts::password::{Hasher, encode_with};
use factotum_engine::accounts::signing::{self, Keys};
use factotum_engine::error::{Error, Missing};
use factotum_engine::model::{Field, Model};
use factotum_engine::principal::{Accounts, Principal, SessionState};
use factotum_engine::store::statement::{Arg, Cond, Expr, Insert, Select, Statement, Update};
use factotum_engine::store::tables::{self, Part};
use factotum_engine::store::{Cell, Mode, Store};
use factotum_engine::value::Value;
use fixture::Database;

const PASSWORD: &str = "correct-horse-9";
const ROUNDS: u32 = 100;

/// Runs the scenarios on each database there is.
macro_rules! on_every_database {
    ($($scenario:ident)*) => {
        mod sqlite {
            $(#[tokio::test] async fn $scenario() { super::$scenario(&super::Fixture::on(super::Database::sqlite()).await).await; })*
        }
        mod postgres {
            $(#[tokio::test] async fn $scenario() {
                if let Some(database) = super::Database::postgres().await {
                    let site = super::Fixture::on(database).await;
                    super::$scenario(&site).await;
                    site.database.remove().await;
                }
            })*
        }
    };
}

on_every_database! {
    signing_in_needs_the_right_password_of_an_active_account
    a_weak_hash_is_replaced_at_the_sign_in
    a_session_lives_until_something_ends_it
    what_is_taken_away_is_gone_at_the_next_request
    a_session_may_change_hands_between_requests
    time_ends_sessions_and_they_are_cleared
    an_older_key_still_opens_sessions_and_a_foreign_one_does_not
    who_changes_their_own_password_stays
    permissions_come_directly_and_through_groups
    keys_are_read_from_text_and_strangers_are_nobody
    permissions_are_made_once_for_every_model
    users_are_made_with_care
    django_can_read_what_a_session_says
}

struct Fixture {
    store: Arc<dyn Store>,
    accounts: DjangoAccounts,
    database: Database,
}

impl Fixture {
    async fn on(database: Database) -> Fixture {
        let store = database.store.clone();
        // Two processes may start at once.
        let both =
            tokio::join!(tables::migrate(store.as_ref(), &Part::ALL), tables::migrate(store.as_ref(), &Part::ALL));
        assert!(both.0.is_ok() && both.1.is_ok(), "{both:?}");
        grants::ensure(store.as_ref(), &models()).await.unwrap();
        Fixture { accounts: accounts(&store, Keys::new("secret", Vec::new())), store, database }
    }

    async fn user(&self, name: &str) -> Value {
        let password = Some(PASSWORD.to_owned());
        let new = NewUser { username: name.to_owned(), password, staff: true, ..NewUser::default() };
        self.accounts.user_create(&new).await.unwrap()
    }

    async fn sign_in(&self, name: &str) -> (Arc<Principal>, String) {
        let who = self.accounts.check(name, PASSWORD).await.unwrap();
        let key = self.accounts.open_session(&who, None).await.unwrap();
        (who, key)
    }

    async fn live(&self, key: &str) -> Option<Arc<Principal>> {
        match self.accounts.session(key).await.unwrap() {
            SessionState::Live(signed_in) => Some(signed_in.who),
            SessionState::Nobody | SessionState::Ended => None,
        }
    }

    async fn run(&self, statement: Statement) -> Vec<Vec<Value>> {
        let mut session = self.store.begin(Mode::Write).await.unwrap();
        let rows = session.run(vec![statement]).await.unwrap().remove(0).rows;
        session.commit().await.unwrap();
        rows
    }

    async fn set(&self, id: &Value, column: &str, value: Value, cell: Cell) {
        let set = vec![(column.to_owned(), Expr::arg(value, cell))];
        let filter = Cond::is(Expr::column("", "id"), id.clone(), Cell::Int);
        self.run(Statement::Update(Update { table: "auth_user".to_owned(), set, filter })).await;
    }

    async fn of_user(&self, id: &Value, column: &str, cell: Cell) -> Value {
        let mut select = Select::from("auth_user", "u");
        select.outputs = vec![output("u", column, cell)];
        select.filter = Cond::is(Expr::column("u", "id"), id.clone(), Cell::Int);
        self.run(Statement::Select(select)).await.remove(0).remove(0)
    }

    async fn permission(&self, codename: &str) -> Value {
        let mut select = Select::from("auth_permission", "p");
        select.outputs = vec![output("p", "id", Cell::Int)];
        select.filter = Cond::is(Expr::column("p", "codename"), codename.into(), Cell::Text);
        self.run(Statement::Select(select)).await.remove(0).remove(0)
    }

    async fn link(&self, table: &str, near: (&str, &Value), far: (&str, &Value)) {
        let cells =
            [near, far].map(|(column, value)| (column.to_owned(), Arg { value: value.clone(), cell: Cell::Int }));
        let insert = Insert { table: table.to_owned(), values: cells.to_vec(), ..Insert::default() };
        self.run(Statement::Insert(insert)).await;
    }
}

fn accounts(store: &Arc<dyn Store>, keys: Keys) -> DjangoAccounts {
    DjangoAccounts::new(store.clone(), keys).hashing(Hasher::with_rounds(2, ROUNDS))
}

fn output(alias: &str, column: &str, cell: Cell) -> factotum_engine::store::statement::Output {
    factotum_engine::store::statement::Output { expr: Expr::column(alias, column), cell }
}

async fn signing_in_needs_the_right_password_of_an_active_account(site: &Fixture) {
    let ada = site.user("ada").await;
    let who = site.accounts.check("ada", PASSWORD).await.unwrap();
    assert_eq!((who.username.as_str(), who.staff, who.superuser), ("ada", true, false));
    for (name, password) in [("ada", "wrong"), ("Ada", PASSWORD), ("nobody", PASSWORD), ("a\0da", PASSWORD), ("", "")] {
        let refused = site.accounts.check(name, password).await;
        assert!(matches!(refused, Err(Error::BadCredentials)), "{name:?}");
    }
    let long = "x".repeat(5000);
    assert!(matches!(site.accounts.check("ada", &long).await, Err(Error::BadCredentials)));
    site.set(&ada, "is_active", Value::Bool(false), Cell::Bool).await;
    assert!(matches!(site.accounts.check("ada", PASSWORD).await, Err(Error::BadCredentials)));
}

async fn a_weak_hash_is_replaced_at_the_sign_in(site: &Fixture) {
    let ada = site.user("ada").await;
    let weak = encode_with(PASSWORD, "short", 10);
    site.set(&ada, "password", weak.clone().into(), Cell::Text).await;
    site.accounts.check("ada", "wrong").await.unwrap_err();
    assert_eq!(site.of_user(&ada, "password", Cell::Text).await, Value::from(weak));
    site.accounts.check("ada", PASSWORD).await.unwrap();
    let stored = site.of_user(&ada, "password", Cell::Text).await;
    assert!(stored.as_text().unwrap().starts_with("pbkdf2_sha256$100$"), "{stored:?}");
    site.accounts.check("ada", PASSWORD).await.unwrap();
}

async fn a_session_lives_until_something_ends_it(site: &Fixture) {
    let ada = site.user("ada").await;
    assert_eq!(site.of_user(&ada, "last_login", Cell::DateTime).await, Value::Null);
    let (who, key) = site.sign_in("ada").await;
    assert!(matches!(site.of_user(&ada, "last_login", Cell::DateTime).await, Value::DateTime(_)));
    for _ in 0..3 {
        assert_eq!(site.live(&key).await.as_ref(), Some(&who));
    }
    let next = site.accounts.open_session(&who, Some(&key)).await.unwrap();
    assert!(site.live(&key).await.is_none());
    assert!(site.live(&next).await.is_some());
    site.accounts.end_session(&next).await.unwrap();
    assert!(site.live(&next).await.is_none());
    for strange in ["", "short", "has a blank in it", "ünïcödé-letters", &"x".repeat(5000), "' OR 1=1 --"] {
        assert!(site.live(strange).await.is_none());
    }
}

async fn what_is_taken_away_is_gone_at_the_next_request(site: &Fixture) {
    let ada = site.user("ada").await;
    let (_, key) = site.sign_in("ada").await;
    assert!(site.live(&key).await.is_some());
    site.set(&ada, "is_staff", Value::Bool(false), Cell::Bool).await;
    assert!(!site.live(&key).await.unwrap().staff);
    site.set(&ada, "is_active", Value::Bool(false), Cell::Bool).await;
    assert!(site.live(&key).await.is_none());
    site.set(&ada, "is_active", Value::Bool(true), Cell::Bool).await;
    assert!(site.live(&key).await.is_some());
    site.accounts.user_passwd("ada", "another-horse-8").await.unwrap();
    assert!(matches!(site.accounts.session(&key).await.unwrap(), SessionState::Ended));
    assert!(matches!(site.accounts.session(&key).await.unwrap(), SessionState::Nobody));
}

async fn a_session_may_change_hands_between_requests(site: &Fixture) {
    site.user("ada").await;
    site.user("bob").await;
    let (_, key) = site.sign_in("ada").await;
    assert_eq!(site.live(&key).await.unwrap().username, "ada");
    let (_, other) = site.sign_in("bob").await;
    let mut select = Select::from("django_session", "s");
    select.outputs = vec![output("s", "session_data", Cell::Text)];
    select.filter = Cond::is(Expr::column("s", "session_key"), other.as_str().into(), Cell::Text);
    let data = site.run(Statement::Select(select)).await.remove(0).remove(0);
    let set = vec![("session_data".to_owned(), Expr::arg(data, Cell::Text))];
    let filter = Cond::is(Expr::column("", "session_key"), key.as_str().into(), Cell::Text);
    site.run(Statement::Update(Update { table: "django_session".to_owned(), set, filter })).await;
    assert_eq!(site.live(&key).await.unwrap().username, "bob");
}

async fn time_ends_sessions_and_they_are_cleared(site: &Fixture) {
    site.user("ada").await;
    let (who, lasting) = site.sign_in("ada").await;
    let brief = accounts(&site.store, Keys::new("secret", Vec::new())).lasting(jiff::SignedDuration::ZERO);
    let over = brief.open_session(&who, None).await.unwrap();
    assert!(site.live(&over).await.is_none());
    assert_eq!(site.accounts.clear_sessions().await.unwrap(), 1);
    assert!(site.live(&lasting).await.is_some());
}

async fn an_older_key_still_opens_sessions_and_a_foreign_one_does_not(site: &Fixture) {
    site.user("ada").await;
    let (_, key) = site.sign_in("ada").await;
    let moved = accounts(&site.store, Keys::new("new", vec!["secret".to_owned()]));
    assert!(matches!(moved.session(&key).await.unwrap(), SessionState::Live(_)));
    let foreign = accounts(&site.store, Keys::new("foreign", Vec::new()));
    assert!(matches!(foreign.session(&key).await.unwrap(), SessionState::Nobody));
    assert!(site.live(&key).await.is_some());
}

async fn who_changes_their_own_password_stays(site: &Fixture) {
    site.user("ada").await;
    let (_, key) = site.sign_in("ada").await;
    site.accounts.user_passwd("ada", "another-horse-8").await.unwrap();
    let fresh = site.accounts.renew_session(&key).await.unwrap().unwrap();
    assert!(site.live(&fresh).await.is_some());
    assert!(site.live(&key).await.is_none());
    assert_eq!(site.accounts.renew_session(&key).await.unwrap(), None);
}

async fn permissions_come_directly_and_through_groups(site: &Fixture) {
    let (ada, bob) = (site.user("ada").await, site.user("bob").await);
    let group = {
        let name = ("name".to_owned(), Arg { value: "editors".into(), cell: Cell::Text });
        let returning = Some(("id".to_owned(), Cell::Int));
        let insert = Insert { table: "auth_group".to_owned(), values: vec![name], returning, ..Insert::default() };
        site.run(Statement::Insert(insert)).await.remove(0).remove(0)
    };
    let (direct, shared) = (site.permission("add_user").await, site.permission("view_group").await);
    site.link("auth_user_user_permissions", ("user_id", &ada), ("permission_id", &direct)).await;
    site.link("auth_group_permissions", ("group_id", &group), ("permission_id", &shared)).await;
    site.link("auth_user_groups", ("user_id", &ada), ("group_id", &group)).await;

    let loaded = site.accounts.load(&ada).await.unwrap().unwrap();
    let mut granted: Vec<&str> = loaded.permissions.iter().map(String::as_str).collect();
    granted.sort_unstable();
    assert_eq!(granted, ["auth.add_user", "auth.view_group"]);
    assert_eq!(site.accounts.check("ada", PASSWORD).await.unwrap(), loaded);
    assert!(site.accounts.load(&bob).await.unwrap().unwrap().permissions.is_empty());
}

async fn keys_are_read_from_text_and_strangers_are_nobody(site: &Fixture) {
    let ada = site.user("ada").await;
    assert_eq!(site.accounts.read_id(&ada.to_string()), Some(ada));
    for text in ["", "x", "1.0", "99999999999", "99999999999999999999999"] {
        assert_eq!(site.accounts.read_id(text), None, "{text}");
    }
    for id in [Value::Int(4711), Value::Null, Value::from("1")] {
        assert!(site.accounts.load(&id).await.unwrap().is_none());
    }
}

async fn permissions_are_made_once_for_every_model(site: &Fixture) {
    let product = Model::new("shop", "OrderLine").with(Field::line("name", 10));
    assert_eq!(grants::ensure(site.store.as_ref(), [&product]).await.unwrap(), 4);
    assert_eq!(grants::ensure(site.store.as_ref(), [&product]).await.unwrap(), 0);
    assert_eq!(grants::ensure(site.store.as_ref(), &models()).await.unwrap(), 0);
    let mut select = Select::from("auth_permission", "p");
    select.outputs = vec![output("p", "codename", Cell::Text), output("p", "name", Cell::Text)];
    select.order = vec![factotum_engine::store::statement::Sort {
        expr: Expr::column("p", "id"),
        descending: true,
        nulls_least: false,
    }];
    select.limit = Some(1);
    let last = site.run(Statement::Select(select)).await.remove(0);
    assert_eq!(last, [Value::from("view_orderline"), Value::from("Can view order line")]);
}

async fn users_are_made_with_care(site: &Fixture) {
    let made = |username: &str, password: Option<&str>| NewUser {
        username: username.to_owned(),
        password: password.map(str::to_owned),
        ..NewUser::default()
    };
    let flaws = |result: Result<Value, Error>| match result {
        Err(Error::Invalid(errors)) => errors.fields.keys().cloned().collect::<Vec<_>>(),
        other => panic!("{other:?}"),
    };
    for (name, password, wrong) in [
        ("", Some(PASSWORD), vec!["username"]),
        ("a b", Some(PASSWORD), vec!["username"]),
        ("ada", Some("12345"), vec!["password"]),
        ("a\0", Some("password"), vec!["username", "password"]),
    ] {
        assert_eq!(flaws(site.accounts.user_create(&made(name, password)).await), wrong, "{name:?}");
    }
    site.accounts.user_create(&made("ada", None)).await.unwrap();
    assert_eq!(flaws(site.accounts.user_create(&made("ada", Some(PASSWORD))).await), ["username"]);
    assert!(matches!(site.accounts.check("ada", "").await, Err(Error::BadCredentials)));
    site.accounts.user_passwd("ada", PASSWORD).await.unwrap();
    site.accounts.check("ada", PASSWORD).await.unwrap();
    let missing = site.accounts.user_passwd("eve", PASSWORD).await;
    assert!(matches!(missing, Err(Error::NotFound(Missing::Row))));
    let listed = site.accounts.user_list().await.unwrap();
    assert_eq!(listed.iter().map(|user| user.username.as_str()).collect::<Vec<_>>(), ["ada"]);
}

async fn django_can_read_what_a_session_says(site: &Fixture) {
    let ada = site.user("ada").await;
    let (_, key) = site.sign_in("ada").await;
    let mut select = Select::from("django_session", "s");
    select.outputs = vec![output("s", "session_data", Cell::Text)];
    select.filter = Cond::is(Expr::column("s", "session_key"), key.as_str().into(), Cell::Text);
    let text = site.run(Statement::Select(select)).await.remove(0).remove(0);
    let data = signing::decode_session(&Keys::new("secret", Vec::new()), text.as_text().unwrap());
    assert_eq!(data["_auth_user_id"], ada.to_string());
    assert_eq!(data["_auth_user_backend"], "django.contrib.auth.backends.ModelBackend");
    let password = site.of_user(&ada, "password", Cell::Text).await;
    assert_eq!(data["_auth_user_hash"], signing::session_auth_hash("secret", password.as_text().unwrap()));
}
