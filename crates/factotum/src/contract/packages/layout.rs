//! What is read of the rows of a collection, and where each thing that they tell is among it. Made once.

use std::sync::Arc;

use factotum_engine::query::{Excerpt, Filter, Links, path};
use factotum_engine::{Model, ModelKey, Site, ops};

use super::settings::{Collection, Field, Packages, Shown, Source, spelled};
use crate::http::json;

/// A collection with everything that its answers need to know.
#[derive(Debug)]
pub(super) struct Layout {
    pub(super) collection: Collection,
    /// What is read of each row.
    pub(super) excerpt: Excerpt,
    /// What is told of it, in order.
    pub(super) slots: Vec<Slot>,
}

/// A key of a printed row.
#[derive(Debug)]
pub(super) struct Slot {
    /// The key with its quotes and a colon.
    pub(super) key: Vec<u8>,
    pub(super) made: Made,
}

/// How the value of a key is made; numbers are places among the columns or lists that were read.
#[derive(Debug)]
pub(super) enum Made {
    Value {
        at: usize,
        shown: Shown,
    },
    /// The address of a row of a collection.
    Link {
        at: usize,
        to: String,
    },
    /// The same of one that may not be published.
    FirstLink {
        list: usize,
        to: String,
    },
    Links {
        list: usize,
        to: String,
    },
    Template {
        by: Option<usize>,
        texts: Vec<(String, Vec<Part>)>,
    },
}

/// A part of a template.
#[derive(Debug, PartialEq)]
pub(super) enum Part {
    Text(String),
    Column(usize),
}

impl Layout {
    /// The layout of a collection among all that there are.
    pub(super) fn of(contract: &Packages, collection: &Collection) -> Layout {
        let mut layout = Layout { collection: collection.clone(), excerpt: Excerpt::default(), slots: Vec::new() };
        for field in &collection.fields {
            let made = layout.made(contract, field);
            let mut key = Vec::new();
            json::text(&mut key, &field.name);
            key.push(b':');
            layout.slots.push(Slot { key, made });
        }
        layout
    }

    fn made(&mut self, contract: &Packages, field: &Field) -> Made {
        match &field.source {
            Source::Path { path, shown } => Made::Value { at: self.column(path), shown: shown.clone() },
            Source::Link { path, to } => {
                let (end, rows) = target(contract, path, to);
                match rows {
                    Filter::All => Made::Link { at: self.column(&end), to: to.clone() },
                    rows => {
                        let list = self.list(Links { rows, ..Links::along(&end) });
                        Made::FirstLink { list, to: to.clone() }
                    }
                }
            }
            Source::Links { path, to, order } => {
                let (end, rows) = target(contract, path, to);
                let list = self.list(Links { path: end, order: order.clone(), rows });
                Made::Links { list, to: to.clone() }
            }
            Source::Template { by, texts } => Made::Template {
                by: by.as_deref().map(|path| self.column(path)),
                texts: texts.iter().map(|(value, text)| (value.clone(), self.parts(text))).collect(),
            },
        }
    }

    /// The place of a column, which is read once.
    fn column(&mut self, path: &str) -> usize {
        let path = spelled(path);
        let known = self.excerpt.columns.iter().position(|known| *known == path);
        known.unwrap_or_else(|| {
            self.excerpt.columns.push(path);
            self.excerpt.columns.len() - 1
        })
    }

    fn list(&mut self, links: Links) -> usize {
        self.excerpt.links.push(links);
        self.excerpt.links.len() - 1
    }

    fn parts(&mut self, text: &str) -> Vec<Part> {
        let (mut parts, mut rest) = (Vec::new(), text);
        while let Some((before, (name, after))) =
            rest.split_once('{').and_then(|(before, rest)| Some((before, rest.split_once('}')?)))
        {
            if !before.is_empty() {
                parts.push(Part::Text(before.to_owned()));
            }
            parts.push(Part::Column(self.column(name)));
            rest = after;
        }
        if !rest.is_empty() {
            parts.push(Part::Text(rest.to_owned()));
        }
        parts
    }
}

