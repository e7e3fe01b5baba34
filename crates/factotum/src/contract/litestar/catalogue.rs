//! The models as this contract shows them, worked out once: names, flags, columns, searches and orders.

use std::collections::HashMap;
use std::sync::OnceLock;

use factotum_engine::model::{Field, FieldKind, Model, Order};
use factotum_engine::query::SearchPlace;
use factotum_engine::{ModelKey, Resource, Site};
use serde_json::{Value as Json, json};

use super::response::Shape;
use super::settings::Litestar;
use super::view::View;

/// The icon of a model of which none is said.
const ICON: &str = "table";

/// What is worked out of a site when the first request comes.
#[derive(Debug, Default)]
pub struct Shelf(OnceLock<Catalogue>);

impl Shelf {
    /// The models of a site.
    pub(super) fn of(&self, site: &Site, contract: &Litestar) -> &Catalogue {
        self.0.get_or_init(|| Catalogue::of(site, contract))
    }
}

/// All models, in the order in which they were registered.
#[derive(Debug)]
pub(super) struct Catalogue {
    pub(super) entries: Vec<Entry>,
    names: HashMap<String, usize>,
}

/// What anybody may do to rows of a model.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Flags {
    pub(super) create: bool,
    pub(super) edit: bool,
    pub(super) delete: bool,
    pub(super) details: bool,
    pub(super) export: bool,
}

/// The columns of a model's forms.
#[derive(Debug)]
pub(super) struct Forms {
    /// Of a new row.
    pub(super) create: Vec<usize>,
    /// Of a row that is there.
    pub(super) edit: Vec<usize>,
}

/// A model as it is shown. Columns are positions of fields of the model.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) key: ModelKey,
    /// What was declared.
    pub(super) view: View,
    /// The name for people.
    pub(super) name: String,
    /// The name in addresses.
    pub(super) identity: String,
    pub(super) icon: String,
    pub(super) flags: Flags,
    /// All columns, in the order of the table.
    pub(super) columns: Vec<usize>,
    /// Those of its forms, in the order of the table.
    pub(super) forms: Forms,
    /// Those that lists show, in the order in which they were declared.
    pub(super) declared: Vec<usize>,
    /// A row in a list.
    pub(super) listed: Shape,
    /// A whole row.
    pub(super) whole: Shape,
    /// The field that marks a row as deleted, where there is one.
    pub(super) mark: Option<String>,
    /// Where a search looks.
    pub(super) searched: Vec<(String, SearchPlace)>,
    /// The order of lists; empty: the admin's own.
    usual: Vec<Order>,
    /// The columns that can be sorted by, with what is sorted.
    sortable: HashMap<String, String>,
}

impl Catalogue {
    fn of(site: &Site, contract: &Litestar) -> Catalogue {
        let entries: Vec<Entry> = site.resources().map(|resource| Entry::of(site, contract, resource)).collect();
        let mut names = HashMap::new();
        // Identities go before the other names that are understood.
        for (at, entry) in entries.iter().enumerate() {
            names.entry(entry.identity.to_lowercase()).or_insert(at);
        }
        for (at, entry) in entries.iter().enumerate() {
            for name in [&entry.name, &entry.key.name] {
                names.entry(name.to_lowercase()).or_insert(at);
            }
        }
        Catalogue { entries, names }
    }

    /// The model that an address names, in any case.
    pub(super) fn find(&self, name: &str) -> Option<&Entry> {
        self.names.get(&name.to_lowercase()).map(|at| &self.entries[*at])
    }
}

/// The name in addresses that a name for people gives.
pub(super) fn identity(name: &str) -> String {
    name.to_lowercase().replace(' ', "-")
}

/// The name in addresses of a model that is declared so.
pub(super) fn identity_of(key: &ModelKey, view: Option<&View>) -> String {
    let declared = view.and_then(|view| view.identity.clone());
    declared.unwrap_or_else(|| identity(view.and_then(|view| view.name.as_deref()).unwrap_or(&key.name)))
}

