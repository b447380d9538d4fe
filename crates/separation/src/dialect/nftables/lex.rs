//! Text of nftables → tokens.

use model::diagnostic::Span;

/// One token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Token<'s> {
    pub(super) kind: Kind<'s>,
    pub(super) span: Span,
    /// Its line, from 1.
    pub(super) line: u32,
}

/// What it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind<'s> {
    /// A keyword, a name, an address, a number, a range; also `.` and `:` standing alone.
    Word(&'s str),
    /// `"…"`, without the quotes.
    Quoted(&'s str),
    /// `"…` without an end on its line, which no rule knows.
    Unclosed,
    /// `@name`, without the sign.
    Named(&'s str),
    /// `{ } ( ) , = == != < > <= >= & | ^ !`
    Sign(&'s str),
    /// The end of a statement: `;` or a line's end.
    End,
}

/// Every token of a text; comments (`#…`) are left out. Characters that begin no token are words of their own, which no rule knows.
pub(super) fn tokens(text: &str) -> Vec<Token<'_>> {
    let mut tokens = Vec::new();
    let (mut at, mut line) = (0, 1);
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        let (length, kind) = one(rest);
        let span = Span::new(at, at + length);
        if let Some(kind) = kind {
            tokens.push(Token { kind, span, line });
        }
        line += u32::try_from(span.of(text).unwrap_or_default().matches('\n').count()).unwrap_or(0);
        at += length;
    }
    tokens
}

fn one(rest: &str) -> (usize, Option<Kind<'_>>) {
    let first = rest.chars().next().unwrap_or(' ');
    let until = |end: &dyn Fn(char) -> bool| rest.find(end).unwrap_or(rest.len());
    match first {
        '#' => (until(&|c| c == '\n'), None),
        '\n' | ';' => (1, Some(Kind::End)),
        '\\' if rest.starts_with("\\\n") => (2, None),
        '\\' if rest.starts_with("\\\r\n") => (3, None),
        c if c.is_whitespace() => (c.len_utf8(), None),
        '"' => {
            let close = rest.get(1..).and_then(|tail| tail.find(['"', '\n']));
            let end = close.map_or(rest.len(), |close| close + 1);
            let closed = rest.get(end..).is_some_and(|tail| tail.starts_with('"'));
            if closed {
                (end + 1, Some(Kind::Quoted(rest.get(1..end).unwrap_or_default())))
            } else {
                (end, Some(Kind::Unclosed))
            }
        }
        '@' => {
            let length = 1 + rest
                .get(1..)
                .map_or(0, |name| name.find(|c| !is_word(c)).unwrap_or(name.len()));
            (length, Some(Kind::Named(rest.get(1..length).unwrap_or_default())))
        }
        c if is_word(c) => {
            let length = until(&|c| !is_word(c));
            (length, Some(Kind::Word(rest.get(..length).unwrap_or_default())))
        }
        c => {
            let two = ["==", "!=", "<=", ">=", "<<", ">>"]
                .iter()
                .find(|sign| rest.starts_with(**sign));
            let length = two.map_or(c.len_utf8(), |sign| sign.len());
            (length, Some(Kind::Sign(rest.get(..length).unwrap_or_default())))
        }
    }
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || "_.:/-*%+$[]'".contains(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_signs_and_ends_are_told_apart() {
        let kinds: Vec<_> = tokens("ip saddr != { 10.0.0.0/8,fd00::/8 } # no\n@set \"a b\"")
            .into_iter()
            .map(|token| token.kind)
            .collect();
        let expected = [
            Kind::Word("ip"),
            Kind::Word("saddr"),
            Kind::Sign("!="),
            Kind::Sign("{"),
            Kind::Word("10.0.0.0/8"),
            Kind::Sign(","),
            Kind::Word("fd00::/8"),
            Kind::Sign("}"),
            Kind::End,
            Kind::Named("set"),
            Kind::Quoted("a b"),
        ];
        assert_eq!(kinds, expected);
    }

    #[test]
    fn lines_are_counted_through_joined_ones() {
        let lines: Vec<_> = tokens("a \\\nb\n\nc").into_iter().map(|token| token.line).collect();
        assert_eq!(lines, [1, 2, 2, 3, 4]);
    }
}
