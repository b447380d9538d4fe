//! How many packets a sheet lets pass, counted with a library of binary decision diagrams.

use biodivine_lib_bdd::{Bdd, BddPartialValuation, BddVariable, BddVariableSet};
use separation::packet::{Family, protocol};

use super::sheet::{At, Entry, Hosts, Kind, Ports, Sheet};

/// The bits of a packet that begins a flow: two addresses, protocol, two ports, flags.
pub(crate) struct Bits {
    family: Family,
    all: BddVariableSet,
    fields: Vec<Vec<BddVariable>>,
    valid: Bdd,
}

const PROTOCOL: usize = 2;
const PORTS: [usize; 2] = [3, 4];
const FLAGS: usize = 5;

impl Bits {
    pub(crate) fn new(family: Family) -> Self {
        let widths = [family.bits(), family.bits(), 8, 16, 16, 8].map(usize::from);
        let all = BddVariableSet::new_anonymous(u16::try_from(widths.iter().sum::<usize>()).unwrap());
        let mut variables = all.variables().into_iter();
        let fields = widths.map(|width| variables.by_ref().take(width).collect()).to_vec();
        let valid = all.mk_false();
        let mut bits = Self {
            family,
            all,
            fields,
            valid,
        };
        let ports = |last| bits.interval(PORTS[0], 0, last).and(&bits.interval(PORTS[1], 0, last));
        let plain = bits.interval(FLAGS, 0, 0);
        let others = [family.icmp()].into_iter().chain(protocol::WITH_PORTS);
        let special = others.fold(bits.all.mk_false(), |special, number| {
            special.or(&bits.protocol(number))
        });
        let with_ports = protocol::WITH_PORTS.iter().filter(|number| **number != 6);
        let with_ports = with_ports.fold(bits.all.mk_false(), |some, number| some.or(&bits.protocol(*number)));
        bits.valid = bits
            .protocol(6)
            .or(&with_ports.and(&plain))
            .or(&bits.protocol(family.icmp()).and(&plain).and(&ports(255)))
            .or(&special.not().and(&plain).and(&ports(0)));
        bits
    }

    /// Packets that come in by an interface and leave by another.
    pub(crate) fn between(&self, sheet: &Sheet, ingress: usize, egress: usize) -> String {
        let mut passing = self.valid.and(&self.routed(sheet, egress));
        for list in &sheet.lists {
            let asked = match list.at {
                At::In(at) => at == ingress,
                At::Out(at) => at == egress,
                At::Between => true,
            };
            if !asked {
                continue;
            }
            let otherwise = if list.otherwise {
                self.all.mk_true()
            } else {
                self.all.mk_false()
            };
            let permitted = list.entries.iter().rev().fold(otherwise, |later, entry| {
                let fits = |end: Option<usize>, at| end.is_none_or(|end| end == at);
                if !(fits(entry.ingress, ingress) && fits(entry.egress, egress)) {
                    return later;
                }
                let packets = self.entry(entry);
                if entry.permits {
                    later.or(&packets)
                } else {
                    later.and_not(&packets)
                }
            });
            passing = passing.and(&permitted);
        }
        passing.exact_cardinality().to_string()
    }

    /// Packets whose destination is reached by an interface: the longest network wins.
    fn routed(&self, sheet: &Sheet, egress: usize) -> Bdd {
        let wired = sheet
            .ends
            .iter()
            .enumerate()
            .map(|(by, end)| (end.length, end.address, by));
        let mut networks: Vec<_> = wired
            .chain(sheet.routes.iter().map(|way| (way.length, way.network, way.by)))
            .collect();
        networks.sort_unstable();
        let mut by_it = self.all.mk_false();
        for (length, network, by) in networks {
            let inside = self.hosts(1, &Hosts::Net(network, length));
            by_it = if by == egress {
                by_it.or(&inside)
            } else {
                by_it.and_not(&inside)
            };
        }
        let own = sheet.ends.iter().map(|end| self.interval(1, end.address, end.address));
        own.fold(by_it, |by_it, own| by_it.and_not(&own))
    }

