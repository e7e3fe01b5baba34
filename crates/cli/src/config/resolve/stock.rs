//! What Django's own admin says of users and groups, under what is written of them.

use factotum::accounts::django::admins;
use factotum::admin::Options;
use factotum::model::Model;

/// The options with those of Django where nothing is said; another model's stay as they are.
pub(super) fn under(said: Options, model: &Model) -> Options {
    let usual = match model.key.to_string().as_str() {
        "auth.User" => admins::user(),
        "auth.Group" => admins::group(),
        _ => return said,
    };
    let form = if said.fields.is_none() { said.fieldsets.or(usual.fieldsets) } else { said.fieldsets };
    Options {
        list_display: said.list_display.or(usual.list_display),
        list_filter: said.list_filter.or(usual.list_filter),
        search_fields: said.search_fields.or(usual.search_fields),
        ordering: said.ordering.or(usual.ordering),
        filter_horizontal: if said.filter_horizontal.is_empty() {
            usual.filter_horizontal
        } else {
            said.filter_horizontal
        },
        fieldsets: form,
        views: if said.views.is_empty() { usual.views } else { said.views },
        ..said
    }
}
