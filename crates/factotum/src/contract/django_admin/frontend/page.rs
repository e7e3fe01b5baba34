//! The one page: it tells the app where it is and what it looks like; the rest is drawn by the app.

use std::fmt::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::{StatusCode, header};
use sha2::{Digest, Sha256};

use super::{Frontend, Settings};
use crate::http::markup::escaped;
use crate::http::{Head, Reply, cookie, csrf, session};

/// The page for everybody: it holds nothing but what the settings say, so that it needs no sign-in.
pub(super) fn shell(frontend: &Frontend, head: &Head) -> Reply {
    let known = cookie::find(head, session::CSRF).and_then(|cookie| csrf::secret(cookie).ok());
    let secret = known.unwrap_or_else(csrf::new_secret);
    let is_dark = cookie::find(head, "dar-theme") == Some("dark");
    let accent = format!(":root {{ --dar-primary: {}; }}", frontend.settings.primary_color);
    let mut reply = Reply::empty(StatusCode::OK)
        .with(header::CONTENT_TYPE, "text/html; charset=utf-8")
        .with(header::CACHE_CONTROL, "no-cache, no-store, must-revalidate")
        .with(header::VARY, "Cookie")
        .with(header::CONTENT_SECURITY_POLICY, &policy(&accent));
    reply.body = html(frontend, &accent, &csrf::mask(&secret), is_dark).into();
    session::with_csrf(reply, head, &secret)
}

fn html(frontend: &Frontend, accent: &str, token: &str, is_dark: bool) -> String {
    let settings = &frontend.settings;
    let files = settings.files_url();
    let dark = if is_dark { " class=\"dark\"" } else { "" };
    let mut out = format!("<!doctype html>\n<html lang=\"en\"{dark}>\n<head>\n<meta charset=\"utf-8\">\n");
    for (name, content) in metas(settings) {
        line(&mut out, format_args!("<meta name=\"{name}\" content=\"{}\">", escaped(&content)));
    }
    line(&mut out, format_args!("<title>{}</title>", escaped(&settings.title)));
    let icon = settings.brand_logo.as_deref().unwrap_or("data:,");
    line(&mut out, format_args!("<link rel=\"icon\" href=\"{}\">", escaped(icon)));
    line(&mut out, format_args!("<link rel=\"manifest\" href=\"{}web.manifest\">", escaped(&settings.mount)));
    line(&mut out, format_args!("<style>{accent}</style>"));
    for style in &frontend.bundle.styles {
        line(&mut out, format_args!("<link rel=\"stylesheet\" href=\"{}\">", escaped(&format!("{files}{style}"))));
    }
    let script = escaped(&format!("{files}{}", frontend.bundle.script));
    line(&mut out, format_args!("<script type=\"module\" src=\"{script}\"></script>"));
    line(&mut out, format_args!("</head>\n<body class=\"bg-gray-50 text-gray-900 antialiased\">"));
    line(&mut out, format_args!("<input type=\"hidden\" name=\"csrfmiddlewaretoken\" value=\"{token}\">"));
    line(&mut out, format_args!("<div id=\"root\"><noscript>The admin needs JavaScript.</noscript></div>"));
    out.push_str("</body>\n</html>\n");
    out
}

fn line(out: &mut String, text: std::fmt::Arguments<'_>) {
    let _ = out.write_fmt(text);
    out.push('\n');
}

/// What the app reads of the page.
fn metas(settings: &Settings) -> Vec<(&'static str, String)> {
    let legacy = settings.legacy_admin_prefix.as_deref().map(|prefix| prefix.trim_start_matches('/').to_owned());
    let optional = [("dar-legacy-admin-prefix", legacy), ("dar-brand-logo", settings.brand_logo.clone())];
    let mut metas = vec![
        ("viewport", "width=device-width, initial-scale=1".to_owned()),
        ("dar-mount", settings.mount.clone()),
        ("dar-api-prefix", settings.api_url()),
        ("dar-brand-title", settings.brand_title.clone()),
        ("dar-language", settings.language.clone()),
        ("theme-color", "#ffffff".to_owned()),
        ("mobile-web-app-capable", "yes".to_owned()),
        ("apple-mobile-web-app-title", settings.title.clone()),
    ];
    let said = optional.into_iter().filter_map(|(name, content)| Some((name, content?)));
    metas.extend(said.filter(|(_, content)| !content.is_empty()));
    metas
}

/// What the page may load: from this site only, but for images, since a logo or a column of a table may name any.
fn policy(accent: &str) -> String {
    let hash = STANDARD.encode(Sha256::digest(accent.as_bytes()));
    format!(
        "default-src 'self'; script-src 'self'; style-src 'self' 'sha256-{hash}'; img-src * data: blob:; \
         object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    )
}
