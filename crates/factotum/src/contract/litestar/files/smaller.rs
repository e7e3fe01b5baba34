//! Smaller pictures of uploads: made with them or when somebody asks, kept beside them, and gone with them.

use factotum_engine::files::thumbnail::{Format, NoThumbnail, Shape, Thumbnail, thumbnail};
use factotum_engine::files::{Kept, one_piece};
use http::StatusCode;
use serde_json::json;

use super::thumbnails::Thumbnails;
use super::{Uploads, any, beside, held, missing, shown};
use crate::contract::litestar::request::Asked;
use crate::contract::litestar::settings::Litestar;
use crate::contract::litestar::{Call, error};
use crate::http::endpoint::get;
use crate::http::{Endpoint, Fault, Flow, Gate, Reply};
use crate::transfer::Source;

/// The most points of a side, unless a site says which sizes there are.
const LONGEST: u32 = 1024;
/// The most smaller pictures that are kept of one file: there are millions of sizes, and whoever may look may ask.
const MOST_KEPT: usize = 32;
const NOT_YET: &str = "Thumbnail does not exist yet. Use GET /thumbnail/{path} to generate it.";

/// The endpoints. What begins with `thumbnail/` is no path of a file.
pub(super) fn endpoints() -> Vec<Endpoint<Litestar>> {
    let (ok, read) = (StatusCode::OK, Gate::Holding("models:read"));
    vec![
        get("thumbnail_info", "/api/files/thumbnail/info/{*path}", info)
            .about("Whether there is a smaller picture of this size.")
            .gate(read)
            .gives(ok, any()),
        get("thumbnail", "/api/files/thumbnail/{*path}", give)
            .about("A smaller picture; made if there is none yet.")
            .gate(read)
            .gives(ok, any()),
    ]
}

impl Thumbnails {
    /// The one that is made with its upload.
    fn usual(&self) -> Shape {
        Shape { width: self.width, height: self.height, format: self.format, quality: self.quality }
    }

    fn has_size(&self, width: u32, height: u32) -> bool {
        let own = (width, height) == (self.width, self.height);
        own || match self.sizes.as_slice() {
            [] => width <= LONGEST && height <= LONGEST,
            sizes => sizes.contains(&(width, height)),
        }
    }
}

/// What is told of a smaller picture, or why there is none.
#[derive(Debug, Default)]
struct Told<'t> {
    path: Option<(&'t str, String)>,
    shape: Option<Shape>,
    error: Option<&'t str>,
}

impl Told<'_> {
    fn reply(&self, status: StatusCode) -> Reply {
        let document = json!({
            "success": status == StatusCode::OK,
            "thumbnail_path": self.path.as_ref().map(|(path, _)| path),
            "thumbnail_url": self.path.as_ref().map(|(_, url)| url),
            "width": self.shape.map(|shape| shape.width),
            "height": self.shape.map(|shape| shape.height),
            "format": self.shape.map(|shape| shape.format.name()),
            "size_bytes": null,
            "error": self.error,
        });
        error::reply(status, &document)
    }
}

fn refused(status: StatusCode, words: &str) -> Fault {
    Fault::Said(Box::new(Told { error: Some(words), ..Told::default() }.reply(status)))
}

fn impossible(why: NoThumbnail) -> Fault {
    refused(StatusCode::UNPROCESSABLE_ENTITY, &format!("No thumbnail can be made: {why}"))
}

/// The storage of a file, and how its pictures are made smaller.
fn settings<'c>(call: &'c Call, path: &str) -> Result<(&'c Uploads, &'c Thumbnails), Fault> {
    let uploads = held(call, path)?;
    uploads.thumbnails.as_ref().map(|thumbnails| (uploads, thumbnails)).ok_or_else(|| missing(path))
}

/// What a request wants of a file, and whether as a download.
fn wanted(call: &Call, path: &str, thumbnails: &Thumbnails) -> Result<(Shape, bool), Fault> {
    let mut asked = Asked::of(&call.head);
    let (quality, download) = (asked.int_or_none("quality"), asked.truth("download", false));
    let (sides, format) = (asked.text("size"), asked.text("format"));
    asked.finish()?;
    let refuse = |words: &str| refused(StatusCode::BAD_REQUEST, words);
    if !beside::is_picture(path) {
        return Err(refuse(&format!("Not a supported image format: {path}")));
    }
    let mut shape = thumbnails.usual();
    if let Some(text) = sides {
        let words = format!("Invalid size format: {text}. Expected format: WIDTHxHEIGHT (e.g., 200x200)");
        (shape.width, shape.height) = Thumbnails::read_size(text).ok_or_else(|| refuse(&words))?;
    }
    if !thumbnails.has_size(shape.width, shape.height) {
        return Err(refuse(&format!("Invalid size: {}x{} is not offered", shape.width, shape.height)));
    }
    if let Some(quality) = quality {
        let valid = u8::try_from(quality).ok().filter(|quality| (1..=100).contains(quality));
        shape.quality = valid.ok_or_else(|| refuse("Quality must be between 1 and 100"))?;
    }
    if let Some(name) = format {
        let words = format!("Invalid format: {name}. Allowed: jpeg, jpg, png, webp");
        shape.format = Format::named(name).ok_or_else(|| refuse(&words))?;
    }
    Ok((shape, download))
}

