//! The shop's models: every field kind, key kind and relation that an admin meets.

use factotum::Value;
use factotum::model::{Check, Field, FieldKind, Initial, Model, ModelKey, OnDelete, Stamp, TextFormat, Width};

/// The name of a model of the shop.
#[must_use]
pub fn key(name: &str) -> ModelKey {
    ModelKey::new("shop", name)
}

/// All models, in the order in which they are declared.
#[must_use]
pub fn all() -> Vec<Model> {
    vec![
        category(),
        tag(),
        supplier(),
        product(),
        product_detail(),
        product_image(),
        customer(),
        order(),
        order_line(),
        setting(),
        activity_log(),
    ]
}

fn category() -> Model {
    Model::new("shop", "Category")
        .named("category", "categories")
        .label("{{ name }}")
        .with(Field::line("name", 80))
        .with(Field::text_of("slug", Some(80), TextFormat::Slug).unique().helped("Used in URLs."))
        .with(Field::one("parent", key("Category"), OnDelete::SetNull).optional().seen_as("children"))
        .with(Field::int("position").initially(0))
        .order_by(&["position", "name"])
}

fn tag() -> Model {
    Model::new("shop", "Tag").label("{{ name }}").with(Field::line("name", 40).unique()).order_by(&["name"])
}

fn supplier() -> Model {
    Model::new("shop", "Supplier")
        .key(Field::new("id", FieldKind::Uuid).initially_by(Initial::NewUuid).fixed())
        .label("{{ name }}")
        .with(Field::line("name", 120))
        .with(Field::text_of("email", Some(254), TextFormat::Email))
        .with(Field::text_of("website", Some(200), TextFormat::Url).blank().initially(""))
        .with(Field::float("rating").optional())
        .with(Field::truth("active").initially(true))
        .with(Field::new("joined", FieldKind::Date))
        .with(Field::new("address", FieldKind::Json).blank().initially(empty_object()))
        .with(Field::long_text("notes").blank().initially(""))
        .order_by(&["name"])
}

fn product() -> Model {
    let states = [("draft", "Draft"), ("published", "Published"), ("archived", "Archived")];
    let supplied = ("shop_product_suppliers", "product_id", "supplier_id");
    let tagged = ("shop_product_tags", "product_id", "tag_id");
    Model::new("shop", "Product")
        .label("{{ name }} ({{ sku }})")
        .with(Field::line("name", 120))
        .with(
            Field::line("sku", 20)
                .titled("SKU")
                .unique()
                .matching(r"^[A-Z]{3}-\d{4,}$", "SKU must look like ABC-0001."),
        )
        .with(Field::one("category", key("Category"), OnDelete::Protect).seen_as("products"))
        .with(Field::decimal("price", 10, 2).checked(Check::Min(Value::Decimal(0.into()))))
        .with(Field::decimal("cost", 10, 2).optional())
        .with(Field::count("stock", Width::Normal).initially(0))
        .with(Field::float("weight").optional())
        .with(Field::line("status", 10).choices(states).initially("draft"))
        .with(Field::truth("is_featured").initially(false))
        .with(Field::new("released_on", FieldKind::Date).optional())
        .with(Field::new("available_from", FieldKind::Time).optional())
        .with(Field::new("warranty", FieldKind::Duration).optional())
        .with(Field::new("attributes", FieldKind::Json).blank().initially(empty_object()))
        .with(Field::long_text("description").blank().initially(""))
        .with(Field::new("manual", FieldKind::File { folder: "manuals/".into(), max: 100, image: false }).blank())
        .with(Field::new("created_at", FieldKind::DateTime).stamped(Stamp::Created))
        .with(Field::new("updated_at", FieldKind::DateTime).stamped(Stamp::Saved))
        .with(Field::many("suppliers", key("Supplier"), supplied.0, supplied.1, supplied.2).blank().seen_as("products"))
        .with(Field::many("tags", key("Tag"), tagged.0, tagged.1, tagged.2).blank().seen_as("products"))
        .order_by(&["name"])
        .unique_together(&["name", "category"])
}

