//! The litestar contract, from words to what they mean: settings, people, and how models are shown.

use std::collections::HashMap;
use std::sync::Arc;

use factotum::ModelKey;
use factotum::accounts::admin_users::AdminUsers;
use factotum::accounts::families::{self, Families};
use factotum::accounts::roles::ROLES;
use factotum::accounts::signing::Keys;
use factotum::contract::litestar::{Auth, Litestar, Location, Theme, Tokens, View, Widget};
use factotum::http::csrf::TrustedOrigins;
use factotum::http::jws::{Algorithm, Signer};
use factotum::model::Model;
use factotum::principal::Accounts;
use factotum::settings::TABLE as SETTINGS;
use indexmap::IndexMap;
use serde_json::Value as Json;

use super::uploads::uploads;
use super::{ADMIN_AUDIT_LOG, Ground, Workshop, elsewhere, site_views};
use crate::complaint::suggestion;
use crate::config::model::ModelWritten;
use crate::config::node::{Kind, Node, Table};
use crate::config::reader::{Said, texts};
use crate::config::{LitestarModelWritten, Written};

/// The table of people.
pub(crate) const USERS: &str = "admin_users";

/// Where the people of the contract come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum People {
    /// The table `admin_users`.
    AdminUsers,
    /// Django's tables.
    Django,
}

/// Where the people of the contract come from: as it is said, else from the contract's own table, where it is.
pub(crate) fn accounts_of(written: &Written, ground: &Ground) -> People {
    match written.litestar.accounts.as_ref().map(|said| said.text.as_str()) {
        Some("django") => People::Django,
        Some(_) => People::AdminUsers,
        None if ground.has(USERS) => People::AdminUsers,
        None => People::Django,
    }
}

/// The people of the contract.
pub(super) fn accounts(written: &Written, ground: &Ground, shop: &mut Workshop<'_>) -> Arc<dyn Accounts> {
    let section = &written.litestar;
    if let Some(said) = &section.accounts {
        choose(said, "accounts", &[("admin_users", ()), ("django", ())], shop);
        if said.text == USERS && !ground.has(USERS) {
            let words = format!("there is no table '{USERS}': run 'migrate', or set accounts = \"django\"");
            shop.complain("C021", &said.place, words);
        }
    }
    match accounts_of(written, ground) {
        People::Django => {
            let accounts = super::accounts(written, ground).granting(roles(section.roles.as_ref(), shop));
            Arc::new(if ground.people_here { accounts.looked_after() } else { accounts })
        }
        People::AdminUsers => Arc::new(admin_users(written, ground)),
    }
}

/// The people of the table `admin_users`.
pub(crate) fn admin_users(written: &Written, ground: &Ground) -> AdminUsers {
    let keys = Keys::new(secret(written), written.site.secret_key_fallbacks.clone());
    let users = AdminUsers::new(ground.store.clone(), keys);
    match written.accounts.session_age.and_then(|age| i64::try_from(age).ok()) {
        Some(age) => users.lasting(jiff::SignedDuration::from_secs(age)),
        None => users,
    }
}

/// The roles that groups stand for.
fn roles(table: Option<&Table>, shop: &mut Workshop<'_>) -> HashMap<String, String> {
    let mut roles = HashMap::new();
    for (group, entry) in table.into_iter().flatten() {
        match &entry.node.kind {
            Kind::Text(role) if ROLES.contains(&role.as_str()) => {
                roles.insert(group.clone(), role.clone());
            }
            Kind::Text(role) => {
                let near = suggestion(role, ROLES);
                let words = format!("unknown role '{role}'{near}; known are {}", ROLES.join(", "));
                shop.complain("C014", &entry.node.place, words);
            }
            _ => shop.complain("C004", &entry.node.place, "a role must be text"),
        }
    }
    roles
}

fn secret(written: &Written) -> String {
    written.litestar.secret_key.clone().or_else(|| written.site.secret_key.clone()).unwrap_or_default()
}

/// Whether the log is kept: where its table is, unless somebody says no.
pub(super) fn keeps_log(written: &Written, ground: &Ground, shop: &mut Workshop<'_>) -> bool {
    let there = ground.has(ADMIN_AUDIT_LOG);
    if written.litestar.log == Some(true) && !there {
        let words =
            format!("there is no table '{ADMIN_AUDIT_LOG}' for the log of writes: run 'migrate', or set log = false");
        shop.complain("C021", &written.litestar.place, words);
    }
    there && written.litestar.log != Some(false)
}

