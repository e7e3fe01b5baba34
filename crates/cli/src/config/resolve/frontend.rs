//! The front end of the django-admin contract, from words to something that can be served.

use factotum::contract::django_admin::frontend::{Frontend, Icon, Settings};
use factotum::contract::litestar::frontend as litestar;

use super::Workshop;
use crate::config::{FrontendSection, IconWritten, Written};

/// The front end, if one is written and can be served.
pub(super) fn frontend(written: &Written, shop: &mut Workshop<'_>) -> Option<Frontend> {
    let section = written.django_admin.frontend.as_ref()?;
    let settings = settings(section, written)?;
    Frontend::open(settings)
        .map_err(|unfit| {
            let written = section.places.iter().find(|(key, _)| *key == unfit.setting);
            let place = written.or(section.places.first()).map(|(_, place)| place.clone()).unwrap_or_default();
            shop.complain("C026", &place, format!("the front end cannot be served: {unfit}"));
        })
        .ok()
}

/// The front end of the litestar contract, if one is written and can be served.
pub(super) fn litestar(written: &Written, shop: &mut Workshop<'_>) -> Option<litestar::Frontend> {
    let said = written.litestar.frontend.as_ref()?;
    let opened = litestar::Frontend::open(said.text.as_ref());
    opened.map_err(|unfit| shop.complain("C026", &said.place, format!("the front end cannot be served: {unfit}"))).ok()
}

fn settings(section: &FrontendSection, written: &Written) -> Option<Settings> {
    let usual = Settings::new(section.folder.as_ref()?.text.as_str());
    let title = written.site.title.clone();
    let or = |said: &Option<String>, usual: String| said.clone().unwrap_or(usual);
    let prefix = written.django_admin.spa_url_prefix.as_ref().map(|said| said.text.clone());
    Some(Settings {
        mount: section.mount.as_ref().map(|said| said.text.clone()).or(prefix).unwrap_or(usual.mount),
        static_url: or(&section.static_url, usual.static_url),
        api_prefix: section.api_prefix.clone(),
        legacy_admin_prefix: section.legacy_admin_prefix.clone(),
        brand_title: or(&section.brand_title, title.clone().unwrap_or(usual.brand_title)),
        title: or(&section.title, title.unwrap_or(usual.title)),
        brand_logo: section.brand_logo.clone(),
        primary_color: or(&section.primary_color, usual.primary_color),
        language: or(&section.language, usual.language),
        app_name: section.app_name.clone(),
        app_short_name: or(&section.app_short_name, usual.app_short_name),
        icons: section.icons.iter().map(icon).collect(),
        folder: usual.folder,
    })
}

fn icon(written: &IconWritten) -> Icon {
    let (src, sizes, media) = (written.src.clone(), written.sizes.clone(), written.media.clone());
    Icon { src, sizes, media, purpose: written.purpose.clone() }
}
