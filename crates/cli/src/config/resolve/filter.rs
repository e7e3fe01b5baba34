//! A `[[model.filter]]`: a parameter of its own, whose values are conditions.

use factotum::admin::ListFilter;
use factotum::model::Model;
use factotum::query::Filter;

use super::{Workshop, rows};
use crate::complaint::suggestion;
use crate::config::parts::FilterWritten;

/// The filter that is written.
pub(super) fn filter(written: &FilterWritten, model: &Model, shop: &mut Workshop<'_>) -> Option<ListFilter> {
    let parameter = &written.parameter_name.as_ref()?.text;
    let title = written.title.clone().unwrap_or_else(|| parameter.replace('_', " "));
    let mut conditions = Vec::with_capacity(written.lookups.len());
    let mut names = Vec::with_capacity(written.lookups.len());
    for lookup in &written.lookups {
        let rows = lookup.rows.as_ref().map_or(Filter::All, |table| rows::filter(table, model, shop));
        conditions.push((lookup.value.clone(), rows));
        names.push((lookup.value.as_str(), lookup.label.as_deref().unwrap_or(&lookup.value)));
    }
    let narrow = move |value: &str| {
        let known = conditions.iter().find(|(known, _)| known == value);
        known.map_or(Filter::All, |(_, rows)| rows.clone())
    };
    let filter = ListFilter::new(parameter, &title, &names, narrow);
    let Some(initial) = &written.initial else { return Some(filter) };
    if !names.iter().any(|(value, _)| *value == initial.text) {
        let near = suggestion(&initial.text, names.iter().map(|(value, _)| *value));
        let words = format!("the filter '{parameter}' has no value '{}'{near}", initial.text);
        shop.complain("C014", &initial.place, words);
    }
    Some(filter.initially(&initial.text))
}
