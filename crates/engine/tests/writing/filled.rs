//! Forms that somebody filled in, as Django's are: what is absent, what nobody touched, and what is saved of it.

use factotum_engine::admin::{Fieldset, ModelAdmin, Options};
use factotum_engine::error::Conflict;
use factotum_engine::form::{Manner, Payload};
use factotum_engine::model::{FieldKind, FlawKind, OnDelete};
use factotum_engine::ops::{self, Saved};
use factotum_engine::principal::{Principal, Verb};
use factotum_engine::query::{Filter, field};
use factotum_engine::{Context, Error, Field, FieldErrors, Model, Result, Value};
use serde_json::{Value as Json, json};

use crate::world::{World, key, some, text};

/// Shelves: those of other people are nobody's business.
struct ShelfAdmin;

impl ModelAdmin for ShelfAdmin {
    fn rows(&self, who: &Principal) -> Filter {
        if who.superuser { Filter::All } else { field("name").is("mine") }
    }
}

/// Books on shelves. A form shows all but the pin, and of shelves only those that are open.
async fn books() -> World {
    let shelf = Model::new("t", "Shelf").with(Field::line("name", 20)).with(Field::int("open")).label("{{ name }}");
    let book = Model::new("t", "Book")
        .key(Field::line("code", 8))
        .with(Field::line("title", 10).unique())
        .with(Field::long_text("blurb").blank().initially("nothing yet"))
        .with(Field::new("price", FieldKind::Decimal { digits: 6, places: 2 }))
        .with(Field::int("pages").blank().initially(7_i64))
        .with(Field::line("secret_pin", 8).blank().initially("1234"))
        .with(Field::one("shelf", key("Shelf"), OnDelete::Cascade).optional())
        .with(Field::new("notes", FieldKind::Json).blank().initially(Value::Json(json!({"a": 1}))))
        .unique_together(&["pages", "shelf"])
        .label("{{ title }}");
    let options = Options { limit_choices_to: vec![("shelf".into(), field("open").is(1_i64))], ..Options::default() };
    let world = World::new(|site| site.register(shelf, ShelfAdmin).register(book, options)).await;
    world.script("INSERT INTO t_shelf VALUES (1, 'mine', 1), (2, 'theirs', 1), (3, 'mine', 0);").await;
    world
}

fn form(partial: bool, pairs: Json) -> Payload {
    Payload { partial, manner: Manner::Form, withheld: &["secret"], ..some(pairs) }
}

async fn add(world: &World, pairs: Json) -> Result<()> {
    let mut cx = world.write().await;
    ops::create(&mut cx, &key("Book"), form(false, pairs)).await?;
    cx.commit().await
}

async fn change(cx: &mut Context, code: &str, pairs: Json) -> Result<Saved> {
    let row = ops::open(cx, &key("Book"), &text(code), Verb::Change).await?;
    ops::change(cx, row, form(true, pairs)).await
}

fn flaws(result: Result<impl std::fmt::Debug>) -> FieldErrors {
    match result {
        Err(Error::Invalid(errors)) => errors,
        other => panic!("{other:?}"),
    }
}

async fn one(world: &World) {
    add(world, json!({"code": "a", "title": "A", "price": "5.0", "shelf": {"id": 1}})).await.unwrap();
}

#[tokio::test]
async fn what_is_absent_is_empty_or_what_it_starts_with() {
    let world = books().await;
    one(&world).await;
    let rows = world.ask("SELECT code, title, blurb, price, pages, secret_pin, shelf_id, notes FROM t_book").await;
    assert_eq!(rows, ["a A nothing yet 5.00 7 1234 1 {\"a\": 1}"]);
    let refused = flaws(add(&world, json!({"code": "  ", "pages": "x", "shelf": 9})).await);
    let named: Vec<&str> = refused.fields.keys().map(String::as_str).collect();
    assert_eq!(named, ["code", "title", "price", "pages", "shelf"]);
    assert!(refused.fields.values().flatten().all(|flaw| !matches!(flaw.kind, FlawKind::Null)));
}

#[tokio::test]
async fn a_field_that_failed_is_in_no_rule_and_the_others_still_are() {
    let world = books().await;
    one(&world).await;
    let refused = flaws(add(&world, json!({"code": "a", "title": "A", "price": "x", "shelf": 1})).await);
    assert_eq!(refused.fields["code"][0].kind, FlawKind::Taken);
    assert_eq!(refused.fields["title"][0].kind, FlawKind::Taken);
    assert_eq!(refused.fields["price"][0].kind, FlawKind::NotNumber);
    assert!(!refused.fields.contains_key("pages"), "what was not sent starts with its own value");
    assert_eq!(refused.whole.len(), 1, "pages and shelf are taken together");
    let refused = flaws(add(&world, json!({"code": "b", "title": "B", "price": 1, "pages": "x", "shelf": 1})).await);
    assert!(refused.whole.is_empty());
}

