//! How an answer becomes JSON: rows with their helpers, in the key order that clients diff.

use std::ops::Range;

use bigdecimal::ToPrimitive;
use factotum_engine::model::{Field, FieldKind, Model, Record};
use factotum_engine::{Resource, Site, Value};
use jiff::tz::TimeZone;

use crate::http::{address, json};

/// What a printed value depends on beside itself.
#[derive(Debug)]
pub(super) struct Printing<'a> {
    zone: &'a TimeZone,
    /// The address of the media folder as clients see it, with the slash at its end.
    media: String,
}

impl<'a> Printing<'a> {
    /// Printing for a client that addresses the site by `base` (`https://shop.example`).
    pub(super) fn new(site: &'a Site, base: &str) -> Printing<'a> {
        Printing { zone: site.zone(), media: format!("{base}{}", site.files().url) }
    }
}

/// A key of a printed row, where it stands among the keys, and where its value comes from.
struct Slot {
    key: Range<usize>,
    source: Source,
}

/// Where a printed value comes from; numbers are positions of fields.
#[derive(Debug, Clone, Copy)]
pub(super) enum Source {
    /// A field.
    Field(usize),
    /// The row's own label.
    OwnLabel,
    /// The label of the row that a relation points to.
    RelatedLabel(usize),
    /// The name of a choice.
    ChoiceName(usize),
}

/// The keys of a printed row in order: primary key, label, helpers, plain fields, relations, many-to-many.
pub(super) struct Shape<'r> {
    model: &'r Model,
    /// The keys, each with its quotes and a colon.
    keys: Vec<u8>,
    slots: Vec<Slot>,
}

