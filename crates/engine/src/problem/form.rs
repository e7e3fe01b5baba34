//! What can be wrong with the options of a form: a model's own, and those of its inlines.

use super::{Desk, doubles};
use crate::admin::{Column, Options};
use crate::model::{Field, FieldKind, Model, ModelKey};
use crate::site::Resource;

/// The options that models and inlines have in common.
pub(super) struct Shared<'s> {
    pub(super) model: &'s Model,
    pub(super) columns: &'s [Column],
    pub(super) fields: Vec<&'s str>,
    pub(super) readonly_fields: &'s [String],
    pub(super) exclude: &'s [String],
    pub(super) raw_id_fields: &'s [String],
    pub(super) autocomplete_fields: &'s [String],
    /// Whether names that stand for nothing are refused among the fields that are only shown.
    pub(super) strict: bool,
}

pub(super) type Find<'f, 'r> = &'f dyn Fn(&ModelKey) -> Option<&'r Resource>;

pub(super) fn check(desk: &mut Desk<'_>, resource: &Resource, find: Find<'_, '_>) {
    let options = &resource.options;
    let own = Shared {
        model: &resource.model,
        columns: &resource.columns,
        fields: options.fields.iter().flatten().flatten().map(String::as_str).collect(),
        readonly_fields: &options.readonly_fields,
        exclude: &options.exclude,
        raw_id_fields: &options.raw_id_fields,
        autocomplete_fields: &options.autocomplete_fields,
        strict: resource.change_shows,
    };
    shared(desk, &own, find);
    fieldsets(desk, options, &own);
    shuttles(desk, options, &resource.model);
    radios(desk, options, &resource.model);
    prepopulated(desk, options, &resource.model);
    overrides(desk, options, &resource.model);
}

pub(super) fn shared(desk: &mut Desk<'_>, said: &Shared<'_>, find: Find<'_, '_>) {
    for name in doubles(said.fields.iter().copied()) {
        desk.complain("F032", "fields", format!("'{name}' stands there twice"));
    }
    for name in doubles(said.exclude.iter().map(String::as_str)) {
        desk.complain("F035", "exclude", format!("'{name}' stands there twice"));
    }
    known(desk, "fields", &said.fields, said);
    relations(desk, ("F025", "F026"), "raw_id_fields", said.raw_id_fields, said.model);
    let relations = relations(desk, ("F027", "F028"), "autocomplete_fields", said.autocomplete_fields, said.model);
    for (name, to) in relations {
        match find(to) {
            None => desk.complain("F029", "autocomplete_fields", format!("'{name}': {to} is not registered")),
            Some(target) if target.search_fields().is_empty() => {
                desk.complain("F030", "autocomplete_fields", format!("'{name}': {to} has no search_fields"));
            }
            Some(_) => {}
        }
    }
    for name in said.readonly_fields.iter().filter(|name| said.strict && !said.shows(name)) {
        desk.complain("F016", "readonly_fields", format!("'{name}' is neither a field nor a computed column"));
    }
}

impl Shared<'_> {
    fn shows(&self, name: &str) -> bool {
        name == "__str__" || self.model.field(name).is_some() || self.columns.iter().any(|column| column.name == name)
    }
}

/// The relations that an option names; what is none is complained of.
fn relations<'m, 'n>(
    desk: &mut Desk<'_>,
    (unknown, no_relation): (&'static str, &'static str),
    option: &str,
    names: &'n [String],
    model: &'m Model,
) -> Vec<(&'n str, &'m ModelKey)> {
    let mut relations = Vec::new();
    for name in names {
        match model.field(name).map(Field::target) {
            None => desk.complain(unknown, option, format!("'{name}' is no field")),
            Some(None) => desk.complain(no_relation, option, format!("'{name}' is no relation")),
            Some(Some(to)) => relations.push((name.as_str(), to)),
        }
    }
    relations
}

