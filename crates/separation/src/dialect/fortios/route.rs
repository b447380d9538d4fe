//! Static routes and policy routes.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use model::lang::Text;

use super::object::{Names, subnet};
use super::tree::Entry;
use crate::device::route::Next;
use crate::device::{Addresses, Affects, Interfaces, Match, PolicyRoute, Route, Service, Unread, Way};
use crate::dialect::draft::{Draft, unknown};
use crate::dialect::statement::{number, prefix};
use crate::packet::Family;
use crate::ranges::Ranges;

/// Reads the routes of one virtual domain.
pub(super) struct Routes<'r, 'd> {
    pub(super) names: &'r Names<'d>,
    pub(super) table: &'r str,
    pub(super) within: &'r Interfaces,
    pub(super) draft: &'r mut Draft,
}

impl Routes<'_, '_> {
    pub(super) fn read(&mut self) {
        let domain = self.names.domain;
        for (path, family) in [("router static", Family::V4), ("router static6", Family::V6)] {
            for entry in domain
                .entries(path)
                .iter()
                .filter(|entry| !entry.is("status", "disable"))
            {
                if self.fixed(entry, family).is_none() {
                    self.unread(entry);
                }
            }
        }
        for entry in domain
            .entries("router policy")
            .iter()
            .filter(|entry| !entry.is("status", "disable"))
        {
            if self.policy(entry).is_none() {
                self.unread(entry);
            }
        }
    }

    fn unread(&mut self, entry: &Entry) {
        self.draft.device.unread.push(Unread {
            line: entry.line,
            text: entry.name.clone(),
            why: Text::fixed("経路として読めない", "cannot be read as a route"),
            affects: Affects::Routes,
        });
    }

    fn fixed(&mut self, entry: &Entry, family: Family) -> Option<()> {
        let by_list = entry.one("internet-service").is_some() || entry.one("internet-service-custom").is_some();
        if by_list || entry.one("vrf").is_some_and(|vrf| vrf != "0") {
            return None;
        }
        let networks = match (entry.one("dstaddr"), entry.all("dst")) {
            (Some(name), _) => self.networks(name, family)?,
            (None, []) => vec![(family.address(0), 0)],
            (None, words) if family == Family::V4 => vec![subnet(words)?],
            (None, words) => vec![prefix(words.first()?)?],
        };
        let ways = self.ways(entry, family)?;
        for (network, length) in networks {
            if network.is_ipv4() != (family == Family::V4) {
                return None;
            }
            self.draft.device.routes.push(Route {
                table: self.table.to_owned(),
                network,
                length,
                // A route of a larger distance takes over when the other's line is down: all are followed.
                preference: 1,
                ways: ways.clone(),
                line: entry.line,
            });
        }
        Some(())
    }

    /// Where the entry sends to.
    fn ways(&mut self, entry: &Entry, family: Family) -> Option<Vec<Way>> {
        let zone = entry.one("sdwan-zone");
        if zone.is_some() || entry.is("sdwan", "enable") || entry.is("virtual-wan-link", "enable") {
            let zones: Vec<Option<&str>> = match entry.all("sdwan-zone") {
                [] => vec![None],
                zones => zones.iter().map(|zone| Some(&**zone)).collect(),
            };
            let mut ways = Vec::new();
            for (name, gateway) in zones.into_iter().flat_map(|zone| self.names.lines(zone)) {
                let id = self.draft.interface(&name, entry.line);
                ways.push(way(
                    gateway.map_or(Next::Interface(id), |gateway| Next::GatewayOn(gateway, id))
                ));
            }
            return Some(ways).filter(|ways| !ways.is_empty());
        }
        if entry.is("blackhole", "enable") {
            return Some(vec![way(Next::Discard)]);
        }
        let device = entry.one("device").map(|name| self.draft.interface(name, entry.line));
        let gateway = entry.one("gateway").filter(|_| !entry.is("dynamic-gateway", "enable"));
        let gateway: Option<IpAddr> = match gateway {
            None => None,
            Some(word) => Some(word.parse().ok()?),
        };
        let gateway = gateway.filter(|gateway| !gateway.is_unspecified());
        if gateway.is_some_and(|gateway| gateway.is_ipv4() != (family == Family::V4)) {
            return None;
        }
        Some(vec![way(match (gateway, device) {
            (Some(gateway), Some(device)) => Next::GatewayOn(gateway, device),
            (Some(gateway), None) => Next::Gateway(gateway),
            (None, Some(device)) => Next::Interface(device),
            (None, None) => return None,
        })])
    }

