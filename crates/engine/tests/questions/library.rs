//! A small library: every kind of relation and of key, on a database that counts what it is asked.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use factotum_engine::admin::{Action, Column, ModelAdmin, Options, Outcome};
use factotum_engine::context::Origin;
use factotum_engine::model::build::words_of;
use factotum_engine::model::{Field, FieldKind, Model, OnDelete, Width};
use factotum_engine::ops::Set;
use factotum_engine::principal::{Accounts, Principal, SessionState};
use factotum_engine::query::{Filter, field};
use factotum_engine::store::inspect::{Facts, inspect};
use factotum_engine::store::statement::Statement;
use factotum_engine::store::{Answer, Dialect, Mode, Next, Session, Sqlite, Store, StoreError};
use factotum_engine::{Context, ModelKey, Result, Site, Value};
use futures_util::future::BoxFuture;
use jiff::tz::TimeZone;

const TABLES: &str = "
CREATE TABLE shelf (code varchar(20) PRIMARY KEY, name varchar(40) NOT NULL, parent_id varchar(20) REFERENCES shelf);
CREATE TABLE author (id char(32) PRIMARY KEY, name varchar(40) NOT NULL, diary text NOT NULL);
CREATE TABLE tag (id integer PRIMARY KEY, name varchar(40) NOT NULL);
CREATE TABLE book (id integer PRIMARY KEY, title varchar(40) NOT NULL, pages integer, lent bool NOT NULL,
  bought datetime, meta text, author_id char(32) NOT NULL REFERENCES author, shelf_id varchar(20) REFERENCES shelf);
CREATE TABLE book_tags (id integer PRIMARY KEY, book_id integer NOT NULL, tag_id integer NOT NULL);
CREATE TABLE cover (id integer PRIMARY KEY, colour varchar(20) NOT NULL, book_id integer NOT NULL UNIQUE);
CREATE TABLE note (id integer PRIMARY KEY, words varchar(40), book_id integer REFERENCES book);
INSERT INTO shelf VALUES ('top', 'Upper', NULL), ('a/b', 'Lower', 'top'), ('cellar', 'Deep', 'a/b');
INSERT INTO author VALUES ('11111111111111111111111111111111', 'Woolf', 'dear'), ('22222222222222222222222222222222', 'Kafka', 'dark');
INSERT INTO tag VALUES (1, 'novel'), (2, 'letters'), (3, 'old');
INSERT INTO book VALUES
  (1, 'Orlando', 300, false, '2024-03-09 22:30:00', '\"first\"', '11111111111111111111111111111111', 'top'),
  (2, 'Waves', 200, true, '2024-03-10 09:00:00', '{\"a\": 1}', '11111111111111111111111111111111', 'a/b'),
  (3, 'Castle', NULL, false, NULL, NULL, '22222222222222222222222222222222', NULL),
  (4, '100% Trial_', 250, true, '2024-03-10 23:30:00', NULL, '22222222222222222222222222222222', 'cellar'),
  (5, 'Amerika', 250, false, '2024-03-11 00:00:00', NULL, '22222222222222222222222222222222', 'cellar');
INSERT INTO book_tags VALUES (1, 1, 1), (2, 1, 2), (3, 1, 3), (4, 2, 1), (5, 4, 3), (6, 4, 1);
INSERT INTO cover VALUES (1, 'red', 1), (2, 'blue', 4);
INSERT INTO note VALUES (1, 'good', 1), (2, NULL, 1), (3, 'dust', 2), (4, 'lost', NULL);
";

/// The name of a model of the library.
pub(crate) fn key(name: &str) -> ModelKey {
    ModelKey::new("lib", name)
}

fn model(name: &str) -> Model {
    Model::new("lib", name).table(&words_of(name))
}

/// The library's models.
pub(crate) fn models() -> Vec<Model> {
    let optional_one = |name: &str, to: &str| Field::one(name, key(to), OnDelete::SetNull).optional();
    vec![
        model("Shelf")
            .key(Field::line("code", 20))
            .with(Field::line("name", 40))
            .with(optional_one("parent", "Shelf").seen_as("children"))
            .label("{{ name }}")
            .order_by(&["name"]),
        model("Author")
            .key(Field::new("id", FieldKind::Uuid))
            .with(Field::line("name", 40))
            .with(Field::long_text("diary").secret())
            .label("{{ name }}")
            .order_by(&["-name"]),
        model("Tag").with(Field::line("name", 40)).label("{{ name }}").order_by(&["-name"]),
        model("Book")
            .with(Field::line("title", 40))
            .with(Field::count("pages", Width::Normal).optional())
            .with(Field::truth("lent"))
            .with(Field::new("bought", FieldKind::DateTime).optional())
            .with(Field::new("meta", FieldKind::Json).optional())
            .with(Field::one("author", key("Author"), OnDelete::Cascade))
            .with(optional_one("shelf", "Shelf").seen_as("books"))
            .with(Field::many("tags", key("Tag"), "book_tags", "book_id", "tag_id"))
            .label("{{ title }} by {{ author }}")
            .order_by(&["title"]),
        model("Cover")
            .with(Field::line("colour", 20))
            .with(Field::one_to_one("book", key("Book"), OnDelete::Cascade))
            .label("Cover of {{ book }}"),
        model("Note").with(Field::line("words", 40).optional()).with(optional_one("book", "Book").seen_as("notes")),
    ]
}

