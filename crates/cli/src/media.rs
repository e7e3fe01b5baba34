//! Uploaded files, served as attachments: whatever somebody uploaded, no browser runs it on this site.

use std::path::{Component, Path, PathBuf};

use axum::body::Body;
use factotum::files::Files;
use http::{HeaderValue, Method, Request, Response, StatusCode, header};
use tower::util::BoxCloneSyncService;

use crate::app::Always;

/// The folder of uploads as a service under its URL.
pub(crate) fn service(files: Files) -> BoxCloneSyncService<Request<Body>, Response<Body>, std::convert::Infallible> {
    let serve = move |request: Request<Body>| {
        let files = files.clone();
        let (method, path) = (request.method().clone(), request.uri().path().to_owned());
        async move { Always::Ok(answer(&files, &method, &path).await) }
    };
    BoxCloneSyncService::new(tower::service_fn(serve))
}

async fn answer(files: &Files, method: &Method, path: &str) -> Response<Body> {
    let is_head = method == Method::HEAD;
    if !is_head && method != Method::GET {
        return empty(StatusCode::METHOD_NOT_ALLOWED);
    }
    let Some(path) = files.root.as_deref().and_then(|root| inside(root, path)) else {
        return empty(StatusCode::NOT_FOUND);
    };
    let is_file = tokio::fs::metadata(&path).await.is_ok_and(|found| found.is_file());
    let (true, Ok(content)) = (is_file, tokio::fs::read(&path).await) else { return empty(StatusCode::NOT_FOUND) };
    let length = content.len();
    let mut response = Response::new(if is_head { Body::empty() } else { Body::from(content) });
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type(&path)));
    headers.insert(header::CONTENT_LENGTH, HeaderValue::from(length));
    headers.insert(header::CONTENT_DISPOSITION, HeaderValue::from_static("attachment"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static("sandbox; default-src 'none'"));
    response
}

/// The file meant, if the path leads nowhere else than into the folder.
fn inside(root: &Path, path: &str) -> Option<PathBuf> {
    let decoded = decoded(path.trim_start_matches('/'))?;
    let relative = Path::new(&decoded);
    let plain = relative.components().all(|part| matches!(part, Component::Normal(_)));
    (plain && !decoded.is_empty() && !decoded.contains('\0')).then(|| root.join(relative))
}

/// A path with its percent signs resolved; `None` if it is no text.
fn decoded(path: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(path.len());
    let mut rest = path.as_bytes();
    while let [first, after @ ..] = rest {
        rest = after;
        if *first == b'%' {
            let digits = std::str::from_utf8(after.get(..2)?).ok()?;
            bytes.push(u8::from_str_radix(digits, 16).ok()?);
            rest = &after[2..];
        } else {
            bytes.push(*first);
        }
    }
    String::from_utf8(bytes).ok()
}

/// Types that a page may show as an image; the rest is bytes.
fn media_type(path: &Path) -> &'static str {
    let extension = path.extension().and_then(|extension| extension.to_str()).unwrap_or_default().to_lowercase();
    match extension.as_str() {
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "gif" => "image/gif",
        "webp" => "image/webp",
        "pdf" => "application/pdf",
        "txt" => "text/plain; charset=utf-8",
        "csv" => "text/csv; charset=utf-8",
        _ => "application/octet-stream",
    }
}

fn empty(status: StatusCode) -> Response<Body> {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = status;
    response
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::inside;

    #[test]
    fn no_path_leads_out_of_the_folder() {
        let check = |path: &str, expected: Option<&str>| {
            assert_eq!(inside(Path::new("/media"), path).as_deref(), expected.map(Path::new), "{path}");
        };
        check("/manuals/a%20b.txt", Some("/media/manuals/a b.txt"));
        check("/../secret", None);
        check("/%2e%2e/secret", None);
        check("/a/..%2f..%2fsecret", None);
        check("/%2Fetc/passwd", None);
        check("/a%00b", None);
        check("/", None);
        check("/%e9", None);
    }
}
