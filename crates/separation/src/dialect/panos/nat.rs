//! Translation: the first rule that fits decides what becomes of both addresses.

use std::net::IpAddr;

use model::lang::Text;

use super::super::braced::Node;
use super::super::braced::reading::Reading;
use super::super::draft::unknown;
use super::super::statement::{number, unknown_word};
use super::interface::Zones;
use super::object::Objects;
use super::rule;
use super::scope::Scope;
use crate::device::{Addresses, Affects, Change, InterfaceId, Interfaces, Line, Match, Service, Translation};
use crate::packet::{Family, number as numbered, protocol};
use crate::ranges::Ranges;

/// Ports that a device takes for flows whose source it changes.
const PORTS: (u16, u16) = (1024, u16::MAX);

const AFFECTS: Affects = Affects::Translations;

/// Settings of a rule that change nothing that is translated.
const BESIDE: &str = "description tag group-tag uuid active-active-device-binding audit-comment target";

/// What becomes of the source of packets that go out by some interfaces, and of its port.
type Outward = (Interfaces, Change<u128>, Change<u16>);

/// Addresses that lead to others, in the direction that a rule is not written for.
type Back = (Addresses, Addresses);

/// One rule.
pub(super) struct Rule {
    name: String,
    line: Line,
    /// Packets as they come in, whichever zone they would go to.
    pub(super) condition: Match,
    /// Interfaces of the zone that they would go to without the rule.
    to: Interfaces,
    /// Whether the destination alone tells that zone.
    sure: bool,
    /// The destination afterwards, and its port.
    pub(super) destination: Option<(Addresses, Option<u16>)>,
    source: Vec<Outward>,
    /// Whether an entry for the other direction goes with it.
    back: Option<Back>,
}

/// Reads the rules in the order in which they are asked.
pub(super) fn read(
    reading: &mut Reading<'_, '_>,
    scope: &Scope<'_>,
    zones: &Zones,
    objects: &Objects<'_, '_>,
) -> Vec<Rule> {
    let mut rules = Vec::new();
    for list in scope.rules("nat") {
        reading.take(list);
        for part in list.children() {
            if !reading.is(part, "rules") {
                reading.unread(part, unknown_word(), AFFECTS);
                continue;
            }
            for node in part.children() {
                reading.take(node);
                let mut reader = Reader {
                    reading,
                    zones,
                    objects,
                };
                let disabled = node.at("disabled yes").is_some();
                match reader.rule(node) {
                    Some(rule) if !disabled => rules.push(rule),
                    None if !disabled => {
                        let why = Text::fixed("変換の規則を読めない", "a rule of translation cannot be read");
                        reading.unread(node, why, AFFECTS);
                    }
                    _ => {}
                }
            }
        }
    }
    rules
}

struct Reader<'r, 't, 's, 'o> {
    reading: &'r mut Reading<'t, 's>,
    zones: &'o Zones,
    objects: &'o Objects<'o, 'o>,
}

impl Reader<'_, '_, '_, '_> {
    fn rule(&mut self, node: &Node) -> Option<Rule> {
        let mut condition = Match::everything();
        let (mut to, mut any) = (Interfaces::Any, true);
        let (mut destination, mut source, mut back) = (None, Vec::new(), None);
        let mut fine = true;
        for setting in node.children() {
            if self.reading.is(setting, BESIDE) {
                continue;
            }
            if !self.reading.is(setting, SETTINGS) {
                self.reading.unread(setting, unknown_word(), AFFECTS);
                fine = false;
                continue;
            }
            match &*setting.word {
                "from" => condition.ingress = rule::zone_set(self.reading, setting, self.zones, AFFECTS),
                "to" => {
                    any = setting.child("any").is_some();
                    to = rule::zone_set(self.reading, setting, self.zones, AFFECTS);
                }
                "source" => condition.source = rule::side(self.reading, setting, self.objects, &mut condition.unknown)?,
                "destination" => {
                    condition.destination = rule::side(self.reading, setting, self.objects, &mut condition.unknown)?;
                }
                "service" => {
                    let name = self.reading.one(setting, AFFECTS)?;
                    self.reading.take(name);
                    condition.services = self.objects.service(&name.word)?;
                }
                "nat-type" => {
                    let kind = self.reading.one(setting, AFFECTS)?;
                    self.reading.take(kind);
                    fine &= kind.word == "ipv4";
                }
                "to-interface" => {
                    let name = self.reading.one(setting, AFFECTS)?;
                    self.reading.take(name);
                    if name.word != "any" {
                        any = false;
                        to = Interfaces::These(vec![self.reading.draft.interface(&name.word, name.line())]);
                    }
                }
                "disabled" => setting
                    .children()
                    .for_each(|value| _ = self.reading.is(value, "yes no")),
                _ => {}
            }
        }
        if let Some(change) = node.child("destination-translation") {
            destination = Some(self.destination(change)?);
        }
        if let Some(change) = node.child("source-translation") {
            (source, back) = self.source(change, &condition, &to)?;
        }
        let all = Addresses::all_of(Family::V4);
        condition.source = condition.source.intersect(&all);
        condition.destination = condition.destination.intersect(&all);
        let sure = any || self.leads(&condition.destination, &to);
        fine.then(|| Rule {
            name: format!("nat rule {}", node.word),
            line: node.line(),
            condition,
            to,
            sure,
            destination,
            source,
            back,
        })
    }

