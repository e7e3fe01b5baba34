//! Children that are edited with their parent: an inline, and its model as it is administered there.

use std::collections::HashMap;
use std::sync::Arc;

use super::Resource;
use crate::admin::{Inline, InlineAdmin, ModelAdmin};
use crate::model::{Field, FieldKind, ModelKey, Row, Schema};
use crate::value::Value;

/// Children that are edited with their parent.
#[derive(Debug)]
pub struct Child {
    /// How they were declared.
    pub inline: Inline,
    /// Their model, as it is administered there.
    pub resource: Resource,
}

impl Child {
    /// Their foreign key to the parent.
    ///
    /// # Panics
    /// If it names no field; a built site has no such inline.
    #[must_use]
    pub fn key_to_parent(&self) -> &Field {
        self.resource.model.field(&self.inline.fk_field).expect("an inline's foreign key is one of its model's fields")
    }

    /// The value that children of a row have in their foreign key.
    #[must_use]
    pub fn value_of_parent<'r>(&self, parent: &'r Row) -> &'r Value {
        match &self.key_to_parent().kind {
            FieldKind::One { to_field: Some(name), .. } => parent.get(name),
            _ => parent.key(),
        }
    }
}

/// The inlines of a resource with their models; those that are told as a problem are left out.
pub(super) fn all(schema: &Schema, parent: &Resource, admins: &HashMap<ModelKey, Arc<dyn ModelAdmin>>) -> Vec<Child> {
    let child = |inline: &Inline| {
        let model = schema.find(&inline.model)?;
        model.field(&inline.fk_field)?;
        let admin = InlineAdmin::new(inline.clone(), admins.get(&model.key).cloned());
        let resource = Resource::new(model.clone(), Arc::new(admin), parent.change_shows);
        Some(Child { inline: inline.clone(), resource })
    };
    parent.options.inlines.iter().filter_map(child).collect()
}
