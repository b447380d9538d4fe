//! Translation: static entries, rules for destinations, rules for sources.

mod condition;
mod fixed;
mod pool;

use std::collections::HashMap;
use std::net::IpAddr;

use model::lang::Text;

use super::super::braced::Node;
use super::super::braced::reading::{Reading, is_in};
use super::super::statement::unknown_word;
use super::policy::Names;
use crate::device::{Addresses, Affects, Change, InterfaceId, Interfaces, Line, Match, Translation};
use crate::packet::{Family, number};

/// Ports that a device takes for flows whose source it changes.
const PORTS: (u16, u16) = (1024, u16::MAX);

/// Translations before the way out is chosen, and after policies are asked.
#[derive(Default)]
pub(super) struct Nat {
    pub(super) inward: Vec<Translation>,
    pub(super) outward: Vec<Translation>,
}

/// Parts of `nat` that say who answers for an address, or which ports are taken: no more than is taken for possible anyway.
const BESIDE: &str = "proxy-arp proxy-ndp pool-default-port-range pool-utilization-alarm port-randomization address-persistent \
    pool-default-twin-port-range interface pool-distribution session-persistence-scan session-drop-hold-down traceoptions \
    allow-overlapping-pools port-scaling-enlargement port-round-robin persistent-nat";

const AFFECTS: Affects = Affects::Translations;

/// Reads all translations.
pub(super) fn read(reading: &mut Reading<'_, '_>, security: &Node, names: &Names<'_>) -> Nat {
    let mut nat = Nat::default();
    let Some(part) = security.child("nat") else { return nat };
    reading.take(part);
    let mut rules = Rules {
        reading,
        names,
        pools: HashMap::new(),
    };
    let (mut inward, mut outward, mut sources) = (Vec::new(), Vec::new(), Vec::new());
    for kind in part.children() {
        rules.reading.is(kind, "static destination source");
        rules.reading.is(kind, BESIDE);
        match &*kind.word {
            "static" => rules.sets(kind, Kind::Static, &mut nat.inward, &mut outward),
            "destination" => rules.sets(kind, Kind::Destination, &mut inward, &mut Vec::new()),
            "source" => rules.sets(kind, Kind::Source, &mut Vec::new(), &mut sources),
            word if is_in(BESIDE, word) => {}
            _ => rules.unread(kind, unknown_word()),
        }
    }
    nat.inward.extend(inward);
    nat.outward = outward;
    nat.outward.extend(sources);
    nat
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Static,
    Destination,
    Source,
}

/// Addresses that a rule changes to.
#[derive(Clone)]
struct Pool {
    first: IpAddr,
    last: IpAddr,
    port: Option<u16>,
    keeps_port: bool,
}

struct Rules<'r, 't, 's, 'n> {
    reading: &'r mut Reading<'t, 's>,
    names: &'n Names<'n>,
    /// `None` for one that cannot be read.
    pools: HashMap<String, Option<Pool>>,
}

impl Rules<'_, '_, '_, '_> {
    fn unread(&mut self, node: &Node, why: Text) {
        self.reading.unread(node, why, AFFECTS);
    }

