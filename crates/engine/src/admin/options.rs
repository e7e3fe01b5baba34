//! How one model is administered, as data. Names are Django's; `None` means "infer from the model".

use super::inline::Inline;
use crate::model::Order;
use crate::query::Filter;

/// How one model is administered, as data.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Options {
    /// Columns of the changelist: fields, paths across relations, computed columns, `__str__`.
    pub list_display: Option<Vec<String>>,
    /// Columns that lead to the row: the first one if not said, none if empty.
    pub list_display_links: Option<Vec<String>>,
    /// Columns that can be changed in the changelist.
    pub list_editable: Vec<String>,
    /// Fields or paths that lists can be filtered by, and parameters of [`super::ListFilter`]s.
    pub list_filter: Option<Vec<String>>,
    /// Fields or paths that are searched; `^` in front: at the start, `=`: the whole.
    pub search_fields: Option<Vec<String>>,
    /// What a search box says of itself.
    pub search_help_text: String,
    /// Columns that can be sorted by; all if not said.
    pub sortable_by: Option<Vec<String>>,
    /// The order of the changelist.
    pub ordering: Option<Vec<Order>>,
    /// The most rows that are shown all at once; 200 if not said.
    pub list_max_show_all: Option<u64>,
    /// Whether all rows are counted even when a list is narrowed; yes if not said.
    pub show_full_result_count: Option<bool>,
    /// The date field that a changelist is drilled down by.
    pub date_hierarchy: Option<String>,
    /// What stands for an empty value; `-` if not said.
    pub empty_value_display: Option<String>,
    /// The form's fields, each inner list a row of it; fieldsets go before.
    pub fields: Option<Vec<Vec<String>>>,
    /// The form's fields in groups.
    pub fieldsets: Option<Vec<Fieldset>>,
    /// The form's fields in groups while a row is made; as for a row that is there if not said.
    pub add_fieldsets: Option<Vec<Fieldset>>,
    /// Fields that are shown and never set. May name what is no field.
    pub readonly_fields: Vec<String>,
    /// Fields that are neither shown nor set nor asked about.
    pub exclude: Vec<String>,
    /// Relations that are chosen by typing a key.
    pub raw_id_fields: Vec<String>,
    /// Relations that are chosen by searching.
    pub autocomplete_fields: Vec<String>,
    /// Choices that are drawn as radio buttons.
    pub radio_fields: Vec<(String, Direction)>,
    /// Many-to-many relations that are chosen with two lists side by side.
    pub filter_horizontal: Vec<String>,
    /// Many-to-many relations that are chosen with two lists above each other.
    pub filter_vertical: Vec<String>,
    /// Inputs other than the usual ones, by a field's name or by a class of fields (`DateTimeField`).
    pub formfield_overrides: Vec<(String, Widget)>,
    /// Fields that a form fills from others while somebody types, each with its sources.
    pub prepopulated_fields: Vec<(String, Vec<String>)>,
    /// Rows that a relation may point to, by its name.
    pub limit_choices_to: Vec<(String, Filter)>,
    /// Fields that are searched when somebody looks for a row to point at.
    pub autocomplete_search_fields: Option<Vec<String>>,
    /// Children that are edited with their parent.
    pub inlines: Vec<Inline>,
    /// Whether no row can be made, changed or deleted; actions still run.
    pub read_only: bool,
    /// Rows on a page, where the contract lets the model say.
    pub list_per_page: Option<u64>,
    /// Whether a form offers to save as a new row.
    pub save_as: bool,
    /// Whether the form stays open on a row saved as new; yes if not said.
    pub save_as_continue: Option<bool>,
    /// Whether a form has its buttons at the top, too.
    pub save_on_top: bool,
    /// Whether the changelist offers to delete what is selected; yes if not said.
    pub delete_selected: Option<bool>,
    /// Pages of somebody else's that belong to the model or to its rows.
    pub views: Vec<View>,
}

/// A group of a form's fields.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Fieldset {
    /// Its title.
    pub title: Option<String>,
    /// Its fields, each inner list a row of the form.
    pub fields: Vec<Vec<String>>,
    /// Names of styles.
    pub classes: Vec<String>,
    /// A hint for people; may be markup.
    pub description: Option<String>,
}

/// How radio buttons stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// Side by side.
    Horizontal,
    /// Above each other.
    Vertical,
}

/// An input other than the usual one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Widget {
    /// One line of text.
    TextInput,
    /// Many lines of text.
    Textarea,
    /// A number.
    NumberInput,
    /// A text that is not shown, and whose value is never sent.
    PasswordInput,
    /// A field that is not shown.
    HiddenInput,
    /// One input for an instant instead of one for the day and one for the time.
    DateTimeInput,
    /// Buttons of which one is pressed.
    RadioSelect,
    /// Boxes that are ticked.
    CheckboxSelectMultiple,
}

/// A page that belongs to a model or to its rows, and that this program only links to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct View {
    /// Its name, as `shop_product_label`.
    pub name: String,
    /// Its name for people; empty: made from the last part of the name.
    pub label: String,
    /// Its address below the model's, with `<object_id>` where it is a page of a row: `<object_id>/label/`.
    pub path: String,
}

/// Texts as a list of names, for options written in code.
#[must_use]
pub fn names(names: &[&str]) -> Option<Vec<String>> {
    Some(owned(names))
}

/// The same for options that are never unset.
#[must_use]
pub fn owned(names: &[&str]) -> Vec<String> {
    names.iter().map(|&name| name.to_owned()).collect()
}
