//! No secret is shown: not in what is kept of a file, not in what is said about it.

use proptest::prelude::*;
use separation::dialect::{DIALECTS, Dialect};
use separation::source::Source;

/// Panics if `secret` can be seen anywhere after `text` was read.
pub(crate) fn hidden(dialect: &dyn Dialect, text: &str, secret: &str) {
    let name = dialect.name();
    let device = format!("{:?}", dialect.read(&[Source::new(text)]));
    let redacted = dialect.redact(Source::new(text));
    for (place, shown) in [
        ("device", &device),
        ("redacted file", &redacted.text),
        ("list of what was hidden", &format!("{redacted:?}")),
    ] {
        if let Some(at) = shown.find(secret) {
            let around: String = shown.get(at.saturating_sub(120)..at).unwrap_or_default().to_owned();
            panic!("{name}: the {place} shows a secret after: {around}");
        }
    }
}

#[test]
fn the_secrets_of_the_samples_are_shown_nowhere() {
    for dialect in DIALECTS {
        let sample = dialect.sample();
        assert!(
            sample.matches("himitsu").count() >= 3,
            "{} plants few secrets",
            dialect.name()
        );
        hidden(*dialect, sample, "himitsu");
    }
}

#[test]
fn secrets_stay_hidden_when_any_word_of_their_line_is_lost() {
    for dialect in DIALECTS.iter().copied() {
        let lines: Vec<&str> = dialect.sample().lines().collect();
        for (at, line) in lines.iter().enumerate().filter(|(_, line)| line.contains("himitsu")) {
            let words: Vec<&str> = line.split(' ').collect();
            // Every second word, of one line the first, of the next the second.
            for lost in (at % 2..words.len())
                .step_by(2)
                .filter(|lost| !words[*lost].contains("himitsu"))
            {
                let mut fewer = words.clone();
                fewer.remove(lost);
                let line = fewer.join(" ");
                let text = [&lines[..at], &[&*line], &lines[at + 1..]].concat().join("\n");
                hidden(dialect, &text, "himitsu");
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]
    #[test]
    fn whatever_the_secret_is_it_stays_hidden(secret in "[A-Za-z0-9]{6}[-A-Za-z0-9!#$%&*+./:=?@^_~]{6,24}[A-Za-z0-9]") {
        for dialect in DIALECTS {
            let text = dialect.sample().replace("himitsu", &secret);
            hidden(*dialect, &text, &secret);
        }
    }
}