    /// Whether the networks of some interfaces hold all of the addresses.
    fn leads(&mut self, addresses: &Addresses, to: &Interfaces) -> bool {
        let interfaces = (0..).map(InterfaceId).zip(&self.reading.device().interfaces);
        let on = interfaces
            .filter(|(id, _)| to.contains(*id))
            .flat_map(|(_, one)| &one.addresses);
        let networks = on.fold(Addresses::none(), |all, (own, length)| {
            all.union(&Addresses::network(*own, *length))
        });
        addresses.minus(&networks).is_empty()
    }

    fn destination(&mut self, node: &Node) -> Option<(Addresses, Option<u16>)> {
        let (mut to, mut port) = (None, None);
        for setting in node.children() {
            if !self
                .reading
                .is(setting, "translated-address translated-port dns-rewrite")
            {
                self.reading.unread(setting, unknown_word(), AFFECTS);
                return None;
            }
            match &*setting.word {
                "translated-address" => to = Some(self.addresses(setting)?),
                "translated-port" => {
                    let value = self.reading.one(setting, AFFECTS)?;
                    port = Some(number(&value.word)?);
                    self.reading.take(value);
                }
                _ => {}
            }
        }
        Some((to?, port))
    }

    fn addresses(&mut self, node: &Node) -> Option<Addresses> {
        let mut all = Addresses::none();
        for name in node.children() {
            let found = self.objects.address(&name.word)?;
            self.reading.take(name);
            found.unknown.is_empty().then_some(())?;
            all = all.union(&found.addresses);
        }
        (!all.v4.is_empty() && all.v6.is_empty()).then_some(all)
    }

    /// What becomes of sources, by the interface that packets go out by.
    fn source(&mut self, node: &Node, condition: &Match, to: &Interfaces) -> Option<(Vec<Outward>, Option<Back>)> {
        let kind = self.reading.one(node, AFFECTS)?;
        if !self.reading.is(kind, "dynamic-ip-and-port dynamic-ip static-ip") {
            self.reading.unread(kind, unknown_word(), AFFECTS);
            return None;
        }
        let ports = Change::Into {
            first: PORTS.0,
            last: PORTS.1,
        };
        for setting in kind.children() {
            if !self
                .reading
                .is(setting, "translated-address interface-address bi-directional")
            {
                self.reading.unread(setting, unknown_word(), AFFECTS);
                return None;
            }
        }
        if let Some(own) = kind.child("interface-address") {
            return Some((self.own(own, to, &ports)?, None));
        }
        let new = self.addresses(kind.child("translated-address")?)?;
        let (first, last) = (new.v4.first()?, new.v4.iter().last()?.1);
        let into = Change::Into {
            first: u128::from(first),
            last: u128::from(last),
        };
        Some(match &*kind.word {
            "dynamic-ip-and-port" => (vec![(to.clone(), into, ports)], None),
            "dynamic-ip" => (vec![(to.clone(), into, Change::Keep)], None),
            _ => {
                let old = condition.source.intersect(&Addresses::all_of(Family::V4));
                let (old_first, old_last) = (old.v4.first()?, old.v4.iter().last()?.1);
                let even = old_last - old_first == last - first && old.v4.iter().len() == 1;
                even.then_some(())?;
                let shift = Change::Shift {
                    from: old_first.into(),
                    to: first.into(),
                };
                let both = kind.child("bi-directional").is_some_and(|both| {
                    both.children().for_each(|value| _ = self.reading.is(value, "yes no"));
                    both.child("yes").is_some()
                });
                (vec![(to.clone(), shift, Change::Keep)], both.then_some((new, old)))
            }
        })
    }

