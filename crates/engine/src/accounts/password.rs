//! Password strings, Django's and the algorithms' own: read, checked and made, so that tables of users can be shared.

pub mod hasher;
pub mod policy;
mod scheme;

pub use hasher::Hasher;
use scheme::Scheme;

use crate::accounts::random;

/// The rounds of PBKDF2 that a new password gets: those of Django 5.2.
pub const PREFERRED_ROUNDS: u32 = 1_000_000;

/// A password longer than this is wrong without being hashed: hashing megabytes is a way to attack.
pub const LONGEST_PASSWORD: usize = 4096;

const SALT_LETTERS: usize = 22;
const UNUSABLE_LETTERS: usize = 40;
const ARGON2_SALT_BYTES: usize = 16;

/// How new passwords are stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Preferred {
    /// As Django does: PBKDF2 with SHA-256, so many rounds.
    Pbkdf2(u32),
    /// With Argon2id: 64 MiB, passed over four times, in two lanes.
    Argon2,
}

/// What a password is worth against a stored string.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Another password, or a stored string that no password fits.
    Wrong,
    /// The right password, stored as new ones are.
    Right,
    /// The right password, but stored by another algorithm, other rounds or a short salt: store it anew.
    RightButWeak,
}

/// Checks `password` against Django's `encoded` string.
///
/// ```
/// use factotum_engine::accounts::password::{Verdict, encode_with, verify};
/// let stored = encode_with("correct-horse-9", "abcdefghijklmnopqrstuv", 1000);
/// assert_eq!(verify("correct-horse-9", &stored), Verdict::RightButWeak);
/// ```
pub fn verify(password: &str, encoded: &str) -> Verdict {
    verify_preferring(password, encoded, Preferred::Pbkdf2(PREFERRED_ROUNDS))
}

/// Checks a password where new ones are stored as `preferred` says.
///
/// A wrong password costs at least what a check against a preferred string costs, whatever is stored;
/// a stored string that demands more than a sane site would ask for is wrong without being tried.
pub(crate) fn verify_preferring(password: &str, encoded: &str, preferred: Preferred) -> Verdict {
    if password.len() > LONGEST_PASSWORD {
        return Verdict::Wrong;
    }
    let Some(scheme) = Scheme::parse(encoded) else {
        burn(preferred);
        return Verdict::Wrong;
    };
    match (scheme.fits(password), scheme.is_preferred(preferred)) {
        (true, true) => Verdict::Right,
        (true, false) => Verdict::RightButWeak,
        (false, _) => {
            burn(Preferred::Pbkdf2(scheme.rounds_short_of(preferred)));
            Verdict::Wrong
        }
    }
}

/// Stores `password` as a new one: PBKDF2 with SHA-256, a fresh salt, the preferred rounds.
pub fn encode(password: &str) -> String {
    encode_preferring(password, Preferred::Pbkdf2(PREFERRED_ROUNDS))
}

/// Stores `password` with a fresh salt, as a site prefers.
pub(crate) fn encode_preferring(password: &str, preferred: Preferred) -> String {
    match preferred {
        Preferred::Pbkdf2(rounds) => {
            encode_with(password, &random::letters(random::LETTERS_AND_DIGITS, SALT_LETTERS), rounds)
        }
        Preferred::Argon2 => scheme::argon2_text(password, &random::bytes::<ARGON2_SALT_BYTES>()),
    }
}

/// Stores `password` with a salt and rounds that the caller chose. The salt must not hold a `$`.
pub fn encode_with(password: &str, salt: &str, rounds: u32) -> String {
    scheme::pbkdf2_sha256_text(password, salt, rounds.max(1))
}

/// A stored string that no password fits, different each time.
pub fn unusable() -> String {
    format!("!{}", random::letters(random::LETTERS_AND_DIGITS, UNUSABLE_LETTERS))
}

/// Whether some password could fit `encoded`; a string that begins with `!` was made unusable on purpose.
pub fn is_usable(encoded: &str) -> bool {
    !encoded.starts_with('!')
}

