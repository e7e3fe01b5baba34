//! The index, lists and rows: the handlers.

use std::sync::Arc;

use factotum_engine::query::{BadQuery, Extract, Extracted, Filter, Query, Window};
use factotum_engine::{Error, ops};
use http::StatusCode;

use super::layout::Layout;
use super::links::FORMAT;
use super::negotiate::is_of_key;
use super::request::{self, Meant, Paging};
use super::response::Printing;
use super::settings::Collection;
use super::{Call, error};
use crate::http::{Fault, Reply, json};

/// The question for the published rows of a collection.
pub(super) fn query(collection: &Collection, rows: Filter) -> Query {
    Query { filter: rows, order: collection.order.clone(), labels: false, ..Query::all(collection.model.clone()) }
}

/// The addresses of all lists.
pub(super) async fn index(call: Call) -> Result<Reply, Fault> {
    let links = Printing::new(&call.contract, &call.site, &call.head).links;
    let mut out = vec![b'{'];
    for (at, name) in call.contract.indexed().enumerate() {
        if at > 0 {
            out.push(b',');
        }
        json::text(&mut out, name);
        out.push(b':');
        links.list(&mut out, name);
    }
    out.push(b'}');
    Ok(Reply::json(StatusCode::OK, out))
}

/// A page of a collection.
pub(super) async fn list(call: Call, layout: Arc<Layout>) -> Result<Reply, Fault> {
    let paging = Paging::read(&call.head, &call.contract);
    let collection = &layout.collection;
    let query = Query { window: paging.window(), count: true, ..query(collection, collection.rows.clone()) };
    let found = ops::excerpt(&mut call.read().await?, &query, &layout.excerpt).await?;
    Ok(Reply::json(StatusCode::OK, envelope(&call, &layout, paging, &found)))
}

fn envelope(call: &Call, layout: &Layout, paging: Paging, found: &Extract) -> Vec<u8> {
    let count = found.total.unwrap_or(0);
    let printing = Printing::new(&call.contract, &call.site, &call.head);
    let mut out = Vec::with_capacity(1024 * (found.rows.len() + 1));
    out.extend_from_slice(b"{\"count\":");
    json::int(&mut out, i64::try_from(count).unwrap_or(i64::MAX));
    out.extend_from_slice(b",\"next\":");
    page(&mut out, call, paging.next(&call.head, count));
    out.extend_from_slice(b",\"previous\":");
    page(&mut out, call, paging.previous(&call.head));
    out.extend_from_slice(b",\"results\":");
    json::list(&mut out, &found.rows, |out, row| printing.row(out, layout, row));
    out.push(b'}');
    out
}

/// The address of another page: the path stays as it was asked for.
fn page(out: &mut Vec<u8>, call: &Call, query: Option<String>) {
    match query {
        Some(query) => json::text(out, &format!("{}{}{query}", call.head.base(), call.head.path)),
        None => out.extend_from_slice(b"null"),
    }
}

/// One row of a collection, by its key.
pub(super) async fn item(call: Call, layout: Arc<Layout>) -> Result<Reply, Fault> {
    let collection = &layout.collection;
    let (key, suffix) = (call.param("key"), call.param(FORMAT));
    let whole = format!("{key}.{suffix}");
    let is_of_key = is_of_key(&call.contract, &call.head);
    // The name of a form may be the end of a key all the same.
    let keys: &[&str] = match suffix {
        "" => &[key],
        _ if is_of_key => &[&whole],
        _ if collection.takes_any_key() => &[key, &whole],
        _ => &[key],
    };
    let mut missed = None;
    for key in keys {
        match one(&call, &layout, key).await? {
            Ok(row) => {
                let mut out = Vec::with_capacity(1024);
                Printing::new(&call.contract, &call.site, &call.head).row(&mut out, &layout, &row);
                return Ok(Reply::json(StatusCode::OK, out));
            }
            Err(reply) => missed = missed.or(Some(reply)),
        }
    }
    // Where the end of the key could have been a form, that there is none is what is told.
    let missed = missed.filter(|_| !is_of_key).unwrap_or_else(error::not_found);
    Err(Fault::Said(Box::new(missed)))
}

/// The row of a key, or what is said where there is none.
async fn one(call: &Call, layout: &Layout, key: &str) -> Result<Result<Extracted, Reply>, Fault> {
    let collection = &layout.collection;
    let model = call.site.schema().model(&collection.model);
    let filter = match request::meant(collection, model.map(AsRef::as_ref), key) {
        Meant::Row(filter) => filter,
        Meant::Nobody => return Ok(Err(error::no_match(collection))),
        Meant::Nothing => return Ok(Err(error::not_found())),
    };
    let window = Window { offset: 0, limit: Some(1) };
    let query = Query { window, ..query(collection, collection.rows.clone().and(filter)) };
    match ops::excerpt(&mut call.read().await?, &query, &layout.excerpt).await {
        // A key that its field cannot hold is of no kind that is looked up.
        Err(Error::BadQuery(BadQuery::BadTerm { .. })) => Ok(Err(error::not_found())),
        found => Ok(found?.rows.into_iter().next().ok_or_else(|| error::no_match(collection))),
    }
}
