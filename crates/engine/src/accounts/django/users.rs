//! Users made, listed and given passwords from outside an admin: what a command line needs.

use super::DjangoAccounts;
use super::people::{self, Account, Whose, outputs};
use crate::accounts::password::policy::{self, Person};
use crate::accounts::password::unusable;
use crate::context;
use crate::error::{Error, FieldErrors, Missing, Result};
use crate::model::{Flaw, FlawKind};
use crate::store::statement::{Arg, Expr, Insert, Select, Sort, Statement};
use crate::store::{Cell, StoreError};
use crate::value::Value;

/// The most characters of a user name.
const LONGEST_NAME: u32 = 150;

/// What is said of a name that somebody has.
pub(super) const NAME_TAKEN: &str = "A user with that username already exists.";

/// What to say of a name with a character that none may have.
pub(super) const NAME_WORDS: &str =
    "Enter a valid username. This value may contain only letters, numbers, and @/./+/-/_ characters.";

/// A user to be made.
#[derive(Clone, Default)]
pub struct NewUser {
    /// The name to sign in with.
    pub username: String,
    /// The password; without one nobody can sign in until one is set.
    pub password: Option<String>,
    /// The address.
    pub email: String,
    /// The first name.
    pub first_name: String,
    /// The last name.
    pub last_name: String,
    /// Whether they may enter an admin.
    pub staff: bool,
    /// Whether everything is granted to them.
    pub superuser: bool,
}

impl std::fmt::Debug for NewUser {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("NewUser").field("username", &self.username).finish_non_exhaustive()
    }
}

/// A line of the list of users.
#[derive(Clone, Debug, PartialEq)]
pub struct Listed {
    /// The key.
    pub id: Value,
    /// The name to sign in with.
    pub username: String,
    /// The address.
    pub email: String,
    /// Whether they can sign in.
    pub active: bool,
    /// Whether they may enter an admin.
    pub staff: bool,
    /// Whether everything is granted to them.
    pub superuser: bool,
    /// When they last signed in; null for never.
    pub last_login: Value,
}

impl DjangoAccounts {
    /// Makes a user and gives the key.
    ///
    /// # Errors
    /// [`Error::Invalid`] with flaws of `username` or `password`; or what the database says.
    pub async fn user_create(&self, new: &NewUser) -> Result<Value> {
        let mut errors = FieldErrors::default();
        check_name(&new.username, &mut errors);
        if let Some(password) = &new.password {
            check_password(password, &person(new), &mut errors);
        }
        errors.into_result()?;
        let encoded = match &new.password {
            Some(password) => self.hasher.encode(password).await,
            None => unusable(),
        };
        let answers = self.write(vec![insert(new, &encoded)]).await.map_err(|error| match error {
            StoreError::Unique { .. } => {
                let words = Some(NAME_TAKEN.to_owned());
                Error::flaw("username", Flaw { kind: FlawKind::Taken, words })
            }
            error => error.into(),
        })?;
        let key = answers.first().and_then(|answer| answer.rows.first()).and_then(|row| row.first());
        key.cloned().ok_or_else(|| Error::internal("a new user got no key"))
    }

    /// Gives somebody another password, which ends all their sessions.
    ///
    /// # Errors
    /// [`Error::NotFound`] without such a user; [`Error::Invalid`] with flaws of `password`; or what the database says.
    pub async fn user_passwd(&self, username: &str, password: &str) -> Result<()> {
        let account = if username.contains('\0') { None } else { self.account(Whose::Name(username)).await? };
        let Some(account) = account else { return Err(Error::NotFound(Missing::Row)) };
        let mut errors = FieldErrors::default();
        let Account { who, first_name, last_name, .. } = &account;
        let person = Person { username, first_name, last_name, email: &who.email };
        check_password(password, &person, &mut errors);
        errors.into_result()?;
        let encoded = self.hasher.encode(password).await;
        self.write(vec![people::set_password(&account.who.id, &encoded, None)]).await?;
        Ok(())
    }

    /// All users by name.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn user_list(&self) -> Result<Vec<Listed>> {
        let mut select = Select::from("auth_user", "u");
        let columns = [
            ("id", Cell::Int),
            ("username", Cell::Text),
            ("email", Cell::Text),
            ("is_active", Cell::Bool),
            ("is_staff", Cell::Bool),
            ("is_superuser", Cell::Bool),
            ("last_login", Cell::DateTime),
        ];
        select.outputs = outputs("u", &columns);
        select.order = vec![Sort { expr: Expr::column("u", "username"), descending: false, nulls_least: false }];
        let answers = self.read(vec![Statement::Select(select)]).await?;
        Ok(answers.iter().flat_map(|answer| &answer.rows).map(|row| listed(row)).collect())
    }
}

fn listed(row: &[Value]) -> Listed {
    let value = |at: usize| row.get(at).cloned().unwrap_or(Value::Null);
    let text = |at: usize| value(at).as_text().unwrap_or_default().to_owned();
    let truth = |at: usize| value(at) == Value::Bool(true);
    Listed {
        id: value(0),
        username: text(1),
        email: text(2),
        active: truth(3),
        staff: truth(4),
        superuser: truth(5),
        last_login: value(6),
    }
}

fn person(new: &NewUser) -> Person<'_> {
    Person { username: &new.username, first_name: &new.first_name, last_name: &new.last_name, email: &new.email }
}

fn check_name(name: &str, errors: &mut FieldErrors) {
    let length = name.chars().count();
    if name.is_empty() {
        errors.add("username", FlawKind::Blank);
    }
    if length > LONGEST_NAME as usize {
        errors.add("username", FlawKind::TooLong { max: LONGEST_NAME, length });
    }
    if !name.chars().all(|letter| letter.is_alphanumeric() || "_@.+-".contains(letter)) {
        errors.add("username", Flaw { kind: FlawKind::BadPattern, words: Some(NAME_WORDS.to_owned()) });
    }
}

fn check_password(password: &str, person: &Person<'_>, errors: &mut FieldErrors) {
    for weakness in policy::weaknesses(password, person) {
        errors.add("password", Flaw::custom(weakness.to_string()));
    }
}

fn insert(new: &NewUser, encoded: &str) -> Statement {
    let text = |value: &str| (Value::from(value), Cell::Text);
    let truth = |value: bool| (Value::Bool(value), Cell::Bool);
    let values = [
        ("password", text(encoded)),
        ("is_superuser", truth(new.superuser)),
        ("username", text(&new.username)),
        ("first_name", text(&new.first_name)),
        ("last_name", text(&new.last_name)),
        ("email", text(&new.email)),
        ("is_staff", truth(new.staff)),
        ("is_active", truth(true)),
        ("date_joined", (Value::DateTime(context::now()), Cell::DateTime)),
    ];
    let values = values.map(|(column, (value, cell))| (column.to_owned(), Arg { value, cell })).to_vec();
    let returning = Some(("id".to_owned(), Cell::Int));
    Statement::Insert(Insert { table: "auth_user".to_owned(), values, returning, ..Insert::default() })
}
