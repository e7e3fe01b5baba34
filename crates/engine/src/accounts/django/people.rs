//! The rows of a person: the account and everything granted to it, asked for in one trip.

use std::collections::HashSet;

use jiff::Timestamp;

use crate::principal::Principal;
use crate::store::statement::ColumnRef;
use crate::store::statement::{Cond, Expr, Join, Output, Select, Sort, Statement, Update};
use crate::store::{Answer, Cell};
use crate::value::Value;

/// The columns of an account, in the order in which [`read`] takes them.
const COLUMNS: [(&str, Cell); 9] = [
    ("id", Cell::Int),
    ("username", Cell::Text),
    ("first_name", Cell::Text),
    ("last_name", Cell::Text),
    ("email", Cell::Text),
    ("is_active", Cell::Bool),
    ("is_staff", Cell::Bool),
    ("is_superuser", Cell::Bool),
    ("password", Cell::Text),
];

/// A person, with what only these accounts know of them.
pub(super) struct Account {
    pub(super) who: Principal,
    pub(super) first_name: String,
    pub(super) last_name: String,
    /// The stored string of the password.
    pub(super) password: String,
}

/// How a person is found.
#[derive(Clone, Copy)]
pub(super) enum Whose<'a> {
    Id(i64),
    Name(&'a str),
    /// By an address that nobody else has.
    Mail(&'a str),
}

impl Whose<'_> {
    /// The condition that a column holds the key of this person.
    fn is_key(self, column: Expr) -> Cond {
        match self {
            Whose::Id(id) => Cond::is(column, Value::Int(id), Cell::Int),
            Whose::Name(_) | Whose::Mail(_) => {
                let mut ids = Select::from("auth_user", "n");
                ids.outputs = outputs("n", &[("id", Cell::Int)]);
                ids.filter = self.is_row("n");
                Cond::InSelect(column, Box::new(ids))
            }
        }
    }

    /// The condition that a row of `auth_user` is this person's.
    fn is_row(self, alias: &str) -> Cond {
        match self {
            Whose::Id(id) => Cond::is(Expr::column(alias, "id"), Value::Int(id), Cell::Int),
            Whose::Name(name) => Cond::is(Expr::column(alias, "username"), name.into(), Cell::Text),
            Whose::Mail(address) => Cond::is(Expr::column(alias, "email"), address.into(), Cell::Text),
        }
    }
}

/// A key as a token or a session spells it. Keys are 32 bits wide in Django's table.
pub(super) fn read_id(text: &str) -> Option<i64> {
    text.parse::<i32>().ok().map(i64::from)
}

/// What to ask about a person: the account, and what was granted to it directly and through groups.
pub(super) fn questions(whose: Whose<'_>, all_granted: bool) -> Vec<Statement> {
    let mut account = Select::from("auth_user", "u");
    account.outputs = outputs("u", &COLUMNS);
    account.filter = whose.is_row("u");
    let mut questions = vec![Statement::Select(account)];
    if !all_granted {
        questions.push(Statement::Select(granted(whose)));
    }
    questions
}

/// Reads the answers to [`questions`].
pub(super) fn read(answers: &[Answer]) -> Option<Account> {
    let row = answers.first()?.rows.first()?;
    let text = |at: usize| row.get(at).and_then(Value::as_text).unwrap_or_default().to_owned();
    let truth = |at: usize| row.get(at) == Some(&Value::Bool(true));
    let full_name = format!("{} {}", text(2), text(3));
    let who = Principal {
        id: row.first()?.clone(),
        username: text(1),
        full_name: full_name.trim().to_owned(),
        email: text(4),
        active: truth(5),
        staff: truth(6),
        superuser: truth(7),
        permissions: answers.get(1).map(permissions).unwrap_or_default(),
        ..Principal::anonymous()
    };
    Some(Account { who, first_name: text(2), last_name: text(3), password: text(8) })
}

