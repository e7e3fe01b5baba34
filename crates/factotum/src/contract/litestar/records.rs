//! Rows: listed, looked at, made, changed, deleted.

use factotum_engine::form::Payload;
use factotum_engine::model::{Field, FieldKind};
use factotum_engine::query::{Op, Query, Search, Term, Window, field};
use factotum_engine::{Model, Raw, Row, Value, ops};
use http::StatusCode;
use serde_json::{Map, Value as Json, json};
use uuid::Uuid;

use super::catalogue::Entry;
use super::payload::{Columns, Extent};
use super::request::Asked;
use super::{Call, error, registry, request};
use crate::http::json as text;
use crate::http::{Fault, Reply};

/// Rows on a page, when nobody says.
const USUAL: i64 = 50;
/// The most rows on a page.
const MOST: i64 = 100;

/// `GET models/{model}`
pub(super) async fn list(call: Call) -> Result<Reply, Fault> {
    let mut asked = Asked::of(&call.head);
    let offset = asked.int("offset", 0).max(0);
    let limit = asked.int("limit", USUAL).clamp(1, MOST);
    let (by, descending) = (asked.text("sort_by"), asked.text("sort_order") == Some("desc"));
    let search = asked.text("search").filter(|text| !text.is_empty());
    asked.finish()?;
    let entry = registry::named(&call)?;
    let query = Query {
        search: search.and_then(|text| sought(entry, text)),
        order: entry.order(by, descending),
        nulls_least: true,
        window: Window { offset: offset.unsigned_abs(), limit: Some(limit.unsigned_abs()) },
        count: true,
        fields: Some(entry.listed.fields.clone()),
        labels: false,
        ..Query::all(entry.key.clone())
    };
    let page = ops::list(&mut call.read().await?, query).await?;
    let mut out = Vec::with_capacity(256 * (page.records.len() + 1));
    out.extend_from_slice(b"{\"items\":");
    text::list(&mut out, &page.records, |out, record| entry.listed.write(out, &record.row));
    let total = i64::try_from(page.total.unwrap_or_default()).unwrap_or(i64::MAX);
    for (name, number) in [("total", total), ("offset", offset), ("limit", limit)] {
        out.push(b',');
        text::text(&mut out, name);
        out.push(b':');
        text::int(&mut out, number);
    }
    out.push(b'}');
    Ok(Reply::json(StatusCode::OK, out))
}

/// A search, where there is anything to be searched. No text holds a NUL.
fn sought(entry: &Entry, words: &str) -> Option<Search> {
    (!entry.searched.is_empty()).then(|| Search { fields: entry.searched.clone(), terms: vec![words.to_owned()] })
}

/// `GET models/{model}/{record}`
pub(super) async fn get(call: Call) -> Result<Reply, Fault> {
    let entry = registry::named(&call)?;
    let key = key(&call, entry)?;
    let query = Query {
        filter: field("pk").test(Op::Is, Term::Raw(Raw::Text(key.to_string()))),
        window: Window { offset: 0, limit: Some(1) },
        fields: Some(entry.whole.fields.clone()),
        labels: false,
        ..Query::all(entry.key.clone())
    };
    let page = ops::list(&mut call.read().await?, query).await?;
    let record = page.records.first().ok_or_else(|| missing(&call))?;
    Ok(row(entry, StatusCode::OK, &record.row))
}

/// `POST models/{model}`
pub(super) async fn create(call: Call) -> Result<Reply, Fault> {
    let members = request::members(&call)?;
    let entry = registry::named(&call)?;
    let (payload, flaws) = columns(&call, entry, members, Extent::New)?;
    let mut cx = registry::write_briefly(&call, entry).await?;
    let made = ops::create(&mut cx, &entry.key, payload).await;
    let record = Columns::judge(&call.site, &entry.resource(&call.site)?.model, flaws, made)?;
    cx.commit().await?;
    Ok(row(entry, StatusCode::CREATED, &record.row))
}

/// `PATCH models/{model}/{record}`
pub(super) async fn update(call: Call) -> Result<Reply, Fault> {
    change(&call, Extent::Part).await
}

/// `PUT models/{model}/{record}`
pub(super) async fn replace(call: Call) -> Result<Reply, Fault> {
    change(&call, Extent::Form).await
}

