//! The history of Django's admin: the table `django_admin_log`, written as Django writes it, so that its own pages
//! show what was done here.

use std::fmt::Write as _;

use super::{Change, Deed, Entry, Ledger};
use crate::admin::Options;
use crate::context::{self, Context};
use crate::model::{Field, FieldKind, Label, Model, ModelKey, OnDelete, Stamp, TextFormat, Width};
use crate::site::Resource;
use crate::store::statement::{Arg, Cell, Cond, Expr, Insert, Output, Select, Sort, Statement};
use crate::value::Value;

/// The table.
pub(crate) const TABLE: &str = "django_admin_log";
/// The table of users.
const USERS: &str = "auth_user";
/// The table of the names of models.
pub(crate) const TYPES: &str = "django_content_type";

/// The flag of a row that was made.
pub const ADDED: i64 = 1;
/// The flag of a row that was changed.
pub const CHANGED: i64 = 2;
/// The flag of a row that was deleted.
pub const DELETED: i64 = 3;

/// The most characters of a row's name.
const LONGEST_NAME: usize = 200;

/// The name of the log's model.
#[must_use]
pub fn key() -> ModelKey {
    ModelKey::new("admin", "LogEntry")
}

/// The log as a model: its rows go with their user, so a delete of users must know of it. It points to the models of
/// [`crate::accounts::django::models()`].
///
/// # Panics
/// Never: its label is a template that can be read.
#[must_use]
pub fn model() -> Model {
    let id = Field::new("id", FieldKind::Auto(Width::Normal)).titled("ID").blank();
    let user = Field::one("user", ModelKey::new("auth", "User"), OnDelete::Cascade);
    let content_type = ModelKey::new("contenttypes", "ContentType");
    let flags = [(ADDED, "Addition"), (CHANGED, "Change"), (DELETED, "Deletion")];
    let mut model = Model::new("admin", "LogEntry")
        .table(TABLE)
        .key(id)
        .named("log entry", "log entries")
        .with(Field::new("action_time", FieldKind::DateTime).stamped(Stamp::Created))
        .with(user)
        .with(Field::one("content_type", content_type, OnDelete::SetNull).optional())
        .with(Field::text_of("object_id", None, TextFormat::Long).optional())
        .with(Field::line("object_repr", 200))
        .with(Field::count("action_flag", Width::Small).choices(flags))
        .with(Field::long_text("change_message").blank())
        .order_by(&["-action_time"]);
    model.label = Label::parse(
        "{{ 'Added' if action_flag == 1 else 'Changed' if action_flag == 2 else 'Deleted' }} “{{ object_repr }}”.",
    )
    .expect("the label can be read");
    model
}

/// Keeps records in Django's history. What an action does is no entry there, as in Django.
#[derive(Debug, Clone, Copy)]
pub struct AdminLog;

impl Ledger for AdminLog {
    fn rows(&self, cx: &Context, entry: &Entry) -> Vec<Insert> {
        // A form is one record here: children that were sent with their parent have none of their own.
        if cx.is_acting() || entry.within.is_some() {
            return Vec::new();
        }
        let one = |flag: i64, message: &str| {
            let key = entry.key.as_ref();
            key.and_then(|key| row(cx, &entry.model, key, &entry.label, flag, message)).into_iter().collect()
        };
        match &entry.deed {
            Deed::Added => one(ADDED, "[{\"added\": {}}]"),
            Deed::Changed(changes) | Deed::Retired(changes) => one(CHANGED, &changed(cx, &entry.model, changes)),
            Deed::Deleted => one(DELETED, ""),
            Deed::PasswordSet | Deed::Reset => one(CHANGED, "Changed password."),
            Deed::Switched { .. } => one(CHANGED, "[{\"changed\": {\"fields\": [\"Active\"]}}]"),
            Deed::BulkChanged { each, .. } => each
                .iter()
                .filter_map(|one| {
                    let message = changed(cx, &entry.model, &one.changes);
                    row(cx, &entry.model, &one.key, &one.label, CHANGED, &message)
                })
                .collect(),
            Deed::BulkDeleted { each, .. } => {
                each.iter().filter_map(|(key, label)| row(cx, &entry.model, key, label, DELETED, "")).collect()
            }
            Deed::Ran { .. } | Deed::ResetAsked => Vec::new(),
        }
    }

    fn names_django_users(&self) -> bool {
        true
    }

    fn model(&self) -> Option<Model> {
        Some(model())
    }
}

/// The question for the user of Django with an address; the oldest of several.
pub(super) fn user_with(email: &str) -> Statement {
    Statement::Select(Select {
        outputs: vec![Output { expr: Expr::column("u", "id"), cell: Cell::Any }],
        filter: Cond::is(Expr::column("u", "email"), email.into(), Cell::Text),
        order: vec![Sort { expr: Expr::column("u", "id"), descending: false, nulls_least: false }],
        limit: Some(1),
        ..Select::from(USERS, "u")
    })
}

