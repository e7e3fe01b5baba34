//! Doors: the contracts of one program, each with its own site over the same database.

use factotum::contract::conjure::Conjure;
use factotum::contract::django_admin::DjangoAdmin;
use factotum::contract::django_admin::frontend::Frontend;
use factotum::contract::litestar::Litestar;
use factotum::contract::packages::Packages;
use factotum::http::openapi;
use factotum::http::pages::Pages;
use factotum::{Edge, Site, router_at};
use serde_json::Value as Json;

use crate::complaint::{Complaint, Place};
use crate::config::Written;
use crate::config::reader::Said;

/// A contract that can be mounted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
#[value(rename_all = "snake_case")]
pub(crate) enum Door {
    /// The Conjure contract.
    Conjure,
    /// The contract of Django's admin.
    DjangoAdmin,
    /// The litestar contract.
    Litestar,
    /// The packages contract.
    Packages,
}

/// A contract with the site that it shows, as it will be served.
pub(crate) struct Mounted {
    pub(crate) door: Door,
    pub(crate) mount: String,
    /// Where its documentation pages are, if they are served.
    pub(crate) docs: Option<String>,
    pub(crate) site: Site,
    pub(crate) settings: Settings,
}

/// The settings of a contract.
pub(crate) enum Settings {
    Conjure(Box<Conjure>),
    /// With the front end that the program serves, if it serves one.
    DjangoAdmin(Box<DjangoAdmin>, Option<Box<Frontend>>),
    Litestar(Box<Litestar>, Option<factotum::contract::litestar::frontend::Frontend>),
    Packages(Box<Packages>),
}

impl Door {
    /// All of them, in the order in which they are mounted.
    pub(crate) const ALL: [Door; 4] = [Door::Conjure, Door::DjangoAdmin, Door::Litestar, Door::Packages];

    /// The name by which a program is asked to register for it, and that its table has.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Door::Conjure => "conjure",
            Door::DjangoAdmin => "django_admin",
            Door::Litestar => "litestar",
            Door::Packages => "packages",
        }
    }

    /// Where it is mounted unless somebody says.
    fn usual_mount(self) -> &'static str {
        match self {
            Door::Conjure => "/conjure",
            Door::DjangoAdmin => "/admin-api",
            Door::Litestar => "/admin",
            Door::Packages => "/api/v4",
        }
    }

    fn is_open(self, written: &Written) -> bool {
        let said = match self {
            Door::Conjure => written.conjure.enabled,
            Door::DjangoAdmin => written.django_admin.enabled,
            Door::Litestar => written.litestar.enabled,
            // Nothing is published unless somebody says what.
            Door::Packages => written.packages.enabled.or(Some(!written.packages.collections.is_empty())),
        };
        said.unwrap_or(true)
    }

    fn said_mount(self, written: &Written) -> Option<&Said> {
        match self {
            Door::Conjure => written.conjure.mount.as_ref(),
            Door::DjangoAdmin => written.django_admin.mount.as_ref(),
            Door::Litestar => written.litestar.mount.as_ref(),
            Door::Packages => written.packages.mount.as_ref(),
        }
    }

    fn said_docs(self, written: &Written) -> Option<&Said> {
        match self {
            Door::Conjure => written.conjure.docs.as_ref(),
            Door::DjangoAdmin => written.django_admin.docs.as_ref(),
            Door::Litestar => written.litestar.docs.as_ref(),
            Door::Packages => written.packages.docs.as_ref(),
        }
    }

    /// Where its documentation pages are: only litestar has them unless somebody says.
    fn docs(self, written: &Written, complaints: &mut Vec<Complaint>) -> Option<String> {
        match self.said_docs(written) {
            Some(said) if said.text.is_empty() => None,
            Some(said) => Some(path("docs", "/schema", said, complaints)),
            None => (self == Door::Litestar).then(|| "/schema".to_owned()),
        }
    }

    /// Whether tables that no `[[model]]` names are administered too.
    pub(super) fn registers_all(self, written: &Written) -> bool {
        let said = match self {
            Door::Conjure => written.conjure.auto_register,
            Door::DjangoAdmin => written.django_admin.auto_register,
            Door::Litestar => written.litestar.auto_register,
            Door::Packages => Some(false),
        };
        said.unwrap_or(written.models.is_empty())
    }

    /// Applications and models that are not.
    pub(super) fn passes_over(self, written: &Written) -> &[Said] {
        match self {
            Door::Conjure => &written.conjure.auto_register_exclude,
            Door::DjangoAdmin => &written.django_admin.auto_register_exclude,
            Door::Litestar => &written.litestar.auto_register_exclude,
            Door::Packages => &[],
        }
    }
}

