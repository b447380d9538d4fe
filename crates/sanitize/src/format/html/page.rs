//! The page that is written while tags come in.

use std::cell::RefCell;

use html5ever::Attribute;
use html5ever::tokenizer::states::RawKind;
use html5ever::tokenizer::{Tag, TagKind, Token, TokenSink, TokenSinkResult};

use super::rules::{self, Fate};
use crate::class::{Action, Class};
use crate::job::Job;
use crate::link;
use crate::picture;
use crate::refusal::{Reason, malformed};
use crate::text;

/// A page as far as it is written.
pub(super) struct Page<'j, 'p> {
    job: &'j mut Job<'p>,
    title: String,
    body: String,
    /// Elements that were written and not closed yet.
    open: Vec<String>,
    /// An element that goes with all that is in it, and how often it was opened in itself.
    dropped: Option<(String, usize)>,
    in_title: bool,
    /// Why the page does not cross. From here on nothing is done.
    refused: Option<Reason>,
}

/// Takes tokens.
pub(super) struct Sink<'j, 'p>(RefCell<Page<'j, 'p>>);

impl<'j, 'p> Sink<'j, 'p> {
    pub(super) const fn new(page: Page<'j, 'p>) -> Self {
        Self(RefCell::new(page))
    }

    pub(super) fn into_page(self) -> Page<'j, 'p> {
        self.0.into_inner()
    }
}

impl TokenSink for Sink<'_, '_> {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        let mut page = self.0.borrow_mut();
        if page.refused.is_some() {
            return TokenSinkResult::Continue;
        }
        page.token(token).unwrap_or_else(|reason| {
            page.refused = Some(reason);
            TokenSinkResult::Continue
        })
    }
}

impl<'j, 'p> Page<'j, 'p> {
    pub(super) const fn new(job: &'j mut Job<'p>) -> Self {
        Self {
            job,
            title: String::new(),
            body: String::new(),
            open: Vec::new(),
            dropped: None,
            in_title: false,
            refused: None,
        }
    }

    /// The whole page.
    pub(super) fn finished(mut self) -> Result<String, Reason> {
        if let Some(reason) = self.refused {
            return Err(reason);
        }
        if let Some((name, _)) = self.dropped {
            return Err(malformed(
                format!("HTML: 要素「{name}」が閉じていない"),
                format!("HTML: an element `{name}` is not closed"),
            ));
        }
        while let Some(name) = self.open.pop() {
            close(&mut self.body, &name);
        }
        let (title, body) = (self.title.trim(), self.body.trim());
        Ok(format!(
            "<!DOCTYPE html>\n<html>\n<head>\n<meta charset=\"utf-8\">\n<title>{title}</title>\n</head>\n<body>\n{body}\n</body>\n</html>\n"
        ))
    }

    fn token(&mut self, token: Token) -> Result<TokenSinkResult<()>, Reason> {
        match token {
            Token::TagToken(tag) if tag.kind == TagKind::EndTag => self.end(&tag.name)?,
            Token::TagToken(tag) => return self.start(&tag),
            Token::CharacterTokens(characters) if self.dropped.is_none() => {
                let characters = text::cleaned(self.job, characters.to_string())?;
                let into = if self.in_title { &mut self.title } else { &mut self.body };
                escape(into, &characters);
            }
            Token::CommentToken(_) if self.dropped.is_none() => {
                self.job.found_at(Class::UnknownElement, "comment")?;
            }
            _ => {}
        }
        Ok(TokenSinkResult::Continue)
    }

