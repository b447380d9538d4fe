//! What names mean: addresses, groups, services, interfaces, zones.

use std::net::{IpAddr, Ipv4Addr};

use model::lang::Text;

use super::tree::{Domain, Entry};
use crate::device::{Addresses, InterfaceId, Interfaces, Line, Service, Unknown};
use crate::dialect::draft::{Draft, unknown};
use crate::dialect::names;
use crate::dialect::statement::{mask_length, number, prefix};
use crate::packet::{Family, protocol};
use crate::ranges::Ranges;

/// Groups in groups deeper than this hold each other in a circle.
const DEEPEST: usize = 16;

/// A set of addresses, and what it depends on beside the packet.
#[derive(Clone)]
pub(super) struct Found {
    pub(super) addresses: Addresses,
    pub(super) unknown: Vec<Unknown>,
}

/// Names of one virtual domain.
pub(super) struct Names<'d> {
    pub(super) domain: &'d Domain,
}

/// A name that means nothing, or something that cannot be read.
pub(super) type Missing = Text;

fn missing(what: (&str, &str), name: &str) -> Missing {
    Text::new(
        format!("{}「{name}」を読めない、又は定義されていない", what.0),
        format!("{} `{name}` cannot be read, or is defined nowhere", what.1),
    )
}

impl Names<'_> {
    /// The addresses of names, of one family.
    pub(super) fn addresses(&self, names: &[String], family: Family) -> Result<Found, Missing> {
        self.all(names, family, 0)
    }

    fn all(&self, names: &[String], family: Family, depth: usize) -> Result<Found, Missing> {
        let mut all = Found {
            addresses: Addresses::none(),
            unknown: Vec::new(),
        };
        for name in names {
            let found = self.address(name, family, depth)?;
            all.addresses = all.addresses.union(&found.addresses);
            all.unknown.extend(found.unknown);
        }
        Ok(all)
    }

    fn address(&self, name: &str, family: Family, depth: usize) -> Result<Found, Missing> {
        let refused = || missing(("アドレス", "address"), name);
        if depth > DEEPEST {
            return Err(refused());
        }
        let (single, group) = match family {
            Family::V4 => ("firewall address", "firewall addrgrp"),
            Family::V6 => ("firewall address6", "firewall addrgrp6"),
        };
        if let Some(entry) = self.domain.entry(single, name) {
            return one(entry, family).ok_or_else(refused);
        }
        if let Some(entry) = self.domain.entry(group, name) {
            let mut found = self.all(entry.all("member"), family, depth + 1)?;
            if entry.is("exclude", "enable") {
                let less = self.all(entry.all("exclude-member"), family, depth + 1)?;
                // What may not be excluded stays.
                if less.unknown.is_empty() {
                    found.addresses = found.addresses.minus(&less.addresses);
                }
                found.unknown.extend(less.unknown);
            }
            return Ok(found);
        }
        if family == Family::V4
            && let Some(found) = self.mapped(name, depth)
        {
            return Ok(found);
        }
        let known = match name {
            "all" | "any" => Addresses::all_of(family),
            "none" => Addresses::none(),
            _ => return Err(refused()),
        };
        Ok(Found {
            addresses: known,
            unknown: Vec::new(),
        })
    }

    /// What a virtual address leads to: rules see it after the change.
    fn mapped(&self, name: &str, depth: usize) -> Option<Found> {
        if depth > DEEPEST {
            return None;
        }
        if let Some(group) = self.domain.entry("firewall vipgrp", name) {
            let mut addresses = Addresses::none();
            for member in group.all("member") {
                addresses = addresses.union(&self.mapped(member, depth + 1)?.addresses);
            }
            return Some(Found {
                addresses,
                unknown: Vec::new(),
            });
        }
        let entry = self.domain.entry("firewall vip", name)?;
        let (first, last) = span(entry.one("mappedip")?)?;
        Some(Found {
            addresses: Addresses::span(first.into(), last.into()),
            unknown: Vec::new(),
        })
    }

    /// Whether a name is that of a virtual address or of a group of them.
    pub(super) fn is_virtual(&self, name: &str) -> bool {
        self.domain.entry("firewall vip", name).is_some() || self.domain.entry("firewall vipgrp", name).is_some()
    }

    /// The services of names.
    pub(super) fn services(&self, names: &[String]) -> Result<(Vec<Service>, Vec<Unknown>), Missing> {
        let (mut all, mut depends) = (Vec::new(), Vec::new());
        for name in names {
            self.service(name, 0, &mut all, &mut depends)?;
        }
        Ok((all, depends))
    }

    fn service(
        &self,
        name: &str,
        depth: usize,
        all: &mut Vec<Service>,
        depends: &mut Vec<Unknown>,
    ) -> Result<(), Missing> {
        let refused = || missing(("サービス", "service"), name);
        if depth > DEEPEST {
            return Err(refused());
        }
        if let Some(group) = self.domain.entry("firewall service group", name) {
            for member in group.all("member") {
                self.service(member, depth + 1, all, depends)?;
            }
            return Ok(());
        }
        if let Some(entry) = self.domain.entry("firewall service custom", name) {
            all.extend(super::service::custom(entry).ok_or_else(refused)?);
            let limited = entry.one("iprange").is_some_and(|range| range != "0.0.0.0") || entry.one("fqdn").is_some();
            if limited || entry.one("application").is_some() || entry.one("app-category").is_some() {
                depends.push(unknown("サービスに付いた条件", "a condition of the service"));
            }
            return Ok(());
        }
        all.extend(super::service::predefined(name).ok_or_else(refused)?);
        Ok(())
    }

    /// The interfaces of names: interfaces, zones, groups of lines.
    pub(super) fn interfaces(&self, names: &[String], draft: &mut Draft, line: Line) -> Interfaces {
        let mut ids: Vec<InterfaceId> = Vec::new();
        for name in names {
            if name == "any" {
                return Interfaces::Any;
            }
            if let Some(zone) = self.domain.entry("system zone", name) {
                ids.extend(
                    zone.all("interface")
                        .iter()
                        .map(|name| draft.interface(name, zone.line)),
                );
                continue;
            }
            let lines = self.lines(Some(name));
            if lines.is_empty() {
                ids.push(draft.interface(name, line));
            } else {
                ids.extend(lines.iter().map(|(name, _)| draft.interface(name, line)));
            }
        }
        ids.sort_unstable();
        ids.dedup();
        Interfaces::These(ids)
    }

    /// The lines of a zone of the wide-area choice among lines, or of all its zones, with their gateways.
    pub(super) fn lines(&self, zone: Option<&str>) -> Vec<(String, Option<IpAddr>)> {
        const DEFAULT: &str = "virtual-wan-link";
        let members = ["system sdwan/members", "system virtual-wan-link/members"];
        let members = members.iter().flat_map(|path| self.domain.entries(path));
        let of_zone = members.filter(|member| zone.is_none_or(|zone| member.one("zone").unwrap_or(DEFAULT) == zone));
        of_zone
            .filter_map(|member| {
                let gateway: Option<IpAddr> = member.one("gateway").and_then(|word| word.parse().ok());
                let gateway = gateway.filter(|gateway| !gateway.is_unspecified());
                Some((member.one("interface")?.to_owned(), gateway))
            })
            .collect()
    }
}

