//! Names that are never told: whatever they hold, it is somebody's secret.

use factotum_engine::form::layout;

/// The words that make a name a secret one.
pub(super) const WORDS: &[&str] =
    &["password", "secret", "token", "api_key", "apikey", "hash", "private_key", "session", "nonce", "salt"];

/// Whether a name is a secret one.
pub(super) fn is_sensitive(name: &str) -> bool {
    layout::is_withheld(name, WORDS)
}
