//! Translation: `nat descriptor …`, and how a descriptor that is bound to an interface becomes entries.

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr};

use model::lang::Text;

use super::address::mask_of;
use crate::device::{Addresses, Change, InterfaceId, Interfaces, Line, Match, RemarkKind, Service, Translation};
use crate::dialect::draft::Draft;
use crate::dialect::statement::{Refusal, Statement, number, unknown_word, v4};
use crate::packet::{Family, protocol};
use crate::ranges::Ranges;

/// Descriptors by number.
#[derive(Default)]
pub(super) struct Descriptors(BTreeMap<u32, Descriptor>);

/// One descriptor.
struct Descriptor {
    line: Line,
    kind: Kind,
    /// `None` for the address that the line is given, or that the interface has.
    outer: Option<Ranges<u32>>,
    inner: Ranges<u32>,
    fixed: Vec<Fixed>,
    ports: Vec<Port>,
    /// Where packets go that nobody asked for.
    forward: Option<(Ipv4Addr, Line)>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    None,
    Nat,
    Masquerade,
    Both,
}

struct Fixed {
    outer: u32,
    inner: u32,
    count: u32,
    line: Line,
}

struct Port {
    inner: Ipv4Addr,
    protocol: u8,
    outer_ports: (u16, u16),
    inner_port: u16,
    line: Line,
}

/// Ports that a masquerade uses: by all firmware versions together.
const PORTS: (u16, u16) = (44_096, 64_095);

/// Changes on the way in, before the way out is chosen, and on the way out, after it.
#[derive(Default)]
pub(super) struct Changes {
    pub(super) before: Vec<Translation>,
    pub(super) after: Vec<Translation>,
}

impl Descriptors {
    fn of(&mut self, number: u32, line: Line) -> &mut Descriptor {
        self.0.entry(number).or_insert_with(|| Descriptor {
            line,
            kind: Kind::None,
            outer: None,
            inner: Ranges::all(),
            fixed: Vec::new(),
            ports: Vec::new(),
            forward: None,
        })
    }

    /// What follows `nat descriptor`.
    pub(super) fn read(&mut self, statement: &mut Statement<'_>, draft: &mut Draft) -> Result<(), Refusal> {
        let line = statement.line();
        if statement.is("type") {
            let of = statement.parse(number).ok_or(unknown_word())?;
            let kind = statement.parse(kind).ok_or(unknown_word())?;
            if statement.is("hairpin=on") {
                return Err(Text::fixed(
                    "ヘアピン NAT は読めない",
                    "hairpin translation is not read",
                ));
            }
            statement.is("hairpin=off");
            statement.end()?;
            self.of(of, line).kind = kind;
            return Ok(());
        }
        if statement.are("address outer") {
            let of = statement.parse(number).ok_or(unknown_word())?;
            let outer = statement.parse(outer).ok_or(unknown_word())?;
            statement.end()?;
            self.of(of, line).outer = outer;
            return Ok(());
        }
        if statement.are("address inner") {
            let of = statement.parse(number).ok_or(unknown_word())?;
            let inner = statement.parse(inner).ok_or(unknown_word())?;
            statement.end()?;
            self.of(of, line).inner = inner;
            return Ok(());
        }
        if statement.is("static") {
            return self.fixed(statement);
        }
        if statement.are("masquerade static") {
            return self.port(statement);
        }
        if statement.are("masquerade incoming") {
            return self.incoming(statement, draft);
        }
        Err(unknown_word())
    }

    /// `1 1 203.0.113.10=192.168.0.10 4`, `1 1 203.0.113.0=192.168.0.0/28`
    fn fixed(&mut self, statement: &mut Statement<'_>) -> Result<(), Refusal> {
        let line = statement.line();
        let of = statement.parse(number).ok_or(unknown_word())?;
        statement.parse(number::<u32>).ok_or(unknown_word())?;
        let (outer, inner, mask) = statement.parse(pair).ok_or(unknown_word())?;
        let count = match mask {
            Some(length) => 1u32.checked_shl(32 - u32::from(length)).ok_or(unknown_word())?,
            None => statement.parse(number).unwrap_or(1),
        };
        let fits = |address: Ipv4Addr| count > 0 && address.to_bits().checked_add(count - 1).is_some();
        if !fits(outer) || !fits(inner) {
            return Err(unknown_word());
        }
        statement.end()?;
        let (outer, inner) = (outer.to_bits(), inner.to_bits());
        self.of(of, line).fixed.push(Fixed {
            outer,
            inner,
            count,
            line,
        });
        Ok(())
    }

