//! The counters that slow guessing down, in the store. The rules are in [`access::throttle`].

use access::throttle::{Counter, Counters, Keys};
use jiff::Timestamp;

use crate::hall::{Hall, Refusal};

const THROTTLE: &str = "throttle";

/// How often a lost race for a counter is run again.
const RACES: usize = 20;

impl Hall {
    /// Counts an attempt before it is made; `Err` in the answer says when the next one is admitted.
    pub(super) fn admit(&self, keys: &Keys) -> Result<Result<Counters, Timestamp>, Refusal> {
        let now = self.now();
        for _ in 0..RACES {
            let held = self.store.held(THROTTLE, &keys.pair, now)?;
            let number = held.as_ref().map(|held| held.number);
            let counters = Counters {
                pair: held.and_then(|held| serde_json::from_slice(&held.value).ok()),
                source: self.counter(keys.source.as_deref(), now)?,
                account: self.counter(keys.account.as_deref(), now)?,
            };
            let admitted = match self.entrance.limits.admit(counters, keys, now) {
                Ok(admitted) => admitted,
                Err(until) => return Ok(Err(until)),
            };
            let value = serde_json::to_vec(&admitted.pair).unwrap_or_default();
            let life = life_of_counters(self);
            if self.store.hold_if((THROTTLE, &keys.pair), number, &value, now, life)? {
                self.keep_shared(keys, admitted, now)?;
                return Ok(Ok(admitted));
            }
        }
        // Somebody hammers at this very pair: let them wait a moment.
        Ok(Err(now
            .saturating_add(jiff::SignedDuration::from_secs(1))
            .unwrap_or(now)))
    }

    pub(super) fn keep_counters(&self, keys: &Keys, counters: Counters) -> Result<(), Refusal> {
        let now = self.now();
        match counters.pair {
            Some(_) => {
                let value = serde_json::to_vec(&counters.pair).unwrap_or_default();
                self.store
                    .hold(THROTTLE, &keys.pair, &value, now, life_of_counters(self))?;
            }
            None => self.store.release(THROTTLE, &keys.pair)?,
        }
        self.keep_shared(keys, counters, now)
    }

    /// The counters that many people share.
    fn keep_shared(&self, keys: &Keys, counters: Counters, now: Timestamp) -> Result<(), Refusal> {
        let shared = [(&keys.source, counters.source), (&keys.account, counters.account)];
        for (key, counter) in shared {
            if let (Some(key), Some(counter)) = (key, counter) {
                let value = serde_json::to_vec(&counter).unwrap_or_default();
                self.store.hold(THROTTLE, key, &value, now, life_of_counters(self))?;
            }
        }
        Ok(())
    }

    fn counter(&self, key: Option<&str>, now: Timestamp) -> Result<Option<Counter>, Refusal> {
        let Some(key) = key else { return Ok(None) };
        let held = self.store.held(THROTTLE, key, now)?;
        Ok(held.and_then(|held| serde_json::from_slice(&held.value).ok()))
    }
}

fn life_of_counters(hall: &Hall) -> std::time::Duration {
    hall.entrance.limits.forget().try_into().unwrap_or_default()
}
