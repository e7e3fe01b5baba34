//! What can be wrong with inlines.

use super::form::{self, Find, Shared};
use super::{Desk, parts};
use crate::admin::Inline;
use crate::model::{Field, Schema};
use crate::site::Resource;

pub(super) fn check(desk: &mut Desk<'_>, schema: &Schema, resource: &Resource, find: Find<'_, '_>) {
    for inline in &resource.options.inlines {
        one(desk, schema, resource, inline, find);
    }
}

fn one(desk: &mut Desk<'_>, schema: &Schema, resource: &Resource, inline: &Inline, find: Find<'_, '_>) {
    let parent = &resource.model.key;
    let Some(child) = schema.find(&inline.model) else {
        desk.complain("F013", "inlines", format!("{} is not declared", inline.model));
        return;
    };
    if child.field(&inline.fk_field).and_then(Field::target) != Some(parent) {
        let words = format!("{}.{} is no foreign key to {parent}", child.key, inline.fk_field);
        desk.complain("F013", "inlines", words);
        return;
    }
    desk.child = Some(child.key.clone());
    if inline.exclude.contains(&inline.fk_field) {
        desk.complain("F043", "exclude", format!("'{}' is the foreign key to the parent", inline.fk_field));
    }
    let said = Shared {
        model: child,
        columns: &inline.columns,
        fields: inline.fields.iter().flatten().map(String::as_str).collect(),
        readonly_fields: &inline.readonly_fields,
        exclude: &inline.exclude,
        raw_id_fields: &inline.raw_id_fields,
        autocomplete_fields: &inline.autocomplete_fields,
        strict: resource.change_shows,
    };
    form::shared(desk, &said, find);
    parts::columns(desk, schema, child, &inline.columns);
    desk.child = None;
}
