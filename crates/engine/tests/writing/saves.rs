//! Rows made and changed one at a time: what is stored, what comes back, what is recorded.

use factotum_engine::admin::{Event, ModelAdmin, Options};
use factotum_engine::context::Context;
use factotum_engine::model::{FieldKind, FlawKind, OnDelete, Row, Stamp};
use factotum_engine::principal::Principal;
use factotum_engine::query::{Filter, field};
use factotum_engine::{Error, Field, Model, Result, Value, ops};
use futures_util::future::BoxFuture;
use serde_json::json;

use crate::fixture::Database;
use crate::world::{World, key, some, text, whole};

/// Drafts are nobody's business but the author's; a note of price 13 is refused after it was stored.
struct NoteAdmin;

impl ModelAdmin for NoteAdmin {
    fn rows(&self, who: &Principal) -> Filter {
        if who.superuser { Filter::All } else { field("title").is("open") }
    }

    fn after<'a>(&'a self, cx: &'a mut Context, row: &'a Row, event: Event) -> BoxFuture<'a, Result<()>> {
        Box::pin(async move {
            if *row.get("price") == Value::Int(13) {
                return Err(Error::flaw("price", FlawKind::Taken));
            }
            if event == Event::Added && row.get("title").as_text() == Some("twin") {
                ops::create(cx, &key("Tag"), whole(json!({"name": "of a twin"}))).await?;
            }
            Ok(())
        })
    }
}

/// Notes with tags, of which "pin" is hidden, and when they were made and saved.
async fn notes(database: &Database) -> World {
    let note = Model::new("t", "Note")
        .with(Field::line("title", 20).unique())
        .with(Field::long_text("body").blank())
        .with(Field::int("price").initially(5_i64))
        .with(Field::line("pin", 8).blank().secret())
        .with(Field::line("mood_label", 8).blank())
        .with(Field::one("parent", key("Note"), OnDelete::SetNull).optional())
        .with(Field::new("made", FieldKind::DateTime).stamped(Stamp::Created))
        .with(Field::new("saved", FieldKind::DateTime).stamped(Stamp::Saved))
        .with(Field::many("tags", key("Tag"), "t_note_tags", "note_id", "tag_id").blank())
        .label("{{ title }}");
    let tag = Model::new("t", "Tag").with(Field::line("name", 20).unique()).label("{{ name }}");
    World::on(database, |site| site.register(tag, Options::default()).register(note, NoteAdmin)).await
}

async fn stocked() -> World {
    let world = notes(&Database::sqlite()).await;
    world
        .script(
            "INSERT INTO t_tag VALUES (1, 'red'), (2, 'green'), (3, 'blue');
            INSERT INTO t_note VALUES
                (1, 'open', 'b', 1, '', '', NULL, '2024-01-01 00:00:00', '2024-01-01 00:00:00'),
                (2, 'shut', 'b', 2, '', '', 1, '2024-01-01 00:00:00', '2024-01-01 00:00:00');
            INSERT INTO t_note_tags VALUES (1, 1, 1), (2, 1, 2);",
        )
        .await;
    world
}

#[tokio::test]
async fn a_row_is_made_with_what_nobody_said() {
    let world = stocked().await;
    let mut cx = world.write().await;
    let record = ops::create(&mut cx, &key("Note"), whole(json!({"title": "new", "tags": [3, 1]}))).await.unwrap();
    let now = Value::DateTime(cx.now());
    cx.commit().await.unwrap();
    assert_eq!((record.label.as_str(), record.row.key()), ("new", &Value::Int(3)));
    assert_eq!((record.row.get("price"), record.row.get("body")), (&Value::Int(5), &Value::from("")));
    assert_eq!((record.row.get("made"), record.row.get("saved")), (&now, &now));
    assert_eq!(world.ask("SELECT tag_id FROM t_note_tags WHERE note_id = 3 ORDER BY 1").await, ["1", "3"]);
    assert_eq!(world.diary().await, ["t.Note 3 new added"]);
}

