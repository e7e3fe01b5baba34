//! What is told of a stored file: its name, its address and its size.

use std::path::{Component, Path};

use factotum_engine::Value;
use factotum_engine::files::Files;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::http::json as text;

/// The letters of a stored name that need no escape in an address.
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

/// Writes a stored file; null for none.
pub(super) fn write(out: &mut Vec<u8>, files: &Files, stored: &Value) {
    let Some(name) = stored.as_text().filter(|name| !name.is_empty()) else {
        return out.extend_from_slice(b"null");
    };
    out.extend_from_slice(b"{\"name\":");
    text::text(out, name);
    out.extend_from_slice(b",\"url\":");
    text::text(out, &address(files, name));
    out.extend_from_slice(b",\"size\":");
    match size(files, name) {
        Some(size) => text::int(out, size),
        None => out.extend_from_slice(b"null"),
    }
    out.push(b'}');
}

fn address(files: &Files, name: &str) -> String {
    format!("{}{}", files.url, utf8_percent_encode(&name.replace('\\', "/"), PLAIN))
}

/// The size of a file below the folder of uploads; a name that leads out of it names none.
fn size(files: &Files, name: &str) -> Option<i64> {
    let inside = Path::new(name).components().all(|part| matches!(part, Component::Normal(_)));
    let path = files.root.as_ref().filter(|_| inside)?.join(name);
    let found = std::fs::metadata(path).ok().filter(std::fs::Metadata::is_file)?;
    i64::try_from(found.len()).ok()
}
