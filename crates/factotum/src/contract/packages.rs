//! The packages contract: a public, hyperlinked, read-only API over any models, wholly from declarations.

mod emoji;
mod error;
mod finish;
mod html;
mod identity;
mod layout;
mod links;
mod names;
mod negotiate;
mod openapi;
mod records;
mod request;
mod response;
mod search;
mod settings;
mod shapes;
mod spot;

use std::sync::Arc;

use factotum_engine::{Principal, Resource, Site};
use futures_util::future::BoxFuture;
use http::{Method, StatusCode};
use serde_json::json;

use crate::http::Shape::Fixed;
use crate::http::body::Incoming;
use crate::http::contract::{Contract, Visit};
use crate::http::endpoint::get;
use crate::http::{self as door, Endpoint, Fault, Gate, Head, Manual, Refusal, Reply, Route, Shape};
use layout::Layout;
use names::kept;
use negotiate::Form;
use spot::Spot;

pub use identity::Published;
pub use settings::{Collection, Field, Lookup, Packages, Shown, Source, When};

/// A request that was let in by this contract.
pub(crate) type Call = door::Call<Packages>;

const OK: StatusCode = StatusCode::OK;

/// The headers that every answer gets: nothing is guessed or shown in a frame. Caches may do as they like.
const GUARDS: [(&str, &str); 4] = [
    ("x-frame-options", "DENY"),
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "same-origin"),
    ("cross-origin-opener-policy", "same-origin"),
];

impl Contract for Packages {
    fn title(&self) -> &'static str {
        "packages"
    }

    fn endpoints(&self) -> Vec<Endpoint<Packages>> {
        let mut table = Vec::new();
        if self.document {
            let endpoint = get("openapi", "/openapi.json", door::openapi::serve()).about("This document.");
            table.push(endpoint.gate(Gate::Anyone).gives(OK, Fixed(shapes::any_object())));
        }
        if self.has_index() {
            let index = |path: &'static str| {
                let endpoint = get("index", path, records::index).about("The addresses of all lists.").tagged("index");
                self.giving(endpoint, Fixed(shapes::index(self)))
            };
            table.extend(self.spellings("/", index));
        }
        table.extend(self.collections.iter().flat_map(|collection| self.of_collection(collection)));
        table
    }

    fn negotiate(&self, head: &Head) -> Result<(), Fault> {
        negotiate::form(self, head).map(|_: Form| ())
    }

    fn identify<'a>(
        &'a self,
        _visit: &'a Visit<'a, Packages>,
        _body: &'a mut Incoming,
    ) -> BoxFuture<'a, Result<Arc<Principal>, Fault>> {
        Box::pin(async { Ok(Arc::new(Principal::anonymous())) })
    }

    fn admit(&self, _visit: &Visit<'_, Packages>, _who: &Principal) -> Result<(), Fault> {
        Ok(())
    }

    fn options(&self, _call: &Call, route: &Route<Packages>) -> Reply {
        let spot = Spot::of(self, Some(route.path));
        let about = spot.collection().map_or("", |collection| collection.about.as_str());
        let renders: &[&str] = if self.html { &["application/json", "text/html"] } else { &["application/json"] };
        let document = json!({
            "name": spot.name(),
            "description": about,
            "renders": renders,
            "parses": ["application/json", "application/x-www-form-urlencoded", "multipart/form-data"],
        });
        error::reply(OK, &document)
    }

    fn model<'s>(&self, site: &'s Site, head: &Head) -> Option<&'s Resource> {
        let collection = Spot::of(self, head.route).collection()?;
        site.resource(&collection.model).ok()
    }

    fn refuse(&self, _site: &Site, head: &Head, fault: &Fault) -> Reply {
        error::refuse(head, fault)
    }

    fn manual(&self) -> Manual {
        openapi::manual(self)
    }

    fn refusals(&self, _endpoint: &Endpoint<Packages>) -> Vec<Refusal> {
        openapi::refusals()
    }

    /// A suffix is another spelling, and not told again.
    fn offers(&self, endpoint: &Endpoint<Packages>, _resource: Option<&Resource>) -> bool {
        !endpoint.path.contains(".{")
    }

    fn guards(&self) -> &'static [(&'static str, &'static str)] {
        &GUARDS
    }

    fn finish(&self, head: &Head, route: Option<&Route<Packages>>, reply: Reply) -> Reply {
        let methods: Option<Vec<Method>> = route.map(|route| self.methods(route));
        finish::finish(self, head, methods.as_deref(), reply)
    }
}

