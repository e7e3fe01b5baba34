//! Views without a model: what a site shows beside its tables, declared in code or in the configuration.

pub(super) mod action;
pub(super) mod custom;
pub(super) mod embed;
mod items;
pub(super) mod link;
pub(super) mod page;

use factotum_engine::Principal;
use http::StatusCode;
use serde_json::{Map, Value as Json, json};

pub use action::{ActionView, Executed, FormField};
pub use custom::{Column, CustomView};
pub use embed::{EmbedView, Embedded, Frame};
#[cfg(feature = "http-items")]
pub use items::{HttpApi, HttpApiItems};
pub use items::{InMemoryItems, Item, Items, ItemsAsked, ItemsPage, JsonFileItems};
pub use link::LinkView;
pub use page::{Content, PageView};

use super::{Call, catalogue, error, registry};
use crate::http::Fault;

/// The icon of a view of which none is said.
const ICON: &str = "file";

/// What every view without a model has.
///
/// ```
/// use factotum::contract::litestar::Heading;
/// let heading = Heading { icon: Some("book".into()), ..Heading::new("First steps") };
/// assert_eq!(heading.identity(), "first-steps");
/// ```
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Heading {
    /// The name for people.
    pub name: String,
    /// The name in addresses; made of the name if it is not said.
    pub identity: Option<String>,
    /// The icon; each kind of view has its own.
    pub icon: Option<String>,
    /// Under which words it is listed.
    pub category: Option<String>,
    /// The permission that somebody must hold beside that of the endpoint.
    pub permission: Option<String>,
}

impl Heading {
    /// A heading with a name and nothing else.
    #[must_use]
    pub fn new(name: &str) -> Heading {
        Heading { name: name.to_owned(), ..Heading::default() }
    }

    /// The name in addresses.
    #[must_use]
    pub fn identity(&self) -> String {
        self.identity.clone().unwrap_or_else(|| catalogue::identity(&self.name))
    }

    /// What is told of it among others.
    fn told(&self, icon: &str) -> Map<String, Json> {
        let told = json!({
            "name": self.name,
            "identity": self.identity(),
            "icon": self.icon.as_deref().unwrap_or(icon),
            "category": self.category,
        });
        if let Json::Object(members) = told { members } else { Map::new() }
    }

    fn admits(&self, who: &Principal) -> bool {
        self.permission.as_ref().is_none_or(|permission| who.has(permission))
    }
}

/// The views of a site that have no model, each kind in the order of its declaration.
///
/// ```
/// use factotum::contract::litestar::{Content, LinkView, Litestar, PageView, Views};
///
/// let site_views = Views {
///     pages: vec![PageView::markdown("First steps", "# Welcome")],
///     links: vec![LinkView::new("Shop", "https://shop.example")],
///     ..Views::default()
/// };
/// let contract = Litestar { site_views, ..Litestar::new("a secret of 32 bytes or more, that nobody can guess") };
/// # assert_eq!(contract.site_views.pages.len(), 1);
/// ```
#[derive(Debug, Clone, Default)]
pub struct Views {
    /// Tables of what is no table of the database.
    pub custom: Vec<CustomView>,
    /// Things to do.
    pub actions: Vec<ActionView>,
    /// Pages to read.
    pub pages: Vec<PageView>,
    /// Pages of somebody else's.
    pub embeds: Vec<EmbedView>,
    /// Links.
    pub links: Vec<LinkView>,
}

impl Views {
    /// Whether any view has this name in addresses.
    fn has(&self, identity: &str) -> bool {
        let headings = (self.custom.iter().map(|view| &view.heading))
            .chain(self.actions.iter().map(|view| &view.heading))
            .chain(self.pages.iter().map(|view| &view.heading))
            .chain(self.embeds.iter().map(|view| &view.heading))
            .chain(self.links.iter().map(|view| &view.heading));
        headings.into_iter().any(|heading| is(heading, identity))
    }
}

/// Whether a view has a name, in any case of its letters.
fn is(heading: &Heading, identity: &str) -> bool {
    heading.identity().to_lowercase() == identity.to_lowercase()
}

/// A kind of view, in the words of its refusals.
struct Kind {
    /// What it is called at the beginning of a sentence.
    name: &'static str,
    /// What it is called in a sentence.
    is: &'static str,
}

/// The view that an address names, for somebody who may see it.
fn find<'v, V>(call: &Call, views: &'v [V], heading: fn(&V) -> &Heading, kind: &Kind) -> Result<&'v V, Fault> {
    let named = call.param("view");
    let Some(view) = views.iter().find(|view| is(heading(view), named)) else {
        let elsewhere = call.contract.site_views.has(named) || registry::catalogue(call).find(named).is_some();
        return Err(error::not_found(&match elsewhere {
            true => format!("View '{named}' is not {}", kind.is),
            false => format!("{} '{named}' not found", kind.name),
        }));
    };
    if heading(view).admits(&call.who) {
        return Ok(view);
    }
    let what = kind.name.rsplit(' ').next().unwrap_or_default().to_lowercase();
    Err(error::said(StatusCode::FORBIDDEN, &format!("Access denied to {what} '{named}'")))
}

/// Those of the views that somebody may see.
fn seen<'v, V>(call: &'v Call, views: &'v [V], heading: fn(&V) -> &Heading) -> impl Iterator<Item = &'v V> {
    views.iter().filter(move |view| heading(view).admits(&call.who))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_in_addresses_have_no_case() {
        let views = Views { links: vec![LinkView::new("Our Docs", "https://docs.example/")], ..Views::default() };
        assert!(views.has("our-docs") && views.has("OUR-DOCS") && !views.has("docs"));
    }
}