    /// The networks of a named address, if it is networks.
    fn networks(&self, name: &str, family: Family) -> Option<Vec<(IpAddr, u8)>> {
        let found = self.names.addresses(&[name.to_owned()], family).ok()?;
        if !found.unknown.is_empty() {
            return None;
        }
        let mut networks = Vec::new();
        for (first, last) in found.addresses.v4.iter() {
            let size = last - first;
            let is_network = size & size.wrapping_add(1) == 0 && first & size == 0;
            is_network.then_some(())?;
            let length = u8::try_from(size.leading_zeros()).ok()?;
            networks.push((IpAddr::V4(Ipv4Addr::from_bits(first)), length));
        }
        for (first, last) in found.addresses.v6.iter() {
            let size = last - first;
            let is_network = size & size.wrapping_add(1) == 0 && first & size == 0;
            is_network.then_some(())?;
            let length = u8::try_from(size.leading_zeros()).ok()?;
            networks.push((IpAddr::V6(Ipv6Addr::from_bits(first)), length));
        }
        Some(networks)
    }

    fn policy(&mut self, entry: &Entry) -> Option<()> {
        let mut condition = Match::all_of(Family::V4);
        condition.ingress = self.within.clone();
        let devices = entry.all("input-device");
        if !devices.is_empty() {
            let on = self.names.interfaces(devices, self.draft, entry.line);
            condition.ingress = match (entry.is("input-device-negate", "enable"), on) {
                (true, Interfaces::These(ids)) => Interfaces::AllBut(ids).intersect(self.within),
                (true, _) => return None,
                (false, on) => on.intersect(self.within),
            };
        }
        condition.source = self.side(entry, "src", "srcaddr", &mut condition.unknown)?;
        condition.destination = self.side(entry, "dst", "dstaddr", &mut condition.unknown)?;
        if !entry.all("internet-service-id").is_empty() || !entry.all("internet-service-custom").is_empty() {
            condition.unknown.push(unknown(
                "インターネットサービスの一覧",
                "the list of services on the Internet",
            ));
        }
        if !entry.all("users").is_empty() || !entry.all("groups").is_empty() {
            condition.unknown.push(unknown("利用者の認証", "who the user is"));
        }
        let of: u8 = entry.one("protocol").map_or(Some(0), number)?;
        if of != 0 {
            let ports = |from: &str, to: &str| {
                let bound = |key: &str, other: u16| entry.one(key).map_or(Some(other), number);
                Some(Ranges::span(bound(from, 0)?, bound(to, u16::MAX)?))
            };
            condition.services = vec![Service {
                destination_ports: ports("start-port", "end-port")?,
                source_ports: ports("start-source-port", "end-source-port")?,
                ..Service::protocol(of)
            }];
        }
        let ways = match entry.one("action").unwrap_or("permit") {
            "deny" => Vec::new(),
            "permit" => self.policy_ways(entry)?,
            _ => return None,
        };
        self.draft.device.policy_routes.push(PolicyRoute {
            condition,
            ways,
            line: entry.line,
        });
        Some(())
    }

    fn policy_ways(&mut self, entry: &Entry) -> Option<Vec<Way>> {
        let gateway: Option<IpAddr> = entry.one("gateway").and_then(|word| word.parse().ok());
        let gateway = gateway.filter(|gateway| !gateway.is_unspecified());
        let device = entry
            .one("output-device")
            .map(|name| self.draft.interface(name, entry.line));
        let next = match (gateway, device) {
            (Some(gateway), Some(device)) => Next::GatewayOn(gateway, device),
            (Some(gateway), None) => Next::Gateway(gateway),
            (None, Some(device)) => Next::Interface(device),
            (None, None) => return None,
        };
        Some(vec![way(next)])
    }

    fn side(
        &self,
        entry: &Entry,
        networks: &str,
        names: &str,
        depends: &mut Vec<crate::device::Unknown>,
    ) -> Option<Addresses> {
        let all = Addresses::all_of(Family::V4);
        let (words, named) = (entry.all(networks), entry.all(names));
        if words.is_empty() && named.is_empty() {
            return Some(all);
        }
        let mut found = self.names.addresses(named, Family::V4).ok()?;
        match words {
            [address, mask] if !address.contains('/') => {
                let (address, length) = subnet(&[address.clone(), mask.clone()])?;
                found.addresses = found.addresses.union(&Addresses::network(address, length));
            }
            words => {
                for word in words {
                    let (address, length) = prefix(word)?;
                    found.addresses = found.addresses.union(&Addresses::network(address, length));
                }
            }
        }
        let negated = entry.is(&format!("{networks}-negate"), "enable");
        let sure = found.unknown.is_empty();
        depends.extend(found.unknown);
        Some(match (negated, sure) {
            (false, _) => found.addresses,
            (true, true) => all.minus(&found.addresses),
            (true, false) => all,
        })
    }
}

const fn way(next: Next) -> Way {
    Way { condition: None, next }
}
