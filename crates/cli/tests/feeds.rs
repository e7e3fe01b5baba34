//! `[search.NAME.feed]` and `search feed`, on both databases: the directory of packages as its own builder made it, and
//! books, each with nothing but a file.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::path::Path;
use std::process::{Command, Output};
use std::sync::Arc;

use factotum::Value;
use factotum::store::{self, Store};
use tempfile::TempDir;

const SITE: &str = include_str!("../../../examples/packages/factotum.toml");
const SEED: &str = include_str!("../../../examples/packages/seed/packages.sql");

const LIBRARY: &str = "
CREATE TABLE author (id INTEGER PRIMARY KEY, name VARCHAR(40) NOT NULL);
CREATE TABLE book (id INTEGER PRIMARY KEY, title VARCHAR(80) NOT NULL, shelf_mark VARCHAR(20) NOT NULL UNIQUE,
  kind VARCHAR(10) NOT NULL, author_id INTEGER NOT NULL REFERENCES author (id));
CREATE TABLE review (id INTEGER PRIMARY KEY, stars INTEGER NOT NULL, words TEXT NOT NULL,
  book_id INTEGER NOT NULL REFERENCES book (id));
CREATE TABLE catalogue (id INTEGER PRIMARY KEY, mark VARCHAR(20) NOT NULL UNIQUE, line TEXT NOT NULL, writer TEXT,
  voices TEXT NOT NULL, reviews INTEGER NOT NULL, weight INTEGER NOT NULL);
INSERT INTO author VALUES (1, 'Virginia Woolf'), (2, 'Franz Kafka');
INSERT INTO book VALUES (1, 'Orlando', 'W1', 'novel', 1), (2, 'The Castle', 'K1', 'novel', 2), (3, 'A letter', 'K2', 'letter', 2);
INSERT INTO review VALUES (1, 5, 'Grand', 1), (2, 3, 'Long', 1);
";

const BOOKS: &str = r#"
[search.catalogue]
model = "db.Catalogue"
a = ["line"]
b = ["writer"]

[search.catalogue.feed]
key = ["mark"]

[[search.catalogue.feed.source]]
name = "books"
model = "db.Book"
rows = { kind = "novel" }

[search.catalogue.feed.source.columns]
mark = "shelf_mark"
line = "title"
writer = "author__name"
voices = { join = "review__words", separator = " / ", order = ["-stars"] }
reviews = { count = "review" }
weight = { rules = [{ points = 1 }, { count = "review", most = 10 }] }
"#;

/// A database with a file beside it, and the program to run there.
struct Desk {
    folder: TempDir,
    url: String,
    store: Arc<dyn Store>,
}

impl Desk {
    async fn new(toml: &str, seed: &str, url: String, folder: TempDir) -> Desk {
        std::fs::write(folder.path().join("factotum.toml"), toml).unwrap();
        let store = store::open(&url).unwrap();
        store.script(seed).await.unwrap();
        Desk { folder, url, store }
    }

    fn run(&self, words: &[&str]) -> Output {
        run(self.folder.path(), &[words, &["--database", &self.url]].concat())
    }

