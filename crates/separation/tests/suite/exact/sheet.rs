//! Rules as this suite means them, made up from a seed, and what they do to a packet, said in the plainest way. Nothing here is shared
//! with the library but the packet itself.

use separation::diagram::generate::Stream;
use separation::packet::{Family, Packet};

/// What a device is told to do.
#[derive(Debug, Clone)]
pub(crate) struct Sheet {
    pub(crate) family: Family,
    pub(crate) ends: Vec<End>,
    pub(crate) routes: Vec<Way>,
    pub(crate) lists: Vec<List>,
    pub(crate) nats: Vec<Nat>,
}

/// An interface: its own address and how many bits of it are the network's.
#[derive(Debug, Clone, Copy)]
pub(crate) struct End {
    pub(crate) address: u128,
    pub(crate) length: u32,
}

/// A network, and the neighbour that leads to it by an interface.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Way {
    pub(crate) network: u128,
    pub(crate) length: u32,
    pub(crate) gateway: u128,
    pub(crate) by: usize,
}

/// Entries of which the first that matches decides.
#[derive(Debug, Clone)]
pub(crate) struct List {
    pub(crate) at: At,
    pub(crate) entries: Vec<Entry>,
    /// Of packets that no entry matches.
    pub(crate) otherwise: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum At {
    In(usize),
    Out(usize),
    Between,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Entry {
    pub(crate) permits: bool,
    pub(crate) ingress: Option<usize>,
    pub(crate) egress: Option<usize>,
    pub(crate) source: Hosts,
    pub(crate) destination: Hosts,
    pub(crate) kind: Kind,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Hosts {
    Any,
    Net(u128, u32),
    Span(u128, u128),
    /// Bits that the mask has are those of the value.
    Masked(u128, u128),
    Not(Box<Hosts>),
    Several(Vec<Hosts>),
}

/// Ranges of ports; none for any.
pub(crate) type Ports = Vec<(u16, u16)>;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Kind {
    Any,
    Protocol(u8),
    Ports(Vec<u8>, Ports, Ports),
    /// Ports that count for TCP and UDP; every other protocol passes by.
    Loose(Ports, Ports),
    Icmp(Option<u8>, Option<u8>),
    /// TCP with one of these flags.
    AnyFlag(u8),
    /// TCP with these flags of a mask.
    Flags(u8, u8),
}

/// A translation of one host.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Nat {
    /// What comes in by `by` for a port of `outer` goes to `inner`.
    Inward {
        by: usize,
        outer: (u128, u16),
        inner: (u128, u16),
    },
    /// What leaves by `by` from a network has another source, with a port from `port` on.
    Outward {
        by: usize,
        from: (u128, u32),
        to: u128,
        port: u16,
    },
}

impl Hosts {
    fn has(&self, family: Family, address: u128) -> bool {
        match self {
            Self::Any => true,
            Self::Net(network, length) => same(family, *network, address, *length),
            Self::Span(first, last) => *first <= address && address <= *last,
            Self::Masked(value, mask) => address & mask == value & mask,
            Self::Not(hosts) => !hosts.has(family, address),
            Self::Several(all) => all.iter().any(|hosts| hosts.has(family, address)),
        }
    }
}

/// Whether two addresses have their first bits in common.
pub(crate) fn same(family: Family, one: u128, other: u128, length: u32) -> bool {
    let free = u32::from(family.bits()) - length;
    free >= 128 || one >> free == other >> free
}

impl Kind {
    fn has(&self, packet: &Packet) -> bool {
        let within = |ports: &Ports, port: u16| {
            ports.is_empty() || ports.iter().any(|(first, last)| *first <= port && port <= *last)
        };
        let both = |source: &Ports, destination: &Ports| {
            within(source, packet.source_port) && within(destination, packet.destination_port)
        };
        match self {
            Self::Any => true,
            Self::Protocol(number) => packet.protocol == *number,
            Self::Ports(protocols, source, destination) => {
                protocols.contains(&packet.protocol) && both(source, destination)
            }
            Self::Loose(source, destination) => ![6, 17].contains(&packet.protocol) || both(source, destination),
            Self::Icmp(kind, code) => {
                let is = |wanted: &Option<u8>, port: u16| wanted.is_none_or(|wanted| u16::from(wanted) == port);
                let number = if packet.family == Family::V4 { 1 } else { 58 };
                packet.protocol == number && is(kind, packet.source_port) && is(code, packet.destination_port)
            }
            Self::AnyFlag(flags) => packet.protocol == 6 && packet.flags & flags != 0,
            Self::Flags(mask, value) => packet.protocol == 6 && packet.flags & mask == *value,
        }
    }
}

impl Entry {
    fn has(&self, packet: &Packet, ingress: usize, egress: usize) -> bool {
        self.ingress.is_none_or(|only| only == ingress)
            && self.egress.is_none_or(|only| only == egress)
            && self.source.has(packet.family, packet.source)
            && self.destination.has(packet.family, packet.destination)
            && self.kind.has(packet)
    }
}

impl Sheet {
    /// The interface that a destination is reached by; `None` where it is the device's own address.
    pub(crate) fn route(&self, destination: u128) -> Option<usize> {
        if self.ends.iter().any(|end| end.address == destination) {
            return None;
        }
        let wired = self.ends.iter().enumerate();
        let wired = wired.map(|(by, end)| (end.length, end.address, by));
        let routed = self.routes.iter().map(|way| (way.length, way.network, way.by));
        wired
            .chain(routed)
            .filter(|(length, network, ..)| same(self.family, *network, destination, *length))
            .max_by_key(|(length, ..)| *length)
            .map(|(_, _, by)| by)
    }

    /// Lets pass at the end of its lists what none of their entries is about.
    pub(crate) fn open(&mut self) {
        for list in &mut self.lists {
            list.entries.push(Entry {
                permits: true,
                ingress: None,
                egress: None,
                source: Hosts::Any,
                destination: Hosts::Any,
                kind: Kind::Any,
            });
        }
    }

    /// Whether the lists of one place let a packet pass.
    pub(crate) fn passes(&self, packet: &Packet, ingress: usize, egress: usize, at: At) -> bool {
        self.lists.iter().filter(|list| list.at == at).all(|list| {
            let first = list.entries.iter().find(|entry| entry.has(packet, ingress, egress));
            first.map_or(list.otherwise, |entry| entry.permits)
        })
    }

    /// What comes in by `ingress` leaves so: the packet and the interface. Where the source is translated the device may choose the
    /// port, too: it chooses `port`, or the lowest that it can.
    pub(crate) fn through(&self, mut packet: Packet, ingress: usize, port: u16) -> Option<(Packet, usize)> {
        let nowhere = usize::MAX;
        if !self.passes(&packet, ingress, nowhere, At::In(ingress)) {
            return None;
        }
        for nat in &self.nats {
            if let Nat::Inward { by, outer, inner } = *nat
                && by == ingress
                && packet.protocol == 6
                && (packet.destination, packet.destination_port) == outer
            {
                (packet.destination, packet.destination_port) = inner;
                break;
            }
        }
        let egress = self.route(packet.destination)?;
        let outward = |packet: &Packet| {
            self.nats.iter().find_map(|nat| match *nat {
                Nat::Outward { by, from, to, port } if by == egress => {
                    same(self.family, from.0, packet.source, from.1).then_some((to, port))
                }
                _ => None,
            })
        };
        if !self.passes(&packet, ingress, egress, At::Between) {
            return None;
        }
        if let Some((to, lowest)) = outward(&packet) {
            packet.source = to;
            if [6, 17].contains(&packet.protocol) {
                packet.source_port = port.max(lowest);
            }
        }
        self.passes(&packet, ingress, egress, At::Out(egress))
            .then_some((packet, egress))
    }
}

/// What a language can say in a rule.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Shapes {
    /// Lists at interfaces, or one between all.
    pub(crate) at_interfaces: bool,
    pub(crate) spans: bool,
    pub(crate) nots: bool,
    /// Masks with holes that it can write.
    pub(crate) masks: &'static [u128],
    pub(crate) several: bool,
    /// Ranges among lists of ports.
    pub(crate) mixed_ports: bool,
    pub(crate) source_ports: bool,
    pub(crate) tcp_and_udp: bool,
    /// Protocols without ports.
    pub(crate) other_protocols: bool,
    pub(crate) loose: bool,
    /// What `established` looks at.
    pub(crate) acked: Option<u8>,
    pub(crate) flags: bool,
    /// Whether a last rule can let all else pass.
    pub(crate) open_end: bool,
}

pub(crate) fn below(stream: &mut Stream, end: usize) -> usize {
    usize::try_from(stream.below(end as u64)).unwrap()
}

pub(crate) fn pick<T: Copy>(stream: &mut Stream, of: &[T]) -> T {
    of[below(stream, of.len())]
}

/// Where the zones are: `a`, `b`, and all else beyond `c`.
pub(crate) const NETS: [[u128; 4]; 2] = [
    [0x0a01_0000, 0x0a02_0000, 0xc633_0000, 0xc000_0200],
    [
        0xfd00_0001 << 96,
        0xfd00_0002 << 96,
        0x2001_0db8 << 96,
        0x2001_0db8_00ff << 80,
    ],
];

/// An address among few, so that rules meet.
pub(crate) fn host(stream: &mut Stream, family: Family) -> u128 {
    let (nets, low) = match family {
        Family::V4 => (
            NETS[0],
            pick(stream, &[0, 1, 2, 3, 7, 0x100, 0x101, 0x1ff, 0x8000, 0xff05]),
        ),
        Family::V6 => (
            NETS[1],
            pick(stream, &[0, 1, 2, 7, 1 << 64, (1 << 64) + 1, (2 << 64) + 255, 1 << 80]),
        ),
    };
    let net = pick(stream, &nets);
    // The last net is a small one.
    if family == Family::V4 && net == nets[3] {
        net | (low & 0xff)
    } else {
        net | low
    }
}

/// Ports among few.
pub(crate) const PORTS: [u16; 9] = [0, 22, 80, 443, 1_023, 1_024, 8_080, 50_000, 65_535];

impl Shapes {
    fn hosts(&self, stream: &mut Stream, family: Family, depth: u32) -> Hosts {
        let one = host(stream, family);
        match stream.below(12) {
            0..4 if depth == 0 => Hosts::Any,
            4 if self.spans => {
                let other = host(stream, family);
                Hosts::Span(one.min(other), one.max(other))
            }
            5 if depth == 0 && !self.masks.is_empty() => Hosts::Masked(one, pick(stream, self.masks)),
            6 if self.several && depth == 0 => {
                let all = (0..2 + stream.below(2)).map(|_| self.hosts(stream, family, 1));
                Hosts::Several(all.collect())
            }
            7 if self.nots && depth == 0 => Hosts::Not(Box::new(self.hosts(stream, family, 2))),
            _ => self.net(stream, family, one),
        }
    }

