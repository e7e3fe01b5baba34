//! What is concluded from live databases that nobody made for us.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "fixture/mod.rs"]
mod fixture;

use std::fmt::Write;

use factotum_engine::model::infer::{self, Inference, Rules};
use factotum_engine::model::{Field, FieldKind, Initial};
use factotum_engine::store::Store;
use factotum_engine::store::inspect::inspect;
use fixture::Database;

async fn inferred(store: &dyn Store) -> Inference {
    let rules = Rules { app: "db".into(), known: vec![], passed_over: vec![], names: vec![], keys: vec![] };
    infer::models(&inspect(store).await.unwrap(), &rules)
}

/// Everything concluded, a line for each field.
fn told(inference: &Inference) -> String {
    let mut text = String::new();
    for inferred in &inference.models {
        let model = &inferred.model;
        let view = if inferred.view { " (view)" } else { "" };
        writeln!(text, "{} = {:?}{view}, {} / {}", model.key, model.table, model.singular, model.plural).unwrap();
        writeln!(text, "  key {}, called {:?}", model.primary_key, model.label.source()).unwrap();
        for unique in &model.unique_together {
            writeln!(text, "  unique {:?}", unique.fields).unwrap();
        }
        for field in &model.fields {
            writeln!(text, "  - {}", line(field)).unwrap();
        }
        if !inferred.guessed.is_empty() {
            writeln!(text, "  guessed {:?}", inferred.guessed).unwrap();
        }
    }
    for (table, reason) in &inference.left_out {
        writeln!(text, "left out {table:?}: {reason}").unwrap();
    }
    text
}

fn line(field: &Field) -> String {
    let mut line = format!("{} {}", field.name, field.class_name());
    let kind = match &field.kind {
        FieldKind::Text { max: Some(max), .. } => format!(" {max}"),
        FieldKind::Decimal { digits, places } => format!(" {digits},{places}"),
        FieldKind::One { to, to_field, on_delete, .. } => format!(" to {to} {to_field:?} {on_delete:?}"),
        FieldKind::Many { to, through } => format!(" to {to} by {} ({}, {})", through.table, through.near, through.far),
        _ => String::new(),
    };
    line.push_str(&kind);
    if field.is_column() && field.column != field.name {
        write!(line, " in {:?}", field.column).unwrap();
    }
    let marks = [
        (field.null, "null"),
        (field.blank, "blank"),
        (field.unique, "unique"),
        (!field.editable, "fixed"),
        (field.secret, "secret"),
    ];
    marks.iter().filter(|(is, _)| *is).for_each(|(_, mark)| write!(line, " {mark}").unwrap());
    match &field.initial {
        Some(Initial::Value(value)) => write!(line, " = {value:?}").unwrap(),
        Some(other) => write!(line, " = {other:?}").unwrap(),
        None => {}
    }
    let choices: Vec<String> = field.choices.iter().map(|(value, name)| format!("{value}: {name}")).collect();
    if !choices.is_empty() {
        write!(line, " of {choices:?}").unwrap();
    }
    if !field.help.is_empty() {
        write!(line, " ({})", field.help).unwrap();
    }
    line
}

#[tokio::test]
async fn a_nasty_sqlite_file() {
    let database = Database::sqlite();
    database.store.script(include_str!("inference/nasty.sqlite.sql")).await.unwrap();
    insta::assert_snapshot!(told(&inferred(database.store.as_ref()).await));
}

#[tokio::test]
async fn declared_types_are_kept() {
    let database = Database::sqlite();
    database.store.script("CREATE TABLE scale (id integer PRIMARY KEY, slope DOUBLE PRECISION);").await.unwrap();
    let inference = inferred(database.store.as_ref()).await;
    assert_eq!(inference.models[0].model.field("slope").unwrap().declared, "DOUBLE PRECISION");
}

#[tokio::test]
async fn a_postgres_schema() {
    let Some(database) = Database::postgres().await else { return };
    database.store.script(include_str!("inference/shop.postgres.sql")).await.unwrap();
    insta::assert_snapshot!(told(&inferred(database.store.as_ref()).await));
    database.remove().await;
}
