//! Declared: a model's admin whose answers come from TOML.

use factotum::admin::{Action, Column, ListFilter, ModelAdmin, Options, Panel};
use factotum::model::{Model, Row};
use factotum::principal::Principal;
use factotum::query::Filter;

use crate::config::resolve::Template;

/// A model's admin whose answers come from TOML.
#[derive(Debug, Clone)]
pub(crate) struct Declared {
    pub(crate) options: Options,
    /// The rows that anybody but superusers may know of.
    pub(crate) rows: Filter,
    pub(crate) actions: Vec<Action>,
    pub(crate) columns: Vec<Column>,
    pub(crate) filters: Vec<ListFilter>,
    pub(crate) panels: Vec<Panel>,
    /// Where a row can be seen.
    pub(crate) view_on_site: Option<Template>,
    /// Fields that only superusers may set.
    pub(crate) guarded: Vec<String>,
}

/// What would let somebody grant everything to themselves.
const PRIVILEGES: [&str; 4] = ["is_superuser", "is_staff", "groups", "user_permissions"];

impl Declared {
    /// The admin of a table that nothing is written about; nobody writes into a view.
    pub(crate) fn plain(model: &Model, view: bool) -> Declared {
        let options = Options { read_only: view, ..Options::default() };
        Declared {
            options,
            rows: Filter::All,
            actions: Vec::new(),
            columns: Vec::new(),
            filters: Vec::new(),
            panels: Vec::new(),
            view_on_site: None,
            guarded: Declared::guarded(model),
        }
    }

    /// Django's users and groups: whoever may change them may not thereby become anybody.
    pub(crate) fn guarded(model: &Model) -> Vec<String> {
        match model.key.to_string().as_str() {
            "auth.User" => PRIVILEGES.map(str::to_owned).to_vec(),
            "auth.Group" => vec!["permissions".to_owned()],
            _ => Vec::new(),
        }
    }
}

impl ModelAdmin for Declared {
    fn options(&self) -> Options {
        self.options.clone()
    }

    fn rows(&self, who: &Principal) -> Filter {
        if who.superuser { Filter::All } else { self.rows.clone() }
    }

    fn read_only(&self, who: &Principal, _row: Option<&Row>) -> Vec<String> {
        if who.superuser { Vec::new() } else { self.guarded.clone() }
    }

    fn columns(&self) -> Vec<Column> {
        self.columns.clone()
    }

    fn filters(&self) -> Vec<ListFilter> {
        self.filters.clone()
    }

    fn actions(&self) -> Vec<Action> {
        self.actions.clone()
    }

    fn panels(&self) -> Vec<Panel> {
        self.panels.clone()
    }

    fn view_on_site(&self, row: &Row) -> Option<String> {
        self.view_on_site.as_ref()?.address(row)
    }
}
