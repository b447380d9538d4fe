//! Which packets a rule of translation is for.

use super::super::super::braced::Node;
use super::super::super::statement::{prefix, unknown_word};
use super::super::word::{port, protocol, span};
use super::Rules;
use crate::device::{Addresses, Match, Service};
use crate::packet::protocol as of;
use crate::ranges::Ranges;

/// Conditions of a rule.
const MATCH: &str = "source-address destination-address source-address-name destination-address-name protocol source-port \
    destination-port application";

impl Rules<'_, '_, '_, '_> {
    pub(super) fn matches(&mut self, part: &Node, condition: &mut Match) -> Option<()> {
        let mut protocols = Ranges::none();
        let (mut source_ports, mut destination_ports) = (None, None);
        let mut applications = None;
        let (mut source, mut destination) = (None, None);
        let union = |known: &mut Option<Addresses>, found: &Addresses| {
            *known = Some(known.take().map_or_else(|| found.clone(), |known| known.union(found)));
        };
        for child in part.children() {
            if !self.reading.is(child, MATCH) {
                self.unread(child, unknown_word());
                return None;
            }
            for value in child.children() {
                match &*child.word {
                    "source-address" | "destination-address" => {
                        value.is_leaf().then_some(())?;
                        let (address, length) = prefix(&value.word)?;
                        let side = if child.word == "source-address" {
                            &mut source
                        } else {
                            &mut destination
                        };
                        union(side, &Addresses::network(address, length));
                    }
                    "source-address-name" | "destination-address-name" => {
                        let found = self.names.books.find(None, &value.word)?;
                        condition.unknown.extend(found.unknown);
                        let side = if child.word == "source-address-name" {
                            &mut source
                        } else {
                            &mut destination
                        };
                        union(side, &found.addresses);
                    }
                    "protocol" => protocols = protocols.union(&Ranges::one(protocol(&value.word)?)),
                    "source-port" | "destination-port" => {
                        let mut ports = span(&value.word, port)?;
                        if let Some(to) = value.child("to") {
                            self.reading.take(to);
                            let last = to.children().next()?;
                            self.reading.take(last);
                            ports = Ranges::span(ports.first()?, port(&last.word)?);
                        }
                        let side = if child.word == "source-port" {
                            &mut source_ports
                        } else {
                            &mut destination_ports
                        };
                        let known: Ranges<u16> = side.take().unwrap_or_else(Ranges::none);
                        *side = Some(known.union(&ports));
                    }
                    "application" => {
                        let found = self.names.applications.find(&value.word)?;
                        applications.get_or_insert_with(Vec::new).extend(found);
                    }
                    _ => return None,
                }
                self.reading.take(value);
            }
            (!child.is_leaf()).then_some(())?;
        }
        if let Some(source) = source {
            condition.source = source;
        }
        if let Some(destination) = destination {
            condition.destination = destination;
        }
        if let Some(applications) = applications {
            condition.services = applications;
        }
        let ports = source_ports.is_some() || destination_ports.is_some();
        if protocols.is_empty() && ports {
            protocols = Ranges::of(of::WITH_PORTS.map(|number| (number, number)));
        }
        if !protocols.is_empty() {
            let service = Service {
                source_ports: source_ports.unwrap_or_else(Ranges::all),
                destination_ports: destination_ports.unwrap_or_else(Ranges::all),
                ..Service::protocols(protocols)
            };
            condition.services = condition
                .services
                .iter()
                .filter_map(|known| known.intersect(&service))
                .collect();
        }
        Some(())
    }
}
