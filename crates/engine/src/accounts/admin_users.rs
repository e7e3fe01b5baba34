//! People of the table `admin_users`, as litestar-admin keeps them: an address, roles, permissions, Argon2.

mod care;
mod people;
mod sessions;

use std::sync::Arc;

use futures_util::future::BoxFuture;
use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use uuid::Uuid;

use self::people::Account;
use super::password::{Hasher, Preferred, Verdict};
use super::signing::Keys;
use crate::context;
use crate::error::{Error, Missing, Result};
use crate::principal::{Accounts, Newcomer, People, Principal, SessionState};
use crate::store::statement::{Arg, Insert, Statement};
use crate::store::{Answer, Cell, Mode, Store, StoreError};
use crate::value::Value;

pub use self::care::model_key;

/// Two weeks.
const LIFETIME: SignedDuration = SignedDuration::from_hours(14 * 24);

/// People of the table `admin_users`. They sign in with their address, exactly as it is stored.
///
/// Nothing about a person is kept between requests, so whoever is switched off or stripped of a role notices at the
/// next one.
pub struct AdminUsers {
    store: Arc<dyn Store>,
    keys: Keys,
    hasher: Hasher,
    lifetime: SignedDuration,
}

impl std::fmt::Debug for AdminUsers {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("AdminUsers").field("lifetime", &self.lifetime).finish_non_exhaustive()
    }
}

/// Somebody to be made.
#[derive(Clone, Default)]
pub struct NewAdminUser {
    /// The key; a new UUID if not said.
    pub id: Option<String>,
    /// The address to sign in with.
    pub email: String,
    /// The password.
    pub password: String,
    /// What is stored of the password, where it was encoded before.
    pub encoded: Option<String>,
    /// The name for people.
    pub name: Option<String>,
    /// The roles.
    pub roles: Vec<String>,
    /// Permissions beside those of the roles.
    pub permissions: Vec<String>,
    /// Whether everything is granted to them.
    pub superuser: bool,
    /// When they were made; now if not said.
    pub created_at: Option<Timestamp>,
}

impl std::fmt::Debug for NewAdminUser {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("NewAdminUser").field("email", &self.email).finish_non_exhaustive()
    }
}

impl AdminUsers {
    /// The people of a database, with the keys that sign their sessions.
    #[must_use]
    pub fn new(store: Arc<dyn Store>, keys: Keys) -> AdminUsers {
        let hasher = Hasher::default().storing(Preferred::Argon2);
        AdminUsers { store, keys, hasher, lifetime: LIFETIME }
    }

    /// On how many cores passwords are hashed.
    #[must_use]
    pub fn hashing(mut self, hasher: &Hasher) -> AdminUsers {
        self.hasher = hasher.storing(Preferred::Argon2);
        self
    }

    /// How long a session lasts after it was opened; two weeks if not said.
    #[must_use]
    pub fn lasting(mut self, lifetime: SignedDuration) -> AdminUsers {
        self.lifetime = lifetime;
        self
    }

    /// Makes somebody and gives the key. It judges neither address nor password.
    ///
    /// # Errors
    /// [`Error::Conflict`] for an address that somebody has, and what the database says.
    pub async fn add(&self, new: &NewAdminUser) -> Result<String> {
        let encoded = match &new.encoded {
            Some(encoded) => encoded.clone(),
            None => self.hasher.encode(&new.password).await,
        };
        let id = new.id.clone().unwrap_or_else(|| Uuid::new_v4().to_string());
        self.write(vec![insert(new, &id, encoded)]).await?;
        Ok(id)
    }

    /// Whether there is nobody at all.
    ///
    /// # Errors
    /// What the database says.
    pub async fn is_empty(&self) -> Result<bool> {
        let count = Statement::Count(crate::store::statement::Select::from(people::TABLE, "a"));
        let answer = self.read(count).await?;
        Ok(answer.rows.first().and_then(|row| row.first()) == Some(&Value::Int(0)))
    }

    /// Asks a question that only reads.
    async fn read(&self, question: Statement) -> Result<Answer, StoreError> {
        Ok(self.store.begin(Mode::Read).await?.run(vec![question]).await?.pop().unwrap_or_default())
    }

    /// Runs statements in a transaction of their own.
    async fn write(&self, batch: Vec<Statement>) -> Result<Vec<Answer>, StoreError> {
        let mut session = self.store.begin(Mode::Write).await?;
        let answers = session.run(batch).await?;
        session.commit().await?;
        Ok(answers)
    }

    async fn account(&self, column: &str, text: &str) -> Result<Option<Account>> {
        // Nothing is called by a NUL, and PostgreSQL would not even take one as a question.
        if text.contains('\0') {
            return Ok(None);
        }
        Ok(people::read(&self.read(people::question(column, text)).await?))
    }

