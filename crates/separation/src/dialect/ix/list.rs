//! Access lists: an entry that matches decides, and what matches none is for the next filter.

use model::lang::Text;

use crate::device::{Action, Addresses, Line, Match, Service, Unread};
use crate::dialect::draft::unknown;
use crate::dialect::names;
use crate::dialect::statement::{Refusal, Statement, left_over, no_address, number, prefix, unknown_word};
use crate::packet::{Family, protocol};
use crate::ranges::Ranges;

/// A list of one family.
#[derive(Default)]
pub(super) struct List {
    pub(super) entries: Vec<Entry>,
    /// Lines that were not understood.
    pub(super) refused: Vec<Unread>,
}

/// An entry.
#[derive(Clone)]
pub(super) struct Entry {
    pub(super) condition: Match,
    pub(super) action: Action,
    pub(super) line: Line,
}

/// A dynamic list: it lets packets pass that another list selects, and the answers to them.
pub(super) struct Dynamic {
    pub(super) by: By,
    pub(super) line: Line,
}

/// What starts a flow that a dynamic list follows.
pub(super) enum By {
    List(String),
    Entry(Box<Match>),
}

/// A name of a list.
pub(super) fn name(word: &str) -> Option<String> {
    let fits = word.chars().all(|c| c.is_alphanumeric() || "-_.:/+@#".contains(c));
    (fits && !word.is_empty() && word.len() <= 60).then(|| word.to_owned())
}

impl List {
    /// What follows the name: `permit udp src any sport any dest 192.0.2.1/32 dport eq 53`.
    pub(super) fn read(&mut self, statement: &mut Statement<'_>, family: Family) -> Result<(), Refusal> {
        if statement.is("option") {
            // How the list is searched; what it means is the same.
            return if statement.is("optimize") {
                statement.end()
            } else {
                Err(unknown_word())
            };
        }
        let action = if statement.is("permit") {
            Action::Permit
        } else if statement.is("deny") {
            Action::Deny
        } else {
            return Err(Text::fixed("permit でも deny でもない", "neither permit nor deny"));
        };
        let condition = condition(statement, family)?;
        self.entries.push(Entry {
            condition,
            action,
            line: statement.line(),
        });
        Ok(())
    }
}

impl Dynamic {
    /// What follows the name: `access LIST`, `ftp src any dest any`.
    pub(super) fn read(statement: &mut Statement<'_>, family: Family) -> Result<Self, Refusal> {
        let line = statement.line();
        if statement.is("access") {
            let list = statement.parse(name).ok_or(unknown_word())?;
            statement.end()?;
            return Ok(Self {
                by: By::List(list),
                line,
            });
        }
        let service = statement.parse(application).ok_or(unknown_word())?;
        let mut condition = Match::all_of(family);
        condition.services = service;
        ends(statement, family, &mut condition, None)?;
        statement.end()?;
        Ok(Self {
            by: By::Entry(Box::new(condition)),
            line,
        })
    }
}

/// Applications that a dynamic list knows: what starts their flows.
fn application(word: &str) -> Option<Vec<Service>> {
    let to = |of: u8, port: u16| Service::to_ports(of, Ranges::one(port));
    Some(match word {
        "tcp" => vec![Service::protocol(protocol::TCP)],
        "udp" => vec![Service::protocol(protocol::UDP)],
        "dns" => vec![to(protocol::UDP, 53), to(protocol::TCP, 53)],
        "ftp" => vec![to(protocol::TCP, 21)],
        "http" => vec![to(protocol::TCP, 80)],
        "https" => vec![to(protocol::TCP, 443)],
        "pop3" => vec![to(protocol::TCP, 110)],
        "sip" => vec![to(protocol::UDP, 5060), to(protocol::TCP, 5060)],
        "smtp" => vec![to(protocol::TCP, 25)],
        "telnet" => vec![to(protocol::TCP, 23)],
        "tftp" => vec![to(protocol::UDP, 69)],
        _ => return None,
    })
}

