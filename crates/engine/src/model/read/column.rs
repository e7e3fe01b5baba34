//! Values as the columns of a table take them: nothing is trimmed or guessed. Numbers and truth may come as text.

use jiff::tz::TimeZone;

use super::python::Sent;
use super::{Judged, Reading, Verdict, bound, check, duration, json, moment, number, relation, text};
use crate::model::{Field, FieldKind, Flaw, FlawKind, TextFormat, Width};
use crate::value::{Raw, Value};

/// The most characters of a number's text.
const LONGEST_NUMBER: usize = 100;

/// Whether what was sent is no value: null, or the empty text in a column that is no free text or may be null. Of a
/// document that must be there null is one, too.
pub(crate) fn is_nothing(field: &Field, raw: &Raw) -> bool {
    if field.kind == FieldKind::Json && !field.null {
        return false;
    }
    let free = field.choices.is_empty() && matches!(field.kind, FieldKind::Text { .. } | FieldKind::File { .. });
    match Sent::of(raw) {
        Sent::Null => true,
        Sent::Text("") => field.null || !free,
        _ => false,
    }
}

/// Reads a value that is one.
pub(super) fn judge(field: &Field, raw: &Raw, reading: &Reading<'_>) -> Verdict<Judged> {
    let sent = Sent::of(raw);
    let judged = match &field.kind {
        FieldKind::Auto(width) => whole(field, sent, *width, false, reading)?,
        FieldKind::Int { width, positive } => whole(field, sent, *width, *positive, reading)?,
        FieldKind::Text { max, format } => words(field, sent, *format, *max)?,
        FieldKind::One { .. } => Judged::fine(key(field, sent, reading)?),
        FieldKind::Float => with_checks(field, number::float(numeric(sent).ok_or(FlawKind::NotNumber)?)?),
        FieldKind::Decimal { digits, places } => {
            let sent = numeric(sent).ok_or(FlawKind::NotNumber)?;
            with_checks(field, number::rounded(sent, *digits, *places)?)
        }
        FieldKind::Bool => with_checks(field, Value::Bool(truth(sent).ok_or(FlawKind::NotBool)?)),
        FieldKind::Date => with_checks(field, day(sent)?),
        FieldKind::Time => with_checks(field, moment::time(sent)?),
        FieldKind::DateTime => with_checks(field, any_moment(sent, reading.zone)?),
        FieldKind::Duration => with_checks(field, duration::read(sent, reading.dialect)?),
        FieldKind::Uuid => with_checks(field, uuid(sent)?),
        FieldKind::Json if matches!(sent, Sent::Null | Sent::Text("")) => {
            with_checks(field, Value::Json(serde_json::Value::Null))
        }
        FieldKind::Json => with_checks(field, json::read(raw)?),
        FieldKind::File { .. } => Judged::fine(stored_name(sent)?),
        FieldKind::Bytes | FieldKind::Many { .. } => return Err(FlawKind::NotText.into()),
    };
    among_choices(field, sent, judged)
}

fn with_checks(field: &Field, value: Value) -> Judged {
    Judged { early: check::early(field, &value), late: check::late(field, &value), value }
}

fn among_choices(field: &Field, sent: Sent<'_>, judged: Judged) -> Verdict<Judged> {
    let known = field.choices.is_empty() || field.choices.iter().any(|(choice, _)| *choice == judged.value);
    if known { Ok(judged) } else { Err(FlawKind::NotChoice { given: sent.text() }.into()) }
}

