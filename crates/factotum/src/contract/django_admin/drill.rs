//! Lists drilled down by date: year, month, day, in the site's time zone.

use factotum_engine::model::FieldKind;
use factotum_engine::query::{Filter, Op, Term, field};
use factotum_engine::store::statement::Span;
use factotum_engine::{Field, Value};
use jiff::ToSpan;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde_json::{Value as Json, json};

use super::request;
use crate::http::Head;

/// How far a list was drilled down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Drill {
    year: Option<i16>,
    month: Option<i8>,
    day: Option<i8>,
}

impl Drill {
    /// Reads `year`, `month` and `day`; a part without the greater one before it, or out of its range, is none.
    pub(super) fn read(head: &Head) -> Drill {
        let part = |name, most| request::number(head, name).filter(|number| (1..=most).contains(number));
        let year = part("year", 9999).and_then(|year| i16::try_from(year).ok());
        let month = year.and_then(|_| part("month", 12)).and_then(|month| i8::try_from(month).ok());
        let day = month.and_then(|_| part("day", 31)).and_then(|day| i8::try_from(day).ok());
        Drill { year, month, day }
    }

    /// What is counted next; nothing below a day.
    pub(super) fn next(self) -> Option<Span> {
        match self {
            Drill { year: None, .. } => Some(Span::Year),
            Drill { month: None, .. } => Some(Span::Month),
            Drill { day: None, .. } => Some(Span::Day),
            Drill { .. } => None,
        }
    }

    /// The rows that are left. A day that is in no calendar leaves none.
    pub(super) fn filter(self, of: &Field, zone: &TimeZone) -> Filter {
        let Some(year) = self.year else { return Filter::All };
        let Ok(first) = Date::new(year, self.month.unwrap_or(1), self.day.unwrap_or(1)) else {
            return Filter::Nothing;
        };
        let step = match self {
            Drill { month: None, .. } => 1.year(),
            Drill { day: None, .. } => 1.month(),
            Drill { .. } => 1.day(),
        };
        let bound = |op, day: Date| match moment(of, day, zone) {
            Some(value) => field(&of.name).test(op, Term::Value(value)),
            None => Filter::All,
        };
        // Nothing lies behind the end of the calendar.
        let until = first.checked_add(step).map_or(Filter::All, |day| bound(Op::Lt, day));
        bound(Op::Gte, first).and(until)
    }

    /// The member of a list that tells of it.
    pub(super) fn told(self, name: &str, buckets: &[(i64, u64)]) -> Json {
        let buckets: Vec<Json> =
            buckets.iter().map(|(value, count)| json!({ "value": value, "count": count })).collect();
        json!({
            "field": name, "granularity_options": ["year", "month", "day"],
            "active": { "year": self.year, "month": self.month, "day": self.day }, "buckets": buckets,
        })
    }
}

/// The begin of a day as a value of the field.
fn moment(of: &Field, day: Date, zone: &TimeZone) -> Option<Value> {
    match of.kind {
        FieldKind::Date => Some(Value::Date(day)),
        _ => zone.to_ambiguous_timestamp(day.at(0, 0, 0, 0)).compatible().ok().map(Value::DateTime),
    }
}
