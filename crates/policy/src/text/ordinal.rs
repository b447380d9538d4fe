//! Numbers in labels.

use super::glyph::{digit, kanji_digit};

/// A place in a sequence, with the branch numbers of 第2条の2.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Ordinal {
    /// 2 of 第2条の3.
    pub(super) number: u32,
    /// 3 of 第2条の3; 0 where there is none.
    pub(super) branch: [u32; 2],
}

impl Ordinal {
    /// The first of its style.
    pub(super) const FIRST: Self = Self::of(1);

    /// A plain number.
    pub(super) const fn of(number: u32) -> Self {
        Self { number, branch: [0, 0] }
    }

    /// Whether this is the next place after `last`.
    pub(super) fn follows(self, last: Self) -> bool {
        let [branch, twig] = self.branch;
        let [last_branch, last_twig] = last.branch;
        if self.number != last.number {
            return self.branch == [0, 0] && self.number == last.number.saturating_add(1);
        }
        // Branches start at 2: 第2条 is followed by 第2条の2.
        if twig == 0 {
            branch == last_branch.max(1).saturating_add(1)
        } else {
            branch == last_branch && twig == last_twig.max(1).saturating_add(1)
        }
    }
}

impl std::fmt::Display for Ordinal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.number)?;
        self.branch
            .iter()
            .filter(|branch| **branch > 0)
            .try_for_each(|branch| write!(f, "-{branch}"))
    }
}

/// A number in ASCII, full-width or kanji digits, and its length in bytes; at most three digits, as no policy has a
/// thousand articles and years must not pass for labels.
pub(super) fn numeral(text: &str) -> Option<(u32, usize)> {
    arabic(text).or_else(|| kanji_numeral(text))
}

/// A number in ASCII or full-width digits.
pub(super) fn arabic(text: &str) -> Option<(u32, usize)> {
    let (mut value, mut len, mut count) = (0, 0, 0);
    for c in text.chars() {
        let Some(digit) = digit(c) else { break };
        count += 1;
        if count > 3 {
            return None;
        }
        value = value * 10 + digit;
        len += c.len_utf8();
    }
    (count > 0 && value > 0).then_some((value, len))
}

/// A number in kanji digits.
pub(super) fn kanji_numeral(text: &str) -> Option<(u32, usize)> {
    let (mut total, mut run, mut len, mut count) = (0_u32, 0_u32, 0, 0);
    for c in text.chars() {
        match (c, kanji_digit(c)) {
            ('十', _) => {
                total += run.max(1) * 10;
                run = 0;
            }
            ('百', _) => {
                total += run.max(1) * 100;
                run = 0;
            }
            (_, Some(digit)) => run = run * 10 + digit,
            _ => break,
        }
        count += 1;
        if count > 5 {
            return None;
        }
        len += c.len_utf8();
    }
    let value = total + run;
    (1..1000).contains(&value).then_some((value, len))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn branches_follow_their_article() {
        let of = |number, branch| Ordinal { number, branch };
        assert!(of(2, [2, 0]).follows(of(2, [0, 0])));
        assert!(of(2, [3, 0]).follows(of(2, [2, 0])));
        assert!(of(3, [0, 0]).follows(of(2, [2, 0])));
        assert!(!of(2, [4, 0]).follows(of(2, [2, 0])));
    }
}
