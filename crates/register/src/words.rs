//! The words that a cell may use: the city's scheme, and the codes and titles of the rows of every register.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::ops::Bound;
use std::sync::{Arc, OnceLock};

use model::lang::Text;
use model::scheme::{SchemeKind, Schemes};
use unicode_normalization::UnicodeNormalization;

/// How many rows a fault names at most.
const CANDIDATES: usize = 5;

/// The city's scheme, and what every register's rows are called.
#[derive(Debug, Clone, Default)]
pub struct Words {
    schemes: Schemes,
    registers: HashMap<String, Names>,
}

/// The rows of one register.
#[derive(Debug, Clone, Default)]
struct Names {
    label: Text,
    rows: Vec<Name>,
    /// By key as written.
    keys: HashMap<Arc<str>, usize>,
    /// By folded key and folded title; ordered, so that near misses are found without a scan. Made when a word is first
    /// looked up that is no key as written.
    folded: OnceLock<BTreeMap<String, Vec<usize>>>,
    /// The rows cannot be told: what refers to them is not judged.
    unreadable: bool,
}

/// What one row is called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Name {
    /// The unique key.
    pub key: Arc<str>,
    /// What people call it.
    pub title: Arc<str>,
}

/// What a word leads to.
#[derive(Debug, PartialEq, Eq)]
pub enum Found<'w> {
    /// The row with this key.
    One(&'w str),
    /// Several rows of that name.
    Several(Vec<&'w Name>),
    /// None; these come near.
    Nothing(Vec<&'w Name>),
    /// The register could not be read, so nothing can be said.
    Unknown,
}

impl Words {
    /// The scheme alone; rows are [added](Self::add).
    #[must_use]
    pub fn new(schemes: Schemes) -> Self {
        Self {
            schemes,
            registers: HashMap::new(),
        }
    }

    /// The city's scheme.
    #[must_use]
    pub fn schemes(&self) -> &Schemes {
        &self.schemes
    }

    /// Makes a register known, so that faults can call it by its label.
    pub fn declare(&mut self, register: &str, label: &Text) {
        self.names(register).label = label.clone();
    }

    /// Adds a row. The first row of a key counts.
    pub fn add(&mut self, register: &str, key: &str, title: &str) {
        let names = self.names(register);
        if key.is_empty() || names.keys.contains_key(key) {
            return;
        }
        let row = Name {
            key: Arc::from(key),
            title: Arc::from(title),
        };
        names.keys.insert(Arc::clone(&row.key), names.rows.len());
        names.rows.push(row);
        names.folded.take();
    }

    /// Says that the rows of a register cannot be told, so that references to it are not called wrong.
    pub fn mark_unreadable(&mut self, register: &str) {
        self.names(register).unreadable = true;
    }

    /// The row of `register` that `word` names: its key, or a title that only one row has; width, case and spaces do
    /// not matter where the word as written is no key.
    #[must_use]
    pub fn find(&self, register: &str, word: &str) -> Found<'_> {
        let Some(names) = self.registers.get(register) else {
            return Found::Nothing(Vec::new());
        };
        if let Some((key, _)) = names.keys.get_key_value(word) {
            return Found::One(key);
        }
        let folded = fold(word);
        let rows = names.folded().get(&*folded).map(Vec::as_slice).unwrap_or_default();
        match rows {
            [] if names.unreadable => Found::Unknown,
            [] => Found::Nothing(names.near(&folded)),
            [row] => names.rows.get(*row).map_or(Found::Unknown, |row| Found::One(&row.key)),
            rows => Found::Several(
                rows.iter()
                    .take(CANDIDATES)
                    .filter_map(|row| names.rows.get(*row))
                    .collect(),
            ),
        }
    }

    /// The rows of a register in the order they were added: what a form offers.
    pub fn rows(&self, register: &str) -> impl Iterator<Item = &Name> {
        self.registers.get(register).into_iter().flat_map(|names| &names.rows)
    }

    /// What people call a register; its slug where it was never declared.
    #[must_use]
    pub fn label(&self, register: &str) -> Text {
        match self.registers.get(register) {
            Some(names) if !names.label.ja.is_empty() => names.label.clone(),
            _ => Text::same(register),
        }
    }

    /// The scheme's word as the city writes it, where width, case and spaces may differ; `None` for a word that is none.
    #[must_use]
    pub fn scheme_word<'a>(&'a self, kind: SchemeKind, word: &'a str) -> Option<&'a str> {
        if self.schemes.code(kind, word).is_some() {
            return Some(word);
        }
        let folded = fold(word);
        let own = self.schemes.words(kind).into_iter().map(|(own, _)| own);
        let nationals = kind.nationals().iter();
        let known = own.chain(nationals.flat_map(|national| [national.ja, national.en, national.code]));
        known.into_iter().find(|known| fold(known) == folded)
    }

    fn names(&mut self, register: &str) -> &mut Names {
        if !self.registers.contains_key(register) {
            self.registers.insert(register.to_owned(), Names::default());
        }
        self.registers.entry(register.to_owned()).or_default()
    }
}

impl Names {
    fn folded(&self) -> &BTreeMap<String, Vec<usize>> {
        self.folded.get_or_init(|| {
            let mut index: BTreeMap<String, Vec<usize>> = BTreeMap::new();
            for (position, row) in self.rows.iter().enumerate() {
                let key = fold(&row.key);
                let title = fold(&row.title);
                if title != key && !title.is_empty() {
                    index.entry(title.into_owned()).or_default().push(position);
                }
                index.entry(key.into_owned()).or_default().push(position);
            }
            index
        })
    }

    /// The rows whose folded name begins most like `word`.
    fn near(&self, word: &str) -> Vec<&Name> {
        let shared = |name: &str| name.chars().zip(word.chars()).take_while(|(a, b)| a == b).count();
        let after = self
            .folded()
            .range::<str, _>((Bound::Included(word), Bound::Unbounded))
            .take(CANDIDATES);
        let before = self
            .folded()
            .range::<str, _>((Bound::Unbounded, Bound::Excluded(word)))
            .rev()
            .take(CANDIDATES);
        let mut near: Vec<(usize, usize)> = after
            .chain(before)
            .filter(|(name, _)| shared(name) > 0)
            .flat_map(|(name, rows)| rows.iter().map(move |row| (shared(name), *row)))
            .collect();
        near.sort_by_key(|(shared, row)| (std::cmp::Reverse(*shared), *row));
        let mut rows: Vec<usize> = Vec::new();
        for (_, row) in near {
            if !rows.contains(&row) {
                rows.push(row);
            }
        }
        rows.into_iter()
            .take(CANDIDATES)
            .filter_map(|row| self.rows.get(row))
            .collect()
    }
}

/// A word as comparisons see it: NFKC, lower case, no spaces. Never stored: NFKC changes ㈱ and the characters of names.
///
/// ```
/// assert_eq!(register::words::fold("Ｔ－００１ "), "t-001");
/// ```
#[must_use]
pub fn fold(word: &str) -> Cow<'_, str> {
    if word.bytes().all(|b| b.is_ascii_graphic() && !b.is_ascii_uppercase()) {
        return Cow::Borrowed(word);
    }
    let folded = word.nfkc().filter(|c| !c.is_whitespace());
    Cow::Owned(folded.flat_map(char::to_lowercase).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sections() -> Words {
        let mut words = Words::default();
        words.add("section", "100", "情報政策課");
        words.add("section", "200", "総務課");
        words.add("section", "300", "総務課");
        words
    }

    #[test]
    fn a_row_is_found_by_key_or_by_a_title_that_only_it_has() {
        let words = sections();
        assert_eq!(words.find("section", "100"), Found::One("100"));
        assert_eq!(words.find("section", "１００"), Found::One("100"));
        assert_eq!(words.find("section", "情報 政策課"), Found::One("100"));
        assert!(matches!(words.find("section", "総務課"), Found::Several(rows) if rows.len() == 2));
    }

    #[test]
    fn a_word_that_leads_nowhere_comes_with_near_misses() {
        let words = sections();
        let Found::Nothing(near) = words.find("section", "情報政策") else {
            panic!("it is found")
        };
        assert_eq!(&*near[0].title, "情報政策課");
        assert_eq!(words.find("vendor", "甲社"), Found::Nothing(vec![]));
    }

    #[test]
    fn nothing_is_said_about_a_register_that_could_not_be_read() {
        let mut words = sections();
        words.mark_unreadable("section");
        assert_eq!(words.find("section", "999"), Found::Unknown);
        assert_eq!(words.find("section", "100"), Found::One("100"));
    }

    #[test]
    fn a_scheme_word_is_understood_in_any_width() {
        let words = Words::default();
        let word = words.scheme_word(SchemeKind::Tier, "ＬＧＷＡＮ接続系");
        assert_eq!(word, Some("LGWAN接続系"));
        assert_eq!(words.scheme_word(SchemeKind::Tier, "庁内"), None);
    }
}
