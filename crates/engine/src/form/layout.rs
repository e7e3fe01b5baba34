//! Which fields a form shows, in which order and groups, and which of them it may set.

use crate::admin::{Fieldset, ModelAdmin};
use crate::model::{Field, FieldKind, Model, Row};
use crate::principal::Principal;
use crate::site::Resource;

/// A form's visible fields in groups. Names that are no field are read-only ones: computed columns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Layout {
    /// The groups that show anything, in order.
    pub groups: Vec<Fieldset>,
    /// What is shown and never set.
    pub read_only: Vec<String>,
}

impl Layout {
    /// The layout of a resource's form for somebody, for a row that is there or (`None`) for a new one. Names that
    /// contain one of the words of `withheld`, whatever the case, are in no form.
    #[must_use]
    pub fn of(resource: &Resource, who: &Principal, row: Option<&Row>, withheld: &[&str]) -> Layout {
        let read_only = read_only(resource, who, row);
        let shown = |name: &String| !resource.hides(name) && !is_withheld(name, withheld);
        let mut groups = declared(resource, row.is_none()).unwrap_or_else(|| vec![everything(resource, &read_only)]);
        for group in &mut groups {
            for line in &mut group.fields {
                line.retain(shown);
            }
            group.fields.retain(|line| !line.is_empty());
        }
        groups.retain(|group| !group.fields.is_empty());
        Layout { groups, read_only }
    }

    /// The visible names in order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.groups.iter().flat_map(|group| group.fields.iter().flatten()).map(String::as_str)
    }

    /// Whether a name is shown and never set.
    #[must_use]
    pub fn is_read_only(&self, name: &str) -> bool {
        self.read_only.iter().any(|known| known == name)
    }

    /// The positions of the fields that the form sets, in the form's order.
    #[must_use]
    pub fn writable(&self, model: &Model) -> Vec<usize> {
        let mut fields: Vec<usize> = Vec::new();
        for name in self.names().filter(|name| !self.is_read_only(name)) {
            let at = model.fields.iter().position(|field| field.name == name && is_settable(field));
            if let Some(at) = at.filter(|at| !fields.contains(at)) {
                fields.push(at);
            }
        }
        fields
    }
}

/// Whether a name contains one of these words, whatever the case.
#[must_use]
pub fn is_withheld(name: &str, words: &[&str]) -> bool {
    let name = name.to_lowercase();
    words.iter().any(|word| name.contains(word))
}

/// Whether a form can set a field at all: not what the database or the engine gives, nor what is fixed, nor a relation
/// whose join table has a model of its own.
#[must_use]
pub fn is_settable(field: &Field) -> bool {
    let through = matches!(&field.kind, FieldKind::Many { through, .. } if through.model.is_some());
    let given = field.is_auto() || !field.takes_input() || field.stamp.is_some();
    !(through || given)
}

fn read_only(resource: &Resource, who: &Principal, row: Option<&Row>) -> Vec<String> {
    let admin: &dyn ModelAdmin = &*resource.admin;
    let mut names = resource.options.readonly_fields.clone();
    names.extend(admin.read_only(who, row));
    names
}

/// The groups that the admin declares.
fn declared(resource: &Resource, adding: bool) -> Option<Vec<Fieldset>> {
    let options = &resource.options;
    let added = options.add_fieldsets.as_ref().filter(|_| adding);
    added.or(options.fieldsets.as_ref()).cloned().or_else(|| {
        let fields = options.fields.clone()?;
        Some(vec![Fieldset { fields, ..Fieldset::default() }])
    })
}

/// One group of all that can be set, in the model's order, and then what can only be looked at.
fn everything(resource: &Resource, read_only: &[String]) -> Fieldset {
    let settable = resource.model.fields.iter().filter(|field| is_settable(field)).map(|field| &field.name);
    let open: Vec<&String> = settable.filter(|name| !read_only.contains(name)).collect();
    let fields = open.into_iter().chain(read_only).map(|name| vec![name.clone()]).collect();
    Fieldset { fields, ..Fieldset::default() }
}
