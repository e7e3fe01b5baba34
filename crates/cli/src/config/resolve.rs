//! What the configuration means on a live database: a site in the making, or everything that is wrong with it.

mod action;
mod column;
mod door;
mod elsewhere;
mod feed;
mod field;
mod filter;
mod frontend;
mod inline;
mod limits;
pub(crate) mod litestar;
mod model;
mod options;
mod packages;
mod panel;
mod rows;
mod search;
mod settings;
mod site_views;
mod stock;
mod template;
mod uploads;
mod widget;

pub(crate) use door::{Door, Mounted, Settings, signs};
pub(crate) use litestar::{People, accounts_of};
pub(crate) use settings::{edge, secret};
pub(crate) use template::Template;

use std::sync::Arc;

use factotum::accounts::django::{self, DjangoAccounts};
use factotum::accounts::signing::Keys;
use factotum::audit::admin_log;
use factotum::files::Files;
use factotum::model::facts::Facts;
use factotum::model::infer::{self, Inference, Inferred, Rules};
use factotum::model::read::Reading;
use factotum::model::{Model, Schema};
use factotum::problem::Problem;
use factotum::site::Builder;
use factotum::store::{Dialect, Store};
use factotum::{ModelKey, Site};
use jiff::tz::TimeZone;

use super::Written;
use super::model::ModelWritten;
use super::reader::Said;
use crate::Program;
use crate::complaint::{Complaint, Place};
use crate::declared::Declared;
use door::Opened;

/// Tables of ours, and of Django's that are neither administered nor pointed to.
const PASSED_OVER: [&str; 9] = [
    "factotum_migrations",
    "factotum_refresh_tokens",
    "factotum_password_resets",
    "django_migrations",
    AUDIT_TABLE,
    "spatial_ref_sys",
    "admin_users",
    "admin_settings",
    ADMIN_AUDIT_LOG,
];
/// The table of Conjure's audit log.
pub(crate) const AUDIT_TABLE: &str = "conjure_audit_log";
const ADMIN_LOG: &str = "django_admin_log";
const ADMIN_AUDIT_LOG: &str = "admin_audit_log";
/// The application of models that no Django knows.
const APP: &str = "db";

/// The databases that a configuration is about, and what was found in them.
pub(crate) struct Ground {
    /// What is administered.
    pub(crate) store: Arc<dyn Store>,
    /// Where people come from.
    pub(crate) people: Arc<dyn Store>,
    /// Whether people live in the database that is administered.
    pub(crate) people_here: bool,
    /// What is there.
    pub(crate) facts: Facts,
}

impl Ground {
    pub(crate) fn has(&self, table: &str) -> bool {
        self.facts.tables.iter().any(|found| found.name == table)
    }
}

/// What may be served: one contract or more, each with its site over the same database.
pub(crate) struct Resolved {
    pub(crate) contracts: Vec<Mounted>,
    pub(crate) store: Arc<dyn Store>,
    pub(crate) files: Files,
}

impl Resolved {
    /// The site of a contract, or that of the first one where it is not served.
    pub(crate) fn site(&self, door: Door) -> &Site {
        let of_door = self.contracts.iter().find(|mounted| mounted.door == door);
        &of_door.or(self.contracts.first()).expect("where nothing is served there is a complaint instead").site
    }
}

/// What the models of a site are worked out with.
pub(crate) struct Workshop<'w> {
    pub(crate) inference: Inference,
    /// Django's own models, where their tables are.
    pub(crate) known: Vec<Model>,
    /// All of them, as found: what values of a configuration are read against.
    pub(crate) schema: Schema,
    pub(crate) zone: TimeZone,
    pub(crate) dialect: Dialect,
    pub(crate) facts: &'w Facts,
    pub(crate) complaints: Vec<Complaint>,
}

impl Workshop<'_> {
    pub(crate) fn reading(&self) -> Reading<'_> {
        Reading { schema: &self.schema, zone: &self.zone, dialect: self.dialect }
    }

    pub(crate) fn complain(&mut self, code: &'static str, place: &Place, words: impl Into<String>) {
        self.complaints.push(Complaint::new(code, place, words));
    }
}

