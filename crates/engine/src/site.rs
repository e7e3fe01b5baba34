//! The registry: models with their admins, checked and frozen, and what they run on.

mod child;

use std::sync::{Arc, OnceLock};

use indexmap::IndexMap;
use jiff::tz::TimeZone;

use crate::admin::{Action, Column, ListFilter, ModelAdmin, Options, Panel};
use crate::audit::Ledger;
use crate::context::{Context, Origin};
use crate::error::{Error, Missing, Result};
use crate::files::Files;
use crate::model::facts::Facts;
use crate::model::{Model, ModelKey, Reading, Schema};
use crate::principal::{Accounts, Principal, Verb};
use crate::problem::Problem;
use crate::query::plan;
use crate::search::SearchIndex;
use crate::store::serving::{Serving, serving};
use crate::store::{Dialect, Mode, Store};

pub use child::Child;

/// A model and its admin, checked and frozen.
pub struct Resource {
    /// The model.
    pub model: Arc<Model>,
    /// How it is administered, as data.
    pub options: Options,
    /// How it is administered, where data is not enough.
    pub admin: Arc<dyn ModelAdmin>,
    /// The actions, in order.
    pub actions: Vec<Action>,
    /// The computed columns.
    pub columns: Vec<Column>,
    /// The filters that are no field.
    pub filters: Vec<ListFilter>,
    /// The panels.
    pub panels: Vec<Panel>,
    /// Whether who may change rows may see them, too.
    pub change_shows: bool,
    /// The children that are edited with a row, in the order of the options' inlines.
    pub inlines: Vec<Child>,
}

impl std::fmt::Debug for Resource {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Resource").field("model", &self.model.key).finish_non_exhaustive()
    }
}

impl Resource {
    /// A model with its admin; children are added when all models are known.
    pub(crate) fn new(model: Arc<Model>, admin: Arc<dyn ModelAdmin>, change_shows: bool) -> Resource {
        Resource {
            model,
            options: admin.options(),
            actions: admin.actions(),
            columns: admin.columns(),
            filters: admin.filters(),
            panels: admin.panels(),
            change_shows,
            inlines: Vec::new(),
            admin,
        }
    }

    /// Whether a field is hidden: excluded by the admin, or secret. A hidden field is never shown, asked or sorted by.
    #[must_use]
    pub fn hides(&self, field: &str) -> bool {
        self.options.exclude.iter().any(|name| name == field)
            || self.model.field(field).is_some_and(|field| field.secret)
    }

    /// Whether somebody was granted a verb, before the admin has its say.
    #[must_use]
    pub fn grants(&self, who: &Principal, verb: Verb) -> bool {
        let key = &self.model.key;
        who.may(verb, key) || (self.change_shows && verb == Verb::View && who.may(Verb::Change, key))
    }

    /// The computed column of this name.
    #[must_use]
    pub fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|column| column.name == name)
    }

    /// The filter with this parameter that is no field.
    #[must_use]
    pub fn filter(&self, parameter: &str) -> Option<&ListFilter> {
        self.filters.iter().find(|filter| filter.parameter == parameter)
    }

    /// The panel of this name.
    #[must_use]
    pub fn panel(&self, name: &str) -> Option<&Panel> {
        self.panels.iter().find(|panel| panel.name == name)
    }

    /// The action of this name.
    #[must_use]
    pub fn action(&self, name: &str) -> Option<&Action> {
        self.actions.iter().find(|action| action.name == name)
    }
}

struct Inner {
    schema: Arc<Schema>,
    resources: IndexMap<ModelKey, Resource>,
    store: Arc<dyn Store>,
    accounts: Arc<dyn Accounts>,
    ledgers: Vec<Arc<dyn Ledger>>,
    files: Files,
    zone: TimeZone,
    searches: Vec<SearchIndex>,
    /// Set once it is known that the database measures how alike texts are.
    measures: OnceLock<Serving>,
}

/// A site: models with their admins over one database. Cheap to clone.
#[derive(Clone)]
pub struct Site(Arc<Inner>);

impl std::fmt::Debug for Site {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Site").field("resources", &self.0.resources.keys()).finish_non_exhaustive()
    }
}

impl Site {
    /// Starts a site on a database with the accounts of its people.
    #[must_use]
    pub fn builder(store: Arc<dyn Store>, accounts: Arc<dyn Accounts>) -> Builder {
        Builder {
            store,
            accounts,
            models: Vec::new(),
            registered: Vec::new(),
            ledgers: Vec::new(),
            files: Files::default(),
            zone: TimeZone::UTC,
            change_shows: false,
            searches: Vec::new(),
        }
    }

    /// All models.
    #[must_use]
    pub fn schema(&self) -> &Arc<Schema> {
        &self.0.schema
    }

    /// The resources in the order they were registered.
    pub fn resources(&self) -> impl Iterator<Item = &Resource> {
        self.0.resources.values()
    }

