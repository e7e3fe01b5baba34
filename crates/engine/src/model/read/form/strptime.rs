//! Python's `strptime` for the formats of Django's English forms.

use std::sync::LazyLock;

use jiff::civil::{Date, DateTime, Time};
use regex::{Captures, Regex};

use super::super::python::digit;

const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

/// The pattern of a format: each directive is a group, a blank is any number of blanks.
fn pattern(format: &str) -> Regex {
    let mut out = String::from("(?i)^");
    let mut letters = format.chars();
    while let Some(letter) = letters.next() {
        match letter {
            '%' => out.push_str(match letters.next().unwrap_or('%') {
                'Y' => r"(?P<Y>\d\d\d\d)",
                'y' => r"(?P<y>\d\d)",
                'm' => r"(?P<m>1[0-2]|0[1-9]|[1-9])",
                'd' => r"(?P<d>3[0-1]|[1-2]\d|0[1-9]|[1-9]| [1-9])",
                'b' => r"(?P<b>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)",
                'B' => r"(?P<B>september|february|november|december|january|october|august|march|april|june|july|may)",
                'H' => r"(?P<H>2[0-3]|[0-1]\d|\d)",
                'M' => r"(?P<M>[0-5]\d|\d)",
                'S' => r"(?P<S>6[0-1]|[0-5]\d|\d)",
                _ => r"(?P<f>[0-9]{1,6})",
            }),
            ' ' => out.push_str(r"\s+"),
            other => out.push_str(&regex::escape(&other.to_string())),
        }
    }
    out.push('$');
    Regex::new(&out).expect("the pattern is right")
}

const DAYS: [&str; 11] = [
    "%Y-%m-%d",
    "%m/%d/%Y",
    "%m/%d/%y",
    "%b %d %Y",
    "%b %d, %Y",
    "%d %b %Y",
    "%d %b, %Y",
    "%B %d %Y",
    "%B %d, %Y",
    "%d %B %Y",
    "%d %B, %Y",
];
const CLOCKS: [&str; 3] = ["%H:%M:%S", "%H:%M:%S.%f", "%H:%M"];

static DATES: LazyLock<Vec<Regex>> = LazyLock::new(|| DAYS.into_iter().map(pattern).collect());
static TIMES: LazyLock<Vec<Regex>> = LazyLock::new(|| CLOCKS.into_iter().map(pattern).collect());
static MOMENTS: LazyLock<Vec<Regex>> = LazyLock::new(|| {
    let formats = DAYS[..3].iter().flat_map(|day| CLOCKS.iter().map(move |clock| format!("{day} {clock}")));
    formats.map(|format| pattern(&format)).collect()
});

/// Reads a day.
pub(super) fn date(text: &str) -> Option<Date> {
    DATES.iter().find_map(|pattern| day(&pattern.captures(text)?))
}

/// Reads a time of day.
pub(super) fn time(text: &str) -> Option<Time> {
    TIMES.iter().find_map(|pattern| clock(&pattern.captures(text)?))
}

/// Reads a day with a time, or a day alone, which begins at midnight.
pub(super) fn date_time(text: &str) -> Option<DateTime> {
    let timed = MOMENTS.iter().find_map(|pattern| {
        let found = pattern.captures(text)?;
        Some(DateTime::from_parts(day(&found)?, clock(&found)?))
    });
    timed.or_else(|| Some(date(text)?.to_datetime(Time::midnight())))
}

/// The number of a group, whatever the script of its digits.
fn number(found: &Captures<'_>, group: &str) -> Option<i32> {
    let text = found.name(group)?.as_str();
    text.trim().chars().try_fold(0, |number, letter| Some(number * 10 + i32::from(digit(letter)?)))
}

fn day(found: &Captures<'_>) -> Option<Date> {
    let year = match number(found, "y") {
        Some(short) if short < 69 => 2000 + short,
        Some(short) => 1900 + short,
        None => number(found, "Y")?,
    };
    let named = || {
        let word = found.name("b").or_else(|| found.name("B"))?.as_str().to_lowercase();
        MONTHS.iter().position(|month| month.starts_with(&word)).and_then(|at| i32::try_from(at + 1).ok())
    };
    let month = number(found, "m").or_else(named)?;
    let day = number(found, "d")?;
    (year > 0).then_some(())?;
    Date::new(i16::try_from(year).ok()?, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

fn clock(found: &Captures<'_>) -> Option<Time> {
    let part = |group| i8::try_from(number(found, group).unwrap_or(0)).ok();
    let fraction = found.name("f").map_or("", |group| group.as_str());
    let nanos: i32 = format!("{fraction:0<9}").parse().ok()?;
    Time::new(part("H")?, part("M")?, part("S")?, nanos).ok()
}
