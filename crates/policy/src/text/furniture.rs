//! What a page adds to a text: page numbers, running headers, amendment notes, the frame of a web site.

use std::collections::HashMap;

use super::glyph;
use super::label;
use super::line::Line;

/// Drops page marks and running headers; the line after one knows that a page ended.
pub(super) fn strip<'s>(lines: &[Line<'s>], numbers_are_labels: bool) -> Vec<Line<'s>> {
    let lines = without(lines, |line| {
        is_page_mark(line.text) && !(numbers_are_labels && is_number(line.text))
    });
    let running = running_headers(&lines);
    without(&lines, |line| running.contains_key(line.text))
}

/// The lines that `drop` does not hold of; what stood between stays known to the line after.
pub(super) fn without<'s>(lines: &[Line<'s>], drop: impl Fn(&Line<'s>) -> bool) -> Vec<Line<'s>> {
    let mut kept = Vec::with_capacity(lines.len());
    let (mut blank, mut page) = (false, false);
    for line in lines {
        if drop(line) {
            (blank, page) = (blank || line.blank, true);
            continue;
        }
        kept.push(Line {
            blank: line.blank || blank,
            page: line.page || page,
            ..*line
        });
        (blank, page) = (false, false);
    }
    kept
}

/// Whether a line is a page number or a stray rule: `-`, `- 3 -`, `3/10`, `3ページ`, `P.3`, `3`.
pub(super) fn is_page_mark(text: &str) -> bool {
    if text.chars().nth(24).is_some() {
        return is_rule(text);
    }
    if is_rule(text) {
        return true;
    }
    let plain: String = text
        .chars()
        .filter(|c| !glyph::is_space(*c))
        .flat_map(char::to_lowercase)
        .collect();
    let core = plain.trim_matches(is_dash);
    let core = strip_any(core, &["page", "ページ", "頁", "p.", "ｐ．", "p", "ｐ"]);
    let core = core
        .strip_suffix("ページ")
        .or_else(|| core.strip_suffix('頁'))
        .unwrap_or(core);
    let mut numbers = core.split(['/', '／']).flat_map(|part| part.split("of"));
    let counts = numbers.clone().count() <= 2;
    counts && numbers.all(|number| is_number(number) && number.chars().count() <= 4)
}

fn is_rule(text: &str) -> bool {
    text.chars()
        .all(|c| is_dash(c) || glyph::is_space(c) || matches!(c, '=' | '*' | '_' | '＝' | '＿' | '～'))
}

fn strip_any<'t>(text: &'t str, prefixes: &[&str]) -> &'t str {
    prefixes
        .iter()
        .find_map(|prefix| text.strip_prefix(prefix))
        .unwrap_or(text)
}

fn is_dash(c: char) -> bool {
    matches!(c, '-' | '－' | '―' | '─' | '—' | '–' | '‐' | '−' | 'ー' | '~')
}

/// Whether a text is digits only.
pub(super) fn is_number(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| glyph::digit(c).is_some())
}

/// Whether the numbers that stand alone on their lines are labels with the heading on the next line.
///
/// They are where they count 1, 2, 3 without a gap, a short line follows each, and no number shares its line with text.
pub(super) fn numbers_are_labels(lines: &[Line<'_>]) -> bool {
    let mut next = 1;
    for (index, line) in lines.iter().enumerate() {
        if is_number(line.text) {
            let heading = lines.get(index + 1).is_some_and(|line| could_head(line.text));
            let number = line
                .text
                .chars()
                .filter_map(glyph::digit)
                .fold(0_usize, |n, digit| n.saturating_mul(10) + digit as usize);
            if number != next || !heading {
                return false;
            }
            next += 1;
        } else if label::read(line.text)
            .is_some_and(|mark| mark.reads(|style| style.is_article() || style.rank().is_some()))
        {
            return false;
        }
    }
    next > 2
}

fn opens_article(text: &str) -> bool {
    label::read(text).is_some_and(|mark| mark.reads(|style| style.is_article()))
}

fn could_head(text: &str) -> bool {
    !glyph::has_sentence(text) && glyph::width(text) <= 60 && !is_page_mark(text)
}

/// Short lines that stand at three page ends or more; a comma or an object tells a piece of a wrapped sentence, which is never dropped.
/// A heading above its article does not count: two articles may have the same.
fn running_headers<'s>(lines: &[Line<'s>]) -> HashMap<&'s str, usize> {
    let mut seen: HashMap<&str, usize> = HashMap::new();
    let nexts = lines.iter().skip(1).map(Some).chain([None]);
    for (line, next) in lines.iter().zip(nexts) {
        let at_page_end = line.page || next.is_none_or(|next| next.page);
        let piece = line.text.contains(['、', '，', 'を']);
        let heads = glyph::bracketed(line.text).is_some() && next.is_some_and(|next| opens_article(next.text));
        if at_page_end && !piece && !heads && could_head(line.text) && label::read(line.text).is_none() {
            *seen.entry(line.text).or_default() += 1;
        }
    }
    seen.retain(|_, count| *count >= 3);
    seen
}