impl Mounted {
    /// A router with the contract below its mount, its documentation pages, and its front end where that has its own.
    pub(crate) fn on(self, router: axum::Router, edge: Edge) -> axum::Router {
        let router = match (&self.docs, self.pages()) {
            (Some(docs), Some(pages)) => router.nest_service(docs, pages.router()),
            _ => router,
        };
        match self.settings {
            Settings::Litestar(contract, frontend) => {
                let api = router_at(edge, self.site, *contract);
                let api = frontend.into_iter().fold(api, |api, frontend| frontend.router(api));
                router.nest_service(&self.mount, api)
            }
            Settings::Conjure(contract) => router.nest_service(&self.mount, router_at(edge, self.site, *contract)),
            Settings::Packages(contract) => router.nest_service(&self.mount, router_at(edge, self.site, *contract)),
            Settings::DjangoAdmin(contract, frontend) => {
                let api = router_at(edge.clone(), self.site.clone(), *contract);
                let router = router.nest_service(&self.mount, api.clone());
                match frontend {
                    Some(frontend) => router.merge(frontend.router(edge, self.site, api)),
                    None => router,
                }
            }
        }
    }

    /// The contract's document, its paths as they are served.
    pub(crate) fn document(&self) -> Json {
        let document = match &self.settings {
            Settings::Conjure(contract) => openapi::document(&self.site, &**contract),
            Settings::DjangoAdmin(contract, _) => openapi::document(&self.site, &**contract),
            Settings::Litestar(contract, _) => openapi::document(&self.site, &**contract),
            Settings::Packages(contract) => openapi::document(&self.site, &**contract),
        };
        openapi::below(document, &self.mount)
    }

    /// The documentation pages. The documents of litestar and packages are everybody's; the others show theirs to staff.
    fn pages(&self) -> Option<Pages> {
        self.docs.as_ref()?;
        Some(match &self.settings {
            Settings::Litestar(contract, _) => Pages::new(&contract.api_title, &self.document()),
            Settings::Packages(contract) => Pages::of(&contract.title, &format!("{}/openapi.json", self.mount)),
            Settings::Conjure(_) => Pages::of("Conjure", &format!("{}/openapi.json", self.mount)),
            Settings::DjangoAdmin(..) => Pages::of("Admin", &format!("{}/api/v1/openapi.json", self.mount)),
        })
    }
}

/// Whether any door that is open lets people in, so that something is signed.
pub(crate) fn signs(written: &Written) -> bool {
    Door::ALL.into_iter().any(|door| door != Door::Packages && door.is_open(written))
}

/// A door that is open: its mount, a path of its own with a slash before and none after, and that of its pages.
pub(super) struct Opened {
    pub(super) door: Door,
    pub(super) mount: String,
    pub(super) docs: Option<String>,
}

/// The doors that are open.
pub(super) fn open(written: &Written, complaints: &mut Vec<Complaint>) -> Vec<Opened> {
    let mut taken = vec![written.site.media_url.as_deref().unwrap_or("/media/").trim_end_matches('/').to_owned()];
    let mut open: Vec<Opened> = Vec::new();
    for door in Door::ALL.into_iter().filter(|door| door.is_open(written)) {
        let said = door.said_mount(written);
        let mount = said.map_or_else(|| door.usual_mount().to_owned(), |said| mount(door, said, complaints));
        let docs = door.docs(written, complaints);
        let places = [said, door.said_docs(written)].map(|said| said.map_or(Place::Nowhere, |said| said.place.clone()));
        for (path, place) in [Some(&mount), docs.as_ref()].into_iter().zip(places) {
            let Some(path) = path else { continue };
            if taken.contains(path) {
                let words = format!("something else is mounted at '{path}' already");
                complaints.push(Complaint::new("C020", &place, words));
            }
            taken.push(path.clone());
        }
        open.push(Opened { door, mount, docs });
    }
    if let Some(said) = written.django_admin.frontend.as_ref().and_then(|frontend| frontend.mount.as_ref())
        && open.iter().any(|opened| opened.mount == said.text.trim_end_matches('/'))
    {
        let words = format!("a contract is mounted at '{}' already", said.text);
        complaints.push(Complaint::new("C020", &said.place, words));
    }
    if open.is_empty() {
        let words = "no contract is enabled: nothing would be served";
        complaints.push(Complaint::new("C025", &written.conjure.place, words));
    }
    open
}

fn mount(door: Door, said: &Said, complaints: &mut Vec<Complaint>) -> String {
    path("mount", door.usual_mount(), said, complaints)
}

/// A path with a slash before and none after.
fn path(key: &str, usual: &str, said: &Said, complaints: &mut Vec<Complaint>) -> String {
    let path = said.text.trim_end_matches('/');
    let plain = |c: char| c.is_ascii_alphanumeric() || "/-_.~".contains(c);
    if path.len() < 2 || !path.starts_with('/') || path.contains("//") || !path.chars().all(plain) {
        let words = format!("'{key}' must be a path such as \"{usual}\", not '{}'", said.text);
        complaints.push(Complaint::new("C020", &said.place, words));
    }
    path.to_owned()
}
