//! The document that is written while tokens come in.

use std::fmt::Write;

use super::characters::{Page, Pages, put};
use super::picture::Digits;
use super::token::Token;
use super::words::{self, Meaning};
use super::{field, order};
use crate::class::Class;
use crate::job::Job;
use crate::refusal::Reason;
use crate::text;

/// What text in a group is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Content {
    /// It is read.
    Text,
    /// As text; bytes below 0x20 are numbers.
    Numbers,
    /// Names of fonts.
    Fonts,
    /// What a field does.
    Instruction,
    /// Digits of a picture.
    Picture,
    /// It goes.
    Nothing,
}

/// An open group.
#[derive(Debug, Clone)]
struct Group {
    content: Content,
    /// The opening brace was written.
    written: bool,
    /// Nothing was met in it yet but perhaps a star.
    fresh: bool,
    starred: bool,
    /// It is where the content above begins: its end ends that.
    begins: bool,
    /// The field of this group was written as one.
    field: bool,
    /// Characters after `\u` that say the same for old readers.
    fallback: usize,
    font: Option<i32>,
}

/// A document as far as it is written.
pub(super) struct Writer<'j, 'p> {
    job: &'j mut Job<'p>,
    out: String,
    groups: Vec<Group>,
    pages: Pages,
    /// Bytes of text that wait to be read together: a character may have two.
    bytes: Vec<u8>,
    /// A first half of a character beyond 16 bits.
    half: Option<u16>,
    skip: usize,
    instruction: String,
    nested: bool,
    picture: Digits,
    ended: bool,
}

impl<'j, 'p> Writer<'j, 'p> {
    pub(super) fn new(job: &'j mut Job<'p>) -> Self {
        Self {
            job,
            out: String::new(),
            groups: Vec::new(),
            pages: Pages::default(),
            bytes: Vec::new(),
            half: None,
            skip: 0,
            instruction: String::new(),
            nested: false,
            picture: Digits::default(),
            ended: false,
        }
    }

    pub(super) const fn ended(&self) -> bool {
        self.ended
    }

    pub(super) fn finished(self) -> Result<String, Reason> {
        if self.ended && self.out.starts_with("{\\rtf1") {
            Ok(self.out)
        } else {
            Err(order())
        }
    }

    /// May characters have two bytes here?
    pub(super) fn double_bytes(&self) -> bool {
        let Some(group) = self.groups.last() else {
            return false;
        };
        group.content != Content::Picture && self.pages.of(group.font).double_bytes()
    }

    pub(super) fn token(&mut self, token: &Token<'_>) -> Result<(), Reason> {
        if !matches!(token, Token::Byte(_)) {
            self.flush()?;
        }
        match token {
            Token::Open => return self.open(),
            Token::Close => return self.close(),
            _ if self.groups.is_empty() => return Err(order()),
            _ if self.skip > 0 => {
                self.skip -= 1;
                return Ok(());
            }
            Token::Symbol(b'*') => {
                let group = self.group()?;
                group.starred = group.fresh;
                return Ok(());
            }
            _ => {}
        }
        match token {
            Token::Word(word, number) => self.word(word, *number),
            Token::Byte(byte) => self.byte(*byte),
            Token::Symbol(symbol) => self.symbol(*symbol),
            Token::Binary(bytes) => self.binary(bytes),
            Token::Open | Token::Close => Ok(()),
        }
    }

    fn group(&mut self) -> Result<&mut Group, Reason> {
        self.groups.last_mut().ok_or_else(order)
    }

    fn content(&self) -> Content {
        self.groups.last().map_or(Content::Nothing, |group| group.content)
    }

    fn open(&mut self) -> Result<(), Reason> {
        self.skip = 0;
        self.settle()?;
        self.job.budget.element(self.groups.len())?;
        let parent = self.groups.last();
        let content = match parent.map(|parent| parent.content) {
            Some(Content::Picture) => Content::Nothing,
            other => other.unwrap_or(Content::Text),
        };
        self.groups.push(Group {
            content,
            written: false,
            fresh: true,
            starred: false,
            begins: false,
            field: false,
            fallback: parent.map_or(1, |parent| parent.fallback),
            font: parent.and_then(|parent| parent.font),
        });
        Ok(())
    }

    /// Writes the brace of the group if that was not done: something of it stays.
    fn settle(&mut self) -> Result<(), Reason> {
        let Some(group) = self.groups.last_mut() else {
            return Ok(());
        };
        // A group that says it may be skipped, and of which nobody knows what it is.
        if group.fresh && group.starred {
            group.content = Content::Nothing;
        }
        group.fresh = false;
        if !group.written && matches!(group.content, Content::Text | Content::Numbers | Content::Fonts) {
            group.written = true;
            self.out.push('{');
        }
        Ok(())
    }

