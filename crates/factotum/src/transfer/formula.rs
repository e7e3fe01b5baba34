//! Texts that a spreadsheet would run. A CSV file cannot say that a cell is text, so such a text gets a `'` in front,
//! and loses it again when the file is read.

/// Whether a spreadsheet may take a text for a formula: it begins with `=`, `+`, `-`, `@`, a tab or a carriage return.
/// One that has been defused already counts, so that what is read is always what was written.
fn is_live(text: &[u8]) -> bool {
    let bare = text.iter().position(|byte| *byte != b'\'').map_or(&[][..], |at| &text[at..]);
    matches!(bare.first(), Some(b'=' | b'+' | b'-' | b'@' | b'\t' | b'\r'))
}

/// What must stand before a text.
pub(super) fn fuse(text: &[u8]) -> &'static [u8] {
    if is_live(text) { b"'" } else { b"" }
}

/// The text that was meant.
///
/// ```
/// use factotum::transfer::formula::meant;
/// assert_eq!((meant("'=1+1"), meant("'tis"), meant("-5")), ("=1+1", "'tis", "-5"));
/// ```
#[must_use]
pub fn meant(text: &str) -> &str {
    text.strip_prefix('\'').filter(|rest| is_live(rest.as_bytes())).unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_text_comes_back() {
        for text in ["=1", "+1", "-1", "@x", "\tx", "\rx", "'=1", "''=1", "'", "''", "'x", "x=1", "", "1"] {
            let mut written = fuse(text.as_bytes()).to_vec();
            written.extend_from_slice(text.as_bytes());
            assert!(!matches!(written.first(), Some(b'=' | b'+' | b'-' | b'@' | b'\t' | b'\r')));
            assert_eq!(meant(std::str::from_utf8(&written).expect("text")), text);
        }
    }
}
