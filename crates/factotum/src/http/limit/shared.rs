//! Counts that several nodes keep together, with those of this node beside them for the time when nobody answers.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use futures_util::future::BoxFuture;

use super::counts::{Away, Counts, Slot, Tally};
use super::memory::Memory;

/// How long an answer may take. A request must not wait longer for permission than for its work.
const PATIENCE: Duration = Duration::from_millis(500);
/// How long nobody is asked after there was no answer.
const PAUSE: Duration = Duration::from_secs(1);

/// Counts kept together, far away, and noted near by. While the far ones are out of reach each node goes on with what
/// it noted and counts for itself: limits stay, and so does the service.
#[derive(Debug)]
pub struct Shared {
    far: Arc<dyn Counts>,
    near: Memory,
    /// When the far ones may be asked again.
    again: Mutex<Option<Instant>>,
    /// Whether the last one who asked got no answer, so that it is logged once.
    is_away: AtomicBool,
}

impl Shared {
    /// Counts in `far` as long as it answers.
    #[must_use]
    pub fn new(far: Arc<dyn Counts>) -> Shared {
        Shared { far, near: Memory::default(), again: Mutex::default(), is_away: AtomicBool::new(false) }
    }

    /// The answer of the far ones, if they are asked and it comes in time.
    async fn ask<T>(&self, question: impl Future<Output = Result<T, Away>>) -> Option<T> {
        let again = *self.again.lock().unwrap_or_else(PoisonError::into_inner);
        if again.is_some_and(|again| Instant::now() < again) {
            return None;
        }
        let answer = match tokio::time::timeout(PATIENCE, question).await {
            Ok(answer) => answer,
            Err(_) => Err(Away("no answer in time".to_owned())),
        };
        self.note(answer.as_ref().err());
        answer.ok()
    }

    fn note(&self, away: Option<&Away>) {
        let was_away = self.is_away.swap(away.is_some(), Ordering::Relaxed);
        match away {
            Some(error) => {
                *self.again.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now() + PAUSE);
                if !was_away {
                    tracing::error!(%error, "limits are counted by this node alone");
                }
            }
            None if was_away => tracing::info!("limits are counted by all nodes again"),
            None => {}
        }
    }
}

impl Counts for Shared {
    /// Who is known here to be at a limit is refused without a question: an attack costs no trips.
    fn take<'a>(&'a self, slots: &'a [Slot]) -> BoxFuture<'a, Result<Tally, Away>> {
        Box::pin(async move {
            let known = self.near.look_at(slots, Instant::now());
            if !known.passed {
                return Ok(known);
            }
            let Some(tally) = self.ask(self.far.take(slots)).await else {
                return Ok(self.near.take_at(slots, Instant::now()));
            };
            self.near.note_at(slots, &tally, Instant::now());
            Ok(tally)
        })
    }

    fn give_back<'a>(&'a self, slots: &'a [Slot]) -> BoxFuture<'a, Result<(), Away>> {
        Box::pin(async move {
            self.near.give_back(slots).await?;
            if slots.is_empty() {
                return Ok(());
            }
            self.ask(self.far.give_back(slots)).await;
            Ok(())
        })
    }

    fn forget<'a>(&'a self, slots: &'a [Slot]) -> BoxFuture<'a, Result<(), Away>> {
        Box::pin(async move {
            self.near.forget(slots).await?;
            self.ask(self.far.forget(slots)).await;
            Ok(())
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A keeper that may be out of reach.
    #[derive(Debug, Default)]
    struct Shaky {
        memory: Memory,
        is_away: AtomicBool,
    }

    impl Shaky {
        fn here(&self) -> Result<&Memory, Away> {
            if self.is_away.load(Ordering::Relaxed) { Err(Away("gone".to_owned())) } else { Ok(&self.memory) }
        }
    }

    impl Counts for Shaky {
        fn take<'a>(&'a self, slots: &'a [Slot]) -> BoxFuture<'a, Result<Tally, Away>> {
            Box::pin(async move { self.here()?.take(slots).await })
        }
        fn give_back<'a>(&'a self, slots: &'a [Slot]) -> BoxFuture<'a, Result<(), Away>> {
            Box::pin(async move { self.here()?.give_back(slots).await })
        }
        fn forget<'a>(&'a self, slots: &'a [Slot]) -> BoxFuture<'a, Result<(), Away>> {
            Box::pin(async move { self.here()?.forget(slots).await })
        }
    }

    async fn passes(shared: &Shared, key: &str) -> bool {
        let slots = [Slot { key: key.to_owned(), most: 3, window: Duration::from_secs(60) }];
        shared.take(&slots).await.expect("somebody counts").passed
    }

    #[tokio::test]
    async fn two_nodes_count_together() {
        let far = Arc::new(Shaky::default());
        let (one, two) = (Shared::new(far.clone()), Shared::new(far));
        assert!(passes(&one, "ann").await && passes(&two, "ann").await && passes(&one, "ann").await);
        assert!(!passes(&two, "ann").await && !passes(&one, "ann").await);
    }

    #[tokio::test]
    async fn alone_a_node_goes_on_with_what_it_knows() {
        let far = Arc::new(Shaky::default());
        let node = Shared::new(far.clone());
        for _ in 0..3 {
            assert!(passes(&node, "full").await);
        }
        assert!(passes(&node, "half").await);
        far.is_away.store(true, Ordering::Relaxed);
        assert!(!passes(&node, "full").await, "who was at the limit still is");
        assert!(passes(&node, "half").await && passes(&node, "half").await && !passes(&node, "half").await);
    }

    #[tokio::test]
    async fn a_keeper_that_comes_back_empty_frees_nobody() {
        let far = Arc::new(Shaky::default());
        let node = Shared::new(far.clone());
        for _ in 0..3 {
            assert!(passes(&node, "full").await);
        }
        let slots = [Slot { key: "full".to_owned(), most: 3, window: Duration::from_secs(60) }];
        far.memory.forget(&slots).await.expect("here");
        assert!(!passes(&node, "full").await);
    }
}
