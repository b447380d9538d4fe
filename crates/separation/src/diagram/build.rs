//! Rules become a diagram.

use super::arena::{Arena, BudgetSpent, Id, Width};
use super::{FIELDS, Field, Order};
use crate::ranges::{Bound, Ranges};

/// Packets whose every field has one of some values: the shape of a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Product<B: Bound>([Ranges<B>; FIELDS]);

/// The same without a place of its own: sorted, disjoint intervals for each field, by [`Field::ALL`].
pub type Sides<'a, B> = [&'a [(B, B)]; FIELDS];

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

    /// Its fields.
    #[must_use]
    pub fn sides(&self) -> Sides<'_, B> {
        self.0.each_ref().map(Ranges::intervals)
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
        self.product_of(&product.sides(), terminal)
    }

    /// The same of borrowed intervals.
    ///
    /// # Errors
    /// When the budget is spent, or `terminal` is too large.
    pub fn product_of(&mut self, sides: &Sides<'_, B>, terminal: u32) -> Result<Id, BudgetSpent> {
        self.pending.clear();
        let mut id = Id::terminal(terminal)?;
        for level in (0..FIELDS).rev() {
            let Some((field, values)) = self
                .field(level)
                .and_then(|field| Some((field, *sides.get(field as usize)?)))
            else {
                continue;
            };
            let last: B = field.last();
            if let [(first, end)] = values
                && *first == B::MIN
                && *end >= last
            {
                continue;
            }
            let within = values.iter().filter(|(first, _)| *first <= last);
            self.charge(values.len() as u64)?;
            id = self.partition(level, last, within.map(|(first, end)| (*first, *end, id)))?;
        }
        Ok(id)
    }

    /// Whether some packet of a product is in the set.
    ///
    /// # Errors
    /// When the budget is spent.
    pub fn meets(&mut self, a: Id, sides: &Sides<'_, B>) -> Result<bool, BudgetSpent> {
        self.begin();
        self.met(a, sides)
    }

    fn met(&mut self, a: Id, sides: &Sides<'_, B>) -> Result<bool, BudgetSpent> {
        if a.is_end() {
            return Ok(a != Id::NONE);
        }
        if self.unary.get(0, a, a).is_some() {
            return Ok(false);
        }
        let level = self.level(a);
        let values = self.field(level).and_then(|field| sides.get(field as usize));
        for (first, end) in values.copied().unwrap_or_default() {
            let mut cursor = self.cursor_at(a, *first);
            loop {
                let (bound, child) = self.edge(cursor);
                self.charge(1)?;
                if self.met(child, sides)? {
                    return Ok(true);
                }
                if bound >= *end || !cursor.advance() {
                    break;
                }
            }
        }
        self.unary.put(0, a, a, Id::NONE);
        Ok(false)
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
