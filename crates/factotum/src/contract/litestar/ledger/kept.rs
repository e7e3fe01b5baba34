//! Records of what is no model: accounts, and the settings that people change.

use factotum_engine::accounts::admin_users;
use factotum_engine::audit::{Change, Deed, Entry};
use factotum_engine::{Context, settings};
use serde_json::{Map, Value as Json, json};

use super::Line;
use crate::contract::litestar::response::{Print, document};

/// What records call accounts and settings.
const ACCOUNT: &str = "AdminUser";
const SETTING: &str = "AdminSettings";

/// The record of a write to an account or a setting, under the name that it has; `None` for rows of models.
pub(super) fn line(cx: &Context, entry: &Entry) -> Option<(&'static str, Line)> {
    let is_account = entry.model == admin_users::model_key();
    if !is_account && entry.model != settings::model_key() {
        return None;
    }
    let whose = is_account.then(|| json!({ "email": entry.label }));
    let (action, changes, metadata) = match &entry.deed {
        Deed::Added => ("create", None, whose),
        Deed::Deleted => ("delete", None, whose),
        Deed::Changed(changes) => ("update", pairs(changes), None),
        Deed::PasswordSet => ("password_change", None, Some(changed_by(cx, entry))),
        Deed::ResetAsked => ("password_reset_request", None, whose),
        Deed::Reset => ("password_reset_complete", None, whose),
        Deed::Switched { on } => {
            let operation = if *on { "activate" } else { "deactivate" };
            let changes = json!({ "is_active": { "old": !on, "new": on } });
            ("update", Some(changes), Some(json!({ "operation": operation })))
        }
        Deed::Retired(_) | Deed::BulkChanged { .. } | Deed::BulkDeleted { .. } | Deed::Ran { .. } => return None,
    };
    let key = entry.key.as_ref().map(ToString::to_string);
    Some((if is_account { ACCOUNT } else { SETTING }, Line { action, key, changes, metadata }))
}

/// What changed, as `{column: {old, new}}`; nothing if nothing did.
fn pairs(changes: &[Change]) -> Option<Json> {
    let pair = |change: &Change| {
        let (old, new) = (document(&change.before, Print::Plain), document(&change.after, Print::Plain));
        (change.field.clone(), json!({ "old": old, "new": new }))
    };
    let pairs: Map<String, Json> = changes.iter().map(pair).collect();
    (!pairs.is_empty()).then_some(Json::Object(pairs))
}

fn changed_by(cx: &Context, entry: &Entry) -> Json {
    match entry.key.as_ref() == Some(&cx.who().id) {
        true => json!({ "changed_by": "self" }),
        false => json!({ "changed_by": "admin", "target_email": entry.label }),
    }
}