    /// `1 1 192.168.0.10 tcp 8080=80`, `1 2 192.168.0.10 esp`
    fn port(&mut self, statement: &mut Statement<'_>) -> Result<(), Refusal> {
        let line = statement.line();
        let of = statement.parse(number).ok_or(unknown_word())?;
        statement.parse(number::<u32>).ok_or(unknown_word())?;
        let inner = statement.parse(v4).ok_or(unknown_word())?;
        let protocols: Vec<u8> = statement
            .parse(|word| word.split(',').map(protocol_of).collect())
            .ok_or(unknown_word())?;
        let ports = match statement.peek() {
            None => vec![((0, u16::MAX), 0)],
            Some(_) => statement
                .parse(|word| word.split(',').map(ports).collect())
                .ok_or(unknown_word())?,
        };
        statement.end()?;
        for protocol in protocols {
            for (outer_ports, inner_port) in &ports {
                self.of(of, line).ports.push(Port {
                    inner,
                    protocol,
                    outer_ports: *outer_ports,
                    inner_port: *inner_port,
                    line,
                });
            }
        }
        Ok(())
    }

    /// `1 reject`, `1 forward 192.168.0.10`
    fn incoming(&mut self, statement: &mut Statement<'_>, draft: &mut Draft) -> Result<(), Refusal> {
        let line = statement.line();
        let of = statement.parse(number).ok_or(unknown_word())?;
        if ["reject", "discard", "through"].iter().any(|word| statement.is(word)) {
            statement.end()?;
            self.of(of, line).forward = None;
            return Ok(());
        }
        if !statement.is("forward") {
            return Err(unknown_word());
        }
        let host = statement.parse(v4).ok_or(unknown_word())?;
        statement.end()?;
        self.of(of, line).forward = Some((host, line));
        draft.remark(
            RemarkKind::ForwardsEverything,
            line,
            Text::new(
                format!("どこからも求められていない外からのパケットを、すべて {host} に渡す"),
                format!("every packet from outside that nobody asked for is handed to {host}"),
            ),
            Text::fixed(
                "「reject」にし、要るポートだけを「masquerade static」で書く",
                "say `reject`, and write the ports that are needed as `masquerade static`",
            ),
        );
        Ok(())
    }

    /// The entries of a descriptor that is bound to `interface`, whose own addresses are `own`; `None` where there is no such descriptor.
    /// With `reverse` the interface is on the inner side.
    pub(super) fn changes(
        &self,
        number: u32,
        interface: InterfaceId,
        own: &[IpAddr],
        reverse: bool,
        changes: &mut Changes,
    ) -> Option<()> {
        let descriptor = self.0.get(&number)?;
        let own = own.iter().filter_map(|own| match own {
            IpAddr::V4(own) => Some((own.to_bits(), own.to_bits())),
            IpAddr::V6(_) => None,
        });
        let own = Ranges::of(own);
        let outer = descriptor.outer.clone().unwrap_or(own);
        Bound {
            descriptor,
            // An address that someone else gives is any.
            outer: if outer.is_empty() { Ranges::all() } else { outer },
            on: Interfaces::These(vec![interface]),
            reverse,
        }
        .changes(changes);
        Some(())
    }
}

struct Bound<'d> {
    descriptor: &'d Descriptor,
    outer: Ranges<u32>,
    on: Interfaces,
    reverse: bool,
}

