//! Pages to read: fixed ones, and those that are made when somebody asks.

use std::fmt;
use std::sync::Arc;

use factotum_engine::{Context, Result};
use futures_util::future::BoxFuture;
use http::StatusCode;
use serde_json::{Value as Json, json};

use super::{Heading, Kind, find, seen};
use crate::contract::litestar::{Call, error};
use crate::http::{Fault, Reply};

const KIND: Kind = Kind { name: "Page", is: "a page view" };

/// The icon of a page of which none is said.
const ICON: &str = "file-alt";

/// The kinds of content that are told before anybody opens the page.
const FIXED: [&str; 3] = ["markdown", "html", "text"];

type Make = dyn for<'a> Fn(&'a mut Context) -> BoxFuture<'a, Result<Json>> + Send + Sync;

/// A page.
///
/// ```
/// use factotum::contract::litestar::PageView;
/// let page = PageView { refresh_interval: 60, ..PageView::dynamic("Today", |cx| {
///     Box::pin(async move { Ok(serde_json::json!({ "content": format!("It is {}.", cx.now()) })) })
/// }) };
/// assert_eq!(page.heading.identity(), "today");
/// ```
#[derive(Debug, Clone)]
pub struct PageView {
    /// Its name and place.
    pub heading: Heading,
    /// What its content is: `markdown`, `html`, `text`, `template` or `dynamic`.
    pub content_type: String,
    /// What stands on it.
    pub content: Content,
    /// How it is laid out: `default`, `full-width` or `sidebar`.
    pub layout: String,
    /// After so many seconds it is asked for again; 0: never.
    pub refresh_interval: u64,
}

/// What stands on a page.
#[derive(Clone)]
pub enum Content {
    /// A text.
    Text(String),
    /// What code makes of the present: a text, or an object with a text `content`, perhaps a `title`, and what else it
    /// has to tell.
    Made(Arc<Make>),
}

impl Content {
    /// Content in code.
    pub fn made<F>(make: F) -> Content
    where
        F: for<'a> Fn(&'a mut Context) -> BoxFuture<'a, Result<Json>> + Send + Sync + 'static,
    {
        Content::Made(Arc::new(make))
    }
}

impl fmt::Debug for Content {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Content::Text(text) => out.debug_tuple("Text").field(text).finish(),
            Content::Made(_) => out.write_str("Made"),
        }
    }
}

impl PageView {
    /// A page in Markdown.
    #[must_use]
    pub fn markdown(name: &str, content: &str) -> PageView {
        PageView::new(name, "markdown", Content::Text(content.to_owned()))
    }

    /// A page that code makes.
    #[must_use]
    pub fn dynamic<F>(name: &str, make: F) -> PageView
    where
        F: for<'a> Fn(&'a mut Context) -> BoxFuture<'a, Result<Json>> + Send + Sync + 'static,
    {
        PageView::new(name, "dynamic", Content::made(make))
    }

    /// A page of any kind.
    #[must_use]
    pub fn new(name: &str, content_type: &str, content: Content) -> PageView {
        PageView {
            heading: Heading::new(name),
            content_type: content_type.to_owned(),
            content,
            layout: "default".to_owned(),
            refresh_interval: 0,
        }
    }

    fn told(&self, for_frontend: bool) -> Json {
        let mut told = self.heading.told(ICON);
        told.insert("content_type".to_owned(), json!(self.content_type));
        told.insert("layout".to_owned(), json!(self.layout));
        // The published front end counts milliseconds where the original means seconds.
        let interval = if for_frontend { self.refresh_interval.saturating_mul(1000) } else { self.refresh_interval };
        told.insert("refresh_interval".to_owned(), json!(interval));
        let fixed = match &self.content {
            Content::Text(text) if FIXED.contains(&self.content_type.as_str()) => Some(text),
            _ => None,
        };
        told.insert("content".to_owned(), json!(fixed));
        Json::Object(told)
    }

    /// What stands on it now.
    fn opened(&self, made: Json) -> Json {
        let Json::Object(mut members) = made else {
            let content = if let Json::String(text) = made { text } else { made.to_string() };
            return json!({ "content": content, "content_type": self.content_type, "title": null, "metadata": null });
        };
        let whole = Json::Object(members.clone());
        let content = match members.shift_remove("content") {
            Some(Json::String(text)) => text,
            _ => serde_json::to_string_pretty(&whole).unwrap_or_default(),
        };
        let title = members.shift_remove("title").filter(Json::is_string);
        let kind = match members.get("content_type").and_then(Json::as_str) {
            _ if self.content_type != "dynamic" => self.content_type.clone(),
            Some(kind) => kind.to_owned(),
            None if looks_like_markdown(&content) => "markdown".to_owned(),
            None => "dynamic".to_owned(),
        };
        let metadata = (!members.is_empty()).then_some(members);
        json!({ "content": content, "content_type": kind, "title": title, "metadata": metadata })
    }
}

/// A heading at the beginning, or a smaller one or a list further down.
fn looks_like_markdown(text: &str) -> bool {
    text.starts_with('#') || text.contains("\n##") || text.contains("\n- ")
}

fn named(call: &Call) -> Result<&PageView, Fault> {
    find(call, &call.contract.site_views.pages, |view| &view.heading, &KIND)
}

/// `GET views/pages`
pub(crate) async fn list(call: Call) -> Result<Reply, Fault> {
    let pages = seen(&call, &call.contract.site_views.pages, |view: &PageView| &view.heading);
    Ok(error::reply(StatusCode::OK, &pages.map(|page| page.told(call.contract.for_frontend)).collect()))
}

/// `GET views/pages/{view}`
pub(crate) async fn show(call: Call) -> Result<Reply, Fault> {
    Ok(error::reply(StatusCode::OK, &named(&call)?.told(call.contract.for_frontend)))
}

/// `GET views/pages/{view}/content`
pub(crate) async fn content(call: Call) -> Result<Reply, Fault> {
    let page = named(&call)?;
    let made = match &page.content {
        Content::Text(text) => Json::String(text.clone()),
        Content::Made(make) => make(&mut call.read().await?).await?,
    };
    Ok(error::reply(StatusCode::OK, &page.opened(made)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn opened(content_type: &str, made: Json) -> Json {
        PageView::new("Page", content_type, Content::Text(String::new())).opened(made)
    }

    #[test]
    fn an_object_is_parted() {
        let made = json!({ "title": "T", "content": "# x", "up": 1 });
        let expected = json!({ "content": "# x", "content_type": "markdown", "title": "T", "metadata": { "up": 1 } });
        assert_eq!(opened("dynamic", made), expected);
        let expected = json!({ "content": "x", "content_type": "dynamic", "title": null, "metadata": null });
        assert_eq!(opened("dynamic", json!({ "content": "x" })), expected);
        assert_eq!(opened("html", json!({ "content": "# x" }))["content_type"], "html");
        let said = json!({ "content": "x", "content_type": "text" });
        assert_eq!(opened("dynamic", said)["content_type"], "text");
    }

    #[test]
    fn what_has_no_text_is_shown_as_it_is() {
        assert_eq!(opened("dynamic", json!({ "a": 1 }))["content"], "{\n  \"a\": 1\n}");
        assert_eq!(opened("markdown", json!("# x"))["content"], "# x");
        assert_eq!(opened("text", json!(5))["content"], "5");
    }
}
