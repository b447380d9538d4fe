//! Small networks with everything that devices can do, made up from a seed. Addresses and ports are few, so that rules meet.

use std::net::IpAddr;

use model::lang::Text;

use crate::device::route::Next;
use crate::device::rule::States;
use crate::device::{
    Action, Addresses, Chain, ChainId, Change, Device, Filter, Interface, InterfaceId, Interfaces, Line, Match,
    Pipeline, PolicyRoute, Reading, Route, Rule, Scope, Service, Stage, Tracking, Translation, Unknown, Way,
};
use crate::diagram::generate::Stream;
use crate::fabric::Fabric;
use crate::network::Network;
use crate::packet::{Family, Packet, State, number, protocol};
use crate::ranges::Ranges;

const NETWORK: &str = r#"
zone = [
  { name = "a", tier = "lgwan", prefixes = ["10.1.0.0/16", "fd00:1::/32"] },
  { name = "b", tier = "mynumber", prefixes = ["10.2.0.0/16", "fd00:2::/32"] },
  { name = "c", tier = "outside", rest = true },
]
link = [{ name = "wire" }]
device = [
  { name = "x", configurations = ["x"], interfaces = { i0 = "a", i1 = "wire", i2 = "b" } },
  { name = "y", configurations = ["y"], interfaces = { i0 = "wire", i1 = "b", i2 = "c" } },
]
"#;

const V4: [&str; 9] = [
    "10.1.0.5",
    "10.1.1.7",
    "10.2.0.5",
    "10.2.3.9",
    "10.9.9.1",
    "10.9.9.2",
    "192.0.2.10",
    "198.51.100.4",
    "10.2.0.1",
];
const V6: [&str; 9] = [
    "fd00:1::5",
    "fd00:1:1::7",
    "fd00:2::5",
    "fd00:2:3::9",
    "fd00:9::1",
    "fd00:9::2",
    "2001:db8::10",
    "2001:db8:1::4",
    "fd00:2::1",
];
const PORTS: [u16; 6] = [22, 80, 443, 444, 1023, 50_000];

fn below(stream: &mut Stream, end: usize) -> usize {
    usize::try_from(stream.below(end as u64)).unwrap()
}

fn address(stream: &mut Stream, family: Family) -> IpAddr {
    let of = if family == Family::V4 { V4 } else { V6 };
    of[below(stream, of.len())].parse().unwrap()
}

/// Packets of every kind that the rules speak of.
pub(super) fn packets(seed: u64, family: Family, count: usize) -> Vec<Packet> {
    let stream = &mut Stream::new(seed ^ 0xabcd);
    let packet = |stream: &mut Stream| {
        let protocol = [
            protocol::TCP,
            protocol::TCP,
            protocol::UDP,
            family.icmp(),
            protocol::GRE,
        ][below(stream, 5)];
        let (source_port, destination_port) = match protocol {
            protocol::GRE => (0, 0),
            protocol::TCP | protocol::UDP => (PORTS[below(stream, 6)], PORTS[below(stream, 6)]),
            _ => (8, 0),
        };
        Packet {
            family,
            source: number(address(stream, family)).1,
            destination: number(address(stream, family)).1,
            protocol,
            source_port,
            destination_port,
            state: State::New,
            flags: if protocol == protocol::TCP {
                [2, 16][below(stream, 2)]
            } else {
                0
            },
        }
    };
    (0..count).map(|_| packet(stream)).collect()
}

pub(super) fn fabric(seed: u64, family: Family, translations: bool) -> Fabric {
    let stream = &mut Stream::new(seed);
    let (x, y) = match family {
        Family::V4 => (
            ["10.1.0.1", "10.9.9.1", "10.2.0.1"],
            ["10.9.9.2", "10.2.0.2", "192.0.2.1"],
        ),
        Family::V6 => (
            ["fd00:1::1", "fd00:9::1", "fd00:2::1"],
            ["fd00:9::2", "fd00:2::2", "2001:db8::1"],
        ),
    };
    let mut making = Making {
        stream,
        family,
        translations,
        lines: 0,
    };
    let devices = vec![making.device(x), making.device(y)];
    let (fabric, problems) = Fabric::new(Network::read(NETWORK).unwrap(), devices);
    assert!(problems.is_empty(), "{problems:?}");
    fabric
}

