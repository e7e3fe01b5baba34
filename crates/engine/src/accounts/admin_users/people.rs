//! The row of a person: how it is asked for, and what is read from it.

use jiff::Timestamp;
use serde_json::Value as Json;

use crate::accounts::roles;
use crate::principal::{Person, Principal, Sought};
use crate::store::statement::{Cond, Expr, Output, Place, Select, Sort, Statement, Update};
use crate::store::{Answer, Cell};
use crate::value::Value;

/// The table.
pub(super) const TABLE: &str = "admin_users";

/// The columns of an account, in the order in which [`read`] takes them.
const COLUMNS: [(&str, Cell); 8] = [
    ("id", Cell::Text),
    ("email", Cell::Text),
    ("name", Cell::Text),
    ("is_active", Cell::Bool),
    ("is_superuser", Cell::Bool),
    ("password_hash", Cell::Text),
    ("roles", Cell::Json),
    ("permissions", Cell::Json),
];

/// A person, with the stored string of the password.
pub(super) struct Account {
    pub(super) who: Principal,
    pub(super) password: String,
}

/// The question for the account whose column says this.
pub(super) fn question(column: &str, text: &str) -> Statement {
    let output = |(column, cell): &(&str, Cell)| Output { expr: Expr::column("a", column), cell: *cell };
    Statement::Select(Select {
        outputs: COLUMNS.iter().map(output).collect(),
        filter: Cond::is(Expr::column("a", column), text.into(), Cell::Text),
        limit: Some(1),
        ..Select::from(TABLE, "a")
    })
}

/// Reads the answer to [`question`].
pub(super) fn read(answer: &Answer) -> Option<Account> {
    let row = answer.rows.first()?;
    let text = |at: usize| row.get(at).and_then(Value::as_text).unwrap_or_default().to_owned();
    let truth = |at: usize| row.get(at) == Some(&Value::Bool(true));
    let mut who = Principal {
        id: row.first()?.clone(),
        username: text(1),
        full_name: text(2),
        email: text(1),
        active: truth(3),
        staff: true,
        superuser: truth(4),
        ..Principal::anonymous()
    };
    roles::endow(&mut who, names(row.get(6)), names(row.get(7)));
    Some(Account { who, password: text(5) })
}

/// The columns of somebody who is looked after, in the order in which [`persons`] takes them.
const OF_PERSON: [(&str, Cell); 10] = [
    ("id", Cell::Text),
    ("email", Cell::Text),
    ("name", Cell::Text),
    ("roles", Cell::Json),
    ("permissions", Cell::Json),
    ("is_active", Cell::Bool),
    ("is_superuser", Cell::Bool),
    ("created_at", Cell::DateTime),
    ("updated_at", Cell::DateTime),
    ("last_login", Cell::DateTime),
];

fn of_person() -> Select {
    let output = |(column, cell): &(&str, Cell)| Output { expr: Expr::column("a", column), cell: *cell };
    Select { outputs: OF_PERSON.iter().map(output).collect(), ..Select::from(TABLE, "a") }
}

/// The question for the person whose column says this; `lock` keeps others from changing them meanwhile.
pub(super) fn person(column: &str, text: &str, lock: bool) -> Statement {
    let filter = Cond::is(Expr::column("a", column), text.into(), Cell::Text);
    Statement::Select(Select { filter, limit: Some(1), lock, ..of_person() })
}

/// The questions for a page of people and for their number.
pub(super) fn page(sought: &Sought) -> Vec<Statement> {
    let filter = filter(sought);
    let known = OF_PERSON.iter().find(|(column, _)| *column == sought.order);
    let (column, cell) = known.copied().unwrap_or(("created_at", Cell::DateTime));
    let by = Expr::column("a", column);
    // PostgreSQL has no order for JSON.
    let by = if cell == Cell::Json { Expr::Text(Box::new(by)) } else { by };
    let select = Select {
        filter: filter.clone(),
        order: vec![
            Sort { expr: by, descending: sought.descending, nulls_least: true },
            Sort { expr: Expr::column("a", "id"), descending: false, nulls_least: false },
        ],
        limit: Some(sought.limit),
        offset: sought.offset,
        ..of_person()
    };
    vec![Statement::Select(select), Statement::Count(Select { filter, ..Select::from(TABLE, "a") })]
}

fn filter(sought: &Sought) -> Cond {
    let column = |name: &str| Expr::column("a", name);
    let mut filter = Cond::True;
    if let Some(text) = sought.email.clone() {
        filter = filter.and(Cond::Like { expr: column("email"), text, place: Place::Anywhere, case_sensitive: false });
    }
    if let Some(active) = sought.active {
        filter = filter.and(Cond::is(column("is_active"), Value::Bool(active), Cell::Bool));
    }
    if let Some(role) = sought.role.clone() {
        filter = filter.and(Cond::Holds(column("roles"), role));
    }
    filter
}

/// Reads the people of an answer.
pub(super) fn persons(answer: &Answer) -> Vec<Person> {
    answer.rows.iter().map(|row| of_row(row)).collect()
}

fn of_row(row: &[Value]) -> Person {
    let text = |at: usize| row.get(at).and_then(Value::as_text).map(str::to_owned);
    let truth = |at: usize| row.get(at) == Some(&Value::Bool(true));
    let moment = |at: usize| match row.get(at) {
        Some(Value::DateTime(moment)) => Some(*moment),
        _ => None,
    };
    Person {
        id: row.first().cloned().unwrap_or(Value::Null),
        email: text(1).unwrap_or_default(),
        name: text(2),
        roles: names(row.get(3)),
        permissions: names(row.get(4)),
        active: truth(5),
        superuser: truth(6),
        created_at: moment(7),
        updated_at: moment(8),
        last_login: moment(9),
    }
}

/// A list of names; what else a document may hold is passed over.
fn names(value: Option<&Value>) -> Vec<String> {
    let Some(Value::Json(Json::Array(items))) = value else { return Vec::new() };
    items.iter().filter_map(Json::as_str).map(str::to_owned).collect()
}

/// Stores a password; with `instead_of`, only where that one still stands.
pub(super) fn set_password(id: &Value, encoded: &str, instead_of: Option<&str>, now: Timestamp) -> Statement {
    let mut filter = Cond::is(Expr::column("", "id"), id.clone(), Cell::Text);
    if let Some(former) = instead_of {
        filter = filter.and(Cond::is(Expr::column("", "password_hash"), former.into(), Cell::Text));
    }
    let set = vec![
        ("password_hash".to_owned(), Expr::arg(encoded.into(), Cell::Text)),
        ("updated_at".to_owned(), Expr::arg(Value::DateTime(now), Cell::DateTime)),
    ];
    Statement::Update(Update { table: TABLE.to_owned(), set, filter })
}
