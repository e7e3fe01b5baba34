//! Documentation pages: an OpenAPI document, and four viewers of it that load nothing from anywhere else.

mod files;
mod yaml;

use std::convert::Infallible;
use std::sync::Arc;

use axum::body::Body;
use axum::extract::OriginalUri;
use bytes::Bytes;
use http::header::{self, HeaderName, HeaderValue};
use http::{Method, Request, Response, StatusCode};
use serde_json::Value as Json;

use crate::http::markup;

/// What the pages may do: run scripts and show pictures of this site only. Viewers write styles into the page, and one
/// searches in a worker that it makes itself.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; \
                      font-src 'self' data:; connect-src 'self'; worker-src blob:; base-uri 'none'; \
                      form-action 'none'; frame-ancestors 'none'";

/// The pages of a document.
///
/// ```
/// use factotum::http::pages::Pages;
/// let pages = Pages::new("Shop", &serde_json::json!({ "openapi": "3.1.0" }));
/// let app: axum::Router = axum::Router::new().nest_service("/schema", pages.router());
/// ```
#[derive(Debug, Clone)]
pub struct Pages {
    title: String,
    document: Document,
}

#[derive(Debug, Clone)]
enum Document {
    /// It is served beside the pages, in both spellings.
    Own { json: Bytes, yaml: Bytes },
    /// It is served there, to whom may see it.
    At(String),
}

/// What shows a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Viewer {
    Swagger,
    Redoc,
    Elements,
    Rapidoc,
}

impl Viewer {
    const ALL: [(&'static str, Viewer); 4] = [
        ("swagger", Viewer::Swagger),
        ("redoc", Viewer::Redoc),
        ("elements", Viewer::Elements),
        ("rapidoc", Viewer::Rapidoc),
    ];

    fn find(name: &str) -> Option<Viewer> {
        Viewer::ALL.iter().find(|(known, _)| *known == name).map(|(_, viewer)| *viewer)
    }

    /// What it is made of: style sheets and scripts, in the order in which they are loaded.
    fn files(self) -> &'static [&'static str] {
        match self {
            Viewer::Swagger => &["page.css", "swagger-ui.css", "swagger-ui-bundle.js", "start.js"],
            Viewer::Redoc => &["page.css", "redoc.standalone.js", "start.js"],
            Viewer::Elements => &["page.css", "styles.min.css", "web-components.min.js"],
            Viewer::Rapidoc => &["page.css", "rapidoc-min.js"],
        }
    }

    /// The element that it fills, told where the document is.
    fn element(self, document: &str) -> String {
        match self {
            Viewer::Swagger => format!("<div id=\"swagger\" data-document=\"{document}\"></div>"),
            Viewer::Redoc => format!("<div id=\"redoc\" data-document=\"{document}\"></div>"),
            Viewer::Elements => format!(
                "<elements-api apiDescriptionUrl=\"{document}\" router=\"hash\" layout=\"responsive\"></elements-api>"
            ),
            // It would fetch its fonts from elsewhere.
            Viewer::Rapidoc => format!(
                "<rapi-doc spec-url=\"{document}\" load-fonts=\"false\" render-style=\"read\" show-header=\"false\">\
                 </rapi-doc>"
            ),
        }
    }
}

impl Pages {
    /// The pages of a document that everybody may see; it is served beside them as `openapi.json` and `openapi.yaml`.
    #[must_use]
    pub fn new(title: &str, document: &Json) -> Pages {
        let (json, yaml) = (document.to_string().into(), yaml::print(document).into());
        Pages { title: title.to_owned(), document: Document::Own { json, yaml } }
    }

    /// The pages of a document that is served elsewhere on this host, perhaps only to some.
    #[must_use]
    pub fn of(title: &str, document: &str) -> Pages {
        Pages { title: title.to_owned(), document: Document::At(document.to_owned()) }
    }

    /// A router with the pages `swagger`, `redoc`, `elements` and `rapidoc`, to be nested as a service: asked for its
    /// mount itself it shows the first.
    pub fn router(self) -> axum::Router {
        let pages = Arc::new(self);
        let service = tower::service_fn(move |request: Request<Body>| {
            let mut response = pages.answer(&request);
            if *request.method() == Method::HEAD {
                *response.body_mut() = Body::empty();
            }
            async move { Ok::<_, Infallible>(response) }
        });
        axum::Router::new().fallback_service(service)
    }

