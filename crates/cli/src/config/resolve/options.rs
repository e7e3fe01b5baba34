//! How a model is administered, from what is written for all doors and for one.

use factotum::admin::{Inline, Options};
use factotum::model::{FieldKind, Model, Order};
use factotum::query::Filter;
use factotum::{ModelKey, admin::Action};

use super::{Workshop, action, rows};
use crate::complaint::suggestion;
use crate::config::model::{InlineWritten, ModelWritten};
use crate::config::reader::Said;
use crate::declared::Declared;

/// The admin of a declared model, as the Conjure contract shows it.
pub(super) fn declared(written: &ModelWritten, model: &Model, view: bool, shop: &mut Workshop<'_>) -> Declared {
    let general = &written.options;
    let own = written.conjure.clone().unwrap_or_default();
    let pick = |own: Option<Vec<Said>>, general: &Option<Vec<Said>>| own.or_else(|| general.clone()).map(texts);
    let inlines = own.inlines.or_else(|| general.inlines.clone()).unwrap_or_default();
    let ordering = pick(own.ordering, &None);
    let options = Options {
        list_display: pick(own.list_display, &general.list_display),
        list_filter: pick(own.list_filter, &general.list_filter),
        search_fields: pick(own.search_fields, &general.search_fields),
        autocomplete_search_fields: pick(own.autocomplete_search_fields, &general.autocomplete_search_fields),
        ordering: ordering.map(|paths| paths.iter().map(|path| Order::parse(path)).collect()),
        readonly_fields: pick(own.readonly_fields, &general.readonly_fields).unwrap_or_default(),
        exclude: pick(own.exclude, &general.exclude).unwrap_or_default(),
        inlines: inlines.iter().filter_map(|said| inline(said, model, shop)).collect(),
        read_only: view || own.read_only.or(general.read_only).unwrap_or(false),
        list_per_page: own.list_per_page.or(general.list_per_page),
        ..Options::default()
    };
    let restriction = own.rows.as_ref().or(general.rows.as_ref());
    let rows = restriction.map_or(Filter::All, |table| rows::filter(table, model, shop));
    let actions = actions(written, own.actions.as_deref(), model, shop);
    Declared { options, rows, actions, guarded: Declared::guarded(model) }
}

fn texts(said: Vec<Said>) -> Vec<String> {
    said.into_iter().map(|said| said.text).collect()
}

/// The actions of a model; a contract may show fewer, in another order.
fn actions(written: &ModelWritten, chosen: Option<&[Said]>, model: &Model, shop: &mut Workshop<'_>) -> Vec<Action> {
    let all: Vec<Action> = written.actions.iter().filter_map(|said| action::action(said, model, shop)).collect();
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

/// An inline; where the children have one foreign key to the parent, it need not be named.
fn inline(said: &InlineWritten, parent: &Model, shop: &mut Workshop<'_>) -> Option<Inline> {
    let key = ModelKey::parse(&said.model.text);
    let child = key.and_then(|key| shop.schema.find(&key).cloned());
    let Some(child) = child else {
        let models: Vec<String> = shop.schema.models().map(|model| model.key.to_string()).collect();
        let near = suggestion(&said.model.text, models.iter().map(String::as_str));
        shop.complain("C015", &said.model.place, format!("there is no model '{}'{near}", said.model.text));
        return None;
    };
    if let Some(fk_field) = &said.fk_field {
        return Some(Inline::new(child.key.clone(), &fk_field.text));
    }
    let points_here = |kind: &FieldKind| matches!(kind, FieldKind::One { to, .. } if *to == parent.key);
    let mut fields = child.fields.iter().filter(|field| points_here(&field.kind));
    let found = fields.next().filter(|_| fields.next().is_none());
    if found.is_none() {
        let words =
            format!("write which field of {} points to {}: [\"{}\", \"field\"]", child.key, parent.key, child.key);
        shop.complain("C018", &said.model.place, words);
    }
    found.map(|field| Inline::new(child.key.clone(), &field.name))
}
