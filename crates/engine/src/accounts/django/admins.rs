//! How Django itself administers users and groups: for sites that want them shown as its own admin shows them.

use crate::admin::options::{names, owned};
use crate::admin::{Fieldset, Options, View};
use crate::model::{Label, Model, ModelKey, Order};
use crate::site::Builder;

/// Registers users and groups as Django's own admin does. The models must be known.
#[must_use]
pub fn register(site: Builder) -> Builder {
    let names = content_types(site.models());
    names
        .into_iter()
        .fold(site, Builder::model)
        .admin(ModelKey::new("auth", "Group"), group())
        .admin(ModelKey::new("auth", "User"), user())
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
        // The passwords of somebody new are asked for, too, but they are no fields.
        add_fieldsets: Some(vec![Fieldset { classes: owned(&["wide"]), ..set(None, &["username"]) }]),
        views: vec![View {
            name: "auth_user_password_change".to_owned(),
            label: String::new(),
            path: "<object_id>/password/".to_owned(),
        }],
        ..Options::default()
    }
}

fn set(title: Option<&str>, fields: &[&str]) -> Fieldset {
    let fields = fields.iter().map(|name| owned(&[name])).collect();
    Fieldset { title: title.map(str::to_owned), fields, ..Fieldset::default() }
}

/// Content types as Django calls them: by the names for people of their application and model, as far as these are
/// known. `None` where the site has none.
fn content_types(models: &[Model]) -> Option<Model> {
    let known = models.iter().find(|model| model.key == ModelKey::new("contenttypes", "ContentType"))?;
    let quoted = |text: &str| format!("'{}'", text.replace('\\', "\\\\").replace('\'', "\\'"));
    let name = |model: &Model| {
        let key = format!("{}.{}", model.key.app, model.key.lower_name());
        format!("{}: {}", quoted(&key), quoted(&format!("{} | {}", title(&model.key.app), model.singular)))
    };
    let names: Vec<String> = models.iter().map(name).collect();
    let template = format!(
        "{{{{ {{{}}}[app_label ~ '.' ~ model] or (app_label|capitalize ~ ' | ' ~ model) }}}}",
        names.join(", ")
    );
    let label = Label::parse(&template).ok()?;
    Some(Model { label, ..known.clone() })
}

/// The names of Django's own applications, which no label tells.
fn title(app: &str) -> String {
    match app {
        "auth" => "Authentication and Authorization".to_owned(),
        "admin" => "Administration".to_owned(),
        "contenttypes" => "Content Types".to_owned(),
        label => {
            let mut letters = label.chars();
            letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::Value;

    #[test]
    fn content_types_are_called_by_the_names_of_their_models() {
        let image = Model::new("shop", "ProductImage").named("product image", "it's images");
        let mut models = crate::accounts::django::models();
        models.push(image);
        let label = content_types(&models).expect("content types").label;
        let check = |app: &str, model: &str, expected: &str| {
            assert_eq!(label.render(&[Value::from(app), Value::from(model)]), expected);
        };
        check("shop", "productimage", "Shop | product image");
        check("auth", "user", "Authentication and Authorization | user");
        check("gone", "thing", "Gone | thing");
    }
}
