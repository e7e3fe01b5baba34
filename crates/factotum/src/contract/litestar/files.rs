//! Uploads that belong to no row yet: taken in, looked at before, given out, removed. Nothing given out runs here.

#[cfg(feature = "images")]
mod beside;
mod path;
#[cfg(feature = "images")]
mod smaller;
mod storage;
mod thumbnails;

use std::io;

use factotum_engine::Error;
use http::StatusCode;
use http::header::{CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_SECURITY_POLICY, CONTENT_TYPE, LOCATION};
use serde_json::{Value as Json, json};

use super::request::Asked;
use super::settings::Litestar;
use super::{Call, any, error};
use crate::http::endpoint::{delete, get, post};
use crate::http::{Enclosed, Endpoint, Fault, Flow, Gate, Reply};

pub use storage::{EXTENSIONS, Uploads};
use storage::{Limits, Refused};
pub use thumbnails::Thumbnails;

const NOT_CONFIGURED: &str = "File storage is not configured. Configure storage in AdminConfig.";
const NO_FILE: &str = "No file uploaded. Please select a file.";

/// The endpoints. What begins with `info/` is no path of a file.
pub(super) fn endpoints() -> Vec<Endpoint<Litestar>> {
    let ok = StatusCode::OK;
    let (read, write) = (Gate::Holding("models:read"), Gate::Holding("models:write"));
    #[cfg_attr(not(feature = "images"), expect(unused_mut, reason = "more of them make pictures smaller"))]
    let mut endpoints = vec![
        post("upload_file", "/api/files/upload", upload)
            .about("Take in a file.")
            .gate(write)
            .spooling()
            .gives(StatusCode::CREATED, any()),
        post("validate_file", "/api/files/upload/validate", validate)
            .about("Whether a file would be taken in.")
            .gate(write)
            .spooling()
            .gives(ok, any()),
        get("file_info", "/api/files/info/{*path}", info).about("Whether there is a file.").gate(read).gives(ok, any()),
        get("get_file", "/api/files/{*path}", give).about("A file.").gate(read).gives(ok, any()),
        delete("delete_file", "/api/files/{*path}", remove)
            .about("Remove a file.")
            .gate(Gate::Holding("models:delete"))
            .gives(ok, any()),
    ];
    #[cfg(feature = "images")]
    endpoints.extend(smaller::endpoints());
    endpoints
}

/// The storage that may hold a file.
///
/// # Errors
/// That there is no such file, as where there is no storage.
fn held<'c>(call: &'c Call, path: &str) -> Result<&'c Uploads, Fault> {
    call.contract.uploads.as_ref().filter(|uploads| uploads.holds(path)).ok_or_else(|| missing(path))
}

/// The storage and the path that the address names.
///
/// # Errors
/// That there is no such file, as where there is no storage.
fn meant(call: &Call) -> Result<(&Uploads, &str), Fault> {
    let path = call.param("path");
    held(call, path).map(|uploads| (uploads, path))
}

/// What was kept on the disk on its way here.
fn read<T>(outcome: io::Result<T>) -> Result<T, Fault> {
    outcome.map_err(|error| Fault::Engine(Error::Internal(error.into())))
}

fn missing(path: &str) -> Fault {
    error::not_found(&format!("File not found: {path}"))
}

fn refused(status: StatusCode, field: &str, words: &str) -> Reply {
    error::reply(status, &json!({ "success": false, "errors": [{ "field": field, "error": words }] }))
}

fn of_refusals(field: &str, refusals: &[Refused]) -> Json {
    let one = |refusal: &Refused| json!({ "field": field, "error": refusal.words(), "code": refusal.code() });
    refusals.iter().map(one).collect()
}

/// What a request says of an upload: in the address, or in fields of the form.
struct Said {
    model: String,
    field: String,
    extensions: Option<Vec<String>>,
    most: Option<u64>,
    thumbnail: bool,
}

impl Said {
    fn read(call: &Call) -> Result<Said, Fault> {
        let mut asked = Asked::of(&call.head);
        let most = asked.int_or_none("max_size").filter(|most| *most > 0).map(i64::unsigned_abs);
        let thumbnail = asked.truth("generate_thumbnail", false);
        let filled = |name: &str| asked.text(name).filter(|text| !text.is_empty()).map(str::to_owned);
        let said = Said {
            model: filled("model_name").unwrap_or_else(|| "unknown".to_owned()),
            field: filled("field_name").unwrap_or_else(|| "file".to_owned()),
            extensions: filled("allowed_extensions").as_deref().map(path::extensions),
            most,
            thumbnail,
        };
        asked.finish()?;
        Ok(said)
    }

    /// The same, with what the form's fields say of it.
    fn with(mut self, fields: &[(String, String)]) -> Said {
        for (name, value) in fields.iter().filter(|(_, value)| !value.is_empty()) {
            match name.as_str() {
                "field_name" => self.field.clone_from(value),
                "allowed_extensions" => self.extensions = Some(path::extensions(value)),
                "max_size" => self.most = value.parse().ok().or(self.most),
                _ => {}
            }
        }
        self
    }

    fn limits(&self, uploads: Option<&Uploads>) -> Limits {
        Limits::of(uploads, self.extensions.as_deref(), self.most)
    }
}

