//! Text → words, braces, ends of statements.

use model::diagnostic::Span;

/// One token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Token {
    pub(super) kind: Kind,
    /// Where it stands, quotes and marks included.
    pub(super) span: Span,
    /// Its first line, from 1.
    pub(super) line: u32,
}

/// What it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Word,
    /// `"…"`; it may go over several lines.
    Quoted,
    /// A quote that nothing closes, up to the end of its line.
    Broken,
    /// `{`
    Open,
    /// `}`
    Close,
    /// `[`
    ListOpen,
    /// `]`
    ListClose,
    /// `;`
    End,
    Newline,
    /// `# …` to the end of the line, or `/* … */`.
    Comment,
}

impl Token {
    /// The text of a word, without quotes.
    pub(super) fn word<'s>(&self, text: &'s str) -> &'s str {
        let whole = self.span.of(text).unwrap_or_default();
        match self.kind {
            Kind::Quoted => whole.get(1..whole.len().saturating_sub(1)).unwrap_or_default(),
            _ => whole,
        }
    }

    /// Whether it is a word, of whatever kind.
    pub(super) const fn is_word(&self) -> bool {
        matches!(self.kind, Kind::Word | Kind::Quoted | Kind::Broken)
    }
}

/// The first `most` tokens of a text.
pub(super) fn tokens(text: &str, most: usize) -> Vec<Token> {
    let mut tokens: Vec<Token> = Vec::new();
    let (mut at, mut line, mut begins_line) = (0, 1, true);
    let mut quotes = Quotes::default();
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        if tokens.len() >= most {
            break;
        }
        let (length, kind) = one(text, at, rest, begins_line, &mut quotes);
        let span = Span::new(at, at + length);
        if let Some(kind) = kind {
            tokens.push(Token { kind, span, line });
            begins_line = kind == Kind::Newline;
        }
        let breaks = span.of(text).unwrap_or_default().matches('\n').count();
        line += u32::try_from(breaks).unwrap_or(0);
        at += length;
    }
    tokens
}

fn one(text: &str, at: usize, rest: &str, begins_line: bool, quotes: &mut Quotes) -> (usize, Option<Kind>) {
    let until_line_end = || rest.find('\n').unwrap_or(rest.len());
    let Some(first) = rest.chars().next() else {
        return (rest.len(), None);
    };
    match first {
        '\n' => (1, Some(Kind::Newline)),
        c if c.is_whitespace() => (c.len_utf8(), None),
        '#' => (until_line_end(), Some(Kind::Comment)),
        '!' if begins_line => (until_line_end(), Some(Kind::Comment)),
        '/' if rest.starts_with("/*") => {
            let close = rest.find("*/").map_or(rest.len(), |close| close + 2);
            (close, Some(Kind::Comment))
        }
        '{' => (1, Some(Kind::Open)),
        '}' => (1, Some(Kind::Close)),
        ';' => (1, Some(Kind::End)),
        '[' => (1, Some(Kind::ListOpen)),
        ']' => (1, Some(Kind::ListClose)),
        '"' => match quotes.closing(text, at) {
            Some(length) => (length, Some(Kind::Quoted)),
            None => (until_line_end(), Some(Kind::Broken)),
        },
        '\'' => {
            let close = rest.get(1..).and_then(|tail| tail.find(['\'', '\n']));
            match close.filter(|close| rest.get(close + 1..).is_some_and(|tail| tail.starts_with('\''))) {
                Some(close) => (close + 2, Some(Kind::Quoted)),
                None => (word(rest), Some(Kind::Word)),
            }
        }
        _ => (word(rest), Some(Kind::Word)),
    }
}

/// The length of a word: up to white space or a sign. Brackets inside of it (`ge-0/0/[0-3]`) belong to it.
fn word(rest: &str) -> usize {
    let mut open = 0usize;
    for (at, c) in rest.char_indices() {
        match c {
            '[' => open += 1,
            ']' if open > 0 => open -= 1,
            ';' | '{' | '}' | ']' if at > 0 => return at,
            c if c.is_whitespace() => return at,
            _ => {}
        }
    }
    rest.len()
}

/// Where quotes close.
#[derive(Default)]
struct Quotes {
    /// No quote at or after this place closes.
    none_from: Option<usize>,
}

impl Quotes {
    /// The length of the text in quotes that begins at `at`; `None` if no quote closes it, or if what would be in it are statements.
    fn closing(&mut self, text: &str, at: usize) -> Option<usize> {
        if self.none_from.is_some_and(|from| from <= at) {
            return None;
        }
        let rest = text.get(at..)?;
        let mut escaped = false;
        let close = rest.char_indices().skip(1).find(|(_, c)| {
            let closes = *c == '"' && !escaped;
            escaped = *c == '\\' && !escaped;
            closes
        });
        let Some((close, _)) = close else {
            self.none_from = Some(at);
            return None;
        };
        let mut lines = rest.get(..close)?.split('\n');
        let first = lines.next()?;
        let statement = |line: &str| {
            let line = line.trim();
            line.ends_with([';', '{', '}']) || line.starts_with("set ") || line.starts_with("deactivate ")
        };
        // The first line ends inside the quote when there are more.
        let goes_on = close > first.len();
        let swallows = goes_on && (lines.any(statement) || first.trim_end().ends_with([';', '{', '}']));
        (!swallows).then_some(close + 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(text: &str) -> Vec<(Kind, &str)> {
        tokens(text, usize::MAX)
            .into_iter()
            .map(|token| (token.kind, token.word(text)))
            .collect()
    }

    #[test]
    fn words_and_signs_are_told_apart() {
        use Kind::{Close, Comment, End, ListClose, ListOpen, Newline, Open, Quoted, Word};
        assert_eq!(
            kinds("a [ b \"c d\" ] {x;} ## e\nge-0/0/[0-3] /* f\n*/"),
            [
                (Word, "a"),
                (ListOpen, "["),
                (Word, "b"),
                (Quoted, "c d"),
                (ListClose, "]"),
                (Open, "{"),
                (Word, "x"),
                (End, ";"),
                (Close, "}"),
                (Comment, "## e"),
                (Newline, "\n"),
                (Word, "ge-0/0/[0-3]"),
                (Comment, "/* f\n*/"),
            ]
        );
    }

    #[test]
    fn a_quote_takes_lines_of_text_and_no_statements() {
        assert_eq!(kinds("\"a\nb\"")[0], (Kind::Quoted, "a\nb"));
        assert_eq!(kinds("\"a;\nb;\n\"c\"")[0], (Kind::Broken, "\"a;"));
        assert_eq!(kinds("\"a\nset b\n\"")[0].0, Kind::Broken);
        assert_eq!(kinds("\"a")[0].0, Kind::Broken);
    }
}
