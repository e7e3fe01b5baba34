//! What makes one program of this family differ from another: its name, its built-in configuration, its code.

use std::error::Error;
use std::pin::Pin;
use std::sync::Arc;

use factotum::contract::conjure::Conjure;
use factotum::contract::django_admin::DjangoAdmin;
use factotum::contract::litestar::Litestar;
use factotum::contract::packages::Packages;
use factotum::site::Builder;
use factotum::store::Store;

/// What a program makes of a database before it serves it.
pub type Prepared<'a> = Pin<Box<dyn Future<Output = Result<(), Box<dyn Error + Send + Sync>>> + Send + 'a>>;

/// A program around a site. The program `factotum` says nothing of its own; a site with hooks overrides what it needs
/// and hands itself to [`crate::main`].
///
/// ```no_run
/// use factotum::admin::Options;
/// use factotum::site::Builder;
/// use factotum_cli::Program;
///
/// struct Shop;
/// impl Program for Shop {
///     fn name(&self) -> &'static str {
///         "shop"
///     }
///     fn register(&self, site: Builder, _contract: &str) -> Builder {
///         site.admin(factotum::ModelKey::new("shop", "Tag"), Options::default())
///     }
/// }
/// ```
pub trait Program: Send + Sync + 'static {
    /// The program's name, as typed.
    fn name(&self) -> &'static str {
        "factotum"
    }

    /// One line for people who ask what it is.
    fn about(&self) -> &'static str {
        "An admin backend for any SQL database"
    }

    /// TOML that lies under the user's file: what the file does not say is taken from here.
    fn defaults(&self) -> &'static str {
        ""
    }

    /// Adds models and admins in code, or replaces declared ones. `contract` names the door that the site is for
    /// (`conjure`, `django_admin`, `litestar`, `packages`), since two doors may show one model differently.
    fn register(&self, site: Builder, contract: &str) -> Builder {
        let _ = contract;
        site
    }

    /// Adds to the settings of the Conjure contract what needs code: widgets, what people are told of themselves.
    fn conjure(&self, settings: Conjure) -> Conjure {
        settings
    }

    /// Adds to the settings of the django-admin contract what needs code.
    fn django_admin(&self, settings: DjangoAdmin) -> DjangoAdmin {
        settings
    }

    /// Adds to the settings of the litestar contract what needs code: views, widgets.
    fn litestar(&self, settings: Litestar) -> Litestar {
        settings
    }

    /// Adds to the settings of the packages contract: collections that are declared in code.
    fn packages(&self, settings: Packages) -> Packages {
        settings
    }

    /// Makes what the program needs in the database, before anything is looked at: asked at every start of a site.
    /// The program `factotum` makes nothing.
    fn prepare<'a>(&'a self, store: &'a Arc<dyn Store>) -> Prepared<'a> {
        let _ = store;
        Box::pin(async { Ok(()) })
    }
}

/// The program `factotum`: everything comes from configuration.
#[derive(Debug, Clone, Copy, Default)]
pub struct Plain;

impl Program for Plain {}
