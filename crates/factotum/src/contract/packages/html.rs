//! The page that people with browsers get: the answer as indented JSON whose addresses can be followed.

use http::Method;
use http::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use serde::Deserialize;
use serde::de::IgnoredAny;

use super::links::FORMAT;
use super::settings::{Collection, Packages};
use super::spot::Spot;
use crate::http::markup::escaped;
use crate::http::{Head, Reply, address, indent};

/// What the page may do: nothing but look as it does, and search.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; \
                      form-action 'self'; frame-ancestors 'none'";

const STYLE: &str = "body{font:1rem/1.5 system-ui,sans-serif;margin:0 auto;max-width:70rem;padding:1rem}\
                     pre{background:#f4f4f5;color:#18181b;padding:1rem;overflow-x:auto;white-space:pre-wrap;\
                     overflow-wrap:anywhere}a{color:#1d4ed8}nav ul{list-style:none;padding:0;display:flex;\
                     flex-wrap:wrap;gap:.25rem 1rem}dt{font-weight:600}dl{display:grid;\
                     grid-template-columns:max-content 1fr;gap:0 1rem}dd{margin:0}\
                     @media(prefers-color-scheme:dark){body{background:#18181b;color:#f4f4f5}\
                     pre{background:#27272a;color:#f4f4f5}a{color:#93c5fd}}";

/// An answer in JSON as a page.
pub(super) fn page(contract: &Packages, head: &Head, mut reply: Reply) -> Reply {
    let spot = Spot::of(contract, head.route);
    let status = format!("{} {}", reply.status.as_u16(), reply.status.canonical_reason().unwrap_or_default());
    // A page that says no is called by what it says.
    let name = if reply.status.is_success() { escaped(&spot.name()) } else { escaped(&status) };
    let title = escaped(&contract.title);
    let body = marked(&indent::indented(&reply.body, 2));
    let text = format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>{name} – {title}</title>\n<link rel=\"icon\" href=\"data:,\">\n<style>{STYLE}</style>\n</head>\n<body>\n\
         <header><p>{title}</p>{}</header>\n<main>\n<h1>{name}</h1>\n{}{}{}\
         <p><code>{} {}</code></p>\n<dl><dt>Status</dt><dd>{status}</dd></dl>\n\
         <section aria-label=\"Response\"><pre tabindex=\"0\">{body}</pre></section>\n</main>\n</body>\n</html>\n",
        crumbs(contract, head, &spot),
        about(spot.collection()),
        search(head, spot.collection()),
        pages(&reply.body),
        escaped(method(head)),
        escaped(&asked(head)),
    );
    reply.body = text.into_bytes().into();
    reply.with(CONTENT_TYPE, "text/html; charset=utf-8").with(CONTENT_SECURITY_POLICY, POLICY)
}

/// The method that is shown: who asks only for the headers is told the length of the page that others get.
fn method(head: &Head) -> &str {
    if head.method == Method::HEAD { "GET" } else { head.method.as_str() }
}

/// The path and query as they were asked for.
fn asked(head: &Head) -> String {
    let query = head.query_text.as_ref().map_or(String::new(), |query| format!("?{query}"));
    format!("{}{query}", head.path)
}

/// The ways up, and to the answer as it is.
fn crumbs(contract: &Packages, head: &Head, spot: &Spot<'_>) -> String {
    let (mount, mut items) = (head.mount(), Vec::new());
    if contract.has_index() {
        items.push((format!("{mount}/"), Spot::Index.name()));
    }
    if let Some(collection) = spot.collection() {
        items.push((format!("{mount}/{}/", collection.name), collection.list_name()));
    }
    if contract.formats {
        items.push((as_json(head), "JSON".to_owned()));
    }
    if contract.document {
        items.push((format!("{mount}/openapi.json"), "OpenAPI".to_owned()));
    }
    let item = |(at, name): &(String, String)| format!("<li><a href=\"{}\">{}</a></li>", escaped(at), escaped(name));
    format!("<nav aria-label=\"Site\"><ul>{}</ul></nav>", items.iter().map(item).collect::<String>())
}

/// The address of the same answer as JSON: a suffix counts for more than a parameter.
fn as_json(head: &Head) -> String {
    let path = head.path.trim_end_matches('/');
    match path.strip_suffix(&format!(".{}", head.param(FORMAT))).filter(|_| !head.param(FORMAT).is_empty()) {
        Some(bare) => format!("{bare}.json{}", address::query(&head.query, &[])),
        None => format!("{}{}", head.path, address::query(&head.query, &[(FORMAT, Some("json"))])),
    }
}

