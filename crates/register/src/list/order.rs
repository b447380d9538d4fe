//! Keys whose bytes sort as people expect.
//!
//! Text sorts by the order of JIS X 0208: signs, digits, letters, kana by the fifty sounds, then kanji, whose first level
//! the standard itself puts in the order of their usual readings. So 会計課 comes before 環境課 and 教育課 without anybody
//! having entered how they are read. Kana follow JIS X 4061 as far as a list can tell: voiced marks, small letters and
//! katakana do not matter at first, a long mark stands for its vowel. Numbers within text sort by their value. The order
//! is the same in every version of the program, since keys are stored and committed to.

use encoding_rs::{EUC_JP, Encoder, EncoderResult};
use unicode_normalization::UnicodeNormalization;

/// The longest first part of a key, in bytes.
const FIRST: usize = 96;
/// The longest second part, which tells apart what sorts alike.
const SECOND: usize = 64;
/// How many characters are looked at.
const CHARACTERS: usize = 200;

/// The key of a text; empty for an empty text, which therefore comes first.
pub(super) fn of_text(text: &str) -> Vec<u8> {
    let folded: String = text
        .trim()
        .nfkc()
        .flat_map(char::to_lowercase)
        .take(CHARACTERS)
        .collect();
    if folded.is_empty() {
        return Vec::new();
    }
    let mut key = first(&folded);
    key.truncate(FIRST);
    key.push(0);
    key.extend(folded.bytes().take(SECOND));
    key
}

/// The key of a number: eight bytes, negative numbers first.
pub(super) fn of_number(number: i64) -> Vec<u8> {
    let shifted = number.cast_unsigned() ^ (1 << 63);
    shifted.to_be_bytes().to_vec()
}

fn first(folded: &str) -> Vec<u8> {
    let mut encoder = EUC_JP.new_encoder();
    let mut key = Vec::with_capacity(folded.len());
    let mut before = None;
    let mut rest = folded;
    while let Some(c) = rest.chars().next() {
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        if let Some((number, after)) = rest.split_at_checked(digits).filter(|_| digits > 0) {
            push_number(&mut key, number);
            (before, rest) = (None, after);
            continue;
        }
        rest = rest.get(c.len_utf8()..).unwrap_or_default();
        let sound = sound(c, before);
        before = Some(sound);
        if c.is_ascii() {
            key.push(c.to_ascii_lowercase() as u8);
        } else if !matches!(c, '\u{3099}' | '\u{309a}') {
            push_character(&mut key, sound, &mut encoder);
        }
    }
    key
}

/// A number sorts among digits, first by how many it has.
fn push_number(key: &mut Vec<u8>, digits: &str) {
    let digits = digits.trim_start_matches('0');
    key.push(b'0');
    key.push(u8::try_from(digits.len()).unwrap_or(u8::MAX));
    key.extend(digits.bytes());
}

/// Row and cell of JIS X 0208 as EUC-JP writes them; what the standard does not have comes last, by its code point.
fn push_character(key: &mut Vec<u8>, c: char, encoder: &mut Encoder) {
    let (mut utf8, mut jis) = ([0; 4], [0; 8]);
    let utf8 = c.encode_utf8(&mut utf8);
    match encoder.encode_from_utf8_without_replacement(utf8, &mut jis, false) {
        (EncoderResult::InputEmpty, _, written) => key.extend(jis.iter().take(written)),
        _ => {
            key.push(0xff);
            key.extend(utf8.bytes());
        }
    }
}

/// The kana that `c` sorts as, after the kana `before`; other characters sort as themselves.
fn sound(c: char, before: Option<char>) -> char {
    match c {
        'ー' => before.map_or(c, vowel),
        'ぁ'..='ゖ' | 'ァ'..='ヺ' => {
            let plain = std::iter::once(c).nfd().next().unwrap_or(c);
            large(hiragana(plain))
        }
        _ => c,
    }
}

/// ァ–ヶ lie 0x60 above ぁ–ゖ.
fn hiragana(c: char) -> char {
    match c {
        'ァ'..='ヶ' => char::from_u32(u32::from(c).saturating_sub(0x60)).unwrap_or(c),
        _ => c,
    }
}

fn large(kana: char) -> char {
    const PAIRS: [(char, char); 12] = [
        ('ぁ', 'あ'),
        ('ぃ', 'い'),
        ('ぅ', 'う'),
        ('ぇ', 'え'),
        ('ぉ', 'お'),
        ('っ', 'つ'),
        ('ゃ', 'や'),
        ('ゅ', 'ゆ'),
        ('ょ', 'よ'),
        ('ゎ', 'わ'),
        ('ゕ', 'か'),
        ('ゖ', 'け'),
    ];
    PAIRS
        .iter()
        .find(|(small, _)| *small == kana)
        .map_or(kana, |(_, large)| *large)
}

/// The vowel that a long mark after this kana prolongs; the kana is large and without marks.
fn vowel(kana: char) -> char {
    const ROWS: [(char, &str); 5] = [
        ('あ', "あかさたなはまやらわ"),
        ('い', "いきしちにひみりゐ"),
        ('う', "うくすつぬふむゆる"),
        ('え', "えけせてねへめれゑ"),
        ('お', "おこそとのほもよろを"),
    ];
    ROWS.iter()
        .find(|(_, row)| row.contains(kana))
        .map_or('ー', |(vowel, _)| *vowel)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[track_caller]
    fn in_order(texts: &[&str]) {
        let mut sorted = texts.to_vec();
        sorted.sort_by_key(|text| of_text(text));
        assert_eq!(sorted, texts);
    }

    #[test]
    fn readings_sort_by_the_fifty_sounds() {
        in_order(&[
            "",
            "1",
            "abc",
            "あ",
            "アイ",
            "かき",
            "がき",
            "カキ",
            "かく",
            "サーバ",
            "さいと",
            "しゆう",
            "じゅうみん",
            "は",
            "ハード",
            "はな",
            "みほん たろう",
            "みほん はなこ",
            "みほんぎ",
            "ん",
        ]);
    }

    #[test]
    fn sections_sort_by_reading_without_anybody_entering_it() {
        in_order(&[
            "会計課",
            "環境課",
            "教育総務課",
            "健康課",
            "広報課",
            "財政課",
            "住民課",
            "総務課",
            "農林課",
            "福祉課",
        ]);
    }

    #[test]
    fn numbers_within_text_sort_by_value_in_any_width() {
        in_order(&["A-2", "a-２", "A-010", "A-10", "A-100", "A-B", "第2回", "第１０回"]);
    }

    #[test]
    fn what_jis_does_not_have_comes_last() {
        in_order(&["高橋", "髙橋", "𠮷田"]);
    }

    proptest! {
        #[test]
        fn keys_of_numbers_sort_as_numbers(a: i64, b: i64) {
            prop_assert_eq!(of_number(a).cmp(&of_number(b)), a.cmp(&b));
        }

        #[test]
        fn no_text_panics_and_every_key_is_short(text in any::<String>()) {
            prop_assert!(of_text(&text).len() <= FIRST + SECOND + 1);
        }

        /// What differs only in width and case is one word to a reader.
        #[test]
        fn width_and_case_do_not_matter(text in "[A-Za-z0-9 ァ-ヶ一-龠]{0,12}") {
            let wide: String = text.to_uppercase().chars().map(|c| match c {
                '!'..='~' => char::from_u32(u32::from(c) + 0xfee0).unwrap(),
                c => c,
            }).collect();
            prop_assert_eq!(of_text(&wide), of_text(&text));
        }
    }
}
