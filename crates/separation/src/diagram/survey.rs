//! What is in a set: how many packets, which, decided by what.

use hashbrown::HashMap;
use num_bigint::BigUint;
use rustc_hash::FxBuildHasher;

use super::arena::{Arena, Id, Width};
use super::{FIELDS, Field, Values};

/// A product of intervals: from, to of each field, both included, by [`Field::ALL`].
pub type Block = [(u128, u128); FIELDS];

/// What one terminal decides in a set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Surveyed {
    /// The terminal.
    pub terminal: u32,
    /// How many packets.
    pub packets: BigUint,
    /// How many blocks they would be listed as; stops at the largest number.
    pub blocks: u64,
    /// One of them, as natural as the set allows.
    pub witness: Values,
}

/// Which values a witness should have where the set allows it: for each field, intervals from the most wished on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wishes([Vec<(u128, u128)>; FIELDS]);

impl Default for Wishes {
    /// What a client that begins a flow sends: a high source port, SYN, TCP rather than UDP rather than ICMP, a known port.
    fn default() -> Self {
        let one = |value: u128| (value, value);
        Self([
            Vec::new(),
            Vec::new(),
            [6, 17, 1, 58].map(one).to_vec(),
            vec![(49_152, 65_535), (1_024, 49_151)],
            [443, 80, 22, 445, 3_389, 53, 25]
                .map(one)
                .into_iter()
                .chain([(1, 65_535)])
                .collect(),
            vec![one(0)],
            vec![one(2), one(16)],
        ])
    }
}

impl Wishes {
    /// Puts hosts before all others.
    #[must_use]
    pub fn hosts(mut self, source: Vec<(u128, u128)>, destination: Vec<(u128, u128)>) -> Self {
        let [sources, destinations, ..] = &mut self.0;
        (*sources, *destinations) = (source, destination);
        self
    }

    /// The most wished value from `first` to `last`, and how much it is wished.
    fn choose(&self, field: Field, first: u128, last: u128) -> (u128, u16) {
        let wished = self.0.get(field as usize).into_iter().flatten();
        for (rank, (from, to)) in wished.enumerate() {
            let value = first.max(*from);
            if value <= last.min(*to) {
                return (value, 16_u16.saturating_sub(u16::try_from(rank).unwrap_or(16)).max(1));
            }
        }
        (first, 0)
    }
}

/// A number of packets, as long as it fits.
trait Tally: Sized + Clone {
    fn one() -> Self;
    fn times(&self, less_one: u128) -> Option<Self>;
    fn plus(&mut self, other: &Self) -> Option<()>;
}

impl Tally for u128 {
    fn one() -> Self {
        1
    }
    fn times(&self, less_one: u128) -> Option<Self> {
        self.checked_mul(less_one.checked_add(1)?)
    }
    fn plus(&mut self, other: &Self) -> Option<()> {
        *self = self.checked_add(*other)?;
        Some(())
    }
}

impl Tally for BigUint {
    fn one() -> Self {
        Self::from(1_u8)
    }
    fn times(&self, less_one: u128) -> Option<Self> {
        Some(self * (Self::from(less_one) + 1_u8))
    }
    fn plus(&mut self, other: &Self) -> Option<()> {
        *self += other;
        Some(())
    }
}

/// What is known of a node from above: of all ways to it together, and of the most wished one.
#[derive(Clone)]
struct Above<T> {
    packets: T,
    blocks: u64,
    witness: Values,
    wished: u16,
}

impl<B: Width> Arena<B> {
    /// How many packets are in the set.
    #[must_use]
    pub fn count(&self, a: Id) -> BigUint {
        self.survey(a, &Wishes::default())
            .into_iter()
            .fold(BigUint::default(), |sum, surveyed| sum + surveyed.packets)
    }

    /// What each terminal decides, by the number of the terminal. One pass over the diagram, however many terminals there are.
    #[must_use]
    pub fn survey(&self, a: Id, wishes: &Wishes) -> Vec<Surveyed> {
        let levels = self.by_level(a);
        let small = self
            .surveyed::<u128>(a, &levels, wishes)
            .map(|found| found.into_iter().map(|(id, above)| finished(id, above)).collect());
        let found: Vec<Surveyed> = small.unwrap_or_else(|| {
            let large = self.surveyed::<BigUint>(a, &levels, wishes).unwrap_or_default();
            large.into_iter().map(|(id, above)| finished(id, above)).collect()
        });
        let mut found = found;
        found.sort_unstable_by_key(|surveyed| surveyed.terminal);
        found
    }

    /// One packet of the set, as natural as it allows.
    #[must_use]
    pub fn witness(&self, a: Id, wishes: &Wishes) -> Option<Values> {
        let surveyed = self.survey(a, wishes);
        surveyed.first().map(|surveyed| surveyed.witness)
    }

    /// The numbers of everything that decides a packet of the set, sorted.
    #[must_use]
    pub fn terminals(&self, a: Id) -> Vec<u32> {
        let mut found: Vec<u32> = a.as_terminal().into_iter().collect();
        for level in self.by_level(a) {
            for id in level {
                found.extend(self.edges_of(id).1.iter().filter_map(|child| child.as_terminal()));
            }
        }
        found.sort_unstable();
        found.dedup();
        found
    }

