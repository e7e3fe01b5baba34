//! Many rows in one go: all or nothing, with one record or one for each.

use factotum_engine::admin::Options;
use factotum_engine::model::{FieldKind, OnDelete, Stamp};
use factotum_engine::ops::{self, Operation};
use factotum_engine::{Error, Field, Model, Raw, Value, Verb};
use serde_json::json;

use crate::world::{World, key, some, text, whole};

async fn shelf() -> World {
    let book = Model::new("t", "Book")
        .with(Field::line("title", 20).unique())
        .with(Field::int("year"))
        .with(Field::one("sequel_to", key("Book"), OnDelete::Protect).optional())
        .with(Field::new("saved", FieldKind::DateTime).stamped(Stamp::Saved))
        .label("{{ title }}");
    let page = Model::new("t", "Page").with(Field::one("book", key("Book"), OnDelete::Cascade));
    let world = World::new(|site| site.register(book, Options::default()).register(page, Options::default())).await;
    world
        .script(
            "INSERT INTO t_book VALUES (1, 'a', 1901, NULL, '2024-01-01 00:00:00'),
                (2, 'b', 1902, NULL, '2024-01-01 00:00:00'), (3, 'c', 1903, 2, '2024-01-01 00:00:00');
            INSERT INTO t_page VALUES (1, 1), (2, 1), (3, 2);",
        )
        .await;
    world
}

fn keys() -> Vec<Raw> {
    vec![Raw::Json(json!(3)), text("1"), Raw::Json(json!(99)), text("abc"), Raw::Json(json!([1]))]
}

#[tokio::test]
async fn a_bulk_update_changes_known_rows_and_moves_no_stamps() {
    let world = shelf().await;
    let mut cx = world.write().await;
    let count = ops::bulk_update(&mut cx, &key("Book"), &keys(), some(json!({"year": 2000}))).await.unwrap();
    cx.commit().await.unwrap();
    assert_eq!(count, 2);
    let expected = ["2000 2024-01-01 00:00:00", "1902 2024-01-01 00:00:00", "2000 2024-01-01 00:00:00"];
    assert_eq!(world.ask("SELECT year, saved FROM t_book ORDER BY id").await, expected);
    let record = "t.Book   bulk changed 2 of 3+1+99+abc+[1]: year:>2000; 1(year:1901>2000) 3(year:1903>2000)";
    assert_eq!(world.diary().await, [record]);
}

#[tokio::test]
async fn a_bulk_update_of_nothing_is_recorded() {
    let world = shelf().await;
    let mut cx = world.write().await;
    assert_eq!(ops::bulk_update(&mut cx, &key("Book"), &keys(), some(json!({}))).await.unwrap(), 0);
    cx.commit().await.unwrap();
    assert_eq!(world.diary().await.len(), 1);
}

#[tokio::test]
async fn a_bulk_update_is_judged_as_a_single_one() {
    let world = shelf().await;
    for sent in [json!({"year": "x"}), json!({"title": "same"}), json!({"sequel_to": 77}), json!({"year": null})] {
        let mut cx = world.write().await;
        let refusal = ops::bulk_update(&mut cx, &key("Book"), &keys(), some(sent.clone())).await.unwrap_err();
        let name = sent.as_object().unwrap().keys().next().unwrap().clone();
        assert!(matches!(&refusal, Error::Invalid(errors) if errors.fields.contains_key(&name)), "{sent}: {refusal}");
    }
    assert_eq!(world.ask("SELECT year FROM t_book ORDER BY id").await, ["1901", "1902", "1903"]);
    assert!(world.diary().await.is_empty());
}

#[tokio::test]
async fn a_bulk_delete_cascades_or_is_refused() {
    let world = shelf().await;
    let mut cx = world.write().await;
    assert!(matches!(
        ops::bulk_delete(&mut cx, &key("Book"), &[text("1"), text("2")]).await,
        Err(Error::Protected { .. })
    ));
    drop(cx);
    let mut cx = world.write().await;
    assert_eq!(ops::bulk_delete(&mut cx, &key("Book"), &keys()).await.unwrap(), 2);
    cx.commit().await.unwrap();
    assert_eq!(world.ask("SELECT id FROM t_page").await, ["3"]);
    assert_eq!(world.diary().await, ["t.Book   bulk deleted 2 of 3+1+99+abc+[1]"]);
}

#[tokio::test]
async fn a_bulk_delete_of_nothing_deletes_nothing() {
    let world = shelf().await;
    let mut cx = world.write().await;
    assert_eq!(ops::bulk_delete(&mut cx, &key("Book"), &[text("99"), text("abc")]).await.unwrap(), 0);
    cx.commit().await.unwrap();
    assert_eq!(world.diary().await, ["t.Book   bulk deleted 0 of 99+abc"]);
}

#[tokio::test]
async fn operations_leave_a_record_each() {
    let world = shelf().await;
    let mut cx = world.write().await;
    let operations = vec![
        Operation::Update { key: text("1"), payload: some(json!({"year": 7})) },
        Operation::Create(whole(json!({"title": "d", "year": 8}))),
        Operation::Delete { key: text("3") },
    ];
    let done = ops::operate(&mut cx, &key("Book"), operations).await.unwrap();
    cx.commit().await.unwrap();
    let done: Vec<(Verb, Value)> = done.into_iter().map(|one| (one.op, one.key)).collect();
    let expected = [(Verb::Change, Value::Int(1)), (Verb::Add, Value::Int(4)), (Verb::Delete, Value::Int(3))];
    assert_eq!(done, expected);
    assert_eq!(world.diary().await.len(), 3);
}

#[tokio::test]
async fn the_first_operation_that_fails_undoes_all() {
    let world = shelf().await;
    let mut cx = world.write().await;
    let operations = vec![
        Operation::Update { key: text("1"), payload: some(json!({"year": 7})) },
        Operation::Delete { key: text("77") },
    ];
    assert!(matches!(ops::operate(&mut cx, &key("Book"), operations).await, Err(Error::NotFound(_))));
    drop(cx);
    assert_eq!(world.ask("SELECT year FROM t_book WHERE id = 1").await, ["1901"]);
    assert!(world.diary().await.is_empty());
}

#[tokio::test]
async fn there_is_a_limit() {
    let world = shelf().await;
    let mut cx = world.write().await;
    let keys = vec![text("1"); 5_001];
    assert!(matches!(ops::bulk_delete(&mut cx, &key("Book"), &keys).await, Err(Error::TooMany { most: 5_000 })));
    let operations = vec![Operation::Create(some(json!({}))); 5_001];
    assert!(matches!(ops::operate(&mut cx, &key("Book"), operations).await, Err(Error::TooMany { .. })));
}
