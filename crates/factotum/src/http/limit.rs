//! Limits of how often something may be asked: by address, by person, by model, and of how often one may try to sign
//! in. Windows are fixed and begin with the first request that is counted; what is refused is not counted.

pub mod counts;
pub mod memory;
#[cfg(feature = "redis")]
pub mod redis;
pub mod shared;
mod subject;
pub mod throttle;

use std::sync::Arc;
use std::time::Duration;

use factotum_engine::{ModelKey, Principal, context};
use http::HeaderName;
use percent_encoding::percent_decode_str;

use crate::http::{Fault, Head, Reply};
use counts::{Count, Counts, Slot};
use memory::Memory;

pub use throttle::Throttle;

const MINUTE: Duration = Duration::from_secs(60);
const HOUR: Duration = Duration::from_secs(3600);

/// What a limit counts by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Scope {
    /// Everything that comes from an address.
    Address,
    /// Attempts to sign in that come from an address.
    Login,
    /// Everything that somebody does who is signed in.
    User,
    /// What somebody, or an address where nobody is signed in, does with one model.
    Model,
}

/// A limit. The default is the usual one: 60 in a minute, 1000 in an hour, wherever its scope is met.
///
/// ```
/// use factotum::http::limit::{Rule, Scope};
/// let writes = Rule { per_minute: Some(30), per_hour: None, include: vec!["/admin/api".into()], ..Rule::new(Scope::User) };
/// assert_eq!(writes.scope, Scope::User);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// What it counts by.
    pub scope: Scope,
    /// The most in a minute; without, as many as the hour lets through.
    pub per_minute: Option<u32>,
    /// The most in an hour; without, as many as the minute lets through.
    pub per_hour: Option<u32>,
    /// The paths that it is about, by how they begin, mount and all; every path when empty.
    pub include: Vec<String>,
    /// Those of them that it is not about, by how they begin.
    pub exclude: Vec<String>,
    /// For [`Scope::Model`]: the models that it is about; every model when empty.
    pub models: Vec<ModelKey>,
}

impl Rule {
    /// The usual numbers for a scope.
    #[must_use]
    pub fn new(scope: Scope) -> Rule {
        let (include, exclude, models) = (Vec::new(), Vec::new(), Vec::new());
        Rule { scope, per_minute: Some(60), per_hour: Some(1000), include, exclude, models }
    }

    fn is_about(&self, path: &str) -> bool {
        let begins = |prefixes: &[String]| prefixes.iter().any(|prefix| path.starts_with(prefix.as_str()));
        (self.include.is_empty() || begins(&self.include)) && !begins(&self.exclude)
    }

    fn slots(&self, key: &str) -> Vec<Slot> {
        let slot = |most: Option<u32>, window| Some(Slot { key: key.to_owned(), most: most?, window });
        [slot(self.per_minute, MINUTE), slot(self.per_hour, HOUR)].into_iter().flatten().collect()
    }
}

/// Where somebody stands: what the headers of an answer say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// The most within the window that is told of: the minute, or the hour where that is the only one or full.
    pub limit: u32,
    /// How many more are let through, in whichever window has fewer left.
    pub remaining: u32,
    /// The second in which the window ends, counted from 1970.
    pub reset: i64,
}

impl Standing {
    /// The answer with the usual three headers.
    #[must_use]
    pub fn on(&self, mut reply: Reply) -> Reply {
        let headers = [
            ("x-ratelimit-limit", i64::from(self.limit)),
            ("x-ratelimit-remaining", i64::from(self.remaining)),
            ("x-ratelimit-reset", self.reset),
        ];
        for (name, number) in headers {
            reply.headers.insert(HeaderName::from_static(name), number.into());
        }
        reply
    }

    /// The one that is nearer to its limit.
    fn tighter(self, other: Option<Standing>) -> Standing {
        other.filter(|other| other.remaining < self.remaining).unwrap_or(self)
    }
}

/// Limits with the counts that they look at. One for all contracts of a program: they count together.
#[derive(Debug, Clone)]
pub struct Limiter {
    rules: Vec<Rule>,
    counts: Arc<dyn Counts>,
}

impl Limiter {
    /// Limits that are counted in the memory of this process.
    ///
    /// ```
    /// use factotum::http::limit::{Limiter, Rule, Scope};
    /// let logins = Rule { per_minute: Some(10), ..Rule::new(Scope::Login) };
    /// let edge = factotum::Edge { limiter: Some(Limiter::new(vec![logins])), ..factotum::Edge::default() };
    /// ```
    #[must_use]
    pub fn new(rules: Vec<Rule>) -> Limiter {
        Limiter::kept_in(rules, Arc::new(Memory::default()))
    }

    /// The same, counted elsewhere: by several nodes together, for instance.
    #[must_use]
    pub fn kept_in(rules: Vec<Rule>, counts: Arc<dyn Counts>) -> Limiter {
        Limiter { rules, counts }
    }

    /// Counts a request by where it comes from, before anything else is asked.
    pub(crate) async fn enter(
        &self,
        head: &Head,
        signs_in: bool,
        standing: &mut Option<Standing>,
    ) -> Result<(), Fault> {
        let key = |rule: &Rule| match rule.scope {
            Scope::Address => Some(subject::address(head.ip)),
            Scope::Login if signs_in => Some(format!("login {}", subject::address(head.ip))),
            Scope::Login | Scope::User | Scope::Model => None,
        };
        self.take(head, key, standing).await
    }

