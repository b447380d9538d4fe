//! The words that a cell may use: the city's scheme, and the codes and titles of the rows of every register.
//!
//! A living server keeps one [`Words`] and tells it of every row that is [put](Words::put) or [retired](Words::retire). A
//! row costs its two texts and about a hundred bytes; a copy costs nothing, and shares every register that does not change
//! afterwards.

mod fold;
mod names;

use std::sync::Arc;

use hashbrown::HashMap;
use model::lang::Text;
use model::scheme::{SchemeKind, Schemes};

pub use fold::fold;
use names::Names;

/// How many rows a fault names at most.
const CANDIDATES: usize = 5;

/// The city's scheme, and what every register's rows are called.
#[derive(Debug, Clone, Default)]
pub struct Words {
    schemes: Arc<Schemes>,
    registers: Arc<HashMap<String, Arc<Names>>>,
}

/// What one row is called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Name {
    /// The unique key.
    pub key: Arc<str>,
    /// What people call it.
    pub title: Arc<str>,
}

impl Name {
    /// Many registers have no title but the key: it is held once.
    #[must_use]
    pub fn of(key: &str, title: &str) -> Self {
        let key: Arc<str> = Arc::from(key);
        let title = if *key == *title {
            Arc::clone(&key)
        } else {
            Arc::from(title)
        };
        Self { key, title }
    }
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
            schemes: Arc::new(schemes),
            registers: Arc::default(),
        }
    }

    /// The city's scheme.
    #[must_use]
    pub fn schemes(&self) -> &Schemes {
        &self.schemes
    }

    /// Another scheme, for the same rows.
    pub fn set_schemes(&mut self, schemes: Schemes) {
        self.schemes = Arc::new(schemes);
    }

    /// Makes a register known, so that faults can call it by its label.
    pub fn declare(&mut self, register: &str, label: &Text) {
        self.names(register).label = label.clone();
    }

    /// Adds a row, one of many. The first row of a key counts.
    pub fn add(&mut self, register: &str, key: &str, title: &str) {
        let names = self.names(register);
        if !key.is_empty() && !names.keys.contains_key(key) {
            names.spelled.take();
            names.push(key, title);
        }
    }

    /// Adds a row, one of many, whose texts somebody else holds too. The first row of a key counts.
    pub fn add_name(&mut self, register: &str, name: Name) {
        let names = self.names(register);
        if !name.key.is_empty() && !names.keys.contains_key(&name.key) {
            names.spelled.take();
            names.push_name(name);
        }
    }

    /// Takes one row in, or gives it another title; a row that was retired is in use again.
    pub fn put(&mut self, register: &str, key: &str, title: &str) {
        let names = self.names(register);
        match names.keys.get(key).copied() {
            Some(row) => {
                names.unspell(row);
                if let Some(known) = names.at_mut(row) {
                    known.name.title = Arc::from(title);
                    known.live = true;
                }
                names.spell(row);
            }
            None if key.is_empty() => {}
            None => {
                if let Some(row) = names.push(key, title) {
                    names.spell(row);
                }
            }
        }
    }

    /// Takes a row out of use: it is offered no more and its title leads nowhere. Its key is still understood, so that
    /// documents that refer to it stay as they are.
    pub fn retire(&mut self, register: &str, key: &str) {
        let names = self.names(register);
        let Some(row) = names.keys.get(key).copied() else {
            return;
        };
        names.unspell(row);
        if let Some(known) = names.at_mut(row) {
            known.live = false;
        }
    }

    /// Says that the rows of a register cannot be told, so that references to it are not called wrong.
    pub fn mark_unreadable(&mut self, register: &str) {
        self.names(register).unreadable = true;
    }

    /// The row of `register` that `word` names: its key, a title that only one row has, or both with a space between;
    /// width, case and spaces do not matter where the word as written is no key.
    #[must_use]
    pub fn find(&self, register: &str, word: &str) -> Found<'_> {
        let Some(names) = self.registers.get(register) else {
            return Found::Nothing(Vec::new());
        };
        if let Some((key, _)) = names.keys.get_key_value(word) {
            return Found::One(key);
        }
        let folded = fold(word);
        let mut rows = names.spelled_as(&folded).filter_map(|spelling| names.at(spelling.row));
        let Some(first) = rows.next() else {
            return match names.by_both(word) {
                Some(name) => Found::One(&name.key),
                None if names.unreadable => Found::Unknown,
                None => Found::Nothing(names.near(&folded)),
            };
        };
        let others: Vec<&Name> = rows.take(CANDIDATES.saturating_sub(1)).map(|row| &row.name).collect();
        if others.is_empty() {
            return Found::One(&first.name.key);
        }
        Found::Several(std::iter::once(&first.name).chain(others).collect())
    }

    /// What the row with this key is called; also where it is retired.
    #[must_use]
    pub fn title(&self, register: &str, key: &str) -> Option<&str> {
        let names = self.registers.get(register)?;
        let row = names.at(*names.keys.get(key)?)?;
        Some(&row.name.title)
    }

    /// The rows of a register that are in use, in the order they were added: what a form offers.
    pub fn rows(&self, register: &str) -> impl Iterator<Item = &Name> {
        let rows = self.registers.get(register).into_iter().flat_map(|names| &names.rows);
        rows.filter(|row| row.live).map(|row| &row.name)
    }

    /// At most `most` rows in use whose key begins with `part`, or whose title has it in it, the former first; what a
    /// form offers while somebody types.
    #[must_use]
    pub fn look_up(&self, register: &str, part: &str, most: usize) -> Vec<&Name> {
        let part = fold(part);
        let by_key = self.rows(register).filter(|name| fold(&name.key).starts_with(&*part));
        let mut found: Vec<&Name> = by_key.take(most).collect();
        let by_title = self
            .rows(register)
            .filter(|name| fold(&name.title).contains(&*part) && !fold(&name.key).starts_with(&*part));
        found.extend(by_title.take(most.saturating_sub(found.len())));
        found
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
        let registers = Arc::make_mut(&mut self.registers);
        Arc::make_mut(registers.entry_ref(register).or_default())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

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
    fn a_row_is_found_by_what_a_list_shows_of_it() {
        let words = sections();
        assert_eq!(words.find("section", "200 総務課"), Found::One("200"));
        assert_eq!(words.find("section", "300\u{3000}総務課"), Found::One("300"));
        assert!(matches!(words.find("section", "100 総務課"), Found::Nothing(_)));
    }

    #[test]
    fn a_retired_row_is_known_by_its_key_alone() {
        let mut words = sections();
        words.retire("section", "300");
        assert_eq!(words.find("section", "総務課"), Found::One("200"));
        assert_eq!(words.find("section", "300"), Found::One("300"));
        assert_eq!(words.title("section", "300"), Some("総務課"));
        assert_eq!(words.rows("section").count(), 2);
        assert!(
            words
                .look_up("section", "総務", 9)
                .iter()
                .all(|name| &*name.key == "200")
        );
        words.put("section", "300", "総務課");
        assert!(matches!(words.find("section", "総務課"), Found::Several(_)));
    }

    #[test]
    fn typing_offers_keys_that_begin_so_and_titles_that_hold_it() {
        let mut words = sections();
        words.put("section", "総務1", "分室");
        let offered: Vec<&str> = words
            .look_up("section", "総務", 2)
            .iter()
            .map(|name| &*name.key)
            .collect();
        assert_eq!(offered, ["総務1", "200"]);
    }

    /// One step in the life of a register.
    #[derive(Debug, Clone)]
    enum Step {
        Put(&'static str, &'static str),
        Retire(&'static str),
        Look(&'static str),
    }

    fn step() -> impl Strategy<Value = Step> {
        let key = || prop::sample::select(vec!["1", "Ａ", "a", "b", "総務課"]);
        let title = || prop::sample::select(vec!["総務課", "総 務課", "ソウム", "ｿｳﾑ", "b", ""]);
        prop_oneof![
            3 => (key(), title()).prop_map(|(key, title)| Step::Put(key, title)),
            1 => key().prop_map(Step::Retire),
            1 => title().prop_map(Step::Look),
        ]
    }

    proptest! {
        /// Kept up row by row, the words find what freshly gathered words find.
        #[test]
        fn words_that_lived_find_what_new_words_find(steps in prop::collection::vec(step(), 0..24)) {
            let mut lived = Words::default();
            let mut rows: Vec<(&str, &str, bool)> = Vec::new();
            for step in steps {
                match step {
                    Step::Put(key, title) => {
                        lived.put("r", key, title);
                        match rows.iter_mut().find(|row| row.0 == key) {
                            Some(row) => *row = (key, title, true),
                            None => rows.push((key, title, true)),
                        }
                    }
                    Step::Retire(key) => {
                        lived.retire("r", key);
                        rows.iter_mut().filter(|row| row.0 == key).for_each(|row| row.2 = false);
                    }
                    Step::Look(word) => _ = lived.find("r", word),
                }
            }
            let mut new = Words::default();
            rows.iter().for_each(|(key, title, _)| new.add("r", key, title));
            rows.iter().filter(|row| !row.2).for_each(|(key, ..)| new.retire("r", key));
            for word in ["1", "A", "ａ", "b", "総務課", "総務", "そうむ", "ソウム", ""] {
                prop_assert_eq!(lived.find("r", word), new.find("r", word), "{}", word);
            }
        }
    }

    #[test]
    fn a_scheme_word_is_understood_in_any_width() {
        let words = Words::default();
        let word = words.scheme_word(SchemeKind::Tier, "ＬＧＷＡＮ接続系");
        assert_eq!(word, Some("LGWAN接続系"));
        assert_eq!(words.scheme_word(SchemeKind::Tier, "庁内"), None);
    }
}
