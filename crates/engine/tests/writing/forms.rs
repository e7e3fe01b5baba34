//! Forms on a real database: what is taken, what is missing, in which order it is said, and where uploads go.

use factotum_engine::admin::{Draft, ModelAdmin, Options};
use factotum_engine::context::Context;
use factotum_engine::files::Files;
use factotum_engine::form::raw_of_form;
use factotum_engine::model::{DatePart, FieldKind, Initial, OnDelete};
use factotum_engine::principal::Principal;
use factotum_engine::query::{Filter, field};
use factotum_engine::value::Upload;
use factotum_engine::{Error, Field, Model, Raw, Result, Value, ops};
use futures_util::future::BoxFuture;
use serde_json::json;

use crate::world::{World, key, some, text, whole};

/// Nobody sells at a loss, and secret shelves are not to be pointed at.
struct BookAdmin;

impl ModelAdmin for BookAdmin {
    fn read_only(&self, who: &Principal, _: Option<&factotum_engine::Row>) -> Vec<String> {
        if who.superuser { Vec::new() } else { vec!["price".to_owned()] }
    }

    fn clean<'a>(&'a self, _: &'a mut Context, draft: &'a mut Draft) -> BoxFuture<'a, Result<()>> {
        Box::pin(async move {
            if draft.value("price") == Some(&Value::Int(0)) {
                draft.refuse("price", "Not for nothing.");
            }
            if draft.value("code").is_none_or(Value::is_null) {
                draft.values.insert("code".to_owned(), Value::from("made"));
            }
            Ok(())
        })
    }
}

struct ShelfAdmin;

impl ModelAdmin for ShelfAdmin {
    fn rows(&self, _: &Principal) -> Filter {
        Filter::Not(Box::new(field("name").is("secret")))
    }
}

async fn shop(files: Files) -> World {
    let shelf = Model::new("t", "Shelf").with(Field::line("name", 20).unique());
    let mut talk = Field::line("talk", 20).optional();
    talk.unique_for = vec![(DatePart::Date, "day".to_owned())];
    let book = Model::new("t", "Book")
        .with(Field::one("shelf", key("Shelf"), OnDelete::Cascade))
        .with(Field::line("title", 12))
        .with(Field::line("code", 8).unique().null().matching("^[a-z]+$", "Small letters."))
        .with(Field::int("price").initially(5_i64))
        .with(Field::long_text("note").blank())
        .with(Field::new("seal", FieldKind::Uuid).fixed().initially_by(Initial::NewUuid))
        .with(Field::new("cover", FieldKind::File { folder: "covers/%Y".into(), max: 60, image: false }).blank())
        .with(Field::many("also", key("Shelf"), "t_also", "book_id", "shelf_id").blank())
        .unique_together(&["title", "shelf"]);
    let event = Model::new("t", "Event").with(talk).with(Field::new("day", FieldKind::Date).optional());
    let slot = Model::new("t", "Slot")
        .with(Field::line("name", 20))
        .with(Field::line("kind", 5).fixed().initially("usual"))
        .unique_together(&["name", "kind"]);
    let world = World::new(|site| {
        let site = site.files(files).register(shelf, ShelfAdmin).register(book, BookAdmin);
        site.register(event, Options::default()).register(slot, Options::default())
    });
    let world = world.await;
    world.script("INSERT INTO t_shelf VALUES (1, 'low'), (2, 'high'), (3, 'secret')").await;
    world
}

/// Flaws as `field: names; …`, those of the whole under `*`.
fn told(error: Error) -> String {
    let Error::Invalid(errors) = error else { panic!("{error}") };
    let name = |flaw: &factotum_engine::model::Flaw| {
        let debug = format!("{:?}", flaw.kind);
        let name = debug.split([' ', '{']).next().unwrap().to_owned();
        flaw.words.clone().map_or(name, |words| format!("“{words}”"))
    };
    let names = |flaws: &[factotum_engine::model::Flaw]| flaws.iter().map(name).collect::<Vec<_>>().join(" ");
    let mut lines: Vec<String> =
        errors.fields.iter().map(|(field, flaws)| format!("{field}: {}", names(flaws))).collect();
    if !errors.whole.is_empty() {
        lines.push(format!("*: {}", names(&errors.whole)));
    }
    lines.join("; ")
}

async fn refused(world: &World, model: &str, sent: serde_json::Value) -> String {
    let mut cx = world.write().await;
    told(ops::create(&mut cx, &key(model), whole(sent)).await.unwrap_err())
}

async fn made(world: &World, model: &str, sent: serde_json::Value) -> Value {
    let mut cx = world.write().await;
    let record = ops::create(&mut cx, &key(model), whole(sent)).await.unwrap();
    cx.commit().await.unwrap();
    record.row.key().clone()
}