    fn said(&self, words: &[&str]) -> String {
        let output = self.run(words);
        assert!(output.status.success(), "{words:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }

    async fn script(&self, sql: &str) {
        self.store.script(sql).await.unwrap();
    }

    async fn rows(&self, sql: &'static str) -> Vec<String> {
        let rows = self.store.catalogue(sql, Vec::new()).await.unwrap();
        rows.iter().map(|row| row.iter().map(Value::to_string).collect::<Vec<_>>().join("|")).collect()
    }
}

fn run(folder: &Path, words: &[&str]) -> Output {
    let secret = "not-so-secret-but-long-enough-for-a-test-of-fifty-letters";
    let mut command = Command::new(env!("CARGO_BIN_EXE_factotum"));
    command.args(words).current_dir(folder).env_clear().env("FACTOTUM__SITE__SECRET_KEY", secret).output().unwrap()
}

/// Runs a test on SQLite, and in a schema of its own on the server that `FACTOTUM_TEST_POSTGRES` names.
async fn on_every_database(toml: &str, seed: &str, test: impl AsyncFn(Desk)) {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("site.sqlite3");
    std::fs::write(&file, "").unwrap();
    test(Desk::new(toml, seed, format!("sqlite:{}", file.display()), folder).await).await;
    let Some(server) = server() else { return };
    let schema = format!("feeds_{}", std::process::id());
    let schema = format!("{schema}_{}", toml.len());
    let bare = store::open(&server).unwrap();
    bare.script(&format!("CREATE SCHEMA {schema}")).await.unwrap();
    let joint = if server.contains('?') { '&' } else { '?' };
    let url = format!("{server}{joint}options=-csearch_path%3D{schema}");
    test(Desk::new(toml, seed, url, TempDir::new().unwrap()).await).await;
    bare.script(&format!("DROP SCHEMA {schema} CASCADE")).await.unwrap();
}

fn server() -> Option<String> {
    std::env::var("FACTOTUM_TEST_POSTGRES").ok()
}

/// What differs between the rows that were there and those that are, but for keys and moments.
const DIFFERENT: &str = "
SELECT e.item_type, e.slug, e.weight, s.weight FROM expected e
LEFT JOIN searchv3_searchv3 s ON s.item_type = e.item_type AND s.slug = e.slug
WHERE s.id IS NULL OR s.weight <> e.weight OR s.title <> e.title OR s.description <> e.description OR s.category <> e.category
  OR s.repo_watchers <> e.repo_watchers OR s.repo_forks <> e.repo_forks OR s.pypi_downloads <> e.pypi_downloads
  OR s.score <> e.score OR s.\"usage\" <> e.\"usage\" OR s.participants <> e.participants
  OR s.last_committed IS DISTINCT FROM e.last_committed OR s.last_released IS DISTINCT FROM e.last_released";

const AT: [&str; 5] = ["search", "feed", "packages", "--at", "2025-03-15T12:00:00Z"];

#[tokio::test(flavor = "multi_thread")]
async fn the_index_of_packages_is_made_as_it_was() {
    on_every_database(SITE, SEED, async |desk| {
        let as_before = "packages: 0 new, 0 changed, 0 removed, 175 as before\n";
        assert_eq!(desk.said(&AT), as_before);
        desk.script("CREATE TABLE expected AS SELECT * FROM searchv3_searchv3; DELETE FROM searchv3_searchv3").await;
        let rehearsed = desk.said(&[&AT[..], &["--dry-run"]].concat());
        assert_eq!(rehearsed, "packages: it would be 175 new, 0 changed, 0 removed, 0 as before\n");
        assert_eq!(desk.rows("SELECT count(*) FROM searchv3_searchv3").await, ["0"]);
        assert_eq!(desk.said(&AT), "packages: 175 new, 0 changed, 0 removed, 0 as before\n");
        assert_eq!(desk.rows(DIFFERENT).await, Vec::<String>::new());
        const MOMENTS: &str =
            "SELECT count(*) FROM searchv3_searchv3 WHERE created = '2025-03-15 12:00:00' AND modified = created";
        assert_eq!(desk.rows(MOMENTS).await, ["175"]);
        assert_eq!(desk.said(&AT), as_before);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rows_without_a_source_go_and_the_others_follow() {
    on_every_database(SITE, SEED, async |desk| {
        desk.script(
            "CREATE TABLE expected AS SELECT * FROM searchv3_searchv3;
             DELETE FROM grid_gridpackage WHERE grid_id = (SELECT id FROM grid_grid WHERE slug = 'rest-apis');
             DELETE FROM grid_grid WHERE slug = 'rest-apis';
             DELETE FROM package_package_usage WHERE package_id = (SELECT id FROM package_package WHERE slug = 'rest');
             INSERT INTO searchv3_searchv3 SELECT 9999, created, modified, weight, 'topic', title, slug, description,
               category, repo_watchers, repo_forks, pypi_downloads, score, \"usage\", participants, last_committed, last_released
               FROM expected WHERE slug = 'rest'",
        )
        .await;
        assert_eq!(desk.said(&AT), "packages: 0 new, 1 changed, 2 removed, 173 as before\n");
        let (different, gone) = (desk.rows(DIFFERENT).await, "grid|rest-apis|66|".to_owned());
        assert_eq!(different.len(), 2, "{different:?}");
        assert!(different.contains(&gone) && different.iter().any(|row| row.starts_with("package|rest|87|")), "{different:?}");
        const KEPT: &str = "SELECT count(*) FROM searchv3_searchv3 s JOIN expected e ON e.id = s.id \
             WHERE s.created = e.created AND (s.modified = e.modified OR s.slug = 'rest' AND s.modified > e.modified)";
        assert_eq!(desk.rows(KEPT).await, ["174"]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn another_site_feeds_another_table() {
    on_every_database(BOOKS, LIBRARY, async |desk| {
        assert_eq!(desk.said(&["search", "feed"]), "catalogue: 2 new, 0 changed, 0 removed, 0 as before\n");
        const ROWS: &str = "SELECT mark, line, writer, voices, reviews, weight FROM catalogue ORDER BY mark";
        assert_eq!(
            desk.rows(ROWS).await,
            ["K1|The Castle|Franz Kafka||0|1", "W1|Orlando|Virginia Woolf|Grand / Long|2|3"]
        );
        desk.script("UPDATE author SET name = 'V. Woolf' WHERE id = 1; UPDATE book SET kind = 'play' WHERE id = 2")
            .await;
        assert_eq!(desk.said(&["search", "feed"]), "catalogue: 0 new, 1 changed, 1 removed, 0 as before\n");
        assert_eq!(desk.rows(ROWS).await, ["W1|Orlando|V. Woolf|Grand / Long|2|3"]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_index_over_what_is_fed_is_spoken_of() {
    on_every_database(BOOKS, LIBRARY, async |desk| {
        if desk.url.starts_with("sqlite:") {
            let made = "its rows are those that 'search feed catalogue' last made";
            assert!(desk.said(&["search", "rebuild"]).contains(made));
            let fed = desk.said(&["search", "feed"]);
            assert!(fed.ends_with("; its index is out of step: run 'search rebuild'\n"), "{fed}");
            desk.said(&["search", "rebuild"]);
            assert!(desk.said(&["search", "feed"]).ends_with("2 as before\n"));
        }
    })
    .await;
}

#[test]
fn mistakes_in_a_feed_are_told_where_they_are() {
    let folder = TempDir::new().unwrap();
    rusqlite::Connection::open(folder.path().join("library.sqlite3")).unwrap().execute_batch(LIBRARY).unwrap();
    let site = format!("[database]\nurl = \"sqlite:library.sqlite3\"\n{BOOKS}");
    let told = |from: &str, to: &str| {
        assert!(site.contains(from), "{from}");
        std::fs::write(folder.path().join("factotum.toml"), site.replacen(from, to, 1)).unwrap();
        let output = run(folder.path(), &["check"]);
        assert_eq!(output.status.code(), Some(78), "{to}");
        String::from_utf8(output.stderr).unwrap()
    };
    for (from, to, expected) in [
        ("db.Book", "db.Boook", "14:9: there is no model 'db.Boook', did you mean 'db.Book'? [C015]"),
        ("kind = \"novel\"", "knd = \"novel\"", "db.Book has no field 'knd', did you mean 'kind'? [C011]"),
        (
            "line = \"title\"",
            "lin = \"title\"",
            "19:1: search catalogue.feed.books.lin: db.Catalogue has no field 'lin' [F058]",
        ),
        ("\"author__name\"", "\"writer__name\"", "'writer__name' is no field and no path to one row [F059]"),
        (
            "{ count = \"review\" }",
            "{ count = \"author\" }",
            "22:1: search catalogue.feed.books.reviews: 'author' is no relation",
        ),
        ("{ count = \"review\" }", "\"title\"", "a BigIntegerField does not take what the source has for it [F060]"),
        (
            "{ count = \"review\" }",
            "{ value = [1] }",
            "'value' must be text, a number or a truth value, not a list [C004]",
        ),
        ("{ count = \"review\" }", "7", "'columns.reviews' must be text or a table, not a whole number [C004]"),
        (
            "{ count = \"review\" }",
            "{ count = \"review\", from = \"id\" }",
            "a column is filled with one of 'value', 'from'",
        ),
        ("[\"-stars\"]", "[\"-moons\"]", "search catalogue.feed.books: "),
        ("key = [\"mark\"]", "key = [\"line\"]", "nothing in it is unique there [F056]"),
        (
            "{ points = 1 }",
            "{ part = 6 }",
            "rule 1: there is nothing to take a part of: the number begins with 0 [F061]",
        ),
        ("{ points = 1 }", "{ from = \"kind\", is = \"nul\", points = 1 }", "not 'nul', did you mean 'null'? [C014]"),
        ("{ points = 1 }", "{ from = \"kind\", younger = [[1]] }", "must be a list of pairs of numbers"),
        ("{ points = 1 }", "{ points = 1, most = 2 }", "exclude each other [C005]"),
        ("{ points = 1 }", "{ pionts = 1 }", "unknown key 'pionts'"),
        ("most = 10", "most = 10, is = \"filled\"", "[C005]"),
        ("name = \"books\"\n", "", "a source of a feed needs 'name'"),
    ] {
        let text = told(from, to);
        assert!(text.contains(expected), "{to}: {text}");
    }
    std::fs::write(folder.path().join("factotum.toml"), &site).unwrap();
    assert!(run(folder.path(), &["search", "feed", "--dry-run"]).status.success());
    let output = run(folder.path(), &["search", "feed", "catalog"]);
    assert!(String::from_utf8(output.stderr).unwrap().contains("did you mean 'catalogue'?"));
    std::fs::write(folder.path().join("factotum.toml"), site.split("[search.catalogue.feed]").next().unwrap()).unwrap();
    let output = run(folder.path(), &["search", "feed"]);
    assert!(String::from_utf8(output.stdout).unwrap().starts_with("no search has a feed"));
    let output = run(folder.path(), &["search", "feed", "catalogue"]);
    assert!(String::from_utf8(output.stderr).unwrap().contains("the search 'catalogue' has no feed"));
}
