//! Declared: a model's admin whose answers come from TOML.

use factotum::admin::{Action, ModelAdmin, Options};
use factotum::principal::Principal;
use factotum::query::Filter;

/// A model's admin whose answers come from TOML.
#[derive(Debug, Clone)]
pub(crate) struct Declared {
    pub(crate) options: Options,
    /// The rows that anybody but superusers may know of.
    pub(crate) rows: Filter,
    pub(crate) actions: Vec<Action>,
}

impl Declared {
    /// The admin of a table that nothing is written about; nobody writes into a view.
    pub(crate) fn of_view(view: bool) -> Declared {
        let options = Options { read_only: view, ..Options::default() };
        Declared { options, rows: Filter::All, actions: Vec::new() }
    }
}

impl ModelAdmin for Declared {
    fn options(&self) -> Options {
        self.options.clone()
    }

    fn rows(&self, who: &Principal) -> Filter {
        if who.superuser { Filter::All } else { self.rows.clone() }
    }

    fn actions(&self) -> Vec<Action> {
        self.actions.clone()
    }
}
