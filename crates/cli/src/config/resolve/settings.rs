//! Settings of the site and of the Conjure contract, from words to what they mean.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use factotum::Edge;
use factotum::contract::conjure::{AuditAdmin, Auth, Conjure, ConjureLog, Language, audit_model};
use factotum::http::csrf::TrustedOrigins;
use factotum::http::edge::Proxies;
use factotum::http::limit::Throttle;
use factotum::http::token::Tokens;
use factotum::site::Builder;
use jiff::tz::TimeZone;

use super::{AUDIT_TABLE, Ground, Workshop};
use crate::complaint::{Complaint, Place, suggestion};
use crate::config::node::{Kind, Table};
use crate::config::reader::Said;
use crate::config::{ConjureSection, SiteSection, Written};

/// The zone that local times are in.
pub(super) fn zone(site: &SiteSection, complaints: &mut Vec<Complaint>) -> TimeZone {
    let Some(said) = &site.time_zone else { return TimeZone::UTC };
    TimeZone::get(&said.text).unwrap_or_else(|_| {
        let words = format!("unknown time zone '{}': write a name such as \"Europe/Berlin\"", said.text);
        complaints.push(Complaint::new("C019", &said.place, words));
        TimeZone::UTC
    })
}

/// Where the contract is mounted: a path with a slash before and none after.
pub(super) fn mount(section: &ConjureSection, complaints: &mut Vec<Complaint>) -> String {
    let Some(said) = &section.mount else { return "/conjure".to_owned() };
    let path = said.text.trim_end_matches('/');
    let plain = |c: char| c.is_ascii_alphanumeric() || "/-_.~".contains(c);
    if path.len() < 2 || !path.starts_with('/') || path.contains("//") || !path.chars().all(plain) {
        let words = format!("'mount' must be a path such as \"/conjure\", not '{}'", said.text);
        complaints.push(Complaint::new("C020", &said.place, words));
    }
    path.to_owned()
}

/// Conjure's audit log: registered first, and written to, where its table is.
pub(super) fn audit(builder: Builder, written: &Written, ground: &Ground, shop: &mut Workshop<'_>) -> Builder {
    let there = ground.has(AUDIT_TABLE) && ground.people_here && ground.has("auth_user");
    match written.conjure.audit {
        Some(false) => builder,
        None if !there => builder,
        Some(true) if !there => {
            let words =
                format!("there is no table '{AUDIT_TABLE}' for the audit log: run 'migrate', or set audit = false");
            shop.complain("C021", &written.conjure.place, words);
            builder
        }
        _ => builder.register(audit_model(), AuditAdmin).ledger(Arc::new(ConjureLog)),
    }
}

/// The settings of the contract.
pub(super) fn conjure(written: &Written, shop: &mut Workshop<'_>) -> Conjure {
    let section = &written.conjure;
    let mut conjure = Conjure { auth: auth(written, shop), ..Conjure::default() };
    if let Some(title) = &written.site.title {
        conjure = conjure.brand("name", title.as_str());
    }
    for (key, entry) in section.brand.iter().flatten() {
        conjure = conjure.brand(key, entry.node.json());
    }
    let texts = |said: &[Said]| said.iter().map(|said| said.text.clone()).collect::<Vec<_>>();
    conjure.page_size = section.page_size.unwrap_or(conjure.page_size).max(1);
    conjure.max_page_size = section.max_page_size.unwrap_or(conjure.max_page_size).max(1);
    conjure.app_groups = section.app_groups.as_ref().map(|table| groups(table, shop)).unwrap_or_default();
    conjure.sections = section.sections.iter().map(|group| texts(group)).collect();
    conjure.model_order = texts(&section.model_order);
    conjure.language = language(section, shop);
    conjure.allowed_actions = section.allowed_actions.unwrap_or(conjure.allowed_actions);
    conjure.widgets_respect_permissions =
        section.widgets_respect_permissions.unwrap_or(conjure.widgets_respect_permissions);
    conjure.trusted_origins = TrustedOrigins::new(written.site.trusted_origins.clone());
    conjure.session_age = written.accounts.session_age.unwrap_or(conjure.session_age);
    conjure.throttle = throttle(written);
    for said in section.sections.iter().flatten().chain(&section.model_order) {
        known_model(said, shop);
    }
    conjure
}