    async fn check_password(&self, email: &str, password: &str) -> Result<Arc<Principal>> {
        let account = self.account("email", email).await?;
        let stored = account.as_ref().map(|account| account.password.as_str());
        let verdict = self.hasher.judge(password, stored).await;
        let account = account.filter(|account| verdict != Verdict::Wrong && account.who.active);
        let account = account.ok_or(Error::BadCredentials)?;
        if verdict == Verdict::RightButWeak {
            self.store_anew(&account, password).await;
        }
        Ok(Arc::new(account.who))
    }

    /// Replaces a weak hash, unless somebody else has just stored another. A database that refuses stops no sign-in.
    async fn store_anew(&self, account: &Account, password: &str) {
        let encoded = self.hasher.encode(password).await;
        let update = people::set_password(&account.who.id, &encoded, Some(&account.password), context::now());
        if let Err(error) = self.write(vec![update]).await {
            tracing::warn!(%error, user = account.who.username, "a weak password hash could not be replaced");
        }
    }

    async fn change_password(&self, id: &Value, password: &str) -> Result<()> {
        let encoded = self.hasher.encode(password).await;
        let answers = self.write(vec![people::set_password(id, &encoded, None, context::now())]).await?;
        match answers.first() {
            Some(answer) if answer.touched > 0 => Ok(()),
            _ => Err(Error::NotFound(Missing::Row)),
        }
    }
}

fn insert(new: &NewAdminUser, id: &str, encoded: String) -> Statement {
    let text = |text: &str| (Value::from(text), Cell::Text);
    let moment = (Value::DateTime(new.created_at.unwrap_or_else(context::now)), Cell::DateTime);
    let values = [
        ("id", text(id)),
        ("email", text(&new.email)),
        ("password_hash", (Value::Text(encoded), Cell::Text)),
        ("roles", (Value::Json(json!(new.roles)), Cell::Json)),
        ("permissions", (Value::Json(json!(new.permissions)), Cell::Json)),
        ("is_active", (Value::Bool(true), Cell::Bool)),
        ("is_superuser", (Value::Bool(new.superuser), Cell::Bool)),
        ("name", (new.name.as_deref().map_or(Value::Null, Value::from), Cell::Text)),
        ("created_at", moment.clone()),
        ("updated_at", moment),
    ];
    let values = values.map(|(column, (value, cell))| (column.to_owned(), Arg { value, cell })).to_vec();
    Statement::Insert(Insert { table: people::TABLE.to_owned(), values, ..Insert::default() })
}

impl Accounts for AdminUsers {
    fn check<'a>(&'a self, username: &'a str, password: &'a str) -> BoxFuture<'a, Result<Arc<Principal>>> {
        Box::pin(self.check_password(username, password))
    }

    fn load<'a>(&'a self, id: &'a Value) -> BoxFuture<'a, Result<Option<Arc<Principal>>>> {
        Box::pin(async move {
            let Value::Text(id) = id else { return Ok(None) };
            Ok(self.account("id", id).await?.map(|account| Arc::new(account.who)))
        })
    }

    fn read_id(&self, text: &str) -> Option<Value> {
        Some(Value::from(text))
    }

    fn session<'a>(&'a self, key: &'a str) -> BoxFuture<'a, Result<SessionState>> {
        Box::pin(self.find_session(key))
    }

    fn open_session<'a>(&'a self, who: &'a Principal, _former: Option<&'a str>) -> BoxFuture<'a, Result<String>> {
        Box::pin(self.start_session(who))
    }

    /// A session is kept by its owner alone: it ends with its time, or with another password.
    fn end_session<'a>(&'a self, _key: &'a str) -> BoxFuture<'a, Result<()>> {
        Box::pin(async { Ok(()) })
    }

    fn people(&self) -> Option<&dyn People> {
        Some(self)
    }

    fn find<'a>(&'a self, email: &'a str) -> BoxFuture<'a, Result<Option<Arc<Principal>>>> {
        Box::pin(async move {
            let exact = self.account("email", email).await?;
            let lower = email.to_lowercase();
            let found = match exact {
                None if lower != email => self.account("email", &lower).await?,
                found => found,
            };
            Ok(found.map(|account| Arc::new(account.who)))
        })
    }

    fn enrol<'a>(&'a self, new: Newcomer<'a>) -> BoxFuture<'a, Result<Arc<Principal>>> {
        Box::pin(async move {
            let new = NewAdminUser {
                email: new.email.to_owned(),
                encoded: Some(super::password::unusable()),
                name: new.name.map(str::to_owned),
                roles: new.roles.to_vec(),
                ..NewAdminUser::default()
            };
            let id = self.add(&new).await?;
            self.load(&Value::Text(id)).await?.ok_or(Error::NotFound(Missing::Row))
        })
    }

    fn set_password<'a>(&'a self, id: &'a Value, password: &'a str) -> BoxFuture<'a, Result<()>> {
        Box::pin(self.change_password(id, password))
    }

    fn encode<'a>(&'a self, password: Option<&'a str>) -> BoxFuture<'a, Result<String>> {
        Box::pin(async move {
            match password {
                Some(password) => Ok(self.hasher.encode(password).await),
                None => Ok(super::password::unusable()),
            }
        })
    }
}
