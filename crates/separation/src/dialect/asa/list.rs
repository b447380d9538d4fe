//! Access lists: the first entry that matches decides, no match is a denial. Addresses are those of the hosts, whatever is translated.

use model::lang::Text;

use super::object::{Found, Kind, Objects};
use super::part::{self, Refused, name, ports};
use crate::device::{Action, Addresses, Line, Match, Service, Unknown, Unread};
use crate::dialect::draft::unknown;
use crate::dialect::statement::{Refusal, Statement, left_over, no_address, number, unknown_word};
use crate::packet::{Family, protocol};
use crate::ranges::Ranges;

/// A list while it is read.
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
    pub(super) logs: bool,
    pub(super) line: Line,
    /// What it names and the file does not define.
    pub(super) undefined: Option<(String, Refusal)>,
}

/// What the words of an entry may name.
pub(super) struct Named<'r> {
    pub(super) objects: &'r Objects,
    /// The own addresses of an interface; `None` where nobody knows them.
    pub(super) own: &'r dyn Fn(&str) -> Option<Addresses>,
    /// Whether `any` is of both families: it is from version 9.0 on.
    pub(super) unified: bool,
}

/// What stands in the place of the protocol.
enum Of {
    /// Protocols, whose ports follow the addresses.
    Protocols(Ranges<u8>),
    /// Services with their ports.
    Services(Vec<Service>),
}

impl List {
    /// What follows the name of an extended list: `line 3 extended permit …`, `remark …`.
    pub(super) fn read(&mut self, statement: &mut Statement<'_>, named: &Named<'_>) -> Result<(), Refusal> {
        let place = if statement.is("line") {
            let of = statement.parse(number::<usize>).ok_or(unknown_word())?;
            Some(of.saturating_sub(1))
        } else {
            None
        };
        if statement.is("remark") {
            statement.pass_rest();
            return Ok(());
        }
        statement.is("extended");
        let action = action(statement)?;
        let mut entry = Entry {
            condition: Match::everything(),
            action,
            logs: false,
            line: statement.line(),
            undefined: None,
        };
        match entry.read(statement, named) {
            Ok(true) => {}
            Ok(false) => return Ok(()),
            Err(Refused::Unread(why)) => return Err(why),
            Err(Refused::Undefined(why)) => {
                statement.take_rest();
                entry.condition = Match {
                    unknown: vec![unknown("読めないオブジェクト", "an object that cannot be read")],
                    ..Match::everything()
                };
                entry.undefined = Some((statement.shown(), why));
            }
        }
        let place = place.unwrap_or(usize::MAX).min(self.entries.len());
        self.entries.insert(place, entry);
        Ok(())
    }
}

/// `permit` or `deny`.
pub(super) fn action(statement: &mut Statement<'_>) -> Result<Action, Refusal> {
    if statement.is("permit") {
        Ok(Action::Permit)
    } else if statement.is("deny") {
        Ok(Action::Deny)
    } else {
        Err(Text::fixed("permit でも deny でもない", "neither permit nor deny"))
    }
}

impl Entry {
    /// What follows `permit` or `deny`; whether the entry counts (it may be switched off).
    fn read(&mut self, statement: &mut Statement<'_>, named: &Named<'_>) -> Result<bool, Refused> {
        let of = of(statement, named)?;
        self.users(statement)?;
        let source = self.side(statement, named)?;
        self.users(statement)?;
        let mut service = Service::anything();
        if let Of::Protocols(protocols) = &of {
            service.protocols = protocols.clone();
            if part::with_ports(protocols) {
                service.source_ports = ports_of(statement, named)?;
            }
        }
        self.users(statement)?;
        let destination = self.side(statement, named)?;
        self.users(statement)?;
        let services = match of {
            Of::Services(services) => services,
            Of::Protocols(protocols) => {
                if part::with_ports(&protocols) {
                    service.destination_ports = ports_of(statement, named)?;
                }
                self.messages(statement, named, &mut service)?;
                vec![service]
            }
        };
        self.condition.source = source;
        self.condition.destination = destination;
        self.condition.services = services;
        Ok(self.options(statement)?)
    }

    /// Who sends, or what tag they have: `user NAME`, `security-group tag 7`.
    fn users(&mut self, statement: &mut Statement<'_>) -> Result<(), Refusal> {
        loop {
            if ["user", "user-group"].iter().any(|word| statement.is(word)) {
                statement.pass();
            } else if ["object-group-user", "object-group-security"]
                .iter()
                .any(|word| statement.is(word))
            {
                statement.parse(name).ok_or(unknown_word())?;
            } else if statement.is("security-group") {
                if !statement.is("name") && !statement.is("tag") {
                    return Err(unknown_word());
                }
                statement.pass();
            } else {
                return Ok(());
            }
            self.depends(unknown("利用者又はタグ", "who the user is, or a tag"));
        }
    }

    fn depends(&mut self, on: Unknown) {
        if !self.condition.unknown.contains(&on) {
            self.condition.unknown.push(on);
        }
    }

