//! Spool: a form with one file that may be larger than the memory is. What is large goes to the disk as it arrives.

use bytes::Bytes;
use futures_util::stream::{Stream, unfold};
use http::header::CONTENT_TYPE;
use tempfile::NamedTempFile;
use tokio::io::AsyncWriteExt;

use crate::http::body::{Incoming, media};
use crate::http::{BadBody, Fault, Head};
use crate::transfer::Source;

/// Files up to this size stay in memory.
const SMALL: usize = 1024 * 1024;
/// The most bytes of a field that is no file, and the most parts of a form.
const LONGEST_FIELD: usize = 1024 * 1024;
const MOST_PARTS: usize = 100;

/// A form with one file.
#[derive(Debug, Default)]
pub struct Spooled {
    /// The fields that are no files, in order.
    pub fields: Vec<(String, String)>,
    /// The file.
    pub file: Option<Enclosed>,
}

/// A file of a form.
#[derive(Debug, Clone)]
pub struct Enclosed {
    /// The name as sent.
    pub name: String,
    /// The media type as sent.
    pub media: Option<String>,
    /// The content.
    pub content: Source,
}

impl Spooled {
    /// The last value of a field.
    #[must_use]
    pub fn last(&self, name: &str) -> Option<&str> {
        self.fields.iter().rev().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

/// What stopped the body, on its way through the parser.
#[derive(Debug, thiserror::Error)]
#[error("the body was stopped")]
struct Stopped(Fault);

/// Takes a body as it arrives. What is no form has no fields and no file.
pub(super) async fn spool(head: &Head, body: &mut Incoming, file: &str) -> Result<Spooled, Fault> {
    let mut spooled = Spooled::default();
    if media(head).0 != "multipart/form-data" {
        return Ok(spooled);
    }
    let boundary = multer::parse_boundary(head.header(CONTENT_TYPE.as_str()).unwrap_or_default()).map_err(refused)?;
    let mut parts = multer::Multipart::new(arriving(body), boundary);
    let mut count = 0;
    while let Some(part) = parts.next_field().await.map_err(refused)? {
        count += 1;
        if count > MOST_PARTS {
            return Err(Fault::BadBody(BadBody::Crowded { most: MOST_PARTS }));
        }
        let name = part.name().unwrap_or_default().to_owned();
        let Some(sent) = part.file_name().map(str::to_owned) else {
            spooled.fields.push((name, field(part).await?));
            continue;
        };
        if name == file && spooled.file.is_none() {
            let media = part.content_type().map(ToString::to_string);
            spooled.file = Some(Enclosed { name: sent, media, content: keep(part).await? });
        }
    }
    Ok(spooled)
}

fn arriving(body: &mut Incoming) -> impl Stream<Item = Result<Bytes, Stopped>> + Send + '_ {
    unfold(Some(body), |body| async move {
        let body = body?;
        match body.next().await {
            Ok(part) => part.map(|part| (Ok(part), Some(body))),
            Err(fault) => Some((Err(Stopped(fault)), None)),
        }
    })
}

/// What stopped the parser: its own reason, or that of the body.
fn refused(error: multer::Error) -> Fault {
    match error {
        multer::Error::StreamReadFailed(source) => match source.downcast::<Stopped>() {
            Ok(stopped) => stopped.0,
            Err(source) => Fault::BadBody(BadBody::Form(source.to_string())),
        },
        error => Fault::BadBody(BadBody::Form(error.to_string())),
    }
}

async fn field(mut part: multer::Field<'_>) -> Result<String, Fault> {
    let mut value = Vec::new();
    while let Some(piece) = part.chunk().await.map_err(refused)? {
        if value.len() + piece.len() > LONGEST_FIELD {
            return Err(Fault::TooLarge { most: LONGEST_FIELD });
        }
        value.extend_from_slice(&piece);
    }
    Ok(String::from_utf8_lossy(&value).into_owned())
}

/// Keeps a file: in memory as long as it is small, then on the disk.
async fn keep(mut part: multer::Field<'_>) -> Result<Source, Fault> {
    let mut start = Vec::new();
    while let Some(piece) = part.chunk().await.map_err(refused)? {
        start.extend_from_slice(&piece);
        if start.len() > SMALL {
            return on_disk(part, &start).await;
        }
    }
    Ok(Source::Memory(start.into()))
}

async fn on_disk(mut part: multer::Field<'_>, start: &[u8]) -> Result<Source, Fault> {
    let no_room = |error: std::io::Error| Fault::Engine(factotum_engine::Error::Internal(Box::new(error)));
    let made = tokio::task::spawn_blocking(NamedTempFile::new).await;
    let made = made.map_err(|error| no_room(std::io::Error::other(error)))?.map_err(no_room)?;
    let (file, path) = made.into_parts();
    let mut file = tokio::fs::File::from_std(file);
    file.write_all(start).await.map_err(no_room)?;
    while let Some(piece) = part.chunk().await.map_err(refused)? {
        file.write_all(&piece).await.map_err(no_room)?;
    }
    file.flush().await.map_err(no_room)?;
    Ok(Source::Passing(path.into()))
}
