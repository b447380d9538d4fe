//! Labels: `第3条`, `(2)`, `①`, `ア` and their like, each mapped to a style and an ordinal.
//!
//! To add a style, add a member to [`Style`] and a reader to [`READERS`]. A style says nothing about its level: that
//! follows from where it first opens (see [`super::place`]).

use std::ops::Range;

use super::glyph::{self, is_space, trim_start};
use super::ordinal::Ordinal;
use super::reader;

/// The shape of a label.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Style {
    /// 第1編
    Part,
    /// 第1章
    Chapter,
    /// 第1節
    Section,
    /// 第1款
    Subsection,
    /// 第1条, 第二条の2
    Article,
    /// 第1
    Counted,
    /// `1`, `1.`
    Number,
    /// `1.2`, `1-2`, with the count of parts
    Decimal(u8),
    /// `1)`
    HalfBracket,
    /// `(1)`, `（1）`
    Bracket,
    /// ⑴
    BracketGlyph,
    /// ⒈
    DottedGlyph,
    /// ①
    Circled,
    /// ❶
    DarkCircled,
    /// `@`, `A`, `B` where circled digits went through a wrong conversion
    Damaged,
    /// ア, イ, ウ
    Katakana,
    /// (ア)
    BracketKatakana,
    /// ㋐
    CircledKatakana,
    /// イ, ロ, ハ
    Iroha,
    /// (イ), (ロ)
    BracketIroha,
    /// 一
    Kanji,
    /// (一), ㈠
    BracketKanji,
    /// Ⅰ, ⅰ
    Roman,
    /// (a)
    BracketLatin,
    /// ・, •, ●
    Bullet(char),
    /// A heading without a label
    Bare,
    /// 附則
    Supplement,
    /// 別表, 様式
    Annex,
    /// What stands before the first clause
    Preface,
}

impl Style {
    /// 編 over 章 over 節 over 款 over 条: the ranks that the words themselves state.
    pub(super) const fn rank(self) -> Option<u8> {
        match self {
            Self::Part => Some(1),
            Self::Chapter => Some(2),
            Self::Section => Some(3),
            Self::Subsection => Some(4),
            Self::Article => Some(5),
            _ => None,
        }
    }

    /// Styles that whole articles carry, which captions may stand above.
    pub(super) const fn is_article(self) -> bool {
        matches!(self, Self::Article | Self::Counted | Self::Number | Self::Decimal(_))
    }

    /// Styles whose ordinal is their place among their siblings.
    pub(super) const fn is_unnumbered(self) -> bool {
        matches!(self, Self::Bullet(_) | Self::Bare | Self::Supplement | Self::Annex)
    }

    /// Styles that are a bare word or number, easily met at the start of a line by accident.
    pub(super) const fn is_weak(self) -> bool {
        matches!(
            self,
            Self::Katakana | Self::Iroha | Self::Kanji | Self::Roman | Self::Damaged | Self::Bullet(_)
        )
    }
}

/// A label found at the start of a text.
#[derive(Debug, Clone)]
pub(super) struct Mark {
    /// What it may be: イ is the second of アイウ or the first of イロハ.
    pub(super) readings: Vec<(Style, Ordinal)>,
    /// The label, as bytes of the text.
    pub(super) label: Range<usize>,
    /// Where the text goes on after the label and white space.
    pub(super) rest: usize,
    /// White space or the end of the line follows.
    pub(super) separated: bool,
    /// The label ends with a mark of its own (`1.`), or is enclosed.
    pub(super) closed: bool,
}

impl Mark {
    /// Whether `style` is one of the readings.
    pub(super) fn reads(&self, test: impl Fn(Style) -> bool) -> bool {
        self.readings.iter().any(|(style, _)| test(*style))
    }
}

/// What a reader found: readings, length in bytes, whether the label is closed by a mark of its own.
pub(super) struct Hit {
    pub(super) readings: Vec<(Style, Ordinal)>,
    pub(super) len: usize,
    pub(super) closed: bool,
}

