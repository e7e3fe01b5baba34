//! Texts for what a database has no type for; written as Django writes them, read in any usual form.

use std::fmt::Write as _;

use jiff::civil::{Date, DateTime, Time};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

#[cfg(feature = "sqlite")]
use crate::value::{self, Value};

/// `2024-01-01 09:00:00[.ffffff]`, in UTC.
pub(super) fn instant(instant: Timestamp) -> String {
    let civil = TimeZone::UTC.to_datetime(instant);
    let mut text = civil.date().to_string();
    text.push(' ');
    push_time(&mut text, civil.time());
    text
}

/// `09:00:00[.ffffff]`.
pub(super) fn time(time: Time) -> String {
    let mut text = String::with_capacity(15);
    push_time(&mut text, time);
    text
}

fn push_time(text: &mut String, time: Time) {
    let micros = time.subsec_nanosecond() / 1_000;
    // A string takes whatever is written to it.
    let _ = write!(text, "{:02}:{:02}:{:02}", time.hour(), time.minute(), time.second());
    if micros > 0 {
        let _ = write!(text, ".{micros:06}");
    }
}

/// `[-]D HH:MM:SS[.ffffff]`, the way Django prints a duration.
pub(super) fn duration(span: SignedDuration) -> String {
    let micros = span.as_micros();
    let (days, rest) = (micros.div_euclid(86_400_000_000), micros.rem_euclid(86_400_000_000));
    let (seconds, micros) = (rest / 1_000_000, rest % 1_000_000);
    let mut text = String::new();
    if days != 0 {
        let _ = write!(text, "{days} ");
    }
    let _ = write!(text, "{:02}:{:02}:{:02}", seconds / 3_600, seconds / 60 % 60, seconds % 60);
    if micros > 0 {
        let _ = write!(text, ".{micros:06}");
    }
    text
}

/// A day, also at the start of a longer text.
pub(super) fn read_date(text: &str) -> Option<Date> {
    let bytes = text.as_bytes();
    match bytes.get(10) {
        None => date_of(bytes),
        Some(b' ' | b'T') => date_of(&bytes[..10]),
        Some(_) => None,
    }
    .or_else(|| text.parse().ok())
}

/// A time of day.
pub(super) fn read_time(text: &str) -> Option<Time> {
    time_of(text.as_bytes()).or_else(|| text.parse().ok())
}

/// An instant: without zone it is UTC.
pub(super) fn read_instant(text: &str) -> Option<Timestamp> {
    let bytes = text.as_bytes();
    if bytes.len() >= 19
        && matches!(bytes[10], b' ' | b'T')
        && let (Some(date), Some(time)) = (date_of(&bytes[..10]), time_of(&bytes[11..]))
    {
        return TimeZone::UTC.to_timestamp(DateTime::from_parts(date, time)).ok();
    }
    let text = text.trim();
    let zoned = || text.parse::<Timestamp>().ok();
    let civil = || TimeZone::UTC.to_timestamp(text.parse::<DateTime>().ok()?).ok();
    zoned().or_else(civil)
}

/// A moment of UTC that is no instant any more.
#[cfg(feature = "sqlite")]
pub(super) fn read_late(text: &str) -> Option<Value> {
    let text = text.trim();
    let bare = ["+00:00", "+00", "Z"].iter().find_map(|zone| text.strip_suffix(zone)).unwrap_or(text);
    value::late(bare.parse().ok()?)
}

/// A span of time: `[D] HH:MM:SS[.ffffff]` or ISO 8601.
pub(super) fn read_duration(text: &str) -> Option<SignedDuration> {
    let (days, clock) = match text.split_once(' ') {
        Some((days, clock)) => (days.parse::<i64>().ok()?, clock),
        None => (0, text),
    };
    let (negative, digits) = clock.strip_prefix('-').map_or((false, clock), |rest| (true, rest));
    let Some(time) = time_of(digits.as_bytes()) else { return text.parse().ok() };
    let clock = SignedDuration::new(
        i64::from(time.hour()) * 3_600 + i64::from(time.minute()) * 60 + i64::from(time.second()),
        time.subsec_nanosecond(),
    );
    let days = SignedDuration::from_secs(days.checked_mul(86_400)?);
    days.checked_add(if negative { -clock } else { clock })
}

/// `2024-01-01`, exactly.
fn date_of(bytes: &[u8]) -> Option<Date> {
    if bytes.len() != 10 || bytes[4] != b'-' || bytes[7] != b'-' {
        return None;
    }
    let year = digits(&bytes[..4])?;
    let (month, day) = (digits(&bytes[5..7])?, digits(&bytes[8..])?);
    Date::new(i16::try_from(year).ok()?, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

/// `09:00:00` with up to nine digits of a second, exactly.
fn time_of(bytes: &[u8]) -> Option<Time> {
    if bytes.len() < 8 || bytes[2] != b':' || bytes[5] != b':' {
        return None;
    }
    let nanos = match &bytes[8..] {
        [] => 0,
        [b'.', fraction @ ..] if !fraction.is_empty() && fraction.len() <= 9 => {
            let missing = u32::try_from(9 - fraction.len()).ok()?;
            digits(fraction)? * 10_i32.pow(missing)
        }
        _ => return None,
    };
    let (hour, minute, second) = (digits(&bytes[..2])?, digits(&bytes[3..5])?, digits(&bytes[6..8])?);
    Time::new(i8::try_from(hour).ok()?, i8::try_from(minute).ok()?, i8::try_from(second).ok()?, nanos).ok()
}

fn digits(bytes: &[u8]) -> Option<i32> {
    bytes.iter().try_fold(0_i32, |number, byte| byte.is_ascii_digit().then(|| number * 10 + i32::from(byte - b'0')))
}
