//! Children that are edited with their parent.

use std::sync::Arc;

use futures_util::future::BoxFuture;

use super::column::Column;
use super::{Draft, Event, ModelAdmin, Options};
use crate::context::Context;
use crate::error::Result;
use crate::model::{ModelKey, Row};
use crate::principal::{Principal, Verb};
use crate::query::Filter;
use crate::site::Resource;

/// Children that are edited with their parent.
#[derive(Debug, Clone, PartialEq)]
pub struct Inline {
    /// The children's model.
    pub model: ModelKey,
    /// Their foreign key to the parent.
    pub fk_field: String,
    /// How they are drawn.
    pub kind: InlineKind,
    /// Their fields, in order; all that a form may set if not said.
    pub fields: Option<Vec<String>>,
    /// Fields that are shown and never set; may name computed columns.
    pub readonly_fields: Vec<String>,
    /// Fields that are neither shown nor set.
    pub exclude: Vec<String>,
    /// Relations that are chosen by typing a key.
    pub raw_id_fields: Vec<String>,
    /// Relations that are chosen by searching.
    pub autocomplete_fields: Vec<String>,
    /// How many empty rows a form offers; 3 if not said.
    pub extra: Option<u64>,
    /// The least rows, for people.
    pub min_num: Option<u64>,
    /// The most rows, for people.
    pub max_num: Option<u64>,
    /// Whether a form offers to delete rows, for people.
    pub can_delete: bool,
    /// Whether rows lead to a page of their own.
    pub show_change_link: bool,
    /// The verbs that anybody can have on the children here; all if not said.
    pub verbs: Option<Vec<Verb>>,
    /// Columns that are computed from a child.
    pub columns: Vec<Column>,
}

/// How children are drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum InlineKind {
    /// One line each.
    #[default]
    Tabular,
    /// One form each.
    Stacked,
}

impl Inline {
    /// The children that point to their parent with this foreign key.
    #[must_use]
    pub fn new(model: ModelKey, fk_field: &str) -> Inline {
        Inline {
            model,
            fk_field: fk_field.to_owned(),
            kind: InlineKind::Tabular,
            fields: None,
            readonly_fields: Vec::new(),
            exclude: Vec::new(),
            raw_id_fields: Vec::new(),
            autocomplete_fields: Vec::new(),
            extra: None,
            min_num: None,
            max_num: None,
            can_delete: true,
            show_change_link: false,
            verbs: None,
            columns: Vec::new(),
        }
    }
}

/// How children are administered inside their parent: what the inline says, and behind it the hooks of the admin that
/// the children's model has of its own, if it is registered.
pub(crate) struct InlineAdmin {
    inline: Inline,
    own: Option<Arc<dyn ModelAdmin>>,
}

impl InlineAdmin {
    pub(crate) fn new(inline: Inline, own: Option<Arc<dyn ModelAdmin>>) -> InlineAdmin {
        InlineAdmin { inline, own }
    }
}

impl ModelAdmin for InlineAdmin {
    fn options(&self) -> Options {
        let inline = &self.inline;
        let own = self.own.as_ref().map(|own| own.options()).unwrap_or_default();
        let mut exclude = inline.exclude.clone();
        exclude.push(inline.fk_field.clone());
        Options {
            fields: inline.fields.as_ref().map(|names| names.iter().map(|name| vec![name.clone()]).collect()),
            readonly_fields: inline.readonly_fields.clone(),
            exclude,
            raw_id_fields: inline.raw_id_fields.clone(),
            autocomplete_fields: inline.autocomplete_fields.clone(),
            limit_choices_to: own.limit_choices_to,
            read_only: own.read_only,
            ..Options::default()
        }
    }

    /// What was granted, as far as the inline lets it through. A rule of the model's own about single rows counts, too:
    /// what may not be done to a row may not be done to it in another place.
    fn allows(&self, who: &Principal, verb: Verb, resource: &Resource, row: Option<&Row>) -> bool {
        let open = self.inline.verbs.as_ref().is_none_or(|verbs| verbs.contains(&verb));
        let own = || match (&self.own, row) {
            (Some(own), Some(row)) => own.allows(who, verb, resource, Some(row)),
            (Some(_) | None, _) => true,
        };
        open && resource.grants(who, verb) && own()
    }

    fn rows(&self, who: &Principal) -> Filter {
        self.own.as_ref().map_or(Filter::All, |own| own.rows(who))
    }

    fn clean<'a>(&'a self, cx: &'a mut Context, draft: &'a mut Draft) -> BoxFuture<'a, Result<()>> {
        match &self.own {
            Some(own) => own.clean(cx, draft),
            None => Box::pin(async { Ok(()) }),
        }
    }

    fn after<'a>(&'a self, cx: &'a mut Context, row: &'a Row, event: Event) -> BoxFuture<'a, Result<()>> {
        match &self.own {
            Some(own) => own.after(cx, row, event),
            None => Box::pin(async { Ok(()) }),
        }
    }

    fn columns(&self) -> Vec<Column> {
        self.inline.columns.clone()
    }
}