/// The question for the names of somebody's groups.
pub(super) fn groups(whose: Whose<'_>) -> Statement {
    let mut ids = Select::from("auth_user_groups", "ug");
    ids.outputs = outputs("ug", &[("group_id", Cell::Int)]);
    ids.filter = whose.is_key(Expr::column("ug", "user_id"));
    let mut groups = Select::from("auth_group", "g");
    groups.outputs = outputs("g", &[("name", Cell::Text)]);
    groups.filter = Cond::InSelect(Expr::column("g", "id"), Box::new(ids));
    groups.order = vec![Sort { expr: Expr::column("g", "name"), descending: false, nulls_least: false }];
    Statement::Select(groups)
}

/// A name for people as Django divides it: the first word, and the rest.
pub(super) fn parted(name: &str) -> (&str, &str) {
    let name = name.trim();
    name.split_once(char::is_whitespace).map_or((name, ""), |(first, rest)| (first, rest.trim_start()))
}

/// Stores a password; with `instead_of`, only where that one still stands.
pub(super) fn set_password(id: &Value, encoded: &str, instead_of: Option<&str>) -> Statement {
    let mut filter = Cond::is(Expr::column("", "id"), id.clone(), Cell::Int);
    if let Some(former) = instead_of {
        filter = filter.and(Cond::is(Expr::column("", "password"), former.into(), Cell::Text));
    }
    let set = vec![("password".to_owned(), Expr::arg(encoded.into(), Cell::Text))];
    Statement::Update(Update { table: "auth_user".to_owned(), set, filter })
}

/// Notes that somebody signed in.
pub(super) fn note_sign_in(id: &Value, now: Timestamp) -> Statement {
    let set = vec![("last_login".to_owned(), Expr::arg(Value::DateTime(now), Cell::DateTime))];
    let filter = Cond::is(Expr::column("", "id"), id.clone(), Cell::Int);
    Statement::Update(Update { table: "auth_user".to_owned(), set, filter })
}

/// Columns of one table as outputs.
pub(super) fn outputs(alias: &str, columns: &[(&str, Cell)]) -> Vec<Output> {
    columns.iter().map(|(column, cell)| Output { expr: Expr::column(alias, column), cell: *cell }).collect()
}

fn permissions(answer: &Answer) -> HashSet<String> {
    let names = answer.rows.iter().filter_map(|row| match row.as_slice() {
        [Value::Text(app), Value::Text(codename)] => Some(format!("{app}.{codename}")),
        _ => None,
    });
    names.collect()
}

fn granted(whose: Whose<'_>) -> Select {
    let mut direct = Select::from("auth_user_user_permissions", "up");
    direct.outputs = outputs("up", &[("permission_id", Cell::Int)]);
    direct.filter = whose.is_key(Expr::column("up", "user_id"));

    let mut groups = Select::from("auth_user_groups", "ug");
    groups.outputs = outputs("ug", &[("group_id", Cell::Int)]);
    groups.filter = whose.is_key(Expr::column("ug", "user_id"));

    let mut through = Select::from("auth_group_permissions", "gp");
    through.outputs = outputs("gp", &[("permission_id", Cell::Int)]);
    through.filter = Cond::InSelect(Expr::column("gp", "group_id"), Box::new(groups));

    let mut granted = Select::from("auth_permission", "p");
    let on = ColumnRef { table: "p".to_owned(), column: "content_type_id".to_owned() };
    granted.joins =
        vec![Join { table: "django_content_type".to_owned(), alias: "c".to_owned(), column: "id".to_owned(), on }];
    granted.outputs = outputs("c", &[("app_label", Cell::Text)]);
    granted.outputs.extend(outputs("p", &[("codename", Cell::Text)]));
    let is_one_of = |select| Cond::InSelect(Expr::column("p", "id"), Box::new(select));
    granted.filter = Cond::Or(vec![is_one_of(direct), is_one_of(through)]);
    granted
}
