//! Settings of the table `admin_settings`, as litestar-admin keeps them.

use std::collections::HashMap;

use futures_util::future::BoxFuture;
use serde_json::Value as Json;

use super::{MASK, NewSetting, Setting, SettingsStore};
use crate::audit::{self, Change, Deed, Entry};
use crate::context::{self, Context};
use crate::error::Result;
use crate::model::ModelKey;
use crate::store::statement::{Arg, Cell, Cond, Delete, Expr, Insert, Output, Select, Statement, Update};
use crate::value::Value;

/// The table.
pub const TABLE: &str = "admin_settings";

/// The columns of a setting, in the order in which [`of_row`] takes them.
const COLUMNS: [(&str, Cell); 7] = [
    ("key", Cell::Text),
    ("value", Cell::Json),
    ("description", Cell::Text),
    ("category", Cell::Text),
    ("is_sensitive", Cell::Bool),
    ("created_at", Cell::DateTime),
    ("updated_at", Cell::DateTime),
];

/// What records call settings.
#[must_use]
pub fn model_key() -> ModelKey {
    ModelKey::new("litestar", "AdminSettings")
}

/// Keeps settings in the table `admin_settings` of the site's database, with a record of every change.
#[derive(Debug, Clone, Copy, Default)]
pub struct SettingsTable;

impl SettingsStore for SettingsTable {
    fn all<'a>(&'a self, cx: &'a mut Context, category: Option<&'a str>) -> BoxFuture<'a, Result<Vec<Setting>>> {
        Box::pin(async move {
            let filter = match category {
                // Nothing is called by a NUL, and PostgreSQL would not even take one as a question.
                Some(category) if category.contains('\0') => return Ok(Vec::new()),
                Some(category) => Cond::is(Expr::column("s", "category"), category.into(), Cell::Text),
                None => Cond::True,
            };
            let mut settings = read(cx, filter).await?;
            // Databases have their own orders of letters; this one is the same everywhere.
            settings.sort_by(|one, other| (&one.category, &one.key).cmp(&(&other.category, &other.key)));
            Ok(settings)
        })
    }

    fn categories<'a>(&'a self, cx: &'a mut Context) -> BoxFuture<'a, Result<Vec<String>>> {
        Box::pin(async move {
            let category = Expr::column("s", "category");
            let output = Output { expr: category.clone(), cell: Cell::Text };
            let select = Select { outputs: vec![output], group: vec![category], ..Select::from(TABLE, "s") };
            let rows = cx.run_one(Statement::Select(select)).await?.rows;
            let mut names: Vec<String> =
                rows.iter().filter_map(|row| row.first()?.as_text().map(str::to_owned)).collect();
            names.sort();
            Ok(names)
        })
    }

    fn find<'a>(&'a self, cx: &'a mut Context, keys: &'a [String]) -> BoxFuture<'a, Result<Vec<Setting>>> {
        Box::pin(async move {
            let keys = keys.iter().filter(|key| !key.contains('\0'));
            let keys: Vec<Arg> = keys.map(|key| Arg { value: key.as_str().into(), cell: Cell::Text }).collect();
            read(cx, Cond::In(Expr::column("s", "key"), keys)).await
        })
    }

    fn set<'a>(&'a self, cx: &'a mut Context, settings: Vec<NewSetting>) -> BoxFuture<'a, Result<Vec<Setting>>> {
        Box::pin(async move {
            let keys: Vec<String> = settings.iter().map(|setting| setting.key.clone()).collect();
            let known = self.find(cx, &keys).await?.into_iter().map(|setting| (setting.key.clone(), setting));
            let mut known: HashMap<String, Setting> = known.collect();
            let (mut statements, mut entries, mut all) = (Vec::new(), Vec::new(), Vec::new());
            for new in settings {
                let before = known.remove(&new.key);
                let after = merged(new, before.as_ref());
                statements.push(if before.is_some() { updated(&after) } else { inserted(&after) });
                entries.push(entry(&after.key, deed(before.as_ref(), &after)));
                all.push(after);
            }
            cx.run(statements).await?;
            audit::record(cx, &entries).await?;
            Ok(all)
        })
    }

    fn remove<'a>(&'a self, cx: &'a mut Context, key: &'a str) -> BoxFuture<'a, Result<bool>> {
        Box::pin(async move {
            if key.contains('\0') {
                return Ok(false);
            }
            let delete = Delete { table: TABLE.to_owned(), filter: is(key) };
            let gone = cx.run_one(Statement::Delete(delete)).await?.touched > 0;
            if gone {
                audit::record(cx, &[entry(key, Deed::Deleted)]).await?;
            }
            Ok(gone)
        })
    }
}

async fn read(cx: &mut Context, filter: Cond) -> Result<Vec<Setting>> {
    let output = |(column, cell): &(&str, Cell)| Output { expr: Expr::column("s", column), cell: *cell };
    let outputs = COLUMNS.iter().map(output).collect();
    let select = Select { outputs, filter, lock: cx.writes(), ..Select::from(TABLE, "s") };
    let answer = cx.run_one(Statement::Select(select)).await?;
    Ok(answer.rows.iter().map(|row| of_row(row)).collect())
}

