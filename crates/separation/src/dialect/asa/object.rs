//! Objects and groups of objects: addresses, services, protocols, types of control messages.

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

use model::lang::Text;

use super::part::{self, Refused, name};
use crate::device::{Addresses, Service, Unknown};
use crate::dialect::draft::unknown;
use crate::dialect::statement::{Refusal, Statement, number, unknown_word};
use crate::packet::{Family, protocol};
use crate::ranges::Ranges;

/// Everything that has a name, by its name; objects and groups have names in common.
#[derive(Default)]
pub(super) struct Objects {
    all: BTreeMap<String, Object>,
    /// Names of addresses (`name 192.0.2.1 server`).
    pub(super) hosts: BTreeMap<String, IpAddr>,
}

/// An object or a group.
enum Object {
    /// `None` until its address is said.
    Network(Option<Found>),
    Service(Option<Service>),
    Group(Kind, Vec<Member>),
}

/// What a group is of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Kind {
    Networks,
    Services,
    /// Ports of these protocols.
    Ports(Vec<u8>),
    Protocols,
    Messages,
    /// Users, tags: what no packet shows.
    Hidden,
}

enum Member {
    Addresses(Addresses),
    Service(Service),
    Ports(Ranges<u16>),
    /// Numbers of protocols.
    Protocol(Ranges<u8>),
    /// A type of control messages, of IPv4 or IPv6 as the entry says that asks.
    Message(String),
    Object(String),
    Group(String),
}

/// Addresses, and on what else they depend.
#[derive(Debug, Clone)]
pub(super) struct Found {
    pub(super) addresses: Addresses,
    pub(super) unknown: Vec<Unknown>,
}

/// Groups in groups deeper than this are not followed.
const DEEPEST: usize = 64;

impl Objects {
    /// `object network NAME`
    pub(super) fn network(&mut self, name: &str) {
        let object = self.all.entry(name.to_owned()).or_insert(Object::Network(None));
        if !matches!(object, Object::Network(_)) {
            *object = Object::Network(None);
        }
    }

    /// `object service NAME`
    pub(super) fn service(&mut self, name: &str) {
        self.all.insert(name.to_owned(), Object::Service(None));
    }

    /// `object-group …`; the block of a group that is there already goes on with it.
    pub(super) fn group(&mut self, name: &str, kind: Kind) {
        let object = self
            .all
            .entry(name.to_owned())
            .or_insert_with(|| Object::Group(kind.clone(), Vec::new()));
        if !matches!(object, Object::Group(of, _) if *of == kind) {
            *object = Object::Group(kind, Vec::new());
        }
    }

    /// Whether an object or a group has this name.
    pub(super) fn is_defined(&self, name: &str) -> bool {
        self.all.contains_key(name)
    }

    /// What kind of group a name is.
    pub(super) fn kind(&self, name: &str) -> Option<&Kind> {
        match self.all.get(name)? {
            Object::Group(kind, _) => Some(kind),
            Object::Network(_) | Object::Service(_) => None,
        }
    }

    /// A line below `object network`, but for `nat`: `host A`, `subnet A M`, `range A B`, `fqdn NAME`.
    pub(super) fn network_line(&mut self, of: &str, statement: &mut Statement<'_>) -> Result<(), Refusal> {
        let addresses = if statement.is("host") {
            Addresses::one(part::address(statement, &self.hosts)?)
        } else if statement.is("subnet") {
            part::subnet(statement, &self.hosts)?
        } else if statement.is("range") {
            let (first, last) = (
                part::address(statement, &self.hosts)?,
                part::address(statement, &self.hosts)?,
            );
            let span = Addresses::span(first, last);
            if span.is_empty() {
                return Err(Text::fixed(
                    "範囲の終わりが始めより前にある",
                    "a range ends before it begins",
                ));
            }
            span
        } else if statement.is("fqdn") {
            let family = match () {
                () if statement.is("v4") => Some(Family::V4),
                () if statement.is("v6") => Some(Family::V6),
                () => None,
            };
            statement.parse(name).ok_or(unknown_word())?;
            statement.end()?;
            let found = Found {
                addresses: family.map_or_else(Addresses::all, Addresses::all_of),
                unknown: vec![unknown("名前の解決の結果", "what a name resolves to")],
            };
            self.all.insert(of.to_owned(), Object::Network(Some(found)));
            return Ok(());
        } else {
            return Err(unknown_word());
        };
        statement.end()?;
        let found = Found {
            addresses,
            unknown: Vec::new(),
        };
        self.all.insert(of.to_owned(), Object::Network(Some(found)));
        Ok(())
    }

