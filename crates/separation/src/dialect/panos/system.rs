//! Several virtual systems in one device, each with its own zones and rules.
//!
//! What stays within a system is asked once. What goes from one to another leaves the first by a zone that stands for the other, and
//! comes into the other by a zone that stands for the first: both must let it pass, and each must see the other. A zone that stands for
//! a system is all interfaces of that system here. A gateway that systems share has no rules of its own: the system decides that a
//! packet comes from or goes to, and what goes from gateway to gateway passes.

use model::lang::Text;

use super::super::braced::Node;
use super::super::braced::reading::Reading;
use super::interface::{self, External, Zones};
use super::object::Objects;
use super::scope::Scope;
use super::{nat, rule};
use crate::device::{Action, Affects, Chain, Filter, InterfaceId, Interfaces, Line, Scope as Where, Stage, Tracking};

/// A virtual system or a gateway, its zones, and its interfaces.
struct System<'n, 's> {
    node: &'n Node,
    /// None of a gateway.
    scope: Option<&'s Scope<'n>>,
    zones: Zones,
    external: External<'n>,
    interfaces: Vec<InterfaceId>,
}

/// What the systems do, one after the other.
pub(super) fn stages<'n, 's>(
    reading: &mut Reading<'_, '_>,
    systems: &'s [(&'n Node, Scope<'n>)],
    gateways: &[&'n Node],
) -> Vec<Stage> {
    let mut all: Vec<System<'n, 's>> = Vec::new();
    for (node, scope) in systems {
        let (zones, external) = interface::zones(reading, scope);
        let mut interfaces: Vec<InterfaceId> = zones.values().flatten().copied().collect();
        interfaces.extend(handed(reading, node));
        all.push(System {
            node,
            scope: Some(scope),
            zones,
            external,
            interfaces,
        });
    }
    all.extend(gateways.iter().map(|node| gateway(reading, node)));
    for system in &mut all {
        system.interfaces.sort_unstable();
        system.interfaces.dedup();
    }
    let twice = all.iter().find(|system| {
        let mut before = all.iter().take_while(|other| !std::ptr::eq(*other, *system));
        before.any(|other| other.interfaces.iter().any(|id| system.interfaces.contains(id)))
    });
    if let Some(twice) = twice {
        let why = Text::fixed(
            "インタフェースが二つの仮想システムにある",
            "an interface belongs to two virtual systems",
        );
        reading.unread(twice.node, why, Affects::Everything);
    }
    if let Some((_, scope)) = systems.first() {
        shared(reading, scope);
    }
    let line = all
        .first()
        .map_or(Line { file: 0, number: 1 }, |system| system.node.line());
    let every: Vec<InterfaceId> = all.iter().flat_map(|system| system.interfaces.clone()).collect();
    let mut stages = vec![Stage::Route, Stage::Filter(nothing(reading, every, line))];
    for system in &all {
        let Some(scope) = system.scope else { continue };
        let filter = self::system(reading, system, scope, &all);
        let own = || Interfaces::These(system.interfaces.clone());
        for (ingress, egress) in [
            (own(), Interfaces::Any),
            (Interfaces::AllBut(system.interfaces.clone()), own()),
        ] {
            stages.push(Stage::Filter(Filter {
                scope: Where { ingress, egress },
                ..filter.clone()
            }));
        }
    }
    stages
}

/// A gateway that systems share.
fn gateway<'n, 's>(reading: &mut Reading<'_, '_>, node: &'n Node) -> System<'n, 's> {
    reading.take(node);
    for part in node.children() {
        if !reading.is(part, "import display-name") {
            let why = Text::fixed(
                "共有ゲートウェイのこの設定は読めない",
                "this setting of a shared gateway is not read",
            );
            reading.unread(part, why, Affects::Everything);
        }
    }
    System {
        node,
        scope: None,
        zones: Zones::new(),
        external: External::new(),
        interfaces: handed(reading, node),
    }
}

/// The rules of one system, between its own zones and those that stand for others.
fn system(reading: &mut Reading<'_, '_>, system: &System<'_, '_>, scope: &Scope<'_>, all: &[System<'_, '_>]) -> Filter {
    let mut zones = system.zones.clone();
    let mut reached: Vec<&str> = Vec::new();
    for (zone, names) in &system.external {
        for name in names.children() {
            reading.take(name);
            let other = all
                .iter()
                .find(|other| other.node.word == name.word && other.node.word != system.node.word)
                .filter(|other| {
                    let sees = |one: &Node, other: &Node| {
                        let visible = imported(reading, one, "visible-vsys");
                        visible.iter().any(|name| name.word == other.word)
                    };
                    other.scope.is_none() || sees(system.node, other.node) && sees(other.node, system.node)
                });
            let Some(other) = other.filter(|_| !reached.contains(&&*name.word)) else {
                let why = Text::fixed(
                    "領域(zone)の指す仮想システムが、互いに見えない、ない、又は二度書いてある",
                    "a zone stands for a virtual system that is not there, stands twice, or does not see this one",
                );
                reading.unread(name, why, Affects::Everything);
                continue;
            };
            reached.push(&other.node.word);
            zones.entry((*zone).to_owned()).or_default().extend(&other.interfaces);
        }
    }
    let objects = Objects::read(reading, scope);
    let translations = nat::read(reading, scope, &zones, &objects);
    if !translations.is_empty() {
        let why = Text::fixed(
            "仮想システムが二つ以上あるときのアドレス変換は読めない",
            "translations in several virtual systems are not read",
        );
        reading.unread(system.node, why, Affects::Everything);
    }
    rule::read(reading, scope, &zones, &objects, &[])
}

/// The interfaces that are handed to a system.
fn handed(reading: &mut Reading<'_, '_>, node: &Node) -> Vec<InterfaceId> {
    let names = imported(reading, node, "network interface");
    let ids = names
        .iter()
        .map(|name| reading.draft.interface(&name.word, name.line()));
    ids.collect()
}

/// The names of what is handed to a system.
fn imported<'n>(reading: &Reading<'_, '_>, system: &'n Node, path: &str) -> Vec<&'n Node> {
    let mut node = system.child("import");
    for word in path.split(' ') {
        node = node.and_then(|node| {
            reading.take(node);
            node.child(word)
        });
    }
    let names: Vec<&Node> = node.into_iter().flat_map(Node::children).collect();
    node.into_iter()
        .chain(names.iter().copied())
        .for_each(|word| reading.take(word));
    names
}

/// Rules that a central manager hands out: to which of the systems is not in the file.
fn shared(reading: &mut Reading<'_, '_>, scope: &Scope<'_>) {
    for place in scope.shared.clone() {
        for base in ["pre-rulebase", "rulebase", "post-rulebase"] {
            if let Some(rules) = place.child(base) {
                let why = Text::fixed(
                    "どの仮想システムの規則か、決まらない",
                    "of which virtual system these rules are is not established",
                );
                reading.unread(rules, why, Affects::Everything);
            }
        }
    }
}

/// Interfaces of no system pass nothing.
fn nothing(reading: &mut Reading<'_, '_>, every: Vec<InterfaceId>, line: Line) -> Filter {
    let chain = reading.draft.chain(Chain {
        name: "no virtual system".to_owned(),
        rules: Vec::new(),
        otherwise: Action::Deny,
        line,
    });
    Filter {
        scope: Where {
            ingress: Interfaces::AllBut(every),
            egress: Interfaces::Any,
        },
        chain,
        tracking: Tracking::Nothing,
        line,
    }
}
