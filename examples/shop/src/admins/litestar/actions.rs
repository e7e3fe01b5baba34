//! What can be done to products and customers at once.

use std::collections::HashSet;

use bigdecimal::{BigDecimal, FromPrimitive, RoundingMode, ToPrimitive};
use factotum::admin::{Action, ModelAdmin, Outcome, Selection};
use factotum::error::{Error, Result};
use factotum::model::Flaw;
use factotum::ops::Set;
use factotum::query::{Filter, field};
use factotum::{Context, Raw, Value};
use serde_json::{Map, Value as Json, json};

/// Products can be published, sold for less, and counted.
pub(super) struct ProductAdmin;

impl ModelAdmin for ProductAdmin {
    fn actions(&self) -> Vec<Action> {
        vec![
            Action::batch("publish", "", |cx, rows| Box::pin(publish(cx, rows))),
            Action::batch("discount", "", |cx, rows| Box::pin(discount(cx, rows))),
            Action::batch("count", "", |cx, rows| Box::pin(count(cx, rows))),
        ]
    }
}

async fn publish(cx: &mut Context, rows: Selection) -> Result<Outcome> {
    let now = Value::DateTime(cx.now());
    let count = rows.rows(cx).await?.len();
    let others = rows.filter(Filter::Not(Box::new(field("status").is("published"))));
    others.update(cx, &[("status", Set::To("published".into())), ("updated_at", Set::To(now))]).await?;
    Ok(Outcome::Data(json!({ "affected": count, "status": "published" })))
}

/// Takes so many per cent off each price: ten, unless somebody says.
async fn discount(cx: &mut Context, rows: Selection) -> Result<Outcome> {
    let percent = rows.params.get("percent").map_or(Some(10.0), Json::as_f64);
    let percent = percent.filter(|percent| *percent > 0.0 && *percent < 100.0).and_then(BigDecimal::from_f64);
    let Some(percent) = percent else {
        return Err(Error::flaw("percent", Flaw::custom("percent must be between 0 and 100")));
    };
    let left = (BigDecimal::from(100) - percent) / BigDecimal::from(100);
    let mut prices = Map::new();
    for row in rows.rows(cx).await? {
        let Value::Decimal(price) = row.get("price") else { continue };
        let price = (price * &left).with_scale_round(2, RoundingMode::HalfEven);
        prices.insert(row.key().to_string(), json!(price.to_f64()));
        let one = rows.filter(field("pk").is(row.key().clone()));
        let now = Value::DateTime(cx.now());
        one.update(cx, &[("price", Set::To(Value::Decimal(price))), ("updated_at", Set::To(now))]).await?;
    }
    Ok(Outcome::Data(json!({ "affected": prices.len(), "prices": prices })))
}

/// How many different keys were sent.
async fn count(_cx: &mut Context, rows: Selection) -> Result<Outcome> {
    let text = |key: &Raw| if let Raw::Json(Json::String(text)) = key { text.clone() } else { format!("{key:?}") };
    let number = |key: &Raw| if let Raw::Json(Json::Number(number)) = key { Some(number.to_string()) } else { None };
    let keys: HashSet<String> = rows.keys.iter().map(|key| number(key).unwrap_or_else(|| text(key))).collect();
    Ok(Outcome::Data(json!(keys.len())))
}

/// Customers can be switched off.
pub(super) struct CustomerAdmin;

impl ModelAdmin for CustomerAdmin {
    fn actions(&self) -> Vec<Action> {
        vec![Action::batch("deactivate", "", |cx, rows| Box::pin(deactivate(cx, rows)))]
    }
}

async fn deactivate(cx: &mut Context, rows: Selection) -> Result<Outcome> {
    let active = rows.filter(field("is_active").is(true));
    let count = active.update(cx, &[("is_active", Set::To(false.into()))]).await?;
    Ok(Outcome::Data(json!({ "affected": count })))
}