    /// The resource of a model, exact spelling.
    ///
    /// # Errors
    /// [`Missing::Model`] if the model is not registered.
    pub fn resource(&self, key: &ModelKey) -> Result<&Resource> {
        self.0.resources.get(key).ok_or(Error::NotFound(Missing::Model))
    }

    /// The resource of a model in any case, exact spelling first.
    ///
    /// # Errors
    /// [`Missing::Model`] if the model is not registered.
    pub fn find(&self, key: &ModelKey) -> Result<&Resource> {
        let same = |other: &&Resource| {
            let other = &other.model.key;
            is_same(&other.app, &key.app) && is_same(&other.name, &key.name)
        };
        let found = self.0.resources.get(key).or_else(|| self.0.resources.values().find(same));
        found.ok_or(Error::NotFound(Missing::Model))
    }

    /// The accounts.
    #[must_use]
    pub fn accounts(&self) -> &Arc<dyn Accounts> {
        &self.0.accounts
    }

    /// Where audit records go.
    #[must_use]
    pub fn ledgers(&self) -> &[Arc<dyn Ledger>] {
        &self.0.ledgers
    }

    /// Where uploads go.
    #[must_use]
    pub fn files(&self) -> &Files {
        &self.0.files
    }

    /// The zone that local times are in.
    #[must_use]
    pub fn zone(&self) -> &TimeZone {
        &self.0.zone
    }

    /// The searches, in the order in which they were declared.
    #[must_use]
    pub fn searches(&self) -> &[SearchIndex] {
        &self.0.searches
    }

    /// The search of this name.
    ///
    /// # Errors
    /// [`Missing::Other`] if there is none.
    pub fn search(&self, name: &str) -> Result<&SearchIndex> {
        self.0.searches.iter().find(|index| index.name == name).ok_or(Error::NotFound(Missing::Other))
    }

    /// What the database has that serves a search. On SQLite that may change at any time and costs nothing to ask; what
    /// PostgreSQL once had, it has.
    pub(crate) async fn serving(&self, index: &SearchIndex) -> Result<Serving> {
        if let Some(known) = self.0.measures.get() {
            return Ok(*known);
        }
        let found = serving(self.0.store.as_ref(), &plan::source(self, index)?).await?;
        if self.0.store.dialect() == Dialect::Postgres && found.measures {
            return Ok(*self.0.measures.get_or_init(|| found));
        }
        Ok(found)
    }

    /// What reading a value on this site needs to know.
    #[must_use]
    pub fn reading(&self) -> Reading<'_> {
        Reading { schema: &self.0.schema, zone: &self.0.zone, dialect: self.0.store.dialect() }
    }

    /// The database.
    #[must_use]
    pub fn store(&self) -> &Arc<dyn Store> {
        &self.0.store
    }

    /// A context for reading.
    ///
    /// # Errors
    /// [`Error::Unavailable`] when the database is away.
    pub async fn read(&self, who: Arc<Principal>, origin: Origin) -> Result<Context> {
        self.open(Mode::Read, who, origin).await
    }

    /// A context for writing: one transaction.
    ///
    /// # Errors
    /// [`Error::Unavailable`] when the database is away or locked for too long.
    pub async fn write(&self, who: Arc<Principal>, origin: Origin) -> Result<Context> {
        self.open(Mode::Write, who, origin).await
    }

    /// A context for writing one form or the like: one transaction, which may become permanent together with others of
    /// its kind. While it is open everybody else who writes waits, and so do those whose commit it shares.
    ///
    /// # Errors
    /// [`Error::Unavailable`] when the database is away or locked for too long.
    pub async fn write_briefly(&self, who: Arc<Principal>, origin: Origin) -> Result<Context> {
        self.open(Mode::Brief, who, origin).await
    }

    /// A context for reading in many trips that all see one state of the database. There are only a few at a time. It is
    /// to be asked from a thread that may be kept long: a database in this process answers there.
    ///
    /// # Errors
    /// [`Error::Unavailable`] when the database is away, or when there are too many already.
    pub async fn snapshot(&self, who: Arc<Principal>, origin: Origin) -> Result<Context> {
        self.open(Mode::Snapshot, who, origin).await
    }

    async fn open(&self, mode: Mode, who: Arc<Principal>, origin: Origin) -> Result<Context> {
        let session = self.0.store.begin(mode).await?;
        Ok(Context::new(self.clone(), who, origin, mode, session))
    }
}

/// Whether two names differ at most in case.
fn is_same(one: &str, other: &str) -> bool {
    one.eq_ignore_ascii_case(other) || (!one.is_ascii() && one.to_lowercase() == other.to_lowercase())
}

