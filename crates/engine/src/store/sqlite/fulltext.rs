//! Full text: SQLite knows of words only through an index of its own, so it asks here whether a document is what is
//! looked for, and how well.

use std::sync::Arc;

use rusqlite::Connection;
use rusqlite::functions::{Context, FunctionFlags};
use rusqlite::types::ValueRef;

use crate::store::document::{Class, Sought, Weights};
use crate::store::fulltext::{Asked, Language, Pieces, Vector};
use crate::store::sql::{FOUND, LIKENESS, RANK};

/// How many arguments stand before the texts: the language, the question, the beginning, the classes, the weights.
const BEFORE: usize = 5;

/// Where the question stands among the arguments.
const QUESTION: usize = 1;

/// Teaches a connection to find and to rank documents, and to measure how alike texts are.
pub(super) fn register(connection: &Connection) -> rusqlite::Result<()> {
    let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC | FunctionFlags::SQLITE_INNOCUOUS;
    connection.create_scalar_function(FOUND, -1, flags, found)?;
    connection.create_scalar_function(RANK, -1, flags, rank)?;
    connection.create_scalar_function(LIKENESS, 2, flags, alike)
}

fn found(context: &Context<'_>) -> rusqlite::Result<bool> {
    let Some(language) = text(context, 0).and_then(Language::named) else { return Ok(false) };
    Ok(question(context, language)?.as_ref().as_ref().is_some_and(|asked| vector(context, language).meets(asked)))
}

fn rank(context: &Context<'_>) -> rusqlite::Result<f64> {
    let Some(language) = text(context, 0).and_then(Language::named) else { return Ok(0.0) };
    let ranked = |asked: &Asked| f64::from(vector(context, language).rank(asked, weights(context)));
    Ok(question(context, language)?.as_ref().as_ref().map_or(0.0, ranked))
}

/// How alike a text is to another, which is the same for every row.
fn alike(context: &Context<'_>) -> rusqlite::Result<f64> {
    let to = context
        .get_or_create_aux(1, |to| -> rusqlite::Result<Pieces> { Ok(Pieces::of(as_text(to).unwrap_or_default())) })?;
    Ok(f64::from(Pieces::of(text(context, 0).unwrap_or_default()).likeness(&to)))
}

/// The question is the same for every row, so it is read once.
fn question(context: &Context<'_>, language: Language) -> rusqlite::Result<Arc<Option<Asked>>> {
    let start = text(context, QUESTION + 1).map(str::to_owned);
    context.get_or_create_aux(QUESTION as i32, |asked| -> rusqlite::Result<Option<Asked>> {
        let text = as_text(asked).unwrap_or_default().to_owned();
        Ok(Asked::of(language, &Sought { text, start }))
    })
}

fn vector(context: &Context<'_>, language: Language) -> Vector {
    let classes = text(context, BEFORE - 2).unwrap_or_default();
    let class = |at: usize| classes.get(at..=at).and_then(Class::parse).unwrap_or(Class::D);
    let texts = BEFORE..context.len();
    Vector::of(language, texts.map(|at| (class(at - BEFORE), text(context, at).unwrap_or_default())))
}

fn weights(context: &Context<'_>) -> Weights {
    let mut weights = Weights([0.0; 4]);
    let said = text(context, BEFORE - 1).unwrap_or_default();
    for (weight, said) in weights.0.iter_mut().zip(said.split(' ')) {
        *weight = said.parse().unwrap_or_default();
    }
    weights
}

/// An argument that is text; nothing for what a file may hold beside it.
fn text<'c>(context: &'c Context<'_>, at: usize) -> Option<&'c str> {
    as_text(context.get_raw(at))
}

fn as_text(value: ValueRef<'_>) -> Option<&str> {
    value.as_str().ok()
}
