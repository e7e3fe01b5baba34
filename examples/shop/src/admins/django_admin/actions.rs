//! The actions of products and suppliers: messages, refusals, redirects, single rows.

use factotum::admin::{Level, Message, Outcome, Selection};
use factotum::form::Payload;
use factotum::ops::{self, Set};
use factotum::query::{Filter, field};
use factotum::{Context, Raw, Result, Value};

use super::{info, success};
use crate::models::key;

pub(super) async fn activate(cx: &mut Context, rows: Selection) -> Result<Outcome> {
    Ok(success(format!("{} activated.", rows.update(cx, &[("active", Set::To(true.into()))]).await?)))
}

pub(super) async fn deactivate(cx: &mut Context, rows: Selection) -> Result<Outcome> {
    Ok(info(format!("{} deactivated.", rows.update(cx, &[("active", Set::To(false.into()))]).await?)))
}

pub(super) async fn publish(cx: &mut Context, rows: Selection) -> Result<Outcome> {
    Ok(success(format!("{} published.", rows.update(cx, &[("status", Set::To("published".into()))]).await?)))
}

pub(super) async fn archive(cx: &mut Context, rows: Selection) -> Result<Outcome> {
    let open = rows.filter(Filter::Not(Box::new(field("status").is("archived"))));
    let done = open.update(cx, &[("status", Set::To("archived".into()))]).await?;
    let before = rows.count(cx).await? - done;
    Ok(Outcome::Said(vec![
        Message::new(Level::Success, format!("{done} archived.")),
        Message::new(Level::Info, "Archived products leave the shop window."),
        Message::new(Level::Warning, format!("{before} were archived already.")),
    ]))
}

pub(super) async fn reprice(_cx: &mut Context, _rows: Selection) -> Result<Outcome> {
    Ok(Outcome::Said(vec![Message::new(Level::Error, "Prices are frozen.")]))
}

pub(super) async fn send_to_print(cx: &mut Context, rows: Selection) -> Result<Outcome> {
    let keys: Vec<String> = rows.rows(cx).await?.iter().map(|row| row.key().to_string()).collect();
    Ok(Outcome::Redirect { to: format!("/print/?ids={}", keys.join(",")), messages: Vec::new() })
}

pub(super) async fn restock(cx: &mut Context, rows: Selection) -> Result<Outcome> {
    let keys: Vec<String> = rows.rows(cx).await?.iter().map(|row| row.key().to_string()).collect();
    rows.update(cx, &[("stock", Set::To(Value::Int(100)))]).await?;
    Ok(success(format!("Restocked {}.", keys.join(", "))))
}

/// A copy of a product as a draft, without its relations to several rows.
pub(super) async fn clone(cx: &mut Context, rows: Selection) -> Result<Outcome> {
    let kept = [
        "category",
        "price",
        "cost",
        "stock",
        "weight",
        "is_featured",
        "released_on",
        "available_from",
        "warranty",
        "attributes",
        "description",
    ];
    let mut to = String::new();
    for row in rows.rows(cx).await? {
        let sku = row.get("sku").to_string();
        let tail: String = sku.chars().skip(sku.chars().count().saturating_sub(4)).collect();
        let kept = kept.into_iter().map(|name| (name, row.get(name))).filter(|(_, value)| !value.is_null());
        let mut fields: Vec<(&str, Raw)> = kept.map(|(name, value)| (name, raw(value))).collect();
        let own = [("sku", format!("CLN-{tail}")), ("name", format!("{} (copy)", row.get("name")))];
        fields.extend(own.map(|(name, text)| (name, Raw::Text(text))));
        fields.push(("status", Raw::Text("draft".to_owned())));
        let fields = fields.into_iter().map(|(name, raw)| (name.to_owned(), raw)).collect();
        let made = ops::create(cx, &key("Product"), Payload { fields, ..Payload::default() }).await?;
        to = format!("/admin/shop/product/{}/change/", made.row.key());
    }
    Ok(Outcome::Redirect { to, messages: Vec::new() })
}

/// A stored value as somebody could send it.
fn raw(value: &Value) -> Raw {
    match value {
        Value::Json(document) => Raw::Json(document.clone()),
        Value::Duration(span) => Raw::Text(span.as_secs().to_string()),
        other => Raw::Text(other.to_string()),
    }
}