    fn net(&self, stream: &mut Stream, family: Family, one: u128) -> Hosts {
        let length = match family {
            Family::V4 => pick(stream, &[8, 16, 23, 24, 31, 32, 32]),
            Family::V6 => pick(stream, &[16, 32, 48, 64, 127, 128, 128]),
        };
        let free = u32::from(family.bits()) - length;
        Hosts::Net(one >> free << free, length)
    }

    fn ports(&self, stream: &mut Stream, any: u64) -> Ports {
        let port = |stream: &mut Stream| pick(stream, &PORTS);
        if stream.chance(any) {
            return Vec::new();
        }
        let span = |stream: &mut Stream| {
            let (one, other) = (port(stream), port(stream));
            (one.min(other), one.max(other))
        };
        if stream.chance(40) {
            return vec![span(stream)];
        }
        let count = 1 + below(stream, 3);
        let mut ports: Ports = (0..count).map(|_| port(stream)).map(|port| (port, port)).collect();
        if self.mixed_ports && stream.chance(30) {
            ports.push(span(stream));
        }
        ports.sort_unstable();
        ports.dedup();
        ports
    }

    fn kind(&self, stream: &mut Stream, family: Family) -> Kind {
        let any_source = if self.source_ports { 75 } else { 100 };
        match stream.below(20) {
            0..3 => Kind::Any,
            3..7 if !self.other_protocols => Kind::Any,
            3 => Kind::Protocol(pick(stream, &[6, 17, 47, 50])),
            4 | 5 => Kind::Icmp(
                Some(pick(stream, &[0, 3, 8, 128])),
                stream.chance(50).then(|| pick(stream, &[0, 4])),
            ),
            6 => Kind::Protocol(family.icmp()),
            7 if self.loose => Kind::Loose(self.ports(stream, any_source), self.ports(stream, 0)),
            8 if self.acked.is_some() => Kind::AnyFlag(self.acked.unwrap()),
            9 if self.flags => {
                let mask = pick(stream, &[0x12, 0x17, 0x02]);
                Kind::Flags(mask, mask & pick(stream, &[0x02, 0x10, 0x12]))
            }
            other => {
                let protocols = match other {
                    10 | 11 if self.tcp_and_udp => vec![6, 17],
                    12 | 13 => vec![17],
                    _ => vec![6],
                };
                Kind::Ports(protocols, self.ports(stream, any_source), self.ports(stream, 15))
            }
        }
    }

