//! Bodies: read within limits, then understood as JSON, form or multipart.

use std::time::Duration;

use bytes::Bytes;
use factotum_engine::value::Upload;
use http::header::{CONTENT_ENCODING, CONTENT_TYPE, EXPECT};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use serde_json::Value;

use crate::http::edge::Edge;
use crate::http::head::pairs;
use crate::http::{BadBody, Fault, Head};

/// How deep lists and objects may be nested.
const DEEPEST: usize = 64;

/// The most fields and files of a form.
const MOST_FIELDS: usize = 1000;

/// How long a body that nobody wants is listened to.
const LINGER: Duration = Duration::from_secs(2);

/// A body, understood.
#[derive(Debug, Clone, PartialEq)]
pub enum Body {
    /// Nothing was sent.
    Empty,
    /// A JSON value.
    Json(Value),
    /// A form.
    Form(Form),
}

/// A form: fields in order, and files.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Form {
    /// The fields, in order; a name may repeat.
    pub fields: Vec<(String, String)>,
    /// The files.
    pub files: Vec<(String, Upload)>,
}

impl Form {
    /// The last value of a field.
    #[must_use]
    pub fn last(&self, name: &str) -> Option<&str> {
        self.fields.iter().rev().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

/// A body that may not have been read yet, so that nobody who is not let in makes us keep it.
#[derive(Debug)]
pub struct Incoming {
    stream: Option<axum::body::Body>,
    read: Bytes,
    most: usize,
    time: Duration,
    waits: bool,
}

impl Incoming {
    pub(crate) fn new(stream: axum::body::Body, head: &Head, edge: &Edge) -> Incoming {
        let most = if media(head).0 == "multipart/form-data" { edge.most_upload } else { edge.most_body };
        let waits = head.headers.contains_key(EXPECT);
        Incoming { stream: Some(stream), read: Bytes::new(), most, time: edge.body_time, waits }
    }

    /// The whole body, read once.
    ///
    /// # Errors
    /// [`Fault::TooLarge`], or [`BadBody::Cut`] when it does not arrive.
    pub async fn read(&mut self) -> Result<Bytes, Fault> {
        let Some(mut stream) = self.stream.take() else { return Ok(self.read.clone()) };
        let whole = tokio::time::timeout(self.time, Limited::new(&mut stream, self.most).collect());
        match whole.await {
            Ok(Ok(collected)) => self.read = collected.to_bytes(),
            Ok(Err(error)) if error.is::<LengthLimitError>() => {
                self.stream = Some(stream);
                return Err(Fault::TooLarge { most: self.most });
            }
            Ok(Err(_)) | Err(_) => return Err(Fault::BadBody(BadBody::Cut)),
        }
        Ok(self.read.clone())
    }

    /// The same body for somebody who takes it part by part; nothing is left here.
    pub(crate) fn of_spool(&mut self, edge: &Edge) -> Incoming {
        let (stream, read) = (self.stream.take(), std::mem::take(&mut self.read));
        Incoming { stream, read, most: edge.most_spool, time: self.time, waits: self.waits }
    }

    /// The next part of the body; none when it has ended.
    ///
    /// # Errors
    /// [`Fault::TooLarge`], or [`BadBody::Cut`] when it does not arrive.
    pub(crate) async fn next(&mut self) -> Result<Option<Bytes>, Fault> {
        let Some(stream) = &mut self.stream else { return Ok(None) };
        let frame = tokio::time::timeout(self.time, stream.frame()).await;
        let part = match frame {
            Ok(None) => return Ok(None),
            Ok(Some(Ok(frame))) => frame.into_data().unwrap_or_default(),
            Ok(Some(Err(_))) | Err(_) => return Err(Fault::BadBody(BadBody::Cut)),
        };
        match self.most.checked_sub(part.len()) {
            Some(left) => self.most = left,
            None => return Err(Fault::TooLarge { most: self.most }),
        }
        Ok(Some(part))
    }

    /// Throws away what nobody read, within reason: a client that is cut off while it sends may not see its answer.
    /// One that waits to be asked for the body is not asked.
    pub(crate) async fn discard(self) {
        let Some(mut stream) = self.stream.filter(|_| !self.waits) else { return };
        let mut left = self.most;
        let rest = async {
            while let Some(Ok(frame)) = stream.frame().await {
                left = left.saturating_sub(frame.data_ref().map_or(0, Bytes::len));
                if left == 0 {
                    break;
                }
            }
        };
        let _ = tokio::time::timeout(self.time.min(LINGER), rest).await;
    }
}

/// Understands a body by its declared type.
///
/// # Errors
/// [`Fault::BadBody`] or [`Fault::WrongMedia`].
pub async fn read(head: &Head, body: &Bytes) -> Result<Body, Fault> {
    if body.is_empty() {
        return Ok(if is_form(head) { Body::Form(Form::default()) } else { Body::Empty });
    }
    let given = || header(head, CONTENT_TYPE.as_str()).to_owned();
    let (media, charset) = media(head);
    let is_plain = matches!(header(head, CONTENT_ENCODING.as_str()).trim(), "" | "identity");
    if !is_plain || !is_unicode(&charset) {
        return Err(Fault::WrongMedia { given: given() });
    }
    match media.as_str() {
        "application/json" => json(body).map(Body::Json),
        "application/x-www-form-urlencoded" => form(body).map(Body::Form),
        "multipart/form-data" => multipart(header(head, CONTENT_TYPE.as_str()), body).await.map(Body::Form),
        _ => Err(Fault::WrongMedia { given: given() }),
    }
}

/// Whether a body claims to be a form.
#[must_use]
pub fn is_form(head: &Head) -> bool {
    matches!(media(head).0.as_str(), "application/x-www-form-urlencoded" | "multipart/form-data")
}

fn header<'h>(head: &'h Head, name: &str) -> &'h str {
    head.header(name).unwrap_or("")
}

