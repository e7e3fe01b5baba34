//! Declared searches on both databases: what is found, in which order, by whom, and with what serves it.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod fixture;
#[path = "questions/library.rs"]
#[expect(dead_code, reason = "every test uses its part")]
mod library;

use std::sync::Arc;

use factotum_engine::admin::{ModelAdmin, Options};
use factotum_engine::context::Origin;
use factotum_engine::model::{Field, Model, OnDelete, Width};
use factotum_engine::ops;
use factotum_engine::query::{Filter, field};
use factotum_engine::search::{self, Alike, Beginnings, Class, SearchIndex};
use factotum_engine::store::Store;
use factotum_engine::{Error, ModelKey, Principal, Site, Value};
use fixture::Database;
use library::{NoAccounts, who};

const TABLES: &str = "
CREATE TABLE kind (id integer PRIMARY KEY, name varchar(40) NOT NULL);
CREATE TABLE tool (id integer PRIMARY KEY, title varchar(80) NOT NULL, slug varchar(80), words text, note text,
  weight integer, hidden boolean NOT NULL, kind_id integer REFERENCES kind);
INSERT INTO kind VALUES (1, 'Service client'), (2, 'Vorführung');
INSERT INTO tool VALUES
  (1, 'REST', 'rest', 'Rest assured: resting endpoints rested well', 'dull', 87, false, 1),
  (2, 'REST APIs', 'rest-apis', 'Packages for exposing models through a RESTful API.', NULL, 66, false, NULL),
  (3, 'drf-copper-rest', 'drf-copper-rest', 'RESTful serializers for the REST framework', NULL, 75, false, 2),
  (4, 'dj-fjord-admin', 'dj-fjord-admin', 'Restyling the administration interface', NULL, 80, false, 2),
  (5, 'django-debug-lantern', 'django-debug-lantern', 'Debugging panels showing queries', 'bright', 67, false, 1),
  (6, 'django-lanterns', 'django-lanterns', 'Lanterns, plural.', NULL, 66, false, 1),
  (7, 'Drf Lantern Charts', 'drf-lantern-charts', 'caching querysets and template fragments', NULL, NULL, false, 1),
  (8, 'Hidden lantern', NULL, NULL, NULL, 99, true, NULL),
  (9, 'b twin', 'twin', 'Real-time updates over websockets', NULL, 10, false, NULL),
  (10, 'a twin', 'twin', 'Real-time updates over websockets', NULL, 10, false, NULL),
  (11, 'B twin', 'twin', 'Real-time updates over websockets', NULL, 10, false, NULL);
";

fn key(name: &str) -> ModelKey {
    ModelKey::new("t", name)
}

/// Nobody but the boss sees what is hidden, and nobody sees notes.
struct ToolAdmin;

impl ModelAdmin for ToolAdmin {
    fn options(&self) -> Options {
        Options { exclude: vec!["note".to_owned()], ..Options::default() }
    }

    fn rows(&self, who: &Principal) -> Filter {
        if who.username == "boss" { Filter::All } else { field("hidden").is(false) }
    }
}

fn tools() -> SearchIndex {
    SearchIndex::new("tools", key("Tool"))
        .text("title", Class::A)
        .text("slug", Class::B)
        .text("words", Class::C)
        .text("kind__name", Class::D)
        .boost("weight", 0.02)
        .alike(Alike::new(&["title", "slug"]))
        .beginnings(Beginnings::default())
        .order_by(&["title"])
}

fn site(store: Arc<dyn Store>, searches: &[SearchIndex]) -> Site {
    let kind = Model::new("t", "Kind").table("kind").with(Field::line("name", 40));
    let tool = Model::new("t", "Tool")
        .table("tool")
        .with(Field::line("title", 80))
        .with(Field::line("slug", 80).optional())
        .with(Field::long_text("words").optional())
        .with(Field::long_text("note").optional())
        .with(Field::count("weight", Width::Normal).optional())
        .with(Field::truth("hidden"))
        .with(Field::one("kind", key("Kind"), OnDelete::SetNull).optional())
        .label("{{ title }}");
    let builder = Site::builder(store, Arc::new(NoAccounts)).model(kind).register(tool, ToolAdmin);
    searches.iter().cloned().fold(builder, factotum_engine::site::Builder::search).build().unwrap()
}

