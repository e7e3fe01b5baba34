//! JSON text, written straight from values in the shapes that Python's encoder gives: the contracts' clients diff text.

use bigdecimal::{BigDecimal, RoundingMode, ToPrimitive};
use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

/// Writes a text with its quotes. U+2028 and U+2029 are escaped, other letters are not.
pub fn text(out: &mut Vec<u8>, text: &str) {
    // All bytes are looked at, whatever the first ones are: then the processor looks at many at a time.
    if text.bytes().fold(true, |so_far, byte| so_far & is_plain(byte)) {
        out.reserve(text.len() + 2);
        out.push(b'"');
        out.extend_from_slice(text.as_bytes());
        out.push(b'"');
    } else if text.contains(['\u{2028}', '\u{2029}']) {
        let escaped = serde_json::Value::from(text).to_string();
        let escaped = escaped.replace('\u{2028}', "\\u2028").replace('\u{2029}', "\\u2029");
        out.extend_from_slice(escaped.as_bytes());
    } else {
        serde_json::to_writer(out, text).expect("text can always be written to memory");
    }
}

/// Writes two texts as one.
pub fn joined(out: &mut Vec<u8>, first: &str, second: &str) {
    text(out, first);
    let end = out.len() - 1;
    text(out, second);
    // The quotes between them.
    out.drain(end..end + 2);
}

/// Whether a byte stands for itself between quotes. The separators of lines begin with 0xE2.
fn is_plain(byte: u8) -> bool {
    (byte >= b' ') & (byte != b'"') & (byte != b'\\') & (byte != 0xE2)
}

/// Writes a whole number.
pub fn int(out: &mut Vec<u8>, number: i64) {
    out.extend_from_slice(itoa::Buffer::new().format(number).as_bytes());
}

/// Writes a truth value.
pub fn truth(out: &mut Vec<u8>, truth: bool) {
    out.extend_from_slice(if truth { b"true" } else { b"false" });
}

/// Writes a binary number as Python's `repr` does: always with a point or an exponent. What is not finite is null.
pub fn float(out: &mut Vec<u8>, number: f64) {
    if !number.is_finite() {
        out.extend_from_slice(b"null");
        return;
    }
    if is_fixed(number) {
        out.extend_from_slice(zmij::Buffer::new().format_finite(number).as_bytes());
    } else {
        out.extend_from_slice(float_text(number).as_bytes());
    }
}

/// Whether a number is spelled without an exponent.
fn is_fixed(number: f64) -> bool {
    number == 0.0 || (1e-4..1e16).contains(&number.abs())
}

