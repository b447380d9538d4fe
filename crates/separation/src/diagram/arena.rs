//! Where nodes live.

use std::hash::{Hash, Hasher};

use hashbrown::{HashMap, HashTable};
use rustc_hash::{FxBuildHasher, FxHasher};

use super::memo::Memo;
use super::{FIELDS, Field, Order, Values};
use crate::ranges::Bound;

/// What bounds of intervals are: `u32` for IPv4, `u128` for IPv6.
pub trait Width: Bound + Hash + From<u16> + Into<u128> + Send + Sync + 'static {
    /// The value of a number that is known to fit; the largest one if it does not.
    fn clipped(number: u128) -> Self;
    /// `self - from + to`, going round at `last`.
    #[must_use]
    fn moved(self, from: Self, to: Self, last: Self) -> Self;
}

impl Width for u32 {
    fn clipped(number: u128) -> Self {
        Self::try_from(number).unwrap_or(Self::MAX)
    }

    fn moved(self, from: Self, to: Self, last: Self) -> Self {
        // Every `last` is a power of two less one.
        self.wrapping_sub(from).wrapping_add(to) & last
    }
}

impl Width for u128 {
    fn clipped(number: u128) -> Self {
        number
    }

    fn moved(self, from: Self, to: Self, last: Self) -> Self {
        self.wrapping_sub(from).wrapping_add(to) & last
    }
}

/// More work would be needed than was allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BudgetSpent;

impl std::fmt::Display for BudgetSpent {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("the budget for this set of packets is spent")
    }
}

impl std::error::Error for BudgetSpent {}

/// A set of packets in an [`Arena`], with what decided each. Equal sets of one arena have equal ids.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Id(u32);

const TERMINAL: u32 = 1 << 31;

impl Id {
    /// No packet.
    pub const NONE: Self = Self(u32::MAX);
    /// The largest number that a terminal can have.
    pub const LAST_TERMINAL: u32 = TERMINAL - 2;

    /// Every packet, decided by `number`.
    ///
    /// # Errors
    /// When `number` is larger than [`Self::LAST_TERMINAL`].
    pub const fn terminal(number: u32) -> Result<Self, BudgetSpent> {
        if number > Self::LAST_TERMINAL {
            return Err(BudgetSpent);
        }
        Ok(Self(TERMINAL | number))
    }

    /// The number of what decided, if it decided every packet.
    #[must_use]
    pub fn as_terminal(self) -> Option<u32> {
        (self.is_end() && self != Self::NONE).then_some(self.0 & !TERMINAL)
    }

    pub(super) const fn is_end(self) -> bool {
        self.0 & TERMINAL != 0
    }

    pub(super) const fn number(self) -> u32 {
        self.0
    }

    const fn index(self) -> usize {
        self.0 as usize
    }
}

#[derive(Debug, Clone, Copy)]
struct Node {
    start: u32,
    end: u32,
    level: u8,
}

/// Diagrams that share their nodes.
///
/// The last bound of every node is the largest number of the type, whatever the field.
#[derive(Debug)]
pub struct Arena<B> {
    pub(super) order: Order,
    nodes: Vec<Node>,
    bounds: Vec<B>,
    children: Vec<Id>,
    /// Every node, with a part of its hash, so that the table grows without looking at them.
    table: HashTable<(u32, u32)>,
    pub(super) pending: Vec<(B, Id)>,
    pub(super) memo: Memo,
    pub(super) unary: Memo,
    work: u64,
    most: u64,
}

/// A place in the edges of a node, or the one edge of a diagram that does not ask the field.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cursor {
    at: u32,
    end: u32,
    id: Id,
}

impl<B: Width> Arena<B> {
    /// An empty arena whose diagrams may cost `budget` edges of work in all.
    #[must_use]
    pub fn new(order: Order, budget: u64) -> Self {
        Self {
            order,
            nodes: Vec::new(),
            bounds: Vec::new(),
            children: Vec::new(),
            table: HashTable::new(),
            pending: Vec::new(),
            memo: Memo::new(),
            unary: Memo::new(),
            work: 0,
            most: budget,
        }
    }

