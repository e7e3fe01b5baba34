//! Links to somewhere else.

use http::StatusCode;
use serde_json::{Value as Json, json};

use super::{Heading, seen};
use crate::contract::litestar::{Call, error};
use crate::http::{Fault, Reply};

/// A link.
///
/// ```
/// use factotum::contract::litestar::LinkView;
/// let link = LinkView { same_window: true, ..LinkView::new("Shop", "https://shop.example") };
/// assert_eq!(link.heading.identity(), "shop");
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct LinkView {
    /// Its name and place.
    pub heading: Heading,
    /// Where it leads.
    pub url: String,
    /// Whether it leads there in the same window.
    pub same_window: bool,
}

impl LinkView {
    /// A link that opens a window of its own.
    #[must_use]
    pub fn new(name: &str, url: &str) -> LinkView {
        LinkView { heading: Heading::new(name), url: url.to_owned(), same_window: false }
    }

    fn told(&self) -> Json {
        let mut told = self.heading.told(ICON);
        told.insert("url".to_owned(), json!(self.url));
        told.insert("target".to_owned(), json!(if self.same_window { "_self" } else { "_blank" }));
        Json::Object(told)
    }
}

/// The icon of a link of which none is said.
const ICON: &str = super::ICON;

/// `GET views/links`
pub(crate) async fn list(call: Call) -> Result<Reply, Fault> {
    let links = seen(&call, &call.contract.site_views.links, |view: &LinkView| &view.heading);
    Ok(error::reply(StatusCode::OK, &links.map(LinkView::told).collect()))
}
