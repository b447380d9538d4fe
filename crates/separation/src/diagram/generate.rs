//! Rule sets of the shapes that real ones have, made up: for tests and measurements.
//!
//! The same shape, size and seed give the same rules.

use super::arena::Width;
use super::{Field, Product};
use crate::ranges::{Bound, Ranges};

/// How rules look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// Access lists: specific prefixes, few ranges of ports.
    Acl,
    /// Firewalls: many wildcards, many ranges of ports.
    Firewall,
    /// Chains of a packet filter: prefixes of every length on both sides.
    Chain,
}

/// One rule: which packets, and whether they pass.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Generated<B: Bound> {
    /// Which packets.
    pub packets: Product<B>,
    /// Whether they pass.
    pub permits: bool,
}

/// A stream of numbers (SplitMix64) that depends only on its seed.
#[derive(Debug, Clone)]
pub struct Stream(u64);

impl Stream {
    /// The stream of a seed.
    #[must_use]
    pub const fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// The next 64 bits.
    pub const fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut bits = self.0;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        bits ^ (bits >> 31)
    }

    /// A number below `end`; 0 if that is 0.
    pub const fn below(&mut self, end: u64) -> u64 {
        if end == 0 { 0 } else { self.bits() % end }
    }

    /// True in `percent` of a hundred.
    pub const fn chance(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }
}

/// `size` rules with their last default left out (what no rule matches is denied), over `zones` networks of which the n-th is
/// [`zone`]`(n)`.
#[must_use]
pub fn rules<B: Width>(shape: Shape, size: usize, zones: u64, seed: u64) -> Vec<Generated<B>> {
    let mut stream = Stream::new(seed);
    (0..size)
        .map(|_| Generated {
            packets: rule(shape, zones, &mut stream),
            permits: stream.chance(70),
        })
        .collect()
}

/// Bits of an address above the 32 that the generator plays with: `fd00::/8` in IPv6.
fn top<B: Width>() -> u128 {
    if B::MAX.into() > u128::from(u32::MAX) {
        0xfd << 120
    } else {
        0
    }
}

/// How far the generator's 32 bits stand from the low end.
fn low<B: Width>() -> u32 {
    if B::MAX.into() > u128::from(u32::MAX) { 64 } else { 0 }
}

/// The first and last address of a zone: `10.N.0.0/16`, or `fd00:0:0aNN::/48` and the like in IPv6.
#[must_use]
pub fn zone<B: Width>(number: u64) -> (B, B) {
    prefix::<B>((10 << 24) | ((number & 0xff) << 16), 16)
}

fn prefix<B: Width>(address: u64, length: u32) -> (B, B) {
    let host_bits = 32_u32.saturating_sub(length) + low::<B>();
    let hosts = 1_u128.checked_shl(host_bits).map_or(u128::MAX, |one| one - 1);
    let base = top::<B>() | (u128::from(address) << low::<B>());
    (B::clipped(base & !hosts), B::clipped(base | hosts))
}

fn rule<B: Width>(shape: Shape, zones: u64, stream: &mut Stream) -> Product<B> {
    let (any_source, any_destination, any_port) = match shape {
        Shape::Acl => (3, 1, 20),
        Shape::Firewall => (40, 25, 25),
        Shape::Chain => (12, 8, 35),
    };
    let mut product = Product::everything();
    for (field, any) in [(Field::Source, any_source), (Field::Destination, any_destination)] {
        if !stream.chance(any) {
            let (first, last) = network(shape, zones, stream);
            product = product.with(field, &Ranges::span(first, last));
        }
    }
    // No rule is about everything: in real sets that is the default, which stands at the end.
    let whole = product == Product::everything();
    let protocol: u16 = match stream.below(100) {
        _ if whole => 6,
        0..62 => 6,
        62..86 => 17,
        86..91 => 1,
        91..93 => 47,
        _ => return product,
    };
    product = product.with(Field::Protocol, &Ranges::one(B::from(protocol)));
    if protocol != 6 && protocol != 17 {
        return product;
    }
    if shape == Shape::Firewall && stream.chance(15) {
        product = product.with(Field::SourcePort, &ports(stream, 70));
    }
    if whole || !stream.chance(any_port) {
        let ranges = if shape == Shape::Firewall && !whole { 45 } else { 10 };
        product = product.with(Field::DestinationPort, &ports(stream, ranges));
    }
    product
}

fn network<B: Width>(shape: Shape, zones: u64, stream: &mut Stream) -> (B, B) {
    let zone = 10 << 24 | stream.below(zones) << 16;
    let length = match shape {
        Shape::Acl => *[32_u32, 32, 32, 28, 27, 24].get(usize_below(stream, 6)).unwrap_or(&32),
        Shape::Firewall => *[32_u32, 32, 24, 24, 20, 16].get(usize_below(stream, 6)).unwrap_or(&24),
        Shape::Chain => u32::try_from(16 + stream.below(17)).unwrap_or(32),
    };
    prefix::<B>(zone | stream.below(1 << 16), length)
}

fn ports<B: Width>(stream: &mut Stream, ranges: u64) -> Ranges<B> {
    const KNOWN: [u16; 12] = [22, 25, 53, 80, 110, 123, 143, 389, 443, 445, 1521, 3389];
    if !stream.chance(ranges) {
        let known = KNOWN.get(usize_below(stream, 12)).copied().unwrap_or(443);
        return Ranges::one(B::from(known));
    }
    match stream.below(4) {
        0 => Ranges::span(B::from(1024), B::from(u16::MAX)),
        1 => Ranges::span(B::from(0), B::from(1023)),
        _ => {
            let first = u16::try_from(stream.below(60_000)).unwrap_or(0);
            let length = u16::try_from(1 + stream.below(4_000)).unwrap_or(1);
            Ranges::span(B::from(first), B::from(first.saturating_add(length)))
        }
    }
}

fn usize_below(stream: &mut Stream, end: u64) -> usize {
    usize::try_from(stream.below(end)).unwrap_or(0)
}
