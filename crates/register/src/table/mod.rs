//! Spreadsheets: bytes to sheets, sheets to tables of a register, and entries back to bytes.

mod csv;
mod encoding;
mod heading;
mod held;
mod package;
mod template;
mod write;
mod xlsx;

use model::lang::Text;

use crate::cell::Cell;
use crate::fault::{Fault, Place};

pub use heading::{Table, assign};
pub use template::template;
pub use write::{Export, Format, write};

/// The largest file, in bytes; for xlsx also what it unpacks to.
pub const FILE_BYTES: usize = 512 << 20;
/// The longest row of a CSV file, in bytes of UTF-8.
pub const ROW_BYTES: usize = 1 << 20;
/// The longest cell, in bytes of UTF-8.
pub const CELL_BYTES: usize = 64 << 10;
/// The most columns.
pub const COLUMNS: usize = 1_000;
/// The most rows: what a sheet of xlsx can hold.
pub const ROWS: u32 = 1_048_576;

/// One sheet of a file: rows of cells, the first of them the headings.
#[derive(Debug, Clone)]
pub struct Sheet {
    /// The name of the file as the caller gave it.
    pub file: String,
    /// The worksheet's name, for xlsx.
    pub name: Option<String>,
    body: Body,
}

#[derive(Debug, Clone)]
enum Body {
    Csv(csv::Csv),
    Xlsx(xlsx::Grid),
}

/// One row that is not blank.
#[derive(Debug, Clone, PartialEq)]
pub struct Row<'s> {
    /// The row as a spreadsheet program counts it, from 1.
    pub number: u32,
    /// As many as stand in the row; empty cells at its end may be missing in xlsx.
    pub cells: Vec<Cell<'s>>,
}

/// Reads a file of CSV, tab-separated text or xlsx, told apart by what it holds and not by its name.
///
/// `file` names the file in faults. CSV gives one sheet; xlsx gives its visible sheets that hold anything.
///
/// # Errors
/// The file is too large, in no known encoding, damaged, protected by a password, or no table; the fault names the line
/// where there is one. Nothing of such a file is read.
pub fn read(file: &str, bytes: Vec<u8>) -> Result<Vec<Sheet>, Box<Fault>> {
    if bytes.len() > FILE_BYTES {
        return Err(Box::new(Fault::new("file-too-large", "", too_large()).file(file)));
    }
    match bytes.as_slice() {
        [b'P', b'K', 3 | 5, 4 | 6, ..] => xlsx::read(file, bytes),
        [0xd0, 0xcf, 0x11, 0xe0, ..] => Err(Box::new(
            Fault::new(
                "not-xlsx",
                "",
                Text::fixed(
                    "古い形式(.xls)か、パスワード付きのファイル。パスワードを外し、.xlsx で保存し直してください",
                    "an old .xls file or one with a password; remove the password and save it as .xlsx",
                ),
            )
            .file(file),
        )),
        _ => {
            let text = encoding::decode(file, bytes)?;
            Ok(vec![Sheet {
                file: file.to_owned(),
                name: None,
                body: Body::Csv(csv::Csv::new(file, text)?),
            }])
        }
    }
}

impl Sheet {
    /// The decoded text of a CSV file, without byte order mark: what spans of [`Place`] count in.
    #[must_use]
    pub fn source(&self) -> Option<&str> {
        match &self.body {
            Body::Csv(csv) => Some(csv.text()),
            Body::Xlsx(_) => None,
        }
    }

    /// The headings: the first row that is not blank.
    #[must_use]
    pub fn header(&self) -> Option<Row<'_>> {
        self.row(0)
    }

    /// The rows under the headings that are not blank, in order.
    pub fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        (1..self.len()).filter_map(|index| self.row(index))
    }

    /// Where the cell of `column` (from 0) in row `number` stands; without a column, the row as a whole.
    ///
    /// Reads the row again, so that a table need not remember a place for each of its cells.
    #[must_use]
    pub fn place(&self, number: u32, column: Option<usize>) -> Place {
        match &self.body {
            Body::Csv(csv) => csv.place(number, column),
            Body::Xlsx(_) => match column {
                Some(column) => Place::cell(number, column),
                None => Place::row(number),
            },
        }
    }

    /// Cells that are merged into one, by their first row and column and their name (`A1:B1`).
    fn merged(&self) -> &[xlsx::Merged] {
        match &self.body {
            Body::Csv(_) => &[],
            Body::Xlsx(grid) => grid.merged(),
        }
    }

    fn len(&self) -> usize {
        match &self.body {
            Body::Csv(csv) => csv.len(),
            Body::Xlsx(grid) => grid.len(),
        }
    }

    fn row(&self, index: usize) -> Option<Row<'_>> {
        match &self.body {
            Body::Csv(csv) => csv.row(index),
            Body::Xlsx(grid) => grid.row(index),
        }
    }
}

impl Place {
    fn row(number: u32) -> Self {
        Self {
            row: number,
            cell: number.to_string(),
            line: None,
            column: None,
            span: None,
        }
    }

    fn cell(number: u32, column: usize) -> Self {
        Self {
            cell: format!("{}{number}", column_letters(column)),
            ..Self::row(number)
        }
    }
}

/// `A`, `Z`, `AA` for columns 0, 25, 26.
pub(crate) fn column_letters(column: usize) -> String {
    let mut letters = Vec::new();
    let mut rest = Some(column);
    while let Some(number) = rest {
        let letter = u8::try_from(number % 26).unwrap_or_default();
        letters.push(char::from(b'A'.saturating_add(letter)));
        rest = (number / 26).checked_sub(1);
    }
    letters.iter().rev().collect()
}

/// A fault of a row as a whole.
fn row_fault(code: &'static str, row: u32, line: u32, message: Text) -> Box<Fault> {
    let mut fault = Fault::new(code, "", message);
    fault.row = row;
    fault.cell = Some(row.to_string());
    fault.line = Some(line);
    Box::new(fault)
}

fn no_header() -> Fault {
    let message = Text::fixed(
        "何も入力されていない。一行目に見出しを入力してください",
        "there is nothing in it; put the headings into the first row",
    );
    Fault::new("no-header", "", message)
}

fn too_large() -> Text {
    Text::fixed(
        "ファイルが大きすぎる(512MBまで)。分けて取り込んでください",
        "the file is too large (at most 512 MB); split it",
    )
}

fn too_long() -> Text {
    Text::fixed(
        "行かセルが長すぎる(行は1MB、セルは64KBまで)。引用符「\"」の閉じ忘れがないか確かめてください",
        "a row or cell is too long (at most 1 MB a row, 64 KB a cell); look for a quote that is never closed",
    )
}

fn too_many_columns() -> Text {
    Text::fixed(
        "列が多すぎる(1,000列まで)。使っていない列を削除してください",
        "there are too many columns (at most 1,000); delete those not in use",
    )
}

fn too_many_rows() -> Text {
    Text::fixed(
        "行が多すぎる(1,048,576行まで)。分けて取り込んでください",
        "there are too many rows (at most 1,048,576); split the file",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_lettered_as_spreadsheets_do() {
        let letters: Vec<String> = [0, 25, 26, 51, 701, 702].into_iter().map(column_letters).collect();
        assert_eq!(letters, ["A", "Z", "AA", "AZ", "ZZ", "AAA"]);
    }

    #[test]
    fn an_old_or_locked_workbook_is_named_as_such() {
        let fault = read("a.xls", vec![0xd0, 0xcf, 0x11, 0xe0, 0xa1]).unwrap_err();
        assert_eq!(fault.code, "not-xlsx");
    }
}
