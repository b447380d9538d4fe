//! The text of a configuration: decoded, cut into lines and words, and with its secrets taken out.
//!
//! Secrets are taken out **by what is known**: a word stays only if the dialect that reads it says so ([`Words::take`]); all else
//! becomes `REDACTED`. A list of words to look out for would miss the next one.
//!
//! A file is read twice: once to learn which words may stay, and then as [`Redacted`], which is all that anything later sees. Lines keep
//! their numbers.

mod decode;

use std::cell::RefCell;

use model::diagnostic::Span;

pub use self::decode::decode;
use crate::ranges::Ranges;

/// What stands in the place of a word that may be a secret.
pub const REDACTED: &str = "REDACTED";

/// The text of one file, with its lines.
#[derive(Debug)]
pub struct Source {
    text: String,
    /// Byte spans of the lines without their ends.
    lines: Vec<Span>,
    /// Spans that may be shown, in the order in which they were taken.
    kept: RefCell<Vec<Span>>,
}

impl Source {
    /// A source of decoded text. Lines end with LF, CRLF or CR.
    #[must_use]
    pub fn new(text: impl Into<String>) -> Self {
        let mut text: String = text.into();
        if text.contains('\r') {
            text = text.replace("\r\n", "\n").replace('\r', "\n");
        }
        let lines = lines_of(&text);
        Self {
            text,
            lines,
            kept: RefCell::default(),
        }
    }

    /// The whole text, lines ending with LF. It may hold secrets: nothing of it goes into a message.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The words of every line in order, the line's number (from 1) with them; lines without a word too.
    pub fn lines(&self) -> impl Iterator<Item = Words<'_>> {
        (1..=self.lines.len()).map(|number| self.line(number))
    }

    /// The words of line `number`, from 1; none where there is no such line.
    #[must_use]
    pub fn line(&self, number: usize) -> Words<'_> {
        let span = number
            .checked_sub(1)
            .and_then(|at| self.lines.get(at).copied())
            .unwrap_or(Span::new(0, 0));
        Words {
            source: self,
            number: u32::try_from(number).unwrap_or(u32::MAX),
            line: span,
            at: span.start,
        }
    }

    /// Says that a part of the text may be shown.
    pub fn keep(&self, span: Span) {
        self.kept.borrow_mut().push(span);
    }

    /// The bytes of the text that may be shown.
    pub(crate) fn kept(&self) -> Ranges<usize> {
        let kept = self.kept.borrow();
        Ranges::of(
            kept.iter()
                .filter_map(|span| Some((span.start, span.end.checked_sub(1)?))),
        )
    }

    /// The text with every word that nobody kept replaced by [`REDACTED`], and the words that were replaced.
    #[must_use]
    pub fn redacted(&self) -> Redacted {
        let kept = self.kept();
        let mut text = String::with_capacity(self.text.len());
        let mut hidden = Vec::new();
        for (number, line) in (1u32..).zip(&self.lines) {
            for word in cut(&self.text, *line) {
                text.push_str(word.before);
                if kept.holds(word.span.start, word.span.end.saturating_sub(1)) {
                    text.push_str(word.text);
                } else {
                    text.push_str(comment_mark(&word, *line));
                    text.push_str(REDACTED);
                    hidden.push(Hidden {
                        line: number,
                        word: word.text.to_owned(),
                    });
                }
            }
            text.push('\n');
        }
        Redacted { text, hidden }
    }
}

/// A configuration that may be kept and shown.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Redacted {
    /// The text; lines have the numbers that they had.
    pub text: String,
    /// What was taken out. For a keyed hash, and then to be forgotten.
    pub hidden: Vec<Hidden>,
}

/// One word that was taken out.
#[derive(Clone, PartialEq, Eq)]
pub struct Hidden {
    /// Its line, from 1.
    pub line: u32,
    /// The word itself.
    pub word: String,
}

impl std::fmt::Debug for Hidden {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Hidden")
            .field("line", &self.line)
            .finish_non_exhaustive()
    }
}

/// The words of one line, one after the other. A word is what stands between white space; `"…"` is one word, without its quotes.
#[derive(Debug, Clone)]
pub struct Words<'s> {
    source: &'s Source,
    number: u32,
    line: Span,
    at: usize,
}

/// One word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Word<'s> {
    /// The word, without quotes around it.
    pub text: &'s str,
    /// Where it stands, quotes included.
    pub span: Span,
}

impl<'s> Words<'s> {
    /// The number of the line, from 1.
    #[must_use]
    pub const fn number(&self) -> u32 {
        self.number
    }

