//! Who asks, when, from where, and in which transaction. The only thing that holds a session, and the only clock.

use std::net::IpAddr;
use std::sync::Arc;

use jiff::Timestamp;

use crate::error::{Error, Result};
use crate::files::Staged;
use crate::model::ModelKey;
use crate::principal::Principal;
use crate::site::Site;
use crate::store::statement::Statement;
use crate::store::{Answer, Mode, Next, Session, StoreError};
use crate::value::Value;

/// Where a request came from.
#[derive(Debug, Clone, Default)]
pub struct Origin {
    /// The address of who asks, as far as it can be trusted.
    pub ip: Option<IpAddr>,
    /// The site as the client addresses it (`https://shop.example`), for links in records.
    pub base: Option<String>,
    /// The request's number in the log.
    pub request: Option<String>,
    /// What the client calls itself.
    pub agent: Option<String>,
    /// The names that the request has for what it is about, where a door lets people choose among several.
    pub named: Option<Named>,
}

/// What a request is about, in its own words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// The model.
    pub of: ModelKey,
    /// The model's name as it was written.
    pub model: String,
    /// The row's key as it was written; `None` for many rows or a new one.
    pub key: Option<String>,
}

/// Who asks, when, from where, and in which transaction.
pub struct Context {
    site: Site,
    who: Arc<Principal>,
    now: Timestamp,
    origin: Origin,
    session: Box<dyn Session>,
    mode: Mode,
    trips: u64,
    /// Statements whose answers nobody waits for.
    later: Vec<Statement>,
    staged: Vec<Staged>,
    acting: bool,
    /// How many files waited when each mark was set.
    marks: Vec<usize>,
    /// The key of who asks in Django's table of users, once it was asked for.
    django_user: Option<Value>,
}

impl std::fmt::Debug for Context {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Context").field("who", &self.who.username).field("now", &self.now).finish_non_exhaustive()
    }
}

/// The present moment, to the microsecond: what databases keep.
#[must_use]
#[expect(clippy::disallowed_methods, reason = "this is the one clock")]
pub fn now() -> Timestamp {
    let now = Timestamp::now();
    Timestamp::from_microsecond(now.as_microsecond()).unwrap_or(now)
}

impl Context {
    pub(crate) fn new(
        site: Site,
        who: Arc<Principal>,
        origin: Origin,
        mode: Mode,
        session: Box<dyn Session>,
    ) -> Context {
        let (staged, marks) = (Vec::new(), Vec::new());
        let django_user = matches!(who.id, Value::Int(_) | Value::Uuid(_)).then(|| who.id.clone());
        let later = Vec::new();
        Context {
            site,
            who,
            now: now(),
            origin,
            session,
            mode,
            trips: 0,
            later,
            staged,
            marks,
            acting: false,
            django_user,
        }
    }

    /// The site.
    #[must_use]
    pub fn site(&self) -> &Site {
        &self.site
    }

    /// Who asks.
    #[must_use]
    pub fn who(&self) -> &Arc<Principal> {
        &self.who
    }

