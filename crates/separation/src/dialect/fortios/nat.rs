//! Translation: virtual addresses on the way in, policies or the central table on the way out.

use model::lang::Text;

use super::object::{Names, protocol_number, span};
use super::policy::Policy;
use super::service::ports;
use super::tree::Entry;
use crate::device::{Addresses, Affects, Change, InterfaceId, Interfaces, Match, Service, Translation, Unread};
use crate::dialect::draft::Draft;
use crate::dialect::statement::number;
use crate::packet::{Family, protocol};

/// Ports that a device takes for flows whose source it changes.
const PORTS: (u16, u16) = (1024, u16::MAX);

/// Reads translations of one virtual domain.
pub(super) struct Nat<'r, 'd> {
    pub(super) names: &'r Names<'d>,
    pub(super) within: &'r Interfaces,
    pub(super) draft: &'r mut Draft,
}

impl Nat<'_, '_> {
    /// What virtual addresses do to packets that come in.
    pub(super) fn inward(&mut self) -> Vec<Translation> {
        let mut all = Vec::new();
        let domain = self.names.domain;
        for entry in domain
            .entries("firewall vip")
            .iter()
            .filter(|entry| !entry.is("status", "disable"))
        {
            match self.virtual_address(entry) {
                Some(translations) => all.extend(translations),
                None => self.unread(
                    entry,
                    "type",
                    Text::fixed("この仮想 IP は読めない", "this virtual address cannot be read"),
                ),
            }
        }
        all
    }

    fn virtual_address(&mut self, entry: &Entry) -> Option<Vec<Translation>> {
        if entry.one("type").is_some_and(|kind| kind != "static-nat")
            || entry.is("nat46", "enable")
            || entry.one("mapped-addr").is_some()
            || entry.one("extaddr").is_some()
        {
            return None;
        }
        let (from, to) = (span(entry.one("extip")?)?, span(entry.one("mappedip")?)?);
        let same_size = from.1.to_bits() - from.0.to_bits() == to.1.to_bits() - to.0.to_bits();
        if !same_size {
            return None;
        }
        let mut condition = Match::all_of(Family::V4);
        condition.ingress = match entry.all("extintf") {
            [] => self.within.clone(),
            names => self
                .names
                .interfaces(names, self.draft, entry.line)
                .intersect(self.within),
        };
        condition.destination = Addresses::span(from.0.into(), from.1.into());
        if from.0.is_unspecified() {
            condition.destination = Addresses::all_of(Family::V4);
        }
        let filters = entry.all("src-filter");
        if !filters.is_empty() {
            let sources = filters.iter().map(|word| source_filter(word));
            condition.source = sources
                .collect::<Option<Vec<_>>>()?
                .iter()
                .fold(Addresses::none(), |all, one| all.union(one));
        }
        let filtered = entry.all("srcintf-filter");
        if !filtered.is_empty() {
            let ingress = self.names.interfaces(filtered, self.draft, entry.line);
            condition.ingress = condition.ingress.intersect(&ingress);
        }
        let mut translation = Translation {
            name: format!("vip {}", entry.name),
            condition,
            source: Change::Keep,
            destination: Change::Shift {
                from: from.0.to_bits().into(),
                to: to.0.to_bits().into(),
            },
            source_port: Change::Keep,
            destination_port: Change::Keep,
            line: entry.line,
        };
        if from.0.is_unspecified() {
            translation.destination = Change::Into {
                first: to.0.to_bits().into(),
                last: to.1.to_bits().into(),
            };
        }
        if !entry.all("service").is_empty() {
            translation.condition.services = self.names.services(entry.all("service")).ok()?.0;
        }
        if entry.is("portforward", "enable") {
            let of = protocol_number(entry.one("protocol").unwrap_or("tcp"))?;
            if of == protocol::ICMP {
                translation.condition.services = vec![Service::protocol(of)];
                return Some(vec![translation]);
            }
            let outer = ports(entry.one("extport")?)?;
            let inner = entry.one("mappedport").map_or(Some(outer.clone()), ports)?;
            let (from, to) = (outer.first()?, inner.first()?);
            translation.condition.services = vec![Service::to_ports(of, outer)];
            if from != to {
                translation.destination_port = Change::Shift { from, to };
            }
        }
        Some(vec![translation])
    }

