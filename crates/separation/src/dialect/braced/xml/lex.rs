//! Text → tags, values, texts.

use model::diagnostic::Span;

/// A part of a document that may be shown or not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in super::super) struct Item {
    pub(in super::super) kind: Kind,
    /// Where it stands, without the signs around it.
    pub(in super::super) span: Span,
    /// Its first line, from 1.
    pub(in super::super) line: u32,
}

/// What it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in super::super) enum Kind {
    /// The name of an element that begins.
    Open,
    /// The name of an attribute of the element that begins.
    Key,
    /// Its value, without quotes.
    Value,
    /// `/>`
    Empty,
    /// The name of an element that ends.
    Close,
    /// Text between tags, without the space around it.
    Text,
    /// A comment or a note to programs, without its signs.
    Comment,
    /// What cannot be read, up to the next tag or the end of the line.
    Broken,
}

/// Whether a text is XML, by its first letters.
pub(in crate::dialect) fn is_xml(text: &str) -> bool {
    let text = text.trim_start_matches('\u{feff}').trim_start();
    ["<?xml", "<config", "<response"]
        .iter()
        .any(|begin| text.starts_with(begin))
}

/// The parts of a document, in their order.
pub(in super::super) fn items(text: &str) -> Vec<Item> {
    // What is missing at the end is told in the last line that says something.
    let text = text.trim_end();
    let mut reader = Reader {
        text,
        at: 0,
        line: 1,
        items: Vec::new(),
    };
    while !reader.rest().is_empty() {
        reader.one();
    }
    reader.items
}

struct Reader<'t> {
    text: &'t str,
    at: usize,
    /// The line of `at`.
    line: u32,
    items: Vec<Item>,
}

impl Reader<'_> {
    fn rest(&self) -> &str {
        self.text.get(self.at..).unwrap_or_default()
    }

    /// Goes on by so many bytes.
    fn skip(&mut self, bytes: usize) {
        let passed = self.text.get(self.at..self.at + bytes).unwrap_or_default();
        self.line += u32::try_from(passed.matches('\n').count()).unwrap_or(0);
        self.at = self.text.len().min(self.at + bytes);
    }

    fn skip_space(&mut self) {
        let rest = self.rest();
        let space = rest.len() - rest.trim_start().len();
        self.skip(space);
    }

    /// Takes so many bytes as a part.
    fn item(&mut self, kind: Kind, bytes: usize) {
        self.items.push(Item {
            kind,
            span: Span::new(self.at, self.at + bytes),
            line: self.line,
        });
        self.skip(bytes);
    }

    fn one(&mut self) {
        self.skip_space();
        let rest = self.rest();
        if rest.is_empty() {
            return;
        }
        if !rest.starts_with('<') {
            let text = rest.find('<').and_then(|end| rest.get(..end)).unwrap_or(rest);
            let bytes = text.trim_end().len();
            return self.item(Kind::Text, bytes);
        }
        for (open, close, kind) in [
            ("<!--", "-->", Kind::Comment),
            ("<?", "?>", Kind::Comment),
            ("<![CDATA[", "]]>", Kind::Text),
        ] {
            if !rest.starts_with(open) {
                continue;
            }
            let inner = rest.get(open.len()..).unwrap_or_default();
            let Some(bytes) = inner.find(close) else {
                return self.broken(open.len());
            };
            self.skip(open.len());
            self.item(kind, bytes);
            return self.skip(close.len());
        }
        if rest.starts_with("<!") {
            return self.broken("<!".len());
        }
        if rest.starts_with("</") {
            self.skip("</".len());
            let bytes = self.name();
            self.item(Kind::Close, bytes);
            return self.end_tag();
        }
        self.skip("<".len());
        let bytes = self.name();
        self.item(Kind::Open, bytes);
        self.attributes();
    }

    /// The length of the name that stands here.
    fn name(&self) -> usize {
        let rest = self.rest();
        let ends = |c: char| c.is_whitespace() || ['/', '>', '<', '=', '"', '\''].contains(&c);
        rest.find(ends).unwrap_or(rest.len())
    }

    fn attributes(&mut self) {
        loop {
            self.skip_space();
            if self.rest().starts_with("/>") {
                self.item(Kind::Empty, 0);
                return self.skip("/>".len());
            }
            if self.rest().starts_with('>') {
                return self.skip(">".len());
            }
            let name = self.name();
            let (key, value) = self.rest().split_at_checked(name).unwrap_or_default();
            let value = value.strip_prefix('=').filter(|_| !key.is_empty());
            let quoted = value.and_then(|value| {
                let quote = value.chars().next().filter(|quote| ['"', '\''].contains(quote))?;
                value.get(1..)?.find(quote)
            });
            let Some(bytes) = quoted else {
                return self.end_tag();
            };
            self.item(Kind::Key, name);
            self.skip("=\"".len());
            self.item(Kind::Value, bytes);
            self.skip("\"".len());
        }
    }

    /// The end of a tag in which nothing else may stand.
    fn end_tag(&mut self) {
        self.skip_space();
        if self.rest().starts_with('>') {
            return self.skip(">".len());
        }
        self.broken(0);
        if self.rest().starts_with('>') {
            self.skip(">".len());
        }
    }

    /// What cannot be read after so many signs.
    fn broken(&mut self, signs: usize) {
        self.skip(signs);
        let rest = self.rest();
        let bytes = rest.find(['<', '>', '\n']).unwrap_or(rest.len());
        self.item(Kind::Broken, bytes);
    }
}
