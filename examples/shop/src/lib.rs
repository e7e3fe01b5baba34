//! The reference shop: the site that the recorded conversations talk to, with every hook in use.

pub mod admins;
pub mod models;
pub mod widgets;

use std::error::Error;
use std::path::Path;
use std::sync::Arc;

use factotum::accounts::django::{self, DjangoAccounts};
use factotum::accounts::signing::Keys;
use factotum::contract::conjure::{AuditAdmin, Conjure, ConjureLog, Language, audit_model};
use factotum::files::Files;
use factotum::site::Builder;
use factotum::{Site, store};
use factotum_cli::Program;

/// The key of the reference site, so that sessions and tokens of one are good at the other. Never use it elsewhere.
pub const SECRET_KEY: &str = "reference-site-secret-key-not-for-production-0123456789";

/// The shop as a program: models, admins and widgets in code, the rest in `site.toml`.
#[derive(Debug, Clone, Copy)]
pub struct Shop;

impl Program for Shop {
    fn name(&self) -> &'static str {
        "shop"
    }

    fn about(&self) -> &'static str {
        "The reference shop: an admin with every hook in use"
    }

    fn defaults(&self) -> &'static str {
        include_str!("../site.toml")
    }

    fn register(&self, site: Builder, _contract: &str) -> Builder {
        admins::register(site)
    }

    fn conjure(&self, settings: Conjure) -> Conjure {
        widgets::add(settings)
    }
}

/// The shop inside somebody's own axum app: everything that the program does, said in code.
///
/// # Errors
/// When the database cannot be opened or a model or admin has a problem.
pub async fn app(database: &str, jwt: bool, media: &Path) -> Result<axum::Router, Box<dyn Error + Send + Sync>> {
    Ok(axum::Router::new().nest("/conjure", factotum::router(site(database, media)?, conjure(jwt))))
}

/// The shop's site: its models and admins over a database.
///
/// # Errors
/// When the database cannot be opened or a model or admin has a problem.
pub fn site(database: &str, media: &Path) -> Result<Site, Box<dyn Error + Send + Sync>> {
    let store = store::open(database)?;
    let accounts = Arc::new(DjangoAccounts::new(store.clone(), Keys::new(SECRET_KEY, Vec::new())));
    let files = Files { root: Some(media.to_owned()), ..Files::default() };
    let site = Site::builder(store, accounts).files(files).ledger(Arc::new(ConjureLog));
    let site = django::models().into_iter().fold(site, Builder::model).register(audit_model(), AuditAdmin);
    Ok(admins::register(site).build().map_err(|problems| format!("{problems:?}"))?)
}

/// The contract's settings.
#[must_use]
pub fn conjure(jwt: bool) -> Conjure {
    let both = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect();
    let settings = Conjure {
        app_groups: [("shop".to_owned(), "Catalogue".to_owned())].into_iter().collect(),
        sections: vec![both(&["shop.Product", "shop.ProductImage"])],
        model_order: both(&["shop.Category", "shop.Product"]),
        language: Language::Korean,
        allowed_actions: false,
        ..Conjure::default()
    };
    let settings = widgets::add(settings.brand("name", "Shop").brand("accent", "#0f766e"));
    if jwt { settings.jwt(SECRET_KEY) } else { settings }
}