    /// What policies do to the source of packets that go out.
    pub(super) fn by_policies(&mut self, policies: &[Policy<'_>]) -> Vec<Translation> {
        if !policies.iter().any(|policy| policy.entry.is("nat", "enable")) {
            return Vec::new();
        }
        let mut all = Vec::new();
        for policy in policies.iter().filter(|policy| policy.permits) {
            let entry = policy.entry;
            for rule in &policy.rules {
                let translates = entry.is("nat", "enable") && rule.condition.source.v6.is_empty();
                if entry.is("nat", "enable") && !translates {
                    self.unread(
                        entry,
                        "nat",
                        Text::fixed("IPv6 の NAT は読めない", "translation of IPv6 is not read"),
                    );
                }
                let name = format!("policy {}", entry.name);
                if !translates {
                    all.push(kept(name, rule.condition.clone(), entry));
                    continue;
                }
                all.extend(self.outward(&name, &rule.condition, entry));
            }
        }
        all
    }

    fn outward(&mut self, name: &str, condition: &Match, entry: &Entry) -> Vec<Translation> {
        let mut all = self.static_sources(name, condition, entry);
        let keeps_port = entry.is("fixedport", "enable");
        let change = |first: u32, last: u32, condition: Match| Translation {
            source: Change::Into {
                first: first.into(),
                last: last.into(),
            },
            source_port: if keeps_port {
                Change::Keep
            } else {
                Change::Into {
                    first: PORTS.0,
                    last: PORTS.1,
                }
            },
            ..kept(name.to_owned(), condition, entry)
        };
        if entry.is("ippool", "enable") {
            match self.pools(entry.all("poolname")) {
                Some((first, last)) => all.push(change(first, last, condition.clone())),
                None => self.unread(
                    entry,
                    "poolname",
                    Text::fixed("アドレスプールを読めない", "a pool of addresses cannot be read"),
                ),
            }
            return all;
        }
        let count = self.draft.device.interfaces.len();
        for id in (0..count).filter_map(|id| u16::try_from(id).ok()).map(InterfaceId) {
            if !condition.egress.contains(id) || !self.within.contains(id) {
                continue;
            }
            let own = self.draft.of(id).and_then(|interface| {
                interface.addresses.iter().find_map(|(own, _)| match own {
                    std::net::IpAddr::V4(own) => Some(own.to_bits()),
                    std::net::IpAddr::V6(_) => None,
                })
            });
            let (first, last) = own.map_or((0, u32::MAX), |own| (own, own));
            let mut condition = condition.clone();
            condition.egress = Interfaces::These(vec![id]);
            all.push(change(first, last, condition));
        }
        all
    }

    /// A host behind a virtual address goes out with that address.
    fn static_sources(&mut self, name: &str, condition: &Match, entry: &Entry) -> Vec<Translation> {
        let mut all = Vec::new();
        let domain = self.names.domain;
        let whole = domain
            .entries("firewall vip")
            .iter()
            .filter(|vip| !vip.is("portforward", "enable"));
        for vip in whole {
            let spans = vip.one("extip").and_then(span).zip(vip.one("mappedip").and_then(span));
            let Some((outer, inner)) = spans.filter(|(outer, _)| !outer.0.is_unspecified()) else {
                continue;
            };
            let mut condition = condition.clone();
            condition.source = condition
                .source
                .intersect(&Addresses::span(inner.0.into(), inner.1.into()));
            if !vip.all("extintf").is_empty() {
                let on = self.names.interfaces(vip.all("extintf"), self.draft, vip.line);
                condition.egress = condition.egress.intersect(&on);
            }
            if !condition.is_empty() {
                all.push(Translation {
                    source: Change::Shift {
                        from: inner.0.to_bits().into(),
                        to: outer.0.to_bits().into(),
                    },
                    ..kept(name.to_owned(), condition, entry)
                });
            }
        }
        all
    }

    fn pools(&self, names: &[String]) -> Option<(u32, u32)> {
        let mut spans = Vec::new();
        for name in names {
            let pool = self.names.domain.entry("firewall ippool", name)?;
            let (first, _) = span(pool.one("startip")?)?;
            let (last, _) = span(pool.one("endip")?)?;
            spans.push((first.to_bits(), last.to_bits()));
        }
        let first = spans.iter().map(|(first, _)| *first).min()?;
        let last = spans.iter().map(|(_, last)| *last).max()?;
        (first <= last).then_some((first, last))
    }

    /// What the central table does.
    pub(super) fn central(&mut self) -> Vec<Translation> {
        let mut all = Vec::new();
        let domain = self.names.domain;
        for entry in domain
            .entries("firewall central-snat-map")
            .iter()
            .filter(|entry| !entry.is("status", "disable"))
        {
            match self.central_entry(entry) {
                Some(translations) => all.extend(translations),
                None => self.unread(
                    entry,
                    "type",
                    Text::fixed(
                        "変換の行を読めない",
                        "an entry of the table of translations cannot be read",
                    ),
                ),
            }
        }
        all
    }

    fn central_entry(&mut self, entry: &Entry) -> Option<Vec<Translation>> {
        if entry.is("type", "ipv6") || entry.one("nat-port").is_some_and(|port| port != "0") {
            return None;
        }
        let mut condition = Match::all_of(Family::V4);
        let line = entry.line;
        condition.ingress = self
            .names
            .interfaces(entry.all("srcintf"), self.draft, line)
            .intersect(self.within);
        condition.egress = self
            .names
            .interfaces(entry.all("dstintf"), self.draft, line)
            .intersect(self.within);
        for (key, source) in [("orig-addr", true), ("dst-addr", false)] {
            let found = self.names.addresses(entry.all(key), Family::V4).ok()?;
            condition.unknown.extend(found.unknown);
            if source {
                condition.source = found.addresses;
            } else {
                condition.destination = found.addresses;
            }
        }
        let of: u8 = entry.one("protocol").map_or(Some(0), number)?;
        if of != 0 {
            let mut service = Service::protocol(of);
            if let Some(word) = entry.one("orig-port").filter(|word| *word != "0") {
                service.source_ports = ports(word)?;
            }
            condition.services = vec![service];
        }
        let name = format!("central-snat-map {}", entry.name);
        if entry.is("nat", "disable") {
            return Some(vec![kept(name, condition, entry)]);
        }
        if entry.all("nat-ippool").is_empty() {
            return Some(self.outward(&name, &condition, entry));
        }
        let (first, last) = self.pools(entry.all("nat-ippool"))?;
        Some(vec![Translation {
            source: Change::Into {
                first: first.into(),
                last: last.into(),
            },
            source_port: Change::Into {
                first: PORTS.0,
                last: PORTS.1,
            },
            ..kept(name, condition, entry)
        }])
    }

    fn unread(&mut self, entry: &Entry, key: &str, why: Text) {
        self.draft.device.unread.push(Unread {
            line: entry.at(key),
            text: entry.name.clone(),
            why,
            affects: Affects::Translations,
        });
    }
}

fn kept(name: String, condition: Match, entry: &Entry) -> Translation {
    Translation {
        name,
        condition,
        source: Change::Keep,
        destination: Change::Keep,
        source_port: Change::Keep,
        destination_port: Change::Keep,
        line: entry.line,
    }
}

/// `192.0.2.0/24` or `192.0.2.5-192.0.2.9`
fn source_filter(word: &str) -> Option<Addresses> {
    if let Some((first, last)) = span(word) {
        return Some(Addresses::span(first.into(), last.into()));
    }
    let (address, length) = crate::dialect::statement::prefix(word)?;
    Some(Addresses::network(address, length)).filter(|found| !found.v4.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ranges::Ranges;

    #[test]
    fn a_source_filter_is_a_network_or_a_range() {
        assert!(source_filter("192.0.2.0/24").is_some() && source_filter("192.0.2.5-192.0.2.9").is_some());
        assert!(source_filter("here").is_none());
        assert_eq!(ports("80-90"), Some(Ranges::span(80, 90)));
    }
}
