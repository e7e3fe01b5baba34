//! What a sign-in page asks first.

use http::StatusCode;
use serde_json::json;

use super::settings::Theme;
use super::{Call, error};
use crate::http::{Fault, Reply};

/// `GET config`: names no accounts, whatever the mode.
pub(super) async fn show(call: Call) -> Result<Reply, Fault> {
    let theme = match call.contract.theme {
        Theme::Dark => "dark",
        Theme::Light => "light",
    };
    let mount = call.head.path.find("/api/config").map_or("", |at| &call.head.path[..at]);
    let providers = call.contract.oauth.providers.iter().map(|provider| {
        let login_url = format!("{mount}/auth/oauth/{}/login", provider.name());
        json!({ "name": provider.name(), "display_name": provider.display_name(), "login_url": login_url })
    });
    let document = json!({
        "title": call.contract.title,
        "debug": call.contract.debug,
        "theme": theme,
        "dev_credentials": [],
        "oauth_providers": providers.collect::<Vec<_>>(),
    });
    Ok(error::reply(StatusCode::OK, &document))
}
