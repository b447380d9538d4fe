//! What a device does with packets, whatever it is made by: the one form that every dialect is read into, and all that the engine
//! knows of a device.
//!
//! A [`Device`] has interfaces, routes, lists of rules ([`Chain`]) and one or more [`Pipeline`]s. A pipeline is the way of a packet
//! through the device: filters, translations, and the choice of the way out, in the order in which the device does them. Where a vendor
//! does not say in which order, there is a pipeline for each [`Reading`], and a separation is proved only if it holds under all.
//!
//! INVARIANT: nothing is guessed. What a dialect does not understand is an [`Unread`]; a condition that it understands and that cannot be
//! decided from a packet is a [`rule::Unknown`] of the match. Either keeps an answer from being *kept*.

mod describe;
pub mod filter;
pub mod route;
pub mod rule;
pub mod translation;
pub mod unread;

use std::net::IpAddr;

pub use self::describe::describe;
pub use self::filter::{Filter, Scope, Tracking};
pub use self::route::{PolicyRoute, Route, Way};
pub use self::rule::{Action, Chain, ChainId, Match, Rule, Service, Unknown};
pub use self::translation::{Change, Translation};
pub use self::unread::{Affects, Remark, RemarkKind, Unread};
use crate::packet::Family;
use crate::ranges::Ranges;

/// A place in a configuration: which of the device's files, and which line, from 1.
///
/// Files are redacted line by line, so a line has the same number in the city's own file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Line {
    /// Index into the device's files.
    pub file: u16,
    /// The line, from 1.
    pub number: u32,
}

/// What a configuration says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Device {
    /// The name that it gives itself, if any.
    pub host_name: Option<String>,
    /// Its interfaces, in the order of the file.
    pub interfaces: Vec<Interface>,
    /// Lists of rules; a [`ChainId`] is an index into them.
    pub chains: Vec<Chain>,
    /// Routes by destination.
    pub routes: Vec<Route>,
    /// Routes by other things than the destination, in the order in which they are tried, before [`Device::routes`].
    pub policy_routes: Vec<PolicyRoute>,
    /// The ways of a packet through the device. At least one, else nothing passes.
    pub pipelines: Vec<Pipeline>,
    /// Lines that were not understood and may matter.
    pub unread: Vec<Unread>,
    /// What is wrong or risky in itself, whatever passes.
    pub remarks: Vec<Remark>,
}

impl Device {
    /// The chain of a number.
    #[must_use]
    pub fn chain(&self, id: ChainId) -> Option<&Chain> {
        self.chains.get(id.0 as usize)
    }

    /// The number of an interface, by the name in the configuration (case counts not).
    #[must_use]
    pub fn interface(&self, name: &str) -> Option<InterfaceId> {
        let at = self
            .interfaces
            .iter()
            .position(|interface| interface.name.eq_ignore_ascii_case(name))?;
        u16::try_from(at).ok().map(InterfaceId)
    }
}

/// An index into [`Device::interfaces`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct InterfaceId(pub u16);

/// Where packets come in and go out: a port, a VLAN, a tunnel, a dialled line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Interface {
    /// Its name in the configuration: `lan1`, `GigabitEthernet0/1`, `pp 1`.
    pub name: String,
    /// Its own addresses, each with the prefix length of the network around it.
    pub addresses: Vec<(IpAddr, u8)>,
    /// Its routing table (VRF, virtual router, VDOM); empty for the only or main one.
    pub table: String,
    /// Where an address is given to it by someone else (DHCP, PPP): the routes that come with it are not in the file.
    pub addressed_elsewhere: bool,
    /// Where it is set up; one that only a rule names has the rule's line.
    pub line: Line,
}

impl Interface {
    /// Whether it leads nowhere: an address of the device itself, by the names that vendors give it.
    #[must_use]
    pub fn is_loopback(&self) -> bool {
        let name = self.name.to_ascii_lowercase();
        let number = name.strip_prefix("loopback").or_else(|| name.strip_prefix("lo0"));
        let is_number = |rest: &str| rest.chars().all(|c| c.is_ascii_digit() || c == '.');
        name == "lo" || number.is_some_and(is_number)
    }
}

/// A set of interfaces.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Interfaces {
    /// All, including those that the configuration does not name.
    Any,
    /// These.
    These(Vec<InterfaceId>),
    /// All but these.
    AllBut(Vec<InterfaceId>),
}

impl Interfaces {
    /// Whether `id` is one of them.
    #[must_use]
    pub fn contains(&self, id: InterfaceId) -> bool {
        match self {
            Self::Any => true,
            Self::These(these) => these.contains(&id),
            Self::AllBut(these) => !these.contains(&id),
        }
    }

    /// Those of both.
    #[must_use]
    pub fn intersect(&self, other: &Self) -> Self {
        let of = |these: &[InterfaceId], set: &Self| these.iter().copied().filter(|id| set.contains(*id)).collect();
        match (self, other) {
            (Self::Any, set) | (set, Self::Any) => set.clone(),
            (Self::These(these), set) | (set, Self::These(these)) => Self::These(of(these, set)),
            (Self::AllBut(ours), Self::AllBut(theirs)) => {
                let mut both = ours.clone();
                both.extend(theirs.iter().filter(|id| !ours.contains(id)));
                Self::AllBut(both)
            }
        }
    }

    /// Whether it holds none for sure.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        matches!(self, Self::These(these) if these.is_empty())
    }
}

