//! Numbers: whole, binary and exact. Text is capped before it is looked at, and nothing exact passes through a float.

use std::cmp::Ordering;

use bigdecimal::num_bigint::{BigInt, Sign};
use bigdecimal::{BigDecimal, RoundingMode};

use super::Verdict;
use super::python::{Sent, plain_number, strip};
use crate::model::FlawKind;
use crate::value::Value;

/// The most characters of a number's text.
const MOST: usize = 1000;
/// The greatest power of ten that is worked with: beyond every column and every float.
const FURTHEST: i64 = 1000;

/// A whole number, or the side on which it leaves 64 bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Whole {
    Below,
    Within(i64),
    Above,
}

impl Whole {
    fn of(number: i128) -> Whole {
        match i64::try_from(number) {
            Ok(number) => Whole::Within(number),
            Err(_) if number < 0 => Whole::Below,
            Err(_) => Whole::Above,
        }
    }

    /// Reads what Python's `int()` reads from text.
    pub(super) fn parse(text: &str) -> Option<Whole> {
        let plain = plain_number(text)?;
        let digits = plain.strip_prefix(['+', '-']).unwrap_or(&plain);
        if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let negative = plain.starts_with('-');
        let far = if negative { Whole::Below } else { Whole::Above };
        Some(plain.parse::<i128>().map_or(far, Whole::of))
    }
}

/// Reads a whole number as a form sends it: `7`, `"7"`, `7.0`, `"7.0"`; never truth.
pub(super) fn whole(sent: Sent<'_>, big: bool) -> Verdict<Whole> {
    let bad = || FlawKind::NotInt { big }.into();
    match sent {
        Sent::Int(number) => Ok(Whole::of(number)),
        Sent::Float(number) if number.fract() == 0.0 && number.abs() < 1e16 => {
            Whole::parse(&format!("{number:.0}")).ok_or_else(bad)
        }
        // Whole numbers that no 64 bits hold arrive as floats.
        Sent::Float(number) if number <= -9_223_372_036_854_775_808.0 => Ok(Whole::Below),
        Sent::Float(number) if number >= 18_446_744_073_709_551_616.0 => Ok(Whole::Above),
        Sent::Text(text) if text.chars().count() > MOST => Err(FlawKind::TextTooLarge.into()),
        Sent::Text(text) => Whole::parse(without_zero_fraction(text)).ok_or_else(bad),
        _ => Err(bad()),
    }
}

/// The text without a final `.`, `.0`, `.00` and so on.
fn without_zero_fraction(text: &str) -> &str {
    let short = text.trim_end_matches(super::python::is_space).trim_end_matches('0');
    short.strip_suffix('.').unwrap_or(text)
}

/// Reads a finite binary number.
pub(super) fn float(sent: Sent<'_>) -> Verdict {
    let bad = || FlawKind::NotNumber.into();
    let number = match sent {
        Sent::Bool(truth) => f64::from(u8::from(truth)),
        #[expect(clippy::cast_precision_loss, reason = "the nearest binary number is what the column holds")]
        Sent::Int(number) => number as f64,
        Sent::Float(number) => number,
        Sent::Text(text) if text.chars().count() > MOST => return Err(FlawKind::TextTooLarge.into()),
        Sent::Text(text) => {
            let plain = plain_number(text).ok_or_else(bad)?;
            let numeric = plain.bytes().all(|byte| byte.is_ascii_digit() || b"+-.eE".contains(&byte));
            plain.parse().ok().filter(|_| numeric).ok_or_else(bad)?
        }
        _ => return Err(bad()),
    };
    if number.is_finite() { Ok(Value::Float(number)) } else { Err(bad()) }
}

/// A decimal number before it is known to fit: digits without leading zeros, and a power of ten.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Exact {
    negative: bool,
    digits: String,
    exponent: i64,
}

impl Exact {
    /// Reads what Python's `Decimal()` reads, not-numbers and infinities left out.
    fn parse(text: &str) -> Option<Exact> {
        let plain = plain_number(&text.replace('_', ""))?;
        let (negative, rest) = match plain.as_bytes().first()? {
            b'-' => (true, &plain[1..]),
            b'+' => (false, &plain[1..]),
            _ => (false, plain.as_str()),
        };
        let (mantissa, power) = match rest.split_once(['e', 'E']) {
            Some((mantissa, power)) => (mantissa, power_of_ten(power)?),
            None => (rest, 0),
        };
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let digits = format!("{whole}{fraction}");
        if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let places = i64::try_from(fraction.len()).ok()?;
        let digits = match digits.trim_start_matches('0') {
            "" => "0".to_owned(),
            digits => digits.to_owned(),
        };
        Some(Exact { negative, digits, exponent: power - places })
    }