/// Tried in this order; the first that reads, reads.
static READERS: [fn(&str) -> Option<Hit>; 7] = [
    reader::counted,
    reader::glyph,
    reader::bracketed,
    reader::number,
    reader::kana,
    reader::kanji,
    reader::damaged,
];

/// The label that opens a text, a list mark or `#` before it dropped.
pub(super) fn read(text: &str) -> Option<Mark> {
    let line = unhashed(text);
    let bullet = bullet(line);
    let inner = trim_start(line.get(bullet.map_or(0, |(_, len)| len)..)?);
    let at = text.len() - inner.len();
    if let Some(hit) = READERS.iter().find_map(|reader| reader(inner)) {
        return Some(mark(text, at..at + hit.len, hit.readings, hit.closed));
    }
    let (c, len) = bullet?;
    let at = text.len() - line.len();
    Some(mark(
        text,
        at..at + len,
        vec![(Style::Bullet(c), Ordinal::FIRST)],
        false,
    ))
}

/// The text without the `##` of a Markdown heading.
pub(super) fn unhashed(text: &str) -> &str {
    let rest = text.trim_start_matches('#');
    let hashed = rest.len() < text.len() && rest.starts_with(is_space);
    if hashed { trim_start(rest) } else { text }
}

fn mark(text: &str, label: Range<usize>, readings: Vec<(Style, Ordinal)>, closed: bool) -> Mark {
    let after = text.get(label.end..).unwrap_or_default();
    let rest = trim_start(after);
    Mark {
        readings,
        rest: text.len() - rest.len(),
        separated: rest.len() < after.len() || after.is_empty(),
        closed,
        label,
    }
}

/// A list mark and its length. Hyphen and asterisk count only before white space; notes (`※`, `(注)`) are text.
fn bullet(text: &str) -> Option<(char, usize)> {
    let c = text.chars().next()?;
    let after = text.get(c.len_utf8()..)?;
    let counts = match c {
        '-' | '*' | '+' | '－' | '−' | '–' | '○' => after.starts_with(is_space),
        '・' => !after.starts_with('・'),
        '•' | '●' | '◎' | '■' | '□' | '◆' | '◇' | '▪' | '·' | '►' | '➢' => true,
        _ => false,
    };
    counts.then_some((c, c.len_utf8()))
}

/// Words that make `(2)` a reference and not a label, white space before them or not.
static REFERS: [&str; 33] = [
    "又は",
    "または",
    "及び",
    "および",
    "若しくは",
    "もしくは",
    "並びに",
    "ならびに",
    "ないし",
    "乃至",
    "から第",
    "から(",
    "から（",
    "から前",
    "からまで",
    "まで",
    "に掲げ",
    "に定め",
    "に規定",
    "に該当",
    "に係",
    "に示",
    "に基づ",
    "にいう",
    "によ",
    "にかかわら",
    "において",
    "の規定",
    "のいずれ",
    "を除",
    "を準用",
    "、",
    "，",
];

/// Whether what follows a label makes it a reference.
pub(super) fn refers(rest: &str) -> bool {
    let rest = trim_start(rest);
    REFERS.iter().any(|word| rest.starts_with(word))
}

/// Whether a text opens with a particle, as no heading and no sentence does.
pub(super) fn opens_with_particle(rest: &str) -> bool {
    rest.starts_with([
        'は', 'が', 'を', 'に', 'の', 'で', 'と', 'も', 'へ', 'か', 'ま', '、', '，', '・', '。', '」', '）', ')',
    ])
}

/// Whether a text opens with a word that counts or dates, so that the number before it is no label.
pub(super) fn opens_with_counter(rest: &str) -> bool {
    let Some(c) = trim_start(rest).chars().next() else {
        return false;
    };
    "年月日時分秒号条項章節款編回版件人名個台枚円%％歳頁ペ倍割つ者階段層種類点か箇ヶカヵ世期次冊通週以.,/-〜～"
        .contains(c)
        || glyph::digit(c).is_some()
}
