//! Which packets of a zone arrive where, by which way, let through by which rules: the answer of [`crate::trace`] for all packets at once.
//!
//! A question is a [`Slice`]: packets of one family that come from one zone, with sources and destinations in given sets. It is followed
//! through the network as a set of packets, device by device: filters take packets out of it, translations change it, routes split it.
//! What is left at the end is an [`Ended`], with the packets *as they were sent* and *as they arrive*. The terminal of each packet is its
//! *trail*: the rule of every filter that let it through ([`Blame::trail`]).
//!
//! # What makes it small
//! The rules of a chain are clipped to the addresses of the set that comes to them before they become a diagram; of ten thousand rules, a
//! slice between two zones meets a few hundred.
//!
//! # What makes it sound
//! * Packets belong to a zone by the interface that they come in by. Those with a source of the zone and those without are slices apart.
//! * The set that *may* pass a chain takes every condition that cannot be decided as met by permits and not met by denials; the set that
//!   *must* pass takes the reverse ([`Bound`]).
//! * Each reading of a manual is a way of its own. A device that is met twice is what one reading says both times.
//! * Where the work is more than the budget, or the ways are too many, there is no answer ([`BudgetSpent`], [`Reach::complete`]), never an
//!   empty one.
//!
//! # What is asked
//! Packets that begin a flow ([`crate::packet::State::New`]), whatever their TCP flags: a device without memory is asked about crafted
//! answers that way. Where a device remembers flows, the packets that follow the first in the same direction are asked too: they may pass
//! where the first does not.
//!
//! Answers of a flow belong to it, and whether it may be is asked in its own direction. What is not asked: a host that sends answers to
//! a flow of which only a part of the devices let the first packet through, so that it never arrived.

mod blame;
mod chain;
mod hop;
mod layers;
mod lower;
mod prepared;
mod route;
mod space;
#[cfg(test)]
mod tests;
mod walk;

use hashbrown::HashMap;
use rustc_hash::FxBuildHasher;

pub use self::blame::{Blame, Verdict};
pub use self::prepared::Prepared;
pub use self::space::Space;
pub use self::walk::{Ended, Reach, Through};
use self::{chain::ChainKey, lower::valid};
use crate::device::{Addresses, Match};
use crate::diagram::{Arena, BudgetSpent, Field, Id, Order, Product, Values};
use crate::fabric::Fabric;
use crate::network::ZoneId;
use crate::ranges::Ranges;

/// Packets of one family from one zone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slice {
    /// The zone that they come from.
    pub from: ZoneId,
    /// Their sources.
    pub sources: Addresses,
    /// Their destinations.
    pub destinations: Addresses,
}

/// From which side a condition that cannot be decided is bounded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Bound {
    /// Everything that passes if it turns out in favour of passing.
    May,
    /// Only what passes however it turns out.
    Must,
}

/// Sets of packets on their way. Slices with the same sources and destinations share one, and with it what the rules say of them; then it
/// is thrown away with everything in it.
#[derive(Debug)]
pub struct Work<'f, B: Space> {
    /// Where the sets live.
    pub arena: Arena<B>,
    /// What their terminals mean.
    pub blame: Blame,
    prepared: &'f Prepared<'f>,
    fabric: &'f Fabric,
    side: u8,
    valid: Option<Id>,
    chains: HashMap<ChainKey<B>, Id, FxBuildHasher>,
    /// What a filter lets pass of a set, by the set and by what the filter permits.
    filtered: HashMap<(Id, Id), Id, FxBuildHasher>,
}

impl<'f, B: Space> Work<'f, B> {
    /// Nothing done yet, in a network.
    #[must_use]
    pub fn new(prepared: &'f Prepared<'f>, order: Order, budget: u64) -> Self {
        Self {
            arena: Arena::new(order, budget),
            blame: Blame::default(),
            prepared,
            fabric: prepared.fabric,
            side: 0,
            valid: None,
            chains: HashMap::default(),
            filtered: HashMap::default(),
        }
    }

    /// Goes on in another network, with sets that can be compared. [`Verdict::side`] tells its rules from those of the first.
    pub fn turn_to(&mut self, prepared: &'f Prepared<'f>) {
        (self.prepared, self.fabric) = (prepared, prepared.fabric);
        self.side = self.side.saturating_add(1);
    }

    /// The packets that can be of a slice and begin a flow.
    ///
    /// # Errors
    /// When the budget is spent.
    pub fn begin(&mut self, slice: &Slice) -> Result<Id, BudgetSpent> {
        let valid = match self.valid {
            Some(valid) => valid,
            None => valid(&mut self.arena)?,
        };
        self.valid = Some(valid);
        let ends = Product::everything()
            .with(Field::Source, B::of(&slice.sources))
            .with(Field::Destination, B::of(&slice.destinations));
        let ends = self.arena.product(&ends, 0)?;
        self.arena.keep(valid, ends)
    }

    /// Where the packets of a slice go. Of what does not arrive, only what may get out unseen ([`crate::trace::End::Unknown`]) is told.
    ///
    /// # Errors
    /// When the budget is spent.
    pub fn reach(&mut self, slice: &Slice) -> Result<Reach<B>, BudgetSpent> {
        let set = self.begin(slice)?;
        self.follow(slice.from, set)
    }

    /// The same of packets of a set.
    ///
    /// # Errors
    /// When the budget is spent.
    pub fn follow(&mut self, from: ZoneId, set: Id) -> Result<Reach<B>, BudgetSpent> {
        walk::walk(self, from, set, false)
    }

    /// Where the packets of a set go, and where every one that does not arrive ends.
    ///
    /// # Errors
    /// When the budget is spent.
    pub fn ends(&mut self, from: ZoneId, set: Id) -> Result<Reach<B>, BudgetSpent> {
        walk::walk(self, from, set, true)
    }

    /// Those packets of an end, as they were sent, that may have become some packet of `arrived`.
    ///
    /// # Errors
    /// When the budget is spent.
    pub fn sent_as(&mut self, ended: &Ended<B>, arrived: Id) -> Result<Id, BudgetSpent> {
        self.sent(arrived, &ended.translated)
    }

    /// The packets of a condition, of whatever interfaces: their products together.
    #[must_use]
    pub fn any_interface(&self, condition: &Match) -> Vec<Product<B>> {
        lower::packets(condition, &lower::Clip::everything())
    }

    /// The set of one packet.
    ///
    /// # Errors
    /// When the budget is spent.
    pub fn only(&mut self, packet: &Values) -> Result<Id, BudgetSpent> {
        let one = Field::ALL
            .iter()
            .zip(packet)
            .fold(Product::everything(), |product, (field, value)| {
                product.with(*field, &Ranges::one(B::clipped(*value)))
            });
        self.arena.product(&one, 0)
    }
}