/// A name in an order that no model has does no harm on the wire, but it is a mistake.
fn known_model(said: &Said, shop: &mut Workshop<'_>) {
    let found = factotum::ModelKey::parse(&said.text).and_then(|key| shop.schema.find(&key).map(|_| ()));
    if found.is_none() && said.text != "conjure.AdminAuditLog" {
        let models: Vec<String> = shop.schema.models().map(|model| model.key.to_string()).collect();
        let near = suggestion(&said.text, models.iter().map(String::as_str));
        shop.complain("C015", &said.place, format!("there is no model '{}'{near}", said.text));
    }
}

fn auth(written: &Written, shop: &mut Workshop<'_>) -> Auth {
    let Some(said) = &written.conjure.auth else { return Auth::Session };
    match said.text.as_str() {
        "session" => Auth::Session,
        "jwt" => Auth::Jwt(Tokens::new(written.site.secret_key.clone().unwrap_or_default())),
        other => {
            let near = suggestion(other, ["session", "jwt"]);
            shop.complain("C014", &said.place, format!("'auth' must be \"session\" or \"jwt\", not '{other}'{near}"));
            Auth::Session
        }
    }
}

fn language(section: &ConjureSection, shop: &mut Workshop<'_>) -> Language {
    let Some(said) = &section.language else { return Language::English };
    match said.text.as_str() {
        "en" => Language::English,
        "ko" => Language::Korean,
        other => {
            shop.complain("C014", &said.place, format!("'language' must be \"en\" or \"ko\", not '{other}'"));
            Language::English
        }
    }
}

fn groups(table: &Table, shop: &mut Workshop<'_>) -> indexmap::IndexMap<String, String> {
    let mut groups = indexmap::IndexMap::new();
    for (app, entry) in table {
        if let Kind::Text(title) = &entry.node.kind {
            groups.insert(app.clone(), title.clone());
        } else {
            shop.complain("C004", &entry.node.place, "a group's title must be text");
        }
    }
    groups
}

/// How often somebody may fail to sign in: as often as they like, unless somebody says.
fn throttle(written: &Written) -> Option<Arc<Throttle>> {
    let most = u32::try_from(written.accounts.login_attempts?).ok()?;
    let within = Duration::from_secs(written.accounts.login_window.unwrap_or(300));
    Some(Arc::new(Throttle::new(most, within)))
}

/// What stands between the site and its callers.
pub(crate) fn edge(written: &Written) -> Result<Edge, Vec<Complaint>> {
    let mut complaints = Vec::new();
    let mut edge = Edge { forwarded_host: written.site.use_x_forwarded_host, ..Edge::default() };
    edge.hosts = written.site.allowed_hosts.iter().filter(|host| *host != "*").cloned().collect();
    if written.site.allowed_hosts.iter().any(|host| host == "*") {
        edge.hosts.clear();
    }
    if let Some(proxies) = &written.site.trusted_proxies {
        edge.proxies = Proxies::Only(proxies.iter().filter_map(|said| address(said, &mut complaints)).collect());
    }
    let bytes =
        |number: Option<u64>, usual: usize| number.and_then(|bytes| usize::try_from(bytes).ok()).unwrap_or(usual);
    edge.most_body = bytes(written.server.max_body, edge.most_body);
    edge.most_upload = bytes(written.server.max_upload, edge.most_upload);
    edge.body_time = written.server.body_timeout.map_or(edge.body_time, Duration::from_secs);
    if complaints.is_empty() { Ok(edge) } else { Err(complaints) }
}

fn address(said: &Said, complaints: &mut Vec<Complaint>) -> Option<IpAddr> {
    let address = said.text.parse().ok();
    if address.is_none() {
        complaints.push(Complaint::new("C022", &said.place, format!("'{}' is no IP address", said.text)));
    }
    address
}

/// A site that lets people in must be able to sign.
pub(crate) fn secret(written: &Written) -> Result<(), Vec<Complaint>> {
    const SHORTEST: usize = 32;
    let words = match &written.site.secret_key {
        None => {
            "site.secret_key is missing: sessions and tokens are signed with it; write it under [site], or set \
             FACTOTUM__SITE__SECRET_KEY"
        }
        Some(secret) if secret.len() < SHORTEST && !written.site.debug => {
            "site.secret_key is too short: it must have 32 characters or more"
        }
        Some(_) => return Ok(()),
    };
    Err(vec![Complaint::new("C023", &Place::Nowhere, words)])
}
