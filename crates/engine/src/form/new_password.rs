//! A new password that was typed twice: what the form of a user and the page for another password both ask.

use crate::accounts::password::LONGEST_PASSWORD;
use crate::accounts::password::policy::{self, Person};
use crate::error::{FieldErrors, Result};
use crate::model::{Flaw, FlawKind};
use crate::value::Raw;

/// The name of the first field.
pub const FIRST: &str = "password1";
/// The name of the second field.
pub const SECOND: &str = "password2";

const MISMATCH: &str = "The two password fields didn’t match.";

/// Judges a new password that was sent as `password1` and `password2`, and gives it. It is not trimmed; a number counts
/// by its text. `person` is who will have it, as far as that is known: for a new user what the form says of them. What
/// it is worth against the rules for passwords is told under the second field, as Django tells it. Store what
/// [`crate::principal::Accounts::encode`] makes of it.
///
/// # Errors
/// [`crate::Error::Invalid`] with flaws of the two fields.
pub fn judge(first: Option<&Raw>, second: Option<&Raw>, person: &Person<'_>) -> Result<String> {
    let mut errors = FieldErrors::default();
    let mut read = |name: &str, raw: Option<&Raw>| match text(raw) {
        Ok(text) => Some(text),
        Err(flaw) => {
            errors.add(name, flaw);
            None
        }
    };
    let (first, second) = (read(FIRST, first), read(SECOND, second));
    let (Some(first), Some(second)) = (first, second) else { return Err(crate::Error::Invalid(errors)) };
    if first != second {
        errors.add(SECOND, Flaw::custom(MISMATCH));
    } else {
        for weakness in policy::weaknesses(&second, person) {
            errors.add(SECOND, Flaw::custom(weakness.to_string()));
        }
    }
    errors.into_result()?;
    Ok(second)
}

/// What was typed. A password that is too long to be checked at sign-in could never be used.
fn text(raw: Option<&Raw>) -> Result<String, FlawKind> {
    let text = match raw {
        None | Some(Raw::Json(serde_json::Value::Null)) => String::new(),
        Some(Raw::Text(text) | Raw::Json(serde_json::Value::String(text))) => text.clone(),
        Some(Raw::Json(serde_json::Value::Number(number))) => number.to_string(),
        Some(_) => return Err(FlawKind::NotText),
    };
    if text.is_empty() {
        return Err(FlawKind::Required);
    }
    if text.contains('\0') {
        return Err(FlawKind::NulCharacter);
    }
    if text.len() > LONGEST_PASSWORD {
        let max = u32::try_from(LONGEST_PASSWORD).unwrap_or(u32::MAX);
        return Err(FlawKind::TooLong { max, length: text.chars().count() });
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Error;
    use serde_json::json;

    fn flaws(first: serde_json::Value, second: serde_json::Value) -> Vec<(String, usize)> {
        let person = Person { username: "viewer", ..Person::default() };
        match judge(Some(&Raw::Json(first)), Some(&Raw::Json(second)), &person) {
            Err(Error::Invalid(errors)) => errors.fields.into_iter().map(|(name, flaws)| (name, flaws.len())).collect(),
            Err(other) => panic!("{other}"),
            Ok(_) => Vec::new(),
        }
    }

    fn of(name: &str, count: usize) -> (String, usize) {
        (name.to_owned(), count)
    }

    #[test]
    fn what_is_missing_is_told_of_each_field() {
        assert_eq!(flaws(json!(""), json!(null)), [of(FIRST, 1), of(SECOND, 1)]);
        assert_eq!(flaws(json!("long-enough-5"), json!("")), [of(SECOND, 1)]);
        assert_eq!(flaws(json!([]), json!({ "a": 1 })), [of(FIRST, 1), of(SECOND, 1)]);
        assert_eq!(flaws(json!("a\0b-long-enough"), json!("a\0b-long-enough")), [of(FIRST, 1), of(SECOND, 1)]);
        let long = "ab9-".repeat(LONGEST_PASSWORD);
        assert_eq!(flaws(json!(long), json!(long)), [of(FIRST, 1), of(SECOND, 1)]);
    }

    #[test]
    fn weaknesses_are_told_of_the_second_unless_the_two_differ() {
        assert_eq!(flaws(json!("1234"), json!("1234")), [of(SECOND, 3)]);
        assert_eq!(flaws(json!("1234"), json!("12345")), [of(SECOND, 1)]);
        assert_eq!(flaws(json!("viewer123"), json!("viewer123")), [of(SECOND, 1)]);
        assert_eq!(flaws(json!(83_746_152), json!("83746152")), [of(SECOND, 1)]);
        assert_eq!(flaws(json!("  spaced pass  "), json!("  spaced pass  ")), []);
    }
}
