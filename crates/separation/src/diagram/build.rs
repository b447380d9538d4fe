//! Rules become a diagram.

use super::arena::{Arena, BudgetSpent, Id, Width};
use super::{FIELDS, Field, Order};
use crate::ranges::{Bound, Ranges};

/// Packets whose every field has one of some values: the shape of a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Product<B: Bound>([Ranges<B>; FIELDS]);

impl<B: Width> Product<B> {
    /// Every packet.
    #[must_use]
    pub fn everything() -> Self {
        Self(std::array::from_fn(|_| Ranges::all()))
    }

    /// Only those of its packets whose `field` has one of `values`.
    #[must_use]
    pub fn with(mut self, field: Field, values: &Ranges<B>) -> Self {
        if let Some(own) = self.0.get_mut(field as usize) {
            *own = if own.is_all() {
                values.clone()
            } else {
                own.intersect(values)
            };
        }
        self
    }

    /// The values of a field.
    #[must_use]
    pub fn values(&self, field: Field) -> Option<&Ranges<B>> {
        self.0.get(field as usize)
    }

    /// Whether no packet is in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.iter().any(Ranges::is_empty)
    }
}

impl<B: Width> Arena<B> {
    /// The diagram of a product, all of it decided by `terminal`.
    ///
    /// # Errors
    /// When the budget is spent, or `terminal` is too large.
    pub fn product(&mut self, product: &Product<B>, terminal: u32) -> Result<Id, BudgetSpent> {
        let mut id = Id::terminal(terminal)?;
        for level in (0..FIELDS).rev() {
            let Some((field, values)) = self
                .field(level)
                .and_then(|field| Some((field, product.values(field)?)))
            else {
                continue;
            };
            let last: B = field.last();
            if values.holds(B::MIN, last) {
                continue;
            }
            let edges: Vec<_> = values
                .iter()
                .filter(|(first, _)| *first <= last)
                .map(|(first, end)| (first, end, id))
                .collect();
            self.charge(edges.len() as u64)?;
            self.pending.clear();
            id = self.partition(level, last, &edges)?;
        }
        Ok(id)
    }

    /// One diagram of many, the first that has a packet deciding it. For more than a few hundred, [`Self::first_match`] needs less room.
    ///
    /// # Errors
    /// When the budget is spent.
    pub fn first_of(&mut self, rules: &[Id]) -> Result<Id, BudgetSpent> {
        match rules {
            [] => Ok(Id::NONE),
            [one] => Ok(*one),
            many => {
                let (first, second) = many.split_at(many.len() / 2);
                let (first, second) = (self.first_of(first)?, self.first_of(second)?);
                self.over(first, second)
            }
        }
    }

    /// One diagram of many, the first that has a packet deciding it. The arena is given up for one in which only the result lives.
    ///
    /// # Errors
    /// When the budget is spent.
    pub fn first_match(mut self, rules: Vec<Id>) -> Result<(Self, Id), BudgetSpent> {
        let mut round = rules;
        let mut live = self.edges();
        while round.len() > 1 {
            let mut merged = Vec::with_capacity(round.len().div_ceil(2));
            for pair in round.chunks(2) {
                merged.push(match pair {
                    [first, second] => self.over(*first, *second)?,
                    rest => rest.first().copied().unwrap_or(Id::NONE),
                });
            }
            round = merged;
            self.forget();
            if self.edges() > ROOM.max(live.saturating_mul(2)) {
                self.compact(&mut round)?;
                live = self.edges();
            }
        }
        let root = round.first().copied().unwrap_or(Id::NONE);
        Ok((self, root))
    }
}

/// Below this many edges nothing is gained by putting away what is not used.
const ROOM: usize = 1 << 16;

/// The diagram of rules in the order in which they are asked, each with its terminal.
///
/// # Errors
/// When the budget is spent.
pub fn build<'r, B: Width>(
    order: Order,
    budget: u64,
    rules: impl IntoIterator<Item = (&'r Product<B>, u32)>,
) -> Result<(Arena<B>, Id), BudgetSpent> {
    let mut arena = Arena::new(order, budget);
    let mut ids = Vec::new();
    for (product, terminal) in rules {
        ids.push(arena.product(product, terminal)?);
    }
    arena.first_match(ids)
}

/// Tries `run` with one order of fields, then with another, under a budget that doubles from `first` up to `ceiling`; the first that ends
/// within it wins. At worst this costs four times what the better order costs.
///
/// # Errors
/// When neither order is done within `ceiling`.
pub fn race<T>(
    first: u64,
    ceiling: u64,
    mut run: impl FnMut(Order, u64) -> Result<T, BudgetSpent>,
) -> Result<T, BudgetSpent> {
    let mut budget = first.clamp(1, ceiling.max(1));
    loop {
        for order in [Order::BY_ADDRESS, Order::BY_SERVICE] {
            if let Ok(done) = run(order, budget) {
                return Ok(done);
            }
        }
        if budget >= ceiling {
            return Err(BudgetSpent);
        }
        budget = budget.saturating_mul(2).min(ceiling);
    }
}
