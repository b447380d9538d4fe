//! Words as comparisons see them.

use std::borrow::Cow;

use unicode_normalization::UnicodeNormalization;

/// A word as comparisons see it: NFKC, lower case, no spaces. Never stored: NFKC changes ㈱ and the characters of names.
///
/// ```
/// assert_eq!(register::words::fold("Ｔ－００１ "), "t-001");
/// ```
#[must_use]
pub fn fold(word: &str) -> Cow<'_, str> {
    if word.chars().all(is_folded) {
        return Cow::Borrowed(word);
    }
    if word.chars().all(|c| is_folded(c) || c.is_ascii() || c == '\u{3000}') {
        let printed = word.chars().filter(|c| !c.is_whitespace());
        return Cow::Owned(printed.map(|c| c.to_ascii_lowercase()).collect());
    }
    let folded = word.nfkc().filter(|c| !c.is_whitespace());
    Cow::Owned(folded.flat_map(char::to_lowercase).collect())
}

/// Characters that folding leaves alone in any company: the bulk of what offices write, at a small part of the cost.
const fn is_folded(c: char) -> bool {
    matches!(c, '!'..='@' | '['..='~' | '々'..='〇' | 'ぁ'..='ゖ' | 'ァ'..='ヺ' | 'ー' | '一'..='\u{9fff}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_folded_word_folds_to_itself(word in ".{0,12}") {
            let folded = fold(&word).into_owned();
            prop_assert_eq!(&*fold(&folded), folded.as_str());
        }

        #[test]
        fn the_short_ways_of_folding_lead_where_the_long_one_does(word in "[ -~ぁ-ヿ々-〇一-龠\u{3099}Ａ-ｚ\t\n]{0,8}") {
            let long: String = word.nfkc().filter(|c| !c.is_whitespace()).flat_map(char::to_lowercase).collect();
            prop_assert_eq!(fold(&word), long);
        }
    }
}
