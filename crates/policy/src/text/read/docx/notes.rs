//! Footnotes and endnotes.

use std::collections::BTreeMap;

use super::super::Result;
use super::body::Body;
use super::pattern::Numbering;
use super::styles::Styles;
use super::xml::{Element, Node, Xml};

/// Footnotes and endnotes by kind and id.
#[derive(Debug, Default)]
pub(super) struct Notes(BTreeMap<String, Vec<String>>);

impl Notes {
    /// The lines of a note; none where it does not exist.
    pub(super) fn lines(&self, key: &str) -> &[String] {
        self.0.get(key).map_or(&[], Vec::as_slice)
    }

    /// Adds the notes of `footnotes.xml` or `endnotes.xml`.
    pub(super) fn read(&mut self, part: &str, styles: &Styles, numbering: &Numbering) -> Result<()> {
        let none = Self::default();
        let mut body = Body::new(styles, numbering, &none);
        let mut xml = Xml::new(part);
        xml.root()?;
        while let Some(node) = xml.child()? {
            let Node::Open(element) = node else { continue };
            // The other kinds are the lines drawn above notes.
            let is_note = element.attribute("type")?.is_none_or(|kind| kind == "normal");
            let key = key(element.name(), &element)?;
            let mut lines = Vec::new();
            body.blocks(&mut xml, &mut lines)?;
            if is_note {
                lines.retain(|line| !line.trim().is_empty());
                self.0.insert(key, lines);
            }
        }
        Ok(())
    }
}

/// `footnote` and `footnoteReference` share an id.
pub(super) fn key(name: &str, element: &Element<'_>) -> Result<String> {
    let kind = name.trim_end_matches("Reference");
    let id = element.attribute("id")?.unwrap_or_default();
    Ok(format!("{kind} {id}"))
}
