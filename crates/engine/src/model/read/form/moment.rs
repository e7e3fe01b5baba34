//! Days, times and instants as they are typed: Django's formats for English, and ISO 8601 for instants.

use jiff::civil::DateTime;
use jiff::tz::{AmbiguousOffset, Offset, TimeZone};

use super::super::Verdict;
use super::super::moment::{Written, in_calendar, iso, loose};
use super::super::python::{Sent, strip};
use super::{Parsed, strptime};
use crate::model::FlawKind;
use crate::value::Value;

/// More than any spelling of a moment needs.
const MOST: usize = 100;

fn text_of(sent: Sent<'_>) -> Option<&str> {
    if let Sent::Text(text) = sent { Some(strip(text)).filter(|text| text.len() <= MOST) } else { None }
}

/// Reads a calendar day.
pub(super) fn date(sent: Sent<'_>) -> Verdict {
    text_of(sent).and_then(strptime::date).map(Value::Date).ok_or_else(|| FlawKind::BadDate.into())
}

/// Reads a time of day.
pub(super) fn time(sent: Sent<'_>) -> Verdict {
    text_of(sent).and_then(strptime::time).map(Value::Time).ok_or_else(|| FlawKind::BadTime.into())
}

/// A local time as Python spells it: with microseconds if there are any.
fn spelled(local: DateTime) -> String {
    let micros = local.subsec_nanosecond() / 1000;
    let whole = local.strftime("%Y-%m-%d %H:%M:%S").to_string();
    if micros == 0 { whole } else { format!("{whole}.{micros:06}") }
}

/// Reads an instant. A local time that the zone skips or has twice is refused.
pub(super) fn instant(sent: Sent<'_>, zone: &TimeZone) -> Verdict<Parsed> {
    let plain = |text: &str| strptime::date_time(text).map(|local| Written { local, offset: None });
    let read = |text: &str| iso::date_time(text).or_else(|| loose::date_time(text)).or_else(|| plain(text));
    let Written { local, offset } = text_of(sent).and_then(read).ok_or(FlawKind::BadDateTime)?;
    let far = FlawKind::DateTimeRange;
    let (instant, offset) = match offset {
        Some(span) => {
            let bare = TimeZone::UTC.to_timestamp(local).ok();
            let instant = bare.and_then(|instant| instant.checked_sub(span).ok());
            (instant, i32::try_from(span.as_secs()).ok().and_then(|seconds| Offset::from_seconds(seconds).ok()))
        }
        None => match zone.to_ambiguous_timestamp(local).offset() {
            AmbiguousOffset::Unambiguous { offset } => (offset.to_timestamp(local).ok(), Some(offset)),
            _ => {
                let zone = zone.iana_name().unwrap_or("UTC").to_owned();
                return Err(FlawKind::NotInZone { local: spelled(local), zone }.into());
            }
        },
    };
    let instant = instant.filter(|instant| in_calendar(*instant, zone)).ok_or(far)?;
    Ok(Parsed { offset, ..Value::DateTime(instant).into() })
}
