//! Parts of a drawing that are drawn again: each may hold others, so that a short file could draw without end.

use rustc_hash::FxHashMap;

use crate::refusal::{Reason, malformed};

/// Parts that are drawn in all.
const MOST: u64 = 100_000;

/// How deep parts may lie in parts.
const DEEPEST: usize = 64;

/// Which parts draw which.
#[derive(Debug, Default)]
pub(super) struct Uses {
    /// For the name of a part: the parts that are drawn in it. Those outside of any part have an empty name.
    drawn: FxHashMap<String, Vec<String>>,
}

impl Uses {
    /// Takes in that `target` is drawn inside `around`.
    pub(super) fn add<'a>(&mut self, around: impl Iterator<Item = &'a str>, target: &str) {
        for name in around.chain(std::iter::once("")) {
            self.drawn.entry(name.to_owned()).or_default().push(target.to_owned());
        }
    }

    /// Holds the whole against the limit.
    ///
    /// # Errors
    /// Parts draw each other without end, or too often.
    pub(super) fn check(&self) -> Result<(), Reason> {
        let mut known = FxHashMap::default();
        if self.count("", 0, &mut known)? > MOST {
            return Err(endless());
        }
        Ok(())
    }

    fn count<'a>(&'a self, name: &'a str, depth: usize, known: &mut FxHashMap<&'a str, u64>) -> Result<u64, Reason> {
        if depth > DEEPEST {
            return Err(endless());
        }
        if let Some(count) = known.get(name) {
            return Ok(*count);
        }
        let mut count = 0u64;
        for target in self.drawn.get(name).into_iter().flatten() {
            count = count
                .saturating_add(1)
                .saturating_add(self.count(target, depth + 1, known)?);
        }
        known.insert(name, count);
        Ok(count)
    }
}

fn endless() -> Reason {
    malformed(
        "SVG: 部品の参照が多すぎる、又は循環している",
        "SVG: parts refer to each other too often, or in a circle",
    )
}
