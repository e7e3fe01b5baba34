//! IP addresses: read strictly, kept in their shortest spelling; IPv4 inside IPv6 is unpacked.

use std::net::{Ipv4Addr, Ipv6Addr};

use super::Verdict;
use super::python::{Sent, strip};
use crate::model::{FlawKind, TextFormat};

/// The longest spelling of an IPv6 address.
const LONGEST: usize = 39;

/// What is said of something that is no address of the format.
pub(super) fn bad(format: TextFormat) -> FlawKind {
    FlawKind::BadIp { only_v4: format == TextFormat::Ipv4, only_v6: format == TextFormat::Ipv6 }
}

/// Trims an address and brings IPv6 into its one spelling; IPv4 is judged later by [`flaw`].
pub(super) fn clean(sent: Sent<'_>, format: TextFormat) -> Verdict<String> {
    let Sent::Text(text) = sent else { return Err(bad(format).into()) };
    if !text.contains(':') || format == TextFormat::Ipv4 {
        return Ok(strip(text).to_owned());
    }
    let address = parse_v6(text).ok_or_else(|| bad(format))?;
    Ok(match address.to_ipv4_mapped() {
        Some(inner) if format == TextFormat::Ip => inner.to_string(),
        Some(inner) => format!("::ffff:{inner}"),
        None => shortest(address),
    })
}

/// The one spelling of an IPv6 address; one that wraps an IPv4 address keeps it.
pub(super) fn spelled(text: &str) -> Option<String> {
    let address = parse_v6(text)?;
    Some(match address.to_ipv4_mapped() {
        Some(inner) => format!("::ffff:{inner}"),
        None => shortest(address),
    })
}

/// What is wrong with a cleaned address.
pub(super) fn flaw(text: &str, format: TextFormat) -> Option<FlawKind> {
    let good = format != TextFormat::Ipv6 && text.parse::<Ipv4Addr>().is_ok()
        || format != TextFormat::Ipv4 && parse_v6(text).is_some();
    (!good).then(|| bad(format))
}

/// Reads an IPv6 address; a zone behind `%` is dropped.
pub(super) fn parse_v6(text: &str) -> Option<Ipv6Addr> {
    if text.len() > LONGEST {
        return None;
    }
    let bare = match text.split_once('%') {
        Some((_, zone)) if zone.is_empty() || zone.contains('%') => return None,
        Some((bare, _)) => bare,
        None => text,
    };
    bare.parse().ok()
}

/// Hexadecimal groups with the longest run of zeros left out; never a dotted tail.
fn shortest(address: Ipv6Addr) -> String {
    let usual = address.to_string();
    if !usual.contains('.') {
        return usual;
    }
    let [.., high, low] = address.segments();
    let head = usual.rsplit_once(':').map_or("::", |(head, _)| head);
    if high == 0 { format!("{head}:{low:x}") } else { format!("{head}:{high:x}:{low:x}") }
}
