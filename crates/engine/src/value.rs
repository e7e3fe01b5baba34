//! What a cell can hold: a closed set of values, and the raw things that have not been judged yet.

use std::cmp::Ordering;

use bigdecimal::BigDecimal;
use bytes::Bytes;
use jiff::civil::{Date, DateTime, Time};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

/// Everything a cell can hold. Instants are UTC; decimals are exact.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// No value.
    Null,
    /// Truth.
    Bool(bool),
    /// A whole number of any width.
    Int(i64),
    /// A finite binary number.
    Float(f64),
    /// An exact decimal number.
    Decimal(BigDecimal),
    /// Text of any kind, also addresses (e-mail, URL, IP) and stored file names.
    Text(String),
    /// A calendar day.
    Date(Date),
    /// A time of day, to the microsecond.
    Time(Time),
    /// An instant, to the microsecond. The calendar ends a little later than instants do: see [`late`].
    DateTime(Timestamp),
    /// A span of time, to the microsecond.
    Duration(SignedDuration),
    /// A UUID.
    Uuid(Uuid),
    /// A JSON document. A stored JSON `null` is `Json(Null)`, an absent one is [`Value::Null`].
    Json(serde_json::Value),
    /// Bytes.
    Bytes(Vec<u8>),
    /// The keys of a many-to-many relation.
    Keys(Vec<Value>),
}

impl Value {
    /// Whether there is no value.
    #[must_use]
    pub fn is_null(&self) -> bool {
        matches!(self, Value::Null)
    }

    /// The text of a text value.
    #[must_use]
    pub fn as_text(&self) -> Option<&str> {
        if let Value::Text(text) = self { Some(text) } else { None }
    }

    /// The number of a whole number.
    #[must_use]
    pub fn as_int(&self) -> Option<i64> {
        if let Value::Int(number) = self { Some(*number) } else { None }
    }

    /// Order of two values of one kind; values of different kinds have none.
    #[must_use]
    pub fn compare(&self, other: &Value) -> Option<Ordering> {
        match (self, other) {
            (Value::Bool(a), Value::Bool(b)) => Some(a.cmp(b)),
            (Value::Int(a), Value::Int(b)) => Some(a.cmp(b)),
            (Value::Float(a), Value::Float(b)) => a.partial_cmp(b),
            (Value::Decimal(a), Value::Decimal(b)) => Some(a.cmp(b)),
            (Value::Text(a), Value::Text(b)) => Some(a.cmp(b)),
            (Value::Date(a), Value::Date(b)) => Some(a.cmp(b)),
            (Value::Time(a), Value::Time(b)) => Some(a.cmp(b)),
            (Value::DateTime(a), Value::DateTime(b)) => Some(a.cmp(b)),
            (Value::Duration(a), Value::Duration(b)) => Some(a.cmp(b)),
            (Value::Uuid(a), Value::Uuid(b)) => Some(a.cmp(b)),
            _ => None,
        }
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Value {
        Value::Text(text.to_owned())
    }
}
impl From<String> for Value {
    fn from(text: String) -> Value {
        Value::Text(text)
    }
}
impl From<i64> for Value {
    fn from(number: i64) -> Value {
        Value::Int(number)
    }
}
impl From<bool> for Value {
    fn from(truth: bool) -> Value {
        Value::Bool(truth)
    }
}

/// The plain text of a value: what labels, search and keys in paths use. Null is the empty text.
///
/// ```
/// use factotum_engine::Value;
/// assert_eq!(Value::Int(7).to_string(), "7");
/// ```
impl std::fmt::Display for Value {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Value::Null => Ok(()),
            Value::Bool(truth) => f.write_str(if *truth { "True" } else { "False" }),
            Value::Int(number) => write!(f, "{number}"),
            Value::Float(number) => write!(f, "{number:?}"),
            Value::Decimal(number) => f.write_str(&number.to_plain_string()),
            Value::Text(text) => f.write_str(text),
            Value::Date(date) => write!(f, "{date}"),
            Value::Time(time) => write!(f, "{time}"),
            Value::DateTime(instant) => write!(f, "{instant}"),
            Value::Duration(span) => write!(f, "{span}"),
            Value::Uuid(uuid) => write!(f, "{uuid}"),
            Value::Json(json) => write!(f, "{json}"),
            Value::Bytes(bytes) => write!(f, "{} bytes", bytes.len()),
            Value::Keys(keys) => {
                for (position, key) in keys.iter().enumerate() {
                    if position > 0 {
                        f.write_str(", ")?;
                    }
                    write!(f, "{key}")?;
                }
                Ok(())
            }
        }
    }
}

/// A moment of UTC behind the last [`Timestamp`] and still of the calendar: what stands for "for ever" in many a table.
/// It is a text in the spelling of ISO with `T`, and `None` for moments that are instants.
///
/// ```
/// use factotum_engine::value::{is_late, late};
/// let end = late("9999-12-31T23:59:59.5".parse()?);
/// assert_eq!(end, Some("9999-12-31T23:59:59.500000".into()));
/// assert!(late("9999-12-30T21:00:00".parse()?).is_none() && !is_late("9999-12-31"));
/// # Ok::<(), jiff::Error>(())
/// ```
#[must_use]
pub fn late(moment: DateTime) -> Option<Value> {
    let micros = moment.subsec_nanosecond() / 1_000;
    let fraction = if micros > 0 { format!(".{micros:06}") } else { String::new() };
    let text = format!("{}{fraction}", moment.strftime("%Y-%m-%dT%H:%M:%S"));
    (moment > TimeZone::UTC.to_datetime(Timestamp::MAX)).then_some(Value::Text(text))
}

/// Whether a text is a moment as [`late`] spells it.
#[must_use]
pub fn is_late(text: &str) -> bool {
    let is_like_one = text.len() >= 19 && text.starts_with("9999-12-3") && text.as_bytes()[10] == b'T';
    is_like_one && text.parse().ok().and_then(late).is_some_and(|late| late.as_text() == Some(text))
}

/// A value as somebody sent it; only [`crate::model::Field::read`] turns it into a [`Value`].
#[derive(Debug, Clone, PartialEq)]
pub enum Raw {
    /// Text: a form value, a query parameter, a key in a path, a cell of a CSV file.
    Text(String),
    /// Several texts under one name: a form's many-to-many.
    Texts(Vec<String>),
    /// A JSON value.
    Json(serde_json::Value),
    /// An uploaded file.
    File(Upload),
}

/// An uploaded file on its way: the name and type are the client's claim, nothing more.
#[derive(Debug, Clone, PartialEq)]
pub struct Upload {
    /// The name as sent.
    pub name: String,
    /// The media type as sent.
    pub media: Option<String>,
    /// The content.
    pub content: Bytes,
}
