//! How the contract of Django's admin shows the shop: every option and every hook that it knows.

mod actions;
mod product;

use factotum::accounts::django::admins;
use factotum::admin::options::{names, owned};
use factotum::admin::{
    Action, Column, Fieldset, Inline, InlineKind, Level, Message, ModelAdmin, Options, Outcome, Widget,
};
use factotum::query::{Filter, field};
use factotum::site::Builder;
use factotum::{Principal, Resource, Row, Value, Verb};

use crate::models::{self, key};
use product::ProductAdmin;

/// Registers the shop's models and Django's users and groups, each with its admin.
#[must_use]
pub fn register(site: Builder) -> Builder {
    let site = models::all().into_iter().fold(site, Builder::model);
    admins::register(site.change_shows())
        .admin(key("Category"), CategoryAdmin)
        .admin(key("Tag"), tag())
        .admin(key("Supplier"), SupplierAdmin)
        .admin(key("Product"), ProductAdmin)
        .admin(key("ProductDetail"), product_detail())
        .admin(key("ProductImage"), product_image())
        .admin(key("Customer"), CustomerAdmin)
        .admin(key("Order"), OrderAdmin)
        .admin(key("OrderLine"), order_line())
        .admin(key("Setting"), plain(&["key", "value"]))
        .admin(key("ActivityLog"), ActivityLogAdmin)
}

/// Options of a model of which only the columns are said: nothing is searched or filtered.
fn plain(columns: &[&str]) -> Options {
    Options { list_display: names(columns), search_fields: names(&[]), list_filter: names(&[]), ..Options::default() }
}

fn set(title: Option<&str>, rows: &[&[&str]], classes: &[&str], description: Option<&str>) -> Fieldset {
    Fieldset {
        title: title.map(str::to_owned),
        fields: rows.iter().map(|row| owned(row)).collect(),
        classes: owned(classes),
        description: description.map(str::to_owned),
    }
}

fn success(text: String) -> Outcome {
    Outcome::Said(vec![Message::new(Level::Success, text)])
}

fn info(text: String) -> Outcome {
    Outcome::Said(vec![Message::new(Level::Info, text)])
}

struct CategoryAdmin;

impl ModelAdmin for CategoryAdmin {
    fn options(&self) -> Options {
        let children = Inline {
            fields: names(&["name", "slug", "position"]),
            extra: Some(0),
            max_num: Some(5),
            show_change_link: true,
            ..Inline::new(key("Category"), "parent")
        };
        Options {
            list_display_links: names(&["name", "slug"]),
            list_editable: owned(&["position"]),
            list_filter: names(&["parent"]),
            search_fields: names(&["name", "^slug"]),
            prepopulated_fields: vec![("slug".to_owned(), owned(&["name"]))],
            raw_id_fields: owned(&["parent"]),
            inlines: vec![children],
            save_as: true,
            save_on_top: true,
            ..plain(&["name", "slug", "parent", "position", "product_count"])
        }
    }

    fn columns(&self) -> Vec<Column> {
        vec![Column::count("product_count", "products", key("Product"), "category")]
    }
}

fn tag() -> Options {
    Options {
        list_max_show_all: Some(5),
        search_fields: names(&["name"]),
        search_help_text: "Part of the tag's name".to_owned(),
        ..plain(&["name"])
    }
}

struct SupplierAdmin;

impl ModelAdmin for SupplierAdmin {
    fn options(&self) -> Options {
        Options {
            list_display_links: names(&[]),
            list_editable: owned(&["rating", "active"]),
            // A filter of empty texts is no field that can be filtered by: like `notes` it is left out of the list.
            list_filter: names(&["active", "joined", "notes"]),
            search_fields: names(&["name", "=email"]),
            date_hierarchy: Some("joined".to_owned()),
            empty_value_display: Some("(none)".to_owned()),
            fieldsets: Some(vec![
                set(None, &[&["name", "email"], &["website"]], &[], None),
                set(Some("Standing"), &[&["active"], &["rating"], &["joined"]], &["wide"], None),
                set(Some("More"), &[&["address"], &["notes"]], &["collapse"], Some("Rarely needed.")),
            ]),
            ..plain(&["name", "email", "website", "rating", "active", "joined"])
        }
    }

