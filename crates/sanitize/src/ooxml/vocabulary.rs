//! The elements and attributes that are carried over. What is not here is dropped and counted.
//!
//! `names/*.txt` hold them: `= prefix uri [strict uri]` begins a namespace, `- uri` names one whose attributes and elements are left out
//! without a word (they say nothing to a reader), every other line is an element with its attributes. A `"` after an element: it holds text.

use std::sync::OnceLock;

use rustc_hash::FxHashMap;

use super::rules::{self, Rule};

const FILES: &[&str] = &[
    include_str!("names/shared.txt"),
    include_str!("names/word.txt"),
    include_str!("names/sheets.txt"),
    include_str!("names/slides.txt"),
    include_str!("names/drawing.txt"),
];

/// Prefixes of namespaces that every reader knows; those of all others are declared ignorable, so that an older reader passes over them.
const UNDERSTOOD: &[&str] = &[
    "a", "c", "cdr", "dgm", "dsp", "lc", "m", "mc", "o", "p", "pic", "r", "v", "w", "w10", "wp", "x", "xdr", "xml",
    "xltc", "cs", "cx", "x12ac",
];

/// A namespace by its number.
pub(super) type Number = u8;

/// A namespace of the vocabulary.
#[derive(Debug)]
pub(super) struct Namespace {
    pub(super) prefix: &'static str,
    pub(super) uri: &'static str,
    pub(super) strict: Option<&'static str>,
    /// Must a reader that does not know it pass over it?
    pub(super) ignorable: bool,
}

/// An element of the vocabulary.
#[derive(Debug)]
pub(super) struct Element {
    /// Its name as it is written: `w:p`.
    pub(super) name: &'static str,
    pub(super) namespace: Number,
    pub(super) text: bool,
    pub(super) rule: Rule,
    attributes: Vec<Attribute>,
}

/// An attribute of an element.
#[derive(Debug, Clone, Copy)]
pub(super) struct Attribute {
    /// Its name as it is written: `w:val`, `val`.
    pub(super) name: &'static str,
    pub(super) namespace: Option<Number>,
    local: &'static str,
}

/// What is known of a namespace that a file declares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Known {
    /// Its elements and attributes are in the vocabulary.
    Kept(Number),
    /// It is left out without a word.
    Silent,
    /// It is left out and counted.
    Unknown,
}

/// All of it.
#[derive(Debug, Default)]
pub(super) struct Vocabulary {
    pub(super) namespaces: Vec<Namespace>,
    uris: FxHashMap<&'static str, Known>,
    elements: Vec<Element>,
    /// Where an element is in the list, by its namespace and local name.
    places: FxHashMap<(Number, &'static str), usize>,
}

impl Vocabulary {
    /// The vocabulary as shipped, read once.
    pub(super) fn shipped() -> &'static Self {
        static SHIPPED: OnceLock<Vocabulary> = OnceLock::new();
        SHIPPED.get_or_init(|| {
            let mut vocabulary = Self::default();
            // Attributes may be of a namespace that begins further down, or in another file.
            for line in FILES.iter().flat_map(|file| file.lines()) {
                vocabulary.add_namespace(line);
            }
            for line in FILES.iter().flat_map(|file| file.lines()) {
                vocabulary.add_element(line);
            }
            vocabulary
        })
    }

    pub(super) fn known(&self, uri: &str) -> Known {
        self.uris.get(uri).copied().unwrap_or(Known::Unknown)
    }

    pub(super) fn element(&self, namespace: Number, local: &str) -> Option<&Element> {
        let place = self.places.get(&(namespace, local))?;
        self.elements.get(*place)
    }

    pub(super) fn namespace(&self, number: Number) -> Option<&Namespace> {
        self.namespaces.get(usize::from(number))
    }

    /// An attribute that every element may have: `xml:space`.
    pub(super) fn everywhere(&self, namespace: Option<Number>, local: &str) -> Option<Attribute> {
        let xml = self.namespace(namespace?)?.prefix == "xml";
        (xml && local == "space").then_some(Attribute {
            name: "xml:space",
            namespace,
            local: "space",
        })
    }

    fn add_namespace(&mut self, line: &'static str) {
        let mut words = line.split(' ');
        match (words.next(), words.next()) {
            (Some("="), Some(prefix)) => self.begin(prefix, words.next().unwrap_or_default(), words.next()),
            (Some("-"), Some(uri)) => {
                self.uris.insert(uri, Known::Silent);
            }
            _ => {}
        }
    }

    fn add_element(&mut self, line: &'static str) {
        let mut words = line.split(' ');
        if let Some(name) = words.next().filter(|word| !matches!(*word, "=" | "-")) {
            self.declare(name, words);
        }
    }

    fn begin(&mut self, prefix: &'static str, uri: &'static str, strict: Option<&'static str>) {
        let Ok(number) = Number::try_from(self.namespaces.len()) else {
            return;
        };
        self.namespaces.push(Namespace {
            prefix,
            uri,
            strict,
            ignorable: !UNDERSTOOD.contains(&prefix),
        });
        for uri in strict.into_iter().chain([uri]) {
            self.uris.insert(uri, Known::Kept(number));
        }
    }

    fn declare(&mut self, word: &'static str, attributes: impl Iterator<Item = &'static str>) {
        let (name, text) = word.strip_suffix('"').map_or((word, false), |name| (name, true));
        let Some((Some(namespace), local)) = self.split(name) else {
            return;
        };
        let attribute = |name: &'static str| {
            let (namespace, local) = self.split(name)?;
            Some(Attribute { name, namespace, local })
        };
        let element = Element {
            name,
            namespace,
            text,
            rule: rules::rule(name),
            attributes: attributes.filter_map(attribute).collect(),
        };
        self.places.insert((namespace, local), self.elements.len());
        self.elements.push(element);
    }

    /// The namespace of a written name, if it has a prefix, and its local part; nothing if the prefix is not known.
    fn split(&self, name: &'static str) -> Option<(Option<Number>, &'static str)> {
        let Some((prefix, local)) = name.split_once(':') else {
            return Some((None, name));
        };
        let number = self
            .namespaces
            .iter()
            .position(|namespace| namespace.prefix == prefix)?;
        Some((Some(Number::try_from(number).ok()?), local))
    }
}

impl Element {
    pub(super) fn attribute(&self, namespace: Option<Number>, local: &str) -> Option<Attribute> {
        let same = |attribute: &&Attribute| attribute.namespace == namespace && attribute.local == local;
        self.attributes.iter().find(same).copied()
    }
}
