//! The only way to learn the time, so that every judgement can be repeated.

use std::sync::Mutex;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

/// Tells the time, and the date in Japan.
pub trait Clock: Send + Sync {
    /// The moment, to the microsecond.
    fn now(&self) -> Timestamp;

    /// Today's date in Japan (UTC+9, no daylight saving time).
    fn today(&self) -> Date {
        date_in_japan(self.now())
    }
}

/// The date in Japan at a moment.
#[must_use]
pub fn date_in_japan(moment: Timestamp) -> Date {
    TimeZone::fixed(jiff::tz::offset(9)).to_datetime(moment).date()
}

/// The machine's clock; only a binary's `main` makes one.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is the clock's one home")]
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }
}

/// A clock that stands still until it is moved on: tests, and cities whose `city.toml` says `as_of`.
#[derive(Debug)]
pub struct FixedClock(Mutex<Timestamp>);

impl FixedClock {
    /// Stands at this moment.
    #[must_use]
    pub const fn new(moment: Timestamp) -> Self {
        Self(Mutex::new(moment))
    }

    /// Moves on by this much.
    pub fn advance(&self, by: SignedDuration) {
        let mut moment = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        *moment = moment.saturating_add(by).unwrap_or(Timestamp::MAX);
    }
}

impl Clock for FixedClock {
    fn now(&self) -> Timestamp {
        *self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}
