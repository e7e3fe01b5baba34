//! The texts made so far, by shape: making one costs more than running a small statement.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, PoisonError, RwLock};

/// So many texts are remembered. A site asks fewer; whoever makes up filters without end only starts the memory anew.
const MOST: usize = 1_024;

/// Longer shapes are of statements that do not come again.
const LONGEST: usize = 16_384;

/// A text depends on nothing but its shape, so that all databases of a process share them.
static TEXTS: LazyLock<RwLock<HashMap<Vec<u8>, Arc<str>>>> = LazyLock::new(RwLock::default);

/// The text of a shape, if it was made before.
pub(super) fn find(shape: &[u8]) -> Option<Arc<str>> {
    TEXTS.read().unwrap_or_else(PoisonError::into_inner).get(shape).cloned()
}

/// Remembers the text of a shape.
pub(super) fn keep(mut shape: Vec<u8>, text: Arc<str>) {
    if shape.len() > LONGEST {
        return;
    }
    shape.shrink_to_fit();
    let mut texts = TEXTS.write().unwrap_or_else(PoisonError::into_inner);
    if texts.len() >= MOST {
        texts.clear();
    }
    texts.insert(shape, text);
}
