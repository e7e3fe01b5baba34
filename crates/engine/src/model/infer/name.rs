//! Names: of models from tables, of fields from columns, for people from both.

use crate::model::build::words_of;
use crate::model::facts::{Column, DjangoModel, Table};

/// What makes a name sound like something that nobody should see.
const SECRET: [&str; 7] = ["password", "secret", "token", "api_key", "apikey", "private_key", "salt"];

/// Whether a column's name sounds like a secret.
pub(super) fn sounds_secret(column: &str) -> bool {
    let name = column.to_lowercase();
    SECRET.iter().any(|word| name.contains(word))
}

/// A class name from a table's: `order details` is `OrderDetails`.
pub(super) fn class(table: &str) -> String {
    let name: String = table.split(|c: char| !c.is_alphanumeric()).map(capitalised).collect();
    match name.chars().next() {
        None => "Table".to_owned(),
        Some(first) if first.is_numeric() => format!("Table{name}"),
        Some(_) => name,
    }
}

/// The class of a Django model: its name for people without blanks, if that is the model, else the model's name with a
/// capital. Django keeps no other trace of the class.
pub(super) fn django_class(model: &DjangoModel) -> String {
    let title = model.title.as_deref().unwrap_or_default();
    let class: String = title.split([' ', '-']).map(capitalised).collect();
    if class.to_lowercase() == model.model { class } else { capitalised(&model.model) }
}

/// The names for people: of one, of many.
pub(super) fn words(django: Option<&DjangoModel>, table: &str) -> (String, String) {
    if let Some(model) = django {
        let singular = model.title.clone().unwrap_or_else(|| model.model.clone());
        let plural = format!("{singular}s");
        return (singular, plural);
    }
    let words = words_of(&class(table));
    let already_many = words.ends_with('s') && !["ss", "us", "is"].iter().any(|end| words.ends_with(end));
    if already_many {
        return (singular_of(&words), words);
    }
    let plural = plural_of(&words);
    (words, plural)
}

fn singular_of(words: &str) -> String {
    if let Some(stem) = words.strip_suffix("ies") {
        return format!("{stem}y");
    }
    let hissing = ["sses", "shes", "ches", "xes", "zes", "uses"].iter().any(|end| words.ends_with(end));
    let cut = if hissing { 2 } else { 1 };
    words[..words.len() - cut].to_owned()
}

fn plural_of(words: &str) -> String {
    let before_y = words.strip_suffix('y').filter(|stem| !stem.ends_with(['a', 'e', 'i', 'o', 'u']));
    if let Some(stem) = before_y {
        return format!("{stem}ies");
    }
    let hissing = ["s", "x", "z", "ch", "sh"].iter().any(|end| words.ends_with(end));
    if hissing { format!("{words}es") } else { format!("{words}s") }
}

/// A field's name from its column: letters, digits and single underscores, since two join the parts of a path; a
/// relation goes without `_id`.
pub(super) fn field(table: &Table, column: &Column, related: bool, taken: &[&str]) -> String {
    let whole = plain(&column.name);
    let stem = whole.strip_suffix("_id").filter(|stem| related && !stem.is_empty());
    let stem = stem.filter(|stem| !table.columns.iter().any(|other| plain(&other.name) == **stem));
    let name = stem.unwrap_or(&whole);
    // In a path, pk is the primary key, whatever its name.
    let name = if name == "pk" && !table.primary_key.contains(&column.name) { "pk_value" } else { name };
    free(name, taken)
}

fn plain(column: &str) -> String {
    let mut name = String::new();
    for letter in column.chars() {
        let letter = if letter.is_alphanumeric() { letter } else { '_' };
        if letter != '_' || !name.ends_with('_') {
            name.push(letter);
        }
    }
    let name = name.trim_matches('_');
    match name.chars().next() {
        None => "column".to_owned(),
        Some(first) if first.is_numeric() => format!("column_{name}"),
        Some(_) => name.to_owned(),
    }
}

/// The name, with a number if it is taken. Case makes no difference.
pub(super) fn free(name: &str, taken: &[&str]) -> String {
    let is_free = |name: &str| !taken.iter().any(|other| other.to_lowercase() == name.to_lowercase());
    if is_free(name) {
        return name.to_owned();
    }
    let mut number = 2_usize;
    loop {
        let candidate = format!("{name}{number}");
        if is_free(&candidate) {
            return candidate;
        }
        number += 1;
    }
}

fn capitalised(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
