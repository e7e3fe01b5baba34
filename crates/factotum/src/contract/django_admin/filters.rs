//! Filters: how they are described, and what they let through.

use factotum_engine::model::FieldKind;
use factotum_engine::query::path::{self, Path};
use factotum_engine::query::{Filter, Op, Term, field};
use factotum_engine::{Field, ModelKey, Raw, Resource, Site, Value};
use serde_json::{Value as Json, json};

use super::{redact, response};
use crate::http::{Head, json as text};

/// A relation with more rows to choose from than this is not listed.
pub(super) const MOST_CHOICES: u64 = 25;

/// A filter, as far as it is the same for everybody.
#[derive(Debug)]
pub(super) struct Shape {
    /// Its parameter.
    name: String,
    /// Its description, without the closing brace where something follows.
    head: Vec<u8>,
    kind: Kind,
}

#[derive(Debug)]
enum Kind {
    Truth,
    /// A date, or one of several values: what was sent is compared as it is.
    Value,
    Relation(Relation),
    /// A filter in code; its position among the resource's, and what comes behind the value that it has.
    Code(usize, Vec<u8>),
}

#[derive(Debug)]
struct Relation {
    /// Rows of this model can be chosen; `None` if it is not registered, and then the filter is not described.
    to: Option<ModelKey>,
    limit: Filter,
    searched: bool,
}

impl Shape {
    /// The filters of a resource; what can be no filter is left out.
    pub(super) fn all(site: &Site, resource: &Resource) -> Vec<Shape> {
        let declared = resource.options.list_filter.iter().flatten();
        declared.filter_map(|name| Shape::of(site, resource, name)).collect()
    }

    fn of(site: &Site, resource: &Resource, name: &str) -> Option<Shape> {
        if redact::is_sensitive(name.rsplit("__").next().unwrap_or(name)) {
            return None;
        }
        if let Some(at) = resource.filters.iter().position(|filter| filter.parameter == name) {
            return Some(code(resource, at));
        }
        let path = path::resolve(site.schema(), &resource.model, name).ok().filter(|path| !hides(site, path))?;
        let of = path.field();
        let described = |kind: &str| json!({ "name": name, "label": of.title, "type": kind });
        let (kind, document) = match &of.kind {
            FieldKind::Bool => (Kind::Truth, described("boolean")),
            FieldKind::One { to, .. } => {
                let mut document = described("foreignkey");
                document["to"] = json!({ "app_label": to.app, "model_name": to.lower_name() });
                (Kind::Relation(relation(site, &path, to)), document)
            }
            FieldKind::Many { .. } => return None,
            _ if !of.choices.is_empty() => {
                let mut document = described("choice");
                document["choices"] = choices(of);
                (Kind::Value, document)
            }
            FieldKind::Date | FieldKind::DateTime => (Kind::Value, described("date")),
            _ => return None,
        };
        let mut head = written(&document);
        if matches!(kind, Kind::Relation(_)) {
            head.pop();
        }
        Some(Shape { name: name.to_owned(), head, kind })
    }

    /// The rows that can be chosen, where they are listed.
    pub(super) fn choices(&self) -> Option<(ModelKey, Filter)> {
        match &self.kind {
            Kind::Relation(Relation { to: Some(to), limit, .. }) => Some((to.clone(), limit.clone())),
            _ => None,
        }
    }

    /// What the filter lets through.
    pub(super) fn narrow(&self, resource: &Resource, head: &Head) -> Filter {
        let sent = head.asked(&self.name).filter(|value| !value.is_empty());
        if let Kind::Code(at, _) = self.kind {
            let filter = &resource.filters[at];
            return sent.or(filter.initial.as_deref()).map_or(Filter::All, |value| filter.narrow(value));
        }
        let Some(sent) = sent else { return Filter::All };
        let raw = || Term::Raw(Raw::Text(sent.to_owned()));
        match self.kind {
            Kind::Truth => truth(sent).map_or(Filter::All, |truth| field(&self.name).is(truth)),
            Kind::Relation(_) => field(&format!("{}__pk", self.name)).test(Op::Is, raw()),
            Kind::Value | Kind::Code(..) => field(&self.name).test(Op::Is, raw()),
        }
    }

