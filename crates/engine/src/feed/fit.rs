//! Values of one field as another one takes them: texts are cut, fractions cut off, numbers widened.

use std::sync::Arc;

use bigdecimal::{BigDecimal, FromPrimitive, RoundingMode, ToPrimitive};

use crate::model::{Field, FieldKind, Initial, Model, Schema};
use crate::value::Value;

/// Keys that are foreign keys themselves are followed so far.
const DEEPEST: usize = 16;

/// The kind of the values of a field: for a relation, that of the key it points to, however far.
pub(crate) fn valued<'s>(schema: &'s Schema, field: &'s Field) -> &'s FieldKind {
    let mut at = field;
    for _ in 0..DEEPEST {
        let FieldKind::One { to, to_field, .. } = &at.kind else { break };
        let end = |to: &'s Arc<Model>| match to_field {
            Some(name) => to.field(name),
            None => to.field(&to.primary_key),
        };
        match schema.model(to).and_then(end) {
            Some(next) => at = next,
            None => break,
        }
    }
    &at.kind
}

/// Whether a field of one kind takes the values of another: texts take everything that has a text, numbers with
/// fractions take numbers, and the rest takes its own kind.
pub(crate) fn takes(to: &FieldKind, from: &FieldKind) -> bool {
    let whole = |kind: &FieldKind| matches!(kind, FieldKind::Int { .. } | FieldKind::Auto(_));
    let broken = |kind: &FieldKind| matches!(kind, FieldKind::Float | FieldKind::Decimal { .. });
    match to {
        FieldKind::Text { .. } | FieldKind::File { .. } => !matches!(from, FieldKind::Bytes | FieldKind::Many { .. }),
        FieldKind::Int { .. } | FieldKind::Auto(_) => whole(from) || *from == FieldKind::Bool,
        FieldKind::Float | FieldKind::Decimal { .. } => whole(from) || broken(from),
        FieldKind::One { .. } | FieldKind::Many { .. } => false,
        to => to == from,
    }
}

/// A value as a field of a kind takes it; `None` if it does not.
pub(crate) fn fit(kind: &FieldKind, value: Value) -> Option<Value> {
    Some(match (kind, value) {
        (_, Value::Null) => Value::Null,
        (_, Value::Bytes(_) | Value::Keys(_)) => return None,
        (FieldKind::Text { max, .. }, value) => Value::Text(cut(value.to_string(), *max)),
        (FieldKind::File { max, .. }, value) => Value::Text(cut(value.to_string(), Some(*max))),
        (FieldKind::Int { .. } | FieldKind::Auto(_), value) => Value::Int(whole(&value)?),
        (FieldKind::Float, value) => Value::Float(match value {
            Value::Float(number) => number,
            value => exact(&value)?.to_f64()?,
        }),
        (FieldKind::Decimal { places, .. }, value) => {
            Value::Decimal(exact(&value)?.with_scale_round(i64::from(*places), RoundingMode::HalfEven))
        }
        (FieldKind::Bool, value @ Value::Bool(_))
        | (FieldKind::Date, value @ Value::Date(_))
        | (FieldKind::Time, value @ Value::Time(_))
        | (FieldKind::DateTime, value @ Value::DateTime(_))
        | (FieldKind::Duration, value @ Value::Duration(_))
        | (FieldKind::Uuid, value @ Value::Uuid(_))
        | (FieldKind::Json, value @ Value::Json(_)) => value,
        _ => return None,
    })
}

/// The first characters of a text, as many as there is room for.
fn cut(mut text: String, max: Option<u32>) -> String {
    let end = max.and_then(|max| text.char_indices().nth(max as usize));
    if let Some((end, _)) = end {
        text.truncate(end);
    }
    text
}

fn whole(value: &Value) -> Option<i64> {
    match value {
        Value::Int(number) => Some(*number),
        Value::Bool(truth) => Some(i64::from(*truth)),
        Value::Float(number) => number.trunc().to_i64(),
        _ => None,
    }
}

fn exact(value: &Value) -> Option<BigDecimal> {
    match value {
        Value::Int(number) => Some(BigDecimal::from(*number)),
        Value::Float(number) => BigDecimal::from_f64(*number),
        Value::Decimal(number) => Some(number.clone()),
        _ => None,
    }
}

/// What a field holds where there is nothing to put into it: its default, null, or what is nothing in its kind. `None`
/// if it has no such thing.
pub(crate) fn empty(field: &Field, kind: &FieldKind) -> Option<Value> {
    if let Some(Initial::Value(value)) = &field.initial {
        return Some(value.clone());
    }
    Some(match kind {
        _ if field.null => Value::Null,
        FieldKind::Text { .. } | FieldKind::File { .. } => Value::from(""),
        FieldKind::Int { .. } => Value::Int(0),
        FieldKind::Float => Value::Float(0.0),
        FieldKind::Decimal { .. } => Value::Decimal(BigDecimal::from(0)),
        FieldKind::Bool => Value::Bool(false),
        _ => return None,
    })
}

/// Whether a field that holds one value has no need of another. Columns of single precision give back less than they
/// were given.
pub(super) fn is_same(kept: &Value, new: &Value) -> bool {
    match (kept, new) {
        (Value::Float(kept), Value::Float(new)) => kept == new || *kept == f64::from(*new as f32),
        (kept, new) => kept == new,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{TextFormat, Width};

    const WHOLE: FieldKind = FieldKind::Int { width: Width::Normal, positive: false };

    fn text(max: u32) -> FieldKind {
        FieldKind::Text { max: Some(max), format: TextFormat::Line }
    }

    #[test]
    fn texts_are_cut_where_the_room_ends() {
        assert_eq!(fit(&text(3), Value::from("äöüß")), Some(Value::from("äöü")));
        assert_eq!(fit(&text(4), Value::from("äöüß")), Some(Value::from("äöüß")));
        assert_eq!(fit(&text(9), Value::Int(12)), Some(Value::from("12")));
    }

    #[test]
    fn numbers_lose_what_there_is_no_room_for() {
        assert_eq!(fit(&WHOLE, Value::Float(66.9)), Some(Value::Int(66)));
        assert_eq!(fit(&WHOLE, Value::Float(-0.5)), Some(Value::Int(0)));
        assert_eq!(fit(&WHOLE, Value::Bool(true)), Some(Value::Int(1)));
        assert_eq!(fit(&FieldKind::Float, Value::Int(2)), Some(Value::Float(2.0)));
        let price = FieldKind::Decimal { digits: 6, places: 2 };
        assert_eq!(fit(&price, Value::Float(1.0)).map(|value| value.to_string()).as_deref(), Some("1.00"));
    }

    #[test]
    fn other_kinds_take_only_their_own() {
        assert_eq!(fit(&WHOLE, Value::from("12")), None);
        assert_eq!(fit(&FieldKind::DateTime, Value::from("2024-01-01")), None);
        assert_eq!(fit(&FieldKind::DateTime, Value::Null), Some(Value::Null));
        assert!(takes(&text(3), &FieldKind::Uuid) && takes(&FieldKind::Float, &WHOLE));
        assert!(!takes(&WHOLE, &FieldKind::Float) && !takes(&FieldKind::Date, &FieldKind::DateTime));
    }

    #[test]
    fn single_precision_is_no_change() {
        assert!(is_same(&Value::Float(f64::from(0.1_f32)), &Value::Float(0.1)));
        assert!(!is_same(&Value::Float(0.1), &Value::Float(0.1001)));
    }
}
