//! The boxes that Excel shows a sheet's comments in: an old drawing language (VML), of which nothing is carried over. They are drawn anew,
//! one for each comment, beside its cell.
//!
//! Source: ISO/IEC 29500-4, 19 (VML), and what Excel needs of it to open a sheet with comments.

use std::fmt::Write as _;

use quick_xml::Reader;
use quick_xml::events::Event;

use crate::refusal::Reason;
use crate::xml;

/// Columns and rows of a sheet.
const COLUMNS: u32 = 16_384;
const ROWS: u32 = 1_048_576;

/// The drawing for the comments of a part.
pub(super) fn draw(comments: &str) -> Result<Vec<u8>, Reason> {
    let mut drawing = String::from(
        "<xml xmlns:v=\"urn:schemas-microsoft-com:vml\" xmlns:o=\"urn:schemas-microsoft-com:office:office\" \
         xmlns:x=\"urn:schemas-microsoft-com:office:excel\">\
         <o:shapelayout v:ext=\"edit\"><o:idmap v:ext=\"edit\" data=\"1\"/></o:shapelayout>\
         <v:shapetype id=\"_x0000_t202\" coordsize=\"21600,21600\" o:spt=\"202\" path=\"m,l,21600r21600,l21600,xe\">\
         <v:stroke joinstyle=\"miter\"/><v:path gradientshapeok=\"t\" o:connecttype=\"rect\"/></v:shapetype>",
    );
    for (index, (column, row)) in cells(comments)?.into_iter().enumerate() {
        let (left, top) = ((column + 1).min(COLUMNS - 3), row.saturating_sub(1));
        let _ = write!(
            drawing,
            "<v:shape id=\"_x0000_s{}\" type=\"#_x0000_t202\" style=\"position:absolute;visibility:hidden\" fillcolor=\"#ffffe1\" o:insetmode=\"auto\">\
             <v:fill color2=\"#ffffe1\"/><v:shadow on=\"t\" color=\"black\" obscured=\"t\"/><v:path o:connecttype=\"none\"/>\
             <v:textbox style=\"mso-direction-alt:auto\"/><x:ClientData ObjectType=\"Note\"><x:MoveWithCells/><x:SizeWithCells/>\
             <x:Anchor>{left}, 15, {top}, 10, {}, 15, {}, 4</x:Anchor><x:AutoFill>False</x:AutoFill><x:Row>{row}</x:Row>\
             <x:Column>{column}</x:Column></x:ClientData></v:shape>",
            1_025 + index,
            left + 2,
            top + 4,
        );
    }
    drawing.push_str("</xml>");
    Ok(drawing.into_bytes())
}

/// The cells that have a comment: column and row from nought.
fn cells(comments: &str) -> Result<Vec<(u32, u32)>, Reason> {
    let mut cells = Vec::new();
    let mut reader = Reader::from_str(comments);
    loop {
        match reader.read_event().map_err(|_| xml::broken())? {
            Event::Start(start) | Event::Empty(start) if start.local_name().as_ref() == "comment" => {
                let reference = start
                    .attributes()
                    .flatten()
                    .find(|attribute| attribute.key.as_ref() == "ref");
                cells.extend(reference.and_then(|reference| cell(&reference.value)));
            }
            Event::DocType(_) => return Err(xml::document_type()),
            Event::Eof => return Ok(cells),
            _ => {}
        }
    }
}

/// `B3` as column and row from nought.
fn cell(reference: &str) -> Option<(u32, u32)> {
    let digits = reference.find(|character: char| character.is_ascii_digit())?;
    let (letters, digits) = reference.split_at_checked(digits)?;
    let mut column = 0_u32;
    for letter in letters.bytes() {
        let value = letter.is_ascii_uppercase().then(|| u32::from(letter - b'A') + 1)?;
        column = column.checked_mul(26)?.checked_add(value)?;
    }
    let (column, row) = (column.checked_sub(1)?, digits.parse::<u32>().ok()?.checked_sub(1)?);
    (column < COLUMNS && row < ROWS).then_some((column, row))
}
