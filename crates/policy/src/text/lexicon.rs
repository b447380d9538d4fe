//! Headings that policies share, and those of the contents page: where nothing parts a heading from its body, they do.

use std::collections::HashSet;

use super::clause::ContentsRow;
use super::glyph;

/// Headings known beforehand.
static HEADINGS: [&str; 62] = [
    "目的",
    "趣旨",
    "総則",
    "定義",
    "用語",
    "用語の定義",
    "用語の意義",
    "基本理念",
    "位置付け",
    "位置づけ",
    "対象とする脅威",
    "脅威",
    "脅威の想定",
    "適用",
    "適用範囲",
    "対象範囲",
    "対象者",
    "範囲",
    "行政機関の範囲",
    "情報資産の範囲",
    "体制",
    "組織",
    "組織体制",
    "推進体制",
    "管理体制",
    "責務",
    "職員の責務",
    "職員等の責務",
    "遵守義務",
    "職員の遵守義務",
    "職員等の遵守義務",
    "情報セキュリティ対策",
    "情報資産の分類",
    "情報資産の分類と管理",
    "情報資産の管理",
    "物理的セキュリティ",
    "物理的セキュリティ対策",
    "人的セキュリティ",
    "人的セキュリティ対策",
    "技術的セキュリティ",
    "技術的セキュリティ対策",
    "運用",
    "教育",
    "研修",
    "教育・訓練",
    "外部委託",
    "業務委託",
    "外部サービスの利用",
    "監査",
    "自己点検",
    "監査及び自己点検",
    "情報セキュリティ監査",
    "情報セキュリティ監査の実施",
    "評価",
    "見直し",
    "評価・見直し",
    "評価及び見直し",
    "対策基準",
    "実施手順",
    "情報セキュリティ対策基準の策定",
    "情報セキュリティ実施手順の策定",
    "委任",
];

/// Headings of what stands before the first clause.
static PREFACES: [&str; 8] = [
    "前文",
    "序文",
    "序",
    "はじめに",
    "まえがき",
    "宣言",
    "情報セキュリティ宣言",
    "基本的な考え方",
];

/// Longest heading that is looked for at the start of a text, in characters.
const LONGEST: usize = 40;

/// The headings to expect in one document.
#[derive(Debug, Default)]
pub(super) struct Lexicon {
    contents: HashSet<String>,
    known: HashSet<String>,
}

impl Lexicon {
    /// The shared headings and those of a contents page.
    pub(super) fn new(contents: &[ContentsRow]) -> Self {
        let known = HEADINGS
            .iter()
            .chain(&PREFACES)
            .map(|heading| glyph::match_key(heading));
        Self {
            contents: contents.iter().map(|row| glyph::match_key(&row.heading)).collect(),
            known: known.collect(),
        }
    }

    /// Whether a text is a known heading.
    pub(super) fn knows(&self, text: &str) -> bool {
        if text.chars().nth(2 * LONGEST).is_some() {
            return false;
        }
        let key = glyph::match_key(text);
        self.known.contains(&key) || self.contents.contains(&key)
    }

    /// The length in bytes of the longest known heading that a text opens with, where the rest reads as a sentence.
    pub(super) fn prefix(&self, text: &str) -> Option<usize> {
        let ends = text.char_indices().map(|(at, c)| at + c.len_utf8()).take(LONGEST);
        let mut key = String::new();
        let mut longest = None;
        let mut start = 0;
        for end in ends {
            key.push_str(&glyph::match_key(text.get(start..end)?));
            start = end;
            let rest = text.get(end..)?;
            let listed = self.contents.contains(&key) && !opens_mid_phrase(rest);
            if listed || (self.known.contains(&key) && reads_as_sentence(rest)) {
                longest = Some(end);
            }
        }
        longest
    }
}

/// Whether a heading opens a preface.
pub(super) fn is_preface(heading: &str) -> bool {
    let key = glyph::fold_spaces(heading);
    PREFACES.contains(&key.as_str())
}

/// Whether the clause under a heading lists definitions.
pub(super) fn is_definitions(heading: &str) -> bool {
    let key = glyph::match_key(heading);
    key.ends_with("定義") || key.ends_with("用語") || key.ends_with("用語の意義") || key.ends_with("用語の説明")
}

/// Whether the heading of an article 1: it tells a policy from a list that stands before it.
pub(super) fn is_purpose(heading: &str) -> bool {
    let key = glyph::match_key(heading);
    ["目的", "趣旨", "総則"].iter().any(|word| key.starts_with(word))
}

fn opens_mid_phrase(rest: &str) -> bool {
    super::label::opens_with_particle(rest)
        || ["及び", "並び", "又は", "等", "的"]
            .iter()
            .any(|word| rest.starts_with(word))
}

/// How far into a text a sentence is looked for, in characters: a label may be tried at every word of a long line.
const FURTHEST: usize = 400;

fn reads_as_sentence(rest: &str) -> bool {
    let mut chars = rest.chars().take(FURTHEST);
    let (mut count, mut verb) = (0, false);
    let ends = chars.any(|c| {
        count += 1;
        verb |= matches!(c, 'は' | 'を' | 'が' | 'に');
        glyph::is_full_stop(c)
    });
    ends && verb && count >= 8 && !opens_mid_phrase(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_known_heading_is_cut_from_the_sentence_glued_to_it() {
        let lexicon = Lexicon::new(&[]);
        let cut = |text: &'static str| lexicon.prefix(text).and_then(|end| text.get(..end));
        assert_eq!(cut("体制全庁の推進体制を置く。"), Some("体制"));
        assert_eq!(cut("目的を達するため、次のことを行う。"), None);
        assert_eq!(cut("体制図を作る。"), None);
        assert_eq!(
            cut("情報資産の分類と管理情報資産は三つに分ける。"),
            Some("情報資産の分類と管理")
        );
    }
}
