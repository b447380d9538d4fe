//! A statement: the words of a line, or of several lines that a console wrapped, taken one after the other.

use std::borrow::Cow;
use std::net::{IpAddr, Ipv4Addr};

use model::diagnostic::Span;
use model::lang::Text;

use crate::device::Line;
use crate::ranges::Ranges;
use crate::source::{REDACTED, Source, Words};

/// Why a statement was not understood.
pub(super) type Refusal = Text;

/// The words of one statement.
pub(super) struct Statement<'s> {
    source: &'s Source,
    file: u16,
    first: u32,
    last: u32,
    words: Vec<Word<'s>>,
    at: usize,
}

struct Word<'s> {
    text: Cow<'s, str>,
    /// Where it stands; two places when a line was wrapped inside it.
    spans: Vec<Span>,
    taken: bool,
}

impl<'s> Statement<'s> {
    /// The statement of one line.
    pub(super) fn new(source: &'s Source, file: u16, mut line: Words<'s>) -> Self {
        let mut words = Vec::new();
        while let Some(word) = line.pass() {
            words.push(Word {
                text: Cow::Borrowed(word.text),
                spans: vec![word.span],
                taken: false,
            });
        }
        Self {
            source,
            file,
            first: line.number(),
            last: line.number(),
            words,
            at: 0,
        }
    }

    /// Goes on in the next line, which a console began because the first was full; `within` where that was inside a word.
    pub(super) fn wrap(&mut self, mut line: Words<'s>, within: bool) {
        self.last = line.number();
        let mut joins = within;
        while let Some(word) = line.pass() {
            match self.words.last_mut().filter(|_| joins) {
                Some(begun) => {
                    begun.text = Cow::Owned(format!("{}{}", begun.text, word.text));
                    begun.spans.push(word.span);
                }
                None => self.words.push(Word {
                    text: Cow::Borrowed(word.text),
                    spans: vec![word.span],
                    taken: false,
                }),
            }
            joins = false;
        }
    }

    /// Its first line.
    pub(super) const fn line(&self) -> Line {
        Line {
            file: self.file,
            number: self.first,
        }
    }

    /// The number of its last line.
    pub(super) const fn last_line(&self) -> u32 {
        self.last
    }

    /// The next word, which stays hidden.
    pub(super) fn peek(&self) -> Option<&str> {
        self.peek_at(0)
    }

    /// The word `ahead` words after the next one.
    pub(super) fn peek_at(&self, ahead: usize) -> Option<&str> {
        self.words.get(self.at + ahead).map(|word| &*word.text)
    }

    /// The next word, which may be shown.
    pub(super) fn take(&mut self) -> Option<String> {
        let word = self.words.get_mut(self.at)?;
        self.at += 1;
        word.taken = true;
        word.spans.iter().for_each(|span| self.source.keep(*span));
        Some(word.text.to_string())
    }

    /// Says that the word `ahead` words after the next one may be shown.
    pub(super) fn show_at(&mut self, ahead: usize) {
        if let Some(word) = self.words.get_mut(self.at + ahead) {
            word.taken = true;
            word.spans.iter().for_each(|span| self.source.keep(*span));
        }
    }

    /// Takes the next word if it is `expected`; case counts not.
    pub(super) fn is(&mut self, expected: &str) -> bool {
        let is = self.peek().is_some_and(|word| word.eq_ignore_ascii_case(expected));
        if is {
            self.take();
        }
        is
    }

    /// Takes the next words if they are these.
    pub(super) fn are(&mut self, expected: &str) -> bool {
        let mut words = expected.split(' ').enumerate();
        let are = words.all(|(ahead, word)| {
            self.peek_at(ahead)
                .is_some_and(|found| found.eq_ignore_ascii_case(word))
        });
        if are {
            expected.split(' ').for_each(|_| drop(self.take()));
        }
        are
    }

    /// Takes the next word if `parse` makes something of it.
    pub(super) fn parse<T>(&mut self, parse: impl FnOnce(&str) -> Option<T>) -> Option<T> {
        let value = self.peek().and_then(parse)?;
        self.take();
        Some(value)
    }

    /// Goes past the next word, which stays hidden.
    pub(super) fn pass(&mut self) {
        self.at = self.words.len().min(self.at + 1);
    }

    /// Goes past all words; they stay hidden.
    pub(super) fn pass_rest(&mut self) {
        self.at = self.words.len();
    }

    /// Takes all words that are left.
    pub(super) fn take_rest(&mut self) -> Vec<String> {
        std::iter::from_fn(|| self.take()).collect()
    }

    /// Whether no word is left.
    pub(super) fn is_done(&self) -> bool {
        self.at >= self.words.len()
    }

    /// An error unless no word is left.
    pub(super) fn end(&self) -> Result<(), Refusal> {
        if self.is_done() { Ok(()) } else { Err(left_over()) }
    }

