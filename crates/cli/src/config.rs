//! Written: the configuration exactly as typed, from defaults, file, environment and flags, with every place kept.

mod conjure;
mod django_admin;
mod environment;
pub(crate) mod feed;
pub(crate) mod files;
mod frontend;
pub(crate) mod limits;
mod litestar;
pub(crate) mod mail;
pub(crate) mod model;
pub(crate) mod node;
pub(crate) mod options;
pub(crate) mod packages;
pub(crate) mod parts;
pub(crate) mod print;
pub(crate) mod reader;
pub(crate) mod resolve;
pub(crate) mod search;

use std::path::Path;

use crate::complaint::{Complaint, Place};

pub(crate) use conjure::ConjureSection;
pub(crate) use django_admin::{DjangoAdminSection, GroupWritten};
pub(crate) use frontend::{FrontendSection, IconWritten};
use limits::LimitsSection;
pub(crate) use litestar::{
    LitestarEmbedWritten, LitestarHeadingWritten, LitestarLinkWritten, LitestarModelWritten, LitestarPageWritten,
    LitestarSection, LitestarWidgetWritten,
};
use mail::MailSection;
use model::{ModelWritten, WidgetWritten};
use node::{Entry, Kind, Node, Table};
use packages::PackagesSection;
use reader::{Reader, Said};
use search::SearchWritten;

/// The file that is read when none is named and it is there.
pub(crate) const USUAL_FILE: &str = "factotum.toml";

/// What was typed.
#[derive(Debug, Default)]
pub(crate) struct Written {
    pub(crate) site: SiteSection,
    pub(crate) server: ServerSection,
    pub(crate) database: DatabaseSection,
    pub(crate) accounts: AccountsSection,
    pub(crate) limits: LimitsSection,
    pub(crate) mail: MailSection,
    pub(crate) conjure: ConjureSection,
    pub(crate) django_admin: DjangoAdminSection,
    pub(crate) litestar: LitestarSection,
    pub(crate) packages: PackagesSection,
    pub(crate) models: Vec<ModelWritten>,
    pub(crate) widgets: Vec<WidgetWritten>,
    pub(crate) searches: Vec<SearchWritten>,
    /// The whole as one tree, for `--print-config`.
    pub(crate) tree: Table,
}

/// `[site]`: what every door has in common.
#[derive(Debug, Default)]
pub(crate) struct SiteSection {
    pub(crate) title: Option<String>,
    pub(crate) time_zone: Option<Said>,
    pub(crate) secret_key: Option<String>,
    pub(crate) secret_key_fallbacks: Vec<String>,
    pub(crate) allowed_hosts: Vec<String>,
    pub(crate) trusted_proxies: Option<Vec<Said>>,
    pub(crate) use_x_forwarded_host: bool,
    pub(crate) trusted_origins: Vec<String>,
    pub(crate) media_root: Option<String>,
    pub(crate) media_url: Option<String>,
    pub(crate) debug: bool,
}

/// `[server]`: where and how requests are taken.
#[derive(Debug, Default)]
pub(crate) struct ServerSection {
    pub(crate) listen: Option<Said>,
    pub(crate) port: Option<u64>,
    pub(crate) metrics_listen: Option<Said>,
    pub(crate) max_body: Option<u64>,
    pub(crate) max_upload: Option<u64>,
    pub(crate) max_spool: Option<u64>,
    pub(crate) body_timeout: Option<u64>,
}

/// `[database]`: what is administered.
#[derive(Debug, Default)]
pub(crate) struct DatabaseSection {
    pub(crate) url: Option<Said>,
    pub(crate) connections: Option<u64>,
    pub(crate) busy_timeout_ms: Option<u64>,
    pub(crate) statement_timeout_ms: Option<u64>,
}

/// `[accounts]`: where people come from.
#[derive(Debug, Default)]
pub(crate) struct AccountsSection {
    /// Another database than the one that is administered.
    pub(crate) url: Option<Said>,
    pub(crate) session_age: Option<u64>,
    pub(crate) login_attempts: Option<u64>,
    pub(crate) login_window: Option<u64>,
}

/// What flags say.
#[derive(Debug, Clone, Default)]
pub(crate) struct Flags {
    pub(crate) config: Option<String>,
    pub(crate) database: Option<String>,
    pub(crate) listen: Option<String>,
}

/// Reads all layers: built-in defaults, the file, the environment, the flags. The later one wins.
pub(crate) fn read(
    defaults: &str,
    flags: &Flags,
    variables: impl IntoIterator<Item = (String, String)>,
) -> Result<Written, Vec<Complaint>> {
    let mut complaints = Vec::new();
    let mut tree = node::parse("built-in", defaults, &mut complaints);
    if let Some((name, text)) = file(flags, &mut complaints) {
        node::overlay(&mut tree, node::parse(&name, &text, &mut complaints));
    }
    let variables = environment::layer(variables, &mut complaints);
    if inner(&variables, "server").is_some_and(|server| server.contains_key("port")) {
        forget(&mut tree, "server", "listen");
    }
    node::overlay(&mut tree, variables);
    put_flags(&mut tree, flags);
    finish(tree, complaints)
}

/// The same for a text that stands for the file, without environment: for tests and other programs.
pub(crate) fn read_text(defaults: &str, text: &str, database: &str) -> Result<Written, Vec<Complaint>> {
    let mut complaints = Vec::new();
    let mut tree = node::parse("built-in", defaults, &mut complaints);
    node::overlay(&mut tree, node::parse(USUAL_FILE, text, &mut complaints));
    put_flags(&mut tree, &Flags { database: Some(database.to_owned()), ..Flags::default() });
    finish(tree, complaints)
}

