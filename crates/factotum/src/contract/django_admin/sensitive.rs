//! Names that nothing is told of: whoever reads a row is not to learn a password or a token from it.

use factotum_engine::form::layout::is_withheld;

/// A name that contains one of these words is sensitive, whatever the case.
pub(super) const WORDS: [&str; 10] =
    ["password", "secret", "token", "api_key", "apikey", "hash", "private_key", "session", "nonce", "salt"];

/// Whether a name is sensitive.
pub(super) fn is_sensitive(name: &str) -> bool {
    is_withheld(name, &WORDS)
}