    /// When the request began.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.now
    }

    /// Where it came from.
    #[must_use]
    pub fn origin(&self) -> &Origin {
        &self.origin
    }

    /// Whether it may write: only then rows can be locked.
    #[must_use]
    pub fn writes(&self) -> bool {
        matches!(self.mode, Mode::Write | Mode::Brief)
    }

    /// How many trips to the database there were: a hook that made none has changed nothing.
    pub(crate) fn trips(&self) -> u64 {
        self.trips
    }

    /// Whether an action is running: what it writes is its own doing, and its record tells of it.
    #[must_use]
    pub fn is_acting(&self) -> bool {
        self.acting
    }

    /// Notes that an action begins or has ended.
    pub(crate) fn act(&mut self, acting: bool) {
        self.acting = acting;
    }

    /// The key of who asks in Django's table of users: their own where they come from there, else that of the user with
    /// their address, as far as a record needed it. `None` if there is none.
    #[must_use]
    pub fn django_user(&self) -> Option<&Value> {
        self.django_user.as_ref().filter(|key| !key.is_null())
    }

    /// Whether it is still to be asked who that is.
    pub(crate) fn lacks_django_user(&self) -> bool {
        self.django_user.is_none() && !self.who.email.is_empty()
    }

    /// Notes who that is; null for nobody.
    pub(crate) fn note_django_user(&mut self, key: Value) {
        self.django_user = Some(key);
    }

    /// Runs statements in one trip.
    pub(crate) async fn run(&mut self, batch: Vec<Statement>) -> Result<Vec<Answer>, StoreError> {
        self.trips += 1;
        let (before, batch) = self.behind_later(batch);
        let mut answers = self.session.run(batch).await?;
        Ok(answers.split_off(before.min(answers.len())))
    }

    /// Runs statements and then those that their answers lead to.
    pub(crate) async fn run_then(&mut self, batch: Vec<Statement>, next: Next) -> Result<Vec<Answer>, StoreError> {
        self.trips += 1;
        let (before, batch) = self.behind_later(batch);
        let next = move |answers: &[Answer]| next(answers.get(before..).unwrap_or_default());
        let mut answers = self.session.run_then(batch, Box::new(next)).await?;
        Ok(answers.split_off(before.min(answers.len())))
    }

    /// Runs statements with the next trip, at the latest with the commit: nobody waits for their answers, and what is
    /// read from now on is read after them. A failure is one of that trip.
    pub(crate) fn run_later(&mut self, statements: Vec<Statement>) {
        self.later.extend(statements);
    }

    /// Statements behind those that wait, and how many these are.
    fn behind_later(&mut self, batch: Vec<Statement>) -> (usize, Vec<Statement>) {
        if self.later.is_empty() {
            return (0, batch);
        }
        let mut all = std::mem::take(&mut self.later);
        let before = all.len();
        all.extend(batch);
        (before, all)
    }

    /// Runs what waits.
    async fn settle(&mut self) -> Result<(), StoreError> {
        if !self.later.is_empty() {
            self.session.run(std::mem::take(&mut self.later)).await?;
        }
        Ok(())
    }

    /// Runs one statement.
    pub(crate) async fn run_one(&mut self, statement: Statement) -> Result<Answer, StoreError> {
        Ok(self.run(vec![statement]).await?.pop().unwrap_or_default())
    }

    /// Keeps an uploaded file until the transaction ends well.
    pub(crate) fn stage(&mut self, file: Staged) {
        self.staged.push(file);
    }

    /// Sets a mark that [`Context::undo`] returns to. Marks nest.
    ///
    /// # Errors
    /// What the database says.
    pub async fn mark(&mut self) -> Result<()> {
        self.settle().await?;
        self.session.mark().await?;
        self.marks.push(self.staged.len());
        Ok(())
    }

    /// Undoes what was written since the last mark, uploads included, and removes the mark.
    ///
    /// # Errors
    /// What the database says.
    pub async fn undo(&mut self) -> Result<()> {
        self.staged.truncate(self.marks.pop().unwrap_or_default());
        // What waits came after the mark: setting it ran what waited before.
        self.later.clear();
        Ok(self.session.undo().await?)
    }

    /// Removes the last mark and keeps what was written since.
    ///
    /// # Errors
    /// What the database says.
    pub async fn keep(&mut self) -> Result<()> {
        self.settle().await?;
        self.marks.pop();
        Ok(self.session.keep().await?)
    }

    /// Makes everything permanent: the transaction, then the files it speaks of.
    ///
    /// # Errors
    /// When the database or the files refuse; then nothing happened.
    pub async fn commit(self) -> Result<()> {
        let (session, later, staged) = (self.session, self.later, self.staged);
        if staged.is_empty() {
            return Ok(session.commit_after(later).await?);
        }
        // Whoever stops waiting meanwhile must not part a row from its files.
        let both = async move {
            session.commit_after(later).await?;
            for file in staged {
                file.settle().await?;
            }
            Ok(())
        };
        tokio::spawn(both).await.map_err(|error| Error::internal(format!("a commit was not awaited: {error}")))?
    }
}
