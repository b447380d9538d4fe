//! The lists of a document and their patterns (`word/numbering.xml`).
//!
//! A list (`w:num`) follows a pattern (`w:abstractNum`) of nine levels.

use std::collections::BTreeMap;

use super::super::Result;
use super::super::numeral::Numeral;
use super::styles::Styles;
use super::xml::{Element, Node, Xml};

/// Levels of a list.
pub(super) const LEVELS: usize = 9;

/// A label longer than this is no label.
const LABEL: usize = 64;

/// The lists of a document.
#[derive(Debug, Default)]
pub(super) struct Numbering {
    pub(super) patterns: BTreeMap<String, Pattern>,
    pub(super) lists: BTreeMap<String, List>,
}

#[derive(Debug, Default)]
pub(super) struct Pattern {
    pub(super) levels: BTreeMap<usize, Level>,
    /// The pattern is that of the list which this style names.
    pub(super) style: Option<String>,
}

#[derive(Debug, Default)]
pub(super) struct List {
    pub(super) pattern: String,
    pub(super) starts: BTreeMap<usize, u32>,
    pub(super) levels: BTreeMap<usize, Level>,
}

#[derive(Debug, Clone)]
pub(super) struct Level {
    pub(super) start: u32,
    pub(super) numeral: Numeral,
    /// `第%1条`: `%n` stands for the number of level n.
    pub(super) text: String,
    pub(super) suffix: &'static str,
    /// All numbers in plain digits, whatever their own levels say.
    pub(super) legal: bool,
    /// The level (from 1) whose next number restarts this one; 0 never.
    pub(super) restart: Option<usize>,
    pub(super) style: Option<String>,
}

impl Default for Level {
    fn default() -> Self {
        Self {
            start: 0,
            numeral: Numeral::Decimal,
            text: String::new(),
            suffix: "\t",
            legal: false,
            restart: None,
            style: None,
        }
    }
}

impl Numbering {
    /// Reads `numbering.xml`.
    pub(super) fn read(part: &str) -> Result<Self> {
        let mut numbering = Self::default();
        let mut xml = Xml::new(part);
        xml.root()?;
        while let Some(node) = xml.child()? {
            let Node::Open(element) = node else { continue };
            match element.name() {
                "abstractNum" => {
                    let id = element.attribute("abstractNumId")?.unwrap_or_default();
                    let pattern = pattern(&mut xml)?;
                    numbering.patterns.insert(id, pattern);
                }
                "num" => {
                    let id = element.attribute("numId")?.unwrap_or_default();
                    let list = list(&mut xml)?;
                    numbering.lists.insert(id, list);
                }
                _ => xml.skip()?,
            }
        }
        Ok(numbering)
    }

    /// The pattern with this id, or the one that its style leads to.
    pub(super) fn pattern<'n>(&'n self, id: &'n str, styles: &'n Styles) -> Option<(&'n str, &'n Pattern)> {
        let pattern = self.patterns.get(id)?;
        let Some(style) = &pattern.style else {
            return Some((id, pattern));
        };
        let (_, numbered) = styles.numbered(style)?;
        let list = self.lists.get(numbered.list.as_ref()?)?;
        Some((&list.pattern, self.patterns.get(&list.pattern)?))
    }
}

fn pattern(xml: &mut Xml<'_>) -> Result<Pattern> {
    let mut pattern = Pattern::default();
    while let Some(node) = xml.child()? {
        let Node::Open(element) = node else { continue };
        match element.name() {
            "lvl" => {
                let depth = depth(&element)?;
                let level = level(xml)?;
                pattern.levels.insert(depth, level);
            }
            "numStyleLink" => {
                pattern.style = element.attribute("val")?;
                xml.skip()?;
            }
            _ => xml.skip()?,
        }
    }
    Ok(pattern)
}

fn list(xml: &mut Xml<'_>) -> Result<List> {
    let mut list = List::default();
    while let Some(node) = xml.child()? {
        let Node::Open(element) = node else { continue };
        match element.name() {
            "abstractNumId" => {
                list.pattern = element.attribute("val")?.unwrap_or_default();
                xml.skip()?;
            }
            "lvlOverride" => {
                let depth = depth(&element)?;
                while let Some(node) = xml.child()? {
                    let Node::Open(element) = node else { continue };
                    match element.name() {
                        "startOverride" => {
                            list.starts.insert(depth, number(&element)?.unwrap_or(1));
                            xml.skip()?;
                        }
                        "lvl" => {
                            let level = level(xml)?;
                            list.levels.insert(depth, level);
                        }
                        _ => xml.skip()?,
                    }
                }
            }
            _ => xml.skip()?,
        }
    }
    Ok(list)
}

fn level(xml: &mut Xml<'_>) -> Result<Level> {
    let mut level = Level::default();
    while let Some(node) = xml.child()? {
        let Node::Open(element) = node else { continue };
        match element.name() {
            "start" => level.start = number(&element)?.unwrap_or_default(),
            "numFmt" => level.numeral = Numeral::word(&element.attribute("val")?.unwrap_or_default()),
            "lvlText" => {
                let text = element.attribute("val")?.unwrap_or_default();
                level.text = text.chars().take(LABEL).collect();
            }
            // Even where Word leaves no gap, the label has to be told from the text.
            "suff" if element.attribute("val")?.is_some_and(|suffix| suffix != "tab") => level.suffix = " ",
            "isLgl" => level.legal = element.is_on()?,
            "lvlRestart" => level.restart = number(&element)?.and_then(|value| usize::try_from(value).ok()),
            "pStyle" => level.style = element.attribute("val")?,
            // A format that older Word does not know stands beside one that it does.
            "AlternateContent" | "Choice" | "Fallback" => {
                alternative(xml, &mut level)?;
                continue;
            }
            _ => {}
        }
        xml.skip()?;
    }
    Ok(level)
}

/// Takes the number format that every edition of Word understands.
fn alternative(xml: &mut Xml<'_>, level: &mut Level) -> Result<()> {
    while let Some(node) = xml.child()? {
        let Node::Open(element) = node else { continue };
        match element.name() {
            "Choice" | "Fallback" => alternative(xml, level)?,
            "numFmt" => {
                level.numeral = Numeral::word(&element.attribute("val")?.unwrap_or_default());
                xml.skip()?;
            }
            _ => xml.skip()?,
        }
    }
    Ok(())
}

fn depth(element: &Element<'_>) -> Result<usize> {
    let depth = element.attribute("ilvl")?.and_then(|value| value.parse().ok());
    Ok(depth.unwrap_or(0).min(LEVELS - 1))
}

fn number(element: &Element<'_>) -> Result<Option<u32>> {
    Ok(element.attribute("val")?.and_then(|value| value.parse().ok()))
}
