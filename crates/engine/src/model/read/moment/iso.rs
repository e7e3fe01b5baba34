//! ISO 8601 as Python 3.11 reads it: extended and basic forms, weeks, fractions of any length, any separator.

use jiff::SignedDuration;
use jiff::civil::{Date, DateTime, ISOWeekDate, Time, Weekday};

use super::Written;

/// The bytes of a text; past the end there are zeros.
#[derive(Debug, Clone, Copy)]
struct Bytes<'a>(&'a [u8]);

impl Bytes<'_> {
    fn at(self, position: usize) -> u8 {
        self.0.get(position).copied().unwrap_or(0)
    }

    fn is_digit(self, position: usize) -> bool {
        self.at(position).is_ascii_digit()
    }

    /// The number of exactly so many digits.
    fn digits(self, from: usize, count: usize) -> Option<i64> {
        let mut number = 0;
        for position in from..from + count {
            number = number * 10 + i64::from(self.at(position).checked_sub(b'0').filter(|digit| *digit < 10)?);
        }
        Some(number)
    }
}

/// Reads `YYYY-MM-DD`, `YYYYMMDD`, `YYYY-Www[-D]` or `YYYYWww[D]`.
pub(super) fn date(text: &str) -> Option<Date> {
    if matches!(text.len(), 7 | 8 | 10) { date_part(text.as_bytes()) } else { None }
}

fn date_part(bytes: &[u8]) -> Option<Date> {
    let text = Bytes(bytes);
    let year = text.digits(0, 4)?;
    let dashes = usize::from(text.at(4) == b'-');
    let at = 4 + dashes;
    if text.at(at) == b'W' {
        return week_date(text, year, at + 1, dashes);
    }
    let month = text.digits(at, 2)?;
    if dashes == 1 && text.at(at + 2) != b'-' {
        return None;
    }
    let end = at + 2 + dashes + 2;
    let day = text.digits(at + 2 + dashes, 2)?;
    if end == bytes.len() { super::day(year, month, day) } else { None }
}

fn week_date(text: Bytes<'_>, year: i64, at: usize, dashes: usize) -> Option<Date> {
    let week = text.digits(at, 2)?;
    let weekday = if at + 2 < text.0.len() {
        if dashes == 1 && text.at(at + 2) != b'-' {
            return None;
        }
        text.digits(at + 2 + dashes, 1)?
    } else {
        1
    };
    let weekday = Weekday::from_monday_one_offset(i8::try_from(weekday).ok()?).ok()?;
    let year = i16::try_from(year).ok().filter(|year| *year > 0)?;
    let date = ISOWeekDate::new(year, i8::try_from(week).ok()?, weekday).ok()?.date();
    (date.year() > 0).then_some(date)
}

/// Reads a time of day, dropping an offset.
pub(super) fn time(text: &str) -> Option<Time> {
    time_part(text.strip_prefix('T').unwrap_or(text).as_bytes()).map(|(time, _)| time)
}

fn time_part(bytes: &[u8]) -> Option<(Time, Option<SignedDuration>)> {
    let text = Bytes(bytes);
    let zone = bytes.iter().position(|byte| matches!(byte, b'+' | b'-' | b'Z')).unwrap_or(bytes.len());
    let (clock, rest) = clock_part(text, 0, zone)?;
    let time = super::clock(clock[0], clock[1], clock[2], clock[3])?;
    match text.at(zone) {
        _ if zone == bytes.len() => (!rest).then_some((time, None)),
        b'Z' => (zone + 1 == bytes.len()).then_some((time, Some(SignedDuration::ZERO))),
        sign => {
            let (parts, rest) = clock_part(text, zone + 1, bytes.len())?;
            let sign = if sign == b'-' { -1 } else { 1 };
            let seconds = parts[0] * 3600 + parts[1] * 60 + parts[2];
            let offset = super::offset(sign * seconds, sign * parts[3])?;
            (!rest).then_some((time, Some(offset)))
        }
    }
}

/// Reads `HH[:?MM[:?SS]][.f…]` between two positions, and whether something is left over.
fn clock_part(text: Bytes<'_>, from: usize, end: usize) -> Option<([i64; 4], bool)> {
    let mut parts = [0; 4];
    let mut at = from;
    let mut separated = true;
    for (position, part) in parts.iter_mut().take(3).enumerate() {
        *part = text.digits(at, 2)?;
        let next = text.at(at + 2);
        at += 3;
        if position == 0 {
            separated = next == b':';
        }
        if at >= end {
            return Some((parts, next != 0));
        }
        match next {
            b':' if separated => {}
            b'.' | b',' => break,
            _ if !separated => at -= 1,
            _ => return None,
        }
    }
    let (micros, at) = fraction(text, at, end)?;
    parts[3] = micros;
    Some((parts, text.at(at) != 0))
}

/// Reads a fraction of a second to the microsecond; further digits are dropped.
fn fraction(text: Bytes<'_>, from: usize, end: usize) -> Option<(i64, usize)> {
    let count = (end - from).min(6);
    let mut micros = text.digits(from, count)?;
    for _ in count..6 {
        micros *= 10;
    }
    let mut at = from + count;
    while text.is_digit(at) {
        at += 1;
    }
    Some((micros, at))
}

/// Reads a date, any one character, and a time; or a date alone.
pub(in super::super) fn date_time(text: &str) -> Option<Written> {
    if text.len() < 7 {
        return None;
    }
    let bytes = text.as_bytes();
    let split = separator(Bytes(bytes))?;
    let date = date_part(bytes.get(..split)?)?;
    let Some(separator) = text.get(split..)?.chars().next() else {
        return Some(Written { local: DateTime::from_parts(date, Time::midnight()), offset: None });
    };
    let rest = &bytes[split + separator.len_utf8()..];
    let (time, offset) = time_part(rest)?;
    Some(Written { local: DateTime::from_parts(date, time), offset })
}

/// Where the date ends: its length cannot be told from its first characters alone when it is a week date.
fn separator(text: Bytes<'_>) -> Option<usize> {
    let length = text.0.len();
    if length == 7 {
        return Some(7);
    }
    if text.at(4) == b'-' {
        return match text.at(5) {
            b'W' if text.at(8) == b'-' && length == 9 => None,
            b'W' if text.at(8) == b'-' && length > 10 && text.is_digit(10) => Some(8),
            b'W' if length > 8 && text.at(8) == b'-' => Some(10),
            b'W' => Some(8),
            _ => Some(10),
        };
    }
    if text.at(4) != b'W' {
        return Some(8);
    }
    let end = (7..length).find(|&position| !text.is_digit(position)).unwrap_or(length);
    Some(if end < 9 {
        end
    } else if end % 2 == 0 {
        7
    } else {
        8
    })
}
