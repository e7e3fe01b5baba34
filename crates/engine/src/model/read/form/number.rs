//! Numbers as they are typed: the form's own limits, then the model's and the column's.

use std::cmp::Ordering;

use super::super::number::{self, Whole};
use super::super::python::Sent;
use super::super::{Verdict, bound, check};
use super::Parsed;
use crate::model::{Check, Field, FieldKind, Flaw, FlawKind, Width};
use crate::store::Dialect;
use crate::value::Value;

/// Reads a whole number; one that no column holds is known by its side.
pub(super) fn whole(sent: Sent<'_>) -> Verdict<Parsed> {
    let whole = number::whole(sent, false).map_err(|_| Flaw::from(FlawKind::NotInt { big: false }))?;
    let (number, beyond) = match whole {
        Whole::Below => (i64::MIN, true),
        Whole::Within(number) => (number, false),
        Whole::Above => (i64::MAX, true),
    };
    Ok(Parsed { beyond, ..Value::Int(number).into() })
}

/// Reads a finite binary number.
pub(super) fn float(sent: Sent<'_>) -> Verdict {
    number::float(sent).map_err(|_| FlawKind::NotNumber.into())
}

/// Reads a decimal number with the digits that were typed, and judges how many there are.
pub(super) fn decimal(sent: Sent<'_>, digits: u32, places: u32) -> Verdict {
    let exact = match number::exact(sent) {
        Err(Flaw { kind: FlawKind::TextTooLarge, .. }) if is_digits(sent) => {
            return Err(FlawKind::TooManyDigits { max: digits }.into());
        }
        Err(_) => return Err(FlawKind::NotNumber.into()),
        Ok(exact) => exact,
    };
    let zero = exact.is_whole_zero();
    if zero && digits <= places {
        return Err(FlawKind::TooManyWholeDigits { max: 0 }.into());
    }
    if !zero {
        exact.fits(digits, places)?;
    }
    let number = exact.number().or_else(|| zero.then(|| 0.into()));
    number.map(Value::Decimal).ok_or_else(|| FlawKind::TooManyDigits { max: digits }.into())
}

fn is_digits(sent: Sent<'_>) -> bool {
    matches!(sent, Sent::Text(text) if text.bytes().all(|byte| byte.is_ascii_digit()))
}

/// What the form itself says of a whole number: a positive one begins with zero, a big one ends with 64 bits.
pub(super) fn form_rules(value: &Value, width: Width, positive: bool, beyond: bool) -> Vec<Flaw> {
    let Value::Int(number) = value else { return Vec::new() };
    let least = if positive { 0 } else { i64::MIN };
    let flaw = match *number {
        number if number < least || (beyond && number < 0 && width == Width::Big) => {
            Some(FlawKind::TooLow { min: least.to_string() })
        }
        _ if beyond && width == Width::Big => Some(FlawKind::TooHigh { max: i64::MAX.to_string() }),
        _ => None,
    };
    flaw.into_iter().map(Flaw::from).collect()
}

/// What the column's limits say of a whole number, where no declared limit is as strict.
pub(super) fn range_rule(field: &Field, value: &Value, beyond: bool, dialect: Dialect) -> Option<Flaw> {
    let (FieldKind::Int { width, positive }, Value::Int(number)) = (&field.kind, value) else { return None };
    let (least, most) = bound::range(*width, *positive, dialect);
    let is = |limit: &Value, bound: i64, wanted: Ordering| {
        check::compare(limit, &Value::Int(bound)).is_some_and(|order| order == wanted || order == Ordering::Equal)
    };
    let covered = |check: &Check| match check {
        Check::Min(min) => (true, is(min, least, Ordering::Greater)),
        Check::Max(max) => (false, is(max, most, Ordering::Less)),
        _ => (false, false),
    };
    let (low, high) = (*number < least || beyond && *number < 0, *number > most || beyond && *number > 0);
    if low && !field.checks.iter().any(|check| covered(check) == (true, true)) {
        return Some(FlawKind::TooLow { min: least.to_string() }.into());
    }
    let high = high && !field.checks.iter().any(|check| covered(check) == (false, true));
    high.then(|| FlawKind::TooHigh { max: most.to_string() }.into())
}
