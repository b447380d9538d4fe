//! Conditions of the terms of filters.

use std::collections::HashMap;

use model::lang::Text;

use super::super::braced::Node;
use super::super::draft::unknown;

use super::super::braced::reading::{Reading, is_in};
use super::flags;
use super::network::{Network, Prefixes, longest, named, networks, only_exceptions};
use super::word::{fits, icmp_code, icmp_type, port, protocol, span};
use crate::device::{Affects, ChainId, InterfaceId, Interfaces, Match, Service, Unknown};
use crate::packet::{Family, protocol as of};
use crate::ranges::{Bound, Ranges};

/// What terms name.
pub(super) struct Names<'n> {
    pub(super) family: Family,
    pub(super) chain: ChainId,
    pub(super) prefixes: &'n Prefixes,
    /// Names of interfaces by the name of their set.
    pub(super) sets: &'n HashMap<String, Vec<String>>,
}

/// Conditions that no packet shows as it is modelled: what depends on fragments, lengths, marks, options.
const DEPENDS: &str = "is-fragment first-fragment fragment-flags fragment-offset fragment-offset-except packet-length \
    packet-length-except ttl ttl-except hop-limit hop-limit-except dscp dscp-except precedence precedence-except \
    traffic-class traffic-class-except ip-options ip-options-except forwarding-class forwarding-class-except loss-priority \
    loss-priority-except flexible-match-mask flexible-match-range ah-spi ah-spi-except esp-spi esp-spi-except \
    extension-header extension-header-except source-mac-address destination-mac-address interface-group \
    interface-group-except source-class source-class-except destination-class destination-class-except \
    traffic-type ether-type service-filter-hit rat-type redirect-reason policy-map gre-key gre-key-except";

/// What the conditions of a term say, one kind each.
struct Said {
    source: Vec<Network>,
    destination: Vec<Network>,
    either: Vec<Network>,
    protocols: Ranges<u8>,
    source_ports: Option<Ranges<u16>>,
    destination_ports: Option<Ranges<u16>>,
    either_ports: Option<Ranges<u16>>,
    neither_ports: Option<Ranges<u16>>,
    icmp: Option<(Ranges<u16>, Ranges<u16>)>,
    flags: Option<Ranges<u8>>,
    ingress: Interfaces,
    unknown: Vec<Unknown>,
}

/// `from { … }` as conditions of which any may hold.
pub(super) fn from(reading: &mut Reading<'_, '_>, part: &Node, names: &Names<'_>) -> Vec<Match> {
    let mut said = Said {
        source: Vec::new(),
        destination: Vec::new(),
        either: Vec::new(),
        protocols: Ranges::all(),
        source_ports: None,
        destination_ports: None,
        either_ports: None,
        neither_ports: None,
        icmp: None,
        flags: None,
        ingress: Interfaces::Any,
        unknown: Vec::new(),
    };
    for condition in part.children() {
        if !self::condition(reading, condition, names, &mut said) {
            reading.unread(
                condition,
                Text::fixed("条件を読めない", "a condition cannot be read"),
                Affects::Chain(names.chain),
            );
            said.unknown
                .push(unknown("読めない条件", "a condition that cannot be read"));
        }
    }
    said.matches(names.family)
}

fn condition(reading: &mut Reading<'_, '_>, node: &Node, names: &Names<'_>, said: &mut Said) -> bool {
    let family = names.family;
    let word = &*node.word;
    let (key, except) = word.strip_suffix("-except").map_or((word, false), |key| (key, true));
    let merge = |known: &mut Option<Ranges<u16>>, found: Ranges<u16>| {
        let found = if except { found.complement() } else { found };
        *known = Some(known.as_ref().map_or(found.clone(), |known| known.intersect(&found)));
    };
    match key {
        "source-address" | "destination-address" | "address" if !except => {
            let Some(found) = networks(reading, node, names) else {
                return false;
            };
            said.side(key).extend(found);
        }
        "source-prefix-list" | "destination-prefix-list" | "prefix-list" if !except => {
            reading.take(node);
            for list in node.children() {
                reading.take(list);
                let Some(found) = named(reading, list, names, &mut said.unknown) else {
                    return false;
                };
                said.side(key).extend(found);
            }
        }
        "protocol" | "next-header" | "payload-protocol" | "ip-protocol" => {
            let Some(found) = values(reading, node, |word| span(word, protocol)) else {
                return false;
            };
            let found = if except { found.complement() } else { found };
            said.protocols = said.protocols.intersect(&found);
        }
        "source-port" | "destination-port" | "port" => {
            let Some(found) = values(reading, node, |word| span(word, port)) else {
                return false;
            };
            match key {
                "source-port" => merge(&mut said.source_ports, found),
                "destination-port" => merge(&mut said.destination_ports, found),
                _ if except => merge(&mut said.neither_ports, found),
                _ => merge(&mut said.either_ports, found),
            }
        }
        "icmp-type" | "icmp-code" => {
            let one = |word: &str| match key {
                "icmp-type" => icmp_type(family, word).map(u16::from),
                _ => icmp_code(family, word).map(u16::from),
            };
            let Some(found) = values(reading, node, |word| span(word, one)) else {
                return false;
            };
            let found = if except { found.complement() } else { found };
            let (types, codes) = said.icmp.take().unwrap_or((Ranges::all(), Ranges::all()));
            said.icmp = Some(if key == "icmp-type" {
                (types.intersect(&found), codes)
            } else {
                (types, codes.intersect(&found))
            });
        }
        "tcp-flags" if !except => {
            let Some(found) = values(reading, node, flags::flags) else {
                return false;
            };
            said.flag(&found);
        }
        "tcp-established" | "tcp-initial" if !except && node.is_leaf() => {
            reading.take(node);
            said.flag(&if key == "tcp-initial" {
                flags::initial()
            } else {
                flags::established()
            });
        }
        "interface" | "interface-set" if !except => {
            let Some(found) = interfaces(reading, node, names) else {
                return false;
            };
            said.ingress = said.ingress.intersect(&Interfaces::These(found));
        }
        // They only say how the list is kept.
        "source-port-range-optimize" | "destination-port-range-optimize" => reading.take(node),
        _ if is_in(DEPENDS, word) => {
            reading.take(node);
            said.unknown.push(unknown(
                "断片・長さ・印などの条件",
                "fragments, lengths, marks, options",
            ));
        }
        _ => return false,
    }
    true
}

