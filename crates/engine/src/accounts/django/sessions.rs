//! Sessions in Django's table: found, opened, renewed and ended. Django and the site can share them.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use jiff::Timestamp;
use serde_json::json;

use super::DjangoAccounts;
use super::guesses::Guess;
use super::people::{self, Account, Whose, outputs};
use crate::accounts::signing::{self, SessionData};
use crate::context;
use crate::error::{Error, Result};
use crate::principal::{Principal, SessionState, SignedIn};
use crate::store::statement::{Arg, Compare, Cond, Delete, Expr, Insert, Select, Statement};
use crate::store::{Answer, Cell, Mode};
use crate::value::Value;

const BACKEND: &str = "django.contrib.auth.backends.ModelBackend";
const TABLE: &str = "django_session";

impl DjangoAccounts {
    /// What a session key is now. One trip when the guess is right: session, account and grants together.
    pub(super) async fn find_session(&self, key: &str) -> Result<SessionState> {
        if !may_be_key(key) {
            return Ok(SessionState::Nobody);
        }
        // Whose groups stand for roles is asked for more than a guess foresees.
        let guess = self.guesses.get(key).filter(|_| self.roles.is_none());
        let mut batch = vec![data_of(key, context::now())];
        let all_granted = guess.as_ref().is_some_and(|guess| guess.superuser.load(Ordering::Relaxed));
        batch.extend(guess.iter().flat_map(|guess| people::questions(Whose::Id(guess.user), all_granted)));
        let answers = self.read(batch).await?;
        let Some(text) = first_text(&answers) else {
            self.guesses.forget(key);
            return Ok(SessionState::Nobody);
        };
        let Some(said) = self.unpack(key, text, guess.as_ref()) else { return Ok(SessionState::Nobody) };
        let guessed = guess.filter(|guess| guess.user == said.user).and_then(|_| people::read(&answers[1..]));
        let account = match guessed {
            // Somebody who is no superuser any more has grants that were not asked for.
            Some(account) if account.who.superuser || !all_granted => Some(account),
            _ => self.account(Whose::Id(said.user)).await?,
        };
        said.superuser.store(account.as_ref().is_some_and(|account| account.who.superuser), Ordering::Relaxed);
        self.judge(key, &said, account).await
    }

    /// What a stored text says; nothing if it is anonymous or not ours.
    fn unpack(&self, key: &str, text: &str, guess: Option<&Arc<Guess>>) -> Option<Arc<Guess>> {
        if let Some(guess) = guess.filter(|guess| guess.text == text) {
            return Some(Arc::clone(guess));
        }
        let data = signing::decode_session(&self.keys, text);
        let user = data.get("_auth_user_id").and_then(serde_json::Value::as_str).and_then(people::read_id)?;
        let hash = data.get("_auth_user_hash").and_then(serde_json::Value::as_str).unwrap_or_default().to_owned();
        let said = Arc::new(Guess { text: text.to_owned(), user, hash, superuser: AtomicBool::new(false) });
        self.guesses.remember(key, Arc::clone(&said));
        Some(said)
    }

    async fn judge(&self, key: &str, said: &Guess, account: Option<Account>) -> Result<SessionState> {
        let Some(account) = account.filter(|account| account.who.active) else { return Ok(SessionState::Nobody) };
        if !self.keys.know_auth_hash(&said.hash, &account.password) {
            self.drop_session(key).await?;
            return Ok(SessionState::Ended);
        }
        Ok(SessionState::Live(SignedIn { session: key.to_owned(), who: Arc::new(account.who) }))
    }

    /// Opens a session and notes the sign-in, in one transaction.
    pub(super) async fn start_session(&self, who: &Principal, former: Option<&str>) -> Result<String> {
        let now = context::now();
        let mut transaction = self.store.begin(Mode::Write).await?;
        let answers = transaction.run(vec![password_of(&who.id)]).await?;
        let password = first_text(&answers).ok_or(Error::BadCredentials)?;
        let data = self.signed_in(SessionData::new(), &who.id, password);
        let key = signing::new_session_key();
        let mut batch = vec![self.insert(&key, &data, now), people::note_sign_in(&who.id, now)];
        batch.extend(former.filter(|former| may_be_key(former)).map(delete));
        transaction.run(batch).await?;
        transaction.commit().await?;
        former.inspect(|former| self.guesses.forget(former));
        Ok(key)
    }

