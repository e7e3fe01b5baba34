//! Rows deleted, and what a delete would take along.

mod set;

use factotum_engine::model::Row;
use factotum_engine::ops::{self, DeletePlan};
use factotum_engine::{Context, Model, Resource, Value, Verb};
use http::StatusCode;
use http::header::CONTENT_TYPE;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value as Json, json};

use super::{Call, actions, error, identity, request, response, write};
use crate::http::markup::escaped;
use crate::http::python::capfirst;
use crate::http::{Fault, Reply};

/// `DELETE <app>/<model>/<pk>/`
pub(super) async fn run(call: Call) -> Result<Reply, Fault> {
    let resource = request::model(&call)?;
    let mut cx = call.write().await?;
    let row = row(&call, &mut cx, resource).await?;
    write::expect(&call, &row)?;
    let plan = ops::plan_rows(&mut cx, resource, vec![row]).await?;
    ops::carry_out(&mut cx, plan).await?;
    cx.commit().await?;
    Ok(Reply::no_content().with(CONTENT_TYPE, "text/html; charset=utf-8"))
}

/// `GET <app>/<model>/<pk>/delete-preview/`
pub(super) async fn preview(call: Call) -> Result<Reply, Fault> {
    let resource = request::model(&call)?;
    let mut cx = call.read().await?;
    let row = row(&call, &mut cx, resource).await?;
    let plan = ops::plan_rows(&mut cx, resource, vec![row]).await?;
    Ok(error::reply(StatusCode::OK, &document(&call, &mut cx, &plan).await?))
}

/// `POST <app>/<model>/delete-preview/`
pub(super) async fn preview_of(call: Call) -> Result<Reply, Fault> {
    let resource = request::model(&call)?;
    if !request::may(&call.who, resource, Verb::Delete, None) {
        return Err(identity::forbidden(resource, Verb::Delete));
    }
    let pks = actions::pks(&call, &request::members(&call)?)?;
    let mut cx = call.read().await?;
    let rows = ops::several(&mut cx, resource, &actions::keys(&pks)).await?;
    let plan = ops::plan_rows(&mut cx, resource, rows).await?;
    Ok(error::reply(StatusCode::OK, &document(&call, &mut cx, &plan).await?))
}

/// The row that the path names, if it is there and may be deleted by who asks.
async fn row(call: &Call, cx: &mut Context, resource: &Resource) -> Result<Row, Fault> {
    let row = ops::one(cx, resource, &request::key(call)).await?;
    if request::may(&call.who, resource, Verb::Delete, Some(&row)) {
        Ok(row)
    } else {
        Err(identity::forbidden(resource, Verb::Delete))
    }
}

/// What a delete would do.
async fn document(call: &Call, cx: &mut Context, plan: &DeletePlan) -> Result<Json, Fault> {
    let object = object(call, cx, plan).await?;
    let cascade: Vec<Json> =
        plan.going().map(|part| json!({ "model": part.model().plural, "count": part.count() })).collect();
    let protected = protected(call, cx, plan).await?;
    let schema = call.site.schema();
    let named = |key| schema.model(key).map(|model| model.singular.clone());
    let mut needed: Vec<String> = plan.needed().iter().filter_map(named).collect();
    needed.sort();
    needed.dedup();
    let free = protected.is_empty() && needed.is_empty();
    Ok(json!({
        "object": object, "cascade": cascade, "protected": protected, "perms_needed": needed, "can_delete": free,
    }))
}

/// The row that would go; several have no key, and are called by their number.
async fn object(call: &Call, cx: &mut Context, plan: &DeletePlan) -> Result<Json, Fault> {
    let resource = call.site.resource(plan.model())?;
    if let [row] = plan.asked() {
        let label = ops::label_of(cx, resource, row).await?;
        return Ok(json!({ "pk": response::document(row.key()), "label": label }));
    }
    Ok(json!({ "pk": null, "label": counted(&resource.model, plan.asked().len() as u64) }))
}

/// `1 tag`, `2 tags`.
pub(super) fn counted(model: &Model, count: u64) -> String {
    format!("{count} {}", if count == 1 { &model.singular } else { &model.plural })
}

/// A line of markup for each row that refuses. Rows of models that are administered lead to their page.
async fn protected(call: &Call, cx: &mut Context, plan: &DeletePlan) -> Result<Vec<String>, Fault> {
    let (mut lines, mut keys) = (Vec::new(), Vec::new());
    for part in plan.protecting() {
        let model = part.model();
        let kind = capfirst(&model.singular);
        let registered = call.site.resource(&model.key).is_ok();
        for (row, label) in part.rows().iter().zip(ops::called(cx, model, part.rows()).await?) {
            keys.push(row.key().as_int().and_then(|key| u64::try_from(key).ok()));
            lines.push(if registered {
                let page = page(&call.contract.admin_url, model, row.key());
                format!("{}: <a href=\"{}\">{}</a>", escaped(&kind), escaped(&page), escaped(&label))
            } else {
                format!("{kind}: {label}")
            });
        }
    }
    // Other keys have no order that anybody could know.
    let Some(keys) = keys.into_iter().collect::<Option<Vec<u64>>>() else { return Ok(lines) };
    Ok(set::order(&keys).into_iter().map(|at| std::mem::take(&mut lines[at])).collect())
}

/// The page of a row in the HTML admin.
fn page(admin: &str, model: &Model, key: &Value) -> String {
    let [app, name] = [model.key.app.clone(), model.key.lower_name()];
    let key = utf8_percent_encode(&quoted(&key.to_string()), IN_A_PATH).to_string();
    format!("{admin}{app}/{name}/{key}/change/")
}

/// What stays as it is in a path that Django makes.
const IN_A_PATH: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~')
    .remove(b'!')
    .remove(b'$')
    .remove(b'&')
    .remove(b'\'')
    .remove(b'(')
    .remove(b')')
    .remove(b'*')
    .remove(b'+')
    .remove(b',')
    .remove(b';')
    .remove(b'=')
    .remove(b'/')
    .remove(b':')
    .remove(b'@');

/// A key as the HTML admin writes it in its addresses: what means something there becomes `_` and its code.
fn quoted(key: &str) -> String {
    let mut out = String::with_capacity(key.len());
    for letter in key.chars() {
        if ":/_#?;@&=+$,\"[]<>%\n\\".contains(letter) {
            out.push_str(&format!("_{:02X}", u32::from(letter)));
        } else {
            out.push(letter);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_quoted_as_the_html_admin_quotes_them() {
        let model = Model::new("shop", "OrderLine");
        for (key, expected) in [
            (Value::Int(1025), "/admin/shop/orderline/1025/change/"),
            ("a/b_c".into(), "/admin/shop/orderline/a_2Fb_5Fc/change/"),
            ("é 'x'".into(), "/admin/shop/orderline/%C3%A9%20'x'/change/"),
            ("50%<\n".into(), "/admin/shop/orderline/50_25_3C_0A/change/"),
        ] {
            assert_eq!(page("/admin/", &model, &key), expected);
        }
    }
}
