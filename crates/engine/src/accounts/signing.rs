//! Django's signed sessions: read and written so that a site and Django can share one table of sessions.

use std::fmt;
use std::io::{Read, Write};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use flate2::Compression;
use flate2::read::ZlibDecoder;
use flate2::write::ZlibEncoder;
use hmac::{Hmac, KeyInit, Mac};
use serde_json::Map;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use crate::accounts::random;

const SESSION_SALT: &str = "django.contrib.sessions.SessionStore";
const AUTH_HASH_SALT: &str = "django.contrib.auth.models.AbstractBaseUser.get_session_auth_hash";
const BASE_62: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const SESSION_KEY_LETTERS: usize = 32;

/// A session that grows beyond this when unpacked is taken for an attack, and is empty.
const LARGEST_SESSION: u64 = 1024 * 1024;

/// The data of one session.
pub type SessionData = Map<String, serde_json::Value>;

/// The site's secret key, and older ones that still open what they signed.
#[derive(Clone)]
pub struct Keys {
    current: String,
    fallbacks: Vec<String>,
}

impl Keys {
    /// The key that signs, and those that are only still believed.
    pub fn new(current: impl Into<String>, fallbacks: Vec<String>) -> Self {
        Self { current: current.into(), fallbacks }
    }

    /// The key that signs.
    pub fn current(&self) -> &str {
        &self.current
    }

    /// Every key that is believed, the current one first.
    pub fn all(&self) -> impl Iterator<Item = &str> {
        std::iter::once(&self.current).chain(&self.fallbacks).map(String::as_str)
    }

    /// Whether `hash` is that of the stored password under the current key or an older one.
    pub fn know_auth_hash(&self, hash: &str, stored_password: &str) -> bool {
        self.all().any(|key| same(&session_auth_hash(key, stored_password), hash))
    }
}

impl fmt::Debug for Keys {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Keys").field("current", &"(secret)").field("fallbacks", &self.fallbacks.len()).finish()
    }
}

/// The text of `session_data` for a session written at the Unix second `now`.
pub fn encode_session(keys: &Keys, data: &SessionData, now: i64) -> String {
    let json = ascii_json(data);
    let packed = deflate(json.as_bytes());
    let body = if packed.len() + 1 < json.len() {
        format!(".{}", URL_SAFE_NO_PAD.encode(packed))
    } else {
        URL_SAFE_NO_PAD.encode(json)
    };
    let value = format!("{body}:{}", base_62(now));
    let signature = signature(keys.current(), &value);
    format!("{value}:{signature}")
}

/// What `session_data` holds; empty when nobody we believe has signed it.
pub fn decode_session(keys: &Keys, text: &str) -> SessionData {
    open(keys, text).unwrap_or_default()
}

/// What a session keeps of the stored password, so that a new password ends it.
pub fn session_auth_hash(secret: &str, stored_password: &str) -> String {
    let digest = salted_hmac(AUTH_HASH_SALT, secret, stored_password);
    let digit = |half: u8| char::from_digit(u32::from(half), 16).unwrap_or_default();
    digest.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}

/// A key for a new session.
pub fn new_session_key() -> String {
    random::letters(random::LOWER_AND_DIGITS, SESSION_KEY_LETTERS)
}

fn open(keys: &Keys, text: &str) -> Option<SessionData> {
    let (value, signed) = text.rsplit_once(':')?;
    if !keys.all().any(|key| same(&signature(key, value), signed)) {
        return None;
    }
    let (body, _written) = value.rsplit_once(':')?;
    let json = match body.strip_prefix('.') {
        Some(packed) => inflate(&URL_SAFE_NO_PAD.decode(packed).ok()?)?,
        None => URL_SAFE_NO_PAD.decode(body).ok()?,
    };
    // Django reads the bytes as Latin-1, where each byte is one character.
    let json: String = json.into_iter().map(char::from).collect();
    serde_json::from_str(&json).ok()
}

fn signature(key: &str, value: &str) -> String {
    URL_SAFE_NO_PAD.encode(salted_hmac(&format!("{SESSION_SALT}signer"), key, value))
}

fn salted_hmac(salt: &str, secret: &str, value: &str) -> [u8; 32] {
    let key = Sha256::new().chain_update(salt).chain_update(secret).finalize();
    let mut mac = Hmac::<Sha256>::new_from_slice(&key).expect("HMAC takes a key of any length");
    mac.update(value.as_bytes());
    mac.finalize().into_bytes().into()
}

fn same(made: &str, given: &str) -> bool {
    made.as_bytes().ct_eq(given.as_bytes()).into()
}

/// JSON without spaces and with everything beyond ASCII escaped, which can only stand inside its strings.
fn ascii_json(data: &SessionData) -> String {
    let json = serde_json::to_string(data).expect("a JSON object can be written");
    let mut ascii = String::with_capacity(json.len());
    for letter in json.chars() {
        if (' '..='~').contains(&letter) {
            ascii.push(letter);
        } else {
            let mut units = [0; 2];
            for unit in letter.encode_utf16(&mut units) {
                ascii.push_str(&format!("\\u{unit:04x}"));
            }
        }
    }
    ascii
}

fn deflate(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).and_then(|()| encoder.finish()).expect("packing into memory does not fail")
}

