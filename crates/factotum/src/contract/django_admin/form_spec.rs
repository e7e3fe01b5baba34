//! How forms are drawn.

use factotum_engine::error::Missing;
use factotum_engine::ops::{self, Names};
use factotum_engine::{Error, Record, Resource, Row, Verb};
use http::StatusCode;
use serde_json::json;

use super::detail::{Sheet, member, permit_add};
use super::{Call, blank, request};
use crate::http::{Fault, Reply};

/// `GET <app>/<model>/add/form-spec/`
pub(super) async fn add(call: Call) -> Result<Reply, Fault> {
    let resource = request::model(&call)?;
    permit_add(&call, resource)?;
    let mut cx = call.read().await?;
    let record = blank::untouched(&mut cx, resource).await?;
    Ok(Reply::json(StatusCode::OK, spec(&call, resource, &record, &Names::default(), None)))
}

/// `GET <app>/<model>/<pk>/form-spec/`
pub(super) async fn change(call: Call) -> Result<Reply, Fault> {
    let resource = request::model(&call)?;
    let mut cx = call.read().await?;
    let whole = ops::whole(&mut cx, &resource.model.key, &request::key(&call)).await?;
    let row = Some(&whole.record.row);
    Ok(Reply::json(StatusCode::OK, spec(&call, resource, &whole.record, &whole.names, row)))
}

/// `POST <app>/<model>/<pk>/change/`: a page of the HTML admin, which is not here.
pub(super) async fn submit(call: Call) -> Result<Reply, Fault> {
    let resource = request::model(&call)?;
    let mut cx = call.read().await?;
    let record = ops::get(&mut cx, &resource.model.key, &request::key(&call)).await?;
    if !request::may(&call.who, resource, Verb::Change, Some(&record.row)) {
        return Err(Error::Forbidden { verb: Verb::Change, model: resource.model.key.clone() }.into());
    }
    Err(Error::NotFound(Missing::Other).into())
}

fn spec(call: &Call, resource: &Resource, record: &Record, names: &Names, row: Option<&Row>) -> Vec<u8> {
    let form = call.contract.forms.of(&call.site, resource);
    let sheet = Sheet::new(&call.site, &call.who, resource, form, row);
    let mut out = Vec::with_capacity(8192);
    out.extend_from_slice(b"{\"renderer\":\"form-spec\"");
    member(&mut out, "fieldsets", &sheet.fieldsets());
    out.extend_from_slice(b",\"fields\":{");
    sheet.specify(&mut out, record, names);
    out.push(b'}');
    member(&mut out, "variant", &json!(format!("django.forms.widgets.{}Form", resource.model.key.name)));
    if row.is_none() {
        member(&mut out, "prepopulated_fields", &sheet.prepopulated());
    }
    out.push(b'}');
    out
}
