//! How a model is administered, from what is written for all doors and for one.

use factotum::admin::options::{Direction, Widget};
use factotum::admin::{Action, Column, Fieldset, Options, View};
use factotum::model::{Field, Model, Order};
use factotum::query::Filter;

use super::template::Template;
use super::{Door, Workshop, action, column, filter, inline, panel, rows, stock};
use crate::complaint::suggestion;
use crate::config::model::ModelWritten;
use crate::config::node::{Kind, Node, Table};
use crate::config::options::{OptionsWritten, Rows};
use crate::config::parts::{ActionWritten, ViewWritten};
use crate::config::reader::{self, Said};
use crate::declared::Declared;

/// The inputs that a form can have instead of the usual ones, by Django's names.
const WIDGETS: [(&str, Widget); 8] = [
    ("TextInput", Widget::TextInput),
    ("Textarea", Widget::Textarea),
    ("NumberInput", Widget::NumberInput),
    ("PasswordInput", Widget::PasswordInput),
    ("HiddenInput", Widget::HiddenInput),
    ("DateTimeInput", Widget::DateTimeInput),
    ("RadioSelect", Widget::RadioSelect),
    ("CheckboxSelectMultiple", Widget::CheckboxSelectMultiple),
];
const DIRECTIONS: [(&str, Direction); 2] = [("horizontal", Direction::Horizontal), ("vertical", Direction::Vertical)];

/// The admin of a declared model, as a contract shows it.
pub(super) fn declared(
    written: &ModelWritten,
    model: &Model,
    view: bool,
    door: Door,
    shop: &mut Workshop<'_>,
) -> Declared {
    let said = written.of_door(door).cloned().unwrap_or_default().over(&written.options);
    let mut options = plain(&said);
    options.read_only |= view;
    options.radio_fields = words(said.radio_fields.as_ref(), "radio_fields", &DIRECTIONS, shop);
    options.formfield_overrides = words(said.formfield_overrides.as_ref(), "formfield_overrides", &WIDGETS, shop);
    options.prepopulated_fields = prepopulated(said.prepopulated_fields.as_ref(), shop);
    options.limit_choices_to = limits(said.limit_choices_to.as_ref(), model, shop);
    options.inlines = said.inlines.iter().flatten().filter_map(|said| inline::inline(said, model, shop)).collect();
    options.views = written.views.iter().filter_map(view_of).collect();
    let columns = column::columns(&written.columns, model, shop);
    if door == Door::DjangoAdmin {
        make_room(&mut options, written.of_door(door), model, &columns);
        options = stock::under(options, model);
    }
    Declared {
        options,
        rows: said.rows.as_ref().map_or(Filter::All, |table| rows::filter(table, model, shop)),
        actions: actions(written, said.actions.as_deref(), model, door, shop),
        columns,
        filters: written.filters.iter().filter_map(|said| filter::filter(said, model, shop)).collect(),
        panels: written.panels.iter().filter_map(|said| panel::panel(said, model, shop)).collect(),
        view_on_site: said.view_on_site.as_ref().and_then(|said| Template::read(said, model, shop)),
        guarded: Declared::guarded(model),
    }
}

/// What is written for every contract may name what Django's has no room for: such names are left to the others. What
/// is written for this one alone is checked instead.
fn make_room(options: &mut Options, own: Option<&OptionsWritten>, model: &Model, columns: &[Column]) {
    if own.is_none_or(|own| own.list_display.is_none())
        && let Some(names) = &mut options.list_display
    {
        names.retain(|name| model.field(name).is_none_or(Field::is_column));
    }
    if own.is_none_or(|own| own.readonly_fields.is_none()) {
        let is_column = |name: &String| columns.iter().any(|column| column.name == *name);
        options.readonly_fields.retain(|name| model.field(name).is_some() || is_column(name));
    }
}

/// What needs no looking up.
fn plain(said: &OptionsWritten) -> Options {
    let texts = |names: &Option<Vec<Said>>| names.as_deref().map(texts);
    let some = |names: &Option<Vec<Said>>| texts(names).unwrap_or_default();
    Options {
        list_display: texts(&said.list_display),
        list_display_links: texts(&said.list_display_links),
        list_editable: some(&said.list_editable),
        list_filter: texts(&said.list_filter),
        search_fields: texts(&said.search_fields),
        search_help_text: said.search_help_text.clone().unwrap_or_default(),
        autocomplete_search_fields: texts(&said.autocomplete_search_fields),
        sortable_by: texts(&said.sortable_by),
        ordering: texts(&said.ordering).map(|paths| paths.iter().map(|path| Order::parse(path)).collect()),
        list_per_page: said.list_per_page,
        list_max_show_all: said.list_max_show_all,
        show_full_result_count: said.show_full_result_count,
        date_hierarchy: said.date_hierarchy.clone(),
        empty_value_display: said.empty_value_display.clone(),
        fields: said.fields.as_ref().map(in_rows),
        fieldsets: said.fieldsets.as_ref().map(|sets| sets.iter().map(fieldset).collect()),
        readonly_fields: some(&said.readonly_fields),
        exclude: some(&said.exclude),
        raw_id_fields: some(&said.raw_id_fields),
        autocomplete_fields: some(&said.autocomplete_fields),
        filter_horizontal: some(&said.filter_horizontal),
        filter_vertical: some(&said.filter_vertical),
        read_only: said.read_only.unwrap_or(false),
        save_as: said.save_as.unwrap_or(false),
        save_as_continue: said.save_as_continue,
        save_on_top: said.save_on_top.unwrap_or(false),
        delete_selected: said.delete_selected,
        ..Options::default()
    }
}

