//! What can be wrong with models, whoever administers them.

use std::collections::HashSet;
use std::sync::Arc;

use super::Problem;
use crate::model::{Field, FieldKind, Model, Schema};
use crate::query::path;

/// What is wrong with the models themselves.
#[must_use]
pub fn of_schema(schema: &Schema) -> Vec<Problem> {
    schema.models().flat_map(|model| of_model(schema, model)).collect()
}

fn of_model(schema: &Schema, model: &Arc<Model>) -> Vec<Problem> {
    let key = &model.key;
    let mut problems = doubles(model);
    if model.field(&model.primary_key).is_none() {
        let words = format!("the primary key '{}' is not a field", model.primary_key);
        problems.push(Problem::new("F002", key, "primary_key", words));
        return problems;
    }
    problems.extend(model.fields.iter().flat_map(|field| of_relation(schema, model, field)));
    for name in model.label.names() {
        if path::resolve(schema, model, name).is_err() {
            let words = format!("'{name}' is neither a field nor a path across relations");
            problems.push(Problem::new("F005", key, "label", words));
        }
    }
    let ordering = model.ordering.iter().map(|order| ("ordering", &order.path));
    let together = model.unique_together.iter().flat_map(|rule| &rule.fields).map(|name| ("unique_together", name));
    for (option, name) in ordering.chain(together) {
        if path::resolve(schema, model, name).is_err() {
            problems.push(Problem::new("F006", key, option, format!("'{name}' is not a field")));
        }
    }
    problems
}

fn doubles(model: &Model) -> Vec<Problem> {
    let (mut names, mut columns) = (HashSet::new(), HashSet::new());
    let mut problems = Vec::new();
    for field in &model.fields {
        if !names.insert(&field.name) {
            problems.push(Problem::new("F004", &model.key, &field.name, "two fields have this name".to_owned()));
        }
        if field.is_column() && !columns.insert(&field.column) {
            let words = format!("two fields have the column '{}'", field.column);
            problems.push(Problem::new("F004", &model.key, &field.name, words));
        }
    }
    problems
}

fn of_relation(schema: &Schema, model: &Model, field: &Field) -> Vec<Problem> {
    use crate::model::OnDelete;
    let complain = |code, words| Problem::new(code, &model.key, &field.name, words);
    let mut problems = Vec::new();
    let Some(to) = field.target() else { return problems };
    let Some(target) = schema.model(to) else {
        problems.push(complain("F003", format!("points to {to}, which is not declared")));
        return problems;
    };
    if let FieldKind::One { to_field, on_delete, .. } = &field.kind {
        if let Some(name) = to_field.as_ref().filter(|name| target.field(name).is_none()) {
            problems.push(complain("F007", format!("points to '{name}', which {to} does not have")));
        }
        if *on_delete == OnDelete::SetNull && !field.null {
            problems.push(complain("F008", "is set to null on delete, but may not be null".to_owned()));
        }
        if *on_delete == OnDelete::SetDefault && field.initial.is_none() {
            problems.push(complain("F008", "is set to its default on delete, but has none".to_owned()));
        }
    }
    problems
}