async fn change(call: &Call, extent: Extent) -> Result<Reply, Fault> {
    let members = request::members(call)?;
    let entry = registry::named(call)?;
    let key = Raw::Text(key(call, entry)?.to_string());
    let (payload, flaws) = columns(call, entry, members, extent)?;
    let mut cx = registry::write_briefly(call, entry).await?;
    let changed = ops::update(&mut cx, &entry.key, &key, payload).await;
    let record = Columns::judge(&call.site, &entry.resource(&call.site)?.model, flaws, changed)?;
    cx.commit().await?;
    Ok(row(entry, StatusCode::OK, &record.row))
}

/// The columns that a body names, and what is said against it beside.
fn columns(
    call: &Call,
    entry: &Entry,
    members: Map<String, Json>,
    extent: Extent,
) -> Result<(Payload, Vec<(String, String)>), Fault> {
    let model = &entry.resource(&call.site)?.model;
    let columns = Columns::of(entry, model, members, extent);
    Ok((columns.payload, columns.flaws))
}

/// A whole row as the reply.
fn row(entry: &Entry, status: StatusCode, row: &Row) -> Reply {
    let mut out = Vec::with_capacity(512);
    entry.whole.write(&mut out, row);
    Reply::json(status, out)
}

/// `DELETE models/{model}/{record}`
pub(super) async fn delete(call: Call) -> Result<Reply, Fault> {
    let mut asked = Asked::of(&call.head);
    let softly = asked.truth("soft_delete", false);
    asked.finish()?;
    let entry = registry::named(&call)?;
    let key = Raw::Text(key(&call, entry)?.to_string());
    let mut cx = registry::write(&call, entry).await?;
    match entry.mark.as_deref().filter(|_| softly) {
        Some(mark) => ops::retire(&mut cx, &entry.key, &key, mark).await?,
        None => ops::delete(&mut cx, &entry.key, &key).await?,
    }
    cx.commit().await?;
    let words = format!("Record '{}' deleted successfully", call.param("record"));
    Ok(error::reply(StatusCode::OK, &json!({ "success": true, "message": words })))
}

/// That there is no such row.
fn missing(call: &Call) -> Fault {
    let words = format!("Record '{}' not found in '{}'", call.param("record"), call.param("model"));
    error::not_found(&words)
}

/// The key that the address names.
fn key(call: &Call, entry: &Entry) -> Result<Value, Fault> {
    let resource = entry.resource(&call.site)?;
    read_key(call, &resource.model, call.param("record")).ok_or_else(|| missing(call))
}

/// A key as an address spells it; `None` if no row can have it. Keys of a relation are what they point to.
pub(super) fn read_key(call: &Call, model: &Model, text: &str) -> Option<Value> {
    let mut at: &Field = model.key_field();
    let schema = call.site.schema();
    for _ in 0..16 {
        let FieldKind::One { to, .. } = &at.kind else { break };
        at = schema.model(to)?.key_field();
    }
    match at.kind {
        FieldKind::Auto(_) | FieldKind::Int { .. } => whole(text),
        FieldKind::Uuid => uuid(text),
        FieldKind::Text { .. } => (!text.contains('\0')).then(|| Value::from(text)),
        _ => at.read(&Raw::Text(text.to_owned()), &call.site.reading()).ok(),
    }
}

fn whole(text: &str) -> Option<Value> {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    let is_plain = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    is_plain.then(|| text.parse().ok().map(Value::Int))?
}

/// 32 digits, with dashes in their places or without any.
fn uuid(text: &str) -> Option<Value> {
    let is_plain = matches!(text.len(), 32 | 36) && text.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-');
    is_plain.then(|| Uuid::try_parse(text).ok().map(Value::Uuid))?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_spelled_plainly() {
        assert_eq!(whole("12"), Some(Value::Int(12)));
        assert_eq!(whole("-1"), Some(Value::Int(-1)));
        for text in ["", "1.0", "abc", "99999999999999999999", " 1", "1e3"] {
            assert_eq!(whole(text), None, "{text:?}");
        }
        let id = uuid("661A247FF9114163B4F72C9033C828C7");
        assert_eq!(id, uuid("661a247f-f911-4163-b4f7-2c9033c828c7"));
        assert!(id.is_some());
        for text in ["", "x", "{661a247f-f911-4163-b4f7-2c9033c828c7}", "urn:uuid:661a247f-f911-4163-b4f7-2c9033c828c7"]
        {
            assert_eq!(uuid(text), None, "{text:?}");
        }
    }
}
