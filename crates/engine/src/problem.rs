//! Numbered complaints about models and options, all found at start and all told at once.

use std::collections::HashSet;
use std::sync::Arc;

use crate::model::{Field, FieldKind, Model, ModelKey, Schema};
use crate::query::path;
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

/// Every number with what it stands for; the reference page is made from it.
pub const NUMBERS: [(&str, &str); 13] = [
    ("F001", "a model is registered but not declared"),
    ("F002", "the primary key is not a field"),
    ("F003", "a relation points to a model that is not declared"),
    ("F004", "two fields have the same name, or two columns"),
    ("F005", "a label uses a name that is neither a field nor a path"),
    ("F006", "a uniqueness rule or the model's ordering names what is no field"),
    ("F007", "a relation points to a field that its target does not have"),
    ("F008", "a relation sets null where the column may not be null, or a default where there is none"),
    ("F010", "search_fields, list_filter or autocomplete_search_fields names what is no field and no path"),
    ("F011", "list_display names what is neither a field nor a computed column"),
    ("F012", "ordering names what is no field and no path"),
    ("F013", "an inline's model or foreign key does not exist"),
    ("F014", "two actions have the same name"),
];

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

/// What is wrong with a model's admin.
#[must_use]
pub fn of_resource(schema: &Schema, resource: &Resource) -> Vec<Problem> {
    let mut problems = of_paths(schema, resource);
    problems.extend(of_columns(resource));
    problems.extend(of_inlines(schema, resource));
    let mut names = HashSet::new();
    for action in &resource.actions {
        if !names.insert(&action.name) {
            let words = format!("two actions are called '{}'", action.name);
            problems.push(Problem::new("F014", &resource.model.key, "actions", words));
        }
    }
    problems
}

fn of_paths(schema: &Schema, resource: &Resource) -> Vec<Problem> {
    let options = &resource.options;
    let model = &resource.model;
    let lists = [
        ("search_fields", &options.search_fields),
        ("list_filter", &options.list_filter),
        ("autocomplete_search_fields", &options.autocomplete_search_fields),
    ];
    let named = lists.into_iter().flat_map(|(option, names)| names.iter().flatten().map(move |name| (option, name)));
    let named = named.filter(|(option, name)| *option != "list_filter" || resource.filter(name).is_none());
    let mut problems = Vec::new();
    for (option, name) in named {
        if path::resolve(schema, model, name.trim_start_matches(['^', '=', '@'])).is_err() {
            let words = format!("'{name}' is neither a field nor a path across relations");
            problems.push(Problem::new("F010", &model.key, option, words));
        }
    }
    for order in options.ordering.iter().flatten() {
        if path::resolve(schema, model, &order.path).is_err() {
            let words = format!("'{}' is neither a field nor a path across relations", order.path);
            problems.push(Problem::new("F012", &model.key, "ordering", words));
        }
    }
    problems
}

fn of_columns(resource: &Resource) -> Vec<Problem> {
    let known =
        |name: &str| name == "__str__" || resource.model.field(name).is_some() || resource.column(name).is_some();
    let unknown = resource.options.list_display.iter().flatten().filter(|name| !known(name));
    unknown
        .map(|name| {
            let words = format!("'{name}' is neither a field nor a computed column");
            Problem::new("F011", &resource.model.key, "list_display", words)
        })
        .collect()
}

fn of_inlines(schema: &Schema, resource: &Resource) -> Vec<Problem> {
    let model = &resource.model.key;
    let mut problems = Vec::new();
    for inline in &resource.options.inlines {
        let Some(child) = schema.find(&inline.model) else {
            problems.push(Problem::new("F013", model, "inlines", format!("{} is not declared", inline.model)));
            continue;
        };
        let points_here = child.field(&inline.fk_field).and_then(Field::target) == Some(model);
        if !points_here {
            let words = format!("{}.{} is no foreign key to {model}", child.key, inline.fk_field);
            problems.push(Problem::new("F013", model, "inlines", words));
        }
    }
    problems
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::admin::options::names;
    use crate::admin::{Action, Inline, ModelAdmin, Options, Outcome};
    use crate::model::{Label, OnDelete, Order, Unique};

    fn codes(problems: &[Problem]) -> Vec<&'static str> {
        problems.iter().map(|problem| problem.code).collect()
    }

    fn check_model(model: Model, expected: &[&str]) {
        assert_eq!(codes(&of_schema(&Schema::new([model]))), expected);
    }

    fn thing() -> Model {
        Model::new("t", "Thing").with(Field::line("name", 9))
    }

    #[test]
    fn every_fault_of_a_model_has_its_number() {
        let to = |name: &str| ModelKey::new("t", name);
        check_model(thing(), &[]);
        check_model(Model { primary_key: "nope".into(), ..thing() }, &["F002"]);
        check_model(thing().with(Field::one("other", to("Other"), OnDelete::Cascade)), &["F003"]);
        check_model(thing().with(Field::line("name", 9).in_column("n2")), &["F004"]);
        check_model(thing().with(Field::line("n2", 9).in_column("name")), &["F004"]);
        check_model(Model { label: Label::parse("{{ nope }}").expect("a label"), ..thing() }, &["F005"]);
        check_model(thing().order_by(&["nope"]), &["F006"]);
        let rule = Unique { fields: vec!["nope".into()], words: None };
        check_model(Model { unique_together: vec![rule], ..thing() }, &["F006"]);
        check_model(thing().with(Field::one("up", to("Thing"), OnDelete::SetNull)), &["F008"]);
        let mut up = Field::one("up", to("Thing"), OnDelete::Cascade);
        if let FieldKind::One { to_field, .. } = &mut up.kind {
            *to_field = Some("nope".into());
        }
        check_model(thing().with(up), &["F007"]);
    }

    fn check_options(options: Options, expected: &[&str]) {
        struct Admin(Options);
        impl ModelAdmin for Admin {
            fn options(&self) -> Options {
                self.0.clone()
            }
        }
        let schema = Schema::new([thing()]);
        let model = schema.models().next().expect("one model").clone();
        let run = |name: &str| Action::batch(name, "", |_, _| Box::pin(async { Ok(Outcome::Done) }));
        let twice = if expected == ["F014"] { vec![run("a"), run("a")] } else { vec![run("a")] };
        let resource = Resource { actions: twice, ..Resource::new(model, Arc::new(Admin(options)), false) };
        assert_eq!(codes(&of_resource(&schema, &resource)), expected);
    }

    #[test]
    fn every_fault_of_an_admin_has_its_number() {
        check_options(Options { search_fields: names(&["^name"]), ..Options::default() }, &[]);
        check_options(Options { search_fields: names(&["nope"]), ..Options::default() }, &["F010"]);
        check_options(Options { list_filter: names(&["name__nope"]), ..Options::default() }, &["F010"]);
        check_options(Options { list_display: names(&["__str__", "nope"]), ..Options::default() }, &["F011"]);
        check_options(Options { ordering: Some(vec![Order::parse("-nope")]), ..Options::default() }, &["F012"]);
        let inline = |model: &str| Inline::new(ModelKey::new("t", model), "name");
        check_options(
            Options { inlines: vec![inline("Nope"), inline("Thing")], ..Options::default() },
            &["F013", "F013"],
        );
        check_options(Options::default(), &["F014"]);
    }

    #[test]
    fn numbers_are_unique_and_sorted() {
        assert!(NUMBERS.windows(2).all(|pair| pair[0].0 < pair[1].0));
    }
}
