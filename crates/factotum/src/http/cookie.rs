//! Cookies: read from a request, printed for a reply.

use std::fmt;

use http::header::COOKIE;

use crate::http::Head;

/// A cookie for a reply.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cookie<'c> {
    /// The name.
    pub name: &'c str,
    /// The value, in characters that need no quoting.
    pub value: &'c str,
    /// For how many seconds the client keeps it; zero deletes it.
    pub max_age: u64,
    /// Whether scripts are kept from it.
    pub http_only: bool,
    /// Whether it travels over HTTPS only.
    pub secure: bool,
}

impl fmt::Display for Cookie<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}={}; Max-Age={}; Path=/; SameSite=Lax", self.name, self.value, self.max_age)?;
        if self.http_only {
            out.write_str("; HttpOnly")?;
        }
        if self.secure {
            out.write_str("; Secure")?;
        }
        Ok(())
    }
}

/// The value of a request's cookie; the last one, if there are several of this name.
#[must_use]
pub fn find<'h>(head: &'h Head, name: &str) -> Option<&'h str> {
    let lines = head.headers.get_all(COOKIE).iter().filter_map(|line| line.to_str().ok());
    lines
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.split_once('='))
        .filter(|(known, _)| known.trim() == name)
        .map(|(_, value)| value.trim().trim_matches('"'))
        .next_back()
}
