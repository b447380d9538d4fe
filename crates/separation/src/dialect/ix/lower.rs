//! From what was written to what the device does.
//!
//! Two things are not in the manual: whether translation is done on the outer or the inner side of the filters of an interface, which is
//! read in both ways; and whether a denial in the list of a dynamic one discards or leaves the packet to the next filter, which is an
//! unknown of the rule.

use std::collections::BTreeMap;

use model::lang::Text;

use super::list::{By, Entry, List};
use super::{Key, Reader};
use crate::device::{
    Action, Affects, Chain, ChainId, Device, Filter, InterfaceId, Interfaces, Line, Match, Pipeline, Reading,
    RemarkKind, Rule, Scope, Stage, Tracking, Unread,
};
use crate::dialect::draft::unknown;
use crate::packet::Family;

const INSIDE: Reading = Reading {
    code: "filters-inside",
    supposes: (
        "フィルタは変換の内側にある",
        "filters see inner addresses: translation is done next to the line",
    ),
};

const OUTSIDE: Reading = Reading {
    code: "filters-outside",
    supposes: (
        "フィルタは変換の外側にある",
        "filters see outer addresses: translation is done behind them",
    ),
};

/// The device.
pub(super) fn lower(reader: Reader) -> Device {
    let mut building = Building {
        chains: BTreeMap::new(),
        reader,
    };
    let translations = building.translations();
    let [before, after] = building.filters();
    building.unread_lists();
    let inward: Vec<Stage> = stage(translations.inward);
    let outward: Vec<Stage> = stage(translations.outward);
    let translates = !inward.is_empty() || !outward.is_empty();
    let both = translates && (!before.is_empty() || !after.is_empty());
    let mut device = building.reader.draft.device;
    let route = vec![Stage::Route];
    let inside = [&inward, &before, &route, &after, &outward];
    device.pipelines.push(Pipeline {
        reading: both.then_some(INSIDE),
        stages: inside.into_iter().flatten().cloned().collect(),
    });
    if both {
        let outside = [&before, &inward, &route, &outward, &after];
        device.pipelines.push(Pipeline {
            reading: Some(OUTSIDE),
            stages: outside.into_iter().flatten().cloned().collect(),
        });
    }
    device
}

fn stage(translations: Vec<crate::device::Translation>) -> Vec<Stage> {
    (!translations.is_empty())
        .then_some(Stage::Translate(translations))
        .into_iter()
        .collect()
}

/// Puts filters together.
struct Building {
    reader: Reader,
    /// Lists that are in the device already, and what a dynamic one follows.
    chains: BTreeMap<(Family, String, bool), (ChainId, Vec<Match>)>,
}

impl Building {
    fn translations(&mut self) -> super::nat::Entries {
        let lists = &self.reader.lists;
        let selected = |name: &str| {
            let list = lists.get(&(Family::V4, name.to_owned()))?;
            let entries = list.entries.iter();
            list.refused.is_empty().then(|| {
                entries
                    .map(|entry| (entry.condition.clone(), entry.action == Action::Permit))
                    .collect()
            })
        };
        match self.reader.nat.entries(&self.reader.draft, &selected) {
            Ok(entries) => entries,
            Err(line) => {
                self.reader.draft.device.unread.push(Unread {
                    line,
                    text: "ip nat".to_owned(),
                    why: Text::fixed(
                        "この変換の対象を読めない",
                        "what this translation is for cannot be read",
                    ),
                    affects: Affects::Translations,
                });
                super::nat::Entries::default()
            }
        }
    }

    /// Filters of what comes in, and of what goes out.
    fn filters(&mut self) -> [Vec<Stage>; 2] {
        let mut places: Vec<(InterfaceId, bool)> = Vec::new();
        for (id, inward, _) in self.reader.bindings.filters.keys() {
            places.push((*id, *inward));
        }
        places.dedup();
        let [mut before, mut after] = [Vec::new(), Vec::new()];
        for (id, inward) in places {
            let filter = Stage::Filter(self.filter(id, inward));
            if inward {
                before.push(filter);
            } else {
                after.push(filter);
            }
        }
        [before, after]
    }

