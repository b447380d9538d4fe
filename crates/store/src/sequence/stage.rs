//! The changes of one act, before it is known whether all of them can be done.

use std::collections::{BTreeMap, BTreeSet};

use super::leaf::Version;
use super::state::{Counted, Held, Name, Other, State, Target};

/// What one act would leave behind; dropped where the act is refused.
pub(super) struct Stage<'s> {
    state: &'s State,
    entries: BTreeMap<Name, Held>,
    unique: BTreeMap<(String, String, String), Option<String>>,
    registers: BTreeMap<String, Counted>,
    erased: BTreeSet<u64>,
    next_entry: u64,
    /// One for each record changed, in order.
    pub(super) versions: Vec<Version>,
    pub(super) others: Vec<Other>,
}

/// A stage without its hold on the state.
pub(super) struct Staged {
    entries: BTreeMap<Name, Held>,
    unique: BTreeMap<(String, String, String), Option<String>>,
    registers: BTreeMap<String, Counted>,
    erased: BTreeSet<u64>,
    next_entry: u64,
    pub(super) versions: Vec<Version>,
    pub(super) others: Vec<Other>,
}

impl<'s> Stage<'s> {
    pub(super) fn new(state: &'s State) -> Self {
        Self {
            state,
            entries: BTreeMap::new(),
            unique: BTreeMap::new(),
            registers: BTreeMap::new(),
            erased: BTreeSet::new(),
            next_entry: state.head.next_entry,
            versions: Vec::new(),
            others: Vec::new(),
        }
    }

    pub(super) fn entry(&self, name: &Name) -> Option<&Held> {
        self.entries.get(name).or_else(|| self.state.entries.get(name))
    }

    /// The key of the entry that has a unique value.
    pub(super) fn holder(&self, value: &(String, String, String)) -> Option<&str> {
        match self.unique.get(value) {
            Some(staged) => staged.as_deref(),
            None => self.state.unique.get(value).map(String::as_str),
        }
    }

    pub(super) fn target(&self, leaf: u64) -> Option<&Target> {
        let target = self.state.targets.get(&leaf)?;
        (!target.fixed && !self.erased.contains(&leaf)).then_some(target)
    }

    pub(super) fn erase(&mut self, leaf: u64) {
        self.erased.insert(leaf);
    }

    pub(super) const fn next_id(&mut self) -> u64 {
        let id = self.next_entry;
        self.next_entry += 1;
        id
    }

    /// Puts an entry in its new state, and counts it.
    pub(super) fn put(&mut self, name: Name, held: Held) {
        let before = self.entry(&name).map(Held::retired);
        self.count(&name.0, before, held.retired());
        let gone = self
            .entry(&name)
            .map(|held| held.terms.unique.clone())
            .unwrap_or_default();
        for (field, value) in gone.difference(&held.terms.unique) {
            self.unique.insert((name.0.clone(), field.clone(), value.clone()), None);
        }
        for (field, value) in &held.terms.unique {
            let value = (name.0.clone(), field.clone(), value.clone());
            self.unique.insert(value, Some(name.1.clone()));
        }
        self.entries.insert(name, held);
    }

    fn count(&mut self, register: &str, before: Option<bool>, after: bool) {
        let known = self
            .registers
            .get(register)
            .or_else(|| self.state.registers.get(register));
        let mut counted = known.copied().unwrap_or_else(|| Counted {
            number: self.next_number(),
            live: 0,
            retired: 0,
        });
        match before {
            Some(true) => counted.retired = counted.retired.saturating_sub(1),
            Some(false) => counted.live = counted.live.saturating_sub(1),
            None => {}
        }
        if after {
            counted.retired += 1;
        } else {
            counted.live += 1;
        }
        self.registers.insert(register.to_owned(), counted);
    }

    fn next_number(&self) -> u64 {
        let numbers = self
            .state
            .registers
            .values()
            .chain(self.registers.values())
            .map(|counted| counted.number);
        numbers.max().unwrap_or(0) + 1
    }

    pub(super) fn done(self) -> Staged {
        Staged {
            entries: self.entries,
            unique: self.unique,
            registers: self.registers,
            erased: self.erased,
            next_entry: self.next_entry,
            versions: self.versions,
            others: self.others,
        }
    }
}

impl State {
    /// Takes over what an act changed.
    pub(super) fn take(&mut self, staged: Staged) {
        for (name, held) in staged.entries {
            self.touched.insert(name.clone());
            self.entries.insert(name, held);
        }
        for (value, holder) in staged.unique {
            match holder {
                Some(key) => self.unique.insert(value, key),
                None => self.unique.remove(&value),
            };
        }
        for leaf in staged.erased {
            if let Some(target) = self.targets.get_mut(&leaf) {
                target.fixed = true;
            }
        }
        for other in &staged.others {
            if let Other::Forgotten { person } = other {
                self.pseudonyms.remove(person);
                self.new_pseudonyms.retain(|new| new != person);
            }
        }
        self.registers.extend(staged.registers);
        self.head.next_entry = staged.next_entry;
        self.others.extend(staged.others);
    }
}
