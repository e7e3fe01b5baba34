//! Sessions of these people: a signed text that says whose it is, under which password, and since when.

use std::sync::Arc;

use serde_json::json;

use super::AdminUsers;
use crate::accounts::signing::{self, SessionData};
use crate::context;
use crate::error::{Error, Result};
use crate::principal::{Principal, SessionState, SignedIn};

const WHO: &str = "user_id";
const HASH: &str = "user_hash";
const UNTIL: &str = "until";

impl AdminUsers {
    /// What a session's text is now.
    pub(super) async fn find_session(&self, key: &str) -> Result<SessionState> {
        let said = signing::decode_session(&self.keys, key);
        let text = |name: &str| said.get(name).and_then(serde_json::Value::as_str);
        let until = said.get(UNTIL).and_then(serde_json::Value::as_i64).unwrap_or_default();
        let (Some(id), Some(hash)) = (text(WHO), text(HASH)) else { return Ok(SessionState::Nobody) };
        if until <= context::now().as_second() {
            return Ok(SessionState::Nobody);
        }
        let account = self.account("id", id).await?.filter(|account| account.who.active);
        let Some(account) = account else { return Ok(SessionState::Nobody) };
        if !self.keys.know_auth_hash(hash, &account.password) {
            return Ok(SessionState::Ended);
        }
        Ok(SessionState::Live(SignedIn { session: key.to_owned(), who: Arc::new(account.who) }))
    }

    /// The text of a new session.
    pub(super) async fn start_session(&self, who: &Principal) -> Result<String> {
        let account = self.account("id", &who.id.to_string()).await?.ok_or(Error::BadCredentials)?;
        let now = context::now().as_second();
        let mut data = SessionData::new();
        data.insert(WHO.to_owned(), json!(account.who.id.to_string()));
        data.insert(HASH.to_owned(), json!(signing::session_auth_hash(self.keys.current(), &account.password)));
        data.insert(UNTIL.to_owned(), json!(now.saturating_add(self.lifetime.as_secs())));
        Ok(signing::encode_session(&self.keys, &data, now))
    }
}
