//! Users as people that are looked after: the questions for them and for what belongs to them.

use std::collections::HashMap;

use super::people::outputs;
use crate::accounts::roles::SUPERADMIN;
use crate::principal::{Person, Sought};
use crate::store::statement::{Arg, ColumnRef, Cond, Expr, Join, Place, Select, Sort, Statement};
use crate::store::{Answer, Cell};
use crate::value::Value;

/// The columns of a user, in the order in which [`of_row`] takes them.
const COLUMNS: [(&str, Cell); 8] = [
    ("id", Cell::Int),
    ("first_name", Cell::Text),
    ("last_name", Cell::Text),
    ("email", Cell::Text),
    ("is_active", Cell::Bool),
    ("is_superuser", Cell::Bool),
    ("date_joined", Cell::DateTime),
    ("last_login", Cell::DateTime),
];

/// By what people may be sorted, with the columns that stand for it.
const ORDERS: [(&str, &str); 7] = [
    ("id", "id"),
    ("name", "first_name"),
    ("email", "email"),
    ("is_active", "is_active"),
    ("is_superuser", "is_superuser"),
    ("last_login", "last_login"),
    ("created_at", "date_joined"),
];

fn users() -> Select {
    Select { outputs: outputs("u", &COLUMNS), ..Select::from("auth_user", "u") }
}

/// The question for the user of a key; `lock` keeps others from changing them meanwhile.
pub(super) fn of_key(id: i64, lock: bool) -> Statement {
    let filter = Cond::is(Expr::column("u", "id"), Value::Int(id), Cell::Int);
    Statement::Select(Select { filter, lock, ..users() })
}

/// The question for the keys of those who have an address.
pub(super) fn of_address(email: &str) -> Statement {
    let filter = Cond::is(Expr::column("u", "email"), email.into(), Cell::Text);
    Statement::Select(Select { outputs: outputs("u", &[("id", Cell::Int)]), filter, ..users() })
}

/// The questions for a page of people and for their number.
pub(super) fn page(sought: &Sought, mapping: &HashMap<String, String>) -> Vec<Statement> {
    let filter = filter(sought, mapping);
    let known = ORDERS.iter().find(|(name, _)| *name == sought.order);
    let by = Expr::column("u", known.map_or("date_joined", |(_, column)| column));
    let select = Select {
        filter: filter.clone(),
        order: vec![
            Sort { expr: by, descending: sought.descending, nulls_least: true },
            Sort { expr: Expr::column("u", "id"), descending: false, nulls_least: false },
        ],
        limit: Some(sought.limit),
        offset: sought.offset,
        ..users()
    };
    vec![Statement::Select(select), Statement::Count(Select { filter, ..Select::from("auth_user", "u") })]
}

fn filter(sought: &Sought, mapping: &HashMap<String, String>) -> Cond {
    let column = |name: &str| Expr::column("u", name);
    let mut filter = Cond::True;
    if let Some(text) = sought.email.clone() {
        filter = filter.and(Cond::Like { expr: column("email"), text, place: Place::Anywhere, case_sensitive: false });
    }
    if let Some(active) = sought.active {
        filter = filter.and(Cond::is(column("is_active"), Value::Bool(active), Cell::Bool));
    }
    if let Some(role) = &sought.role {
        let mut any = vec![Cond::InSelect(column("id"), Box::new(members(&groups_of(role, mapping))))];
        if role == SUPERADMIN {
            any.push(Cond::is(column("is_superuser"), Value::Bool(true), Cell::Bool));
        }
        filter = filter.and(Cond::Or(any));
    }
    filter
}

/// The groups that stand for a role, by name.
pub(super) fn groups_of<'m>(role: &str, mapping: &'m HashMap<String, String>) -> Vec<&'m str> {
    let mut groups: Vec<&str> =
        mapping.iter().filter(|(_, other)| *other == role).map(|(group, _)| group.as_str()).collect();
    groups.sort_unstable();
    groups
}

/// The keys of groups of these names.
pub(super) fn keys_of(groups: &[&str]) -> Select {
    let names = groups.iter().map(|name| Arg { value: (*name).into(), cell: Cell::Text }).collect();
    let filter = Cond::In(Expr::column("g", "name"), names);
    Select { outputs: outputs("g", &[("id", Cell::Int)]), filter, ..Select::from("auth_group", "g") }
}

/// The question which of these groups there are.
pub(super) fn names(groups: &[&str]) -> Statement {
    Statement::Select(Select { outputs: outputs("g", &[("name", Cell::Text)]), ..keys_of(groups) })
}

