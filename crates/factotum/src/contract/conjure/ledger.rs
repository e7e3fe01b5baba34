//! The audit log as this contract keeps and shows it: the table `conjure_audit_log`.

use factotum_engine::admin::options::names;
use factotum_engine::admin::{ModelAdmin, Options};
use factotum_engine::audit::{Change, Deed, Entry, Ledger};
use factotum_engine::model::{FieldKind, Label, OnDelete, Order, Stamp, TextFormat};
use factotum_engine::store::statement::{Arg, Cell, Insert};
use factotum_engine::{Context, Field, Model, ModelKey, Value};
use serde_json::{Map, Value as Json};

use super::response::{Printing, document};

/// The table.
const TABLE: &str = "conjure_audit_log";
/// Widths of the table's columns.
const LABEL_WIDTH: usize = 100;
const KEY_WIDTH: usize = 64;
const REPR_WIDTH: usize = 200;
const ACTION_WIDTH: usize = 20;
/// How many keys of a bulk write are named.
const NAMED_KEYS: usize = 50;

/// The name of the audit model.
#[must_use]
pub fn audit_key() -> ModelKey {
    ModelKey::new("conjure", "AdminAuditLog")
}

/// The audit log as a model.
#[must_use]
pub fn audit_model() -> Model {
    let actions = [
        ("create", "create"),
        ("update", "update"),
        ("delete", "delete"),
        ("bulk_update", "bulk update"),
        ("bulk_delete", "bulk delete"),
    ];
    let user = ModelKey::new("auth", "User");
    let mut model = Model::new("conjure", "AdminAuditLog")
        .table(TABLE)
        .named("admin audit log", "admin audit logs")
        .with(Field::one("actor", user, OnDelete::SetNull).optional())
        .with(Field::line("model_label", 100).titled("target model"))
        .with(Field::line("object_pk", 64).titled("target pk"))
        .with(Field::line("object_repr", 200).titled("target repr").blank().initially(""))
        .with(Field::line("action", 20).choices(actions))
        .with(Field::new("diff", FieldKind::Json).titled("changes").optional())
        .with(Field::text_of("ip", None, TextFormat::Ip).titled("IP").optional())
        .with(Field::new("created_at", FieldKind::DateTime).titled("recorded at").stamped(Stamp::Created))
        .order_by(&["-created_at"]);
    model.label = Label::parse(
        "{{ actor or 'None' }} {{ 'bulk update' if action == 'bulk_update' else 'bulk delete' if action == 'bulk_delete' \
         else action }} {{ model_label }}#{{ object_pk }}",
    )
    .expect("the label can be read");
    model
}

/// How the audit log is shown: read only, newest first.
#[derive(Debug, Clone, Copy)]
pub struct AuditAdmin;

impl ModelAdmin for AuditAdmin {
    fn options(&self) -> Options {
        Options {
            list_display: names(&["id", "created_at", "actor", "action", "model_label", "object_pk", "object_repr"]),
            search_fields: names(&["model_label", "object_repr", "object_pk"]),
            list_filter: names(&["action"]),
            ordering: Some(vec![Order::parse("-created_at")]),
            read_only: true,
            ..Options::default()
        }
    }
}

/// Keeps records in the audit table.
#[derive(Debug, Clone, Copy)]
pub struct ConjureLog;

impl Ledger for ConjureLog {
    fn rows(&self, cx: &Context, entry: &Entry) -> Vec<Insert> {
        let (action, key, repr) = told(entry);
        let who = match cx.django_user() {
            Some(Value::Int(id)) => (Value::Int(*id), Cell::Int),
            Some(Value::Uuid(id)) => (Value::Uuid(*id), Cell::Uuid),
            _ => (Value::Null, Cell::Int),
        };
        let text = |text: &str, width: usize| (Value::Text(text.chars().take(width).collect()), Cell::Text);
        let diff = diff(cx, entry).map_or(Value::Null, Value::Json);
        let ip = cx.origin().ip.map_or(Value::Null, |ip| Value::Text(ip.to_string()));
        let columns = [
            ("actor_id", who),
            ("model_label", text(&entry.model.to_string(), LABEL_WIDTH)),
            ("object_pk", text(&key, KEY_WIDTH)),
            ("object_repr", text(&repr, REPR_WIDTH)),
            ("action", text(&action, ACTION_WIDTH)),
            ("diff", (diff, Cell::Json)),
            ("ip", (ip, Cell::Ip)),
            ("created_at", (Value::DateTime(factotum_engine::context::now()), Cell::DateTime)),
        ];
        let values =
            columns.into_iter().map(|(column, (value, cell))| (column.to_owned(), Arg { value, cell })).collect();
        vec![Insert { table: TABLE.to_owned(), values, ..Insert::default() }]
    }

    fn names_django_users(&self) -> bool {
        true
    }
}

/// The words for action, key and name of an entry.
fn told(entry: &Entry) -> (String, String, String) {
    let key = entry.key.as_ref().map(ToString::to_string).unwrap_or_default();
    let first = |keys: &[String]| keys[..keys.len().min(NAMED_KEYS)].join(",");
    match &entry.deed {
        Deed::Added => ("create".to_owned(), key, entry.label.clone()),
        Deed::Changed(_) | Deed::Retired(_) | Deed::PasswordSet | Deed::Reset | Deed::Switched { .. } => {
            ("update".to_owned(), key, entry.label.clone())
        }
        Deed::ResetAsked => ("password_reset_request".to_owned(), key, entry.label.clone()),
        Deed::Deleted => ("delete".to_owned(), key, entry.label.clone()),
        Deed::BulkChanged { keys, rows, .. } => ("bulk_update".to_owned(), first(keys), format!("{rows} updated")),
        Deed::BulkDeleted { keys, rows, .. } => ("bulk_delete".to_owned(), first(keys), format!("{rows} deleted")),
        Deed::Ran { action, rows } => (format!("action:{action}"), String::new(), format!("{rows} rows")),
    }
}

/// What changed, as `{field: [before, after]}`; `None` if nothing did.
fn diff(cx: &Context, entry: &Entry) -> Option<Json> {
    let (Deed::Changed(changes) | Deed::Retired(changes) | Deed::BulkChanged { changes, .. }) = &entry.deed else {
        return None;
    };
    let resource = cx.site().resource(&entry.model).ok()?;
    let base = cx.origin().base.clone().unwrap_or_default();
    let printing = Printing::new(cx.site(), &base);
    let pair = |change: &Change| {
        let field = resource.model.field(&change.field)?;
        let print = |value: &Value| document(field, value, &printing);
        Some((change.field.clone(), Json::Array(vec![print(&change.before), print(&change.after)])))
    };
    let pairs: Map<String, Json> = changes.iter().filter_map(pair).collect();
    (!pairs.is_empty()).then_some(Json::Object(pairs))
}
