//! The files of the documentation pages, packed ahead and part of the program.

use std::borrow::Cow;
use std::io::Read;

use axum::body::Body;
use flate2::read::GzDecoder;
use http::header::{self, HeaderMap, HeaderValue};
use http::{Response, StatusCode};

use crate::http::assets::unpacks;

/// Whether the viewers are part of the program; without them a page only says where the document is.
pub(super) const ARE_HERE: bool = cfg!(feature = "docs-pages");

const SCRIPT: &str = "text/javascript; charset=utf-8";
const STYLE: &str = "text/css; charset=utf-8";

/// A file.
#[derive(Debug)]
pub(super) struct File {
    name: &'static str,
    media: &'static str,
    /// Where it comes from, in which version: its tag.
    from: &'static str,
    content: Content,
}

#[derive(Debug)]
enum Content {
    Plain(&'static str),
    /// In gzip.
    #[cfg_attr(not(feature = "docs-pages"), expect(dead_code, reason = "there is nothing packed"))]
    Packed(&'static [u8]),
}

#[cfg(feature = "docs-pages")]
macro_rules! packed {
    ($name:literal, $media:expr, $from:literal) => {
        File {
            name: $name,
            media: $media,
            from: $from,
            content: Content::Packed(include_bytes!(concat!("../../../assets/", $name, ".gz"))),
        }
    };
}

macro_rules! plain {
    ($name:literal, $media:expr, $path:literal) => {
        File {
            name: $name,
            media: $media,
            from: env!("CARGO_PKG_VERSION"),
            content: Content::Plain(include_str!($path)),
        }
    };
}

/// All of them; `scripts/vendor-pages.sh` fetches those that are not ours.
static FILES: &[File] = &[
    plain!("start.js", SCRIPT, "start.js"),
    plain!("page.css", STYLE, "page.css"),
    plain!("licences.txt", "text/plain; charset=utf-8", "../../../assets/licences.txt"),
    #[cfg(feature = "docs-pages")]
    packed!("swagger-ui-bundle.js", SCRIPT, "swagger-ui-dist-5.35.0"),
    #[cfg(feature = "docs-pages")]
    packed!("swagger-ui.css", STYLE, "swagger-ui-dist-5.35.0"),
    #[cfg(feature = "docs-pages")]
    packed!("redoc.standalone.js", SCRIPT, "redoc-2.5.4"),
    #[cfg(feature = "docs-pages")]
    packed!("web-components.min.js", SCRIPT, "elements-9.0.25"),
    #[cfg(feature = "docs-pages")]
    packed!("styles.min.css", STYLE, "elements-9.0.25"),
    #[cfg(feature = "docs-pages")]
    packed!("rapidoc-min.js", SCRIPT, "rapidoc-9.3.8"),
];

/// The file of this name.
pub(super) fn find(name: &str) -> Option<&'static File> {
    FILES.iter().find(|file| file.name == name)
}

impl File {
    /// The file, packed for who takes that.
    pub(super) fn response(&self, asked: &HeaderMap) -> Response<Body> {
        let (content, is_packed) = self.content(unpacks(asked));
        // Two forms of a file are two entities, and have two tags.
        let tag = format!("\"{}{}\"", self.from, if is_packed { "-gz" } else { "" });
        let known = asked.get(header::IF_NONE_MATCH).and_then(|tags| tags.to_str().ok());
        let mut response = if known.is_some_and(|tags| tags.contains(&tag)) {
            let mut response = Response::new(Body::empty());
            *response.status_mut() = StatusCode::NOT_MODIFIED;
            response
        } else {
            Response::new(match content {
                Cow::Borrowed(content) => Body::from(content),
                Cow::Owned(content) => Body::from(content),
            })
        };
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(self.media));
        headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
        headers.insert(header::VARY, HeaderValue::from_static("Accept-Encoding"));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
        if is_packed {
            headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
        }
        if let Ok(tag) = HeaderValue::from_str(&tag) {
            headers.insert(header::ETAG, tag);
        }
        response
    }

    /// The content, and whether it is packed. Hardly anybody takes it only unpacked, so that is done anew each time.
    fn content(&self, unpacks: bool) -> (Cow<'static, [u8]>, bool) {
        match self.content {
            Content::Plain(text) => (Cow::Borrowed(text.as_bytes()), false),
            Content::Packed(bytes) if unpacks => (Cow::Borrowed(bytes), true),
            Content::Packed(bytes) => {
                let mut plain = Vec::new();
                let read = GzDecoder::new(bytes).read_to_end(&mut plain);
                read.expect("what is part of the program is whole");
                (Cow::Owned(plain), false)
            }
        }
    }
}

#[cfg(all(test, feature = "docs-pages"))]
mod tests {
    use super::*;

    #[test]
    fn who_does_not_take_gzip_gets_it_plain() {
        let file = find("swagger-ui.css").expect("there");
        let packed = HeaderMap::from_iter([(header::ACCEPT_ENCODING, HeaderValue::from_static("gzip, br"))]);
        assert_eq!(file.response(&packed).headers()["content-encoding"], "gzip");
        let plain = file.response(&HeaderMap::new());
        assert!(!plain.headers().contains_key("content-encoding"));
        let (content, _) = file.content(false);
        assert!(content.starts_with(b".swagger-ui"));
        let known = HeaderMap::from_iter([(header::IF_NONE_MATCH, plain.headers()["etag"].clone())]);
        assert_eq!(file.response(&known).status(), StatusCode::NOT_MODIFIED);
    }
}
