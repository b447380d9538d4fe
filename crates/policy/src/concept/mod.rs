//! Concepts (事項): what a clause is about, the same for every city.
//!
//! The list is data, `standard/concepts.toml`; a new concept is one more table there. Concepts form a tree by their
//! dotted ids: a clause about `outsourcing` is about `outsourcing.cloud` too.

mod read;

use model::diagnostic::Diagnostic;
use serde::Serialize;

const SHIPPED: &str = include_str!("../../../../standard/concepts.toml");

/// Every concept, in the order of the list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Concepts {
    list: Vec<Concept>,
}

/// One concept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Concept {
    /// Stable word, dotted below its parent: `resilience.mynumber`.
    pub id: String,
    /// 日本語の名称
    pub ja: String,
    /// English name
    pub en: String,
    /// It states no duty (purpose, definitions).
    pub informative: bool,
    /// A policy may do without it.
    pub optional: bool,
    /// Words that tell it in a heading.
    pub heading: Vec<Word>,
    /// Words that tell it in a sentence.
    pub text: Vec<Word>,
}

/// A word that tells a concept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Word {
    /// The word as the list writes it.
    pub word: String,
    /// Its spelling as compared.
    #[serde(skip)]
    pub(crate) folded: String,
    /// How much it says.
    pub weight: usize,
    /// Whether the heading has to be this word and nothing else.
    pub whole: bool,
}

impl Concept {
    /// The id of the concept above, if any.
    #[must_use]
    pub fn parent(&self) -> Option<&str> {
        parent(&self.id)
    }
}

/// The id above a dotted id.
pub(crate) fn parent(id: &str) -> Option<&str> {
    id.rsplit_once('.').map(|(parent, _)| parent)
}

/// Whether `id` is `above` or lies below it: `a.b.c` lies below `a.b`.
#[must_use]
pub fn lies_below(id: &str, above: &str) -> bool {
    id.strip_prefix(above)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

impl Concepts {
    /// The list that comes with the binary.
    ///
    /// # Errors
    /// None in a released binary: a test reads it.
    pub fn shipped() -> Result<Self, Vec<Diagnostic>> {
        Self::parse(SHIPPED)
    }

    /// Reads a list.
    ///
    /// # Errors
    /// Not TOML, unknown keys, a concept twice, a concept below one that is not there, a word that is blank or tells two
    /// concepts.
    pub fn parse(text: &str) -> Result<Self, Vec<Diagnostic>> {
        let list = read::read(text)?;
        Ok(Self { list })
    }

    /// Every concept, in the order of the list.
    pub fn iter(&self) -> impl Iterator<Item = &Concept> {
        self.list.iter()
    }

    /// The concept with this id.
    #[must_use]
    pub fn get(&self, id: &str) -> Option<&Concept> {
        self.list.iter().find(|concept| concept.id == id)
    }

    /// Whether there is a concept with this id.
    #[must_use]
    pub fn contains(&self, id: &str) -> bool {
        self.get(id).is_some()
    }

    /// The concepts one level below, or the topmost ones for `None`.
    pub fn children<'c>(&'c self, id: Option<&'c str>) -> impl Iterator<Item = &'c Concept> {
        self.list.iter().filter(move |concept| concept.parent() == id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(text: &str) -> Vec<(&'static str, Option<&str>)> {
        let problems = Concepts::parse(text).unwrap_err();
        problems
            .iter()
            .map(|problem| (problem.code, problem.span.and_then(|span| span.of(text))))
            .collect()
    }

    #[test]
    fn the_shipped_list_reads() {
        let concepts = Concepts::shipped().unwrap_or_else(|problems| panic!("{problems:#?}"));
        assert!(concepts.contains("evaluation.check.audit"));
        assert_eq!(concepts.children(None).next().map(|c| c.id.as_str()), Some("purpose"));
        let below: Vec<&str> = concepts.children(Some("outsourcing")).map(|c| c.id.as_str()).collect();
        assert_eq!(below, ["outsourcing.contract", "outsourcing.cloud", "outsourcing.sns"]);
        let informative: Vec<&str> = concepts
            .iter()
            .filter(|c| c.informative)
            .map(|c| c.id.as_str())
            .collect();
        assert_eq!(informative, ["purpose", "definitions", "supplementary"]);
    }

    #[test]
    fn faults_of_a_list_are_pointed_at() {
        let concept = |id: &str, more: &str| format!("[[concept]]\nid = \"{id}\"\nja = \"事\"\nen = \"x\"\n{more}\n");
        let twice = concept("a", "") + &concept("a", "");
        assert_eq!(codes(&twice), [("duplicate-concept", Some("\"a\""))]);
        assert_eq!(codes(&concept("a.b", "")), [("orphan-concept", Some("\"a.b\""))]);
        assert_eq!(codes(&concept("A-1", "")), [("concept-id", Some("\"A-1\""))]);
        assert_eq!(codes(&concept("a", "colour = 1"))[0].0, "unknown-key");
        assert_eq!(codes(&concept("a", "text = [\" \"]")), [("blank-word", Some("\" \""))]);
        let same = concept("a", "heading = [\"監査及び点検\"]") + &concept("b", "heading = [\"監査、点検\"]");
        assert_eq!(codes(&same), [("duplicate-word", Some("\"監査、点検\""))]);
        assert_eq!(codes("[[concept")[0].0, "toml");
        assert_eq!(codes("[[concept]]\nid = 1")[0].0, "toml");
    }

    #[test]
    fn below_is_a_matter_of_whole_words() {
        assert!(lies_below("a.b.c", "a.b") && lies_below("a.b", "a.b"));
        assert!(!lies_below("a.bc", "a.b") && !lies_below("a", "a.b"));
    }
}