    /// The whole line. It may hold secrets: nothing of it goes into a message but by [`Self::keep_line`].
    #[must_use]
    pub fn line(&self) -> &'s str {
        self.line.of(&self.source.text).unwrap_or_default()
    }

    /// How many white-space characters the line begins with.
    #[must_use]
    pub fn indent(&self) -> usize {
        self.line().chars().take_while(|c| c.is_whitespace()).count()
    }

    /// The next word, which may be shown: it is a keyword, an address, a name of a filter or of an interface.
    pub fn take(&mut self) -> Option<&'s str> {
        let word = self.pass()?;
        self.source.keep(word.span);
        Some(word.text)
    }

    /// The next word if it is `expected` (case counts not), which may then be shown.
    pub fn take_if(&mut self, expected: &str) -> bool {
        let fits = self.peek().is_some_and(|word| word.eq_ignore_ascii_case(expected));
        if fits {
            self.take();
        }
        fits
    }

    /// The next word, which stays hidden.
    pub fn pass(&mut self) -> Option<Word<'s>> {
        let word = next(&self.source.text, Span::new(self.at, self.line.end))?;
        self.at = word.span.end;
        Some(Word {
            text: unquoted(word.text),
            span: word.span,
        })
    }

    /// The next word, without going past it; it stays hidden.
    #[must_use]
    pub fn peek(&self) -> Option<&'s str> {
        next(&self.source.text, Span::new(self.at, self.line.end)).map(|word| unquoted(word.text))
    }

    /// The rest of the line's words, which may all be shown.
    pub fn take_rest(&mut self) -> Vec<&'s str> {
        std::iter::from_fn(|| self.take()).collect()
    }

    /// Whether no word is left.
    #[must_use]
    pub fn is_done(&self) -> bool {
        self.peek().is_none()
    }

    /// Says that the whole line may be shown.
    pub fn keep_line(&self) {
        self.source.keep(self.line);
    }

    /// The line as it may be shown now: words that nobody took are hidden.
    #[must_use]
    pub fn shown(&self) -> String {
        let kept = self.source.kept.borrow();
        let mut shown = String::new();
        for word in cut(&self.source.text, self.line) {
            let keep = kept.iter().rev().any(|kept| kept.contains(word.span));
            shown.push_str(word.before);
            shown.push_str(if keep { word.text } else { REDACTED });
        }
        shown
    }
}

/// A word as it stands in a line, and the white space before it.
struct Cut<'s> {
    before: &'s str,
    text: &'s str,
    span: Span,
}

fn cut(text: &str, line: Span) -> impl Iterator<Item = Cut<'_>> {
    let mut at = line.start;
    std::iter::from_fn(move || {
        let word = next(text, Span::new(at, line.end))?;
        at = word.span.end;
        Some(word)
    })
}

/// The mark with which a line begins that is a comment, so that it is one still without its words.
fn comment_mark<'s>(word: &Cut<'s>, line: Span) -> &'s str {
    let is_first = word.span.start == line.start + word.before.len();
    let marked = word.text.starts_with(['#', '!']).then(|| word.text.get(..1)).flatten();
    marked.filter(|_| is_first).unwrap_or_default()
}

fn next(text: &str, rest: Span) -> Option<Cut<'_>> {
    let line = rest.of(text)?;
    let word = line.trim_start();
    let before = line.len() - word.len();
    let length = match word.chars().next()? {
        '"' => closing_quote(word),
        _ => word.find(char::is_whitespace).unwrap_or(word.len()),
    };
    let span = Span::new(rest.start + before, rest.start + before + length);
    Some(Cut {
        before: line.get(..before)?,
        text: span.of(text)?,
        span,
    })
}

/// The length of a word that begins with a quote: up to the quote that is not escaped and what hangs on to it, else the whole line.
fn closing_quote(word: &str) -> usize {
    let mut escaped = false;
    let close = word.char_indices().skip(1).find(|(_, c)| {
        let closes = *c == '"' && !escaped;
        escaped = *c == '\\' && !escaped;
        closes
    });
    let Some((close, _)) = close else { return word.len() };
    word.get(close..)
        .and_then(|tail| tail.find(char::is_whitespace))
        .map_or(word.len(), |tail| close + tail)
}

fn unquoted(word: &str) -> &str {
    word.strip_prefix('"')
        .and_then(|word| word.strip_suffix('"'))
        .unwrap_or(word)
}

fn lines_of(text: &str) -> Vec<Span> {
    let mut start = 0;
    let lines = text.split_inclusive('\n').map(|line| {
        let begin = start;
        start += line.len();
        Span::new(begin, begin + line.trim_end_matches('\n').len())
    });
    lines.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_nobody_takes_is_hidden_and_lines_keep_their_numbers() {
        let source = Source::new("ip filter 1 pass * *\r\n\r\npp auth myname office \"se cret\"\n");
        for mut words in source.lines() {
            match words.peek() {
                Some("ip") => drop(words.take_rest()),
                _ => assert!(words.take().is_none_or(|word| word == "pp")),
            }
        }
        let redacted = source.redacted();
        assert_eq!(
            redacted.text,
            "ip filter 1 pass * *\n\npp REDACTED REDACTED REDACTED REDACTED\n"
        );
        assert_eq!(redacted.hidden.last().unwrap().word, "\"se cret\"");
        assert!(!format!("{redacted:?}").contains("cret"));
    }

    #[test]
    fn a_quoted_word_is_one() {
        let source = Source::new("set name \"a \\\"b\\\" c\" next");
        let mut words = source.line(1);
        assert_eq!(words.take_rest(), ["set", "name", "a \\\"b\\\" c", "next"]);
    }

    #[test]
    fn a_quote_that_never_closes_ends_with_its_line() {
        let source = Source::new("set name \"open\nnext");
        assert_eq!(source.line(1).take_rest().len(), 3);
        assert_eq!(source.line(2).take_rest(), ["next"]);
        assert!(source.line(3).is_done() && source.line(0).is_done());
    }
}