    fn entry(&self, stream: &mut Stream, family: Family, ends: usize) -> Entry {
        let mut end = || (!self.at_interfaces && stream.chance(40)).then(|| below(stream, ends));
        let (ingress, egress) = (end(), end());
        Entry {
            permits: stream.chance(65),
            ingress,
            egress,
            source: self.hosts(stream, family, 0),
            destination: self.hosts(stream, family, 0),
            kind: self.kind(stream, family),
        }
    }

    fn list(&self, stream: &mut Stream, family: Family, ends: usize, at: At) -> List {
        let count = 1 + below(stream, 9);
        List {
            at,
            entries: (0..count).map(|_| self.entry(stream, family, ends)).collect(),
            otherwise: self.open_end && stream.chance(20),
        }
    }

    /// Lists for a device whose interfaces and routes are given.
    pub(crate) fn fill(&self, stream: &mut Stream, sheet: &mut Sheet) {
        let ends = sheet.ends.len();
        if !self.at_interfaces {
            sheet.lists.push(self.list(stream, sheet.family, ends, At::Between));
            return;
        }
        for end in 0..ends {
            for at in [At::In(end), At::Out(end)] {
                if stream.chance(50) {
                    sheet.lists.push(self.list(stream, sheet.family, ends, at));
                }
            }
        }
    }
}
