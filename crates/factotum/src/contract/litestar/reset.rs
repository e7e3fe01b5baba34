//! Forgotten passwords: a secret is mailed to whoever has an account, and everybody gets the same answer at once.

use std::sync::Arc;
use std::time::Duration;

use factotum_engine::accounts::resets::Resets;
use factotum_engine::principal::Way;
use factotum_engine::{Error, Origin, Principal, Site};
use http::StatusCode;
use serde_json::json;
use tokio::sync::Semaphore;

use super::auth::judge;
use super::identity::now;
use super::request::{Sent, Type, required};
use super::{Call, error};
use crate::http::limit::counts::{Counts, Slot};
use crate::http::limit::memory::Memory;
use crate::http::mail::{Mail, Mailer};
use crate::http::{Fault, Reply};

/// So many mails go to one address within an hour: who asks for more is no friend of whoever lives there.
const MOST: u32 = 5;
/// So many mails are on their way at once; more are not sent.
const AT_ONCE: usize = 16;

/// How passwords are reset.
#[derive(Debug, Clone)]
pub struct Reset {
    /// The page where a new password is chosen, with `{token}` where the secret belongs. It is said and not worked out
    /// from a request, in which anybody can name any host.
    pub url: String,
    /// For how many seconds a secret is good.
    pub lifetime: i64,
    resets: Resets,
    mailer: Arc<dyn Mailer>,
    sent: Arc<Memory>,
    room: Arc<Semaphore>,
}

impl Reset {
    /// Resets that are kept in a database and mailed, for an hour, with the page where a new password is chosen.
    #[must_use]
    pub fn new(resets: Resets, mailer: Arc<dyn Mailer>, url: &str) -> Reset {
        let room = Arc::new(Semaphore::new(AT_ONCE));
        Reset { url: url.to_owned(), lifetime: 3600, resets, mailer, sent: Arc::default(), room }
    }

    /// Mails a secret to whoever has this address, if somebody has. It runs beside the request, whose answer comes as
    /// soon for an address that nobody has.
    fn begin(&self, site: Site, origin: Origin, title: String, email: String) {
        let Ok(permit) = self.room.clone().try_acquire_owned() else {
            tracing::warn!("too many passwords are being reset at once; one is not");
            return;
        };
        let reset = self.clone();
        tokio::spawn(async move {
            if let Err(error) = reset.send(&site, origin, &title, &email).await {
                tracing::error!(%error, "a password could not be reset");
            }
            drop(permit);
        });
    }

    async fn send(
        &self,
        site: &Site,
        origin: Origin,
        title: &str,
        email: &str,
    ) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
        let Some(who) = site.accounts().find(email).await?.filter(|who| who.active) else { return Ok(()) };
        let slot = Slot { key: format!("reset {}", who.id), most: MOST, window: Duration::from_secs(3600) };
        if !self.sent.take(&[slot]).await?.passed {
            return Ok(());
        }
        note(site, &who, origin).await?;
        let secret = self.resets.begin(&who.id.to_string(), now().saturating_add(self.lifetime)).await?;
        let (url, minutes) = (self.url.replace("{token}", &secret), self.lifetime / 60);
        let text = format!(
            "Somebody, perhaps you, asked for another password at {title}.\n\nChoose one here within {minutes} \
             minutes:\n\n{url}\n\nIf it was not you, nothing needs to be done: your password stays as it is.\n"
        );
        let mail = Mail { to: who.email.clone(), subject: format!("{title}: another password"), text };
        Ok(self.mailer.send(mail).await?)
    }
}

/// Leaves a record that somebody asked for another password, where accounts are looked after here.
async fn note(site: &Site, who: &Arc<Principal>, origin: Origin) -> Result<(), Error> {
    let Some(people) = site.accounts().people() else { return Ok(()) };
    let mut cx = site.write(who.clone(), origin).await?;
    if let Some(person) = people.find(&mut cx, &who.id).await? {
        people.note_reset(&mut cx, &person).await?;
        cx.commit().await?;
    }
    Ok(())
}

/// Gives somebody the password that they chose, with a record where accounts are looked after here. The secret says
/// who they are, so it is they who wrote.
async fn store(call: &Call, who: &Arc<Principal>, password: &str) -> Result<(), Fault> {
    let accounts = call.site.accounts();
    let Some(people) = accounts.people() else { return Ok(accounts.set_password(&who.id, password).await?) };
    let encoded = accounts.encode(Some(password)).await?;
    let mut cx = call.site.write(who.clone(), call.origin.clone()).await?;
    let person = people.find(&mut cx, &who.id).await?.ok_or_else(expired)?;
    people.store_password(&mut cx, &person, &encoded, Way::Mailed).await?;
    Ok(cx.commit().await?)
}

fn expired() -> Fault {
    error::said(StatusCode::BAD_REQUEST, "Invalid or expired password reset token")
}

fn enabled(call: &Call) -> Result<&Reset, Fault> {
    let refusal = || error::said(StatusCode::BAD_REQUEST, "Password reset is not enabled");
    call.contract.reset.as_ref().ok_or_else(refusal)
}

/// `POST users/forgot-password`
pub(super) async fn forgot(call: Call) -> Result<Reply, Fault> {
    let sent = Sent::read(&call, &[required("email", Type::Text)])?;
    enabled(&call)?.begin(
        call.site.clone(),
        call.origin.clone(),
        call.contract.title.clone(),
        sent.text("email").to_owned(),
    );
    Ok(done("If an account with that email exists, a password reset link has been sent."))
}

/// `POST users/reset-password`
pub(super) async fn reset(call: Call) -> Result<Reply, Fault> {
    let fields = ["token", "new_password", "confirm_password"].map(|name| required(name, Type::Text));
    let sent = Sent::read(&call, &fields)?;
    let bad = |words: &str| error::said(StatusCode::BAD_REQUEST, words);
    let reset = enabled(&call)?;
    let password = sent.text("new_password");
    if password != sent.text("confirm_password") {
        return Err(bad("New password and confirmation do not match"));
    }
    judge(password)?;
    let accounts = call.site.accounts();
    let owner = reset.resets.take(sent.text("token")).await?.and_then(|owner| accounts.read_id(&owner));
    let who = match owner {
        Some(id) => accounts.load(&id).await?,
        None => None,
    };
    let who = who.ok_or_else(expired)?;
    if !who.active {
        return Err(bad("Account is disabled"));
    }
    store(&call, &who, password).await?;
    if let Some(families) = &call.contract.rotation {
        families.end_all(&who.id.to_string()).await?;
    }
    Ok(done("Password has been reset successfully"))
}

fn done(words: &str) -> Reply {
    error::reply(StatusCode::OK, &json!({ "success": true, "message": words }))
}
