//! The published front end, from a folder that the site's owner has: pages that a builder made ahead, which draw
//! themselves from the API below them.
//!
//! ```no_run
//! # fn mount(site: factotum::Site) -> Result<axum::Router, Box<dyn std::error::Error>> {
//! use factotum::contract::litestar::{Litestar, frontend::Frontend};
//! let api = factotum::router(site, Litestar::new("a secret of 32 bytes or more, that nobody can guess"));
//! let pages = Frontend::open("frontend".as_ref())?.router(api);
//! let app = axum::Router::new().nest_service("/admin", pages);
//! # Ok(app) }
//! ```

use std::convert::Infallible;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use axum::body::Body;
use http::header::{self, HeaderMap, HeaderValue};
use http::{Method, Request, Response, StatusCode};
use percent_encoding::percent_decode_str;
use tower::ServiceExt;

use crate::http::assets::Assets;

/// Where the built files are in what a package installer makes of the folder named.
const PLACES: [&str; 3] = ["", "litestar_admin/static", "static"];
/// The first page.
const INDEX: &str = "index.html";
/// The page for what is not there.
const MISSING: &str = "404.html";
/// Folders whose page draws whatever is below them.
const DEEP: [&str; 6] = ["models", "actions", "pages", "custom", "embeds", "users"];
/// What belongs to the API.
const API: [&str; 2] = ["/api", "/auth/oauth"];
/// Pages have scripts of their own, but nobody else may put them into a frame.
const POLICY: &str = "frame-ancestors 'self'; object-src 'none'; base-uri 'self'";

/// The front end, ready to be served.
#[derive(Debug, Clone)]
pub struct Frontend {
    assets: Arc<Assets>,
}

/// Why a folder is no front end.
#[derive(Debug, thiserror::Error)]
pub enum Unfit {
    /// There is no such folder.
    #[error("there is no folder {0}")]
    NoFolder(PathBuf),
    /// The folder has no first page.
    #[error(
        "{0} holds no built front end: there is no index.html in it (pip install --no-deps --target {0} litestar-admin)"
    )]
    NoPages(PathBuf),
    /// It cannot be read.
    #[error("{0}: {1}")]
    Unreadable(PathBuf, std::io::Error),
}

impl Frontend {
    /// Reads the folder: what is served later is what was there now.
    ///
    /// # Errors
    /// [`Unfit`].
    pub fn open(folder: &Path) -> Result<Frontend, Unfit> {
        if !folder.is_dir() {
            return Err(Unfit::NoFolder(folder.to_owned()));
        }
        let mut places = PLACES.iter().map(|place| folder.join(place));
        let place = places.find(|place| place.join(INDEX).is_file() && place.join("_next").is_dir());
        let place = place.ok_or_else(|| Unfit::NoPages(folder.to_owned()))?;
        let assets = Assets::with_pages(&place).map_err(|error| Unfit::Unreadable(place, error))?;
        Ok(Frontend { assets: Arc::new(assets) })
    }

    /// The API and the pages at one place, to be nested as a service where the pages were built for: `/admin`.
    pub fn router(self, api: axum::Router) -> axum::Router {
        let service = tower::service_fn(move |request: Request<Body>| {
            let (api, pages) = (api.clone(), self.clone());
            async move {
                if is_api(request.uri().path()) {
                    return api.oneshot(request).await;
                }
                Ok::<_, Infallible>(pages.answer(request.method(), request.uri().path(), request.headers()))
            }
        });
        axum::Router::new().fallback_service(service)
    }

    fn answer(&self, method: &Method, path: &str, asked: &HeaderMap) -> Response<Body> {
        if !matches!(*method, Method::GET | Method::HEAD) {
            return other_method(method);
        }
        let path = percent_decode_str(path.trim_start_matches('/')).decode_utf8_lossy();
        let mut response = self.found(path.trim_end_matches('/'), asked);
        if *method == Method::HEAD {
            *response.body_mut() = Body::empty();
        }
        response
    }

    /// The file of this path, the page of this folder, or the page of a folder above it that draws what is below.
    fn found(&self, path: &str, asked: &HeaderMap) -> Response<Body> {
        let first = path.split('/').next().unwrap_or_default();
        let page = if path.is_empty() { INDEX.to_owned() } else { format!("{path}/{INDEX}") };
        if let Some(file) = self.assets.get(path, asked) {
            return dressed(file, path);
        }
        if DEEP.contains(&first) {
            let page = format!("{first}/{INDEX}");
            // One page stands for many addresses: none of them may be kept.
            if let Some(mut reply) = self.assets.get(&page, &HeaderMap::new()) {
                let never = HeaderValue::from_static("no-cache, no-store, must-revalidate");
                reply.headers_mut().insert(header::CACHE_CONTROL, never);
                return dressed(reply, &page);
            }
        }
        if let Some(reply) = self.assets.get(&page, asked) {
            return dressed(reply, &page);
        }
        let mut missing = self.assets.get(MISSING, &HeaderMap::new()).unwrap_or_else(|| Response::new(Body::empty()));
        *missing.status_mut() = StatusCode::NOT_FOUND;
        missing.headers_mut().remove(header::ETAG);
        dressed(missing, MISSING)
    }
}