    /// Writes the description, with the rows that can be chosen. Whether something was written.
    pub(super) fn write(
        &self,
        out: &mut Vec<u8>,
        resource: &Resource,
        head: &Head,
        choices: &mut impl Iterator<Item = Option<Vec<(Value, String)>>>,
    ) -> bool {
        match &self.kind {
            Kind::Relation(Relation { to: None, .. }) => return false,
            Kind::Truth | Kind::Value => out.extend_from_slice(&self.head),
            Kind::Relation(relation) => {
                out.extend_from_slice(&self.head);
                match choices.next().flatten() {
                    Some(choices) => write_choices(out, &choices),
                    None if relation.searched => out.extend_from_slice(b",\"autocomplete\":true"),
                    None => {}
                }
                out.push(b'}');
            }
            Kind::Code(at, tail) => {
                out.extend_from_slice(&self.head);
                let sent = head.asked(&self.name).filter(|value| !value.is_empty());
                match sent.or(resource.filters[*at].initial.as_deref()) {
                    Some(value) => text::text(out, value),
                    None => out.extend_from_slice(b"null"),
                }
                out.extend_from_slice(tail);
            }
        }
        true
    }
}

fn write_choices(out: &mut Vec<u8>, choices: &[(Value, String)]) {
    out.extend_from_slice(b",\"choices\":");
    text::list(out, choices, |out, (value, label)| {
        out.extend_from_slice(b"{\"value\":");
        response::value(out, value);
        out.extend_from_slice(b",\"label\":");
        text::text(out, label);
        out.push(b'}');
    });
}

/// A filter in code: the value that it has stands in the middle of its description.
fn code(resource: &Resource, at: usize) -> Shape {
    let filter = &resource.filters[at];
    let mut head = written(&json!({ "name": filter.parameter, "label": filter.title, "type": "custom" }));
    head.pop();
    head.extend_from_slice(b",\"selected\":");
    let lookups: Vec<Json> =
        filter.lookups.iter().map(|(value, label)| json!({ "value": value, "label": label })).collect();
    let mut tail = b",\"lookups\":".to_vec();
    tail.extend(written(&Json::Array(lookups)));
    tail.push(b'}');
    Shape { name: filter.parameter.clone(), head, kind: Kind::Code(at, tail) }
}

fn relation(site: &Site, path: &Path, to: &ModelKey) -> Relation {
    let target = site.resource(to).ok();
    let owner = site.resource(&path.model.key).ok();
    let limits = owner.iter().flat_map(|owner| &owner.options.limit_choices_to);
    let limit = limits.filter(|(name, _)| *name == path.field().name).map(|(_, limit)| limit.clone()).next();
    Relation {
        to: target.map(|target| target.model.key.clone()),
        limit: limit.unwrap_or(Filter::All),
        searched: target.is_some_and(|target| target.options.search_fields.iter().flatten().next().is_some()),
    }
}

/// Whether a path goes through something that its admin hides.
pub(super) fn hides(site: &Site, path: &Path) -> bool {
    path.passed.iter().any(|(model, at)| {
        let name = &model.fields[*at].name;
        model.fields[*at].secret || site.resource(&model.key).is_ok_and(|resource| resource.hides(name))
    })
}

fn choices(of: &Field) -> Json {
    let choice = |(value, label): &(Value, String)| json!({ "value": response::document(value), "label": label });
    of.choices.iter().map(choice).collect()
}

/// The truth that somebody means; words that mean none do not narrow.
fn truth(sent: &str) -> Option<bool> {
    match sent.to_lowercase().as_str() {
        "true" | "1" | "yes" => Some(true),
        "false" | "0" | "no" => Some(false),
        _ => None,
    }
}

/// A JSON document as text.
pub(super) fn written(document: &Json) -> Vec<u8> {
    let mut out = Vec::new();
    text::value(&mut out, document);
    out
}
