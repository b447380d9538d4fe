//! Sheets in the words of each language.
//!
//! To add a language: a file with a type that implements [`Writer`], and a line in [`WRITERS`]. One that has its rules in two
//! kinds of places has two.

mod asa;
mod braced;
mod fortios;
mod ios;
mod iptables;
mod ix;
mod junos;
mod linux;
mod nftables;
mod panos;
mod yamaha;

use separation::diagram::generate::Stream;
use separation::packet::Family;

use super::sheet::{Hosts, Shapes, Sheet};

/// One language.
pub(crate) trait Writer: Sync {
    /// Of which dialect.
    fn name(&self) -> &'static str;
    /// What can be said in it of a family.
    fn shapes(&self, family: Family) -> Shapes;
    /// The names of interfaces.
    fn ends(&self) -> [&'static str; 3];
    /// Adds what goes without saying in the language.
    fn complete(&self, _sheet: &mut Sheet) {}
    /// Whether it writes [`Sheet::nats`], and means them as [`Sheet::through`] does: the lowest port that it takes for a source.
    fn translates(&self, _family: Family) -> Option<u16> {
        None
    }
    /// The files of the device. Where a thing can be said in several ways, the stream chooses.
    fn write(&self, sheet: &Sheet, stream: &mut Stream) -> Vec<String>;
}

/// All of them.
pub(crate) const WRITERS: &[&dyn Writer] = &[
    &yamaha::Yamaha,
    &fortios::Fortios,
    &ios::Ios,
    &asa::Asa,
    &ix::Ix,
    &iptables::Iptables,
    &nftables::Nftables,
    &junos::Policies,
    &junos::Filters,
    &panos::Panos,
];

/// An address as it is written.
fn ip(family: Family, address: u128) -> String {
    family.address(address).to_string()
}

/// `10.0.0.0/8`, `10.0.0.1-10.0.0.9`; `any` for all. Masks and negations are each language's own.
fn plain(family: Family, hosts: &Hosts, any: &str) -> String {
    match hosts {
        Hosts::Any => any.to_owned(),
        Hosts::Net(network, length) => format!("{}/{length}", ip(family, *network)),
        Hosts::Span(first, last) => format!("{}-{}", ip(family, *first), ip(family, *last)),
        other => unreachable!("{other:?}"),
    }
}

/// `22`, `80-443`, with the sign between.
fn port((first, last): (u16, u16), between: &str) -> String {
    if first == last {
        first.to_string()
    } else {
        format!("{first}{between}{last}")
    }
}

/// Several parts as one.
fn joined(parts: impl Iterator<Item = String>, between: &str) -> String {
    parts.collect::<Vec<_>>().join(between)
}

/// The mask of a length, as an address of IPv4.
fn mask(length: u32) -> String {
    let bits = u32::MAX.checked_shl(32 - length).unwrap_or(0);
    ip(Family::V4, bits.into())
}
