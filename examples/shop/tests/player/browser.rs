//! A made-up browser: its cookies, the request a step describes, and the answer that came back.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::net::SocketAddr;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{HeaderMap, Request, header};
use http_body_util::BodyExt;
use serde_json::Value;
use tower::ServiceExt;

use super::conversation::{Send, Step};

const TOKEN: &str = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
const BOUNDARY: &str = "----conversation5f1c";

/// The cookies of one person at one machine. It starts with a CSRF cookie of its own making.
pub(crate) struct Browser {
    cookies: BTreeMap<String, String>,
}

/// What a step got.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

/// Values of earlier answers that later steps repeat.
#[derive(Default)]
pub(crate) struct Saved(BTreeMap<String, String>);

impl Default for Browser {
    fn default() -> Self {
        Self { cookies: BTreeMap::from([("csrftoken".into(), TOKEN.into())]) }
    }
}

impl Browser {
    /// Sends one step and keeps the cookies that it is given.
    pub(crate) async fn ask(&mut self, app: Router, step: &Step, saved: &Saved) -> Answer {
        let reply = app.oneshot(self.request(step, saved)).await.unwrap();
        let (head, body) = reply.into_parts();
        let mut body = body.collect().await.map(|whole| whole.to_bytes().to_vec()).unwrap();
        for cookie in head.headers.get_all(header::SET_COOKIE) {
            self.take(cookie.to_str().unwrap());
        }
        if step.send.method == "HEAD" {
            // A server on a socket never writes this body.
            body.clear();
        }
        Answer { status: head.status.as_u16(), headers: head.headers, body }
    }

    fn request(&self, step: &Step, saved: &Saved) -> Request<Body> {
        let send = &step.send;
        let (body, media) = body_of(send, saved);
        // A browser escapes the quotes of a query, and a request in this process cannot be made with bare ones.
        let path = saved.fill(&send.path).replace('"', "%22");
        let mut request = Request::builder().method(send.method.as_str()).uri(path).body(Body::empty()).unwrap();
        let headers = request.headers_mut();
        headers.insert(header::HOST, "127.0.0.1".parse().unwrap());
        if let Some(media) = media {
            headers.insert(header::CONTENT_TYPE, media.parse().unwrap());
        }
        if step.csrf && !matches!(send.method.as_str(), "GET" | "HEAD" | "OPTIONS" | "TRACE") {
            let token = self.cookies.get("csrftoken").map_or(TOKEN, String::as_str);
            headers.insert("x-csrftoken", token.parse().unwrap());
        }
        let cookies: Vec<String> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        headers.insert(header::COOKIE, cookies.join("; ").parse().unwrap());
        for (name, value) in &send.headers {
            headers.insert(header::HeaderName::try_from(name).unwrap(), saved.fill(value).parse().unwrap());
        }
        if let Some(body) = body {
            headers.insert(header::CONTENT_LENGTH, body.len().into());
            *request.body_mut() = Body::from(body);
        }
        request.extensions_mut().insert(ConnectInfo(SocketAddr::from(([127, 0, 0, 1], 50_000))));
        request
    }

    fn take(&mut self, set_cookie: &str) {
        let mut parts = set_cookie.split(';');
        let (name, value) = parts.next().and_then(|pair| pair.trim().split_once('=')).unwrap();
        let expired = parts.any(|attribute| attribute.trim().eq_ignore_ascii_case("max-age=0"));
        if expired || matches!(value, "" | "\"\"") {
            self.cookies.remove(name);
        } else {
            self.cookies.insert(name.to_owned(), value.to_owned());
        }
    }
}

impl Answer {
    /// The body as JSON, when it says that it is and it can be read.
    pub(crate) fn json(&self) -> Option<Value> {
        let media = self.header("content-type")?.to_lowercase();
        media.contains("json").then(|| serde_json::from_slice(&self.body).ok()).flatten()
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

impl Saved {
    /// Keeps what the step asks to keep; a value that did not come is kept as a word that fits nowhere.
    pub(crate) fn take(&mut self, step: &Step, answer: &Answer) {
        let json = answer.json();
        for (name, pointer) in &step.save {
            let value = match pointer.strip_prefix("header:") {
                Some(header) => answer.header(header).map(str::to_owned),
                None => json.as_ref().and_then(|json| json.pointer(pointer)).map(plain),
            };
            self.0.insert(name.clone(), value.unwrap_or_else(|| "missing".into()));
        }
    }

    fn fill(&self, text: &str) -> String {
        self.0.iter().fold(text.to_owned(), |text, (name, value)| text.replace(&format!("{{{name}}}"), value))
    }
}

/// The body of a request with the media type that belongs to it.
fn body_of(send: &Send, saved: &Saved) -> (Option<String>, Option<String>) {
    if let Some(json) = &send.json {
        return (Some(saved.fill(json.get())), Some("application/json".into()));
    }
    if let Some(form) = &send.form {
        return (Some(urlencoded(form)), Some("application/x-www-form-urlencoded".into()));
    }
    if let Some(parts) = &send.multipart {
        return (Some(multipart(parts)), Some(format!("multipart/form-data; boundary={BOUNDARY}")));
    }
    (send.text.as_ref().map(|text| saved.fill(text)), None)
}

fn urlencoded(form: &serde_json::Map<String, Value>) -> String {
    let mut pairs = Vec::new();
    for (name, value) in form {
        let values = value.as_array().map_or(std::slice::from_ref(value), Vec::as_slice);
        pairs.extend(values.iter().map(|value| format!("{}={}", quoted(name), quoted(&plain(value)))));
    }
    pairs.join("&")
}

fn quoted(text: &str) -> String {
    text.bytes().fold(String::new(), |mut out, byte| {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'_' | b'.' | b'-' | b'~' => out.push(char::from(byte)),
            b' ' => out.push('+'),
            other => write!(out, "%{other:02X}").unwrap(),
        }
        out
    })
}

fn multipart(parts: &[(String, Option<String>, Option<String>, String)]) -> String {
    let mut out = String::new();
    for (name, filename, media, text) in parts {
        write!(out, "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"").unwrap();
        if let Some(filename) = filename.as_ref().filter(|filename| !filename.is_empty()) {
            write!(out, "; filename=\"{filename}\"").unwrap();
        }
        if let Some(media) = media {
            write!(out, "\r\nContent-Type: {media}").unwrap();
        }
        write!(out, "\r\n\r\n{text}\r\n").unwrap();
    }
    out + "--" + BOUNDARY + "--\r\n"
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}