    fn answer(&self, request: &Request<Body>) -> Response<Body> {
        if !matches!(*request.method(), Method::GET | Method::HEAD) {
            let refusal = message(StatusCode::METHOD_NOT_ALLOWED, "Method Not Allowed");
            return allowing(refusal);
        }
        let within = request.uri().path().trim_matches('/');
        match (within, &self.document) {
            ("openapi.json", Document::Own { json, .. }) => document(json, "application/vnd.oai.openapi+json"),
            ("openapi.yaml" | "openapi.yml", Document::Own { yaml, .. }) => {
                document(yaml, "application/vnd.oai.openapi")
            }
            ("", _) => self.page(Viewer::Swagger, request),
            _ => match (Viewer::find(within), within.strip_prefix("assets/").and_then(files::find)) {
                (Some(viewer), _) => self.page(viewer, request),
                (None, Some(file)) => file.response(request.headers()),
                (None, None) => message(StatusCode::NOT_FOUND, "Not Found"),
            },
        }
    }

    fn page(&self, viewer: Viewer, request: &Request<Body>) -> Response<Body> {
        let at = markup::escaped(&folder(request));
        let document = match &self.document {
            Document::Own { .. } => format!("{at}openapi.json"),
            Document::At(url) => markup::escaped(url),
        };
        let title = markup::escaped(&self.title);
        let (head, element) = if files::ARE_HERE {
            (viewer.files().iter().map(|file| load(&at, file)).collect(), viewer.element(&document))
        } else {
            (String::new(), String::new())
        };
        let text = format!(
            "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
             <title>{title}</title>\n<link rel=\"icon\" href=\"data:,\">\n{head}</head>\n<body>\n{element}\n\
             <p class=\"plain\"><a href=\"{document}\">{title}: the document itself</a></p>\n</body>\n</html>\n"
        );
        html(StatusCode::OK, text)
    }
}

/// The tag that loads a file.
fn load(at: &str, file: &str) -> String {
    if file.ends_with(".css") {
        format!("<link rel=\"stylesheet\" href=\"{at}assets/{file}\">\n")
    } else {
        format!("<script src=\"{at}assets/{file}\" defer></script>\n")
    }
}

/// The way from a page to what lies beside the pages: the browser sees the whole path, the mount included.
fn folder(request: &Request<Body>) -> String {
    let whole = request.extensions().get::<OriginalUri>().map_or(request.uri(), |original| &original.0).path();
    let is_mount = request.uri().path().trim_matches('/').is_empty();
    match (is_mount, whole.ends_with('/')) {
        (true, true) | (false, false) => String::new(),
        (true, false) => whole.rsplit('/').next().map_or_else(String::new, |mount| format!("{mount}/")),
        (false, true) => "../".to_owned(),
    }
}

fn document(text: &Bytes, media: &'static str) -> Response<Body> {
    let mut response = Response::new(Body::from(text.clone()));
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(media));
    guarded(response)
}

fn allowing(mut response: Response<Body>) -> Response<Body> {
    response.headers_mut().insert(header::ALLOW, HeaderValue::from_static("GET, HEAD"));
    response
}

fn message(status: StatusCode, words: &str) -> Response<Body> {
    html(status, format!("<!doctype html>\n<html lang=\"en\">\n<title>{words}</title>\n<h1>{words}</h1>\n</html>\n"))
}

fn html(status: StatusCode, text: String) -> Response<Body> {
    let mut response = Response::new(Body::from(text));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    guarded(response)
}