/// Spends the time that a preferred string takes, so that an answer's delay says nothing about who exists.
pub(crate) fn burn(preferred: Preferred) {
    match preferred {
        Preferred::Pbkdf2(0) => {}
        Preferred::Pbkdf2(rounds) => {
            std::hint::black_box(scheme::pbkdf2_sha256_text("burnt", "burnt", rounds));
        }
        Preferred::Argon2 => {
            std::hint::black_box(scheme::argon2_text("burnt", &[0; ARGON2_SALT_BYTES]));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FEW: u32 = 1000;
    const PREFERRED: Preferred = Preferred::Pbkdf2(FEW);
    const SALT: &str = "abcdefghijklmnopqrstuv";

    /// All made by Django 5.2 for the password `correct-horse-9`.
    const DJANGO: [&str; 6] = [
        "pbkdf2_sha1$1000$abcdefghijklmnopqrstuv$x0KwtNGC8rmlAlzYrek3miObPMQ=",
        "argon2$argon2id$v=19$m=64,t=2,p=2$YWJjZGVmZ2hpamtsbW5vcHFyc3R1dg$dtTkTpc6yB4tmnhovl1a7IZ0ec/j46oK2e8itgVyyPo",
        "bcrypt_sha256$$2b$04$TAzrHFhVkc3y386N.at/QeRcJdS4B6SJcqGUT9t5afAlwsw3HTele",
        "bcrypt$$2b$04$/psryr34Uno2w0dy7zMFluYIv6PiFiLTYCk2MzhysedEO2QC6Bgcu",
        "scrypt$16$abcdefghijklmnopqrstuv$8$5$52L2hw5a7j7Ls5vQ3d9mZ/a0/VOEL5l2Z3J31z7OuWnZBz/1qVjHPYiY+q6USu/60BQ5ZhWE0I5zB8BAhIDPjg==",
        "pbkdf2_sha256$999$abcdefghijklmnop$cGVuZGluZw==",
    ];

    #[test]
    fn a_new_password_has_djangos_form() {
        let encoded = encode_with("correct-horse-9", SALT, FEW);
        assert_eq!(encoded, "pbkdf2_sha256$1000$abcdefghijklmnopqrstuv$kVjTnzgzrWzQXhOcuHBRxUzi7jIHTJuuAmTCZ1cKRLQ=");
        let other = encode_with("pässwörd ☃", SALT, FEW);
        assert!(other.ends_with("$AtV3W0EUtCAu1OqNUCSD94pvcze/kQNU9tOHSwA2Kb4="));
    }

    #[test]
    fn a_million_rounds_give_djangos_bytes() {
        assert_eq!(
            encode_with("correct-horse-9", SALT, PREFERRED_ROUNDS),
            "pbkdf2_sha256$1000000$abcdefghijklmnopqrstuv$zV/skT+/8eVDfbgA7HFddlfB7TMzG5lxsYbzOcMeJxk="
        );
    }

    #[test]
    fn right_wrong_and_weak() {
        let encoded = encode_preferring("secret-sauce", PREFERRED);
        assert_eq!(verify_preferring("secret-sauce", &encoded, PREFERRED), Verdict::Right);
        assert_eq!(verify_preferring("secret-sauce", &encoded, Preferred::Pbkdf2(FEW + 1)), Verdict::RightButWeak);
        assert_eq!(verify_preferring("Secret-sauce", &encoded, PREFERRED), Verdict::Wrong);
        let short_salt = encode_with("secret-sauce", "abc", FEW);
        assert_eq!(verify_preferring("secret-sauce", &short_salt, PREFERRED), Verdict::RightButWeak);
    }

    #[test]
    fn every_algorithm_of_django_verifies_and_is_upgraded() {
        for encoded in &DJANGO[..5] {
            assert_eq!(verify_preferring("correct-horse-9", encoded, PREFERRED), Verdict::RightButWeak, "{encoded}");
            assert_eq!(verify_preferring("correct-horse-8", encoded, PREFERRED), Verdict::Wrong, "{encoded}");
        }
        assert_eq!(verify_preferring("correct-horse-9", DJANGO[5], PREFERRED), Verdict::Wrong);
    }

    #[test]
    fn django_defaults_of_argon2_and_scrypt_are_within_the_limits() {
        let argon2 = "argon2$argon2id$v=19$m=102400,t=2,p=8$YWJjZGVmZ2hpamtsbW5vcHFyc3R1dg$nyOfYt6s5Ztiox2Knad0KkYyTh6B2PFkg2LFVzRm0gY";
        let scrypt = "scrypt$16384$abcdefghijklmnopqrstuv$8$5$aQAPeBpNkmwEKjq7oYmfzMz0sN+G0GGyA56gmxno8v24TDfRJJexYuY2133tpMBT8QwJbsdobUupLa6yYgDZjA==";
        for encoded in [argon2, scrypt] {
            assert_eq!(verify_preferring("correct-horse-9", encoded, PREFERRED), Verdict::RightButWeak);
        }
    }

    #[test]
    fn plain_bcrypt_cuts_at_72_bytes_as_the_original() {
        let encoded = "bcrypt$$2b$04$RX.ncPz2/q9bXQIAf..8qeDVZIbv/2W6IBtKGsPwqImoJL/DfpAsm";
        for length in [72, 73, 200] {
            assert_eq!(verify_preferring(&"x".repeat(length), encoded, PREFERRED), Verdict::RightButWeak);
        }
    }

    #[test]
    fn strings_of_the_algorithms_themselves_verify() {
        let encoded = encode_preferring("correct-horse-9", Preferred::Argon2);
        assert!(encoded.starts_with("$argon2id$v=19$m=65536,t=4,p=2$"));
        assert_eq!(verify_preferring("correct-horse-9", &encoded, Preferred::Argon2), Verdict::Right);
        assert_eq!(verify_preferring("correct-horse-8", &encoded, Preferred::Argon2), Verdict::Wrong);
        let bcrypt = "$2b$04$/psryr34Uno2w0dy7zMFluYIv6PiFiLTYCk2MzhysedEO2QC6Bgcu";
        assert_eq!(verify_preferring("correct-horse-9", bcrypt, Preferred::Argon2), Verdict::RightButWeak);
        // Made by passlib.
        let passlib =
            "$argon2id$v=19$m=65536,t=4,p=2$+Z9T6n2P0dr7fw+hVCplbA$wuwOOD/fEVScJQ0FX/tRwzw2CxFN7/j5ScrwybeUx1M";
        assert_eq!(verify_preferring("correct-horse-9", passlib, Preferred::Argon2), Verdict::Right);
    }

    #[test]
    fn an_unusable_string_fits_no_password() {
        let encoded = unusable();
        assert_eq!(encoded.len(), 41);
        assert!(!is_usable(&encoded));
        for password in ["", "!", &encoded] {
            assert_eq!(verify_preferring(password, &encoded, PREFERRED), Verdict::Wrong);
        }
    }

    #[test]
    fn a_huge_password_is_wrong_without_work() {
        let long = "a".repeat(LONGEST_PASSWORD + 1);
        let encoded = encode_with(&long, SALT, FEW);
        assert_eq!(verify_preferring(&long, &encoded, PREFERRED), Verdict::Wrong);
    }

    #[test]
    fn hostile_strings_are_wrong_and_cheap() {
        let hostile = [
            "",
            "$",
            "plain",
            "pbkdf2_sha256",
            "pbkdf2_sha256$4294967295$salt$aGFzaA==",
            "pbkdf2_sha256$99999999999999999999$salt$aGFzaA==",
            "pbkdf2_sha256$0$salt$aGFzaA==",
            "pbkdf2_sha256$-1$salt$aGFzaA==",
            "pbkdf2_sha256$10$$aGFzaA==",
            "argon2$argon2id$v=19$m=4294967295,t=2,p=8$c2FsdHNhbHQ$aGFzaGhhc2g",
            "argon2$argon2id$v=19$m=64,t=4294967295,p=1$c2FsdHNhbHQ$aGFzaGhhc2g",
            "argon2$argon2id$v=19$m=64,t=1$c2FsdHNhbHQ$aGFzaGhhc2g",
            "bcrypt$$2b$31$/psryr34Uno2w0dy7zMFluYIv6PiFiLTYCk2MzhysedEO2QC6Bgcu",
            "bcrypt$$2b$04$short",
            "scrypt$1073741824$salt$8$1$aGFzaA==",
            "scrypt$15$salt$8$1$aGFzaA==",
            "scrypt$16384$salt$8$100000$aGFzaA==",
            "md5$salt$0123456789abcdef0123456789abcdef",
        ];
        for encoded in hostile {
            assert_eq!(verify_preferring("x", encoded, Preferred::Pbkdf2(10)), Verdict::Wrong, "{encoded}");
        }
    }
}
