//! What names mean: addresses, groups of them, services, applications.

use std::net::IpAddr;

use super::super::braced::Node;
use super::super::braced::reading::{Reading, is_in};
use super::super::draft::unknown;
use super::super::statement::{masked, prefix, unknown_word};
use super::scope::Scope;
use super::service;
use crate::device::{Addresses, Affects, Service, Unknown};

/// Groups in groups deeper than this hold each other in a circle.
const DEEPEST: usize = 16;

/// A set of addresses, and what it depends on beside the packet.
#[derive(Clone)]
pub(super) struct Found {
    pub(super) addresses: Addresses,
    pub(super) unknown: Vec<Unknown>,
}

/// Services of an application, and whether they are all that it uses.
pub(super) struct Application {
    /// `None` where the ports are not known.
    pub(super) services: Option<Vec<Service>>,
}

/// All objects.
pub(super) struct Objects<'s, 'n> {
    scope: &'s Scope<'n>,
}

impl<'s, 'n> Objects<'s, 'n> {
    /// Takes the words of the objects that may be shown; what is wrong with one is said by the rule that uses it.
    pub(super) fn read(reading: &mut Reading<'_, '_>, scope: &'s Scope<'n>) -> Self {
        for (kind, keys) in [
            (
                "address",
                "ip-netmask ip-range ip-wildcard fqdn description tag disable-override",
            ),
            ("address-group", "static dynamic description tag disable-override"),
            ("service", "protocol description tag disable-override"),
            ("service-group", "members tag"),
            ("application-group", "members"),
        ] {
            for entry in scope.all(kind).flat_map(Node::children) {
                reading.take(entry);
                for setting in entry.children() {
                    if !reading.is(setting, keys) {
                        reading.unread(setting, unknown_word(), Affects::Everything);
                    } else if !is_in("description tag dynamic fqdn protocol", &setting.word) {
                        shown(reading, setting);
                    } else if setting.word == "protocol" {
                        service::take(reading, setting);
                    }
                }
            }
        }
        for entry in scope.all("application").flat_map(Node::children) {
            reading.take(entry);
            if let Some(default) = entry.child("default") {
                service::take_default(reading, default);
            }
        }
        for kind in ["application-filter", "external-list", "region"] {
            scope
                .all(kind)
                .flat_map(Node::children)
                .for_each(|entry| reading.take(entry));
        }
        Self { scope }
    }

    fn entry(&self, kind: &str, name: &str) -> Option<&'n Node> {
        self.scope.all(kind).find_map(|entries| entries.child(name))
    }

    /// The addresses of a name; `None` where it is defined nowhere or cannot be read.
    pub(super) fn address(&self, name: &str) -> Option<Found> {
        self.within(name, 0)
    }

    fn within(&self, name: &str, depth: usize) -> Option<Found> {
        let known = |addresses| {
            Some(Found {
                addresses,
                unknown: Vec::new(),
            })
        };
        let depends = |ja: &str, en: &str| {
            Some(Found {
                addresses: Addresses::all(),
                unknown: vec![unknown(ja, en)],
            })
        };
        if depth > DEEPEST {
            return None;
        }
        if let Some(entry) = self.entry("address", name) {
            let kind = entry
                .children()
                .find(|kind| is_in("ip-netmask ip-range ip-wildcard fqdn", &kind.word))?;
            let value = kind.children().next()?;
            return match &*kind.word {
                "ip-netmask" => known(literal(&value.word)?),
                "ip-range" => known(literal(&value.word)?),
                "ip-wildcard" => known(wildcard(&value.word)?),
                _ => depends("名前解決の結果", "what a name resolves to"),
            };
        }
        if let Some(entry) = self.entry("address-group", name) {
            if entry.child("dynamic").is_some() {
                return depends("タグで決まるアドレス", "addresses that are decided by tags");
            }
            let mut all = Found {
                addresses: Addresses::none(),
                unknown: Vec::new(),
            };
            for member in entry.child("static").into_iter().flat_map(Node::children) {
                let found = self.within(&member.word, depth + 1)?;
                all.addresses = all.addresses.union(&found.addresses);
                all.unknown.extend(found.unknown);
            }
            all.unknown.dedup();
            return Some(all);
        }
        if name == "any" {
            return known(Addresses::all());
        }
        if self.entry("external-list", name).is_some() {
            return depends("外部の一覧", "a list that is kept elsewhere");
        }
        let country = name.len() == 2 && name.chars().all(|c| c.is_ascii_uppercase());
        if self.entry("region", name).is_some() || country {
            return depends("国別アドレスの表", "which country an address is of");
        }
        known(literal(name)?)
    }

    /// The services of a name; `None` where it is defined nowhere or cannot be read.
    pub(super) fn service(&self, name: &str) -> Option<Vec<Service>> {
        self.service_within(name, 0)
    }

    fn service_within(&self, name: &str, depth: usize) -> Option<Vec<Service>> {
        if depth > DEEPEST {
            return None;
        }
        if let Some(entry) = self.entry("service", name) {
            return service::own(entry);
        }
        if let Some(entry) = self.entry("service-group", name) {
            let mut all = Vec::new();
            for member in entry.child("members").into_iter().flat_map(Node::children) {
                all.extend(self.service_within(&member.word, depth + 1)?);
            }
            return Some(all);
        }
        service::predefined(name)
    }

    /// The applications of a name.
    pub(super) fn application(&self, name: &str) -> Vec<Application> {
        let mut all = Vec::new();
        self.application_within(name, 0, &mut all);
        all
    }

    fn application_within(&self, name: &str, depth: usize, all: &mut Vec<Application>) {
        if let Some(entry) = self.entry("application", name) {
            all.push(Application {
                services: service::of_application(entry),
            });
            return;
        }
        if let Some(members) = self.entry("application-group", name).filter(|_| depth < DEEPEST) {
            for member in members.child("members").into_iter().flat_map(Node::children) {
                self.application_within(&member.word, depth + 1, all);
            }
            return;
        }
        all.push(Application {
            services: service::application(name),
        });
    }
}

fn shown(reading: &Reading<'_, '_>, node: &Node) {
    node.children().for_each(|value| reading.take(value));
}

/// `192.0.2.0/24`, `192.0.2.5`, `192.0.2.5-192.0.2.9`
pub(super) fn literal(word: &str) -> Option<Addresses> {
    if let Some((address, length)) = prefix(word) {
        return Some(Addresses::network(address, length));
    }
    let (first, last) = word.split_once('-')?;
    let (first, last): (IpAddr, IpAddr) = (first.parse().ok()?, last.parse().ok()?);
    (first.is_ipv4() == last.is_ipv4() && first <= last).then(|| Addresses::span(first, last))
}

/// `10.0.0.1/0.0.255.0`: bits of the mask that are one do not count.
fn wildcard(word: &str) -> Option<Addresses> {
    let (address, mask) = word.split_once('/')?;
    let (address, mask): (std::net::Ipv4Addr, std::net::Ipv4Addr) = (address.parse().ok()?, mask.parse().ok()?);
    Some(Addresses::of_v4(masked(address.to_bits(), !mask.to_bits())?))
}
