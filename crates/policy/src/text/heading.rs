//! Where the heading of a clause ends and its body begins.

use super::clause::Paragraph;
use super::glyph::{self, is_space};
use super::label::{self, Style};
use super::lexicon::Lexicon;
use super::line::Line;
use super::passage;
use super::tree::Node;

/// What a node's lines turned out to be.
#[derive(Debug, Default)]
pub(super) struct Body {
    /// Empty where the clause has only a sentence.
    pub(super) heading: String,
    /// The sentences.
    pub(super) paragraphs: Vec<Paragraph>,
}

/// What is known about a node when its lines are read.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place<'l> {
    /// The node stands at the top of the document or right under a chapter.
    pub(super) top: bool,
    /// The clause above lists definitions.
    pub(super) definitions: bool,
    /// Known headings.
    pub(super) lexicon: &'l Lexicon,
}

/// Longest heading, in characters.
const LONGEST: usize = 40;
/// Below this margin a full line tells nothing: headings are full lines too.
const TELLING_WIDTH: usize = 40;

/// Parts the heading of a node from its body.
pub(super) fn body(node: &Node<'_>, place: Place<'_>) -> Body {
    if let Some(caption) = node.caption {
        let heading = glyph::bracketed(caption.text).unwrap_or(label::unhashed(caption.text));
        return Body::new(heading, None, &node.pieces);
    }
    let Some((first, rest)) = node.pieces.split_first() else {
        return Body::default();
    };
    if matches!(node.style, Style::Article | Style::Counted)
        && let Some(end) = caption_end(first.text)
    {
        let caption = first.text.get(..end).and_then(glyph::bracketed).unwrap_or_default();
        return Body::new(caption, Some(first.part(end..first.text.len())), rest);
    }
    if glyph::has_sentence(first.text) || !is_whole_heading(node, first, rest, place) {
        return match cut(first, rest, place) {
            Some((heading, from)) => Body::new(heading, Some(first.part(from..first.text.len())), rest),
            None => Body::new("", None, &node.pieces),
        };
    }
    Body::new(first.text, None, rest)
}

impl Body {
    fn new(heading: &str, first: Option<Line<'_>>, rest: &[Line<'_>]) -> Self {
        let heading = heading.trim_matches(|c| is_space(c) || matches!(c, ':' | '：'));
        let pieces: Vec<Line<'_>> = first
            .into_iter()
            .filter(|line| !line.text.is_empty())
            .chain(rest.iter().copied())
            .collect();
        Self {
            heading: glyph::fold_spaces(heading),
            paragraphs: passage::paragraphs(&pieces),
        }
    }
}

