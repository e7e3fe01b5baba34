//! Assets: the files that a front end is built to, held in memory. What is not there at the start is never served, so
//! that no path can lead out of the folder.

use std::collections::HashMap;
use std::convert::Infallible;
use std::io::{self, Write};
use std::path::Path;
use std::sync::Arc;

use bytes::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;
use http::header::{self, HeaderMap, HeaderName, HeaderValue};
use http::{Method, Request, Response, StatusCode};
use percent_encoding::percent_decode_str;
use sha2::{Digest, Sha256};

/// How many folders deep files are looked for; a link that leads back up ends here.
const DEPTH: usize = 8;
/// The most bytes of all files together: a front end has a few, and a folder named by mistake is told at once.
const MOST: usize = 64 * 1024 * 1024;
/// The type of a page.
const PAGE: &str = "text/html; charset=utf-8";
/// What a browser need not ask for again in a year.
const FOREVER: &str = "public, max-age=31536000, immutable";

/// The files of a front end, by their path in the folder.
#[derive(Debug, Clone, Default)]
pub struct Assets {
    files: HashMap<String, Arc<Asset>>,
}

/// One file.
#[derive(Debug)]
struct Asset {
    media: &'static str,
    plain: Bytes,
    packed: Option<Bytes>,
    tag: String,
    lasts: bool,
}

impl Assets {
    /// Reads a folder. Left out are hidden files, and those of no type that a page loads.
    ///
    /// # Errors
    /// When the folder or a file cannot be read, or when it is too large to be a front end.
    pub fn read(folder: &Path) -> io::Result<Assets> {
        Assets::of(folder, media_type)
    }

    /// Reads a folder that has pages among its files.
    ///
    /// # Errors
    /// As [`Assets::read`].
    pub fn with_pages(folder: &Path) -> io::Result<Assets> {
        Assets::of(folder, |name| if name.ends_with(".html") { Some(PAGE) } else { media_type(name) })
    }

    fn of(folder: &Path, media: Media) -> io::Result<Assets> {
        let mut found = Vec::new();
        gather(folder, ("", media), DEPTH, &mut MOST.clone(), &mut found)?;
        let files = found.into_iter().map(|(path, media, plain)| {
            let asset = Arc::new(Asset::new(&path, media, plain));
            (path, asset)
        });
        Ok(Assets { files: files.collect() })
    }

    /// Whether there is a file of this path.
    #[must_use]
    pub fn has(&self, path: &str) -> bool {
        self.files.contains_key(path)
    }

    /// A file as an answer to a request with these headers; `None` if there is none of this path.
    #[must_use]
    pub fn get(&self, path: &str, asked: &HeaderMap) -> Option<Response<axum::body::Body>> {
        self.files.get(path).map(|asset| asset.response(asked))
    }

    /// A router that serves them, to be nested under their URL.
    pub fn router(self) -> axum::Router {
        let assets = Arc::new(self);
        let service = tower::service_fn(move |request: Request<axum::body::Body>| {
            let response = assets.answer(request.method(), request.uri().path(), request.headers());
            async move { Ok::<_, Infallible>(response) }
        });
        axum::Router::new().fallback_service(service)
    }

    fn answer(&self, method: &Method, path: &str, asked: &HeaderMap) -> Response<axum::body::Body> {
        if !matches!(*method, Method::GET | Method::HEAD) {
            let mut refusal = empty(StatusCode::METHOD_NOT_ALLOWED);
            refusal.headers_mut().insert(header::ALLOW, HeaderValue::from_static("GET, HEAD"));
            return refusal;
        }
        let path = percent_decode_str(path.trim_start_matches('/')).decode_utf8_lossy();
        let Some(mut response) = self.get(&path, asked) else { return empty(StatusCode::NOT_FOUND) };
        if *method == Method::HEAD {
            *response.body_mut() = axum::body::Body::empty();
        }
        response
    }
}

impl Asset {
    fn new(path: &str, media: &'static str, plain: Vec<u8>) -> Asset {
        let digest = Sha256::digest(&plain);
        let tag = digest.iter().take(12).fold(String::new(), |tag, byte| format!("{tag}{byte:02x}"));
        let packed = is_text(media).then(|| pack(&plain).ok()).flatten();
        let packed = packed.filter(|packed| packed.len() < plain.len()).map(Bytes::from);
        Asset { media, plain: plain.into(), packed, tag, lasts: has_hash(path) }
    }

