//! Filters of interfaces: lists of terms. The first term that matches and says what becomes of the packet decides; none is a denial.

use std::collections::{BTreeMap, HashMap};

use model::lang::Text;

use super::super::braced::Node;
use super::super::braced::reading::{Reading, is_in};
use super::super::statement::unknown_word;
use super::action;
use super::interface::{Binding, Interfaces};
use super::network::{self, Prefixes};
use super::term;
use crate::device::route::Next;
use crate::device::{
    Action, Affects, Chain, ChainId, Filter, Interfaces as Ports, Line, Match, PolicyRoute, Rule, Scope, Stage,
    Tracking, Way,
};
use crate::packet::Family;

/// Filters by family and name.
#[derive(Default)]
pub(super) struct Filters {
    known: BTreeMap<(Family, String), Known>,
}

struct Known {
    chain: ChainId,
    /// Packets that it lets through, in order, with the way that a term sends them.
    ways: Vec<(Match, Option<Next>, Line)>,
}

/// Parts of `firewall` that limit or count what passes, and settings of families that are not of IP.
const BESIDE: &str = "policer three-color-policer hierarchical-policer prefix-action load-balance-group interface-set \
    traceoptions service-filter fast-update-filter atm-policer flexible-match-policer";

/// Settings of a filter that change nothing that passes.
const FILTER_BESIDE: &str = "interface-specific accounting-profile enhanced-mode physical-interface-filter \
    instance-shared fast-lookup-filter promote scale-optimized interface-shared no-match-based-optimization";

/// Reads all filters.
pub(super) fn read(reading: &mut Reading<'_, '_>, root: &Node) -> Filters {
    let mut filters = Filters::default();
    let prefixes = prefix_lists(reading, root);
    let Some(part) = root.child("firewall") else {
        return filters;
    };
    let sets = sets(reading, part);
    for child in part.children() {
        match &*child.word {
            "filter" => family(reading, Family::V4, child, &prefixes, &sets, &mut filters),
            "family" => {
                reading.take(child);
                for of in child.children() {
                    reading.take(of);
                    let which = match &*of.word {
                        "inet" => Family::V4,
                        "inet6" => Family::V6,
                        // Of packets that are not of IP, or that a switch passes on.
                        _ => continue,
                    };
                    for child in of.children() {
                        match &*child.word {
                            "filter" => family(reading, which, child, &prefixes, &sets, &mut filters),
                            "simple-filter" | "dialer-filter" => reading.take(child),
                            word if is_in(BESIDE, word) => reading.take(child),
                            _ => reading.unread(child, unknown_word(), Affects::Everything),
                        }
                    }
                }
            }
            word if is_in(BESIDE, word) => reading.take(child),
            _ => reading.unread(child, unknown_word(), Affects::Everything),
        }
    }
    filters
}

/// `policy-options prefix-list`: the networks of each.
fn prefix_lists(reading: &mut Reading<'_, '_>, root: &Node) -> Prefixes {
    let mut lists = HashMap::new();
    let all = root.at("policy-options prefix-list");
    if let Some(all) = all {
        reading.take(all);
        for list in all.children() {
            reading.take(list);
            lists.insert(list.word.clone(), network::prefix_list(reading, list, root));
        }
    }
    lists
}

/// `firewall interface-set`: patterns of names of interfaces.
fn sets(reading: &mut Reading<'_, '_>, part: &Node) -> HashMap<String, Vec<String>> {
    let mut sets = HashMap::new();
    if let Some(all) = part.child("interface-set") {
        reading.take(all);
        for set in all.children() {
            reading.take(set);
            set.children().for_each(|name| reading.take(name));
            sets.insert(set.word.clone(), set.children().map(|name| name.word.clone()).collect());
        }
    }
    sets
}

fn family(
    reading: &mut Reading<'_, '_>,
    family: Family,
    part: &Node,
    prefixes: &Prefixes,
    sets: &HashMap<String, Vec<String>>,
    filters: &mut Filters,
) {
    reading.take(part);
    for node in part.children() {
        reading.take(node);
        let chain = reading.draft.chain(Chain {
            name: format!("filter {}", node.word),
            rules: Vec::new(),
            otherwise: Action::Return,
            line: node.line(),
        });
        let mut known = Known {
            chain,
            ways: Vec::new(),
        };
        let mut rules = Vec::new();
        let names = term::Names {
            family,
            chain,
            prefixes,
            sets,
        };
        let mut inherited_permits = false;
        for child in node.children() {
            match &*child.word {
                "term" => {
                    reading.take(child);
                    for term in child.children() {
                        reading.take(term);
                        let read = self::term(reading, term, &names, &mut known);
                        inherited_permits |= term.inherited && read.iter().any(|rule| rule.action == Action::Permit);
                        rules.extend(read);
                    }
                    let own = child.children().any(|term| !term.inherited);
                    if inherited_permits && own {
                        reading.unread(child, super::policy::order(), Affects::Chain(chain));
                    }
                }
                // A filter of one term without a name.
                "from" | "then" => reading.unread(child, unknown_word(), Affects::Chain(chain)),
                word if is_in(FILTER_BESIDE, word) => reading.take(child),
                _ => reading.unread(child, unknown_word(), Affects::Chain(chain)),
            }
        }
        if let Some(chain) = reading.device().chains.get_mut(chain.0 as usize) {
            chain.rules = rules;
        }
        filters.known.insert((family, node.word.clone()), known);
    }
}

