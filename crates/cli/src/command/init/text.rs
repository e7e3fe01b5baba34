//! The text of a new factotum.toml: what must be said is said, what was inferred is shown as a comment.

use std::fmt::Write;

use factotum::Field;
use factotum::model::infer::{Inference, Inferred};
use factotum::model::{FieldKind, Model, OnDelete};

use crate::config::resolve::Ground;

/// What the text is made of.
pub(super) struct Page<'p> {
    pub(super) url: &'p str,
    pub(super) secret: &'p str,
    pub(super) inference: &'p Inference,
    pub(super) known: &'p [Model],
    pub(super) ground: &'p Ground,
}

impl Page<'_> {
    pub(super) fn write(&self) -> String {
        let mut text = String::new();
        self.head(&mut text);
        for model in
            self.known.iter().filter(|model| ["auth.Group", "auth.User"].contains(&model.key.to_string().as_str()))
        {
            let _ = write!(text, "\n# One of Django's own.\n[[model]]\nname = {}\n", quoted(&model.key.to_string()));
        }
        for inferred in &self.inference.models {
            model(&mut text, inferred);
        }
        if !self.inference.left_out.is_empty() {
            text.push_str("\n# Left out:\n");
            for (table, reason) in &self.inference.left_out {
                let _ = writeln!(text, "# - {}: {reason}", one_line(table));
            }
        }
        text
    }

    fn head(&self, text: &mut String) {
        let Page { url, secret, .. } = self;
        let _ = write!(
            text,
            "# Made by `factotum init`, which changed nothing in the database. What is not written here is inferred from\n\
             # the live tables at every start; comments show what was inferred. `factotum check` lists every problem.\n\n\
             [site]\n# title = \"Admin\"\n# time_zone = \"UTC\"\n\
             # Sessions and tokens are signed with it. For the database of a Django project write its SECRET_KEY here, and its\n\
             # sessions stay good.\nsecret_key = {}\n# allowed_hosts = [\"admin.example.com\"]\n\n\
             [server]\n# listen = \"127.0.0.1:8000\"\n\n\
             [database]\nurl = {}\n",
            quoted(secret),
            quoted(url)
        );
        if !self.ground.has("auth_user") {
            text.push_str(
                "\n# The database has no table of users, so they live in a file of their own.\n\
                 # Make the first one with `factotum user create NAME --superuser`.\n\
                 [accounts]\nurl = \"sqlite:factotum-accounts.sqlite3\"\n",
            );
        }
        text.push_str(
            "\n[contracts.conjure]\nmount = \"/conjure\"\n# auth = \"session\"    # or \"jwt\"\n# page_size = 50\n# max_page_size = 200\n\
             # Whether tables that no [[model]] names are administered too.\nauto_register = false\n\
             \n[contracts.django_admin]\nmount = \"/admin-api\"\n# enabled = true\n# page_size = 25\n# max_page_size = 200\n# admin_url = \"/admin/\"\n\
             # app_titles = { shop = \"Catalogue\" }\nauto_register = false\n",
        );
    }
}

fn model(text: &mut String, inferred: &Inferred) {
    let model = &inferred.model;
    let kind = if inferred.view { "\n# A view: it can only be read.\n" } else { "\n" };
    let _ =
        write!(text, "{kind}[[model]]\nname = {}\ntable = {}\n", quoted(&model.key.to_string()), quoted(&model.table));
    let label = model.label.source();
    let hint = if label.is_empty() { quoted("{{ ... }}") } else { quoted(label) };
    let mark = if label.is_empty() { "# " } else { "" };
    let _ = writeln!(text, "{mark}label = {hint}");
    let _ = writeln!(
        text,
        "# verbose_name = {}\n# verbose_name_plural = {}",
        quoted(&model.singular),
        quoted(&model.plural)
    );
    for field in &model.fields {
        describe(text, model, field);
    }
    for name in &inferred.guessed {
        let Some(field) = model.field(name) else { continue };
        guess(text, field);
    }
    for field in model.fields.iter().filter(|field| field.secret) {
        let _ = writeln!(
            text,
            "[model.field.{}]\n# The name sounds like a secret: it is never shown.\nsecret = true",
            key(&field.name)
        );
    }
}

/// One line for each field: what it is.
fn describe(text: &mut String, model: &Model, field: &Field) {
    let mut marks = Vec::new();
    if field.name == model.primary_key {
        marks.push("primary key".to_owned());
    }
    if field.column != field.name && field.is_column() {
        marks.push(format!("column {}", quoted(&field.column)));
    }
    if let Some(to) = field.target() {
        marks.push(format!("to {to}"));
    }
    for (is, mark) in [(field.null, "null"), (field.unique, "unique"), (!field.editable, "read only")] {
        if is && field.name != model.primary_key {
            marks.push(mark.to_owned());
        }
    }
    let marks = if marks.is_empty() { String::new() } else { format!(" ({})", marks.join(", ")) };
    let _ = writeln!(text, "#   {}: {}{}", one_line(&field.name), field.class_name(), one_line(&marks));
}

fn guess(text: &mut String, field: &Field) {
    let FieldKind::One { to, unique, on_delete, .. } = &field.kind else { return };
    let kind = if *unique { "OneToOneField" } else { "ForeignKey" };
    let on_delete = match on_delete {
        OnDelete::SetNull => "SET_NULL",
        _ => "PROTECT",
    };
    let _ = writeln!(
        text,
        "# No foreign key declares it: it is guessed from the name. Write the kind of a plain column to say no.\n\
         [model.field.{}]\nkind = \"{kind}\"\ncolumn = {}\nto = {}\non_delete = \"{on_delete}\"",
        key(&field.name),
        quoted(&field.column),
        quoted(&to.to_string())
    );
}

/// A text as TOML writes it, on one line: JSON's escapes are TOML's too.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// A key as TOML writes it: bare where it can be.
fn key(name: &str) -> String {
    let bare = !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-');
    if bare { name.to_owned() } else { quoted(name) }
}

/// A text that stays in its comment.
fn one_line(text: &str) -> String {
    text.replace(|c: char| c.is_control(), " ")
}
