//! Giving somebody another password, by somebody who may change them.

use super::{find, labelled, rows};
use crate::audit::{self, Deed, Entry};
use crate::context::Context;
use crate::error::{Error, Missing, Result};
use crate::model::{ModelKey, Row};
use crate::permit;
use crate::principal::Verb;
use crate::site::{Resource, Site};
use crate::store::statement::Expr;
use crate::value::{Raw, Value};

/// Whether the rows of a resource are people who sign in with a password.
#[must_use]
pub fn has_password(site: &Site, resource: &Resource) -> bool {
    site.accounts().model().is_some_and(|model| model == resource.model.key)
}

/// The row of somebody whom who asks may give another password.
///
/// # Errors
/// [`Error::NotFound`] for a model whose rows have no password and for a row that is not there or not to be seen;
/// [`Error::Forbidden`].
pub async fn password_owner(cx: &mut Context, model: &ModelKey, key: &Raw) -> Result<Row> {
    let site = cx.site().clone();
    let resource = site.resource(model)?;
    if !has_password(&site, resource) {
        return Err(Error::NotFound(Missing::Other));
    }
    let row = find::one(cx, resource, key).await?;
    permit::ask(cx, resource, Verb::Change, Some(&row))?;
    Ok(row)
}

/// Stores what [`crate::principal::Accounts::encode`] made of a password, which ends all sessions of its owner, and
/// gives the owner's key. Making it takes long on purpose, so it is made before the transaction begins.
///
/// # Errors
/// As [`password_owner`], and what the database says.
pub async fn set_password(cx: &mut Context, model: &ModelKey, key: &Raw, stored: &str) -> Result<Value> {
    let row = password_owner(cx, model, key).await?;
    let site = cx.site().clone();
    let resource = site.resource(model)?;
    let model = &resource.model;
    let field = model.field("password").ok_or_else(|| Error::internal("people without a password"))?;
    let set = [(field.column.clone(), Expr::Arg(rows::arg(cx, field, Value::from(stored))))];
    cx.run(rows::update(cx, model, &set, model.key_field(), std::slice::from_ref(row.key()))).await?;
    let key = row.key().clone();
    let label = labelled(cx, resource, vec![row]).await?.pop().map(|record| record.label).unwrap_or_default();
    audit::record(
        cx,
        &[Entry { model: model.key.clone(), key: Some(key.clone()), label, deed: Deed::PasswordSet, within: None }],
    )
    .await?;
    Ok(key)
}
