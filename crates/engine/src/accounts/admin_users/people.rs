//! The row of a person: how it is asked for, and what is read from it.

use jiff::Timestamp;
use serde_json::Value as Json;

use crate::accounts::roles;
use crate::principal::Principal;
use crate::store::statement::{Cond, Expr, Output, Select, Statement, Update};
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
