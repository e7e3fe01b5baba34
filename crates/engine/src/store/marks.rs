//! The marks of a transaction, and whether it may go on: the same for every database.

use super::StoreError;

/// How many marks a transaction has, and whether something failed since the last one. A server does nothing then but
/// return to it, and would answer a commit with a quiet rollback; SQLite would go on, and a program that went on would
/// only be found out elsewhere.
#[derive(Debug, Default)]
pub(super) struct Marks {
    count: usize,
    broken: bool,
}

impl Marks {
    /// Notes how something went.
    pub(super) fn noted<T>(&mut self, done: Result<T, StoreError>) -> Result<T, StoreError> {
        self.broken |= done.is_err();
        done
    }

    /// Refuses to go on where something failed.
    pub(super) fn whole(&self) -> Result<(), StoreError> {
        if self.broken {
            return Err(StoreError::Other("a transaction in which something failed was to go on".to_owned()));
        }
        Ok(())
    }

    /// What sets the next mark; [`Marks::was_set`] when it is.
    pub(super) fn set(&self) -> String {
        format!("SAVEPOINT mark_{}", self.count)
    }

    pub(super) fn was_set(&mut self) {
        self.count += 1;
    }

    /// What returns to the last mark and removes it. From there it may go on.
    pub(super) fn undo(&mut self) -> Result<String, StoreError> {
        let mark = self.take()?;
        self.broken = false;
        Ok(format!("ROLLBACK TO {mark}; RELEASE {mark}"))
    }

    /// What removes the last mark and keeps what came after it.
    pub(super) fn keep(&mut self) -> Result<String, StoreError> {
        self.whole()?;
        Ok(format!("RELEASE {}", self.take()?))
    }

    fn take(&mut self) -> Result<String, StoreError> {
        let last = self.count.checked_sub(1);
        self.count = last.ok_or_else(|| StoreError::Other("there is no mark to return to".to_owned()))?;
        Ok(format!("mark_{}", self.count))
    }
}
