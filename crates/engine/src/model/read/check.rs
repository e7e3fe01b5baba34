//! Declared checks: least, greatest, shortest, longest, pattern; and in which of two groups each is reported.

use std::cmp::Ordering;

use bigdecimal::{BigDecimal, FromPrimitive};

use crate::model::{Check, Field, FieldKind, Flaw, FlawKind, TextFormat};
use crate::value::Value;

/// Judges a value; null passes every check.
pub(crate) fn judge(check: &Check, value: &Value) -> Result<(), Flaw> {
    match (check, value) {
        (_, Value::Null) => Ok(()),
        (Check::Min(min), value) if compare(value, min).is_some_and(Ordering::is_lt) => {
            Err(FlawKind::TooLow { min: min.to_string() }.into())
        }
        (Check::Max(max), value) if compare(value, max).is_some_and(Ordering::is_gt) => {
            Err(FlawKind::TooHigh { max: max.to_string() }.into())
        }
        (Check::MinLength(min), Value::Text(text)) if text.chars().count() < *min as usize => {
            Err(FlawKind::TooShort { min: *min, length: text.chars().count() }.into())
        }
        (Check::MaxLength(max), Value::Text(text)) if text.chars().count() > *max as usize => {
            Err(FlawKind::TooLong { max: *max, length: text.chars().count() }.into())
        }
        (Check::Pattern { pattern, words }, Value::Text(text)) if !pattern.is_match(text) => {
            Err(Flaw { kind: FlawKind::BadPattern, words: words.clone() })
        }
        _ => Ok(()),
    }
}

/// The order of two values; numbers of different kinds are compared as numbers.
pub(super) fn compare(value: &Value, limit: &Value) -> Option<Ordering> {
    value.compare(limit).or_else(|| Some(number(value)?.cmp(&number(limit)?)))
}

fn number(value: &Value) -> Option<BigDecimal> {
    match value {
        Value::Int(number) => Some(BigDecimal::from(*number)),
        Value::Float(number) => BigDecimal::from_f64(*number),
        Value::Decimal(number) => Some(number.clone()),
        _ => None,
    }
}

/// What the declared checks say that are reported before uniqueness.
pub(super) fn early(field: &Field, value: &Value) -> Vec<Flaw> {
    let checks = field.checks.iter().filter(|check| !is_late(field, check));
    checks.filter_map(|check| judge(check, value).err()).collect()
}

/// What declared limits say that are reported after uniqueness: greatest, least, longest, shortest; of two limits on
/// one side the stricter speaks.
pub(super) fn late(field: &Field, value: &Value) -> Vec<Flaw> {
    let mut flaws: [Option<(&Check, Flaw)>; 4] = [const { None }; 4];
    for check in field.checks.iter().filter(|check| is_late(field, check)) {
        let Err(flaw) = judge(check, value) else { continue };
        let slot = &mut flaws[place(check)];
        if slot.as_ref().is_none_or(|(known, _)| stricter(check, known)) {
            *slot = Some((check, flaw));
        }
    }
    flaws.into_iter().flatten().map(|(_, flaw)| flaw).collect()
}

fn place(check: &Check) -> usize {
    match check {
        Check::Max(_) => 0,
        Check::Min(_) => 1,
        Check::MaxLength(_) => 2,
        Check::MinLength(_) | Check::Pattern { .. } => 3,
    }
}

fn stricter(check: &Check, than: &Check) -> bool {
    match (check, than) {
        (Check::Max(a), Check::Max(b)) => compare(a, b).is_some_and(Ordering::is_lt),
        (Check::Min(a), Check::Min(b)) => compare(a, b).is_some_and(Ordering::is_gt),
        (Check::MaxLength(a), Check::MaxLength(b)) => a < b,
        (Check::MinLength(a), Check::MinLength(b)) => a > b,
        _ => false,
    }
}

/// Limits of numbers and lengths of texts are reported late; with choices every check stays where it was declared.
fn is_late(field: &Field, check: &Check) -> bool {
    if !field.choices.is_empty() {
        return false;
    }
    match (check, &field.kind) {
        (
            Check::Min(_) | Check::Max(_),
            FieldKind::Int { .. } | FieldKind::Float | FieldKind::Decimal { .. } | FieldKind::Duration,
        ) => true,
        (Check::MinLength(_), FieldKind::Text { format, .. }) => *format != TextFormat::Long,
        (Check::MaxLength(_), FieldKind::Text { .. }) => true,
        _ => false,
    }
}
