//! The settings of a site that speaks this contract, as data. Names and defaults are the original's.

use std::fmt;
use std::sync::Arc;

use factotum_engine::ModelKey;
use factotum_engine::accounts::families::Families;
use factotum_engine::settings::{SettingsStore, SettingsTable};
use indexmap::IndexMap;

use super::catalogue::Shelf;
use super::dashboard::Widget;
use super::files::Uploads;
use super::oauth::OAuth;
use super::reset::Reset;
use super::token::Tokens;
use super::view::View;
use super::views::Views;
use crate::http::csrf::TrustedOrigins;
use crate::http::jws::{Algorithm, Signer};
use crate::http::limit::Throttle;

/// How people prove who they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Auth {
    /// By a bearer token.
    #[default]
    Jwt,
    /// By a session cookie.
    Session,
}

/// Where tokens are looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Location {
    /// In the header `Authorization`; in the cookie only where there is no such header.
    #[default]
    Header,
    /// In the cookie first.
    Cookie,
}

/// The colours that a client begins with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Theme {
    /// Light on dark.
    #[default]
    Dark,
    /// Dark on light.
    Light,
}

/// The litestar contract with its settings.
///
/// ```
/// use factotum::contract::litestar::Litestar;
/// let contract = Litestar::new("a secret of 32 bytes or more, that nobody can guess");
/// let contract = Litestar { title: "Shop Admin".into(), ..contract };
/// ```
pub struct Litestar {
    /// What the site is called.
    pub title: String,
    /// The colours that a client begins with.
    pub theme: Theme,
    /// Whether clients are told that this is no place for real work.
    pub debug: bool,
    /// What its document is called.
    pub api_title: String,
    /// The version that its document names.
    pub api_version: String,
    /// How people prove who they are.
    pub auth: Auth,
    /// Makes and judges tokens.
    pub tokens: Tokens,
    /// Where tokens are looked for.
    pub location: Location,
    /// Whether whoever has no good token is told that there is nothing.
    pub stealth: bool,
    /// What keeps refresh tokens from being used twice; without it a refresh token lasts for its lifetime.
    pub rotation: Option<Families>,
    /// Whether moments are shown without an offset where the database keeps one.
    pub naive_datetimes: bool,
    /// Whether the export of all rows takes an access token in its address, `?token=`, as the published front end sends it.
    pub query_tokens: bool,
    /// Whether texts that a spreadsheet would run are kept from it in CSV files, which the original does not do.
    pub defused_exports: bool,
    /// How each model is shown; a model that is not here is shown by its own options.
    pub views: IndexMap<ModelKey, View>,
    /// Where the settings are kept that people change; none are offered if not said.
    pub settings_store: Option<Arc<dyn SettingsStore>>,
    /// Where uploads go that belong to no row yet; none are taken in if not said.
    pub uploads: Option<Uploads>,
    /// What the dashboard shows beside numbers of rows.
    pub widgets: Vec<Widget>,
    /// Whether things are told as the published front end reads them, too: the key of a row as `pk` where no column is
    /// called `id`, the keys of an action's fields in its spelling, the component of an embedded page in the list, the
    /// interval of a page in milliseconds.
    pub for_frontend: bool,
    /// What is shown that is no model.
    pub site_views: Views,
    /// Other sites that may send requests with a cookie.
    pub trusted_origins: TrustedOrigins,
    /// For how many seconds a client keeps its session cookie.
    pub session_age: u64,
    /// How forgotten passwords are reset; without it they are not.
    pub reset: Option<Reset>,
    /// Sign-in by other sites.
    pub oauth: OAuth,
    /// How often somebody may fail to sign in; without, as often as they like.
    pub throttle: Option<Arc<Throttle>>,
    /// What is worked out of the site once and kept.
    pub shelf: Shelf,
}

impl fmt::Debug for Litestar {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Litestar").field("title", &self.title).field("auth", &self.auth).finish_non_exhaustive()
    }
}

impl Litestar {
    /// The contract with tokens under a secret key, which should have 32 bytes or more.
    #[must_use]
    pub fn new(secret: &str) -> Litestar {
        Litestar {
            title: "Admin".to_owned(),
            theme: Theme::Dark,
            debug: false,
            api_title: "Litestar API".to_owned(),
            api_version: "1.0.0".to_owned(),
            auth: Auth::Jwt,
            tokens: Tokens::new(Signer::new(Algorithm::Hs256, secret)),
            location: Location::Header,
            stealth: false,
            rotation: None,
            naive_datetimes: false,
            query_tokens: false,
            defused_exports: false,
            views: IndexMap::new(),
            settings_store: Some(Arc::new(SettingsTable)),
            uploads: None,
            widgets: Vec::new(),
            for_frontend: false,
            site_views: Views::default(),
            trusted_origins: TrustedOrigins::default(),
            session_age: 14 * 24 * 60 * 60,
            reset: None,
            oauth: OAuth::default(),
            throttle: None,
            shelf: Shelf::default(),
        }
    }

    /// Says how a model is shown.
    #[must_use]
    pub fn view(mut self, model: ModelKey, view: View) -> Litestar {
        self.views.insert(model, view);
        self
    }

    /// Adds something to the dashboard.
    #[must_use]
    pub fn widget(mut self, widget: Widget) -> Litestar {
        self.widgets.push(widget);
        self
    }
}
