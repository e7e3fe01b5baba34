//! Addresses: names of stored files as they stand in them.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// The letters of a stored name that need no escape in an address: Django's choice.
const PLAIN: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'/')
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'!')
    .remove(b'~')
    .remove(b'*')
    .remove(b'\'')
    .remove(b'(')
    .remove(b')');

/// The address of a stored file, below that of all uploads.
///
/// ```
/// assert_eq!(factotum::http::address::of_file("/media/", "manuals/a b.txt"), "/media/manuals/a%20b.txt");
/// ```
#[must_use]
pub fn of_file(media: &str, name: &str) -> String {
    format!("{media}{}", utf8_percent_encode(&name.replace('\\', "/"), PLAIN))
}