    fn actions(&self) -> Vec<Action> {
        let activate = "Activate selected %(verbose_name_plural)s";
        vec![
            Action::batch("activate", activate, |cx, rows| Box::pin(actions::activate(cx, rows))).for_everybody(),
            Action::batch("deactivate", "Deactivate selected suppliers", |cx, rows| {
                Box::pin(actions::deactivate(cx, rows))
            })
            .for_any(&["change"]),
        ]
    }
}

fn product_detail() -> Options {
    Options {
        raw_id_fields: owned(&["product"]),
        search_fields: names(&["barcode", "product__name"]),
        ..plain(&["product", "barcode", "origin"])
    }
}

fn product_image() -> Options {
    Options {
        list_filter: names(&["product__category", "product"]),
        autocomplete_fields: owned(&["product"]),
        ..plain(&["__str__", "product", "position"])
    }
}

/// Customers: whoever is no superuser knows of the active ones only.
struct CustomerAdmin;

impl ModelAdmin for CustomerAdmin {
    fn options(&self) -> Options {
        let shown = ["number", "status", "placed_at", "total"];
        let orders = Inline {
            kind: InlineKind::Stacked,
            fields: names(&shown),
            readonly_fields: owned(&shown),
            extra: Some(0),
            max_num: Some(0),
            can_delete: false,
            show_change_link: true,
            verbs: Some(vec![Verb::View]),
            ..Inline::new(key("Order"), "customer")
        };
        Options {
            list_filter: names(&["tier", "is_active", "birth_date"]),
            search_fields: names(&["email", "first_name", "last_name"]),
            exclude: owned(&["api_token"]),
            readonly_fields: owned(&["created_at"]),
            inlines: vec![orders],
            ..plain(&["email", "full_name", "tier", "is_active", "birth_date"])
        }
    }

    fn columns(&self) -> Vec<Column> {
        let name = |row: &Row| Value::Text(format!("{} {}", row.get("first_name"), row.get("last_name")));
        vec![Column::of_row("full_name", "name", name).ordered_by("last_name").needing(&["first_name", "last_name"])]
    }

    fn rows(&self, who: &Principal) -> Filter {
        if who.superuser { Filter::All } else { field("is_active").is(true) }
    }
}

/// Orders: what is shipped stays.
struct OrderAdmin;

impl ModelAdmin for OrderAdmin {
    fn options(&self) -> Options {
        let lines = Inline {
            raw_id_fields: owned(&["product"]),
            min_num: Some(1),
            extra: Some(0),
            ..Inline::new(key("OrderLine"), "order")
        };
        Options {
            formfield_overrides: vec![("DateTimeField".to_owned(), Widget::DateTimeInput)],
            list_filter: names(&["status", "placed_at", "customer", "customer__tier"]),
            search_fields: names(&["number", "customer__email", "note"]),
            date_hierarchy: Some("placed_at".to_owned()),
            list_per_page: Some(50),
            autocomplete_fields: owned(&["customer"]),
            inlines: vec![lines],
            save_as: true,
            save_as_continue: Some(false),
            ..plain(&["number", "customer", "status", "placed_at", "total", "ip"])
        }
    }

    fn allows(&self, who: &Principal, verb: Verb, resource: &Resource, row: Option<&Row>) -> bool {
        let shipped = || row.is_some_and(|row| row.get("status").as_text() == Some("shipped"));
        resource.grants(who, verb) && !(verb == Verb::Delete && shipped())
    }
}

fn order_line() -> Options {
    Options {
        raw_id_fields: owned(&["order", "product"]),
        ..plain(&["id", "order", "product", "quantity", "unit_price"])
    }
}

/// The activity log: nobody writes it, and it is too long to be counted.
struct ActivityLogAdmin;

impl ModelAdmin for ActivityLogAdmin {
    fn options(&self) -> Options {
        Options {
            list_filter: names(&["level", "created_at"]),
            show_full_result_count: Some(false),
            ..plain(&["message", "level", "created_at"])
        }
    }

    fn allows(&self, who: &Principal, verb: Verb, resource: &Resource, _row: Option<&Row>) -> bool {
        verb == Verb::View && resource.grants(who, verb)
    }
}
