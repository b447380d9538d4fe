//! The only way to learn the time, so that every judgement can be repeated.

use jiff::civil::Date;
use jiff::tz::TimeZone;

/// Tells the date in Japan.
pub trait Clock {
    /// Today's date in Japan (UTC+9, no daylight saving time).
    fn today(&self) -> Date;
}

/// The machine's clock; only a binary's `main` makes one.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is the clock's one home")]
    fn today(&self) -> Date {
        TimeZone::fixed(jiff::tz::offset(9))
            .to_datetime(jiff::Timestamp::now())
            .date()
    }
}

/// A clock that stands still: tests, and `--at DATE`.
#[derive(Debug, Clone, Copy)]
pub struct FixedClock(pub Date);

impl Clock for FixedClock {
    fn today(&self) -> Date {
        self.0
    }
}