impl Bound<'_> {
    fn changes(&self, changes: &mut Changes) {
        let descriptor = self.descriptor;
        let (mut outward, mut inward) = (Vec::new(), Vec::new());
        if descriptor.kind == Kind::None {
            return;
        }
        for fixed in &descriptor.fixed {
            let last = fixed.count - 1;
            let (inner, outer) = (
                span(fixed.inner, fixed.inner + last),
                span(fixed.outer, fixed.outer + last),
            );
            let moved = |from: u32, to: u32| Change::Shift {
                from: from.into(),
                to: to.into(),
            };
            outward.push(self.outward(fixed.line, inner, Service::anything(), moved(fixed.inner, fixed.outer)));
            inward.push(self.inward(fixed.line, outer, Service::anything(), moved(fixed.outer, fixed.inner)));
        }
        let masquerades = matches!(descriptor.kind, Kind::Masquerade | Kind::Both);
        let first = self.outer.first().unwrap_or(0);
        let any_outer = if self.outer.is_all() {
            Change::Into {
                first: 0,
                last: u32::MAX.into(),
            }
        } else {
            Change::Into {
                first: first.into(),
                last: first.into(),
            }
        };
        let masqueraded = if self.outer.is_all() {
            Ranges::all()
        } else {
            Ranges::one(first)
        };
        for port in descriptor.ports.iter().filter(|_| masquerades) {
            let (low, high) = port.outer_ports;
            let service = |low, high, outward: bool| {
                let mut service = Service::protocol(port.protocol);
                if (low, high) != (0, u16::MAX) {
                    let ports = Ranges::span(low, high);
                    if outward {
                        service.source_ports = ports
                    } else {
                        service.destination_ports = ports
                    }
                }
                service
            };
            let to = u128::from(port.inner.to_bits());
            let mut entry = self.inward(
                port.line,
                masqueraded.clone(),
                service(low, high, false),
                Change::Into { first: to, last: to },
            );
            let inner_high = port.inner_port.saturating_add(high - low);
            let mut back = self.outward(
                port.line,
                Ranges::one(port.inner.to_bits()),
                service(
                    port.inner_port,
                    if (low, high) == (0, u16::MAX) { high } else { inner_high },
                    true,
                ),
                any_outer.clone(),
            );
            if low != port.inner_port && (low, high) != (0, u16::MAX) {
                entry.destination_port = Change::Shift {
                    from: low,
                    to: port.inner_port,
                };
                back.source_port = Change::Shift {
                    from: port.inner_port,
                    to: low,
                };
            }
            inward.push(entry);
            outward.push(back);
        }
        let inner = &descriptor.inner;
        let range = |ranges: &Ranges<u32>| {
            let last = ranges.iter().last().map_or(0, |(_, last)| last);
            Change::Into {
                first: ranges.first().unwrap_or(0).into(),
                last: last.into(),
            }
        };
        if matches!(descriptor.kind, Kind::Nat | Kind::Both) {
            // While a pair stands, the outer address is the inner host's for everybody: any may be.
            outward.push(self.outward(descriptor.line, inner.clone(), Service::anything(), range(&self.outer)));
            inward.push(self.inward(descriptor.line, self.outer.clone(), Service::anything(), range(inner)));
        } else {
            let mut entry = self.outward(descriptor.line, inner.clone(), Service::anything(), any_outer);
            entry.source_port = Change::Into {
                first: PORTS.0,
                last: PORTS.1,
            };
            outward.push(entry);
        }
        if let Some((host, line)) = descriptor.forward.filter(|_| masquerades) {
            let to = u128::from(host.to_bits());
            inward.push(self.inward(
                line,
                masqueraded,
                Service::anything(),
                Change::Into { first: to, last: to },
            ));
        }
        let (before, after) = if self.reverse {
            (outward, inward)
        } else {
            (inward, outward)
        };
        changes.before.extend(before);
        changes.after.extend(after);
    }

    /// An entry for what goes from the inner side to the outer.
    fn outward(&self, line: Line, inner: Ranges<u32>, service: Service, change: Change<u128>) -> Translation {
        let mut entry = self.entry(line, service, self.reverse);
        entry.condition.source = Addresses::of_v4(inner);
        entry.source = change;
        entry
    }

    /// An entry for what goes from the outer side to the inner.
    fn inward(&self, line: Line, outer: Ranges<u32>, service: Service, change: Change<u128>) -> Translation {
        let mut entry = self.entry(line, service, !self.reverse);
        entry.condition.destination = Addresses::of_v4(outer);
        entry.destination = change;
        entry
    }

    fn entry(&self, line: Line, service: Service, on_ingress: bool) -> Translation {
        let mut condition = Match::all_of(Family::V4);
        if on_ingress {
            condition.ingress = self.on.clone();
        } else {
            condition.egress = self.on.clone();
        }
        condition.services = vec![service];
        Translation {
            name: "nat descriptor".to_owned(),
            condition,
            source: Change::Keep,
            destination: Change::Keep,
            source_port: Change::Keep,
            destination_port: Change::Keep,
            line,
        }
    }
}

