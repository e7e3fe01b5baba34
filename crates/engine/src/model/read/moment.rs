//! Days, times and instants, as Python's `fromisoformat` and Django's own patterns read them.

pub(super) mod iso;
pub(super) mod loose;

use jiff::civil::{Date, DateTime, Time};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use super::Verdict;
use super::python::Sent;
use crate::model::FlawKind;
use crate::value::{self, Value};

/// More than any spelling of a moment needs.
const MOST: usize = 100;

/// A date with a time, and the offset from UTC if one was written.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Written {
    pub(super) local: DateTime,
    pub(super) offset: Option<SignedDuration>,
}

fn text_of(sent: Sent<'_>) -> Option<&str> {
    if let Sent::Text(text) = sent { Some(text).filter(|text| text.len() <= MOST) } else { None }
}

/// Reads a calendar day.
pub(super) fn date(sent: Sent<'_>) -> Verdict {
    let read = |text: &str| iso::date(text).or_else(|| loose::date(text));
    text_of(sent).and_then(read).map(Value::Date).ok_or_else(|| FlawKind::BadDate.into())
}

/// Reads a time of day; an offset from UTC is dropped.
pub(super) fn time(sent: Sent<'_>) -> Verdict {
    let read = |text: &str| iso::time(text).or_else(|| loose::time(text));
    text_of(sent).and_then(read).map(Value::Time).ok_or_else(|| FlawKind::BadTime.into())
}

/// The day of a date with a time.
pub(super) fn day_of(sent: Sent<'_>) -> Option<Value> {
    written(sent).ok().map(|written| Value::Date(written.local.date()))
}

fn written(sent: Sent<'_>) -> Verdict<Written> {
    let read = |text: &str| iso::date_time(text).or_else(|| loose::date_time(text));
    text_of(sent).and_then(read).ok_or_else(|| FlawKind::BadDateTime.into())
}

/// Reads an instant. Of two moments that the zone calls alike the first is meant; a local time that the zone skips is
/// counted on from before the gap.
pub(super) fn instant(sent: Sent<'_>, zone: &TimeZone) -> Verdict {
    place(written(sent)?, zone)
}

/// A moment behind the last instant, if it is of the calendar in the zone and in UTC.
pub(super) fn late(sent: Sent<'_>, zone: &TimeZone) -> Option<Value> {
    let Written { local, offset } = written(sent).ok()?;
    // No zone has rules for days that are no instants: what holds at the end goes on.
    let at_the_end = SignedDuration::from_secs(zone.to_offset(Timestamp::MAX).seconds().into());
    let moment = local.checked_sub(offset.unwrap_or(at_the_end)).ok()?;
    moment.checked_add(at_the_end).ok()?;
    value::late(moment)
}

fn place(written: Written, zone: &TimeZone) -> Verdict {
    let far = FlawKind::DateTimeRange;
    let placed = match written.offset {
        None => zone.to_ambiguous_timestamp(written.local).compatible().ok(),
        Some(offset) => {
            let bare = TimeZone::UTC.to_timestamp(written.local).ok();
            bare.and_then(|instant| instant.checked_sub(offset).ok())
        }
    };
    let known = placed.filter(|instant| in_calendar(*instant, zone));
    known.map(Value::DateTime).ok_or_else(|| far.into())
}

/// Whether the day has a year from 1 on, in the zone and in UTC: what databases and clients can hold.
pub(super) fn in_calendar(instant: Timestamp, zone: &TimeZone) -> bool {
    let year = |zone: &TimeZone| zone.to_datetime(instant).year();
    (1..=9999).contains(&year(zone)) && (1..=9999).contains(&year(&TimeZone::UTC))
}

/// A date of the calendar; years begin with 1.
fn day(year: i64, month: i64, day: i64) -> Option<Date> {
    let small = |number: i64| i8::try_from(number).ok();
    let year = i16::try_from(year).ok().filter(|year| *year > 0)?;
    Date::new(year, small(month)?, small(day)?).ok()
}

/// A time of day without leap seconds.
fn clock(hour: i64, minute: i64, second: i64, micros: i64) -> Option<Time> {
    let small = |number: i64| i8::try_from(number).ok();
    let nanos = i32::try_from(micros).ok()?.checked_mul(1000)?;
    Time::new(small(hour)?, small(minute)?, small(second)?, nanos).ok()
}

/// An offset from UTC: less than a day.
fn offset(seconds: i64, micros: i64) -> Option<SignedDuration> {
    let span = SignedDuration::from_secs(seconds).checked_add(SignedDuration::from_micros(micros))?;
    (span.abs() < SignedDuration::from_hours(24)).then_some(span)
}