fn product_detail() -> Model {
    Model::new("shop", "ProductDetail")
        .label("Detail of {{ product }}")
        .with(Field::one_to_one("product", key("Product"), OnDelete::Cascade).seen_as("detail"))
        .with(Field::line("barcode", 13).blank().initially(""))
        .with(Field::line("origin", 2).blank().initially(""))
}

fn product_image() -> Model {
    Model::new("shop", "ProductImage")
        .label("{{ caption or 'image #' ~ id }}")
        .with(Field::one("product", key("Product"), OnDelete::Cascade).seen_as("images"))
        .with(Field::text_of("url", Some(200), TextFormat::Url))
        .with(Field::line("caption", 120).blank().initially(""))
        .with(Field::count("position", Width::Small).initially(0))
        .order_by(&["product", "position"])
}

fn customer() -> Model {
    Model::new("shop", "Customer")
        .label("{{ first_name }} {{ last_name }}")
        .with(Field::text_of("email", Some(254), TextFormat::Email).unique())
        .with(Field::line("first_name", 60))
        .with(Field::line("last_name", 60))
        .with(Field::new("birth_date", FieldKind::Date).optional())
        .with(Field::int("tier").choices([(1, "Basic"), (2, "Plus"), (3, "Pro")]).initially(1))
        .with(Field::truth("is_active").initially(true))
        .with(Field::line("api_token", 40).blank().initially(""))
        .with(Field::new("deleted_at", FieldKind::DateTime).optional().fixed())
        .with(Field::new("created_at", FieldKind::DateTime).stamped(Stamp::Created))
        .order_by(&["last_name", "first_name", "id"])
}

fn order() -> Model {
    let states = [("new", "New"), ("paid", "Paid"), ("shipped", "Shipped"), ("cancelled", "Cancelled")];
    Model::new("shop", "Order")
        .key(Field::line("number", 12))
        .label("{{ number }}")
        .with(Field::one("customer", key("Customer"), OnDelete::Cascade).seen_as("orders"))
        .with(Field::line("status", 10).choices(states).initially("new"))
        .with(Field::new("placed_at", FieldKind::DateTime))
        .with(Field::decimal("total", 12, 2).initially(Value::Decimal(0.into())))
        .with(Field::text_of("ip", None, TextFormat::Ip).optional())
        .with(Field::long_text("note").blank().initially(""))
        .order_by(&["-placed_at"])
}

fn order_line() -> Model {
    Model::new("shop", "OrderLine")
        .label("{{ quantity }} x {{ product__pk }}")
        .with(Field::one("order", key("Order"), OnDelete::Cascade).seen_as("lines"))
        .with(Field::one("product", key("Product"), OnDelete::Protect).seen_as("order_lines"))
        .with(Field::count("quantity", Width::Small).initially(1).checked(Check::Min(Value::Int(1))))
        .with(Field::decimal("unit_price", 10, 2))
        .order_by(&["id"])
        .unique_together(&["order", "product"])
}

fn setting() -> Model {
    Model::new("shop", "Setting")
        .key(Field::line("key", 40))
        .label("{{ key }}")
        .with(Field::new("value", FieldKind::Json).optional())
        .order_by(&["key"])
}

fn activity_log() -> Model {
    Model::new("shop", "ActivityLog")
        .label("{{ message }}")
        .with(Field::line("message", 200))
        .with(
            Field::line("level", 10)
                .choices([("info", "info"), ("warn", "warn"), ("error", "error")])
                .initially("info"),
        )
        .with(Field::new("created_at", FieldKind::DateTime).stamped(Stamp::Created))
        .order_by(&["-created_at", "-id"])
}

fn empty_object() -> Value {
    Value::Json(serde_json::json!({}))
}
