//! `[contracts.conjure]`: the settings of the Conjure contract as typed.

use super::node::Table;
use super::reader::{Reader, Said};
use crate::complaint::Place;

/// The settings of the Conjure contract.
#[derive(Debug, Default)]
pub(crate) struct ConjureSection {
    pub(crate) enabled: Option<bool>,
    pub(crate) mount: Option<Said>,
    pub(crate) docs: Option<Said>,
    pub(crate) auth: Option<Said>,
    pub(crate) brand: Option<Table>,
    pub(crate) page_size: Option<u64>,
    pub(crate) max_page_size: Option<u64>,
    pub(crate) audit: Option<bool>,
    pub(crate) auto_register: Option<bool>,
    pub(crate) auto_register_exclude: Vec<Said>,
    pub(crate) app_groups: Option<Table>,
    pub(crate) sections: Vec<Vec<Said>>,
    pub(crate) model_order: Vec<Said>,
    pub(crate) language: Option<Said>,
    pub(crate) allowed_actions: Option<bool>,
    pub(crate) widgets_respect_permissions: Option<bool>,
    /// Where the table was written.
    pub(crate) place: Place,
}

impl ConjureSection {
    pub(super) fn of(reader: &mut Reader<'_>) -> ConjureSection {
        ConjureSection {
            enabled: reader.truth("enabled"),
            mount: reader.said("mount"),
            docs: reader.said("docs"),
            auth: reader.said("auth"),
            brand: reader.table("brand"),
            page_size: reader.number("page_size"),
            max_page_size: reader.number("max_page_size"),
            audit: reader.truth("audit"),
            auto_register: reader.truth("auto_register"),
            auto_register_exclude: reader.texts("auto_register_exclude").unwrap_or_default(),
            app_groups: reader.table("app_groups"),
            sections: reader.groups("sections").unwrap_or_default(),
            model_order: reader.texts("model_order").unwrap_or_default(),
            language: reader.said("language"),
            allowed_actions: reader.truth("allowed_actions"),
            widgets_respect_permissions: reader.truth("widgets_respect_permissions"),
            place: reader.own_place(),
        }
    }
}
