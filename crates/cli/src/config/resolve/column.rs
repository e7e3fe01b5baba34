//! A `[[model.column]]`: a template over a row, or a number of rows that point to it.

use factotum::ModelKey;
use factotum::admin::Column;
use factotum::model::{FieldKind, Model};

use super::Workshop;
use super::template::Template;
use crate::complaint::suggestion;
use crate::config::parts::ColumnWritten;
use crate::config::reader::Said;

/// A relation of another model that points to the one at hand.
#[derive(Debug, Clone)]
pub(super) struct Pointing {
    /// The other model.
    pub(super) model: ModelKey,
    /// Its relation.
    pub(super) field: String,
    /// Whether it is a many-to-many relation.
    pub(super) many: bool,
    /// The field here whose value it holds.
    pub(super) to_field: String,
}

/// All computed columns that are written.
pub(super) fn columns(written: &[ColumnWritten], model: &Model, shop: &mut Workshop<'_>) -> Vec<Column> {
    written.iter().filter_map(|said| column(said, model, shop)).collect()
}

fn column(written: &ColumnWritten, model: &Model, shop: &mut Workshop<'_>) -> Option<Column> {
    let name = &written.name.as_ref()?.text;
    if model.field(name).is_some() {
        let words = format!("{} has a field '{name}': a computed column needs another name", model.key);
        shop.complain("C024", &written.place, words);
        return None;
    }
    let title = written.description.clone().unwrap_or_else(|| name.replace('_', " "));
    let mut column = match (&written.template, &written.count) {
        (Some(template), _) => of_template(name, &title, Template::read(template, model, shop)?, written),
        (None, Some(count)) => {
            let from = pointing(count, model, shop)?;
            Column::count(name, &title, from.model, &from.field)
        }
        (None, None) => return None,
    };
    column.markup = written.markup;
    column.boolean = written.boolean;
    column.order = written.ordering.as_ref().map(|said| said.text.clone());
    Some(column)
}

fn of_template(name: &str, title: &str, template: Template, written: &ColumnWritten) -> Column {
    let (boolean, markup) = (written.boolean, written.markup);
    Column::of_row(name, title, move |row| match (boolean, markup) {
        (true, _) => template.truth(row),
        (false, true) => template.markup(row),
        (false, false) => template.value(row),
    })
}

/// What `"app.Model.field"` means: a relation that points to this model.
pub(super) fn pointing(said: &Said, to: &Model, shop: &mut Workshop<'_>) -> Option<Pointing> {
    let (name, field) = said.text.rsplit_once('.').unwrap_or((&said.text, ""));
    let Some(from) = ModelKey::parse(name).and_then(|key| shop.schema.find(&key).cloned()) else {
        let models: Vec<String> = shop.schema.models().map(|model| model.key.to_string()).collect();
        let near = suggestion(name, models.iter().map(String::as_str));
        shop.complain("C015", &said.place, format!("there is no model '{name}'{near}; write \"app.Model.field\""));
        return None;
    };
    let found = from.field(field).filter(|field| field.target() == Some(&to.key));
    let Some(found) = found else {
        let relations = from.fields.iter().filter(|field| field.target() == Some(&to.key));
        let near = suggestion(field, relations.map(|field| field.name.as_str()));
        let words = format!("{} has no relation '{field}' to {}{near}", from.key, to.key);
        shop.complain("C011", &said.place, words);
        return None;
    };
    let to_field = match &found.kind {
        FieldKind::One { to_field: Some(name), .. } => name.clone(),
        _ => to.primary_key.clone(),
    };
    Some(Pointing { model: from.key.clone(), field: found.name.clone(), many: !found.is_column(), to_field })
}