/// Whether the first line is a heading and nothing else.
fn is_whole_heading(node: &Node<'_>, first: &Line<'_>, rest: &[Line<'_>], place: Place<'_>) -> bool {
    let known = place.lexicon.knows(first.text);
    let verb = rest.first().is_some_and(|next| is_verbal(first, next)) && cut(first, rest, place).is_none();
    if !known && !verb && !could_head(first.text) {
        return false;
    }
    let Some(next) = rest.first() else {
        let term = place.definitions && known;
        return !node.children.is_empty() || place.top || term;
    };
    if matches!(node.style, Style::Bullet(_)) {
        return false;
    }
    let wrapped = first.full && !next.blank && glyph::width(first.text) >= TELLING_WIDTH;
    known || next.blank || !(wrapped || label::opens_with_particle(next.text))
}

/// Whether a line is a heading that ends in a verb (`体制を整える`): too short to be a wrapped line, and a sentence follows.
fn is_verbal(first: &Line<'_>, next: &Line<'_>) -> bool {
    let text = first.text.trim_matches(is_space);
    let verb = text.ends_with(['す', 'る', 'う', 'く', 'む', 'つ', 'ぶ', 'ぐ']);
    let short = !first.full && glyph::width(text) < TELLING_WIDTH;
    verb && short && glyph::has_sentence(next.text) && is_shaped(text)
}

/// Whether a text reads as a heading: short, no full stop, no end of a sentence or clause.
pub(super) fn could_head(text: &str) -> bool {
    let text = text.trim_matches(is_space);
    let topic = [
        "について",
        "に関して",
        "に当たって",
        "にあたって",
        "はじめに",
        "おわりに",
    ];
    is_shaped(text) && (topic.iter().any(|end| text.ends_with(end)) || !ends_open(text))
}

/// Whether a text has the shape of a heading, however it ends.
fn is_shaped(text: &str) -> bool {
    let mut depth = 0;
    let mut count = 0;
    for c in text.chars() {
        count += 1;
        depth += glyph::bracket_step(c);
        if count > LONGEST || depth < 0 || matches!(c, '。' | '｡') {
            return false;
        }
    }
    let refers = text.starts_with('第') && label::read(text).is_some();
    let opens = !refers && !label::opens_with_particle(text);
    depth == 0 && count > 0 && opens && !announces(text)
}

/// Whether a text ends as no heading does: in a particle, a verb, a comma.
fn ends_open(text: &str) -> bool {
    text.ends_with([
        'は', 'が', 'を', 'に', 'で', 'と', 'の', 'も', 'へ', 'て', 'す', 'る', 'う', 'く', 'む', 'た', 'だ', '、',
        '，', ',',
    ])
}

/// Whether a text says that a list follows.
pub(super) fn announces(text: &str) -> bool {
    let start = text.char_indices().rev().nth(60).map_or(0, |(at, _)| at);
    let tail = text.get(start..).unwrap_or_default();
    let words = [
        "次のとおり",
        "次の通り",
        "次の各号",
        "次に掲げる",
        "次のもの",
        "次の事項",
        "以下の",
        "下記の",
        "次の表",
        "次の対策",
        "のとおりと",
    ];
    tail.ends_with([':', '：']) || words.iter().any(|word| tail.contains(word))
}

/// A term that quotes or a leader part from its definition.
pub(super) fn led_or_quoted(text: &str) -> Option<(&str, &str)> {
    let (term, body) = quoted(text).or_else(|| led(text))?;
    Some((term, text.get(body..)?))
}

/// Where a heading that shares its line with the body ends, and where the body starts.
fn cut<'s>(first: &Line<'s>, rest: &[Line<'_>], place: Place<'_>) -> Option<(&'s str, usize)> {
    let text = first.text;
    let sentence = glyph::has_sentence(text) || rest.iter().take(8).any(|line| glyph::has_sentence(line.text));
    quoted(text)
        .or_else(|| led(text))
        .or_else(|| spaced(text, sentence, place))
        .or_else(|| place.lexicon.prefix(text).and_then(|end| Some((text.get(..end)?, end))))
}

/// `「端末」:職員が…`
fn quoted(text: &str) -> Option<(&str, usize)> {
    let inside = text.strip_prefix(['「', '『'])?;
    let end = inside.find(['」', '』'])?;
    let term = inside.get(..end)?;
    let after = inside.get(end + '」'.len_utf8()..)?;
    let body = after.trim_start_matches(|c| is_space(c) || is_leader(c));
    (body.len() < after.len() && !body.is_empty() && !label::opens_with_particle(body) && could_head(term))
        .then_some((term, text.len() - body.len()))
}

fn is_leader(c: char) -> bool {
    matches!(c, '・' | '･' | '…' | '‥' | ':' | '：' | '─' | '—' | '―')
}

/// `端末・・・職員が…`, `端末:職員が…`
fn led(text: &str) -> Option<(&str, usize)> {
    let leaders = ["・・", "･･", "…", "‥", "：", ":", "――", "──"];
    let at = leaders.iter().filter_map(|leader| text.find(leader)).min()?;
    let heading = text.get(..at)?;
    let body = text.get(at..)?.trim_start_matches(|c| is_space(c) || is_leader(c));
    let sound = could_head(heading) && heading.ends_with(glyph::is_japanese) && !heading.contains(['、', '，']);
    (sound && !body.is_empty()).then_some((heading, text.len() - body.len()))
}

/// `端末␣職員が…`: the first gap that leaves a heading on the left and no particle on the right.
fn spaced<'t>(text: &'t str, sentence: bool, place: Place<'_>) -> Option<(&'t str, usize)> {
    let mut gap: Option<usize> = None;
    for (at, c) in text.char_indices() {
        if is_space(c) {
            gap.get_or_insert(at);
            continue;
        }
        let Some(start) = gap.take() else { continue };
        let heading = text.get(..start)?;
        if heading.chars().nth(LONGEST).is_some() {
            return None;
        }
        let (space, body) = (text.get(start..at)?, text.get(at..)?);
        if is_gap(heading, space, body, sentence, place) {
            return Some((heading, at));
        }
    }
    None
}

