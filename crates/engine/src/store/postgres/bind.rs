//! Values to PostgreSQL: as text, which the server reads by the type that it found for the parameter. So numbers have
//! no limit of digits, and a text can meet an enum, an address or a number; what does not fit is refused by name.

use std::error::Error;
use std::fmt::Write as _;

use bytes::{BufMut as _, BytesMut};
use tokio_postgres::types::{Format, IsNull, Kind, ToSql, Type, to_sql_checked};

use super::super::statement::Arg;
use super::super::text;
use crate::value::{Value, is_late};

/// An argument on its way into a statement.
#[derive(Debug)]
pub(super) struct Bound<'a>(pub(super) &'a Arg);

impl ToSql for Bound<'_> {
    fn to_sql(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, Box<dyn Error + Sync + Send>> {
        match &self.0.value {
            Value::Null => return Ok(IsNull::Yes),
            Value::Text(text) => {
                out.put_slice(text.as_bytes());
                if *ty == Type::TIMESTAMPTZ && is_late(text) {
                    out.put_slice(b"+00");
                }
            }
            Value::Bytes(bytes) => out.put_slice(bytes),
            Value::Keys(keys) => out.put_slice(array(keys, ty).as_bytes()),
            value => out.put_slice(scalar(value, ty).as_bytes()),
        }
        Ok(IsNull::No)
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    fn encode_format(&self, _: &Type) -> Format {
        if matches!(self.0.value, Value::Bytes(_)) { Format::Binary } else { Format::Text }
    }

    to_sql_checked!();
}

fn scalar(value: &Value, ty: &Type) -> String {
    let whole = matches!(*ty, Type::INT2 | Type::INT4 | Type::INT8);
    match value {
        Value::Null | Value::Keys(_) => String::new(),
        Value::Bool(truth) if whole => u8::from(*truth).to_string(),
        Value::Bool(truth) => truth.to_string(),
        Value::Int(number) => number.to_string(),
        Value::Float(number) => number.to_string(),
        Value::Decimal(number) if whole => number.normalized().to_plain_string(),
        Value::Decimal(number) => number.to_plain_string(),
        Value::Text(text) => text.clone(),
        Value::Date(date) => date.to_string(),
        Value::Time(time) => text::time(*time),
        Value::DateTime(instant) => text::instant(*instant) + "+00",
        Value::Duration(span) if *ty == Type::INTERVAL => interval(*span),
        Value::Duration(span) if whole => span.as_micros().to_string(),
        Value::Duration(span) => text::duration(*span),
        Value::Uuid(uuid) => uuid.to_string(),
        Value::Json(json) => json.to_string(),
        Value::Bytes(bytes) => bytes.iter().fold("\\x".to_owned(), |mut text, byte| {
            // A string takes whatever is written to it.
            let _ = write!(text, "{byte:02x}");
            text
        }),
    }
}

/// Days and seconds, as Django's driver sends them: an interval keeps its days apart.
fn interval(span: jiff::SignedDuration) -> String {
    let micros = span.as_micros();
    let (days, rest) = (micros.div_euclid(86_400_000_000), micros.rem_euclid(86_400_000_000));
    format!("{days} days {}.{:06} seconds", rest / 1_000_000, rest % 1_000_000)
}

/// A list as an array, every element in quotes.
fn array(keys: &[Value], ty: &Type) -> String {
    let element = if let Kind::Array(element) = ty.kind() { element } else { ty };
    let mut array = String::from("{");
    for (place, key) in keys.iter().enumerate() {
        if place > 0 {
            array.push(',');
        }
        if key.is_null() {
            array.push_str("NULL");
            continue;
        }
        array.push('"');
        for letter in scalar(key, element).chars() {
            if matches!(letter, '"' | '\\') {
                array.push('\\');
            }
            array.push(letter);
        }
        array.push('"');
    }
    array.push('}');
    array
}