impl Entry {
    fn of(site: &Site, contract: &Litestar, resource: &Resource) -> Entry {
        let model = resource.model.as_ref();
        let declared = contract.views.get(&model.key);
        let view = declared.cloned().unwrap_or_else(|| inherited(resource));
        let columns: Vec<usize> = (0..model.fields.len()).filter(|at| model.fields[*at].is_column()).collect();
        let chosen = chosen(model, &view, &columns);
        let mut in_table_order = chosen.clone();
        in_table_order.sort_unstable();
        Entry {
            key: model.key.clone(),
            name: view.name.clone().unwrap_or_else(|| model.key.name.clone()),
            identity: identity_of(&model.key, declared),
            icon: view.icon.clone().unwrap_or_else(|| ICON.to_owned()),
            flags: flags(resource, &view),
            listed: Shape::of(site, contract, resource, &view, &in_table_order),
            whole: Shape::of(site, contract, resource, &view, &columns),
            mark: mark(model),
            searched: searched(site, resource, &view),
            usual: usual(resource, &view, declared.is_some()),
            sortable: sortable(resource, &view, &columns),
            forms: forms(resource, &view, &columns),
            columns,
            declared: chosen,
            view,
        }
    }

    /// The resource behind it.
    pub(super) fn resource<'s>(&self, site: &'s Site) -> factotum_engine::Result<&'s Resource> {
        site.resource(&self.key)
    }

    /// The order that somebody asks for, or the usual one.
    pub(super) fn order(&self, by: Option<&str>, descending: bool) -> Vec<Order> {
        match by.and_then(|column| self.sortable.get(column)) {
            Some(path) => vec![Order { path: path.clone(), descending }],
            None => self.usual.clone(),
        }
    }

    /// What is told of it among all models.
    pub(super) fn summary(&self) -> Json {
        json!({
            "name": self.name,
            "model_name": self.identity,
            "icon": self.icon,
            "category": self.view.category,
            "can_create": self.flags.create,
            "can_edit": self.flags.edit,
            "can_delete": self.flags.delete,
            "can_view_details": self.flags.details,
        })
    }
}

/// The field of a column.
pub(super) fn of_column(model: &Model, column: &str) -> Option<usize> {
    model.fields.iter().position(|field| field.is_column() && field.column == column)
}

/// What sorting or searching by a column means: by itself, and never by what it points to.
fn path(field: &Field) -> String {
    match &field.kind {
        FieldKind::One { to_field, .. } => format!("{}__{}", field.name, to_field.as_deref().unwrap_or("pk")),
        _ => field.name.clone(),
    }
}

/// How a model is shown of which only its admin's options tell.
fn inherited(resource: &Resource) -> View {
    let (model, options) = (resource.model.as_ref(), &resource.options);
    let column = |name: &String| model.field(name).filter(|field| field.is_column()).map(|field| field.column.clone());
    let columns = |names: &Vec<String>| names.iter().filter_map(column).collect::<Vec<_>>();
    let sought = |names: &Vec<String>| {
        let bare: Vec<String> = names.iter().map(|name| name.trim_start_matches(['^', '=', '@']).to_owned()).collect();
        columns(&bare)
    };
    View {
        column_list: options.list_display.as_ref().map(columns).filter(|columns| !columns.is_empty()),
        column_searchable_list: options.search_fields.as_ref().map(sought),
        column_sortable_list: options.sortable_by.as_ref().map(columns),
        form_excluded_columns: columns(&options.readonly_fields),
        ..View::default()
    }
}

fn flags(resource: &Resource, view: &View) -> Flags {
    let writes = !resource.options.read_only;
    let may = |said: Option<bool>| said.unwrap_or(true);
    Flags {
        create: may(view.can_create) && writes,
        edit: may(view.can_edit) && writes,
        delete: may(view.can_delete) && writes,
        details: may(view.can_view_details),
        export: may(view.can_export),
    }
}

