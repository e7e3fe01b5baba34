//! Feeds on both databases: what is made, made different, left and removed, and how often the database is asked.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod fixture;
#[path = "questions/library.rs"]
#[expect(dead_code, reason = "every test uses its part")]
mod library;

use std::sync::Arc;

use factotum_engine::admin::Options;
use factotum_engine::context::Origin;
use factotum_engine::feed::{
    Begin, Content, Fed, Feed, Gives, How, Joined, Part, Rule, Scale, Score, Source, State, Step, feed, total,
};
use factotum_engine::model::{Field, FieldKind, Model, OnDelete, Order, Width};
use factotum_engine::ops;
use factotum_engine::query::{Query, field};
use factotum_engine::search::{Class, SearchIndex};
use factotum_engine::site::Builder;
use factotum_engine::store::Store;
use factotum_engine::{ModelKey, Site, Value};
use fixture::Database;
use library::{Counts, NoAccounts, counted, who};

const TABLES: &str = "
CREATE TABLE author (id integer PRIMARY KEY, name varchar(40) NOT NULL, handle varchar(40) UNIQUE);
CREATE TABLE tag (id integer PRIMARY KEY, name varchar(40));
CREATE TABLE book (id integer PRIMARY KEY, title varchar(80) NOT NULL, isbn varchar(20) NOT NULL UNIQUE, words text NOT NULL,
  pages integer NOT NULL, printed date, draft boolean NOT NULL, author_id integer REFERENCES author);
CREATE TABLE book_tag (book_id integer NOT NULL REFERENCES book, tag_id integer NOT NULL REFERENCES tag);
CREATE TABLE found (id integer PRIMARY KEY, kind varchar(10) NOT NULL, code varchar(12) NOT NULL, title varchar(20) NOT NULL,
  tags text NOT NULL, writer varchar(40), books integer NOT NULL, weight integer NOT NULL, note varchar(20) NOT NULL,
  made timestamp NOT NULL, changed timestamp NOT NULL);
INSERT INTO author VALUES (1, 'Virginia Woolf', 'woolf'), (2, 'Franz Kafka', 'kafka'), (3, 'Nobody', NULL);
INSERT INTO tag VALUES (1, 'sea'), (2, 'england'), (3, NULL);
INSERT INTO book VALUES
  (1, 'To the Lighthouse, a novel', 'b1', 'waves', 1209, '2025-03-01', false, 1),
  (2, 'Amerika', 'b2', ' ', 300, NULL, false, 2),
  (3, 'A draft', 'b3', 'x', 9, NULL, true, NULL),
  (4, 'Letters', 'b-that-is-too-long', 'x', 9, NULL, false, NULL);
INSERT INTO book_tag VALUES (1, 1), (1, 2), (1, 3);
INSERT INTO found VALUES
  (7, 'book', 'b1', 'old title', '', NULL, 0, 0, 'mine', '2020-01-01 00:00:00', '2020-01-01 00:00:00'),
  (8, 'book', 'gone', '', '', NULL, 0, 0, '', '2020-01-01 00:00:00', '2020-01-01 00:00:00'),
  (9, 'song', 'b1', '', '', NULL, 0, 0, '', '2020-01-01 00:00:00', '2020-01-01 00:00:00'),
  (10, 'book', 'b1', '', '', NULL, 0, 0, '', '2020-01-01 00:00:00', '2020-01-01 00:00:00');
";

fn key(name: &str) -> ModelKey {
    ModelKey::new("t", name)
}