/// An entry; `None` if nobody is signed in whom it could name.
fn row(cx: &Context, model: &ModelKey, key: &Value, label: &str, flag: i64, message: &str) -> Option<Insert> {
    let user = match cx.django_user()? {
        Value::Int(id) => Arg { value: Value::Int(*id), cell: Cell::Int },
        Value::Uuid(id) => Arg { value: Value::Uuid(*id), cell: Cell::Uuid },
        _ => return None,
    };
    let text = |text: String| Arg { value: Value::Text(text), cell: Cell::Text };
    let label: String = label.chars().take(LONGEST_NAME).collect();
    let values = [
        ("action_time", Arg { value: Value::DateTime(context::now()), cell: Cell::DateTime }),
        ("user_id", user),
        ("object_id", text(key_text(key))),
        ("object_repr", text(label)),
        ("action_flag", Arg { value: Value::Int(flag), cell: Cell::Int }),
        ("change_message", text(message.to_owned())),
    ];
    let values = values.map(|(column, arg)| (column.to_owned(), arg)).to_vec();
    let asked = vec![("content_type_id".to_owned(), content_type(model))];
    Some(Insert { table: TABLE.to_owned(), values, asked, ..Insert::default() })
}

/// A key as Django's `str` writes it.
pub(crate) fn key_text(key: &Value) -> String {
    key.to_string()
}

/// The question for the number that Django has given a model.
fn content_type(model: &ModelKey) -> Select {
    Select {
        outputs: vec![Output { expr: Expr::column("c", "id"), cell: Cell::Int }],
        filter: is_model("c", model),
        ..Select::from(TYPES, "c")
    }
}

/// Being the row of a model among Django's content types.
pub(crate) fn is_model(alias: &str, model: &ModelKey) -> Cond {
    let is = |column: &str, text: &str| Cond::is(Expr::column(alias, column), text.into(), Cell::Text);
    is("app_label", &model.app).and(is("model", &model.lower_name()))
}

/// The message of a change: the labels of the form's fields that changed, in the form's order.
fn changed(cx: &Context, model: &ModelKey, changes: &[Change]) -> String {
    let Ok(resource) = cx.site().resource(model) else { return "[]".to_owned() };
    let order = form_order(&resource.options);
    let mut fields: Vec<&Field> = changes.iter().filter_map(|change| resource.model.field(&change.field)).collect();
    fields.retain(|field| is_of_form(resource, field));
    fields.sort_by_key(|field| order.iter().position(|name| *name == field.name).unwrap_or(usize::MAX));
    let labels: Vec<String> = fields.iter().map(|field| python_json(&capitalised(&field.title))).collect();
    if labels.is_empty() {
        return "[]".to_owned();
    }
    format!("[{{\"changed\": {{\"fields\": [{}]}}}}]", labels.join(", "))
}

/// The declared order of the form's fields; what is not declared stands in the model's order.
fn form_order(options: &Options) -> Vec<&str> {
    let of_sets = options.fieldsets.iter().flatten().flat_map(|set| &set.fields);
    let lines = of_sets.chain(options.fields.iter().filter(|_| options.fieldsets.is_none()).flatten());
    lines.flatten().map(String::as_str).collect()
}

/// Whether a form could have set a field: what hooks and stamps do is no change that somebody made.
fn is_of_form(resource: &Resource, field: &Field) -> bool {
    let named = |names: &[String]| names.contains(&field.name);
    let fixed = !field.editable || field.stamp.is_some() || field.is_auto();
    !(fixed || named(&resource.options.readonly_fields) || resource.hides(&field.name))
}

/// A text with its first letter in upper case.
fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// A text as Python's encoder writes it: everything beyond ASCII is escaped.
fn python_json(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for letter in text.chars() {
        match letter {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            ' '..='~' => out.push(letter),
            other => {
                for unit in other.encode_utf16(&mut [0; 2]) {
                    // A string takes whatever is written to it.
                    let _ = write!(out, "\\u{unit:04x}");
                }
            }
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_pythons() {
        for (text, expected) in [
            ("Stock", "\"Stock\""),
            ("a \"b\" \\ c", "\"a \\\"b\\\" \\\\ c\""),
            ("Größe", "\"Gr\\u00f6\\u00dfe\""),
            ("😀\u{7f}\n\u{1}", "\"\\ud83d\\ude00\\u007f\\n\\u0001\""),
        ] {
            assert_eq!(python_json(text), expected);
        }
    }

    #[test]
    fn labels_begin_with_a_capital() {
        for (title, expected) in [("is featured", "Is featured"), ("SKU", "SKU"), ("", ""), ("éclat", "Éclat")] {
            assert_eq!(capitalised(title), expected);
        }
    }

    #[test]
    fn fieldsets_say_the_order_of_a_form() {
        use crate::admin::Fieldset;
        let lines = |lines: &[&[&str]]| {
            lines.iter().map(|line| line.iter().map(|&name| name.to_owned()).collect()).collect::<Vec<Vec<String>>>()
        };
        let fields = Some(lines(&[&["c"], &["a", "b"]]));
        let plain = Options { fields: fields.clone(), ..Options::default() };
        assert_eq!(form_order(&plain), ["c", "a", "b"]);
        let set = Fieldset { fields: lines(&[&["b", "c"], &["a"]]), ..Fieldset::default() };
        let grouped = Options { fieldsets: Some(vec![set]), fields, ..Options::default() };
        assert_eq!(form_order(&grouped), ["b", "c", "a"]);
    }
}
