//! Search fields in Django's spelling: where a term must be found in which field.

use std::sync::Arc;

use super::{BadQuery, SearchPlace, path};
use crate::model::{Model, Schema};

/// Reads a search field: `^` in front means at the start, `=` the whole, `@` a full text; without, a lookup may stand at
/// the end (`name__iexact`), and otherwise the term may be anywhere.
///
/// # Errors
/// [`BadQuery::UnknownPath`] if it names neither a field nor a path.
pub fn field(schema: &Schema, model: &Arc<Model>, name: &str) -> Result<(String, SearchPlace), BadQuery> {
    let (bare, place) = marked(name);
    let known = |path: &str| path::resolve(schema, model, path).is_ok();
    if known(bare) {
        return Ok((bare.to_owned(), place.unwrap_or(SearchPlace::Anywhere)));
    }
    let parts = bare.rsplit_once("__").and_then(|(path, lookup)| Some((path, looked_up(lookup)?)));
    match parts {
        Some((path, found)) if known(path) => Ok((path.to_owned(), place.unwrap_or(found))),
        _ => Err(BadQuery::UnknownPath { path: name.to_owned() }),
    }
}

/// The name without its mark, and what the mark means.
#[must_use]
pub fn marked(name: &str) -> (&str, Option<SearchPlace>) {
    match name.split_at_checked(1) {
        Some(("^", bare)) => (bare, Some(SearchPlace::Start)),
        Some(("=", bare)) => (bare, Some(SearchPlace::Whole)),
        Some(("@", bare)) => (bare, Some(SearchPlace::Anywhere)),
        _ => (name, None),
    }
}

fn looked_up(lookup: &str) -> Option<SearchPlace> {
    Some(match lookup {
        "icontains" | "search" => SearchPlace::Anywhere,
        "istartswith" => SearchPlace::Start,
        "iendswith" => SearchPlace::End,
        "iexact" => SearchPlace::Whole,
        "contains" => SearchPlace::AnywhereExactly,
        "startswith" => SearchPlace::StartExactly,
        "endswith" => SearchPlace::EndExactly,
        "exact" => SearchPlace::WholeExactly,
        _ => return None,
    })
}
