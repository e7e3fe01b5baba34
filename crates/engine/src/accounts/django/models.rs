//! Django's own tables as models, for sites that administer their users or point to them.

use crate::accounts::password::unusable;
use crate::model::{Field, FieldKind, Initial, Model, ModelKey, OnDelete, TextFormat, Width};
use crate::value::Value;

use super::users::{NAME_TAKEN, NAME_WORDS};

/// The models of Django's accounts: permissions, groups, users, content types, sessions.
#[must_use]
pub fn models() -> Vec<Model> {
    vec![permission(), group(), user(), content_type(), session()]
}

/// The model of users.
#[must_use]
pub fn user() -> Model {
    let model = Model::new("auth", "User").key(small_id());
    personal(model)
        .with(flag("is_staff", "staff status", "Designates whether the user can log into this admin site.", false))
        .with(flag("is_active", "active", ACTIVE_HELP, true))
        .with(Field::new("date_joined", FieldKind::DateTime).initially_by(Initial::Now))
        .with(
            Field::many("groups", ModelKey::new("auth", "Group"), "auth_user_groups", "user_id", "group_id")
                .blank()
                .helped(GROUPS_HELP)
                .seen_as("user_set"),
        )
        .with(
            granted("user_permissions", "auth_user_user_permissions", "user_id")
                .helped("Specific permissions for this user.")
                .seen_as("user_set"),
        )
        .label("{{ username }}")
}

const ACTIVE_HELP: &str =
    "Designates whether this user should be treated as active. Unselect this instead of deleting accounts.";
const GROUPS_HELP: &str =
    "The groups this user belongs to. A user will get all permissions granted to each of their groups.";
const SUPERUSER_HELP: &str = "Designates that this user has all permissions without explicitly assigning them.";

fn personal(model: Model) -> Model {
    let name = Field::line("username", 150)
        .unique_or(NAME_TAKEN)
        .helped("Required. 150 characters or fewer. Letters, digits and @/./+/-/_ only.")
        .matching(r"^[\w.@+-]+$", NAME_WORDS);
    let nobody_fits = Initial::Call(std::sync::Arc::new(|| Value::Text(unusable())));
    model
        .with(Field::line("password", 128).secret().initially_by(nobody_fits))
        .with(Field::new("last_login", FieldKind::DateTime).optional())
        .with(flag("is_superuser", "superuser status", SUPERUSER_HELP, false))
        .with(name)
        .with(Field::line("first_name", 150).blank())
        .with(Field::line("last_name", 150).blank())
        .with(Field::text_of("email", Some(254), TextFormat::Email).titled("email address").blank())
}

fn group() -> Model {
    Model::new("auth", "Group")
        .key(small_id())
        .with(Field::line("name", 150).unique())
        .with(granted("permissions", "auth_group_permissions", "group_id"))
        .label("{{ name }}")
}

fn permission() -> Model {
    let to = ModelKey::new("contenttypes", "ContentType");
    Model::new("auth", "Permission")
        .key(small_id())
        .with(Field::line("name", 255))
        .with(Field::one("content_type", to, OnDelete::Cascade))
        .with(Field::line("codename", 100))
        .unique_together(&["content_type", "codename"])
        .order_by(&["content_type__app_label", "content_type__model", "codename"])
        .label("{{ content_type }} | {{ name }}")
}

fn content_type() -> Model {
    Model::new("contenttypes", "ContentType")
        .table("django_content_type")
        .key(small_id())
        .with(Field::line("app_label", 100))
        .with(Field::line("model", 100).titled("python model class name"))
        .unique_together(&["app_label", "model"])
        .label("{{ app_label|capitalize }} | {{ model }}")
}

/// Sessions. Their data can be used to become somebody, and so can their keys: no contract registers them by itself.
fn session() -> Model {
    Model::new("sessions", "Session")
        .table("django_session")
        .key(Field::line("session_key", 40))
        .with(Field::long_text("session_data").secret())
        .with(Field::new("expire_date", FieldKind::DateTime))
        .label("{{ session_key }}")
}

/// Django's contributed applications have keys of 32 bits.
fn small_id() -> Field {
    Field::new("id", FieldKind::Auto(Width::Normal)).titled("ID").blank()
}

fn flag(name: &str, title: &str, help: &str, initially: bool) -> Field {
    Field::truth(name).titled(title).helped(help).initially(initially)
}

fn granted(name: &str, table: &str, near: &str) -> Field {
    Field::many(name, ModelKey::new("auth", "Permission"), table, near, "permission_id").blank()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Schema;

    #[test]
    fn the_models_point_at_each_other_and_at_djangos_tables() {
        let schema = Schema::new(models());
        let tables: Vec<&str> = schema.models().map(|model| model.table.as_str()).collect();
        assert_eq!(
            tables,
            [
                "auth_permission",
                "auth_group_permissions",
                "auth_group",
                "auth_user_groups",
                "auth_user_user_permissions",
                "auth_user",
                "django_content_type",
                "django_session",
            ]
        );
        for field in schema.models().flat_map(|model| &model.fields) {
            assert!(field.target().is_none_or(|to| schema.model(to).is_some()), "{}", field.name);
        }
    }

    #[test]
    fn a_user_has_djangos_fields_in_order() {
        let user = user();
        let names: Vec<&str> = user.fields.iter().map(|field| field.name.as_str()).collect();
        assert_eq!(
            names,
            [
                "id",
                "password",
                "last_login",
                "is_superuser",
                "username",
                "first_name",
                "last_name",
                "email",
                "is_staff",
                "is_active",
                "date_joined",
                "groups",
                "user_permissions",
            ]
        );
        assert_eq!(user.field("is_staff").map(|field| field.title.as_str()), Some("staff status"));
        assert!(user.field("password").is_some_and(|field| field.secret));
    }
}
