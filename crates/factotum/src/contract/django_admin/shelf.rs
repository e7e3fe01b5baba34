//! What the lists of a model look like, worked out once: columns, filters, searches and orders that can be asked for.

use std::collections::HashMap;
use std::sync::OnceLock;

use factotum_engine::admin::column;
use factotum_engine::model::{FieldKind, Order};
use factotum_engine::query::{SearchPlace, path, search};
use factotum_engine::{Field, ModelKey, Resource, Site};
use serde_json::{Value as Json, json};

use super::filters::{self, written};
use crate::http::json as text;
use crate::http::python::capfirst;

/// How many rows are shown all at once, when nobody says.
const SHOW_ALL: u64 = 200;
/// What stands for an empty value, when nobody says.
const EMPTY: &str = "-";
/// How a row is called, as a column.
const LABEL: &str = "__str__";

/// What lists need of their models, worked out when the first list is asked for.
#[derive(Debug, Default)]
pub struct Shelf(OnceLock<HashMap<ModelKey, Shape>>);

impl Shelf {
    /// The shape of a resource's lists.
    pub(super) fn of(&self, site: &Site, resource: &Resource) -> Option<&Shape> {
        let all = || site.resources().map(|known| (known.model.key.clone(), Shape::of(site, known))).collect();
        self.0.get_or_init(all).get(&resource.model.key)
    }
}

/// The shape of a model's lists.
#[derive(Debug)]
pub(super) struct Shape {
    /// The members before what somebody may do.
    pub(super) head: Vec<u8>,
    /// The members between what somebody may do and the filters.
    pub(super) middle: Vec<u8>,
    /// The members behind the counts.
    pub(super) tail: Vec<u8>,
    /// The columns.
    pub(super) slots: Vec<Slot>,
    /// The fields that the columns need.
    pub(super) fields: Vec<String>,
    /// The paths that are columns.
    pub(super) paths: Vec<String>,
    /// The positions of columns that are numbers of rows.
    pub(super) counts: Vec<usize>,
    /// The filters.
    pub(super) filters: Vec<filters::Shape>,
    /// Where a search looks.
    pub(super) searched: Vec<(String, SearchPlace)>,
    /// The columns that can be sorted by, each with what is sorted.
    sortable: HashMap<String, Order>,
    /// The order where neither admin nor model has one.
    usual: Vec<Order>,
    /// The field by whose date a list is drilled down.
    pub(super) hierarchy: Option<usize>,
    /// At most so many rows are shown all at once.
    pub(super) show_all: u64,
}

/// A column: its key with quotes and colon, and where its cells come from.
#[derive(Debug)]
pub(super) struct Slot {
    /// The key.
    pub(super) key: Vec<u8>,
    /// Where cells come from.
    pub(super) source: Source,
}

/// Where a cell comes from; numbers are positions.
#[derive(Debug, Clone, Copy)]
pub(super) enum Source {
    /// A field.
    Field(usize),
    /// The name of a choice.
    Choice(usize),
    /// The row that a field points to.
    Related(usize),
    /// How the row is called.
    Label,
    /// A computed column.
    Computed(usize),
    /// A number of rows.
    Count(usize),
    /// The end of a path.
    Path(usize),
}

impl Shape {
    fn of(site: &Site, resource: &Resource) -> Shape {
        let (model, options) = (&resource.model, &resource.options);
        let declared: Vec<String> = options.list_display.iter().flatten().cloned().collect();
        let display = if declared.is_empty() { vec![LABEL.to_owned()] } else { declared };
        let (mut paths, mut counts) = (Vec::new(), Vec::new());
        let mut shown = Vec::new();
        for name in display {
            if let Some(source) = source(site, resource, &name, &mut paths, &mut counts) {
                shown.push((name, source));
            }
        }
        let unordered = options.ordering.iter().flatten().next().is_none() && model.ordering.is_empty();
        let usual = if unordered { vec![Order::parse(&model.primary_key)] } else { Vec::new() };
        Shape {
            head: head(resource),
            middle: middle(resource, &shown),
            tail: tail(resource),
            slots: shown.iter().map(|(name, source)| Slot { key: key(name), source: *source }).collect(),
            fields: needed(resource, &shown),
            paths,
            counts,
            filters: filters::Shape::all(site, resource),
            searched: searched(site, resource),
            sortable: sortable(site, resource, &shown),
            usual,
            hierarchy: hierarchy(resource),
            show_all: options.list_max_show_all.unwrap_or(SHOW_ALL),
        }
    }

    /// The order that somebody asked for; without one, what is usual.
    pub(super) fn order(&self, asked: &str) -> Vec<Order> {
        let tokens = asked.split(',').map(str::trim).filter(|token| !token.is_empty());
        let order: Vec<Order> = tokens.filter_map(|token| self.sorted(token)).collect();
        if order.is_empty() { self.usual.clone() } else { order }
    }

    fn sorted(&self, token: &str) -> Option<Order> {
        let asked = Order::parse(token);
        let order = self.sortable.get(&asked.path)?;
        Some(Order { path: order.path.clone(), descending: order.descending != asked.descending })
    }
}

