//! Children that are sent with their parent: all in one transaction, each with its own right and record.

use factotum_engine::admin::{Inline, Options};
use factotum_engine::form::{ChildForm, ChildForms, Manner, Payload};
use factotum_engine::model::{FlawKind, OnDelete};
use factotum_engine::ops;
use factotum_engine::{Error, Field, Model, Raw, Value, Verb};
use serde_json::json;

use crate::fixture::Database;
use crate::world::{World, key, some, text, whole};

/// Albums with songs; the songs are administered nowhere else.
async fn records(database: &Database) -> World {
    let album = Model::new("t", "Album").with(Field::line("name", 20)).label("{{ name }}");
    let song = Model::new("t", "Song")
        .with(Field::one("album", key("Album"), OnDelete::Cascade))
        .with(Field::line("title", 9))
        .with(Field::line("code", 9).unique())
        .with(Field::int("place").initially(0))
        .order_by(&["place"])
        .unique_together(&["album", "title"])
        .label("{{ title }}");
    let options = Options { inlines: vec![Inline::new(key("Song"), "album")], ..Options::default() };
    let world = World::on(database, |site| site.register(album, options).model(song)).await;
    world
        .script(
            "INSERT INTO t_album (name) VALUES ('One'), ('Two');
            INSERT INTO t_song (album_id, title, code, place)
                VALUES (1, 'a', 'A', 2), (1, 'b', 'B', 1), (2, 'c', 'C', 0);",
        )
        .await;
    world
}

fn song(key: Option<i64>, fields: serde_json::Value) -> ChildForm {
    let serde_json::Value::Object(fields) = fields else { panic!("fields are an object") };
    let raw = |value: serde_json::Value| Raw::Text(value.as_str().unwrap().to_owned());
    let fields = fields.into_iter().map(|(name, value)| (name, raw(value))).collect();
    ChildForm { key: key.map(|key| text(&key.to_string())), delete: false, fields }
}

fn gone(key: i64) -> ChildForm {
    ChildForm { key: Some(text(&key.to_string())), delete: true, ..ChildForm::default() }
}

fn with(payload: Payload, rows: Vec<ChildForm>) -> Payload {
    Payload { children: vec![ChildForms { inline: 0, rows }], manner: Manner::Form, ..payload }
}

async fn songs(world: &World) -> Vec<String> {
    world.ask("SELECT album_id, title, code, place FROM t_song ORDER BY code").await
}

#[tokio::test]
async fn children_are_written_with_their_parent() {
    let world = records(&Database::sqlite()).await;
    let rows = vec![
        song(None, json!({"title": "n", "code": "N", "place": "7"})),
        song(Some(1), json!({"title": "x", "code": "A", "place": "2"})),
        gone(2),
        song(Some(3), json!({"title": "stolen", "code": "C", "place": "0"})),
    ];
    let mut cx = world.write().await;
    ops::update(&mut cx, &key("Album"), &text("1"), with(some(json!({"name": "Uno"})), rows)).await.unwrap();
    cx.commit().await.unwrap();
    assert_eq!(songs(&world).await, ["1 x A 2", "2 c C 0", "1 n N 7"]);
    let diary = world.diary().await;
    let told = ["t.Song 1 x changed title:a>x", "t.Song 2 b deleted", "t.Album 1 Uno changed name:One>Uno"];
    assert!(told.iter().all(|entry| diary.iter().any(|known| known == entry)), "{diary:?}");
    assert_eq!(diary.len(), 4);
}

#[tokio::test]
async fn a_new_parent_brings_its_children_on_a_server_too() {
    let mut databases = vec![Database::sqlite()];
    databases.extend(Database::postgres().await);
    for database in databases {
        let world = records(&database).await;
        let rows = vec![song(None, json!({"title": "d", "code": "D", "place": "1"}))];
        let mut cx = world.write().await;
        let payload = with(whole(json!({"name": "Three"})), rows);
        let made = ops::create(&mut cx, &key("Album"), payload).await.unwrap();
        let whole = ops::around(&mut cx, world.site.resource(&key("Album")).unwrap(), made).await.unwrap();
        cx.commit().await.unwrap();
        let labels: Vec<&str> = whole.children[0].records.iter().map(|record| record.label.as_str()).collect();
        assert_eq!(labels, ["d"]);
        drop(world);
        database.remove().await;
    }
}

