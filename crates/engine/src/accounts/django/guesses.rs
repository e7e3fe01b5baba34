//! Whose session a key was last time. Only a guess: it saves a trip, and the database decides.

use std::collections::HashMap;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex, PoisonError};

/// So many sessions are remembered twice over before the oldest are forgotten.
const GENERATION: usize = 2048;

/// What a session said when it was last read.
pub(super) struct Guess {
    /// The stored text. While it stands, it need not be unpacked again.
    pub(super) text: String,
    /// Whose session it is.
    pub(super) user: i64,
    /// What it keeps of the password.
    pub(super) hash: String,
    /// Whether everything was granted last time: then nobody need ask what is.
    pub(super) superuser: AtomicBool,
}

/// A bounded memory of sessions: who is seen moves to the young, and the old go together.
#[derive(Default)]
pub(super) struct Guesses(Mutex<Generations>);

#[derive(Default)]
struct Generations {
    young: HashMap<String, Arc<Guess>>,
    old: HashMap<String, Arc<Guess>>,
}

impl Guesses {
    pub(super) fn get(&self, key: &str) -> Option<Arc<Guess>> {
        let mut memory = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(guess) = memory.young.get(key) {
            return Some(Arc::clone(guess));
        }
        let guess = memory.old.remove(key)?;
        memory.remember(key, Arc::clone(&guess));
        Some(guess)
    }

    pub(super) fn remember(&self, key: &str, guess: Arc<Guess>) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remember(key, guess);
    }

    pub(super) fn forget(&self, key: &str) {
        let mut memory = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        memory.young.remove(key);
        memory.old.remove(key);
    }
}

impl Generations {
    fn remember(&mut self, key: &str, guess: Arc<Guess>) {
        if self.young.len() >= GENERATION {
            self.old = std::mem::take(&mut self.young);
        }
        self.young.insert(key.to_owned(), guess);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn guess(user: i64) -> Arc<Guess> {
        Arc::new(Guess { text: String::new(), user, hash: String::new(), superuser: AtomicBool::new(false) })
    }

    #[test]
    fn memory_is_bounded_and_keeps_who_comes_back() {
        let guesses = Guesses::default();
        guesses.remember("regular", guess(-1));
        for user in 0..3 * GENERATION as i64 {
            guesses.remember(&user.to_string(), guess(user));
            assert!(guesses.get("regular").is_some());
        }
        assert!(guesses.get("0").is_none());
        let memory = guesses.0.lock().unwrap();
        assert!(memory.young.len() + memory.old.len() <= 2 * GENERATION);
    }

    #[test]
    fn what_is_forgotten_is_gone() {
        let guesses = Guesses::default();
        guesses.remember("a", guess(1));
        guesses.forget("a");
        assert!(guesses.get("a").is_none());
    }
}