/// The settings of the contract.
pub(super) fn litestar(
    written: &Written,
    ground: &Ground,
    declared: &[(&ModelWritten, Model)],
    shop: &mut Workshop<'_>,
) -> Litestar {
    let section = &written.litestar;
    let usual = Litestar::new("");
    let title = section.title.clone().or_else(|| written.site.title.clone()).unwrap_or(usual.title.clone());
    let theme = section.theme.as_ref().and_then(|said| choose(said, "theme", &THEMES, shop));
    let auth = section.auth.as_ref().and_then(|said| choose(said, "auth", &AUTHS, shop));
    let location = section.token_location.as_ref().and_then(|said| choose(said, "token_location", &LOCATIONS, shop));
    Litestar {
        title,
        theme: theme.unwrap_or_default(),
        debug: written.site.debug,
        auth: auth.unwrap_or_default(),
        tokens: tokens(written, shop),
        location: location.unwrap_or_default(),
        stealth: section.stealth.unwrap_or(false),
        rotation: rotation(written, ground, shop),
        api_title: section.api_title.clone().unwrap_or_else(|| usual.api_title.clone()),
        api_version: section.api_version.clone().unwrap_or_else(|| usual.api_version.clone()),
        reset: elsewhere::reset(written, ground, shop),
        oauth: elsewhere::oauth(written, shop),
        naive_datetimes: section.naive_datetimes.unwrap_or(false),
        query_tokens: section.query_tokens.unwrap_or(false),
        defused_exports: section.defused_exports.unwrap_or(false),
        views: views(declared, shop),
        settings_store: usual.settings_store.clone().filter(|_| ground.has(SETTINGS)),
        uploads: section.files.as_ref().and_then(|said| uploads(said, shop)),
        widgets: section.widgets.iter().map(widget).collect(),
        for_frontend: section.frontend.is_some(),
        site_views: site_views::all(section, shop),
        trusted_origins: TrustedOrigins::new(written.site.trusted_origins.clone()),
        session_age: written.accounts.session_age.unwrap_or(usual.session_age),
        ..usual
    }
}

const THEMES: [(&str, Theme); 2] = [("dark", Theme::Dark), ("light", Theme::Light)];
const AUTHS: [(&str, Auth); 2] = [("jwt", Auth::Jwt), ("session", Auth::Session)];
const LOCATIONS: [(&str, Location); 2] = [("header", Location::Header), ("cookie", Location::Cookie)];
const ALGORITHMS: [(&str, Algorithm); 3] =
    [("HS256", Algorithm::Hs256), ("HS384", Algorithm::Hs384), ("HS512", Algorithm::Hs512)];

