//! What panels show of a row.

use factotum_engine::error::Missing;
use factotum_engine::{Error, ops};
use http::StatusCode;
use serde_json::json;

use super::{Call, error, request};
use crate::http::{Fault, Reply};

/// `GET <app>/<model>/<pk>/panel/<name>/`
pub(super) async fn show(call: Call) -> Result<Reply, Fault> {
    let resource = request::model(&call)?;
    let panel = resource.panel(call.param("name")).ok_or(Error::NotFound(Missing::Other))?;
    let mut cx = call.read().await?;
    let record = ops::get(&mut cx, &resource.model.key, &request::key(&call)).await?;
    let data = panel.show(&mut cx, &record.row).await?;
    Ok(error::reply(StatusCode::OK, &json!({ "panel": panel.name, "data": data })))
}