/// The columns of lists, in the order in which they were declared.
fn chosen(model: &Model, view: &View, columns: &[usize]) -> Vec<usize> {
    let named = view.column_list.as_ref();
    let all = named.map_or_else(
        || columns.to_vec(),
        |names| names.iter().filter_map(|name| of_column(model, name)).collect::<Vec<_>>(),
    );
    all.into_iter().filter(|at| !view.column_exclude_list.contains(&model.fields[*at].column)).collect()
}

/// A form has the columns that were declared for it, else all that anybody may set. Without a declaration a form for a
/// new row has no key that the row is given.
fn forms(resource: &Resource, view: &View, columns: &[usize]) -> Forms {
    let model = resource.model.as_ref();
    let named = |names: &[String], at: usize| names.contains(&model.fields[at].column);
    let excluded = |at: usize| named(&view.form_excluded_columns, at) || resource.hides(&model.fields[at].name);
    let declared = |at: usize| view.form_columns.as_ref().is_none_or(|names| named(names, at));
    let edit: Vec<usize> = columns.iter().copied().filter(|at| declared(*at) && !excluded(*at)).collect();
    let is_given = |field: &Field| field.name == model.primary_key && (field.is_auto() || field.initial.is_some());
    let offered = |at: &usize| view.form_columns.is_some() || !is_given(&model.fields[*at]);
    Forms { create: edit.iter().copied().filter(offered).collect(), edit }
}

/// The column `deleted_at`, if it can hold a moment or none.
fn mark(model: &Model) -> Option<String> {
    let at = of_column(model, "deleted_at")?;
    let field = Some(&model.fields[at]).filter(|field| field.kind == FieldKind::DateTime && field.null)?;
    Some(field.name.clone())
}

/// Only texts are searched, and none that is hidden. A text may point to another row, which it names.
fn searched(site: &Site, resource: &Resource, view: &View) -> Vec<(String, SearchPlace)> {
    let model = resource.model.as_ref();
    let holds_text = |field: &Field| match &field.kind {
        FieldKind::One { to, to_field, .. } => site.schema().model(to).is_some_and(|to| {
            let pointed = to_field.as_deref().and_then(|name| to.field(name)).unwrap_or_else(|| to.key_field());
            pointed.is_text()
        }),
        _ => field.is_text(),
    };
    let names = view.column_searchable_list.iter().flatten();
    let fields = names.filter_map(|name| of_column(model, name)).map(|at| &model.fields[at]);
    let texts = fields.filter(|field| holds_text(field) && !resource.hides(&field.name));
    texts.map(|field| (path(field), SearchPlace::Anywhere)).collect()
}

/// The order that nobody asked for. A model that is not declared for this contract has that of its admin, if it has one.
fn usual(resource: &Resource, view: &View, is_declared: bool) -> Vec<Order> {
    let (model, options) = (resource.model.as_ref(), &resource.options);
    let has_own = !model.ordering.is_empty() || options.ordering.as_ref().is_some_and(|order| !order.is_empty());
    let by_key = || Order { path: "pk".to_owned(), descending: false };
    match &view.column_default_sort {
        Some((column, descending)) => match of_column(model, column) {
            Some(at) => vec![Order { path: path(&model.fields[at]), descending: *descending }],
            None => vec![by_key()],
        },
        None if has_own && !is_declared => Vec::new(),
        None => vec![by_key()],
    }
}

fn sortable(resource: &Resource, view: &View, columns: &[usize]) -> HashMap<String, String> {
    let model = resource.model.as_ref();
    let named = view.column_sortable_list.as_ref().filter(|names| !names.is_empty());
    let may = |field: &&Field| named.is_none_or(|names| names.contains(&field.column));
    let fields = columns.iter().map(|at| &model.fields[*at]).filter(may);
    fields.filter(|field| !resource.hides(&field.name)).map(|field| (field.column.clone(), path(field))).collect()
}
