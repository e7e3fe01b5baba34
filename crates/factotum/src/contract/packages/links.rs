//! Addresses in answers: the scheme and host that the client used, the mount, and the form that was asked for.

use factotum_engine::Value;

use super::negotiate::is_of_key;
use super::settings::Packages;
use crate::http::{Head, address, json};

/// The parameter that chooses the form of an answer.
pub(super) const FORMAT: &str = "format";

/// What all addresses of an answer have in common.
#[derive(Debug)]
pub(super) struct Links {
    /// Their beginning as JSON text, up to the slash of the mount, the quotation mark included.
    front: Vec<u8>,
    /// The suffix that stands for the last slash.
    suffix: Option<String>,
    /// The query string.
    query: String,
}

impl Links {
    /// The addresses in an answer to a request.
    pub(super) fn of(contract: &Packages, head: &Head) -> Links {
        let mut front = Vec::new();
        json::text(&mut front, &format!("{}{}/", head.base(), head.mount()));
        front.pop();
        let asks = contract.formats && contract.formats_in_links;
        let suffix = Some(head.param(FORMAT)).filter(|suffix| !suffix.is_empty() && !is_of_key(contract, head));
        let suffix = suffix.filter(|_| asks).map(str::to_owned);
        let query = match head.asked(FORMAT).filter(|_| asks) {
            Some(format) => format!("?{FORMAT}={}", address::form_encoded(format)),
            None => String::new(),
        };
        Links { front, suffix, query }
    }

    /// Writes the address of a list as quoted text.
    pub(super) fn list(&self, out: &mut Vec<u8>, name: &str) {
        out.extend_from_slice(&self.front);
        out.extend_from_slice(name.as_bytes());
        self.end(out);
    }

    /// Writes the address of a row as quoted text; that of no row is null, as is one to which no address can lead.
    pub(super) fn row(&self, out: &mut Vec<u8>, name: &str, key: &Value) {
        if matches!(key, Value::Null) || matches!(key, Value::Text(text) if ["", ".", ".."].contains(&text.as_str())) {
            return out.extend_from_slice(b"null");
        }
        out.extend_from_slice(&self.front);
        out.extend_from_slice(name.as_bytes());
        out.push(b'/');
        match key {
            Value::Int(number) => json::int(out, *number),
            other => out.extend_from_slice(address::segment(&other.to_string()).as_bytes()),
        }
        self.end(out);
    }

    fn end(&self, out: &mut Vec<u8>) {
        match &self.suffix {
            Some(suffix) => {
                out.push(b'.');
                out.extend_from_slice(suffix.as_bytes());
            }
            None => out.push(b'/'),
        }
        out.extend_from_slice(self.query.as_bytes());
        out.push(b'"');
    }
}
