//! Which form of answer a client asks for: JSON, compact or indented, and nothing else.

use factotum_engine::Error;
use factotum_engine::error::Missing;
use http::header::{ACCEPT, CONTENT_TYPE};

use crate::http::{Fault, Head, Reply, indent};

/// The deepest indentation that is given.
const WIDEST: usize = 8;

/// Whether the client takes what we give. An unknown format is as good as an unknown path.
pub(super) fn negotiate(head: &Head) -> Result<(), Fault> {
    if !matches!(head.asked("format").unwrap_or(""), "" | "json" | "api") {
        return Err(Fault::Engine(Error::NotFound(Missing::Other)));
    }
    let suits = |media: &str| matches!(media, "*/*" | "application/*" | "application/json" | "text/*" | "text/html");
    let none = !head.headers.contains_key(ACCEPT);
    if none || accepted(head).any(|(media, _)| suits(&media)) { Ok(()) } else { Err(Fault::NotAcceptable) }
}

/// Media types that the client accepts, in lower case, with their parameters.
fn accepted(head: &Head) -> impl Iterator<Item = (String, &str)> {
    let lines = head.headers.get_all(ACCEPT).iter().filter_map(|line| line.to_str().ok());
    lines.flat_map(|line| line.split(',')).map(|part| {
        let (media, parameters) = part.split_once(';').unwrap_or((part, ""));
        (media.trim().to_ascii_lowercase(), parameters)
    })
}

/// The reply with its JSON indented, if the client asks for it.
pub(super) fn indent(head: &Head, mut reply: Reply) -> Reply {
    let wanted = accepted(head)
        .filter(|(media, _)| media == "application/json")
        .flat_map(|(_, parameters)| parameters.split(';'))
        .filter_map(|parameter| parameter.split_once('='))
        .find(|(name, _)| name.trim() == "indent")
        .and_then(|(_, value)| value.trim().parse::<i64>().ok());
    let width = usize::try_from(wanted.unwrap_or(0)).unwrap_or(0).min(WIDEST);
    if width > 0 && reply.headers.get(CONTENT_TYPE).is_some_and(|media| media == "application/json") {
        reply.body = indent::indented(&reply.body, width).into();
    }
    reply
}
