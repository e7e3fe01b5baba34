//! A limit of how often somebody may fail to sign in, by name and by address. Whoever is signed in notices nothing.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use factotum_engine::{Error, Principal};

use super::counts::{Counts, Slot};
use super::memory::Memory;
use super::subject;
use crate::http::Fault;

/// Counts failures within a time.
#[derive(Debug)]
pub struct Throttle {
    most: u32,
    within: Duration,
    counts: Arc<dyn Counts>,
}

impl Throttle {
    /// At most so many failures within a time, counted in the memory of this process.
    #[must_use]
    pub fn new(most: u32, within: Duration) -> Throttle {
        Throttle::kept_in(most, within, Arc::new(Memory::default()))
    }

    /// The same, counted elsewhere.
    #[must_use]
    pub fn kept_in(most: u32, within: Duration, counts: Arc<dyn Counts>) -> Throttle {
        Throttle { most, within, counts }
    }

    /// Begins an attempt. It counts as a failure until it is said to be none: of many attempts at once, no more than
    /// allowed get through. Where nobody can tell the address only the name counts, or one would lock out all.
    ///
    /// # Errors
    /// How long to wait, when there were too many.
    async fn attempt(&self, name: &str, ip: Option<IpAddr>) -> Result<Attempt<'_>, Duration> {
        let slot = |whose: String| Slot { key: format!("guess {whose}"), most: self.most, window: self.within };
        let address = ip.map(|_| slot(subject::address(ip)));
        let slots: Vec<Slot> = [Some(slot(format!("name {name}"))), address].into_iter().flatten().collect();
        let tally = self.counts.take(&slots).await.map_err(|_| self.within)?;
        if tally.passed {
            return Ok(Attempt { counts: &*self.counts, slots });
        }
        let full = tally.counts.iter().filter(|count| count.taken >= self.most);
        Err(full.map(|count| count.left).max().unwrap_or(self.within))
    }
}

/// An attempt that has begun: the slot of the name and then that of the address.
#[derive(Debug)]
struct Attempt<'t> {
    counts: &'t dyn Counts,
    slots: Vec<Slot>,
}

impl Attempt<'_> {
    /// Forgets all failures of the name. An address keeps its failures with other names.
    async fn succeeded(self) {
        let (name, address) = self.slots.split_at(1);
        let _ = self.counts.forget(name).await;
        let _ = self.counts.give_back(address).await;
    }

    /// It was no guess after all.
    async fn void(self) {
        let _ = self.counts.give_back(&self.slots).await;
    }
}

/// Lets somebody try to sign in, unless they failed too often. `check` fails with [`Error::BadCredentials`] where it
/// was a guess; somebody who is known but not staff neither failed nor succeeded.
///
/// # Errors
/// [`Fault::Limited`], or how `check` fails.
pub async fn guard(
    throttle: Option<&Throttle>,
    (name, ip): (&str, Option<IpAddr>),
    check: impl Future<Output = Result<Arc<Principal>, Error>>,
) -> Result<Arc<Principal>, Fault> {
    let Some(throttle) = throttle else { return Ok(check.await?) };
    let attempt = throttle.attempt(name, ip).await.map_err(|retry_after| Fault::Limited { retry_after })?;
    let found = check.await;
    match &found {
        Ok(who) if who.staff => attempt.succeeded().await,
        Err(Error::BadCredentials) => {}
        Ok(_) | Err(_) => attempt.void().await,
    }
    Ok(found?)
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn is_free(throttle: &Throttle, name: &str, ip: [u8; 4]) -> bool {
        throttle.attempt(name, Some(ip.into())).await.is_ok()
    }

    #[tokio::test]
    async fn failures_are_counted_by_name_and_by_address() {
        let throttle = Throttle::new(2, Duration::from_secs(60));
        assert!(is_free(&throttle, "ann", [1, 1, 1, 1]).await);
        assert!(is_free(&throttle, "ann", [1, 1, 1, 2]).await);
        let wait = throttle.attempt("ann", Some([1, 1, 1, 3].into())).await.expect_err("too many");
        assert!(wait > Duration::from_secs(59));
        assert!(is_free(&throttle, "bob", [1, 1, 1, 1]).await);
        assert!(!is_free(&throttle, "cid", [1, 1, 1, 1]).await);
        assert!(is_free(&throttle, "cid", [1, 1, 1, 3]).await);
    }

    #[tokio::test]
    async fn success_forgets_the_name_and_only_itself_of_the_address() {
        let throttle = Throttle::new(2, Duration::from_secs(60));
        let ip = [1, 1, 1, 1];
        assert!(is_free(&throttle, "ann", ip).await);
        throttle.attempt("ann", Some(ip.into())).await.expect("free").succeeded().await;
        assert!(is_free(&throttle, "ann", ip).await);
        assert!(!is_free(&throttle, "ann", ip).await, "the address failed twice");
        assert!(is_free(&throttle, "ann", [1, 1, 1, 2]).await);
        assert!(!is_free(&throttle, "ann", [1, 1, 1, 3]).await, "the name failed twice");
    }
}