fn guarded(mut response: Response<Body>) -> Response<Body> {
    let headers = [
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "same-origin"),
        (header::CACHE_CONTROL, "no-cache"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    ];
    for (name, value) in headers {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response
}

#[cfg(test)]
mod tests {
    use http_body_util::BodyExt;
    use serde_json::json;
    use tower::ServiceExt;

    use super::*;

    async fn ask(pages: Pages, request: &str) -> (u16, http::HeaderMap, String) {
        let (method, path) = request.split_once(' ').expect("a method and a path");
        let app = axum::Router::new().nest_service("/schema", pages.router());
        let request = Request::builder().method(method).uri(path).body(Body::empty()).expect("a request");
        let (parts, body) = app.oneshot(request).await.expect("an answer").into_parts();
        let bytes = body.collect().await.expect("a body").to_bytes();
        (parts.status.as_u16(), parts.headers, String::from_utf8_lossy(&bytes).into_owned())
    }

    fn pages() -> Pages {
        Pages::new("A <b>shop</b>", &json!({ "openapi": "3.1.0", "info": { "version": "1" } }))
    }

    #[tokio::test]
    async fn a_document_has_two_spellings() {
        let (status, headers, text) = ask(pages(), "GET /schema/openapi.json").await;
        assert_eq!(
            (status, &headers["content-type"]),
            (200, &"application/vnd.oai.openapi+json".parse().expect("one"))
        );
        assert_eq!(text, r#"{"openapi":"3.1.0","info":{"version":"1"}}"#);
        for name in ["yaml", "yml"] {
            let (_, headers, text) = ask(pages(), &format!("GET /schema/openapi.{name}")).await;
            assert_eq!(headers["content-type"], "application/vnd.oai.openapi");
            assert_eq!(text, "openapi: \"3.1.0\"\ninfo:\n  version: \"1\"\n");
        }
    }

    #[tokio::test]
    async fn pages_load_what_lies_beside_them() {
        let cases = [("/schema", "schema/"), ("/schema/", ""), ("/schema/swagger", ""), ("/schema/swagger/", "../")];
        for (path, at) in cases {
            let (status, headers, text) = ask(pages(), &format!("GET {path}")).await;
            assert_eq!((status, &headers["content-type"]), (200, &"text/html; charset=utf-8".parse().expect("one")));
            assert!(text.contains(&format!("=\"{at}openapi.json\"")), "{path}: {text}");
            assert!(text.contains("<title>A &lt;b&gt;shop&lt;/b&gt;</title>"));
            if files::ARE_HERE {
                assert!(text.contains(&format!("src=\"{at}assets/swagger-ui-bundle.js\"")), "{path}: {text}");
            }
        }
    }

    #[tokio::test]
    async fn every_page_is_there_with_all_its_files() {
        for (name, viewer) in Viewer::ALL {
            let (status, headers, text) = ask(pages(), &format!("GET /schema/{name}")).await;
            assert_eq!(status, 200, "{name}");
            assert!(!text.contains("://"), "{name} names another host");
            assert!(headers["content-security-policy"].to_str().expect("text").contains("script-src 'self';"));
            for file in viewer.files().iter().filter(|_| files::ARE_HERE) {
                assert_eq!(ask(pages(), &format!("GET /schema/assets/{file}")).await.0, 200, "{file}");
            }
        }
    }

    #[tokio::test]
    async fn a_document_may_lie_elsewhere() {
        let (_, _, text) = ask(Pages::of("Shop", "/conjure/openapi.json"), "GET /schema/redoc").await;
        assert!(text.contains("=\"/conjure/openapi.json\""), "{text}");
        assert_eq!(ask(Pages::of("Shop", "/x"), "GET /schema/openapi.json").await.0, 404);
    }

    #[tokio::test]
    async fn nothing_else_is_there() {
        for path in ["nothing", "assets", "assets/", "assets/../openapi.json", "swagger/x", "openapi.xml"] {
            let (status, headers, _) = ask(pages(), &format!("GET /schema/{path}")).await;
            assert_eq!((status, &headers["content-type"]), (404, &"text/html; charset=utf-8".parse().expect("one")));
        }
        let (status, headers, _) = ask(pages(), "POST /schema/openapi.json").await;
        assert_eq!((status, &headers["allow"]), (405, &"GET, HEAD".parse().expect("methods")));
        let (status, _, text) = ask(pages(), "HEAD /schema/openapi.json").await;
        assert_eq!((status, text.as_str()), (200, ""));
    }
}
