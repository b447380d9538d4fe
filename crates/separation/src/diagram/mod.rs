//! Sets of packets as decision diagrams, and which rule decided each packet.
//!
//! A diagram asks one field of a packet after the other, in a fixed [`Order`]. A node is a list of intervals that cover the whole field,
//! each with what is asked next; at the end stands the number of whatever decided (a *terminal*: say, the first rule that matches), or
//! [`Id::NONE`] for packets that are not in the set.
//!
//! ```text
//! protocol   0..=5 ─► NONE      6 ─► destination port      7..=255 ─► NONE
//!                                    0..=442 ─► NONE   443 ─► rule 12   444..=65535 ─► NONE
//! ```
//!
//! Equal sets are equal [`Id`]s of one [`Arena`]: nodes are shared, neighbouring intervals with the same continuation are one, and a
//! node that asks nothing is left out. What is proved about a set is proved by comparing two numbers.
//!
//! Because terminals are the rules themselves, one diagram answers who permits (its terminals), how much ([`Arena::survey`]), with which
//! packet, and which rule is never reached (its number is no terminal).
//!
//! # Bounds are the addresses themselves
//! An arena is generic over the type of its bounds: `u32` for IPv4 (8 bytes an edge) and `u128` for IPv6 (20 bytes). The other way, to
//! number the cut points and keep numbers of 32 bits for both, would halve what IPv6 needs, but a translation of addresses makes new cut
//! points in the middle of a path, and every diagram made before it would have to be numbered anew. IPv6 rule sets are the smaller ones.
//!
//! # Nothing runs away
//! Recursion is as deep as there are fields. Work is counted, edge by edge, and ends with [`BudgetSpent`]: no order of fields suits every
//! set of rules, so two of them [`race`] under a budget that doubles until one is done.

mod apply;
mod arena;
mod build;
#[cfg(any(test, feature = "generate"))]
pub mod generate;
mod memo;
mod rewrite;
mod survey;
#[cfg(test)]
mod tests;

pub use self::arena::{Arena, BudgetSpent, Id, Width};
pub use self::build::{Product, Sides, build, race};
pub use self::survey::{Block, Surveyed, Wishes};
use crate::packet::{Packet, State};

/// How many fields a packet has.
pub const FIELDS: usize = 7;

/// A field of a packet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Field {
    /// Source address.
    Source,
    /// Destination address.
    Destination,
    /// Protocol number.
    Protocol,
    /// Source port; of ICMP the type.
    SourcePort,
    /// Destination port; of ICMP the code.
    DestinationPort,
    /// [`State`], in the order of its variants from 0.
    State,
    /// TCP flags.
    Flags,
}

impl Field {
    /// All of them, in the order of [`Values`].
    pub const ALL: [Self; FIELDS] = [
        Self::Source,
        Self::Destination,
        Self::Protocol,
        Self::SourcePort,
        Self::DestinationPort,
        Self::State,
        Self::Flags,
    ];

    /// The largest value that it has in arenas with bounds of type `B`.
    #[must_use]
    pub fn last<B: Width>(self) -> B {
        match self {
            Self::Source | Self::Destination => B::MAX,
            Self::Protocol | Self::Flags => B::from(0xff_u16),
            Self::SourcePort | Self::DestinationPort => B::from(0xffff_u16),
            Self::State => B::from(3_u16),
        }
    }
}

/// A value a field, by [`Field::ALL`].
pub type Values = [u128; FIELDS];

/// The fields of a packet.
#[must_use]
pub fn values(packet: &Packet) -> Values {
    [
        packet.source,
        packet.destination,
        packet.protocol.into(),
        packet.source_port.into(),
        packet.destination_port.into(),
        state_number(packet.state).into(),
        packet.flags.into(),
    ]
}

/// The value of [`Field::State`].
#[must_use]
pub const fn state_number(state: State) -> u8 {
    match state {
        State::New => 0,
        State::Established => 1,
        State::Related => 2,
        State::Invalid => 3,
    }
}

/// In which order fields are asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Order([Field; FIELDS]);

impl Order {
    /// Addresses before ports: for rules about single hosts. The protocol stands before them, since rules about different ones have
    /// nothing to do with each other, and the destination before the source, since fewer rules are about any destination.
    pub const BY_ADDRESS: Self = Self([
        Field::Protocol,
        Field::Destination,
        Field::Source,
        Field::DestinationPort,
        Field::SourcePort,
        Field::State,
        Field::Flags,
    ]);

    /// Ports before addresses: for rules with many wildcards and ranges of ports.
    pub const BY_SERVICE: Self = Self([
        Field::Protocol,
        Field::DestinationPort,
        Field::SourcePort,
        Field::Destination,
        Field::Source,
        Field::State,
        Field::Flags,
    ]);

    /// Fields in the order in which they are asked.
    #[must_use]
    pub const fn fields(&self) -> &[Field; FIELDS] {
        &self.0
    }

    /// At which place a field is asked, from 0.
    #[must_use]
    pub fn level(&self, field: Field) -> usize {
        self.0.iter().position(|other| *other == field).unwrap_or(FIELDS)
    }
}
