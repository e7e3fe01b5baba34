//! Lists, rows, and what is asked around one row: the handlers under `r/`.

use factotum_engine::error::Missing;
use factotum_engine::form::Payload;
use factotum_engine::query::{Page, Query, Window};
use factotum_engine::{Error, ModelKey, Raw, Record, Resource, ops};
use http::StatusCode;
use serde_json::json;

use super::Call;
use super::payload::{Extent, payload};
use super::request::{self, PageNumber, Paging};
use super::response::{Printing, Shape, key_text};
use crate::http::{Fault, Reply, json as text};

/// Rows that a field can point at, by what somebody typed.
const FOUND_PER_PAGE: u64 = 20;

/// The resource that the path names, in any case.
pub(super) fn resource(call: &Call) -> Result<&Resource, Error> {
    let key = ModelKey::parse(call.param("key")).ok_or(Error::NotFound(Missing::Model))?;
    call.site.find(&key)
}

/// The key of the row that the path names.
pub(super) fn key(call: &Call) -> Raw {
    Raw::Text(call.param("pk").to_owned())
}

pub(super) async fn list(call: Call) -> Result<Reply, Fault> {
    let resource = resource(&call)?;
    let paging = Paging::read(&call.head.query, &call.contract)?;
    let query = request::query(&call.site, resource, &call.head.query);
    let found = fetch(&call, query, paging).await;
    let (page, number) = found.map_err(|error| request::blame(&call.head.query, error))?;
    Ok(Reply::json(StatusCode::OK, envelope(&call, resource, &page, paging, number)))
}

/// The page asked for, with its number.
async fn fetch(call: &Call, query: Query, paging: Paging) -> Result<(Page, u64), Error> {
    let mut cx = call.read().await?;
    let number = match paging.number {
        PageNumber::Number(number) => number,
        PageNumber::Last => {
            let counting = Query { window: Window { offset: 0, limit: Some(0) }, labels: false, ..query.clone() };
            paging.pages(ops::list(&mut cx, counting).await?.total.unwrap_or(0))
        }
    };
    let page = ops::list(&mut cx, Query { window: paging.window(number)?, ..query }).await?;
    let total = page.total.unwrap_or(0);
    if paging.number != PageNumber::Last && number > paging.pages(total) {
        return Err(Error::NotFound(Missing::Page));
    }
    Ok((page, number))
}

fn envelope(call: &Call, resource: &Resource, page: &Page, paging: Paging, number: u64) -> Vec<u8> {
    let total = page.total.unwrap_or(0);
    let mut out = Vec::with_capacity(1024 * (page.records.len() + 1));
    out.extend_from_slice(b"{\"count\":");
    text::int(&mut out, i64::try_from(total).unwrap_or(i64::MAX));
    out.extend_from_slice(b",\"next\":");
    link(&mut out, call, (number < paging.pages(total)).then_some(number + 1));
    out.extend_from_slice(b",\"previous\":");
    link(&mut out, call, (number > 1).then(|| number - 1));
    out.extend_from_slice(b",\"results\":");
    let (base, shape) = (call.head.base(), Shape::of(resource));
    let printing = Printing::new(&call.site, &base);
    text::list(&mut out, &page.records, |out, record| shape.write(out, record, &printing));
    out.push(b'}');
    out
}

/// The address of another page; the first one has no number.
fn link(out: &mut Vec<u8>, call: &Call, number: Option<u64>) {
    let Some(number) = number else { return out.extend_from_slice(b"null") };
    let query = request::page_query(&call.head.query, (number > 1).then_some(number));
    text::text(out, &format!("{}{}{query}", call.head.base(), call.head.path));
}

/// A row as a whole body.
pub(super) fn row(call: &Call, resource: &Resource, record: &Record) -> Vec<u8> {
    let mut out = Vec::with_capacity(1024);
    Shape::of(resource).write(&mut out, record, &Printing::new(&call.site, &call.head.base()));
    out
}