/// What is wrong with the songs that were sent with the first album.
async fn flaws(rows: Vec<ChildForm>) -> factotum_engine::error::ChildErrors {
    let world = records(&Database::sqlite()).await;
    let mut cx = world.write().await;
    let payload = with(some(json!({"name": "Uno"})), rows);
    let refused = ops::update(&mut cx, &key("Album"), &text("1"), payload).await.unwrap_err();
    drop(cx);
    assert_eq!(world.ask("SELECT name FROM t_album WHERE id = 1").await, ["One"], "all or nothing");
    assert!(world.diary().await.is_empty());
    let Error::Invalid(errors) = refused else { panic!("{refused:?}") };
    errors.children.into_iter().next().unwrap().1
}

#[tokio::test]
async fn flaws_stand_at_their_children() {
    let new = |title: &str, code: &str| song(None, json!({"title": title, "code": code, "place": "1"}));
    let found = flaws(vec![new("good", "G"), new("much too long", "H"), gone(2)]).await;
    assert_eq!(found.rows.len(), 2, "what goes is not among them");
    assert!(found.rows[0].is_empty());
    assert!(found.rows[1].fields.contains_key("title"));
    let there = song(Some(1), json!({"title": "a", "code": "A", "place": "2"}));
    let found = flaws(vec![new("much too long", "H"), there]).await;
    assert!(found.rows[0].is_empty(), "the one that is there comes first");
    assert!(found.rows[1].fields.contains_key("title"));
    let found = flaws(vec![new("p", "A")]).await;
    assert_eq!(found.rows[0].fields["code"][0].kind, FlawKind::Taken);
    let found = flaws(vec![new("a", "Z")]).await;
    let together = FlawKind::TakenTogether { fields: vec!["album".into(), "title".into()] };
    assert_eq!(found.rows[0].whole[0].kind, together, "the parent's key counts");
}

#[tokio::test]
async fn what_comes_twice_is_said_once_more() {
    let new = |title: &str, code: &str| song(None, json!({"title": title, "code": code, "place": "1"}));
    let found = flaws(vec![new("p", "P"), new("q", "P")]).await;
    assert!(found.rows[0].is_empty());
    assert_eq!(found.rows[1].whole[0].kind, FlawKind::Repeated);
    assert_eq!(found.whole[0].kind, FlawKind::RepeatedValues { fields: vec!["code".into()] });
    let found = flaws(vec![new("p", "P"), new("p", "Q")]).await;
    assert_eq!(found.whole[0].kind, FlawKind::RepeatedValues { fields: vec!["title".into()] });
}

#[tokio::test]
async fn a_key_that_no_child_has_is_a_flaw() {
    let row = json!({"title": "p", "code": "P", "place": "1"});
    let found = flaws(vec![song(Some(99), row)]).await;
    assert_eq!(found.rows[0].fields["id"][0].kind, FlawKind::NoTarget { key: "99".into() });
}

#[tokio::test]
async fn every_child_asks_for_its_own_right() {
    let world = records(&Database::sqlite()).await;
    let may = ["t.view_album", "t.change_album", "t.view_song", "t.change_song"];
    let row = || json!({"title": "p", "code": "P", "place": "1"});
    for (rows, verb) in [(vec![song(None, row())], Verb::Add), (vec![gone(1)], Verb::Delete)] {
        let mut cx = world.write_as(&may).await;
        let refused = ops::update(&mut cx, &key("Album"), &text("1"), with(some(json!({})), rows)).await.unwrap_err();
        assert!(matches!(refused, Error::Forbidden { verb: asked, .. } if asked == verb), "{refused:?}");
    }
    let mut cx = world.write_as(&may).await;
    let rows = vec![song(Some(1), row())];
    ops::update(&mut cx, &key("Album"), &text("1"), with(some(json!({})), rows)).await.unwrap();
}

#[tokio::test]
async fn a_row_is_read_with_its_children_in_their_order() {
    let world = records(&Database::sqlite()).await;
    let mut cx = world.write().await;
    let whole = ops::whole(&mut cx, &key("Album"), &text("1")).await.unwrap();
    let keys: Vec<&Value> = whole.children[0].records.iter().map(|record| record.row.key()).collect();
    assert_eq!(keys, [&Value::Int(2), &Value::Int(1)]);
    drop(cx);
    let mut cx = world.write_as(&["t.view_album"]).await;
    let whole = ops::whole(&mut cx, &key("Album"), &text("1")).await.unwrap();
    assert!(whole.children[0].records.is_empty(), "who may not see songs sees none");
}

#[tokio::test]
async fn a_blank_row_has_what_new_ones_start_with() {
    let world = records(&Database::sqlite()).await;
    let mut cx = world.write().await;
    let resource = world.site.resource(&key("Album")).unwrap();
    let record = ops::blank(&mut cx, resource, vec![("name".into(), "Proposed".into())]).await.unwrap();
    assert_eq!((record.row.get("name"), record.label.as_str()), (&Value::from("Proposed"), ""));
    assert!(record.row.key().is_null());
}
