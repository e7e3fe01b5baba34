//! Cells of SQLite to values. A cell that does not fit its column is given as text and spoils nothing.

use std::str::FromStr;

use bigdecimal::num_bigint::BigInt;
use bigdecimal::{BigDecimal, RoundingMode};
use jiff::{SignedDuration, Timestamp};
use rusqlite::types::ValueRef;
use uuid::Uuid;

use super::super::statement::Cell;
use super::super::text;
use crate::value::Value;

pub(super) fn read(stored: ValueRef<'_>, cell: Cell) -> Value {
    if let ValueRef::Null = stored {
        return Value::Null;
    }
    typed(stored, cell).unwrap_or_else(|| plain_text(stored))
}

fn typed(stored: ValueRef<'_>, cell: Cell) -> Option<Value> {
    match cell {
        Cell::Bool => truth(stored).map(Value::Bool),
        Cell::Int => whole(stored).map(Value::Int),
        Cell::Float => float(stored).filter(|number| number.is_finite()).map(Value::Float),
        Cell::Decimal { places } => decimal(stored, places).map(Value::Decimal),
        Cell::Text | Cell::Ip => Some(plain_text(stored)),
        Cell::Date => date(stored),
        Cell::Time => text::read_time(text_of(stored)?).map(Value::Time),
        Cell::DateTime | Cell::DateTimePlain => {
            instant(stored).map(Value::DateTime).or_else(|| text::read_late(text_of(stored)?))
        }
        Cell::Duration => duration(stored).map(Value::Duration),
        Cell::Uuid | Cell::UuidText => uuid(stored).map(Value::Uuid),
        Cell::Json => json(stored).map(Value::Json),
        Cell::Bytes => stored.as_bytes().ok().map(|bytes| Value::Bytes(bytes.to_vec())),
        Cell::Any => Some(any(stored)),
    }
}

fn text_of(stored: ValueRef<'_>) -> Option<&str> {
    match stored {
        ValueRef::Text(bytes) => std::str::from_utf8(bytes).ok(),
        _ => None,
    }
}

fn plain_text(stored: ValueRef<'_>) -> Value {
    Value::Text(match stored {
        ValueRef::Null => String::new(),
        ValueRef::Integer(number) => number.to_string(),
        ValueRef::Real(number) => format!("{number:?}"),
        ValueRef::Text(bytes) | ValueRef::Blob(bytes) => match std::str::from_utf8(bytes) {
            Ok(text) => text.to_owned(),
            Err(_) => String::from_utf8_lossy(bytes).into_owned(),
        },
    })
}

fn any(stored: ValueRef<'_>) -> Value {
    match stored {
        ValueRef::Integer(number) => Value::Int(number),
        ValueRef::Real(number) if number.is_finite() => Value::Float(number),
        ValueRef::Blob(bytes) => Value::Bytes(bytes.to_vec()),
        other => plain_text(other),
    }
}

fn truth(stored: ValueRef<'_>) -> Option<bool> {
    match stored {
        ValueRef::Integer(number) => Some(number != 0),
        ValueRef::Real(number) => Some(number != 0.0),
        other => match text_of(other)?.to_ascii_lowercase().as_str() {
            "1" | "t" | "true" | "y" | "yes" | "on" => Some(true),
            "" | "0" | "f" | "false" | "n" | "no" | "off" => Some(false),
            _ => None,
        },
    }
}

fn whole(stored: ValueRef<'_>) -> Option<i64> {
    match stored {
        ValueRef::Integer(number) => Some(number),
        // Whole numbers up to 2^53 are exact in a binary number; larger ones are not sure to be what was meant.
        ValueRef::Real(number) if number.fract() == 0.0 && number.abs() <= 9_007_199_254_740_992.0 => {
            Some(number as i64)
        }
        other => text_of(other)?.trim().parse().ok(),
    }
}

fn float(stored: ValueRef<'_>) -> Option<f64> {
    match stored {
        ValueRef::Integer(number) => Some(number as f64),
        ValueRef::Real(number) => Some(number),
        other => text_of(other)?.trim().parse().ok(),
    }
}

fn decimal(stored: ValueRef<'_>, places: Option<u32>) -> Option<BigDecimal> {
    match stored {
        ValueRef::Integer(number) => {
            let exact = BigDecimal::from(number);
            Some(places.map_or(exact.clone(), |places| exact.with_scale(i64::from(places))))
        }
        ValueRef::Real(number) => from_binary(number, places),
        other => {
            let exact = BigDecimal::from_str(text_of(other)?.trim()).ok()?;
            let scale = i64::from(places.unwrap_or(0));
            Some(if exact.fractional_digit_count() < scale { exact.with_scale(scale) } else { exact })
        }
    }
}

/// A binary number to fifteen digits and then to its places, halves to the even neighbour: what Django does.
fn from_binary(number: f64, places: Option<u32>) -> Option<BigDecimal> {
    if let Some(places) = places.filter(|places| *places <= 6) {
        let scaled = number * 10_f64.powi(places as i32);
        let whole = scaled.round();
        // Far from a half, both ways of rounding agree, and no text need be made.
        if whole.abs() < 1e14 && (scaled - whole).abs() < 0.49 {
            return Some(BigDecimal::new(BigInt::from(whole as i64), i64::from(places)));
        }
    }
    let exact = BigDecimal::from_str(&format!("{number:.14e}")).ok()?;
    Some(match places {
        Some(places) => exact.with_scale_round(i64::from(places), RoundingMode::HalfEven),
        None => exact.normalized(),
    })
}

fn date(stored: ValueRef<'_>) -> Option<Value> {
    match stored {
        ValueRef::Integer(_) | ValueRef::Real(_) => {
            let day = jiff::tz::TimeZone::UTC.to_datetime(instant(stored)?).date();
            Some(Value::Date(day))
        }
        other => text::read_date(text_of(other)?).map(Value::Date),
    }
}

fn instant(stored: ValueRef<'_>) -> Option<Timestamp> {
    match stored {
        ValueRef::Integer(seconds) => Timestamp::from_second(seconds).ok(),
        ValueRef::Real(seconds) => Timestamp::from_microsecond((seconds * 1e6).round() as i64).ok(),
        other => text::read_instant(text_of(other)?),
    }
}

fn duration(stored: ValueRef<'_>) -> Option<SignedDuration> {
    match stored {
        ValueRef::Integer(micros) => Some(SignedDuration::from_micros(micros)),
        ValueRef::Real(micros) => Some(SignedDuration::from_micros(micros.round() as i64)),
        other => text::read_duration(text_of(other)?),
    }
}

fn uuid(stored: ValueRef<'_>) -> Option<Uuid> {
    match stored {
        ValueRef::Blob(bytes) => Uuid::from_slice(bytes).ok(),
        other => Uuid::try_parse(text_of(other)?).ok(),
    }
}

fn json(stored: ValueRef<'_>) -> Option<serde_json::Value> {
    match stored {
        ValueRef::Integer(number) => Some(number.into()),
        ValueRef::Real(number) => Some(number.into()),
        other => serde_json::from_str(text_of(other)?).ok(),
    }
}