/// Readers see no lent books; everybody else sees all.
struct BookAdmin;

impl ModelAdmin for BookAdmin {
    fn rows(&self, who: &Principal) -> Filter {
        if who.username == "reader" { field("lent").is(false) } else { Filter::All }
    }

    fn columns(&self) -> Vec<Column> {
        vec![Column::count("note_count", "notes", key("Note"), "book")]
    }

    fn actions(&self) -> Vec<Action> {
        vec![Action::batch("lend", "", |cx, rows| {
            Box::pin(async move {
                let changes = [("lent", Set::To(Value::Bool(true))), ("pages", Set::Plus(Value::Int(1)))];
                let count = rows.filter(field("shelf__name").is("Upper")).update(cx, &changes).await?;
                Ok(Outcome::Message(format!("{count} lent")))
            })
        })]
    }
}

/// Nobody signs in here.
pub(crate) struct NoAccounts;

impl Accounts for NoAccounts {
    fn check<'a>(&'a self, _: &'a str, _: &'a str) -> BoxFuture<'a, Result<Arc<Principal>>> {
        Box::pin(async { Err(factotum_engine::Error::BadCredentials) })
    }
    fn load<'a>(&'a self, _: &'a Value) -> BoxFuture<'a, Result<Option<Arc<Principal>>>> {
        Box::pin(async { Ok(None) })
    }
    fn read_id(&self, _: &str) -> Option<Value> {
        None
    }
    fn session<'a>(&'a self, _: &'a str) -> BoxFuture<'a, Result<SessionState>> {
        Box::pin(async { Ok(SessionState::Nobody) })
    }
    fn open_session<'a>(&'a self, _: &'a Principal, _: Option<&'a str>) -> BoxFuture<'a, Result<String>> {
        Box::pin(async { Ok(String::new()) })
    }
    fn end_session<'a>(&'a self, _: &'a str) -> BoxFuture<'a, Result<()>> {
        Box::pin(async { Ok(()) })
    }
}

/// How often the database was asked.
#[derive(Debug, Default)]
pub(crate) struct Counts {
    pub(crate) trips: AtomicU64,
    pub(crate) statements: AtomicU64,
}

impl Counts {
    /// Trips and statements since the last time.
    pub(crate) fn take(&self) -> (u64, u64) {
        (self.trips.swap(0, Ordering::Relaxed), self.statements.swap(0, Ordering::Relaxed))
    }
}

struct Counted(Arc<dyn Store>, Arc<Counts>);
struct CountedSession(Box<dyn Session>, Arc<Counts>);

impl Store for Counted {
    fn dialect(&self) -> Dialect {
        self.0.dialect()
    }
    fn begin(&self, mode: Mode) -> BoxFuture<'_, Result<Box<dyn Session>, StoreError>> {
        Box::pin(async move {
            let session: Box<dyn Session> = Box::new(CountedSession(self.0.begin(mode).await?, self.1.clone()));
            Ok(session)
        })
    }
    fn ping(&self) -> BoxFuture<'_, Result<(), StoreError>> {
        self.0.ping()
    }
    fn catalogue<'a>(
        &'a self,
        sql: &'static str,
        args: Vec<Value>,
    ) -> BoxFuture<'a, Result<Vec<Vec<Value>>, StoreError>> {
        self.0.catalogue(sql, args)
    }
    fn script<'a>(&'a self, sql: &'a str) -> BoxFuture<'a, Result<(), StoreError>> {
        self.0.script(sql)
    }
}

