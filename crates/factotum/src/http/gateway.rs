//! Gateways: other sites that are asked who somebody is. What they are asked in is theirs; a contract sends people
//! there and receives them back.

#[cfg(feature = "oidc")]
pub mod oidc;

use std::fmt;

use futures_util::future::BoxFuture;

/// Somebody on the way to a provider: where to go, and what to bring back from there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Begun {
    /// The provider's page.
    pub url: String,
    /// What the browser keeps meanwhile, out of reach of scripts: letters that fit into a cookie.
    pub ticket: String,
}

/// What a provider says of somebody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    /// An address that the provider has verified.
    pub email: String,
    /// The name for people, if it is told.
    pub name: Option<String>,
}

/// Why nobody is signed in; for the log, since it may tell of the provider's insides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failed(pub String);

impl fmt::Display for Failed {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "sign-in by a provider failed: {}", self.0)
    }
}

impl std::error::Error for Failed {}

/// A provider that is asked who somebody is.
pub trait Gateway: fmt::Debug + Send + Sync {
    /// Its name in addresses.
    fn name(&self) -> &str;

    /// Its name for people.
    fn display_name(&self) -> &str;

    /// Sends somebody on the way. `back` is the address of this site that the provider sends them back to.
    ///
    /// # Errors
    /// When the provider does not answer or says nonsense.
    fn begin<'a>(&'a self, back: &'a str) -> BoxFuture<'a, Result<Begun, Failed>>;

    /// Receives somebody who comes back with a code and a state, and the ticket that they left with.
    ///
    /// # Errors
    /// When anything does not fit, or the address is not verified.
    fn finish<'a>(&'a self, back: &'a str, came: Came<'a>) -> BoxFuture<'a, Result<Known, Failed>>;
}

/// What somebody brings back from a provider.
#[derive(Debug, Clone, Copy)]
pub struct Came<'a> {
    /// The code of the provider.
    pub code: &'a str,
    /// The state that went along.
    pub state: &'a str,
    /// The ticket that the browser kept.
    pub ticket: &'a str,
}
