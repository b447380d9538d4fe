//! The date of the last revision.

use model::date;
use model::diagnostic::Span;

use super::clause::Revised;
use super::furniture;
use super::glyph::{self, is_space};
use super::line::Line;

static ERAS: [&str; 4] = ["令和", "平成", "昭和", "大正"];
/// Words that make a date the date of a revision.
static REVISED: [&str; 6] = ["改定", "改正", "改訂", "一部改", "全部改", "見直し"];
/// Words that make a date that of the instrument.
static MADE: [&str; 6] = ["制定", "策定", "施行", "決定", "公布", "適用"];

/// How many lines at the end of a text may tell of its amendments.
const TAIL: usize = 40;

/// The latest revision that the front or the end of the text states; else the latest date of the instrument.
pub(super) fn find(lines: &[Line<'_>], front: usize) -> Option<Revised> {
    let tail = lines.len().saturating_sub(TAIL).max(front);
    let front = lines.iter().take(front).filter(|line| !furniture::is_site(line.text));
    // A list of amendments says so on its first line only.
    let mut listed = false;
    let front = front.flat_map(|line| {
        let mut dates = dates(line, true);
        listed = has_revision(line.text) || (listed && !dates.is_empty());
        dates.iter_mut().for_each(|dated| dated.revision |= listed);
        dates
    });
    let front: Vec<Dated> = front.collect();
    let end = lines.iter().skip(tail).flat_map(|line| dates(line, false));
    let all: Vec<Dated> = front.into_iter().chain(end).collect();
    let latest = all
        .into_iter()
        .max_by(|a, b| (a.revision, &a.revised.iso).cmp(&(b.revision, &b.revised.iso)))?;
    Some(latest.revised)
}

/// A date and whether it is that of a revision.
struct Dated {
    revision: bool,
    revised: Revised,
}

fn has_revision(text: &str) -> bool {
    REVISED.iter().any(|word| text.contains(word))
}

fn dates(line: &Line<'_>, front: bool) -> Vec<Dated> {
    let revision = has_revision(line.text);
    // At the end of a text only amendment lists and the day it came into force count, not dates in its sentences.
    let counts = front
        || (line.text.chars().nth(60).is_none() && (revision || MADE.iter().any(|word| line.text.contains(word))));
    if !counts || line.text.chars().nth(200).is_some() {
        return Vec::new();
    }
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(rest) = line.text.get(at..).filter(|rest| !rest.is_empty()) {
        at += match date_at(rest) {
            Some((len, revised)) => {
                let start = line.start + at;
                let revised = Revised {
                    span: Span::new(start, start + len),
                    ..revised
                };
                found.push(Dated { revision, revised });
                len
            }
            None => rest.chars().next().map_or(1, char::len_utf8),
        };
    }
    found
}

/// A date that opens a text, with its length.
fn date_at(text: &str) -> Option<(usize, Revised)> {
    let era = ERAS.iter().find(|era| text.starts_with(**era));
    let western =
        text.starts_with(|c| glyph::digit(c).is_some()) && text.chars().take(4).all(|c| glyph::digit(c).is_some());
    if era.is_none() && !western {
        return None;
    }
    let head = era.map_or(0, |era| era.len());
    let mut end = head;
    for c in text.get(head..)?.chars() {
        if !(glyph::digit(c).is_some() || is_space(c) || matches!(c, '元' | '年' | '月' | '日')) {
            break;
        }
        end += c.len_utf8();
        if c == '日' {
            break;
        }
    }
    let written = glyph::trim(text.get(..end)?);
    let folded: String = written.chars().filter(|c| !is_space(*c)).collect();
    let (date, iso_len) = match folded.chars().next_back() {
        Some('日') => (date::parse(&folded)?, 10),
        Some('月') => (date::parse_month(&folded)?, 7),
        _ => return None,
    };
    let iso = date.to_string();
    let revised = Revised {
        era: date_words(&folded),
        iso: iso.get(..iso_len)?.to_owned(),
        span: Span::new(0, 0),
    };
    Some((written.len(), revised))
}

/// The date as written, digits in half width.
fn date_words(folded: &str) -> String {
    folded
        .chars()
        .map(|c| {
            glyph::digit(c)
                .and_then(|digit| char::from_digit(digit, 10))
                .unwrap_or(c)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::line;

    #[test]
    fn the_latest_revision_is_found() {
        for (source, era, iso) in [
            ("令和8年3月改定", "令和8年3月", "2026-03"),
            ("令和 ８ 年 ３ 月 ２ 日", "令和8年3月2日", "2026-03-02"),
            ("平成15年4月1日制定\n令和元年5月7日改正", "令和元年5月7日", "2019-05-07"),
            ("平成31年4月 改定(令和2年4月施行)", "令和2年4月", "2020-04"),
            (
                "改正 令和5年3月31日訓令第2号\n令和8年3月2日訓令第9号",
                "令和8年3月2日",
                "2026-03-02",
            ),
            ("2026年3月改定", "2026年3月", "2026-03"),
        ] {
            let lines = line::lines(source);
            let found = find(&lines, lines.len()).unwrap();
            assert_eq!((found.era.as_str(), found.iso.as_str()), (era, iso), "{source}");
            assert!(found.span.of(source).is_some_and(|text| !text.is_empty()));
        }
    }
}
