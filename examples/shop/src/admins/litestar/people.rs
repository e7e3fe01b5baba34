//! The people of the reference site, who are made where there is nobody yet.

use std::error::Error;
use std::sync::Arc;

use factotum::accounts::admin_users::{AdminUsers, NewAdminUser};
use factotum::accounts::roles;
use factotum::accounts::signing::Keys;
use factotum::store::Store;
use factotum::store::tables::{self, Part};

use crate::SECRET_KEY;

/// The people of the reference site: login, role, name.
const PEOPLE: [(&str, &str, Option<&str>); 4] = [
    ("root", "superadmin", Some("Root User")),
    ("admin", "admin", Some("Ada Admin")),
    ("editor", "editor", Some("Ed Editor")),
    ("viewer", "viewer", None),
];

/// What is stored of the password that all of them have: `correct-horse-9`.
const ENCODED: &str =
    "$argon2id$v=19$m=65536,t=4,p=2$2Hvv/f/fG6PUek/p3RujVA$OrEbPOQ6Y47Zyij73B6b3Yh4Xw0AB+p572c+FdQUczk";

/// Makes the tables of this contract, and the people of the reference site where there is nobody yet.
///
/// # Errors
/// What the database says.
pub async fn prepare(store: &Arc<dyn Store>) -> Result<(), Box<dyn Error + Send + Sync>> {
    tables::migrate(store.as_ref(), &Part::LITESTAR).await?;
    let users = AdminUsers::new(store.clone(), Keys::new(SECRET_KEY, Vec::new()));
    if !users.is_empty().await? {
        return Ok(());
    }
    for (at, (login, role, name)) in PEOPLE.into_iter().enumerate() {
        let minute = at + 1;
        let person = NewAdminUser {
            id: Some(format!("00000000-0000-4000-8000-{minute:012}")),
            email: format!("{login}@example.com"),
            encoded: Some(ENCODED.to_owned()),
            name: name.map(str::to_owned),
            roles: vec![role.to_owned()],
            permissions: roles::grants(role).into_iter().map(str::to_owned).collect(),
            superuser: role == roles::SUPERADMIN,
            created_at: Some(format!("2024-01-01T09:{minute:02}:00Z").parse()?),
            ..NewAdminUser::default()
        };
        users.add(&person).await?;
    }
    Ok(())
}
