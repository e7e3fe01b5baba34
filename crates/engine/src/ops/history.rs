//! What was done to a row, and what somebody did of late: read from the history of Django's admin.

use super::{get, list};
use crate::audit::admin_log::{self, TABLE, TYPES, is_model, key_text};
use crate::context::Context;
use crate::error::Result;
use crate::model::{ModelKey, Record};
use crate::query::Window;
use crate::store::statement::{Cell, ColumnRef, Cond, Expr, Join, Output, Select, Sort, Statement};
use crate::value::{Raw, Value};

/// An entry of the history.
#[derive(Debug, Clone, PartialEq)]
pub struct Logged {
    /// Its number.
    pub id: Value,
    /// When it was written.
    pub at: Value,
    /// Who did it: key and name; nobody if the account is gone.
    pub user: Option<(Value, String)>,
    /// What was done: [`admin_log::ADDED`], [`admin_log::CHANGED`] or [`admin_log::DELETED`]; others write other numbers.
    pub flag: i64,
    /// The application and the lower-case name of the row's model, if Django knows it.
    pub model: Option<(String, String)>,
    /// The row's key as text.
    pub key: Option<String>,
    /// How the row was called.
    pub label: String,
    /// What was said of it: JSON as Django writes it, or any text.
    pub message: String,
}

/// What was done to a row.
#[derive(Debug, Clone)]
pub struct History {
    /// The row.
    pub record: Record,
    /// The entries, newest first.
    pub entries: Vec<Logged>,
    /// How many there are in all.
    pub total: u64,
    /// Which part of them this is.
    pub window: Window,
}

/// A part of what was done to a row, newest first. A part that begins behind the end becomes the last one of its
/// size. Without a history on this site it is empty.
///
/// # Errors
/// As [`super::get`], and what the database says.
pub async fn history(cx: &mut Context, model: &ModelKey, key: &Raw, mut window: Window) -> Result<History> {
    let record = get::get(cx, model, key).await?;
    if !is_kept(cx) {
        return Ok(History { record, entries: Vec::new(), total: 0, window: Window { offset: 0, ..window } });
    }
    let object = Cond::is(Expr::column("l", "object_id"), key_text(record.row.key()).into(), Cell::Text);
    let all = entries(is_model("c", model).and(object));
    let answers = cx.run(vec![Statement::Count(all.clone()), page(&all, window)]).await?;
    let [count, rows] = <[_; 2]>::try_from(answers).unwrap_or_default();
    let total = list::number(&count)?;
    let mut rows = rows.rows;
    if rows.is_empty() && total > 0 {
        let size = window.limit.unwrap_or(total).max(1);
        window.offset = (total - 1) / size * size;
        rows = cx.run_one(page(&all, window)).await?.rows;
    } else if total == 0 {
        window.offset = 0;
    }
    Ok(History { record, entries: rows.into_iter().filter_map(logged).collect(), total, window })
}

/// What who asks did last, over all models, newest first.
///
/// # Errors
/// What the database says.
pub async fn recent(cx: &mut Context, limit: u64) -> Result<Vec<Logged>> {
    let cell = match &cx.who().id {
        Value::Int(_) => Cell::Int,
        Value::Uuid(_) => Cell::Uuid,
        _ => return Ok(Vec::new()),
    };
    if !is_kept(cx) {
        return Ok(Vec::new());
    }
    let all = entries(Cond::is(Expr::column("l", "user_id"), cx.who().id.clone(), cell));
    let rows = cx.run_one(page(&all, Window { offset: 0, limit: Some(limit) })).await?.rows;
    Ok(rows.into_iter().filter_map(logged).collect())
}

/// Whether the site knows the history.
fn is_kept(cx: &Context) -> bool {
    cx.site().schema().model(&admin_log::key()).is_some()
}

/// The entries that a condition lets through, each with its user and its model, newest first.
fn entries(filter: Cond) -> Select {
    const OUTPUTS: [(&str, &str, Cell); 10] = [
        ("l", "id", Cell::Int),
        ("l", "action_time", Cell::DateTime),
        ("l", "action_flag", Cell::Int),
        ("l", "object_id", Cell::Text),
        ("l", "object_repr", Cell::Text),
        ("l", "change_message", Cell::Text),
        ("c", "app_label", Cell::Text),
        ("c", "model", Cell::Text),
        ("u", "id", Cell::Any),
        ("u", "username", Cell::Text),
    ];
    let join = |table: &str, alias: &str, on: &str| Join {
        table: table.to_owned(),
        alias: alias.to_owned(),
        column: "id".to_owned(),
        on: ColumnRef { table: "l".to_owned(), column: on.to_owned() },
    };
    let newest = |column: &str| Sort { expr: Expr::column("l", column), descending: true, nulls_least: false };
    Select {
        joins: vec![join(TYPES, "c", "content_type_id"), join("auth_user", "u", "user_id")],
        outputs: OUTPUTS.map(|(table, column, cell)| Output { expr: Expr::column(table, column), cell }).to_vec(),
        filter,
        order: vec![newest("action_time"), newest("id")],
        ..Select::from(TABLE, "l")
    }
}

fn page(all: &Select, window: Window) -> Statement {
    let farthest = i64::MAX.unsigned_abs();
    Statement::Select(Select { limit: window.limit, offset: window.offset.min(farthest), ..all.clone() })
}

fn logged(row: Vec<Value>) -> Option<Logged> {
    let [id, at, flag, key, label, message, app, model, user, username] = <[Value; 10]>::try_from(row).ok()?;
    let text = |value: Value| if let Value::Text(text) = value { Some(text) } else { None };
    Some(Logged {
        id,
        at,
        user: text(username).filter(|_| !user.is_null()).map(|name| (user, name)),
        flag: flag.as_int().unwrap_or_default(),
        model: text(app).zip(text(model)),
        key: text(key),
        label: text(label).unwrap_or_default(),
        message: text(message).unwrap_or_default(),
    })
}
