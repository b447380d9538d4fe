//! What is wrong with a new password.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use model::lang::Text;
use unicode_normalization::UnicodeNormalization as _;

use super::LONGEST;

/// One thing that is wrong with a new password.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// Fewer characters than this.
    TooShort(usize),
    /// More characters than [`LONGEST`].
    TooLong,
    /// What is left without the person's own name, number or city is too short.
    OwnWords,
    /// A word that guessers try first, dressed up.
    Common,
    /// A few characters over and over, or a run along the keyboard or the alphabet.
    Monotonous,
}

impl Fault {
    /// For the person who chose it.
    #[must_use]
    pub fn message(self) -> Text {
        match self {
            Self::TooShort(shortest) => Text::new(
                format!("{shortest}文字以上にしてください"),
                format!("must have at least {shortest} characters"),
            ),
            Self::TooLong => Text::new(
                format!("{LONGEST}文字以内にしてください"),
                format!("must have at most {LONGEST} characters"),
            ),
            Self::OwnWords => Text::fixed(
                "氏名、職員番号、メールアドレス、団体名に頼らないものにしてください",
                "must not lean on your name, number, mail address or city",
            ),
            Self::Common => Text::fixed(
                "よく使われる言葉を基にしているため、推測されます",
                "is made from a word that is tried first and will be guessed",
            ),
            Self::Monotonous => Text::fixed(
                "同じ文字や並びの繰返しは避けてください",
                "must not repeat the same characters or follow a row of keys",
            ),
        }
    }
}

/// The fewest different characters.
const FEWEST_DIFFERENT: usize = 6;

/// Rows that fingers or memory run along.
const ROWS: &[&str] = &[
    "abcdefghijklmnopqrstuvwxyz",
    "01234567890",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik",
    "qwertyuiopasdfghjklzxcvbnm",
    "あいうえおかきくけこさしすせそたちつてと",
    "いろはにほへとちりぬるをわかよたれそ",
];

static COMMON: LazyLock<BTreeSet<&str>> = LazyLock::new(|| {
    let lines = include_str!("common.txt").lines();
    lines
        .filter(|line| !line.starts_with('#') && !line.is_empty())
        .collect()
});

/// All faults of a password, which is in NFKC.
pub(super) fn faults(password: &str, own: &[&str], shortest: usize) -> Vec<Fault> {
    let length = password.chars().count();
    if length > LONGEST {
        return vec![Fault::TooLong];
    }
    let lower = password.to_lowercase();
    let checks = [
        (length < shortest, Fault::TooShort(shortest)),
        (leans_on(&lower, own, shortest), Fault::OwnWords),
        (is_common(&lower), Fault::Common),
        (is_monotonous(&lower), Fault::Monotonous),
    ];
    checks
        .into_iter()
        .filter_map(|(found, fault)| found.then_some(fault))
        .collect()
}

/// Whether the password without the person's own words says too little: less than half of the shortest.
fn leans_on(password: &str, own: &[&str], shortest: usize) -> bool {
    let words = own.iter().flat_map(|word| {
        let word: String = word.nfkc().collect::<String>().to_lowercase();
        let parts = word
            .split(|c: char| !c.is_alphanumeric())
            .map(str::to_owned)
            .collect::<Vec<_>>();
        parts.into_iter().chain([word])
    });
    let mut words: Vec<String> = words.filter(|word| word.chars().count() >= 2).collect();
    words.sort_by_key(|word| std::cmp::Reverse(word.len()));
    let rest = words
        .iter()
        .fold(password.to_owned(), |rest, word| rest.replace(word.as_str(), ""));
    rest.len() < password.len() && rest.chars().count() < shortest.div_ceil(2)
}

fn is_common(password: &str) -> bool {
    let core = bare(password);
    let undone: String = core.chars().map(undressed).collect();
    [core, bare(&undone)].into_iter().any(|word| {
        COMMON.contains(word) || COMMON.contains(half(word)) || repeated(word).is_some_and(|part| COMMON.contains(part))
    })
}

/// The word without the digits and signs around it.
fn bare(word: &str) -> &str {
    word.trim_matches(|c: char| !c.is_alphabetic())
}

/// The word before its own decoration in the middle: `password` of `password2026password`.
fn half(word: &str) -> &str {
    let mut parts = word.split(|c: char| !c.is_alphabetic()).filter(|part| !part.is_empty());
    let first = parts.next().unwrap_or_default();
    if parts.all(|part| part == first) { first } else { "" }
}

/// The part that a word repeats, such as `secret` of `secretsecret`.
fn repeated(word: &str) -> Option<&str> {
    (1..=word.len() / 2).find_map(|length| {
        let part = word.get(..length)?;
        (word.len().is_multiple_of(length) && part.repeat(word.len() / length) == word).then_some(part)
    })
}

const fn undressed(c: char) -> char {
    match c {
        '@' => 'a',
        '0' => 'o',
        '1' | '!' => 'l',
        '3' => 'e',
        '5' | '$' => 's',
        '7' => 't',
        _ => c,
    }
}

fn is_monotonous(password: &str) -> bool {
    let chars: Vec<char> = password.chars().collect();
    let different: BTreeSet<&char> = chars.iter().collect();
    let steps = chars
        .windows(2)
        .filter(|pair| matches!(pair, [one, next] if one == next || follows(*one, *next)));
    different.len() < FEWEST_DIFFERENT || steps.count() * 4 > chars.len().saturating_sub(1) * 3
}

/// Whether two characters stand beside each other in a row, in either direction.
fn follows(one: char, next: char) -> bool {
    let pairs = |row: &str| {
        let mut pairs = row.chars().zip(row.chars().skip(1));
        pairs.any(|(a, b)| (a, b) == (one, next) || (b, a) == (one, next))
    };
    ROWS.iter().any(|row| pairs(row))
}

#[cfg(test)]
mod tests {
    use super::*;

    const OWN: &[&str] = &["見本 花子", "みほん はなこ", "P0104", "hanako@example.lg.jp", "見本市"];

    fn of(password: &str) -> Vec<Fault> {
        faults(password, OWN, 12)
    }

    #[test]
    fn a_phrase_passes() {
        for good in [
            "朝の市場で買う青い梨",
            "correct horse battery staple",
            "kv7#Lq0pZt2m",
            "花子の庭に来る三羽の雀",
        ] {
            let padded = format!("{good}と夕の鐘");
            assert_eq!(of(&padded), [], "{padded}");
        }
    }

    #[test]
    fn what_a_guesser_tries_first_is_refused() {
        for (bad, fault) in [
            ("P@ssw0rd2026!!", Fault::Common),
            ("password2026password", Fault::Common),
            ("secretsecret", Fault::Common),
            ("Sakura20260401", Fault::Common),
            ("パスワード1234567890", Fault::Common),
            ("aaaaaaaaaaaaaaaa", Fault::Monotonous),
            ("abcdefghijklmnop", Fault::Monotonous),
            ("0987654321098765", Fault::Monotonous),
            ("1qaz2wsx3edc4rfv", Fault::Monotonous),
            ("hanako@example.lg.jp", Fault::OwnWords),
            ("見本花子P0104", Fault::OwnWords),
            ("short", Fault::TooShort(12)),
        ] {
            assert!(of(bad).contains(&fault), "{bad}: {:?}", of(bad));
        }
        assert_eq!(of(&"長い文".repeat(200)), [Fault::TooLong]);
    }
}
