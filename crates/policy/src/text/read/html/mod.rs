//! A page of a city's site becomes the lines that a visitor reads.
//!
//! * [`guard`]: turns away tags that would take the tokenizer forever;
//! * [`page`]: elements opened and closed, [`furniture`] of the site left out;
//! * [`flow`]: white space, lists with their [`label`]s, rows of tables.

mod flow;
mod furniture;
mod guard;
mod label;
mod page;

use std::cell::RefCell;

use super::Result;
use html5ever::tendril::StrTendril;
use html5ever::tokenizer::states::RawKind;
use html5ever::tokenizer::{BufferQueue, Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts};
use page::Page;

/// The text of a page.
pub(super) fn text(source: &str) -> Result<String> {
    guard::check(source)?;
    let input = BufferQueue::default();
    for piece in pieces(source) {
        input.push_back(StrTendril::from_slice(piece));
    }
    let tokenizer = Tokenizer::new(Sink(RefCell::new(Page::default())), TokenizerOpts::default());
    // The sink never asks for a pause, so the queue is read to its end.
    let _ = tokenizer.feed(&input);
    tokenizer.end();
    Ok(tokenizer.sink.0.into_inner().finish())
}

/// The source in pieces of at most 64 KB: a tendril holds at most 4 GB and copies what it is given.
fn pieces(source: &str) -> impl Iterator<Item = &str> {
    let mut rest = source;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let end = rest.floor_char_boundary(65_536);
        let (piece, after) = rest.split_at_checked(end)?;
        rest = after;
        Some(piece)
    })
}

struct Sink(RefCell<Page>);

impl TokenSink for Sink {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        let mut page = self.0.borrow_mut();
        match token {
            Token::CharacterTokens(text) => page.text(&text),
            Token::TagToken(tag) => return tag_token(&mut page, &tag),
            _ => {}
        }
        TokenSinkResult::Continue
    }
}

fn tag_token(page: &mut Page, tag: &Tag) -> TokenSinkResult<()> {
    match tag.kind {
        TagKind::StartTag => {
            page.open(tag);
            match &*tag.name {
                "title" | "textarea" => TokenSinkResult::RawData(RawKind::Rcdata),
                name if guard::RAW.contains(&name) => TokenSinkResult::RawData(RawKind::Rawtext),
                _ => TokenSinkResult::Continue,
            }
        }
        TagKind::EndTag => {
            page.close(&tag.name);
            TokenSinkResult::Continue
        }
    }
}

#[cfg(test)]
mod tests;