pub(super) async fn retrieve(call: Call) -> Result<Reply, Fault> {
    let resource = resource(&call)?;
    let mut cx = call.read().await?;
    let record = ops::get(&mut cx, &resource.model.key, &key(&call)).await?;
    Ok(Reply::json(StatusCode::OK, row(&call, resource, &record)))
}

pub(super) async fn create(call: Call) -> Result<Reply, Fault> {
    let resource = resource(&call)?;
    let payload = read(&call, resource, Extent::Whole).await?;
    let mut cx = call.write_form().await?;
    let record = ops::create(&mut cx, &resource.model.key, payload).await?;
    cx.commit().await?;
    Ok(Reply::json(StatusCode::CREATED, row(&call, resource, &record)))
}

pub(super) async fn update(call: Call) -> Result<Reply, Fault> {
    let resource = resource(&call)?;
    let payload = match read(&call, resource, Extent::Part).await {
        // A row that is not there is said before a body that is no form.
        Err(Fault::Engine(invalid @ Error::Invalid(_))) => {
            ops::get(&mut call.read().await?, &resource.model.key, &key(&call)).await?;
            return Err(invalid.into());
        }
        payload => payload?,
    };
    let mut cx = call.write_form().await?;
    let record = ops::update(&mut cx, &resource.model.key, &key(&call), payload).await?;
    cx.commit().await?;
    Ok(Reply::json(StatusCode::OK, row(&call, resource, &record)))
}

/// The body as a form.
async fn read(call: &Call, resource: &Resource, extent: Extent) -> Result<Payload, Fault> {
    Ok(payload(resource, call.content().await?, extent)?)
}

pub(super) async fn destroy(call: Call) -> Result<Reply, Fault> {
    let resource = resource(&call)?;
    let mut cx = call.write().await?;
    ops::delete(&mut cx, &resource.model.key, &key(&call)).await?;
    cx.commit().await?;
    Ok(Reply::no_content())
}

/// What a delete of the row would take along.
pub(super) async fn related(call: Call) -> Result<Reply, Fault> {
    let resource = resource(&call)?;
    let mut cx = call.read().await?;
    let related = ops::related(&mut cx, &resource.model.key, &key(&call)).await?;
    let rows: Vec<_> = related
        .iter()
        .map(|row| json!({ "model": row.model.to_string(), "verbose_name": row.title, "count": row.count }))
        .collect();
    Ok(reply(&json!({ "related": rows })))
}

/// Rows to point at.
pub(super) async fn autocomplete(call: Call) -> Result<Reply, Fault> {
    let resource = resource(&call)?;
    let page = call.head.asked("page").and_then(|text| text.trim().parse::<u128>().ok()).filter(|&page| page > 0);
    let page = page.map_or(1, |page| u64::try_from(page).unwrap_or(u64::MAX));
    let offset = (page - 1).saturating_mul(FOUND_PER_PAGE).min(i64::MAX.unsigned_abs() / 2);
    let window = Window { offset, limit: Some(FOUND_PER_PAGE) };
    let phrase = call.head.asked("q").unwrap_or_default().trim();
    let mut cx = call.read().await?;
    let found = ops::lookup(&mut cx, &resource.model.key, phrase, window).await?;
    let mut out = Vec::with_capacity(64 * (found.rows.len() + 1));
    out.extend_from_slice(b"{\"results\":");
    text::list(&mut out, &found.rows, |out, (key, label)| {
        out.extend_from_slice(b"{\"value\":");
        key_text(out, key);
        out.extend_from_slice(b",\"label\":");
        text::text(out, label);
        out.push(b'}');
    });
    out.extend_from_slice(b",\"has_more\":");
    text::truth(&mut out, found.more);
    out.push(b'}');
    Ok(Reply::json(StatusCode::OK, out))
}

/// A small document as a reply.
pub(super) fn reply(document: &serde_json::Value) -> Reply {
    let mut out = Vec::new();
    text::value(&mut out, document);
    Reply::json(StatusCode::OK, out)
}
