//! Texts of a file as values, and what is said where they are none or where the row is refused.

use factotum_engine::error::Conflict;
use factotum_engine::model::{FlawKind, Model};
use factotum_engine::{Error, FieldErrors};
use jiff::civil::{Date, DateTime};
use serde_json::Value as Json;

/// What is said while the database is away, and of whatever has no words here.
pub(super) const AWAY: &str = "Database error";
const NO_TARGET: &str = "Referenced record does not exist (foreign key violation)";
/// What is said of a value that does not fit its column.
pub(super) const BROKEN_RULE: &str = "Value does not satisfy field constraints";

use super::map::Type;

/// A whole number: a sign, if any, and digits.
pub(super) fn whole(text: &str) -> Option<&str> {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    let is_plain = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    is_plain.then_some(text.strip_prefix('+').unwrap_or(text))
}

/// A number that is one: with a point, an exponent, both or neither.
pub(super) fn number(text: &str) -> Option<f64> {
    let is_plain = text.bytes().all(|byte| byte.is_ascii_digit() || b"+-.eE".contains(&byte));
    text.parse().ok().filter(|number: &f64| is_plain && number.is_finite())
}

/// A text as a value of a column.
///
/// # Errors
/// Why it is none.
pub(super) fn json(kind: Type, text: &str) -> Result<Json, String> {
    let failed = |words: String| format!("Data transformation failed: {words}");
    let converted = |found: Option<String>, name: &str| {
        found.map(Json::String).ok_or_else(|| failed(format!("Cannot convert '{text}' to {name}")))
    };
    match kind {
        Type::Integer => converted(whole(text).map(str::to_owned), "integer"),
        Type::Number => converted(number(text).map(|_| text.to_owned()), "number"),
        Type::Boolean => {
            let truth = truth(text).map(Json::Bool);
            truth.ok_or_else(|| failed(format!("Cannot convert '{text}' to boolean")))
        }
        Type::Date => {
            let words = || failed(format!("Cannot parse date '{text}' (expected YYYY-MM-DD or common formats)"));
            Ok(Json::String(day(text).ok_or_else(words)?.to_string()))
        }
        Type::DateTime => {
            let words = || failed(format!("Cannot parse datetime '{text}'"));
            Ok(Json::String(moment(text).ok_or_else(words)?))
        }
        Type::Object | Type::Time | Type::Uuid | Type::Long | Type::String => Ok(Json::String(text.to_owned())),
    }
}

fn truth(text: &str) -> Option<bool> {
    match text.to_ascii_lowercase().as_str() {
        "true" | "1" | "yes" | "y" | "on" => Some(true),
        "false" | "0" | "no" | "n" | "off" => Some(false),
        _ => None,
    }
}

/// A day in the order of ISO, or else with the day first, the month first, or with strokes.
fn day(text: &str) -> Option<Date> {
    let formats = ["%Y-%m-%d", "%d/%m/%Y", "%m/%d/%Y", "%Y/%m/%d"];
    formats.iter().find_map(|format| Date::strptime(format, text).ok())
}

/// A moment in the spelling of ISO, which the engine reads.
fn moment(text: &str) -> Option<String> {
    let bare = text.replacen(' ', "T", 1);
    let is_one = bare.parse::<DateTime>().is_ok() || bare.parse::<jiff::Timestamp>().is_ok();
    // `10:00` without seconds.
    let is_short = || {
        let (local, offset) = bare.split_at_checked(16)?;
        let seconds = format!("{local}:00{offset}");
        (seconds.parse::<DateTime>().is_ok() || seconds.parse::<jiff::Timestamp>().is_ok()).then_some(seconds)
    };
    if is_one { Some(bare) } else { is_short() }
}

/// What is said of a row that was refused. Of several reasons the one counts that a database would find first.
pub(super) fn refusal(model: &Model, error: &Error) -> String {
    match error {
        Error::Invalid(errors) => of_form(model, errors),
        Error::Conflict(Conflict::Rule(rule)) => of_rule(rule),
        Error::Conflict(Conflict::Version)
        | Error::BadCredentials
        | Error::Forbidden { .. }
        | Error::NotFound(_)
        | Error::BadQuery(_)
        | Error::Protected { .. }
        | Error::TooMany { .. }
        | Error::Unavailable => AWAY.to_owned(),
        Error::Internal(source) => {
            tracing::error!(error = %source, "a row of an import failed");
            AWAY.to_owned()
        }
    }
}

