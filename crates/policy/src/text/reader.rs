//! Readers for the labels of [`super::label`]: each takes the start of a text and says which label stands there.

use super::glyph::{is_space, trim_start};
use super::label::{Hit, Style};
use super::ordinal::{Ordinal, arabic, kanji_numeral, numeral};

/// `第3章`, `第2条の2`, `第二条`, `第 5 条`, `第6`.
pub(super) fn counted(text: &str) -> Option<Hit> {
    let rest = trim_start(text.strip_prefix('第')?);
    let (number, len) = numeral(rest)?;
    let rest = rest.get(len..)?;
    let unit = trim_start(rest);
    let style = match unit.chars().next() {
        Some('編') => Style::Part,
        Some('章') => Style::Chapter,
        Some('節') => Style::Section,
        Some('款') => Style::Subsection,
        Some('条') => Style::Article,
        _ if rest.is_empty() || rest.starts_with(is_space) => {
            return Some(hit(Style::Counted, Ordinal::of(number), text.len() - rest.len(), false));
        }
        _ => return None,
    };
    let mut rest = unit.get('条'.len_utf8()..)?;
    let mut ordinal = Ordinal::of(number);
    if style == Style::Article {
        for branch in &mut ordinal.branch {
            let Some((number, len)) = rest.strip_prefix('の').and_then(numeral) else {
                break;
            };
            *branch = number;
            rest = rest.get('の'.len_utf8() + len..)?;
        }
    }
    Some(hit(style, ordinal, text.len() - rest.len(), false))
}

fn hit(style: Style, ordinal: Ordinal, len: usize, closed: bool) -> Hit {
    Hit {
        readings: vec![(style, ordinal)],
        len,
        closed,
    }
}

/// Runs of label glyphs: first character, how many, ordinal of the first, style.
static GLYPHS: [(char, u32, u32, Style); 12] = [
    ('①', 20, 1, Style::Circled),
    ('㉑', 15, 21, Style::Circled),
    ('㊱', 15, 36, Style::Circled),
    ('⑴', 20, 1, Style::BracketGlyph),
    ('⒈', 20, 1, Style::DottedGlyph),
    ('❶', 10, 1, Style::DarkCircled),
    ('⓫', 10, 11, Style::DarkCircled),
    ('⓵', 10, 1, Style::Circled),
    ('㈠', 10, 1, Style::BracketKanji),
    ('㋐', 47, 1, Style::CircledKatakana),
    ('Ⅰ', 12, 1, Style::Roman),
    ('ⅰ', 12, 1, Style::Roman),
];

/// `①`, `⑴`, `⒈`, `㋐`, `Ⅲ`.
pub(super) fn glyph(text: &str) -> Option<Hit> {
    let c = text.chars().next()?;
    let (first, _, ordinal, style) = GLYPHS.iter().find(|(first, count, ..)| {
        let offset = u32::from(c).checked_sub(u32::from(*first));
        offset.is_some_and(|offset| offset < *count)
    })?;
    let number = ordinal + u32::from(c) - u32::from(*first);
    let mut len = c.len_utf8();
    if *style == Style::Roman {
        let after = text.get(len..)?;
        let dot = after.chars().next().filter(|c| matches!(c, '.' | '．'));
        len += dot.map_or(0, char::len_utf8);
        if dot.is_none() && !after.is_empty() && !after.starts_with(is_space) {
            return None;
        }
    }
    Some(hit(*style, Ordinal::of(number), len, *style != Style::Roman))
}

/// `(1)`, `（１）`, `(ア)`, `(イ)`, `(一)`, `(a)`.
pub(super) fn bracketed(text: &str) -> Option<Hit> {
    let inside = text.strip_prefix(['(', '（'])?;
    let end = inside.char_indices().take(8).find(|(_, c)| matches!(c, ')' | '）'))?;
    let len = text.len() - inside.len() + end.0 + end.1.len_utf8();
    let inside = inside.get(..end.0)?.trim_matches(is_space);
    let mut chars = inside.chars();
    let only = chars.next().filter(|_| chars.next().is_none());
    if let Some((number, read)) = arabic(inside) {
        return (read == inside.len()).then(|| hit(Style::Bracket, Ordinal::of(number), len, true));
    }
    if let Some(c) = only.filter(|c| KATAKANA.contains(*c)) {
        let readings = kana_readings(c, Style::BracketKatakana, Style::BracketIroha);
        return Some(Hit {
            readings,
            len,
            closed: true,
        });
    }
    if let Some((number, read)) = kanji_numeral(inside) {
        return (read == inside.len()).then(|| hit(Style::BracketKanji, Ordinal::of(number), len, true));
    }
    let letter = only.filter(char::is_ascii_lowercase)?;
    let number = u32::from(letter) - u32::from('a') + 1;
    Some(hit(Style::BracketLatin, Ordinal::of(number), len, true))
}