/// What is found without any configuration of models.
pub(crate) fn infer(
    facts: &Facts,
    people_here: bool,
    names: &[(String, ModelKey)],
    keys: &[(String, String)],
) -> (Inference, Vec<Model>) {
    // In the order in which Django defines them: what a delete meets is told in it.
    let djangos = || std::iter::once(admin_log::model()).chain(django::models());
    let known: Vec<Model> =
        if people_here { djangos().filter(|model| is_there(model, facts)).collect() } else { Vec::new() };
    let rules = Rules {
        app: APP.to_owned(),
        known: known.clone(),
        passed_over: PASSED_OVER.iter().map(|&table| table.to_owned()).collect(),
        names: names.to_vec(),
        keys: keys.to_vec(),
    };
    (infer::models(facts, &rules), known)
}

/// Whether a model has its table. One of the same name with other columns is somebody else's.
fn is_there(model: &Model, facts: &Facts) -> bool {
    let table = facts.tables.iter().find(|table| table.name == model.table);
    table.is_some_and(|table| model.columns().all(|field| table.column(&field.column).is_some()))
}

/// Makes a site of what was written and what was found.
pub(crate) fn resolve(written: &Written, ground: &Ground, program: &dyn Program) -> Result<Resolved, Vec<Complaint>> {
    let mut complaints = Vec::new();
    let zone = settings::zone(&written.site, &mut complaints);
    let given = model::names(written, &ground.facts, ground.people_here);
    let (inference, known) = infer(&ground.facts, ground.people_here, &given.names, &given.keys);
    let found = known.iter().chain(inference.models.iter().map(|inferred| &inferred.model)).cloned();
    let schema = Schema::new(found);
    let dialect = ground.store.dialect();
    let mut shop = Workshop { inference, known, schema, zone: zone.clone(), dialect, facts: &ground.facts, complaints };
    let declared: Vec<(&ModelWritten, Model)> =
        written.models.iter().filter_map(|model| Some((model, model::model(model, &mut shop)?))).collect();
    // Options and actions are read against the models as declared.
    shop.schema = Schema::new(all_models(&shop, &declared));
    let accounts = Arc::new(accounts(written, ground));
    let builder = Site::builder(ground.store.clone(), accounts).zone(zone).files(files(written));
    let builder = all_models(&shop, &declared).into_iter().fold(builder, Builder::model);
    let searches = search::all(written, &mut shop);
    let mut contracts = Vec::new();
    let throttle = limits::throttle(written);
    for Opened { door, mount, docs } in door::open(written, &mut shop.complaints) {
        let mut builder = match door {
            Door::Packages => builder.clone(),
            _ => register(builder.clone(), door, written, ground, &declared, program, &mut shop),
        };
        if door == Door::Litestar {
            builder = builder.accounts(litestar::accounts(written, ground, &mut shop));
        }
        let settings = settings::settings(door, written, ground, throttle.clone(), program, &declared, &mut shop);
        if let Settings::Packages(contract) = &settings {
            let zone = packages::zone(&written.packages, &mut shop.complaints);
            builder = contract.register(zone.into_iter().fold(builder, Builder::zone));
        }
        let builder = search::add(program.register(builder, door.name()), &searches);
        match builder.facts(&ground.facts).build() {
            Ok(site) => {
                if let Settings::Packages(contract) = &settings {
                    packages::judge(written, contract, &site, &mut shop.complaints);
                }
                contracts.push(Mounted { door, mount, docs, site, settings });
            }
            Err(problems) => {
                let placed = |problem| placed(problem, door, &declared, written);
                shop.complaints.extend(problems.iter().map(placed));
            }
        }
    }
    search::check(&contracts, written, &mut shop);
    let complaints = once_each(shop.complaints);
    if !complaints.is_empty() {
        return Err(complaints);
    }
    Ok(Resolved { contracts, store: ground.store.clone(), files: files(written) })
}

/// What is written for every contract is read once for each.
fn once_each(complaints: Vec<Complaint>) -> Vec<Complaint> {
    let mut all: Vec<Complaint> = Vec::with_capacity(complaints.len());
    for complaint in complaints {
        if !all.contains(&complaint) {
            all.push(complaint);
        }
    }
    all
}

/// Known models first, then the declared ones in their order, then what else was found.
fn all_models(shop: &Workshop<'_>, declared: &[(&ModelWritten, Model)]) -> Vec<Model> {
    let is_declared = |key: &ModelKey| declared.iter().any(|(_, model)| model.key == *key);
    let found = shop.inference.models.iter().map(|inferred| &inferred.model).filter(|model| !is_declared(&model.key));
    let known = shop.known.iter().filter(|model| !is_declared(&model.key));
    known.chain(declared.iter().map(|(_, model)| model)).chain(found).cloned().collect()
}

