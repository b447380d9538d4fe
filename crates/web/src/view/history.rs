//! How the standings came to be what they are.

use std::collections::BTreeMap;

use jiff::Timestamp;
use policy::judge::Standing;

/// How a clause stood from a moment on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Point {
    /// From when.
    pub at: Timestamp,
    /// How it stood.
    pub standing: Standing,
    /// How many things were broken in it and below it.
    pub broken: usize,
}

/// The standings of every clause over time.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct History {
    /// By the id of the clause, oldest first.
    by_clause: BTreeMap<String, Vec<Point>>,
}

/// A clause that stands otherwise than it did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// The clause.
    pub clause: String,
    /// How it stood; nothing where it is new.
    pub before: Option<Standing>,
    /// How it stands.
    pub after: Standing,
    /// How many things were broken, and are.
    pub broken: (usize, usize),
    /// When it last changed.
    pub at: Timestamp,
}

impl History {
    /// Adds a point; one that says what the last one says is left out.
    ///
    /// Points of a clause are added in the order of time.
    pub fn add(&mut self, clause: &str, point: Point) {
        let points = self.by_clause.entry(clause.to_owned()).or_default();
        let told = points
            .last()
            .is_some_and(|last| last.standing == point.standing && last.broken == point.broken);
        if !told {
            points.push(point);
        }
    }

    /// The points of a clause, oldest first.
    #[must_use]
    pub fn of(&self, clause: &str) -> &[Point] {
        self.by_clause.get(clause).map_or(&[], Vec::as_slice)
    }

    /// Since when the clause has had the standing that it has now.
    #[must_use]
    pub fn since(&self, clause: &str) -> Option<Timestamp> {
        let points = self.of(clause);
        let now = points.last()?.standing;
        let run = points.iter().rev().take_while(|point| point.standing == now);
        run.last().map(|point| point.at)
    }

    /// The clauses that stand otherwise than they did at `moment`, in no order of the policy.
    #[must_use]
    pub fn changes_since(&self, moment: Timestamp) -> Vec<Change> {
        let changed = self.by_clause.iter().filter_map(|(clause, points)| {
            let last = points.last().filter(|last| last.at > moment)?;
            let then = points.iter().rev().find(|point| point.at <= moment);
            let same = then.is_some_and(|then| then.standing == last.standing && then.broken == last.broken);
            (!same).then(|| Change {
                clause: clause.clone(),
                before: then.map(|then| then.standing),
                after: last.standing,
                broken: (then.map_or(0, |then| then.broken), last.broken),
                at: last.at,
            })
        });
        changed.collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(day: i8) -> Timestamp {
        format!("2026-11-{day:02}T00:00:00Z").parse().unwrap()
    }

    fn history() -> History {
        let mut history = History::default();
        let mut add = |clause: &str, day, standing, broken| {
            let point = Point {
                at: at(day),
                standing,
                broken,
            };
            history.add(clause, point);
        };
        add("1", 1, Standing::Kept, 0);
        add("1", 2, Standing::Kept, 0);
        add("1", 5, Standing::Broken, 1);
        add("1", 7, Standing::Broken, 2);
        add("2", 1, Standing::Kept, 0);
        add("2", 5, Standing::Broken, 1);
        add("2", 6, Standing::Kept, 0);
        history
    }

    #[test]
    fn a_standing_lasts_from_the_first_point_that_says_so() {
        assert_eq!(history().since("1"), Some(at(5)));
        assert_eq!(history().since("2"), Some(at(6)));
        assert_eq!(history().since("3"), None);
    }

    #[test]
    fn what_is_as_it_was_is_no_change() {
        let changes = history().changes_since(at(3));
        assert_eq!(changes.len(), 1);
        assert_eq!((changes[0].clause.as_str(), changes[0].broken), ("1", (0, 2)));
        assert!(history().changes_since(at(8)).is_empty());
    }
}
