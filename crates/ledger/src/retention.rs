//! How long records are kept (保存期間), and from which entry on a log publishes.
//!
//! The tree is never cut: hashes above the leaves and all checkpoints stay. When every entry of a prefix has run its
//! term, the *minimum index* of tlog-tiles moves up behind it, and bundles and tiles that lie wholly below may be refused.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::{Date, date};
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

/// The classes of a city and their terms: `{"permanent": null, "ten_years": 10}`.
///
/// A class that the city does not name is kept for ever: nothing is lost for want of a rule.
///
/// ```
/// use jiff::civil::date;
/// use ledger::retention::Schedule;
///
/// let schedule: Schedule = serde_json::from_str(r#"{ "permanent": null, "three_years": 3 }"#)?;
/// let march = "2027-03-31T09:00:00+09:00".parse()?;
/// // Fiscal year 2026 ends on 31 March 2027; three years are counted from the day after.
/// assert_eq!(schedule.kept_until("three_years", march), Some(date(2030, 3, 31)));
/// assert_eq!(schedule.kept_until("permanent", march), None);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Schedule(BTreeMap<String, Option<u16>>);

impl Schedule {
    /// A schedule of classes with their terms in years; `None` keeps for ever.
    pub fn new(classes: impl IntoIterator<Item = (String, Option<u16>)>) -> Self {
        Self(classes.into_iter().collect())
    }

    /// The last day on which a record of this class is kept: its term is counted from 1 April after the fiscal year in
    /// which it was written (翌年度の初日から起算). `None` for ever.
    #[must_use]
    pub fn kept_until(&self, class: &str, written: Timestamp) -> Option<Date> {
        let years = self.0.get(class).copied().flatten()?;
        let day = TimeZone::fixed(jiff::tz::offset(9)).to_datetime(written).date();
        let next_year = if day.month() >= 4 {
            day.year().saturating_add(1)
        } else {
            day.year()
        };
        let last = i32::from(next_year).saturating_add(i32::from(years));
        // Beyond the calendar's last year (9999) is for ever.
        let last = i16::try_from(last).ok().filter(|year| *year <= 9999)?;
        Some(date(last, 3, 31))
    }

    /// Whether a record's term is over.
    #[must_use]
    pub fn is_over(&self, class: &str, written: Timestamp, today: Date) -> bool {
        self.kept_until(class, written).is_some_and(|last| last < today)
    }

    /// The minimum index: that of the first entry that must still be published. `entries` are class and moment of each
    /// entry from `from` on, in order, `from` being the minimum index so far. It never moves back.
    pub fn minimum_index<'a>(
        &self,
        from: u64,
        entries: impl IntoIterator<Item = (&'a str, Timestamp)>,
        today: Date,
    ) -> u64 {
        let over = entries
            .into_iter()
            .take_while(|(class, written)| self.is_over(class, *written, today));
        from.saturating_add(u64::try_from(over.count()).unwrap_or(0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn schedule() -> Schedule {
        Schedule::new([
            ("one".to_owned(), Some(1)),
            ("ten".to_owned(), Some(10)),
            ("ever".to_owned(), None),
        ])
    }

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn the_fiscal_year_is_that_of_the_day_in_japan() {
        let last_of_march = at("2026-03-31T14:59:59Z");
        let first_of_april = at("2026-03-31T15:00:00Z");
        assert_eq!(schedule().kept_until("one", last_of_march), Some(date(2027, 3, 31)));
        assert_eq!(schedule().kept_until("one", first_of_april), Some(date(2028, 3, 31)));
        assert!(!schedule().is_over("one", last_of_march, date(2027, 3, 31)));
        assert!(schedule().is_over("one", last_of_march, date(2027, 4, 1)));
    }

    #[test]
    fn what_no_rule_names_is_kept_for_ever() {
        assert_eq!(schedule().kept_until("unheard of", at("2000-01-01T00:00:00Z")), None);
        let long = Schedule::new([("long".to_owned(), Some(u16::MAX))]);
        assert_eq!(long.kept_until("long", at("2000-01-01T00:00:00Z")), None);
    }

    #[test]
    fn the_minimum_index_stops_at_the_first_entry_that_is_still_kept() {
        let old = at("2000-01-01T00:00:00Z");
        let entries = [("one", old), ("ten", old), ("ever", old), ("one", old)];
        assert_eq!(schedule().minimum_index(5, entries, date(2005, 4, 1)), 6);
        assert_eq!(schedule().minimum_index(5, entries, date(2050, 4, 1)), 7);
        assert_eq!(schedule().minimum_index(7, [], date(2050, 4, 1)), 7);
    }
}