fn is_api(path: &str) -> bool {
    API.iter().any(|prefix| path.strip_prefix(prefix).is_some_and(|rest| rest.is_empty() || rest.starts_with('/')))
}

/// The file with its name, and with what keeps others from framing it.
fn dressed(mut response: Response<Body>, path: &str) -> Response<Body> {
    let name: String = path.rsplit('/').next().unwrap_or_default().replace(['"', '\\'], "_");
    if let Ok(disposition) = HeaderValue::from_str(&format!("inline; filename=\"{name}\"")) {
        response.headers_mut().insert(header::CONTENT_DISPOSITION, disposition);
    }
    response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    response.headers_mut().insert(header::REFERRER_POLICY, HeaderValue::from_static("same-origin"));
    response
}

/// What pages say to methods that are not theirs: the words of the API.
fn other_method(method: &Method) -> Response<Body> {
    let mut answer = Response::new(Body::empty());
    if *method == Method::OPTIONS {
        *answer.status_mut() = StatusCode::NO_CONTENT;
    } else {
        *answer.status_mut() = StatusCode::METHOD_NOT_ALLOWED;
        *answer.body_mut() = Body::from(r#"{"status_code":405,"detail":"Method Not Allowed"}"#);
        answer.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    }
    answer.headers_mut().insert(header::ALLOW, HeaderValue::from_static("GET, HEAD, OPTIONS"));
    answer
}

#[cfg(test)]
mod tests {
    use http_body_util::BodyExt;

    use super::*;

    fn pages() -> (tempfile::TempDir, Frontend) {
        let folder = tempfile::tempdir().expect("a folder");
        let files = [
            "index.html",
            "404.html",
            "login/index.html",
            "models/index.html",
            "models/index.txt",
            "_next/static/a.js",
        ];
        for path in files {
            let whole = folder.path().join("litestar_admin/static").join(path);
            std::fs::create_dir_all(whole.parent().expect("a parent")).expect("a folder");
            std::fs::write(whole, path).expect("a file");
        }
        let frontend = Frontend::open(folder.path()).expect("a front end");
        (folder, frontend)
    }

    async fn body(response: Response<Body>) -> String {
        String::from_utf8(response.into_body().collect().await.expect("a body").to_bytes().to_vec()).expect("text")
    }

    #[tokio::test]
    async fn every_address_has_its_page() {
        let (_folder, frontend) = pages();
        let cases = [
            ("/", 200, "index.html"),
            ("/login", 200, "login/index.html"),
            ("/login/", 200, "login/index.html"),
            ("/models", 200, "models/index.html"),
            ("/models/product/5/edit", 200, "models/index.html"),
            ("/models/index.txt", 200, "models/index.txt"),
            ("/_next/static/a.js", 200, "_next/static/a.js"),
            ("/nowhere", 404, "404.html"),
            ("/../Cargo.toml", 404, "404.html"),
            ("/%2e%2e/%2e%2e/Cargo.toml", 404, "404.html"),
        ];
        for (path, status, expected) in cases {
            let response = frontend.answer(&Method::GET, path, &HeaderMap::new());
            assert_eq!((response.status().as_u16(), body(response).await.as_str()), (status, expected), "{path}");
        }
        let deep = frontend.answer(&Method::GET, "/models/product", &HeaderMap::new());
        assert_eq!(deep.headers()["cache-control"], "no-cache, no-store, must-revalidate");
        let posted = frontend.answer(&Method::POST, "/", &HeaderMap::new());
        assert_eq!(posted.status(), StatusCode::METHOD_NOT_ALLOWED);
        assert_eq!(body(posted).await, r#"{"status_code":405,"detail":"Method Not Allowed"}"#);
        assert_eq!(frontend.answer(&Method::OPTIONS, "/", &HeaderMap::new()).status(), StatusCode::NO_CONTENT);
    }

    #[test]
    fn the_api_goes_before_pages() {
        let answers = ["/api", "/api/models", "/auth/oauth/x/login", "/apiary", "/models/api"].map(is_api);
        assert_eq!(answers, [true, true, true, false, false]);
    }
}
