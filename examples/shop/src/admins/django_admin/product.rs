//! Products: computed columns, filters in code, panels, pages of somebody else's, and actions of every kind.

use std::cmp::Ordering;

use bigdecimal::{BigDecimal, ToPrimitive};
use factotum::admin::options::{names, owned};
use factotum::admin::{Action, Column, Direction, Inline, ListFilter, ModelAdmin, Options, Panel, View};
use factotum::model::Order;
use factotum::query::{Filter, field};
use factotum::{Context, Principal, Resource, Result, Row, Value, Verb};
use serde_json::{Value as Json, json};

use super::{actions, plain, set};
use crate::models::key;

pub(super) struct ProductAdmin;

impl ModelAdmin for ProductAdmin {
    fn options(&self) -> Options {
        Options {
            list_display_links: names(&["name", "sku"]),
            list_editable: owned(&["price", "status", "is_featured"]),
            list_filter: names(&[
                "status",
                "is_featured",
                "category",
                "category__parent",
                "released_on",
                "stock_level",
                "archived",
                "tags",
                "description",
            ]),
            search_fields: names(&["name", "^sku", "=status", "category__name", "tags__name"]),
            search_help_text: "Name, SKU prefix, exact status, category or tag".to_owned(),
            sortable_by: names(&["name", "sku", "price", "stock", "released_on"]),
            ordering: Some(vec![Order::parse("sku")]),
            list_per_page: Some(20),
            list_max_show_all: Some(100),
            date_hierarchy: Some("released_on".to_owned()),
            readonly_fields: owned(&["margin", "badge", "created_at", "updated_at"]),
            autocomplete_fields: owned(&["category"]),
            radio_fields: vec![("status".to_owned(), Direction::Horizontal)],
            filter_horizontal: owned(&["tags"]),
            filter_vertical: owned(&["suppliers"]),
            inlines: vec![images()],
            views: vec![view("stock_report", "stock-report/"), view("label", "<object_id>/label/")],
            ..form()
        }
    }

    fn columns(&self) -> Vec<Column> {
        vec![
            Column::of_row("margin", "margin (%)", margin).ordered_by("price").needing(&["price", "cost"]),
            Column::of_row("in_stock", "in stock?", |row| Value::Bool(row.get("stock").as_int() != Some(0)))
                .boolean()
                .needing(&["stock"]),
            Column::of_row("badge", "badge", badge).markup().needing(&["is_featured", "status", "name"]),
        ]
    }

    fn filters(&self) -> Vec<ListFilter> {
        let levels = [("out", "Out of stock"), ("low", "Below 50"), ("ok", "50 or more")];
        let archived = [("no", "Hide archived"), ("yes", "Only archived"), ("all", "Everything")];
        vec![
            ListFilter::new("stock_level", "stock level", &levels, stock_level),
            ListFilter::new("archived", "archived", &archived, is_archived).initially("all"),
        ]
    }

    fn actions(&self) -> Vec<Action> {
        vec![
            Action::batch("publish", "Publish selected products", |cx, rows| Box::pin(actions::publish(cx, rows)))
                .for_any(&["publish"]),
            Action::batch("archive", "Archive selected products", |cx, rows| Box::pin(actions::archive(cx, rows)))
                .for_any(&["change"]),
            Action::batch("reprice", "Reprice (always refused)", |cx, rows| Box::pin(actions::reprice(cx, rows)))
                .for_everybody(),
            Action::batch("send_to_print", "Send labels to the printer", |cx, rows| {
                Box::pin(actions::send_to_print(cx, rows))
            })
            .for_everybody(),
            Action::batch("restock", "Restock to 100", |cx, rows| Box::pin(actions::restock(cx, rows)))
                .for_everybody()
                .of_one(),
            Action::batch("clone", "Clone as draft", |cx, rows| Box::pin(actions::clone(cx, rows)))
                .for_everybody()
                .of_one(),
        ]
    }

    fn grants(&self, who: &Principal, word: &str, resource: &Resource) -> bool {
        match Verb::ALL.into_iter().find(|verb| verb.name() == word) {
            Some(verb) => self.allows(who, verb, resource, None),
            None => word == "publish" && who.superuser,
        }
    }

    fn panels(&self) -> Vec<Panel> {
        vec![Panel::new("stock", |cx, row| Box::pin(stock(cx, row)))]
    }

    fn view_on_site(&self, row: &Row) -> Option<String> {
        Some(format!("https://shop.example/p/{}", row.get("sku")))
    }
}

