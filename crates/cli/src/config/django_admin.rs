//! `[contracts.django_admin]`: the settings of the django-admin contract as typed.

use super::frontend::{self, FrontendSection};
use super::node::Table;
use super::reader::{Reader, Said};
use crate::complaint::Place;

/// The settings of the django-admin contract.
#[derive(Debug, Default)]
pub(crate) struct DjangoAdminSection {
    pub(crate) enabled: Option<bool>,
    pub(crate) mount: Option<Said>,
    pub(crate) docs: Option<Said>,
    pub(crate) page_size: Option<u64>,
    pub(crate) max_page_size: Option<u64>,
    pub(crate) max_action_pks: Option<u64>,
    pub(crate) max_bulk_updates: Option<u64>,
    pub(crate) admin_url: Option<Said>,
    pub(crate) spa_url_prefix: Option<Said>,
    pub(crate) app_titles: Option<Table>,
    pub(crate) groups: Vec<GroupWritten>,
    pub(crate) frontend: Option<FrontendSection>,
    pub(crate) log: Option<bool>,
    pub(crate) auto_register: Option<bool>,
    pub(crate) auto_register_exclude: Vec<Said>,
    /// Where the table was written.
    pub(crate) place: Place,
}

/// A group that models are listed under instead of their application.
#[derive(Debug, Default)]
pub(crate) struct GroupWritten {
    pub(crate) label: Option<String>,
    pub(crate) title: Option<String>,
    pub(crate) models: Vec<Said>,
}

impl DjangoAdminSection {
    pub(super) fn of(reader: &mut Reader<'_>) -> DjangoAdminSection {
        DjangoAdminSection {
            enabled: reader.truth("enabled"),
            mount: reader.said("mount"),
            docs: reader.said("docs"),
            page_size: reader.number("page_size"),
            max_page_size: reader.number("max_page_size"),
            max_action_pks: reader.number("max_action_pks"),
            max_bulk_updates: reader.number("max_bulk_updates"),
            admin_url: reader.said("admin_url"),
            spa_url_prefix: reader.said("spa_url_prefix"),
            app_titles: reader.table("app_titles"),
            groups: reader.sections("groups", GroupWritten::of),
            frontend: frontend::frontend(reader),
            log: reader.truth("log"),
            auto_register: reader.truth("auto_register"),
            auto_register_exclude: reader.texts("auto_register_exclude").unwrap_or_default(),
            place: reader.own_place(),
        }
    }
}

impl GroupWritten {
    fn of(reader: &mut Reader<'_>) -> GroupWritten {
        let group = GroupWritten {
            label: reader.text("label"),
            title: reader.text("title"),
            models: reader.texts("models").unwrap_or_default(),
        };
        if group.label.is_none() || group.models.is_empty() {
            reader.complain("C005", "label", "a group needs a 'label' and 'models'".to_owned());
        }
        group
    }
}
