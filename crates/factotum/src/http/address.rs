//! Addresses: names of stored files and parameters as they stand in them.

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

/// A query string with its question mark, or nothing where no parameter is left: every parameter kept but for those
/// that are replaced, once each, or left out; sorted by name, and repeated ones in their order.
///
/// ```
/// use factotum::http::address::query;
/// let sent = [("b", "x y"), ("page", "1"), ("a", "")].map(|(name, value)| (name.to_owned(), value.to_owned()));
/// assert_eq!(query(&sent, &[("page", Some("2"))]), "?a=&b=x+y&page=2");
/// assert_eq!(query(&sent[1..2], &[("page", None)]), "");
/// ```
#[must_use]
pub fn query(parameters: &[(String, String)], replaced: &[(&str, Option<&str>)]) -> String {
    let is_replaced = |name: &str| replaced.iter().any(|(other, _)| *other == name);
    let kept = parameters.iter().filter(|(name, _)| !is_replaced(name));
    let kept = kept.map(|(name, value)| (name.as_str(), value.as_str()));
    let mut all: Vec<(&str, &str)> =
        kept.chain(replaced.iter().filter_map(|(name, value)| Some((*name, (*value)?)))).collect();
    all.sort_by_key(|(name, _)| *name);
    let pairs: Vec<String> =
        all.iter().map(|(name, value)| format!("{}={}", form_encoded(name), form_encoded(value))).collect();
    if pairs.is_empty() { String::new() } else { format!("?{}", pairs.join("&")) }
}

/// A text as it stands in a query string: as Python's `quote_plus` encodes it.
#[must_use]
pub fn form_encoded(text: &str) -> String {
    const BARE: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~').remove(b' ');
    utf8_percent_encode(text, BARE).to_string().replace(' ', "+")
}

/// A text as one segment of a path.
#[must_use]
pub fn segment(text: &str) -> String {
    const BARE: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');
    utf8_percent_encode(text, BARE).to_string()
}
