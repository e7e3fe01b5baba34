//! Rows as files: all of a model, or chosen ones. The list's columns, in the order in which they were declared.

use factotum_engine::Error;
use factotum_engine::ops::{self, Which};
use factotum_engine::query::Filter;
use http::StatusCode;
use http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};

use super::catalogue::Entry;
use super::request::{Asked, Sent, Type, defaulted, required};
use super::response::Print;
use super::{Call, bulk, error, registry};
use crate::http::{Fault, Reply};
use crate::transfer::{Column, Format, Style, Writer, download};

/// The formats, the usual one first.
const FORMATS: &[&str] = &["csv", "json", "xlsx"];

/// `GET models/{model}/export`
pub(super) async fn all(call: Call) -> Result<Reply, Fault> {
    let mut asked = Asked::of(&call.head);
    let format = asked.one_of("format", FORMATS);
    asked.finish()?;
    let entry = registry::named(&call)?;
    exportable(&call, entry)?;
    file(&call, entry, format, Which::Matching { filter: Filter::All, search: None }).await
}

/// `POST models/{model}/bulk/export`
pub(super) async fn chosen(call: Call) -> Result<Reply, Fault> {
    let fields = [required("ids", Type::List), defaulted("format", Type::Text).one_of(FORMATS)];
    let mut sent = Sent::read(&call, &fields)?;
    let entry = registry::named(&call)?;
    exportable(&call, entry)?;
    let ids = sent.take_list("ids");
    if ids.is_empty() {
        return Err(error::said(StatusCode::BAD_REQUEST, "No IDs provided for export"));
    }
    let keys = bulk::keys(&call, &entry.resource(&call.site)?.model, &ids);
    file(&call, entry, sent.text("format"), Which::Keys(keys)).await
}

fn exportable(call: &Call, entry: &Entry) -> Result<(), Fault> {
    if entry.flags.export {
        return Ok(());
    }
    let words = format!("Export is not allowed for model '{}'", call.param("model"));
    Err(error::said(StatusCode::BAD_REQUEST, &words))
}

/// The file, sent while it is made.
async fn file(call: &Call, entry: &Entry, format: &str, which: Which) -> Result<Reply, Fault> {
    let format = Format::named(format).unwrap_or(Format::Csv);
    let resource = entry.resource(&call.site)?;
    let model = &resource.model;
    let shown = entry.declared.iter().map(|at| &model.fields[*at]).filter(|field| !resource.hides(&field.name));
    let fields: Vec<String> = shown.clone().map(|field| field.name.clone()).collect();
    if fields.is_empty() {
        // No column named would mean every one.
        return Err(Error::internal(format!("every column of {} is hidden", model.key)).into());
    }
    let columns = shown.map(|field| {
        let print = Print::of(&call.site, call.contract.naive_datetimes, &entry.view, field);
        Column { name: field.column.clone(), zoned: print == Print::WithOffset, micros: print == Print::Microseconds }
    });
    let style = Style {
        title: call.param("model").to_owned(),
        columns: columns.collect(),
        zone: jiff::tz::TimeZone::UTC,
        defused: call.contract.defused_exports,
    };
    let cx = call.site.snapshot(call.who.clone(), call.origin.clone()).await?;
    let export = ops::export(&cx, &model.key, which, &fields)?;
    let writer = Writer::new(format, style).map_err(|error| Error::Internal(Box::new(error)))?;
    let flow = download(cx, export, writer).await?;
    let name = format!("attachment; filename=\"{}_export.{}\"", plain(call.param("model")), format.name());
    let reply = Reply::flowing(StatusCode::OK, flow).with(CONTENT_TYPE, format.media());
    Ok(reply.with(CONTENT_DISPOSITION, &name))
}

/// A name without what ends a quoted text in a header, or cannot stand in one.
fn plain(name: &str) -> String {
    let safe = |letter: char| if letter.is_ascii_graphic() && !"\"\\/".contains(letter) { letter } else { '_' };
    name.chars().map(|letter| if letter == ' ' { letter } else { safe(letter) }).collect()
}
