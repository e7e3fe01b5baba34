//! The audit log as this contract keeps it: the table `admin_audit_log`.

mod kept;

use std::sync::{Arc, OnceLock};

use factotum_engine::audit::{Change, Deed, Entry, Ledger, RowChange};
use factotum_engine::context::Named;
use factotum_engine::model::{FieldKind, Order};
use factotum_engine::query::{Filter, Query, Window, field};
use factotum_engine::store::Dialect;
use factotum_engine::store::statement::{Arg, Cell, Insert};
use factotum_engine::{Context, Field, Model, ModelKey, Row, Value, context, ops};
use indexmap::IndexMap;
use serde_json::{Map, Value as Json, json};
use uuid::Uuid;

use super::Call;
use super::catalogue::identity_of;
use super::response::{Print, document};
use super::view::View;

/// The table.
pub(super) const TABLE: &str = "admin_audit_log";
/// Widths of the table's columns.
const NAME_WIDTH: u32 = 255;
const ACTION_WIDTH: u32 = 50;
/// What stands for the model of an entry that has none.
const SYSTEM: &str = "System";

/// Keeps records in the audit table, whichever contract writes: by the names that this one has for models.
///
/// ```
/// use std::sync::Arc;
/// use factotum::contract::litestar::LitestarLog;
/// # fn with(builder: factotum::site::Builder) -> factotum::site::Builder {
/// builder.ledger(Arc::new(LitestarLog::default()))
/// # }
/// ```
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

impl Line {
    fn of(action: &'static str, key: Option<String>) -> Line {
        Line { action, key, changes: None, metadata: None }
    }

    fn told(self, metadata: Json) -> Line {
        Line { metadata: Some(metadata), ..self }
    }
}

impl Ledger for LitestarLog {
    fn rows(&self, cx: &Context, entry: &Entry) -> Vec<Insert> {
        if let Some((name, line)) = kept::line(cx, entry) {
            return vec![insert(cx, Some(name), line)];
        }
        let written = written(cx, entry);
        let name = written.map(|named| named.model.clone());
        let name = name.unwrap_or_else(|| identity_of(&entry.model, self.views.get(&entry.model)));
        // What this contract does to several rows is told of no model, as the original tells nothing of it at all.
        if written.is_some_and(|named| named.key.is_none())
            && let Some(line) = of_several(&name, entry)
        {
            return vec![insert(cx, None, line)];
        }
        self.lines(cx, entry).into_iter().map(|line| insert(cx, Some(&name), line)).collect()
    }
}

/// The names that the request has for what an entry is about; a hook may have written to another model.
fn written<'c>(cx: &'c Context, entry: &Entry) -> Option<&'c Named> {
    cx.origin().named.as_ref().filter(|named| named.of == entry.model)
}

/// What was done to several rows at once by this contract.
fn of_several(model: &str, entry: &Entry) -> Option<Line> {
    let key = || entry.key.as_ref().map(ToString::to_string);
    match &entry.deed {
        Deed::BulkDeleted { each, .. } => {
            let keys: Vec<String> = each.iter().map(|(key, _)| key.to_string()).collect();
            let told = json!({ "model": model, "ids": keys, "soft_delete": false });
            Some(Line::of("bulk_delete", None).told(told))
        }
        Deed::Retired(_) => {
            let told = json!({ "model": model, "ids": [key()], "soft_delete": true });
            Some(Line::of("bulk_delete", None).told(told))
        }
        Deed::Ran { action, rows } => {
            let told = json!({ "model": model, "action": action, "rows": rows });
            Some(Line::of("bulk_action", None).told(told))
        }
        Deed::Added
        | Deed::Changed(_)
        | Deed::Deleted
        | Deed::BulkChanged { .. }
        | Deed::PasswordSet
        | Deed::ResetAsked
        | Deed::Reset
        | Deed::Switched { .. } => None,
    }
}