    /// The rule-sets of one kind, as changes on the way in and on the way out.
    fn sets(&mut self, part: &Node, kind: Kind, inward: &mut Vec<Translation>, outward: &mut Vec<Translation>) {
        self.pools.clear();
        for pool in part.child("pool").into_iter().flat_map(Node::children) {
            self.reading.take(pool);
            let read = self.pool(pool, kind);
            self.pools.insert(pool.word.clone(), read);
        }
        let mut all: Vec<(String, Line, Vec<Translation>, Vec<Translation>)> = Vec::new();
        for child in part.children() {
            self.reading.is(child, "pool rule-set");
            self.reading.is(child, BESIDE);
            match &*child.word {
                "pool" => {}
                "rule-set" => {
                    for set in child.children() {
                        self.reading.take(set);
                        let (mut ins, mut outs) = (Vec::new(), Vec::new());
                        self.set(set, kind, &mut ins, &mut outs);
                        all.push((set.word.clone(), set.line(), ins, outs));
                    }
                }
                word if is_in(BESIDE, word) => {}
                _ => self.unread(child, unknown_word()),
            }
        }
        for (at, (_, line, ins, outs)) in all.iter().enumerate() {
            let meets = |ours: &[Translation], theirs: &[Translation]| {
                let mut pairs = ours.iter().flat_map(|our| theirs.iter().map(move |their| (our, their)));
                pairs.any(|(our, their)| !our.condition.and(&their.condition).is_empty())
            };
            if all
                .iter()
                .skip(at + 1)
                .any(|(_, _, other_ins, other_outs)| meets(ins, other_ins) || meets(outs, other_outs))
            {
                let why = Text::fixed(
                    "二つの rule-set が同じパケットに当たる。どちらが先か決まらない",
                    "two rule-sets fit the same packets, and which goes first is not established",
                );
                self.reading.unread_at(*line, why, AFFECTS);
            }
        }
        for (_, _, ins, outs) in all {
            inward.extend(ins);
            outward.extend(outs);
        }
    }

    fn set(&mut self, set: &Node, kind: Kind, inward: &mut Vec<Translation>, outward: &mut Vec<Translation>) {
        let (mut from, mut to) = (Interfaces::Any, Interfaces::Any);
        for child in set.children() {
            match &*child.word {
                "from" => from = self.place(child),
                "to" if kind == Kind::Source => to = self.place(child),
                "rule" | "description" => {}
                _ => self.unread(child, unknown_word()),
            }
            self.reading.is(child, "from to rule description");
        }
        for rule in set.child("rule").into_iter().flat_map(Node::children) {
            self.reading.take(rule);
            if self.rule(rule, kind, (&from, &to), inward, outward).is_none() {
                self.unread(
                    rule,
                    Text::fixed("変換の規則を読めない", "a rule of translation cannot be read"),
                );
            }
        }
    }

    /// `from zone untrust`, `to interface ge-0/0/1.0`
    fn place(&mut self, node: &Node) -> Interfaces {
        let mut ids: Vec<InterfaceId> = Vec::new();
        for kind in node.children() {
            if !self.reading.is(kind, "zone interface routing-instance") {
                self.unread(kind, unknown_word());
                continue;
            }
            for name in kind.children() {
                self.reading.take(name);
                match &*kind.word {
                    "zone" => match self.names.zones.get(&name.word) {
                        Some(zone) => ids.extend(zone),
                        None => self.unread(
                            name,
                            Text::fixed("定義されていない領域(zone)", "a zone that is defined nowhere"),
                        ),
                    },
                    "interface" => ids.push(super::interface::named(self.reading, &name.word, name.line())),
                    _ => {
                        let table = super::route::table(&name.word);
                        let interfaces = (0..).map(InterfaceId).zip(&self.reading.device().interfaces);
                        ids.extend(interfaces.filter(|(_, one)| one.table == table).map(|(id, _)| id));
                    }
                }
            }
        }
        Interfaces::These(ids)
    }

