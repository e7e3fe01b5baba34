//! How this contract shows a model, as data. Names and defaults are the original's; columns go by their names in the
//! table, as everywhere in this contract.

use indexmap::IndexMap;
use serde_json::{Map, Value as Json};

/// How this contract shows a model. What is not said comes from the model and from its admin's options.
///
/// ```
/// use factotum::contract::litestar::{View, columns};
/// let view = View {
///     icon: Some("folder".into()),
///     category: Some("Catalog".into()),
///     column_searchable_list: Some(columns(&["name", "slug"])),
///     ..View::default()
/// };
/// # assert!(view.can_edit.is_none());
/// ```
#[derive(Debug, Clone, Default, PartialEq)]
pub struct View {
    /// The name for people; the model's own name if not said.
    pub name: Option<String>,
    /// The name in addresses; made of the name for people if not said: lower case, `-` for blanks.
    pub identity: Option<String>,
    /// The name of its icon; `table` if not said.
    pub icon: Option<String>,
    /// The heading that it stands under.
    pub category: Option<String>,
    /// Whether rows can be made; yes if not said, unless the model is only read.
    pub can_create: Option<bool>,
    /// Whether rows can be changed.
    pub can_edit: Option<bool>,
    /// Whether rows can be deleted.
    pub can_delete: Option<bool>,
    /// Whether a row can be looked at by itself.
    pub can_view_details: Option<bool>,
    /// Whether rows can be exported.
    pub can_export: Option<bool>,
    /// The columns of lists; all if not said.
    pub column_list: Option<Vec<String>>,
    /// Columns that lists do not have.
    pub column_exclude_list: Vec<String>,
    /// Columns that are searched; only those that hold text count.
    pub column_searchable_list: Option<Vec<String>>,
    /// Columns that can be sorted by; all if none is said.
    pub column_sortable_list: Option<Vec<String>>,
    /// The order of lists: a column, and whether the greatest come first.
    pub column_default_sort: Option<(String, bool)>,
    /// The columns of forms; all if not said.
    pub form_columns: Option<Vec<String>>,
    /// Columns that forms do not have.
    pub form_excluded_columns: Vec<String>,
    /// Groups of a form's columns, passed on as they are.
    pub form_fieldsets: Vec<Json>,
    /// Inputs of a form that are no columns, each with its schema; `required` in one is taken out of it.
    pub form_extra_fields: Map<String, Json>,
    /// Names of inputs other than the usual ones, by column.
    pub form_widgets: IndexMap<String, String>,
    /// Columns that hold markup, each with the tags that are kept; the usual ones if the list is empty.
    pub rich_text_fields: IndexMap<String, Vec<String>>,
    /// Columns that are searched when somebody looks for a row to point at, by the relation's name in the address.
    pub relationship_search_fields: IndexMap<String, Vec<String>>,
    /// Columns that are shown of such rows, by the relation's name in the address.
    pub relationship_display_fields: IndexMap<String, Vec<String>>,
    /// Foreign keys that are no relation: forms name their target, but nothing of it is shown.
    pub plain_foreign_keys: Vec<String>,
    /// Spans of time that are shown and set as whole numbers of microseconds, as databases without such a type keep
    /// them.
    pub microseconds: Vec<String>,
}

/// Texts as a list of columns, for views written in code.
#[must_use]
pub fn columns(names: &[&str]) -> Vec<String> {
    names.iter().map(|&name| name.to_owned()).collect()
}
