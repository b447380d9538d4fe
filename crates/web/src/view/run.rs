//! The city's sentences with their defined terms and their references to other clauses as links.

use std::collections::BTreeSet;

use policy::text::{Clause, Document, Paragraph, Reference, references};

/// A piece of a sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Run {
    /// Plain words.
    Words(String),
    /// A defined term, once a clause.
    Term {
        /// As it stands in the sentence.
        words: String,
        /// The clause that defines it.
        clause: String,
        /// What it means.
        meaning: String,
    },
    /// Words that refer to another clause.
    Reference {
        /// As they stand in the sentence.
        words: String,
        /// The clause referred to.
        clause: String,
    },
}

impl Run {
    /// As they stand in the sentence.
    #[must_use]
    pub fn words(&self) -> &str {
        match self {
            Self::Words(words) | Self::Term { words, .. } | Self::Reference { words, .. } => words,
        }
    }
}

/// Finds terms and references in the sentences of one document.
pub(crate) struct Setter<'d> {
    /// Longest name first, so that a term never hides in a longer one.
    names: Vec<(&'d str, &'d str, &'d str)>,
    references: Vec<Reference>,
}

impl<'d> Setter<'d> {
    pub(crate) fn new(document: &'d Document) -> Self {
        let mut names: Vec<_> = document
            .terms
            .iter()
            .flat_map(|term| {
                let names = std::iter::once(&term.term).chain(&term.aliases);
                names.map(|name| (name.as_str(), term.clause.as_str(), term.text.as_str()))
            })
            .filter(|(name, ..)| name.chars().count() > 1)
            .collect();
        names.sort_by_key(|(name, ..)| std::cmp::Reverse(name.len()));
        Self {
            names,
            references: references(document),
        }
    }

    /// The paragraphs of a clause.
    pub(crate) fn clause(&self, clause: &Clause) -> Vec<Vec<Run>> {
        let mut seen = BTreeSet::new();
        let paragraphs = clause.paragraphs.iter();
        paragraphs
            .map(|paragraph| self.paragraph(clause, paragraph, &mut seen))
            .collect()
    }

    fn paragraph(&self, clause: &Clause, paragraph: &Paragraph, seen: &mut BTreeSet<&'d str>) -> Vec<Run> {
        let mut runs = Vec::new();
        let mut plain = String::new();
        let mut rest = paragraph.text.as_str();
        let mut own = self.references_of(clause, paragraph).peekable();
        while let Some(next) = rest.chars().next() {
            let reference = own.next_if(|reference| rest.starts_with(&reference.words));
            let term = || self.names.iter().find(|(name, ..)| is_word(name, &plain, rest));
            let (words, run) = if let Some((reference, to)) =
                reference.and_then(|reference| Some((reference, reference.to.clone()?)))
            {
                let words = reference.words.clone();
                (words.len(), Some(Run::Reference { words, clause: to }))
            } else if let Some((name, defined_in, meaning)) = term() {
                let linked = *defined_in != clause.id && seen.insert(name);
                let run = linked.then(|| Run::Term {
                    words: (*name).to_owned(),
                    clause: (*defined_in).to_owned(),
                    meaning: (*meaning).to_owned(),
                });
                (name.len(), run)
            } else {
                (next.len_utf8(), None)
            };
            let (taken, left) = rest.split_at(words);
            match run {
                Some(run) => {
                    if !plain.is_empty() {
                        runs.push(Run::Words(std::mem::take(&mut plain)));
                    }
                    runs.push(run);
                }
                None => plain.push_str(taken),
            }
            rest = left;
        }
        if !plain.is_empty() {
            runs.push(Run::Words(plain));
        }
        runs
    }

    fn references_of(&self, clause: &Clause, paragraph: &Paragraph) -> impl Iterator<Item = &Reference> {
        let inside = paragraph.span;
        let from = clause.id.clone();
        let own = self.references.iter();
        own.filter(move |reference| reference.from == from && inside.contains(reference.span) && reference.to.is_some())
    }
}

/// Whether `rest` begins with `name` as a word: katakana and Latin letters do not go on before or behind it.
fn is_word(name: &str, before: &str, rest: &str) -> bool {
    let Some(after) = rest.strip_prefix(name) else {
        return false;
    };
    let goes_on = |inner: Option<char>, outer: Option<char>| {
        inner
            .zip(outer)
            .is_some_and(|(inner, outer)| script(inner).is_some() && script(inner) == script(outer))
    };
    !goes_on(name.chars().next(), before.chars().next_back())
        && !goes_on(name.chars().next_back(), after.chars().next())
}

fn script(c: char) -> Option<u8> {
    match c {
        'ァ'..='ヺ' | 'ー' => Some(0),
        'a'..='z' | 'A'..='Z' | '0'..='9' => Some(1),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(source: &str, id: &str) -> Vec<Run> {
        let document = policy::text::parse(source);
        let setter = Setter::new(&document);
        setter.clause(document.clause(id).unwrap()).concat()
    }

    const POLICY: &str = "見本市情報セキュリティ基本方針\n\n1 目的\n\n守りを定める。\n\n2 定義\n\n\
                          (1) 情報\n知らせをいう。\n(2) 情報システム\n情報を扱う仕組みをいう。\n\n\
                          3 対策\n\n1に沿って情報システムと情報を守り、情報システムを見守る。サブシステムは除く。\n";

    #[test]
    fn a_term_is_linked_once_and_never_inside_a_longer_one() {
        let runs = set(POLICY, "3");
        let terms = runs.iter().filter_map(|run| match run {
            Run::Term { words, clause, .. } => Some((words.as_str(), clause.as_str())),
            _ => None,
        });
        assert_eq!(terms.collect::<Vec<_>>(), [("情報システム", "2.2"), ("情報", "2.1")]);
    }

    #[test]
    fn a_term_is_not_linked_where_it_is_defined() {
        assert_eq!(
            set(POLICY, "2.2").first(),
            Some(&Run::Term {
                words: "情報".to_owned(),
                clause: "2.1".to_owned(),
                meaning: "知らせをいう。".to_owned()
            })
        );
        assert!(set(POLICY, "2.1").iter().all(|run| matches!(run, Run::Words(_))));
    }

    #[test]
    fn the_runs_of_a_sentence_are_the_sentence() {
        let document = policy::text::parse(POLICY);
        let setter = Setter::new(&document);
        for clause in document.walk() {
            let set = setter.clause(clause).concat();
            let words = set.iter().map(Run::words);
            assert_eq!(words.collect::<String>(), clause.text.replace('\n', ""));
        }
    }
}
