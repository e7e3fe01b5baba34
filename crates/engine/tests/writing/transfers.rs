//! Many rows out and many rows in, on both databases.

use std::sync::Arc;

use factotum_engine::admin::{ModelAdmin, Options};
use factotum_engine::context::Origin;
use factotum_engine::form::Payload;
use factotum_engine::model::OnDelete;
use factotum_engine::ops::{self, Export, Keep, Which};
use factotum_engine::query::{Filter, field};
use factotum_engine::{Context, Error, Field, Model, Principal, Raw, Site, Value};
use serde_json::json;

use crate::fixture::Database;
use crate::world::{World, clerk, key, root, text, whole};

/// Rows of the year 0 are not for everybody.
struct Books;

impl ModelAdmin for Books {
    fn options(&self) -> Options {
        Options { exclude: vec!["isbn".into()], ..Options::default() }
    }

    fn rows(&self, who: &Principal) -> Filter {
        if who.superuser { Filter::All } else { field("year").more_than(0) }
    }
}

async fn shelf(database: &Database) -> World {
    let book = Model::new("t", "Book")
        .with(Field::line("title", 20).unique())
        .with(Field::int("year").initially(1900))
        .with(Field::line("isbn", 20).blank())
        .with(Field::one("sequel_to", key("Book"), OnDelete::Protect).optional())
        .label("{{ title }}");
    World::on(database, |site| site.register(book, Books)).await
}

/// Runs a test on each database that there is.
async fn on_both<F: Future<Output = ()>>(test: impl Fn(World) -> F) {
    test(shelf(&Database::sqlite()).await).await;
    if let Some(database) = Database::postgres().await {
        test(shelf(&database).await).await;
        database.remove().await;
    }
}

async fn pages(cx: &mut Context, export: &mut Export) -> Vec<usize> {
    let mut pages = Vec::new();
    loop {
        let rows = export.next(cx).await.unwrap();
        if rows.is_empty() {
            return pages;
        }
        pages.push(rows.len());
    }
}

fn all() -> Which {
    Which::Matching { filter: Filter::All, search: None }
}

async fn snapshot(site: &Site, who: Arc<Principal>) -> Context {
    site.snapshot(who, Origin::default()).await.unwrap()
}

const MANY: &str = "INSERT INTO t_book (title, year, isbn)
    WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 2499) SELECT 'b' || i, i % 2, 'x' FROM n";

#[tokio::test]
async fn every_row_comes_once_however_many_there_are() {
    on_both(async |world| {
        world.script(MANY).await;
        let mut cx = snapshot(&world.site, root()).await;
        let mut export = ops::export(&cx, &key("Book"), all(), &[]).unwrap();
        assert_eq!(export.count(&mut cx).await.unwrap(), 2500);
        let names: Vec<String> = export.fields().map(|field| field.name.clone()).collect();
        assert_eq!(names, ["id", "title", "year", "sequel_to"]);
        let first = export.next(&mut cx).await.unwrap();
        let values: Vec<Value> = export.values(&first[0]).cloned().collect();
        assert_eq!(values[1..], ["b0".into(), Value::Int(0), Value::Null]);
        // Neither hidden values nor rows written meanwhile come along.
        assert!(first[0].get("isbn").is_null());
        world.script("INSERT INTO t_book (title, year, isbn) VALUES ('late', 1, '')").await;
        let rest = pages(&mut cx, &mut export).await;
        assert!(rest.len() > 1, "it comes in pages");
        assert_eq!(first.len() + rest.iter().sum::<usize>(), 2500);
        let mut cx = snapshot(&world.site, clerk(&["t.view_book"])).await;
        let mut export = ops::export(&cx, &key("Book"), all(), &["year".into()]).unwrap();
        assert_eq!(pages(&mut cx, &mut export).await.iter().sum::<usize>(), 1251);
    })
    .await;
}

