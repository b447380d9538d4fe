//! Every format of the house list is asked the same questions.

use std::collections::BTreeSet;

use proptest::prelude::*;
use sanitize::format::{FORMATS, Source, identify};
use sanitize::profile::Profile;
use sanitize::refusal::Reason;
use sanitize::treat;

#[test]
fn every_format_says_what_it_is_in_both_languages_and_under_a_word_of_its_own() {
    let ids: BTreeSet<_> = FORMATS.iter().map(|format| format.id).collect();
    assert_eq!(ids.len(), FORMATS.len());
    for format in FORMATS {
        for text in [&format.words, &format.method] {
            assert!(!text.ja.is_empty() && !text.en.is_empty(), "{}", format.id);
        }
        let lower = |extension: &&str| {
            extension
                .chars()
                .all(|character| character.is_ascii_lowercase() || character.is_ascii_digit())
        };
        assert!(
            !format.extensions.is_empty() && format.extensions.iter().all(lower),
            "{}",
            format.id
        );
    }
}

#[test]
fn nothing_is_no_file_of_any_format() {
    for extension in FORMATS.iter().flat_map(|format| format.extensions) {
        let refusal = treat(&format!("a.{extension}"), b"", &Profile::default(), &[])
            .outcome
            .expect_err(extension);
        assert_eq!(refusal.reason, Reason::Empty, "{extension}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    #[test]
    fn whatever_comes_out_is_what_it_says(bytes in proptest::collection::vec(any::<u8>(), 1..200), text in "[ -~あ-ん\n]{1,80}") {
        for bytes in [bytes.as_slice(), text.as_bytes()] {
            for extension in FORMATS.iter().flat_map(|format| format.extensions) {
                let treated = treat(&format!("a.{extension}"), bytes, &Profile::default(), &[]);
                if let Ok(rebuilt) = treated.outcome {
                    let written = identify(&Source::new(&rebuilt.name, &rebuilt.bytes)).map(|format| format.id);
                    prop_assert_eq!(written, Ok(rebuilt.format), "{}", extension);
                }
            }
        }
    }
}