/// A number, or a text that is one and nothing else.
fn numeric(sent: Sent<'_>) -> Option<Sent<'_>> {
    match sent {
        Sent::Int(_) | Sent::Float(_) => Some(sent),
        Sent::Text(text) => {
            let plain = text.len() <= LONGEST_NUMBER && text.bytes().all(|byte| b"+-.0123456789eE".contains(&byte));
            plain.then_some(sent)
        }
        _ => None,
    }
}

fn whole(field: &Field, sent: Sent<'_>, width: Width, positive: bool, reading: &Reading<'_>) -> Verdict<Judged> {
    let big = width == Width::Big;
    let sent = numeric(sent).ok_or(FlawKind::NotInt { big })?;
    Ok(bound::judge(field, number::whole(sent, big)?, bound::range(width, positive, reading.dialect)))
}

/// A text with everything that its column and its format say of it; the empty text has no format.
fn words(field: &Field, sent: Sent<'_>, format: TextFormat, max: Option<u32>) -> Verdict<Judged> {
    let Sent::Text(text) = sent else { return Err(FlawKind::NotText.into()) };
    let value = Value::from(text);
    let mut late = text::lengths(field, &value, max);
    if text.contains('\0') {
        late.push(FlawKind::NulCharacter.into());
    }
    if !text.is_empty() && text.len() <= text::LONGEST_FORM {
        late.extend(text::form_flaw(text, format).map(Flaw::from));
    }
    Ok(Judged { early: check::early(field, &value), late, value })
}

/// The key of a related row, in the words of the key it stands for.
fn key(field: &Field, sent: Sent<'_>, reading: &Reading<'_>) -> Verdict {
    let missing = || Flaw::from(FlawKind::NoTarget { key: sent.text() });
    let target = relation::target(field, reading).ok_or_else(missing)?;
    let end = relation::end_of(target, reading).ok_or_else(missing)?;
    let wrong = || Flaw::from(FlawKind::BadKeyType { received: sent.received() });
    match &end.kind {
        FieldKind::Auto(_) | FieldKind::Int { .. } => {
            let whole = numeric(sent).and_then(|sent| number::whole(sent, true).ok()).ok_or_else(wrong)?;
            let number::Whole::Within(number) = whole else { return Err(missing()) };
            let holds = bound::holds(&end.kind, number, reading.dialect);
            if holds { Ok(Value::Int(number)) } else { Err(missing()) }
        }
        FieldKind::Uuid => uuid(sent).map_err(|_| wrong()),
        FieldKind::Text { .. } => match sent {
            Sent::Text(text) if text.contains('\0') => Err(missing()),
            Sent::Text(text) => Ok(Value::from(text)),
            _ => Err(wrong()),
        },
        _ => relation::key(field, sent, reading),
    }
}

fn truth(sent: Sent<'_>) -> Option<bool> {
    match sent {
        Sent::Bool(truth) => Some(truth),
        Sent::Int(0) => Some(false),
        Sent::Int(1) => Some(true),
        Sent::Text(text) => match text.to_ascii_lowercase().as_str() {
            "true" | "1" => Some(true),
            "false" | "0" => Some(false),
            _ => None,
        },
        _ => None,
    }
}

/// A day; of a day with a time the day alone.
fn day(sent: Sent<'_>) -> Verdict {
    moment::date(sent).or_else(|flaw| moment::day_of(sent).ok_or(flaw))
}

/// An instant, or a moment behind the last one that is still of the calendar.
fn any_moment(sent: Sent<'_>, zone: &TimeZone) -> Verdict {
    moment::instant(sent, zone).or_else(|flaw| moment::late(sent, zone).ok_or(flaw))
}

fn uuid(sent: Sent<'_>) -> Verdict {
    let bad = || Flaw::from(FlawKind::BadUuid { given: sent.text(), as_key: false });
    let Sent::Text(text) = sent else { return Err(bad()) };
    let plain = matches!(text.len(), 32 | 36) && text.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-');
    plain.then(|| ::uuid::Uuid::try_parse(text).ok()).flatten().map(Value::Uuid).ok_or_else(bad)
}

/// The name of a stored file; whether the row has it, the form knows.
fn stored_name(sent: Sent<'_>) -> Verdict {
    match sent {
        Sent::Text(text) if !text.contains('\0') => Ok(Value::from(text)),
        _ => Err(FlawKind::NotText.into()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value as Json, json};

    use super::*;
    use crate::model::{Model, Schema};
    use crate::store::Dialect;

    fn read(field: &Field, sent: Json) -> Result<Value, String> {
        let schema = Schema::new([Model::new("shop", "Tag")]);
        let reading = Reading { schema: &schema, zone: &TimeZone::UTC, dialect: Dialect::Sqlite };
        let judged = judge(field, &Raw::Json(sent), &reading).map_err(|flaw| format!("{:?}", flaw.kind))?;
        match judged.early.into_iter().chain(judged.late).next() {
            Some(flaw) => Err(format!("{:?}", flaw.kind)),
            None => Ok(judged.value),
        }
    }

    #[test]
    fn numbers_may_be_text_but_not_truth() {
        let count = Field::int("count");
        assert_eq!((read(&count, json!(5)), read(&count, json!("-5"))), (Ok(Value::Int(5)), Ok(Value::Int(-5))));
        for bad in [json!(true), json!("5 "), json!("five"), json!(1.5), json!([1]), json!("１")] {
            assert!(read(&count, bad.clone()).is_err(), "{bad}");
        }
        let price = Field::decimal("price", 5, 2);
        assert_eq!(read(&price, json!("19.999")).map(|value| value.to_string()), Ok("20.00".to_owned()));
        assert_eq!(read(&price, json!(1.25)).map(|value| value.to_string()), Ok("1.25".to_owned()));
        for bad in [json!("1e999999999"), json!(1e300), json!("NaN"), json!(true), json!(123_456)] {
            assert!(read(&price, bad.clone()).is_err(), "{bad}");
        }
        let weight = Field::float("weight");
        assert_eq!(read(&weight, json!("1.5")), Ok(Value::Float(1.5)));
        assert!(read(&weight, json!("inf")).is_err());
    }

    #[test]
    fn texts_stay_as_they_are() {
        let name = Field::line("name", 5);
        assert_eq!(read(&name, json!(" a ")), Ok(Value::from(" a ")));
        assert_eq!(read(&name, json!("")), Ok(Value::from("")));
        assert!(read(&name, json!("abcdef")).is_err());
        assert!(read(&name, json!(5)).is_err());
        assert!(read(&name, json!("a\u{0}")).is_err());
    }

    #[test]
    fn truth_has_four_spellings() {
        let active = Field::truth("active");
        for (sent, expected) in [(json!(true), true), (json!(0), false), (json!("TRUE"), true), (json!("0"), false)] {
            assert_eq!(read(&active, sent), Ok(Value::Bool(expected)));
        }
        assert!(read(&active, json!("yes")).is_err());
    }

    #[test]
    fn days_are_cut_from_moments() {
        let day = Field::new("day", FieldKind::Date);
        let expected = read(&day, json!("2024-01-05"));
        assert!(expected.is_ok());
        assert_eq!(read(&day, json!("2024-01-05T10:11:12")), expected);
        assert!(read(&day, json!("2024-13-05")).is_err());
        assert!(read(&day, json!(5)).is_err());
        let moment = Field::new("moment", FieldKind::DateTime);
        let at = read(&moment, json!("2024-03-03 10:00"));
        assert!(at.is_ok());
        assert_eq!(read(&moment, json!("2024-03-03T10:00:00Z")), at);
    }

    #[test]
    fn moments_are_taken_to_the_end_of_the_calendar() {
        let moment = Field::new("moment", FieldKind::DateTime);
        let cases = [
            ("9999-12-31T23:59:59", Some("9999-12-31T23:59:59")),
            ("9999-12-31 23:59:59.5", Some("9999-12-31T23:59:59.500000")),
            ("9999-12-31T23:59:59+01:00", Some("9999-12-31T22:59:59")),
            ("9999-12-30T21:00:00Z", Some("9999-12-30T21:00:00Z")),
            ("9999-12-31T23:59:59-01:00", None),
            ("9999-12-32T00:00:00", None),
        ];
        for (sent, expected) in cases {
            let read = read(&moment, json!(sent)).ok().map(|value| value.to_string());
            assert_eq!(read.as_deref(), expected, "{sent}");
        }
    }

    #[test]
    fn nothing_is_null_or_an_empty_text_that_is_no_text() {
        let is_nothing = |field: &Field, sent: Json| super::is_nothing(field, &Raw::Json(sent));
        assert!(is_nothing(&Field::int("count"), json!("")));
        assert!(is_nothing(&Field::line("ip", 9).optional(), json!("")));
        assert!(!is_nothing(&Field::line("name", 9), json!("")));
        assert!(is_nothing(&Field::line("name", 9), json!(null)));
        assert!(!is_nothing(&Field::int("count"), json!(0)));
        assert!(!is_nothing(&Field::new("document", FieldKind::Json), json!(null)));
        assert!(is_nothing(&Field::line("state", 9).choices([("on", "On")]), json!("")));
    }
}