fn of_form(model: &Model, errors: &FieldErrors) -> String {
    let column = |name: &str| model.field(name).map_or_else(|| name.to_owned(), |field| field.column.clone());
    let flaws = || errors.fields.iter().flat_map(|(name, flaws)| flaws.iter().map(move |flaw| (name, flaw)));
    let find =
        |wanted: fn(&FlawKind) -> bool| flaws().find(|(_, flaw)| wanted(&flaw.kind)).map(|(name, _)| column(name));
    if let Some((_, words)) = flaws().find_map(|(name, flaw)| Some((name, flaw.words.clone()?))) {
        return words;
    }
    if let Some(column) = find(|kind| matches!(kind, FlawKind::Required | FlawKind::Null | FlawKind::NoFile)) {
        return format!("Required field '{column}' cannot be null");
    }
    if let Some(column) = find(|kind| matches!(kind, FlawKind::Taken | FlawKind::TakenForDate { .. })) {
        return duplicate(&column);
    }
    let together = errors.whole.iter().find_map(|flaw| match &flaw.kind {
        FlawKind::TakenTogether { fields } => fields.first(),
        _ => None,
    });
    if let Some(name) = together {
        return duplicate(&column(name));
    }
    if find(|kind| matches!(kind, FlawKind::NoTarget { .. })).is_some() {
        return NO_TARGET.to_owned();
    }
    BROKEN_RULE.to_owned()
}

fn duplicate(column: &str) -> String {
    format!("Duplicate value for unique field '{column}'")
}

/// A rule that only the database knew.
fn of_rule(rule: &str) -> String {
    match rule.split_once(": ") {
        Some(("unique", columns)) => {
            let first = columns.split(',').next().unwrap_or_default().trim();
            duplicate(first.rsplit('.').next().unwrap_or(first))
        }
        Some(("not null", column)) => format!("Required field '{column}' cannot be null"),
        _ if rule == "foreign key" => NO_TARGET.to_owned(),
        _ => BROKEN_RULE.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_read_in_usual_orders() {
        let cases = [
            ("2024-01-02", "2024-01-02"),
            ("02/01/2024", "2024-01-02"),
            ("01/22/2024", "2024-01-22"),
            ("2024/01/02", "2024-01-02"),
        ];
        for (text, expected) in cases {
            assert_eq!(day(text).expect("a day").to_string(), expected);
        }
        assert_eq!(day("2024-13-02"), None);
    }

    #[test]
    fn moments_are_read_with_and_without_seconds_and_offsets() {
        let cases = [
            ("2024-01-01T10:00", "2024-01-01T10:00:00"),
            ("2024-01-01 10:00", "2024-01-01T10:00:00"),
            ("2024-01-01 10:00:00.123", "2024-01-01T10:00:00.123"),
            ("2024-01-01T10:00:00Z", "2024-01-01T10:00:00Z"),
            ("2024-01-01T10:00+02:00", "2024-01-01T10:00:00+02:00"),
        ];
        for (text, expected) in cases {
            assert!(moment(text).is_some_and(|read| expected.starts_with(&read[..16])), "{text}");
        }
        for text in ["2024-01-01T25:00", "2024-01-01T10:00 junk", "2024-01-01T10:é"] {
            assert_eq!(moment(text), None, "{text}");
        }
    }

    #[test]
    fn numbers_stay_as_they_are_spelled() {
        let read = |text: &str| json(Type::Number, text).ok();
        for text in ["2.5", "2.675", "1e3"] {
            assert_eq!(read(text), Some(Json::from(text)), "their column rounds them");
        }
        assert_eq!(read("inf"), None);
    }

    #[test]
    fn rules_of_the_database_are_told() {
        assert_eq!(of_rule("unique: shop_tag.name"), "Duplicate value for unique field 'name'");
        assert_eq!(of_rule("not null: name"), "Required field 'name' cannot be null");
        assert_eq!(of_rule("foreign key"), NO_TARGET);
        assert_eq!(of_rule("size > 0"), BROKEN_RULE);
    }
}