fn one(entry: &Entry, family: Family) -> Option<Found> {
    let known = |addresses| {
        Some(Found {
            addresses,
            unknown: Vec::new(),
        })
    };
    let depends = |ja: &str, en: &str| {
        Some(Found {
            addresses: Addresses::all_of(family),
            unknown: vec![unknown(ja, en)],
        })
    };
    let kind = entry.one("type").unwrap_or("ipmask");
    match kind {
        "ipmask" | "interface-subnet" if family == Family::V4 => match entry.all("subnet") {
            [] if kind == "ipmask" => known(Addresses::all_of(family)),
            [] => depends("インタフェースのネットワーク", "the network of an interface"),
            words => {
                let (address, length) = subnet(words)?;
                known(Addresses::network(address, length))
            }
        },
        "ipprefix" | "ipmask" => match entry.one("ip6") {
            None => known(Addresses::all_of(family)),
            Some(word) => {
                let (address, length) = prefix(word).filter(|(address, _)| address.is_ipv6())?;
                known(Addresses::network(address, length))
            }
        },
        "iprange" => {
            let bound = |key: &str| entry.one(key).map_or(Some(family.address(0)), |word| word.parse().ok());
            let (first, last): (IpAddr, IpAddr) = (bound("start-ip")?, bound("end-ip")?);
            let fits = first.is_ipv4() == (family == Family::V4) && first.is_ipv4() == last.is_ipv4() && first <= last;
            fits.then_some(())?;
            known(Addresses::span(first, last))
        }
        "wildcard" => match entry.all("wildcard") {
            [address, mask] => known(Addresses::of_v4(wildcard(address.parse().ok()?, mask.parse().ok()?)?)),
            _ => known(Addresses::all_of(family)),
        },
        "fqdn" | "wildcard-fqdn" => depends("名前解決の結果", "what a name resolves to"),
        "geography" => depends("国別アドレスの表", "which country an address is of"),
        "dynamic" | "mac" | "template" | "route-tag" => {
            depends("機器の外で決まるアドレス", "addresses that are decided elsewhere")
        }
        _ => None,
    }
}

/// `192.0.2.0 255.255.255.0` or `192.0.2.0/24`
pub(super) fn subnet(words: &[String]) -> Option<(IpAddr, u8)> {
    match words {
        [word] => prefix(word),
        [address, mask] => {
            let address: Ipv4Addr = address.parse().ok()?;
            Some((address.into(), mask_length(mask.parse().ok()?)?))
        }
        _ => None,
    }
}

/// Addresses of which the bits of the mask are those of `address`; `None` for more ranges than are followed.
fn wildcard(address: Ipv4Addr, mask: Ipv4Addr) -> Option<Ranges<u32>> {
    crate::dialect::statement::masked(address.to_bits(), mask.to_bits())
}

/// `198.51.100.5` or `198.51.100.5-198.51.100.9`
pub(super) fn span(word: &str) -> Option<(Ipv4Addr, Ipv4Addr)> {
    let (first, last) = word.split_once('-').unwrap_or((word, word));
    let (first, last): (Ipv4Addr, Ipv4Addr) = (first.parse().ok()?, last.parse().ok()?);
    (first <= last).then_some((first, last))
}

/// A protocol of a rule of translation, by number.
pub(super) fn protocol_number(word: &str) -> Option<u8> {
    match word {
        "tcp" => Some(protocol::TCP),
        "udp" => Some(protocol::UDP),
        "sctp" => Some(protocol::SCTP),
        "icmp" => Some(protocol::ICMP),
        _ => number(word).or_else(|| names::protocol(word)),
    }
}