impl<'r> Shape<'r> {
    /// The shape of a resource's rows; hidden fields and their helpers are nowhere.
    pub(super) fn of(resource: &'r Resource) -> Shape<'r> {
        let model = resource.model.as_ref();
        let mut slots = Vec::with_capacity(model.fields.len() * 2);
        let mut keys = Vec::with_capacity(model.fields.len() * 32);
        let mut push = |name: &str, helper: &str, source| {
            let from = keys.len();
            json::joined(&mut keys, name, helper);
            keys.push(b':');
            slots.push(Slot { key: from..keys.len(), source });
        };
        let shown = |at: &usize| !resource.hides(&model.fields[*at].name);
        let key = model.fields.iter().position(|field| field.name == model.primary_key);
        let order = printed_order(model);
        if let Some(at) = key.filter(shown) {
            push(&model.primary_key, "", Source::Field(at));
        }
        push("", "_label", Source::OwnLabel);
        for at in (0..model.fields.len()).filter(shown) {
            let field = &model.fields[at];
            match &field.kind {
                FieldKind::One { .. } => push(&field.name, "_label", Source::RelatedLabel(at)),
                FieldKind::Many { .. } => {}
                _ if !field.choices.is_empty() => push(&field.name, "_display", Source::ChoiceName(at)),
                _ => {}
            }
        }
        for at in order.into_iter().filter(shown).filter(|at| Some(*at) != key) {
            push(&model.fields[at].name, "", Source::Field(at));
        }
        Shape { model, keys, slots }
    }

    /// The keys of a row, each with its source, in order.
    pub(super) fn keys(&self) -> impl Iterator<Item = (String, Source)> {
        self.slots.iter().map(|slot| {
            let name = serde_json::from_slice(&self.keys[slot.key.start..slot.key.end - 1]);
            (name.expect("a slot's key is a quoted text and a colon"), slot.source)
        })
    }

    /// Writes a row.
    pub(super) fn write(&self, out: &mut Vec<u8>, record: &Record, printing: &Printing<'_>) {
        out.push(b'{');
        for (at, slot) in self.slots.iter().enumerate() {
            if at > 0 {
                out.push(b',');
            }
            out.extend_from_slice(&self.keys[slot.key.clone()]);
            match slot.source {
                Source::Field(at) => value(out, &self.model.fields[at], &record.row.values[at], printing),
                Source::OwnLabel => json::text(out, &record.label),
                Source::RelatedLabel(at) => match record.related.at(at) {
                    Some(label) => json::text(out, label),
                    None => out.extend_from_slice(b"null"),
                },
                Source::ChoiceName(at) => choice(out, &self.model.fields[at], &record.row.values[at], printing),
            }
        }
        out.push(b'}');
    }
}

/// Positions of fields in the order of printed rows and of errors: plain columns, relations, many-to-many.
pub(super) fn printed_order(model: &Model) -> Vec<usize> {
    let rank = |field: &Field| match field.kind {
        FieldKind::One { .. } => 1,
        FieldKind::Many { .. } => 2,
        _ => 0,
    };
    let mut order: Vec<usize> = (0..model.fields.len()).collect();
    order.sort_by_key(|&at| (model.fields[at].name != model.primary_key, rank(&model.fields[at])));
    order
}

/// The name of a choice; a value that is none shows as itself.
fn choice(out: &mut Vec<u8>, field: &Field, stored: &Value, printing: &Printing<'_>) {
    match field.choice_name(stored) {
        Some(name) => json::text(out, name),
        None => value(out, field, stored, printing),
    }
}

/// Writes the value of a field.
pub(super) fn value(out: &mut Vec<u8>, field: &Field, value: &Value, printing: &Printing<'_>) {
    match (&field.kind, value) {
        (FieldKind::Decimal { places, .. }, Value::Decimal(number)) if field.choices.is_empty() => {
            json::decimal(out, number, *places);
        }
        (FieldKind::File { .. }, Value::Text(name)) if name.is_empty() => out.extend_from_slice(b"null"),
        (FieldKind::File { .. }, Value::Text(name)) => json::text(out, &address::of_file(&printing.media, name)),
        _ => plain(out, value, printing),
    }
}

/// Writes a value by its own type.
fn plain(out: &mut Vec<u8>, value: &Value, printing: &Printing<'_>) {
    match value {
        Value::Null => out.extend_from_slice(b"null"),
        Value::Bool(truth) => json::truth(out, *truth),
        Value::Int(number) => json::int(out, *number),
        Value::Float(number) => json::float(out, *number),
        // Only a decimal field of its own is printed as text; a choice or a key is a number.
        Value::Decimal(number) => json::float(out, number.to_f64().unwrap_or_default()),
        Value::Text(text) => json::text(out, text),
        Value::Date(date) => json::date(out, *date),
        Value::Time(time) => json::time(out, *time),
        Value::DateTime(instant) => json::instant(out, *instant, printing.zone),
        Value::Duration(span) => json::duration(out, *span),
        Value::Uuid(uuid) => {
            out.push(b'"');
            out.extend_from_slice(uuid.hyphenated().encode_lower(&mut uuid::Uuid::encode_buffer()).as_bytes());
            out.push(b'"');
        }
        Value::Json(document) => json::value(out, document),
        Value::Bytes(bytes) => {
            use base64::Engine as _;
            json::text(out, &base64::engine::general_purpose::STANDARD.encode(bytes));
        }
        Value::Keys(keys) => json::list(out, keys, |out, key| plain(out, key, printing)),
    }
}

/// A value as it is printed, as a JSON document: for audit records and keys in replies.
pub(super) fn document(field: &Field, stored: &Value, printing: &Printing<'_>) -> serde_json::Value {
    let mut text = Vec::new();
    value(&mut text, field, stored, printing);
    serde_json::from_slice(&text).unwrap_or_default()
}

/// Writes a key in its own type.
pub(super) fn key_text(out: &mut Vec<u8>, key: &Value) {
    plain(out, key, &Printing { zone: &TimeZone::UTC, media: String::new() });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_decimal_among_choices_is_a_number() {
        let printing = Printing { zone: &TimeZone::UTC, media: String::new() };
        let mut grade = Field::new("grade", FieldKind::Decimal { digits: 3, places: 1 });
        let stored = Value::Decimal("2.50".parse().expect("a decimal"));
        assert_eq!(document(&grade, &stored, &printing), serde_json::json!("2.5"));
        grade.choices = vec![(stored.clone(), "Good".to_owned())];
        assert_eq!(document(&grade, &stored, &printing), serde_json::json!(2.5));
        let mut key = Vec::new();
        key_text(&mut key, &Value::Decimal("3".parse().expect("a decimal")));
        assert_eq!(key, b"3.0");
    }
}
