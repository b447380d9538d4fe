//! How often one may ask: buckets in the memory of this node, by the limits of `rules/rates.toml`.
//!
//! Of each bucket only the moment is kept at which it will be full again (the generic cell rate algorithm): one number a token or
//! address, and nothing where somebody has not asked for a while. Guessing at the sign-in is slowed down elsewhere, and for all nodes
//! together: `access::throttle`.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

const SHIPPED: &str = include_str!("../rules/rates.toml");

/// So many buckets are kept of a kind before those that are full are dropped.
const KEPT: usize = 50_000;

const SECOND: i64 = 1_000_000;

/// The limits, as data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Limits {
    /// One token of the API.
    pub token: Line,
    /// All tokens of one person or program.
    pub account: Line,
    /// One address at the API.
    pub source: Line,
    /// One address at the pages that need no sign-in.
    pub open: Line,
}

/// One limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Line {
    /// Requests a second in the long run; at least 1.
    pub per_second: u32,
    /// Requests at once; at least 1.
    pub burst: u32,
}

impl Limits {
    /// The limits that Sanmon is shipped with.
    #[must_use]
    pub fn shipped() -> Self {
        toml::from_str(SHIPPED).unwrap_or_else(|error| {
            // A test reads the file; a build without that test slows down instead of falling open.
            tracing::error!(%error, "the limits cannot be read");
            let line = Line {
                per_second: 1,
                burst: 1,
            };
            Self {
                token: line,
                account: line,
                source: line,
                open: line,
            }
        })
    }
}

/// The buckets of this node.
#[derive(Debug)]
pub struct Rates {
    token: Buckets<String>,
    account: Buckets<String>,
    source: Buckets<IpAddr>,
    open: Buckets<IpAddr>,
}

/// Too many: seconds after which it is worth asking again, at least one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wait(pub u64);

impl Rates {
    /// Full buckets.
    #[must_use]
    pub fn new(limits: Limits) -> Self {
        Self {
            token: Buckets::of(limits.token),
            account: Buckets::of(limits.account),
            source: Buckets::of(limits.source),
            open: Buckets::of(limits.open),
        }
    }

    /// Counts a request to the API from an address, before anything else is asked of it.
    ///
    /// # Errors
    /// [`Wait`]
    pub fn api(&self, from: IpAddr, now: Timestamp) -> Result<(), Wait> {
        self.source.take(network(from), now)
    }

    /// Counts a request with a token, by its hash, that acts for a person or program.
    ///
    /// # Errors
    /// [`Wait`]
    pub fn bearer(&self, token: &str, account: &str, now: Timestamp) -> Result<(), Wait> {
        self.token.take(token.to_owned(), now)?;
        self.account.take(account.to_owned(), now)
    }

    /// Counts a request for a page that needs no sign-in.
    ///
    /// # Errors
    /// [`Wait`]
    pub fn open(&self, from: IpAddr, now: Timestamp) -> Result<(), Wait> {
        self.open.take(network(from), now)
    }
}

/// Of IPv6 a customer has a whole network: its first 64 bits count (RFC 6177).
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(address) => address.into(),
        IpAddr::V6(address) => std::net::Ipv6Addr::from_bits(address.to_bits() & (u128::MAX << 64)).into(),
    }
}

/// Buckets of one limit.
#[derive(Debug)]
struct Buckets<K> {
    /// Microseconds in which a bucket gains one request.
    each: i64,
    /// Microseconds in which an empty bucket becomes full.
    whole: i64,
    /// When each bucket that is not full will be full, in microseconds.
    full_at: Mutex<HashMap<K, i64>>,
}

impl<K: Eq + std::hash::Hash> Buckets<K> {
    fn of(line: Line) -> Self {
        let each = SECOND.checked_div(i64::from(line.per_second)).unwrap_or(SECOND).max(1);
        Self {
            each,
            whole: each.saturating_mul(i64::from(line.burst.max(1))),
            full_at: Mutex::default(),
        }
    }

