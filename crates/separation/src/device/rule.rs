//! Rules in lists: the first that matches decides.

use model::lang::Text;

use super::{Addresses, Interfaces, Line};
use crate::packet::{Family, State, protocol};
use crate::ranges::Ranges;

/// An index into [`super::Device::chains`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ChainId(pub u32);

/// A list of rules, asked in order: an access list, a policy table, a chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chain {
    /// Its name in the configuration, or what it is bound to.
    pub name: String,
    /// In the order in which they are asked.
    pub rules: Vec<Rule>,
    /// What happens to a packet that no rule matches. Never a jump.
    pub otherwise: Action,
    /// Where that is written, or where the list begins if it goes without saying.
    pub line: Line,
}

/// One rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// What the configuration calls it: `ip filter 1010`, `policy 12`, `permit 3`.
    pub name: String,
    /// Which packets.
    pub condition: Match,
    /// What happens to them.
    pub action: Action,
    /// Its first line.
    pub line: Line,
    /// Its last line in the same file; the first again for a rule of one line.
    pub last_line: u32,
    /// Whether a match is written to a log.
    pub logs: bool,
    /// Whether it goes without saying: its line says something else, for instance that a list is bound there.
    pub implied: bool,
}

impl Rule {
    /// A rule that stands on one line and is not logged.
    #[must_use]
    pub fn on_line(name: &str, condition: Match, action: Action, line: Line) -> Self {
        Self {
            name: name.to_owned(),
            condition,
            action,
            line,
            last_line: line.number,
            logs: false,
            implied: false,
        }
    }

    /// A rule that goes without saying, on the line that brings it about.
    #[must_use]
    pub fn implied(name: &str, condition: Match, action: Action, line: Line) -> Self {
        Self {
            implied: true,
            ..Self::on_line(name, condition, action, line)
        }
    }

    /// Lets pass those of `packets` that belong to a flow which the device remembers.
    #[must_use]
    pub fn known_flow(packets: Match, line: Line) -> Self {
        let condition = Match {
            states: States::known(),
            ..packets
        };
        Self::implied("known flow", condition, Action::Permit, line)
    }
}

/// What a rule does. One that only counts, marks or logs is no rule here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Action {
    /// The packet passes this filter.
    Permit,
    /// It does not, whether or not the sender is told.
    Deny,
    /// Another chain is asked; where that returns, the next rule of this one.
    Jump(ChainId),
    /// Another chain is asked; where that returns, whoever called this one goes on.
    Goto(ChainId),
    /// Whoever called this chain goes on; in a chain that a filter is bound to, [`Chain::otherwise`] holds.
    Return,
}

/// Which packets a rule is about: those that meet every part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Match {
    /// Where they came in.
    pub ingress: Interfaces,
    /// Where they will go out. Only [`Interfaces::Any`] in a filter before the way out is chosen.
    pub egress: Interfaces,
    /// Where they come from, as the packet says at this point of the pipeline. A family without addresses is not matched.
    pub source: Addresses,
    /// Where they go.
    pub destination: Addresses,
    /// Protocols, ports, flags: any of these. [`Service::anything`] for all.
    pub services: Vec<Service>,
    /// What is known of their flow.
    pub states: States,
    /// What else must hold and cannot be decided from a packet. While there is one, nobody knows whether the rule matches.
    pub unknown: Vec<Unknown>,
}

impl Match {
    /// Every packet of both families.
    #[must_use]
    pub fn everything() -> Self {
        Self {
            ingress: Interfaces::Any,
            egress: Interfaces::Any,
            source: Addresses::all(),
            destination: Addresses::all(),
            services: vec![Service::anything()],
            states: States::all(),
            unknown: Vec::new(),
        }
    }

    /// Every packet of one family.
    #[must_use]
    pub fn all_of(family: Family) -> Self {
        Self {
            source: Addresses::all_of(family),
            destination: Addresses::all_of(family),
            ..Self::everything()
        }
    }

    /// Packets that meet both; what is unknown of either stays so.
    #[must_use]
    pub fn and(&self, other: &Self) -> Self {
        let mut services = Vec::new();
        for ours in &self.services {
            services.extend(other.services.iter().filter_map(|theirs| ours.intersect(theirs)));
        }
        let mut unknown = self.unknown.clone();
        unknown.extend(
            other
                .unknown
                .iter()
                .filter(|other| !self.unknown.contains(other))
                .cloned(),
        );
        Self {
            ingress: self.ingress.intersect(&other.ingress),
            egress: self.egress.intersect(&other.egress),
            source: self.source.intersect(&other.source),
            destination: self.destination.intersect(&other.destination),
            services,
            states: self.states.intersect(other.states),
            unknown,
        }
    }