#[tokio::test]
async fn an_update_writes_what_was_sent_and_records_what_differs() {
    let world = stocked().await;
    let mut cx = world.write().await;
    let sent = json!({"title": "wide", "pin": "1234", "mood_label": "up", "tags": [2, 3], "price": 1});
    let record = ops::update(&mut cx, &key("Note"), &text("1"), some(sent)).await.unwrap();
    cx.commit().await.unwrap();
    assert_eq!(record.label, "wide");
    assert_eq!(world.ask("SELECT tag_id FROM t_note_tags ORDER BY id").await, ["2", "3"]);
    assert_eq!(world.ask("SELECT id FROM t_note_tags ORDER BY id").await[0], "2", "a pair that stays is not rewritten");
    assert_eq!(
        world.ask("SELECT title, body, pin, made FROM t_note WHERE id = 1").await,
        ["wide b 1234 2024-01-01 00:00:00"]
    );
    let diary = world.diary().await;
    assert_eq!(diary.len(), 1);
    assert!(diary[0].starts_with("t.Note 1 wide changed title:open>wide,mood_label:>up,saved:2024"), "{diary:?}");
    assert!(diary[0].ends_with(",tags:1, 2>2, 3") && !diary[0].contains("pin"), "{diary:?}");
}

#[tokio::test]
async fn two_updates_of_different_fields_keep_both() {
    let world = stocked().await;
    for sent in [json!({"body": "one"}), json!({"price": 9})] {
        let mut cx = world.write().await;
        ops::update(&mut cx, &key("Note"), &text("1"), some(sent)).await.unwrap();
        cx.commit().await.unwrap();
    }
    assert_eq!(world.ask("SELECT body, price FROM t_note WHERE id = 1").await, ["one 9"]);
}

#[tokio::test]
async fn an_update_of_nothing_is_a_save() {
    let world = stocked().await;
    for (model, row, stamped) in [("Note", "1", true), ("Tag", "1", false)] {
        let mut cx = world.write().await;
        ops::update(&mut cx, &key(model), &text(row), some(json!({}))).await.unwrap();
        cx.commit().await.unwrap();
        let last = world.diary().await.pop().unwrap();
        assert_eq!(last.contains("saved:"), stamped, "{last}");
    }
    assert_ne!(world.ask("SELECT saved FROM t_note WHERE id = 1").await, ["2024-01-01 00:00:00"]);
    assert_eq!(world.diary().await.len(), 2);
}

#[tokio::test]
async fn what_is_refused_leaves_no_trace() {
    let world = stocked().await;
    let before = world.ask("SELECT * FROM t_note").await;
    for sent in [json!({"title": "shut"}), json!({"price": "x"}), json!({"parent": 77}), json!({"price": 13})] {
        let mut cx = world.write().await;
        let refusal = ops::update(&mut cx, &key("Note"), &text("1"), some(sent.clone())).await.unwrap_err();
        assert!(matches!(refusal, Error::Invalid(_)), "{sent}: {refusal}");
        drop(cx);
        assert_eq!(world.ask("SELECT * FROM t_note").await, before, "{sent}");
    }
    assert!(world.diary().await.is_empty());
}

#[tokio::test]
async fn rows_out_of_sight_are_not_there() {
    let world = stocked().await;
    let mut cx = world.write_as(&["t.change_note", "t.delete_note"]).await;
    let update = ops::update(&mut cx, &key("Note"), &text("2"), some(json!({"price": 3}))).await;
    assert!(matches!(update, Err(Error::NotFound(_))));
    assert!(matches!(ops::delete(&mut cx, &key("Note"), &text("2")).await, Err(Error::NotFound(_))));
    let record = ops::update(&mut cx, &key("Note"), &text("1"), some(json!({"title": "gone"}))).await.unwrap();
    assert_eq!(record.label, "gone", "a row may leave the sight of who changed it");
    assert!(matches!(
        ops::create(&mut cx, &key("Tag"), whole(json!({"name": "x"}))).await,
        Err(Error::Forbidden { .. })
    ));
}

