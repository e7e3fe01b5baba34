//! The limits of whole numbers, as the database has them.

use super::number::Whole;
use super::{Judged, check};
use crate::model::{Check, Field, FieldKind, FlawKind, Width};
use crate::store::Dialect;
use crate::value::Value;

/// The least and the greatest whole number of a column. SQLite has one width for all.
pub(super) fn range(width: Width, positive: bool, dialect: Dialect) -> (i64, i64) {
    let most = match (dialect, width) {
        (Dialect::Sqlite, _) | (_, Width::Big) => i64::MAX,
        (Dialect::Postgres, Width::Small) => i16::MAX.into(),
        (Dialect::Postgres, Width::Normal) => i32::MAX.into(),
    };
    (if positive { 0 } else { -most - 1 }, most)
}

/// Judges a whole number by declared limits and by the column's. Of two limits the stricter speaks.
pub(super) fn judge(field: &Field, whole: Whole, range: (i64, i64)) -> Judged {
    let value = Value::Int(match whole {
        Whole::Below => i64::MIN,
        Whole::Within(number) => number,
        Whole::Above => i64::MAX,
    });
    let mut judged = Judged { early: check::early(field, &value), late: Vec::new(), value };
    let (least, most) = strictest(field, range);
    let order = |limit: &Value| check::compare(&judged.value, limit);
    if whole == Whole::Above || order(&most).is_some_and(std::cmp::Ordering::is_gt) {
        judged.late.push(FlawKind::TooHigh { max: most.to_string() }.into());
    } else if whole == Whole::Below || order(&least).is_some_and(std::cmp::Ordering::is_lt) {
        judged.late.push(FlawKind::TooLow { min: least.to_string() }.into());
    }
    judged
}

fn strictest(field: &Field, (least, most): (i64, i64)) -> (Value, Value) {
    let (mut least, mut most) = (Value::Int(least), Value::Int(most));
    for check in &field.checks {
        match check {
            Check::Min(min) if check::compare(min, &least).is_some_and(std::cmp::Ordering::is_gt) => {
                least = min.clone()
            }
            Check::Max(max) if check::compare(max, &most).is_some_and(std::cmp::Ordering::is_lt) => most = max.clone(),
            _ => {}
        }
    }
    (least, most)
}

/// Whether a column of this kind can hold a number at all: a database may refuse to compare with more.
pub(super) fn holds(kind: &FieldKind, number: i64, dialect: Dialect) -> bool {
    let (least, most) = match kind {
        FieldKind::Auto(width) => range(*width, false, dialect),
        FieldKind::Int { width, positive } => range(*width, *positive, dialect),
        _ => return true,
    };
    (least..=most).contains(&number)
}