/// The way of a packet through a device.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pipeline {
    /// Which reading of the vendor's manual it follows; `None` where there is only one.
    pub reading: Option<Reading>,
    /// What happens, in order. Holds [`Stage::Route`] exactly once; the way out is known only after it.
    pub stages: Vec<Stage>,
}

/// One thing that happens to a packet on its way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stage {
    /// It is let through or not.
    Filter(Filter),
    /// Addresses or ports are changed: the first translation that matches does it, and one that matches none passes as it is.
    Translate(Vec<Translation>),
    /// The way out is chosen.
    Route,
}

/// A manner of understanding what a manual leaves open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Reading {
    /// A stable word: `nat-before-filter`.
    pub code: &'static str,
    /// What it supposes: 日本語, English.
    pub supposes: (&'static str, &'static str),
}

/// A set of addresses of both families.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Addresses {
    /// Of IPv4.
    pub v4: Ranges<u32>,
    /// Of IPv6.
    pub v6: Ranges<u128>,
}

impl Addresses {
    /// No address.
    #[must_use]
    pub const fn none() -> Self {
        Self {
            v4: Ranges::none(),
            v6: Ranges::none(),
        }
    }

    /// Every address of both families.
    #[must_use]
    pub fn all() -> Self {
        Self {
            v4: Ranges::all(),
            v6: Ranges::all(),
        }
    }

    /// Every address of one family, none of the other.
    #[must_use]
    pub fn all_of(family: Family) -> Self {
        match family {
            Family::V4 => Self {
                v4: Ranges::all(),
                v6: Ranges::none(),
            },
            Family::V6 => Self {
                v4: Ranges::none(),
                v6: Ranges::all(),
            },
        }
    }

    /// These of IPv4, none of IPv6.
    #[must_use]
    pub const fn of_v4(v4: Ranges<u32>) -> Self {
        Self { v4, v6: Ranges::none() }
    }

    /// These of IPv6, none of IPv4.
    #[must_use]
    pub const fn of_v6(v6: Ranges<u128>) -> Self {
        Self { v4: Ranges::none(), v6 }
    }

    /// Addresses of groups, which packets to many hosts have as their destination.
    #[must_use]
    pub fn groups() -> Self {
        let v4 = Self::network(IpAddr::V4(std::net::Ipv4Addr::new(224, 0, 0, 0)), 4);
        let v6 = Self::network(IpAddr::V6(std::net::Ipv6Addr::new(0xff00, 0, 0, 0, 0, 0, 0, 0)), 8);
        v4.union(&v6)
    }

    /// One address.
    #[must_use]
    pub fn one(address: IpAddr) -> Self {
        Self::span(address, address)
    }

    /// From `first` to `last`; none where they are of two families.
    #[must_use]
    pub fn span(first: IpAddr, last: IpAddr) -> Self {
        match (first, last) {
            (IpAddr::V4(first), IpAddr::V4(last)) => Self::of_v4(Ranges::span(first.to_bits(), last.to_bits())),
            (IpAddr::V6(first), IpAddr::V6(last)) => Self::of_v6(Ranges::span(first.to_bits(), last.to_bits())),
            _ => Self::none(),
        }
    }

    /// The network around `address`; a length beyond the family's bits is the one address.
    #[must_use]
    pub fn network(address: IpAddr, length: u8) -> Self {
        match address {
            IpAddr::V4(address) => {
                let hosts = u32::MAX.checked_shr(u32::from(length)).unwrap_or(0);
                let bits = address.to_bits();
                Self::of_v4(Ranges::span(bits & !hosts, bits | hosts))
            }
            IpAddr::V6(address) => {
                let hosts = u128::MAX.checked_shr(u32::from(length)).unwrap_or(0);
                let bits = address.to_bits();
                Self::of_v6(Ranges::span(bits & !hosts, bits | hosts))
            }
        }
    }

    /// Those of one family, as numbers.
    #[must_use]
    pub fn of(&self, family: Family) -> Ranges<u128> {
        match family {
            Family::V4 => Ranges::of(self.v4.iter().map(|(first, last)| (first.into(), last.into()))),
            Family::V6 => self.v6.clone(),
        }
    }

    /// Addresses of either.
    #[must_use]
    pub fn union(&self, other: &Self) -> Self {
        Self {
            v4: self.v4.union(&other.v4),
            v6: self.v6.union(&other.v6),
        }
    }

    /// Addresses of both.
    #[must_use]
    pub fn intersect(&self, other: &Self) -> Self {
        Self {
            v4: self.v4.intersect(&other.v4),
            v6: self.v6.intersect(&other.v6),
        }
    }

    /// Addresses of this one and not of the other.
    #[must_use]
    pub fn minus(&self, other: &Self) -> Self {
        Self {
            v4: self.v4.minus(&other.v4),
            v6: self.v6.minus(&other.v6),
        }
    }

    /// Those of both families that it does not hold.
    #[must_use]
    pub fn complement(&self) -> Self {
        Self {
            v4: self.v4.complement(),
            v6: self.v6.complement(),
        }
    }

    /// Whether it holds none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.v4.is_empty() && self.v6.is_empty()
    }

    /// Whether it holds `address`.
    #[must_use]
    pub fn contains(&self, address: IpAddr) -> bool {
        match address {
            IpAddr::V4(address) => self.v4.contains(address.to_bits()),
            IpAddr::V6(address) => self.v6.contains(address.to_bits()),
        }
    }
}
