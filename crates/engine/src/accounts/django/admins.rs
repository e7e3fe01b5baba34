//! How Django itself administers users and groups: for sites that want them shown as its own admin shows them.

use crate::admin::options::{names, owned};
use crate::admin::{Fieldset, Options};
use crate::model::{ModelKey, Order};
use crate::site::Builder;

/// Registers users and groups as Django's own admin does. The models must be known.
#[must_use]
pub fn register(site: Builder) -> Builder {
    site.admin(ModelKey::new("auth", "Group"), group()).admin(ModelKey::new("auth", "User"), user())
}

/// Django's `GroupAdmin`.
#[must_use]
pub fn group() -> Options {
    Options {
        list_display: names(&["__str__"]),
        search_fields: names(&["name"]),
        list_filter: names(&[]),
        ordering: Some(vec![Order::parse("name")]),
        filter_horizontal: owned(&["permissions"]),
        ..Options::default()
    }
}

/// Django's `UserAdmin`. A password has an address of its own and is part of no form.
#[must_use]
pub fn user() -> Options {
    Options {
        list_display: names(&["username", "email", "first_name", "last_name", "is_staff"]),
        list_filter: names(&["is_staff", "is_superuser", "is_active", "groups"]),
        search_fields: names(&["username", "first_name", "last_name", "email"]),
        ordering: Some(vec![Order::parse("username")]),
        filter_horizontal: owned(&["groups", "user_permissions"]),
        fieldsets: Some(vec![
            set(None, &["username", "password"]),
            set(Some("Personal info"), &["first_name", "last_name", "email"]),
            set(Some("Permissions"), &["is_active", "is_staff", "is_superuser", "groups", "user_permissions"]),
            set(Some("Important dates"), &["last_login", "date_joined"]),
        ]),
        ..Options::default()
    }
}

fn set(title: Option<&str>, fields: &[&str]) -> Fieldset {
    let fields = fields.iter().map(|name| owned(&[name])).collect();
    Fieldset { title: title.map(str::to_owned), fields, ..Fieldset::default() }
}
