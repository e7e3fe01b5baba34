//! A small world for tests: models with their tables in memory, people, and a ledger that anybody can read.

use std::collections::HashSet;
use std::fmt::Write as _;
use std::sync::Arc;

use factotum_engine::audit::{Deed, Entry, Ledger};
use factotum_engine::context::{Context, Origin};
use factotum_engine::model::{FieldKind, Schema};
use factotum_engine::principal::{Accounts, SessionState};
use factotum_engine::site::Builder;
use factotum_engine::store::statement::{Arg, Insert};
use factotum_engine::store::{Cell, Sqlite, Store};
use factotum_engine::{Error, Model, ModelKey, Principal, Raw, Result, Site, Value};
use futures_util::future::BoxFuture;

/// A site with its database.
pub(crate) struct World {
    pub(crate) site: Site,
}

impl World {
    /// Tables for the models of a site, and the site on them.
    pub(crate) async fn new(build: impl FnOnce(Builder) -> Builder) -> World {
        let store = Sqlite::in_memory().unwrap();
        let builder = Site::builder(store.clone(), Arc::new(Nowhere)).ledger(Arc::new(Diary));
        let site = build(builder).build().unwrap();
        let mut script =
            "CREATE TABLE diary (id integer PRIMARY KEY, model text, key text, label text, deed text);".to_owned();
        for model in site.schema().models() {
            script.push_str(&table(site.schema(), model));
        }
        store.script(&script).await.unwrap();
        World { site }
    }

    /// A transaction of somebody who may do everything.
    pub(crate) async fn write(&self) -> Context {
        self.site.write(root(), Origin::default()).await.unwrap()
    }

    /// A transaction of somebody with a few permissions.
    pub(crate) async fn write_as(&self, permissions: &[&str]) -> Context {
        self.site.write(clerk(permissions), Origin::default()).await.unwrap()
    }

    pub(crate) async fn script(&self, sql: &str) {
        self.site.store().script(sql).await.unwrap();
    }

    /// What a question says, rows as texts.
    pub(crate) async fn ask(&self, sql: &str) -> Vec<String> {
        let sql: &'static str = Box::leak(sql.to_owned().into_boxed_str());
        let rows = self.site.store().catalogue(sql, Vec::new()).await.unwrap();
        let text = |row: Vec<Value>| row.iter().map(Value::to_string).collect::<Vec<_>>().join(" ");
        rows.into_iter().map(text).collect()
    }

    /// The records so far.
    pub(crate) async fn diary(&self) -> Vec<String> {
        self.ask("SELECT model, key, label, deed FROM diary ORDER BY id").await
    }
}

pub(crate) fn key(name: &str) -> ModelKey {
    ModelKey::new("t", name)
}

pub(crate) fn text(text: &str) -> Raw {
    Raw::Text(text.to_owned())
}

pub(crate) fn root() -> Arc<Principal> {
    Arc::new(Principal {
        id: Value::Int(1),
        username: "root".into(),
        active: true,
        staff: true,
        superuser: true,
        ..Principal::anonymous()
    })
}

pub(crate) fn clerk(permissions: &[&str]) -> Arc<Principal> {
    let permissions: HashSet<String> = permissions.iter().map(|&name| name.to_owned()).collect();
    Arc::new(Principal { superuser: false, permissions, ..(*root()).clone() })
}

fn table(schema: &Schema, model: &Model) -> String {
    let column = |field: &factotum_engine::Field| {
        let mut column = format!("\"{}\" ", field.column);
        match &field.kind {
            FieldKind::Auto(_) => column.push_str("integer PRIMARY KEY AUTOINCREMENT"),
            FieldKind::One { to, .. } => {
                let to = schema.model(to).unwrap();
                let kind = if to.key_field().is_text() { "text" } else { "integer" };
                let references = format!("REFERENCES \"{}\" DEFERRABLE INITIALLY DEFERRED", to.table);
                write!(column, "{kind} {references}").unwrap();
            }
            FieldKind::Int { .. } => column.push_str("integer"),
            _ if field.name == model.primary_key => column.push_str("text PRIMARY KEY"),
            _ => column.push_str("text"),
        }
        if !field.null && !field.is_auto() {
            column.push_str(" NOT NULL");
        }
        if field.unique && field.name != model.primary_key {
            column.push_str(" UNIQUE");
        }
        column
    };
    let columns: Vec<String> = model.columns().map(column).collect();
    format!("CREATE TABLE \"{}\" ({});", model.table, columns.join(", "))
}

/// Records in a table of their own.
struct Diary;

impl Ledger for Diary {
    fn rows(&self, _: &Context, entry: &Entry) -> Vec<Insert> {
        let changes = |changes: &[factotum_engine::audit::Change]| {
            let one = |change: &factotum_engine::audit::Change| {
                format!("{}:{}>{}", change.field, change.before, change.after)
            };
            changes.iter().map(one).collect::<Vec<_>>().join(",")
        };
        let deed = match &entry.deed {
            Deed::Added => "added".to_owned(),
            Deed::Deleted => "deleted".to_owned(),
            Deed::Changed(changed) => format!("changed {}", changes(changed)),
            Deed::BulkChanged { keys, rows, changes: to, each } => {
                let each: Vec<String> =
                    each.iter().map(|(key, changed)| format!("{key}({})", changes(changed))).collect();
                format!("bulk changed {rows} of {}: {}; {}", keys.join("+"), changes(to), each.join(" "))
            }
            Deed::BulkDeleted { keys, rows } => format!("bulk deleted {rows} of {}", keys.join("+")),
            Deed::Ran { action, rows } => format!("ran {action} on {rows}"),
        };
        let key = entry.key.as_ref().map_or_else(String::new, Value::to_string);
        let values = [("model", entry.model.to_string()), ("key", key), ("label", entry.label.clone()), ("deed", deed)];
        let value = |(column, text): (&str, String)| (column.to_owned(), Arg { value: text.into(), cell: Cell::Text });
        let values = values.into_iter().map(value).collect();
        vec![Insert { table: "diary".into(), values, returning: None, or_ignore: false }]
    }
}

/// Accounts of a world without accounts: the tests bring their people.
struct Nowhere;

impl Accounts for Nowhere {
    fn check<'a>(&'a self, _: &'a str, _: &'a str) -> BoxFuture<'a, Result<Arc<Principal>>> {
        Box::pin(async { Err(Error::BadCredentials) })
    }
    fn load<'a>(&'a self, _: &'a Value) -> BoxFuture<'a, Result<Option<Arc<Principal>>>> {
        Box::pin(async { Ok(None) })
    }
    fn read_id(&self, _: &str) -> Option<Value> {
        None
    }
    fn session<'a>(&'a self, _: &'a str) -> BoxFuture<'a, Result<SessionState>> {
        Box::pin(async { Ok(SessionState::Nobody) })
    }
    fn open_session<'a>(&'a self, _: &'a Principal, _: Option<&'a str>) -> BoxFuture<'a, Result<String>> {
        Box::pin(async { Err(Error::BadCredentials) })
    }
    fn end_session<'a>(&'a self, _: &'a str) -> BoxFuture<'a, Result<()>> {
        Box::pin(async { Ok(()) })
    }
}