    /// `any`, `any4`, `host 192.0.2.1`, `192.0.2.0 255.255.255.0`, `object NAME`, `object-group NAME`, `interface NAME`
    fn side(&mut self, statement: &mut Statement<'_>, named: &Named<'_>) -> Result<Addresses, Refused> {
        if statement.is("any") {
            return Ok(if named.unified {
                Addresses::all()
            } else {
                Addresses::all_of(Family::V4)
            });
        }
        if statement.is("any4") {
            return Ok(Addresses::all_of(Family::V4));
        }
        if statement.is("any6") {
            return Ok(Addresses::all_of(Family::V6));
        }
        if statement.is("host") {
            return Ok(Addresses::one(part::address(statement, &named.objects.hosts)?));
        }
        if statement.is("object") || statement.is("object-group") {
            let object = statement.parse(name).ok_or(unknown_word())?;
            let Found { addresses, unknown } = named.objects.addresses(&object)?;
            unknown.into_iter().for_each(|on| self.depends(on));
            return Ok(addresses);
        }
        if statement.is("interface") {
            let interface = statement.parse(name).ok_or(unknown_word())?;
            return Ok((named.own)(&interface).unwrap_or_else(|| {
                self.depends(unknown("インタフェースのアドレス", "the address of an interface"));
                Addresses::all()
            }));
        }
        if statement.is_done() {
            return Err(Refused::Unread(no_address()));
        }
        Ok(part::subnet(statement, &named.objects.hosts)?)
    }

    /// A type of control messages behind the addresses.
    fn messages(
        &mut self,
        statement: &mut Statement<'_>,
        named: &Named<'_>,
        service: &mut Service,
    ) -> Result<(), Refused> {
        let family = Family::ALL
            .into_iter()
            .find(|family| service.protocols == Ranges::one(family.icmp()));
        let Some(family) = family else { return Ok(()) };
        if statement.is("object-group") {
            let group = statement.parse(name).ok_or(unknown_word())?;
            service.source_ports = named.objects.messages(&group, family)?;
            return Ok(());
        }
        let (kind, code) = part::message(statement, family);
        *service = Service::icmp(family, kind, code);
        Ok(())
    }

    /// `log 6 interval 300`, `time-range NAME`, `inactive`; whether the entry counts.
    fn options(&mut self, statement: &mut Statement<'_>) -> Result<bool, Refusal> {
        let mut counts = true;
        while !statement.is_done() {
            if statement.is("log") {
                self.logs = !statement.is("disable");
                let level = |word: &str| LEVELS.contains(&word).then_some(()).or(number::<u8>(word).map(|_| ()));
                if !statement.is("default") {
                    statement.parse(level);
                }
                if statement.is("interval") {
                    statement.parse(number::<u32>).ok_or(unknown_word())?;
                }
            } else if statement.is("time-range") {
                statement.parse(name).ok_or(unknown_word())?;
                self.depends(unknown("時間帯", "the time of day"));
            } else if statement.is("inactive") {
                counts = false;
            } else {
                return Err(left_over());
            }
        }
        Ok(counts)
    }
}

const LEVELS: [&str; 8] = [
    "emergencies",
    "alerts",
    "critical",
    "errors",
    "warnings",
    "notifications",
    "informational",
    "debugging",
];

/// What stands in the place of the protocol: `tcp`, `object-group NAME`, `object NAME`.
fn of(statement: &mut Statement<'_>, named: &Named<'_>) -> Result<Of, Refused> {
    if statement.is("object") {
        let object = statement.parse(name).ok_or(unknown_word())?;
        return Ok(Of::Services(named.objects.services(&object)?));
    }
    if !statement.is("object-group") {
        let protocols = statement.parse(part::protocol_of).ok_or(unknown_word())?;
        return Ok(Of::Protocols(protocols));
    }
    let group = statement.parse(name).ok_or(unknown_word())?;
    let services = named.objects.services(&group)?;
    Ok(match named.objects.kind(&group) {
        Some(Kind::Protocols) => Of::Protocols(
            services
                .iter()
                .fold(Ranges::none(), |all, service| all.union(&service.protocols)),
        ),
        _ => Of::Services(services),
    })
}

/// Ports behind an address: an operator, or a group of ports. A group of networks is the next address.
fn ports_of(statement: &mut Statement<'_>, named: &Named<'_>) -> Result<Ranges<u16>, Refused> {
    let group = (statement.peek() == Some("object-group"))
        .then(|| statement.peek_at(1).map(str::to_owned))
        .flatten();
    match group {
        Some(group) if matches!(named.objects.kind(&group), Some(Kind::Ports(_) | Kind::Services)) => {
            (0..2).for_each(|_| drop(statement.take()));
            Ok(named.objects.ports(&group)?)
        }
        _ => Ok(ports(statement)?.unwrap_or_else(Ranges::all)),
    }
}

/// Reads what follows `standard` and keeps nothing of it: such a list is for routes and clients, and is bound to no interface.
pub(super) fn standard(statement: &mut Statement<'_>, objects: &Objects) -> Result<(), Refusal> {
    action(statement)?;
    if statement.is("host") {
        part::address(statement, &objects.hosts)?;
    } else if !["any", "any4"].iter().any(|word| statement.is(word)) {
        part::subnet(statement, &objects.hosts)?;
    }
    statement.end()
}

/// The services of flows that a device remembers: those of protocols with ports, and control messages where they are inspected.
pub(super) fn remembered(messages: bool) -> Vec<Service> {
    let mut services = vec![Service::protocols(Ranges::of(
        [protocol::TCP, protocol::UDP, protocol::SCTP].map(|number| (number, number)),
    ))];
    if messages {
        services.extend(Family::ALL.map(|family| Service::protocol(family.icmp())));
    }
    services
}
