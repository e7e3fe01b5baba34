//! Spans of time: Django's `3 04:05:06.7`, ISO's `P3DT4H`, PostgreSQL's `3 days 04:05:06`; a number is seconds.

use std::sync::LazyLock;

use jiff::SignedDuration;
use regex::{Captures, Regex};

use super::Verdict;
use super::python::{Sent, digit};
use crate::model::{Flaw, FlawKind};
use crate::store::Dialect;
use crate::value::Value;

/// More than any spelling of a span needs.
const MOST: usize = 1000;
const DAY: f64 = 86_400e6;
const MOST_DAYS: i128 = 999_999_999;

fn pattern(text: &str) -> Regex {
    Regex::new(text).expect("the pattern is right")
}

static STANDARD: LazyLock<Regex> = LazyLock::new(|| {
    pattern(concat!(
        r"^(?:(?P<days>-?\d+) (?:days?, )?)?(?P<sign>-?)",
        r"(?:(?:(?P<hours>\d+):)?(?P<minutes>\d+):)?(?P<seconds>\d+)(?:[.,](?P<micros>\d{1,6})\d{0,6})?",
        "\n?$"
    ))
});
static ISO: LazyLock<Regex> = LazyLock::new(|| {
    pattern(concat!(
        r"^(?P<sign>[-+]?)P(?:(?P<days>\d+(?:[.,]\d+)?)D)?",
        r"(?:T(?:(?P<hours>\d+(?:[.,]\d+)?)H)?(?:(?P<minutes>\d+(?:[.,]\d+)?)M)?(?:(?P<seconds>\d+(?:[.,]\d+)?)S)?)?",
        "\n?$"
    ))
});
static POSTGRES: LazyLock<Regex> = LazyLock::new(|| {
    pattern(concat!(
        r"^(?:(?P<days>-?\d+) days? ?)?",
        r"(?:(?P<sign>[-+])?(?P<hours>\d+):(?P<minutes>\d\d):(?P<seconds>\d\d)(?:\.(?P<micros>\d{1,6}))?)?",
        "\n?$"
    ))
});

/// Reads a span of time. SQLite counts microseconds in 64 bits.
pub(super) fn read(sent: Sent<'_>, dialect: Dialect) -> Verdict {
    let text = match sent {
        Sent::Int(_) | Sent::Float(_) | Sent::Text(_) => sent.text(),
        _ => return Err(FlawKind::BadDuration.into()),
    };
    let far = || Flaw::from(FlawKind::DurationRange);
    if text.len() > MOST {
        let digits = text.bytes().all(|byte| byte.is_ascii_digit());
        return Err(if digits { far() } else { FlawKind::BadDuration.into() });
    }
    let micros = micros_of(&text).ok_or(FlawKind::BadDuration)?.ok_or_else(far)?;
    if dialect == Dialect::Sqlite && i64::try_from(micros).is_err() {
        return Err(far());
    }
    let seconds = i64::try_from(micros.div_euclid(1_000_000)).map_err(|_| far())?;
    let nanos = i32::try_from(micros.rem_euclid(1_000_000) * 1000).map_err(|_| far())?;
    Ok(Value::Duration(SignedDuration::new(seconds, nanos)))
}

/// The microseconds of a span; `Some(None)` if there are too many, `None` if it is no span.
fn micros_of(text: &str) -> Option<Option<i128>> {
    let (captures, iso) = match (STANDARD.captures(text), ISO.captures(text)) {
        (Some(captures), _) => (captures, false),
        (None, Some(captures)) => (captures, true),
        (None, None) => (POSTGRES.captures(text)?, false),
    };
    let negative = captures.name("sign").is_some_and(|sign| sign.as_str() == "-");
    Some(total(&captures, negative, iso))
}

fn total(captures: &Captures<'_>, negative: bool, iso: bool) -> Option<i128> {
    let sign = |micros: i128| if negative { -micros } else { micros };
    let days = span(&[(number(captures, "days"), DAY)])?;
    let clock = span(&[
        (micros(captures), 1.0),
        (number(captures, "seconds"), 1e6),
        (number(captures, "minutes"), 60e6),
        (number(captures, "hours"), 3600e6),
    ])?;
    within(if iso { sign(days) } else { days } + sign(clock))
}

/// The number of a group; an absent group counts as zero.
fn number(captures: &Captures<'_>, name: &str) -> f64 {
    let text = captures.name(name).map_or("0", |group| group.as_str());
    let plain = |letter: char| match digit(letter) {
        Some(digit) => char::from(b'0' + digit),
        None if letter == ',' => '.',
        None => letter,
    };
    text.chars().map(plain).collect::<String>().parse().unwrap_or(f64::INFINITY)
}

fn micros(captures: &Captures<'_>) -> f64 {
    let length = captures.name("micros").map_or(6, |group| group.as_str().chars().count());
    (length..6).fold(number(captures, "micros"), |micros, _| micros * 10.0)
}

/// The sum of amounts with their factors in microseconds, rounded once, halves to even.
#[expect(clippy::cast_possible_truncation, reason = "whole parts were checked to fit, fractions are below a day")]
fn span(amounts: &[(f64, f64)]) -> Option<i128> {
    let (mut sum, mut rest) = (0_i128, 0.0_f64);
    for &(amount, factor) in amounts {
        if amount.abs() > 1e20 {
            return None;
        }
        sum += amount.trunc() as i128 * factor as i128;
        let part = amount.fract() * factor;
        sum += part.trunc() as i128;
        rest += part.fract();
    }
    let mut whole = rest.round();
    if (whole - rest).abs() == 0.5 {
        let odd = if sum % 2 == 0 { 0.0 } else { 1.0 };
        whole = 2.0 * ((rest + odd) * 0.5).round() - odd;
    }
    within(sum + whole as i128)
}

fn within(micros: i128) -> Option<i128> {
    let days = micros.div_euclid(86_400_000_000);
    (-MOST_DAYS..=MOST_DAYS).contains(&days).then_some(micros)
}