fn span(first: u32, last: u32) -> Ranges<u32> {
    Ranges::span(first, last)
}

fn kind(word: &str) -> Option<Kind> {
    match word {
        "none" => Some(Kind::None),
        "nat" => Some(Kind::Nat),
        "masquerade" => Some(Kind::Masquerade),
        "nat-masquerade" => Some(Kind::Both),
        _ => None,
    }
}

/// `ipcp`, `primary`, `secondary`: what the interface has; else addresses.
#[expect(
    clippy::option_option,
    reason = "the outer option is whether it can be read, the inner whether it is in the file"
)]
fn outer(word: &str) -> Option<Option<Ranges<u32>>> {
    if ["ipcp", "primary", "secondary", "map-e", "hb46pp"].contains(&word) {
        return Some(None);
    }
    list(word).map(Some)
}

fn inner(word: &str) -> Option<Ranges<u32>> {
    if word == "auto" {
        Some(Ranges::all())
    } else {
        list(word)
    }
}

fn list(word: &str) -> Option<Ranges<u32>> {
    let spans: Option<Vec<_>> = word
        .split(',')
        .map(|part| {
            if let Some((address, mask)) = part.split_once('/') {
                let network = Addresses::network(v4(address)?.into(), mask_of(mask)?);
                return network.v4.iter().next();
            }
            let (first, last) = part.split_once('-').unwrap_or((part, part));
            Some((v4(first)?.to_bits(), v4(last)?.to_bits())).filter(|(first, last)| first <= last)
        })
        .collect();
    spans.map(Ranges::of)
}

/// `203.0.113.10=192.168.0.10`, with `/28` after it.
fn pair(word: &str) -> Option<(Ipv4Addr, Ipv4Addr, Option<u8>)> {
    let (outer, inner) = word.split_once('=')?;
    let (inner, mask) = inner
        .split_once('/')
        .map_or((inner, None), |(inner, mask)| (inner, Some(mask)));
    let mask = match mask {
        Some(mask) => Some(mask_of(mask).filter(|mask| *mask >= 16)?),
        None => None,
    };
    Some((v4(outer)?, v4(inner)?, mask))
}

fn protocol_of(word: &str) -> Option<u8> {
    match word {
        "tcp" => Some(protocol::TCP),
        "udp" => Some(protocol::UDP),
        "icmp" => Some(protocol::ICMP),
        "gre" => Some(protocol::GRE),
        "esp" => Some(protocol::ESP),
        "ah" => Some(protocol::AH),
        _ => number(word),
    }
}

/// `80`, `www`, `5060-5070`, `8080=80`, `*`
fn ports(word: &str) -> Option<((u16, u16), u16)> {
    if word == "*" {
        return Some(((0, u16::MAX), 0));
    }
    if let Some((outer, inner)) = word.split_once('=') {
        let (first, last) = port_span(outer)?;
        return Some(((first, last), port_span(inner)?.0));
    }
    let (first, last) = port_span(word)?;
    Some(((first, last), first))
}

fn port_span(word: &str) -> Option<(u16, u16)> {
    let ranges = super::service::ports_of(Some(word))?;
    let (first, last) = ranges.iter().next()?;
    (ranges.iter().len() == 1).then_some((first, last))
}