#[tokio::test]
async fn a_hook_writes_in_the_same_transaction() {
    let world = stocked().await;
    let mut cx = world.write().await;
    ops::create(&mut cx, &key("Note"), whole(json!({"title": "twin"}))).await.unwrap();
    drop(cx);
    assert!(world.diary().await.is_empty());
    let mut cx = world.write().await;
    ops::create(&mut cx, &key("Note"), whole(json!({"title": "twin"}))).await.unwrap();
    cx.commit().await.unwrap();
    assert_eq!(world.diary().await, ["t.Note 3 twin added", "t.Tag 4 of a twin added"]);
}

#[tokio::test]
async fn the_life_of_a_row_is_the_same_on_a_server() {
    let Some(database) = Database::postgres().await else { return };
    let world = notes(&database).await;
    let mut cx = world.write().await;
    for name in ["red", "green"] {
        ops::create(&mut cx, &key("Tag"), whole(json!({"name": name}))).await.unwrap();
    }
    ops::create(&mut cx, &key("Note"), whole(json!({"title": "a", "tags": [1, 2]}))).await.unwrap();
    ops::create(&mut cx, &key("Note"), whole(json!({"title": "b", "parent": 1, "tags": [2]}))).await.unwrap();
    cx.commit().await.unwrap();
    let mut cx = world.write().await;
    ops::update(&mut cx, &key("Note"), &text("1"), some(json!({"price": 6, "tags": [2]}))).await.unwrap();
    ops::bulk_update(&mut cx, &key("Note"), &[text("1"), text("2")], some(json!({"body": "x"}))).await.unwrap();
    ops::delete(&mut cx, &key("Tag"), &text("1")).await.unwrap();
    cx.commit().await.unwrap();
    assert_eq!(world.ask("SELECT title, body, price FROM t_note ORDER BY id").await, ["a x 6", "b x 5"]);
    assert_eq!(world.ask("SELECT note_id, tag_id FROM t_note_tags ORDER BY 1").await, ["1 2", "2 2"]);
    let mut cx = world.write().await;
    ops::delete(&mut cx, &key("Note"), &text("1")).await.unwrap();
    cx.commit().await.unwrap();
    assert_eq!(world.ask("SELECT title, parent_id FROM t_note").await, ["b "]);
    assert_eq!(world.diary().await.len(), 8);
    drop(world);
    database.remove().await;
}

/// Two people who change two fields of one row at once both keep their change; of two who make the same name one is
/// told that it is taken; of two who delete a row one finds it gone.
#[tokio::test]
async fn two_at_once_on_a_server() {
    let Some(database) = Database::postgres().await else { return };
    let world = notes(&database).await;
    let mut cx = world.write().await;
    ops::create(&mut cx, &key("Note"), whole(json!({"title": "a"}))).await.unwrap();
    cx.commit().await.unwrap();
    let update = async |sent: serde_json::Value| {
        let mut cx = world.write().await;
        ops::update(&mut cx, &key("Note"), &text("1"), some(sent)).await?;
        cx.commit().await
    };
    let (one, two) = tokio::join!(update(json!({"price": 8})), update(json!({"body": "x"})));
    assert!(one.is_ok() && two.is_ok());
    assert_eq!(world.ask("SELECT body, price FROM t_note").await, ["x 8"]);
    let create = async || {
        let mut cx = world.write().await;
        ops::create(&mut cx, &key("Note"), whole(json!({"title": "same"}))).await?;
        cx.commit().await
    };
    let (one, two) = tokio::join!(create(), create());
    assert!(one.is_ok() != two.is_ok());
    let refusal = one.and(two).unwrap_err();
    assert!(matches!(&refusal, Error::Invalid(errors) if errors.fields.contains_key("title")), "{refusal}");
    let delete = async || {
        let mut cx = world.write().await;
        ops::delete(&mut cx, &key("Note"), &text("1")).await?;
        cx.commit().await
    };
    let (one, two) = tokio::join!(delete(), delete());
    assert!(one.is_ok() != two.is_ok());
    assert_eq!(world.diary().await.len(), 5, "one record for each write that happened");
    drop(world);
    database.remove().await;
}