async fn refused_change(world: &World, model: &str, row: &str, sent: serde_json::Value) -> String {
    let mut cx = world.write().await;
    told(ops::update(&mut cx, &key(model), &text(row), some(sent)).await.unwrap_err())
}

#[tokio::test]
async fn all_that_is_missing_is_said_at_once() {
    let world = shop(Files::default()).await;
    assert_eq!(refused(&world, "Book", json!({})).await, "title: Required; shelf: Required");
    let sent = json!({"title": " ", "code": "A", "price": "x", "also": [1, 99, "x"], "shelf": 99, "cover": null});
    let expected = "title: Blank; code: “Small letters.”; price: NotInt; cover: Null; shelf: NoTarget; also: NoTarget";
    assert_eq!(refused(&world, "Book", sent).await, expected);
}

#[tokio::test]
async fn uniqueness_is_said_between_declared_checks_and_limits() {
    let world = shop(Files::default()).await;
    made(&world, "Book", json!({"title": "a", "code": "one", "shelf": 1})).await;
    assert_eq!(refused(&world, "Book", json!({"title": "b", "code": "one", "shelf": 1})).await, "code: Taken");
    world.script("UPDATE t_book SET code = 'MUCHTOOLONG'").await;
    let sent = json!({"title": "b", "code": "MUCHTOOLONG", "shelf": 1});
    assert_eq!(refused(&world, "Book", sent).await, "code: “Small letters.” Taken TooLong");
}

#[tokio::test]
async fn rules_across_fields_wait_until_each_field_is_right() {
    let world = shop(Files::default()).await;
    made(&world, "Book", json!({"title": "a", "code": "one", "shelf": 1})).await;
    let twin = |code: &str| json!({"title": "a", "code": code, "shelf": 1});
    assert_eq!(refused(&world, "Book", twin("two")).await, "*: TakenTogether");
    assert_eq!(refused(&world, "Book", twin("one")).await, "code: Taken");
    made(&world, "Book", json!({"title": "b", "code": "two", "shelf": 1})).await;
    assert_eq!(refused_change(&world, "Book", "2", json!({"title": "a"})).await, "*: TakenTogether");
    let mut cx = world.write().await;
    ops::update(&mut cx, &key("Book"), &text("1"), some(json!({"title": "a", "code": "one"}))).await.unwrap();
}

#[tokio::test]
async fn a_rule_counts_what_a_new_row_starts_with() {
    let world = shop(Files::default()).await;
    made(&world, "Slot", json!({"name": "a"})).await;
    assert_eq!(refused(&world, "Slot", json!({"name": "a"})).await, "*: TakenTogether");
}

#[tokio::test]
async fn the_admins_rule_speaks_and_sets() {
    let world = shop(Files::default()).await;
    let sent = json!({"title": "a", "shelf": 1, "price": 0, "code": "x"});
    assert_eq!(refused(&world, "Book", sent).await, "price: “Not for nothing.”");
    made(&world, "Book", json!({"title": "a", "shelf": 1})).await;
    assert_eq!(world.ask("SELECT code, price, note FROM t_book").await, ["made 5 "]);
    assert_eq!(
        refused(&world, "Book", json!({"title": "b", "shelf": 1})).await,
        "code: Taken",
        "what a rule sets counts"
    );
}

#[tokio::test]
async fn what_may_not_be_seen_may_not_be_pointed_at_but_what_was_there_may_stay() {
    let world = shop(Files::default()).await;
    let sent = json!({"title": "a", "shelf": 3, "also": [1, 3]});
    assert_eq!(refused(&world, "Book", sent).await, "shelf: NoTarget; also: NoTarget");
    made(&world, "Book", json!({"title": "a", "code": "x", "shelf": 1, "also": [1]})).await;
    world.script("UPDATE t_book SET shelf_id = 3").await;
    let mut cx = world.write().await;
    ops::update(&mut cx, &key("Book"), &text("1"), some(json!({"shelf": 3, "also": [2, 1, 1]}))).await.unwrap();
    cx.commit().await.unwrap();
    assert_eq!(world.ask("SELECT shelf_id FROM t_also ORDER BY 1").await, ["1", "2"]);
}

#[tokio::test]
async fn read_only_names_are_ignored() {
    let world = shop(Files::default()).await;
    let mut cx = world.write_as(&["t.add_book", "t.view_book"]).await;
    let sent = json!({"id": 77, "title": "a", "code": "x", "shelf": 1, "price": 9, "seal": "nonsense"});
    let record = ops::create(&mut cx, &key("Book"), whole(sent)).await.unwrap();
    assert_eq!((record.row.key(), record.row.get("price")), (&Value::Int(1), &Value::Int(5)));
}

