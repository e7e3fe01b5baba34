//! Texts: trimmed, and judged by their format, their length and their characters, in this order.

use super::super::python::{Sent, strip};
use super::super::{Verdict, ip, text};
use super::url;
use crate::model::{Field, Flaw, FlawKind, TextFormat};
use crate::value::Value;

/// Whether a text is one line: only those may be null when they are empty.
pub(super) fn is_line(format: TextFormat) -> bool {
    matches!(format, TextFormat::Line | TextFormat::Slug | TextFormat::Email | TextFormat::Url)
}

/// Reads a text. Numbers are taken by their text; truth, lists and objects are no text.
pub(super) fn parse(field: &Field, sent: Sent<'_>, format: TextFormat) -> Verdict {
    let address = matches!(format, TextFormat::Ip | TextFormat::Ipv4 | TextFormat::Ipv6);
    let text = match sent {
        Sent::Text(text) => strip(text).to_owned(),
        Sent::Int(_) | Sent::Float(_) if !address => sent.text(),
        _ if address => return Err(ip::bad(format).into()),
        _ => return Err(FlawKind::NotText.into()),
    };
    if text.is_empty() {
        return Ok(field.empty_input());
    }
    Ok(Value::Text(match format {
        TextFormat::Url => url::with_scheme(&text),
        _ if address && text.contains(':') => ip::spelled(&text).ok_or(FlawKind::BadIpv6)?,
        _ => text,
    }))
}

/// What a form says of a text.
pub(super) fn rules(value: &Value, format: TextFormat, max: Option<u32>) -> Vec<Flaw> {
    let Some(text) = value.as_text() else { return Vec::new() };
    let address = matches!(format, TextFormat::Ip | TextFormat::Ipv4 | TextFormat::Ipv6);
    let max = if address { Some(39) } else { max };
    let length = text.chars().count();
    let mut flaws: Vec<Flaw> = Vec::new();
    flaws.extend(text::form_flaw(text, format).map(Flaw::from));
    flaws.extend(max.filter(|max| length > *max as usize).map(|max| FlawKind::TooLong { max, length }.into()));
    flaws.extend(text.contains('\0').then(|| FlawKind::NulCharacter.into()));
    flaws
}
