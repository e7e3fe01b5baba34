//! The value of a row that does not say, from a column's default: literals, the present moment, a new UUID.

use crate::model::{FieldKind, Initial};
use crate::value::Value;

/// The initial value that a default means; `None` for expressions that only the database can compute.
pub(super) fn of(default: &str, kind: &FieldKind) -> Option<Initial> {
    let default = bare(default);
    let lower = default.to_lowercase();
    match kind {
        FieldKind::DateTime if is_now(&lower) => return Some(Initial::Now),
        FieldKind::Uuid if ["gen_random_uuid()", "uuid_generate_v4()"].contains(&lower.as_str()) => {
            return Some(Initial::NewUuid);
        }
        _ => {}
    }
    let (text, quoted) = literal(default)?;
    if !quoted && lower == "null" {
        return None;
    }
    value(&text, quoted, kind).map(Initial::Value)
}

/// Whether the initial value is the empty text.
pub(super) fn is_empty(initial: Option<&Initial>) -> bool {
    matches!(initial, Some(Initial::Value(Value::Text(text))) if text.is_empty())
}

fn is_now(default: &str) -> bool {
    let bare = default.replace(' ', "");
    ["current_timestamp", "now()", "datetime('now')", "transaction_timestamp()", "statement_timestamp()"]
        .contains(&bare.as_str())
}

/// The expression without the brackets around it.
fn bare(default: &str) -> &str {
    let default = default.trim();
    match default.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')) {
        Some(inside) if !inside.contains(['(', ')']) || inside.ends_with("()") => bare(inside),
        _ => default,
    }
}

/// The text of a literal and whether it was quoted. PostgreSQL adds its type: `'draft'::character varying`.
fn literal(default: &str) -> Option<(String, bool)> {
    let quoted = default.strip_prefix('\'').or_else(|| default.strip_prefix('"'));
    let Some(rest) = quoted else {
        let plain = default.split_once("::").map_or(default, |(plain, _)| plain);
        let plain = plain.trim_matches(['(', ')']);
        let word = plain.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '+' | '.'));
        return word.then(|| (plain.to_owned(), false));
    };
    let quote = default.chars().next()?;
    let doubled = [quote, quote].iter().collect::<String>();
    let end = rest.rfind(quote)?;
    let after = &rest[end + 1..];
    (after.is_empty() || after.starts_with("::")).then(|| (rest[..end].replace(&doubled, &quote.to_string()), true))
}

fn value(text: &str, quoted: bool, kind: &FieldKind) -> Option<Value> {
    match kind {
        FieldKind::Bool => match text.to_lowercase().as_str() {
            "1" | "true" | "t" => Some(Value::Bool(true)),
            "0" | "false" | "f" => Some(Value::Bool(false)),
            _ => None,
        },
        FieldKind::Int { .. } => text.parse().ok().map(Value::Int),
        FieldKind::Float => text.parse().ok().filter(|number: &f64| number.is_finite()).map(Value::Float),
        FieldKind::Decimal { .. } => text.parse().ok().map(Value::Decimal),
        FieldKind::Text { .. } => quoted.then(|| Value::Text(text.to_owned())),
        FieldKind::Date => text.parse().ok().map(Value::Date),
        FieldKind::Time => text.parse().ok().map(Value::Time),
        FieldKind::Uuid => text.parse().ok().map(Value::Uuid),
        FieldKind::Json => serde_json::from_str(text).ok().map(Value::Json),
        _ => None,
    }
}