/// A site in the making: open before the door, sealed behind it.
#[derive(Clone)]
pub struct Builder {
    store: Arc<dyn Store>,
    accounts: Arc<dyn Accounts>,
    models: Vec<Model>,
    registered: Vec<(ModelKey, Arc<dyn ModelAdmin>)>,
    ledgers: Vec<Arc<dyn Ledger>>,
    files: Files,
    zone: TimeZone,
    change_shows: bool,
    searches: Vec<SearchIndex>,
}

impl std::fmt::Debug for Builder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Builder").field("models", &self.models.len()).finish_non_exhaustive()
    }
}

impl Builder {
    /// Makes a model known without administering it: what others point to, or what a delete must reach.
    #[must_use]
    pub fn model(mut self, model: Model) -> Builder {
        match self.models.iter_mut().find(|known| known.key == model.key) {
            Some(known) => *known = model,
            None => self.models.push(model),
        }
        self
    }

    /// Registers a known model with its admin. The last admin wins and keeps the first place.
    #[must_use]
    pub fn admin(mut self, key: ModelKey, admin: impl ModelAdmin) -> Builder {
        let admin: Arc<dyn ModelAdmin> = Arc::new(admin);
        match self.registered.iter_mut().find(|(known, _)| *known == key) {
            Some((_, known)) => *known = admin,
            None => self.registered.push((key, admin)),
        }
        self
    }

    /// Makes a model known and registers it.
    #[must_use]
    pub fn register(self, model: Model, admin: impl ModelAdmin) -> Builder {
        let key = model.key.clone();
        self.model(model).admin(key, admin)
    }

    /// The models known so far.
    #[must_use]
    pub fn models(&self) -> &[Model] {
        &self.models
    }

    /// Whether a model is registered already.
    #[must_use]
    pub fn has(&self, key: &ModelKey) -> bool {
        self.registered.iter().any(|(known, _)| known == key)
    }

    /// Adds a place where audit records go, and makes its model known.
    #[must_use]
    pub fn ledger(mut self, ledger: Arc<dyn Ledger>) -> Builder {
        let unknown = |model: &Model| !self.models.iter().any(|known| known.key == model.key);
        self.models.extend(ledger.model().filter(unknown));
        self.ledgers.push(ledger);
        self
    }

    /// Lets other people in than those that the site was begun with.
    #[must_use]
    pub fn accounts(mut self, accounts: Arc<dyn Accounts>) -> Builder {
        self.accounts = accounts;
        self
    }

    /// Where uploads go.
    #[must_use]
    pub fn files(mut self, files: Files) -> Builder {
        self.files = files;
        self
    }

    /// The zone that local times are in; UTC if not said.
    #[must_use]
    pub fn zone(mut self, zone: TimeZone) -> Builder {
        self.zone = zone;
        self
    }

    /// Who may change rows may see them, too: Django's rule. Without it seeing is granted by itself.
    #[must_use]
    pub fn change_shows(mut self) -> Builder {
        self.change_shows = true;
        self
    }

    /// Declares a search over the rows of a registered model.
    #[must_use]
    pub fn search(mut self, index: SearchIndex) -> Builder {
        self.searches.push(index);
        self
    }

    /// Says what the database has beside the models: its indexes, by which questions are asked in the quicker way.
    #[must_use]
    pub fn facts(mut self, facts: &Facts) -> Builder {
        for model in &mut self.models {
            if let Some(table) = facts.tables.iter().find(|table| table.name == model.table) {
                model.know(table);
            }
        }
        self
    }

    /// Checks everything and seals the site.
    ///
    /// # Errors
    /// Every complaint at once.
    pub fn build(self) -> Result<Site, Vec<Problem>> {
        let schema = Arc::new(Schema::new(self.models));
        let mut problems = crate::problem::of_schema(&schema);
        let mut resources = IndexMap::new();
        let admins = self.registered.iter().cloned().collect();
        for (key, admin) in self.registered {
            let Some(model) = schema.model(&key) else {
                problems.push(Problem::unknown_model(&key));
                continue;
            };
            let mut resource = Resource::new(model.clone(), admin, self.change_shows);
            resource.inlines = child::all(&schema, &resource, &admins);
            resources.insert(key, resource);
        }
        let find = |key: &ModelKey| resources.get(key);
        problems.extend(resources.values().flat_map(|resource| crate::problem::of_resource(&schema, resource, &find)));
        problems.extend(crate::problem::of_searches(&schema, &self.searches, self.store.dialect(), &find));
        if !problems.is_empty() {
            return Err(problems);
        }
        let site = Site(Arc::new(Inner {
            schema,
            resources,
            store: self.store,
            accounts: self.accounts,
            ledgers: self.ledgers,
            files: self.files,
            zone: self.zone,
            searches: self.searches,
            measures: OnceLock::new(),
        }));
        let problems = crate::problem::of_plans(&site);
        if problems.is_empty() { Ok(site) } else { Err(problems) }
    }
}
