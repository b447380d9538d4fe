//! Fields of Word: which may stay, and where they stand in a part.
//!
//! Source: ISO/IEC 29500-1, 17.16. An instruction is spread over any number of runs; it may hold fields itself. Only the first word decides,
//! and only of a list: a name that is put together by an inner field is no name.

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use crate::class::Class;
use crate::refusal::Reason;
use crate::xml;

/// Fields that compute, number, refer inside the document or take a form's entry.
const KEPT: &[&str] = &[
    "=",
    "ADDRESSBLOCK",
    "ADVANCE",
    "AUTHOR",
    "AUTONUM",
    "AUTONUMLGL",
    "AUTONUMOUT",
    "BIBLIOGRAPHY",
    "BIDIOUTLINE",
    "CITATION",
    "COMMENTS",
    "COMPARE",
    "CREATEDATE",
    "DATE",
    "DOCPROPERTY",
    "DOCVARIABLE",
    "EDITTIME",
    "EQ",
    "FILENAME",
    "FILESIZE",
    "FORMCHECKBOX",
    "FORMDROPDOWN",
    "FORMTEXT",
    "FORMULA",
    "GOTOBUTTON",
    "GREETINGLINE",
    "IF",
    "INDEX",
    "INFO",
    "KEYWORDS",
    "LASTSAVEDBY",
    "LISTNUM",
    "MERGEFIELD",
    "MERGEREC",
    "MERGESEQ",
    "NEXT",
    "NEXTIF",
    "NOTEREF",
    "NUMCHARS",
    "NUMPAGES",
    "NUMWORDS",
    "PAGE",
    "PAGEREF",
    "PRINTDATE",
    "QUOTE",
    "REF",
    "REVNUM",
    "SAVEDATE",
    "SECTION",
    "SECTIONPAGES",
    "SEQ",
    "SET",
    "SKIPIF",
    "STYLEREF",
    "SUBJECT",
    "SYMBOL",
    "TA",
    "TC",
    "TEMPLATE",
    "TIME",
    "TITLE",
    "TOA",
    "TOC",
    "USERADDRESS",
    "USERINITIALS",
    "USERNAME",
    "XE",
];

/// What is thought of an instruction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    /// It stays.
    Kept,
    /// It is of this class.
    Told(Class),
}

/// Judges an instruction.
pub(super) fn verdict(instruction: &str) -> Verdict {
    let instruction = instruction.trim_start();
    if instruction.starts_with('=') {
        return Verdict::Kept;
    }
    let name = instruction
        .split([' ', '\t', '\n', '\r', '"', '\\', '\u{3000}'])
        .next()
        .unwrap_or_default()
        .to_ascii_uppercase();
    if name == "HYPERLINK" {
        // `\l` alone leads to a place of the document itself.
        let inside = instruction
            .get(name.len()..)
            .unwrap_or_default()
            .trim_start()
            .starts_with("\\l");
        return if inside {
            Verdict::Kept
        } else {
            Verdict::Told(Class::Hyperlink)
        };
    }
    // A cross-reference to a bookmark may leave out REF; a bookmark's name is not a name that is known, and only its result stays.
    if KEPT.contains(&name.as_str()) {
        Verdict::Kept
    } else {
        Verdict::Told(Class::FetchingField)
    }
}

/// The verdict on each field of a part, in the order of their beginnings.
///
/// # Errors
/// The part is not well formed.
pub(super) fn verdicts(text: &str) -> Result<Vec<Verdict>, Reason> {
    if !text.contains("fldChar") {
        return Ok(Vec::new());
    }
    let mut reading = Reading::default();
    let mut reader = Reader::from_str(text);
    loop {
        match reader.read_event().map_err(|_| xml::broken())? {
            Event::Start(start) | Event::Empty(start) if start.local_name().as_ref() == "fldChar" => {
                reading.mark(&start)
            }
            Event::Start(start) => {
                reading.instruction = matches!(start.local_name().as_ref(), "instrText" | "delInstrText")
            }
            Event::End(_) => reading.instruction = false,
            Event::Text(piece) => reading.take(&piece),
            Event::CData(piece) => reading.take(&piece),
            Event::GeneralRef(name) if reading.instruction => {
                let character = xml::reference(&name)?;
                reading.take(character.encode_utf8(&mut [0; 4]));
            }
            Event::Eof => return Ok(reading.judged()),
            _ => {}
        }
    }
}

/// Fields as far as they are read.
#[derive(Debug, Default)]
struct Reading {
    /// The instruction of every field.
    instructions: Vec<String>,
    /// Fields that have begun and not ended: which, and whether their instruction is over.
    open: Vec<(usize, bool)>,
    /// Are we in a text that is an instruction?
    instruction: bool,
}

impl Reading {
    fn mark(&mut self, start: &BytesStart<'_>) {
        match kind(start).as_deref() {
            Some("begin") => {
                self.open.push((self.instructions.len(), false));
                self.instructions.push(String::new());
            }
            Some("separate") => {
                if let Some((_, over)) = self.open.last_mut() {
                    *over = true;
                }
            }
            _ => {
                self.open.pop();
            }
        }
    }

    fn take(&mut self, piece: &str) {
        if let (true, Some((field, false))) = (self.instruction, self.open.last())
            && let Some(instruction) = self.instructions.get_mut(*field)
        {
            instruction.push_str(piece);
        }
    }

    fn judged(self) -> Vec<Verdict> {
        self.instructions
            .iter()
            .map(|instruction| verdict(instruction))
            .collect()
    }
}

/// Is it a begin, a separate, an end?
fn kind(start: &BytesStart<'_>) -> Option<String> {
    let mut attributes = start.attributes().flatten();
    let kind = attributes.find(|attribute| attribute.key.local_name().as_ref() == "fldCharType")?;
    Some(kind.value.trim().to_owned())
}