fn is_gap(heading: &str, space: &str, body: &str, sentence: bool, place: Place<'_>) -> bool {
    if !could_head(heading) || label::opens_with_particle(body) {
        return false;
    }
    let wide = space.contains(['\u{3000}', '\t']) || space.chars().nth(1).is_some();
    let listed = place.definitions && body.chars().nth(7).is_some();
    if place.lexicon.knows(heading) || wide {
        return sentence || listed;
    }
    // A lone character before a space is a word spelled with spaces; Latin next to Japanese is one word.
    let lone = heading
        .split(is_space)
        .next_back()
        .is_none_or(|word| word.chars().nth(1).is_none());
    let latin = heading.ends_with(|c: char| c.is_ascii_alphanumeric());
    let kana_only = heading
        .chars()
        .all(|c| ('\u{3041}'..='\u{3096}').contains(&c) || is_space(c));
    let clause = heading.contains(['は', 'を', '、', '，']);
    (sentence || listed) && !(lone || latin || kana_only || clause)
}

/// Where a caption that opens a text ends: `(適用)本市は…`.
fn caption_end(text: &str) -> Option<usize> {
    if !text.starts_with(['(', '（']) {
        return None;
    }
    let mut depth = 0;
    for (at, c) in text.char_indices().take(LONGEST + 2) {
        depth += glyph::bracket_step(c);
        if depth == 0 {
            let end = at + c.len_utf8();
            return is_caption(text.get(..end)?).then_some(end);
        }
    }
    None
}

/// Whether a text is a heading in brackets: `(適用)`.
pub(super) fn is_caption(text: &str) -> bool {
    let Some(inside) = glyph::bracketed(text) else {
        return false;
    };
    let words = [
        "注",
        "抄",
        "第",
        "別表",
        "別紙",
        "別記",
        "別添",
        "参考",
        "資料",
        "例：",
        "例:",
        "例えば",
    ];
    let note = words.iter().any(|word| inside.starts_with(word));
    inside.chars().nth(1).is_some() && !note && could_head(inside) && label::read(text).is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn heading(line: &'static str) -> Option<&'static str> {
        let lexicon = Lexicon::new(&[]);
        let place = Place {
            top: false,
            definitions: false,
            lexicon: &lexicon,
        };
        let lines = crate::text::line::lines(line);
        cut(&lines[0], &[], place).map(|(heading, _)| heading)
    }

    #[test]
    fn a_heading_is_parted_from_the_body_on_its_line() {
        for (line, expected) in [
            ("端末 職員が使う機器をいう。", Some("端末")),
            ("端末　職員が使う機器をいう。", Some("端末")),
            ("「端末」:職員が使う機器をいう。", Some("端末")),
            ("端末・・・職員が使う機器をいう。", Some("端末")),
            ("LGWAN 接続系 庁内の網をいう。", Some("LGWAN 接続系")),
            ("手順は 別に定める。", None),
            ("この方針は、本市 の組織に適用する。", None),
            ("「端末」とは、機器をいう。", None),
        ] {
            assert_eq!(heading(line), expected, "{line}");
        }
    }
}
