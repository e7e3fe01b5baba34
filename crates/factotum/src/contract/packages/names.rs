//! Paths that a configuration makes: kept as long as the process, as those that are written in code are.

use std::collections::HashSet;
use std::sync::{Mutex, OnceLock, PoisonError};

/// A text that stays. The same text is kept once, however often a site is made, so that what is kept is bounded by what
/// configurations say.
pub(super) fn kept(text: &str) -> &'static str {
    static KEPT: OnceLock<Mutex<HashSet<&'static str>>> = OnceLock::new();
    let mut kept = KEPT.get_or_init(Mutex::default).lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(known) = kept.get(text) {
        return known;
    }
    let text: &'static str = Box::leak(text.to_owned().into_boxed_str());
    kept.insert(text);
    text
}

#[cfg(test)]
mod tests {
    use super::kept;

    #[test]
    fn a_text_is_kept_once() {
        let again = String::from("/books/");
        assert!(std::ptr::eq(kept("/books/"), kept(&again)));
    }
}
