//! Paragraph styles, as far as they carry numbers: headings are often numbered through their style.

use std::collections::BTreeMap;

use super::super::Result;
use super::xml::{Node, Xml};

/// How a paragraph, or a style, asks for a number.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Numbered {
    /// The list; `0` switches numbering off.
    pub(super) list: Option<String>,
    /// The level, from 0.
    pub(super) level: Option<usize>,
}

/// Every style by its id.
#[derive(Debug, Default)]
pub(super) struct Styles(BTreeMap<String, Style>);

#[derive(Debug, Default)]
struct Style {
    based_on: Option<String>,
    numbered: Numbered,
}

impl Styles {
    /// Reads `styles.xml`.
    pub(super) fn read(part: &str) -> Result<Self> {
        let mut styles = Self::default();
        let mut xml = Xml::new(part);
        xml.root()?;
        while let Some(node) = xml.child()? {
            let Node::Open(element) = node else { continue };
            match (element.name(), element.attribute("styleId")?) {
                ("style", Some(id)) => {
                    let style = style(&mut xml)?;
                    styles.0.insert(id, style);
                }
                _ => xml.skip()?,
            }
        }
        Ok(styles)
    }

    /// The list of a style and the style of its ancestry that names it: levels are linked to that one.
    pub(super) fn numbered(&self, id: &str) -> Option<(&str, &Numbered)> {
        let mut id = id;
        // Word allows eleven ancestors; a ring of styles ends here too.
        for _ in 0..16 {
            let (found, style) = self.0.get_key_value(id)?;
            if style.numbered.list.is_some() {
                return Some((found, &style.numbered));
            }
            id = style.based_on.as_deref()?;
        }
        None
    }
}

fn style(xml: &mut Xml<'_>) -> Result<Style> {
    let mut style = Style::default();
    while let Some(node) = xml.child()? {
        let Node::Open(element) = node else { continue };
        match element.name() {
            "basedOn" => {
                style.based_on = element.attribute("val")?;
                xml.skip()?;
            }
            "pPr" => {
                while let Some(node) = xml.child()? {
                    let Node::Open(element) = node else { continue };
                    match element.name() {
                        "numPr" => style.numbered = numbered(xml)?,
                        _ => xml.skip()?,
                    }
                }
            }
            _ => xml.skip()?,
        }
    }
    Ok(style)
}

/// Reads `w:numPr`.
pub(super) fn numbered(xml: &mut Xml<'_>) -> Result<Numbered> {
    let mut numbered = Numbered::default();
    while let Some(node) = xml.child()? {
        let Node::Open(element) = node else { continue };
        let value = element.attribute("val")?;
        match element.name() {
            "numId" => numbered.list = value,
            "ilvl" => numbered.level = value.and_then(|value| value.parse().ok()),
            _ => {}
        }
        xml.skip()?;
    }
    Ok(numbered)
}