struct Making<'s> {
    stream: &'s mut Stream,
    family: Family,
    translations: bool,
    lines: u32,
}

impl Making<'_> {
    fn line(&mut self) -> Line {
        self.lines += 1;
        Line {
            file: 0,
            number: self.lines,
        }
    }

    fn device(&mut self, addresses: [&str; 3]) -> Device {
        let interfaces = addresses.iter().enumerate().map(|(at, address)| Interface {
            name: format!("i{at}"),
            addresses: vec![(
                address.parse().unwrap(),
                if self.family == Family::V4 { 24 } else { 48 },
            )],
            table: String::new(),
            addressed_elsewhere: false,
            line: Line { file: 0, number: 1 },
        });
        let mut device = Device {
            interfaces: interfaces.collect(),
            ..Device::default()
        };
        device.chains = (0..4).map(|number| self.chain(number)).collect();
        for length in [0, 0, 8, 16, 24] {
            let route = self.route(length);
            device.routes.push(route);
        }
        if self.stream.chance(40) {
            let (condition, line) = (self.condition(false), self.line());
            let ways = if self.stream.chance(20) {
                Vec::new()
            } else {
                self.ways()
            };
            device.policy_routes.push(PolicyRoute { condition, ways, line });
        }
        let mut stages = Vec::new();
        if self.stream.chance(50) {
            stages.push(self.filter(false));
        }
        if self.translations {
            stages.push(self.translate());
        }
        stages.push(Stage::Route);
        stages.push(self.filter(true));
        if self.translations && self.stream.chance(50) {
            stages.push(self.translate());
        }
        let mut swapped = stages.clone();
        device.pipelines.push(Pipeline { reading: None, stages });
        if self.stream.chance(30) {
            swapped.pop();
            let reading = |code| {
                Some(Reading {
                    code,
                    supposes: (code, code),
                })
            };
            device.pipelines[0].reading = reading("one");
            device.pipelines.push(Pipeline {
                reading: reading("other"),
                stages: swapped,
            });
        }
        device
    }

    fn interfaces(&mut self) -> Interfaces {
        match self.stream.below(6) {
            0 => Interfaces::These(vec![InterfaceId(0), InterfaceId(2)]),
            1 => Interfaces::AllBut(vec![InterfaceId(1)]),
            _ => Interfaces::Any,
        }
    }

    fn addresses(&mut self) -> Addresses {
        if self.stream.chance(45) {
            return Addresses::all();
        }
        let lengths: [u8; 4] = if self.family == Family::V4 {
            [8, 16, 24, 32]
        } else {
            [16, 32, 48, 128]
        };
        let one = address(self.stream, self.family);
        let set = Addresses::network(one, lengths[below(self.stream, 4)]);
        if self.stream.chance(15) { set.complement() } else { set }
    }

    fn condition(&mut self, after_route: bool) -> Match {
        let port = PORTS[below(self.stream, 6)];
        let service = match self.stream.below(7) {
            0 => Service::to_ports(protocol::TCP, Ranges::span(port, 444)),
            1 => Service::to_ports(protocol::TCP, Ranges::span(0, port)),
            2 => Service::protocol(protocol::UDP),
            3 => Service::icmp(self.family, Some(8), None),
            4 => Service::tcp_flags(0x12, 0x10),
            _ => Service::anything(),
        };
        let unknown = Unknown {
            on: Text::fixed("時間帯", "the time of day"),
        };
        Match {
            ingress: self.interfaces(),
            egress: if after_route {
                self.interfaces()
            } else {
                Interfaces::Any
            },
            source: self.addresses(),
            destination: self.addresses(),
            services: vec![service, Service::to_ports(protocol::UDP, Ranges::one(port))],
            states: if self.stream.chance(10) {
                States::known()
            } else {
                States::all()
            },
            unknown: if self.stream.chance(12) {
                vec![unknown]
            } else {
                Vec::new()
            },
        }
    }

    fn chain(&mut self, number: u32) -> Chain {
        let rules = (0..5).map(|_| {
            let target = ChainId(self.stream.bits() as u32 % 4);
            let action = match self.stream.below(10) {
                0..4 => Action::Permit,
                4..6 => Action::Deny,
                6..8 => Action::Jump(target),
                8 => Action::Goto(target),
                _ => Action::Return,
            };
            let (condition, line) = (self.condition(false), self.line());
            Rule {
                name: line.number.to_string(),
                condition,
                action,
                line,
                last_line: line.number,
                logs: false,
                implied: false,
            }
        });
        let rules = rules.collect();
        let otherwise = [Action::Deny, Action::Permit, Action::Return, Action::Return][below(self.stream, 4)];
        Chain {
            name: number.to_string(),
            rules,
            otherwise,
            line: self.line(),
        }
    }

    fn filter(&mut self, after_route: bool) -> Stage {
        Stage::Filter(Filter {
            scope: Scope {
                ingress: self.interfaces(),
                egress: if after_route {
                    self.interfaces()
                } else {
                    Interfaces::Any
                },
            },
            chain: ChainId(self.stream.bits() as u32 % 4),
            tracking: Tracking::Nothing,
            line: self.line(),
        })
    }

    fn next(&mut self) -> Next {
        let interface = InterfaceId(u16::try_from(self.stream.below(3)).unwrap());
        match self.stream.below(8) {
            0 => Next::Discard,
            1 => Next::Anywhere,
            2 => Next::Interface(interface),
            3 => Next::GatewayOn(address(self.stream, self.family), interface),
            _ => Next::Gateway(address(self.stream, self.family)),
        }
    }

    fn ways(&mut self) -> Vec<Way> {
        let count = 1 + self.stream.below(2);
        let way = |_| {
            let condition = if self.stream.chance(30) {
                Some(self.condition(false))
            } else {
                None
            };
            Way {
                condition,
                next: self.next(),
            }
        };
        (0..count).map(way).collect()
    }

    fn route(&mut self, length: u8) -> Route {
        let network = address(self.stream, self.family);
        Route {
            table: String::new(),
            network,
            length,
            preference: u32::try_from(self.stream.below(2)).unwrap(),
            ways: self.ways(),
            line: self.line(),
        }
    }

    fn translate(&mut self) -> Stage {
        let count = self.stream.below(3);
        let translations = (0..count).map(|_| {
            let condition = self.condition(false).and(&Match::all_of(self.family));
            let (source, destination) = (self.change(), self.change());
            let (from, to) = (PORTS[below(self.stream, 6)], PORTS[below(self.stream, 6)]);
            let source_port = match self.stream.below(3) {
                0 => Change::Into {
                    first: 50_000,
                    last: 50_000,
                },
                1 => Change::Shift { from, to },
                _ => Change::Keep,
            };
            let destination_port = if self.stream.chance(40) {
                Change::Shift { from, to }
            } else {
                Change::Keep
            };
            let line = self.line();
            Translation {
                name: line.number.to_string(),
                condition,
                source,
                destination,
                source_port,
                destination_port,
                line,
            }
        });
        Stage::Translate(translations.collect())
    }

    fn change(&mut self) -> Change<u128> {
        let mut one = || number(address(self.stream, self.family)).1;
        let (from, to) = (one(), one());
        match self.stream.below(4) {
            0 => Change::Shift { from, to },
            1 => Change::Into { first: to, last: to },
            _ => Change::Keep,
        }
    }
}
