//! Feeds: their keys, sources and fields. What rules look at has a file of its own.

mod rules;

use std::sync::Arc;

use super::{Problem, doubles};
use crate::error::Error;
use crate::feed::{Content, Feed, Joined, Part, Source, empty, fit, takes, try_plan, valued};
use crate::model::{Field, FieldKind, Model, Schema};
use crate::query::{BadQuery, path};
use crate::search::SearchIndex;
use crate::site::Site;

/// What is wrong with the feed of a search over a model, if it has one.
pub(super) fn check(schema: &Schema, index: &SearchIndex, model: &Arc<Model>, problems: &mut Vec<Problem>) {
    let Some(feed) = &index.feed else { return };
    let mut desk = Desk { schema, feed, model, search: &index.name, source: None, problems };
    desk.stamps();
    desk.sources();
    for source in &feed.sources {
        desk.source(source);
    }
    desk.apart();
}

/// What is wrong with the questions of feeds that are right by their names: restrictions of rows, orders of what is
/// joined.
pub(crate) fn of_plans(site: &Site) -> Vec<Problem> {
    let mut problems = Vec::new();
    for index in site.searches() {
        for source in index.feed.iter().flat_map(|feed| &feed.sources) {
            if let Err(error) = try_plan(site, source) {
                let place = format!("{}.feed.{}", index.name, source.name);
                problems.push(Problem { code: "F059", model: "search".to_owned(), place, words: words(&error) });
            }
        }
    }
    problems
}

/// Why something cannot be asked.
fn words(error: &Error) -> String {
    match error {
        Error::BadQuery(BadQuery::UnknownPath { path }) => format!("'{path}' is no field and no path"),
        Error::BadQuery(BadQuery::BadTerm { path, given, .. }) => format!("'{given}' is no value of '{path}'"),
        Error::BadQuery(BadQuery::UnsupportedOp { path, .. }) => format!("'{path}' cannot be tested so"),
        other => other.to_string(),
    }
}

/// Where complaints about a feed gather.
struct Desk<'d> {
    schema: &'d Schema,
    feed: &'d Feed,
    /// The model that is fed.
    model: &'d Arc<Model>,
    search: &'d str,
    /// The source that is looked at, with its model.
    source: Option<(&'d Source, &'d Arc<Model>)>,
    problems: &'d mut Vec<Problem>,
}

impl<'d> Desk<'d> {
    /// Complains of the feed, of its source at hand, or of a field of that source.
    fn complain(&mut self, code: &'static str, field: Option<&str>, words: String) {
        let source = self.source.iter().map(|(source, _)| source.name.as_str());
        let parts: Vec<&str> = [self.search, "feed"].into_iter().chain(source).chain(field).collect();
        self.problems.push(Problem { code, model: "search".to_owned(), place: parts.join("."), words });
    }

    /// The moments of a row are told by fields that nothing else is put into.
    fn stamps(&mut self) {
        let feed = self.feed;
        for (word, said) in [("created", &feed.created), ("modified", &feed.modified)] {
            let Some(name) = said else { continue };
            let is_moment = |field: &Field| matches!(field.kind, FieldKind::DateTime | FieldKind::Date);
            if !self.model.field(name).is_some_and(is_moment) {
                self.complain("F058", None, format!("{word}: '{name}' is no date of {}", self.model.key));
            } else if feed.fields().contains(&name.as_str()) {
                self.complain("F058", None, format!("{word}: '{name}' is filled by a source already"));
            }
        }
    }

    fn sources(&mut self) {
        let feed = self.feed;
        if feed.sources.is_empty() {
            self.complain("F057", None, "it has no sources".to_owned());
        }
        if feed.key.is_empty() {
            self.complain("F056", None, "it has no key, by which rows are found again".to_owned());
        }
        for name in doubles(feed.sources.iter().map(|source| source.name.as_str())) {
            self.complain("F057", None, format!("two sources are called '{name}'"));
        }
    }

    fn source(&mut self, source: &'d Source) {
        let Some(model) = self.schema.model(&source.model).filter(|model| model.key != self.model.key) else {
            let words =
                format!("source '{}': the model {} is not declared, or is the search's own", source.name, source.model);
            self.complain("F057", None, words);
            return;
        };
        self.source = Some((source, model));
        self.key(source, model);
        for name in doubles(source.columns.iter().map(|(name, _)| name.as_str())) {
            self.complain("F058", Some(name), "the field is filled twice".to_owned());
        }
        for (name, content) in &source.columns {
            match self.model.field(name).filter(|field| field.is_column()) {
                Some(field) => self.content(field, content),
                None => self.complain("F058", Some(name), format!("{} has no field '{name}'", self.model.key)),
            }
        }
        self.rest(source);
        self.source = None;
    }

