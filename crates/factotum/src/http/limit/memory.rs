//! Counts in the memory of this process. There is room for so many; whoever asked least often is forgotten first.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use futures_util::FutureExt;
use futures_util::future::{BoxFuture, ready};

use super::counts::{Away, Count, Counts, Slot, Tally};

/// So many windows are remembered: some 20 MB of them.
const MOST: usize = 100_000;

/// Counts in the memory of this process.
#[derive(Debug)]
pub struct Memory {
    open: Mutex<HashMap<Key, Open>>,
    most: usize,
}

/// Whose window it is, and how long it is in milliseconds.
type Key = (String, u128);

/// A window that is open.
#[derive(Debug, Clone, Copy)]
struct Open {
    taken: u32,
    ends: Instant,
}

impl Default for Memory {
    fn default() -> Memory {
        Memory { open: Mutex::default(), most: MOST }
    }
}

impl Memory {
    fn lock(&self) -> MutexGuard<'_, HashMap<Key, Open>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Counts one more in each slot, or in none if one is full.
    pub(super) fn take_at(&self, slots: &[Slot], now: Instant) -> Tally {
        let mut open = self.lock();
        let before = counts(&open, slots, now);
        if is_full(slots, &before) {
            return Tally { passed: false, counts: before };
        }
        for slot in slots {
            make_room(&mut open, self.most, now);
            let fresh = Open { taken: 0, ends: now + slot.window };
            let entry = open.entry(key(slot)).or_insert(fresh);
            if entry.ends <= now {
                *entry = fresh;
            }
            entry.taken = entry.taken.saturating_add(1);
        }
        Tally { passed: true, counts: counts(&open, slots, now) }
    }

    /// How full the slots are, without counting.
    pub(super) fn look_at(&self, slots: &[Slot], now: Instant) -> Tally {
        let counts = counts(&self.lock(), slots, now);
        Tally { passed: !is_full(slots, &counts), counts }
    }

    /// Notes what another keeper counted, where that is more than what is known here.
    pub(super) fn note_at(&self, slots: &[Slot], tally: &Tally, now: Instant) {
        let mut open = self.lock();
        for (slot, count) in slots.iter().zip(&tally.counts).filter(|(_, count)| count.taken > 0) {
            make_room(&mut open, self.most, now);
            let told = Open { taken: count.taken, ends: now + count.left };
            let entry = open.entry(key(slot)).or_insert(told);
            if entry.ends <= now || entry.taken < told.taken {
                *entry = told;
            }
        }
    }
}

impl Counts for Memory {
    fn take<'a>(&'a self, slots: &'a [Slot]) -> BoxFuture<'a, Result<Tally, Away>> {
        ready(Ok(self.take_at(slots, Instant::now()))).boxed()
    }

    fn give_back<'a>(&'a self, slots: &'a [Slot]) -> BoxFuture<'a, Result<(), Away>> {
        let mut open = self.lock();
        for slot in slots {
            if let Some(entry) = open.get_mut(&key(slot)) {
                entry.taken = entry.taken.saturating_sub(1);
            }
        }
        ready(Ok(())).boxed()
    }

    fn forget<'a>(&'a self, slots: &'a [Slot]) -> BoxFuture<'a, Result<(), Away>> {
        let mut open = self.lock();
        for slot in slots {
            open.remove(&key(slot));
        }
        ready(Ok(())).boxed()
    }
}

fn key(slot: &Slot) -> Key {
    (slot.key.clone(), slot.window.as_millis())
}

fn counts(open: &HashMap<Key, Open>, slots: &[Slot], now: Instant) -> Vec<Count> {
    let count = |slot: &Slot| match open.get(&key(slot)) {
        Some(found) if found.ends > now => Count { taken: found.taken, left: found.ends - now },
        _ => Count { taken: 0, left: slot.window },
    };
    slots.iter().map(count).collect()
}

fn is_full(slots: &[Slot], counts: &[Count]) -> bool {
    slots.iter().zip(counts).any(|(slot, count)| count.taken >= slot.most)
}

