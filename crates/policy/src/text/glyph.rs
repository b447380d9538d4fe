//! Character classes of Japanese office text.
//!
//! Nothing here rewrites the source. Folding happens on the side and never on labels, where NFKC would turn `①` and `⑴`
//! into the marks of other levels.

use unicode_normalization::UnicodeNormalization;

/// White space, with the marks that editors leave behind (byte order mark, zero-width spaces).
pub(super) fn is_space(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{feff}' | '\u{200b}' | '\u{200c}' | '\u{200d}' | '\u{2060}')
}

/// The text without white space at both ends.
pub(super) fn trim(text: &str) -> &str {
    text.trim_matches(is_space)
}

/// The text without white space in front.
pub(super) fn trim_start(text: &str) -> &str {
    text.trim_start_matches(is_space)
}

/// The value of an ASCII or full-width digit.
pub(super) fn digit(c: char) -> Option<u32> {
    match c {
        '０'..='９' => Some(u32::from(c) - u32::from('０')),
        _ => c.to_digit(10),
    }
}

/// The value of a kanji digit.
pub(super) fn kanji_digit(c: char) -> Option<u32> {
    let digits = "〇一二三四五六七八九";
    let position = digits.chars().position(|digit| digit == c)?;
    u32::try_from(position).ok()
}

/// Columns that a character takes on a page of fixed pitch.
pub(super) fn columns(c: char) -> usize {
    match c {
        '\u{0}'..='\u{2ff}' | '\u{ff61}'..='\u{ffdc}' => 1,
        '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{feff}' => 0,
        _ => 2,
    }
}

/// Columns of a text.
pub(super) fn width(text: &str) -> usize {
    text.chars().map(columns).sum()
}

/// Kana, kanji, full-width forms and punctuation: what Japanese sets without spaces.
pub(super) fn is_japanese(c: char) -> bool {
    matches!(c, '\u{2010}'..='\u{27bf}' | '\u{2e80}'..='\u{ffdc}' | '\u{20000}'..='\u{3ffff}')
}

/// Kanji.
pub(super) fn is_kanji(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}' | '々')
}

/// Katakana and its long-vowel mark.
pub(super) fn is_katakana(c: char) -> bool {
    matches!(c, '\u{30a1}'..='\u{30ff}')
}

/// `目 次` → `目次`, `L G W A N 接続` → `LGWAN接続`; a space between two Latin words stays.
pub(super) fn fold_spaces(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    let mut letters = 0;
    for word in text.split(is_space).filter(|word| !word.is_empty()) {
        let single = word.chars().nth(1).is_none() && word.is_ascii();
        let before = folded.chars().next_back();
        let after = word.chars().next();
        let latin = [before, after].iter().all(|c| c.is_some_and(|c| !is_japanese(c)));
        let spelled = letters == 1 && word.chars().next().is_some_and(|c| c.is_ascii_alphanumeric());
        let lone = word.chars().nth(1).is_none_or(|c| !c.is_ascii());
        if latin && !(spelled && lone) {
            folded.push(' ');
        }
        folded.push_str(word);
        letters = usize::from(single);
    }
    folded
}

/// What two spellings of one heading or term have in common: NFKC, no spaces, `，` as `、`, Latin letters in lower case.
pub(super) fn match_key(text: &str) -> String {
    let folded = text.nfkc().filter(|c| !is_space(*c));
    folded.flat_map(char::to_lowercase).map(unify).collect()
}

fn unify(c: char) -> char {
    match c {
        ',' => '、',
        '靭' => '靱',
        other => other,
    }
}

/// The inside of a text that is one pair of round brackets, half- or full-width.
pub(super) fn bracketed(text: &str) -> Option<&str> {
    let inside = text.strip_prefix(['(', '（'])?.strip_suffix([')', '）'])?;
    let mut depth = 0_i32;
    for c in inside.chars() {
        depth += bracket_step(c);
        if depth < 0 {
            return None;
        }
    }
    (depth == 0).then_some(inside)
}

/// +1 for an opening bracket, −1 for a closing one.
pub(super) fn bracket_step(c: char) -> i32 {
    match c {
        '(' | '（' | '「' | '『' | '〔' | '【' => 1,
        ')' | '）' | '」' | '』' | '〕' | '】' => -1,
        _ => 0,
    }
}

/// Whether a text ends as a sentence does, brackets and quotes after the full stop included.
pub(super) fn is_finished(text: &str) -> bool {
    let end = text.trim_end_matches(|c| is_space(c) || matches!(c, ')' | '）' | '」' | '』'));
    end.ends_with(['。', '．', '｡', '！', '？', '!', '?'])
}

/// A Japanese full stop.
pub(super) const fn is_full_stop(c: char) -> bool {
    matches!(c, '。' | '｡')
}

/// Whether a text holds a full stop.
pub(super) fn has_sentence(text: &str) -> bool {
    text.contains(is_full_stop)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spaces_fold_inside_japanese_and_spelled_words_only() {
        for (text, folded) in [
            ("目 次", "目次"),
            ("L G W A N接続系", "LGWAN接続系"),
            ("LGWAN 接続系", "LGWAN接続系"),
            ("Web mail", "Web mail"),
            (" 情報　セキュリティ ", "情報セキュリティ"),
        ] {
            assert_eq!(fold_spaces(text), folded);
        }
    }

    #[test]
    fn only_one_whole_pair_of_brackets_is_bracketed() {
        assert_eq!(bracketed("（適用）"), Some("適用"));
        assert_eq!(bracketed("(適用(一部))"), Some("適用(一部)"));
        assert_eq!(bracketed("(1)から(3)"), None);
    }
}