    /// The key is filled with what every row has, and some of that is unique.
    fn key(&mut self, source: &Source, model: &Arc<Model>) {
        let mut own = Vec::new();
        for name in &self.feed.key {
            match source.content(name) {
                Some(Content::Constant(_)) => {}
                Some(Content::Part(Part::Path(path))) => own.push(path.as_str()),
                _ => {
                    let words = "the source fills this field of the key neither with a value nor with a field";
                    self.complain("F056", Some(name), words.to_owned());
                    return;
                }
            }
        }
        let has = |name: &str| own.contains(&name) || (own.contains(&"pk") && name == model.primary_key);
        let alone = |field: &Field| field.unique || field.name == model.primary_key || is_one_to_one(field);
        let is_unique = model.columns().any(|field| alone(field) && has(&field.name))
            || model.unique_together.iter().any(|rule| rule.fields.iter().all(|name| has(name)));
        if !is_unique && !self.feed.key.is_empty() {
            let words = format!("the key is the same for several rows of {}: nothing in it is unique there", model.key);
            self.complain("F056", None, words);
        }
    }

    /// Fields that only other sources fill are empty, so they must be able to be.
    fn rest(&mut self, source: &Source) {
        for name in self.feed.fields() {
            let field = self.model.field(name).filter(|_| source.content(name).is_none());
            if field.is_some_and(|field| empty(field, valued(self.schema, field)).is_none()) {
                self.complain(
                    "F058",
                    Some(name),
                    "the source does not fill this field, which cannot be empty".to_owned(),
                );
            }
        }
    }

    fn content(&mut self, field: &'d Field, content: &'d Content) {
        let kind = valued(self.schema, field);
        let fits = match content {
            Content::Constant(value) => fit(kind, value.clone()).is_some(),
            Content::Part(part) => match self.part(&field.name, part) {
                Some(Kind::Of(from)) => takes(kind, from),
                Some(Kind::Number) => takes(kind, &FieldKind::Int { width: crate::model::Width::Big, positive: true }),
                Some(Kind::Text) => matches!(kind, FieldKind::Text { .. }),
                None => return,
            },
            Content::Score(score) => {
                self.score(&field.name, score);
                matches!(kind, FieldKind::Int { .. } | FieldKind::Float | FieldKind::Decimal { .. })
            }
        };
        if !fits {
            let words = format!("a {} does not take what the source has for it", field.class_name());
            self.complain("F060", Some(&field.name), words);
        }
    }

    /// The kind of something of the source's rows; nothing, and a complaint, if they have no such thing.
    fn part(&mut self, field: &str, part: &Part) -> Option<Kind<'d>> {
        let (_, model) = self.source?;
        let schema = self.schema;
        let found = match part {
            Part::Path(name) => {
                let found = of_path(schema, model, name).map(Kind::Of);
                found.ok_or_else(|| format!("'{name}' is no field and no path to one row"))
            }
            Part::Count(name) => match path::counted(schema, model, name) {
                Some(_) => Ok(Kind::Number),
                None => Err(format!("'{name}' is no relation of {} to several rows", model.key)),
            },
            Part::Joined(joined) => match is_list(schema, model, joined) {
                true => Ok(Kind::Text),
                false => Err(format!("'{}' is no path of {} to several rows", joined.path, model.key)),
            },
        };
        found.map_err(|words| self.complain("F059", Some(field), words)).ok()
    }

    /// No two sources may have a row of the same key: each key has a value that is another one for each source.
    fn apart(&mut self) {
        let feed = self.feed;
        let value = |source: &'d Source, name: &String| match source.content(name) {
            Some(Content::Constant(value)) => Some(value),
            _ => None,
        };
        for (at, one) in feed.sources.iter().enumerate() {
            for other in &feed.sources[at + 1..] {
                let differs = |name: &String| value(one, name).zip(value(other, name)).is_some_and(|(a, b)| a != b);
                if !feed.key.iter().any(differs) {
                    let words = format!(
                        "rows of '{}' and '{}' may have the same key: give it a value for each",
                        one.name, other.name
                    );
                    self.complain("F056", None, words);
                }
            }
        }
    }
}

/// What a part of a row is.
#[derive(Clone, Copy)]
enum Kind<'d> {
    /// A field's value.
    Of(&'d FieldKind),
    /// A number of rows.
    Number,
    /// Texts as one.
    Text,
}

fn is_one_to_one(field: &Field) -> bool {
    matches!(field.kind, FieldKind::One { unique: true, .. })
}

/// The kind at the end of a path to one row that passes nothing secret.
fn of_path<'d>(schema: &'d Schema, model: &'d Arc<Model>, name: &str) -> Option<&'d FieldKind> {
    let path = path::resolve(schema, model, name).ok()?;
    let is_secret = path.passed.iter().any(|(model, field)| model.fields[*field].secret);
    if path.repeats() || is_secret || !path.field().is_column() {
        return None;
    }
    let owner = schema.model(&path.model.key)?;
    Some(valued(schema, &owner.fields[path.field]))
}

/// Whether a path leads to several rows and passes nothing secret.
fn is_list(schema: &Schema, model: &Arc<Model>, joined: &Joined) -> bool {
    path::resolve(schema, model, &joined.path).is_ok_and(|path| {
        let is_secret = path.passed.iter().any(|(model, field)| model.fields[*field].secret);
        !is_secret && (path.repeats() || !path.field().is_column())
    })
}
