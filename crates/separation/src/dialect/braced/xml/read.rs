//! Tags, values, texts → words, put into the tree.

use std::borrow::Cow;

use model::lang::Text;

use super::super::lex::{self, Token};
use super::super::reading::is_in;
use super::super::tree::{Tree, unread};
use super::{Item, Kind, items};
use crate::device::Line;
use crate::dialect::statement::Refusal;
use crate::source::Source;

/// Elements in more elements are not followed.
const DEEPEST: usize = 48;

/// Attributes that say where an element came from and when, and what the file is.
pub(in super::super) const BESIDE: &str =
    "version detail-version urldb uuid loc src ptemplate admin dirtyId time status code";

/// Of those, the ones by which the file is known, and that are no secret.
const SHOWN: &str = "version detail-version urldb";

/// Reads a document into the tree; its words, for what is shown of its lines.
pub(in super::super) fn read(tree: &mut Tree<'_>, text: &Source, file: u16) -> Vec<Token> {
    let mut reader = Reader {
        tree,
        text,
        file,
        open: Vec::new(),
        tokens: Vec::new(),
    };
    let all = items(text.text());
    let mut rest = all.as_slice();
    while let Some((item, others)) = rest.split_first() {
        rest = reader.item(*item, others);
    }
    if !reader.open.is_empty() {
        let line = all.last().map_or(1, |item| item.line);
        let why = Text::fixed(
            "ここで終わっている。途中に閉じていない要素がある",
            "the file ends here, and an element before it is not closed",
        );
        reader.refuse(line, why);
    }
    reader.tokens
}

/// An element that is not closed yet.
struct Element<'t> {
    name: &'t str,
    of: Of,
    /// Where its words are put.
    place: Vec<usize>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Of {
    /// A word of its own.
    Word,
    /// `<entry name="…">`: the name is the word.
    Entry,
    /// `<member>`: its text is the word.
    Member,
}

struct Reader<'r, 's, 't> {
    tree: &'r mut Tree<'s>,
    text: &'t Source,
    file: u16,
    open: Vec<Element<'t>>,
    tokens: Vec<Token>,
}

impl<'t> Reader<'_, '_, 't> {
    fn refuse(&mut self, line: u32, why: Refusal) {
        let file = self.file;
        self.tree.unread.push(unread(Line { file, number: line }, why));
    }

    fn of(&self, item: Item) -> &'t str {
        item.span.of(self.text.text()).unwrap_or_default()
    }

    /// Reads one part and those that belong to it; the others.
    fn item<'i>(&mut self, item: Item, others: &'i [Item]) -> &'i [Item] {
        match item.kind {
            Kind::Open => return self.element(item, others),
            Kind::Close => self.close(item),
            Kind::Text => self.words(item),
            Kind::Comment => {}
            Kind::Key | Kind::Value | Kind::Empty | Kind::Broken => {
                let why = Text::fixed("XML として読めない", "this cannot be read as XML");
                self.refuse(item.line, why);
            }
        }
        others
    }

    fn element<'i>(&mut self, item: Item, mut others: &'i [Item]) -> &'i [Item] {
        let mut name = None;
        while let [key, value, rest @ ..] = others
            && key.kind == Kind::Key
        {
            others = rest;
            match self.of(*key) {
                "name" if !self.of(*value).is_empty() => name = Some(*value),
                key if is_in(BESIDE, key) => {
                    if is_in(SHOWN, key) {
                        self.text.keep(value.span);
                    }
                }
                _ => {
                    let why = Text::fixed("知らない属性", "an unknown attribute");
                    self.refuse(value.line, why);
                }
            }
        }
        let word = self.of(item);
        let of = match word {
            "entry" => Of::Entry,
            "member" => Of::Member,
            _ => Of::Word,
        };
        let outer = self.open.last().map(|element| element.place.clone());
        let mut place = outer.unwrap_or_default();
        if self.open.len() >= DEEPEST {
            self.refuse(
                item.line,
                Text::fixed("要素が深すぎる", "elements in too many elements"),
            );
        } else {
            match (of, name) {
                (Of::Word, None) if !word.is_empty() => self.word(&mut place, word, item),
                (Of::Entry, Some(name)) => {
                    self.text.keep(item.span);
                    self.tokens.push(token(item));
                    let word = plain(self.of(name));
                    self.word(&mut place, &word, name);
                }
                (Of::Member, None) => {
                    self.text.keep(item.span);
                    self.tokens.push(token(item));
                }
                _ => {
                    let why = Text::fixed(
                        "名前の付き方が読めない要素",
                        "an element without its name, or with a strange one",
                    );
                    self.refuse(item.line, why);
                }
            }
        }
        let empty = others.split_first().filter(|(next, _)| next.kind == Kind::Empty);
        match empty {
            Some((_, rest)) => others = rest,
            None => self.open.push(Element { name: word, of, place }),
        }
        others
    }

    fn close(&mut self, item: Item) {
        let name = self.of(item);
        let Some(element) = self.open.pop_if(|element| element.name == name) else {
            let why = Text::fixed("開いていない要素が閉じている", "an element is closed that is not open");
            return self.refuse(item.line, why);
        };
        if element.of == Of::Word {
            if let Some(node) = self.tree.all.below(&element.place) {
                node.spans.push((self.file, item.span));
            }
        } else {
            self.text.keep(item.span);
        }
        let file = self.file;
        if let Some(node) = self.tree.all.below(&element.place)
            && node.line.is_some_and(|line| line.file == file)
        {
            node.last_line = node.last_line.max(item.line);
        }
    }

    /// The text of an element is a word below it.
    fn words(&mut self, item: Item) {
        let Some(element) = self.open.last().filter(|element| element.of != Of::Entry) else {
            let why = Text::fixed("ここにあるはずのない文字がある", "text that has no place here");
            return self.refuse(item.line, why);
        };
        let mut place = element.place.clone();
        let word = plain(self.of(item));
        self.word(&mut place, &word, item);
    }

    /// Puts a word below a place, which is its own then.
    fn word(&mut self, place: &mut Vec<usize>, word: &str, item: Item) {
        let token = token(item);
        self.tokens.push(token);
        if let Some(node) = self.tree.all.below(place) {
            place.push(node.insert(word, self.file, &token));
        }
    }
}

const fn token(item: Item) -> Token {
    Token {
        kind: lex::Kind::Word,
        span: item.span,
        line: item.line,
    }
}

/// A text with what stands for single signs as these signs.
fn plain(text: &str) -> Cow<'_, str> {
    if !text.contains('&') {
        return Cow::Borrowed(text);
    }
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('&') {
        plain.push_str(before);
        let sign = after
            .split_once(';')
            .and_then(|(name, after)| Some((sign(name)?, after)));
        (rest, _) = match sign {
            Some((sign, after)) => (after, plain.push(sign)),
            None => (after, plain.push('&')),
        };
    }
    plain.push_str(rest);
    Cow::Owned(plain)
}

fn sign(name: &str) -> Option<char> {
    Some(match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        name => {
            let number = name.strip_prefix('#')?;
            let number = match number.strip_prefix('x') {
                Some(digits) => u32::from_str_radix(digits, 16).ok()?,
                None => number.parse().ok()?,
            };
            char::from_u32(number)?
        }
    })
}
