//! The same tree as XML, as the devices of Palo Alto Networks export it.
//!
//! An element is a word of the tree, `<entry name="web">` is the word `web`, `<member>any</member>` and the text of an element are words
//! below it. So `<from><member>trust</member></from>` is `from trust`. Documents have no types and no entities of their own: a file
//! with such is not understood.

mod lex;
mod read;

pub(in crate::dialect) use self::lex::is_xml;
pub(super) use self::lex::{Item, Kind, items};
pub(super) use self::read::{BESIDE, read};