    /// A line below `object service`: `service tcp source gt 1023 destination eq 443`.
    pub(super) fn service_line(&mut self, of: &str, statement: &mut Statement<'_>) -> Result<(), Refusal> {
        if !statement.is("service") {
            return Err(unknown_word());
        }
        let service = service(statement)?;
        statement.end()?;
        self.all.insert(of.to_owned(), Object::Service(Some(service)));
        Ok(())
    }

    /// A line below `object-group`.
    pub(super) fn group_line(&mut self, of: &str, statement: &mut Statement<'_>) -> Result<(), Refusal> {
        let Some(Object::Group(kind, members)) = self.all.get_mut(of) else {
            return Err(unknown_word());
        };
        if *kind == Kind::Hidden {
            // Names of people and of tags: an entry that names the group is unknown anyway.
            let known = ["user", "user-group", "security-group", "group-object"]
                .iter()
                .any(|word| statement.is(word));
            statement.pass_rest();
            return if known { Ok(()) } else { Err(unknown_word()) };
        }
        let member = if statement.is("group-object") {
            Member::Group(statement.parse(name).ok_or(unknown_word())?)
        } else {
            match kind {
                Kind::Networks if statement.is("network-object") => {
                    if statement.is("object") {
                        Member::Object(statement.parse(name).ok_or(unknown_word())?)
                    } else if statement.is("host") {
                        Member::Addresses(Addresses::one(part::address(statement, &self.hosts)?))
                    } else {
                        Member::Addresses(part::subnet(statement, &self.hosts)?)
                    }
                }
                Kind::Services if statement.is("service-object") => {
                    if statement.is("object") {
                        Member::Object(statement.parse(name).ok_or(unknown_word())?)
                    } else {
                        Member::Service(service(statement)?)
                    }
                }
                Kind::Services | Kind::Ports(_) if statement.is("port-object") => {
                    Member::Ports(part::ports(statement)?.ok_or(unknown_word())?)
                }
                Kind::Protocols if statement.is("protocol-object") => {
                    Member::Protocol(statement.parse(part::protocol_of).ok_or(unknown_word())?)
                }
                Kind::Messages if statement.is("icmp-object") => {
                    let known = |word: &str| part::message_of(Family::V4, word).or(part::message_of(Family::V6, word));
                    Member::Message(
                        statement
                            .parse(|word| known(word).map(|_| word.to_owned()))
                            .ok_or(unknown_word())?,
                    )
                }
                _ => return Err(unknown_word()),
            }
        };
        statement.end()?;
        members.push(member);
        Ok(())
    }

    /// The addresses of an object or a group.
    pub(super) fn addresses(&self, name: &str) -> Result<Found, Refused> {
        let (mut v4, mut v6, mut unknown) = (Vec::new(), Vec::new(), Vec::new());
        let mut add = |addresses: &Addresses, depends: &[Unknown]| {
            v4.extend(addresses.v4.iter());
            v6.extend(addresses.v6.iter());
            unknown.extend_from_slice(depends);
        };
        match self.all.get(name) {
            Some(Object::Network(Some(found))) => return Ok(found.clone()),
            Some(Object::Group(Kind::Networks, _)) => self.each(name, &mut |member| {
                match member {
                    Member::Addresses(addresses) => add(addresses, &[]),
                    Member::Object(object) => match self.all.get(object) {
                        Some(Object::Network(Some(found))) => add(&found.addresses, &found.unknown),
                        _ => return Err(undefined(object)),
                    },
                    _ => return Err(undefined(name)),
                }
                Ok(())
            })?,
            _ => return Err(undefined(name)),
        }
        unknown.dedup();
        Ok(Found {
            addresses: Addresses {
                v4: Ranges::of(v4),
                v6: Ranges::of(v6),
            },
            unknown,
        })
    }

