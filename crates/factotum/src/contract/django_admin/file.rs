//! What is told of a stored file: its name, its address and its size.

use std::path::{Component, Path};

use factotum_engine::Value;
use factotum_engine::files::Files;

use crate::http::{address, json as text};

/// Writes a stored file; null for none.
pub(super) fn write(out: &mut Vec<u8>, files: &Files, stored: &Value) {
    let Some(name) = stored.as_text().filter(|name| !name.is_empty()) else {
        return out.extend_from_slice(b"null");
    };
    out.extend_from_slice(b"{\"name\":");
    text::text(out, name);
    out.extend_from_slice(b",\"url\":");
    text::text(out, &address::of_file(&files.url, name));
    out.extend_from_slice(b",\"size\":");
    match size(files, name) {
        Some(size) => text::int(out, size),
        None => out.extend_from_slice(b"null"),
    }
    out.push(b'}');
}

/// The size of a file below the folder of uploads; a name that leads out of it names none.
fn size(files: &Files, name: &str) -> Option<i64> {
    let inside = Path::new(name).components().all(|part| matches!(part, Component::Normal(_)));
    let path = files.root.as_ref().filter(|_| inside)?.join(name);
    let found = std::fs::metadata(path).ok().filter(std::fs::Metadata::is_file)?;
    i64::try_from(found.len()).ok()
}