/// `(令8訓令9・一部改正)`: a note on when an article was amended.
pub(super) fn is_amendment_note(text: &str) -> bool {
    let Some(note) = glyph::bracketed(text) else {
        return false;
    };
    let acts = ["改正", "追加", "繰上", "繰下", "削除", "全改"];
    let eras = ["令", "平", "昭", "R", "H"];
    let kinds = ["訓令", "規則", "規程", "告示", "要綱", "条例"];
    let acted = acts.iter().any(|act| note.trim_end().ends_with(act));
    let numbered = note.ends_with(|c| glyph::digit(c).is_some()) && kinds.iter().any(|kind| note.contains(kind));
    (acted || numbered) && eras.iter().any(|era| note.starts_with(era))
}

/// Words of a web page around the text.
static SITE: [&str; 31] = [
    "現在の位置",
    "現在地",
    "トップページ",
    "本文へ",
    "シェア",
    "ツイート",
    "Tweet",
    "LINEで送る",
    "ページID",
    "ページ番号",
    "更新日",
    "掲載日",
    "公開日",
    "印刷する",
    "印刷用",
    "サイトマップ",
    "お問い合わせ",
    "問い合わせ先",
    "問合せ先",
    "このページ",
    "Copyright",
    "©",
    "All Rights",
    "Adobe",
    "Acrobat",
    "ファクス",
    "電話番号",
    "電話:",
    "電話：",
    "〒",
    "先頭へ戻る",
];

/// Whether a line belongs to the frame of a web page.
pub(super) fn is_site(text: &str) -> bool {
    let crumbs = text.contains([' ', '　']) && text.contains(['>', '›', '»', '＞']);
    crumbs || SITE.iter().any(|word| text.contains(word))
}

/// Cuts the frame of a web page that follows the last clause.
pub(super) fn cut_site_end(lines: &mut Vec<Line<'_>>) {
    let mut cut = None;
    for (index, line) in lines.iter().enumerate().rev() {
        let site = is_site(line.text);
        if !site && (glyph::has_sentence(line.text) || label::read(line.text).is_some()) {
            break;
        }
        if site {
            cut = Some(index);
        }
    }
    if let Some(cut) = cut {
        lines.truncate(cut);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn page_marks_are_told_from_text() {
        for mark in [
            "-",
            "---",
            "- 3 -",
            "－３－",
            "3",
            "3/10",
            "3 / 10 ページ",
            "Page 3 of 10",
            "P.3",
            "3頁",
            "― 3 ―",
        ] {
            assert!(is_page_mark(mark), "{mark}");
        }
        for text in ["3 目的", "(3)", "①", "端末", "ページ", "令和8年", "of"] {
            assert!(!is_page_mark(text), "{text}");
        }
    }

    #[test]
    fn amendment_notes_are_told_from_captions() {
        assert!(is_amendment_note("(令8訓令9・一部改正)"));
        assert!(is_amendment_note("(令8訓令9)"));
        assert!(!is_amendment_note("(適用)"));
        assert!(!is_amendment_note("(基本方針の改正)"));
    }
}
