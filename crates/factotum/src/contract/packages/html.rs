//! The page that people with browsers get: the answer as indented JSON whose addresses can be followed.

use http::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use serde_json::Value as Json;

use super::settings::{Collection, Packages};
use super::spot::Spot;
use crate::http::markup::escaped;
use crate::http::{Head, Reply};

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
    let Ok(document) = serde_json::from_slice::<Json>(&reply.body) else { return reply };
    let spot = Spot::of(contract, head.route);
    let name = escaped(&spot.name());
    let title = escaped(&contract.title);
    let mut body = String::new();
    let status = format!("{} {}", reply.status.as_u16(), reply.status.canonical_reason().unwrap_or_default());
    value(&mut body, &document, 0);
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
        pages(&document),
        escaped(head.method.as_str()),
        escaped(&address(head)),
    );
    reply.body = text.into_bytes().into();
    reply.with(CONTENT_TYPE, "text/html; charset=utf-8").with(CONTENT_SECURITY_POLICY, POLICY)
}

/// The path and query as they were asked for.
fn address(head: &Head) -> String {
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
        let query = crate::http::address::query(&head.query, &[("format", Some("json"))]);
        items.push((format!("{}{query}", head.path), "JSON".to_owned()));
    }
    if contract.document {
        items.push((format!("{mount}/openapi.json"), "OpenAPI".to_owned()));
    }
    let item = |(at, name): &(String, String)| format!("<li><a href=\"{}\">{}</a></li>", escaped(at), escaped(name));
    format!("<nav aria-label=\"Site\"><ul>{}</ul></nav>", items.iter().map(item).collect::<String>())
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

/// The ways to other pages of a list.
fn pages(document: &Json) -> String {
    let way = |key: &str, name: &str| {
        let url = document.get(key)?.as_str()?;
        Some(format!("<li><a rel=\"{}\" href=\"{}\">{name}</a></li>", &key[..4], escaped(url)))
    };
    if document.get("results").is_none() {
        return String::new();
    }
    let ways: Vec<String> =
        [way("previous", "Previous page"), way("next", "Next page")].into_iter().flatten().collect();
    if ways.is_empty() {
        return String::new();
    }
    format!("<nav aria-label=\"Pages\"><ul>{}</ul></nav>\n", ways.concat())
}

/// Writes a value, indented, with its addresses as links.
fn value(out: &mut String, json: &Json, depth: usize) {
    match json {
        Json::Array(items) if !items.is_empty() => {
            out.push('[');
            for (at, item) in items.iter().enumerate() {
                line(out, at, depth + 1);
                value(out, item, depth + 1);
            }
            out.push('\n');
            out.extend(std::iter::repeat_n(' ', depth * 2));
            out.push(']');
        }
        Json::Object(members) if !members.is_empty() => {
            out.push('{');
            for (at, (name, member)) in members.iter().enumerate() {
                line(out, at, depth + 1);
                out.push_str(&escaped(&Json::from(name.as_str()).to_string()));
                out.push_str(": ");
                value(out, member, depth + 1);
            }
            out.push('\n');
            out.extend(std::iter::repeat_n(' ', depth * 2));
            out.push('}');
        }
        Json::String(text) if text.starts_with("http://") || text.starts_with("https://") => {
            let shown = escaped(&json.to_string());
            out.push_str(&format!("<a href=\"{}\" rel=\"nofollow noreferrer\">{shown}</a>", escaped(text)));
        }
        other => out.push_str(&escaped(&other.to_string())),
    }
}

/// A new line inside brackets.
fn line(out: &mut String, at: usize, depth: usize) {
    out.push_str(if at > 0 { ",\n" } else { "\n" });
    out.extend(std::iter::repeat_n(' ', depth * 2));
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn texts_stay_texts_and_addresses_lead_somewhere() {
        let mut out = String::new();
        value(&mut out, &json!({ "<b>": ["a\"<i>", [], {}], "url": "http://a.test/?x=\"&y" }), 0);
        let expected = "{\n  &quot;&lt;b&gt;&quot;: [\n    &quot;a\\&quot;&lt;i&gt;&quot;,\n    [],\n    {}\n  ],\n  \
                        &quot;url&quot;: <a href=\"http://a.test/?x=&quot;&amp;y\" rel=\"nofollow noreferrer\">\
                        &quot;http://a.test/?x=\\&quot;&amp;y&quot;</a>\n}";
        assert_eq!(out, expected);
    }

    #[test]
    fn pages_of_a_list_are_linked() {
        let list = json!({ "next": "http://a.test/?offset=2", "previous": null, "results": [] });
        assert!(pages(&list).contains("rel=\"next\" href=\"http://a.test/?offset=2\""));
        assert_eq!(pages(&json!({ "next": "http://a.test/" })), "");
    }
}
