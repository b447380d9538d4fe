//! The slices of a network, worked through side by side.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use jiff::civil::Date;

use crate::device::Addresses;
use crate::diagram::{BudgetSpent, Order, race};
use crate::engine::Slice;
use crate::network::{Network, ZoneId};
use crate::packet::Family;

/// How questions are asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Options {
    /// For which day approvals are looked at.
    pub today: Date,
    /// Work for the first try of a slice, in edges of diagrams; it doubles until the slice is done.
    pub budget: u64,
    /// Work after which a slice is given up, and what it is about stays unproven.
    pub ceiling: u64,
    /// How many slices are worked on at a time. The answer does not depend on it.
    pub threads: usize,
}

impl Options {
    /// For a day, with work of some seconds a slice at most.
    #[must_use]
    pub fn on(today: Date) -> Self {
        Self {
            today,
            budget: 1 << 20,
            ceiling: 1 << 26,
            threads: std::thread::available_parallelism().map_or(1, usize::from),
        }
    }
}

/// Slices with the same sources and destinations: what the rules say of those is worked out once, wherever they come in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Asked {
    /// The zones that the packets come from.
    pub(super) from: Vec<ZoneId>,
    pub(super) sources: Addresses,
    pub(super) destinations: Addresses,
    pub(super) family: Family,
    /// The zone that has the sources; `None` for those that no zone has.
    pub(super) owner: Option<ZoneId>,
}

impl Asked {
    /// The slice of each zone, and whether its sources are addresses of that zone.
    pub(super) fn slices(&self) -> impl Iterator<Item = (Slice, bool)> {
        self.from.iter().map(|from| {
            let slice = Slice {
                from: *from,
                sources: self.sources.clone(),
                destinations: self.destinations.clone(),
            };
            (slice, self.owner == Some(*from))
        })
    }

    /// Only packets between these; false if there are none.
    pub(super) fn narrow(&mut self, sources: &Addresses, destinations: &Addresses) -> bool {
        self.sources = self.sources.intersect(sources);
        self.destinations = self.destinations.intersect(destinations);
        let some = |set: &Addresses| !set.of(self.family).is_empty();
        some(&self.sources) && some(&self.destinations)
    }

    /// Only what comes from the zone that has the sources.
    pub(super) fn own(mut self) -> Self {
        self.from.retain(|from| Some(*from) == self.owner);
        self
    }
}

/// Every packet from `zones`, once: by the zones that have its source and its destination (or none), by family. What has many sources
/// and destinations at once meets many rules at once, and its diagram grows faster than they do.
pub(super) fn slices(network: &Network, zones: &[ZoneId]) -> Vec<Asked> {
    let mut parts: Vec<(Option<ZoneId>, Addresses)> = network
        .zones()
        .map(|(id, zone)| (Some(id), zone.addresses.clone()))
        .collect();
    let assigned = parts.iter().fold(Addresses::none(), |all, (_, zone)| all.union(zone));
    parts.push((None, assigned.complement()));
    let mut asked = Vec::new();
    for (owner, sources) in &parts {
        for (_, destinations) in &parts {
            for family in Family::ALL {
                let some = |set: &Addresses| !set.of(family).is_empty();
                if some(sources) && some(destinations) {
                    asked.push(Asked {
                        from: zones.to_vec(),
                        sources: sources.clone(),
                        destinations: destinations.clone(),
                        family,
                        owner: *owner,
                    });
                }
            }
        }
    }
    asked
}

/// The same options for work on many slices at once.
pub(super) fn together(options: Options, slices: usize) -> Options {
    let many = |work: u64| work.saturating_mul(u64::try_from(slices.max(1)).unwrap_or(u64::MAX));
    Options {
        budget: options.budget,
        ceiling: many(options.ceiling),
        ..options
    }
}

/// Works through slices, each raced in two orders; answers are in the order of the slices.
pub(super) fn each<A, T: Send>(
    asked: &[A],
    options: Options,
    work: impl Fn(&A, Order, u64) -> Result<T, BudgetSpent> + Sync,
) -> Vec<Result<T, BudgetSpent>>
where
    A: Sync,
{
    let next = AtomicUsize::new(0);
    let answers = Mutex::new(Vec::with_capacity(asked.len()));
    std::thread::scope(|scope| {
        let turn = || {
            loop {
                let at = next.fetch_add(1, Ordering::Relaxed);
                let Some(one) = asked.get(at) else { return };
                let answer = race(options.budget, options.ceiling, |order, budget| {
                    work(one, order, budget)
                });
                if let Ok(mut answers) = answers.lock() {
                    answers.push((at, answer));
                }
            }
        };
        for _ in 1..options.threads.clamp(1, 64) {
            scope.spawn(turn);
        }
        turn();
    });
    let mut answers = answers.into_inner().unwrap_or_default();
    answers.sort_by_key(|(at, _)| *at);
    // An answer that is missing was not given.
    let mut all: Vec<_> = asked.iter().map(|_| Err(BudgetSpent)).collect();
    for (at, answer) in answers {
        if let Some(place) = all.get_mut(at) {
            *place = answer;
        }
    }
    all
}