/// What follows `permit` or `deny`.
fn condition(statement: &mut Statement<'_>, family: Family) -> Result<Match, Refusal> {
    let mut condition = Match::all_of(family);
    let of = statement
        .parse(|word| protocol_of(word, family))
        .ok_or(unknown_word())?;
    let mut service = Service::protocols(of.clone());
    if of == Ranges::one(family.icmp()) {
        let one = |statement: &mut Statement<'_>| {
            let of = statement.parse(number::<u8>).ok_or(unknown_word())?;
            Ok::<_, Refusal>(Ranges::one(u16::from(of)))
        };
        if statement.is("type") {
            service.source_ports = one(statement)?;
        }
        if statement.is("code") {
            service.destination_ports = one(statement)?;
        }
    }
    let with_ports = of == Ranges::one(protocol::TCP) || of == Ranges::one(protocol::UDP);
    ends(statement, family, &mut condition, with_ports.then_some(&mut service))?;
    condition.services = vec![service];
    while !statement.is_done() {
        if ["dscp", "precedence", "tos", "traffic-class"]
            .iter()
            .any(|word| statement.is(word))
        {
            statement.parse(number::<u8>).ok_or(unknown_word())?;
        } else if !statement.is("fragment") {
            return Err(left_over());
        }
        condition
            .unknown
            .push(unknown("パケットのほかの欄", "another field of the packet"));
    }
    Ok(condition)
}

/// `src any sport any dest 192.0.2.0/24 dport range 1024 65535`
fn ends(
    statement: &mut Statement<'_>,
    family: Family,
    condition: &mut Match,
    mut service: Option<&mut Service>,
) -> Result<(), Refusal> {
    if !statement.is("src") {
        return Err(unknown_word());
    }
    condition.source = addresses(statement, family)?;
    if let Some(service) = service.as_deref_mut()
        && statement.is("sport")
    {
        service.source_ports = ports(statement)?;
    }
    if !statement.is("dest") {
        return Err(unknown_word());
    }
    condition.destination = addresses(statement, family)?;
    if let Some(service) = service
        && statement.is("dport")
    {
        service.destination_ports = ports(statement)?;
    }
    Ok(())
}

/// `any`, `192.0.2.0/24`, `host 192.0.2.1`
fn addresses(statement: &mut Statement<'_>, family: Family) -> Result<Addresses, Refusal> {
    if statement.is("any") {
        return Ok(Addresses::all_of(family));
    }
    let host = statement.is("host");
    let (address, length) = statement
        .parse(|word| prefix(word).filter(|(address, _)| address.is_ipv4() == (family == Family::V4)))
        .filter(|(_, length)| !host || *length == family.bits())
        .ok_or(no_address())?;
    Ok(Addresses::network(address, length))
}

/// `any`, `eq 80`, `range 1024 65535`
fn ports(statement: &mut Statement<'_>) -> Result<Ranges<u16>, Refusal> {
    let take = |statement: &mut Statement<'_>| {
        statement
            .parse(port)
            .ok_or(Text::fixed("ポートとして読めない", "not a port"))
    };
    if statement.is("any") {
        return Ok(Ranges::all());
    }
    if statement.is("eq") {
        return Ok(Ranges::one(take(statement)?));
    }
    if !statement.is("range") {
        return Err(unknown_word());
    }
    let (first, last) = (take(statement)?, take(statement)?);
    if first > last {
        return Err(unknown_word());
    }
    Ok(Ranges::span(first, last))
}

/// A port by number; names are those that everybody has in common.
pub(super) fn port(word: &str) -> Option<u16> {
    let common = [
        "domain", "ftp", "http", "https", "ntp", "pop3", "smtp", "ssh", "telnet", "tftp",
    ];
    number(word).or_else(|| common.contains(&word).then(|| names::port(word)).flatten())
}

/// `ip`, `tcp`, `47`
pub(super) fn protocol_of(word: &str, family: Family) -> Option<Ranges<u8>> {
    let one = match word {
        "ip" => return Some(Ranges::all()),
        "icmp" => family.icmp(),
        "tcp" | "udp" | "ah" | "esp" | "gre" | "igmp" | "ospf" => names::protocol(word)?,
        _ => number(word)?,
    };
    Some(Ranges::one(one))
}
