//! The HTTP client with which we ask others: no redirects, and nobody is waited for without end.

use std::time::Duration;

use reqwest::Client;
use reqwest::redirect::Policy;

/// How long somebody may take to be reached.
const REACH: Duration = Duration::from_secs(5);

/// A client that waits so long for each part of an answer. It believes the certificates of public authorities, and those
/// that this machine believes.
///
/// # Errors
/// When the machine's certificates cannot be used.
pub(crate) fn patient(patience: Duration) -> reqwest::Result<Client> {
    Client::builder().redirect(Policy::none()).connect_timeout(REACH).read_timeout(patience).build()
}
