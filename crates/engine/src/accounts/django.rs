//! People from Django's tables: who they are, what they were granted, and their sessions.

pub mod admins;
mod care;
pub mod grants;
mod guesses;
pub mod models;
mod people;
mod persons;
mod sessions;
pub mod users;

use std::collections::HashMap;
use std::sync::Arc;

use futures_util::future::BoxFuture;
use jiff::SignedDuration;

use self::guesses::Guesses;
use self::people::{Account, Whose};
use super::password::{Hasher, Verdict, unusable};
use super::signing::Keys;
use crate::error::{Error, Missing, Result};
use crate::model::ModelKey;
use crate::principal::{Accounts, Newcomer, People, Principal, SessionState};
use crate::store::statement::Statement;
use crate::store::{Answer, Mode, Store, StoreError};
use crate::value::Value;

pub use self::models::models;

/// Two weeks: Django's `SESSION_COOKIE_AGE`.
const LIFETIME: SignedDuration = SignedDuration::from_hours(14 * 24);

/// The accounts of Django: `auth_user` and its kin, with sessions that Django can read.
///
/// Nothing about a person is kept between requests, so whoever is switched off, stripped of a permission or given
/// another password notices at the next one.
pub struct DjangoAccounts {
    store: Arc<dyn Store>,
    keys: Keys,
    hasher: Hasher,
    guesses: Guesses,
    lifetime: SignedDuration,
    /// The role of each group, where groups stand for roles.
    roles: Option<HashMap<String, String>>,
    /// Whether the site's own database has them.
    here: bool,
}

impl std::fmt::Debug for DjangoAccounts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("DjangoAccounts").field("lifetime", &self.lifetime).finish_non_exhaustive()
    }
}

impl DjangoAccounts {
    /// The accounts in a database, with the keys that sign its sessions.
    #[must_use]
    pub fn new(store: Arc<dyn Store>, keys: Keys) -> DjangoAccounts {
        let (hasher, guesses) = (Hasher::default(), Guesses::default());
        DjangoAccounts { store, keys, hasher, guesses, lifetime: LIFETIME, roles: None, here: false }
    }

    /// Grants roles by groups, each group with the role that it stands for, and the greatest one to superusers. People
    /// may then sign in with an address, too, if nobody else has it.
    #[must_use]
    pub fn granting(mut self, roles: HashMap<String, String>) -> DjangoAccounts {
        self.roles = Some(roles);
        self
    }

    /// Says that the site's own database has these accounts. Where groups stand for roles, people are then looked after.
    #[must_use]
    pub fn looked_after(mut self) -> DjangoAccounts {
        self.here = true;
        self
    }

    /// How passwords are hashed: on how many cores, with how many rounds.
    #[must_use]
    pub fn hashing(mut self, hasher: Hasher) -> DjangoAccounts {
        self.hasher = hasher;
        self
    }

    /// How long a session lasts after it was opened; two weeks if not said.
    #[must_use]
    pub fn lasting(mut self, lifetime: SignedDuration) -> DjangoAccounts {
        self.lifetime = lifetime;
        self
    }

    /// Runs statements that only read, in one trip.
    async fn read(&self, batch: Vec<Statement>) -> Result<Vec<Answer>, StoreError> {
        self.store.begin(Mode::Read).await?.run(batch).await
    }

    /// Runs statements in a transaction of their own.
    async fn write(&self, batch: Vec<Statement>) -> Result<Vec<Answer>, StoreError> {
        let mut session = self.store.begin(Mode::Write).await?;
        let answers = session.run(batch).await?;
        session.commit().await?;
        Ok(answers)
    }

    async fn account(&self, whose: Whose<'_>) -> Result<Option<Account>> {
        let mut questions = people::questions(whose, false);
        if self.roles.is_some() {
            questions.push(people::groups(whose));
        }
        let answers = self.read(questions).await?;
        if matches!(whose, Whose::Mail(_)) && answers.first().is_some_and(|answer| answer.rows.len() > 1) {
            return Ok(None);
        }
        let Some(mut account) = people::read(&answers) else { return Ok(None) };
        if let (Some(roles), Some(groups)) = (&self.roles, answers.get(2)) {
            endow(&mut account.who, roles, groups);
        }
        Ok(Some(account))
    }