/// `3`, `3.`, `３．`, `3)`, `1.2`, `1-2`.
pub(super) fn number(text: &str) -> Option<Hit> {
    let (mut number, mut len) = arabic(text)?;
    let mut parts = 1_u8;
    loop {
        let rest = text.get(len..)?;
        let Some(joint) = rest
            .chars()
            .next()
            .filter(|c| matches!(c, '.' | '．' | '-' | '－' | '‐' | '−'))
        else {
            break;
        };
        let Some((next, read)) = rest.get(joint.len_utf8()..).and_then(arabic) else {
            break;
        };
        (number, len, parts) = (next, len + joint.len_utf8() + read, parts.saturating_add(1));
    }
    let rest = text.get(len..)?;
    let close = rest.chars().next().filter(|c| matches!(c, '.' | '．' | ')' | '）'));
    let style = match close {
        _ if parts > 1 => Style::Decimal(parts),
        Some(')' | '）') => Style::HalfBracket,
        _ => Style::Number,
    };
    let after = text.get(len + close.map_or(0, char::len_utf8)..)?;
    // `1.5倍` is a quantity; a label of several parts stands apart from its heading.
    if parts > 1 && !after.is_empty() && !after.starts_with(is_space) {
        return None;
    }
    Some(hit(
        style,
        Ordinal::of(number),
        text.len() - after.len(),
        close.is_some(),
    ))
}

static KATAKANA: &str = "アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワヲン";
static IROHA: &str = "イロハニホヘトチリヌルヲワカヨタレソツネナラムウヰノオクヤマケフコエテアサキユメミシヱヒモセス";

fn kana_readings(c: char, katakana: Style, iroha: Style) -> Vec<(Style, Ordinal)> {
    let place = |order: &str| {
        let position = order.chars().position(|kana| kana == c)?;
        u32::try_from(position).ok().map(|position| Ordinal::of(position + 1))
    };
    let readings = [(katakana, place(KATAKANA)), (iroha, place(IROHA))];
    readings
        .into_iter()
        .filter_map(|(style, ordinal)| Some((style, ordinal?)))
        .collect()
}

/// `ア␣`, `ア.`, `イ）`: a lone kana counts only where something parts it from the text.
pub(super) fn kana(text: &str) -> Option<Hit> {
    let c = text.chars().next()?;
    let (len, closed) = apart(text, c)?;
    let readings = kana_readings(c, Style::Katakana, Style::Iroha);
    (!readings.is_empty()).then_some(Hit { readings, len, closed })
}

/// `一␣`, `十二␣`.
pub(super) fn kanji(text: &str) -> Option<Hit> {
    let (number, len) = kanji_numeral(text)?;
    let rest = text.get(len..)?;
    (rest.is_empty() || rest.starts_with(is_space)).then(|| hit(Style::Kanji, Ordinal::of(number), len, false))
}

/// `@␣`, `A␣`, `B␣`: what an old conversion made of ①, ②, ③.
pub(super) fn damaged(text: &str) -> Option<Hit> {
    let c = text.chars().next()?;
    let plain = if c == '＠' { '@' } else { c };
    let number = (u32::from(plain))
        .checked_sub(u32::from('@'))
        .filter(|offset| *offset < 20)?;
    let rest = text.get(c.len_utf8()..)?;
    let apart = rest.starts_with(is_space);
    apart.then(|| hit(Style::Damaged, Ordinal::of(number + 1), c.len_utf8(), false))
}

/// The length of a one-character label with the mark that closes it, if it stands apart.
fn apart(text: &str, c: char) -> Option<(usize, bool)> {
    let rest = text.get(c.len_utf8()..)?;
    match rest.chars().next() {
        None => Some((c.len_utf8(), false)),
        Some(space) if is_space(space) => Some((c.len_utf8(), false)),
        Some(close @ ('.' | '．' | ')' | '）')) => Some((c.len_utf8() + close.len_utf8(), true)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::label;
    use super::*;

    #[test]
    fn labels_keep_their_style() {
        for (text, style, ordinal) in [
            ("第3章 総則", Style::Chapter, "3"),
            ("第二十一条 本市", Style::Article, "21"),
            ("第2条の2 本市", Style::Article, "2-2"),
            ("第 5 条 本市", Style::Article, "5"),
            ("第６　体制", Style::Counted, "6"),
            ("３．体制", Style::Number, "3"),
            ("3体制", Style::Number, "3"),
            ("2.1 体制", Style::Decimal(2), "1"),
            ("（２） 端末", Style::Bracket, "2"),
            ("⑵教育", Style::BracketGlyph, "2"),
            ("• ⑵ 教育", Style::BracketGlyph, "2"),
            ("- (12) 教育", Style::Bracket, "12"),
            ("## 1 目的", Style::Number, "1"),
            ("㉒ 教育", Style::Circled, "22"),
            ("ウ 紙", Style::Katakana, "3"),
            ("(ウ)紙", Style::BracketKatakana, "3"),
            ("(三) 紙", Style::BracketKanji, "3"),
            ("一　紙", Style::Kanji, "1"),
            ("@ 紙", Style::Damaged, "1"),
            ("・紙", Style::Bullet('・'), "1"),
        ] {
            let mark = label::read(text).unwrap();
            let (read, number) = mark.readings[0];
            assert_eq!((read, number.to_string().as_str()), (style, ordinal), "{text}");
        }
    }

    #[test]
    fn what_only_looks_like_a_label_is_none() {
        for text in [
            "アクセス",
            "第1回",
            "第三者",
            "2026年",
            "1.5倍",
            "(適用)",
            "・・・",
            "端末",
        ] {
            assert!(label::read(text).is_none(), "{text}");
        }
    }
}
