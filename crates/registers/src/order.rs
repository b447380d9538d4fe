//! Dates that cannot come before others: a wrong order is a slip of the pen, not a breach of the policy.

use garde::rules::range::{Bounds, OutOfBounds};
use jiff::civil::Date;

/// Refuses a date that lies before `earlier`; where either is missing there is nothing to refuse.
pub(crate) fn not_before<D>(earlier: impl Into<Option<Date>>) -> impl FnOnce(&D, &()) -> garde::Result
where
    D: Copy + Into<Option<Date>>,
{
    let earlier = earlier.into();
    move |date, ()| match (*date).into() {
        Some(date) => garde::rules::range::apply(&Day(date), (earlier, None)),
        None => Ok(()),
    }
}

/// A date as garde's range rule takes it, which alone knows how to word the fault in the reader's language.
#[derive(PartialEq, PartialOrd)]
struct Day(Date);

impl Bounds for Day {
    type Size = Date;
    const MIN: Date = Date::MIN;
    const MAX: Date = Date::MAX;

    fn validate_bounds(&self, lower: Date, upper: Date) -> Result<(), OutOfBounds> {
        if self.0 < lower {
            Err(OutOfBounds::Lower)
        } else if self.0 > upper {
            Err(OutOfBounds::Upper)
        } else {
            Ok(())
        }
    }
}