/// One of a few words.
pub(super) fn choose<T: Copy>(
    said: &Said,
    key: &str,
    known: &[(&'static str, T)],
    shop: &mut Workshop<'_>,
) -> Option<T> {
    let found = known.iter().find(|(word, _)| *word == said.text).map(|(_, meaning)| *meaning);
    if found.is_none() {
        let words: Vec<&str> = known.iter().map(|(word, _)| *word).collect();
        let near = suggestion(&said.text, words.iter().copied());
        let words = format!("'{key}' must be one of {}, not '{}'{near}", words.join(", "), said.text);
        shop.complain("C014", &said.place, words);
    }
    found
}

fn tokens(written: &Written, shop: &mut Workshop<'_>) -> Tokens {
    let section = &written.litestar;
    let algorithm = section.algorithm.as_ref().and_then(|said| choose(said, "algorithm", &ALGORITHMS, shop));
    let usual = Tokens::new(Signer::new(algorithm.unwrap_or_default(), secret(written)));
    let seconds =
        |said: Option<u64>, usual: i64| said.and_then(|seconds| i64::try_from(seconds).ok()).unwrap_or(usual).max(1);
    Tokens {
        access_seconds: seconds(section.access_lifetime, usual.access_seconds),
        refresh_seconds: seconds(section.refresh_lifetime, usual.refresh_seconds),
        issuer: section.issuer.clone(),
        audience: section.audience.clone(),
        ..usual
    }
}

/// What keeps refresh tokens from being used twice: on unless somebody says no, where its table is.
fn rotation(written: &Written, ground: &Ground, shop: &mut Workshop<'_>) -> Option<Families> {
    let there = ground.has(families::TABLE);
    if written.litestar.rotate_refresh == Some(true) && !there {
        let words = format!("there is no table '{}': run 'migrate', or set rotate_refresh = false", families::TABLE);
        shop.complain("C021", &written.litestar.place, words);
    }
    (there && written.litestar.rotate_refresh != Some(false)).then(|| Families::new(ground.store.clone()))
}

fn widget(said: &crate::config::LitestarWidgetWritten) -> Widget {
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let object =
        |table: &Option<Table>| table.iter().flatten().map(|(key, entry)| (key.clone(), entry.node.json())).collect();
    Widget {
        id: text(&said.id),
        kind: text(&said.kind),
        title: text(&said.title),
        data: object(&said.data),
        config: object(&said.config),
    }
}

/// How the declared models are shown.
pub(super) fn views(declared: &[(&ModelWritten, Model)], shop: &mut Workshop<'_>) -> IndexMap<ModelKey, View> {
    let mut views = IndexMap::new();
    for (said, model) in declared {
        if let Some(own) = &said.litestar {
            views.insert(model.key.clone(), view(own, model, shop));
        }
    }
    views
}

fn view(said: &LitestarModelWritten, model: &Model, shop: &mut Workshop<'_>) -> View {
    let columns = |said: &[Said], shop: &mut Workshop<'_>| -> Vec<String> {
        said.iter().map(|said| column(said, model, shop)).collect()
    };
    View {
        name: said.name.clone(),
        identity: said.identity.clone(),
        icon: said.icon.clone(),
        category: said.category.clone(),
        can_create: said.can_create,
        can_edit: said.can_edit,
        can_delete: said.can_delete,
        can_view_details: said.can_view_details,
        can_export: said.can_export,
        column_list: said.column_list.as_ref().map(|said| columns(said, shop)),
        column_exclude_list: columns(&said.column_exclude_list, shop),
        column_searchable_list: said.column_searchable_list.as_ref().map(|said| columns(said, shop)),
        column_sortable_list: said.column_sortable_list.as_ref().map(|said| columns(said, shop)),
        column_default_sort: said.column_default_sort.as_ref().map(|said| sort(said, model, shop)),
        form_columns: said.form_columns.as_ref().map(|said| columns(said, shop)),
        form_excluded_columns: columns(&said.form_excluded_columns, shop),
        form_fieldsets: said.form_fieldsets.as_ref().map(|node| list(node, shop)).unwrap_or_default(),
        form_extra_fields: said
            .form_extra_fields
            .iter()
            .flatten()
            .map(|(key, entry)| (key.clone(), entry.node.json()))
            .collect(),
        form_widgets: words(said.form_widgets.as_ref(), shop),
        rich_text_fields: lists(said.rich_text_fields.as_ref(), shop),
        relationship_search_fields: lists(said.relationship_search_fields.as_ref(), shop),
        relationship_display_fields: lists(said.relationship_display_fields.as_ref(), shop),
        plain_foreign_keys: columns(&said.plain_foreign_keys, shop),
        microseconds: columns(&said.microseconds, shop),
    }
}

/// A column by its name in the table.
fn column(said: &Said, model: &Model, shop: &mut Workshop<'_>) -> String {
    if !model.columns().any(|field| field.column == said.text) {
        let near = suggestion(&said.text, model.columns().map(|field| field.column.as_str()));
        shop.complain("C011", &said.place, format!("{} has no column '{}'{near}", model.key, said.text));
    }
    said.text.clone()
}

/// A column, with `-` in front if the greatest come first.
fn sort(said: &Said, model: &Model, shop: &mut Workshop<'_>) -> (String, bool) {
    let descending = said.text.starts_with('-');
    let bare = Said { text: said.text.trim_start_matches('-').to_owned(), place: said.place.clone() };
    (column(&bare, model, shop), descending)
}

fn list(node: &Node, shop: &mut Workshop<'_>) -> Vec<Json> {
    match node.json() {
        Json::Array(items) => items,
        _ => {
            shop.complain("C004", &node.place, "'form_fieldsets' must be a list of tables");
            Vec::new()
        }
    }
}

fn words(table: Option<&Table>, shop: &mut Workshop<'_>) -> IndexMap<String, String> {
    let mut words = IndexMap::new();
    for (name, entry) in table.into_iter().flatten() {
        match &entry.node.kind {
            Kind::Text(text) => {
                words.insert(name.clone(), text.clone());
            }
            _ => shop.complain("C004", &entry.node.place, format!("'{name}' must be text")),
        }
    }
    words
}

fn lists(table: Option<&Table>, shop: &mut Workshop<'_>) -> IndexMap<String, Vec<String>> {
    let mut lists = IndexMap::new();
    for (name, entry) in table.into_iter().flatten() {
        match texts(&entry.node) {
            Some(said) => {
                lists.insert(name.clone(), said.into_iter().map(|said| said.text).collect());
            }
            None => shop.complain("C004", &entry.node.place, format!("'{name}' must be a list of texts")),
        }
    }
    lists
}