    /// The statement as it may be shown.
    pub(super) fn shown(&self) -> String {
        let words = self
            .words
            .iter()
            .map(|word| if word.taken { &*word.text } else { REDACTED });
        words.collect::<Vec<_>>().join(" ")
    }
}

/// More words than the statement has.
pub(super) const fn left_over() -> Refusal {
    Text::fixed("行の終わりの語を読めない", "words are left at the end")
}

/// A word that the statement does not have there.
pub(super) const fn unknown_word() -> Refusal {
    Text::fixed("読めない語がある", "a word cannot be read")
}

/// An address that is none.
pub(super) const fn no_address() -> Refusal {
    Text::fixed("アドレスとして読めない", "not an address")
}

/// A command that the dialect does not know.
pub(super) const fn unknown_command() -> Refusal {
    Text::fixed("知らない命令", "an unknown command")
}

/// `192.0.2.1/24`, `2001:db8::1/64`, `192.0.2.1/255.255.255.0`; an address alone is of its full length.
pub(super) fn prefix(word: &str) -> Option<(IpAddr, u8)> {
    let (address, length) = word.split_once('/').map_or((word, None), |(a, b)| (a, Some(b)));
    let address: IpAddr = address.parse().ok()?;
    let most = if address.is_ipv4() { 32 } else { 128 };
    let length = match length {
        None => most,
        Some(mask) if address.is_ipv4() && mask.contains('.') => mask_length(mask.parse().ok()?)?,
        Some(length) => length.parse().ok()?,
    };
    (length <= most).then_some((address, length))
}

/// The length of a mask of ones and then zeros.
pub(super) fn mask_length(mask: Ipv4Addr) -> Option<u8> {
    let bits = mask.to_bits();
    let length = bits.leading_ones();
    (bits.count_ones() == length).then(|| u8::try_from(length).unwrap_or(32))
}

/// An address of IPv4.
pub(super) fn v4(word: &str) -> Option<Ipv4Addr> {
    word.parse().ok()
}

/// A number.
pub(super) fn number<T: std::str::FromStr>(word: &str) -> Option<T> {
    // `+5` is a number to Rust and to no device.
    word.starts_with(|c: char| c.is_ascii_digit())
        .then(|| word.parse().ok())
        .flatten()
}

/// Whether one letter more, less or other makes one word the other.
pub(super) fn is_near(one: &str, other: &str) -> bool {
    let (one, other): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
    let same = one.iter().zip(&other).take_while(|(a, b)| a == b).count();
    let (one, other) = (
        one.get(same..).unwrap_or_default(),
        other.get(same..).unwrap_or_default(),
    );
    let after = |word: &[char]| word.get(1..).unwrap_or_default().to_vec();
    match one.len().cmp(&other.len()) {
        std::cmp::Ordering::Equal => after(one) == after(other),
        std::cmp::Ordering::Greater => after(one) == other,
        std::cmp::Ordering::Less => one == after(other),
    }
}

/// More ranges than this are not followed.
const MOST_RANGES: u32 = 65_536;

/// The numbers of which the bits that `mask` has are those of `value`; `None` for more ranges than are followed.
pub(super) fn masked(value: u32, mask: u32) -> Option<Ranges<u32>> {
    // Free bits below the lowest fixed one make ranges, those above it each make two of one.
    let low = mask.trailing_zeros();
    let within = u32::MAX.checked_shr(32 - low.min(32)).unwrap_or(0);
    let above = !mask & !within;
    if above.count_ones() > MOST_RANGES.trailing_zeros() {
        return None;
    }
    let (base, mut ranges, mut free) = (value & mask, Vec::new(), 0u32);
    loop {
        let first = base | free;
        ranges.push((first, first | within));
        // The next number that has only bits of `above`.
        free = free.wrapping_sub(above) & above;
        if free == 0 {
            return Some(Ranges::of(ranges));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mask_with_holes_is_the_numbers_that_it_fits() {
        let set = masked(0x0a00_0105, 0xff00_ff05).unwrap();
        for number in [
            0x0a00_0105u32,
            0x0a7f_0107,
            0x0aff_01ff,
            0x0a00_0104,
            0x0b00_0105,
            0x0a00_0205,
        ] {
            assert_eq!(
                set.contains(number),
                number & 0xff00_ff05 == 0x0a00_0105 & 0xff00_ff05,
                "{number:x}"
            );
        }
        assert_eq!(
            masked(0x0a00_0000, 0xff00_0000).unwrap(),
            Ranges::span(0x0a00_0000, 0x0aff_ffff)
        );
        assert_eq!(masked(7, 0).unwrap(), Ranges::all());
        assert_eq!(masked(7, u32::MAX).unwrap(), Ranges::one(7));
        assert!(masked(1, 1).is_none());
    }
}
