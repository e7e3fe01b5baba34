//! Roles whose grants hold for every model, as litestar-admin names them, and what each of them grants.

use crate::principal::{Principal, Verb};

/// Every permission that a role can grant, in the order of their names.
pub const PERMISSIONS: [&str; 12] = [
    "audit:view",
    "dashboard:view",
    "models:delete",
    "models:export",
    "models:read",
    "models:write",
    "settings:manage",
    "users:create",
    "users:delete",
    "users:edit",
    "users:manage",
    "users:read",
];

/// The roles, from the least to the greatest.
pub const ROLES: [&str; 4] = ["viewer", "editor", "admin", SUPERADMIN];

/// The role that grants everything.
pub const SUPERADMIN: &str = "superadmin";

/// What everybody with a role may do.
const VIEWERS: [&str; 2] = ["models:read", "dashboard:view"];

/// What only the greatest role grants.
const SUPERADMINS_OWN: &str = "settings:manage";

/// What a role grants; nothing if nobody knows it.
///
/// ```
/// use factotum_engine::accounts::roles::grants;
/// assert!(grants("viewer").contains(&"models:read"));
/// assert!(!grants("viewer").contains(&"models:write"));
/// ```
#[must_use]
pub fn grants(role: &str) -> Vec<&'static str> {
    let granted = |permission: &&str| match role {
        "viewer" => VIEWERS.contains(permission),
        "editor" => VIEWERS.contains(permission) || *permission == "models:write",
        "admin" => *permission != SUPERADMINS_OWN,
        SUPERADMIN => true,
        _ => false,
    };
    PERMISSIONS.into_iter().filter(granted).collect()
}

/// Grants somebody what roles and permissions say, on every model.
pub(crate) fn endow(who: &mut Principal, roles: Vec<String>, direct: Vec<String>) {
    who.permissions.extend(direct);
    who.permissions.extend(roles.iter().flat_map(|role| grants(role)).map(str::to_owned));
    if who.superuser {
        who.permissions.extend(PERMISSIONS.map(str::to_owned));
    }
    who.roles = roles;
    who.everywhere.extend(verbs(who));
}

/// The verbs that permissions stand for, whatever the model.
fn verbs(who: &Principal) -> Vec<Verb> {
    let words = [
        ("models:read", Verb::View),
        ("models:write", Verb::Add),
        ("models:write", Verb::Change),
        ("models:delete", Verb::Delete),
    ];
    words.into_iter().filter(|(word, _)| who.permissions.contains(*word)).map(|(_, verb)| verb).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::ModelKey;

    fn may(role: &str) -> Vec<bool> {
        let mut who = Principal { active: true, ..Principal::anonymous() };
        endow(&mut who, vec![role.to_owned()], Vec::new());
        Verb::ALL.iter().map(|&verb| who.may(verb, &ModelKey::new("shop", "Tag"))).collect()
    }

    #[test]
    fn roles_grant_verbs_on_every_model() {
        assert_eq!(may("viewer"), [true, false, false, false]);
        assert_eq!(may("editor"), [true, true, true, false]);
        assert_eq!(may("admin"), [true; 4]);
        assert_eq!(may("superadmin"), [true; 4]);
        assert_eq!(may("janitor"), [false; 4]);
    }

    #[test]
    fn each_role_grants_more_than_the_one_before() {
        let counts: Vec<usize> = ROLES.iter().map(|role| grants(role).len()).collect();
        assert_eq!(counts, [2, 3, 11, 12]);
        assert!(PERMISSIONS.is_sorted());
    }

    #[test]
    fn a_permission_of_its_own_counts_as_much_as_one_of_a_role() {
        let mut who = Principal { active: true, ..Principal::anonymous() };
        endow(&mut who, vec!["viewer".to_owned()], vec!["models:delete".to_owned()]);
        assert!(who.may(Verb::Delete, &ModelKey::new("shop", "Tag")));
        assert!(!who.may(Verb::Add, &ModelKey::new("shop", "Tag")));
        assert!(who.has("dashboard:view"));
    }
}
