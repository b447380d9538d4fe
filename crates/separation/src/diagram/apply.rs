//! Two diagrams become one.

use super::arena::{Arena, BudgetSpent, Id, Width};

/// What becomes of two diagrams where the answer is at hand; `None` where their fields must be looked at. Both terminals always have an
/// answer.
pub(super) trait Operation {
    /// Tells operations apart whose answers may be remembered (below 4); 0 for one that must be asked each time.
    const REMEMBERED: u8;
    fn answer(&mut self, a: Id, b: Id) -> Option<Id>;
}

struct Over;
struct Keep;
struct Remove;
struct Join<F>(F);
struct Meet<F>(F);

impl Operation for Over {
    const REMEMBERED: u8 = 1;
    fn answer(&mut self, a: Id, b: Id) -> Option<Id> {
        if a == b || b == Id::NONE || a.as_terminal().is_some() {
            return Some(a);
        }
        (a == Id::NONE).then_some(b)
    }
}

impl Operation for Keep {
    const REMEMBERED: u8 = 2;
    fn answer(&mut self, a: Id, b: Id) -> Option<Id> {
        if a == b || a == Id::NONE || b.as_terminal().is_some() {
            return Some(a);
        }
        (b == Id::NONE).then_some(b)
    }
}

impl Operation for Remove {
    const REMEMBERED: u8 = 3;
    fn answer(&mut self, a: Id, b: Id) -> Option<Id> {
        if a == Id::NONE || b == Id::NONE {
            return Some(a);
        }
        (a == b || b.as_terminal().is_some()).then_some(Id::NONE)
    }
}

impl<F: FnMut(u32, u32) -> Result<u32, BudgetSpent>> Operation for Meet<F> {
    const REMEMBERED: u8 = 0;
    fn answer(&mut self, a: Id, b: Id) -> Option<Id> {
        if a == Id::NONE || b == Id::NONE {
            return Some(Id::NONE);
        }
        let (a, b) = (a.as_terminal()?, b.as_terminal()?);
        Some((self.0)(a, b).and_then(Id::terminal).unwrap_or(Id::NONE))
    }
}

impl<F: FnMut(Option<u32>, Option<u32>) -> Option<u32>> Operation for Join<F> {
    const REMEMBERED: u8 = 0;
    fn answer(&mut self, a: Id, b: Id) -> Option<Id> {
        if a == b && a == Id::NONE {
            return Some(a);
        }
        if !a.is_end() || !b.is_end() {
            return None;
        }
        let joined = (self.0)(a.as_terminal(), b.as_terminal());
        Some(joined.map_or(Id::NONE, |number| Id::terminal(number).unwrap_or(Id::NONE)))
    }
}

impl<B: Width> Arena<B> {
    /// Packets of either. What `first` decides stands: with rules as terminals, "the first that matches".
    ///
    /// # Errors
    /// When the budget is spent.
    pub fn over(&mut self, first: Id, second: Id) -> Result<Id, BudgetSpent> {
        self.run(&mut Over, first, second)
    }

    /// Packets of `a` that are in `b` too, decided as in `a`.
    ///
    /// # Errors
    /// When the budget is spent.
    pub fn keep(&mut self, a: Id, b: Id) -> Result<Id, BudgetSpent> {
        self.run(&mut Keep, a, b)
    }

    /// Packets of `a` that are not in `b`, decided as in `a`.
    ///
    /// # Errors
    /// When the budget is spent.
    pub fn remove(&mut self, a: Id, b: Id) -> Result<Id, BudgetSpent> {
        self.run(&mut Remove, a, b)
    }

    /// Packets of both, decided by what `both` makes of the two that decide them.
    ///
    /// # Errors
    /// When the budget is spent, or when `both` says so.
    pub fn meet(
        &mut self,
        a: Id,
        b: Id,
        mut both: impl FnMut(u32, u32) -> Result<u32, BudgetSpent>,
    ) -> Result<Id, BudgetSpent> {
        let mut failed = false;
        let mut operation = Meet(|a, b| {
            let number = both(a, b);
            failed |= number.is_err();
            number
        });
        let met = self.run(&mut operation, a, b)?;
        if failed { Err(BudgetSpent) } else { Ok(met) }
    }

    /// Every packet decided by what `join` makes of the two that decide it (`None`: not in the set). `join(None, None)` is never asked.
    ///
    /// # Errors
    /// When the budget is spent.
    pub fn join(
        &mut self,
        a: Id,
        b: Id,
        join: impl FnMut(Option<u32>, Option<u32>) -> Option<u32>,
    ) -> Result<Id, BudgetSpent> {
        self.run(&mut Join(join), a, b)
    }

    /// The same packets, each decided by what `change` makes of what decided it; those for which it says `None` are left out.
    ///
    /// # Errors
    /// When the budget is spent.
    pub fn map(&mut self, a: Id, mut change: impl FnMut(u32) -> Option<u32>) -> Result<Id, BudgetSpent> {
        self.begin();
        self.mapped(a, &mut change)
    }

    fn mapped(&mut self, a: Id, change: &mut impl FnMut(u32) -> Option<u32>) -> Result<Id, BudgetSpent> {
        if a == Id::NONE {
            return Ok(a);
        }
        if let Some(number) = a.as_terminal() {
            return change(number).map_or(Ok(Id::NONE), Id::terminal);
        }
        if let Some(known) = self.unary.get(0, a, a) {
            return Ok(known);
        }
        let level = self.level(a);
        let (from, mut cursor) = (self.pending.len(), self.cursor(a, level));
        loop {
            let (bound, child) = self.edge(cursor);
            self.charge(1)?;
            let child = self.mapped(child, change)?;
            self.push(from, bound, child);
            if !cursor.advance() {
                break;
            }
        }
        let id = self.intern(level, from)?;
        self.unary.put(0, a, a, id);
        Ok(id)
    }

    /// What an operation that failed half-way left behind is put away.
    pub(super) fn begin(&mut self) {
        self.pending.clear();
        self.unary.forget();
    }

    fn run<O: Operation>(&mut self, operation: &mut O, a: Id, b: Id) -> Result<Id, BudgetSpent> {
        self.pending.clear();
        if O::REMEMBERED == 0 {
            self.memo.forget();
        }
        self.apply(operation, a, b)
    }

    /// `over` in the midst of another operation that is not on two diagrams.
    pub(super) fn over_within(&mut self, a: Id, b: Id) -> Result<Id, BudgetSpent> {
        self.apply(&mut Over, a, b)
    }

    fn apply<O: Operation>(&mut self, operation: &mut O, a: Id, b: Id) -> Result<Id, BudgetSpent> {
        if let Some(answer) = operation.answer(a, b) {
            return Ok(answer);
        }
        if let Some(known) = self.memo.get(O::REMEMBERED, a, b) {
            return Ok(known);
        }
        let level = self.level(a).min(self.level(b));
        let from = self.pending.len();
        let (mut ours, mut theirs) = (self.cursor(a, level), self.cursor(b, level));
        loop {
            let ((end, child), (other_end, other_child)) = (self.edge(ours), self.edge(theirs));
            self.charge(1)?;
            let child = self.apply(operation, child, other_child)?;
            let bound = end.min(other_end);
            self.push(from, bound, child);
            let more = (end > bound || ours.advance()) && (other_end > bound || theirs.advance());
            if !more {
                break;
            }
        }
        let id = self.intern(level, from)?;
        self.memo.put(O::REMEMBERED, a, b, id);
        Ok(id)
    }
}
