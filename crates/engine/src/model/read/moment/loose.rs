//! Django's own patterns: single digits, digits of any script, a blank before the offset.

use std::sync::LazyLock;

use jiff::civil::{Date, DateTime, Time};
use regex::{Captures, Regex};

use super::super::python::digit;
use super::Written;

const DAY: &str = r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})";
const CLOCK: &str =
    r"(?P<hour>\d{1,2}):(?P<minute>\d{1,2})(?::(?P<second>\d{1,2})(?:[.,](?P<micros>\d{1,6})\d{0,6})?)?";
const ZONE: &str = r"\s*(?P<zone>Z|[+-]\d{2}(?::?\d{2})?)?";

fn pattern(parts: &[&str]) -> Regex {
    Regex::new(&format!("^{}\n?$", parts.concat())).expect("the pattern is right")
}

static DATE: LazyLock<Regex> = LazyLock::new(|| pattern(&[DAY]));
static TIME: LazyLock<Regex> = LazyLock::new(|| pattern(&[CLOCK]));
static DATE_TIME: LazyLock<Regex> = LazyLock::new(|| pattern(&[DAY, "[T ]", CLOCK, ZONE]));

/// The number of a group; an absent group counts as zero.
fn number(captures: &Captures<'_>, name: &str) -> i64 {
    let text = captures.name(name).map_or("", |group| group.as_str());
    text.chars().filter_map(digit).fold(0, |number, digit| number * 10 + i64::from(digit))
}

fn micros(captures: &Captures<'_>) -> i64 {
    let length = captures.name("micros").map_or(0, |group| group.as_str().chars().count());
    (length..6).fold(number(captures, "micros"), |micros, _| micros * 10)
}

fn day_of(captures: &Captures<'_>) -> Option<Date> {
    super::day(number(captures, "year"), number(captures, "month"), number(captures, "day"))
}

fn clock_of(captures: &Captures<'_>) -> Option<Time> {
    super::clock(number(captures, "hour"), number(captures, "minute"), number(captures, "second"), micros(captures))
}

/// Reads `Y-M-D`.
pub(super) fn date(text: &str) -> Option<Date> {
    day_of(&DATE.captures(text)?)
}

/// Reads `H:M[:S[.f]]`.
pub(super) fn time(text: &str) -> Option<Time> {
    clock_of(&TIME.captures(text)?)
}

/// Reads a day, `T` or a blank, a time and perhaps an offset.
pub(in super::super) fn date_time(text: &str) -> Option<Written> {
    let captures = DATE_TIME.captures(text)?;
    let local = DateTime::from_parts(day_of(&captures)?, clock_of(&captures)?);
    let offset = match captures.name("zone").map(|group| group.as_str()) {
        None => None,
        Some("Z") => Some(super::offset(0, 0)?),
        Some(zone) => {
            let digits: Vec<i64> = zone.chars().filter_map(digit).map(i64::from).collect();
            let pair = |at: usize| digits.get(at..at + 2).map_or(0, |pair| pair[0] * 10 + pair[1]);
            let minutes = 60 * pair(0) + pair(2);
            Some(super::offset(if zone.starts_with('-') { -60 } else { 60 } * minutes, 0)?)
        }
    };
    Some(Written { local, offset })
}