fn of_row(row: &[Value]) -> Setting {
    let text = |at: usize| row.get(at).and_then(Value::as_text).map(str::to_owned);
    let moment = |at: usize| match row.get(at) {
        Some(Value::DateTime(moment)) => Some(*moment),
        _ => None,
    };
    let value = match row.get(1) {
        Some(Value::Json(value)) => value.clone(),
        _ => Json::Null,
    };
    Setting {
        key: text(0).unwrap_or_default(),
        value,
        description: text(2),
        category: text(3).unwrap_or_default(),
        sensitive: row.get(4) == Some(&Value::Bool(true)),
        created_at: moment(5),
        updated_at: moment(6),
    }
}

/// A setting as it will be.
fn merged(new: NewSetting, before: Option<&Setting>) -> Setting {
    let now = Some(context::now());
    let Some(before) = before else {
        let NewSetting { key, value, description, category, sensitive } = new;
        return Setting { key, value, description, category, sensitive, created_at: now, updated_at: now };
    };
    let kept = before.sensitive && new.value == MASK;
    Setting {
        value: if kept { before.value.clone() } else { new.value },
        description: new.description.or_else(|| before.description.clone()),
        updated_at: now,
        ..before.clone()
    }
}

fn is(key: &str) -> Cond {
    Cond::is(Expr::column("", "key"), key.into(), Cell::Text)
}

fn optional(text: Option<&str>) -> Value {
    text.map_or(Value::Null, Value::from)
}

fn stored(value: &Json) -> Value {
    if value.is_null() { Value::Null } else { Value::Json(value.clone()) }
}

fn inserted(setting: &Setting) -> Statement {
    let moment = |moment: Option<jiff::Timestamp>| moment.map_or(Value::Null, Value::DateTime);
    let values = [
        setting.key.as_str().into(),
        stored(&setting.value),
        optional(setting.description.as_deref()),
        setting.category.as_str().into(),
        Value::Bool(setting.sensitive),
        moment(setting.created_at),
        moment(setting.updated_at),
    ];
    let columns = COLUMNS.iter().zip(values);
    let values = columns.map(|((column, cell), value)| ((*column).to_owned(), Arg { value, cell: *cell })).collect();
    Statement::Insert(Insert { table: TABLE.to_owned(), values, ..Insert::default() })
}

fn updated(setting: &Setting) -> Statement {
    let moment = setting.updated_at.map_or(Value::Null, Value::DateTime);
    let set = vec![
        ("value".to_owned(), Expr::arg(stored(&setting.value), Cell::Json)),
        ("description".to_owned(), Expr::arg(optional(setting.description.as_deref()), Cell::Text)),
        ("updated_at".to_owned(), Expr::arg(moment, Cell::DateTime)),
    ];
    Statement::Update(Update { table: TABLE.to_owned(), set, filter: is(&setting.key) })
}

fn entry(key: &str, deed: Deed) -> Entry {
    Entry { model: model_key(), key: Some(key.into()), label: key.to_owned(), deed, within: None }
}

/// What was done, as it may be told.
fn deed(before: Option<&Setting>, after: &Setting) -> Deed {
    let Some(before) = before else { return Deed::Added };
    let value = |setting: &Setting| Value::Json(setting.told());
    let description = |setting: &Setting| optional(setting.description.as_deref());
    let mut changes = Vec::new();
    if before.value != after.value {
        changes.push(Change { field: "value".to_owned(), before: value(before), after: value(after) });
    }
    if before.description != after.description {
        let (before, after) = (description(before), description(after));
        changes.push(Change { field: "description".to_owned(), before, after });
    }
    Deed::Changed(changes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn new(value: Json) -> NewSetting {
        let category = "auth".to_owned();
        NewSetting { key: "smtp".to_owned(), value, description: None, category, sensitive: false }
    }

    #[test]
    fn what_is_there_keeps_its_category_and_its_secret() {
        let first = Setting { sensitive: true, ..merged(new(json!("s3")), None) };
        let second = merged(NewSetting { category: "display".to_owned(), ..new(json!(MASK)) }, Some(&first));
        assert_eq!((second.value, second.category.as_str(), second.sensitive), (json!("s3"), "auth", true));
        let third = merged(new(json!("s4")), Some(&first));
        assert_eq!((&third.value, third.told()), (&json!("s4"), json!(MASK)));
        assert_eq!(merged(new(json!(MASK)), None).value, json!(MASK));
    }

    #[test]
    fn records_and_logs_never_tell_a_secret() {
        let first = Setting { sensitive: true, ..merged(new(json!("s3")), None) };
        let second = merged(new(json!("s4")), Some(&first));
        let masked = Value::Json(json!(MASK));
        let change = Change { field: "value".to_owned(), before: masked.clone(), after: masked };
        assert_eq!(deed(Some(&first), &second), Deed::Changed(vec![change]));
        assert!(!format!("{first:?}").contains("s3"));
    }
}
