//! The XML of Office documents, read as a walk over elements. Document types and entities of one's own are refused.

use std::borrow::Cow;

use model::diagnostic::Diagnostic;
use model::lang::Text;
use quick_xml::XmlVersion;
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesRef, BytesStart, Event};
use quick_xml::reader::Reader;

use super::super::{Result, refusal};
use super::broken;

/// The readers above this one recurse, so depth is bounded; Word stays below 50.
const DEPTH: usize = 128;

/// What stands inside an element.
pub(super) enum Node<'x> {
    /// A child element: its reader has to consume it, by `child` until `None` or by `skip`.
    Open(Element<'x>),
    /// Characters, references resolved.
    Text(Cow<'x, str>),
}

/// An opened element.
pub(super) struct Element<'x>(BytesStart<'x>);

impl Element<'_> {
    /// The name without its prefix. Office documents mix prefixes and editions, never the local names used here.
    pub(super) fn name(&self) -> &str {
        self.0.local_name().into_inner()
    }

    /// The value of the attribute with this local name.
    pub(super) fn attribute(&self, name: &str) -> Result<Option<String>> {
        // The check for duplicates is quadratic in the number of attributes.
        for attribute in self.0.attributes().with_checks(false) {
            let attribute = attribute.map_err(|error| malformed(&error))?;
            if attribute.key.local_name().into_inner() == name {
                let value = attribute.normalized_value(XmlVersion::Implicit1_0);
                return Ok(Some(value.map_err(|error| malformed(&error))?.into_owned()));
            }
        }
        Ok(None)
    }

    /// A switch such as `<w:vanish/>`: on unless its value says off.
    pub(super) fn is_on(&self) -> Result<bool> {
        let value = self.attribute("val")?;
        Ok(!matches!(value.as_deref(), Some("0" | "false" | "off" | "none")))
    }
}

/// A walk over one part.
pub(super) struct Xml<'x> {
    reader: Reader<&'x [u8]>,
    depth: usize,
}

impl<'x> Xml<'x> {
    /// A walk over `text` from its start.
    pub(super) fn new(text: &'x str) -> Self {
        let mut reader = Reader::from_str(text);
        reader.config_mut().expand_empty_elements = true;
        Self { reader, depth: 0 }
    }

    /// Enters the root element.
    pub(super) fn root(&mut self) -> Result<Element<'x>> {
        loop {
            if let Some(Node::Open(root)) = self.child()? {
                return Ok(root);
            }
        }
    }

    /// The next node inside the element that is open; `None` at its end.
    pub(super) fn child(&mut self) -> Result<Option<Node<'x>>> {
        loop {
            match self.reader.read_event().map_err(|error| malformed(&error))? {
                Event::Start(element) => {
                    self.depth += 1;
                    if self.depth > DEPTH {
                        return Err(broken("入れ子が深すぎる", "nested too deeply"));
                    }
                    return Ok(Some(Node::Open(Element(element))));
                }
                Event::End(_) => {
                    self.depth = self.depth.saturating_sub(1);
                    return Ok(None);
                }
                Event::Text(text) => return Ok(Some(Node::Text(text.xml10_content()))),
                Event::CData(text) => return Ok(Some(Node::Text(text.xml10_content()))),
                Event::GeneralRef(reference) => return Ok(Some(Node::Text(resolved(&reference)?))),
                Event::DocType(_) => return Err(entities()),
                Event::Eof => return Err(broken("XMLが途中で終わる", "the XML ends early")),
                Event::Empty(_) | Event::Comment(_) | Event::Decl(_) | Event::PI(_) => {}
            }
        }
    }

    /// Passes over the rest of the element that is open.
    pub(super) fn skip(&mut self) -> Result<()> {
        let outside = self.depth.saturating_sub(1);
        while self.depth > outside {
            self.child()?;
        }
        Ok(())
    }

    /// The characters of the element that is open, up to its end.
    pub(super) fn text(&mut self) -> Result<String> {
        let mut out = String::new();
        while let Some(node) = self.child()? {
            match node {
                Node::Text(text) => out.push_str(&text),
                Node::Open(_) => self.skip()?,
            }
        }
        Ok(out)
    }
}

fn resolved<'x>(reference: &BytesRef<'x>) -> Result<Cow<'x, str>> {
    if let Some(c) = reference.resolve_char_ref().map_err(|error| malformed(&error))? {
        return Ok(Cow::Owned(c.to_string()));
    }
    resolve_predefined_entity(reference)
        .map(Cow::Borrowed)
        .ok_or_else(entities)
}

fn malformed(error: &dyn std::fmt::Display) -> Diagnostic {
    broken("XMLが正しくない", &error.to_string().to_lowercase())
}

fn entities() -> Diagnostic {
    refusal(
        "xml-entity",
        Text::fixed(
            "Word文書にないはずの実体や文書型の宣言があるため、読まない",
            "the document declares entities or a document type, which Word never does, and is not read",
        ),
        Text::fixed(
            "入手元を確かめる。自分で作った文書なら、Wordで.docxとして保存し直す",
            "make sure where the file comes from; if it is yours, save it as .docx again in Word",
        ),
    )
}
