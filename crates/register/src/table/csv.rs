//! CSV and tab-separated text (RFC 4180).
//!
//! A scanner of our own: rows keep the numbers that a spreadsheet program shows, blank lines included; a quote that is
//! never closed is a fault and not the rest of the file in one cell; and any cell's place in the source is found again
//! from the offset of its row. In tests the `csv` crate is the oracle.

use std::borrow::Cow;

use model::diagnostic::Span;
use model::lang::Text;

use crate::cell::Cell;
use crate::fault::{Fault, Place};
use crate::table::{CELL_BYTES, COLUMNS, ROW_BYTES, ROWS, Row, column_letters, row_fault, too_long};

/// A decoded file and where its rows begin.
#[derive(Debug, Clone)]
pub(super) struct Csv {
    text: String,
    delimiter: u8,
    rows: Vec<Start>,
}

/// Where a row that is not blank begins.
#[derive(Debug, Clone, Copy)]
struct Start {
    offset: usize,
    line: u32,
    row: u32,
}

/// One cell in the source.
struct Raw {
    /// The cell, quotes included.
    start: usize,
    end: usize,
    quoted: bool,
    /// First byte after the separator.
    next: usize,
    ends_row: bool,
}

/// What a scan may run into.
enum Broken {
    Unclosed,
    AfterQuote,
    TooLong,
}

impl Csv {
    /// # Errors
    /// The first place where the text is no table, or too large for one.
    pub(super) fn new(file: &str, text: String) -> Result<Self, Box<Fault>> {
        let mut csv = Self {
            delimiter: delimiter(&text),
            text,
            rows: Vec::new(),
        };
        csv.rows = csv.scan().map_err(|fault| Box::new(fault.file(file)))?;
        Ok(csv)
    }

    pub(super) fn text(&self) -> &str {
        &self.text
    }

    pub(super) fn len(&self) -> usize {
        self.rows.len()
    }

    pub(super) fn row(&self, index: usize) -> Option<Row<'_>> {
        let start = self.rows.get(index)?;
        let cells = self.cells(start.offset).map(|raw| self.cell(&raw)).collect();
        Some(Row {
            number: start.row,
            cells,
        })
    }

    /// The place of a cell, from 0; of the whole row where there is no such cell.
    pub(super) fn place(&self, number: u32, column: Option<usize>) -> Place {
        let mut place = Place::row(number);
        let Ok(index) = self.rows.binary_search_by_key(&number, |start| start.row) else {
            return place;
        };
        let Some(start) = self.rows.get(index) else {
            return place;
        };
        let mut line = start.line;
        let mut line_start = start.offset;
        let mut end = start.offset;
        place.line = Some(line);
        place.column = Some(1);
        for (position, raw) in self.cells(start.offset).enumerate() {
            if Some(position) == column {
                let before = self.text.get(line_start..raw.start).unwrap_or_default();
                place.cell = format!("{}{number}", column_letters(position));
                place.line = Some(line);
                place.column = u32::try_from(before.chars().count())
                    .ok()
                    .and_then(|count| count.checked_add(1));
                place.span = Some(Span::new(raw.start, raw.end));
                return place;
            }
            let inside = self.text.get(raw.start..raw.end).unwrap_or_default();
            if let Some(last) = inside.rfind(['\n', '\r']) {
                line = line.saturating_add(lines(inside));
                line_start = raw.start.saturating_add(last).saturating_add(1);
            }
            end = raw.end;
        }
        place.span = Some(Span::new(start.offset, end));
        place
    }

    /// Finds the rows, and everything that is no table.
    fn scan(&self) -> Result<Vec<Start>, Box<Fault>> {
        let mut rows = Vec::new();
        let mut here = Start {
            offset: 0,
            line: 1,
            row: 1,
        };
        while here.offset < self.text.len() {
            let mut columns = 0_usize;
            let mut filled = false;
            let mut next = Start {
                row: here.row.saturating_add(1),
                ..here
            };
            loop {
                let raw = self
                    .raw(next.offset)
                    .map_err(|broken| fault(&broken, here.row, next.line))?;
                let inside = self.text.get(raw.start..raw.end).unwrap_or_default();
                if raw.quoted {
                    next.line = next.line.saturating_add(lines(inside));
                }
                filled |= inside.bytes().any(|byte| !matches!(byte, b' ' | b'\t' | b'"'));
                columns = columns.saturating_add(1);
                next.offset = raw.next;
                if columns > COLUMNS {
                    return Err(row_fault(
                        "too-many-columns",
                        here.row,
                        here.line,
                        super::too_many_columns(),
                    ));
                }
                if raw.next.saturating_sub(here.offset) > ROW_BYTES {
                    return Err(fault(&Broken::TooLong, here.row, here.line));
                }
                if raw.ends_row {
                    break;
                }
            }
            next.line = next.line.saturating_add(1);
            if filled {
                rows.push(here);
            }
            if here.row > ROWS {
                return Err(row_fault("too-many-rows", here.row, here.line, super::too_many_rows()));
            }
            here = next;
        }
        Ok(rows)
    }

    fn cells(&self, offset: usize) -> impl Iterator<Item = Raw> {
        let mut next = Some(offset);
        std::iter::from_fn(move || {
            // INVARIANT: the whole text was scanned before, so no cell is broken here.
            let raw = self.raw(next?).ok()?;
            next = (!raw.ends_row).then_some(raw.next);
            Some(raw)
        })
    }

    fn raw(&self, start: usize) -> Result<Raw, Broken> {
        let bytes = self.text.as_bytes().get(start..).unwrap_or_default();
        let quoted = bytes.first() == Some(&b'"');
        let length = if quoted { closing(bytes)? } else { 0 };
        let rest = bytes.get(length..).unwrap_or_default();
        let ends = |byte: &u8| *byte == self.delimiter || matches!(byte, b'\n' | b'\r');
        let window = rest.get(..CELL_BYTES.saturating_add(1)).unwrap_or(rest);
        let more = match window.iter().position(ends) {
            Some(more) => more,
            None if window.len() < rest.len() => return Err(Broken::TooLong),
            None => rest.len(),
        };
        if quoted && more > 0 {
            return Err(Broken::AfterQuote);
        }
        let end = start.saturating_add(length).saturating_add(more);
        let separator = match rest.get(more..).unwrap_or_default() {
            [b'\r', b'\n', ..] => 2,
            [] => 0,
            _ => 1,
        };
        Ok(Raw {
            start,
            end,
            quoted,
            next: end.saturating_add(separator),
            ends_row: rest.get(more) != Some(&self.delimiter),
        })
    }

    fn cell(&self, raw: &Raw) -> Cell<'_> {
        let text = self.text.get(raw.start..raw.end).unwrap_or_default();
        if !raw.quoted {
            return Cell::text(unguarded(text));
        }
        let inside = text
            .strip_prefix('"')
            .and_then(|text| text.strip_suffix('"'))
            .unwrap_or(text);
        let inside = unguarded(inside);
        if inside.contains('"') {
            Cell::text(Cow::Owned(inside.replace("\"\"", "\"")))
        } else {
            Cell::text(inside)
        }
    }
}

