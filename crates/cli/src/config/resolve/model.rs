//! A `[[model]]` on its table: what is written replaces what was found.

use factotum::ModelKey;
use factotum::model::facts::Facts;
use factotum::model::{Label, Model, Order, Unique};

use super::{Workshop, field, infer};
use crate::complaint::suggestion;
use crate::config::Written;
use crate::config::model::{ModelWritten, UniqueWritten};
use crate::config::reader::Said;

/// What `[[model]]` says of tables before anything is inferred.
#[derive(Debug, Default)]
pub(super) struct Given {
    /// The names of their models.
    pub(super) names: Vec<(String, ModelKey)>,
    /// The columns of their primary keys.
    pub(super) keys: Vec<(String, String)>,
}

/// The names and primary keys that `[[model]]` gives to tables; inference starts with them.
pub(super) fn names(written: &Written, facts: &Facts, people_here: bool) -> Given {
    let (found, _) = infer(facts, people_here, &[], &[]);
    let mut given = Given::default();
    for model in &written.models {
        let key = model.name.as_ref().and_then(|name| ModelKey::parse(&name.text));
        let table = model.table.as_ref().map(|table| table.text.clone()).or_else(|| {
            let key = key.as_ref()?;
            let usual = format!("{}_{}", key.app, key.lower_name());
            let table = facts.tables.iter().find(|table| table.name == usual).map(|table| table.name.clone());
            table.or_else(|| {
                found.models.iter().find(|other| same(&other.model.key, key)).map(|other| other.model.table.clone())
            })
        });
        let Some(table) = table else { continue };
        if let Some(column) = &model.primary_key {
            given.keys.push((table.clone(), column.text.clone()));
        }
        given.names.extend(key.map(|key| (table, key)));
    }
    given
}

fn same(one: &ModelKey, other: &ModelKey) -> bool {
    one.app.eq_ignore_ascii_case(&other.app) && one.lower_name() == other.lower_name()
}

/// The model that is meant, with everything that is written of it.
pub(super) fn model(written: &ModelWritten, shop: &mut Workshop<'_>) -> Option<Model> {
    let mut model = base(written, shop)?;
    if let Some(singular) = &written.verbose_name {
        model.plural = format!("{singular}s");
        model.singular.clone_from(singular);
    }
    if let Some(plural) = &written.verbose_name_plural {
        model.plural.clone_from(plural);
    }
    for said in &written.fields {
        field::apply(&mut model, said, shop);
    }
    if let Some(key) = &written.primary_key {
        match model.fields.iter().find(|field| field.name == key.text || field.column == key.text) {
            Some(field) => model.primary_key = field.name.clone(),
            None => shop.complain("C011", &key.place, format!("{} has no column '{}'", model.table, key.text)),
        }
    }
    order_fields(&mut model, &written.field_order, shop);
    if let Some(label) = &written.label {
        match Label::parse(&label.text) {
            Ok(parsed) => model.label = parsed,
            Err(words) => shop.complain("C012", &label.place, format!("the label cannot be read: {words}")),
        }
    }
    if let Some(ordering) = &written.ordering {
        model.ordering = ordering.iter().map(|said| Order::parse(&said.text)).collect();
    }
    if let Some(together) = &written.unique_together {
        let fields = |group: &Vec<Said>| group.iter().map(|said| said.text.clone()).collect();
        model.unique_together = together.iter().map(|group| Unique { fields: fields(group), words: None }).collect();
    }
    for said in &written.unique {
        unique(&mut model, said, shop);
    }
    Some(model)
}

/// A rule across fields; of a rule that is known already, what is said when it is broken.
fn unique(model: &mut Model, said: &UniqueWritten, shop: &mut Workshop<'_>) {
    if let Some(name) = said.fields.iter().find(|name| model.field(&name.text).is_none()) {
        let near = suggestion(&name.text, model.fields.iter().map(|field| field.name.as_str()));
        shop.complain("C011", &said.place, format!("{} has no field '{}'{near}", model.key, name.text));
        return;
    }
    let fields: Vec<String> = said.fields.iter().map(|name| name.text.clone()).collect();
    let same = |rule: &&mut Unique| {
        rule.fields.len() == fields.len() && fields.iter().all(|field| rule.fields.contains(field))
    };
    match model.unique_together.iter_mut().find(same) {
        Some(rule) => *rule = Unique { fields, words: said.message.clone() },
        None => model.unique_together.push(Unique { fields, words: said.message.clone() }),
    }
}

/// What was found under the table or the name.
fn base(written: &ModelWritten, shop: &mut Workshop<'_>) -> Option<Model> {
    let key = written.name.as_ref().and_then(|name| ModelKey::parse(&name.text));
    if let (Some(name), None) = (&written.name, &key) {
        shop.complain("C013", &name.place, format!("'{}' is no name of a model: write \"app.Model\"", name.text));
        return None;
    }
    let fits = |model: &Model| match (&written.table, &key) {
        (Some(table), _) => model.table == table.text,
        (None, Some(key)) => same(&model.key, key),
        (None, None) => false,
    };
    let inferred = shop.inference.models.iter().map(|inferred| &inferred.model);
    let found = shop.known.iter().chain(inferred).find(|model| fits(model)).cloned();
    if found.is_none() {
        complain_of_missing(written, shop);
    }
    found.map(|model| Model { key: key.unwrap_or(model.key), ..model })
}

fn complain_of_missing(written: &ModelWritten, shop: &mut Workshop<'_>) {
    let Some(said) = written.table.as_ref().or(written.name.as_ref()) else { return };
    let left_out = shop.inference.left_out.iter().find(|(table, _)| *table == said.text);
    let words = match left_out {
        Some((table, reason)) => {
            format!(
                "the table '{table}' cannot be administered: {reason}; write 'primary_key' if a column tells its rows apart"
            )
        }
        None => {
            let tables = shop.facts.tables.iter().map(|table| table.name.as_str());
            let models =
                shop.inference.models.iter().map(|inferred| inferred.model.key.to_string()).collect::<Vec<_>>();
            let near = match &written.table {
                Some(table) => suggestion(&table.text, tables),
                None => suggestion(&said.text, models.iter().map(String::as_str)),
            };
            let kind = if written.table.is_some() { "table" } else { "table for a model" };
            format!("the database has no {kind} '{}'{near}", said.text)
        }
    };
    shop.complain("C010", &said.place, words);
}

/// Fields in the order that is written, the others after them, many-to-many last.
fn order_fields(model: &mut Model, order: &[Said], shop: &mut Workshop<'_>) {
    for said in order {
        if model.field(&said.text).is_none() {
            let near = suggestion(&said.text, model.fields.iter().map(|field| field.name.as_str()));
            shop.complain("C011", &said.place, format!("{} has no field '{}'{near}", model.key, said.text));
        }
    }
    let place = |name: &str| order.iter().position(|said| said.text == name).unwrap_or(order.len());
    model.fields.sort_by_key(|field| (!field.is_column(), place(&field.name)));
}