    /// In which order its diagrams ask.
    #[must_use]
    pub const fn order(&self) -> Order {
        self.order
    }

    /// How much work was done, in edges.
    #[must_use]
    pub const fn work(&self) -> u64 {
        self.work
    }

    /// How much work is left.
    #[must_use]
    pub const fn left(&self) -> u64 {
        self.most.saturating_sub(self.work)
    }

    /// How many edges its nodes have: what its memory grows with.
    #[must_use]
    pub const fn edges(&self) -> usize {
        self.children.len()
    }

    /// What decides a packet; `None` if it is not in the set.
    #[must_use]
    pub fn eval(&self, root: Id, packet: &Values) -> Option<u32> {
        let mut id = root;
        while let Some(node) = self.node(id) {
            let field = self.field(usize::from(node.level))?;
            let value = B::clipped(*packet.get(field as usize)?);
            let (bounds, children) = self.slices(node);
            let at = bounds.partition_point(|bound| *bound < value);
            id = *children.get(at)?;
        }
        id.as_terminal()
    }

    /// Brings a diagram of another arena of the same order here.
    ///
    /// # Errors
    /// When the budget is spent.
    pub fn import(&mut self, other: &Self, root: Id) -> Result<Id, BudgetSpent> {
        let mut copied = HashMap::default();
        self.copy(other, root, &mut copied)
    }

    fn copy(&mut self, other: &Self, id: Id, copied: &mut HashMap<Id, Id, FxBuildHasher>) -> Result<Id, BudgetSpent> {
        let Some(node) = other.node(id) else { return Ok(id) };
        if let Some(copy) = copied.get(&id) {
            return Ok(*copy);
        }
        let from = self.pending.len();
        let (bounds, children) = other.slices(node);
        for (bound, child) in bounds.iter().zip(children) {
            let child = self.copy(other, *child, copied)?;
            self.push(from, *bound, child);
        }
        let copy = self.intern(usize::from(node.level), from)?;
        copied.insert(id, copy);
        Ok(copy)
    }

    /// Forgets every node that none of `roots` uses. Ids held elsewhere lose their meaning.
    ///
    /// # Errors
    /// When the budget is spent.
    pub(crate) fn compact(&mut self, roots: &mut [Id]) -> Result<(), BudgetSpent> {
        let mut fresh = Self::new(self.order, self.most);
        fresh.work = self.work;
        let mut copied = HashMap::default();
        for root in roots {
            *root = fresh.copy(self, *root, &mut copied)?;
        }
        *self = fresh;
        Ok(())
    }

    /// Counts work that was done elsewhere for it.
    ///
    /// # Errors
    /// When the budget is spent by it.
    pub fn spend(&mut self, edges: u64) -> Result<(), BudgetSpent> {
        self.charge(edges)
    }

    pub(super) fn charge(&mut self, edges: u64) -> Result<(), BudgetSpent> {
        self.work = self.work.saturating_add(edges);
        if self.work > self.most {
            Err(BudgetSpent)
        } else {
            Ok(())
        }
    }

    pub(super) fn field(&self, level: usize) -> Option<Field> {
        self.order.fields().get(level).copied()
    }

    /// The level that a diagram asks first; [`FIELDS`] when it asks nothing.
    pub(super) fn level(&self, id: Id) -> usize {
        self.node(id).map_or(FIELDS, |node| usize::from(node.level))
    }

    /// The intervals and continuations of a node; none of a terminal.
    pub(super) fn edges_of(&self, id: Id) -> (&[B], &[Id]) {
        self.node(id).map_or((&[], &[]), |node| self.slices(node))
    }

    /// The first edge of a diagram at a level that it may skip.
    pub(super) fn cursor(&self, id: Id, level: usize) -> Cursor {
        match self.node(id) {
            Some(node) if usize::from(node.level) == level => Cursor {
                at: node.start,
                end: node.end,
                id,
            },
            _ => Cursor { at: 0, end: 0, id },
        }
    }

    /// The edge of a node that a value takes.
    pub(super) fn cursor_at(&self, id: Id, value: B) -> Cursor {
        let mut cursor = self.cursor(id, self.level(id));
        let before = self.edges_of(id).0.partition_point(|bound| *bound < value);
        cursor.at = cursor.at.saturating_add(u32::try_from(before).unwrap_or(0));
        cursor
    }