    fn entry(&self, entry: &Entry) -> Bdd {
        let ends = self.hosts(0, &entry.source).and(&self.hosts(1, &entry.destination));
        ends.and(&self.kind(&entry.kind))
    }

    fn hosts(&self, field: usize, hosts: &Hosts) -> Bdd {
        match hosts {
            Hosts::Any => self.all.mk_true(),
            Hosts::Net(network, length) => {
                let free = u32::from(self.family.bits()) - length;
                let hosts = 1_u128.checked_shl(free).map_or(u128::MAX, |one| one - 1);
                self.fixed(field, *network, !hosts)
            }
            Hosts::Span(first, last) => self.interval(field, *first, *last),
            Hosts::Masked(value, mask) => self.fixed(field, *value, *mask),
            Hosts::Not(hosts) => self.hosts(field, hosts).not(),
            Hosts::Several(all) => all
                .iter()
                .fold(self.all.mk_false(), |any, hosts| any.or(&self.hosts(field, hosts))),
        }
    }

    fn kind(&self, kind: &Kind) -> Bdd {
        let ports = |source: &Ports, destination: &Ports| {
            self.any_of(PORTS[0], source).and(&self.any_of(PORTS[1], destination))
        };
        let flags = |mask: u8, value: u8| self.fixed(FLAGS, value.into(), mask.into());
        match kind {
            Kind::Any => self.all.mk_true(),
            Kind::Protocol(number) => self.protocol(*number),
            Kind::Ports(protocols, source, destination) => protocols
                .iter()
                .fold(self.all.mk_false(), |any, number| any.or(&self.protocol(*number)))
                .and(&ports(source, destination)),
            Kind::Loose(source, destination) => {
                let with_ports = self.protocol(6).or(&self.protocol(17));
                with_ports.not().or(&ports(source, destination))
            }
            Kind::Icmp(kind, code) => {
                let one = |value: &Option<u8>| value.map_or_else(Vec::new, |value| vec![(value.into(), value.into())]);
                self.protocol(self.family.icmp()).and(&ports(&one(kind), &one(code)))
            }
            Kind::AnyFlag(mask) => self.protocol(6).and(&flags(*mask, 0).not()),
            Kind::Flags(mask, value) => self.protocol(6).and(&flags(*mask, *value)),
        }
    }

    fn protocol(&self, number: u8) -> Bdd {
        self.interval(PROTOCOL, number.into(), number.into())
    }

    fn any_of(&self, field: usize, ports: &Ports) -> Bdd {
        if ports.is_empty() {
            return self.all.mk_true();
        }
        let intervals = ports
            .iter()
            .map(|(first, last)| self.interval(field, (*first).into(), (*last).into()));
        intervals.fold(self.all.mk_false(), |any, interval| any.or(&interval))
    }

    fn fixed(&self, field: usize, value: u128, mask: u128) -> Bdd {
        let mut fixed = BddPartialValuation::empty();
        for (place, variable) in self.fields[field].iter().rev().enumerate() {
            if mask >> place & 1 == 1 {
                fixed.set_value(*variable, value >> place & 1 == 1);
            }
        }
        self.all.mk_conjunctive_clause(&fixed)
    }

    /// An interval as the blocks that it is made of.
    fn interval(&self, field: usize, first: u128, last: u128) -> Bdd {
        let width = u32::try_from(self.fields[field].len()).unwrap();
        let (mut any, mut at) = (self.all.mk_false(), first);
        loop {
            let size = |free: u32| 1_u128.checked_shl(free).map_or(u128::MAX, |one| one - 1);
            let mut free = if at == 0 { width } else { at.trailing_zeros().min(width) };
            while size(free) > last - at {
                free -= 1;
            }
            any = any.or(&self.fixed(field, at, !size(free)));
            match at.checked_add(size(free)).and_then(|end| end.checked_add(1)) {
                Some(next) if next <= last => at = next,
                _ => return any,
            }
        }
    }
}
