//! How the litestar contract shows the shop: models as that site declares them, a view for each, and its people.

use std::error::Error;
use std::sync::Arc;

use factotum::accounts::admin_users::{AdminUsers, NewAdminUser};
use factotum::accounts::roles;
use factotum::accounts::signing::Keys;
use factotum::contract::litestar::{Litestar, View, Widget, columns};
use factotum::model::{Field, FieldKind, Initial, Model, OnDelete, Stamp, TextFormat};
use factotum::site::Builder;
use factotum::store::Store;
use factotum::store::tables::{self, Part};
use serde_json::{Map, Value as Json, json};

use crate::SECRET_KEY;
use crate::models::{self, key};

/// The key that signs tokens of the reference site. Never use it elsewhere.
pub const TOKEN_KEY: &str = "shop-secret-0123456789-0123456789";

/// The people of the reference site: login, role, name.
const PEOPLE: [(&str, &str, Option<&str>); 4] = [
    ("root", "superadmin", Some("Root User")),
    ("admin", "admin", Some("Ada Admin")),
    ("editor", "editor", Some("Ed Editor")),
    ("viewer", "viewer", None),
];

/// What is stored of the password that all of them have: `correct-horse-9`.
const ENCODED: &str =
    "$argon2id$v=19$m=65536,t=4,p=2$2Hvv/f/fG6PUek/p3RujVA$OrEbPOQ6Y47Zyij73B6b3Yh4Xw0AB+p572c+FdQUczk";

/// Registers the shop's models in the order in which that site lists them.
#[must_use]
pub fn register(site: Builder) -> Builder {
    let site = models::all().into_iter().map(declared).fold(site, Builder::model);
    let order = [
        "Category",
        "Tag",
        "Supplier",
        "Product",
        "ProductImage",
        "Customer",
        "Order",
        "OrderLine",
        "Setting",
        "ActivityLog",
    ];
    order.into_iter().fold(site, |site, name| site.admin(key(name), factotum::admin::Options::default()))
}

/// A model as this site declares it: what its tables hold and no more. No format is asked of a text, only states are
/// fixed sets, nothing is deleted with something else, and times are given only where nobody says one.
fn declared(model: Model) -> Model {
    let name = model.key.name.clone();
    let fields = model.fields.iter().cloned().map(|field| plain(&name, field)).collect();
    Model { fields, unique_together: Vec::new(), ..model }
}

fn plain(model: &str, mut field: Field) -> Field {
    field.checks.clear();
    field.editable = true;
    if field.name != "status" {
        field.choices.clear();
    }
    if field.stamp == Some(Stamp::Created) {
        (field.stamp, field.initial) = (None, Some(Initial::Now));
    }
    match &mut field.kind {
        FieldKind::Text { format, .. } if *format != TextFormat::Long => *format = TextFormat::Line,
        FieldKind::File { max, .. } => field.kind = FieldKind::Text { max: Some(*max), format: TextFormat::Line },
        FieldKind::One { on_delete, .. } => *on_delete = OnDelete::Protect,
        _ => {}
    }
    match (model, field.name.as_str()) {
        ("Order", "ip") => field.kind = FieldKind::Text { max: Some(39), format: TextFormat::Ip },
        ("Product", "manual") => field.initial = Some(Initial::Value("".into())),
        ("Customer", "api_token") => field.secret = true,
        _ => {}
    }
    field
}

/// The settings of the contract, with a view for each model.
#[must_use]
pub fn settings(settings: Litestar) -> Litestar {
    let views = [
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
    ];
    let settings = views.into_iter().fold(settings, |settings, (name, view)| settings.view(key(name), view));
    widgets().into_iter().fold(settings, Litestar::widget)
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

fn widgets() -> Vec<Widget> {
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

/// Makes the tables of this contract, and the people of the reference site where there is nobody yet.
///
/// # Errors
/// What the database says.
pub async fn prepare(store: &Arc<dyn Store>) -> Result<(), Box<dyn Error + Send + Sync>> {
    tables::migrate(store.as_ref(), &Part::LITESTAR).await?;
    let users = AdminUsers::new(store.clone(), Keys::new(SECRET_KEY, Vec::new()));
    if !users.is_empty().await? {
        return Ok(());
    }
    for (at, (login, role, name)) in PEOPLE.into_iter().enumerate() {
        let minute = at + 1;
        let person = NewAdminUser {
            id: Some(format!("00000000-0000-4000-8000-{minute:012}")),
            email: format!("{login}@example.com"),
            encoded: Some(ENCODED.to_owned()),
            name: name.map(str::to_owned),
            roles: vec![role.to_owned()],
            permissions: roles::grants(role).into_iter().map(str::to_owned).collect(),
            superuser: role == roles::SUPERADMIN,
            created_at: Some(format!("2024-01-01T09:{minute:02}:00Z").parse()?),
            ..NewAdminUser::default()
        };
        users.add(&person).await?;
    }
    Ok(())
}
