//! What can be wrong with what an admin has beside its options: actions, columns, filters, panels, pages.

use super::{Desk, doubles};
use crate::admin::Column;
use crate::admin::column::Source;
use crate::model::{Field, Model, Schema};
use crate::query::path;
use crate::site::Resource;
use std::sync::Arc;

pub(super) fn check(desk: &mut Desk<'_>, schema: &Schema, resource: &Resource) {
    for name in doubles(resource.actions.iter().map(|action| action.name.as_str())) {
        desk.complain("F014", "actions", format!("two actions are called '{name}'"));
    }
    let names: [(&str, Vec<&str>); 3] = [
        ("filters", resource.filters.iter().map(|filter| filter.parameter.as_str()).collect()),
        ("panels", resource.panels.iter().map(|panel| panel.name.as_str()).collect()),
        ("views", resource.options.views.iter().map(|view| view.name.as_str()).collect()),
    ];
    for (place, names) in names {
        for name in doubles(names) {
            desk.complain("F047", place, format!("two of them are called '{name}'"));
        }
    }
    columns(desk, schema, &resource.model, &resource.columns);
    views(desk, resource);
}

/// The computed columns of a model, or of an inline.
pub(super) fn columns(desk: &mut Desk<'_>, schema: &Schema, model: &Arc<Model>, columns: &[Column]) {
    for name in doubles(columns.iter().map(|column| column.name.as_str())) {
        desk.complain("F047", "columns", format!("two of them are called '{name}'"));
    }
    for column in columns {
        if model.field(&column.name).is_some() {
            desk.complain("F047", "columns", format!("'{}' is the name of a field", column.name));
        }
        if let Some(order) = column.order.as_ref().filter(|order| path::resolve(schema, model, order).is_err()) {
            let words = format!("'{}' is ordered by '{order}', which is no field and no path", column.name);
            desk.complain("F049", "columns", words);
        }
        if let Source::Count { model: from, field } = &column.source {
            let points_here =
                schema.find(from).and_then(|from| from.field(field)).and_then(Field::target) == Some(&model.key);
            if !points_here {
                let words = format!("'{}' counts {from}.{field}, which does not point to {}", column.name, model.key);
                desk.complain("F049", "columns", words);
            }
        }
    }
}

fn views(desk: &mut Desk<'_>, resource: &Resource) {
    let key = &resource.model.key;
    let prefix = format!("{}_{}_", key.app, key.lower_name());
    for view in &resource.options.views {
        if view.name.strip_prefix(&prefix).is_none_or(str::is_empty) {
            desk.complain("F048", "views", format!("'{}' must begin with '{prefix}'", view.name));
        }
        if view.path.starts_with('/') {
            let words = format!("the path '{}' stands below the model's and begins without a slash", view.path);
            desk.complain("F048", "views", words);
        }
    }
}
