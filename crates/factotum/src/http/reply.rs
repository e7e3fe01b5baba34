//! What goes back: a status, headers and the bytes of a body.

use bytes::Bytes;
use http::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue, SET_COOKIE};
use http::{Response, StatusCode};

use crate::http::Flow;

/// What the process may want to log of a request: an extension of its response.
#[derive(Debug, Clone, Default)]
pub struct Noted {
    /// The pattern of the path (`/r/{key}/`), if there is such a path.
    pub route: Option<&'static str>,
    /// Who asked, if somebody who is known.
    pub user: Option<String>,
}

/// An answer.
#[derive(Debug, Clone)]
pub struct Reply {
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: Bytes,
    /// What is sent in the place of the body, where that is made while it is sent.
    pub flow: Option<Flow>,
}

impl Reply {
    /// An answer without a body.
    #[must_use]
    pub fn empty(status: StatusCode) -> Reply {
        Reply { status, headers: HeaderMap::new(), body: Bytes::new(), flow: None }
    }

    /// 204: done, and nothing to say.
    #[must_use]
    pub fn no_content() -> Reply {
        Reply::empty(StatusCode::NO_CONTENT)
    }

    /// An answer in JSON text.
    #[must_use]
    pub fn json(status: StatusCode, text: Vec<u8>) -> Reply {
        let mut reply = Reply { body: text.into(), ..Reply::empty(status) };
        reply.headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        reply
    }

    /// An answer whose body is made while it is sent.
    #[must_use]
    pub fn flowing(status: StatusCode, flow: Flow) -> Reply {
        Reply { flow: Some(flow), ..Reply::empty(status) }
    }

    /// The answer with one header more; a value that no header can hold is left out.
    #[must_use]
    pub fn with(mut self, name: HeaderName, value: &str) -> Reply {
        if let Ok(value) = HeaderValue::from_str(value) {
            self.headers.insert(name, value);
        }
        self
    }

    /// The answer with one cookie more, as [`crate::http::cookie::Cookie`] prints it.
    #[must_use]
    pub fn cookie(mut self, cookie: &crate::http::cookie::Cookie<'_>) -> Reply {
        if let Ok(value) = HeaderValue::from_str(&cookie.to_string()) {
            self.headers.append(SET_COOKIE, value);
        }
        self
    }

    /// The answer as axum sends it.
    pub(crate) fn into_response(self) -> Response<axum::body::Body> {
        let body = self.flow.as_ref().and_then(Flow::take).unwrap_or_else(|| axum::body::Body::from(self.body));
        let mut response = Response::new(body);
        *response.status_mut() = self.status;
        *response.headers_mut() = self.headers;
        response
    }
}