    fn filter(&mut self, id: InterfaceId, inward: bool) -> Filter {
        let (mut rules, mut followed) = (Vec::new(), Vec::new());
        let mut at = Line { file: 0, number: 1 };
        for family in Family::ALL {
            let Some(bound) = self.reader.bindings.filters.get(&(id, inward, family)).cloned() else {
                continue;
            };
            let line = bound.values().next().map_or(at, |(_, line)| *line);
            at = line;
            if self.follows(id, family) {
                rules.push(Rule::known_flow(Match::all_of(family), line));
            }
            for (name, line) in bound.into_values() {
                let (chain, follows) = self.list(family, &name, line);
                followed.extend(follows);
                rules.push(Rule::implied(
                    &format!("filter {name}"),
                    Match::all_of(family),
                    Action::Jump(chain),
                    line,
                ));
            }
            rules.push(Rule::implied("no match", Match::all_of(family), Action::Deny, line));
        }
        for family in Family::ALL {
            if !self.reader.bindings.filters.contains_key(&(id, inward, family)) {
                rules.push(Rule::implied("no filter", Match::all_of(family), Action::Permit, at));
            }
        }
        let name = self.reader.draft.of(id).map(|interface| interface.name.clone());
        let chain = self.reader.draft.chain(Chain {
            name: format!("{} {}", name.unwrap_or_default(), if inward { "in" } else { "out" }),
            rules,
            otherwise: Action::Deny,
            line: at,
        });
        let on = Interfaces::These(vec![id]);
        Filter {
            scope: Scope {
                ingress: if inward { on.clone() } else { Interfaces::Any },
                egress: if inward { Interfaces::Any } else { on },
            },
            chain,
            tracking: if followed.is_empty() {
                Tracking::Nothing
            } else {
                Tracking::Only(followed)
            },
            line: at,
        }
    }

    /// Whether a dynamic list is bound to the interface in either direction.
    fn follows(&self, id: InterfaceId, family: Family) -> bool {
        let filters = &self.reader.bindings.filters;
        [true, false].iter().any(|inward| {
            let bound = filters
                .get(&(id, *inward, family))
                .into_iter()
                .flat_map(BTreeMap::values);
            let mut names = bound.map(|(name, _)| (family, name.clone()));
            names.any(|key| self.reader.dynamic.contains_key(&key))
        })
    }

    /// The chain of a list, and what it follows. Where a dynamic list has the name of another, it is the dynamic one.
    fn list(&mut self, family: Family, name: &str, bound_at: Line) -> (ChainId, Vec<Match>) {
        let key = (family, name.to_owned());
        let is_dynamic = self.reader.dynamic.contains_key(&key) || self.reader.refused.contains_key(&key);
        self.chain(key, is_dynamic, bound_at)
    }

    fn chain(&mut self, key: Key, is_dynamic: bool, bound_at: Line) -> (ChainId, Vec<Match>) {
        let known = (key.0, key.1.clone(), is_dynamic);
        if let Some(known) = self.chains.get(&known) {
            return known.clone();
        }
        let name = &key.1;
        let (rules, refused) = if is_dynamic {
            (self.dynamic(&key), self.reader.refused.remove(&key).unwrap_or_default())
        } else {
            match self.reader.lists.get(&key) {
                Some(list) => (ruled(&list.entries, name), list.refused.clone()),
                None => (self.undefined(&key, bound_at), Vec::new()),
            }
        };
        let line = rules.first().map_or(bound_at, |rule| rule.line);
        let follows: Vec<Match> = rules
            .iter()
            .filter(|rule| is_dynamic && rule.action == Action::Permit)
            .map(|rule| rule.condition.clone())
            .collect();
        let chain = self.reader.draft.chain(Chain {
            name: format!("access-list {name}"),
            rules,
            otherwise: Action::Return,
            line,
        });
        let unread = refused.into_iter().map(|refused| Unread {
            affects: Affects::Chain(chain),
            ..refused
        });
        self.reader.draft.device.unread.extend(unread);
        self.chains.insert(known, (chain, follows.clone()));
        (chain, follows)
    }

