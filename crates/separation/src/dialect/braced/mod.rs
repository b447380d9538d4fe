//! Configurations that are a tree of words, as the devices of Juniper and of Palo Alto Networks print them: in braces
//! (`policy web { then { permit; } }`) or a line for each leaf (`set policy web then permit`), or as XML.
//!
//! All forms become one tree with a word at each node, so that a dialect reads each in one way. A statement stands on one line (but
//! for what is in its braces): one that does not end is not understood, and does not take the next line with it.

mod lex;
mod node;
mod read;
pub(super) mod reading;
mod redact;
mod tree;
pub(super) mod xml;

pub(super) use self::node::Node;
pub(super) use self::redact::redact;
pub(super) use self::tree::{Tree, read};

/// Whether nine in ten of the first statements, or more, begin with one of `tops`, in either form.
pub(super) fn mostly_begins_with(text: &str, tops: &[&str]) -> bool {
    let tokens = lex::tokens(text, 4000);
    let (mut depth, mut at_start, mut all, mut known) = (0usize, true, 0, 0);
    let mut words = tokens.iter().peekable();
    while let Some(token) = words.next() {
        match token.kind {
            lex::Kind::Word | lex::Kind::Quoted if at_start && depth == 0 => {
                let mut word = token.word(text);
                if read::MARKS.contains(&word) {
                    continue;
                }
                if ["set", "deactivate"].contains(&word) {
                    word = words
                        .peek()
                        .filter(|next| next.kind == lex::Kind::Word)
                        .map_or("", |next| next.word(text));
                }
                all += 1;
                known += usize::from(tops.contains(&word));
                at_start = false;
            }
            lex::Kind::Open => (depth, at_start) = (depth + 1, true),
            lex::Kind::Close => (depth, at_start) = (depth.saturating_sub(1), true),
            lex::Kind::End | lex::Kind::Newline => at_start = true,
            _ => {}
        }
    }
    known > 0 && known * 10 >= all * 9
}
