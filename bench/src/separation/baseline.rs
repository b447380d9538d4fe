//! The libraries that stand beside ours.

use biodivine_lib_bdd::{Bdd, BddPartialValuation, BddVariable, BddVariableSet};
use oxidd::bdd::{BDDFunction, BDDManagerRef, new_manager};
use oxidd::{BooleanFunction, Function, Manager, ManagerRef};
use separation::diagram::generate::{Shape, rules};

use super::bits::{BITS, Library, ORDERS, permitted};
use super::{Measured, SEED, ZONES};
use crate::clock::{peak_memory, processor_of_thread};
use crate::stop::OrStop;

/// Nodes of the table that oxidd is given at the start: about half a gigabyte.
const TABLE: usize = 1 << 25;
const CACHE: usize = 1 << 22;

pub(super) fn measure(library: &str, shape: Shape, size: usize, limit: f64) -> Measured {
    let rules = rules::<u32>(shape, size, ZONES, SEED);
    let mut best = Measured::default();
    for order in &ORDERS {
        let start = processor_of_thread();
        let goes_on = || processor_of_thread() - start < limit;
        let nodes = if library == "biodivine" {
            let bits = Biodivine::new();
            permitted(&bits, order, &rules, &goes_on).map(|set| bits.nodes(&set))
        } else {
            let bits = Oxidd::new();
            permitted(&bits, order, &rules, &goes_on).map(|set| bits.nodes(&set))
        };
        let seconds = processor_of_thread() - start;
        if let Some(nodes) = nodes.filter(|_| best.seconds.is_none_or(|known| seconds < known)) {
            (best.seconds, best.parts) = (Some(seconds), nodes);
        }
    }
    best.memory = peak_memory();
    best
}

struct Biodivine {
    variables: BddVariableSet,
    bits: Vec<BddVariable>,
}

impl Biodivine {
    fn new() -> Self {
        let variables = BddVariableSet::new_anonymous(BITS);
        Self {
            bits: variables.variables(),
            variables,
        }
    }
}

impl Library for Biodivine {
    type Set = Bdd;

    fn cube(&self, fixed: &[(u16, bool)]) -> Option<Bdd> {
        let mut clause = BddPartialValuation::empty();
        for (bit, value) in fixed {
            clause.set_value(*self.bits.get(usize::from(*bit))?, *value);
        }
        Some(self.variables.mk_conjunctive_clause(&clause))
    }
    fn none(&self) -> Bdd {
        self.variables.mk_false()
    }
    fn and(&self, a: &Bdd, b: &Bdd) -> Option<Bdd> {
        Some(a.and(b))
    }
    fn or(&self, a: &Bdd, b: &Bdd) -> Option<Bdd> {
        Some(a.or(b))
    }
    fn minus(&self, a: &Bdd, b: &Bdd) -> Option<Bdd> {
        Some(a.and_not(b))
    }
    fn nodes(&self, set: &Bdd) -> usize {
        set.size()
    }
}

struct Oxidd {
    manager: BDDManagerRef,
    /// Each bit, and its opposite.
    bits: Vec<[BDDFunction; 2]>,
}

impl Oxidd {
    fn new() -> Self {
        let manager = new_manager(TABLE, CACHE, 1);
        let bits = manager.with_manager_exclusive(|manager| {
            let bits = manager.add_vars(u32::from(BITS));
            bits.map(|bit| {
                Some([
                    BDDFunction::not_var(manager, bit).ok()?,
                    BDDFunction::var(manager, bit).ok()?,
                ])
            })
            .collect::<Option<Vec<_>>>()
        });
        Self {
            bits: bits.or_stop("room for the variables"),
            manager,
        }
    }
}

impl Library for Oxidd {
    type Set = BDDFunction;

    fn cube(&self, fixed: &[(u16, bool)]) -> Option<BDDFunction> {
        let mut cube = self.manager.with_manager_shared(|manager| BDDFunction::t(manager));
        for (bit, value) in fixed.iter().rev() {
            let literal = self.bits.get(usize::from(*bit))?.get(usize::from(*value))?;
            cube = literal.and(&cube).ok()?;
        }
        Some(cube)
    }
    fn none(&self) -> BDDFunction {
        self.manager.with_manager_shared(|manager| BDDFunction::f(manager))
    }
    fn and(&self, a: &BDDFunction, b: &BDDFunction) -> Option<BDDFunction> {
        a.and(b).ok()
    }
    fn or(&self, a: &BDDFunction, b: &BDDFunction) -> Option<BDDFunction> {
        a.or(b).ok()
    }
    fn minus(&self, a: &BDDFunction, b: &BDDFunction) -> Option<BDDFunction> {
        b.imp_strict(a).ok()
    }
    fn nodes(&self, set: &BDDFunction) -> usize {
        set.node_count()
    }
}
