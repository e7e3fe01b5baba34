//! How a model is administered, as typed: Django's options, for every contract or for one.

use super::node::{Kind, Node, Table};
use super::parts::ColumnWritten;
use super::reader::{Reader, Said, said, texts};
use crate::complaint::Place;

/// Names in the rows of a form.
pub(crate) type Rows = Vec<Vec<Said>>;

/// How a model is administered, for all doors or for one.
#[derive(Debug, Default, Clone)]
pub(crate) struct OptionsWritten {
    pub(crate) list_display: Option<Vec<Said>>,
    pub(crate) list_display_links: Option<Vec<Said>>,
    pub(crate) list_editable: Option<Vec<Said>>,
    pub(crate) list_filter: Option<Vec<Said>>,
    pub(crate) search_fields: Option<Vec<Said>>,
    pub(crate) search_help_text: Option<String>,
    pub(crate) autocomplete_search_fields: Option<Vec<Said>>,
    pub(crate) sortable_by: Option<Vec<Said>>,
    pub(crate) ordering: Option<Vec<Said>>,
    pub(crate) list_per_page: Option<u64>,
    pub(crate) list_max_show_all: Option<u64>,
    pub(crate) show_full_result_count: Option<bool>,
    pub(crate) date_hierarchy: Option<String>,
    pub(crate) empty_value_display: Option<String>,
    pub(crate) fields: Option<Rows>,
    pub(crate) fieldsets: Option<Vec<FieldsetWritten>>,
    pub(crate) readonly_fields: Option<Vec<Said>>,
    pub(crate) exclude: Option<Vec<Said>>,
    pub(crate) raw_id_fields: Option<Vec<Said>>,
    pub(crate) autocomplete_fields: Option<Vec<Said>>,
    pub(crate) radio_fields: Option<Table>,
    pub(crate) filter_horizontal: Option<Vec<Said>>,
    pub(crate) filter_vertical: Option<Vec<Said>>,
    pub(crate) formfield_overrides: Option<Table>,
    pub(crate) prepopulated_fields: Option<Table>,
    pub(crate) limit_choices_to: Option<Table>,
    pub(crate) inlines: Option<Vec<InlineWritten>>,
    pub(crate) read_only: Option<bool>,
    pub(crate) rows: Option<Table>,
    pub(crate) save_as: Option<bool>,
    pub(crate) save_as_continue: Option<bool>,
    pub(crate) save_on_top: Option<bool>,
    pub(crate) delete_selected: Option<bool>,
    pub(crate) view_on_site: Option<Said>,
    pub(crate) actions: Option<Vec<Said>>,
    /// Whether the model is administered, for one door.
    pub(crate) managed: Option<bool>,
    /// Where each key was written.
    pub(crate) places: Vec<(&'static str, Place)>,
}

/// A group of a form's fields.
#[derive(Debug, Default, Clone)]
pub(crate) struct FieldsetWritten {
    pub(crate) title: Option<String>,
    pub(crate) fields: Rows,
    pub(crate) classes: Vec<String>,
    pub(crate) description: Option<String>,
}

/// Children that are edited with their parent.
#[derive(Debug, Default, Clone)]
pub(crate) struct InlineWritten {
    pub(crate) model: Said,
    pub(crate) fk_name: Option<Said>,
    pub(crate) kind: Option<Said>,
    pub(crate) fields: Option<Rows>,
    pub(crate) readonly_fields: Vec<Said>,
    pub(crate) exclude: Vec<Said>,
    pub(crate) raw_id_fields: Vec<Said>,
    pub(crate) autocomplete_fields: Vec<Said>,
    pub(crate) extra: Option<u64>,
    pub(crate) min_num: Option<u64>,
    pub(crate) max_num: Option<u64>,
    pub(crate) can_delete: Option<bool>,
    pub(crate) show_change_link: bool,
    pub(crate) permissions: Option<Vec<Said>>,
    pub(crate) columns: Vec<ColumnWritten>,
}

impl OptionsWritten {
    pub(super) fn of(reader: &mut Reader<'_>, of_contract: bool) -> OptionsWritten {
        let mut options = OptionsWritten {
            list_display: reader.texts("list_display"),
            list_display_links: reader.texts("list_display_links"),
            list_editable: reader.texts("list_editable"),
            list_filter: reader.texts("list_filter"),
            search_fields: reader.texts("search_fields"),
            search_help_text: reader.text("search_help_text"),
            autocomplete_search_fields: reader.texts("autocomplete_search_fields"),
            sortable_by: reader.texts("sortable_by"),
            ordering: reader.texts("ordering"),
            list_per_page: reader.number("list_per_page"),
            list_max_show_all: reader.number("list_max_show_all"),
            show_full_result_count: reader.truth("show_full_result_count"),
            date_hierarchy: reader.text("date_hierarchy"),
            empty_value_display: reader.text("empty_value_display"),
            fields: reader.rows("fields"),
            fieldsets: reader.sections_if_any("fieldsets", FieldsetWritten::of),
            readonly_fields: reader.texts("readonly_fields"),
            exclude: reader.texts("exclude"),
            raw_id_fields: reader.texts("raw_id_fields"),
            autocomplete_fields: reader.texts("autocomplete_fields"),
            radio_fields: reader.table("radio_fields"),
            filter_horizontal: reader.texts("filter_horizontal"),
            filter_vertical: reader.texts("filter_vertical"),
            formfield_overrides: reader.table("formfield_overrides"),
            prepopulated_fields: reader.table("prepopulated_fields"),
            limit_choices_to: reader.table("limit_choices_to"),
            inlines: inlines(reader),
            read_only: reader.truth("read_only"),
            rows: reader.table("rows"),
            save_as: reader.truth("save_as"),
            save_as_continue: reader.truth("save_as_continue"),
            save_on_top: reader.truth("save_on_top"),
            delete_selected: reader.truth("delete_selected"),
            view_on_site: reader.said("view_on_site"),
            actions: if of_contract { reader.texts("actions") } else { None },
            managed: if of_contract { reader.truth("managed") } else { None },
            places: Vec::new(),
        };
        options.places = reader.places();
        options
    }