    /// To the address of an interface.
    fn own(&mut self, node: &Node, to: &Interfaces, ports: &Change<u16>) -> Option<Vec<Outward>> {
        let (mut on, mut address) = (None, None);
        for setting in node.children() {
            if !self.reading.is(setting, "interface ip floating-ip") {
                self.reading.unread(setting, unknown_word(), AFFECTS);
                return None;
            }
            let value = self.reading.one(setting, AFFECTS)?;
            if setting.word == "interface" {
                on = Some(self.reading.draft.interface(&value.word, value.line()));
            } else {
                address = Some(self.objects.address(&value.word)?.addresses.v4.first()?);
            }
            self.reading.take(value);
        }
        let on = on?;
        let own: Option<u32> = address.or_else(|| {
            self.reading.draft.of(on).and_then(|interface| {
                interface.addresses.iter().find_map(|(own, _)| match own {
                    IpAddr::V4(own) => Some(own.to_bits()),
                    IpAddr::V6(_) => None,
                })
            })
        });
        let (first, last) = own.map_or((0, u32::MAX), |own| (own, own));
        let change = Change::Into {
            first: first.into(),
            last: last.into(),
        };
        Some(vec![(to.clone(), change, ports.clone())])
    }
}

/// Settings of a rule.
const SETTINGS: &str =
    "from to source destination service nat-type to-interface disabled destination-translation source-translation";

/// What becomes of destinations before the way out is chosen, and of sources after that.
pub(super) fn stages(rules: &[Rule]) -> (Vec<Translation>, Vec<Translation>) {
    let (mut inward, mut outward) = (Vec::new(), Vec::new());
    for rule in rules {
        let keep = |condition: Match| Translation {
            name: rule.name.clone(),
            condition,
            source: Change::Keep,
            destination: Change::Keep,
            source_port: Change::Keep,
            destination_port: Change::Keep,
            line: rule.line,
        };
        let mut coming = keep(rule.condition.clone());
        if !rule.sure {
            coming.condition.unknown.push(unknown(
                "宛先を変える前に向かう領域(zone)",
                "which zone the packet would go to before its destination is changed",
            ));
        }
        let mut going = rule.condition.clone();
        if let Some((to, port)) = &rule.destination {
            coming.destination = whole(&rule.condition.destination, to);
            going.destination = to.clone();
            if let Some(port) = port {
                coming.destination_port = Change::Into {
                    first: *port,
                    last: *port,
                };
                going.services = on_port(*port);
            }
        } else {
            going.egress = rule.to.clone();
        }
        if let Some((outer, inner)) = &rule.back {
            let mut back = Match::all_of(Family::V4);
            back.destination = outer.clone();
            let mut back = keep(back);
            back.destination = whole(outer, inner);
            inward.push(back);
        }
        inward.push(coming);
        for (egress, address, port) in &rule.source {
            let mut condition = going.clone();
            if rule.destination.is_none() {
                condition.egress = egress.clone();
            }
            let mut going = keep(condition);
            going.source = address.clone();
            going.source_port = port.clone();
            outward.push(going);
        }
        if rule.source.is_empty() {
            outward.push(keep(going));
        }
    }
    let changes = |one: &Translation| one.destination != Change::Keep;
    let last = inward.iter().rposition(changes).map_or(0, |last| last + 1);
    inward.truncate(last);
    let changes = |one: &Translation| one.source != Change::Keep;
    let last = outward.iter().rposition(changes).map_or(0, |last| last + 1);
    outward.truncate(last);
    (inward, outward)
}

/// One address for each other where there are as many, else any.
fn whole(from: &Addresses, to: &Addresses) -> Change<u128> {
    let ends = |addresses: &Addresses| {
        let ends = addresses.v4.first().zip(addresses.v4.iter().last());
        ends.map_or((0, 0), |(first, (_, last))| {
            (numbered(IpAddr::V4(first.into())).1, u128::from(last))
        })
    };
    let ((first, last), (new, new_last)) = (ends(from), ends(to));
    let even = from.v4.iter().len() == 1 && last - first == new_last - new;
    if even && last > first {
        Change::Shift { from: first, to: new }
    } else {
        Change::Into {
            first: new,
            last: new_last,
        }
    }
}

/// TCP and UDP to a port.
pub(super) fn on_port(port: u16) -> Vec<Service> {
    [protocol::TCP, protocol::UDP]
        .map(|number| Service::to_ports(number, Ranges::one(port)))
        .to_vec()
}