    pub(super) fn edge(&self, cursor: Cursor) -> (B, Id) {
        if cursor.at == cursor.end {
            return (B::MAX, cursor.id);
        }
        let at = cursor.at as usize;
        let bound = self.bounds.get(at).copied().unwrap_or(B::MAX);
        (bound, self.children.get(at).copied().unwrap_or(Id::NONE))
    }

    /// Adds an edge to the node that is being made from `pending[from..]`.
    pub(super) fn push(&mut self, from: usize, bound: B, child: Id) {
        let open = self.pending.len() > from;
        match self.pending.last_mut() {
            Some((end, last)) if open && *last == child => *end = bound,
            _ => self.pending.push((bound, child)),
        }
    }

    /// Makes the node of `pending[from..]`, or finds the one that is equal to it.
    pub(super) fn intern(&mut self, level: usize, from: usize) -> Result<Id, BudgetSpent> {
        let Self {
            nodes,
            bounds,
            children,
            table,
            pending,
            ..
        } = self;
        let edges = pending.get(from..).unwrap_or_default();
        if let [(_, only)] = edges {
            let only = *only;
            pending.truncate(from);
            return Ok(only);
        }
        let level = u8::try_from(level).unwrap_or(u8::MAX);
        let hash = hash_of(level, edges.iter().copied());
        let equal = |(part, at): &(u32, u32)| {
            *part == hash
                && nodes
                    .get(*at as usize)
                    .is_some_and(|node| node.level == level && of(bounds, children, *node).eq(edges.iter().copied()))
        };
        let found = table.find(spread(hash), equal).copied();
        if let Some((_, at)) = found {
            pending.truncate(from);
            return Ok(Id(at));
        }
        let id = u32::try_from(nodes.len()).ok().filter(|id| id & TERMINAL == 0);
        let end = u32::try_from(children.len().saturating_add(edges.len())).ok();
        let (Some(id), Some(end)) = (id, end) else {
            return Err(BudgetSpent);
        };
        let start = u32::try_from(children.len()).unwrap_or(u32::MAX);
        bounds.extend(edges.iter().map(|(bound, _)| *bound));
        children.extend(edges.iter().map(|(_, child)| *child));
        nodes.push(Node { start, end, level });
        table.insert_unique(spread(hash), (hash, id), |(part, _)| spread(*part));
        pending.truncate(from);
        Ok(Id(id))
    }

    fn node(&self, id: Id) -> Option<Node> {
        if id.is_end() {
            return None;
        }
        self.nodes.get(id.index()).copied()
    }

    fn slices(&self, node: Node) -> (&[B], &[Id]) {
        let range = node.start as usize..node.end as usize;
        (
            self.bounds.get(range.clone()).unwrap_or_default(),
            self.children.get(range).unwrap_or_default(),
        )
    }
}

fn of<'a, B: Copy>(bounds: &'a [B], children: &'a [Id], node: Node) -> impl Iterator<Item = (B, Id)> + 'a {
    let range = node.start as usize..node.end as usize;
    let bounds = bounds.get(range.clone()).unwrap_or_default();
    bounds
        .iter()
        .copied()
        .zip(children.get(range).unwrap_or_default().iter().copied())
}

fn hash_of<B: Hash>(level: u8, edges: impl Iterator<Item = (B, Id)>) -> u32 {
    let mut hasher = FxHasher::default();
    level.hash(&mut hasher);
    for (bound, child) in edges {
        bound.hash(&mut hasher);
        child.0.hash(&mut hasher);
    }
    let hash = hasher.finish();
    u32::try_from((hash ^ hash >> 32) & 0xffff_ffff).unwrap_or(0)
}

/// A hash of 64 bits that begins and ends with bits of the part.
const fn spread(part: u32) -> u64 {
    (part as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

impl Cursor {
    /// The next edge; false where there is none.
    pub(super) const fn advance(&mut self) -> bool {
        if self.at.saturating_add(1) >= self.end {
            return false;
        }
        self.at += 1;
        true
    }
}