fn texts(said: &[Said]) -> Vec<String> {
    said.iter().map(|said| said.text.clone()).collect()
}

fn in_rows(rows: &Rows) -> Vec<Vec<String>> {
    rows.iter().map(|row| texts(row)).collect()
}

fn fieldset(said: &crate::config::options::FieldsetWritten) -> Fieldset {
    Fieldset {
        title: said.title.clone(),
        fields: in_rows(&said.fields),
        classes: said.classes.clone(),
        description: said.description.clone(),
    }
}

fn view_of(said: &ViewWritten) -> Option<View> {
    Some(View {
        name: said.name.as_ref()?.text.clone(),
        label: said.label.clone().unwrap_or_default(),
        path: said.path.as_ref()?.text.clone(),
    })
}

/// A table of names, each with one of a few words.
fn words<T: Copy>(
    table: Option<&Table>,
    option: &str,
    known: &[(&'static str, T)],
    shop: &mut Workshop<'_>,
) -> Vec<(String, T)> {
    let mut pairs = Vec::new();
    for (name, entry) in table.into_iter().flatten() {
        let Some(said) = text_of(option, name, &entry.node, shop) else { continue };
        match known.iter().find(|(word, _)| *word == said.text) {
            Some((_, meaning)) => pairs.push((name.clone(), *meaning)),
            None => {
                let all: Vec<&str> = known.iter().map(|(word, _)| *word).collect();
                let near = suggestion(&said.text, all.iter().copied());
                let words = format!("unknown word '{}' in '{option}'{near}; known are {}", said.text, all.join(", "));
                shop.complain("C014", &said.place, words);
            }
        }
    }
    pairs
}

fn text_of(option: &str, name: &str, node: &Node, shop: &mut Workshop<'_>) -> Option<Said> {
    let said = reader::said(node);
    if said.is_none() {
        shop.complain("C004", &node.place, format!("'{option}.{name}' must be text, not {}", node.kind.name()));
    }
    said
}

/// Fields that are filled from others: `{ slug = ["name"] }`.
fn prepopulated(table: Option<&Table>, shop: &mut Workshop<'_>) -> Vec<(String, Vec<String>)> {
    let mut fields = Vec::new();
    for (name, entry) in table.into_iter().flatten() {
        match reader::texts(&entry.node) {
            Some(sources) => fields.push((name.clone(), texts(&sources))),
            None => {
                let words =
                    format!("'prepopulated_fields.{name}' must be a list of texts, not {}", entry.node.kind.name());
                shop.complain("C004", &entry.node.place, words);
            }
        }
    }
    fields
}

/// Rows that relations may point to: `{ category = { active = true } }`.
fn limits(table: Option<&Table>, model: &Model, shop: &mut Workshop<'_>) -> Vec<(String, Filter)> {
    let mut limits = Vec::new();
    for (name, entry) in table.into_iter().flatten() {
        let target = model.field(name).and_then(|field| field.target()).and_then(|to| shop.schema.model(to).cloned());
        match (&entry.node.kind, target) {
            (Kind::Table(condition), Some(target)) => {
                limits.push((name.clone(), rows::filter(condition, &target, shop)));
            }
            (_, None) => {
                let relations = model.fields.iter().filter(|field| field.target().is_some());
                let near = suggestion(name, relations.map(|field| field.name.as_str()));
                shop.complain("C011", &entry.key, format!("{} has no relation '{name}'{near}", model.key));
            }
            (kind, Some(_)) => {
                let words = format!("'limit_choices_to.{name}' must be a table of conditions, not {}", kind.name());
                shop.complain("C004", &entry.node.place, words);
            }
        }
    }
    limits
}

/// The actions of a model for a contract, which may show fewer of them, in another order.
fn actions(
    written: &ModelWritten,
    chosen: Option<&[Said]>,
    model: &Model,
    door: Door,
    shop: &mut Workshop<'_>,
) -> Vec<Action> {
    let offered: Vec<&ActionWritten> = written.actions.iter().filter(|said| is_for(said, door, shop)).collect();
    let all: Vec<Action> = offered.into_iter().filter_map(|said| action::action(said, model, shop)).collect();
    let Some(chosen) = chosen else { return all };
    let mut picked = Vec::new();
    for said in chosen {
        match all.iter().find(|action| action.name == said.text) {
            Some(action) => picked.push(action.clone()),
            None => {
                let near = suggestion(&said.text, all.iter().map(|action| action.name.as_str()));
                shop.complain("C017", &said.place, format!("{} has no action '{}'{near}", model.key, said.text));
            }
        }
    }
    picked
}

/// Whether a contract offers an action.
fn is_for(said: &ActionWritten, door: Door, shop: &mut Workshop<'_>) -> bool {
    let Some(contracts) = &said.contracts else { return true };
    let known = Door::ALL.map(Door::name);
    for other in contracts.iter().filter(|said| !known.contains(&said.text.as_str())) {
        let near = suggestion(&other.text, known);
        shop.complain("C014", &other.place, format!("unknown contract '{}'{near}", other.text));
    }
    contracts.iter().any(|said| said.text == door.name())
}