    /// Counts a request by who asks, and about which model.
    pub(crate) async fn known(
        &self,
        head: &Head,
        (who, model): (&Principal, Option<&ModelKey>),
        standing: &mut Option<Standing>,
    ) -> Result<(), Fault> {
        let key = |rule: &Rule| match (rule.scope, model) {
            (Scope::User, _) => subject::person(who),
            (Scope::Model, Some(model)) if rule.models.is_empty() || rule.models.contains(model) => {
                Some(subject::model(model, who, head.ip))
            }
            (Scope::Model | Scope::Address | Scope::Login, _) => None,
        };
        self.take(head, key, standing).await
    }

    /// Whether anything is counted by model.
    pub(crate) fn asks_for_models(&self) -> bool {
        self.rules.iter().any(|rule| rule.scope == Scope::Model)
    }

    async fn take(
        &self,
        head: &Head,
        key: impl Fn(&Rule) -> Option<String>,
        standing: &mut Option<Standing>,
    ) -> Result<(), Fault> {
        let path = percent_decode_str(&head.path).decode_utf8_lossy();
        let about = self.rules.iter().filter(|rule| rule.is_about(&path));
        let groups: Vec<Vec<Slot>> = about.filter_map(|rule| Some(rule.slots(&key(rule)?))).collect();
        let slots: Vec<Slot> = groups.iter().flatten().cloned().collect();
        if slots.is_empty() {
            return Ok(());
        }
        // Where even this node's own memory does not answer there is nothing to count with.
        let Ok(tally) = self.counts.take(&slots).await else { return Ok(()) };
        if !tally.passed {
            let (refused, retry_after) = refused(&slots, &tally.counts);
            *standing = Some(refused);
            return Err(Fault::Limited { retry_after });
        }
        let mut counts = tally.counts.as_slice();
        for group in groups.iter().filter(|group| !group.is_empty()) {
            let (own, rest) = counts.split_at(group.len());
            *standing = Some(passed(group, own).tighter(*standing));
            counts = rest;
        }
        Ok(())
    }
}

/// Where somebody stands by one rule after a request that was let through.
fn passed(slots: &[Slot], counts: &[Count]) -> Standing {
    let left = slots.iter().zip(counts).map(|(slot, count)| slot.most.saturating_sub(count.taken));
    Standing { limit: slots[0].most, remaining: left.min().unwrap_or(0), reset: reset(counts[0].left) }
}

/// Where somebody stands who was refused, and how long to wait: by the full window that ends last.
fn refused(slots: &[Slot], counts: &[Count]) -> (Standing, Duration) {
    let full = slots.iter().zip(counts).filter(|(slot, count)| count.taken >= slot.most);
    let (limit, left) =
        full.map(|(slot, count)| (slot.most, count.left)).max_by_key(|(_, left)| *left).unwrap_or_default();
    (Standing { limit, remaining: 0, reset: reset(left) }, whole(left))
}

/// A wait in whole seconds, so long that it is surely enough.
fn whole(left: Duration) -> Duration {
    Duration::from_secs((left.as_secs() + u64::from(left.subsec_nanos() > 0)).max(1))
}

fn reset(left: Duration) -> i64 {
    let now = context::now();
    let end = now.as_millisecond().saturating_add(i64::try_from(left.as_millis()).unwrap_or(i64::MAX));
    end.div_euclid(1000) + i64::from(end.rem_euclid(1000) > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn slot(most: u32, window: Duration) -> Slot {
        Slot { key: "a".to_owned(), most, window }
    }

    fn count(taken: u32, seconds: u64) -> Count {
        Count { taken, left: Duration::from_secs(seconds) }
    }

    #[test]
    fn a_rule_is_about_paths_by_how_they_begin() {
        let rule = Rule {
            include: vec!["/admin/api/".into()],
            exclude: vec!["/admin/api/config".into()],
            ..Rule::new(Scope::Address)
        };
        assert!(rule.is_about("/admin/api/models"));
        assert!(!rule.is_about("/admin/api/config"));
        assert!(!rule.is_about("/conjure/"));
        assert!(Rule::new(Scope::Address).is_about("/"));
    }

    #[test]
    fn the_fewest_that_remain_are_told_with_the_minute() {
        let slots = [slot(10, MINUTE), slot(1000, HOUR)];
        let standing = passed(&slots, &[count(1, 60), count(999, 1800)]);
        assert_eq!((standing.limit, standing.remaining), (10, 1));
        let minute = context::now().as_second() + 60;
        assert!((minute..=minute + 1).contains(&standing.reset));
    }

    #[test]
    fn a_full_hour_is_told_where_it_is_full() {
        let slots = [slot(10, MINUTE), slot(20, HOUR)];
        let (standing, wait) = refused(&slots, &[count(10, 50), count(20, 1800)]);
        assert_eq!((standing.limit, standing.remaining, wait), (20, 0, Duration::from_secs(1800)));
        let (standing, wait) = refused(&slots, &[count(10, 50), count(19, 1800)]);
        assert_eq!((standing.limit, standing.remaining, wait), (10, 0, Duration::from_secs(50)));
    }

    #[test]
    fn a_wait_is_never_too_short() {
        assert_eq!(whole(Duration::from_millis(1001)), Duration::from_secs(2));
        assert_eq!(whole(Duration::ZERO), Duration::from_secs(1));
    }
}