    /// The set as disjoint blocks with what decides each, at most `most` of them; and whether these are all.
    #[must_use]
    pub fn blocks(&self, a: Id, most: usize) -> (Vec<(Block, u32)>, bool) {
        let mut blocks = Vec::new();
        let whole = Field::ALL.map(|field| (0, field.last::<B>().into()));
        let complete = self.list(a, whole, most, &mut blocks);
        (blocks, complete)
    }

    fn list(&self, a: Id, block: Block, most: usize, blocks: &mut Vec<(Block, u32)>) -> bool {
        if a == Id::NONE {
            return true;
        }
        if let Some(terminal) = a.as_terminal() {
            if blocks.len() >= most {
                return false;
            }
            blocks.push((block, terminal));
            return true;
        }
        let level = self.level(a);
        let Some(field) = self.field(level) else { return true };
        self.intervals(a, level).into_iter().all(|(first, last, child)| {
            let mut narrowed = block;
            if let Some(interval) = narrowed.get_mut(field as usize) {
                *interval = (first.into(), last.into());
            }
            self.list(child, narrowed, most, blocks)
        })
    }

    /// The nodes of a diagram by their level.
    fn by_level(&self, a: Id) -> [Vec<Id>; FIELDS] {
        let mut levels: [Vec<Id>; FIELDS] = Default::default();
        let mut seen: hashbrown::HashSet<Id, FxBuildHasher> = hashbrown::HashSet::default();
        let mut open = vec![a];
        while let Some(id) = open.pop() {
            if id.is_end() || !seen.insert(id) {
                continue;
            }
            if let Some(level) = levels.get_mut(self.level(id)) {
                level.push(id);
            }
            open.extend(self.edges_of(id).1);
        }
        // In an order that does not depend on how the set came about.
        levels
    }

    fn surveyed<T: Tally>(&self, a: Id, levels: &[Vec<Id>; FIELDS], wishes: &Wishes) -> Option<Vec<(Id, Above<T>)>> {
        let mut above: HashMap<Id, Above<T>, FxBuildHasher> = HashMap::default();
        let begin = Above {
            packets: T::one(),
            blocks: 1,
            witness: [0; FIELDS],
            wished: 0,
        };
        let fields = self.order.fields().iter().enumerate();
        let whole = fields.map(|(level, field)| Step::new(level, *field, 0, field.last::<B>().into(), wishes));
        let whole: Vec<Step> = whole.collect();
        self.reach(&mut above, a, &begin, None, &whole)?;
        for (level, ids) in levels.iter().enumerate() {
            let Some(field) = self.field(level) else { continue };
            for id in ids {
                let Some(here) = above.remove(id) else { continue };
                let (bounds, children) = self.edges_of(*id);
                let mut first = B::MIN;
                for (bound, child) in bounds.iter().zip(children) {
                    if *child != Id::NONE {
                        let last = (*bound).min(field.last());
                        let step = Step::new(level, field, first.into(), last.into(), wishes);
                        self.reach(&mut above, *child, &here, Some(step), &whole)?;
                    }
                    first = bound.next().unwrap_or(B::MAX);
                }
            }
        }
        Some(above.into_iter().collect())
    }

    /// Comes to `id` from a node, by an interval of the field at `level`.
    fn reach<T: Tally>(
        &self,
        above: &mut HashMap<Id, Above<T>, FxBuildHasher>,
        id: Id,
        here: &Above<T>,
        step: Option<Step>,
        whole: &[Step],
    ) -> Option<()> {
        if id == Id::NONE {
            return Some(());
        }
        let from = step.as_ref().map_or(0, |step| step.level + 1);
        let skipped = whole.get(from..self.level(id)).unwrap_or_default();
        let steps = || step.iter().chain(skipped);
        let mut packets = here.packets.clone();
        let mut wished = here.wished;
        for step in steps() {
            packets = packets.times(step.less_one)?;
            wished = wished.saturating_add(step.wished);
        }
        let witness = || {
            let mut witness = here.witness;
            for step in steps() {
                if let Some(value) = witness.get_mut(step.field as usize) {
                    *value = step.value;
                }
            }
            witness
        };
        match above.entry(id) {
            hashbrown::hash_map::Entry::Vacant(entry) => drop(entry.insert(Above {
                packets,
                blocks: here.blocks,
                witness: witness(),
                wished,
            })),
            hashbrown::hash_map::Entry::Occupied(mut entry) => {
                let known = entry.get_mut();
                known.packets.plus(&packets)?;
                known.blocks = known.blocks.saturating_add(here.blocks);
                if wished < known.wished {
                    return Some(());
                }
                // Of equally wished ones the smallest, so that the answer does not depend on the order of nodes.
                let witness = witness();
                if wished > known.wished || witness < known.witness {
                    (known.witness, known.wished) = (witness, wished);
                }
            }
        }
        Some(())
    }
}

/// An interval that a field takes on a way, and the value in it that a witness has.
#[derive(Clone, Copy)]
struct Step {
    level: usize,
    field: Field,
    less_one: u128,
    value: u128,
    wished: u16,
}

impl Step {
    fn new(level: usize, field: Field, first: u128, last: u128, wishes: &Wishes) -> Self {
        let (value, wished) = wishes.choose(field, first, last);
        Self {
            level,
            field,
            less_one: last.saturating_sub(first),
            value,
            wished,
        }
    }
}

fn finished<T: Into<BigUint>>(id: Id, above: Above<T>) -> Surveyed {
    Surveyed {
        terminal: id.as_terminal().unwrap_or(u32::MAX),
        packets: above.packets.into(),
        blocks: above.blocks,
        witness: above.witness,
    }
}
