//! The published React front end, from a folder that the site's owner has: its page, its files and its API together.
//!
//! ```no_run
//! # fn mount(site: factotum::Site) -> Result<axum::Router, Box<dyn std::error::Error>> {
//! use factotum::contract::django_admin::DjangoAdmin;
//! use factotum::contract::django_admin::frontend::{Frontend, Settings};
//! let api = factotum::router(site.clone(), DjangoAdmin::default());
//! let settings = Settings { brand_title: "Shop".into(), ..Settings::new("frontend") };
//! let pages = Frontend::open(settings)?.router(factotum::Edge::default(), site, api.clone());
//! let app = axum::Router::new().nest("/admin-api", api).merge(pages);
//! # Ok(app) }
//! ```

mod bundle;
mod installed;
mod page;
mod settings;

use std::convert::Infallible;
use std::fmt;
use std::sync::Arc;

use factotum_engine::{Principal, Site};
use futures_util::future::BoxFuture;
use http::{Method, Request, StatusCode, header};
use tower::ServiceExt;

use crate::http::assets::Assets;
use crate::http::body::Incoming;
use crate::http::contract::{Contract, Visit};
use crate::http::edge::Edge;
use crate::http::endpoint::get;
use crate::http::router::router_at;
use crate::http::{self as door, Endpoint, Fault, Gate, Head, Reply, Route};

pub use settings::{Icon, Settings, Unfit};

use bundle::Bundle;

type Call = door::Call<Frontend>;

/// The front end of a site, ready to be served.
pub struct Frontend {
    settings: Settings,
    bundle: Bundle,
    assets: Assets,
}

impl fmt::Debug for Frontend {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Frontend").field("settings", &self.settings).finish_non_exhaustive()
    }
}

impl Frontend {
    /// Judges the settings and reads the folder: what is served later is what was there now.
    ///
    /// # Errors
    /// [`Unfit`] names the setting and says what is wrong with it.
    pub fn open(settings: Settings) -> Result<Frontend, Unfit> {
        let settings = settings.judged()?;
        let (bundle, assets) = bundle::open(&settings.folder).map_err(|words| Unfit::new("folder", words))?;
        Ok(Frontend { settings, bundle, assets })
    }

    /// Everything at its place: the pages under the mount, the contract's router below it, the files under their own
    /// URL. To be merged into the host's router.
    pub fn router(self, edge: Edge, site: Site, api: axum::Router) -> axum::Router {
        let (mount, files) = (self.settings.mount.clone(), self.settings.files_url());
        let assets = self.assets.clone().router();
        let pages = router_at(edge, site, self);
        let service = tower::service_fn(move |request: Request<axum::body::Body>| {
            let chosen = if request.uri().path().starts_with("/api/v1/") { &api } else { &pages };
            let answer = chosen.clone().oneshot(request);
            async move { Ok::<_, Infallible>(answer.await.unwrap_or_else(|never| match never {})) }
        });
        let bare = |path: &str| path.trim_end_matches('/').to_owned();
        axum::Router::new().nest_service(&bare(&files), assets).nest_service(&bare(&mount), service)
    }
}

/// A path that is no endpoint is a page: the app itself knows which pages it has.
impl Contract for Frontend {
    fn title(&self) -> &'static str {
        "django-admin front end"
    }

    fn endpoints(&self) -> Vec<Endpoint<Frontend>> {
        let back = |id, path| {
            get(id, path, |call: Call| async move { Ok(call.contract.back()) })
                .about("The app draws this itself.")
                .gate(Gate::Anyone)
        };
        vec![
            back("login", "/login/"),
            back("logout", "/logout/"),
            get("manifest", "/web.manifest", |call: Call| async move { Ok(installed::manifest(&call)) })
                .about("What the app is called where it is installed.")
                .gate(Gate::Anyone),
            get("worker", "/sw.js", |call: Call| async move { Ok(installed::worker(&call)) })
                .about("The app's service worker.")
                .gate(Gate::Anyone),
        ]
    }

    fn identify<'a>(
        &'a self,
        _visit: &'a Visit<'a, Frontend>,
        _body: &'a mut Incoming,
    ) -> BoxFuture<'a, Result<Arc<Principal>, Fault>> {
        Box::pin(async { Ok(Arc::new(Principal::anonymous())) })
    }

    fn admit(&self, _visit: &Visit<'_, Frontend>, _who: &Principal) -> Result<(), Fault> {
        Ok(())
    }

    fn methods(&self, _route: &Route<Frontend>) -> Vec<Method> {
        vec![Method::GET, Method::HEAD]
    }

    fn refuse(&self, _site: &Site, head: &Head, fault: &Fault) -> Reply {
        match fault {
            Fault::NoSuchPath if !matches!(head.method, Method::GET | Method::HEAD) => wrong_method(),
            Fault::NoSuchPath if !head.path.starts_with(&self.settings.mount) => self.back(),
            Fault::NoSuchPath => page::shell(self, head),
            Fault::WrongMethod { .. } => wrong_method(),
            Fault::BadHost => Reply::empty(StatusCode::BAD_REQUEST),
            _ => Reply::empty(StatusCode::INTERNAL_SERVER_ERROR),
        }
    }
}

impl Frontend {
    /// To the app's first page.
    fn back(&self) -> Reply {
        Reply::empty(StatusCode::FOUND).with(header::LOCATION, &self.settings.mount)
    }
}

fn wrong_method() -> Reply {
    Reply::empty(StatusCode::METHOD_NOT_ALLOWED).with(header::ALLOW, "GET, HEAD")
}