fn about(collection: Option<&Collection>) -> String {
    let about = collection.map(|collection| collection.about.as_str()).filter(|about| !about.is_empty());
    about.map_or(String::new(), |about| format!("<p>{}</p>\n", escaped(about)))
}

/// A form to ask in, where the collection is a search.
fn search(head: &Head, collection: Option<&Collection>) -> String {
    if collection.is_none_or(|collection| collection.search.is_none()) {
        return String::new();
    }
    let asked = escaped(head.asked("q").unwrap_or_default());
    format!(
        "<form role=\"search\" action=\"{}\"><label>Search <input type=\"search\" name=\"q\" value=\"{asked}\"></label> \
         <button>Search</button></form>\n",
        escaped(&head.path)
    )
}

/// What a list says of other pages.
#[derive(Deserialize)]
struct Pages {
    next: Option<String>,
    previous: Option<String>,
    #[serde(rename = "results")]
    _results: IgnoredAny,
}

/// The ways to other pages of a list.
fn pages(document: &[u8]) -> String {
    let Ok(pages) = serde_json::from_slice::<Pages>(document) else { return String::new() };
    let way = |rel: &str, name: &str, url: Option<String>| {
        url.map(|url| format!("<li><a rel=\"{rel}\" href=\"{}\">{name}</a></li>", escaped(&url)))
    };
    let ways = [way("prev", "Previous page", pages.previous), way("next", "Next page", pages.next)];
    let ways: String = ways.into_iter().flatten().collect();
    if ways.is_empty() { ways } else { format!("<nav aria-label=\"Pages\"><ul>{ways}</ul></nav>\n") }
}

/// Indented JSON with its addresses as links. It is not read, so that whatever stands in it stays as it is.
fn marked(json: &[u8]) -> String {
    let json = String::from_utf8_lossy(json);
    let (mut out, mut rest) = (String::with_capacity(json.len() * 2), &*json);
    while let Some(start) = rest.find('"') {
        out.push_str(&rest[..start]);
        let (text, after) = rest[start..].split_at(quoted(&rest[start..]));
        let shown = escaped(text);
        match url(text).filter(|_| !after.starts_with(':')) {
            Some(url) => {
                out.push_str(&format!("<a href=\"{}\" rel=\"nofollow noreferrer\">{shown}</a>", escaped(&url)));
            }
            None => out.push_str(&shown),
        }
        rest = after;
    }
    out.push_str(rest);
    out
}

/// How long the text is that a quotation mark begins, in bytes.
fn quoted(json: &str) -> usize {
    let mut escaped = false;
    for (at, byte) in json.bytes().enumerate().skip(1) {
        if byte == b'"' && !escaped {
            return at + 1;
        }
        escaped = byte == b'\\' && !escaped;
    }
    json.len()
}

/// The address that a quoted text is, if it is one.
fn url(quoted: &str) -> Option<String> {
    let is_url = quoted.starts_with("\"http://") || quoted.starts_with("\"https://");
    is_url.then(|| serde_json::from_str(quoted).ok())?
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn texts_stay_texts_and_addresses_lead_somewhere() {
        let json = json!({ "<b>": ["a\"<i>", [], {}], "url": "http://a.test/?x=\"&y" }).to_string();
        let expected = "{\n  &quot;&lt;b&gt;&quot;: [\n    &quot;a\\&quot;&lt;i&gt;&quot;,\n    [],\n    {}\n  ],\n  \
                        &quot;url&quot;: <a href=\"http://a.test/?x=&quot;&amp;y\" rel=\"nofollow noreferrer\">\
                        &quot;http://a.test/?x=\\&quot;&amp;y&quot;</a>\n}";
        assert_eq!(marked(&indent::indented(json.as_bytes(), 2)), expected);
    }

    #[test]
    fn what_json_may_hold_stays_as_it_is() {
        for json in ["123456789012345678901234567890", "1e999", "\"\\ud800\"", &"[".repeat(500)] {
            let shown = marked(&indent::indented(json.as_bytes(), 2));
            let plain: String =
                shown.replace("&quot;", "\"").chars().filter(|letter| !letter.is_whitespace()).collect();
            assert_eq!(plain, json);
        }
    }

    #[test]
    fn pages_of_a_list_are_linked() {
        let list = json!({ "next": "http://a.test/?offset=2", "previous": null, "results": [{ "x": 1 }] });
        assert!(pages(list.to_string().as_bytes()).contains("rel=\"next\" href=\"http://a.test/?offset=2\""));
        assert_eq!(pages(b"{\"next\":\"http://a.test/\"}"), "");
        assert!(pages(b"{\"next\":\"http://a.test/\",\"previous\":null,\"results\":[1e999]}").contains("next"));
    }
}
