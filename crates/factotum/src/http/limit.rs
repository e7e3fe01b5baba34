//! Limits of how often somebody may fail, by name and by address. Whoever is signed in already notices nothing.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// So many names and addresses are remembered; when there are more, the oldest failures go first.
const MOST: usize = 10_000;

/// Counts failures within a time.
#[derive(Debug)]
pub struct Throttle {
    most: u32,
    within: Duration,
    failures: Mutex<HashMap<String, (Instant, u32)>>,
}

impl Throttle {
    /// At most so many failures within a time.
    #[must_use]
    pub fn new(most: u32, within: Duration) -> Throttle {
        Throttle { most, within, failures: Mutex::default() }
    }

    /// How long somebody must wait; `None` if they may try.
    #[must_use]
    pub fn wait(&self, whose: &str, now: Instant) -> Option<Duration> {
        let failures = self.failures.lock().unwrap_or_else(PoisonError::into_inner);
        let (since, count) = failures.get(whose)?;
        let end = *since + self.within;
        (*count >= self.most && now < end).then(|| end - now)
    }

    /// Notes a failure.
    pub fn failed(&self, whose: &str, now: Instant) {
        let mut failures = self.failures.lock().unwrap_or_else(PoisonError::into_inner);
        if failures.len() >= MOST {
            failures.retain(|_, (since, _)| now < *since + self.within);
        }
        if failures.len() >= MOST {
            let middle = failures.values().map(|(since, _)| *since).min();
            failures.retain(|_, (since, _)| Some(*since) != middle);
        }
        let entry = failures.entry(whose.to_owned()).or_insert((now, 0));
        if now >= entry.0 + self.within {
            *entry = (now, 0);
        }
        entry.1 += 1;
    }

    /// Forgets the failures of somebody who succeeded.
    pub fn succeeded(&self, whose: &str) {
        self.failures.lock().unwrap_or_else(PoisonError::into_inner).remove(whose);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn failures_are_counted_within_their_time() {
        let throttle = Throttle::new(2, Duration::from_secs(60));
        let start = Instant::now();
        throttle.failed("ann", start);
        assert_eq!(throttle.wait("ann", start), None);
        throttle.failed("ann", start + Duration::from_secs(10));
        assert_eq!(throttle.wait("ann", start + Duration::from_secs(20)), Some(Duration::from_secs(40)));
        assert_eq!(throttle.wait("bob", start), None);
        assert_eq!(throttle.wait("ann", start + Duration::from_secs(60)), None);
        throttle.failed("ann", start + Duration::from_secs(60));
        assert_eq!(throttle.wait("ann", start + Duration::from_secs(61)), None);
    }

    #[test]
    fn success_forgets_and_memory_is_bounded() {
        let throttle = Throttle::new(1, Duration::from_secs(60));
        let start = Instant::now();
        throttle.failed("ann", start);
        throttle.succeeded("ann");
        assert_eq!(throttle.wait("ann", start), None);
        for number in 0..2 * MOST {
            throttle.failed(&number.to_string(), start);
        }
        assert!(throttle.failures.lock().expect("free").len() <= MOST);
    }
}
