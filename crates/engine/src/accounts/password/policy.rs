//! Which new passwords are good enough: Django's four validators and their words.

use std::collections::HashMap;
use std::fmt;

use sha2::{Digest as _, Sha256};

use crate::model::Row;

/// The fewest characters of a new password.
pub const LEAST_CHARACTERS: usize = 8;

/// From this share of common letters on, a password is too like a name. Django's number.
const MOST_SIMILAR: f64 = 0.7;

/// Passwords that attackers try first, those of Django's list: the start of each one's digest, in order. Made by
/// `scripts/common-passwords.py`.
const COMMON: &[u8] = include_bytes!("common.digests");

/// The bytes of a digest that are kept.
const DIGEST: usize = 5;

/// What is known of the person whose password it shall be; unknown parts are empty.
#[derive(Clone, Copy, Debug, Default)]
pub struct Person<'a> {
    /// The name they sign in with.
    pub username: &'a str,
    /// Their first name.
    pub first_name: &'a str,
    /// Their last name.
    pub last_name: &'a str,
    /// Their address for mail.
    pub email: &'a str,
}

impl<'a> Person<'a> {
    /// What a row of users says of somebody.
    #[must_use]
    pub fn of(row: &'a Row) -> Person<'a> {
        let text = |name: &str| row.get(name).as_text().unwrap_or_default();
        Person {
            username: text("username"),
            first_name: text("first_name"),
            last_name: text("last_name"),
            email: text("email"),
        }
    }

    /// The attributes with the names that Django's messages give them.
    fn attributes(&self) -> [(&'static str, &'a str); 4] {
        [
            ("username", self.username),
            ("first name", self.first_name),
            ("last name", self.last_name),
            ("email address", self.email),
        ]
    }
}

/// What is wrong with a new password. `Display` gives Django's English sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weakness {
    /// It resembles something known about its owner.
    TooSimilar {
        /// What it resembles, as `email address`.
        attribute: &'static str,
    },
    /// It has too few characters.
    TooShort {
        /// The fewest it may have.
        least: usize,
    },
    /// Everybody tries it first.
    TooCommon,
    /// It is all digits.
    Numeric,
}

impl fmt::Display for Weakness {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooSimilar { attribute } => {
                write!(out, "The password is too similar to the {attribute}.")
            }
            Self::TooShort { least } => {
                write!(out, "This password is too short. It must contain at least {least} characters.")
            }
            Self::TooCommon => out.write_str("This password is too common."),
            Self::Numeric => out.write_str("This password is entirely numeric."),
        }
    }
}

/// Everything that is wrong with `password` for `person`, in Django's order; empty when it will do.
pub fn weaknesses(password: &str, person: &Person<'_>) -> Vec<Weakness> {
    let short = password.chars().count() < LEAST_CHARACTERS;
    let digits = !password.is_empty() && password.chars().all(char::is_numeric);
    [
        resembled(password, person).map(|attribute| Weakness::TooSimilar { attribute }),
        short.then_some(Weakness::TooShort { least: LEAST_CHARACTERS }),
        is_common(password).then_some(Weakness::TooCommon),
        digits.then_some(Weakness::Numeric),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn is_common(password: &str) -> bool {
    let digest = Sha256::digest(password.to_lowercase().trim());
    let (common, _) = COMMON.as_chunks::<DIGEST>();
    common.binary_search_by(|known| known.as_slice().cmp(&digest[..DIGEST])).is_ok()
}

/// The first attribute of which the whole or one word is too like the password.
fn resembled(password: &str, person: &Person<'_>) -> Option<&'static str> {
    let password: Vec<char> = password.to_lowercase().chars().collect();
    let too_like = |part: &str| {
        let part: Vec<char> = part.chars().collect();
        !is_far_longer(&password, &part) && similarity(&password, &part) >= MOST_SIMILAR
    };
    person.attributes().into_iter().find_map(|(name, value)| {
        let value = value.to_lowercase();
        let mut parts = value.split(|letter: char| !letter.is_alphanumeric() && letter != '_').chain([value.as_str()]);
        (!value.is_empty() && parts.any(too_like)).then_some(name)
    })
}

/// A password ten times as long as a word cannot be like it, and need not be compared.
fn is_far_longer(password: &[char], part: &[char]) -> bool {
    let bound = MOST_SIMILAR / 2.0 * password.len() as f64;
    password.len() >= 10 * part.len() && (part.len() as f64) < bound
}

/// The share of letters that both have, in any order: Python's `SequenceMatcher.quick_ratio`.
fn similarity(one: &[char], other: &[char]) -> f64 {
    let mut left: HashMap<char, usize> = HashMap::new();
    for letter in other {
        *left.entry(*letter).or_default() += 1;
    }
    let shared = one.iter().filter(|letter| match left.get_mut(letter) {
        Some(count) if *count > 0 => {
            *count -= 1;
            true
        }
        _ => false,
    });
    2.0 * shared.count() as f64 / (one.len() + other.len()) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(password: &str, person: &Person<'_>) -> Vec<String> {
        weaknesses(password, person).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_good_password_has_no_weakness() {
        assert!(weaknesses("correct-horse-9", &Person::default()).is_empty());
    }

    #[test]
    fn a_bad_one_has_several_in_order() {
        let person = Person { username: "1234567", ..Person::default() };
        assert_eq!(
            words("1234567", &person),
            [
                "The password is too similar to the username.",
                "This password is too short. It must contain at least 8 characters.",
                "This password is too common.",
                "This password is entirely numeric.",
            ]
        );
        assert_eq!(
            words("", &Person::default()),
            ["This password is too short. It must contain at least 8 characters."]
        );
    }

    #[test]
    fn words_of_an_address_count() {
        let person = Person { email: "ada.lovelace@example.com", ..Person::default() };
        assert_eq!(words("Lovelace1", &person), ["The password is too similar to the email address."]);
        assert!(words("unrelated-words", &person).is_empty());
        let short = Person { username: "a", ..Person::default() };
        assert!(words("aaaaaaaaaaaa-zz", &short).is_empty());
    }

    #[test]
    fn common_passwords_are_found_whatever_their_case() {
        assert_eq!(words(" PassWord1 ", &Person::default()), ["This password is too common."]);
    }

    #[test]
    fn the_list_is_djangos() {
        let (common, rest) = COMMON.as_chunks::<DIGEST>();
        assert_eq!((common.len(), rest.len()), (19_640, 0));
        assert!(common.is_sorted());
        for word in ["password", "letmein", "1234", "qwerty123", "пароль", "!@#$%^"] {
            assert!(is_common(word), "{word}");
        }
        for word in ["", "correct-horse-9", "password-of-mine"] {
            assert!(!is_common(word), "{word}");
        }
    }
}
