//! What check constraints tell of a column.

use regex::Regex;

use crate::model::facts::{Column, Table};
use crate::value::Value;

/// Whether the column refuses what is less than zero.
pub(super) fn not_negative(table: &Table, column: &Column) -> bool {
    says(table, &format!(r"{}\s*\)*\s*>=\s*\(?0\b", spelled(column)))
}

/// Whether the column refuses what is no JSON.
pub(super) fn is_json(table: &Table, column: &Column) -> bool {
    says(table, &format!(r"json_valid\s*\(\s*{}\s*[,)]", spelled(column)))
}

/// The values that an enumeration type or a check allows, each with a name for people.
pub(super) fn choices(table: &Table, column: &Column) -> Vec<(Value, String)> {
    let labels = if column.labels.is_empty() { listed(table, column) } else { column.labels.clone() };
    labels.into_iter().map(|label| (Value::Text(label.clone()), words(&label))).collect()
}

/// Both spellings of a list: `status IN ('a', 'b')`, and PostgreSQL's `status = ANY (ARRAY['a'::text, …])`.
fn listed(table: &Table, column: &Column) -> Vec<String> {
    let name = spelled(column);
    let cast = r"(?:::[a-z ]+(?:\(\d+\))?)?";
    let list = format!(
        r"(?i)check\s*\(+\s*{name}\)*{cast}\s*(?:in|=\s*any)\s*\(+(?:array\[)?\s*((?:'(?:[^']|'')*'{cast}\)*{cast}\s*,?\s*\(*)+)"
    );
    let Ok(list) = Regex::new(&list) else { return Vec::new() };
    let Some(found) = table.checks.iter().find_map(|check| list.captures(check)) else { return Vec::new() };
    quoted(&found[1])
}

fn quoted(list: &str) -> Vec<String> {
    let one = Regex::new(r"'((?:[^']|'')*)'").expect("the pattern can be read");
    one.captures_iter(list).map(|found| found[1].replace("''", "'")).collect()
}

fn says(table: &Table, pattern: &str) -> bool {
    Regex::new(&format!("(?i){pattern}")).is_ok_and(|pattern| table.checks.iter().any(|check| pattern.is_match(check)))
}

/// The column's name in any of the quotes that databases take, or bare.
fn spelled(column: &Column) -> String {
    let name = regex::escape(&column.name);
    format!("(?:\"{name}\"|`{name}`|\\[{name}\\]|\\b{name}\\b)")
}

fn words(label: &str) -> String {
    let words = label.replace('_', " ");
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
