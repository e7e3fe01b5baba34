//! People as something that is looked after: looked through, made, changed, switched off, removed.

use futures_util::future::BoxFuture;
use jiff::Timestamp;

use crate::audit::Deed;
use crate::context::Context;
use crate::error::Result;
use crate::value::Value;

/// Somebody with an account, as whoever looks after accounts sees them. A password is never part of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Person {
    /// The key.
    pub id: Value,
    /// The address.
    pub email: String,
    /// The name for people.
    pub name: Option<String>,
    /// The roles, as stored; unknown ones grant nothing.
    pub roles: Vec<String>,
    /// Permissions beside those of the roles.
    pub permissions: Vec<String>,
    /// Whether the account is switched on.
    pub active: bool,
    /// Whether everything is granted to them.
    pub superuser: bool,
    /// When they were made.
    pub created_at: Option<Timestamp>,
    /// When anything about them was changed last.
    pub updated_at: Option<Timestamp>,
    /// When they signed in last, where that is noted.
    pub last_login: Option<Timestamp>,
}

/// Somebody to be made.
#[derive(Clone, Default)]
pub struct NewPerson {
    /// The address; nobody else may have it.
    pub email: String,
    /// What is stored of the password, as [`super::Accounts::encode`] makes it.
    pub encoded: String,
    /// The name for people.
    pub name: Option<String>,
    /// The roles.
    pub roles: Vec<String>,
    /// Permissions beside those of the roles.
    pub permissions: Vec<String>,
    /// Whether the account is switched on.
    pub active: bool,
    /// Whether everything is granted to them.
    pub superuser: bool,
}

impl std::fmt::Debug for NewPerson {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("NewPerson").field("email", &self.email).finish_non_exhaustive()
    }
}

/// What is to be changed of somebody; what is not said stays.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct PersonChange {
    /// Another address; nobody else may have it.
    pub email: Option<String>,
    /// Another name for people.
    pub name: Option<String>,
    /// Other roles.
    pub roles: Option<Vec<String>>,
    /// Other permissions.
    pub permissions: Option<Vec<String>>,
    /// Whether the account is switched on.
    pub active: Option<bool>,
    /// Whether everything is granted to them.
    pub superuser: Option<bool>,
}

impl PersonChange {
    /// Somebody as they will be.
    #[must_use]
    pub fn applied(&self, person: &Person) -> Person {
        Person {
            email: self.email.clone().unwrap_or_else(|| person.email.clone()),
            name: self.name.clone().or_else(|| person.name.clone()),
            roles: self.roles.clone().unwrap_or_else(|| person.roles.clone()),
            permissions: self.permissions.clone().unwrap_or_else(|| person.permissions.clone()),
            active: self.active.unwrap_or(person.active),
            superuser: self.superuser.unwrap_or(person.superuser),
            ..person.clone()
        }
    }
}

/// How somebody came to another password.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// It was set by whoever is signed in, for themselves or for others.
    Set,
    /// They chose it with what was mailed to them.
    Mailed,
}

impl Way {
    /// What a record tells of it.
    pub(crate) fn deed(self) -> Deed {
        match self {
            Way::Set => Deed::PasswordSet,
            Way::Mailed => Deed::Reset,
        }
    }
}

/// Which people are looked for, and which page of them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sought {
    /// What the address holds, in any case.
    pub email: Option<String>,
    /// Whether the account is switched on.
    pub active: Option<bool>,
    /// A role that they have.
    pub role: Option<String>,
    /// The column to sort by; when they were made where there is no such column. Ties are broken by the key.
    pub order: String,
    /// Whether the greatest come first.
    pub descending: bool,
    /// Leaving out so many.
    pub offset: u64,
    /// At most so many.
    pub limit: u64,
}

/// How far accounts can be looked after.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Extent {
    /// Whether somebody can be removed.
    pub removes: bool,
    /// Whether permissions can be given beside those of roles.
    pub permissions: bool,
    /// The roles that can be given; any if not said.
    pub roles: Option<Vec<String>>,
}

impl Default for Extent {
    fn default() -> Extent {
        Extent { removes: true, permissions: true, roles: None }
    }
}

/// Accounts that can be looked after, in the transaction of whoever does: the accounts must be in the site's own
/// database. Nothing here judges whether somebody may; every write leaves a record in the site's ledgers.
pub trait People: Send + Sync + 'static {
    /// How far these can be: whoever asks for more is refused before.
    fn extent(&self) -> Extent {
        Extent::default()
    }

    /// A page of people, and how many there are altogether.
    fn page<'a>(&'a self, cx: &'a mut Context, sought: &'a Sought) -> BoxFuture<'a, Result<(Vec<Person>, u64)>>;

    /// Who has this key.
    fn find<'a>(&'a self, cx: &'a mut Context, id: &'a Value) -> BoxFuture<'a, Result<Option<Person>>>;

    /// Whether a password is that of somebody, active or not. It hashes: no transaction should be open meanwhile.
    fn knows<'a>(&'a self, id: &'a Value, password: &'a str) -> BoxFuture<'a, Result<bool>>;

    /// Makes somebody. An address that is taken is a flaw of the field `email`.
    fn add<'a>(&'a self, cx: &'a mut Context, new: NewPerson) -> BoxFuture<'a, Result<Person>>;

    /// Changes somebody. An address that is taken is a flaw of the field `email`.
    fn change<'a>(
        &'a self,
        cx: &'a mut Context,
        person: &'a Person,
        change: &'a PersonChange,
    ) -> BoxFuture<'a, Result<Person>>;

    /// Switches an account on or off, and says whether it was otherwise before.
    fn switch<'a>(&'a self, cx: &'a mut Context, person: &'a Person, on: bool) -> BoxFuture<'a, Result<bool>>;

    /// Stores another password, encoded before.
    fn store_password<'a>(
        &'a self,
        cx: &'a mut Context,
        person: &'a Person,
        encoded: &'a str,
        way: Way,
    ) -> BoxFuture<'a, Result<()>>;

    /// Notes that somebody asked for another password by mail: there is nothing to store yet, only a record.
    fn note_reset<'a>(&'a self, cx: &'a mut Context, person: &'a Person) -> BoxFuture<'a, Result<()>>;

    /// Removes somebody.
    fn remove<'a>(&'a self, cx: &'a mut Context, person: &'a Person) -> BoxFuture<'a, Result<()>>;
}
