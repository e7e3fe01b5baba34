//! Cells of PostgreSQL to values, by the type of the column; and then to what the field expects, where that is the same
//! thing in another form. What has no other form is given as text: one cell never fails a page.

use std::error::Error;
use std::net::IpAddr;
use std::str::FromStr;

use bigdecimal::{BigDecimal, ToPrimitive as _};
use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan as _};
use tokio_postgres::types::{FromSql, Kind, Type};
use uuid::Uuid;

use super::super::statement::Cell;
use super::super::text;
use super::numeric;
use crate::value::{Value, late};

/// Microseconds from 1970 to 2000, where PostgreSQL's time begins.
const EPOCH: i64 = 946_684_800_000_000;

/// A cell as the database has it.
pub(super) struct Stored(pub(super) Value);

impl FromSql<'_> for Stored {
    fn from_sql(ty: &Type, raw: &[u8]) -> Result<Stored, Box<dyn Error + Sync + Send>> {
        Ok(Stored(read(ty, raw)))
    }

    fn from_sql_null(_: &Type) -> Result<Stored, Box<dyn Error + Sync + Send>> {
        Ok(Stored(Value::Null))
    }

    fn accepts(_: &Type) -> bool {
        true
    }
}

fn read(ty: &Type, raw: &[u8]) -> Value {
    let value = match ty.kind() {
        Kind::Array(element) => array(element, raw),
        Kind::Domain(inner) => Some(read(inner, raw)),
        _ => scalar(ty, raw),
    };
    value.unwrap_or_else(|| Value::Text(lossy(raw)))
}

fn scalar(ty: &Type, raw: &[u8]) -> Option<Value> {
    Some(match *ty {
        Type::BOOL => Value::Bool(*raw.first()? != 0),
        Type::INT2 => Value::Int(i16::from_be_bytes(raw.try_into().ok()?).into()),
        Type::INT4 => Value::Int(i32::from_be_bytes(raw.try_into().ok()?).into()),
        Type::INT8 => Value::Int(long(raw)?),
        Type::OID => Value::Int(u32::from_be_bytes(raw.try_into().ok()?).into()),
        Type::FLOAT4 => single(f32::from_be_bytes(raw.try_into().ok()?)),
        Type::FLOAT8 => float(f64::from_be_bytes(raw.try_into().ok()?)),
        Type::NUMERIC => numeric::read(raw).map_or_else(|| Value::Text("NaN".to_owned()), Value::Decimal),
        Type::UUID => Value::Uuid(Uuid::from_slice(raw).ok()?),
        Type::JSON => json(raw),
        Type::JSONB => json(raw.get(1..)?),
        Type::BYTEA => Value::Bytes(raw.to_vec()),
        Type::DATE => date(raw)?,
        Type::TIME | Type::TIMETZ => Value::Time(time(raw)?),
        Type::TIMESTAMP | Type::TIMESTAMPTZ => instant(raw)?,
        Type::INTERVAL => Value::Duration(interval(raw)?),
        Type::INET | Type::CIDR => Value::Text(address(raw)?),
        _ => Value::Text(lossy(raw)),
    })
}

/// Text, enums and extensions' texts arrive as they are; of anything else this is the best that can be said.
fn lossy(raw: &[u8]) -> String {
    String::from_utf8_lossy(raw).into_owned()
}

fn long(raw: &[u8]) -> Option<i64> {
    Some(i64::from_be_bytes(raw.get(..8)?.try_into().ok()?))
}

fn short(raw: &[u8], at: usize) -> Option<i32> {
    Some(i32::from_be_bytes(raw.get(at..at + 4)?.try_into().ok()?))
}

fn float(number: f64) -> Value {
    if number.is_finite() { Value::Float(number) } else { Value::Text(number.to_string()) }
}

/// The shortest number that is the same: 0.1 and not 0.10000000149.
fn single(number: f32) -> Value {
    float(number.to_string().parse().unwrap_or(f64::from(number)))
}

fn json(raw: &[u8]) -> Value {
    serde_json::from_slice(raw).map_or_else(|_| Value::Text(lossy(raw)), Value::Json)
}

fn date(raw: &[u8]) -> Option<Value> {
    let days = short(raw, 0)?;
    if let Some(word) = endless(i64::from(days), i64::from(i32::MIN), i64::from(i32::MAX)) {
        return Some(word);
    }
    let day = Date::constant(2000, 1, 1).checked_add(SignedDuration::from_hours(i64::from(days) * 24));
    Some(day.map_or_else(|_| Value::Text(format!("{days} days after 2000-01-01")), Value::Date))
}

fn time(raw: &[u8]) -> Option<Time> {
    // 24:00:00 is a time of PostgreSQL and of nobody else: the day's last microsecond stands for it.
    let micros = long(raw)?.clamp(0, 86_400_000_000 - 1);
    Time::midnight().checked_add(micros.microseconds()).ok()
}

fn instant(raw: &[u8]) -> Option<Value> {
    let micros = long(raw)?;
    if let Some(word) = endless(micros, i64::MIN, i64::MAX) {
        return Some(word);
    }
    let instant = micros.checked_add(EPOCH).and_then(|micros| Timestamp::from_microsecond(micros).ok());
    let late = || Date::constant(2000, 1, 1).at(0, 0, 0, 0).checked_add(micros.microseconds()).ok().and_then(late);
    let text = || Value::Text(format!("{micros} microseconds after 2000-01-01"));
    Some(instant.map(Value::DateTime).or_else(late).unwrap_or_else(text))
}