#[tokio::test]
async fn a_value_may_be_unique_within_a_day() {
    let world = shop(Files::default()).await;
    made(&world, "Event", json!({"talk": "keys", "day": "2024-05-06"})).await;
    made(&world, "Event", json!({"talk": "keys", "day": "2024-05-07"})).await;
    made(&world, "Event", json!({"talk": null, "day": "2024-05-06"})).await;
    assert_eq!(refused(&world, "Event", json!({"talk": "keys", "day": "2024-05-06"})).await, "talk: TakenForDate");
    assert_eq!(refused_change(&world, "Event", "1", json!({})).await, "talk: Required; day: Required");
    let same = json!({"talk": "keys", "day": "2024-05-06"});
    assert_eq!(refused_change(&world, "Event", "2", same.clone()).await, "talk: TakenForDate");
    let mut cx = world.write().await;
    ops::update(&mut cx, &key("Event"), &text("1"), some(same)).await.unwrap();
}

fn with_cover(name: &str) -> factotum_engine::form::Payload {
    let mut payload = whole(json!({"title": name.replace(" <b>", ""), "shelf": 1, "code": null}));
    let upload = Upload { name: name.to_owned(), media: None, content: "content".into() };
    payload.fields.insert("cover".into(), Raw::File(upload));
    payload
}

#[tokio::test]
async fn an_upload_is_there_when_its_row_is_and_not_before() {
    let folder = tempfile::tempdir().unwrap();
    let world = shop(Files::below(folder.path())).await;
    let mut cx = world.write().await;
    let record = ops::create(&mut cx, &key("Book"), with_cover("../my <b>.txt")).await.unwrap();
    let name = record.row.get("cover").to_string();
    assert!(name.starts_with("covers/20") && name.ends_with("/my_b.txt"), "{name}");
    assert!(!folder.path().join(&name).exists());
    cx.commit().await.unwrap();
    assert_eq!(std::fs::read_to_string(folder.path().join(&name)).unwrap(), "content");

    let mut cx = world.write().await;
    ops::update(&mut cx, &key("Book"), &text("1"), some(json!({"code": "x"}))).await.unwrap();
    let record = ops::create(&mut cx, &key("Book"), with_cover("my b.txt")).await.unwrap();
    let second = record.row.get("cover").to_string();
    assert_ne!(second, name);
    assert_eq!(second.len(), name.len() + "_1234567".len(), "{second}");
    drop(cx);
    let left = std::fs::read_dir(folder.path().join(&name).parent().unwrap()).unwrap().count();
    assert_eq!(left, 1, "what was not committed leaves nothing");
}

#[tokio::test]
async fn null_empties_a_file_that_may_be_empty() {
    let folder = tempfile::tempdir().unwrap();
    let world = shop(Files::below(folder.path())).await;
    let mut cx = world.write().await;
    ops::create(&mut cx, &key("Book"), with_cover("a.txt")).await.unwrap();
    let record = ops::update(&mut cx, &key("Book"), &text("1"), some(json!({"cover": null}))).await.unwrap();
    assert_eq!(record.row.get("cover"), &Value::from(""));
}

#[test]
fn forms_say_less_than_documents() {
    let said = |texts: &[&str]| texts.iter().map(|&text| text.to_owned()).collect::<Vec<_>>();
    let raw = |field: &Field, texts: Option<&[&str]>, partial| {
        let texts = texts.map(said);
        raw_of_form(field, texts.as_deref(), partial)
    };
    let null = Some(Raw::Json(serde_json::Value::Null));
    assert_eq!(raw(&Field::truth("x"), None, false), Some(Raw::Json(json!(false))));
    assert_eq!(raw(&Field::truth("x").null(), None, false), null);
    assert_eq!(raw(&Field::truth("x"), None, true), None);
    assert_eq!(raw(&Field::int("x"), None, false), None);
    assert_eq!(raw(&Field::int("x"), Some(&["1", "2"]), false), Some(text("2")));
    assert_eq!(raw(&Field::int("x"), Some(&[""]), false), Some(text("")), "validated as it is");
    assert_eq!(raw(&Field::int("x").null(), Some(&[""]), false), null);
    assert_eq!(raw(&Field::int("x").initially(1_i64), Some(&[""]), false), None);
    assert_eq!(raw(&Field::line("x", 5).optional(), Some(&[""]), false), Some(text("")));
    assert_eq!(raw(&Field::line("x", 5).null(), Some(&[""]), false), null);
    let many = Field::many("x", key("Shelf"), "j", "a", "b");
    assert_eq!(raw(&many, Some(&["1", "3"]), true), Some(Raw::Texts(said(&["1", "3"]))));
    assert_eq!(raw(&many, None, false), Some(Raw::Texts(Vec::new())));
    assert_eq!(raw(&many, None, true), None);
    let json = Field::new("x", FieldKind::Json).blank();
    assert_eq!(raw(&json, Some(&[""]), false), Some(text("")));
}
