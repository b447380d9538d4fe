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

/// A filter's family and name.
type Name = (Family, String);

/// Packets that a term lets through, the way that it sends them, and its line.
type Sent = (Match, Option<Next>, Line);

/// All filters.
#[derive(Default)]
pub(super) struct Filters {
    known: BTreeMap<Name, Known>,
}

struct Known {
    chain: ChainId,
    /// In order.
    ways: Vec<Sent>,
}

/// Parts of `firewall` that limit or count what passes, and settings of families that are not of IP.
const BESIDE: &str = "policer three-color-policer hierarchical-policer prefix-action load-balance-group interface-set \
    traceoptions service-filter fast-update-filter atm-policer flexible-match-policer";

/// Settings of a filter that change nothing that passes.
const FILTER_BESIDE: &str = "interface-specific accounting-profile enhanced-mode physical-interface-filter \
    instance-shared fast-lookup-filter promote scale-optimized interface-shared no-match-based-optimization";

/// Reads all filters.
pub(super) fn read(reading: &mut Reading<'_, '_>, root: &Node) -> Filters {
    let prefixes = prefix_lists(reading, root);
    let Some(part) = root.child("firewall") else {
        return Filters::default();
    };
    let sets = sets(reading, part);
    let mut nodes = BTreeMap::new();
    for child in part.children() {
        match &*child.word {
            "filter" => collect(reading, Family::V4, child, &mut nodes),
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
                            "filter" => collect(reading, which, child, &mut nodes),
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
    let names: Vec<Name> = nodes.keys().cloned().collect();
    let mut reader = Reader {
        reading,
        prefixes: &prefixes,
        sets: &sets,
        nodes,
        open: Vec::new(),
        filters: Filters::default(),
    };
    for name in names {
        reader.filter(&name);
    }
    reader.filters
}

/// The filters of one place by their names.
fn collect<'n>(reading: &Reading<'_, '_>, family: Family, part: &'n Node, nodes: &mut BTreeMap<Name, &'n Node>) {
    reading.take(part);
    for node in part.children() {
        reading.take(node);
        nodes.insert((family, node.word.clone()), node);
    }
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

struct Reader<'r, 't, 's, 'n> {
    reading: &'r mut Reading<'t, 's>,
    prefixes: &'n Prefixes,
    sets: &'n HashMap<String, Vec<String>>,
    nodes: BTreeMap<Name, &'n Node>,
    /// Filters that are being read, each within the one before it.
    open: Vec<Name>,
    filters: Filters,
}

impl Reader<'_, '_, '_, '_> {
    /// Reads a filter unless it was read before; `None` for one that is defined nowhere or that holds itself.
    fn filter(&mut self, name: &Name) -> Option<ChainId> {
        if let Some(known) = self.filters.known.get(name) {
            return Some(known.chain);
        }
        let node = *self.nodes.get(name).filter(|_| !self.open.contains(name))?;
        let chain = self.reading.draft.chain(Chain {
            name: format!("filter {}", node.word),
            rules: Vec::new(),
            otherwise: Action::Return,
            line: node.line(),
        });
        self.open.push(name.clone());
        let (rules, ways) = self.terms(node, name.0, chain);
        self.open.pop();
        if let Some(chain) = self.reading.device().chains.get_mut(chain.0 as usize) {
            chain.rules = rules;
        }
        self.filters.known.insert(name.clone(), Known { chain, ways });
        Some(chain)
    }

    fn terms(&mut self, node: &Node, family: Family, chain: ChainId) -> (Vec<Rule>, Vec<Sent>) {
        let (mut rules, mut ways) = (Vec::new(), Vec::new());
        let mut inherited_permits = false;
        for child in node.children() {
            match &*child.word {
                "term" => {
                    self.reading.take(child);
                    for term in child.children() {
                        self.reading.take(term);
                        let read = self.term(term, family, chain, &mut ways);
                        inherited_permits |= term.inherited && read.iter().any(|rule| rule.action != Action::Deny);
                        rules.extend(read);
                    }
                    let own = child.children().any(|term| !term.inherited);
                    if inherited_permits && own {
                        self.reading
                            .unread(child, super::policy::order(), Affects::Chain(chain));
                    }
                }
                // A filter of one term without a name.
                "from" | "then" => self.reading.unread(child, unknown_word(), Affects::Chain(chain)),
                word if is_in(FILTER_BESIDE, word) => self.reading.take(child),
                _ => self.reading.unread(child, unknown_word(), Affects::Chain(chain)),
            }
        }
        (rules, ways)
    }

    /// The rules of one term: none where it only counts.
    fn term(&mut self, term: &Node, family: Family, chain: ChainId, ways: &mut Vec<Sent>) -> Vec<Rule> {
        let affects = Affects::Chain(chain);
        if let Some(inner) = term.child("filter") {
            self.reading.take(inner);
            for beside in term.children().filter(|part| part.word != "filter") {
                self.reading.unread(beside, unknown_word(), affects);
            }
            return self.within(term, inner, family, affects, ways).into_iter().collect();
        }
        let names = term::Names {
            family,
            chain,
            prefixes: self.prefixes,
            sets: self.sets,
        };
        let mut conditions = vec![Match::all_of(family)];
        let mut then = action::Then::default();
        for child in term.children() {
            match &*child.word {
                "from" => {
                    self.reading.take(child);
                    conditions = term::from(self.reading, child, &names);
                }
                "then" => {
                    self.reading.take(child);
                    then = action::then(self.reading, child, affects);
                }
                _ => self.reading.unread(child, unknown_word(), affects),
            }
        }
        if then.goes_on {
            return Vec::new();
        }
        if then.action == Action::Permit {
            let sent = conditions
                .iter()
                .map(|condition| (condition.clone(), then.way.clone(), term.line()));
            ways.extend(sent);
        }
        let rules = conditions
            .into_iter()
            .map(|condition| rule(term, condition, then.action, then.logs));
        rules.collect()
    }

    /// A filter that is asked within another: what it does not decide, the next term does.
    fn within(
        &mut self,
        term: &Node,
        inner: &Node,
        family: Family,
        affects: Affects,
        ways: &mut Vec<Sent>,
    ) -> Option<Rule> {
        let name = self.reading.one(inner, affects)?;
        self.reading.take(name);
        for more in name.children() {
            self.reading.unread(more, unknown_word(), affects);
        }
        let key = (family, name.word.clone());
        let Some(chain) = self.filter(&key) else {
            let why = Text::fixed(
                "フィルタの中のフィルタが定義されていない、又は自分自身を含む",
                "a filter within a filter is defined nowhere, or holds itself",
            );
            self.reading.unread(name, why, affects);
            return None;
        };
        let known = self.filters.known.get(&key);
        ways.extend(known.into_iter().flat_map(|known| known.ways.clone()));
        Some(rule(term, Match::all_of(family), Action::Jump(chain), false))
    }
}

fn rule(term: &Node, condition: Match, action: Action, logs: bool) -> Rule {
    Rule {
        name: format!("term {}", term.word),
        condition,
        action,
        line: term.line(),
        last_line: term.last_line(),
        logs,
        implied: false,
    }
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
