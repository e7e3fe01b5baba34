//! Other passwords: for somebody else, and for oneself.

use factotum_engine::Error;
use factotum_engine::error::Missing;
use factotum_engine::principal::Way;
use http::StatusCode;
use serde_json::json;

use super::super::request::{Sent, Type, required};
use super::super::{Call, auth, error};
use super::{end_tokens, grants, looked_after, named};
use crate::http::{Fault, Reply};

fn refused(words: &str) -> Fault {
    error::said(StatusCode::BAD_REQUEST, words)
}

fn same() -> Fault {
    refused("New password cannot be the same as the current password")
}

fn done() -> Reply {
    error::reply(StatusCode::OK, &json!({ "success": true, "message": "Password changed successfully" }))
}

/// `POST users/{user}/change-password`. Hashing takes long, so no transaction is open meanwhile.
pub(super) async fn change(call: Call) -> Result<Reply, Fault> {
    let sent = Sent::read(&call, &[required("new_password", Type::Text)])?;
    let (people, password) = (looked_after(&call)?, sent.text("new_password"));
    let person = named(&call, people, &mut call.read().await?).await?;
    grants::may_change(&call.who, &person)?;
    auth::judge(password)?;
    if people.knows(&person.id, password).await? {
        return Err(same());
    }
    let encoded = call.site.accounts().encode(Some(password)).await?;
    let mut cx = call.write().await?;
    people.store_password(&mut cx, &person, &encoded, Way::Set).await?;
    cx.commit().await?;
    end_tokens(&call, &person).await?;
    Ok(done())
}

/// `POST users/me/change-password`
pub(super) async fn change_own(call: Call) -> Result<Reply, Fault> {
    let fields = ["current_password", "new_password", "confirm_password"].map(|name| required(name, Type::Text));
    let sent = Sent::read(&call, &fields)?;
    let (current, password) = (sent.text("current_password"), sent.text("new_password"));
    match call.site.accounts().check(&call.who.username, current).await {
        Ok(who) if who.id == call.who.id => {}
        Ok(_) | Err(Error::BadCredentials) => return Err(refused("Current password is incorrect")),
        Err(other) => return Err(other.into()),
    }
    if password != sent.text("confirm_password") {
        return Err(refused("New password and confirmation do not match"));
    }
    auth::judge(password)?;
    if password == current {
        return Err(same());
    }
    store_own(&call, password).await?;
    if let Some(families) = &call.contract.rotation {
        families.end_all(&call.who.id.to_string()).await?;
    }
    Ok(done())
}

/// Stores one's own password, with a record where the accounts are looked after here.
async fn store_own(call: &Call, password: &str) -> Result<(), Fault> {
    let accounts = call.site.accounts();
    let Some(people) = accounts.people() else {
        return match accounts.set_password(&call.who.id, password).await {
            Err(Error::NotFound(Missing::Other)) => {
                let words = "Password change is not supported by this authentication backend";
                Err(error::said(StatusCode::FORBIDDEN, words))
            }
            outcome => Ok(outcome?),
        };
    };
    let encoded = accounts.encode(Some(password)).await?;
    let mut cx = call.write().await?;
    let person = people.find(&mut cx, &call.who.id).await?.ok_or(Fault::NotSignedIn)?;
    people.store_password(&mut cx, &person, &encoded, Way::Set).await?;
    Ok(cx.commit().await?)
}
