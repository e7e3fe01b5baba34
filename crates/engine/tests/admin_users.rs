//! People of the table `admin_users`, and people of Django whose groups stand for roles.
#![cfg(feature = "sqlite")]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::sync::Arc;

use factotum_engine::accounts::admin_users::{AdminUsers, NewAdminUser};
use factotum_engine::accounts::django::DjangoAccounts;
use factotum_engine::accounts::django::users::NewUser;
use factotum_engine::accounts::password::Hasher;
use factotum_engine::accounts::signing::Keys;
use factotum_engine::principal::{Accounts, SessionState};
use factotum_engine::store::tables::{Part, migrate};
use factotum_engine::store::{Sqlite, Store};
use factotum_engine::{Error, ModelKey, Value, Verb};

const PASSWORD: &str = "correct-horse-9";
/// The password, as bcrypt stores it: quick, and replaced at the first sign-in.
const BCRYPT: &str = "$2b$04$/psryr34Uno2w0dy7zMFluYIv6PiFiLTYCk2MzhysedEO2QC6Bgcu";

fn keys() -> Keys {
    Keys::new("a secret of 32 bytes or more, that nobody knows", Vec::new())
}

async fn store() -> Arc<dyn Store> {
    let store = Sqlite::in_memory().unwrap();
    migrate(store.as_ref(), &Part::ALL).await.unwrap();
    store
}

async fn with(roles: &[&str]) -> AdminUsers {
    let users = AdminUsers::new(store().await, keys());
    assert!(users.is_empty().await.unwrap());
    let person = NewAdminUser {
        id: Some("7".to_owned()),
        email: "ann@a.example".to_owned(),
        encoded: Some(BCRYPT.to_owned()),
        roles: roles.iter().map(|&role| role.to_owned()).collect(),
        ..NewAdminUser::default()
    };
    users.add(&person).await.unwrap();
    users
}

#[tokio::test]
async fn people_sign_in_with_their_address_and_have_what_their_roles_grant() {
    let users = with(&["editor", "janitor"]).await;
    let who = users.check("ann@a.example", PASSWORD).await.unwrap();
    assert_eq!(
        (who.id.clone(), who.roles.as_slice()),
        (Value::from("7"), &["editor".to_owned(), "janitor".to_owned()][..])
    );
    let book = ModelKey::new("shop", "Book");
    assert!(who.may(Verb::Change, &book) && !who.may(Verb::Delete, &book) && who.has("dashboard:view"));
    for (email, password) in [("ann@a.example", "x"), ("ANN@a.example", PASSWORD), ("", ""), ("a\0", PASSWORD)] {
        assert!(matches!(users.check(email, password).await, Err(Error::BadCredentials)), "{email:?}");
    }
    let again = users.load(&users.read_id("7").unwrap()).await.unwrap().unwrap();
    assert_eq!(again, who);
    assert!(users.load(&Value::from("8")).await.unwrap().is_none());
}

#[tokio::test]
async fn a_session_ends_with_another_password() {
    let users = with(&["viewer"]).await;
    let who = users.check("ann@a.example", PASSWORD).await.unwrap();
    let key = users.open_session(&who, None).await.unwrap();
    assert!(matches!(users.session(&key).await.unwrap(), SessionState::Live(found) if found.who == who));
    assert!(matches!(users.session("junk").await.unwrap(), SessionState::Nobody));
    users.set_password(&who.id, "another-horse-1").await.unwrap();
    assert!(matches!(users.session(&key).await.unwrap(), SessionState::Ended));
    assert!(users.check("ann@a.example", PASSWORD).await.is_err());
    users.check("ann@a.example", "another-horse-1").await.unwrap();
    assert!(matches!(users.set_password(&Value::from("8"), "x").await, Err(Error::NotFound(_))));
}

#[tokio::test]
async fn groups_of_django_stand_for_roles() {
    let store = store().await;
    let roles = [("Managers".to_owned(), "editor".to_owned())].into_iter().collect();
    let accounts = DjangoAccounts::new(store.clone(), keys()).hashing(Hasher::with_rounds(2, 10)).granting(roles);
    for (name, email, superuser) in [("ada", "ada@a.example", false), ("bo", "bo@a.example", true), ("cy", "", false)] {
        let new = NewUser {
            username: name.to_owned(),
            email: email.to_owned(),
            password: Some(PASSWORD.to_owned()),
            staff: true,
            superuser,
            ..NewUser::default()
        };
        accounts.user_create(&new).await.unwrap();
    }
    let group = "INSERT INTO auth_group (id, name) VALUES (1, 'Managers'), (2, 'Cooks');
                 INSERT INTO auth_user_groups (user_id, group_id) VALUES (1, 1), (1, 2), (3, 2);";
    store.script(group).await.unwrap();
    let ada = accounts.check("ada@a.example", PASSWORD).await.unwrap();
    assert_eq!((ada.username.as_str(), ada.roles.as_slice()), ("ada", &["editor".to_owned()][..]));
    assert!(ada.may(Verb::Add, &ModelKey::new("shop", "Book")));
    let bo = accounts.check("bo", PASSWORD).await.unwrap();
    assert_eq!(bo.roles, ["superadmin"]);
    assert!(bo.permissions.contains("settings:manage"));
    let cy = accounts.check("cy", PASSWORD).await.unwrap();
    assert!(cy.roles.is_empty() && cy.everywhere.is_empty());
    store.script("UPDATE auth_user SET email = 'ada@a.example' WHERE id = 3;").await.unwrap();
    assert!(accounts.check("ada@a.example", PASSWORD).await.is_err(), "an address of two is nobody's");
}
