//! Counts: how often something was done within a fixed time, and where that is kept.

use std::fmt;
use std::time::Duration;

use futures_util::future::BoxFuture;

/// A place in a fixed window: at most so many within a time that begins with the first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slot {
    /// Whose it is: two slots with the same key and window are one.
    pub key: String,
    /// The most within the window.
    pub most: u32,
    /// How long the window is open, counted from what was first counted in it.
    pub window: Duration,
}

/// How full a window is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Count {
    /// How many were counted, this one included if it was.
    pub taken: u32,
    /// How long the window is still open; its whole length if it is not open yet.
    pub left: Duration,
}

/// What became of a wish to be counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tally {
    /// Whether all slots had room. If not, nothing was counted in any of them.
    pub passed: bool,
    /// How full each slot is, in the order in which they were named.
    pub counts: Vec<Count>,
}

/// Whoever keeps the counts does not answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Away(pub String);

impl fmt::Display for Away {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "the counts are out of reach: {}", self.0)
    }
}

impl std::error::Error for Away {}

/// Where counts are kept. What is named in one call is done at once: nobody else comes in between.
///
/// ```
/// use std::time::Duration;
/// use factotum::http::limit::counts::{Counts, Slot};
/// use factotum::http::limit::memory::Memory;
///
/// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
/// let slot = [Slot { key: "address 192.0.2.1".into(), most: 1, window: Duration::from_secs(60) }];
/// let counts = Memory::default();
/// assert!(counts.take(&slot).await.unwrap().passed);
/// assert!(!counts.take(&slot).await.unwrap().passed);
/// # });
/// ```
pub trait Counts: fmt::Debug + Send + Sync {
    /// Counts one more in each slot, or in none if one of them is full.
    ///
    /// # Errors
    /// When the keeper does not answer; whether something was counted is then unknown.
    fn take<'a>(&'a self, slots: &'a [Slot]) -> BoxFuture<'a, Result<Tally, Away>>;

    /// Takes one back from each slot, which [`Counts::take`] counted.
    ///
    /// # Errors
    /// When the keeper does not answer.
    fn give_back<'a>(&'a self, slots: &'a [Slot]) -> BoxFuture<'a, Result<(), Away>>;

    /// Empties the slots.
    ///
    /// # Errors
    /// When the keeper does not answer.
    fn forget<'a>(&'a self, slots: &'a [Slot]) -> BoxFuture<'a, Result<(), Away>>;
}