    /// The account of a name; where groups stand for roles, of an address as well.
    async fn named(&self, name: &str) -> Result<Option<Account>> {
        // No name holds a NUL, and PostgreSQL would not even take one as a question.
        if name.contains('\0') {
            return Ok(None);
        }
        match self.account(Whose::Name(name)).await? {
            None if self.roles.is_some() && name.contains('@') => self.account(Whose::Mail(name)).await,
            found => Ok(found),
        }
    }

    async fn check_password(&self, username: &str, password: &str) -> Result<Arc<Principal>> {
        let account = self.named(username).await?;
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
        let update = people::set_password(&account.who.id, &encoded, Some(&account.password));
        if let Err(error) = self.write(vec![update]).await {
            tracing::warn!(%error, user = account.who.username, "a weak password hash could not be replaced");
        }
    }
}

/// Grants somebody the roles that their groups stand for.
fn endow(who: &mut Principal, roles: &HashMap<String, String>, groups: &Answer) {
    let names = groups.rows.iter().filter_map(|row| row.first().and_then(Value::as_text));
    let mut granted: Vec<String> = names.filter_map(|name| roles.get(name).cloned()).collect();
    if who.superuser {
        granted.insert(0, super::roles::SUPERADMIN.to_owned());
    }
    granted.dedup();
    super::roles::endow(who, granted, Vec::new());
}

impl Accounts for DjangoAccounts {
    fn check<'a>(&'a self, username: &'a str, password: &'a str) -> BoxFuture<'a, Result<Arc<Principal>>> {
        Box::pin(self.check_password(username, password))
    }

    fn load<'a>(&'a self, id: &'a Value) -> BoxFuture<'a, Result<Option<Arc<Principal>>>> {
        Box::pin(async move {
            let Value::Int(id) = id else { return Ok(None) };
            Ok(self.account(Whose::Id(*id)).await?.map(|account| Arc::new(account.who)))
        })
    }

    fn read_id(&self, text: &str) -> Option<Value> {
        people::read_id(text).map(Value::Int)
    }

    fn session<'a>(&'a self, key: &'a str) -> BoxFuture<'a, Result<SessionState>> {
        Box::pin(self.find_session(key))
    }

    fn open_session<'a>(&'a self, who: &'a Principal, former: Option<&'a str>) -> BoxFuture<'a, Result<String>> {
        Box::pin(self.start_session(who, former))
    }

    fn end_session<'a>(&'a self, key: &'a str) -> BoxFuture<'a, Result<()>> {
        Box::pin(self.drop_session(key))
    }

    fn renew_session<'a>(&'a self, key: &'a str) -> BoxFuture<'a, Result<Option<String>>> {
        Box::pin(DjangoAccounts::renew_session(self, key))
    }

    fn model(&self) -> Option<ModelKey> {
        Some(ModelKey::new("auth", "User"))
    }

    fn enrol<'a>(&'a self, new: Newcomer<'a>) -> BoxFuture<'a, Result<Arc<Principal>>> {
        Box::pin(self.enrol_user(new))
    }

    fn people(&self) -> Option<&dyn People> {
        if self.here && self.roles.is_some() { Some(self) } else { None }
    }

    fn find<'a>(&'a self, email: &'a str) -> BoxFuture<'a, Result<Option<Arc<Principal>>>> {
        Box::pin(async move {
            if email.is_empty() || email.contains('\0') {
                return Ok(None);
            }
            Ok(self.account(Whose::Mail(email)).await?.map(|account| Arc::new(account.who)))
        })
    }

    fn set_password<'a>(&'a self, id: &'a Value, password: &'a str) -> BoxFuture<'a, Result<()>> {
        Box::pin(async move {
            let encoded = self.hasher.encode(password).await;
            let answers = self.write(vec![people::set_password(id, &encoded, None)]).await?;
            match answers.first() {
                Some(answer) if answer.touched > 0 => Ok(()),
                _ => Err(Error::NotFound(Missing::Row)),
            }
        })
    }

    fn encode<'a>(&'a self, password: Option<&'a str>) -> BoxFuture<'a, Result<String>> {
        Box::pin(async move {
            Ok(match password {
                Some(password) => self.hasher.encode(password).await,
                None => unusable(),
            })
        })
    }
}
