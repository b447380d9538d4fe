//! Access lists: numbered and named, standard and extended, of IPv4 and IPv6.

use std::collections::BTreeMap;

use model::lang::Text;

use super::part::{Groups, Ports, Side, message, name, ports_or_group, protocol_of, side};
use crate::device::rule::States;
use crate::device::{Action, Addresses, Line, Match, Rule, Service, Unknown};
use crate::dialect::draft::unknown;
use crate::dialect::statement::{Refusal, Statement, left_over, masked, no_address, number, unknown_word, v4};
use crate::packet::{Family, flag, protocol};
use crate::ranges::Ranges;

/// A list of a name; the two families have names of their own.
pub(super) type Key = (Family, String);

/// A list.
pub(super) struct List {
    pub(super) standard: bool,
    pub(super) entries: BTreeMap<u32, Entry>,
}

/// What an entry does.
#[derive(Clone, PartialEq, Eq)]
pub(super) enum Does {
    Decides(Action),
    /// Lets answers to flows pass that another list remembers.
    Evaluates,
}

/// An entry.
pub(super) struct Entry {
    pub(super) does: Does,
    source: Side,
    destination: Side,
    services: Services,
    /// Groups of source and destination ports, beside those of the services.
    ports: [Option<String>; 2],
    unknown: Vec<Unknown>,
    reflects: bool,
    logs: bool,
    line: Line,
    family: Family,
}

enum Services {
    These(Vec<Service>),
    Group(String),
}

impl List {
    pub(super) const fn new(standard: bool) -> Self {
        Self {
            standard,
            entries: BTreeMap::new(),
        }
    }

    /// Reads what may follow the name of the list: `10 permit …`, `remark …`, `no 10`.
    pub(super) fn read(&mut self, statement: &mut Statement<'_>, family: Family) -> Result<(), Refusal> {
        if statement.is("remark") {
            statement.pass_rest();
            return Ok(());
        }
        if statement.is("no") {
            let of = statement.parse(number::<u32>).ok_or(unknown_word())?;
            self.entries.remove(&of);
            return statement.end();
        }
        let written = statement
            .is("sequence")
            .then(|| statement.parse(number::<u32>))
            .flatten();
        let written = written.or_else(|| statement.parse(number::<u32>));
        if statement.is("remark") {
            statement.pass_rest();
            return Ok(());
        }
        let last = self.entries.last_key_value().map_or(0, |(last, _)| *last);
        let of = written.unwrap_or(last.saturating_add(10));
        let entry = if self.standard {
            standard(statement)?
        } else {
            extended(statement, family)?
        };
        self.entries.insert(of, entry);
        Ok(())
    }

    /// Its entries as rules.
    pub(super) fn rules(&self, title: &str, groups: &Groups) -> Vec<Ruled> {
        let rules = self.entries.iter();
        rules
            .map(|(of, entry)| entry.rule(&format!("{title} {of}"), groups))
            .collect()
    }
}

/// An entry as a rule.
pub(super) struct Ruled {
    pub(super) rule: Rule,
    /// Why nobody knows what it matches: a group that cannot be resolved.
    pub(super) refusal: Option<Refusal>,
    pub(super) reflects: bool,
}

impl Entry {
    fn rule(&self, title: &str, groups: &Groups) -> Ruled {
        let mut condition = Match::all_of(self.family);
        condition.unknown.clone_from(&self.unknown);
        let mut refusal = None;
        let mut keep = |found: Result<Addresses, Refusal>| {
            found.unwrap_or_else(|why| {
                refusal = Some(why);
                Addresses::all_of(self.family)
            })
        };
        condition.source = keep(groups.addresses(&self.source));
        condition.destination = keep(groups.addresses(&self.destination));
        match &self.services {
            Services::These(these) => condition.services.clone_from(these),
            Services::Group(name) => match groups.services(name) {
                Ok(these) => condition.services = these,
                Err(why) => refusal = Some(why),
            },
        }
        let [from, to] = &self.ports;
        for (group, to_ports) in [(from, false), (to, true)] {
            let Some(group) = group else { continue };
            let ports = known_or_all(groups.ports(group), &mut refusal);
            for service in &mut condition.services {
                let of = if to_ports {
                    &mut service.destination_ports
                } else {
                    &mut service.source_ports
                };
                of.clone_from(&ports);
            }
        }
        let action = match self.does {
            Does::Decides(action) => action,
            Does::Evaluates => {
                condition.states = States::known();
                Action::Permit
            }
        };
        if refusal.is_some() {
            condition
                .unknown
                .push(unknown("読めないグループ", "a group that cannot be read"));
        }
        let rule = Rule {
            name: title.to_owned(),
            condition,
            action,
            line: self.line,
            last_line: self.line.number,
            logs: self.logs,
            implied: false,
        };
        Ruled {
            rule,
            refusal,
            reflects: self.reflects,
        }
    }
}

/// The ports; all, and why, where nobody knows them.
fn known_or_all(found: Result<Ranges<u16>, Refusal>, refusal: &mut Option<Refusal>) -> Ranges<u16> {
    found.unwrap_or_else(|why| {
        *refusal = Some(why);
        Ranges::all()
    })
}

fn action(statement: &mut Statement<'_>) -> Result<Action, Refusal> {
    if statement.is("permit") {
        Ok(Action::Permit)
    } else if statement.is("deny") {
        Ok(Action::Deny)
    } else {
        Err(Text::fixed("permit でも deny でもない", "neither permit nor deny"))
    }
}