#[tokio::test]
async fn a_selection_comes_in_the_order_of_keys() {
    on_both(async |world| {
        world.script(MANY).await;
        let mut cx = snapshot(&world.site, root()).await;
        let keys = vec![text("7"), Raw::Json(json!(2)), text("x"), text("99999"), text("7"), Raw::Json(json!(null))];
        let mut export = ops::export(&cx, &key("Book"), Which::Keys(keys), &["title".into(), "id".into()]).unwrap();
        let rows = export.next(&mut cx).await.unwrap();
        let values: Vec<String> = rows.iter().flat_map(|row| export.values(row)).map(Value::to_string).collect();
        assert_eq!(values, ["b1", "2", "b6", "7"]);
        assert!(export.next(&mut cx).await.unwrap().is_empty());
    })
    .await;
}

#[tokio::test]
async fn what_may_not_be_seen_is_not_exported() {
    let world = shelf(&Database::sqlite()).await;
    let cx = snapshot(&world.site, clerk(&["t.add_book"])).await;
    assert!(matches!(ops::export(&cx, &key("Book"), all(), &[]), Err(Error::Forbidden { .. })));
    let cx = snapshot(&world.site, root()).await;
    for name in ["isbn", "nope"] {
        assert!(matches!(ops::export(&cx, &key("Book"), all(), &[name.into()]), Err(Error::BadQuery(_))), "{name}");
    }
}

fn book(title: &str, year: impl Into<serde_json::Value>) -> Payload {
    whole(json!({"title": title, "year": year.into()}))
}

/// Imports rows; gives how many were made and which were refused.
async fn import(world: &World, keep: Keep, rows: Vec<Payload>) -> (u64, Vec<u64>) {
    let mut import = ops::import(&world.site, &root(), &Origin::default(), &key("Book"), keep).await.unwrap();
    let mut refusals = Vec::new();
    for (number, row) in rows.into_iter().enumerate() {
        refusals.extend(import.add(number as u64, row).await.unwrap());
    }
    refusals.extend(import.finish().await.unwrap());
    assert_eq!(import.refused(), refusals.len() as u64);
    (import.made(), refusals.iter().map(|refusal| refusal.number).collect())
}

/// More rows than are made at a time; some take a title that is taken, one has no year, one points nowhere.
fn mixed() -> Vec<Payload> {
    let mut rows: Vec<Payload> = (0..1200).map(|i| book(&format!("n{i}"), i)).collect();
    rows[3] = book("n1", 1);
    rows[700] = book("n700", "x");
    rows[701] = whole(json!({"title": "n701", "sequel_to": 99999}));
    rows[1199] = book("n0", 1);
    rows
}

#[tokio::test]
async fn a_bad_row_does_no_harm_to_others() {
    on_both(async |world| {
        assert_eq!(import(&world, Keep::Good, mixed()).await, (1196, vec![3, 700, 701, 1199]));
        assert_eq!(world.ask("SELECT count(*) FROM t_book").await, ["1196"]);
        let diary = world.diary().await;
        assert_eq!(diary.len(), 1196);
        assert!(diary[0].ends_with(" n0 added"), "{}", diary[0]);
    })
    .await;
}

#[tokio::test]
async fn all_rows_or_none() {
    on_both(async |world| {
        assert_eq!(import(&world, Keep::All, mixed()).await, (1196, vec![3, 700, 701, 1199]));
        assert_eq!(world.ask("SELECT count(*) FROM t_book").await, ["0"]);
        assert!(world.diary().await.is_empty());
        let good = || (0..600).map(|i| book(&format!("n{i}"), i)).collect::<Vec<_>>();
        assert_eq!(import(&world, Keep::Nothing, good()).await, (600, vec![]));
        assert_eq!(world.ask("SELECT count(*) FROM t_book").await, ["0"]);
        assert_eq!(import(&world, Keep::All, good()).await, (600, vec![]));
        assert_eq!(world.ask("SELECT count(*) FROM t_book").await, ["600"]);
    })
    .await;
}

#[tokio::test]
async fn who_may_not_add_may_not_import() {
    let world = shelf(&Database::sqlite()).await;
    let clerk = clerk(&["t.view_book"]);
    let refused = ops::import(&world.site, &clerk, &Origin::default(), &key("Book"), Keep::Good).await;
    assert!(matches!(refused, Err(Error::Forbidden { .. })));
}
