//! Tokens of RTF.

use super::order;
use crate::refusal::Reason;

/// Letters of a control word; readers cut longer ones at different places.
const LONGEST_WORD: usize = 32;

/// What comes next.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Token<'a> {
    Open,
    Close,
    /// A control word with its number.
    Word(&'a str, Option<i32>),
    /// A control symbol that is no character: `\*`, `\~` …
    Symbol(u8),
    /// A byte of text, as it stands or in hexadecimal.
    Byte(u8),
    /// Bytes of `\bin`.
    Binary(&'a [u8]),
}

/// Tokens, front to back.
pub(super) struct Tokens<'a> {
    rest: &'a [u8],
    /// The next byte belongs to the one before, whatever it looks like.
    trailing: bool,
}

impl<'a> Tokens<'a> {
    pub(super) const fn new(bytes: &'a [u8]) -> Self {
        Self {
            rest: bytes,
            trailing: false,
        }
    }

    pub(super) const fn rest(&self) -> &'a [u8] {
        self.rest
    }

    /// The next token. Where characters may have two bytes in Shift_JIS, the second one can be `\`, `{` or `}` and is none of these.
    pub(super) fn next_token(&mut self, double_bytes: bool) -> Result<Option<Token<'a>>, Reason> {
        loop {
            let Some((first, rest)) = self.rest.split_first() else {
                return Ok(None);
            };
            self.rest = rest;
            if std::mem::take(&mut self.trailing) {
                return Ok(Some(Token::Byte(*first)));
            }
            return Ok(Some(match first {
                b'{' => Token::Open,
                b'}' => Token::Close,
                b'\\' => self.control()?,
                b'\r' | b'\n' => continue,
                lead @ (0x81..=0x9F | 0xE0..=0xFC) if double_bytes => {
                    self.trailing = true;
                    Token::Byte(*lead)
                }
                other => Token::Byte(*other),
            }));
        }
    }

    fn control(&mut self) -> Result<Token<'a>, Reason> {
        let letters = self.rest.iter().take_while(|byte| byte.is_ascii_alphabetic()).count();
        if letters == 0 {
            return self.symbol();
        }
        if letters > LONGEST_WORD {
            return Err(order());
        }
        let (word, rest) = self.rest.split_at_checked(letters).ok_or_else(order)?;
        let word = std::str::from_utf8(word).map_err(|_| order())?;
        let (negative, digits_from) = match rest.split_first() {
            Some((b'-', after)) if after.first().is_some_and(u8::is_ascii_digit) => (true, after),
            _ => (false, rest),
        };
        let digits = digits_from.iter().take_while(|byte| byte.is_ascii_digit()).count();
        let (number, rest) = digits_from.split_at_checked(digits).ok_or_else(order)?;
        let number = match std::str::from_utf8(number) {
            Ok("") | Err(_) => None,
            Ok(digits) => {
                let number: i32 = digits.parse().map_err(|_| order())?;
                Some(if negative { -number } else { number })
            }
        };
        self.rest = rest.strip_prefix(b" ").unwrap_or(rest);
        if word == "bin" {
            let length = usize::try_from(number.unwrap_or(0)).map_err(|_| order())?;
            let (binary, rest) = self.rest.split_at_checked(length).ok_or_else(order)?;
            self.rest = rest;
            return Ok(Token::Binary(binary));
        }
        Ok(Token::Word(word, number))
    }

    fn symbol(&mut self) -> Result<Token<'a>, Reason> {
        let (symbol, rest) = self.rest.split_first().ok_or_else(order)?;
        self.rest = rest;
        Ok(match symbol {
            b'\\' | b'{' | b'}' => Token::Byte(*symbol),
            b'\'' => {
                let (digits, rest) = rest.split_at_checked(2).ok_or_else(order)?;
                let digits = std::str::from_utf8(digits).map_err(|_| order())?;
                self.rest = rest;
                Token::Byte(u8::from_str_radix(digits, 16).map_err(|_| order())?)
            }
            b'\r' | b'\n' => Token::Word("par", None),
            b'\t' => Token::Word("tab", None),
            other => Token::Symbol(*other),
        })
    }
}