fn models() -> [Model; 4] {
    let author = Model::new("t", "Author")
        .table("author")
        .with(Field::line("name", 40))
        .with(Field::line("handle", 40).null().unique());
    let tag = Model::new("t", "Tag").table("tag").with(Field::line("name", 40).null());
    let book = Model::new("t", "Book")
        .table("book")
        .with(Field::line("title", 80))
        .with(Field::line("isbn", 20).unique())
        .with(Field::long_text("words"))
        .with(Field::count("pages", Width::Normal))
        .with(Field::new("printed", FieldKind::Date).null())
        .with(Field::truth("draft"))
        .with(Field::one("author", key("Author"), OnDelete::SetNull).null())
        .with(Field::many("tags", key("Tag"), "book_tag", "book_id", "tag_id"));
    let moment = |name: &str| Field {
        storage: factotum_engine::model::Storage::Zoneless,
        ..Field::new(name, FieldKind::DateTime)
    };
    let found = Model::new("t", "Found")
        .table("found")
        .key(Field::int("id"))
        .with(Field::line("kind", 10))
        .with(Field::line("code", 12))
        .with(Field::line("title", 20))
        .with(Field::long_text("tags"))
        .with(Field::line("writer", 40).null())
        .with(Field::int("books"))
        .with(Field::int("weight"))
        .with(Field::line("note", 20).initially("new"))
        .with(moment("made"))
        .with(moment("changed"));
    [author, tag, book, found]
}

fn score(rules: &[(Option<Part>, Gives)]) -> Score {
    let rules = rules.iter().map(|(of, gives)| Rule { of: of.clone(), gives: gives.clone() }).collect();
    Score { rules, ..Score::default() }
}

fn path(path: &str) -> Part {
    Part::Path(path.to_owned())
}

fn index() -> SearchIndex {
    let tags = Joined { path: "tags__name".to_owned(), separator: "; ".to_owned(), order: vec![Order::parse("name")] };
    let weight = Score {
        scale: Some(Scale { out_of: 40.0, to: 100.0 }),
        ..score(&[
            (Some(path("words")), Gives::Points(State::Filled, 10.0)),
            (Some(path("pages")), Gives::Number { per: Some(100.0), most: Some(20.0) }),
            (Some(path("printed")), Gives::Age(vec![Step { days: 30.0, points: 10.0 }])),
        ])
    };
    let rest = Score {
        begin: Some(Begin { source: "books".to_owned(), otherwise: 50.0 }),
        ..score(&[(Some(Part::Count("book".to_owned())), Gives::Less(State::Blank, 2.0))])
    };
    let constant = |text: &str| Content::Constant(Value::from(text));
    let books = Source { rows: field("draft").is(false), ..Source::new("books", key("Book")) }
        .with("kind", constant("book"))
        .path("code", "isbn")
        .path("title", "title")
        .path("writer", "author__name")
        .with("tags", Content::Part(Part::Joined(tags)))
        .with("weight", Content::Score(weight));
    let authors = Source::new("authors", key("Author"))
        .with("kind", constant("author"))
        .path("code", "handle")
        .path("title", "name")
        .with("books", Content::Part(Part::Count("book".to_owned())))
        .with("weight", Content::Score(rest));
    SearchIndex::new("found", key("Found")).text("title", Class::A).fed_by(Feed {
        key: vec!["kind".to_owned(), "code".to_owned()],
        created: Some("made".to_owned()),
        modified: Some("changed".to_owned()),
        sources: vec![books, authors],
    })
}

fn site(store: Arc<dyn Store>) -> Site {
    let builder = Site::builder(store, Arc::new(NoAccounts));
    let builder = models().into_iter().fold(builder, Builder::model).admin(key("Found"), Options::default());
    builder.search(index()).build().unwrap()
}

async fn on_every_database(test: impl AsyncFn(&Site, &Counts)) {
    let sqlite = Database::sqlite();
    sqlite.store.script(TABLES).await.unwrap();
    let (store, counts) = counted(sqlite.store.clone());
    test(&site(store), &counts).await;
    let Some(postgres) = Database::postgres().await else { return };
    postgres.store.script(TABLES).await.unwrap();
    let (store, counts) = counted(postgres.store.clone());
    test(&site(store), &counts).await;
    postgres.remove().await;
}

