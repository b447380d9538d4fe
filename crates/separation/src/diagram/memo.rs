//! Answers that are remembered.

use super::arena::Id;

/// What operations on two diagrams gave. All is forgotten at once, at no cost.
#[derive(Debug)]
pub(super) struct Memo {
    slots: Vec<Slot>,
    /// How many slots are of this age.
    used: usize,
    age: u32,
}

#[derive(Debug, Clone, Copy)]
struct Slot {
    a: Id,
    b: Id,
    answer: Id,
    /// Its age and the operation; slots of another age are empty.
    tag: u32,
}

const EMPTY: Slot = Slot {
    a: Id::NONE,
    b: Id::NONE,
    answer: Id::NONE,
    tag: 0,
};

/// Operations that are told apart.
const OPERATIONS: u32 = 4;
const SMALLEST: usize = 1 << 8;
/// Beyond this many all is forgotten: 64 MiB.
const MOST: usize = 3 << 20;

impl Memo {
    pub(super) const fn new() -> Self {
        Self {
            slots: Vec::new(),
            used: 0,
            age: 1,
        }
    }

    pub(super) fn forget(&mut self) {
        self.used = 0;
        self.age += 1;
        if self.age > u32::MAX / OPERATIONS {
            self.slots.fill(EMPTY);
            self.age = 1;
        }
    }

    pub(super) fn get(&self, operation: u8, a: Id, b: Id) -> Option<Id> {
        let tag = self.tag(operation);
        let last = self.slots.len().checked_sub(1)?;
        let mut at = place(a, b, tag) & last;
        loop {
            let slot = self.slots.get(at)?;
            if slot.tag / OPERATIONS != self.age {
                return None;
            }
            if (slot.a, slot.b, slot.tag) == (a, b, tag) {
                return Some(slot.answer);
            }
            at = (at + 1) & last;
        }
    }

    /// Remembers an answer that [`Self::get`] does not have.
    pub(super) fn put(&mut self, operation: u8, a: Id, b: Id, answer: Id) {
        // At most three quarters are in use, so that every search ends, and soon.
        if self.used >= self.slots.len() / 4 * 3 {
            self.grow();
        }
        let tag = self.tag(operation);
        self.insert(Slot { a, b, answer, tag });
    }

    fn tag(&self, operation: u8) -> u32 {
        self.age * OPERATIONS + u32::from(operation) % OPERATIONS
    }

    fn insert(&mut self, new: Slot) {
        let last = self.slots.len().saturating_sub(1);
        let mut at = place(new.a, new.b, new.tag) & last;
        while let Some(slot) = self.slots.get_mut(at) {
            if slot.tag / OPERATIONS != self.age {
                *slot = new;
                self.used += 1;
                return;
            }
            at = (at + 1) & last;
        }
    }

    fn grow(&mut self) {
        if self.used >= MOST {
            return self.forget();
        }
        let larger = vec![EMPTY; (self.slots.len() * 4).max(SMALLEST)];
        let old = std::mem::replace(&mut self.slots, larger);
        self.used = 0;
        for slot in old {
            if slot.tag / OPERATIONS == self.age {
                self.insert(slot);
            }
        }
    }
}

fn place(a: Id, b: Id, tag: u32) -> usize {
    let key = (u64::from(a.number()) << 32 | u64::from(b.number())) ^ u64::from(tag).rotate_left(47);
    let mixed = key.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    usize::try_from(mixed >> 20 & 0xffff_ffff).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_put_is_found_until_it_is_forgotten() {
        let id = |number: u32| Id::terminal(number).unwrap();
        let mut memo = Memo::new();
        for number in 0..5_000 {
            memo.put(1, id(number), id(number / 7), id(number + 1));
        }
        for number in 0..5_000 {
            assert_eq!(memo.get(1, id(number), id(number / 7)), Some(id(number + 1)));
        }
        assert_eq!(memo.get(2, id(3), id(0)), None);
        memo.put(2, id(3), id(0), Id::NONE);
        assert_eq!(memo.get(2, id(3), id(0)), Some(Id::NONE));
        memo.forget();
        assert_eq!(memo.get(1, id(3), id(0)), None);
        memo.put(1, id(3), id(0), id(9));
        assert_eq!(memo.get(1, id(3), id(0)), Some(id(9)));
    }
}
