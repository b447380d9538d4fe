//! Which namespace a prefix stands for, at the element that is being read.

use quick_xml::events::BytesStart;

use super::vocabulary::{Known, Vocabulary};
use crate::refusal::Reason;
use crate::xml;

/// Declarations of the elements that are open, the innermost last.
#[derive(Debug)]
pub(super) struct Scope {
    vocabulary: &'static Vocabulary,
    declared: Vec<(String, Known)>,
}

impl Scope {
    pub(super) fn new(vocabulary: &'static Vocabulary) -> Self {
        let xml = vocabulary.known("http://www.w3.org/XML/1998/namespace");
        Self {
            vocabulary,
            declared: vec![("xml".to_owned(), xml)],
        }
    }

    /// How many declarations there are: what [`Self::close`] takes to leave an element.
    pub(super) fn depth(&self) -> usize {
        self.declared.len()
    }

    /// Takes in what an element declares.
    pub(super) fn open(&mut self, start: &BytesStart<'_>) -> Result<(), Reason> {
        if !start.attributes_raw().contains("xmlns") {
            return Ok(());
        }
        for attribute in start.attributes() {
            let attribute = attribute.map_err(|_| xml::broken())?;
            let Some(prefix) = declares(attribute.key.as_ref()) else {
                continue;
            };
            let known = self.vocabulary.known(&xml::resolved(&attribute.value)?);
            self.declared.push((prefix.to_owned(), known));
        }
        Ok(())
    }

    /// Forgets what was declared since there were `depth` declarations.
    pub(super) fn close(&mut self, depth: usize) {
        self.declared.truncate(depth);
    }

    /// The namespace of a prefix; of elements without one for an empty prefix.
    pub(super) fn of(&self, prefix: &str) -> Known {
        let mut declared = self.declared.iter().rev();
        declared
            .find(|(declared, _)| declared == prefix)
            .map_or(Known::Unknown, |(_, known)| *known)
    }
}

/// The prefix that an attribute declares, if it is a declaration.
pub(super) fn declares(name: &str) -> Option<&str> {
    if name == "xmlns" {
        Some("")
    } else {
        name.strip_prefix("xmlns:")
    }
}

/// A name in its prefix and the rest.
pub(super) fn split(name: &str) -> (&str, &str) {
    name.split_once(':').unwrap_or(("", name))
}