fn inflate(packed: &[u8]) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    let read = ZlibDecoder::new(packed).take(LARGEST_SESSION + 1).read_to_end(&mut bytes);
    (read.is_ok() && bytes.len() as u64 <= LARGEST_SESSION).then_some(bytes)
}

fn base_62(number: i64) -> String {
    let mut rest = number.unsigned_abs();
    let mut digits = Vec::new();
    while rest > 0 || digits.is_empty() {
        digits.push(BASE_62[usize::try_from(rest % 62).expect("below 62")]);
        rest /= 62;
    }
    if number < 0 {
        digits.push(b'-');
    }
    digits.iter().rev().copied().map(char::from).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const SECRET: &str = "reference-site-secret-key-not-for-production-0123456789";
    const NOW: i64 = 1_700_000_000;

    fn keys() -> Keys {
        Keys::new(SECRET, Vec::new())
    }

    fn data(value: &serde_json::Value) -> SessionData {
        value.as_object().expect("an object").clone()
    }

    fn signed_in() -> SessionData {
        data(&json!({
            "_auth_user_id": "1",
            "_auth_user_backend": "django.contrib.auth.backends.ModelBackend",
            "_auth_user_hash": "0".repeat(64),
        }))
    }

    #[test]
    fn a_small_session_is_djangos_to_the_letter() {
        let text = "eyJhIjoxfQ:1r31eq:1NdMshBjjLuH9l5XYoNfgSnAM_7158IgQclZrTI_I6g";
        assert_eq!(encode_session(&keys(), &data(&json!({"a": 1})), NOW), text);
        assert_eq!(decode_session(&keys(), text), data(&json!({"a": 1})));
    }

    #[test]
    fn a_compressed_session_of_django_is_read() {
        let text = ".eJyrVopPLC3JiC8tTi2Kz0xRslIyVNJBFktKTM5OzQNJpGQl5qXn6yXn55UUZSbpgZToQWWL9XzzU1JznKBqUQzISCzOAOo2oBAo1QIAIvYyTQ:1r31eq:dwnsbt7p5Ut7nGZJxkJn5mGX-wG9b0MNgC9hLKIYir0";
        assert_eq!(decode_session(&keys(), text), signed_in());
    }

    #[test]
    fn what_we_write_we_read() {
        let odd = data(&json!({"é": "☃ 𝄞 \u{7f} \" \\ \n", "n": [1, 2.5, null, true]}));
        for session in [signed_in(), odd, SessionData::new()] {
            let text = encode_session(&keys(), &session, NOW);
            assert!(text.is_ascii());
            assert_eq!(decode_session(&keys(), &text), session);
        }
        assert!(encode_session(&keys(), &signed_in(), NOW).starts_with('.'));
    }

    #[test]
    fn a_fallback_key_opens_and_a_stranger_does_not() {
        let text = encode_session(&keys(), &signed_in(), NOW);
        let moved = Keys::new("new", vec!["other".to_owned(), SECRET.to_owned()]);
        assert_eq!(decode_session(&moved, &text), signed_in());
        assert!(decode_session(&Keys::new("new", Vec::new()), &text).is_empty());
    }

    #[test]
    fn a_forged_or_broken_session_is_empty() {
        let text = encode_session(&keys(), &signed_in(), NOW);
        let forged = text.replacen(':', ".:", 1);
        for bad in ["", ":", "::", "a:b", "eyJhIjoxfQ:1r31eq:", &forged] {
            assert!(decode_session(&keys(), bad).is_empty(), "{bad}");
        }
    }

    #[test]
    fn signed_rubbish_is_empty_too() {
        let bomb = deflate(&vec![b' '; 4 * 1024 * 1024]);
        let bomb = format!(".{}", URL_SAFE_NO_PAD.encode(bomb));
        for body in ["!!", ".AAAA", "W10", &bomb] {
            let value = format!("{body}:1r31eq");
            let text = format!("{value}:{}", signature(SECRET, &value));
            assert!(decode_session(&keys(), &text).is_empty());
        }
        let value = "no-timestamp";
        let text = format!("{value}:{}", signature(SECRET, value));
        assert!(decode_session(&keys(), &text).is_empty());
    }

    #[test]
    fn timestamps_count_in_base_62() {
        assert_eq!(base_62(NOW), "1r31eq");
        assert_eq!(base_62(0), "0");
        assert_eq!(base_62(61), "z");
        assert_eq!(base_62(-62), "-10");
    }

    #[test]
    fn the_auth_hash_is_djangos() {
        let stored = "pbkdf2_sha256$1000000$abcdefghijklmnopqrstuv$x";
        let hash = "3d23afe10cb9077345b87a09f7b0cd70d2626d9dc7d8d47f1ce7a7436e779e0a";
        assert_eq!(session_auth_hash(SECRET, stored), hash);
        assert!(Keys::new("new", vec![SECRET.to_owned()]).know_auth_hash(hash, stored));
        assert!(!keys().know_auth_hash(hash, "another"));
    }

    #[test]
    fn session_keys_are_32_letters_and_keys_do_not_print() {
        assert_eq!(new_session_key().len(), 32);
        assert!(!format!("{:?}", keys()).contains(SECRET));
    }
}
