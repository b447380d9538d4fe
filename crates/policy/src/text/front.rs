//! What stands before the first clause: title, dates, enacting lines.

use super::glyph::{self, is_space};
use super::label;
use super::line::Line;

/// The title and the line that it ends on.
#[derive(Debug)]
pub(super) struct Title {
    /// Spaces folded, brackets after it dropped.
    pub(super) text: String,
    /// The last line of it.
    pub(super) line: usize,
}

/// What titles of such instruments end with.
static KINDS: [&str; 14] = [
    "基本方針",
    "ポリシー",
    "方針",
    "規程",
    "規則",
    "要綱",
    "要領",
    "対策基準",
    "基準",
    "訓令",
    "条例",
    "基本指針",
    "指針",
    "policy",
];

/// How far down a title may stand: a web page has a long frame.
const DEEPEST: usize = 120;

/// Finds the title above `limit`, the contents page or the first sentence.
pub(super) fn title(lines: &[Line<'_>], limit: usize) -> Option<Title> {
    let above = lines.iter().enumerate().take(limit.min(DEEPEST));
    let mut best: Option<(bool, Title)> = None;
    for (index, line) in above {
        let Some(text) = candidate(line.text) else { continue };
        let sure = text.contains("セキュリティ");
        let better = best
            .as_ref()
            .is_none_or(|(best_sure, best)| (sure, text.chars().count()) > (*best_sure, best.text.chars().count()));
        if better {
            let text = with_line_before(lines, index, text, sure);
            best = Some((sure, Title { text, line: index }));
        }
    }
    best.map(|(_, title)| title)
}

fn candidate(line: &str) -> Option<String> {
    let hashed = label::unhashed(line);
    let text = without_note(hashed).trim_matches(|c| is_space(c) || matches!(c, '「' | '」' | '『' | '』' | '○' | '◯'));
    if text.is_empty()
        || text.chars().nth(60).is_some()
        || glyph::has_sentence(text)
        || text.contains(['>', '›', '»', '|', '＞', '｜', '、', ':', '：'])
    {
        return None;
    }
    let labelled = label::read(text).is_some();
    let folded = glyph::fold_spaces(text);
    let kind = KINDS.iter().any(|kind| folded.to_lowercase().ends_with(kind));
    (kind && !labelled && !is_front_matter(text)).then_some(folded)
}

/// The text without the brackets at its end: `基本方針(令和8年3月改定)`.
fn without_note(text: &str) -> &str {
    let Some(open) = text.rfind(['(', '（']) else {
        return text;
    };
    let note = text.get(open..).and_then(glyph::bracketed);
    text.get(..open)
        .filter(|before| note.is_some() && !before.is_empty())
        .unwrap_or(text)
}

/// A title broken over two lines.
fn with_line_before(lines: &[Line<'_>], index: usize, text: String, sure: bool) -> String {
    let broken = lines.get(index).is_some_and(|line| !line.blank && !line.page);
    let before = index
        .checked_sub(1)
        .and_then(|index| lines.get(index))
        .filter(|_| broken && !sure);
    match before {
        Some(line)
            if line.text.contains("セキュリティ")
                && candidate(line.text).is_none()
                && label::read(line.text).is_none() =>
        {
            glyph::fold_spaces(label::unhashed(line.text)) + &text
        }
        _ => text,
    }
}

/// Dates and enacting lines: `令和8年3月2日`, `訓令第9号`, `令和8年3月改定`, `見本市長 見本太郎`.
pub(super) fn is_front_matter(text: &str) -> bool {
    if text.chars().nth(60).is_some() || glyph::has_sentence(text) {
        return false;
    }
    let folded = glyph::match_key(text);
    let inner = glyph::bracketed(&folded).unwrap_or(&folded);
    let dated = ["令和", "平成", "昭和", "20", "19"]
        .iter()
        .any(|era| inner.starts_with(era))
        && inner.contains('年');
    let acts = [
        "制定", "改定", "改正", "改訂", "施行", "策定", "決定", "告示", "公布", "版", "日", "月", "号",
    ];
    if dated && acts.iter().any(|act| inner.contains(act)) {
        return true;
    }
    let kinds = ["規則", "訓令", "告示", "要綱", "規程", "条例", "訓", "告"];
    inner.ends_with('号') && kinds.iter().any(|kind| inner.contains(&format!("{kind}第")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::line;

    fn found(source: &str) -> Option<String> {
        let lines = line::lines(source);
        title(&lines, lines.len()).map(|title| title.text)
    }

    #[test]
    fn titles_are_found_among_what_stands_around_them() {
        for (source, expected) in [
            ("見本市情報セキュリティ基本方針", Some("見本市情報セキュリティ基本方針")),
            (
                "見本市 情報セキュリティ\n基本方針(令和8年3月改定)",
                Some("見本市情報セキュリティ基本方針"),
            ),
            (
                "ホーム > 市政 > 情報セキュリティ基本方針\n見本市情報セキュリティ基本方針",
                Some("見本市情報セキュリティ基本方針"),
            ),
            (
                "令和8年3月2日\n訓令第9号\n# 見本市情報セキュリティ規程",
                Some("見本市情報セキュリティ規程"),
            ),
            ("1. 情報セキュリティ基本方針", None),
        ] {
            assert_eq!(found(source).as_deref(), expected, "{source}");
        }
    }
}
