//! Slows guessing down without giving anybody a way to lock somebody else out.
//!
//! Three counters watch each attempt ([`Counters`]); the caller keeps them with a TTL of [`Limits::forget`] under the
//! [`Keys`]. An attempt is counted as a failure *before* it is checked ([`Limits::admit`]) and forgiven when it
//! succeeds ([`Counters::forgiven`]): a hundred attempts at the same moment are a hundred failures.
//!
//! | who | can reach | cannot reach |
//! |---|---|---|
//! | somebody who knows the password and guesses codes | the wait of the codes of that account ([`Keys::of_codes`]) | passkeys |
//! | somebody who guesses from one place | the wait of their own pair | the person's own devices, other sources |
//! | somebody who guesses from many places | a wait of seconds for *unknown* devices | the person's own devices; passkeys, which nobody can guess and which are not throttled |
//! | somebody behind the same address as the office | a wait of a minute for devices that are new there | devices that are known |

use std::net::IpAddr;

use jiff::{SignedDuration, Timestamp};
use model::diagnostic::Diagnostic;
use model::lang::Text;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::device::Device;
use crate::opaque::hex;
use crate::reading;

const SHIPPED: &str = include_str!("../rules/throttle.toml");

/// How guessing is slowed down.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limits {
    /// One account from one source or one known device.
    pub pair: Line,
    /// One source, over all accounts.
    pub source: Line,
    /// One account, over all sources.
    pub account: Line,
}

/// How one counter slows down.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Line {
    /// Failures without a wait.
    pub free: u32,
    /// The first wait; each next one is twice as long.
    pub first_seconds: u32,
    /// The longest wait.
    pub longest_seconds: u32,
    /// After this time without a failure the count begins anew.
    pub forget_minutes: u32,
}

/// Failures in a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Counter {
    /// How many.
    pub failures: u32,
    /// When the last one was.
    pub last: Timestamp,
}

/// The counters that watch an attempt; `None` where nothing is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counters {
    /// Under [`Keys::pair`].
    pub pair: Option<Counter>,
    /// Under [`Keys::source`].
    pub source: Option<Counter>,
    /// Under [`Keys::account`].
    pub account: Option<Counter>,
}

/// Where the counters of an attempt are kept: hashes, since people type their password into the wrong field. A known
/// device and codes have only a pair.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Keys {
    /// Account and source, or account and known device.
    pub pair: String,
    /// The source.
    pub source: Option<String>,
    /// The account.
    pub account: Option<String>,
}

impl Keys {
    /// The keys of an attempt on `account`, the folded identifier as it was typed whether or not there is such an
    /// account.
    #[must_use]
    pub fn of(account: &str, source: IpAddr, device: Option<&Device>) -> Self {
        let source = network(source);
        match device {
            Some(device) => Self {
                pair: key("device", account, &device.id()),
                source: None,
                account: None,
            },
            None => Self {
                pair: key("pair", account, &source),
                source: Some(key("source", "", &source)),
                account: Some(key("account", account, "")),
            },
        }
    }

    /// The key of an attempt to show a code, of the app or from paper, after the right password of this person.
    ///
    /// A code has six digits and three are right at any moment. Whoever has the password could begin a sign-in again
    /// and again for a few guesses each, so codes are counted by the account, whatever the source or device. Nobody
    /// without the password gets here.
    #[must_use]
    pub fn of_codes(person: &str) -> Self {
        Self {
            pair: key("codes", person, ""),
            source: None,
            account: None,
        }
    }
}

impl Limits {
    /// The limits that come with the binary.
    ///
    /// # Errors
    /// None in a released binary: a test reads them.
    pub fn shipped() -> Result<Self, Vec<Diagnostic>> {
        Self::parse(SHIPPED)
    }