/// A finite binary number as Python's `repr` spells it.
///
/// ```
/// use factotum::http::json::float_text;
/// assert_eq!((float_text(13.0), float_text(1e16), float_text(0.00001)), ("13.0".into(), "1e+16".into(), "1e-05".into()));
/// ```
#[must_use]
pub fn float_text(number: f64) -> String {
    if is_fixed(number) {
        return format!("{number:?}");
    }
    let scientific = format!("{number:e}");
    let (digits, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    match exponent.strip_prefix('-') {
        Some(exponent) => format!("{digits}e-{exponent:0>2}"),
        None => format!("{digits}e+{exponent:0>2}"),
    }
}

/// Writes any JSON value without blanks.
pub fn value(out: &mut Vec<u8>, json: &serde_json::Value) {
    match json {
        serde_json::Value::Null => out.extend_from_slice(b"null"),
        serde_json::Value::Bool(yes) => truth(out, *yes),
        serde_json::Value::Number(number) => match (number.as_i64(), number.as_f64()) {
            (Some(whole), _) => int(out, whole),
            (None, Some(binary)) if number.is_f64() => float(out, binary),
            _ => out.extend_from_slice(number.to_string().as_bytes()),
        },
        serde_json::Value::String(words) => text(out, words),
        serde_json::Value::Array(items) => list(out, items, value),
        serde_json::Value::Object(members) => {
            out.push(b'{');
            for (at, (name, member)) in members.iter().enumerate() {
                if at > 0 {
                    out.push(b',');
                }
                text(out, name);
                out.push(b':');
                value(out, member);
            }
            out.push(b'}');
        }
    }
}

/// Writes an array, each item by `write`.
pub fn list<T>(out: &mut Vec<u8>, items: impl IntoIterator<Item = T>, mut write: impl FnMut(&mut Vec<u8>, T)) {
    out.push(b'[');
    for (at, item) in items.into_iter().enumerate() {
        if at > 0 {
            out.push(b',');
        }
        write(out, item);
    }
    out.push(b']');
}

/// Writes a decimal as a quoted text with exactly so many places and no exponent.
pub fn decimal(out: &mut Vec<u8>, number: &BigDecimal, places: u32) {
    out.push(b'"');
    match units(number, places) {
        Some(units) => push_units(out, units, places as usize),
        None => out.extend_from_slice(decimal_text(number, places).as_bytes()),
    }
    out.push(b'"');
}

/// A decimal that has exactly so many places, counted in units of the last one; `None` if it has not, or too many.
fn units(number: &BigDecimal, places: u32) -> Option<i64> {
    let (units, scale) = number.as_bigint_and_scale();
    units.to_i64().filter(|_| scale == i64::from(places))
}

fn push_units(out: &mut Vec<u8>, units: i64, places: usize) {
    let mut buffer = itoa::Buffer::new();
    let digits = buffer.format(units.unsigned_abs()).as_bytes();
    let (whole, part) = digits.split_at(digits.len().saturating_sub(places));
    if units < 0 {
        out.push(b'-');
    }
    out.extend_from_slice(if whole.is_empty() { b"0" } else { whole });
    if places > 0 {
        out.push(b'.');
        out.extend(std::iter::repeat_n(b'0', places - part.len()));
        out.extend_from_slice(part);
    }
}

/// A decimal with exactly so many places; halves go to the even neighbour.
#[must_use]
pub fn decimal_text(number: &BigDecimal, places: u32) -> String {
    let places = i64::from(places);
    if number.fractional_digit_count() == places {
        return number.to_plain_string();
    }
    number.with_scale_round(places, RoundingMode::HalfEven).to_plain_string()
}

/// Writes a calendar day as quoted text.
pub fn date(out: &mut Vec<u8>, date: Date) {
    out.push(b'"');
    push_date(out, date);
    out.push(b'"');
}

/// Writes a time of day as quoted text; microseconds only when there are any.
pub fn time(out: &mut Vec<u8>, time: Time) {
    out.push(b'"');
    push_time(out, time);
    out.push(b'"');
}

/// Writes an instant in a zone as quoted text; the offset zero is written `Z`.
pub fn instant(out: &mut Vec<u8>, instant: Timestamp, zone: &TimeZone) {
    instant_with(out, instant, zone, b"Z");
}

/// Writes an instant in a zone as quoted text with a spelling of its own for the offset zero.
pub fn instant_with(out: &mut Vec<u8>, instant: Timestamp, zone: &TimeZone, utc: &[u8]) {
    let offset = zone.to_offset(instant);
    let local = offset.to_datetime(instant);
    out.push(b'"');
    push_date(out, local.date());
    out.push(b'T');
    push_time(out, local.time());
    let seconds = offset.seconds();
    if seconds == 0 {
        out.extend_from_slice(utc);
    } else {
        out.push(if seconds < 0 { b'-' } else { b'+' });
        let seconds = seconds.unsigned_abs();
        push_two(out, seconds / 3600);
        out.push(b':');
        push_two(out, seconds / 60 % 60);
    }
    out.push(b'"');
}

/// Writes a span as quoted text `[D ]HH:MM:SS[.ffffff]`; a negative span has negative days and a positive rest.
pub fn duration(out: &mut Vec<u8>, span: SignedDuration) {
    let (mut seconds, mut micros) = (span.as_secs(), span.subsec_micros());
    if micros < 0 {
        (seconds, micros) = (seconds.saturating_sub(1), micros + 1_000_000);
    }
    let (days, clock) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400) as u32);
    out.push(b'"');
    if days != 0 {
        int(out, days);
        out.push(b' ');
    }
    push_clock(out, clock / 3600, clock / 60 % 60, clock % 60, micros.unsigned_abs());
    out.push(b'"');
}