impl Session for CountedSession {
    fn run(&mut self, batch: Vec<Statement>) -> BoxFuture<'_, Result<Vec<Answer>, StoreError>> {
        self.1.trips.fetch_add(1, Ordering::Relaxed);
        self.1.statements.fetch_add(batch.len() as u64, Ordering::Relaxed);
        self.0.run(batch)
    }
    fn run_then(&mut self, batch: Vec<Statement>, next: Next) -> BoxFuture<'_, Result<Vec<Answer>, StoreError>> {
        self.1.trips.fetch_add(1, Ordering::Relaxed);
        self.1.statements.fetch_add(batch.len() as u64, Ordering::Relaxed);
        let counts = self.1.clone();
        let next = move |answers: &[Answer]| {
            let more = next(answers);
            counts.statements.fetch_add(more.len() as u64, Ordering::Relaxed);
            more
        };
        self.0.run_then(batch, Box::new(next))
    }
    fn mark(&mut self) -> BoxFuture<'_, Result<(), StoreError>> {
        self.0.mark()
    }
    fn undo(&mut self) -> BoxFuture<'_, Result<(), StoreError>> {
        self.0.undo()
    }
    fn keep(&mut self) -> BoxFuture<'_, Result<(), StoreError>> {
        self.0.keep()
    }
    fn commit(self: Box<Self>) -> BoxFuture<'static, Result<(), StoreError>> {
        self.0.commit()
    }
    fn commit_after(self: Box<Self>, last: Vec<Statement>) -> BoxFuture<'static, Result<(), StoreError>> {
        self.0.commit_after(last)
    }
}

/// A database that counts how often it is asked.
pub(crate) fn counted(store: Arc<dyn Store>) -> (Arc<dyn Store>, Arc<Counts>) {
    let counts = Arc::new(Counts::default());
    (Arc::new(Counted(store, counts.clone())), counts)
}

/// The library, open.
pub(crate) struct Library {
    pub(crate) site: Site,
    pub(crate) counts: Arc<Counts>,
}

impl Library {
    /// On SQLite.
    pub(crate) async fn open() -> Library {
        let sqlite = Sqlite::in_memory().unwrap();
        sqlite.script(TABLES).await.unwrap();
        Library::on(sqlite, &Facts::default())
    }

    /// The same rows with more indexes, which the site knows of.
    pub(crate) async fn with_indexes(&self, sql: &str) -> Library {
        let store = self.site.store();
        store.script(sql).await.unwrap();
        let facts = inspect(store.as_ref()).await.unwrap();
        Library::on(store.clone(), &facts)
    }

    fn on(store: Arc<dyn Store>, facts: &Facts) -> Library {
        let (store, counts) = counted(store);
        let mut builder = Site::builder(store, Arc::new(NoAccounts)).zone(TimeZone::get("Europe/Berlin").unwrap());
        for model in models() {
            builder = builder.model(model);
        }
        for name in ["Shelf", "Author", "Tag", "Cover"] {
            builder = builder.admin(key(name), Options::default());
        }
        let notes = Options { exclude: vec!["words".to_owned()], ..Options::default() };
        let site = builder.admin(key("Note"), notes).admin(key("Book"), BookAdmin).facts(facts).build().unwrap();
        Library { site, counts }
    }

    /// A context of somebody who may do everything.
    pub(crate) async fn read(&self) -> Context {
        self.as_who("boss").await
    }

    pub(crate) async fn as_who(&self, username: &str) -> Context {
        self.site.read(who(username), Origin::default()).await.unwrap()
    }

    pub(crate) async fn write(&self) -> Context {
        self.site.write(who("boss"), Origin::default()).await.unwrap()
    }
}

/// The tables as PostgreSQL spells them.
fn postgres_tables() -> String {
    TABLES.replace("char(32)", "uuid").replace(" datetime", " timestamptz").replace("meta text", "meta jsonb")
}

#[expect(clippy::disallowed_methods, reason = "the server to test on is named by the environment")]
fn server() -> Option<String> {
    std::env::var("FACTOTUM_TEST_POSTGRES").ok()
}

/// Runs a test on SQLite, and on the PostgreSQL server that `FACTOTUM_TEST_POSTGRES` names, in a schema of its own.
pub(crate) async fn on_every_database(test: impl AsyncFn(Library)) {
    test(Library::open().await).await;
    let Some(url) = server() else { return };
    let schema = format!("library_{}", uuid::Uuid::new_v4().simple());
    let bare = factotum_engine::store::open(&url).unwrap();
    bare.script(&format!("CREATE SCHEMA {schema}")).await.unwrap();
    let joint = if url.contains('?') { '&' } else { '?' };
    let store = factotum_engine::store::open(&format!("{url}{joint}options=-csearch_path%3D{schema}")).unwrap();
    store.script(&postgres_tables()).await.unwrap();
    test(Library::on(store, &Facts::default())).await;
    bare.script(&format!("DROP SCHEMA {schema} CASCADE")).await.unwrap();
}

pub(crate) fn who(username: &str) -> Arc<Principal> {
    let id = Value::Int(1);
    let username = username.to_owned();
    Arc::new(Principal { id, username, active: true, staff: true, superuser: true, ..Principal::anonymous() })
}
