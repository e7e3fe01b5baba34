//! From a model's fields to JSON Schema (2020-12): what is told of a value, where a contract has no spelling of its own.

use factotum_engine::model::{Check, Field, FieldKind, Model, TextFormat, Width};
use factotum_engine::store::Dialect;
use factotum_engine::{Site, Value};
use serde_json::{Value as Json, json};

/// How deep keys that are relations themselves are followed; a real model has one such step, or two.
const DEEPEST: usize = 8;

/// What a value looks like that is never null. Limits are those of forms, and not told here: a database may hold what a
/// form would refuse.
#[must_use]
pub fn value(site: &Site, field: &Field) -> Json {
    match &field.kind {
        FieldKind::Auto(width) | FieldKind::Int { width, .. } => whole(site, *width),
        FieldKind::Bool => json!({ "type": "boolean" }),
        FieldKind::Float => json!({ "type": "number", "format": "double" }),
        FieldKind::Decimal { .. } => json!({ "type": "string", "format": "decimal" }),
        FieldKind::Text { .. } | FieldKind::Time | FieldKind::Duration => json!({ "type": "string" }),
        FieldKind::Date => json!({ "type": "string", "format": "date" }),
        FieldKind::DateTime => json!({ "type": "string", "format": "date-time" }),
        FieldKind::Uuid => json!({ "type": "string", "format": "uuid" }),
        FieldKind::Json => json!({}),
        FieldKind::Bytes => json!({ "type": "string", "contentEncoding": "base64" }),
        FieldKind::File { .. } => json!({ "type": "string", "format": "uri-reference" }),
        FieldKind::One { .. } => value_of_target(site, field),
        FieldKind::Many { .. } => json!({ "type": "array", "items": value_of_target(site, field) }),
    }
}

/// What a model's key looks like.
#[must_use]
pub fn key(site: &Site, model: &Model) -> Json {
    let field = model.key_field();
    value(site, target(site, field))
}

/// The field whose values a field holds: itself, or for a relation the field that it points to in the end.
#[must_use]
pub fn target<'a>(site: &'a Site, field: &'a Field) -> &'a Field {
    let mut found = field;
    for _ in 0..DEEPEST {
        let next = found.target().and_then(|key| site.schema().model(key)).and_then(|model| match &found.kind {
            FieldKind::One { to_field: Some(name), .. } => model.field(name),
            _ => Some(model.key_field()),
        });
        let Some(next) = next else { break };
        found = next;
    }
    found
}

fn value_of_target(site: &Site, field: &Field) -> Json {
    let target = target(site, field);
    if target.target().is_some() { json!({}) } else { value(site, target) }
}

/// SQLite has one width for all whole numbers.
fn whole(site: &Site, width: Width) -> Json {
    let wide = width == Width::Big || site.store().dialect() == Dialect::Sqlite;
    json!({ "type": "integer", "format": if wide { "int64" } else { "int32" } })
}

/// The same, or null.
#[must_use]
pub fn or_null(mut schema: Json) -> Json {
    if let Some(kind) = schema.get_mut("type") {
        match kind.as_array_mut() {
            Some(kinds) => kinds.push(json!("null")),
            None => *kind = json!([kind, "null"]),
        }
        if let Some(values) = schema.get_mut("enum").and_then(Json::as_array_mut) {
            values.push(Json::Null);
        }
        return schema;
    }
    if schema == json!({}) { schema } else { json!({ "anyOf": [schema, { "type": "null" }] }) }
}

/// Adds to the schema of a value what a form asks of it: lengths, limits, patterns.
#[must_use]
pub fn limited(field: &Field, mut schema: Json) -> Json {
    match &field.kind {
        FieldKind::Text { max, format } => {
            schema["format"] = match format {
                TextFormat::Email => json!("email"),
                TextFormat::Url => json!("uri"),
                TextFormat::Ipv4 => json!("ipv4"),
                TextFormat::Ipv6 => json!("ipv6"),
                TextFormat::Line | TextFormat::Long | TextFormat::Slug | TextFormat::Ip => Json::Null,
            };
            schema["maxLength"] = json!(max);
            schema["minLength"] = if field.blank { Json::Null } else { json!(1) };
            schema["pattern"] = if *format == TextFormat::Slug { json!("^[-a-zA-Z0-9_]*$") } else { Json::Null };
        }
        FieldKind::Int { positive: true, .. } => schema["minimum"] = json!(0),
        FieldKind::Many { .. } if !field.blank => schema["minItems"] = json!(1),
        _ => {}
    }
    field.checks.iter().for_each(|check| limit(&mut schema, check));
    if let Some(members) = schema.as_object_mut() {
        members.retain(|_, member| !member.is_null());
    }
    schema
}

fn limit(schema: &mut Json, check: &Check) {
    match check {
        Check::Min(Value::Int(number)) => schema["minimum"] = json!(number),
        Check::Max(Value::Int(number)) => schema["maximum"] = json!(number),
        Check::MinLength(number) => schema["minLength"] = json!(number),
        Check::MaxLength(number) => schema["maxLength"] = json!(number),
        Check::Pattern { pattern, .. } if is_portable(pattern.as_str()) => schema["pattern"] = json!(pattern.as_str()),
        // Other numbers travel as text, of which a schema can tell no limit.
        Check::Min(_) | Check::Max(_) | Check::Pattern { .. } => {}
    }
}

/// Whether a pattern means the same to JavaScript, whose language schemas speak.
fn is_portable(pattern: &str) -> bool {
    let foreign = ["\\A", "\\Z", "\\z", "\\p", "\\P", "[[", "&&"];
    !pattern.replace("(?:", "").contains("(?") && foreign.iter().all(|part| !pattern.contains(part))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn null_is_added_to_what_is_there() {
        assert_eq!(or_null(json!({ "type": "string" })), json!({ "type": ["string", "null"] }));
        let chosen = json!({ "type": "integer", "enum": [1, 2] });
        assert_eq!(or_null(chosen), json!({ "type": ["integer", "null"], "enum": [1, 2, null] }));
        assert_eq!(or_null(json!({})), json!({}));
        let either = json!({ "anyOf": [{ "type": "string" }, { "type": "number" }] });
        assert_eq!(or_null(either.clone()), json!({ "anyOf": [either, { "type": "null" }] }));
    }

    #[test]
    fn forms_say_their_limits() {
        let sku = Field::line("sku", 20).matching(r"^[A-Z]{3}-\d{4,}$", "");
        let expected = json!({ "type": "string", "maxLength": 20, "minLength": 1, "pattern": r"^[A-Z]{3}-\d{4,}$" });
        assert_eq!(limited(&sku, json!({ "type": "string" })), expected);
        let count = Field::count("count", Width::Small).checked(Check::Min(Value::Int(1)));
        assert_eq!(limited(&count, json!({ "type": "integer" })), json!({ "type": "integer", "minimum": 1 }));
    }

    #[test]
    fn patterns_of_another_language_are_left_out() {
        for (pattern, portable) in [("^(?:a|b)$", true), ("(?i)a", false), (r"\Aa\z", false), (r"^\d+$", true)] {
            assert_eq!(is_portable(pattern), portable, "{pattern}");
        }
    }
}