/// Drops what is over, and where that is not enough the quarter that was counted least: somebody who comes from many
/// addresses pushes out strangers that came once, never the one who is at a limit. It happens once in a quarter of all
/// counts, so that none of them is dear.
fn make_room(open: &mut HashMap<Key, Open>, most: usize, now: Instant) {
    if open.len() < most {
        return;
    }
    open.retain(|_, entry| entry.ends > now);
    let quarter = most / 4;
    if open.len() < most - quarter {
        return;
    }
    let mut taken: Vec<(u32, Duration)> = open.values().map(|entry| (entry.taken, entry.ends - now)).collect();
    let (_, last, _) = taken.select_nth_unstable(quarter);
    let last = *last;
    let mut dropped = 0;
    open.retain(|_, entry| {
        let goes = dropped <= quarter && (entry.taken, entry.ends - now) <= last;
        dropped += usize::from(goes);
        !goes
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    fn slot(key: &str, most: u32, seconds: u64) -> Slot {
        Slot { key: key.to_owned(), most, window: Duration::from_secs(seconds) }
    }

    #[test]
    fn a_window_begins_with_the_first_that_is_counted() {
        let (memory, start) = (Memory::default(), Instant::now());
        let slots = [slot("ann", 2, 60), slot("ann", 3, 3600)];
        let at = |seconds| start + Duration::from_secs(seconds);
        let first = memory.take_at(&slots, at(0));
        let count = |taken, left| Count { taken, left: Duration::from_secs(left) };
        assert_eq!(first, Tally { passed: true, counts: vec![count(1, 60), count(1, 3600)] });
        assert!(memory.take_at(&slots, at(10)).passed);
        let third = memory.take_at(&slots, at(20));
        assert_eq!(third, Tally { passed: false, counts: vec![count(2, 40), count(2, 3580)] });
        assert_eq!(memory.take_at(&slots, at(60)).counts, [count(1, 60), count(3, 3540)]);
        let fifth = memory.take_at(&slots, at(61));
        assert_eq!(fifth, Tally { passed: false, counts: vec![count(1, 59), count(3, 3539)] });
        assert!(memory.take_at(&slots, at(3600)).passed);
        assert!(memory.take_at(&[slot("bob", 2, 60)], at(20)).passed);
    }

    #[test]
    fn what_is_refused_is_counted_nowhere() {
        let (memory, now) = (Memory::default(), Instant::now());
        let full = slot("full", 1, 60);
        assert!(memory.take_at(std::slice::from_ref(&full), now).passed);
        let both = [slot("free", 5, 60), full];
        assert!(!memory.take_at(&both, now).passed);
        assert_eq!(memory.take_at(&both[..1], now).counts[0].taken, 1);
    }

    #[tokio::test]
    async fn counts_can_be_taken_back() {
        let memory = Memory::default();
        let slots = [slot("ann", 2, 60)];
        for _ in 0..2 {
            memory.take(&slots).await.expect("here");
        }
        memory.give_back(&slots).await.expect("here");
        assert_eq!(memory.take(&slots).await.expect("here").counts[0].taken, 2);
        memory.forget(&slots).await.expect("here");
        assert_eq!(memory.take(&slots).await.expect("here").counts[0].taken, 1);
    }

    #[test]
    fn the_one_at_a_limit_is_not_pushed_out() {
        let memory = Memory { most: 1_000, ..Memory::default() };
        let now = Instant::now();
        let heavy = [slot("heavy", 3, 60)];
        while memory.take_at(&heavy, now).passed {}
        for number in 0..10_000 {
            memory.take_at(&[slot(&number.to_string(), 3, 60)], now);
        }
        assert!(memory.lock().len() <= 1_000);
        assert!(!memory.take_at(&heavy, now).passed);
        memory.take_at(&[slot("later", 3, 60)], now + Duration::from_secs(61));
    }

    #[test]
    fn what_others_counted_is_noted() {
        let (memory, now) = (Memory::default(), Instant::now());
        let slots = [slot("ann", 3, 60)];
        memory.take_at(&slots, now);
        let told = |taken| Tally { passed: true, counts: vec![Count { taken, left: Duration::from_secs(9) }] };
        memory.note_at(&slots, &told(3), now);
        assert_eq!(memory.look_at(&slots, now), Tally { passed: false, ..told(3) });
        memory.note_at(&slots, &told(1), now);
        assert!(!memory.look_at(&slots, now).passed);
        assert!(memory.look_at(&slots, now + Duration::from_secs(9)).passed);
    }
}
