//! Addresses that a rule changes to.

use std::net::IpAddr;

use super::super::super::braced::Node;
use super::super::super::braced::reading::{After, Keys};
use super::super::super::statement::{prefix, unknown_word};
use super::super::word::port;
use super::{AFFECTS, Kind, Pool, Rules, ends};
use crate::device::Addresses;

/// How ports of a pool are chosen.
const POOL_PORT: &str = "no-translation range port-overloading port-overloading-factor deterministic block-allocation";

const POOL: Keys = &[
    ("address", After::Own),
    ("port", After::Own),
    ("routing-instance", After::Own),
    ("host-address-base", After::Own),
    ("overflow-pool", After::Own),
    ("description", After::Hidden),
    ("address-persistent", After::Beside),
    ("address-pooling", After::Beside),
    ("address-shared", After::Beside),
    ("pool-utilization-alarm", After::Beside),
    ("limit-address", After::Beside),
    ("ei-mapping-timeout", After::Hidden),
    ("mapping-timeout", After::Hidden),
];

impl Rules<'_, '_, '_, '_> {
    pub(super) fn pool(&mut self, node: &Node, kind: Kind) -> Option<Pool> {
        let settings = self.reading.settings(node, POOL, AFFECTS);
        let (mut spans, mut port, mut keeps_port, mut fine) = (Vec::new(), None, false, true);
        for setting in &settings {
            match setting.key {
                "address" => {
                    for address in setting.at.children() {
                        match self.pool_address(address, &mut port) {
                            Some(span) => spans.extend(span),
                            None => fine = false,
                        }
                    }
                }
                "port" if kind == Kind::Source => {
                    keeps_port |= setting.at.child("no-translation").is_some();
                    // Ranges are taken for as wide as they can be.
                    fine &= setting.at.children().all(|word| self.reading.is(word, POOL_PORT));
                }
                _ => {
                    // A rule that uses the pool cannot be read, then.
                    fine = false;
                }
            }
        }
        let first = spans.iter().map(|(first, _)| *first).min();
        let last = spans.iter().map(|(_, last)| *last).max();
        let pool = first
            .zip(last)
            .filter(|(first, last)| fine && first.is_ipv4() == last.is_ipv4());
        pool.map(|(first, last)| Pool {
            first,
            last,
            port,
            keeps_port,
        })
    }

    /// `198.51.100.0/24`, `198.51.100.1 to 198.51.100.9`, `192.0.2.7 port 8080`, `port 8080`; `None` where it cannot be read.
    fn pool_address(&mut self, node: &Node, port_of: &mut Option<u16>) -> Option<Option<(IpAddr, IpAddr)>> {
        if node.word == "port" {
            self.reading.take(node);
            let value = self.reading.one(node, AFFECTS)?;
            *port_of = Some(port(&value.word).filter(|_| value.is_leaf())?);
            self.reading.take(value);
            return Some(None);
        }
        let (address, length) = prefix(&node.word)?;
        self.reading.take(node);
        let network = Addresses::network(address, length);
        let (mut first, mut last) = ends(&network)?;
        for more in node.children() {
            self.reading.is(more, "to port");
            let value = more.children().next();
            match (&*more.word, value) {
                ("to", Some(end)) => {
                    let (end_address, _) = prefix(&end.word)?;
                    self.reading.take(end);
                    (first, last) = (address, end_address);
                    (first <= last && first.is_ipv4() == last.is_ipv4()).then_some(())?;
                    for more in end.children() {
                        self.unread(more, unknown_word());
                    }
                }
                ("port", Some(value)) => {
                    *port_of = Some(port(&value.word)?);
                    self.reading.take(value);
                }
                _ => {
                    self.unread(more, unknown_word());
                    return None;
                }
            }
        }
        Some(Some((first, last)))
    }
}