/// Where the cells of a column come from. A field goes before computed columns; secrets are no columns.
fn source(
    site: &Site,
    resource: &Resource,
    name: &str,
    paths: &mut Vec<String>,
    counts: &mut Vec<usize>,
) -> Option<Source> {
    if name == LABEL {
        return Some(Source::Label);
    }
    let model = &resource.model;
    if let Some(at) = model.fields.iter().position(|field| field.name == name && field.is_column()) {
        let field = &model.fields[at];
        return match field.kind {
            _ if field.secret => None,
            FieldKind::One { .. } => Some(Source::Related(at)),
            _ if !field.choices.is_empty() => Some(Source::Choice(at)),
            _ => Some(Source::Field(at)),
        };
    }
    if let Some(at) = resource.columns.iter().position(|column| column.name == name) {
        return Some(match resource.columns[at].source {
            column::Source::Row(_) => Source::Computed(at),
            column::Source::Count { .. } => {
                counts.push(at);
                Source::Count(counts.len() - 1)
            }
        });
    }
    path::resolve(site.schema(), model, name).ok().filter(|path| !path.repeats())?;
    paths.push(name.to_owned());
    Some(Source::Path(paths.len() - 1))
}

/// The fields to be read: all columns of the table where code may look at any of them. Rows may be pointed to by what
/// is unique in them.
fn needed(resource: &Resource, shown: &[(String, Source)]) -> Vec<String> {
    let needs = |field: &Field, (name, source): &(String, Source)| match source {
        Source::Computed(at) => resource.columns[*at].needs.as_ref().is_none_or(|needs| needs.contains(&field.name)),
        Source::Count(_) => field.unique,
        _ => *name == field.name,
    };
    let wanted = |field: &&Field| shown.iter().any(|column| needs(field, column));
    resource.model.columns().filter(wanted).map(|field| field.name.clone()).collect()
}

fn searched(site: &Site, resource: &Resource) -> Vec<(String, SearchPlace)> {
    let declared = resource.options.search_fields.iter().flatten();
    declared.filter_map(|name| search::field(site.schema(), &resource.model, name).ok()).collect()
}

/// What can be sorted by: fields and paths that are not hidden, and computed columns that say how.
fn sortable(site: &Site, resource: &Resource, shown: &[(String, Source)]) -> HashMap<String, Order> {
    let mut sortable = HashMap::new();
    let names: Vec<&String> = match &resource.options.sortable_by {
        Some(names) => names.iter().collect(),
        None => shown.iter().map(|(name, _)| name).collect(),
    };
    for name in names {
        let order = match resource.column(name).filter(|_| resource.model.field(name).is_none()) {
            Some(column) => column.order.as_deref().map(Order::parse),
            None => Some(Order { path: name.clone(), descending: false }),
        };
        let open = |order: &Order| {
            let path = path::resolve(site.schema(), &resource.model, &order.path);
            path.is_ok_and(|path| !path.repeats() && path.field().is_column() && !filters::hides(site, &path))
        };
        if let Some(order) = order.filter(open) {
            sortable.insert(name.clone(), order);
        }
    }
    sortable
}

fn hierarchy(resource: &Resource) -> Option<usize> {
    let name = resource.options.date_hierarchy.as_ref()?;
    let dated = |field: &Field| matches!(field.kind, FieldKind::Date | FieldKind::DateTime);
    resource.model.fields.iter().position(|field| field.name == *name && dated(field) && !field.secret)
}

fn key(name: &str) -> Vec<u8> {
    let mut key = Vec::new();
    text::text(&mut key, name);
    key.push(b':');
    key
}

/// The members of an object, without its braces.
fn members(document: &Json) -> Vec<u8> {
    let text = written(document);
    text.get(1..text.len() - 1).unwrap_or_default().to_vec()
}

fn head(resource: &Resource) -> Vec<u8> {
    let model = &resource.model;
    members(&json!({
        "app_label": model.key.app, "model_name": model.key.lower_name(), "object_name": model.key.name,
        "verbose_name": model.singular, "verbose_name_plural": model.plural, "pk_field": model.primary_key,
    }))
}

fn middle(resource: &Resource, shown: &[(String, Source)]) -> Vec<u8> {
    let options = &resource.options;
    let columns: Vec<Json> = shown.iter().map(|(name, source)| column(resource, name, *source)).collect();
    let first = || shown.first().map(|(name, _)| vec![name.clone()]).unwrap_or_default();
    let links = options.list_display_links.clone().unwrap_or_else(first);
    members(&json!({
        "columns": columns, "list_display_links": links,
        "search_fields": options.search_fields.clone().unwrap_or_default(),
        "search_help_text": options.search_help_text,
    }))
}

fn tail(resource: &Resource) -> Vec<u8> {
    let options = &resource.options;
    members(&json!({
        "list_max_show_all": options.list_max_show_all.unwrap_or(SHOW_ALL),
        "empty_value_display": options.empty_value_display.as_deref().unwrap_or(EMPTY),
    }))
}

/// The description of a column.
fn column(resource: &Resource, name: &str, source: Source) -> Json {
    let options = &resource.options;
    let listed = |names: &Vec<String>| names.iter().any(|known| known == name);
    let mut column = json!({
        "name": name, "label": label(resource, name, source),
        "sortable": options.sortable_by.as_ref().is_none_or(listed), "editable": listed(&options.list_editable),
    });
    if let Source::Field(at) | Source::Choice(at) | Source::Related(at) = source {
        column["type"] = json!(super::descriptor::base_type(&resource.model.fields[at]));
    }
    column
}

fn label(resource: &Resource, name: &str, source: Source) -> String {
    match source {
        Source::Field(at) | Source::Choice(at) | Source::Related(at) => resource.model.fields[at].title.clone(),
        Source::Label => resource.model.singular.clone(),
        Source::Computed(_) | Source::Count(_) | Source::Path(_) => {
            let said = resource.column(name).map(|column| column.title.clone()).filter(|title| !title.is_empty());
            said.unwrap_or_else(|| capfirst(&name.replace('_', " ")))
        }
    }
}