/// The path to what addresses of a collection are made of, at the end of a relation, and which rows the collection has.
fn target(contract: &Packages, path: &str, to: &str) -> (String, Filter) {
    let to = contract.find(to);
    let path = format!("{}__{}", spelled(path), to.map_or("pk".to_owned(), |to| spelled(to.address())));
    (path, to.map_or(Filter::All, |to| to.rows.clone()))
}

/// The model that a relation leads to; `None` for a path that leads nowhere.
fn end(site: &Site, model: &Arc<Model>, path: &str) -> Option<ModelKey> {
    let path = path::resolve(site.schema(), model, &spelled(path)).ok()?;
    Some(path.field().target().cloned().unwrap_or_else(|| path.model.key.clone()))
}

impl Packages {
    /// What is wrong with a collection on a site, in words: a path that leads nowhere, or a collection that is not there.
    /// Asked field by field, so that somebody can be told which.
    ///
    /// # Errors
    /// The words.
    pub fn check(&self, site: &Site, collection: &Collection, field: Option<&Field>) -> Result<(), String> {
        let resource =
            site.resource(&collection.model).map_err(|_| format!("{} is not registered", collection.model))?;
        if let Some(Source::Link { path, to } | Source::Links { path, to, .. }) = field.map(|field| &field.source) {
            let target = self.find(to).ok_or_else(|| format!("there is no collection '{to}'"))?;
            let end = end(site, &resource.model, path);
            if end.as_ref().is_some_and(|end| *end != target.model) {
                return Err(format!("'{path}' does not lead to the rows of '{to}'"));
            }
        }
        if let Some(name) = &collection.search {
            let index = site.search(name).map_err(|_| format!("there is no search '{name}'"))?;
            if index.model != collection.model {
                return Err(format!("the search '{name}' finds rows of {}", index.model));
            }
        }
        let alone = Collection { fields: field.into_iter().cloned().collect(), ..collection.clone() };
        let query = super::records::query(&alone, collection.rows.clone());
        let mut excerpt = Layout::of(self, &alone).excerpt;
        excerpt.columns.extend(collection.lookups.iter().map(|lookup| spelled(&lookup.field)));
        ops::try_excerpt(site, resource, &query, &excerpt).map_err(|error| super::error::config_words(&error))
    }
}

impl Packages {
    /// What is doubtful about the collections on a site, in words: keys of which several rows may have the same. Only the
    /// first of them is then found.
    #[must_use]
    pub fn doubts(&self, site: &Site) -> Vec<String> {
        let rows = self.collections.iter().filter(|collection| collection.search.is_none());
        let each = rows.flat_map(|collection| {
            let model = site.schema().model(&collection.model);
            let fields = collection.lookups.iter().map(|lookup| lookup.field.as_str());
            let double = fields.filter(move |name| model.is_some_and(|model| !tells_apart(model, name)));
            double.map(move |name| {
                format!("{}: several rows may have the same '{name}', by which one is looked up", collection.name)
            })
        });
        each.collect()
    }
}

/// Whether no two rows of a model have the same value of a field.
fn tells_apart(model: &Model, name: &str) -> bool {
    let alone = |names: &[String]| matches!(names, [only] if only == name);
    name == "pk"
        || name == model.primary_key
        || model.field(name).is_none_or(|field| field.unique)
        || model.unique_together.iter().any(|unique| alone(&unique.fields))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::packages::When;

    #[test]
    fn what_is_read_twice_is_read_once() {
        let books = Collection::new("books", ModelKey::new("db", "Book"))
            .field(Field::of("slug"))
            .field(Field::template("url", "/b/{slug}/{id}"))
            .field(Field::from("publisher", "imprint.name"))
            .field(Field::link("author", "author", "authors"));
        let authors = Collection::new("authors", ModelKey::new("db", "Author")).lookup("slug", When::Always);
        let layout = Layout::of(&Packages::new("").collection(authors), &books);
        assert_eq!(layout.excerpt.columns, ["slug", "id", "imprint__name", "author__slug"]);
        let Made::Template { texts, .. } = &layout.slots[1].made else { panic!("a template") };
        let text = |text: &str| Part::Text(text.to_owned());
        assert_eq!(texts[0].1, [text("/b/"), Part::Column(0), text("/"), Part::Column(1)]);
    }
}