/// `GET files/thumbnail/{path}`
async fn give(call: Call) -> Result<Reply, Fault> {
    of(&call, call.param("path")).await
}

/// The smaller picture of a file, as the request wants it.
pub(super) async fn of(call: &Call, path: &str) -> Result<Reply, Fault> {
    let (uploads, thumbnails) = settings(call, path)?;
    if !uploads.storage.exists(path).await? {
        return Err(missing(path));
    }
    let (shape, download) = wanted(call, path, thumbnails)?;
    let at = beside::smaller(path, (shape.width, shape.height), shape.format);
    let reply = shown(&at, download);
    // Its name does not tell how much is kept of it.
    let usual = shape.format != Format::Jpeg || shape.quality == thumbnails.quality;
    if let Some(kept) = uploads.storage.get(&at).await?.filter(|_| usual) {
        return Ok(Reply { flow: Some(Flow::of_pieces(kept.pieces)), ..reply });
    }
    let file = uploads.storage.get(path).await?.ok_or_else(|| missing(path))?;
    let made = thumbnail(file, shape).await?.map_err(impossible)?;
    if usual && kept_of(uploads, path).await?.len() < MOST_KEPT {
        keep(uploads, &at, &made).await?;
    }
    Ok(Reply { body: made.content, ..reply })
}

/// Keeps a smaller picture; somebody may just have kept the same.
async fn keep(uploads: &Uploads, at: &str, made: &Thumbnail) -> Result<(), Fault> {
    let Err(error) = uploads.storage.put(at, one_piece(made.content.clone())).await else { return Ok(()) };
    if uploads.storage.exists(at).await? { Ok(()) } else { Err(error.into()) }
}

/// `GET files/thumbnail/info/{path}`
async fn info(call: Call) -> Result<Reply, Fault> {
    let path = call.param("path");
    let gone = || refused(StatusCode::NOT_FOUND, &format!("Source file not found: {path}"));
    let Ok((uploads, thumbnails)) = settings(&call, path) else { return Err(gone()) };
    if !uploads.storage.exists(path).await? {
        return Err(gone());
    }
    let (shape, _) = wanted(&call, path, thumbnails)?;
    let at = beside::smaller(path, (shape.width, shape.height), shape.format);
    let (path, error) = match uploads.storage.exists(&at).await? {
        true => (Some((at.as_str(), uploads.url(&at))), None),
        false => (None, Some(NOT_YET)),
    };
    Ok(Told { path, shape: Some(shape), error }.reply(StatusCode::OK))
}

/// The smaller picture of a file that comes in; none where it is no picture.
pub(super) async fn with_upload(uploads: &Uploads, name: &str, file: &Source) -> Result<Option<Thumbnail>, Fault> {
    let Some(thumbnails) = uploads.thumbnails.as_ref().filter(|_| beside::is_picture(name)) else { return Ok(None) };
    let file = Kept { size: super::read(file.size().await)?, pieces: super::read(file.pieces().await)? };
    Ok(thumbnail(file, thumbnails.usual()).await?.ok())
}

/// Puts the smaller picture of an upload beside it, and gives its path; none where that fails, since the upload is there.
pub(super) async fn put_beside(uploads: &Uploads, path: &str, made: &Thumbnail) -> Option<String> {
    let at = beside::with_upload(path, uploads.thumbnails.as_ref()?.format)?;
    match keep(uploads, &at, made).await {
        Ok(()) => Some(at),
        Err(fault) => {
            tracing::warn!(?fault, path, "the thumbnail of an upload was not kept");
            None
        }
    }
}

/// Removes the smaller pictures of a file.
pub(super) async fn remove(uploads: &Uploads, of: &str) -> Result<(), Fault> {
    for found in kept_of(uploads, of).await? {
        uploads.storage.remove(&found).await?;
    }
    Ok(())
}

/// The smaller pictures that are kept of a file.
async fn kept_of(uploads: &Uploads, of: &str) -> Result<Vec<String>, Fault> {
    let mut kept = Vec::new();
    let starts = if beside::is_picture(of) { beside::beginnings(of) } else { Vec::new() };
    for start in starts {
        let found = uploads.storage.beginning(&start).await?;
        kept.extend(found.into_iter().filter(|path| beside::is_smaller(path, &start)));
    }
    Ok(kept)
}