    fn close(&mut self) -> Result<(), Reason> {
        self.skip = 0;
        self.half = None;
        let group = self.groups.pop().ok_or_else(order)?;
        match group.content {
            Content::Instruction if group.begins => self.end_instruction()?,
            Content::Picture if group.begins => {
                let picture = std::mem::take(&mut self.picture);
                self.out.push_str(&picture.written(self.job)?);
            }
            _ => {}
        }
        if group.written {
            self.out.push('}');
        }
        self.ended = self.groups.is_empty();
        Ok(())
    }

    fn word(&mut self, word: &str, number: Option<i32>) -> Result<(), Reason> {
        let group = self.group()?;
        let (starred, content) = (group.starred && group.fresh, group.content);
        if content == Content::Nothing {
            return Ok(());
        }
        if content == Content::Picture {
            return self.of_picture(word, number, starred);
        }
        let Some(meaning) = words::meaning(word) else {
            return self.unknown(word, number, starred);
        };
        match meaning {
            Meaning::Layout => self.layout(word, number),
            Meaning::Ignored => self.ignored(word, number),
            Meaning::Dropped(class) => {
                self.job.found_at(class, word)?;
                self.turn_into(Content::Nothing)
            }
            Meaning::Skipped => self.turn_into(Content::Nothing),
            Meaning::Field if content == Content::Instruction => {
                self.nested = true;
                Ok(())
            }
            Meaning::Instruction if content != Content::Instruction => {
                self.instruction.clear();
                self.nested = false;
                self.begin(Content::Instruction)
            }
            _ if content == Content::Instruction => Ok(()),
            Meaning::Picture => {
                self.picture = Digits::default();
                self.begin(Content::Picture)
            }
            Meaning::Field | Meaning::Transparent | Meaning::Instruction => {
                if word == "shpinst" {
                    self.job.found_at(Class::UnknownElement, word)?;
                }
                self.group()?.starred = false;
                self.settle()
            }
            Meaning::Result => self.result(),
            Meaning::Destination | Meaning::Optional | Meaning::Numbers | Meaning::Fonts => {
                self.destination(word, number, meaning)
            }
        }
    }

    /// A word in a picture: only its size counts. What it is made of is seen from its bytes.
    fn of_picture(&mut self, word: &str, number: Option<i32>, starred: bool) -> Result<(), Reason> {
        if words::PICTURE.contains(&word) {
            self.picture.size(word, number.unwrap_or(0));
        } else if let Some(Meaning::Dropped(class)) = words::meaning(word) {
            self.job.found_at(class, word)?;
            self.turn_into(Content::Nothing)?;
        } else if starred {
            self.turn_into(Content::Nothing)?;
        }
        Ok(())
    }

    /// A word that nobody knows: skipped with its group if that says it may be, otherwise alone.
    fn unknown(&mut self, word: &str, number: Option<i32>, starred: bool) -> Result<(), Reason> {
        if word == "u" {
            return self.unicode(number.unwrap_or(0));
        }
        if starred {
            self.job.found_at(Class::UnknownElement, word)?;
            return self.turn_into(Content::Nothing);
        }
        Ok(())
    }

    fn layout(&mut self, word: &str, number: Option<i32>) -> Result<(), Reason> {
        match word {
            "revised" | "deleted" if number != Some(0) => {
                self.job.found(Class::TrackedChange)?;
            }
            "v" if number != Some(0) => {
                self.job.found(Class::Hidden)?;
            }
            _ => {}
        }
        self.settle()?;
        let content = self.content();
        let group = self.group()?;
        match (word, number) {
            ("f", font) => group.font = font,
            ("plain", _) => group.font = None,
            ("fcharset", Some(charset)) if content == Content::Fonts => {
                if let Some(font) = group.font {
                    self.pages.set_font(font, charset);
                }
            }
            _ => {}
        }
        match content {
            Content::Text | Content::Numbers | Content::Fonts => self.put_word(word, number),
            Content::Instruction if matches!(word, "tab" | "par" | "line") => self.instruction.push(' '),
            Content::Instruction | Content::Picture | Content::Nothing => {}
        }
        Ok(())
    }

    fn put_word(&mut self, word: &str, number: Option<i32>) {
        let number = number.map(|number| number.to_string()).unwrap_or_default();
        // Writing to a string cannot fail.
        let _ = write!(self.out, "\\{word}{number} ");
    }

    /// Words about how the file is written. That is said anew, once.
    fn ignored(&mut self, word: &str, number: Option<i32>) -> Result<(), Reason> {
        match (word, number) {
            ("rtf", _) if self.groups.len() == 1 && self.out.is_empty() => {
                self.settle()?;
                self.out.push_str("\\rtf1\\ansi\\ansicpg932\\uc1 ");
            }
            ("ansicpg", Some(page)) => self.pages.set_document(page),
            ("mac", _) => self.pages.set_document(10_000),
            ("pc", _) => self.pages.set_document(437),
            ("pca", _) => self.pages.set_document(850),
            ("uc", Some(count)) => self.group()?.fallback = usize::try_from(count).map_err(|_| order())?,
            _ => {}
        }
        Ok(())
    }

    fn turn_into(&mut self, content: Content) -> Result<(), Reason> {
        self.group()?.content = content;
        Ok(())
    }

