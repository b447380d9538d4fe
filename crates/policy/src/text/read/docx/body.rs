//! Paragraphs and text boxes as lines.

use super::super::{LIMIT, Result, too_large};
use super::notes::{Notes, key};
use super::numbering::{Counters, Label};
use super::pattern::Numbering;
use super::styles::{Numbered, Styles, numbered};
use super::xml::{Element, Node, Xml};

/// Turns the main part into lines.
pub(super) struct Body<'p> {
    styles: &'p Styles,
    numbering: &'p Numbering,
    notes: &'p Notes,
    counters: Counters,
    /// The text of paragraphs whose end was deleted: it belongs to the next paragraph.
    carried: String,
    revised: bool,
    written: usize,
}

/// A paragraph while it is read.
#[derive(Default)]
struct Paragraph {
    text: String,
    label: Option<Label>,
    end_deleted: bool,
    /// Lines that belong below it: text boxes and notes.
    after: Vec<String>,
}

impl<'p> Body<'p> {
    /// A reader of one part.
    pub(super) fn new(styles: &'p Styles, numbering: &'p Numbering, notes: &'p Notes) -> Self {
        Self {
            styles,
            numbering,
            notes,
            counters: Counters::default(),
            carried: String::new(),
            revised: false,
            written: 0,
        }
    }

    /// The lines of a whole part.
    pub(super) fn read(&mut self, part: &str) -> Result<Vec<String>> {
        let mut xml = Xml::new(part);
        let mut lines = Vec::new();
        xml.root()?;
        self.blocks(&mut xml, &mut lines)?;
        if !self.carried.is_empty() {
            lines.push(std::mem::take(&mut self.carried));
        }
        Ok(lines)
    }

    /// A tracked change was met.
    pub(super) const fn note_revision(&mut self) {
        self.revised = true;
    }

    /// Whether tracked changes were met.
    pub(super) const fn revised(&self) -> bool {
        self.revised
    }

    /// Block elements up to the end of the one that is open.
    pub(super) fn blocks(&mut self, xml: &mut Xml<'_>, lines: &mut Vec<String>) -> Result<()> {
        while let Some(node) = xml.child()? {
            let Node::Open(element) = node else { continue };
            match element.name() {
                "p" => self.paragraph(xml, lines)?,
                "tbl" => self.table(xml, lines)?,
                "del" | "moveFrom" => self.deleted(xml)?,
                "AlternateContent" => self.first_choice(xml, |body, xml| body.blocks(xml, lines))?,
                name if is_property(name) => xml.skip()?,
                _ => self.blocks(xml, lines)?,
            }
        }
        Ok(())
    }

    fn paragraph(&mut self, xml: &mut Xml<'_>, lines: &mut Vec<String>) -> Result<()> {
        let mut paragraph = Paragraph::default();
        while let Some(node) = xml.child()? {
            let Node::Open(element) = node else { continue };
            if element.name() == "pPr" {
                self.properties(xml, &mut paragraph)?;
            } else {
                self.inline(&element, xml, &mut paragraph)?;
            }
        }
        self.charge(paragraph.text.len())?;
        self.carried.push_str(&paragraph.text);
        if paragraph.end_deleted {
            self.revised = true;
        } else {
            let text = std::mem::take(&mut self.carried);
            lines.extend(super::super::lines::labelled(
                paragraph.label.map(|label| (label.indent, label.text)),
                &text,
            ));
        }
        lines.append(&mut paragraph.after);
        Ok(())
    }

    /// The number is taken as soon as it is known, so that numbered text boxes inside count after it.
    fn properties(&mut self, xml: &mut Xml<'_>, paragraph: &mut Paragraph) -> Result<()> {
        let mut style = None;
        let mut own = Numbered::default();
        while let Some(node) = xml.child()? {
            let Node::Open(element) = node else { continue };
            match element.name() {
                "pStyle" => {
                    style = element.attribute("val")?;
                    xml.skip()?;
                }
                "numPr" => own = numbered(xml)?,
                "rPr" => paragraph.end_deleted = properties_delete(xml)?,
                _ => xml.skip()?,
            }
        }
        if !paragraph.end_deleted {
            paragraph.label = self
                .numbering
                .label(&mut self.counters, self.styles, style.as_deref(), &own);
        }
        Ok(())
    }

