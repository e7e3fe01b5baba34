//! Counts in a Redis that several nodes share. What belongs together is one script, so it is one trip and nobody comes
//! in between; time is the server's, so that the nodes' clocks need not agree.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::BoxFuture;
use redis::aio::{ConnectionManager, ConnectionManagerConfig};
use redis::{Client, FromRedisValue, RedisError, Script};

use super::counts::{Away, Count, Counts, Slot, Tally};
use super::shared::Shared;

/// How long to wait for a connection, or for an answer.
const PATIENCE: Duration = Duration::from_millis(400);

/// A window is a key that expires. It is made by the first that is counted, with the window's length as its life.
const TAKE: &str = r"
local answer, passed = {1}, true
for i, key in ipairs(KEYS) do
  local taken, left = tonumber(redis.call('GET', key) or 0), redis.call('PTTL', key)
  if taken >= tonumber(ARGV[2 * i - 1]) then passed = false end
  if left < 0 then left = tonumber(ARGV[2 * i]) end
  answer[2 * i], answer[2 * i + 1] = taken, left
end
if not passed then answer[1] = 0 return answer end
for i, key in ipairs(KEYS) do
  answer[2 * i] = redis.call('INCR', key)
  if redis.call('PTTL', key) < 0 then redis.call('PEXPIRE', key, ARGV[2 * i]) end
end
return answer
";

const GIVE_BACK: &str = r"
for _, key in ipairs(KEYS) do
  if tonumber(redis.call('GET', key) or 0) > 0 then redis.call('DECR', key) end
end
return 1
";

const FORGET: &str = r"return redis.call('DEL', unpack(KEYS))";

/// Counts in a Redis.
pub struct Redis {
    connection: ConnectionManager,
    prefix: String,
    take: Script,
    give_back: Script,
    forget: Script,
}

impl fmt::Debug for Redis {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Redis({})", self.prefix)
    }
}

impl Redis {
    /// Counts at an address such as `redis://:password@host:6379/0`, `rediss://` with encryption; the prefix keeps
    /// sites apart that share a Redis. Nobody is called yet: whether it answers shows when something is counted. It
    /// must be made where tokio runs.
    ///
    /// # Errors
    /// When the address is none.
    pub fn open(url: &str, prefix: &str) -> Result<Redis, Away> {
        let config = ConnectionManagerConfig::new()
            .set_number_of_retries(1)
            .set_max_delay(Duration::from_millis(100))
            .set_connection_timeout(Some(PATIENCE))
            .set_response_timeout(Some(PATIENCE));
        let connection = ConnectionManager::new_lazy_with_config(Client::open(url).map_err(away)?, config);
        let [take, give_back, forget] = [TAKE, GIVE_BACK, FORGET].map(Script::new);
        Ok(Redis { connection: connection.map_err(away)?, prefix: prefix.to_owned(), take, give_back, forget })
    }

    /// The same with this node's own counts beside it, for the time when the Redis does not answer.
    ///
    /// # Errors
    /// When the address is none.
    pub fn shared(url: &str, prefix: &str) -> Result<Arc<dyn Counts>, Away> {
        Ok(Arc::new(Shared::new(Arc::new(Redis::open(url, prefix)?))))
    }

    async fn run<T: FromRedisValue>(&self, script: &Script, slots: &[Slot]) -> Result<T, Away> {
        let mut call = script.prepare_invoke();
        for slot in slots {
            let window = u64::try_from(slot.window.as_millis()).unwrap_or(u64::MAX);
            call.key(format!("{}:{}:{window}", self.prefix, slot.key)).arg(slot.most).arg(window);
        }
        call.invoke_async(&mut self.connection.clone()).await.map_err(away)
    }
}

impl Counts for Redis {
    fn take<'a>(&'a self, slots: &'a [Slot]) -> BoxFuture<'a, Result<Tally, Away>> {
        Box::pin(async move {
            let answer: Vec<i64> = self.run(&self.take, slots).await?;
            tally(&answer, slots).ok_or_else(|| Away("an answer that makes no sense".to_owned()))
        })
    }

    fn give_back<'a>(&'a self, slots: &'a [Slot]) -> BoxFuture<'a, Result<(), Away>> {
        Box::pin(async move { self.run::<i64>(&self.give_back, slots).await.map(drop) })
    }

    fn forget<'a>(&'a self, slots: &'a [Slot]) -> BoxFuture<'a, Result<(), Away>> {
        Box::pin(async move { self.run::<i64>(&self.forget, slots).await.map(drop) })
    }
}

#[expect(clippy::needless_pass_by_value, reason = "the shape that map_err wants")]
fn away(error: RedisError) -> Away {
    Away(error.to_string())
}

/// The script's answer: whether all had room, then for each slot how many were counted and for how many milliseconds.
fn tally(answer: &[i64], slots: &[Slot]) -> Option<Tally> {
    let (passed, counts) = answer.split_first()?;
    let counts = counts.chunks_exact(2).map(|pair| {
        let left = Duration::from_millis(u64::try_from(pair[1]).ok()?);
        Some(Count { taken: u32::try_from(pair[0]).ok()?, left })
    });
    let counts: Vec<Count> = counts.collect::<Option<_>>()?;
    (counts.len() == slots.len()).then_some(Tally { passed: *passed == 1, counts })
}