fn finish(tree: Table, mut complaints: Vec<Complaint>) -> Result<Written, Vec<Complaint>> {
    let mut reader = Reader::new("", Place::Nowhere, tree.clone(), &mut complaints);
    let mut written = Written::of(&mut reader);
    reader.close();
    written.tree = tree;
    if complaints.is_empty() { Ok(written) } else { Err(complaints) }
}

/// The file's name and text. A file that was named must be there; the usual one may be missing.
fn file(flags: &Flags, complaints: &mut Vec<Complaint>) -> Option<(String, String)> {
    let name = flags.config.as_deref().unwrap_or(USUAL_FILE);
    if flags.config.is_none() && !Path::new(name).exists() {
        return None;
    }
    match std::fs::read_to_string(name) {
        Ok(text) => Some((name.to_owned(), text)),
        Err(error) => {
            let words = format!("cannot read the configuration '{name}': {error}");
            complaints.push(Complaint::new("C002", &Place::Flag("--config"), words));
            None
        }
    }
}

fn put_flags(tree: &mut Table, flags: &Flags) {
    let flags = [("database", "url", "--database", &flags.database), ("server", "listen", "--listen", &flags.listen)];
    for (section, key, flag, value) in flags {
        let Some(value) = value else { continue };
        let place = Place::Flag(flag);
        let entry = |kind| Entry { key: place.clone(), node: Node { place: place.clone(), kind } };
        let inner = Table::from_iter([(key.to_owned(), entry(Kind::Text(value.clone())))]);
        node::overlay(tree, Table::from_iter([(section.to_owned(), entry(Kind::Table(inner)))]));
        forget(tree, "server", if section == "server" { "port" } else { "" });
    }
}

fn inner<'t>(tree: &'t Table, section: &str) -> Option<&'t Table> {
    if let Kind::Table(table) = &tree.get(section)?.node.kind { Some(table) } else { None }
}

/// Where to listen has two spellings, an address and a port: the later layer's one stands.
fn forget(tree: &mut Table, section: &str, key: &str) {
    if let Some(Kind::Table(table)) = tree.get_mut(section).map(|entry| &mut entry.node.kind) {
        table.shift_remove(key);
    }
}

impl Written {
    fn of(reader: &mut Reader<'_>) -> Written {
        let (conjure, django_admin, litestar, packages) = reader
            .section("contracts", |contracts| {
                let conjure = contracts.section("conjure", ConjureSection::of);
                let django_admin = contracts.section("django_admin", DjangoAdminSection::of);
                let litestar = contracts.section("litestar", LitestarSection::of);
                (conjure, django_admin, litestar, contracts.section("packages", PackagesSection::of))
            })
            .unwrap_or_default();
        Written {
            site: reader.section("site", SiteSection::of).unwrap_or_default(),
            server: reader.section("server", ServerSection::of).unwrap_or_default(),
            database: reader.section("database", DatabaseSection::of).unwrap_or_default(),
            accounts: reader.section("accounts", AccountsSection::of).unwrap_or_default(),
            limits: reader.section("limits", LimitsSection::of).unwrap_or_default(),
            mail: reader.section("mail", MailSection::of).unwrap_or_default(),
            conjure: conjure.unwrap_or_default(),
            django_admin: django_admin.unwrap_or_default(),
            litestar: litestar.unwrap_or_default(),
            packages: packages.unwrap_or_default(),
            models: reader.sections("model", ModelWritten::of),
            widgets: reader.sections("widget", WidgetWritten::of),
            searches: reader.named("search", SearchWritten::of),
            tree: Table::new(),
        }
    }
}

fn plain(texts: Option<Vec<Said>>) -> Vec<String> {
    texts.unwrap_or_default().into_iter().map(|said| said.text).collect()
}

impl SiteSection {
    fn of(reader: &mut Reader<'_>) -> SiteSection {
        SiteSection {
            title: reader.text("title"),
            time_zone: reader.said("time_zone"),
            secret_key: reader.text("secret_key"),
            secret_key_fallbacks: plain(reader.texts("secret_key_fallbacks")),
            allowed_hosts: plain(reader.texts("allowed_hosts")),
            trusted_proxies: reader.texts("trusted_proxies"),
            use_x_forwarded_host: reader.truth("use_x_forwarded_host").unwrap_or(false),
            trusted_origins: plain(reader.texts("trusted_origins")),
            media_root: reader.text("media_root"),
            media_url: reader.text("media_url"),
            debug: reader.truth("debug").unwrap_or(false),
        }
    }
}

impl ServerSection {
    fn of(reader: &mut Reader<'_>) -> ServerSection {
        ServerSection {
            listen: reader.said("listen"),
            port: reader.number("port"),
            metrics_listen: reader.said("metrics_listen"),
            max_body: reader.number("max_body"),
            max_upload: reader.number("max_upload"),
            max_spool: reader.number("max_spool"),
            body_timeout: reader.number("body_timeout"),
        }
    }
}

impl DatabaseSection {
    fn of(reader: &mut Reader<'_>) -> DatabaseSection {
        DatabaseSection {
            url: reader.said("url"),
            connections: reader.number("connections"),
            busy_timeout_ms: reader.number("busy_timeout_ms"),
            statement_timeout_ms: reader.number("statement_timeout_ms"),
        }
    }
}

impl AccountsSection {
    fn of(reader: &mut Reader<'_>) -> AccountsSection {
        AccountsSection {
            url: reader.said("url"),
            session_age: reader.number("session_age"),
            login_attempts: reader.number("login_attempts"),
            login_window: reader.number("login_window"),
        }
    }
}
