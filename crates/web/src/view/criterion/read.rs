//! The part of CEL that criteria are written in, read for being said in words.
//!
//! What decides is the compiler of crate `policy`; this reader only has to recognise what it accepts, and gives up on anything else.

use std::iter::Peekable;
use std::str::CharIndices;

/// An expression.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Node {
    Name(String),
    Text(String),
    Number(i64),
    Bool(bool),
    Null,
    List(Vec<Node>),
    /// `receiver.name`
    Member(Box<Node>, String),
    /// `name(…)`, `receiver.name(…)`
    Call(Option<Box<Node>>, String, Vec<Node>),
    Not(Box<Node>),
    Two(&'static str, Box<Node>, Box<Node>),
}

/// Deeper than any expression that the compiler takes.
const DEEPEST: usize = 64;

/// Operators that stand between two expressions, by how tightly they bind.
const OPERATORS: &[(&str, u8)] = &[
    ("||", 1),
    ("&&", 2),
    ("==", 3),
    ("!=", 3),
    ("<=", 3),
    (">=", 3),
    ("<", 3),
    (">", 3),
    ("in", 3),
    ("+", 4),
    ("-", 4),
];

/// Reads an expression; `None` where it is written otherwise than criteria are.
pub(super) fn read(source: &str) -> Option<Node> {
    let mut reader = Reader {
        tokens: tokens(source)?.into_iter().peekable(),
        depth: 0,
    };
    let node = reader.expression(0)?;
    reader.tokens.next().is_none().then_some(node)
}

#[derive(Debug, Clone, PartialEq)]
enum Token {
    Word(String),
    Text(String),
    Number(i64),
    Sign(&'static str),
}

const SIGNS: &[&str] = &[
    "||", "&&", "==", "!=", "<=", ">=", "<", ">", "+", "-", "!", "(", ")", "[", "]", ",", ".",
];

fn tokens(source: &str) -> Option<Vec<Token>> {
    let mut tokens = Vec::new();
    let mut chars = source.char_indices().peekable();
    while let Some(&(at, c)) = chars.peek() {
        if c.is_whitespace() {
            chars.next();
        } else if c == '\'' || c == '"' {
            tokens.push(quoted(&mut chars)?);
        } else if c.is_ascii_digit() {
            tokens.push(Token::Number(run(&mut chars, |c| c.is_ascii_digit()).parse().ok()?));
        } else if c.is_alphabetic() || c == '_' {
            tokens.push(Token::Word(run(&mut chars, |c| c.is_alphanumeric() || c == '_')));
        } else {
            let rest = source.get(at..)?;
            let sign = SIGNS.iter().find(|sign| rest.starts_with(**sign))?;
            tokens.push(Token::Sign(sign));
            for _ in 0..sign.len() {
                chars.next();
            }
        }
    }
    Some(tokens)
}

/// A text without escapes; criteria need none.
fn quoted(chars: &mut Peekable<CharIndices<'_>>) -> Option<Token> {
    let (_, quote) = chars.next()?;
    let mut text = String::new();
    loop {
        match chars.next()?.1 {
            '\\' => return None,
            c if c == quote => return Some(Token::Text(text)),
            c => text.push(c),
        }
    }
}

fn run(chars: &mut Peekable<CharIndices<'_>>, belongs: impl Fn(char) -> bool) -> String {
    let mut text = String::new();
    while let Some((_, c)) = chars.next_if(|(_, c)| belongs(*c)) {
        text.push(c);
    }
    text
}

struct Reader {
    tokens: Peekable<std::vec::IntoIter<Token>>,
    depth: usize,
}

impl Reader {
    fn expression(&mut self, above: u8) -> Option<Node> {
        self.depth = self.depth.checked_add(1).filter(|depth| *depth < DEEPEST)?;
        let mut left = self.prefixed()?;
        while let Some((sign, binding)) = self.operator().filter(|(_, binding)| *binding > above) {
            self.tokens.next();
            let right = self.expression(binding)?;
            left = Node::Two(sign, Box::new(left), Box::new(right));
        }
        self.depth = self.depth.saturating_sub(1);
        Some(left)
    }

    fn operator(&mut self) -> Option<(&'static str, u8)> {
        let sign = match self.tokens.peek()? {
            Token::Sign(sign) => *sign,
            Token::Word(word) if word == "in" => "in",
            _ => return None,
        };
        OPERATORS.iter().copied().find(|(known, _)| *known == sign)
    }

    fn prefixed(&mut self) -> Option<Node> {
        if self.take("!") {
            self.depth = self.depth.checked_add(1).filter(|depth| *depth < DEEPEST)?;
            let inner = self.prefixed()?;
            self.depth = self.depth.saturating_sub(1);
            return Some(Node::Not(Box::new(inner)));
        }
        let mut node = self.plain()?;
        while self.take(".") {
            let Token::Word(name) = self.tokens.next()? else {
                return None;
            };
            node = if self.take("(") {
                Node::Call(Some(Box::new(node)), name, self.list(")")?)
            } else {
                Node::Member(Box::new(node), name)
            };
        }
        Some(node)
    }

    fn plain(&mut self) -> Option<Node> {
        match self.tokens.next()? {
            Token::Text(text) => Some(Node::Text(text)),
            Token::Number(number) => Some(Node::Number(number)),
            Token::Sign("(") => {
                let inner = self.expression(0)?;
                self.take(")").then_some(inner)
            }
            Token::Sign("[") => Some(Node::List(self.list("]")?)),
            Token::Sign(_) => None,
            Token::Word(word) => match word.as_str() {
                "true" => Some(Node::Bool(true)),
                "false" => Some(Node::Bool(false)),
                "null" => Some(Node::Null),
                _ if self.take("(") => Some(Node::Call(None, word, self.list(")")?)),
                _ => Some(Node::Name(word)),
            },
        }
    }

    fn list(&mut self, end: &'static str) -> Option<Vec<Node>> {
        let mut nodes = Vec::new();
        while !self.take(end) {
            if !nodes.is_empty() && !self.take(",") {
                return None;
            }
            nodes.push(self.expression(0)?);
        }
        Some(nodes)
    }

    fn take(&mut self, sign: &'static str) -> bool {
        self.tokens.next_if(|token| *token == Token::Sign(sign)).is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(name: &str) -> Box<Node> {
        Box::new(Node::Name(name.to_owned()))
    }

    #[test]
    fn and_binds_tighter_than_or() {
        let and = Node::Two("&&", name("b"), name("c"));
        assert_eq!(read("a || b && c"), Some(Node::Two("||", name("a"), Box::new(and))));
        let or = Node::Two("||", name("a"), name("b"));
        assert_eq!(read("(a || b) && c"), Some(Node::Two("&&", Box::new(or), name("c"))));
    }

    #[test]
    fn what_is_not_read_is_given_up() {
        for source in [
            "",
            "a ==",
            "(a",
            "a ? b : c",
            "'a\\n'",
            "a b",
            "[1,",
            "{'a': 1}",
            &"(".repeat(5000),
            &"!".repeat(5000),
        ] {
            assert_eq!(read(source), None, "{source:.40}");
        }
    }
}
