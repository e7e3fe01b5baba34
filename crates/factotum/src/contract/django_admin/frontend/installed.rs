//! What makes an app of the page that can be installed: its manifest and its service worker.

use http::{StatusCode, header};
use serde_json::{Value as Json, json};

use super::{Call, Icon, Settings};
use crate::http::Reply;

const HINT: &str = "sec-ch-prefers-color-scheme";
/// The worker finds its mount by its own address, so that it is the same text everywhere.
const WORKER: &str = include_str!("worker.js");

/// `GET web.manifest`: nothing in it is of a person, since browsers ask for it before anybody signs in.
pub(super) fn manifest(call: &Call) -> Reply {
    let settings = &call.contract.settings;
    let is_dark = call.head.header(HINT).is_some_and(|hint| hint.trim().eq_ignore_ascii_case("dark"));
    let (background, theme) = if is_dark { ("#0b0f19", "#3b82f6") } else { ("#ffffff", "#2563eb") };
    let document = json!({
        "name": settings.app_name.as_ref().unwrap_or(&settings.brand_title),
        "short_name": settings.app_short_name,
        "start_url": settings.mount,
        "scope": settings.mount,
        "display": "standalone",
        "orientation": "any",
        "background_color": background,
        "theme_color": theme,
        "icons": icons(settings),
    });
    Reply::json(StatusCode::OK, document.to_string().into_bytes())
        .with(header::CONTENT_TYPE, "application/manifest+json")
        .with(header::VARY, "Sec-CH-Prefers-Color-Scheme")
        .with(header::CACHE_CONTROL, "no-cache")
}

/// `GET sw.js`
pub(super) fn worker(call: &Call) -> Reply {
    let mut reply = Reply::empty(StatusCode::OK)
        .with(header::CONTENT_TYPE, "application/javascript")
        .with(header::HeaderName::from_static("service-worker-allowed"), &call.contract.settings.mount)
        .with(header::CACHE_CONTROL, "no-cache");
    reply.body = WORKER.into();
    reply
}

fn icons(settings: &Settings) -> Json {
    if settings.icons.is_empty() {
        return json!([plain(settings)]);
    }
    settings.icons.iter().map(icon).collect()
}

fn icon(icon: &Icon) -> Json {
    let mut entry = json!({ "src": icon.src, "sizes": icon.sizes, "type": icon.media });
    if let Some(purpose) = &icon.purpose {
        entry["purpose"] = json!(purpose);
    }
    entry
}

/// The logo; without one, a rounded square in the site's colour. The package has no icons.
fn plain(settings: &Settings) -> Json {
    if let Some(logo) = &settings.brand_logo {
        return json!({ "src": logo, "sizes": "any" });
    }
    let color = settings.primary_color.trim_start_matches('#');
    let image = format!(
        "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 8 8'%3E\
         %3Crect width='8' height='8' rx='1.5' fill='%23{color}'/%3E%3C/svg%3E"
    );
    json!({ "src": image, "sizes": "any", "type": "image/svg+xml" })
}