/// The media type in lower case and the charset of the body.
pub(super) fn media(head: &Head) -> (String, String) {
    let mut parts = header(head, CONTENT_TYPE.as_str()).split(';').map(str::trim);
    let media = parts.next().unwrap_or("").to_ascii_lowercase();
    let charset = parts.filter_map(|part| part.split_once('=')).find(|(name, _)| name.eq_ignore_ascii_case("charset"));
    (media, charset.map_or(String::new(), |(_, value)| value.trim_matches('"').to_ascii_lowercase()))
}

fn is_unicode(charset: &str) -> bool {
    matches!(charset, "" | "utf-8" | "utf8" | "us-ascii" | "ascii")
}

/// The JSON value that a body is.
///
/// # Errors
/// [`BadBody::Json`] for what is no UTF-8, no JSON, or nested too deep.
pub fn json(body: &[u8]) -> Result<Value, Fault> {
    let refuse = |words: String| Fault::BadBody(BadBody::Json(words));
    let text = std::str::from_utf8(body).map_err(|error| {
        let at = error.valid_up_to();
        refuse(format!("'utf-8' codec can't decode byte 0x{:02x} in position {at}: invalid start byte", body[at]))
    })?;
    if depth(text) > DEEPEST {
        return Err(refuse(format!("nested deeper than {DEEPEST}")));
    }
    serde_json::from_str(text).map_err(|error| {
        let (line, column) = (error.line(), error.column());
        let words = error.to_string();
        let words = words.split(" at line ").next().unwrap_or_default();
        refuse(format!("{words}: line {line} column {column}"))
    })
}

/// How deep brackets are nested outside of strings.
fn depth(text: &str) -> usize {
    let (mut depth, mut deepest, mut inside, mut escaped) = (0_usize, 0, false, false);
    for byte in text.bytes() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if inside => escaped = true,
            b'"' => inside = !inside,
            b'[' | b'{' if !inside => {
                depth += 1;
                deepest = deepest.max(depth);
            }
            b']' | b'}' if !inside => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    deepest
}

fn form(body: &[u8]) -> Result<Form, Fault> {
    let text = String::from_utf8_lossy(body);
    let fields = pairs(&text);
    if fields.len() > MOST_FIELDS {
        return Err(too_many());
    }
    Ok(Form { fields, files: Vec::new() })
}

async fn multipart(media: &str, body: &Bytes) -> Result<Form, Fault> {
    let refuse = |error: multer::Error| Fault::BadBody(BadBody::Form(error.to_string()));
    let boundary = multer::parse_boundary(media).map_err(refuse)?;
    let whole = body.clone();
    let stream = futures_util::stream::once(async move { Ok::<Bytes, std::io::Error>(whole) });
    let mut parts = multer::Multipart::new(stream, boundary);
    let mut form = Form::default();
    while let Some(part) = parts.next_field().await.map_err(refuse)? {
        if form.fields.len() + form.files.len() >= MOST_FIELDS {
            return Err(too_many());
        }
        let Some(name) = part.name().map(str::to_owned) else { continue };
        match part.file_name().map(str::to_owned) {
            Some(file) => {
                let media = part.content_type().map(ToString::to_string);
                let content = part.bytes().await.map_err(refuse)?;
                form.files.push((name, Upload { name: file, media, content }));
            }
            None => {
                let content = part.bytes().await.map_err(refuse)?;
                form.fields.push((name, String::from_utf8_lossy(&content).into_owned()));
            }
        }
    }
    Ok(form)
}

fn too_many() -> Fault {
    Fault::BadBody(BadBody::Crowded { most: MOST_FIELDS })
}
