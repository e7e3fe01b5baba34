//! Columns of a row, set one by one, and rows that are marked as deleted.

use factotum_engine::form::{Manner, Payload};
use factotum_engine::model::{FieldKind, Initial, OnDelete, Stamp};
use factotum_engine::{Error, Field, Model, Raw, Value, ops};
use serde_json::{Value as Json, json};

use crate::fixture::Database;
use crate::world::{World, key, some, text};

/// Books of authors; when they were made is given where nobody says.
async fn books() -> World {
    let author = Model::new("t", "Author").with(Field::line("name", 20).unique()).label("{{ name }}");
    let book = Model::new("t", "Book")
        .with(Field::line("title", 9))
        .with(Field::line("note", 20).optional())
        .with(Field::int("pages").initially(7_i64))
        .with(Field::decimal("price", 6, 2).optional())
        .with(Field::line("pin", 8).blank().secret())
        .with(Field::one("author", key("Author"), OnDelete::Protect).optional())
        .with(Field { initial: Some(Initial::Now), ..Field::new("made", FieldKind::DateTime) })
        .with(Field::new("saved", FieldKind::DateTime).stamped(Stamp::Saved))
        .with(Field::new("deleted", FieldKind::DateTime).optional())
        .label("{{ title }}");
    let options = factotum_engine::admin::Options::default;
    let world = World::on(&Database::sqlite(), |site| site.register(author, options()).register(book, options())).await;
    world.script("INSERT INTO t_author VALUES (1, 'Ada'), (2, 'Bo');").await;
    world
}

fn columns(pairs: Json, new: bool) -> Payload {
    Payload { manner: Manner::Columns, partial: !new, ..some(pairs) }
}

async fn create(world: &World, pairs: Json) -> Result<factotum_engine::Record, Error> {
    let mut cx = world.write().await;
    let record = ops::create(&mut cx, &key("Book"), columns(pairs, true)).await?;
    cx.commit().await?;
    Ok(record)
}

async fn change(world: &World, pairs: Json) -> Result<factotum_engine::Record, Error> {
    let mut cx = world.write().await;
    let record = ops::update(&mut cx, &key("Book"), &text("1"), columns(pairs, false)).await?;
    cx.commit().await?;
    Ok(record)
}

fn blamed(outcome: Result<factotum_engine::Record, Error>) -> Vec<String> {
    match outcome {
        Err(Error::Invalid(errors)) => errors.fields.keys().cloned().collect(),
        other => panic!("expected flaws, got {other:?}"),
    }
}

#[tokio::test]
async fn null_stands_for_the_initial_value_of_a_new_row() {
    let world = books().await;
    let made =
        create(&world, json!({"title": " a ", "pages": null, "price": "", "note": "", "pin": "x"})).await.unwrap();
    assert_eq!(made.row.get("title"), &Value::from(" a "), "nothing is trimmed");
    assert_eq!((made.row.get("pages"), made.row.get("price")), (&Value::Int(7), &Value::Null));
    assert_eq!((made.row.get("note"), made.row.get("pin")), (&Value::Null, &Value::from("")), "hidden columns stay");
    let own = create(&world, json!({"id": 40, "title": "", "made": "2024-01-01T10:00:00+02:00"})).await.unwrap();
    assert_eq!((own.row.key(), own.row.get("title")), (&Value::Int(40), &Value::from("")));
    assert_eq!(own.row.get("made").to_string(), "2024-01-01T08:00:00Z");
}

#[tokio::test]
async fn every_flaw_is_told() {
    let world = books().await;
    assert_eq!(
        blamed(create(&world, json!({"pages": "x", "price": "1e9", "author": 9})).await),
        ["title", "pages", "price", "author"]
    );
    create(&world, json!({"title": "a"})).await.unwrap();
    assert_eq!(
        blamed(change(&world, json!({"title": null, "pages": "", "author": true})).await),
        ["title", "pages", "author"]
    );
    assert_eq!(blamed(create(&world, json!({"id": 1, "title": "b"})).await), ["id"]);
}

#[tokio::test]
async fn a_change_of_nothing_is_none_but_is_recorded() {
    let world = books().await;
    let made = create(&world, json!({"title": "a", "price": "1.50"})).await.unwrap();
    let same = change(&world, json!({"title": "a", "price": 1.5, "id": 9, "bogus": 1})).await.unwrap();
    assert_eq!(same.row.get("saved"), made.row.get("saved"));
    let other = change(&world, json!({"title": "b"})).await.unwrap();
    assert_ne!(other.row.get("saved"), made.row.get("saved"));
    assert_eq!((other.row.key(), other.row.get("price").to_string().as_str()), (&Value::Int(1), "1.50"));
    assert_eq!(world.diary().await.len(), 3);
}

#[tokio::test]
async fn rows_are_marked_as_deleted_and_stay() {
    let world = books().await;
    create(&world, json!({"title": "a"})).await.unwrap();
    create(&world, json!({"title": "b"})).await.unwrap();
    let mut cx = world.write().await;
    ops::retire(&mut cx, &key("Book"), &text("1"), "deleted").await.unwrap();
    let several = [text("1"), text("2"), text("3"), Raw::Json(json!([]))];
    assert_eq!(ops::retire_several(&mut cx, &key("Book"), &several, "deleted").await.unwrap(), 2);
    let gone = ops::retire(&mut cx, &key("Book"), &text("3"), "deleted").await;
    assert!(matches!(gone, Err(Error::NotFound(_))));
    cx.commit().await.unwrap();
    assert_eq!(world.ask("SELECT COUNT(*) FROM t_book WHERE deleted IS NOT NULL").await, ["2"]);
    assert_eq!(world.diary().await.iter().filter(|line| line.contains("retired")).count(), 3);
    let mut clerk = world.write_as(&["t.view_book", "t.change_book"]).await;
    let refused = ops::retire(&mut clerk, &key("Book"), &text("1"), "deleted").await;
    assert!(matches!(refused, Err(Error::Forbidden { .. })));
}
