//! Searches: names, fields, numbers, languages.

use std::sync::Arc;

use super::{Problem, doubles, feeds};
use crate::model::{FieldKind, Model, ModelKey, Schema};
use crate::query::path;
use crate::search::{Alike, Beginnings, Boost, SearchIndex};
use crate::site::Resource;
use crate::store::Dialect;

/// What is wrong with searches; `find` knows the registered models.
#[must_use]
pub fn of_searches<'r>(
    schema: &Schema,
    searches: &[SearchIndex],
    dialect: Dialect,
    find: &dyn Fn(&ModelKey) -> Option<&'r Resource>,
) -> Vec<Problem> {
    let mut problems = Vec::new();
    let named = |name: &str| searches.iter().rfind(|index| index.name == name);
    for double in doubles(searches.iter().map(|index| index.name.as_str())).into_iter().filter_map(named) {
        problems.push(complaint("F050", double, "another search has the same name".to_owned()));
    }
    for index in searches {
        let mut desk = Desk { schema, index, problems: &mut problems };
        desk.name();
        desk.numbers();
        desk.language(dialect);
        match find(&index.model) {
            Some(resource) => {
                desk.fields(&resource.model);
                feeds::check(schema, index, &resource.model, desk.problems);
            }
            None => desk.complain("F051", format!("the model {} is not registered", index.model)),
        }
    }
    problems
}

fn complaint(code: &'static str, index: &SearchIndex, words: String) -> Problem {
    Problem { code, model: "search".to_owned(), place: index.name.clone(), words }
}

/// Where complaints about a search gather.
struct Desk<'d> {
    schema: &'d Schema,
    index: &'d SearchIndex,
    problems: &'d mut Vec<Problem>,
}

impl Desk<'_> {
    fn complain(&mut self, code: &'static str, words: String) {
        self.problems.push(complaint(code, self.index, words));
    }

    fn name(&mut self) {
        if !is_plain(&self.index.name) {
            self.complain("F050", "the name may have letters, digits and `_`, at most 40".to_owned());
        }
    }

    fn numbers(&mut self) {
        let SearchIndex { weights, boost, alike, beginnings, limit, .. } = self.index;
        if weights.0.iter().any(|weight| !(0.0..=1.0).contains(weight)) {
            self.complain("F054", "a class is worth 0 to 1".to_owned());
        }
        if boost.as_ref().is_some_and(|Boost { factor, .. }| !factor.is_finite()) {
            self.complain("F054", "the factor of the boost is no number".to_owned());
        }
        if alike.as_ref().is_some_and(|Alike { least, .. }| !(*least > 0.0 && *least <= 1.0)) {
            self.complain("F054", "the least likeness is more than 0 and at most 1".to_owned());
        }
        if beginnings.is_some_and(|Beginnings { shortest, longest }| shortest == 0 || longest < shortest) {
            self.complain(
                "F054",
                "a beginning has at least one character, and no more at least than at most".to_owned(),
            );
        }
        if *limit == 0 {
            self.complain("F054", "at least one row may be found".to_owned());
        }
    }

    fn language(&mut self, dialect: Dialect) {
        let language = &self.index.language;
        if !is_plain(language) {
            self.complain("F055", format!("'{language}' is no name of a language"));
        } else if dialect == Dialect::Sqlite && !matches!(language.as_str(), "english" | "simple") {
            self.complain("F055", format!("on SQLite there are 'english' and 'simple', not '{language}'"));
        }
    }

    fn fields(&mut self, model: &Arc<Model>) {
        let index = self.index;
        if index.fields.is_empty() {
            self.complain("F051", "no texts are searched".to_owned());
        }
        let searched = index.fields.iter().map(|(name, _)| name);
        let compared = index.alike.iter().flat_map(|alike| &alike.fields);
        for name in searched.chain(compared) {
            self.field(model, name, "text", |kind| matches!(kind, FieldKind::Text { .. }));
        }
        if let Some(Boost { field, .. }) = &index.boost {
            self.field(model, field, "number", |kind| {
                matches!(
                    kind,
                    FieldKind::Int { .. } | FieldKind::Float | FieldKind::Decimal { .. } | FieldKind::Auto(_)
                )
            });
        }
        for order in &index.order {
            self.field(model, &order.path, "column", |kind| !matches!(kind, FieldKind::Json | FieldKind::Bytes));
        }
    }

    fn field(&mut self, model: &Arc<Model>, name: &str, wanted: &str, fits: impl Fn(&FieldKind) -> bool) {
        match path::resolve(self.schema, model, name) {
            Ok(path) if !path.repeats() && path.field().is_column() => {
                if !fits(&path.field().kind) {
                    self.complain("F053", format!("'{name}' is no {wanted}"));
                }
            }
            _ => self.complain("F052", format!("'{name}' is no field and no path to one row")),
        }
    }
}

/// Letters, digits and `_`: a name that stands in SQL, and in the name of a table.
fn is_plain(name: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    (1..=40).contains(&name.len()) && name.bytes().all(plain)
}