/// Runs a test on SQLite and on PostgreSQL, there with and without what measures likeness.
async fn on_every_database(test: impl AsyncFn(&Site, bool)) {
    let likens = tools();
    let unlike = SearchIndex { name: "notes".to_owned(), ..tools() }.text("note", Class::A);
    let searches = [likens, unlike];
    let sqlite = Database::sqlite();
    sqlite.store.script(TABLES).await.unwrap();
    test(&site(sqlite.store.clone(), &searches), true).await;
    let Some(postgres) = Database::postgres().await else { return };
    postgres.store.script(TABLES).await.unwrap();
    test(&site(postgres.store.clone(), &searches), false).await;
    postgres.store.script("CREATE EXTENSION pg_trgm").await.unwrap();
    test(&site(postgres.store.clone(), &searches), true).await;
    postgres.remove().await;
}

async fn found_by(site: &Site, name: &str, index: &str, text: &str) -> Vec<i64> {
    let mut cx = site.read(who(name), Origin::default()).await.unwrap();
    let found = ops::search(&mut cx, index, text, &Filter::All).await.unwrap_or_else(|error| panic!("{text}: {error}"));
    found.iter().map(|record| record.row.key().as_int().unwrap()).collect()
}

async fn found(site: &Site, text: &str) -> Vec<i64> {
    found_by(site, "ann", "tools", text).await
}

#[tokio::test]
async fn the_best_come_first() {
    on_every_database(async |site, _| {
        assert_eq!(found(site, "rest").await, [1, 2, 3, 4]);
        assert_eq!(found(site, " REST\0").await, [1, 2, 3, 4]);
        assert_eq!(found(site, "twin").await, [11, 10, 9]);
        assert_eq!(found(site, "client").await, [1, 5, 6, 7]);
        assert_eq!(found(site, "caching").await, [7]);
    })
    .await;
}

#[tokio::test]
async fn questions_are_those_of_the_web() {
    on_every_database(async |site, _| {
        assert_eq!(found(site, "\"debugging panels\"").await, [5]);
        assert_eq!(found(site, "\"panels debugging\"").await, Vec::<i64>::new());
        assert_eq!(found(site, "caching or websockets").await, [11, 10, 9, 7]);
        assert_eq!(found(site, "websockets -updates").await, Vec::<i64>::new());
        assert_eq!(found(site, "-updates -panels -plural -caching").await, [1, 4, 3, 2]);
        assert_eq!(found(site, "real-time").await, [11, 10, 9]);
        assert_eq!(found(site, "Vorführung").await, [4, 3]);
    })
    .await;
}

#[tokio::test]
async fn what_is_only_like_it_comes_last() {
    on_every_database(async |site, likens| {
        let whole = found(site, "django lantern").await;
        let alike: &[i64] = if likens { &[5, 6, 7] } else { &[5, 6] };
        assert_eq!(whole, alike);
        let mistyped = found(site, "lanterm charts").await;
        assert_eq!(mistyped.is_empty(), !likens);
        assert_eq!(found(site, "tw").await, Vec::<i64>::new());
        assert_eq!(found(site, "twi").await, [11, 10, 9]);
    })
    .await;
}

