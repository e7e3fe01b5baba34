//! Password work kept off the async threads and within the cores there are.

use std::sync::Arc;

use tokio::sync::Semaphore;

use super::{LONGEST_PASSWORD, PREFERRED_ROUNDS, Preferred, Verdict, burn, encode_preferring, verify_preferring};

/// Hashes passwords on blocking threads, at most as many at a time as there are cores to spend.
///
/// A sign-in costs a fifth of a second of a core on purpose; who waits here waits in line,
/// and the rest of the server goes on answering.
#[derive(Clone, Debug)]
pub struct Hasher {
    places: Arc<Semaphore>,
    preferred: Preferred,
}

impl Hasher {
    /// A hasher that uses at most `cores` cores at a time.
    pub fn new(cores: usize) -> Self {
        Self::with_rounds(cores, PREFERRED_ROUNDS)
    }

    /// A hasher that gives new passwords `rounds` rounds. Fewer than preferred are for tests only.
    pub fn with_rounds(cores: usize, rounds: u32) -> Self {
        Self::preferring(cores, Preferred::Pbkdf2(rounds.max(1)))
    }

    /// A hasher that stores new passwords as `preferred` says.
    pub fn preferring(cores: usize, preferred: Preferred) -> Self {
        Self { places: Arc::new(Semaphore::new(cores.max(1))), preferred }
    }

    /// The same hasher, with other new passwords: both share their cores.
    #[must_use]
    pub fn storing(&self, preferred: Preferred) -> Self {
        Self { places: self.places.clone(), preferred }
    }

    /// Checks a password against a stored string.
    pub async fn verify(&self, password: &str, encoded: &str) -> Verdict {
        let (password, encoded) = (password.to_owned(), encoded.to_owned());
        let preferred = self.preferred;
        self.run(move || verify_preferring(&password, &encoded, preferred)).await
    }

    /// Makes the string that is stored for a new password.
    pub async fn encode(&self, password: &str) -> String {
        let (password, preferred) = (password.to_owned(), self.preferred);
        self.run(move || encode_preferring(&password, preferred)).await
    }

    /// Checks a password against what is stored for somebody. Where there is nobody, the same work is done, so that the
    /// delay gives nothing away, and the password is wrong.
    pub async fn judge(&self, password: &str, stored: Option<&str>) -> Verdict {
        match stored {
            Some(stored) => self.verify(password, stored).await,
            None => {
                // A password that is too long is refused unhashed for everybody.
                if password.len() <= LONGEST_PASSWORD {
                    let preferred = self.preferred;
                    self.run(move || burn(preferred)).await;
                }
                Verdict::Wrong
            }
        }
    }

    async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> T {
        let place = Arc::clone(&self.places).acquire_owned().await.expect("the places are never closed");
        // The place goes with the work: a caller who hangs up does not make room before it is done.
        let done = tokio::task::spawn_blocking(move || {
            let result = work();
            drop(place);
            result
        });
        done.await.expect("hashing does not panic")
    }
}

impl Default for Hasher {
    fn default() -> Self {
        Self::new(std::thread::available_parallelism().map_or(1, usize::from))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn many_sign_ins_share_few_places() {
        let hasher = Hasher::with_rounds(2, 100);
        let stored = hasher.encode("secret-sauce").await;
        let checks = (0..20).map(|turn| {
            let (hasher, stored) = (hasher.clone(), stored.clone());
            async move {
                let password = if turn % 2 == 0 { "secret-sauce" } else { "wrong" };
                (turn, hasher.verify(password, &stored).await)
            }
        });
        for (turn, verdict) in futures_util::future::join_all(checks).await {
            let expected = if turn % 2 == 0 { Verdict::Right } else { Verdict::Wrong };
            assert_eq!(verdict, expected);
        }
        assert_eq!(hasher.judge("anything", None).await, Verdict::Wrong);
    }
}