impl Said {
    fn side(&mut self, key: &str) -> &mut Vec<Network> {
        if key.starts_with("source") {
            &mut self.source
        } else if key.starts_with("destination") {
            &mut self.destination
        } else {
            &mut self.either
        }
    }

    fn flag(&mut self, found: &Ranges<u8>) {
        self.flags = Some(
            self.flags
                .as_ref()
                .map_or(found.clone(), |known| known.intersect(found)),
        );
    }

    fn matches(mut self, family: Family) -> Vec<Match> {
        let mut sure = Match::all_of(family);
        for (networks, source) in [(&self.source, true), (&self.destination, false)] {
            if networks.is_empty() {
                continue;
            }
            let (addresses, is_sure) = longest(networks, family);
            if !is_sure {
                self.unknown.push(only_exceptions());
            }
            if source {
                sure.source = addresses;
            } else {
                sure.destination = addresses;
            }
        }
        let mut all = vec![sure];
        if !self.either.is_empty() {
            let (addresses, is_sure) = longest(&self.either, family);
            if !is_sure {
                self.unknown.push(only_exceptions());
            }
            all = all
                .into_iter()
                .flat_map(|one| {
                    let (mut source, mut destination) = (one.clone(), one);
                    source.source = source.source.intersect(&addresses);
                    destination.destination = destination.destination.intersect(&addresses);
                    [source, destination]
                })
                .collect();
        }
        let (services, odd) = self.services(family);
        let mut matches = Vec::new();
        for mut one in all {
            one.ingress = self.ingress.clone();
            one.unknown.clone_from(&self.unknown);
            if !odd.is_empty() {
                let mut odd_one = one.clone();
                odd_one.services = vec![Service::protocols(odd.clone())];
                odd_one.unknown.push(unknown(
                    "ポートのないプロトコルの中身",
                    "what stands where other protocols have ports",
                ));
                matches.push(odd_one);
            }
            one.services.clone_from(&services);
            matches.push(one);
        }
        matches
    }

    /// Services that match, and protocols of which other bytes are compared: a condition on ports, types or flags does not look at
    /// the protocol.
    fn services(&self, family: Family) -> (Vec<Service>, Ranges<u8>) {
        let ports = [
            &self.source_ports,
            &self.destination_ports,
            &self.either_ports,
            &self.neither_ports,
        ];
        let mut exact = self.protocols.clone();
        if ports.iter().any(|ports| ports.is_some()) {
            exact = exact.intersect(&Ranges::of(of::WITH_PORTS.map(|number| (number, number))));
        }
        if self.icmp.is_some() {
            exact = exact.intersect(&Ranges::one(family.icmp()));
        }
        if self.flags.is_some() {
            exact = exact.intersect(&Ranges::one(of::TCP));
        }
        let odd = self.protocols.minus(&exact);
        let mut service = Service::protocols(exact);
        let neither = self.neither_ports.clone().unwrap_or_else(Ranges::all);
        service.source_ports = self
            .source_ports
            .clone()
            .unwrap_or_else(Ranges::all)
            .intersect(&neither);
        service.destination_ports = self
            .destination_ports
            .clone()
            .unwrap_or_else(Ranges::all)
            .intersect(&neither);
        if let Some((types, codes)) = &self.icmp {
            service.source_ports.clone_from(types);
            service.destination_ports.clone_from(codes);
        }
        if let Some(flags) = &self.flags {
            service.flags.clone_from(flags);
        }
        let services = match &self.either_ports {
            None => vec![service],
            Some(either) => {
                let mut other = service.clone();
                other.source_ports = other.source_ports.intersect(either);
                service.destination_ports = service.destination_ports.intersect(either);
                vec![other, service]
            }
        };
        (services, odd)
    }
}

fn values<T: Bound>(
    reading: &mut Reading<'_, '_>,
    node: &Node,
    one: impl Fn(&str) -> Option<Ranges<T>>,
) -> Option<Ranges<T>> {
    reading.take(node);
    let mut found = Ranges::none();
    for value in node.children() {
        found = found.union(&one(&value.word).filter(|_| value.is_leaf())?);
        reading.take(value);
    }
    (!node.is_leaf()).then_some(found)
}

fn interfaces(reading: &mut Reading<'_, '_>, node: &Node, names: &Names<'_>) -> Option<Vec<InterfaceId>> {
    reading.take(node);
    let mut found = Vec::new();
    for name in node.children() {
        reading.take(name);
        let patterns: &[String] = if node.word == "interface-set" {
            names.sets.get(&name.word)?
        } else {
            std::slice::from_ref(&name.word)
        };
        let known = (0..).map(InterfaceId).zip(&reading.device().interfaces);
        let fitting = known.filter(|(_, interface)| {
            patterns
                .iter()
                .any(|pattern| fits(pattern, &interface.name) || fits(&format!("{pattern}.*"), &interface.name))
        });
        found.extend(fitting.map(|(id, _)| id));
    }
    Some(found)
}
