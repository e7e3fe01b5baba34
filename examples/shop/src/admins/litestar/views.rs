//! How each of the shop's models is shown, and what the dashboard shows.

use factotum::contract::litestar::{View, Widget, columns};
use serde_json::{Map, Value as Json, json};

/// A view for each model.
pub(super) fn all() -> [(&'static str, View); 10] {
    [
        ("Category", category()),
        ("Tag", View { icon: icon("tag"), category: icon("Catalog"), ..View::default() }),
        ("Supplier", supplier()),
        ("Product", product()),
        ("ProductImage", product_image()),
        ("Customer", customer()),
        ("Order", order()),
        ("OrderLine", order_line()),
        ("Setting", setting()),
        ("ActivityLog", activity_log()),
    ]
}

fn icon(name: &str) -> Option<String> {
    Some(name.to_owned())
}

fn category() -> View {
    View {
        icon: icon("folder"),
        category: icon("Catalog"),
        column_list: Some(columns(&["id", "name", "slug", "position", "parent_id"])),
        column_searchable_list: Some(columns(&["name", "slug"])),
        column_sortable_list: Some(columns(&["id", "name", "position"])),
        column_default_sort: Some(("position".to_owned(), false)),
        form_columns: Some(columns(&["name", "slug", "position", "parent_id"])),
        ..View::default()
    }
}

fn supplier() -> View {
    View {
        icon: icon("truck"),
        category: icon("Catalog"),
        column_exclude_list: columns(&["notes"]),
        column_searchable_list: Some(columns(&["name", "email"])),
        column_default_sort: Some(("name".to_owned(), false)),
        ..View::default()
    }
}

fn product() -> View {
    let listed = [
        "id",
        "name",
        "sku",
        "category_id",
        "price",
        "stock",
        "status",
        "is_featured",
        "released_on",
        "available_from",
        "created_at",
    ];
    let by_column = |name: &str, columns: Vec<String>| (name.to_owned(), columns);
    View {
        icon: icon("package"),
        category: icon("Catalog"),
        column_list: Some(columns(&listed)),
        column_searchable_list: Some(columns(&["name", "sku"])),
        column_sortable_list: Some(columns(&["id", "name", "price", "stock", "created_at"])),
        column_default_sort: Some(("id".to_owned(), false)),
        form_excluded_columns: columns(&["created_at", "updated_at"]),
        form_fieldsets: vec![
            json!({ "title": "Basics", "description": "What it is", "fields": ["name", "sku", "category_id", "status"] }),
            json!({ "title": "Money", "fields": ["price", "cost"], "collapsed": true }),
        ],
        form_widgets: [("description".to_owned(), "richtext".to_owned())].into_iter().collect(),
        rich_text_fields: [by_column("description", columns(&["p", "b", "a"]))].into_iter().collect(),
        relationship_search_fields: [by_column("category_id", columns(&["name", "slug"]))].into_iter().collect(),
        relationship_display_fields: [
            by_column("category_id", columns(&["slug", "position"])),
            by_column("tags", columns(&["id"])),
        ]
        .into_iter()
        .collect(),
        microseconds: columns(&["warranty"]),
        ..View::default()
    }
}

fn product_image() -> View {
    View {
        name: icon("Product Image"),
        icon: icon("image"),
        category: icon("Catalog"),
        can_view_details: Some(false),
        column_sortable_list: Some(columns(&["id", "product_id", "position"])),
        plain_foreign_keys: columns(&["product_id"]),
        ..View::default()
    }
}

fn customer() -> View {
    View {
        icon: icon("users"),
        category: icon("Sales"),
        column_exclude_list: columns(&["api_token"]),
        column_searchable_list: Some(columns(&["email", "first_name", "last_name"])),
        column_default_sort: Some(("last_name".to_owned(), false)),
        form_excluded_columns: columns(&["api_token", "deleted_at", "created_at"]),
        ..View::default()
    }
}

fn order() -> View {
    View {
        icon: icon("shopping-cart"),
        category: icon("Sales"),
        column_list: Some(columns(&["number", "customer_id", "status", "placed_at", "total", "ip"])),
        column_searchable_list: Some(columns(&["number", "note"])),
        column_default_sort: Some(("placed_at".to_owned(), true)),
        form_columns: Some(columns(&["number", "customer_id", "status", "placed_at", "total", "ip", "note"])),
        can_delete: Some(false),
        ..View::default()
    }
}

fn order_line() -> View {
    View {
        name: icon("Order Line"),
        icon: icon("list"),
        category: icon("Sales"),
        relationship_display_fields: [("order".to_owned(), columns(&["placed_at", "total"]))].into_iter().collect(),
        ..View::default()
    }
}

fn setting() -> View {
    View {
        icon: icon("settings"),
        form_columns: Some(columns(&["key", "value"])),
        can_delete: Some(false),
        can_export: Some(false),
        ..View::default()
    }
}

fn activity_log() -> View {
    View {
        name: icon("Activity Log"),
        icon: icon("activity"),
        can_create: Some(false),
        can_edit: Some(false),
        can_delete: Some(false),
        column_sortable_list: Some(columns(&["created_at"])),
        column_default_sort: Some(("created_at".to_owned(), true)),
        ..View::default()
    }
}

pub(super) fn widgets() -> Vec<Widget> {
    let object = |value: Json| if let Json::Object(members) = value { members } else { Map::new() };
    let widget = |id: &str, kind: &str, title: &str, data: Json, config: Json| Widget {
        id: id.to_owned(),
        kind: kind.to_owned(),
        title: title.to_owned(),
        data: object(data),
        config: object(config),
    };
    vec![
        widget(
            "revenue",
            "metric",
            "Revenue",
            json!({ "value": 45000, "change": 8.3 }),
            json!({ "format": "currency", "currency": "EUR" }),
        ),
        widget("orders", "chart", "Orders", json!({ "labels": ["Mon", "Tue"], "values": [4, 7] }), json!({})),
        // Without a type nothing can be drawn: it is not shown.
        widget("broken", "", "No type: silently dropped", json!({}), json!({})),
    ]
}
