//! The paragraphs of a clause may each speak of a part of its concept.

use super::words::{self, Words};
use super::{Binder, By, CLOSED, Found, ParagraphRow, Place, choose};
use crate::concept::{lies_below, parent};
use crate::text::Clause;

impl Binder<'_> {
    /// Binds the paragraphs of a bound clause that differ from it.
    pub(super) fn paragraphs(&self, clause: &mut Clause) -> Vec<ParagraphRow> {
        let mut rows = Vec::new();
        let own = clause.concept.clone();
        let several = clause.paragraphs.len() > 1;
        for (number, paragraph) in (1..).zip(&mut clause.paragraphs) {
            let place = format!("{}#{number}", clause.id);
            let row = match (self.overrides.get(place.as_str()), &own) {
                (Some(concept), _) => Some(((*concept).to_owned(), Vec::new(), By::Override)),
                (None, Some(own)) if several => {
                    let found = self.part(&paragraph.text, own);
                    found.map(|(concept, words)| (concept, words, By::Rule))
                }
                _ => None,
            };
            let row = row.filter(|(concept, ..)| own.as_ref() != Some(concept));
            paragraph.concept = row.as_ref().map(|(concept, ..)| concept.clone());
            rows.extend(row.map(|(concept, words, by)| ParagraphRow {
                number,
                concept,
                words,
                by,
            }));
        }
        rows
    }

    /// The part of `concept` that a paragraph is about, or a part beside it where the paragraph's topic says so.
    fn part(&self, text: &str, concept: &str) -> Option<(String, Vec<Found>)> {
        if CLOSED.iter().any(|closed| lies_below(concept, closed)) {
            return None;
        }
        let words = words::in_text(text, self.concepts);
        let beside = parent(concept).and_then(|above| self.best_topic(&words, above));
        let start = match beside {
            Some(beside) if !lies_below(&beside, concept) => beside,
            _ => concept.to_owned(),
        };
        if choose::points(&words, &start) == 0 {
            return None;
        }
        let part = choose::descend(&words, self.concepts, &start, choose::TEXT);
        let reasons = choose::reasons(&words, &part);
        Some((part, reasons))
    }

    /// The part of `above` that the topic of the first sentence names.
    fn best_topic(&self, words: &Words, above: &str) -> Option<String> {
        let in_topic = |(concept, found): (&String, &Vec<Found>)| {
            let found: Vec<Found> = found
                .iter()
                .filter(|found| found.place == Place::Topic)
                .cloned()
                .collect();
            (!found.is_empty()).then(|| (concept.clone(), found))
        };
        let topic: Words = words.iter().filter_map(in_topic).collect();
        let parts = self.concepts.children(Some(above)).map(|concept| concept.id.as_str());
        choose::best(&topic, parts).map(|(id, _)| id.to_owned())
    }
}