fn endless(number: i64, least: i64, most: i64) -> Option<Value> {
    let word = match number {
        number if number == least => "-infinity",
        number if number == most => "infinity",
        _ => return None,
    };
    Some(Value::Text(word.to_owned()))
}

/// A month is thirty days, as in PostgreSQL's own comparison of intervals.
fn interval(raw: &[u8]) -> Option<SignedDuration> {
    let (micros, days, months) = (long(raw)?, short(raw, 8)?, short(raw, 12)?);
    let days = i64::from(days) + i64::from(months) * 30;
    SignedDuration::from_micros(micros).checked_add(SignedDuration::from_secs(days * 86_400))
}

/// An address without the mask of a single host.
fn address(raw: &[u8]) -> Option<String> {
    let (mask, address) = (*raw.get(1)?, raw.get(4..)?);
    let (address, whole) = match address.len() {
        4 => (IpAddr::from(<[u8; 4]>::try_from(address).ok()?), 32),
        16 => (IpAddr::from(<[u8; 16]>::try_from(address).ok()?), 128),
        _ => return None,
    };
    Some(if mask == whole { address.to_string() } else { format!("{address}/{mask}") })
}

/// The elements of an array, of all its dimensions.
fn array(element: &Type, raw: &[u8]) -> Option<Value> {
    let dimensions = usize::try_from(short(raw, 0)?).ok()?;
    let mut at = 12 + dimensions * 8;
    let mut values = Vec::new();
    while at < raw.len() {
        let length = short(raw, at)?;
        at += 4;
        let Ok(length) = usize::try_from(length) else {
            values.push(Value::Null);
            continue;
        };
        values.push(read(element, raw.get(at..at + length)?));
        at += length;
    }
    Some(Value::Keys(values))
}

/// The value in the form that the field expects, if it is the same thing.
pub(super) fn fit(value: Value, cell: Cell) -> Value {
    match (cell, &value) {
        (Cell::Any, _) | (_, Value::Null) => None,
        (Cell::Text | Cell::Ip, Value::Text(_)) => None,
        (Cell::Text | Cell::Ip, Value::Bool(truth)) => Some(Value::Text(truth.to_string())),
        (Cell::Text | Cell::Ip, _) => Some(Value::Text(plain(&value))),
        (Cell::Bool, Value::Int(number)) => Some(Value::Bool(*number != 0)),
        (Cell::Int, Value::Bool(truth)) => Some(Value::Int((*truth).into())),
        (Cell::Int, Value::Decimal(number)) => number.is_integer().then(|| number.to_i64().map(Value::Int)).flatten(),
        (Cell::Int, Value::Text(text)) => text.parse().ok().map(Value::Int),
        (Cell::Float, Value::Int(number)) => Some(Value::Float(*number as f64)),
        (Cell::Float, Value::Decimal(number)) => number.to_f64().filter(|number| number.is_finite()).map(Value::Float),
        (Cell::Decimal { places }, Value::Int(number)) => Some(Value::Decimal(padded((*number).into(), places))),
        (Cell::Decimal { places }, Value::Float(number)) => decimal(&number.to_string(), places),
        (Cell::Decimal { places }, Value::Text(text)) => decimal(text.trim(), places),
        (Cell::Date, Value::DateTime(instant)) => Some(Value::Date(TimeZone::UTC.to_datetime(*instant).date())),
        (Cell::Date, Value::Text(text)) => text::read_date(text).map(Value::Date),
        (Cell::Time, Value::Text(text)) => text::read_time(text).map(Value::Time),
        (Cell::DateTime | Cell::DateTimePlain, Value::Text(text)) => text::read_instant(text).map(Value::DateTime),
        (Cell::DateTime | Cell::DateTimePlain, Value::Int(seconds)) => {
            Timestamp::from_second(*seconds).ok().map(Value::DateTime)
        }
        (Cell::DateTime | Cell::DateTimePlain, Value::Date(date)) => {
            TimeZone::UTC.to_timestamp(date.at(0, 0, 0, 0)).ok().map(Value::DateTime)
        }
        (Cell::Duration, Value::Int(micros)) => Some(Value::Duration(SignedDuration::from_micros(*micros))),
        (Cell::Duration, Value::Text(text)) => text::read_duration(text).map(Value::Duration),
        (Cell::Uuid | Cell::UuidText, Value::Text(text)) => Uuid::try_parse(text.trim()).ok().map(Value::Uuid),
        (Cell::Json, Value::Text(text)) => serde_json::from_str(text).ok().map(Value::Json),
        (Cell::Json, Value::Keys(_)) => None,
        _ => None,
    }
    .unwrap_or(value)
}

fn plain(value: &Value) -> String {
    match value {
        Value::Bytes(bytes) => lossy(bytes),
        Value::DateTime(instant) => text::instant(*instant),
        Value::Duration(span) => text::duration(*span),
        other => other.to_string(),
    }
}

fn decimal(text: &str, places: Option<u32>) -> Option<Value> {
    Some(Value::Decimal(padded(BigDecimal::from_str(text).ok()?, places)))
}

fn padded(number: BigDecimal, places: Option<u32>) -> BigDecimal {
    match places.map(i64::from) {
        Some(places) if number.fractional_digit_count() < places => number.with_scale(places),
        _ => number,
    }
}
