//! Numbered complaints about models and options, all found at start.

use crate::model::{FieldKind, ModelKey, Schema};
use crate::site::Resource;

/// A fault of configuration: a number to look up, where it is, and what is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The number, as `F012`.
    pub code: &'static str,
    /// The model concerned.
    pub model: String,
    /// The option or field concerned; may be empty.
    pub place: String,
    /// What is wrong.
    pub words: String,
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Problem { code, model, place, words } = self;
        if place.is_empty() {
            write!(f, "{code} {model}: {words}")
        } else {
            write!(f, "{code} {model}.{place}: {words}")
        }
    }
}

impl Problem {
    /// A complaint.
    #[must_use]
    pub fn new(code: &'static str, model: &ModelKey, place: &str, words: String) -> Problem {
        Problem { code, model: model.to_string(), place: place.to_owned(), words }
    }

    /// A model was registered that nobody declared.
    #[must_use]
    pub fn unknown_model(key: &ModelKey) -> Problem {
        Problem::new("F001", key, "", "the model is registered but not declared".to_owned())
    }
}

/// What is wrong with the models themselves.
#[must_use]
pub fn of_schema(schema: &Schema) -> Vec<Problem> {
    let mut problems = Vec::new();
    for model in schema.models() {
        if model.field(&model.primary_key).is_none() {
            let words = format!("the primary key '{}' is not a field", model.primary_key);
            problems.push(Problem::new("F002", &model.key, "primary_key", words));
        }
        for field in &model.fields {
            let FieldKind::One { to, .. } = &field.kind else { continue };
            if schema.model(to).is_none() {
                let words = format!("points to {to}, which is not declared");
                problems.push(Problem::new("F003", &model.key, &field.name, words));
            }
        }
    }
    problems
}

/// What is wrong with a model's admin.
#[must_use]
pub fn of_resource(schema: &Schema, resource: &Resource) -> Vec<Problem> {
    let model = &resource.model;
    let options = &resource.options;
    let mut problems = Vec::new();
    let paths = [("search_fields", &options.search_fields), ("list_filter", &options.list_filter)];
    for (option, names) in paths {
        for path in names.iter().flatten() {
            let bare = path.trim_start_matches(['^', '=', '@']);
            if crate::query::path::resolve(schema, model, bare).is_err() {
                let words = format!("'{path}' is not a field, nor a path of fields across relations");
                problems.push(Problem::new("F010", &model.key, option, words));
            }
        }
    }
    problems
}
