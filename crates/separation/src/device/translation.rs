//! Addresses and ports that a device changes (NAT).

use super::{Line, Match};

/// One entry of a translation table.
///
/// Answers of a translated flow are translated back by the device's memory of the flow and need no entry. An entry that works in both
/// directions (a static one) is two: one changes the source of what goes out, one the destination of what comes in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Translation {
    /// What the configuration calls it.
    pub name: String,
    /// Which packets, as they are before it.
    pub condition: Match,
    /// What becomes of the source address.
    pub source: Change<u128>,
    /// What becomes of the destination address.
    pub destination: Change<u128>,
    /// What becomes of the source port of protocols with ports.
    pub source_port: Change<u16>,
    /// What becomes of the destination port of protocols with ports.
    pub destination_port: Change<u16>,
    /// Where it is written.
    pub line: Line,
}

/// What becomes of a field. Addresses are numbers of the family that the condition matches, which is one only unless nothing changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change<T> {
    /// It stays. An entry of which everything stays exempts its packets from later entries.
    Keep,
    /// Moved as a whole, so that `from` becomes `to`, the next number the next, and so on.
    Shift {
        /// A value before.
        from: T,
        /// The same value after.
        to: T,
    },
    /// Any value from `first` to `last`: the device chooses.
    Into {
        /// The smallest.
        first: T,
        /// The largest.
        last: T,
    },
}
