//! Which words of which concepts stand in a heading or in sentences.

use std::collections::BTreeMap;

use serde::Serialize;

use super::fold::fold;
use crate::concept::{Concept, Concepts, Word};

/// So much of a clause says what it is about; the rest is detail.
const READ: usize = 1000;

/// A topic stands at the start of a sentence.
const TOPIC: usize = 60;

/// What ends the topic of a sentence.
const MARKERS: [&str; 10] = [
    "においては",
    "については",
    "に関しては",
    "に当たっては",
    "にあたっては",
    "場合には",
    "場合は",
    "場合・",
    "では・",
    "は・",
];

/// A word that decided.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Found {
    /// The word as the list of concepts writes it.
    pub word: String,
    /// Where it stands.
    pub place: Place,
    /// What it is worth.
    pub points: usize,
}

/// Where a word stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Place {
    /// 見出し
    Heading,
    /// What the first sentence says it speaks of: `…においては`.
    Topic,
    /// 本文
    Text,
}

impl Place {
    const fn worth(self) -> usize {
        match self {
            Self::Heading => 3,
            Self::Topic => 2,
            Self::Text => 1,
        }
    }
}

/// The words found, by the id of their concept.
pub(super) type Words = BTreeMap<String, Vec<Found>>;

/// The words in a heading.
pub(super) fn in_heading(heading: &str, concepts: &Concepts) -> Words {
    let folded = fold(heading);
    let folded = head(&folded, READ);
    let mut words = Words::new();
    add(&mut words, Place::Heading, &folded, concepts, |concept| {
        &concept.heading
    });
    words
}

/// The words in sentences, those of the topic apart.
pub(super) fn in_text(text: &str, concepts: &Concepts) -> Words {
    let folded = fold(&head(text, READ));
    let start = head(&folded, TOPIC);
    let topic = MARKERS.iter().filter_map(|marker| start.find(marker)).min();
    let (topic, rest) = topic
        .and_then(|end| folded.split_at_checked(end))
        .unwrap_or(("", &folded));
    let mut words = Words::new();
    add(&mut words, Place::Topic, topic, concepts, |concept| &concept.text);
    add(&mut words, Place::Text, rest, concepts, |concept| &concept.text);
    words
}

/// A word in the text.
struct Hit<'c> {
    start: usize,
    end: usize,
    concept: &'c Concept,
    word: &'c Word,
}

fn add<'c>(
    into: &mut Words,
    place: Place,
    text: &str,
    concepts: &'c Concepts,
    list: impl Fn(&'c Concept) -> &'c Vec<Word>,
) {
    let mut hits: Vec<Hit<'c>> = Vec::new();
    for concept in concepts.iter() {
        for word in list(concept) {
            if word.whole && word.folded != text {
                continue;
            }
            let found = text.match_indices(&word.folded);
            hits.extend(found.map(|(start, found)| Hit {
                start,
                end: start.saturating_add(found.len()),
                concept,
                word,
            }));
        }
    }
    // Longest first at each place: a word inside a longer one says nothing of its own (監査 in 監査統括責任者).
    hits.sort_by_key(|hit| (hit.start, std::cmp::Reverse(hit.end)));
    let mut covered = 0;
    for hit in hits {
        if hit.end <= covered {
            continue;
        }
        covered = hit.end;
        let found = into.entry(hit.concept.id.clone()).or_default();
        if found.iter().all(|earlier| earlier.word != hit.word.word) {
            let length = hit.word.folded.chars().count();
            found.push(Found {
                word: hit.word.word.clone(),
                place,
                points: length.saturating_mul(hit.word.weight).saturating_mul(place.worth()),
            });
        }
    }
}

/// The first `length` characters.
fn head(text: &str, length: usize) -> String {
    text.chars().take(length).collect()
}
