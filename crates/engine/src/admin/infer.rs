//! What an admin does not say is inferred from its model, in this one place.

use std::borrow::Cow;

use crate::model::{Field, FieldKind, Order, TextFormat};
use crate::site::Resource;

/// The most columns that are inferred.
const COLUMNS: usize = 7;
/// The most search fields that are inferred.
const SEARCHED: usize = 3;
/// The most filters that are inferred.
const FILTERS: usize = 6;

impl Resource {
    /// The columns of the changelist: the declared ones, else the key and the first fields that a form may set.
    /// An empty list counts as unset.
    #[must_use]
    pub fn list_display(&self) -> Cow<'_, [String]> {
        let shown =
            |field: &&Field| !matches!(field.kind, FieldKind::Json) && !is_long_text(field) && field.is_column();
        declared(&self.options.list_display).unwrap_or_else(|| {
            let key = std::iter::once(self.model.primary_key.clone());
            let rest = self.settable().filter(shown).map(|field| field.name.clone());
            key.chain(rest).take(COLUMNS).collect::<Vec<_>>().into()
        })
    }

    /// The fields that are searched: the declared ones, else the first short texts. An empty list means none.
    #[must_use]
    pub fn search_fields(&self) -> Cow<'_, [String]> {
        let searched = |field: &&Field| is_short_text(field) && field.choices.is_empty();
        self.options.search_fields.as_deref().map_or_else(
            || {
                self.settable()
                    .filter(searched)
                    .take(SEARCHED)
                    .map(|field| field.name.clone())
                    .collect::<Vec<_>>()
                    .into()
            },
            Cow::Borrowed,
        )
    }

    /// The filters: the declared ones, else the first fields with few values. An empty list means none.
    #[must_use]
    pub fn list_filter(&self) -> Cow<'_, [String]> {
        let filtered =
            |field: &&Field| !field.choices.is_empty() || matches!(field.kind, FieldKind::Bool | FieldKind::One { .. });
        self.options.list_filter.as_deref().map_or_else(
            || {
                self.settable()
                    .filter(filtered)
                    .take(FILTERS)
                    .map(|field| field.name.clone())
                    .collect::<Vec<_>>()
                    .into()
            },
            Cow::Borrowed,
        )
    }

    /// The order of the changelist: the declared one, else the model's, else the newest key first.
    /// An empty list counts as unset.
    #[must_use]
    pub fn ordering(&self) -> Cow<'_, [Order]> {
        match &self.options.ordering {
            Some(order) if !order.is_empty() => Cow::Borrowed(order),
            _ if !self.model.ordering.is_empty() => Cow::Borrowed(&self.model.ordering),
            _ => vec![Order { path: self.model.primary_key.clone(), descending: true }].into(),
        }
    }

    /// The fields that are searched for a row to point at: the declared ones, else the search fields, else the key.
    #[must_use]
    pub fn autocomplete_fields(&self) -> Cow<'_, [String]> {
        if let Some(fields) = declared(&self.options.autocomplete_search_fields) {
            return fields;
        }
        let searched = self.search_fields();
        if searched.is_empty() { vec![self.model.primary_key.clone()].into() } else { searched }
    }

    /// The fields that a form may set and somebody may see, the key left out.
    fn settable(&self) -> impl Iterator<Item = &Field> {
        let model = &self.model;
        model
            .fields
            .iter()
            .filter(|field| field.takes_input() && field.name != model.primary_key && !self.hides(&field.name))
    }
}

fn declared(names: &Option<Vec<String>>) -> Option<Cow<'_, [String]>> {
    names.as_deref().filter(|names| !names.is_empty()).map(Cow::Borrowed)
}

fn is_long_text(field: &Field) -> bool {
    matches!(field.kind, FieldKind::Text { format: TextFormat::Long, .. })
}

/// Django's `CharField` and the classes made from it.
fn is_short_text(field: &Field) -> bool {
    use TextFormat::{Email, Line, Slug, Url};
    matches!(field.kind, FieldKind::Text { format: Line | Slug | Email | Url, .. })
}