    /// Whether it is zero without a fraction: a power of ten does not make it longer.
    pub(super) fn is_whole_zero(&self) -> bool {
        self.digits == "0" && self.exponent >= 0
    }

    fn length(&self) -> i64 {
        i64::try_from(self.digits.len()).unwrap_or(i64::MAX)
    }

    /// The number, unless it is too long to be written out.
    pub(super) fn number(&self) -> Option<BigDecimal> {
        if self.exponent.abs() > FURTHEST {
            return None;
        }
        let sign = if self.negative { Sign::Minus } else { Sign::Plus };
        let digits: Vec<u8> = self.digits.bytes().map(|byte| byte - b'0').collect();
        Some(BigDecimal::new(BigInt::from_radix_be(sign, &digits, 10)?, -self.exponent))
    }

    /// Judges the number of digits as a column of `digits` with `places` counts them.
    pub(super) fn fits(&self, digits: u32, places: u32) -> Verdict<()> {
        let (length, below) = (self.length(), self.exponent.saturating_neg());
        let (total, whole, after) = match self.exponent {
            0.. => (length.saturating_add(self.exponent), length.saturating_add(self.exponent), 0),
            _ if length > below => (length, length - below, below),
            _ => (below, 0, below),
        };
        let most_whole = digits.saturating_sub(places);
        if total > i64::from(digits) {
            Err(FlawKind::TooManyDigits { max: digits }.into())
        } else if after > i64::from(places) {
            Err(FlawKind::TooManyPlaces { max: places }.into())
        } else if whole > i64::from(most_whole) {
            Err(FlawKind::TooManyWholeDigits { max: most_whole }.into())
        } else {
            Ok(())
        }
    }
}

/// The power behind an `e`; powers that no computer works with are no numbers.
fn power_of_ten(text: &str) -> Option<i64> {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    let plain = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|power: &i64| plain && power.abs() < 1_000_000_000_000_000_000)
}

/// Reads a decimal number and judges its digits.
pub(super) fn decimal(sent: Sent<'_>, digits: u32, places: u32) -> Verdict {
    let exact = exact(sent)?;
    exact.fits(digits, places)?;
    let number = exact.number().ok_or(FlawKind::TooManyDigits { max: digits })?;
    Ok(Value::Decimal(number.with_scale(places.into())))
}

/// Reads a decimal number as a column keeps it: places that it has no room for are rounded, halves away from zero.
pub(super) fn rounded(sent: Sent<'_>, digits: u32, places: u32) -> Verdict {
    let most = || FlawKind::TooManyWholeDigits { max: digits.saturating_sub(places) };
    let number = exact(sent)?.number().ok_or_else(most)?;
    let number = number.with_scale_round(places.into(), RoundingMode::HalfUp);
    if number.digits() > digits.into() { Err(most().into()) } else { Ok(Value::Decimal(number)) }
}

pub(super) fn exact(sent: Sent<'_>) -> Verdict<Exact> {
    let text = match sent {
        Sent::Int(_) | Sent::Float(_) => sent.text(),
        Sent::Text(text) => strip(text).to_owned(),
        _ => return Err(FlawKind::NotNumber.into()),
    };
    if text.chars().count() > MOST {
        return Err(FlawKind::TextTooLarge.into());
    }
    Exact::parse(&text).ok_or_else(|| FlawKind::NotNumber.into())
}

/// Reads a decimal number to compare with: any number of digits; numbers beyond writing are known by their side.
pub(super) fn decimal_term(sent: Sent<'_>) -> Verdict<Result<BigDecimal, Ordering>> {
    let exact = exact(sent)?;
    if let Some(number) = exact.number() {
        return Ok(Ok(number));
    }
    let side = match (exact.digits == "0" || exact.exponent < 0, exact.negative) {
        (true, _) => return Ok(Ok(BigDecimal::from(0))),
        (false, true) => Ordering::Less,
        (false, false) => Ordering::Greater,
    };
    Ok(Err(side))
}