/// The rules of one term: none where it only counts.
fn term(reading: &mut Reading<'_, '_>, term: &Node, names: &term::Names<'_>, known: &mut Known) -> Vec<Rule> {
    let affects = Affects::Chain(names.chain);
    let mut conditions = vec![Match::all_of(names.family)];
    let mut then = action::Then::default();
    for child in term.children() {
        match &*child.word {
            "from" => {
                reading.take(child);
                conditions = term::from(reading, child, names);
            }
            "then" => {
                reading.take(child);
                then = action::then(reading, child, affects);
            }
            "filter" => {
                reading.take(child);
                reading.unread(
                    child,
                    Text::fixed(
                        "フィルタの中のフィルタは読めない",
                        "filters within filters are not read",
                    ),
                    affects,
                );
            }
            _ => reading.unread(child, unknown_word(), affects),
        }
    }
    if then.goes_on {
        return Vec::new();
    }
    if then.action == Action::Permit {
        let ways = conditions
            .iter()
            .map(|condition| (condition.clone(), then.way.clone(), term.line()));
        known.ways.extend(ways);
    }
    let rules = conditions.into_iter().map(|condition| Rule {
        name: format!("term {}", term.word),
        condition,
        action: then.action,
        line: term.line(),
        last_line: term.last_line(),
        logs: then.logs,
        implied: false,
    });
    rules.collect()
}

impl Filters {
    /// Puts the filters of units before and after the rest of the way.
    pub(super) fn bind(
        &self,
        reading: &mut Reading<'_, '_>,
        interfaces: &Interfaces,
        before: &mut Vec<Stage>,
        after: &mut Vec<Stage>,
    ) {
        for binding in &interfaces.bindings {
            let stages = if binding.inward { &mut *before } else { &mut *after };
            stages.push(Stage::Filter(self.bound(reading, binding)));
            if binding.inward {
                self.routes(reading, binding);
            }
        }
    }

    fn bound(&self, reading: &mut Reading<'_, '_>, binding: &Binding) -> Filter {
        let rule = |name: String, condition: Match, action: Action| Rule {
            name,
            condition,
            action,
            line: binding.line,
            last_line: binding.line.number,
            logs: false,
            implied: true,
        };
        let other = if binding.family == Family::V4 {
            Family::V6
        } else {
            Family::V4
        };
        let mut rules = vec![rule("other family".to_owned(), Match::all_of(other), Action::Permit)];
        for name in &binding.filters {
            match self.known.get(&(binding.family, name.clone())) {
                Some(known) => rules.push(rule(
                    format!("filter {name}"),
                    Match::all_of(binding.family),
                    Action::Jump(known.chain),
                )),
                None => reading.unread_at(
                    binding.line,
                    Text::new(
                        format!("フィルタ「{name}」が定義されていない"),
                        "a filter that an interface is given is defined nowhere",
                    ),
                    Affects::Interface(binding.interface),
                ),
            }
        }
        let on = reading
            .draft
            .of(binding.interface)
            .map(|interface| interface.name.clone())
            .unwrap_or_default();
        let direction = if binding.inward { "input" } else { "output" };
        let chain = reading.draft.chain(Chain {
            name: format!("{on} {direction}"),
            rules,
            otherwise: Action::Deny,
            line: binding.line,
        });
        let this = Ports::These(vec![binding.interface]);
        let (ingress, egress) = if binding.inward {
            (this, Ports::Any)
        } else {
            (Ports::Any, this)
        };
        Filter {
            scope: Scope { ingress, egress },
            chain,
            tracking: Tracking::Nothing,
            line: binding.line,
        }
    }

    /// Terms that send packets another way.
    fn routes(&self, reading: &mut Reading<'_, '_>, binding: &Binding) {
        let filters = binding
            .filters
            .iter()
            .filter_map(|name| self.known.get(&(binding.family, name.clone())));
        let terms: Vec<_> = filters.flat_map(|known| &known.ways).collect();
        if terms.iter().all(|(_, way, _)| way.is_none()) {
            return;
        }
        for (condition, way, line) in terms {
            let mut condition = condition.clone();
            condition.ingress = condition.ingress.intersect(&Ports::These(vec![binding.interface]));
            let way = way.as_ref().map(|next| Way {
                condition: None,
                next: next.clone(),
            });
            reading.device().policy_routes.push(PolicyRoute {
                condition,
                ways: way.into_iter().collect(),
                line: *line,
            });
        }
    }
}