    fn end(&mut self, name: &str) -> Result<(), Reason> {
        if let Some((dropped, times)) = &mut self.dropped {
            if dropped == name {
                *times -= 1;
                if *times == 0 {
                    self.dropped = None;
                }
            }
            return Ok(());
        }
        match rules::fate(name) {
            Fate::Title => self.in_title = false,
            Fate::Stay | Fate::Link if self.open.iter().any(|open| open == name) => {
                while let Some(open) = self.open.pop() {
                    close(&mut self.body, &open);
                    if open == name {
                        break;
                    }
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn start(&mut self, tag: &Tag) -> Result<TokenSinkResult<()>, Reason> {
        let name: &str = &tag.name;
        if let Some((dropped, times)) = &mut self.dropped {
            *times += usize::from(dropped == name);
            return Ok(raw(name));
        }
        self.job.budget.element(self.open.len())?;
        let fate = rules::fate(name);
        match fate {
            Fate::Stay | Fate::Void => {
                self.close_implied(name);
                self.write(name, &tag.attrs, String::new())?;
                if fate == Fate::Stay {
                    self.open.push(name.to_owned());
                }
            }
            Fate::Link => {
                let link = self.link(&tag.attrs)?;
                self.write(name, &tag.attrs, link)?;
                self.open.push(name.to_owned());
            }
            Fate::Picture => self.picture(&tag.attrs)?,
            Fate::Unwrap(None) => self.attributes(&tag.attrs, &mut String::new())?,
            Fate::Unwrap(Some(class)) | Fate::DropVoid(class) => {
                self.job.found_at(class, &told(name))?;
            }
            Fate::Drop(class) | Fate::DropText(class) => {
                self.job.found_at(class, &told(name))?;
                self.dropped = Some((name.to_owned(), 1));
            }
            Fate::Title => self.in_title = true,
            Fate::Meta => self.meta(&tag.attrs)?,
        }
        Ok(raw(name))
    }

    fn close_implied(&mut self, name: &str) {
        let closed = rules::closed_by(name);
        while let Some(open) = self.open.pop_if(|open| closed.contains(&open.as_str())) {
            close(&mut self.body, &open);
        }
    }

    fn write(&mut self, name: &str, attributes: &[Attribute], more: String) -> Result<(), Reason> {
        let mut written = more;
        self.attributes(attributes, &mut written)?;
        self.body.push('<');
        self.body.push_str(name);
        self.body.push_str(&written);
        self.body.push('>');
        Ok(())
    }

    fn attributes(&mut self, attributes: &[Attribute], written: &mut String) -> Result<(), Reason> {
        for Attribute { name, value } in attributes {
            let name: &str = &name.local;
            if name == "href" || name == "src" {
                continue;
            }
            if rules::attribute(name, value) {
                let value = text::cleaned(self.job, value.to_string())?;
                put(written, name, &value);
            } else if name.starts_with("on") {
                self.job.found_at(Class::Script, &told(name))?;
            } else {
                self.job.found_at(Class::UnknownAttribute, &told(name))?;
            }
        }
        Ok(())
    }

    fn link(&mut self, attributes: &[Attribute]) -> Result<String, Reason> {
        let mut written = String::new();
        let Some(target) = value(attributes, "href") else {
            return Ok(written);
        };
        match link::checked(target) {
            Ok(target) => {
                if self.job.found(Class::Hyperlink)? == Action::Rebuild {
                    put(&mut written, "href", &target);
                    put(&mut written, "rel", "noopener noreferrer");
                }
            }
            Err(class) => {
                self.job.found_at(class, "a")?;
            }
        }
        Ok(written)
    }

    /// A picture that lies in the page stays, built anew; of others only the words stay.
    fn picture(&mut self, attributes: &[Attribute]) -> Result<(), Reason> {
        let source = value(attributes, "src").unwrap_or_default();
        match picture::inline::rebuilt(self.job, source, "img")? {
            Some(source) => {
                let mut written = String::new();
                put(&mut written, "src", &source);
                self.write("img", attributes, written)
            }
            None => {
                let words = text::cleaned(self.job, value(attributes, "alt").unwrap_or_default().to_owned())?;
                escape(&mut self.body, &words);
                Ok(())
            }
        }
    }

    fn meta(&mut self, attributes: &[Attribute]) -> Result<(), Reason> {
        let equivalent = value(attributes, "http-equiv").unwrap_or_default().to_ascii_lowercase();
        if equivalent == "refresh" {
            self.job.found_at(Class::ActiveAction, "meta")?;
        } else if value(attributes, "charset").is_none() && equivalent != "content-type" {
            self.job.found_at(Class::Metadata, "meta")?;
        }
        Ok(())
    }
}

fn value<'a>(attributes: &'a [Attribute], name: &str) -> Option<&'a str> {
    let attribute = attributes.iter().find(|attribute| &*attribute.name.local == name);
    attribute.map(|attribute| &*attribute.value)
}

/// How the tokenizer is to read what is in an element.
fn raw(name: &str) -> TokenSinkResult<()> {
    match name {
        "script" => TokenSinkResult::RawData(RawKind::ScriptData),
        "title" | "textarea" => TokenSinkResult::RawData(RawKind::Rcdata),
        "style" | "xmp" | "iframe" | "noembed" | "noframes" => TokenSinkResult::RawData(RawKind::Rawtext),
        _ => TokenSinkResult::Continue,
    }
}

/// A name from the file, short enough for a receipt.
fn told(name: &str) -> String {
    name.chars()
        .filter(|character| text::is_kept(*character))
        .take(40)
        .collect()
}

fn close(body: &mut String, name: &str) {
    body.push_str("</");
    body.push_str(name);
    body.push('>');
}

fn put(written: &mut String, name: &str, value: &str) {
    written.push(' ');
    written.push_str(name);
    written.push_str("=\"");
    escape(written, value);
    written.push('"');
}

fn escape(into: &mut String, text: &str) {
    for character in text.chars() {
        match character {
            '&' => into.push_str("&amp;"),
            '<' => into.push_str("&lt;"),
            '>' => into.push_str("&gt;"),
            '"' => into.push_str("&quot;"),
            other => into.push(other),
        }
    }
}