    fn response(&self, asked: &HeaderMap) -> Response<axum::body::Body> {
        let packed = self.packed.as_ref().filter(|_| unpacks(asked));
        // Two forms of a file are two entities, and have two tags.
        let tag = format!("\"{}{}\"", self.tag, if packed.is_some() { "-gz" } else { "" });
        let is_known = asked.get(header::IF_NONE_MATCH).and_then(|tags| tags.to_str().ok());
        let mut response = if is_known.is_some_and(|tags| tags == "*" || tags.contains(&tag)) {
            empty(StatusCode::NOT_MODIFIED)
        } else {
            let body = packed.unwrap_or(&self.plain);
            let mut response = Response::new(axum::body::Body::from(body.clone()));
            set(&mut response, header::CONTENT_TYPE, self.media);
            response.headers_mut().insert(header::CONTENT_LENGTH, HeaderValue::from(body.len()));
            if packed.is_some() {
                set(&mut response, header::CONTENT_ENCODING, "gzip");
            }
            response
        };
        if let Ok(tag) = HeaderValue::from_str(&tag) {
            response.headers_mut().insert(header::ETAG, tag);
        }
        set(&mut response, header::X_CONTENT_TYPE_OPTIONS, "nosniff");
        set(&mut response, header::VARY, "Accept-Encoding");
        set(&mut response, header::CACHE_CONTROL, if self.lasts { FOREVER } else { "no-cache" });
        response
    }
}

fn set(response: &mut Response<axum::body::Body>, name: HeaderName, value: &'static str) {
    response.headers_mut().insert(name, HeaderValue::from_static(value));
}

fn empty(status: StatusCode) -> Response<axum::body::Body> {
    let mut response = Response::new(axum::body::Body::empty());
    *response.status_mut() = status;
    set(&mut response, header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    set(&mut response, header::CONTENT_SECURITY_POLICY, "default-src 'none'; frame-ancestors 'none'");
    response
}

type Found = Vec<(String, &'static str, Vec<u8>)>;
/// The type of a file by its name, if it is served.
type Media = fn(&str) -> Option<&'static str>;

fn gather(
    folder: &Path,
    (prefix, media): (&str, Media),
    depth: usize,
    room: &mut usize,
    found: &mut Found,
) -> io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let Some(name) = entry.file_name().to_str().map(str::to_owned) else { continue };
        if name.starts_with('.') {
            continue;
        }
        let (path, whole) = (format!("{prefix}{name}"), entry.path());
        if whole.is_dir() {
            if depth > 0 {
                gather(&whole, (&format!("{path}/"), media), depth - 1, room, found)?;
            }
        } else if let Some(media) = media(&name) {
            let content = std::fs::read(&whole)?;
            *room = room.checked_sub(content.len()).ok_or_else(|| io::Error::other("more than 64 MiB of files"))?;
            found.push((path, media, content));
        }
    }
    Ok(())
}

/// The types that a page loads. Pages themselves are not among them: what is served here never has a script of its own.
fn media_type(name: &str) -> Option<&'static str> {
    let (_, ending) = name.rsplit_once('.')?;
    Some(match ending.to_ascii_lowercase().as_str() {
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "json" | "map" => "application/json",
        "txt" => "text/plain; charset=utf-8",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "gif" => "image/gif",
        "webp" => "image/webp",
        "avif" => "image/avif",
        "ico" => "image/x-icon",
        "woff" => "font/woff",
        "woff2" => "font/woff2",
        "ttf" => "font/ttf",
        "wasm" => "application/wasm",
        _ => return None,
    })
}

fn is_text(media: &str) -> bool {
    media.starts_with("text/") || matches!(media, "application/json" | "image/svg+xml" | "application/wasm")
}

fn pack(plain: &[u8]) -> io::Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(plain)?;
    encoder.finish()
}

/// Whether the client takes gzip; `gzip;q=0` says that it does not.
pub(super) fn unpacks(asked: &HeaderMap) -> bool {
    let lines = asked.get_all(header::ACCEPT_ENCODING).iter().filter_map(|line| line.to_str().ok());
    lines.flat_map(|line| line.split(',')).any(|coding| {
        let (name, quality) = coding.split_once(';').unwrap_or((coding, ""));
        let refuses = quality.trim().strip_prefix("q=").is_some_and(|q| q.parse::<f32>() == Ok(0.0));
        name.trim().eq_ignore_ascii_case("gzip") && !refuses
    })
}

/// Whether a file's name tells its content, as builders write it: `assets/index-DN3-BsxA.js`. Only directly below
/// `assets/` are names of this kind; `first-contract.js` is a word and no hash. Next.js has a folder for them.
fn has_hash(path: &str) -> bool {
    if path.starts_with("_next/static/") {
        return true;
    }
    let stem = path.strip_prefix("assets/").and_then(|name| name.split('.').next()).unwrap_or_default();
    let Some((before, hash)) = stem.len().checked_sub(8).and_then(|at| stem.split_at_checked(at)) else { return false };
    let is_letter = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    let is_word = hash.bytes().all(|byte| byte.is_ascii_lowercase());
    before.ends_with('-') && hash.bytes().all(is_letter) && !is_word
}