fn form() -> Options {
    let details: [&[&str]; 7] = [
        &["weight"],
        &["released_on"],
        &["available_from"],
        &["warranty"],
        &["attributes"],
        &["description"],
        &["manual"],
    ];
    let columns = [
        "name",
        "sku",
        "category",
        "price",
        "margin",
        "stock",
        "in_stock",
        "badge",
        "status",
        "is_featured",
        "released_on",
    ];
    Options {
        fieldsets: Some(vec![
            set(None, &[&["name", "sku"], &["category"], &["status"], &["is_featured"]], &[], None),
            set(Some("Money"), &[&["price", "cost"], &["margin"], &["stock"]], &[], Some("All prices in <b>euro</b>.")),
            set(Some("Relations"), &[&["tags"], &["suppliers"]], &["wide"], None),
            set(Some("Details"), &details, &["collapse"], None),
            set(Some("Record"), &[&["badge"], &["created_at"], &["updated_at"]], &[], None),
        ]),
        ..plain(&columns)
    }
}

fn images() -> Inline {
    let host = |row: &Row| match row.get("url").as_text().unwrap_or_default().split('/').nth(2) {
        Some(host) => Value::Text(host.to_owned()),
        None => "-".into(),
    };
    Inline {
        fields: names(&["url", "caption", "position", "host"]),
        readonly_fields: owned(&["host"]),
        extra: Some(1),
        max_num: Some(4),
        columns: vec![Column::of_row("host", "image host", host)],
        ..Inline::new(key("ProductImage"), "product")
    }
}

fn view(name: &str, path: &str) -> View {
    View { name: format!("shop_product_{name}"), label: String::new(), path: path.to_owned() }
}

/// What is earned of a price, in per cent to a tenth; nothing where cost or price is none.
fn margin(row: &Row) -> Value {
    let (Some(price), Some(cost)) = (cents(row.get("price")), cents(row.get("cost"))) else { return Value::Null };
    if price == 0 || cost == 0 {
        return Value::Null;
    }
    Value::Decimal(BigDecimal::new(divided((price - cost) * 1_000, price).into(), 1))
}

/// An amount of money in its smallest coin.
fn cents(amount: &Value) -> Option<i128> {
    let Value::Decimal(amount) = amount else { return None };
    amount.with_scale(2).into_bigint_and_scale().0.to_i128()
}

/// The whole number next to a fraction, of two that are as near the even one.
fn divided(number: i128, by: i128) -> i128 {
    let (number, by) = (number * by.signum(), by.abs());
    let (below, rest) = (number.div_euclid(by), number.rem_euclid(by));
    match (2 * rest).cmp(&by) {
        Ordering::Less => below,
        Ordering::Equal => below + (below & 1),
        Ordering::Greater => below + 1,
    }
}

fn badge(row: &Row) -> Value {
    if *row.get("is_featured") != Value::Bool(true) {
        return Value::Null;
    }
    let (status, name) = (escaped(&row.get("status").to_string()), escaped(&row.get("name").to_string()));
    Value::Text(format!("<span class=\"badge {status}\">{name}</span>"))
}

fn escaped(text: &str) -> String {
    let text = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    text.replace('"', "&quot;").replace('\'', "&#x27;")
}

fn stock_level(value: &str) -> Filter {
    match value {
        "out" => field("stock").is(0),
        "low" => field("stock").more_than(0).and(field("stock").less_than(50)),
        "ok" => field("stock").more_than(49),
        _ => Filter::All,
    }
}

fn is_archived(value: &str) -> Filter {
    match value {
        "no" => Filter::Not(Box::new(field("status").is("archived"))),
        "yes" => field("status").is("archived"),
        _ => Filter::All,
    }
}

async fn stock(_cx: &mut Context, row: &Row) -> Result<Json> {
    let stock = row.get("stock").as_int().unwrap_or_default();
    let value = match row.get("cost") {
        Value::Decimal(cost) => cost * decimal(stock),
        _ => decimal(0),
    };
    Ok(json!({ "stock": stock, "value": value.to_plain_string(), "low": stock < 50 }))
}

fn decimal(number: i64) -> BigDecimal {
    number.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halves_go_to_the_even_neighbour() {
        let cases = [(5, 2, 2), (7, 2, 4), (-5, 2, -2), (-7, 2, -4), (8, 3, 3), (7, 3, 2), (5, -2, -2)];
        for (number, by, expected) in cases {
            assert_eq!(divided(number, by), expected, "{number} / {by}");
        }
    }
}