/// What a form shows must be there, and must be something that a form can set or show.
fn known(desk: &mut Desk<'_>, option: &str, names: &[&str], said: &Shared<'_>) {
    for &name in names {
        let is_readonly = said.readonly_fields.iter().any(|other| other == name);
        match said.model.field(name) {
            Some(field) if !is_readonly && has_join_model(field) => {
                desk.complain("F034", option, format!("the join table of '{name}' is a model of its own"));
            }
            None if !said.shows(name) && !is_readonly => {
                desk.complain("F044", option, format!("'{name}' is neither a field nor a computed column"));
            }
            _ => {}
        }
    }
}

fn has_join_model(field: &Field) -> bool {
    matches!(&field.kind, FieldKind::Many { through, .. } if through.model.is_some())
}

fn fieldsets(desk: &mut Desk<'_>, options: &Options, own: &Shared<'_>) {
    let Some(sets) = &options.fieldsets else { return };
    if options.fields.is_some() {
        desk.complain("F031", "fieldsets", "fields are said, too: say one of them".to_owned());
    }
    let names: Vec<&str> = sets.iter().flat_map(|set| set.fields.iter().flatten()).map(String::as_str).collect();
    for name in doubles(names.iter().copied()) {
        desk.complain("F033", "fieldsets", format!("'{name}' stands there twice"));
    }
    known(desk, "fieldsets", &names, own);
}

fn shuttles(desk: &mut Desk<'_>, options: &Options, model: &Model) {
    let both = [("filter_horizontal", &options.filter_horizontal), ("filter_vertical", &options.filter_vertical)];
    for (option, name) in both.into_iter().flat_map(|(option, names)| names.iter().map(move |name| (option, name))) {
        match model.field(name) {
            None => desk.complain("F036", option, format!("'{name}' is no field")),
            Some(field) if field.is_column() => {
                desk.complain("F037", option, format!("'{name}' is not many-to-many"));
            }
            Some(field) if has_join_model(field) => {
                desk.complain("F034", option, format!("the join table of '{name}' is a model of its own"));
            }
            Some(_) => {}
        }
    }
}

fn radios(desk: &mut Desk<'_>, options: &Options, model: &Model) {
    for (name, _) in &options.radio_fields {
        match model.field(name) {
            None => desk.complain("F038", "radio_fields", format!("'{name}' is no field")),
            Some(field) if field.choices.is_empty() && !matches!(field.kind, FieldKind::One { .. }) => {
                desk.complain("F039", "radio_fields", format!("'{name}' is no relation and has no choices"));
            }
            Some(_) => {}
        }
    }
}

fn prepopulated(desk: &mut Desk<'_>, options: &Options, model: &Model) {
    const OPTION: &str = "prepopulated_fields";
    for (name, sources) in &options.prepopulated_fields {
        match model.field(name) {
            None => desk.complain("F040", OPTION, format!("'{name}' is no field")),
            Some(field) if field.kind == FieldKind::DateTime || field.target().is_some() => {
                desk.complain("F041", OPTION, format!("'{name}' is a {}", field.class_name()));
            }
            Some(_) => {}
        }
        for source in sources.iter().filter(|source| model.field(source).is_none()) {
            desk.complain("F042", OPTION, format!("'{name}' is filled from '{source}', which is no field"));
        }
    }
}

fn overrides(desk: &mut Desk<'_>, options: &Options, model: &Model) {
    let is_class = |name: &str| name.ends_with("Field") || ["ForeignKey"].contains(&name);
    for (name, _) in &options.formfield_overrides {
        if model.field(name).is_none() && !is_class(name) {
            let words = format!("'{name}' is neither a field nor a class of fields such as DateTimeField");
            desk.complain("F045", "formfield_overrides", words);
        }
    }
    for (name, _) in &options.limit_choices_to {
        if model.field(name).is_none_or(|field| field.target().is_none()) {
            desk.complain("F046", "limit_choices_to", format!("'{name}' is no relation"));
        }
    }
}
