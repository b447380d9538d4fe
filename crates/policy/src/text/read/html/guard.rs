//! The tokenizer compares every attribute of a tag with those before it. A tag of a million attributes would keep it busy
//! for hours, so such a tag is turned away beforehand.

use model::lang::Text;

use super::super::{Result, refusal};

/// No page needs more on one tag.
const ATTRIBUTES: usize = 1000;

/// Elements whose content is no markup; it ends at the end tag only.
pub(super) const RAW: &[&str] = &["script", "style", "xmp", "iframe", "noembed", "noframes"];

/// Walks over the tags as the tokenizer does, counting attributes.
pub(super) fn check(source: &str) -> Result<()> {
    let mut rest = source;
    while let Some((_, after)) = rest.split_once('<') {
        if let Some(comment) = after.strip_prefix("!--") {
            rest = comment.split_once("-->").map_or("", |(_, next)| next);
            continue;
        }
        if !after.starts_with(|c: char| c.is_ascii_alphabetic() || c == '/') {
            rest = after;
            continue;
        }
        let (attributes, next) = tag(after);
        if attributes > ATTRIBUTES {
            return Err(refusal(
                "html-attributes",
                Text::fixed(
                    "属性が異常に多いタグがあるため、読まない",
                    "a tag has an unreasonable number of attributes; the page is not read",
                ),
                Text::fixed(
                    "ページの文章を写し取り、テキストとして保存する",
                    "copy the text of the page and save it as plain text",
                ),
            ));
        }
        let name: String = after.chars().take_while(char::is_ascii_alphanumeric).collect();
        let name = name.to_ascii_lowercase();
        rest = if RAW.contains(&name.as_str()) || matches!(name.as_str(), "title" | "textarea") {
            raw_end(next, &name)
        } else {
            next
        };
    }
    Ok(())
}

/// How many attributes a tag has, and what follows it.
fn tag(source: &str) -> (usize, &str) {
    let mut count = 0_usize;
    let mut quote = None;
    let mut before = ' ';
    for (at, c) in source.char_indices() {
        match quote {
            Some(mark) if c == mark => {
                quote = None;
                // A name may follow a closing quote at once.
                count += 1;
            }
            Some(_) => {}
            None if c == '>' => return (count, source.get(at + 1..).unwrap_or_default()),
            None if matches!(c, '"' | '\'') && before == '=' => quote = Some(c),
            None if c.is_ascii_whitespace() || c == '/' => count += usize::from(!before.is_ascii_whitespace()),
            None => {}
        }
        if quote.is_some() || !(c.is_ascii_whitespace() && before == '=') {
            before = c;
        }
    }
    (count, "")
}

/// What follows `</name`.
fn raw_end<'s>(source: &'s str, name: &str) -> &'s str {
    let mut rest = source;
    while let Some((_, after)) = rest.split_once("</") {
        if after
            .get(..name.len())
            .is_some_and(|end| end.eq_ignore_ascii_case(name))
        {
            return after;
        }
        rest = after;
    }
    ""
}