#[cfg(test)]
mod tests {
    use http_body_util::BodyExt;
    use tower::ServiceExt;

    use super::*;

    fn folder() -> tempfile::TempDir {
        let folder = tempfile::tempdir().expect("a folder");
        let files = [
            ("assets/index-DN3-BsxA.js", "let a = 1;".repeat(50)),
            ("assets/plain.js", "1".to_owned()),
            ("index.html", "<p>".to_owned()),
            (".vite/manifest.json", "{}".to_owned()),
            ("logo.svg", "<svg/>".to_owned()),
            ("README", "read".to_owned()),
        ];
        for (path, content) in files {
            let path = folder.path().join("built").join(path);
            std::fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
            std::fs::write(path, content).expect("a file");
        }
        std::fs::write(folder.path().join("outside.js"), "secret").expect("a file");
        folder
    }

    async fn ask(request: &str, headers: &[(&str, &str)]) -> (StatusCode, HeaderMap, Vec<u8>) {
        let folder = folder();
        let router = Assets::read(&folder.path().join("built")).expect("files").router();
        let (method, path) = request.split_once(' ').expect("a method and a path");
        let mut built = Request::builder().method(method).uri(path);
        for (name, value) in headers {
            built = built.header(*name, *value);
        }
        let asked = built.body(axum::body::Body::empty()).expect("a request");
        let response = router.oneshot(asked).await.expect("an answer");
        let (parts, body) = response.into_parts();
        (parts.status, parts.headers, body.collect().await.expect("a body").to_bytes().to_vec())
    }

    #[tokio::test]
    async fn a_file_whose_name_tells_its_content_lasts() {
        let (status, headers, body) = ask("GET /assets/index-DN3-BsxA.js", &[]).await;
        assert_eq!((status, body.len()), (StatusCode::OK, 500));
        assert_eq!(headers["content-type"], "text/javascript; charset=utf-8");
        assert_eq!(headers["cache-control"], FOREVER);
        assert_eq!(headers["x-content-type-options"], "nosniff");
        let (_, headers, _) = ask("GET /assets/plain.js", &[]).await;
        assert_eq!(headers["cache-control"], "no-cache");
        let (_, headers, body) = ask("HEAD /assets/index-DN3-BsxA.js", &[]).await;
        assert_eq!((&headers["content-length"], body.len()), (&HeaderValue::from(500), 0));
    }

    #[tokio::test]
    async fn who_takes_gzip_gets_it_and_who_knows_a_file_does_not() {
        let (_, headers, body) = ask("GET /assets/index-DN3-BsxA.js", &[("accept-encoding", "br, gzip")]).await;
        assert_eq!(headers["content-encoding"], "gzip");
        assert!(body.len() < 100);
        let tag = headers["etag"].to_str().expect("text");
        let known = [("accept-encoding", "gzip"), ("if-none-match", tag)];
        assert_eq!(ask("GET /assets/index-DN3-BsxA.js", &known).await.0, StatusCode::NOT_MODIFIED);
        assert_eq!(ask("GET /assets/index-DN3-BsxA.js", &[("if-none-match", tag)]).await.0, StatusCode::OK);
        let (_, headers, _) = ask("GET /assets/index-DN3-BsxA.js", &[("accept-encoding", "gzip;q=0")]).await;
        assert!(!headers.contains_key("content-encoding"));
    }

    #[tokio::test]
    async fn nothing_else_is_served() {
        let paths = [
            "/",
            "/assets",
            "/assets/",
            "/index.html",
            "/.vite/manifest.json",
            "/README",
            "/../outside.js",
            "/%2e%2e/outside.js",
            "/assets/..%2f..%2foutside.js",
            "//etc/passwd",
            "/logo.svg%00",
            "/%FF",
        ];
        for path in paths {
            assert_eq!(ask(&format!("GET {path}"), &[]).await.0, StatusCode::NOT_FOUND, "{path}");
        }
        assert_eq!(ask("POST /logo.svg", &[]).await.0, StatusCode::METHOD_NOT_ALLOWED);
    }

    #[test]
    fn a_hash_has_eight_letters() {
        let check = |path: &str, expected: bool| assert_eq!(has_hash(path), expected, "{path}");
        check("assets/index-DN3-BsxA.js", true);
        check("assets/index-DN3-BsxA.js.map", true);
        check("assets/first-contract.js", false);
        check("assets/é.js", false);
        check("assets/index.js", false);
        check("_next/static/chunks/app.js", true);
        check("index-DN3-BsxA.js", false);
        check("assets/a-1.js", false);
    }
}