/// `POST files/upload`
async fn upload(call: Call) -> Result<Reply, Fault> {
    let said = Said::read(&call)?;
    let Some(uploads) = &call.contract.uploads else {
        return Ok(refused(StatusCode::BAD_REQUEST, &said.field, NOT_CONFIGURED));
    };
    let Some(file) = call.spool("data").await?.file else {
        return Ok(refused(StatusCode::BAD_REQUEST, &said.field, NO_FILE));
    };
    let size = read(file.content.size().await)?;
    let refusals = said.limits(Some(uploads)).judge(&file.name, size);
    if !refusals.is_empty() {
        let errors = of_refusals(&said.field, &refusals);
        return Ok(error::reply(StatusCode::UNPROCESSABLE_ENTITY, &json!({ "success": false, "errors": errors })));
    }
    let (path, thumbnail) = keep(uploads, &said, &file).await?;
    let document = json!({
        "success": true,
        "storage_path": path,
        "original_filename": file.name,
        "file_size": size,
        "content_type": file.media,
        "public_url": uploads.url(&path),
        "thumbnail_path": thumbnail,
        "thumbnail_url": thumbnail.as_ref().map(|path| uploads.url(path)),
    });
    Ok(error::reply(StatusCode::CREATED, &document))
}

/// Puts a file in its place, and gives its path with that of its smaller picture.
async fn keep(uploads: &Uploads, said: &Said, file: &Enclosed) -> Result<(String, Option<String>), Fault> {
    let path = path::of_upload(&uploads.upload_path, &said.model, &said.field, &file.name);
    #[cfg(feature = "images")]
    let made = if said.thumbnail { smaller::with_upload(uploads, &file.name, &file.content).await? } else { None };
    uploads.storage.put(&path, read(file.content.pieces().await)?).await?;
    #[cfg(feature = "images")]
    if let Some(made) = made {
        let thumbnail = smaller::put_beside(uploads, &path, &made).await;
        return Ok((path, thumbnail));
    }
    #[cfg(not(feature = "images"))]
    let _ = said.thumbnail;
    Ok((path, None))
}

/// `POST files/upload/validate`
async fn validate(call: Call) -> Result<Reply, Fault> {
    let said = Said::read(&call)?;
    let sent = call.spool("data").await?;
    let said = said.with(&sent.fields);
    let Some(file) = sent.file else {
        let errors = json!([{ "field": said.field, "error": NO_FILE }]);
        return Ok(error::reply(StatusCode::OK, &json!({ "valid": false, "errors": errors })));
    };
    let size = read(file.content.size().await)?;
    let refusals = said.limits(call.contract.uploads.as_ref()).judge(&file.name, size);
    let document = if refusals.is_empty() {
        let about = json!({ "filename": file.name, "size": size, "content_type": file.media });
        json!({ "valid": true, "file_info": about })
    } else {
        json!({ "valid": false, "errors": of_refusals(&said.field, &refusals) })
    };
    Ok(error::reply(StatusCode::OK, &document))
}

/// `GET files/info/{path}`
async fn info(call: Call) -> Result<Reply, Fault> {
    let url = match meant(&call) {
        Ok((uploads, path)) if uploads.storage.exists(path).await? => Some(uploads.url(path)),
        _ => None,
    };
    let document = json!({ "exists": url.is_some(), "path": call.param("path"), "public_url": url });
    Ok(error::reply(StatusCode::OK, &document))
}

/// `GET files/{path}`: the file, or where it is public.
async fn give(call: Call) -> Result<Reply, Fault> {
    let mut asked = Asked::of(&call.head);
    let download = asked.truth("download", false);
    asked.finish()?;
    #[cfg(feature = "images")]
    if let Some(path) = call.param("path").strip_suffix("/thumbnail") {
        return smaller::of(&call, path).await;
    }
    let (uploads, path) = meant(&call)?;
    if uploads.is_public() {
        if !uploads.storage.exists(path).await? {
            return Err(missing(path));
        }
        return Ok(Reply::empty(StatusCode::FOUND).with(LOCATION, &uploads.url(path)));
    }
    let kept = uploads.storage.get(path).await?.ok_or_else(|| missing(path))?;
    let reply = shown(path, download).with(CONTENT_LENGTH, &kept.size.to_string());
    Ok(Reply { flow: Some(Flow::of_pieces(kept.pieces)), ..reply })
}

/// An answer that is a file, without the file.
fn shown(path: &str, download: bool) -> Reply {
    let name = path.rsplit('/').next().unwrap_or_default();
    let media = path::media(name);
    let place = if download || !path::is_passive(media) { "attachment" } else { "inline" };
    Reply::empty(StatusCode::OK)
        .with(CONTENT_TYPE, media)
        .with(CONTENT_DISPOSITION, &format!("{place}; filename=\"{}\"", path::quotable(name)))
        .with(CONTENT_SECURITY_POLICY, "sandbox; default-src 'none'; frame-ancestors 'none'")
}

/// `DELETE files/{path}`
async fn remove(call: Call) -> Result<Reply, Fault> {
    let (uploads, path) = meant(&call)?;
    #[cfg(feature = "images")]
    smaller::remove(uploads, path).await?;
    if !uploads.storage.remove(path).await? {
        return Err(missing(path));
    }
    let document = json!({ "success": true, "path": path, "message": "File deleted successfully" });
    Ok(error::reply(StatusCode::OK, &document))
}