impl Packages {
    /// The endpoints of a collection: its list, and its rows unless it is a search.
    fn of_collection(&self, collection: &Collection) -> Vec<Endpoint<Packages>> {
        let layout = Arc::new(Layout::of(self, collection));
        let name = collection.name.as_str();
        let list = format!("/{name}/");
        if collection.search.is_some() {
            return self.spellings(&list, |path| self.searching(&layout, path));
        }
        let mut table = self.spellings(&list, |path| self.listing(&layout, path));
        table.extend(self.of_rows(&layout));
        table
    }

    /// A row under its key. What stands behind the last point of a key may be a form: that is tried first.
    fn of_rows(&self, layout: &Arc<Layout>) -> Vec<Endpoint<Packages>> {
        let path = format!("/{}/{{key}}", layout.collection.name);
        let mut paths = vec![format!("{path}/")];
        if self.formats {
            paths.splice(0..0, [format!("{path}.{{format}}"), format!("{path}.{{format}}/")]);
        }
        paths.iter().map(|path| self.showing(layout, kept(path))).collect()
    }

    fn listing(&self, layout: &Arc<Layout>, path: &'static str) -> Endpoint<Packages> {
        let (collection, layout) = (Arc::new(layout.collection.clone()), layout.clone());
        let id = kept(&format!("{}_list", collection.name));
        let endpoint = get(id, path, move |call| records::list(call, layout.clone()))
            .about("A page of rows.")
            .tagged(kept(&collection.name))
            .asks("limit", "How many rows are on a page.", Fixed(shapes::number(1)))
            .asks("offset", "How many rows are left out before it.", Fixed(shapes::number(0)));
        self.giving(endpoint, shapes::list(&collection))
    }

    fn showing(&self, layout: &Arc<Layout>, path: &'static str) -> Endpoint<Packages> {
        let (collection, layout) = (Arc::new(layout.collection.clone()), layout.clone());
        let id = kept(&format!("{}_item", collection.name));
        let endpoint = get(id, path, move |call| records::item(call, layout.clone()))
            .about("One row.")
            .tagged(kept(&collection.name))
            .asks("key", "What the row is found by.", Fixed(shapes::key()));
        self.giving(endpoint, shapes::row(&collection))
    }

    fn searching(&self, layout: &Arc<Layout>, path: &'static str) -> Endpoint<Packages> {
        let (collection, layout) = (Arc::new(layout.collection.clone()), layout.clone());
        let id = kept(&format!("{}_search", collection.name));
        let endpoint = get(id, path, move |call| search::search(call, layout.clone()))
            .about("The rows that are found, the best first.")
            .tagged(kept(&collection.name))
            .asks("q", "Words; `\"a phrase\"`, `-without`, `or`.", Fixed(shapes::text()));
        self.giving(endpoint, shapes::list(&collection))
    }

    /// An endpoint with what it gives, in the forms that there are.
    fn giving(&self, endpoint: Endpoint<Packages>, shape: Shape) -> Endpoint<Packages> {
        let shape = if self.html { Shape::OrPage(Box::new(shape)) } else { shape };
        let endpoint = endpoint.gate(Gate::Anyone).gives(OK, shape);
        if self.formats {
            endpoint.asks("format", "The form of the answer.", Fixed(shapes::format(self)))
        } else {
            endpoint
        }
    }

    /// An endpoint under its path, and under those with a suffix.
    fn spellings(&self, path: &str, make: impl Fn(&'static str) -> Endpoint<Packages>) -> Vec<Endpoint<Packages>> {
        let mut spellings = vec![path.to_owned()];
        if self.formats {
            let bare = path.strip_suffix('/').unwrap_or(path);
            let bare = if bare.is_empty() { "/" } else { bare };
            spellings.extend([format!("{bare}.{{format}}"), format!("{bare}.{{format}}/")]);
        }
        spellings.iter().map(|path| make(kept(path))).collect()
    }

    /// Whether there is an index.
    pub(crate) fn has_index(&self) -> bool {
        self.index.as_ref().is_none_or(|names| !names.is_empty())
    }

    /// The names that the index lists.
    pub(crate) fn indexed(&self) -> impl Iterator<Item = &str> {
        let said = self.index.iter().flatten().map(String::as_str);
        let all = self.collections.iter().map(|collection| collection.name.as_str());
        said.chain(all.filter(|_| self.index.is_none()))
    }
}