async fn fed(site: &Site, rehearsal: bool) -> Fed {
    let how = How { at: "2025-03-15T12:00:00Z".parse().unwrap(), rehearsal };
    let index = site.search("found").unwrap();
    let (mut looked_at, whole) = (0, total(site, index).await.unwrap());
    let fed = feed(site, index, how, &mut |count| looked_at += count).await.unwrap();
    assert!(looked_at <= whole, "{looked_at} of {whole}");
    fed
}

/// The rows of the table that is fed, as text.
async fn rows(site: &Site) -> Vec<String> {
    let mut cx = site.read(who("boss"), Origin::default()).await.unwrap();
    let page = ops::list(&mut cx, Query { order: vec![Order::parse("id")], ..Query::all(key("Found")) }).await.unwrap();
    let line = |values: &[Value]| values.iter().map(Value::to_string).collect::<Vec<_>>().join("|");
    page.records.iter().map(|record| line(&record.row.values)).collect()
}

const MADE: &str = "2025-03-15T12:00:00Z|2025-03-15T12:00:00Z";

#[tokio::test]
async fn rows_are_made_changed_and_removed() {
    on_every_database(async |site, _| {
        let before = rows(site).await;
        let expected = Fed { new: 3, changed: 1, unchanged: 0, removed: 3, left_out: 2 };
        assert_eq!(fed(site, true).await, Fed { removed: 3, ..expected });
        assert_eq!(rows(site).await, before);
        assert_eq!(fed(site, false).await, expected);
        let weight = 80;
        assert_eq!(rows(site).await, [
            format!("7|book|b1|To the Lighthouse, a|england; sea|Virginia Woolf|0|{weight}|mine|2020-01-01T00:00:00Z|2025-03-15T12:00:00Z"),
            format!("11|book|b2|Amerika||Franz Kafka|0|7|new|{MADE}"),
            format!("12|author|woolf|Virginia Woolf|||1|{weight}|new|{MADE}"),
            format!("13|author|kafka|Franz Kafka|||1|{weight}|new|{MADE}"),
        ]);
        let again = Fed { unchanged: 4, left_out: 2, ..Fed::default() };
        assert_eq!(fed(site, false).await, again);
    })
    .await;
}

#[tokio::test]
async fn what_is_gone_goes_and_what_began_with_it_follows() {
    on_every_database(async |site, _| {
        fed(site, false).await;
        let script = "DELETE FROM book_tag; DELETE FROM book WHERE id = 1; UPDATE book SET draft = true WHERE id = 2";
        site.store().script(script).await.unwrap();
        let expected = Fed { changed: 2, removed: 2, left_out: 2, ..Fed::default() };
        assert_eq!(fed(site, false).await, expected);
        let rows = rows(site).await;
        assert!(rows.iter().all(|row| row.contains("|author|")), "{rows:?}");
        assert!(rows[0].contains("|0|25|new|"), "{rows:?}");
    })
    .await;
}

#[tokio::test]
async fn the_database_is_asked_for_many_rows_at_once() {
    on_every_database(async |site, counts| {
        let rows = |from: i64, to: i64| {
            let row = |n| format!("({n}, 'Book {n}', 'n{n}', 'x', {n}, NULL, false, {})", n % 3 + 1);
            let all = (from..to).map(row).collect::<Vec<_>>().join(", ");
            format!("DELETE FROM book_tag; DELETE FROM book; DELETE FROM found; INSERT INTO book VALUES {all}")
        };
        let mut asked = Vec::new();
        for last in [110, 590, 1_600] {
            site.store().script(&rows(100, last)).await.unwrap();
            fed(site, false).await;
            counts.take();
            let fed = fed(site, false).await;
            assert_eq!(fed.unchanged, (last - 100 + 2).unsigned_abs());
            asked.push(counts.take().1);
        }
        assert_eq!(asked[0], asked[1]);
        assert!(asked[2] < asked[1] + 30, "{asked:?}");
    })
    .await;
}