    /// What a dynamic list lets pass of the packets that begin a flow.
    fn dynamic(&mut self, key: &Key) -> Vec<Rule> {
        let mut rules = Vec::new();
        let Some(dynamic) = self.reader.dynamic.get(key) else {
            return rules;
        };
        let mut missing = Vec::new();
        for dynamic in dynamic {
            match &dynamic.by {
                By::Entry(condition) => rules.push(Rule::on_line(
                    &format!("access-list dynamic {}", key.1),
                    (**condition).clone(),
                    Action::Permit,
                    dynamic.line,
                )),
                By::List(name) => match self.reader.lists.get(&(key.0, name.clone())) {
                    Some(list) => rules.extend(ruled(&list.entries, name)),
                    None => missing.push((name.clone(), dynamic.line)),
                },
            }
        }
        for rule in rules.iter_mut().filter(|rule| rule.action == Action::Deny) {
            rule.condition.unknown.push(unknown(
                "動的なリストの中の拒否の意味",
                "what a denial in a dynamic list means",
            ));
        }
        for (name, line) in missing {
            rules.extend(self.undefined(&(key.0, name), line));
        }
        rules
    }

    /// What a list does that is defined nowhere: nobody knows.
    fn undefined(&mut self, key: &Key, line: Line) -> Vec<Rule> {
        let name = &key.1;
        self.reader.draft.remark(
            RemarkKind::UndefinedFailsOpen,
            line,
            Text::new(
                format!("アクセスリスト「{name}」は定義されていない。通すかどうかは分からない"),
                format!("access list `{name}` is defined nowhere: nobody knows whether it lets packets pass"),
            ),
            Text::fixed("アクセスリストを定義する", "define the access list"),
        );
        let condition = Match {
            unknown: vec![unknown("定義されていないリスト", "a list that is defined nowhere")],
            ..Match::all_of(key.0)
        };
        vec![Rule::implied("undefined list", condition, Action::Permit, line)]
    }

    /// Lines of lists that are bound nowhere were not understood either: they are named, and change what the lists that ask them do.
    fn unread_lists(&mut self) {
        let asked: Vec<(Key, Key)> = self
            .reader
            .dynamic
            .iter()
            .flat_map(|(key, all)| {
                all.iter().filter_map(|dynamic| match &dynamic.by {
                    By::List(name) => Some(((key.0, name.clone()), key.clone())),
                    By::Entry(_) => None,
                })
            })
            .collect();
        let refused: Vec<(Key, Line)> = self
            .reader
            .lists
            .iter()
            .filter_map(|(key, list)| Some((key.clone(), first_refused(list)?)))
            .collect();
        for (key, line) in refused {
            for (_, by) in asked.iter().filter(|(of, _)| *of == key) {
                let (chain, _) = self.chain(by.clone(), true, line);
                let unread = self.reader.lists.get(&key).map(|list| list.refused.clone());
                let unread = unread.unwrap_or_default().into_iter().map(|refused| Unread {
                    affects: Affects::Chain(chain),
                    ..refused
                });
                self.reader.draft.device.unread.extend(unread);
            }
            self.chain(key, false, line);
        }
        for (key, refused) in self.reader.refused.clone() {
            if let Some(first) = refused.first() {
                self.chain(key, true, first.line);
            }
        }
    }
}

fn first_refused(list: &List) -> Option<Line> {
    list.refused.first().map(|refused| refused.line)
}

fn ruled(entries: &[Entry], name: &str) -> Vec<Rule> {
    let entries = entries.iter().enumerate();
    entries
        .map(|(at, entry)| {
            let title = format!("access-list {name} {}", at + 1);
            Rule::on_line(&title, entry.condition.clone(), entry.action, entry.line)
        })
        .collect()
}
