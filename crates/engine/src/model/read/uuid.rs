//! UUIDs in every spelling: with or without hyphens, in braces, as a URN, as a number.

use uuid::Uuid;

use super::Verdict;
use super::python::{Sent, digit};
use crate::model::FlawKind;
use crate::value::Value;

/// Reads a UUID.
pub(super) fn read(sent: Sent<'_>) -> Verdict {
    let uuid = match sent {
        Sent::Bool(truth) => Some(Uuid::from_u128(truth.into())),
        Sent::Int(number) => u128::try_from(number).ok().map(Uuid::from_u128),
        Sent::Text(text) => from_text(text),
        _ => None,
    };
    uuid.map(Value::Uuid).ok_or_else(|| FlawKind::BadUuid { given: sent.text(), as_key: false }.into())
}

/// Reads 32 hexadecimal digits wherever the hyphens are; longer texts are not looked at.
fn from_text(text: &str) -> Option<Uuid> {
    if text.len() > 200 {
        return None;
    }
    let bare = text.replace("urn:", "").replace("uuid:", "");
    let digits = bare.trim_matches(['{', '}']).replace('-', "");
    let ascii = |letter| digit(letter).map_or(letter, |value| char::from(b'0' + value));
    let digits: String = digits.chars().map(ascii).collect();
    let plain = digits.len() == 32 && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    plain.then(|| u128::from_str_radix(&digits, 16).ok()).flatten().map(Uuid::from_u128)
}
