//! HTML: a page is written anew from the elements that a reader needs.
//!
//! Source: HTML Living Standard, section 13.2.5 (tokenization). The tokenizer is that of html5ever; the tree is not built, since the
//! page that is written holds only elements that no rule of the parser moves about, closed in the order in which they were opened. What
//! a browser would have made of the page that came in does not matter: nothing of it is carried over but text, allowed elements and
//! attributes with values that were checked.
//!
//! The page goes out in UTF-8.

mod page;
mod rules;

use html5ever::tendril::StrTendril;
use html5ever::tokenizer::{BufferQueue, Tokenizer, TokenizerOpts};
use model::lang::Text;

use super::text::recognised;
use super::{Format, Output, Recognised, Source};
use crate::job::Job;
use crate::refusal::Reason;
use crate::text;
use page::{Page, Sink};

/// Pages of the Web.
pub(super) static HTML: Format = Format {
    id: "html",
    words: Text::fixed("HTML", "HTML"),
    method: Text::fixed(
        "文章、表、画像などの決められた要素だけで新しいページを書く。スクリプト、書式シート、フォーム、外部の画像は引き継がない",
        "a new page is written from text, tables, pictures and other named elements; scripts, style sheets, forms and remote pictures are not carried over",
    ),
    extensions: &["html", "htm", "xhtml", "xht"],
    media_type: "text/html",
    recognise,
    rebuild: |job, source| {
        let decoded = text::read(job, source.bytes)?;
        let text = text::cleaned(job, decoded.text)?;
        Ok(Output {
            format: &HTML,
            bytes: rebuilt(job, &text)?.into_bytes(),
        })
    },
};

/// Text that begins as a page does is one, whatever it is called: a browser would show it. Other text may be one if it says so.
fn recognise(source: &Source<'_>) -> Recognised {
    let start = source.bytes.get(..1024.min(source.bytes.len())).unwrap_or_default();
    let start = String::from_utf8_lossy(start.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(start)).to_ascii_lowercase();
    let mut start = start.trim_start();
    while let Some((_, rest)) = ["<!--", "<?xml"]
        .iter()
        .find(|opening| start.starts_with(**opening))
        .and_then(|opening| start.split_once(if *opening == "<!--" { "-->" } else { "?>" }))
    {
        start = rest.trim_start();
    }
    let page = |word: &str| {
        let rest = start.strip_prefix(word);
        rest.is_some_and(|rest| rest.starts_with(|next: char| next == '>' || next.is_whitespace()))
    };
    if (page("<!doctype html") || page("<html")) && text::decoded(source.bytes).is_some() {
        Recognised::Yes
    } else {
        recognised(source, &HTML)
    }
}

fn rebuilt(job: &mut Job<'_>, text: &str) -> Result<String, Reason> {
    let input = BufferQueue::default();
    input.push_back(StrTendril::from(text));
    let tokenizer = Tokenizer::new(Sink::new(Page::new(job)), TokenizerOpts::default());
    // A script never stops the tokenizer: the sink does not hand one over.
    let _ = tokenizer.feed(&input);
    tokenizer.end();
    tokenizer.sink.into_page().finished()
}
