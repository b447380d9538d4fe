//! Groups: parts of a configuration that other parts take over (`apply-groups`).
//!
//! A group mirrors the whole tree; at the place where it is applied, what it has for that place is added. `<…>` in a group stands for
//! every word that is there already and fits.

use std::collections::{HashMap, HashSet};

use model::lang::Text;

use super::super::braced::Node;
use super::super::braced::reading::{Reading, is_in};
use super::word::fits;
use crate::device::Affects;

/// More words than this are not taken over from groups.
const MOST: usize = 200_000;

/// The groups of the two members of a cluster, of which one is applied at each.
const MEMBERS: [&str; 2] = ["node0", "node1"];

/// Adds what groups bring, everywhere.
pub(super) fn expand(reading: &mut Reading<'_, '_>, root: &mut Node) {
    let mut groups = HashMap::new();
    if let Some(all) = root.child("groups") {
        reading.take(all);
        for group in all.children() {
            groups.insert(group.word.clone(), group.clone());
        }
    }
    if let Some(all) = root.child_mut("groups") {
        all.leave_out();
    }
    let mut expanding = Expanding {
        reading,
        groups: &groups,
        path: Vec::new(),
        left: MOST,
        ways: Vec::new(),
        used: HashSet::new(),
        sources: HashSet::new(),
    };
    expanding.level(root, &[]);
    expanding.unused();
    let ways = expanding.ways;
    for (path, word) in ways {
        let node = path.iter().try_fold(&mut *root, |node, word| node.child_mut(word));
        if let Some(node) = node {
            node.stands_also_as(&word);
        }
    }
}

/// What a group has for a place, with the group's name.
type From<'g> = (&'g str, &'g Node);

struct Expanding<'r, 't, 's, 'g> {
    reading: &'r mut Reading<'t, 's>,
    groups: &'g HashMap<String, Node>,
    path: Vec<String>,
    left: usize,
    /// Words of groups above the places where these are applied, and the words that they stand for.
    ways: Vec<(Vec<String>, Node)>,
    /// Words of groups on the way to the places where these are applied.
    used: HashSet<*const Node>,
    /// Those at the places: all that stands below is taken over.
    sources: HashSet<*const Node>,
}