/// `permit 192.0.2.0 0.0.0.255 log`
fn standard(statement: &mut Statement<'_>) -> Result<Entry, Refusal> {
    let does = Does::Decides(action(statement)?);
    let family = Family::V4;
    let is_plain =
        statement.peek().is_some_and(|word| v4(word).is_some()) && statement.peek_at(1).and_then(v4).is_none();
    let source = if is_plain {
        let host = statement.parse(v4).ok_or(no_address())?;
        Side::These(Addresses::of_v4(masked(host.to_bits(), u32::MAX).ok_or(no_address())?))
    } else {
        side(statement, family)?
    };
    let logs = statement.is("log");
    statement.end()?;
    Ok(Entry {
        does,
        source,
        destination: Side::These(Addresses::all_of(family)),
        services: Services::These(vec![Service::anything()]),
        ports: [None, None],
        unknown: Vec::new(),
        reflects: false,
        logs,
        line: statement.line(),
        family,
    })
}

/// `permit tcp any gt 1023 host 192.0.2.1 eq 80 443 established log`, `evaluate NAME`
fn extended(statement: &mut Statement<'_>, family: Family) -> Result<Entry, Refusal> {
    let mut entry = Entry {
        does: Does::Evaluates,
        source: Side::These(Addresses::all_of(family)),
        destination: Side::These(Addresses::all_of(family)),
        services: Services::These(vec![Service::anything()]),
        ports: [None, None],
        unknown: Vec::new(),
        reflects: false,
        logs: false,
        line: statement.line(),
        family,
    };
    if statement.is("evaluate") {
        statement.parse(name).ok_or(unknown_word())?;
        statement.end()?;
        return Ok(entry);
    }
    entry.does = Does::Decides(action(statement)?);
    if statement.is("object-group") {
        entry.services = Services::Group(statement.parse(name).ok_or(unknown_word())?);
        entry.source = side(statement, family)?;
        entry.destination = side(statement, family)?;
        options(statement, &mut entry, None)?;
        return Ok(entry);
    }
    let of = statement
        .parse(|word| protocol_of(word, family))
        .ok_or(unknown_word())?;
    let with_ports = of.is_some_and(|of| protocol::WITH_PORTS.contains(&of));
    entry.source = side(statement, family)?;
    let mut service = of.map_or_else(Service::anything, Service::protocol);
    let mut of_ports = |statement: &mut Statement<'_>, to: bool| -> Result<(), Refusal> {
        let (ports, [from, into]) = (ports_or_group(statement)?, &mut entry.ports);
        let (these, group) = if to {
            (&mut service.destination_ports, into)
        } else {
            (&mut service.source_ports, from)
        };
        match ports {
            Ports::These(ports) => *these = ports,
            Ports::Group(name) => *group = Some(name),
        }
        Ok(())
    };
    if with_ports {
        of_ports(statement, false)?;
    }
    entry.destination = side(statement, family)?;
    if with_ports {
        of_ports(statement, true)?;
    }
    if of == Some(family.icmp()) {
        service = message(statement, family);
    }
    options(statement, &mut entry, Some(service))?;
    Ok(entry)
}

const FLAGS: [(&str, u8); 6] = [
    ("ack", flag::ACK),
    ("fin", flag::FIN),
    ("psh", flag::PSH),
    ("rst", flag::RST),
    ("syn", flag::SYN),
    ("urg", flag::URG),
];

/// What follows the addresses and ports.
fn options(statement: &mut Statement<'_>, entry: &mut Entry, service: Option<Service>) -> Result<(), Refusal> {
    let mut services: Vec<Service> = service.into_iter().collect();
    let is_tcp = services.iter().all(|service| service.protocols.contains(protocol::TCP));
    let mut flags: Vec<u8> = Vec::new();
    while !statement.is_done() {
        let flag = statement.parse(|word| FLAGS.iter().find(|(name, _)| *name == word).map(|(_, flag)| *flag));
        if let Some(flag) = flag.filter(|_| is_tcp) {
            flags.push(flag);
        } else if statement.is("established") && is_tcp {
            flags.extend([flag::ACK, flag::RST]);
        } else if statement.is("log") || statement.is("log-input") {
            entry.logs = true;
            // A word that is written into each entry of the log.
            statement.pass();
        } else if statement.is("fragments") {
            entry
                .unknown
                .push(unknown("断片かどうか", "whether the packet is a later fragment"));
        } else if statement.is("time-range") {
            statement.parse(name).ok_or(unknown_word())?;
            entry.unknown.push(unknown("時間帯", "the time of day"));
        } else if statement.is("reflect") {
            statement.parse(name).ok_or(unknown_word())?;
            if statement.is("timeout") {
                statement.parse(number::<u32>).ok_or(unknown_word())?;
            }
            entry.reflects = true;
        } else if ["dscp", "precedence", "tos", "option", "ttl", "flow-label"]
            .iter()
            .any(|word| statement.is(word))
        {
            statement.take();
            if statement.peek().is_some_and(|word| number::<u8>(word).is_some()) {
                statement.take();
            }
            entry
                .unknown
                .push(unknown("パケットのほかの欄", "another field of the packet"));
        } else {
            return Err(left_over());
        }
    }
    if let Some(service) = services.first_mut().filter(|_| !flags.is_empty()) {
        // Any of them is enough.
        service.flags = flags.iter().fold(Ranges::none(), |all, flag| {
            all.union(&crate::device::rule::flags(*flag, *flag))
        });
        service.protocols = Ranges::one(protocol::TCP);
    }
    if !services.is_empty() {
        entry.services = Services::These(services);
    }
    Ok(())
}
