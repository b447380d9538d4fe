//! Tables as lines.

use super::super::{Result, lines};
use super::body::{Body, is_property, properties_delete};
use super::xml::{Node, Xml};

impl Body<'_> {
    /// Rows of a table, one line each; a cell of several paragraphs takes several lines.
    pub(super) fn table(&mut self, xml: &mut Xml<'_>, out: &mut Vec<String>) -> Result<()> {
        while let Some(node) = xml.child()? {
            let Node::Open(element) = node else { continue };
            match element.name() {
                "tr" => self.row(xml, out)?,
                "del" | "moveFrom" => self.deleted(xml)?,
                name if is_property(name) => xml.skip()?,
                _ => self.table(xml, out)?,
            }
        }
        Ok(())
    }

    fn row(&mut self, xml: &mut Xml<'_>, out: &mut Vec<String>) -> Result<()> {
        let mut cells = Vec::new();
        let deleted = self.cells(xml, &mut cells)?;
        if deleted {
            self.note_revision();
        } else {
            out.extend(lines::row(cells));
        }
        Ok(())
    }

    /// Collects the cells of a row; whether the row is a deleted one.
    fn cells(&mut self, xml: &mut Xml<'_>, cells: &mut Vec<Vec<String>>) -> Result<bool> {
        let mut deleted = false;
        while let Some(node) = xml.child()? {
            let Node::Open(element) = node else { continue };
            match element.name() {
                "tc" => {
                    let mut cell = Vec::new();
                    self.blocks(xml, &mut cell)?;
                    cells.push(cell);
                }
                "trPr" => deleted |= properties_delete(xml)?,
                name if is_property(name) => xml.skip()?,
                _ => deleted |= self.cells(xml, cells)?,
            }
        }
        Ok(deleted)
    }
}
