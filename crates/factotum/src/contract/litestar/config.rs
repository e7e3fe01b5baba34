//! What a sign-in page asks first.

use http::StatusCode;
use serde_json::json;

use super::{Call, error};
use crate::http::{Fault, Reply};

/// `GET config`: names no accounts, whatever the mode.
pub(super) async fn show(call: Call) -> Result<Reply, Fault> {
    let document = json!({
        "title": call.contract.title,
        "debug": false,
        "theme": "dark",
        "dev_credentials": [],
        "oauth_providers": [],
    });
    Ok(error::reply(StatusCode::OK, &document))
}