    /// Whether no packet can meet it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        let families = [
            self.source.v4.is_empty() || self.destination.v4.is_empty(),
            self.source.v6.is_empty() || self.destination.v6.is_empty(),
        ];
        families == [true, true]
            || self.services.is_empty()
            || self.ingress.is_empty()
            || self.egress.is_empty()
            || self.states == States::of(&[])
    }
}

/// Protocols with ports and flags.
///
/// A protocol without ports has 0 as both, and one other than TCP has no flags (see [`crate::packet::Packet`]): where a dialect lets a
/// port condition pass by for such protocols, it gives them a service of their own.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Service {
    /// Protocol numbers.
    pub protocols: Ranges<u8>,
    /// Source ports; of ICMP the type.
    pub source_ports: Ranges<u16>,
    /// Destination ports; of ICMP the code.
    pub destination_ports: Ranges<u16>,
    /// Which values of the byte of TCP flags.
    pub flags: Ranges<u8>,
}

impl Service {
    /// Every packet.
    #[must_use]
    pub fn anything() -> Self {
        Self::protocols(Ranges::all())
    }

    /// Every packet of these protocols.
    #[must_use]
    pub fn protocols(protocols: Ranges<u8>) -> Self {
        Self {
            protocols,
            source_ports: Ranges::all(),
            destination_ports: Ranges::all(),
            flags: Ranges::all(),
        }
    }

    /// Every packet of one protocol.
    #[must_use]
    pub fn protocol(number: u8) -> Self {
        Self::protocols(Ranges::one(number))
    }

    /// To these ports of a protocol.
    #[must_use]
    pub fn to_ports(protocol: u8, ports: Ranges<u16>) -> Self {
        Self {
            destination_ports: ports,
            ..Self::protocol(protocol)
        }
    }

    /// Packets of both; `None` where there are none.
    #[must_use]
    pub fn intersect(&self, other: &Self) -> Option<Self> {
        let both = Self {
            protocols: self.protocols.intersect(&other.protocols),
            source_ports: self.source_ports.intersect(&other.source_ports),
            destination_ports: self.destination_ports.intersect(&other.destination_ports),
            flags: self.flags.intersect(&other.flags),
        };
        let empty = both.protocols.is_empty() || both.source_ports.is_empty() || both.destination_ports.is_empty();
        (!empty && !both.flags.is_empty()).then_some(both)
    }

    /// Control messages of a family; `None` for any type, any code.
    #[must_use]
    pub fn icmp(family: Family, kind: Option<u8>, code: Option<u8>) -> Self {
        let one = |value: Option<u8>| value.map_or_else(Ranges::all, |value| Ranges::one(u16::from(value)));
        Self {
            source_ports: one(kind),
            destination_ports: one(code),
            ..Self::protocol(family.icmp())
        }
    }

    /// TCP with flags such that `flags AND mask = value`.
    #[must_use]
    pub fn tcp_flags(mask: u8, value: u8) -> Self {
        Self {
            flags: flags(mask, value),
            ..Self::protocol(protocol::TCP)
        }
    }
}

/// The values of the flags byte for which `flags AND mask = value`.
#[must_use]
pub fn flags(mask: u8, value: u8) -> Ranges<u8> {
    Ranges::of(
        (0..=u8::MAX)
            .filter(|flags| flags & mask == value)
            .map(|flags| (flags, flags)),
    )
}

/// A set of states.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct States(u8);

impl States {
    /// Any state.
    #[must_use]
    pub const fn all() -> Self {
        Self(0b1111)
    }

    /// These.
    #[must_use]
    pub fn of(states: &[State]) -> Self {
        Self(states.iter().fold(0, |set, state| set | bit(*state)))
    }

    /// Flows that are known: what a device with state lets through without asking its rules again.
    #[must_use]
    pub fn known() -> Self {
        Self::of(&[State::Established, State::Related])
    }

    /// Whether `state` is one of them.
    #[must_use]
    pub const fn contains(self, state: State) -> bool {
        self.0 & bit(state) != 0
    }

    /// States that are none of these.
    #[must_use]
    pub const fn complement(self) -> Self {
        Self(!self.0 & 0b1111)
    }

    /// States of both.
    #[must_use]
    pub const fn intersect(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }
}

const fn bit(state: State) -> u8 {
    match state {
        State::New => 1,
        State::Established => 2,
        State::Related => 4,
        State::Invalid => 8,
    }
}

/// A condition that no packet shows: a name to be resolved, an application, a time of day, a user, a mark.
///
/// The engine bounds it from both sides: *may* (a permit with it matches, a deny does not) and *must* (the reverse).
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Unknown {
    /// What it depends on: 「時間帯」「アプリケーションの判別」.
    pub on: Text,
}