    /// Gives a live session another key and the present password, keeping what it holds: what somebody who has just
    /// changed their own password needs in order to stay. `None` if there is no such session.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn renew_session(&self, key: &str) -> Result<Option<String>> {
        let now = context::now();
        if !may_be_key(key) {
            return Ok(None);
        }
        let mut transaction = self.store.begin(Mode::Write).await?;
        let answers = transaction.run(vec![data_of(key, now)]).await?;
        let data = first_text(&answers).map(|text| signing::decode_session(&self.keys, text)).unwrap_or_default();
        let user = data.get("_auth_user_id").and_then(serde_json::Value::as_str).and_then(people::read_id);
        let Some(user) = user.map(Value::Int) else { return Ok(None) };
        let answers = transaction.run(vec![password_of(&user)]).await?;
        let Some(password) = first_text(&answers) else { return Ok(None) };
        let data = self.signed_in(data, &user, password);
        let fresh = signing::new_session_key();
        transaction.run(vec![delete(key), self.insert(&fresh, &data, now)]).await?;
        transaction.commit().await?;
        self.guesses.forget(key);
        Ok(Some(fresh))
    }

    /// Ends a session.
    pub(super) async fn drop_session(&self, key: &str) -> Result<()> {
        self.guesses.forget(key);
        if may_be_key(key) {
            self.write(vec![delete(key)]).await?;
        }
        Ok(())
    }

    /// Removes the sessions whose time is over, and says how many there were.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn clear_sessions(&self) -> Result<u64> {
        let now = Expr::arg(Value::DateTime(context::now()), Cell::DateTime);
        let filter = Cond::Compare(Expr::column("", "expire_date"), Compare::Lt, now);
        let answers = self.write(vec![Statement::Delete(Delete { table: TABLE.to_owned(), filter })]).await?;
        Ok(answers.first().map_or(0, |answer| answer.touched))
    }

    fn signed_in(&self, mut data: SessionData, user: &Value, password: &str) -> SessionData {
        data.insert("_auth_user_id".to_owned(), json!(user.to_string()));
        data.insert("_auth_user_backend".to_owned(), json!(BACKEND));
        let hash = signing::session_auth_hash(self.keys.current(), password);
        data.insert("_auth_user_hash".to_owned(), json!(hash));
        data
    }

    fn insert(&self, key: &str, data: &SessionData, now: Timestamp) -> Statement {
        let text = signing::encode_session(&self.keys, data, now.as_second());
        let end = now.saturating_add(self.lifetime).unwrap_or(Timestamp::MAX);
        let values = [
            ("session_key", Value::from(key), Cell::Text),
            ("session_data", Value::from(text), Cell::Text),
            ("expire_date", Value::DateTime(end), Cell::DateTime),
        ];
        let values = values.map(|(column, value, cell)| (column.to_owned(), Arg { value, cell })).to_vec();
        Statement::Insert(Insert { table: TABLE.to_owned(), values, ..Insert::default() })
    }
}

/// Django ignores keys under eight letters, and its column holds forty.
fn may_be_key(key: &str) -> bool {
    (8..=40).contains(&key.len()) && key.bytes().all(|byte| byte.is_ascii_graphic())
}

fn data_of(key: &str, now: Timestamp) -> Statement {
    let mut select = Select::from(TABLE, "s");
    select.outputs = outputs("s", &[("session_data", Cell::Text)]);
    let now = Expr::arg(Value::DateTime(now), Cell::DateTime);
    select.filter = Cond::is(Expr::column("s", "session_key"), key.into(), Cell::Text).and(Cond::Compare(
        Expr::column("s", "expire_date"),
        Compare::Gt,
        now,
    ));
    Statement::Select(select)
}

/// The stored password of somebody who may sign in.
fn password_of(id: &Value) -> Statement {
    let mut select = Select::from("auth_user", "u");
    select.outputs = outputs("u", &[("password", Cell::Text)]);
    select.filter = Cond::is(Expr::column("u", "id"), id.clone(), Cell::Int).and(Cond::is(
        Expr::column("u", "is_active"),
        Value::Bool(true),
        Cell::Bool,
    ));
    Statement::Select(select)
}

fn delete(key: &str) -> Statement {
    let filter = Cond::is(Expr::column("", "session_key"), key.into(), Cell::Text);
    Statement::Delete(Delete { table: TABLE.to_owned(), filter })
}

fn first_text(answers: &[Answer]) -> Option<&str> {
    answers.first()?.rows.first()?.first()?.as_text()
}
