//! IPv4 and IPv6, for code that is the same for both.

use super::prepared::{Outlines, Prepared};
use crate::device::Addresses;
use crate::diagram::{Values, Width};
use crate::packet::{Family, Packet, State};
use crate::ranges::Ranges;

/// The addresses of one family as bounds of diagrams.
pub trait Space: Width {
    /// Which.
    const FAMILY: Family;
    /// Those of a set that are of the family.
    fn of(addresses: &Addresses) -> &Ranges<Self>;
    /// The rules of a network that are about the family.
    fn outlines<'p>(prepared: &'p Prepared<'_>) -> &'p Outlines<Self>;
    /// A set of addresses of the family.
    fn addresses(ranges: Ranges<Self>) -> Addresses;

    /// A packet of its values.
    #[must_use]
    fn packet(values: &Values) -> Packet {
        let [source, destination, protocol, source_port, destination_port, _, flags] = *values;
        let byte = |value: u128| u8::try_from(value).unwrap_or(u8::MAX);
        let port = |value: u128| u16::try_from(value).unwrap_or(u16::MAX);
        Packet {
            family: Self::FAMILY,
            source,
            destination,
            protocol: byte(protocol),
            source_port: port(source_port),
            destination_port: port(destination_port),
            state: State::New,
            flags: byte(flags),
        }
    }
}

impl Space for u32 {
    const FAMILY: Family = Family::V4;
    fn of(addresses: &Addresses) -> &Ranges<Self> {
        &addresses.v4
    }
    fn outlines<'p>(prepared: &'p Prepared<'_>) -> &'p Outlines<Self> {
        prepared.v4()
    }
    fn addresses(ranges: Ranges<Self>) -> Addresses {
        Addresses::of_v4(ranges)
    }
}

impl Space for u128 {
    const FAMILY: Family = Family::V6;
    fn of(addresses: &Addresses) -> &Ranges<Self> {
        &addresses.v6
    }
    fn outlines<'p>(prepared: &'p Prepared<'_>) -> &'p Outlines<Self> {
        prepared.v6()
    }
    fn addresses(ranges: Ranges<Self>) -> Addresses {
        Addresses::of_v6(ranges)
    }
}
