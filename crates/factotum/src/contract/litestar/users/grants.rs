//! Who may give what: nobody grants more than they hold, nor touches an account that holds more.

use std::collections::BTreeSet;

use factotum_engine::Principal;
use factotum_engine::accounts::roles::{self, PERMISSIONS};
use factotum_engine::principal::{Extent, Person};
use http::StatusCode;

use super::error;
use crate::http::Fault;

/// What an account holds with these roles and permissions. Roles that nobody knows grant nothing.
pub(super) fn held(roles: &[String], permissions: &[String], superuser: bool) -> BTreeSet<String> {
    let of_roles = roles.iter().flat_map(|role| roles::grants(role)).map(str::to_owned);
    let everything = PERMISSIONS.iter().filter(|_| superuser).map(|&permission| permission.to_owned());
    of_roles.chain(everything).chain(permissions.iter().cloned()).collect()
}

/// Whether somebody may give an account these roles and permissions.
///
/// # Errors
/// The first permission that they do not hold themselves.
pub(super) fn may_hold(
    who: &Principal,
    roles: &[String],
    permissions: &[String],
    superuser: bool,
) -> Result<(), Fault> {
    match held(roles, permissions, superuser).into_iter().find(|permission| !who.has(permission)) {
        Some(lacking) => Err(error::said(StatusCode::FORBIDDEN, &format!("Permission '{lacking}' required"))),
        None => Ok(()),
    }
}

/// Whether somebody may change an account as it is: another password or address of one that holds more would be a way
/// to hold more.
///
/// # Errors
/// The first permission of it that they do not hold themselves.
pub(super) fn may_change(who: &Principal, person: &Person) -> Result<(), Fault> {
    may_hold(who, &person.roles, &person.permissions, person.superuser)
}

/// Whether accounts of this kind can have these roles and permissions at all. What somebody has already stays.
///
/// # Errors
/// The first that they cannot.
pub(super) fn can_hold(
    extent: &Extent,
    before: Option<&Person>,
    roles: &[String],
    permissions: &[String],
) -> Result<(), Fault> {
    let refuse = |words: &str| Err(error::said(StatusCode::FORBIDDEN, words));
    let had = |role: &String| before.is_some_and(|person| person.roles.contains(role));
    let offered = |role: &String| extent.roles.as_ref().is_none_or(|known| known.contains(role));
    if let Some(role) = roles.iter().find(|role| !had(role) && !offered(role)) {
        return refuse(&format!("No group of Django stands for the role '{role}'"));
    }
    let sorted = |names: &[String]| names.iter().cloned().collect::<BTreeSet<_>>();
    let stays = sorted(permissions) == before.map(|person| sorted(&person.permissions)).unwrap_or_default();
    if !extent.permissions && !stays {
        return refuse("Permissions of accounts in Django's tables are given by Django: give a role");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn who(roles: &[&str]) -> Principal {
        let roles: Vec<String> = roles.iter().map(|&role| role.to_owned()).collect();
        Principal {
            active: true,
            permissions: held(&roles, &[], false).into_iter().collect(),
            ..Principal::anonymous()
        }
    }

    fn may(giver: &str, roles: &[&str], permissions: &[&str], superuser: bool) -> bool {
        let owned = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect::<Vec<_>>();
        may_hold(&who(&[giver]), &owned(roles), &owned(permissions), superuser).is_ok()
    }

    #[test]
    fn nobody_grants_more_than_they_hold() {
        assert!(may("admin", &["viewer", "editor", "admin"], &["models:read"], false));
        assert!(!may("admin", &["superadmin"], &[], false));
        assert!(!may("admin", &[], &["settings:manage"], false));
        assert!(!may("admin", &[], &[], true));
        assert!(may("superadmin", &["superadmin"], &["settings:manage"], true));
    }

    #[test]
    fn some_accounts_have_only_some_roles_and_keep_their_permissions() {
        let of = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect::<Vec<_>>();
        let django = Extent { removes: false, permissions: false, roles: Some(of(&["editor"])) };
        let before = Person {
            id: factotum_engine::Value::Int(1),
            email: String::new(),
            name: None,
            roles: of(&["superadmin"]),
            permissions: of(&["b", "a"]),
            active: true,
            superuser: true,
            created_at: None,
            updated_at: None,
            last_login: None,
        };
        let can = |roles: &[&str], permissions: &[&str]| {
            can_hold(&django, Some(&before), &of(roles), &of(permissions)).is_ok()
        };
        assert!(can(&["superadmin", "editor"], &["a", "b"]));
        assert!(!can(&["viewer"], &["a", "b"]) && !can(&["editor"], &["a"]));
        assert!(can_hold(&Extent::default(), None, &of(&["viewer"]), &of(&["a"])).is_ok());
    }

    #[test]
    fn unknown_roles_grant_nothing_and_unknown_permissions_must_be_held() {
        assert!(may("viewer", &["janitor"], &[], false));
        assert!(!may("admin", &[], &["shop.publish_product"], false));
        let root = Principal { superuser: true, ..who(&[]) };
        assert!(may_hold(&root, &[], &["shop.publish_product".to_owned()], true).is_ok());
    }
}