    /// One element inside a paragraph, or inside one of its runs.
    fn inline(&mut self, element: &Element<'_>, xml: &mut Xml<'_>, into: &mut Paragraph) -> Result<()> {
        match element.name() {
            "t" => into.text.push_str(&xml.text()?),
            "r" => self.run(xml, into)?,
            "tab" | "ptab" => return push(xml, into, '\t'),
            "br" | "cr" => return push(xml, into, '\n'),
            "noBreakHyphen" => return push(xml, into, '-'),
            "footnoteReference" | "endnoteReference" => {
                let note = self.notes.lines(&key(element.name(), element)?);
                let lines: Vec<String> = note.iter().map(|line| format!("※ {line}")).collect();
                self.charge(lines.iter().map(String::len).sum())?;
                into.after.extend(lines);
                xml.skip()?;
            }
            "txbxContent" => self.blocks(xml, &mut into.after)?,
            "AlternateContent" => self.first_choice(xml, |body, xml| body.inlines(xml, into))?,
            "del" | "moveFrom" => self.deleted(xml)?,
            // 変更履歴 that adds, rubies' readings, field codes.
            "ins" | "moveTo" => {
                self.revised = true;
                self.inlines(xml, into)?;
            }
            "rt" | "instrText" | "delText" | "delInstrText" => xml.skip()?,
            name if is_property(name) => xml.skip()?,
            _ => self.inlines(xml, into)?,
        }
        Ok(())
    }

    fn inlines(&mut self, xml: &mut Xml<'_>, into: &mut Paragraph) -> Result<()> {
        while let Some(node) = xml.child()? {
            if let Node::Open(element) = node {
                self.inline(&element, xml, into)?;
            }
        }
        Ok(())
    }

    /// A run of characters of one look; hidden ones are not read.
    fn run(&mut self, xml: &mut Xml<'_>, into: &mut Paragraph) -> Result<()> {
        let mut hidden = false;
        while let Some(node) = xml.child()? {
            let Node::Open(element) = node else { continue };
            match element.name() {
                "rPr" => {
                    while let Some(node) = xml.child()? {
                        let Node::Open(element) = node else { continue };
                        hidden |= element.name() == "vanish" && element.is_on()?;
                        xml.skip()?;
                    }
                }
                _ if hidden => xml.skip()?,
                _ => self.inline(&element, xml, into)?,
            }
        }
        Ok(())
    }

    /// The first choice only: the others say the same again for older programs.
    fn first_choice<'x>(
        &mut self,
        xml: &mut Xml<'x>,
        read: impl FnOnce(&mut Self, &mut Xml<'x>) -> Result<()>,
    ) -> Result<()> {
        let mut read = Some(read);
        while let Some(node) = xml.child()? {
            let Node::Open(_) = node else { continue };
            match read.take() {
                Some(read) => read(self, xml)?,
                None => xml.skip()?,
            }
        }
        Ok(())
    }

    pub(super) fn deleted(&mut self, xml: &mut Xml<'_>) -> Result<()> {
        self.revised = true;
        xml.skip()
    }

    /// Notes may be cited many times over, so what comes out is counted, not what goes in.
    fn charge(&mut self, bytes: usize) -> Result<()> {
        self.written = self.written.saturating_add(bytes).saturating_add(LINE);
        if self.written > LIMIT {
            return Err(too_large());
        }
        Ok(())
    }
}

/// What a line costs beyond its own bytes: its label, its indentation, its place in memory.
const LINE: usize = 32;

fn push(xml: &mut Xml<'_>, into: &mut Paragraph, c: char) -> Result<()> {
    into.text.push(c);
    xml.skip()
}

/// `pPr`, `tblPr`, `sectPr` and their like say how things look.
pub(super) fn is_property(name: &str) -> bool {
    name.ends_with("Pr") || name.ends_with("PrChange") || name == "tblGrid"
}

/// Whether properties mark their owner as deleted or moved away.
pub(super) fn properties_delete(xml: &mut Xml<'_>) -> Result<bool> {
    let mut deleted = false;
    while let Some(node) = xml.child()? {
        let Node::Open(element) = node else { continue };
        deleted |= matches!(element.name(), "del" | "moveFrom");
        xml.skip()?;
    }
    Ok(deleted)
}
