//! What a contract's document is made of beside its table: shapes, parameters, refusals, ways in. No request meets it.

use std::fmt;
use std::sync::Arc;

use factotum_engine::{ModelKey, Resource, Site};
use http::StatusCode;
use serde_json::{Value as Json, json};

/// What a body or a parameter looks like: a JSON Schema (2020-12). A schema with a `title` gets a place of its own in
/// the document, under that name.
#[derive(Clone)]
pub enum Shape {
    /// There is none.
    Nothing,
    /// The same for all models.
    Fixed(Json),
    /// Another one for each model.
    OfModel(fn(&Site, &Resource) -> Json),
    /// A file of one of these media types.
    File(&'static [&'static str]),
    /// Another one for each site.
    OfSite(Arc<dyn Fn(&Site) -> Json + Send + Sync>),
    /// The same as this, or a page for people.
    OrPage(Box<Shape>),
}

impl fmt::Debug for Shape {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Shape::Nothing => out.write_str("Nothing"),
            Shape::Fixed(schema) => write!(out, "Fixed({schema})"),
            Shape::OfModel(_) => out.write_str("OfModel"),
            Shape::File(types) => write!(out, "File({types:?})"),
            Shape::OfSite(_) => out.write_str("OfSite"),
            Shape::OrPage(shape) => write!(out, "OrPage({shape:?})"),
        }
    }
}

impl Shape {
    /// The schema, of a model where it is one of a model.
    #[must_use]
    pub fn schema(&self, site: &Site, resource: Option<&Resource>) -> Option<Json> {
        match (self, resource) {
            (Shape::Fixed(schema), _) => Some(schema.clone()),
            (Shape::OfSite(schema), _) => Some(schema(site)),
            (Shape::OrPage(shape), _) => shape.schema(site, resource),
            (Shape::OfModel(schema), Some(resource)) => Some(schema(site, resource)),
            (Shape::Nothing | Shape::File(_), _) | (Shape::OfModel(_), None) => None,
        }
    }

    /// What an answer of it holds, by media type; `None` where there is nothing.
    #[must_use]
    pub fn content(&self, site: &Site, resource: Option<&Resource>) -> Option<Json> {
        if let Shape::File(types) = self {
            return Some(types.iter().map(|media| ((*media).to_owned(), json!({}))).collect());
        }
        if let Shape::OrPage(shape) = self {
            let mut content = shape.content(site, resource)?;
            content["text/html"] = json!({});
            return Some(content);
        }
        Some(json!({ "application/json": { "schema": self.schema(site, resource)? } }))
    }
}

/// A part of a path, or a parameter of a query string. One that is an object stands for each of its members.
#[derive(Debug, Clone)]
pub struct Param {
    /// Its name.
    pub name: &'static str,
    /// What it means, in a sentence.
    pub about: &'static str,
    /// What it looks like.
    pub shape: Shape,
}

/// A way in which a contract says no.
#[derive(Debug, Clone)]
pub struct Refusal {
    /// The status; `None` stands for every other one.
    pub status: Option<StatusCode>,
    /// Its name, unique in the contract.
    pub name: &'static str,
    /// When it is said, in a sentence.
    pub about: &'static str,
    /// What the body looks like.
    pub schema: Json,
    /// Headers that come with it, and what they say.
    pub headers: Vec<(&'static str, &'static str)>,
}

/// The parts of a path that name a model, with their values for one.
pub type Place = fn(&ModelKey) -> Vec<(&'static str, String)>;

/// What a document says beside the table.
#[derive(Debug, Clone)]
pub struct Manual {
    /// The title.
    pub title: String,
    /// The version; that of this crate if it is empty.
    pub version: String,
    /// What it is, in a few sentences.
    pub about: String,
    /// The parts of a path that name a model, with their values for one. Without it endpoints of models are told once
    /// for all of them, with their paths as they are.
    pub place: Option<Place>,
    /// Parts of paths that the document calls otherwise than the table does.
    pub renamed: Vec<(&'static str, &'static str)>,
    /// Tags that endpoints say, in the order in which they are listed.
    pub tags: Vec<&'static str>,
    /// The ways to prove who one is, by name, as security schemes.
    pub schemes: Vec<(&'static str, Json)>,
    /// Which of them open what only reads: any of these sets.
    pub reading: Vec<Vec<&'static str>>,
    /// Which of them open what writes: any of these sets.
    pub writing: Vec<Vec<&'static str>>,
    /// Every way to say no, those included that belong to no endpoint.
    pub refusals: Vec<Refusal>,
    /// The names of refusals that may come as a page for people, too.
    pub pages: Vec<&'static str>,
}

impl Manual {
    /// A manual with a title and nothing else; `{key}` in a path is `app.Model`.
    #[must_use]
    pub fn new(title: &str) -> Manual {
        Manual {
            title: title.to_owned(),
            version: String::new(),
            about: String::new(),
            place: Some(|key| vec![("key", key.to_string())]),
            renamed: Vec::new(),
            tags: Vec::new(),
            schemes: Vec::new(),
            reading: Vec::new(),
            writing: Vec::new(),
            refusals: Vec::new(),
            pages: Vec::new(),
        }
    }
}
