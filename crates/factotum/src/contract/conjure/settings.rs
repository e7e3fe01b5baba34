//! The settings of a site that speaks Conjure, as data.

use std::fmt;
use std::sync::Arc;

use factotum_engine::{Context, Principal, Result};
use futures_util::future::BoxFuture;
use indexmap::IndexMap;
use serde_json::{Map, Value, json};

use crate::http::csrf::TrustedOrigins;
use crate::http::limit::Throttle;
use crate::http::token::Tokens;

type Show = dyn for<'a> Fn(&'a mut Context, &'a [(String, String)]) -> BoxFuture<'a, Result<Value>> + Send + Sync;

/// A widget's code: it gets a context for reading and the query's parameters, and its document is the reply.
#[derive(Clone)]
pub struct Widget(Arc<Show>);

impl fmt::Debug for Widget {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Widget")
    }
}

impl Widget {
    pub(super) fn show<'a>(
        &self,
        cx: &'a mut Context,
        parameters: &'a [(String, String)],
    ) -> BoxFuture<'a, Result<Value>> {
        (self.0)(cx, parameters)
    }
}

/// What somebody is told of themselves: at sign-in, and when they ask.
pub type Payload = dyn Fn(&Principal) -> Value + Send + Sync;

/// How people prove who they are.
#[derive(Debug, Clone)]
pub enum Auth {
    /// By a session cookie.
    Session,
    /// By a bearer token, or by a session cookie where none is sent.
    Jwt(Tokens),
}

/// The language of the few sentences that the contract itself says to people.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Language {
    /// English.
    #[default]
    English,
    /// Korean, as the original says them.
    Korean,
}

/// The Conjure contract with its settings. The default is that of the original, but for the language.
///
/// ```
/// use factotum::contract::conjure::Conjure;
/// let conjure = Conjure { page_size: 25, ..Conjure::default() }.brand("name", "Shop").jwt("a secret of 32 bytes or more");
/// ```
#[derive(Clone)]
pub struct Conjure {
    /// How people prove who they are.
    pub auth: Auth,
    /// What a dashboard shows of the site; any keys beside `name` and `accent`.
    pub brand: Map<String, Value>,
    /// Rows on a page, when nobody says.
    pub page_size: u64,
    /// The most rows on a page.
    pub max_page_size: u64,
    /// Titles of groups by application, in the order of groups.
    pub app_groups: IndexMap<String, String>,
    /// Models that are shown together; the first of a list is the main one.
    pub sections: Vec<Vec<String>>,
    /// Models in the order in which they are shown.
    pub model_order: Vec<String>,
    /// The language of the contract's own sentences.
    pub language: Language,
    /// Whether a model's schema says which actions its reader may run.
    pub allowed_actions: bool,
    /// Whether widgets ask with their reader's rights, and are silent about models that the reader may not see.
    pub widgets_respect_permissions: bool,
    /// Other sites that may send requests with a session.
    pub trusted_origins: TrustedOrigins,
    /// For how many seconds a client keeps its session cookie.
    pub session_age: u64,
    /// How often somebody may fail to sign in; without, as often as they like.
    pub throttle: Option<Arc<Throttle>>,
    /// What somebody is told of themselves instead of the usual.
    pub user_payload: Option<Arc<Payload>>,
    /// The site's own widgets, by name.
    pub widgets: IndexMap<String, Widget>,
}

impl Default for Conjure {
    fn default() -> Conjure {
        let brand = [("name", "Conjure"), ("accent", "#4f46e5")];
        Conjure {
            auth: Auth::Session,
            brand: brand.into_iter().map(|(key, value)| (key.to_owned(), json!(value))).collect(),
            page_size: 50,
            max_page_size: 200,
            app_groups: IndexMap::new(),
            sections: Vec::new(),
            model_order: Vec::new(),
            language: Language::default(),
            allowed_actions: true,
            widgets_respect_permissions: false,
            trusted_origins: TrustedOrigins::default(),
            session_age: 14 * 24 * 60 * 60,
            throttle: None,
            user_payload: None,
            widgets: IndexMap::new(),
        }
    }
}

impl fmt::Debug for Conjure {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Conjure").field("auth", &self.auth).field("brand", &self.brand).finish_non_exhaustive()
    }
}

impl Conjure {
    /// Lets people prove who they are by tokens under the site's secret key, which should have 32 bytes or more.
    #[must_use]
    pub fn jwt(mut self, secret: &str) -> Conjure {
        self.auth = Auth::Jwt(Tokens::new(secret));
        self
    }

    /// Sets one key of what a dashboard shows of the site.
    #[must_use]
    pub fn brand(mut self, key: &str, value: impl Into<Value>) -> Conjure {
        self.brand.insert(key.to_owned(), value.into());
        self
    }

    /// Adds a widget, or replaces a built-in one.
    #[must_use]
    pub fn widget<F>(mut self, name: &str, run: F) -> Conjure
    where
        F: for<'a> Fn(&'a mut Context, &'a [(String, String)]) -> BoxFuture<'a, Result<Value>> + Send + Sync + 'static,
    {
        self.widgets.insert(name.to_owned(), Widget(Arc::new(run)));
        self
    }

    /// Says what somebody is told of themselves.
    #[must_use]
    pub fn user_payload(mut self, payload: impl Fn(&Principal) -> Value + Send + Sync + 'static) -> Conjure {
        self.user_payload = Some(Arc::new(payload));
        self
    }
}
