//! What the search takes for the same: width, case, hiragana and katakana.

use unicode_normalization::UnicodeNormalization;

/// At most so many characters of an entry are searched.
const SEARCHED: usize = 20_000;

/// Text as the search compares it: NFKC, lower case, katakana as hiragana, runs of white space as one space.
///
/// Only search terms are folded; what people wrote is stored as they wrote it.
#[must_use]
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    let mut space = true;
    for c in text.nfkc().flat_map(char::to_lowercase).take(SEARCHED) {
        if c.is_whitespace() || c.is_control() {
            if !space {
                folded.push(' ');
            }
            space = true;
            continue;
        }
        space = false;
        folded.push(hiragana(c));
    }
    if folded.ends_with(' ') {
        folded.pop();
    }
    folded
}

/// ァ–ヶ lie 0x60 above ぁ–ゖ.
fn hiragana(c: char) -> char {
    match c {
        'ァ'..='ヶ' => char::from_u32(u32::from(c) - 0x60).unwrap_or(c),
        c => c,
    }
}

/// Whether an index helps to find a text that has all of these words, once folded: not where each is one letter or one kana.
#[must_use]
pub fn is_indexed(folded: &str) -> bool {
    folded.split(' ').any(|word| !grams_of_word(word).is_empty())
}

/// A kanji by itself, or two neighbouring characters.
pub(crate) type Gram = (char, Option<char>);

/// The grams that a text is found by, sorted: every pair of neighbouring characters, and every kanji by itself.
pub(crate) fn grams(folded: &str) -> Vec<Gram> {
    let mut grams = Vec::with_capacity(folded.len());
    for word in folded.split(' ') {
        let mut before = None;
        for c in word.chars().map(solid) {
            if is_kanji(c) {
                grams.push((c, None));
            }
            if let Some(before) = before {
                grams.push((before, Some(c)));
            }
            before = Some(c);
        }
    }
    grams.sort_unstable();
    grams.dedup();
    grams
}

/// The grams that every text with this word has; empty where the index cannot help (one letter, one kana).
pub(crate) fn grams_of_word(word: &str) -> Vec<Gram> {
    let single = word.chars().nth(1).is_none();
    grams(word)
        .into_iter()
        .filter(|(_, second)| single || second.is_some())
        .collect()
}

/// ASCII punctuation as its full-width form: the index takes the former for a boundary, and NFKC leaves none of the latter.
fn solid(c: char) -> char {
    if c.is_ascii_punctuation() {
        char::from_u32(u32::from(c) + 0xFEE0).unwrap_or(c)
    } else {
        c
    }
}

const fn is_kanji(c: char) -> bool {
    matches!(c, '々' | '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFF}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn width_case_and_kana_do_not_matter() {
        assert_eq!(fold("ＳＶ－０１\u{3000}ｻｰﾊﾞ"), "sv-01 さーば");
        assert_eq!(fold("  Ａ\n\tb "), "a b");
    }

    #[test]
    fn a_word_of_two_kanji_is_one_gram() {
        assert_eq!(grams_of_word("資産"), [('資', Some('産'))]);
    }

    #[test]
    fn one_kanji_is_found_and_one_kana_is_not() {
        assert_eq!(grams_of_word("鍵").len(), 1);
        assert!(grams_of_word("か").is_empty());
    }

    #[test]
    fn punctuation_is_part_of_a_gram() {
        assert!(grams("sv-01").contains(&('v', Some('－'))));
    }
}