impl LitestarLog {
    /// The rows that keep an entry: one for each row that was written to.
    fn lines(&self, cx: &Context, entry: &Entry) -> Vec<Line> {
        let key = entry.key.as_ref().map(ToString::to_string);
        let as_written = written(cx, entry).and_then(|named| named.key.clone()).or_else(|| key.clone());
        let softly = |softly: bool| json!({ "soft_delete": softly });
        match &entry.deed {
            Deed::Added => vec![Line::of("create", key)],
            Deed::Changed(changes) => {
                vec![Line { changes: self.changes(cx, entry, changes), ..Line::of("update", as_written) }]
            }
            Deed::Deleted => vec![Line::of("delete", as_written).told(softly(false))],
            Deed::Retired(_) => vec![Line::of("delete", as_written).told(softly(true))],
            Deed::PasswordSet => vec![Line::of("password_change", as_written)],
            Deed::ResetAsked => vec![Line::of("password_reset_request", key)],
            Deed::Reset => vec![Line::of("password_reset_complete", key)],
            Deed::Switched { .. } => vec![Line::of("update", as_written)],
            Deed::BulkChanged { each, .. } => {
                let line = |row: &RowChange| Line {
                    changes: self.changes(cx, entry, &row.changes),
                    ..Line::of("update", Some(row.key.to_string()))
                };
                each.iter().map(line).collect()
            }
            Deed::BulkDeleted { each, .. } => {
                let line = |(key, _): &(Value, String)| Line::of("delete", Some(key.to_string())).told(softly(false));
                each.iter().map(line).collect()
            }
            Deed::Ran { action, rows } => {
                vec![Line::of("bulk_action", None).told(json!({ "action": action, "rows": rows }))]
            }
        }
    }

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

/// The log as a model, for reading.
fn model() -> &'static Arc<Model> {
    static MODEL: OnceLock<Arc<Model>> = OnceLock::new();
    MODEL.get_or_init(|| {
        let text = |name: &str| Field::line(name, NAME_WIDTH).optional();
        let model = Model::new("litestar", "AuditLog")
            .table(TABLE)
            .key(Field::line("id", 36))
            .with(Field::new("timestamp", FieldKind::DateTime))
            .with(Field::line("action", ACTION_WIDTH))
            .with(text("actor_email"))
            .with(text("model_name"))
            .with(text("record_id"))
            .with(Field::new("changes", FieldKind::Json).optional());
        Arc::new(model)
    })
}

/// An entry as the dashboard tells it.
#[derive(Debug)]
pub(super) struct Told(Row, bool);

impl Told {
    /// The entry as JSON.
    pub(super) fn document(&self) -> Json {
        let Told(row, naive) = self;
        let text = |name: &str| row.get(name).as_text().map(str::to_owned);
        let print = if *naive { Print::Plain } else { Print::WithOffset };
        let details =
            if let Value::Json(Json::Object(changes)) = row.get("changes") { changes.clone() } else { Map::new() };
        json!({
            "action": text("action"),
            "model": text("model_name").unwrap_or_else(|| SYSTEM.to_owned()),
            "record_id": text("record_id"),
            "timestamp": document(row.get("timestamp"), print),
            "user": text("actor_email"),
            "details": details,
        })
    }
}

/// The latest entries, newest first, of a model or a row where they are named. Where the log cannot be read there are
/// none.
pub(super) async fn latest(call: &Call, name: Option<&str>, record: Option<&str>, limit: u64) -> Vec<Told> {
    let is = |column: &str, text: Option<&str>| text.map_or(Filter::All, |text| field(column).is(text));
    // No entry holds a NUL, and PostgreSQL would not even take one as a question.
    if [name, record].into_iter().flatten().any(|text| text.contains('\0')) {
        return Vec::new();
    }
    let query = Query {
        filter: is("model_name", name).and(is("record_id", record)),
        order: vec![Order { path: "timestamp".to_owned(), descending: true }],
        window: Window { offset: 0, limit: Some(limit) },
        labels: false,
        ..Query::all(model().key.clone())
    };
    let keeps_zone = call.site.store().dialect() == Dialect::Postgres;
    let naive = call.contract.naive_datetimes || !keeps_zone;
    let read = async { ops::own(&mut call.read().await?, model(), &query).await };
    match read.await {
        Ok(rows) => rows.into_iter().map(|row| Told(row, naive)).collect(),
        Err(error) => {
            tracing::warn!(%error, "the audit log cannot be read");
            Vec::new()
        }
    }
}

fn insert(cx: &Context, model: Option<&str>, line: Line) -> Insert {
    let text = |text: Option<&str>, width: u32| {
        (text.map_or(Value::Null, |text| Value::Text(text.chars().take(width as usize).collect())), Cell::Text)
    };
    let json = |json: Option<Json>| (json.map_or(Value::Null, Value::Json), Cell::Json);
    let (who, origin) = (cx.who(), cx.origin());
    // It begins with the time, so new ones are neighbours in the index.
    let id = Uuid::now_v7().to_string();
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
        ("user_agent", text(origin.agent.as_deref(), u32::MAX)),
    ];
    let values = columns.into_iter().map(|(column, (value, cell))| (column.to_owned(), Arg { value, cell })).collect();
    Insert { table: TABLE.to_owned(), values, ..Insert::default() }
}