/// The length of a quoted cell at the beginning of `bytes`, both quotes included.
fn closing(bytes: &[u8]) -> Result<usize, Broken> {
    let mut at = 1_usize;
    loop {
        let rest = bytes.get(at..).unwrap_or_default();
        let Some(quote) = rest.iter().take(CELL_BYTES).position(|byte| *byte == b'"') else {
            return Err(if rest.len() > CELL_BYTES {
                Broken::TooLong
            } else {
                Broken::Unclosed
            });
        };
        at = at.saturating_add(quote).saturating_add(1);
        if at > CELL_BYTES {
            return Err(Broken::TooLong);
        }
        if bytes.get(at) != Some(&b'"') {
            return Ok(at);
        }
        at = at.saturating_add(1);
    }
}

/// Tabs or commas: whichever the first row has more of, outside quotes.
fn delimiter(text: &str) -> u8 {
    let (mut tabs, mut commas, mut quoted) = (0_u32, 0_u32, false);
    for byte in text.bytes().take(ROW_BYTES) {
        match byte {
            b'"' => quoted = !quoted,
            b'\n' | b'\r' if !quoted && tabs.max(commas) > 0 => break,
            b'\t' if !quoted => tabs = tabs.saturating_add(1),
            b',' if !quoted => commas = commas.saturating_add(1),
            _ => {}
        }
    }
    if tabs > commas { b'\t' } else { b',' }
}

/// Line breaks, `\r\n` counted once.
fn lines(text: &str) -> u32 {
    let bytes = text.as_bytes();
    let carriage = bytes.iter().filter(|byte| **byte == b'\r').count();
    let feeds = bytes.iter().filter(|byte| **byte == b'\n').count();
    let both = text.matches("\r\n").count();
    u32::try_from(carriage.saturating_add(feeds).saturating_sub(both)).unwrap_or(u32::MAX)
}

/// What a spreadsheet program would take for the beginning of a formula.
fn is_formula_sign(c: char) -> bool {
    matches!(c, '=' | '+' | '-' | '@' | '\t' | '\r' | '＝' | '＋' | '－' | '＠')
}

/// Whether a cell must be written with one more `'` in front.
pub(super) fn needs_guard(text: &str) -> bool {
    text.trim_start_matches('\'').starts_with(is_formula_sign)
}

/// The cell without the `'` that keeps spreadsheet programs from calculating it.
fn unguarded(text: &str) -> &str {
    match text.strip_prefix('\'') {
        Some(rest) if needs_guard(rest) => rest,
        _ => text,
    }
}

fn fault(broken: &Broken, row: u32, line: u32) -> Box<Fault> {
    let (code, message) = match broken {
        Broken::Unclosed => (
            "unclosed-quote",
            Text::fixed(
                "引用符「\"」が閉じていない。閉じるか、取り除いてください",
                "a quote is never closed",
            ),
        ),
        Broken::AfterQuote => (
            "text-after-quote",
            Text::fixed(
                "閉じた引用符「\"」の後に文字がある。セルの中の「\"」は二つ重ねてください",
                "text follows a closing quote; double a quote that belongs to the cell",
            ),
        ),
        Broken::TooLong => ("row-too-long", too_long()),
    };
    row_fault(code, row, line, message)
}