/// The keys of those who are in one of these groups.
fn members(groups: &[&str]) -> Select {
    let filter = Cond::InSelect(Expr::column("m", "group_id"), Box::new(keys_of(groups)));
    Select { outputs: outputs("m", &[("user_id", Cell::Int)]), filter, ..Select::from("auth_user_groups", "m") }
}

/// The questions for what belongs to users of these keys: groups, permissions of their own, those of their groups.
pub(super) fn belongings(keys: &[Value]) -> Vec<Statement> {
    let permission = |from: &str| [join("p", "auth_permission", "id", from, "permission_id"), of_type()];
    let named = [("app_label", Cell::Text)];
    let granted = |table: &str, joins: Vec<Join>| {
        let mut select = of_users(table, keys, joins);
        select.outputs.extend(outputs("c", &named));
        select.outputs.extend(outputs("p", &[("codename", Cell::Text)]));
        Statement::Select(select)
    };
    let mut groups = of_users("auth_user_groups", keys, vec![join("g", "auth_group", "id", "m", "group_id")]);
    groups.outputs.extend(outputs("g", &[("name", Cell::Text)]));
    groups.order = vec![Sort { expr: Expr::column("g", "name"), descending: false, nulls_least: false }];
    let own = permission("m").to_vec();
    let mut through = vec![join("gp", "auth_group_permissions", "group_id", "m", "group_id")];
    through.extend(permission("gp"));
    vec![Statement::Select(groups), granted("auth_user_user_permissions", own), granted("auth_user_groups", through)]
}

/// Rows that belong to users of these keys, each with the key of its user first.
fn of_users(table: &str, keys: &[Value], joins: Vec<Join>) -> Select {
    let keys = keys.iter().map(|key| Arg { value: key.clone(), cell: Cell::Int }).collect();
    let filter = Cond::In(Expr::column("m", "user_id"), keys);
    Select { outputs: outputs("m", &[("user_id", Cell::Int)]), joins, filter, ..Select::from(table, "m") }
}

fn of_type() -> Join {
    join("c", "django_content_type", "id", "p", "content_type_id")
}

fn join(alias: &str, table: &str, column: &str, from: &str, by: &str) -> Join {
    let on = ColumnRef { table: from.to_owned(), column: by.to_owned() };
    Join { table: table.to_owned(), alias: alias.to_owned(), column: column.to_owned(), on }
}

/// Somebody as their row tells, without what belongs to them.
pub(super) fn of_row(row: &[Value]) -> Person {
    let text = |at: usize| row.get(at).and_then(Value::as_text).unwrap_or_default();
    let truth = |at: usize| row.get(at) == Some(&Value::Bool(true));
    let moment = |at: usize| match row.get(at) {
        Some(Value::DateTime(moment)) => Some(*moment),
        _ => None,
    };
    let name = format!("{} {}", text(1), text(2)).trim().to_owned();
    Person {
        id: row.first().cloned().unwrap_or(Value::Null),
        email: text(3).to_owned(),
        name: (!name.is_empty()).then_some(name),
        roles: Vec::new(),
        permissions: Vec::new(),
        active: truth(4),
        superuser: truth(5),
        created_at: moment(6),
        updated_at: None,
        last_login: moment(7),
    }
}

/// Gives somebody the roles and permissions that the answers to [`belongings`] have for them.
pub(super) fn settle(person: &mut Person, answers: &[Answer], mapping: &HashMap<String, String>) {
    let own = |at: usize| {
        let rows = answers.get(at).map(|answer| answer.rows.as_slice()).unwrap_or_default();
        rows.iter().filter(|row| row.first() == Some(&person.id))
    };
    let groups = own(0).filter_map(|row| row.get(1).and_then(Value::as_text));
    let of_groups = groups.filter_map(|group| mapping.get(group).cloned());
    let mut roles: Vec<String> = Vec::new();
    for role in person.superuser.then(|| SUPERADMIN.to_owned()).into_iter().chain(of_groups) {
        if !roles.contains(&role) {
            roles.push(role);
        }
    }
    let mut permissions: Vec<String> = own(1)
        .chain(own(2))
        .filter_map(|row| Some(format!("{}.{}", row.get(1)?.as_text()?, row.get(2)?.as_text()?)))
        .collect();
    permissions.sort();
    permissions.dedup();
    (person.roles, person.permissions) = (roles, permissions);
}