    fn rule(
        &mut self,
        rule: &Node,
        kind: Kind,
        (from, to): (&Interfaces, &Interfaces),
        inward: &mut Vec<Translation>,
        outward: &mut Vec<Translation>,
    ) -> Option<()> {
        let mut condition = Match::everything();
        for child in rule.children() {
            self.reading.is(child, "match then description");
            match &*child.word {
                "match" => self.matches(child, &mut condition)?,
                "then" | "description" => {}
                _ => {
                    self.unread(child, unknown_word());
                    return None;
                }
            }
        }
        let then = rule.child("then")?;
        let line = rule.line();
        let name = format!("nat rule {}", rule.word);
        let keep = |condition: Match| Translation {
            name: name.clone(),
            condition,
            source: Change::Keep,
            destination: Change::Keep,
            source_port: Change::Keep,
            destination_port: Change::Keep,
            line,
        };
        let word = match kind {
            Kind::Static => "static-nat",
            Kind::Destination => "destination-nat",
            Kind::Source => "source-nat",
        };
        for other in then.children().filter(|other| other.word != word) {
            self.unread(other, unknown_word());
        }
        let act = then.child(word)?;
        self.reading.take(act);
        let what = act
            .children()
            .find(|what| !what.inherited)
            .or_else(|| act.children().next())?;
        self.reading.is(what, "off interface pool prefix prefix-name inet");
        if kind == Kind::Static {
            condition.ingress = from.clone();
            return self.fixed(act, &condition, from, &keep, inward, outward);
        }
        condition.ingress = from.clone();
        condition.egress = if kind == Kind::Source {
            to.clone()
        } else {
            Interfaces::Any
        };
        let all = if kind == Kind::Source { outward } else { inward };
        match &*what.word {
            "off" => all.push(keep(condition)),
            "interface" if kind == Kind::Source => self.own(&condition, &keep, all),
            "pool" => {
                let named = self.reading.one(what, AFFECTS)?;
                self.reading.take(named);
                let pool = self.pools.get(&named.word)?.clone()?;
                let (family, first) = number(pool.first);
                let (_, last) = number(pool.last);
                let mut translation = keep(of_family(condition, family));
                if kind == Kind::Source {
                    translation.source = Change::Into { first, last };
                    if !pool.keeps_port {
                        translation.source_port = Change::Into {
                            first: PORTS.0,
                            last: PORTS.1,
                        };
                    }
                } else {
                    translation.destination = Change::Into { first, last };
                    if let Some(port) = pool.port {
                        translation.destination_port = Change::Into {
                            first: port,
                            last: port,
                        };
                    }
                }
                all.push(translation);
            }
            _ => return None,
        }
        Some(())
    }

    /// To the address of the interface that the packet goes out by.
    fn own(&mut self, condition: &Match, keep: &impl Fn(Match) -> Translation, all: &mut Vec<Translation>) {
        let interfaces: Vec<_> = (0..)
            .map(InterfaceId)
            .zip(self.reading.device().interfaces.clone())
            .collect();
        for (id, interface) in interfaces {
            if !condition.egress.contains(id) {
                continue;
            }
            for family in Family::ALL {
                let own: Vec<u128> = interface
                    .addresses
                    .iter()
                    .map(|(own, _)| number(*own))
                    .filter(|(of, _)| *of == family)
                    .map(|(_, own)| own)
                    .collect();
                let (first, last) = match (own.iter().min(), own.iter().max()) {
                    (Some(first), Some(last)) => (*first, *last),
                    _ if interface.addressed_elsewhere => (0, family.last_address()),
                    _ => continue,
                };
                let mut condition = of_family(condition.clone(), family);
                condition.egress = Interfaces::These(vec![id]);
                let mut translation = keep(condition);
                translation.source = Change::Into { first, last };
                translation.source_port = Change::Into {
                    first: PORTS.0,
                    last: PORTS.1,
                };
                all.push(translation);
            }
        }
    }
}

fn of_family(mut condition: Match, family: Family) -> Match {
    let all = Addresses::all_of(family);
    condition.source = condition.source.intersect(&all);
    condition.destination = condition.destination.intersect(&all);
    condition
}

/// The smallest and the largest address of a set that is one range of one family.
fn ends(addresses: &Addresses) -> Option<(IpAddr, IpAddr)> {
    let mut families = Family::ALL
        .into_iter()
        .filter(|family| !addresses.of(*family).is_empty());
    let family = families.next()?;
    if families.next().is_some() {
        return None;
    }
    let ranges = addresses.of(family);
    let mut ranges = ranges.iter();
    let (first, last) = ranges.next()?;
    ranges
        .next()
        .is_none()
        .then(|| (family.address(first), family.address(last)))
}
