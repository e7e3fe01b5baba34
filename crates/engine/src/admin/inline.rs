//! Children that are edited with their parent.

use super::column::Column;
use crate::model::ModelKey;
use crate::principal::Verb;

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
