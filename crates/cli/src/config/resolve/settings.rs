//! Settings of the site and of its contracts, from words to what they mean.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use factotum::Edge;
use factotum::audit::admin_log::AdminLog;
use factotum::contract::conjure::{AuditAdmin, Auth, Conjure, ConjureLog, Language, audit_model};
use factotum::contract::django_admin::{DjangoAdmin, Group};
use factotum::contract::litestar::{Litestar, LitestarLog};
use factotum::http::csrf::TrustedOrigins;
use factotum::http::edge::Proxies;
use factotum::http::limit::Throttle;
use factotum::http::token::Tokens;
use factotum::model::Model;
use factotum::site::Builder;
use jiff::tz::TimeZone;

use super::{
    ADMIN_LOG, AUDIT_TABLE, Door, Ground, Settings, Workshop, frontend, limits, litestar, packages, signs, widget,
};
use crate::Program;
use crate::complaint::{Complaint, Place, suggestion};
use crate::config::model::ModelWritten;
use crate::config::node::{Kind, Table};
use crate::config::reader::Said;
use crate::config::{ConjureSection, GroupWritten, SiteSection, Written};

/// The zone that local times are in.
pub(super) fn zone(site: &SiteSection, complaints: &mut Vec<Complaint>) -> TimeZone {
    let Some(said) = &site.time_zone else { return TimeZone::UTC };
    TimeZone::get(&said.text).unwrap_or_else(|_| {
        let words = format!("unknown time zone '{}': write a name such as \"Europe/Berlin\"", said.text);
        complaints.push(Complaint::new("C019", &said.place, words));
        TimeZone::UTC
    })
}

/// The logs of writes: each is written to by every door, where its table is. Conjure shows its own, registered first.
pub(super) fn ledgers(
    builder: Builder,
    door: Door,
    written: &Written,
    ground: &Ground,
    declared: &[(&ModelWritten, Model)],
    program: &dyn Program,
    shop: &mut Workshop<'_>,
) -> Builder {
    let mut builder = builder;
    let conjure = (written.conjure.audit, AUDIT_TABLE, "audit", &written.conjure.place);
    if is_kept(conjure, ground, shop) {
        builder = match door {
            Door::Conjure => builder.register(audit_model(), AuditAdmin),
            Door::DjangoAdmin | Door::Litestar | Door::Packages => builder.model(audit_model()),
        };
        builder = builder.ledger(Arc::new(ConjureLog));
    }
    let django = (written.django_admin.log, ADMIN_LOG, "log", &written.django_admin.place);
    if is_kept(django, ground, shop) {
        builder = builder.ledger(Arc::new(AdminLog));
    }
    if litestar::keeps_log(written, ground, shop) {
        let views = litestar::views(declared, shop);
        let contract = program.litestar(Litestar { views, ..Litestar::new("") });
        builder = builder.ledger(Arc::new(LitestarLog::new(&contract.views)));
    }
    builder
}

/// Whether a log is kept: where its table is and people are beside it, unless somebody says no.
fn is_kept(
    (said, table, key, place): (Option<bool>, &str, &str, &Place),
    ground: &Ground,
    shop: &mut Workshop<'_>,
) -> bool {
    let there = ground.has(table) && ground.people_here && ground.has("auth_user");
    if said == Some(true) && !there {
        let words = format!("there is no table '{table}' for the log of writes: run 'migrate', or set {key} = false");
        shop.complain("C021", place, words);
    }
    there && said != Some(false)
}

/// The settings of a contract, with what the program adds to them.
pub(super) fn settings(
    door: Door,
    written: &Written,
    ground: &Ground,
    throttle: Option<Arc<Throttle>>,
    program: &dyn Program,
    declared: &[(&ModelWritten, Model)],
    shop: &mut Workshop<'_>,
) -> Settings {
    match door {
        Door::Conjure => {
            let contract = Conjure { throttle, ..conjure(written, shop) };
            let contract = widget::add_all(contract, &written.widgets, shop);
            Settings::Conjure(Box::new(program.conjure(contract)))
        }
        Door::DjangoAdmin => {
            let contract = DjangoAdmin { throttle, ..django_admin(written, shop) };
            let frontend = frontend::frontend(written, shop).map(Box::new);
            Settings::DjangoAdmin(Box::new(program.django_admin(contract)), frontend)
        }
        Door::Litestar => {
            let contract = litestar::litestar(written, ground, declared, shop);
            let frontend = frontend::litestar(written, shop);
            Settings::Litestar(Box::new(program.litestar(Litestar { throttle, ..contract })), frontend)
        }
        Door::Packages => Settings::Packages(Box::new(program.packages(packages::packages(written, shop)))),
    }
}

/// The settings of the django-admin contract.
fn django_admin(written: &Written, shop: &mut Workshop<'_>) -> DjangoAdmin {
    let section = &written.django_admin;
    let usual = DjangoAdmin::default();
    DjangoAdmin {
        default_page_size: section.page_size.unwrap_or(usual.default_page_size).max(1),
        max_page_size: section.max_page_size.unwrap_or(usual.max_page_size).max(1),
        max_action_pks: section.max_action_pks.unwrap_or(usual.max_action_pks),
        max_bulk_updates: section.max_bulk_updates,
        spa_url_prefix: path(section.spa_url_prefix.as_ref(), &usual.spa_url_prefix, "spa_url_prefix", shop),
        admin_url: path(section.admin_url.as_ref(), &usual.admin_url, "admin_url", shop),
        app_titles: section.app_titles.as_ref().map(|table| groups(table, shop)).unwrap_or_default(),
        groups: section.groups.iter().filter_map(|said| group(said, shop)).collect(),
        trusted_origins: TrustedOrigins::new(written.site.trusted_origins.clone()),
        session_age: written.accounts.session_age.unwrap_or(usual.session_age),
        ..usual
    }
}

fn group(said: &GroupWritten, shop: &mut Workshop<'_>) -> Option<Group> {
    for model in &said.models {
        known_model(model, shop);
    }
    let label = said.label.clone()?;
    let title = said.title.clone().unwrap_or_else(|| label.clone());
    Some(Group { label, title, models: said.models.iter().map(|said| said.text.clone()).collect() })
}

/// The path of something else on the same host, with a slash before and after.
fn path(said: Option<&Said>, usual: &str, key: &str, shop: &mut Workshop<'_>) -> String {
    let Some(said) = said else { return usual.to_owned() };
    if !said.text.starts_with('/') || said.text.starts_with("//") {
        let words = format!("'{key}' must be a path such as \"{usual}\", not '{}'", said.text);
        shop.complain("C020", &said.place, words);
    }
    format!("{}/", said.text.trim_end_matches('/'))
}

/// The settings of the Conjure contract.
fn conjure(written: &Written, shop: &mut Workshop<'_>) -> Conjure {
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
    edge.limiter = limits::limiter(written, &mut complaints);
    let bytes =
        |number: Option<u64>, usual: usize| number.and_then(|bytes| usize::try_from(bytes).ok()).unwrap_or(usual);
    edge.most_body = bytes(written.server.max_body, edge.most_body);
    edge.most_upload = bytes(written.server.max_upload, edge.most_upload);
    edge.most_spool = bytes(written.server.max_spool, edge.most_spool);
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
    if !signs(written) {
        return Ok(());
    }
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
