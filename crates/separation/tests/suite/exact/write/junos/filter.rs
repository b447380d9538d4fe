//! Filters, bound to interfaces in one direction. They look at single packets.

use separation::diagram::generate::Stream;
use separation::packet::Family;

use super::super::super::sheet::{At, Entry, Hosts, Kind, Ports, Shapes, Sheet, below};
use super::super::{Writer, braced, ip, joined, port};
use super::{ENDS, beside, mixed};

pub(in super::super) struct Filters;

impl Writer for Filters {
    fn name(&self) -> &'static str {
        "junos"
    }

    fn shapes(&self, family: Family) -> Shapes {
        Shapes {
            at_interfaces: true,
            spans: false,
            nots: true,
            masks: if family == Family::V4 {
                &[0xffff_00ff, 0xff00_ffff, 0xffff_ff01]
            } else {
                &[]
            },
            several: true,
            mixed_ports: true,
            source_ports: true,
            tcp_and_udp: true,
            other_protocols: true,
            loose: false,
            acked: Some(0x14),
            flags: true,
            open_end: true,
        }
    }

    fn ends(&self) -> [&'static str; 3] {
        ENDS
    }

    fn write(&self, sheet: &Sheet, stream: &mut Stream) -> Vec<String> {
        let mut lines = beside(sheet);
        if stream.chance(30) {
            // As a firewall that lets all pass between its zones.
            let named = ENDS.iter().take(sheet.ends.len());
            lines.extend(named.map(|name| format!("security zones security-zone all interfaces {name}")));
            lines.push("security policies default-policy permit-all".to_owned());
        }
        let mut told = Told {
            family: sheet.family,
            inet: if sheet.family == Family::V4 { "inet" } else { "inet6" },
            lines,
            made: 0,
        };
        for (number, list) in sheet.lists.iter().enumerate() {
            let (end, direction) = match list.at {
                At::In(end) => (end, "input"),
                At::Out(end) => (end, "output"),
                At::Between => unreachable!(),
            };
            let (port, unit) = ENDS[end].split_once('.').unwrap();
            let bound = format!("interfaces {port} unit {unit} family {} filter {direction}", told.inet);
            // What one filter does not decide, the next one does.
            let cut = below(stream, list.entries.len());
            let parts = list.entries.split_at(cut);
            let parts = [parts.0, parts.1].into_iter().filter(|part| !part.is_empty());
            let parts: Vec<(String, &[Entry])> = (0..).map(|part| format!("list{number}-{part}")).zip(parts).collect();
            for (name, entries) in &parts {
                told.terms(name, entries, stream);
            }
            let last = &parts.last().unwrap().0;
            if list.otherwise {
                told.lines.push(format!(
                    "firewall family {} filter {last} term rest then accept",
                    told.inet
                ));
            }
            let several = if parts.len() > 1 { "-list" } else { "" };
            for (name, _) in &parts {
                told.lines.push(format!("{bound}{several} {name}"));
            }
        }
        let lines = mixed(told.lines, stream);
        vec![braced::file(&lines, stream)]
    }
}

struct Told {
    family: Family,
    inet: &'static str,
    lines: Vec<String>,
    made: usize,
}

impl Told {
    fn name(&mut self) -> String {
        self.made += 1;
        format!("made-{}", self.made)
    }

    /// Entries as terms; some of them in a filter of their own that a term asks.
    fn terms(&mut self, filter: &str, entries: &[Entry], stream: &mut Stream) {
        let from = if stream.chance(40) {
            below(stream, entries.len())
        } else {
            entries.len()
        };
        let (own, rest) = entries.split_at(from);
        let (inner, after) = rest.split_at(below(stream, rest.len() + 1));
        for entry in own {
            self.term(filter, entry, stream);
        }
        if !inner.is_empty() {
            let name = self.name();
            self.lines.push(format!(
                "firewall family {} filter {filter} term {name} filter {name}",
                self.inet
            ));
            self.terms(&name, inner, stream);
        }
        for entry in after {
            self.term(filter, entry, stream);
        }
    }

    fn term(&mut self, filter: &str, entry: &Entry, stream: &mut Stream) {
        let filter = format!("firewall family {} filter {filter}", self.inet);
        if stream.chance(10) {
            let name = self.name();
            self.lines.push(format!("{filter} term {name} then count {name}"));
            self.lines.push(format!("{filter} term {name} then next term"));
        }
        let term = format!("{filter} term {}", self.name());
        let mut conditions = self.side("source", &entry.source, stream);
        conditions.extend(self.side("destination", &entry.destination, stream));
        conditions.extend(self.kind(&entry.kind, stream));
        self.lines.extend(
            conditions
                .into_iter()
                .map(|condition| format!("{term} from {condition}")),
        );
        let action = match entry.permits {
            true => "accept",
            false => ["discard", "reject"][below(stream, 2)],
        };
        self.lines.push(format!("{term} then {action}"));
    }