    /// Reads a file of limits.
    ///
    /// # Errors
    /// Not TOML, unknown keys, a first wait of nothing or longer than the longest, a longest wait of more than an hour:
    /// that would be a lock-out.
    pub fn parse(text: &str) -> Result<Self, Vec<Diagnostic>> {
        let limits: Self = reading::toml(text)?;
        if [limits.pair, limits.source, limits.account].iter().all(Line::is_sound) {
            return Ok(limits);
        }
        let message = Text::fixed(
            "待ち時間は1秒以上、長くても1時間とし、初めの待ち時間が最長を超えないように定めます",
            "waits last from one second to one hour, the first no longer than the longest",
        );
        Err(vec![Diagnostic::error("waits-out-of-bounds", message)])
    }

    /// Admits an attempt: the counters to keep *before* it is checked.
    ///
    /// # Errors
    /// When the next attempt will be admitted. One that is not admitted is not counted, so nobody prolongs a wait by
    /// trying.
    pub fn admit(&self, counters: Counters, keys: &Keys, now: Timestamp) -> Result<Counters, Timestamp> {
        let source = keys.source.as_ref().map(|_| (self.source, counters.source));
        let account = keys.account.as_ref().map(|_| (self.account, counters.account));
        let watching = [Some((self.pair, counters.pair)), source, account];
        let waits = watching
            .iter()
            .flatten()
            .filter_map(|(line, counter)| line.wait(*counter, now));
        if let Some(until) = waits.max() {
            return Err(until);
        }
        Ok(Counters {
            pair: Some(self.pair.failed(counters.pair, now)),
            source: source.map(|(line, counter)| line.failed(counter, now)),
            account: account.map(|(line, counter)| line.failed(counter, now)),
        })
    }

    /// How long a counter is to be kept after its last failure, by the longest of the three lines.
    #[must_use]
    pub fn forget(&self) -> SignedDuration {
        let lines = [self.pair, self.source, self.account];
        let longest = lines.iter().map(|line| line.forget_minutes).max().unwrap_or_default();
        SignedDuration::from_mins(longest.into())
    }
}

impl Counters {
    /// The counters after the attempt that [`Limits::admit`] counted has succeeded.
    #[must_use]
    pub fn forgiven(self) -> Self {
        let one_less = |counter: Counter| Counter {
            failures: counter.failures.saturating_sub(1),
            ..counter
        };
        Self {
            pair: None,
            source: self.source.map(one_less),
            account: self.account.map(one_less),
        }
    }
}

impl Line {
    const LONGEST: u32 = 3600;

    const fn is_sound(&self) -> bool {
        self.first_seconds >= 1 && self.first_seconds <= self.longest_seconds && self.longest_seconds <= Self::LONGEST
    }

    /// When the next attempt is admitted, if not now.
    fn wait(&self, counter: Option<Counter>, now: Timestamp) -> Option<Timestamp> {
        let counter = counter.filter(|counter| !self.is_forgotten(*counter, now))?;
        let doublings = counter.failures.checked_sub(self.free)?.min(16);
        let seconds = (u64::from(self.first_seconds) << doublings).min(self.longest_seconds.into());
        let until = counter
            .last
            .saturating_add(SignedDuration::from_secs(seconds.cast_signed()));
        until.ok().filter(|until| *until > now)
    }

    fn failed(&self, counter: Option<Counter>, now: Timestamp) -> Counter {
        let counter = counter.filter(|counter| !self.is_forgotten(*counter, now));
        Counter {
            failures: counter.map_or(0, |counter| counter.failures).saturating_add(1),
            last: now,
        }
    }

    fn is_forgotten(&self, counter: Counter, now: Timestamp) -> bool {
        now.duration_since(counter.last) >= SignedDuration::from_mins(self.forget_minutes.into())
    }
}

/// The source as it is counted: an IPv4 address, or the /64 that one subscriber of IPv6 has.
fn network(source: IpAddr) -> String {
    match source.to_canonical() {
        IpAddr::V4(address) => address.to_string(),
        IpAddr::V6(address) => format!("{:x}/64", address.to_bits() >> 64),
    }
}

fn key(kind: &str, account: &str, source: &str) -> String {
    let digest = Sha256::new()
        .chain_update((account.len() as u64).to_be_bytes())
        .chain_update(account)
        .chain_update(source)
        .finalize();
    format!("{kind}:{}", hex(&digest))
}

#[cfg(test)]
mod tests;