fn register(
    mut builder: Builder,
    door: Door,
    written: &Written,
    ground: &Ground,
    declared: &[(&ModelWritten, Model)],
    program: &dyn Program,
    shop: &mut Workshop<'_>,
) -> Builder {
    builder = settings::ledgers(builder, door, written, ground, declared, program, shop);
    for (said, model) in declared {
        let admin = options::declared(said, model, view_of(&shop.inference, model), door, shop);
        if said.of_door(door).and_then(|own| own.managed).unwrap_or(said.managed) {
            builder = builder.admin(model.key.clone(), admin);
        }
    }
    if door.registers_all(written) {
        builder = register_rest(builder, door, door.passes_over(written), shop);
    }
    if door == Door::DjangoAdmin { builder.change_shows() } else { builder }
}

/// Everything that was found and not declared, but for what Django keeps for itself.
fn register_rest(mut builder: Builder, door: Door, passed_over: &[Said], shop: &Workshop<'_>) -> Builder {
    let excluded = |key: &ModelKey| {
        passed_over
            .iter()
            .any(|said| said.text.eq_ignore_ascii_case(&key.app) || said.text.eq_ignore_ascii_case(&key.to_string()))
    };
    let kept_back = |key: &ModelKey| {
        ["admin", "contenttypes", "sessions"].contains(&key.app.as_str())
            || ["auth.Permission", "authtoken.Token"].contains(&key.to_string().as_str())
    };
    let inferred = shop.inference.models.iter().map(|Inferred { model, view, .. }| (model, *view));
    let all: Vec<(&Model, bool)> = shop.known.iter().map(|model| (model, false)).chain(inferred).collect();
    for (model, view) in all {
        if builder.has(&model.key) || kept_back(&model.key) || excluded(&model.key) {
            continue;
        }
        let mut admin = Declared::plain(model, view);
        if door == Door::DjangoAdmin {
            admin.options = stock::under(admin.options, model);
        }
        builder = builder.admin(model.key.clone(), admin);
    }
    builder
}

fn view_of(inference: &Inference, model: &Model) -> bool {
    inference.models.iter().any(|inferred| inferred.view && inferred.model.table == model.table)
}

pub(crate) fn accounts(written: &Written, ground: &Ground) -> DjangoAccounts {
    let secret = written.site.secret_key.clone().unwrap_or_default();
    let keys = Keys::new(secret, written.site.secret_key_fallbacks.clone());
    let accounts = DjangoAccounts::new(ground.people.clone(), keys);
    match written.accounts.session_age.and_then(|age| i64::try_from(age).ok()) {
        Some(age) => accounts.lasting(jiff::SignedDuration::from_secs(age)),
        None => accounts,
    }
}

/// Uploads lie beside an SQLite file, or in the folder the program runs in, unless somebody says where.
pub(crate) fn files(written: &Written) -> Files {
    let beside = || {
        let url = written.database.url.as_ref().map_or("", |said| said.text.as_str());
        let file = url.strip_prefix("sqlite:").map(std::path::Path::new);
        file.and_then(std::path::Path::parent).map_or_else(|| "media".into(), |folder| folder.join("media"))
    };
    let root = written.site.media_root.as_ref().map_or_else(beside, Into::into);
    let url = written.site.media_url.as_deref().unwrap_or("/media/").trim_matches('/');
    Files { root: Some(root), url: if url.is_empty() { "/".to_owned() } else { format!("/{url}/") } }
}

/// A problem of the engine, at the place that was written.
fn placed(problem: &Problem, door: Door, declared: &[(&ModelWritten, Model)], written: &Written) -> Complaint {
    if let Some(place) = search::place(problem, written) {
        return Complaint::new(problem.code, &place, format!("search {}: {}", problem.place, problem.words));
    }
    let said = declared.iter().find(|(_, model)| model.key.to_string() == problem.model).map(|(said, _)| *said);
    let place = said.map_or(Place::Nowhere, |said| {
        let own = said.of_door(door).into_iter().flat_map(|options| &options.places);
        let mut options = own.chain(&said.options.places);
        let option = options.find(|(key, _)| *key == problem.place).map(|(_, place)| place.clone());
        let field = || said.fields.iter().find(|field| field.name == problem.place).map(|field| field.place.clone());
        option.or_else(field).unwrap_or_else(|| said.place.clone())
    });
    let at = if problem.place.is_empty() { String::new() } else { format!(".{}", problem.place) };
    Complaint::new(problem.code, &place, format!("{}{at}: {}", problem.model, problem.words))
}
