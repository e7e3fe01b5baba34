//! How the Conjure contract shows the shop: options where data is enough, hooks where it is not.

use factotum::admin::options::names;
use factotum::admin::{Action, Inline, ModelAdmin, Options, Outcome, Selection};
use factotum::error::{Error, Result};
use factotum::model::Order;
use factotum::ops::Set;
use factotum::query::field;
use factotum::site::Builder;
use factotum::{Context, Value};
use serde_json::json;

use crate::models::{self, key};

/// Registers the shop's models, each with its admin.
#[must_use]
pub fn register(site: Builder) -> Builder {
    let site = models::all().into_iter().fold(site, Builder::model);
    site.admin(key("Category"), category())
        .admin(key("Product"), ProductAdmin)
        .admin(key("ProductImage"), list_filter(&["product__category"]))
        .admin(key("Customer"), customer())
        .admin(key("Order"), OrderAdmin)
        .admin(key("OrderLine"), list_filter(&["order__status", "product"]))
        .admin(key("Supplier"), supplier())
        .admin(key("Setting"), Options { list_display: names(&["key", "value"]), ..Options::default() })
        .admin(key("ActivityLog"), ActivityLogAdmin)
        .admin(key("Tag"), Options::default())
        .admin(key("ProductDetail"), Options::default())
}

fn list_filter(paths: &[&str]) -> Options {
    Options { list_filter: names(paths), ..Options::default() }
}

fn category() -> Options {
    Options {
        list_display: names(&["id", "name", "slug", "parent", "position"]),
        search_fields: names(&["name", "parent__name"]),
        list_filter: names(&["parent", "parent__slug"]),
        autocomplete_search_fields: names(&["name", "slug"]),
        ..Options::default()
    }
}

fn customer() -> Options {
    Options {
        search_fields: names(&["email", "first_name", "last_name"]),
        list_filter: names(&["tier", "is_active"]),
        exclude: vec!["api_token".into()],
        ..Options::default()
    }
}

fn supplier() -> Options {
    Options {
        search_fields: names(&["name", "email"]),
        ordering: Some(vec![Order::parse("-joined")]),
        readonly_fields: vec!["rating".into()],
        exclude: vec!["notes".into()],
        ..Options::default()
    }
}

/// Products: four actions, of which one refuses.
struct ProductAdmin;

impl ModelAdmin for ProductAdmin {
    fn options(&self) -> Options {
        let inline = |model: &str| Inline::new(key(model), "product");
        Options {
            list_display: names(&["id", "name", "sku", "category", "price", "stock", "status", "is_featured"]),
            search_fields: names(&["name", "sku", "category__name"]),
            list_filter: names(&["status", "category", "is_featured", "category__slug", "detail__origin"]),
            ordering: Some(vec![Order::parse("-created_at"), Order::parse("id")]),
            // "margin" is no field: it is listed in the schema and otherwise ignored.
            readonly_fields: vec!["weight".into(), "margin".into()],
            autocomplete_search_fields: names(&["name", "sku"]),
            inlines: vec![inline("ProductImage"), inline("ProductDetail")],
            ..Options::default()
        }
    }

    fn actions(&self) -> Vec<Action> {
        vec![
            Action::batch("publish", "", |cx, rows| Box::pin(publish(cx, rows))),
            Action::batch("archive", "Move to archive", |cx, rows| Box::pin(archive(cx, rows))).destructive(),
            Action::batch("restock", "Add ten to stock", |cx, rows| Box::pin(restock(cx, rows))),
            Action::batch("discount", "", |cx, rows| Box::pin(discount(cx, rows))),
        ]
    }
}

async fn publish(cx: &mut Context, rows: Selection) -> Result<Outcome> {
    rows.update(cx, &[("status", Set::To("published".into()))]).await?;
    Ok(Outcome::Done)
}

async fn archive(cx: &mut Context, rows: Selection) -> Result<Outcome> {
    let count = rows.update(cx, &[("status", Set::To("archived".into()))]).await?;
    Ok(Outcome::Data(json!({ "message": format!("{count} archived"), "by": cx.who().username })))
}

async fn restock(cx: &mut Context, rows: Selection) -> Result<Outcome> {
    let count = rows.update(cx, &[("stock", Set::Plus(Value::Int(10)))]).await?;
    Ok(Outcome::Data(json!({ "updated": count })))
}

async fn discount(cx: &mut Context, rows: Selection) -> Result<Outcome> {
    if rows.filter(field("status").is("archived")).count(cx).await? > 0 {
        return Err(Error::flaw("ids", factotum::model::Flaw::custom("Archived products cannot be discounted.")));
    }
    rows.update(cx, &[("is_featured", Set::To(true.into()))]).await?;
    Ok(Outcome::Done)
}

/// Orders: only what is paid is shipped.
struct OrderAdmin;

impl ModelAdmin for OrderAdmin {
    fn options(&self) -> Options {
        Options {
            list_display: names(&["number", "customer", "status", "placed_at", "total"]),
            search_fields: names(&["number", "customer__email"]),
            list_filter: names(&["status", "customer__tier", "customer__is_active"]),
            inlines: vec![Inline::new(key("OrderLine"), "order")],
            ..Options::default()
        }
    }

    fn actions(&self) -> Vec<Action> {
        vec![Action::batch("ship", "", |cx, rows| Box::pin(ship(cx, rows)))]
    }
}

async fn ship(cx: &mut Context, rows: Selection) -> Result<Outcome> {
    let paid = rows.filter(field("status").is("paid"));
    let count = paid.update(cx, &[("status", Set::To("shipped".into()))]).await?;
    Ok(Outcome::Data(json!({ "message": format!("{count} shipped") })))
}

/// The activity log is read only; its action runs all the same.
struct ActivityLogAdmin;

impl ModelAdmin for ActivityLogAdmin {
    fn options(&self) -> Options {
        Options { list_filter: names(&["level"]), read_only: true, ..Options::default() }
    }

    fn actions(&self) -> Vec<Action> {
        vec![Action::batch("acknowledge", "", |cx, rows| Box::pin(acknowledge(cx, rows)))]
    }
}

async fn acknowledge(cx: &mut Context, rows: Selection) -> Result<Outcome> {
    Ok(Outcome::Data(json!({ "acknowledged": rows.count(cx).await? })))
}