    /// What an object or a group in the place of a protocol means.
    pub(super) fn services(&self, name: &str) -> Result<Vec<Service>, Refused> {
        match self.all.get(name) {
            Some(Object::Service(Some(service))) => return Ok(vec![service.clone()]),
            Some(Object::Group(..)) => {}
            // Some objects are there without being set up.
            _ => {
                return predefined(name)
                    .ok_or_else(|| undefined(name))
                    .map(|service| vec![service]);
            }
        }
        let mut all = Vec::new();
        self.each(name, &mut |member| {
            match member {
                Member::Service(service) => all.push(service.clone()),
                Member::Protocol(numbers) => all.push(Service::protocols(numbers.clone())),
                Member::Object(object) => match self.all.get(object) {
                    Some(Object::Service(Some(service))) => all.push(service.clone()),
                    None => all.push(predefined(object).ok_or_else(|| undefined(object))?),
                    _ => return Err(undefined(object)),
                },
                Member::Ports(ports) => {
                    let of = match self.kind(name) {
                        Some(Kind::Ports(of)) => of.clone(),
                        _ => vec![protocol::TCP, protocol::UDP],
                    };
                    all.extend(of.into_iter().map(|of| Service::to_ports(of, ports.clone())));
                }
                _ => return Err(undefined(name)),
            }
            Ok(())
        })?;
        Ok(all)
    }

    /// The ports of a group.
    pub(super) fn ports(&self, name: &str) -> Result<Ranges<u16>, Refused> {
        let mut all = Ranges::none();
        self.each(name, &mut |member| match member {
            Member::Ports(ports) => {
                all = all.union(ports);
                Ok(())
            }
            _ => Err(undefined(name)),
        })?;
        Ok(all)
    }

    /// The types of control messages of a group.
    pub(super) fn messages(&self, name: &str, family: Family) -> Result<Ranges<u16>, Refused> {
        let mut all = Ranges::none();
        self.each(name, &mut |member| match member {
            Member::Message(word) => {
                let kind = part::message_of(family, word).ok_or_else(|| undefined(word))?;
                all = all.union(&Ranges::one(kind.into()));
                Ok(())
            }
            _ => Err(undefined(name)),
        })?;
        Ok(all)
    }

    /// Every member of a group and of the groups in it, each group once.
    fn each<'o>(&'o self, name: &'o str, of: &mut dyn FnMut(&'o Member) -> Result<(), Refused>) -> Result<(), Refused> {
        self.within(name, &mut Vec::new(), &mut BTreeSet::new(), of)
    }

    fn within<'o>(
        &'o self,
        name: &'o str,
        path: &mut Vec<&'o str>,
        done: &mut BTreeSet<&'o str>,
        of: &mut dyn FnMut(&'o Member) -> Result<(), Refused>,
    ) -> Result<(), Refused> {
        if path.contains(&name) || path.len() > DEEPEST {
            return Err(Refused::Undefined(Text::new(
                format!("オブジェクトグループ「{name}」が自身を含む"),
                format!("object group `{name}` holds itself"),
            )));
        }
        if !done.insert(name) {
            return Ok(());
        }
        let Some(Object::Group(_, members)) = self.all.get(name) else {
            return Err(undefined(name));
        };
        path.push(name);
        for member in members {
            match member {
                Member::Group(inner) => self.within(inner, path, done, of)?,
                member => of(member)?,
            }
        }
        path.pop();
        Ok(())
    }
}

/// A name that means nothing in this file.
pub(super) fn undefined(name: &str) -> Refused {
    Refused::Undefined(Text::new(
        format!("オブジェクト「{name}」が定義されていない、又はここで使えない種類である"),
        format!("object `{name}` is defined nowhere, or is not of a kind that can stand here"),
    ))
}

/// Objects that are there without being set up: protocols, and messages as `icmp-echo`.
fn predefined(name: &str) -> Option<Service> {
    if let Some(protocols) = part::protocol_of(name).filter(|_| number::<u8>(name).is_none()) {
        return Some(Service::protocols(protocols));
    }
    let kind = part::message_of(Family::V4, name.strip_prefix("icmp-")?)?;
    Some(Service::icmp(Family::V4, Some(kind), None))
}

/// `tcp source gt 1023 destination eq 443`, `udp eq 53`, `icmp echo`
fn service(statement: &mut Statement<'_>) -> Result<Service, Refusal> {
    let of = statement.parse(part::protocol_of).ok_or(unknown_word())?;
    let mut service = Service::protocols(of.clone());
    for family in Family::ALL {
        if of == Ranges::one(family.icmp()) {
            let (kind, code) = part::message(statement, family);
            return Ok(Service::icmp(family, kind, code));
        }
    }
    if part::with_ports(&of) {
        if statement.is("source") {
            service.source_ports = part::ports(statement)?.ok_or(unknown_word())?;
        }
        if statement.is("destination") {
            service.destination_ports = part::ports(statement)?.ok_or(unknown_word())?;
        } else if let Some(ports) = part::ports(statement)? {
            service.destination_ports = ports;
        }
    }
    Ok(service)
}