fn push_date(out: &mut Vec<u8>, date: Date) {
    push_padded(out, u32::from(date.year().unsigned_abs()), 4);
    out.push(b'-');
    push_two(out, u32::from(date.month().unsigned_abs()));
    out.push(b'-');
    push_two(out, u32::from(date.day().unsigned_abs()));
}

fn push_time(out: &mut Vec<u8>, time: Time) {
    let part = |number: i8| u32::from(number.unsigned_abs());
    let micros = time.subsec_nanosecond().unsigned_abs() / 1000;
    push_clock(out, part(time.hour()), part(time.minute()), part(time.second()), micros);
}

fn push_clock(out: &mut Vec<u8>, hours: u32, minutes: u32, seconds: u32, micros: u32) {
    push_two(out, hours);
    out.push(b':');
    push_two(out, minutes);
    out.push(b':');
    push_two(out, seconds);
    if micros != 0 {
        out.push(b'.');
        push_padded(out, micros, 6);
    }
}

/// A number below a hundred.
fn push_two(out: &mut Vec<u8>, number: u32) {
    let digit = |number: u32| b'0' + (number % 10) as u8;
    out.extend_from_slice(&[digit(number / 10), digit(number)]);
}

fn push_padded(out: &mut Vec<u8>, number: u32, width: usize) {
    let mut buffer = itoa::Buffer::new();
    let digits = buffer.format(number);
    out.extend(std::iter::repeat_n(b'0', width.saturating_sub(digits.len())));
    out.extend_from_slice(digits.as_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(write: impl FnOnce(&mut Vec<u8>)) -> String {
        let mut out = Vec::new();
        write(&mut out);
        String::from_utf8(out).expect("JSON is UTF-8")
    }

    #[test]
    fn floats_are_spelled_as_python_does() {
        for (number, expected) in [(13.0, "13.0"), (0.1, "0.1"), (1e16, "1e+16"), (1.5e-7, "1.5e-07"), (-0.0, "-0.0")] {
            assert_eq!(float_text(number), expected);
        }
        let numbers =
            (-20..20).flat_map(|power| [1.0, -3.7, 9.999_999_999_999, 0.1 + 0.2].map(|n| n * 10_f64.powi(power)));
        for number in numbers.chain([0.0, -0.0, 1e-4, 9_007_199_254_740_993.0, 9_999_999_999_999_998.0]) {
            assert_eq!(written(|out| float(out, number)), float_text(number));
        }
    }

    #[test]
    fn spans_keep_a_positive_clock() {
        let check = |micros: i64, expected: &str| {
            assert_eq!(written(|out| duration(out, SignedDuration::from_micros(micros))), format!("\"{expected}\""));
        };
        check(1_500_000, "00:00:01.500000");
        check(-22 * 3_600_000_000, "-1 02:00:00");
        check((365 * 24 + 1) * 3_600_000_000, "365 01:00:00");
    }

    #[test]
    fn decimals_have_their_places() {
        let check = |number: &str, expected: &str| {
            let number: BigDecimal = number.parse().expect("a decimal");
            assert_eq!(decimal_text(&number, 2), expected);
            assert_eq!(written(|out| decimal(out, &number, 2)), format!("\"{expected}\""));
        };
        check("-0.05", "-0.05");
        check("12345678901234567890123.45", "12345678901234567890123.45");
        check("457.9", "457.90");
        check("0", "0.00");
        check("-1.5", "-1.50");
        check("1E+3", "1000.00");
        check("2.675", "2.68");
        check("2.665", "2.66");
    }

    #[test]
    fn instants_follow_their_zone() {
        let moment: Timestamp = "2024-01-01T09:00:00.000001Z".parse().expect("an instant");
        let helsinki = TimeZone::get("Europe/Helsinki").expect("a zone");
        assert_eq!(written(|out| instant(out, moment, &TimeZone::UTC)), "\"2024-01-01T09:00:00.000001Z\"");
        assert_eq!(written(|out| instant(out, moment, &helsinki)), "\"2024-01-01T11:00:00.000001+02:00\"");
    }

    #[test]
    fn line_separators_are_escaped() {
        assert_eq!(written(|out| text(out, "a\u{2028}é\n")), "\"a\\u2028é\\n\"");
    }
}
