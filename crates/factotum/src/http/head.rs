//! Head: a request without its body, as plain data.

use std::net::IpAddr;

use http::{HeaderMap, Method};
use percent_encoding::percent_decode_str;

/// A request without its body.
#[derive(Debug, Clone)]
pub struct Head {
    /// The method.
    pub method: Method,
    /// The whole path as it was received, undecoded, the mount included.
    pub path: String,
    /// The query string as it was received.
    pub query_text: Option<String>,
    /// The query's parameters in order, decoded as a form.
    pub query: Vec<(String, String)>,
    /// The headers.
    pub headers: HeaderMap,
    /// The address of who asks, as far as it can be trusted.
    pub ip: Option<IpAddr>,
    /// `http` or `https`, as the client sees it.
    pub scheme: &'static str,
    /// The host and port, as the client sees them.
    pub host: String,
    /// The pattern of the path, once it was found.
    pub route: Option<&'static str>,
    /// The parts of the path that stand for `{name}`, decoded.
    pub params: Vec<(&'static str, String)>,
}

impl Head {
    /// The part of the path that stands for `{name}`; empty if there is none.
    #[must_use]
    pub fn param(&self, name: &str) -> &str {
        self.params.iter().find(|(known, _)| *known == name).map_or("", |(_, value)| value)
    }

    /// The last value of a query parameter.
    #[must_use]
    pub fn asked(&self, name: &str) -> Option<&str> {
        self.query.iter().rev().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// A header's text; `None` if it is absent or no text.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// The site as the client addresses it: `https://shop.example`.
    #[must_use]
    pub fn base(&self) -> String {
        format!("{}://{}", self.scheme, self.host)
    }

    /// Where the contract is mounted, without a slash at its end: the path without what its pattern stands for. Known
    /// once the path was found, if its pattern has so many segments as the path.
    #[must_use]
    pub fn mount(&self) -> &str {
        let depth = self.route.unwrap_or_default().matches('/').count();
        let cut = self.path.rmatch_indices('/').nth(depth.saturating_sub(1)).filter(|_| depth > 0);
        cut.map_or("", |(at, _)| &self.path[..at])
    }

    /// Whether the client sees a secure site.
    #[must_use]
    pub fn is_secure(&self) -> bool {
        self.scheme == "https"
    }
}

/// Pairs of a form or a query string, decoded; broken UTF-8 becomes replacement characters.
#[must_use]
pub fn pairs(text: &str) -> Vec<(String, String)> {
    let decode = |part: &str| percent_decode_str(&part.replace('+', " ")).decode_utf8_lossy().into_owned();
    text.split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
        .map(|(name, value)| (decode(name), decode(value)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mount_is_what_the_pattern_leaves() {
        let mount = |path: &str, route| {
            let headers = HeaderMap::new();
            let (method, path, host) = (Method::GET, path.to_owned(), String::new());
            let (query_text, query, params) = (None, Vec::new(), Vec::new());
            let head = Head { method, path, query_text, query, headers, ip: None, scheme: "http", host, route, params };
            head.mount().to_owned()
        };
        assert_eq!(mount("/api/v4/", Some("/")), "/api/v4");
        assert_eq!(mount("/api/v4/.json", Some("/.{format}")), "/api/v4");
        assert_eq!(mount("/api/v4/books/a%2Fb/", Some("/books/{!key}/")), "/api/v4");
        assert_eq!(mount("/books/", Some("/books/")), "");
        assert_eq!(mount("/books/", None), "");
    }

    #[test]
    fn pairs_keep_order_blanks_and_repeats() {
        let read = pairs("b=1&a=&a=x+y%2Bz&c&&%C3%A9=%FF");
        let expected = [("b", "1"), ("a", ""), ("a", "x y+z"), ("c", ""), ("é", "\u{fffd}")];
        let read: Vec<(&str, &str)> = read.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        assert_eq!(read, expected);
    }
}
