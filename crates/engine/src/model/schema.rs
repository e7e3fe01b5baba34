//! All models of a site, and the relations seen from their far ends.

use std::collections::HashMap;
use std::sync::Arc;

use indexmap::IndexMap;

use super::{Field, FieldKind, Model, ModelKey, OnDelete};

/// A foreign key seen from the model it points to.
#[derive(Debug, Clone)]
pub struct Reverse {
    /// The model that has the foreign key.
    pub model: Arc<Model>,
    /// The foreign key's position among that model's fields.
    pub field: usize,
    /// What happens to its rows when the target goes.
    pub on_delete: OnDelete,
    /// The name of the relation from this end: `images`, or the model's lower-case name.
    pub name: String,
}

impl Reverse {
    /// The foreign key.
    #[must_use]
    pub fn field(&self) -> &Field {
        &self.model.fields[self.field]
    }
}

/// All models of a site in the order they were declared, join tables of many-to-many fields included.
#[derive(Debug, Clone, Default)]
pub struct Schema {
    models: IndexMap<ModelKey, Arc<Model>>,
    reverse: HashMap<ModelKey, Vec<Reverse>>,
}

impl Schema {
    /// Collects models; each many-to-many field without a hand-made model brings the model of its join table,
    /// which comes right before the model that has the field, as in Django.
    #[must_use]
    pub fn new(models: impl IntoIterator<Item = Model>) -> Schema {
        let declared: IndexMap<ModelKey, Model> = models.into_iter().map(|model| (model.key.clone(), model)).collect();
        let mut all = IndexMap::new();
        for model in declared.values() {
            for field in model.many() {
                if let Some(join) = super::build::join_model(model, field, &declared) {
                    all.insert(join.key.clone(), Arc::new(join));
                }
            }
            all.insert(model.key.clone(), Arc::new(model.clone()));
        }
        let reverse = reverse_of(&all);
        Schema { models: all, reverse }
    }

    /// The model of this name.
    #[must_use]
    pub fn model(&self, key: &ModelKey) -> Option<&Arc<Model>> {
        self.models.get(key)
    }

    /// The model of this name in any case, exact spelling first.
    #[must_use]
    pub fn find(&self, key: &ModelKey) -> Option<&Arc<Model>> {
        let same = |other: &&Arc<Model>| {
            other.key.app.eq_ignore_ascii_case(&key.app) && other.key.name.eq_ignore_ascii_case(&key.name)
        };
        self.models.get(key).or_else(|| self.models.values().find(same))
    }

    /// All models in order.
    pub fn models(&self) -> impl Iterator<Item = &Arc<Model>> {
        self.models.values()
    }

    /// The foreign keys that point to a model, in the order their models were declared.
    #[must_use]
    pub fn reverse(&self, key: &ModelKey) -> &[Reverse] {
        self.reverse.get(key).map_or(&[], Vec::as_slice)
    }
}

fn reverse_of(models: &IndexMap<ModelKey, Arc<Model>>) -> HashMap<ModelKey, Vec<Reverse>> {
    let mut reverse: HashMap<ModelKey, Vec<Reverse>> = HashMap::new();
    for model in models.values() {
        for (position, field) in model.fields.iter().enumerate() {
            if let FieldKind::One { to, on_delete, .. } = &field.kind {
                let said = &field.related_name;
                let name = if said.is_empty() { model.key.lower_name() } else { said.clone() };
                let entry = Reverse { model: model.clone(), field: position, on_delete: *on_delete, name };
                reverse.entry(to.clone()).or_default().push(entry);
            }
        }
    }
    reverse
}