    /// What is written for one contract, and for all of them where that one is silent. The general order is the
    /// model's own and stays there.
    pub(crate) fn over(self, general: &OptionsWritten) -> OptionsWritten {
        macro_rules! first_said {
            ($($key:ident),+ $(,)?) => {
                OptionsWritten {
                    $($key: self.$key.or_else(|| general.$key.clone()),)+
                    ordering: self.ordering,
                    places: self.places.into_iter().chain(general.places.clone()).collect(),
                }
            };
        }
        first_said! {
            list_display, list_display_links, list_editable, list_filter, search_fields, search_help_text,
            autocomplete_search_fields, sortable_by, list_per_page, list_max_show_all, show_full_result_count,
            date_hierarchy, empty_value_display, fields, fieldsets, readonly_fields, exclude, raw_id_fields,
            autocomplete_fields, radio_fields, filter_horizontal, filter_vertical, formfield_overrides,
            prepopulated_fields, limit_choices_to, inlines, read_only, rows, save_as, save_as_continue, save_on_top,
            delete_selected, view_on_site, actions, managed,
        }
    }
}

impl FieldsetWritten {
    fn of(reader: &mut Reader<'_>) -> FieldsetWritten {
        let fieldset = FieldsetWritten {
            title: reader.text("title"),
            fields: reader.rows("fields").unwrap_or_default(),
            classes: reader.plain("classes"),
            description: reader.text("description"),
        };
        if fieldset.fields.is_empty() {
            reader.complain("C005", "fields", "a fieldset needs 'fields': their names".to_owned());
        }
        fieldset
    }
}

/// Tables with all that can be said, `["shop.ProductImage", "product"]`, or only the model's name where it points here
/// once.
fn inlines(reader: &mut Reader<'_>) -> Option<Vec<InlineWritten>> {
    let node = reader.node("inlines")?;
    let Kind::List(items) = node.kind else {
        reader.complain("C004", "inlines", format!("'inlines' must be a list of models{INLINES}"));
        return None;
    };
    let mut inlines = Vec::new();
    for item in items {
        let Node { place, kind } = item;
        if let Kind::Table(table) = kind {
            inlines.push(reader.inner("inlines", place, table, InlineWritten::of));
            continue;
        }
        match short(&Node { place, kind }) {
            Some(inline) => inlines.push(inline),
            None => reader.complain("C004", "inlines", format!("'inlines' must be a list of models{INLINES}")),
        }
    }
    Some(inlines)
}

const INLINES: &str = ", each \"app.Model\", [\"app.Model\", \"foreign_key\"] or a table with 'model'";

fn short(item: &Node) -> Option<InlineWritten> {
    if let Some(model) = said(item) {
        return Some(InlineWritten { model, ..InlineWritten::default() });
    }
    match texts(item)?.as_slice() {
        [model, fk_name] => {
            Some(InlineWritten { model: model.clone(), fk_name: Some(fk_name.clone()), ..InlineWritten::default() })
        }
        _ => None,
    }
}

impl InlineWritten {
    fn of(reader: &mut Reader<'_>) -> InlineWritten {
        let model = reader.said("model");
        if model.is_none() {
            reader.complain("C005", "model", "an inline needs 'model' (as \"app.Model\")".to_owned());
        }
        InlineWritten {
            model: model.unwrap_or_default(),
            fk_name: reader.said("fk_name"),
            kind: reader.said("kind"),
            fields: reader.rows("fields"),
            readonly_fields: reader.texts("readonly_fields").unwrap_or_default(),
            exclude: reader.texts("exclude").unwrap_or_default(),
            raw_id_fields: reader.texts("raw_id_fields").unwrap_or_default(),
            autocomplete_fields: reader.texts("autocomplete_fields").unwrap_or_default(),
            extra: reader.number("extra"),
            min_num: reader.number("min_num"),
            max_num: reader.number("max_num"),
            can_delete: reader.truth("can_delete"),
            show_change_link: reader.truth("show_change_link").unwrap_or(false),
            permissions: reader.texts("permissions"),
            columns: reader.sections("column", ColumnWritten::of),
        }
    }
}
