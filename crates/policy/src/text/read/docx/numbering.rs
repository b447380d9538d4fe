//! What number a paragraph gets.
//!
//! Lists of one pattern go on counting together, unless a list restarts a level.

use std::collections::{BTreeMap, BTreeSet};

use super::super::numeral::Numeral;
use super::pattern::{LEVELS, Level, Numbering};
use super::styles::{Numbered, Styles};

/// The numbers given so far.
#[derive(Debug, Default)]
pub(super) struct Counters {
    numbers: BTreeMap<String, [Option<u32>; LEVELS]>,
    restarted: BTreeSet<(String, usize)>,
}

/// What stands before a numbered paragraph.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Label {
    /// The label with what parts it from the text.
    pub(super) text: String,
    /// How far it is indented. A list inside the text stands below the heading over it, though both count from 1.
    pub(super) indent: usize,
}

impl Numbering {
    /// The label of the next paragraph that has this style and asks for this number.
    pub(super) fn label(
        &self,
        counters: &mut Counters,
        styles: &Styles,
        style: Option<&str>,
        own: &Numbered,
    ) -> Option<Label> {
        let inherited = style.and_then(|style| styles.numbered(style));
        let id = own
            .list
            .as_ref()
            .or(inherited.and_then(|(_, numbered)| numbered.list.as_ref()))?;
        let list = self.lists.get(id)?;
        let (pattern_id, pattern) = self.pattern(&list.pattern, styles)?;
        let linked = || {
            let (name, numbered) = inherited?;
            let of_style = |level: &Level| level.style.as_deref() == Some(name);
            let linked = pattern.levels.iter().find(|(_, level)| of_style(level));
            linked.map(|(number, _)| *number).or(numbered.level)
        };
        let level = own.level.or_else(linked).unwrap_or(0).min(LEVELS - 1);
        let at = |level: usize| list.levels.get(&level).or_else(|| pattern.levels.get(&level));
        let shape = at(level)?;
        let numbers = counters.numbers.entry(pattern_id.to_owned()).or_default();
        let restarts = list
            .starts
            .get(&level)
            .filter(|_| counters.restarted.insert((id.clone(), level)));
        advance(numbers, level, restarts.copied(), &at);
        let mut text = shape.label(numbers, &at);
        if !text.is_empty() {
            text.push_str(shape.suffix);
        }
        let inside = usize::from(own.list.is_some());
        Some(Label {
            text,
            indent: level.saturating_add(inside),
        })
    }
}

/// Counts one paragraph of `level`: deeper levels start anew, higher ones that were never used count as begun.
fn advance<'l>(
    numbers: &mut [Option<u32>; LEVELS],
    level: usize,
    restart: Option<u32>,
    at: &impl Fn(usize) -> Option<&'l Level>,
) {
    for (depth, number) in numbers.iter_mut().enumerate() {
        let shape = at(depth);
        let start = shape.map_or(1, |shape| shape.start);
        match depth.cmp(&level) {
            std::cmp::Ordering::Less => *number = Some(number.unwrap_or(start)),
            std::cmp::Ordering::Equal => {
                let next = number.map_or(start, |number| number.saturating_add(1));
                *number = Some(restart.unwrap_or(next));
            }
            std::cmp::Ordering::Greater => {
                let by = shape.and_then(|shape| shape.restart).unwrap_or(depth);
                if level < by {
                    *number = None;
                }
            }
        }
    }
}

impl Level {
    /// `第%1条` with its numbers put in.
    fn label<'l>(&self, numbers: &[Option<u32>; LEVELS], at: &impl Fn(usize) -> Option<&'l Level>) -> String {
        if self.numeral == Numeral::Bullet {
            return self.numeral.write(0);
        }
        let mut out = String::new();
        let mut signs = self.text.chars().peekable();
        while let Some(sign) = signs.next() {
            let depth = match signs.peek().and_then(|next| next.to_digit(10)) {
                Some(digit) if sign == '%' && digit > 0 => usize::try_from(digit).unwrap_or(1).saturating_sub(1),
                _ => {
                    out.push(sign);
                    continue;
                }
            };
            signs.next();
            let number = numbers.get(depth).copied().flatten();
            let numeral = match at(depth) {
                Some(level) if !self.legal => level.numeral,
                _ => Numeral::Decimal,
            };
            out.extend(number.map(|number| numeral.write(number)));
        }
        out
    }
}
