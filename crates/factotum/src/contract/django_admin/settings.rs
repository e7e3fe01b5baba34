//! The settings of a site that speaks this contract, as data. Names and defaults are the original's.

use std::fmt;
use std::sync::Arc;

use indexmap::IndexMap;

use super::forms::Forms;
use super::shelf::Shelf;
use crate::http::csrf::TrustedOrigins;
use crate::http::limit::Throttle;
use crate::http::python::capfirst;

/// The contract of Django's admin with its settings.
///
/// ```
/// use factotum::contract::django_admin::DjangoAdmin;
/// let contract = DjangoAdmin { max_page_size: 100, ..DjangoAdmin::default() };
/// ```
pub struct DjangoAdmin {
    /// Rows on a page, where a model's own number is none.
    pub default_page_size: u64,
    /// The most rows on a page.
    pub max_page_size: u64,
    /// The most rows that an action runs on; without a limit if 0.
    pub max_action_pks: u64,
    /// The most rows of one bulk edit: as many as on a page if not said, without a limit if 0.
    pub max_bulk_updates: Option<u64>,
    /// Where the single-page admin stands: pages that an HTML page leads to are looked for there.
    pub spa_url_prefix: String,
    /// Where the HTML admin stands: some replies hold links into it.
    pub admin_url: String,
    /// Names of applications for people; where none is said it is made from the label.
    pub app_titles: IndexMap<String, String>,
    /// Groups that take models out of their applications when models are listed.
    pub groups: Vec<Group>,
    /// Other sites that may send requests with a session.
    pub trusted_origins: TrustedOrigins,
    /// For how many seconds a client keeps its session cookie.
    pub session_age: u64,
    /// How often somebody may fail to sign in; without, as often as they like.
    pub throttle: Option<Arc<Throttle>>,
    /// What is worked out of the site once and kept.
    pub shelf: Shelf,
    /// What is told of every form, worked out once and kept.
    pub forms: Forms,
}

/// A group that models are listed under instead of their application.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// Its label.
    pub label: String,
    /// Its name for people.
    pub title: String,
    /// Its models, as `shop.Product`.
    pub models: Vec<String>,
}

impl Default for DjangoAdmin {
    fn default() -> DjangoAdmin {
        DjangoAdmin {
            default_page_size: 25,
            max_page_size: 200,
            max_action_pks: 5000,
            max_bulk_updates: None,
            spa_url_prefix: "/admin2/".to_owned(),
            admin_url: "/admin/".to_owned(),
            app_titles: IndexMap::new(),
            groups: Vec::new(),
            trusted_origins: TrustedOrigins::default(),
            session_age: 14 * 24 * 60 * 60,
            throttle: None,
            shelf: Shelf::default(),
            forms: Forms::default(),
        }
    }
}

impl fmt::Debug for DjangoAdmin {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("DjangoAdmin").field("max_page_size", &self.max_page_size).finish_non_exhaustive()
    }
}

impl DjangoAdmin {
    /// The name of an application for people.
    pub(super) fn app_title(&self, label: &str) -> String {
        match self.app_titles.get(label) {
            Some(title) => title.clone(),
            None => usual_title(label),
        }
    }
}

/// Django's own applications have names that no label tells.
fn usual_title(label: &str) -> String {
    match label {
        "auth" => "Authentication and Authorization".to_owned(),
        "admin" => "Administration".to_owned(),
        "contenttypes" => "Content Types".to_owned(),
        label => capfirst(&label.replace('_', " ")),
    }
}
