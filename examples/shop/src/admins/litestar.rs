//! How the litestar contract shows the shop: models as that site declares them, a view for each, actions, people.

mod actions;
mod beside;
mod models;
mod people;
mod views;

use factotum::admin::Options;
use factotum::contract::litestar::Litestar;
use factotum::site::Builder;

use self::actions::{CustomerAdmin, ProductAdmin};
use crate::models::key;

pub use self::people::prepare;

/// The key that signs tokens of the reference site. Never use it elsewhere.
pub const TOKEN_KEY: &str = "shop-secret-0123456789-0123456789";

/// Registers the shop's models in the order in which that site lists them.
#[must_use]
pub fn register(site: Builder) -> Builder {
    let site = crate::models::all().into_iter().map(models::declared).fold(site, Builder::model);
    let order = [
        "Category",
        "Tag",
        "Supplier",
        "Product",
        "ProductImage",
        "Customer",
        "Order",
        "OrderLine",
        "Setting",
        "ActivityLog",
    ];
    let site = order.into_iter().fold(site, |site, name| site.admin(key(name), Options::default()));
    site.admin(key("Product"), ProductAdmin).admin(key("Customer"), CustomerAdmin)
}

/// The settings of the contract, with a view for each model.
#[must_use]
pub fn settings(settings: Litestar) -> Litestar {
    let settings = Litestar { site_views: beside::all(), ..settings };
    let settings = views::all().into_iter().fold(settings, |settings, (name, view)| settings.view(key(name), view));
    views::widgets().into_iter().fold(settings, Litestar::widget)
}