    fn begin(&mut self, content: Content) -> Result<(), Reason> {
        let group = self.group()?;
        (group.content, group.begins, group.starred, group.fresh) = (content, true, false, false);
        Ok(())
    }

    fn destination(&mut self, word: &str, number: Option<i32>, meaning: Meaning) -> Result<(), Reason> {
        if word == "annotation" {
            self.job.found(Class::Comment)?;
        }
        let group = self.group()?;
        let star = group.fresh && (group.starred && words::starred(meaning));
        group.starred = false;
        match meaning {
            Meaning::Numbers => group.content = Content::Numbers,
            Meaning::Fonts => group.content = Content::Fonts,
            _ => {}
        }
        self.settle()?;
        if star {
            self.out.push_str("\\*");
        }
        self.put_word(word, number);
        Ok(())
    }

    fn result(&mut self) -> Result<(), Reason> {
        let parent = self
            .groups
            .len()
            .checked_sub(2)
            .and_then(|parent| self.groups.get(parent));
        let field = parent.is_some_and(|parent| parent.field);
        self.group()?.starred = false;
        self.settle()?;
        if field {
            self.put_word("fldrslt", None);
        }
        Ok(())
    }

    fn end_instruction(&mut self) -> Result<(), Reason> {
        let instruction = std::mem::take(&mut self.instruction);
        let instruction = text::cleaned(self.job, instruction)?;
        if let Some(kept) = field::kept(self.job, &instruction, self.nested)? {
            self.group()?.field = true;
            self.out.push_str("\\field{\\*\\fldinst ");
            kept.chars().for_each(|character| put(&mut self.out, character));
            self.out.push('}');
        }
        Ok(())
    }

    fn byte(&mut self, byte: u8) -> Result<(), Reason> {
        match self.content() {
            Content::Nothing => {}
            Content::Picture => self.picture.digit(byte)?,
            _ => self.bytes.push(byte),
        }
        Ok(())
    }

    fn binary(&mut self, bytes: &[u8]) -> Result<(), Reason> {
        match self.content() {
            Content::Picture => self.picture.binary(bytes),
            Content::Nothing => {}
            _ => {
                self.job.found(Class::StrayBytes)?;
            }
        }
        Ok(())
    }

    fn symbol(&mut self, symbol: u8) -> Result<(), Reason> {
        match (self.content(), symbol) {
            (Content::Text | Content::Fonts | Content::Numbers, b'~' | b'_' | b'-') => {
                self.settle()?;
                self.out.push('\\');
                self.out.push(char::from(symbol));
            }
            (Content::Instruction, b'~') => self.instruction.push(' '),
            _ => {}
        }
        Ok(())
    }

    /// A number of Unicode: 16 bits, with a sign.
    fn unicode(&mut self, number: i32) -> Result<(), Reason> {
        self.skip = self.group()?.fallback;
        let unit = u16::try_from(number)
            .or_else(|_| i16::try_from(number).map(i16::cast_unsigned))
            .map_err(|_| order())?;
        let units = match self.half.take() {
            Some(half) => vec![half, unit],
            None if (0xD800..0xDC00).contains(&unit) => {
                self.half = Some(unit);
                return Ok(());
            }
            None => vec![unit],
        };
        let text = String::from_utf16(&units).map_err(|_| order())?;
        self.text(&text)
    }

    /// Reads the bytes that wait.
    fn flush(&mut self) -> Result<(), Reason> {
        if self.bytes.is_empty() {
            return Ok(());
        }
        let bytes = std::mem::take(&mut self.bytes);
        let font = self.groups.last().and_then(|group| group.font);
        let page = self.pages.of(font);
        if self.content() == Content::Numbers || matches!(page, Page::Symbols) {
            return self.numbers(&bytes, page);
        }
        let text = page.read(&bytes)?;
        self.text(&text)
    }

    /// Bytes of which some are numbers, or signs of a font: those are passed on as they are.
    fn numbers(&mut self, bytes: &[u8], page: Page) -> Result<(), Reason> {
        self.settle()?;
        let symbols = matches!(page, Page::Symbols);
        for run in bytes.chunk_by(|one, other| (*one < 0x20) == (*other < 0x20)) {
            if symbols || run.first().is_some_and(|byte| *byte < 0x20) {
                for byte in run {
                    match byte {
                        b' '..=b'~' => put(&mut self.out, char::from(*byte)),
                        other => {
                            let _ = write!(self.out, "\\'{other:02x}");
                        }
                    }
                }
            } else {
                let text = page.read(run)?;
                self.text(&text)?;
            }
        }
        Ok(())
    }

    fn text(&mut self, text: &str) -> Result<(), Reason> {
        match self.content() {
            Content::Text | Content::Numbers | Content::Fonts => {
                self.settle()?;
                let text = text::cleaned(self.job, text.to_owned())?;
                text.chars().for_each(|character| put(&mut self.out, character));
            }
            Content::Instruction => self.instruction.push_str(text),
            Content::Picture | Content::Nothing => {}
        }
        Ok(())
    }
}