    fn take(&self, key: K, now: Timestamp) -> Result<(), Wait> {
        let now = now.as_microsecond();
        let latest = now.saturating_add(self.whole);
        let mut full_at = self.full_at.lock().unwrap_or_else(PoisonError::into_inner);
        if full_at.len() >= KEPT {
            full_at.retain(|_, at| *at > now);
            // More sources than that at the same moment are no city: begin anew rather than grow.
            if full_at.len() >= KEPT {
                full_at.clear();
            }
        }
        // A clock that was set back makes nobody wait longer than an empty bucket does.
        let at = full_at.entry(key).or_insert(now);
        let taken = (*at).clamp(now, latest).saturating_add(self.each);
        let over = taken.saturating_sub(latest);
        if over > 0 {
            *at = (*at).min(latest);
            let seconds = over.saturating_add(SECOND - 1).checked_div(SECOND).unwrap_or(1);
            return Err(Wait(u64::try_from(seconds).unwrap_or(1).max(1)));
        }
        *at = taken;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(millisecond: i64) -> Timestamp {
        Timestamp::from_millisecond(1_795_000_000_000 + millisecond).unwrap()
    }

    #[test]
    fn the_shipped_limits_are_read_and_let_a_city_hall_in() {
        let limits: Limits = toml::from_str(SHIPPED).unwrap();
        assert_eq!(limits, Limits::shipped());
        for line in [limits.token, limits.account, limits.source, limits.open] {
            assert!(line.per_second >= 1 && line.burst >= line.per_second, "{line:?}");
        }
        // One token never uses up what its account has, nor one account what its address has.
        assert!(limits.token.burst < limits.account.burst && limits.account.burst < limits.source.burst);
        assert!(limits.open.burst >= 1_000);
    }

    #[test]
    fn a_bucket_empties_and_fills_and_one_does_not_drain_another() {
        let buckets = Buckets::of(Line {
            per_second: 2,
            burst: 3,
        });
        let taken = (0..5).filter(|_| buckets.take("a", at(0)).is_ok()).count();
        assert_eq!(taken, 3);
        assert_eq!(buckets.take("a", at(0)), Err(Wait(1)));
        assert_eq!(buckets.take("b", at(0)), Ok(()));
        assert_eq!(buckets.take("a", at(500)), Ok(()));
        assert_eq!(buckets.take("a", at(500)), Err(Wait(1)));
        // Full again, and no fuller than that.
        let taken = (0..5).filter(|_| buckets.take("a", at(60_000)).is_ok()).count();
        assert_eq!(taken, 3);
    }

    #[test]
    fn a_clock_that_is_set_back_locks_nobody_out() {
        let buckets = Buckets::of(Line {
            per_second: 1,
            burst: 2,
        });
        assert_eq!(buckets.take("a", at(3_600_000)), Ok(()));
        let waited = buckets.take("a", at(0)).err();
        assert!(waited.is_none_or(|wait| wait.0 <= 2), "{waited:?}");
        assert_eq!(buckets.take("a", at(3_000)), Ok(()));
    }

    #[test]
    fn neighbours_in_one_network_share_a_bucket_and_a_mapped_address_is_the_address() {
        let read = |text: &str| network(text.parse().unwrap());
        assert_eq!(read("2001:db8::1"), read("2001:db8::ffff:1"));
        assert_ne!(read("2001:db8:0:1::1"), read("2001:db8::1"));
        assert_eq!(read("::ffff:192.0.2.1"), read("192.0.2.1"));
    }

    #[test]
    fn no_flood_of_addresses_fills_the_memory() {
        let buckets = Buckets::of(Line {
            per_second: 1,
            burst: 2,
        });
        for key in 0..200_000_u32 {
            assert_eq!(buckets.take(key, at(0)), Ok(()));
        }
        assert!(buckets.full_at.lock().unwrap().len() <= KEPT);
    }
}