    /// The longest network that holds an address decides, and may be an exception.
    fn side(&mut self, side: &str, hosts: &Hosts, stream: &mut Stream) -> Vec<String> {
        let all = if self.family == Family::V4 { "0.0.0.0/0" } else { "::/0" };
        match hosts {
            Hosts::Any if stream.chance(80) => Vec::new(),
            Hosts::Any => vec![format!("{side}-address {all}")],
            Hosts::Not(inner) => {
                let mut told = vec![format!("{side}-address {all}")];
                let except = self.several(side, std::slice::from_ref(&**inner), stream);
                told.extend(except.into_iter().map(|one| format!("{one} except")));
                told
            }
            Hosts::Several(several) => self.several(side, several, stream),
            one => self.several(side, std::slice::from_ref(one), stream),
        }
    }

    fn several(&mut self, side: &str, several: &[Hosts], stream: &mut Stream) -> Vec<String> {
        let nets = several.iter().map(|one| match one {
            Hosts::Net(network, length) => format!("{}/{length}", ip(self.family, *network)),
            Hosts::Masked(value, mask) => {
                let v4 = |number: u128| ip(Family::V4, number);
                format!("{}/{}", v4(value & mask), v4(*mask))
            }
            other => unreachable!("{other:?}"),
        });
        let nets: Vec<String> = nets.collect();
        let masked = several.iter().any(|one| matches!(one, Hosts::Masked(..)));
        if masked || stream.chance(60) {
            return nets.into_iter().map(|net| format!("{side}-address {net}")).collect();
        }
        let list = self.name();
        for net in nets {
            self.lines.push(format!("policy-options prefix-list {list} {net}"));
        }
        vec![format!("{side}-prefix-list {list}")]
    }

    fn kind(&self, kind: &Kind, stream: &mut Stream) -> Vec<String> {
        let protocol = if self.family == Family::V4 {
            "protocol"
        } else {
            "next-header"
        };
        let of = |names: &str| format!("{protocol} {names}");
        match kind {
            Kind::Any => Vec::new(),
            Kind::Protocol(number) => vec![of(&number.to_string())],
            Kind::Icmp(kind, code) => {
                let icmp = if self.family == Family::V4 { "icmp" } else { "icmp6" };
                let numbers = [("type", kind), ("code", code)].into_iter();
                let numbers = numbers.filter_map(|(word, value)| Some((word, (*value)?)));
                let numbers = numbers.map(|(word, value)| format!("icmp-{word} {value}"));
                [of(icmp)].into_iter().chain(numbers).collect()
            }
            Kind::Ports(protocols, source, destination) => {
                let name = |number: &u8| if *number == 6 { "tcp" } else { "udp" };
                let mut told: Vec<String> = protocols.iter().map(|number| of(name(number))).collect();
                for (word, ports) in [("source-port", source), ("destination-port", destination)] {
                    told.extend(self::ports(word, ports, stream));
                }
                told
            }
            Kind::AnyFlag(_) => vec![of("tcp"), "tcp-established".to_owned()],
            Kind::Flags(mask, value) => {
                let named = [(0x02, "syn"), (0x10, "ack"), (0x01, "fin"), (0x04, "rst")];
                let named = named.iter().filter(|(bit, _)| mask & bit != 0);
                let named = named.map(|(bit, name)| format!("{}{name}", if value & bit == 0 { "!" } else { "" }));
                vec![of("tcp"), format!("tcp-flags \"({})\"", joined(named, " & "))]
            }
            other @ Kind::Loose(..) => unreachable!("{other:?}"),
        }
    }
}

/// Ports, or those that are not.
fn ports(word: &str, ports: &Ports, stream: &mut Stream) -> Vec<String> {
    let others = complement(ports);
    let (except, ports) = if !others.is_empty() && !ports.is_empty() && stream.chance(25) {
        ("-except", &others)
    } else {
        ("", ports)
    };
    ports
        .iter()
        .map(|range| format!("{word}{except} {}", port(*range, "-")))
        .collect()
}

fn complement(ports: &Ports) -> Ports {
    let mut sorted = ports.clone();
    sorted.sort_unstable();
    let (mut others, mut next) = (Vec::new(), 0_u32);
    for (first, last) in sorted {
        if u32::from(first) > next {
            others.push((u16::try_from(next).unwrap(), first - 1));
        }
        next = next.max(u32::from(last) + 1);
    }
    if let Ok(next) = u16::try_from(next) {
        others.push((next, u16::MAX));
    }
    others
}
