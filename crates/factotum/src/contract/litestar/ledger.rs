//! The audit log as this contract keeps it: the table `admin_audit_log`.

use factotum_engine::audit::{Change, Deed, Entry, Ledger};
use factotum_engine::store::statement::{Arg, Cell, Insert};
use factotum_engine::{Context, ModelKey, Value, context};
use indexmap::IndexMap;
use serde_json::{Map, Value as Json, json};
use uuid::Uuid;

use super::catalogue::identity_of;
use super::response::{Print, document};
use super::view::View;

/// The table.
pub(super) const TABLE: &str = "admin_audit_log";
/// Widths of the table's columns.
const NAME_WIDTH: usize = 255;
const ACTION_WIDTH: usize = 50;

/// Keeps records in the audit table, whichever contract writes: by the names that this one has for models.
#[derive(Debug, Clone, Default)]
pub struct LitestarLog {
    views: IndexMap<ModelKey, View>,
}

impl LitestarLog {
    /// A log that knows how models are shown.
    #[must_use]
    pub fn new(views: &IndexMap<ModelKey, View>) -> LitestarLog {
        LitestarLog { views: views.clone() }
    }
}

/// A row of the log, as far as it differs from others of the same write.
struct Line {
    action: &'static str,
    key: Option<String>,
    changes: Option<Json>,
    metadata: Option<Json>,
}

impl Ledger for LitestarLog {
    fn rows(&self, cx: &Context, entry: &Entry) -> Vec<Insert> {
        let key = entry.key.as_ref().map(ToString::to_string);
        let written = cx.origin().named.as_ref();
        let name = written.map(|named| named.model.clone());
        let name = name.unwrap_or_else(|| identity_of(&entry.model, self.views.get(&entry.model)));
        let as_written = written.and_then(|named| named.key.clone()).or_else(|| key.clone());
        let line = |action, key, changes, metadata| Line { action, key, changes, metadata };
        let lines = match &entry.deed {
            Deed::Added => vec![line("create", key, None, None)],
            Deed::Changed(changes) => vec![line("update", as_written, self.changes(cx, entry, changes), None)],
            Deed::Deleted => vec![line("delete", as_written, None, Some(json!({ "soft_delete": false })))],
            Deed::Retired(_) => vec![line("delete", as_written, None, Some(json!({ "soft_delete": true })))],
            Deed::PasswordSet => vec![line("password_change", as_written, None, None)],
            Deed::BulkChanged { each, .. } => {
                let row = |row: &factotum_engine::audit::RowChange| {
                    line("update", Some(row.key.to_string()), self.changes(cx, entry, &row.changes), None)
                };
                each.iter().map(row).collect()
            }
            Deed::BulkDeleted { each, .. } => {
                let row = |(key, _): &(Value, String)| {
                    line("delete", Some(key.to_string()), None, Some(json!({ "soft_delete": false, "bulk": true })))
                };
                each.iter().map(row).collect()
            }
            Deed::Ran { action, rows } => {
                vec![line("bulk_action", None, None, Some(json!({ "action": action, "rows": rows })))]
            }
        };
        lines.into_iter().map(|line| insert(cx, Some(&name), line)).collect()
    }
}

impl LitestarLog {
    /// What changed, as `{column: {old, new}}`; nothing if nothing did.
    fn changes(&self, cx: &Context, entry: &Entry, changes: &[Change]) -> Option<Json> {
        let model = cx.site().schema().model(&entry.model)?;
        let plain = View::default();
        let view = self.views.get(&entry.model).unwrap_or(&plain);
        let pair = |change: &Change| {
            let field = model.field(&change.field).filter(|field| field.is_column())?;
            let print = Print::of(cx.site(), true, view, field);
            let (old, new) = (document(&change.before, print), document(&change.after, print));
            Some((field.column.clone(), json!({ "old": old, "new": new })))
        };
        let pairs: Map<String, Json> = changes.iter().filter_map(pair).collect();
        (!pairs.is_empty()).then_some(Json::Object(pairs))
    }
}

fn insert(cx: &Context, model: Option<&str>, line: Line) -> Insert {
    let text = |text: Option<&str>, width: usize| {
        (text.map_or(Value::Null, |text| Value::Text(text.chars().take(width).collect())), Cell::Text)
    };
    let json = |json: Option<Json>| (json.map_or(Value::Null, Value::Json), Cell::Json);
    let (who, origin) = (cx.who(), cx.origin());
    let id = Uuid::new_v4().to_string();
    let actor = (!who.is_anonymous()).then(|| who.id.to_string());
    let ip = origin.ip.map(|ip| ip.to_string());
    let columns = [
        ("id", text(Some(&id), NAME_WIDTH)),
        ("timestamp", (Value::DateTime(context::now()), Cell::DateTime)),
        ("action", text(Some(line.action), ACTION_WIDTH)),
        ("actor_id", text(actor.as_deref(), NAME_WIDTH)),
        ("actor_email", text(Some(who.email.as_str()).filter(|email| !email.is_empty()), NAME_WIDTH)),
        ("model_name", text(model, NAME_WIDTH)),
        ("record_id", text(line.key.as_deref(), NAME_WIDTH)),
        ("changes", json(line.changes)),
        ("metadata", json(line.metadata)),
        ("ip_address", text(ip.as_deref(), NAME_WIDTH)),
        ("user_agent", text(origin.agent.as_deref(), usize::MAX)),
    ];
    let values = columns.into_iter().map(|(column, (value, cell))| (column.to_owned(), Arg { value, cell })).collect();
    Insert { table: TABLE.to_owned(), values, ..Insert::default() }
}
