//! Text: trimmed, counted in characters, judged by its format last.

use super::python::{Sent, is_space, strip};
use super::{Judged, Verdict, address, check, ip};
use crate::model::{Field, FlawKind, TextFormat};
use crate::value::Value;

/// Reads text of a format.
pub(super) fn judge(field: &Field, sent: Sent<'_>, format: TextFormat, max: Option<u32>) -> Verdict<Judged> {
    if let Sent::Text(text) = sent
        && text.chars().all(is_space)
    {
        return if field.blank && !is_ip(format) {
            Ok(Judged::fine(Value::Text(String::new())))
        } else {
            Err(FlawKind::Blank.into())
        };
    }
    let text = if is_ip(format) { ip::clean(sent, format)? } else { plain(sent, format)? };
    let value = Value::Text(text.clone());
    // An address is as long as its form says.
    let mut late = lengths(field, &value, max.filter(|_| !is_ip(format)));
    if text.contains('\0') {
        late.push(FlawKind::NulCharacter.into());
    }
    // A text that is far too long already is not searched for its form.
    if text.len() <= LONGEST_FORM || matches!(format, TextFormat::Line | TextFormat::Long) {
        late.extend(form_flaw(&text, format).map(Into::into));
    }
    Ok(Judged { early: check::early(field, &value), late, value })
}

/// Longer than any address that could be right.
pub(super) const LONGEST_FORM: usize = 100_000;

/// The flaws of the text's length: too long by the column or by a check, too short by a check.
pub(super) fn lengths(field: &Field, value: &Value, max: Option<u32>) -> Vec<crate::model::Flaw> {
    let mut flaws = check::late(field, value);
    let length = value.as_text().map_or(0, |text| text.chars().count());
    let said = flaws.iter().any(|flaw| matches!(flaw.kind, FlawKind::TooLong { .. }));
    if let Some(max) = max.filter(|max| length > *max as usize && !said) {
        flaws.insert(0, FlawKind::TooLong { max, length }.into());
    }
    flaws
}

fn is_ip(format: TextFormat) -> bool {
    matches!(format, TextFormat::Ip | TextFormat::Ipv4 | TextFormat::Ipv6)
}

/// Trimmed text; numbers are taken by their text. What cannot be text is refused in the words of the format.
fn plain(sent: Sent<'_>, format: TextFormat) -> Verdict<String> {
    match sent {
        Sent::Text(text) => Ok(strip(text).to_owned()),
        Sent::Int(_) | Sent::Float(_) => Ok(sent.text()),
        _ => Err(form_flaw("", format).unwrap_or(FlawKind::NotText).into()),
    }
}

/// What is wrong with the form of a text.
pub(super) fn form_flaw(text: &str, format: TextFormat) -> Option<FlawKind> {
    match format {
        TextFormat::Slug if !is_slug(text) => Some(FlawKind::BadSlug),
        TextFormat::Email if !address::is_email(text) => Some(FlawKind::BadEmail),
        TextFormat::Url if !address::is_url(text) => Some(FlawKind::BadUrl),
        TextFormat::Ip | TextFormat::Ipv4 | TextFormat::Ipv6 => ip::flaw(text, format),
        _ => None,
    }
}

fn is_slug(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
}

/// Reads text to compare with: as it is, but addresses in their one spelling. No row holds a NUL.
pub(super) fn term(sent: Sent<'_>, format: TextFormat) -> Verdict {
    let text = sent.text();
    if text.contains('\0') {
        return Err(FlawKind::NulCharacter.into());
    }
    if is_ip(format) {
        let clean = ip::clean(Sent::Text(strip(&text)), format)?;
        return match ip::flaw(&clean, format) {
            Some(flaw) => Err(flaw.into()),
            None => Ok(Value::Text(clean)),
        };
    }
    Ok(Value::Text(text))
}
