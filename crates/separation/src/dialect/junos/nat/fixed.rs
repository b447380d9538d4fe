//! Static entries: an outer and an inner address for each other.

use super::super::super::braced::Node;
use super::super::super::statement::prefix;
use super::super::word::port;
use super::{Rules, ends, of_family};
use crate::device::{Addresses, Change, Interfaces, Match, Service, Translation};
use crate::packet::number;
use crate::ranges::Ranges;

impl Rules<'_, '_, '_, '_> {
    /// A static entry: what comes in is sent on to the inner address, and what the inner address sends has the outer one.
    pub(super) fn fixed(
        &mut self,
        act: &Node,
        condition: &Match,
        from: &Interfaces,
        keep: &impl Fn(Match) -> Translation,
        inward: &mut Vec<Translation>,
        outward: &mut Vec<Translation>,
    ) -> Option<()> {
        let (outer, outer_last) = ends(&condition.destination)?;
        let mut inner = None;
        let mut ports = None;
        for child in act.children() {
            self.reading.is(child, "prefix prefix-name inet");
            match &*child.word {
                "prefix" | "prefix-name" => {
                    for value in child.children() {
                        match &*value.word {
                            "mapped-port" => {
                                self.reading.take(value);
                                ports = Some(self.mapped(value)?);
                            }
                            "routing-instance" => return None,
                            word => {
                                let addresses = if child.word == "prefix" {
                                    let (address, length) = prefix(word)?;
                                    Addresses::network(address, length)
                                } else {
                                    let found = self.names.books.find(None, word)?;
                                    found.unknown.is_empty().then_some(found.addresses)?
                                };
                                inner = Some(addresses);
                                self.reading.take(value);
                                for more in value.children() {
                                    self.reading.is(more, "mapped-port").then_some(())?;
                                    ports = Some(self.mapped(more)?);
                                }
                            }
                        }
                    }
                }
                // To and from the other family of addresses.
                _ => return None,
            }
        }
        let inner_all = inner?;
        let (inner, inner_last) = ends(&inner_all)?;
        let ((family, outer), (_, outer_last)) = (number(outer), number(outer_last));
        let ((inner_family, inner), (_, inner_last)) = (number(inner), number(inner_last));
        (family == inner_family && outer_last - outer == inner_last - inner).then_some(())?;
        let condition = of_family(condition.clone(), family);
        let mut coming = keep(condition.clone());
        coming.destination = Change::Shift { from: outer, to: inner };
        let mut going = of_family(Match::everything(), family);
        going.source = inner_all;
        going.destination = condition.source.clone();
        going.egress = from.clone();
        let mut going_port = Change::Keep;
        match ports {
            None => {
                // Only some ports: only those come back so.
                going.services = condition.services.iter().map(turned).collect();
            }
            Some((first, last)) => {
                let asked = condition
                    .services
                    .iter()
                    .map(|service| service.destination_ports.clone());
                let asked = asked.reduce(|one, other| one.union(&other))?;
                let (asked_first, asked_last) = (asked.first()?, asked.iter().last()?.1);
                (asked_last - asked_first == last - first).then_some(())?;
                coming.destination_port = Change::Shift {
                    from: asked_first,
                    to: first,
                };
                going_port = Change::Shift {
                    from: first,
                    to: asked_first,
                };
                going.services = condition
                    .services
                    .iter()
                    .map(|service| Service {
                        source_ports: Ranges::span(first, last),
                        destination_ports: service.source_ports.clone(),
                        ..service.clone()
                    })
                    .collect();
            }
        }
        let mut going = keep(going);
        going.source = Change::Shift { from: inner, to: outer };
        going.source_port = going_port;
        inward.push(coming);
        outward.push(going);
        Some(())
    }

    /// `mapped-port 8080 to 8089`
    fn mapped(&mut self, node: &Node) -> Option<(u16, u16)> {
        let first = node.children().next()?;
        self.reading.take(first);
        let from = port(&first.word)?;
        let Some(to) = first.child("to") else {
            return first.is_leaf().then_some((from, from));
        };
        self.reading.take(to);
        let last = to.children().next()?;
        self.reading.take(last);
        let last = port(&last.word)?;
        (from <= last).then_some((from, last))
    }
}

/// The service of the answers.
fn turned(service: &Service) -> Service {
    Service {
        source_ports: service.destination_ports.clone(),
        destination_ports: service.source_ports.clone(),
        ..service.clone()
    }
}
