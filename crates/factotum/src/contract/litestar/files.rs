//! Uploads that belong to no row yet: taken in, looked at before, given out, removed. Nothing given out runs here.

mod path;
mod storage;

use factotum_engine::Error;
use factotum_engine::value::Upload;
use http::StatusCode;
use http::header::{CONTENT_DISPOSITION, CONTENT_SECURITY_POLICY, CONTENT_TYPE, LOCATION};
use serde_json::{Value as Json, json};

use super::request::Asked;
use super::settings::Litestar;
use super::{Call, any, error};
use crate::http::endpoint::{delete, get, post};
use crate::http::{Body, Endpoint, Fault, Gate, Reply};

pub use storage::{EXTENSIONS, Uploads};
use storage::{Limits, Refused};

const NOT_CONFIGURED: &str = "File storage is not configured. Configure storage in AdminConfig.";
const NO_FILE: &str = "No file uploaded. Please select a file.";

/// The endpoints. What begins with `info/` is no path of a file.
pub(super) fn endpoints() -> Vec<Endpoint<Litestar>> {
    let ok = StatusCode::OK;
    let (read, write) = (Gate::Holding("models:read"), Gate::Holding("models:write"));
    vec![
        post("upload_file", "/api/files/upload", upload)
            .about("Take in a file.")
            .gate(write)
            .gives(StatusCode::CREATED, any()),
        post("validate_file", "/api/files/upload/validate", validate)
            .about("Whether a file would be taken in.")
            .gate(write)
            .gives(ok, any()),
        get("file_info", "/api/files/info/{*path}", info).about("Whether there is a file.").gate(read).gives(ok, any()),
        get("get_file", "/api/files/{*path}", give).about("A file.").gate(read).gives(ok, any()),
        delete("delete_file", "/api/files/{*path}", remove)
            .about("Remove a file.")
            .gate(Gate::Holding("models:delete"))
            .gives(ok, any()),
    ]
}

/// The storage and the path that the address names.
///
/// # Errors
/// That there is no such file, as where there is no storage.
fn meant(call: &Call) -> Result<(&Uploads, &str), Fault> {
    let path = call.param("path");
    let uploads = call.contract.uploads.as_ref().filter(|uploads| uploads.holds(path));
    uploads.map(|uploads| (uploads, path)).ok_or_else(|| missing(path))
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
}

impl Said {
    fn read(call: &Call) -> Result<Said, Fault> {
        let mut asked = Asked::of(&call.head);
        let most = asked.int_or_none("max_size").filter(|most| *most > 0).map(i64::unsigned_abs);
        asked.truth("generate_thumbnail", false);
        let filled = |name: &str| asked.text(name).filter(|text| !text.is_empty()).map(str::to_owned);
        let said = Said {
            model: filled("model_name").unwrap_or_else(|| "unknown".to_owned()),
            field: filled("field_name").unwrap_or_else(|| "file".to_owned()),
            extensions: filled("allowed_extensions").as_deref().map(path::extensions),
            most,
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

/// The file of the form, with the form's fields.
async fn sent(call: &Call) -> Result<(Option<Upload>, Vec<(String, String)>), Fault> {
    match call.content().await? {
        Body::Form(form) => {
            let file = form.files.into_iter().find(|(name, _)| name == "data").map(|(_, file)| file);
            Ok((file, form.fields))
        }
        Body::Empty | Body::Json(_) => Ok((None, Vec::new())),
    }
}

/// `POST files/upload`
async fn upload(call: Call) -> Result<Reply, Fault> {
    let said = Said::read(&call)?;
    let Some(uploads) = &call.contract.uploads else {
        return Ok(refused(StatusCode::BAD_REQUEST, &said.field, NOT_CONFIGURED));
    };
    let (Some(file), _) = sent(&call).await? else {
        return Ok(refused(StatusCode::BAD_REQUEST, &said.field, NO_FILE));
    };
    let refusals = said.limits(Some(uploads)).judge(&file);
    if !refusals.is_empty() {
        let errors = of_refusals(&said.field, &refusals);
        return Ok(error::reply(StatusCode::UNPROCESSABLE_ENTITY, &json!({ "success": false, "errors": errors })));
    }
    let path = path::of_upload(&uploads.upload_path, &said.model, &said.field, &file.name);
    let (name, size, media) = (file.name, file.content.len(), file.media);
    uploads.storage.put(&path, file.content).await?;
    let document = json!({
        "success": true,
        "storage_path": path,
        "original_filename": name,
        "file_size": size,
        "content_type": media,
        "public_url": uploads.url(&path),
        "thumbnail_path": null,
        "thumbnail_url": null,
    });
    Ok(error::reply(StatusCode::CREATED, &document))
}

/// `POST files/upload/validate`
async fn validate(call: Call) -> Result<Reply, Fault> {
    let said = Said::read(&call)?;
    let (file, fields) = sent(&call).await?;
    let said = said.with(&fields);
    let Some(file) = file else {
        let errors = json!([{ "field": said.field, "error": NO_FILE }]);
        return Ok(error::reply(StatusCode::OK, &json!({ "valid": false, "errors": errors })));
    };
    let refusals = said.limits(call.contract.uploads.as_ref()).judge(&file);
    let document = if refusals.is_empty() {
        let about = json!({ "filename": file.name, "size": file.content.len(), "content_type": file.media });
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
    let (uploads, path) = meant(&call)?;
    if uploads.is_public() {
        if !uploads.storage.exists(path).await? {
            return Err(missing(path));
        }
        return Ok(Reply::empty(StatusCode::FOUND).with(LOCATION, &uploads.url(path)));
    }
    let content = uploads.storage.get(path).await?.ok_or_else(|| missing(path))?;
    let name = path.rsplit('/').next().unwrap_or_default();
    let media = path::media(name);
    let place = if download || !path::is_passive(media) { "attachment" } else { "inline" };
    let mut reply = Reply::empty(StatusCode::OK)
        .with(CONTENT_TYPE, media)
        .with(CONTENT_DISPOSITION, &format!("{place}; filename=\"{}\"", path::quotable(name)))
        .with(CONTENT_SECURITY_POLICY, "sandbox; default-src 'none'; frame-ancestors 'none'");
    reply.body = content;
    Ok(reply)
}

/// `DELETE files/{path}`
async fn remove(call: Call) -> Result<Reply, Fault> {
    let (uploads, path) = meant(&call)?;
    let gone: Result<bool, Error> = uploads.storage.remove(path).await;
    if !gone? {
        return Err(missing(path));
    }
    let document = json!({ "success": true, "path": path, "message": "File deleted successfully" });
    Ok(error::reply(StatusCode::OK, &document))
}