#[tokio::test]
async fn only_what_changes_is_written_and_recorded() {
    let world = books().await;
    one(&world).await;
    let mut cx = world.write().await;
    let saved = change(&mut cx, "a", json!({"price": "5.000", "pages": 8, "title": "A"})).await;
    let refused = flaws(saved);
    assert_eq!(refused.fields["price"][0].kind, FlawKind::TooManyPlaces { max: 2 });
    let saved = change(&mut cx, "a", json!({"price": "5.0", "pages": 8, "title": " A "})).await.unwrap();
    assert_eq!(saved.record.row.get("price").to_string(), "5.0", "as it was typed");
    cx.commit().await.unwrap();
    assert_eq!(world.diary().await.last().unwrap(), "t.Book a A changed pages:7>8");
}

#[tokio::test]
async fn what_is_wrong_already_stops_every_change() {
    let world = books().await;
    one(&world).await;
    world.script("UPDATE t_book SET title = 'far too long for this', notes = '\"text\"'").await;
    let mut cx = world.write().await;
    let refused = flaws(change(&mut cx, "a", json!({"pages": 9})).await);
    assert_eq!(refused.fields.keys().collect::<Vec<_>>(), ["title"], "a document is left alone");
    change(&mut cx, "a", json!({"title": "short"})).await.unwrap();
    world_of_one(&world, cx, "short 7").await;
}

async fn world_of_one(world: &World, cx: Context, expected: &str) {
    cx.commit().await.unwrap();
    assert_eq!(world.ask("SELECT title, pages FROM t_book WHERE code = 'a'").await, [expected]);
}

#[tokio::test]
async fn another_key_is_another_row() {
    let world = books().await;
    one(&world).await;
    let mut cx = world.write().await;
    let refused = flaws(change(&mut cx, "a", json!({"code": "b"})).await);
    assert_eq!(refused.fields["title"][0].kind, FlawKind::Taken, "the old row keeps its title");
    let saved = change(&mut cx, "a", json!({"code": "b", "title": "B", "shelf": null})).await.unwrap();
    assert_eq!(saved.record.row.key(), &Value::from("b"));
    cx.commit().await.unwrap();
    let rows = world.ask("SELECT code, title, price, secret_pin FROM t_book ORDER BY code").await;
    assert_eq!(rows, ["a A 5.00 1234", "b B 5.00 1234"]);
}

#[tokio::test]
async fn rows_are_chosen_among_those_that_are_offered() {
    let world = books().await;
    one(&world).await;
    let permissions = ["t.view_book", "t.change_book"];
    let mut cx = world.write_as(&permissions).await;
    for shelf in [2, 3, 4] {
        let refused = flaws(change(&mut cx, "a", json!({"shelf": shelf})).await);
        assert_eq!(refused.fields["shelf"][0].kind, FlawKind::NoTarget { key: shelf.to_string() }, "{shelf}");
    }
    change(&mut cx, "a", json!({"pages": 3})).await.unwrap();
    drop(cx);
    world.script("UPDATE t_book SET shelf_id = 2").await;
    let mut cx = world.write_as(&permissions).await;
    change(&mut cx, "a", json!({"pages": 4})).await.expect("a shelf that is there already need not be seen");
    drop(cx);
    world.script("UPDATE t_book SET shelf_id = 3").await;
    let mut cx = world.write_as(&permissions).await;
    let refused = flaws(change(&mut cx, "a", json!({"pages": 4})).await);
    assert!(refused.fields.contains_key("shelf"), "but it must be among the choices");
}

#[tokio::test]
async fn a_version_is_another_one_after_every_change() {
    let world = books().await;
    one(&world).await;
    let mut cx = world.write().await;
    let row = ops::open(&mut cx, &key("Book"), &text("a"), Verb::Change).await.unwrap();
    let version = row.version();
    ops::expect(&row, &["other", &version]).unwrap();
    let saved = change(&mut cx, "a", json!({"price": "5"})).await.unwrap();
    assert_eq!(saved.version, version, "the same price in other digits");
    let saved = change(&mut cx, "a", json!({"price": "6"})).await.unwrap();
    assert_ne!(saved.version, version);
    let row = ops::open(&mut cx, &key("Book"), &text("a"), Verb::Change).await.unwrap();
    assert_eq!(row.version(), saved.version);
    assert!(matches!(ops::expect(&row, &[&version]), Err(Error::Conflict(Conflict::Version))));
}

#[tokio::test]
async fn what_is_undone_to_a_mark_never_happened() {
    let world = books().await;
    one(&world).await;
    let mut cx = world.write().await;
    cx.mark().await.unwrap();
    change(&mut cx, "a", json!({"pages": 1})).await.unwrap();
    cx.keep().await.unwrap();
    cx.mark().await.unwrap();
    change(&mut cx, "a", json!({"pages": 2})).await.unwrap();
    cx.undo().await.unwrap();
    world_of_one(&world, cx, "A 1").await;
}

#[tokio::test]
async fn a_form_has_the_fields_that_its_groups_show() {
    let book = Model::new("t", "Book").with(Field::line("title", 10)).with(Field::line("mood", 10));
    let shown = Fieldset { fields: vec![vec!["title".into()]], ..Fieldset::default() };
    let options = Options { fieldsets: Some(vec![shown]), ..Options::default() };
    let world = World::new(|site| site.register(book, options)).await;
    let mut cx = world.write().await;
    let sent = form(false, json!({"title": "A", "mood": "good"}));
    let record = ops::create(&mut cx, &key("Book"), sent).await.unwrap();
    assert_eq!(record.row.get("mood"), &Value::from(""), "what a form does not show it does not set");
}
