//! From words to one concept.

use super::words::{Found, Place, Words};
use crate::concept::{Concepts, lies_below};

/// In a heading the best part has to hold this share of all points (in percent) to stand for the whole.
pub(super) const HEADING: usize = 80;

/// In sentences, which mention other things in passing, this share will do.
pub(super) const TEXT: usize = 60;

/// The points of a concept and of those below it.
pub(super) fn points(words: &Words, id: &str) -> usize {
    let below = words.iter().filter(|(concept, _)| lies_below(concept, id));
    below.map(|(_, found)| own(found)).sum()
}

/// A heading says a thing once more in parentheses (外部サービス(クラウド)): its best word counts. Sentences add up.
fn own(found: &[Found]) -> usize {
    let (heading, text): (Vec<&Found>, Vec<&Found>) = found.iter().partition(|found| found.place == Place::Heading);
    let best = heading.iter().map(|found| found.points).max().unwrap_or(0);
    text.iter().fold(best, |sum, found| sum.saturating_add(found.points))
}

/// The most specific concept at or below `start` that holds `share` percent of the points of the one above it.
///
/// A heading that names several parts (監査及び自己点検) is thus about what holds the parts.
pub(super) fn descend(words: &Words, concepts: &Concepts, start: &str, share: usize) -> String {
    let mut at = start.to_owned();
    loop {
        let total = points(words, &at);
        let best = best(words, concepts.children(Some(&at)).map(|concept| concept.id.as_str()));
        match best {
            Some((id, points)) if points.saturating_mul(100) >= total.saturating_mul(share) => at = id.to_owned(),
            _ => return at,
        }
    }
}

/// The id with the most points; the earlier in the list where two have as many.
pub(super) fn best<'i>(words: &Words, ids: impl Iterator<Item = &'i str>) -> Option<(&'i str, usize)> {
    let mut best: Option<(&str, usize)> = None;
    for id in ids {
        let points = points(words, id);
        if points > best.map_or(0, |(_, most)| most) {
            best = Some((id, points));
        }
    }
    best
}

/// The words that speak for a concept: its own and those below it.
pub(super) fn reasons(words: &Words, id: &str) -> Vec<Found> {
    let below = words.iter().filter(|(concept, _)| lies_below(concept, id));
    let mut found: Vec<Found> = below.flat_map(|(_, found)| found).cloned().collect();
    found.sort_by(|a, b| a.place.cmp(&b.place).then(b.points.cmp(&a.points)));
    found
}
