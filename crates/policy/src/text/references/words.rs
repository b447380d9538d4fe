//! The words that refer: 上記6、7及び8, 第5条の2, 前項.

use model::diagnostic::Span;

use super::super::glyph::{self, is_space};

/// What a reference asks for.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Target {
    /// 上記3: a clause at the top with this number.
    Above(String),
    /// 第5条, by id part.
    Article(String),
    /// 第2章, 第1節.
    Chapter(char, u32),
    /// 前条
    ArticleBefore,
    /// 次条
    ArticleAfter,
    /// 前項
    ParagraphBefore,
    /// 前号
    ItemBefore,
    /// 次の各号
    ItemsBelow,
}

/// The words of a reference.
pub(super) struct Words {
    pub(super) target: Target,
    pub(super) text: String,
    pub(super) span: Span,
}

/// A paragraph without its spaces and line ends, with the place of each character.
pub(super) struct Passage {
    chars: Vec<(char, usize)>,
}

impl Passage {
    pub(super) fn new(source: &str, start: usize) -> Self {
        let chars = source
            .char_indices()
            .filter(|(_, c)| !is_space(*c))
            .map(|(at, c)| (c, start + at));
        Self { chars: chars.collect() }
    }

    pub(super) fn references(&self) -> Vec<Words> {
        let mut found = Vec::new();
        let mut at = 0;
        while at < self.chars.len() {
            let read = self
                .fixed(at)
                .or_else(|| self.counted(at))
                .or_else(|| self.above(at, &mut found));
            match read {
                Some((len, target)) => {
                    found.extend(target.map(|target| self.words(at, len, target)));
                    at += len.max(1);
                }
                None => at += 1,
            }
        }
        found
    }

    fn char(&self, at: usize) -> Option<char> {
        self.chars.get(at).map(|(c, _)| *c)
    }

    fn starts_with(&self, at: usize, word: &str) -> bool {
        word.chars()
            .enumerate()
            .all(|(offset, c)| self.char(at + offset) == Some(c))
    }

    fn words(&self, at: usize, len: usize, target: Target) -> Words {
        let place = |at: usize| self.chars.get(at).map(|(c, start)| (*start, start + c.len_utf8()));
        let start = place(at).map_or(0, |(start, _)| start);
        let end = place((at + len).saturating_sub(1)).map_or(start, |(_, end)| end);
        let text = self.chars.iter().skip(at).take(len).map(|(c, _)| *c).collect();
        Words {
            target,
            text,
            span: Span::new(start, end),
        }
    }

    fn fixed(&self, at: usize) -> Option<(usize, Option<Target>)> {
        let targets = [
            ("前条", Target::ArticleBefore),
            ("次条", Target::ArticleAfter),
            ("前項", Target::ParagraphBefore),
            ("前号", Target::ItemBefore),
            ("次の各号", Target::ItemsBelow),
        ];
        let (word, target) = targets.into_iter().find(|(word, _)| self.starts_with(at, word))?;
        Some((word.chars().count(), Some(target)))
    }

    /// `第5条の2`, `第2章`; `None` inside where the words name another instrument.
    fn counted(&self, at: usize) -> Option<(usize, Option<Target>)> {
        if self.char(at) != Some('第') {
            return None;
        }
        let (number, digits) = self.number(at + 1)?;
        let unit = self.char(at + 1 + digits)?;
        let mut len = digits + 2;
        let target = match unit {
            '条' => {
                let mut id = number.to_string();
                while self.char(at + len) == Some('の')
                    && let Some((branch, digits)) = self.number(at + len + 1)
                {
                    id = format!("{id}-{branch}");
                    len += digits + 1;
                }
                Target::Article(id)
            }
            '章' | '節' => Target::Chapter(unit, number),
            _ => return None,
        };
        Some((len, Some(target).filter(|_| !self.is_foreign(at))))
    }

    /// Whether the words before name another instrument: `…法第2条`, `…規則(平成15年規則第3号)第1条`, `同法第2条`.
    fn is_foreign(&self, at: usize) -> bool {
        let mut end = at;
        // `第1条及び第2条` of another instrument stays with that instrument.
        while end > 0
            && self
                .char(end - 1)
                .is_some_and(|c| "及び又はから、並若しくは第条項号章節".contains(c) || self.is_digit(end - 1))
        {
            end -= 1;
            if at - end > 60 {
                return true;
            }
        }
        let before = end.checked_sub(1).and_then(|before| self.char(before));
        let own = [
            "本規程",
            "本規則",
            "本要綱",
            "この規程",
            "この規則",
            "この訓令",
            "この要綱",
            "この条例",
        ];
        let is_own = own.iter().any(|word| {
            end.checked_sub(word.chars().count())
                .is_some_and(|from| self.starts_with(from, word))
        });
        !is_own
            && before.is_some_and(|c| {
                matches!(
                    c,
                    ')' | '）' | '」' | '法' | '律' | '例' | '則' | '令' | '程' | '綱' | '領' | '準' | '同'
                )
            })
    }

    fn is_digit(&self, at: usize) -> bool {
        self.char(at)
            .is_some_and(|c| glyph::digit(c).is_some() || glyph::kanji_digit(c).is_some())
    }

    /// `上記6、7及び8`: every number is a reference.
    fn above(&self, at: usize, found: &mut Vec<Words>) -> Option<(usize, Option<Target>)> {
        if !self.starts_with(at, "上記") && !self.starts_with(at, "前記") {
            return None;
        }
        let mut len = 2;
        let mut first = true;
        while let Some((number, digits)) = self.number(at + len) {
            let after = self.char(at + len + digits);
            if after.is_some_and(|c| "つ点者種件年月日項号".contains(c)) {
                break;
            }
            let from = if first { at } else { at + len };
            let words = at + len + digits - from;
            found.push(self.words(from, words, Target::Above(number.to_string())));
            len += digits;
            first = false;
            let joint = ["、", "及び", "並びに", "又は", "若しくは", "・", "から", "～"];
            let Some(joint) = joint.iter().find(|joint| self.starts_with(at + len, joint)) else {
                break;
            };
            if self.number(at + len + joint.chars().count()).is_none() {
                break;
            }
            len += joint.chars().count();
        }
        Some((len, None))
    }

    /// A number of at most three digits and its length in characters.
    fn number(&self, at: usize) -> Option<(u32, usize)> {
        let (mut value, mut len) = (0_u32, 0);
        while let Some(digit) = self.char(at + len).and_then(glyph::digit) {
            value = value.saturating_mul(10).saturating_add(digit);
            len += 1;
        }
        if (1..=3).contains(&len) {
            return Some((value, len));
        }
        if len > 0 {
            return None;
        }
        let (mut total, mut run) = (0_u32, 0_u32);
        while let Some(c) = self.char(at + len).filter(|_| len < 6) {
            match glyph::kanji_digit(c) {
                Some(digit) => run = run.saturating_mul(10).saturating_add(digit),
                None if c == '十' => {
                    total += run.max(1).saturating_mul(10);
                    run = 0;
                }
                None => break,
            }
            len += 1;
        }
        (len > 0).then_some((total.saturating_add(run), len))
    }
}
