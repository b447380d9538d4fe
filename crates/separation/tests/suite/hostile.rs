//! Broken, cut, mangled and huge files: no panic, and everything that is said of them holds.

use proptest::prelude::*;
use separation::dialect::{DIALECTS, Dialect, detect};
use separation::source::{Source, decode};

use crate::dialect::{read, similar, sound};

pub(crate) fn survives(dialect: &dyn Dialect, text: &str) {
    let device = read(dialect, text);
    sound(dialect.name(), text, &device);
    let redacted = dialect.redact(Source::new(text));
    if !redacted.text.is_empty() {
        sound(dialect.name(), &redacted.text, &read(dialect, &redacted.text));
    }
}

/// Of how many places one is tried; `SANMON_EVERY=1` tries each.
fn every(few: usize) -> usize {
    std::env::var("SANMON_EVERY").map_or(few, |every| every.parse().expect("SANMON_EVERY is a number"))
}

#[test]
fn a_file_that_ends_after_any_line_is_read_and_its_redaction_is_the_same_device() {
    for (number, dialect) in DIALECTS.iter().copied().enumerate() {
        let sample = dialect.sample();
        for (at, _) in sample.match_indices('\n').skip(number % 3).step_by(every(3)) {
            let (text, _) = sample.split_at(at);
            survives(dialect, text);
            let redacted = dialect.redact(Source::new(text)).text;
            similar(dialect.name(), &read(dialect, &redacted), &read(dialect, text));
        }
    }
}

#[test]
fn a_file_that_ends_after_any_byte_is_read() {
    for dialect in DIALECTS.iter().copied() {
        let bytes = dialect.sample().as_bytes();
        // A step that is not that of the lines meets every part of one.
        for length in (0..bytes.len()).step_by(every(1 + bytes.len() / 300)) {
            let text = decode(&bytes[..length]);
            let device = read(dialect, &text);
            sound(dialect.name(), &text, &device);
        }
    }
}

#[test]
fn huge_lines_and_many_lines_are_read() {
    for dialect in DIALECTS {
        let first = dialect.sample().lines().find(|line| line.len() > 30).unwrap();
        for text in [
            format!("{first} {}", "x ".repeat(50_000)),
            format!("{first}{}", "9".repeat(100_000)),
            format!("{first} \"{}", "\\\" ".repeat(50_000)),
            "(".repeat(100_000),
            "{\n".repeat(20_000),
            format!("{}\n", dialect.sample()).repeat(20),
        ] {
            let device = read(*dialect, &text);
            sound(dialect.name(), &text, &device);
        }
    }
}

#[test]
fn a_list_of_itself_ends() {
    // Groups that hold each other, in the words of each language that has groups.
    for text in [
        "config firewall addrgrp\n edit \"a\"\n set member \"b\"\n next\n edit \"b\"\n set member \"a\"\n next\nend\n",
        "object-group network A\n group-object B\nobject-group network B\n group-object A\n",
        "object-group network A\n group-object A\n",
        "interface G0\n nameif a\nobject-group network A\n group-object B\n group-object B\nobject-group network B\n group-object A\n group-object A\n\
         access-list L extended permit ip object-group A any\naccess-group L in interface a\n",
    ] {
        for dialect in DIALECTS {
            survives(*dialect, text);
        }
    }
}

#[derive(Debug, Clone)]
enum Mutation {
    Byte(prop::sample::Index, u8),
    LoseWord(prop::sample::Index),
    TwiceWord(prop::sample::Index),
    SwapWords(prop::sample::Index, prop::sample::Index),
    LoseLine(prop::sample::Index),
    SwapLines(prop::sample::Index, prop::sample::Index),
}

fn mutation() -> impl Strategy<Value = Mutation> {
    use prop::sample::Index;
    prop_oneof![
        (any::<Index>(), any::<u8>()).prop_map(|(at, byte)| Mutation::Byte(at, byte)),
        any::<Index>().prop_map(Mutation::LoseWord),
        any::<Index>().prop_map(Mutation::TwiceWord),
        any::<(Index, Index)>().prop_map(|(a, b)| Mutation::SwapWords(a, b)),
        any::<Index>().prop_map(Mutation::LoseLine),
        any::<(Index, Index)>().prop_map(|(a, b)| Mutation::SwapLines(a, b)),
    ]
}

fn mutate(text: &str, mutation: &Mutation) -> String {
    let mut words: Vec<&str> = text.split(' ').collect();
    let mut lines: Vec<&str> = text.split('\n').collect();
    match mutation {
        Mutation::Byte(at, byte) => {
            let mut bytes = text.as_bytes().to_vec();
            let at = at.index(bytes.len());
            bytes[at] = *byte;
            return decode(&bytes);
        }
        Mutation::LoseWord(at) => drop(words.remove(at.index(words.len()))),
        Mutation::TwiceWord(at) => {
            let at = at.index(words.len());
            words.insert(at, words[at]);
        }
        Mutation::SwapWords(a, b) => {
            let (a, b) = (a.index(words.len()), b.index(words.len()));
            words.swap(a, b);
        }
        Mutation::LoseLine(at) => {
            lines.remove(at.index(lines.len()));
            return lines.join("\n");
        }
        Mutation::SwapLines(a, b) => {
            let (a, b) = (a.index(lines.len()), b.index(lines.len()));
            lines.swap(a, b);
            return lines.join("\n");
        }
    }
    words.join(" ")
}

/// `PROPTEST_CASES`, or few.
fn cases(few: u32) -> u32 {
    std::env::var("PROPTEST_CASES").map_or(few, |cases| cases.parse().expect("PROPTEST_CASES is a number"))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(cases(40)))]
    #[test]
    fn whatever_is_mangled_is_read(mutations in prop::collection::vec(mutation(), 1..6)) {
        for dialect in DIALECTS.iter().copied() {
            let text = mutations.iter().fold(dialect.sample().to_owned(), |text, one| mutate(&text, one));
            _ = detect(&text);
            survives(dialect, &text);
        }
    }

    #[test]
    fn any_text_is_read(text in "(?s).{0,400}") {
        for dialect in DIALECTS {
            survives(*dialect, &text);
        }
    }
}