impl<'g> Expanding<'_, '_, '_, 'g> {
    fn level(&mut self, node: &mut Node, inherited: &[From<'g>]) {
        let except = self.names(node, "apply-groups-except");
        let mut from: Vec<From<'g>> = Vec::new();
        let mut names = self.names(node, "apply-groups");
        for (_, source) in inherited {
            names.extend(self.names(source, "apply-groups"));
        }
        let mut at = 0;
        while let Some(name) = names.get(at).cloned() {
            at += 1;
            let found = self.applied(node, &name);
            // Groups that a group takes over at this place.
            let taken: Vec<String> = found
                .iter()
                .flat_map(|(_, source)| self.names(source, "apply-groups"))
                .collect();
            for more in taken {
                if !names.contains(&more) {
                    names.push(more);
                }
            }
            from.extend(found);
        }
        from.extend(
            inherited
                .iter()
                .filter(|(name, _)| !except.iter().any(|other| other == name)),
        );
        for word in ["apply-groups", "apply-groups-except", "apply-flags", "apply-macro"] {
            if let Some(said) = node.child_mut(word) {
                said.leave_out();
            }
        }
        for (_, source) in &from {
            self.add(node, source);
        }
        for child in node.children_mut().filter(|child| !child.is_left_out()) {
            let below: Vec<From<'g>> = from
                .iter()
                .flat_map(|(name, source)| {
                    source
                        .children()
                        .filter(|word| fits_word(&word.word, &child.word))
                        .map(|below| (*name, below))
                })
                .collect();
            self.path.push(child.word.clone());
            self.level(child, &below);
            self.path.pop();
        }
    }

    fn names(&self, node: &Node, word: &str) -> Vec<String> {
        let Some(said) = node.child(word) else {
            return Vec::new();
        };
        self.reading.take(said);
        said.children()
            .map(|name| {
                self.reading.take(name);
                name.word.clone()
            })
            .collect()
    }

    /// What a group has for the place where we are.
    fn applied(&mut self, node: &Node, name: &str) -> Vec<From<'g>> {
        let groups = self.groups;
        let members = MEMBERS.iter().filter_map(|member| groups.get_key_value(*member));
        let found: Vec<(&'g String, &'g Node)> = match name {
            "${node}" => members.collect(),
            name => groups.get_key_value(name).into_iter().collect(),
        };
        if found.is_empty() {
            self.reading.unread(
                node,
                Text::fixed(
                    "適用するグループが定義されていない",
                    "a group that is applied is defined nowhere",
                ),
                Affects::Everything,
            );
        }
        let mut all = Vec::new();
        for (name, group) in found {
            self.reading.take(group);
            let decides = |part: &Node| !is_in("system interfaces chassis", &part.word);
            if MEMBERS.contains(&&**name) && self.path.is_empty() && group.children().any(decides) {
                self.reading.unread(
                    group,
                    Text::fixed(
                        "クラスタの一台だけの設定は読めない",
                        "settings of one member of a cluster are not read",
                    ),
                    Affects::Everything,
                );
            }
            let mut places = vec![group];
            for (depth, word) in (1..).zip(&self.path) {
                places = places
                    .into_iter()
                    .flat_map(|place| place.children().filter(|child| fits_word(&child.word, word)))
                    .collect();
                let path = self.path.get(..depth).unwrap_or_default();
                self.used.extend(places.iter().map(|place| std::ptr::from_ref(*place)));
                self.ways
                    .extend(places.iter().map(|place| (path.to_vec(), place.alone())));
            }
            self.used.insert(std::ptr::from_ref(group));
            self.sources
                .extend(places.iter().map(|place| std::ptr::from_ref(*place)));
            all.extend(places.into_iter().map(|place| (&**name, place)));
        }
        all
    }

    /// Words of groups that are applied and that stand for nothing: they may be misspelt.
    fn unused(&mut self) {
        let within = |set: &HashSet<*const Node>, node: &Node| set.contains(&std::ptr::from_ref(node));
        let mut open: Vec<&Node> = self.groups.values().filter(|group| within(&self.used, group)).collect();
        let mut strange = Vec::new();
        while let Some(node) = open.pop() {
            if within(&self.sources, node) {
                continue;
            }
            for child in node.children() {
                if within(&self.used, child) {
                    open.push(child);
                } else if !is_pattern(&child.word) {
                    strange.push(child);
                }
            }
        }
        strange.sort_by_key(|node| node.line());
        for node in strange {
            self.reading.unread(
                node,
                Text::fixed(
                    "適用した場所に関係のない語がグループにある",
                    "a word of a group has no place where the group is applied",
                ),
                Affects::Everything,
            );
        }
    }

    /// Adds the words of `source` to `node`; what is below them comes later.
    fn add(&mut self, node: &mut Node, source: &Node) {
        for word in source.children() {
            if word.word == "apply-groups" {
                continue;
            }
            if is_in("apply-groups-except when", &word.word) {
                self.reading.unread(
                    word,
                    Text::fixed("条件付きのグループは読めない", "groups with a condition are not read"),
                    Affects::Everything,
                );
                continue;
            }
            if is_pattern(&word.word) {
                let fitting = node.children_mut().filter(|child| fits_word(&word.word, &child.word));
                fitting.for_each(|child| child.stands_also_as(word));
                continue;
            }
            if let Some(known) = node.child_mut(&word.word) {
                known.stands_also_as(word);
                if known.is_left_out() {
                    self.reading.unread(
                        word,
                        Text::fixed(
                            "無効にした設定にグループが適用されている",
                            "a group is applied to what is switched off",
                        ),
                        Affects::Everything,
                    );
                }
                continue;
            }
            if self.left == 0 {
                self.reading.unread(
                    word,
                    Text::fixed("グループから来る語が多すぎる", "groups bring too many words"),
                    Affects::Everything,
                );
                return;
            }
            self.left -= 1;
            node.adopt(word.alone());
        }
    }
}

fn is_pattern(word: &str) -> bool {
    word.len() >= 2 && word.starts_with('<') && word.ends_with('>')
}

/// Whether a word of a group stands for a word of the configuration.
fn fits_word(pattern: &str, word: &str) -> bool {
    if !is_pattern(pattern) {
        return pattern == word;
    }
    let inner = pattern.get(1..pattern.len() - 1).unwrap_or_default();
    fits(inner, word)
}