#[tokio::test]
async fn nobody_finds_what_they_may_not_see() {
    on_every_database(async |site, _| {
        assert!(!found(site, "hidden").await.contains(&8));
        assert_eq!(found_by(site, "boss", "tools", "hidden").await, [8]);
        // A field that nobody sees is not searched, though the search names it.
        assert_eq!(found_by(site, "boss", "notes", "bright").await, Vec::<i64>::new());
        let mut cx = site.read(Arc::new(Principal::anonymous()), Origin::default()).await.unwrap();
        assert!(matches!(ops::search(&mut cx, "tools", "rest", &Filter::All).await, Err(Error::Forbidden { .. })));
        assert!(matches!(ops::search(&mut cx, "nope", "rest", &Filter::All).await, Err(Error::NotFound(_))));
    })
    .await;
}

#[tokio::test]
async fn odd_texts_find_what_they_say_or_nothing() {
    on_every_database(async |site, _| {
        let long = "a".repeat(9_000);
        let many = "rest ".repeat(500);
        let nested = "(".repeat(900) + "rest";
        for text in
            ["", "  ", "\0", "the", "\"", "-", "---", "' OR 1=1 --", "%", "'; DROP TABLE tool; --", "\u{fffd}", &long]
        {
            found(site, text).await;
        }
        assert_eq!(found(site, &long).await, Vec::<i64>::new());
        assert_eq!(found(site, &many).await, [1, 3, 2]);
        assert_eq!(found(site, &nested).await, [1, 3, 2]);
    })
    .await;
}

#[tokio::test]
async fn rows_that_are_not_meant_take_no_place() {
    let two = SearchIndex { limit: 2, ..tools() };
    let database = Database::sqlite();
    database.store.script(TABLES).await.unwrap();
    let site = site(database.store.clone(), &[two]);
    let found = async |rows: Filter| {
        let mut cx = site.read(who("ann"), Origin::default()).await.unwrap();
        let found = ops::search(&mut cx, "tools", "rest", &rows).await.unwrap();
        found.iter().map(|record| record.row.key().as_int().unwrap()).collect::<Vec<_>>()
    };
    assert_eq!(found(Filter::All).await, [1, 2]);
    assert_eq!(found(field("kind__name").is("Vorführung")).await, [3, 4]);
    assert_eq!(found(Filter::Nothing).await, Vec::<i64>::new());
}

#[tokio::test]
async fn rows_come_with_everything() {
    on_every_database(async |site, _| {
        let mut cx = site.read(who("ann"), Origin::default()).await.unwrap();
        let rows = ops::search(&mut cx, "tools", "caching", &Filter::All).await.unwrap();
        assert_eq!(
            (rows[0].label.as_str(), rows[0].row.get("slug")),
            ("Drf Lantern Charts", &Value::from("drf-lantern-charts"))
        );
    })
    .await;
}

/// The same search without a text of another table.
fn own() -> SearchIndex {
    let mut own = SearchIndex { name: "own".to_owned(), ..tools() };
    own.fields.retain(|(name, _)| name != "kind__name");
    own
}

const PLAIN: [&str; 7] =
    ["rest", "twin", "caching", "websockets", "lanterns", "restyling or caching", "twin -websockets"];

/// Questions in which an index of words would find more or fewer rows, were it asked alone.
const ODD: [&str; 16] = [
    "res",
    "lan",
    "cach",
    "\"queries\"",
    "\"packages for\"",
    "\"models through a restful\"",
    "rest-apis",
    "k",
    "api",
    "-rest",
    "rest or -rest",
    "\"rest framework\"",
    "real-time",
    "time-real",
    "debugg",
    "https://rest.example/apis",
];

async fn all_found(site: &Site, index: &str) -> Vec<Vec<i64>> {
    let mut all = Vec::new();
    for text in PLAIN.into_iter().chain(ODD) {
        all.push(found_by(site, "ann", index, text).await);
    }
    all
}

