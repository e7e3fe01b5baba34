//! The reference shop: the site that the recorded conversations talk to, with every hook in use.

pub mod admins;
pub mod models;
pub mod widgets;

use std::error::Error;
use std::path::Path;
use std::sync::Arc;

use factotum::accounts::admin_users::AdminUsers;
use factotum::accounts::django::{self, DjangoAccounts};
use factotum::accounts::signing::Keys;
use factotum::audit::AdminLog;
use factotum::contract::conjure::{AuditAdmin, Conjure, ConjureLog, Language, audit_model};
use factotum::contract::django_admin::DjangoAdmin;
use factotum::contract::litestar::{Litestar, LitestarLog};
use factotum::files::Files;
use factotum::http::limit::{Limiter, Rule, Scope};
use factotum::http::openapi;
use factotum::http::pages::Pages;
use factotum::site::Builder;
use factotum::store::Store;
use factotum::{Edge, Site, store};
use factotum_cli::{Prepared, Program};

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

    fn register(&self, site: Builder, contract: &str) -> Builder {
        match contract {
            "django_admin" => admins::django_admin::register(site),
            "litestar" => admins::litestar::register(site),
            _ => admins::conjure::register(site),
        }
    }

    fn conjure(&self, settings: Conjure) -> Conjure {
        widgets::add(settings)
    }

    fn litestar(&self, settings: Litestar) -> Litestar {
        admins::litestar::settings(settings)
    }

    fn prepare<'a>(&'a self, store: &'a Arc<dyn Store>) -> Prepared<'a> {
        Box::pin(admins::litestar::prepare(store))
    }
}

/// The shop inside somebody's own axum app: everything that the program does, said in code.
///
/// # Errors
/// When the database cannot be opened or a model or admin has a problem.
pub async fn app(database: &str, jwt: bool, media: &Path) -> Result<axum::Router, Box<dyn Error + Send + Sync>> {
    let shop = builder(database, media)?;
    let store = store::open(database)?;
    admins::litestar::prepare(&store).await?;
    let conjure_site = conjure_site(shop.clone())?;
    let django_site = django_site(shop.clone())?;
    let litestar_site = litestar_site(shop, store)?;
    // Nested as a service, a contract is asked about its mount itself, too: it has a page for what is not there.
    Ok(axum::Router::new()
        .nest("/conjure", factotum::router(conjure_site, conjure(jwt)))
        .nest_service("/admin-api", factotum::router(django_site, DjangoAdmin::default()))
        .nest_service("/schema", pages(&litestar_site).router())
        .nest_service("/admin", factotum::router_at(edge(), litestar_site, litestar())))
}

/// What stands between the litestar contract and its callers: ten attempts to sign in, a minute and address.
fn edge() -> Edge {
    let logins =
        Rule { per_minute: Some(10), include: vec!["/admin/api/auth/login".to_owned()], ..Rule::new(Scope::Address) };
    Edge { limiter: Some(Limiter::new(vec![logins])), ..Edge::default() }
}

/// The pages that show the document of the litestar contract.
fn pages(site: &Site) -> Pages {
    Pages::new(&litestar().api_title, &openapi::below(openapi::document(site, &litestar()), "/admin"))
}

/// The shop's site as the litestar contract shows it.
///
/// # Errors
/// When the database cannot be opened or a model or admin has a problem.
pub fn token_site(database: &str, media: &Path) -> Result<Site, Box<dyn Error + Send + Sync>> {
    litestar_site(builder(database, media)?, store::open(database)?)
}

/// The shop's site as the Conjure contract shows it: its models and admins over a database.
///
/// # Errors
/// When the database cannot be opened or a model or admin has a problem.
pub fn site(database: &str, media: &Path) -> Result<Site, Box<dyn Error + Send + Sync>> {
    conjure_site(builder(database, media)?)
}

/// The shop's site as Django's own admin shows it.
///
/// # Errors
/// When the database cannot be opened or a model or admin has a problem.
pub fn admin_site(database: &str, media: &Path) -> Result<Site, Box<dyn Error + Send + Sync>> {
    django_site(builder(database, media)?)
}

/// What all contracts have in common: the database, its people, its files.
fn builder(database: &str, media: &Path) -> Result<Builder, Box<dyn Error + Send + Sync>> {
    let store = store::open(database)?;
    let accounts = Arc::new(DjangoAccounts::new(store.clone(), Keys::new(SECRET_KEY, Vec::new())));
    let files = Files { root: Some(media.to_owned()), ..Files::default() };
    let site = Site::builder(store, accounts).files(files).ledger(Arc::new(AdminLog)).ledger(Arc::new(ConjureLog));
    let site = site.ledger(Arc::new(LitestarLog::new(&litestar().views)));
    Ok(django::models().into_iter().fold(site, Builder::model).model(audit_model()))
}

fn django_site(shop: Builder) -> Result<Site, Box<dyn Error + Send + Sync>> {
    Ok(admins::django_admin::register(shop).build().map_err(|problems| format!("{problems:?}"))?)
}

fn conjure_site(shop: Builder) -> Result<Site, Box<dyn Error + Send + Sync>> {
    let site = shop.register(audit_model(), AuditAdmin);
    Ok(admins::conjure::register(site).build().map_err(|problems| format!("{problems:?}"))?)
}

fn litestar_site(shop: Builder, store: Arc<dyn Store>) -> Result<Site, Box<dyn Error + Send + Sync>> {
    let people = Arc::new(AdminUsers::new(store, Keys::new(SECRET_KEY, Vec::new())));
    let site = admins::litestar::register(shop.accounts(people));
    Ok(site.build().map_err(|problems| format!("{problems:?}"))?)
}

/// The settings of the litestar contract.
#[must_use]
pub fn litestar() -> Litestar {
    let settings = Litestar::new(admins::litestar::TOKEN_KEY);
    admins::litestar::settings(Litestar { title: "Shop Admin".to_owned(), naive_datetimes: true, ..settings })
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
