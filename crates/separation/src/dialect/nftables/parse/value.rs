//! Values.

use std::net::IpAddr;

use super::{Kind, Parser, Refused};
use crate::dialect::linux::tree::Value;

impl Parser<'_> {
    /// One value: a word, a network, a range (also with blanks around the dash).
    pub(super) fn value(&mut self) -> Result<Value, Refused> {
        let word = match self.kind() {
            Some(Kind::Quoted(word)) => {
                self.take();
                // `"08:00"-"17:00"`
                if self.take_word_if("-") {
                    return Ok(Value::Range(word.to_owned(), self.name()?.to_owned()));
                }
                return Ok(Value::Word(word.to_owned()));
            }
            Some(Kind::Word(word)) if !matches!(word, "." | ":" | "-" | "/") => word,
            _ => return Err(self.unexpected("値", "a value")),
        };
        self.take();
        if self.kind() == Some(Kind::Word("-")) {
            self.take();
            let last = self.name()?;
            return Ok(Value::Range(word.to_owned(), last.to_owned()));
        }
        value(word).ok_or_else(|| self.unexpected("値", "a value"))
    }
}

/// The value that a word is.
pub(in crate::dialect::nftables) fn value(word: &str) -> Option<Value> {
    if word == "*" {
        return Some(Value::Any);
    }
    if let Some((network, length)) = word.split_once('/') {
        return Some(Value::Prefix(network.to_owned(), length.parse().ok()?));
    }
    if let Some((first, last)) = word.split_once('-')
        && is_number(first)
        && is_number(last)
    {
        return Some(Value::Range(first.to_owned(), last.to_owned()));
    }
    Some(Value::Word(word.to_owned()))
}

fn is_number(word: &str) -> bool {
    word.parse::<u32>().is_ok() || word.parse::<IpAddr>().is_ok()
}