#[tokio::test]
async fn an_index_of_sqlite_finds_the_same_rows() {
    let database = Database::sqlite();
    database.store.script(TABLES).await.unwrap();
    let site = site(database.store.clone(), &[tools()]);
    let index = site.search("tools").unwrap();
    let before = all_found(&site, "tools").await;
    let standing = search::standing(&site, index).await.unwrap();
    assert_eq!((standing.indexed, standing.triggers, standing.indexable), (false, false, true));
    let made = search::rebuild(&site, index, false).await.unwrap();
    assert_eq!((made.index, made.triggers), (true, false));
    assert_eq!(all_found(&site, "tools").await, before);
    let standing = search::standing(&site, index).await.unwrap();
    assert_eq!((standing.indexed, standing.stale), (true, 0));
    for odd in ["\"", "a\"b", "NEAR(a b)", "t0_title: rest", "rest*", "^rest", "{", "-", "\"\" or rest", "c++"] {
        found(&site, odd).await;
    }
    // Another declaration needs another index: until it is made, every row is read.
    let other = site_of(&database, &[tools().text("note", Class::A)]);
    assert!(!search::standing(&other, other.search("tools").unwrap()).await.unwrap().indexed);
    search::remove(&site, index).await.unwrap();
    assert!(!search::standing(&site, index).await.unwrap().indexed);
    assert_eq!(all_found(&site, "tools").await, before);
}

fn site_of(database: &Database, searches: &[SearchIndex]) -> Site {
    site(database.store.clone(), searches)
}

#[tokio::test]
async fn triggers_keep_an_index_of_sqlite_in_step() {
    let changes = "INSERT INTO tool VALUES (20, 'walrus', NULL, NULL, NULL, 1, false, NULL);
        UPDATE tool SET title = 'narwhal' WHERE id = 9; UPDATE tool SET id = 30 WHERE id = 10; DELETE FROM tool WHERE id = 11;
        UPDATE kind SET name = 'Toolbox' WHERE id = 1;";
    for triggers in [false, true] {
        let database = Database::sqlite();
        database.store.script(TABLES).await.unwrap();
        let site = site_of(&database, &[tools()]);
        let index = site.search("tools").unwrap();
        search::rebuild(&site, index, triggers).await.unwrap();
        database.store.script(changes).await.unwrap();
        let standing = search::standing(&site, index).await.unwrap();
        assert_eq!((standing.stale > 0, standing.triggers), (!triggers, triggers));
        // Triggers that are there are made again with the index.
        assert_eq!(search::rebuild(&site, index, false).await.unwrap().triggers, triggers);
        assert_eq!(search::standing(&site, index).await.unwrap().stale, 0);
        assert_eq!(found(&site, "walrus").await, [20]);
        assert_eq!(found(&site, "narwhal").await, [9]);
        assert_eq!(found(&site, "twin").await, [30, 9]);
        assert_eq!(found(&site, "toolbox").await, [1, 5, 6, 7]);
    }
}

#[tokio::test]
async fn indexes_of_postgresql_are_made_where_the_texts_are() {
    let Some(database) = Database::postgres().await else { return };
    database.store.script(TABLES).await.unwrap();
    let searches = [tools(), own()];
    let sites = site_of(&database, &searches);
    let standing = |name: &str| {
        let (sites, index) = (&sites, sites.search(name).unwrap().clone());
        async move { search::standing(sites, &index).await.unwrap() }
    };
    assert_eq!((standing("own").await.measures, standing("own").await.indexed), (false, false));
    let made = search::rebuild(&sites, sites.search("own").unwrap(), false).await.unwrap();
    assert_eq!((made.extension, made.index, made.alike), (true, true, 2));
    let after = standing("own").await;
    assert_eq!((after.measures, after.indexed, after.indexable), (true, true, true));
    let made = search::rebuild(&sites, sites.search("tools").unwrap(), true).await.unwrap();
    assert_eq!((made.extension, made.index, made.alike, made.triggers), (false, false, 2, false));
    assert!(!standing("tools").await.indexable);
    assert_eq!(found_by(&sites, "ann", "own", "rest").await, [1, 2, 3, 4]);
    search::remove(&sites, sites.search("own").unwrap()).await.unwrap();
    assert!(!standing("own").await.indexed);
    drop(sites);
    database.remove().await;
}
