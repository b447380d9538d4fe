//! xlsx to cells. Read cell by cell, since a sheet with one cell in each corner would fill the memory as a rectangle.

use std::io::Cursor;
use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind};

use calamine::{Reader, SheetType, SheetVisible, Xlsx, XlsxError};
use model::lang::Text;

use crate::cell::Cell;
use crate::fault::{Fault, Place};
use crate::table::held::{Held, Holder};
use crate::table::package::{Package, UNPACKED_BYTES, damaged, inspect};
use crate::table::{Body, COLUMNS, FILE_BYTES, ROWS, Row, Sheet, column_letters, too_large, too_long};

/// The most cells of a sheet that hold something.
const CELLS: usize = 10_000_000;

/// The cells of one sheet, by row.
#[derive(Debug, Clone, Default)]
pub(super) struct Grid {
    cells: Vec<(u32, u32, Held)>,
    rows: Vec<Range<usize>>,
    merged: Vec<Merged>,
}

/// A rectangle of merged cells, rows from 1, columns from 0.
#[derive(Debug, Clone)]
pub(super) struct Merged {
    pub(super) row: u32,
    pub(super) column: usize,
    /// `A1:B1`
    pub(super) name: String,
}

/// # Errors
/// The file is damaged, too large, or says something impossible.
pub(super) fn read(file: &str, bytes: Vec<u8>) -> Result<Vec<Sheet>, Box<Fault>> {
    let package = inspect(file, &bytes, UNPACKED_BYTES)?;
    // The reader is not ours: arithmetic that overflows on a hostile file ends here as a damaged file.
    let outcome = catch_unwind(AssertUnwindSafe(|| workbook(file, bytes, &package)));
    let sheets = outcome.unwrap_or_else(|_| Err(damaged(&"unreadable").into()));
    sheets.map_err(|refused| Box::new(refused.0.file(file)))
}

/// Why a workbook is not read.
struct Refused(Box<Fault>);

impl From<XlsxError> for Refused {
    fn from(error: XlsxError) -> Self {
        damaged(&error).into()
    }
}

impl From<Fault> for Refused {
    fn from(fault: Fault) -> Self {
        Self(Box::new(fault))
    }
}

fn workbook(file: &str, bytes: Vec<u8>, package: &Package) -> Result<Vec<Sheet>, Refused> {
    let mut workbook = Xlsx::new(Cursor::new(bytes))?;
    let visible =
        |sheet: &&calamine::Sheet| sheet.typ == SheetType::WorkSheet && sheet.visible == SheetVisible::Visible;
    let names: Vec<String> = workbook
        .sheets_metadata()
        .iter()
        .filter(visible)
        .map(|sheet| sheet.name.clone())
        .collect();
    let mut sheets = Vec::new();
    for name in names {
        let mut grid = grid(&mut workbook, &name)?;
        if package.merged {
            let regions = workbook.merge_cells_by_sheet_name(&name)?;
            grid.merged = regions.into_iter().filter_map(merged).collect();
        }
        if grid.len() > 0 {
            sheets.push(Sheet {
                file: file.to_owned(),
                name: Some(name),
                body: Body::Xlsx(grid),
            });
        }
    }
    if sheets.is_empty() {
        return Err(super::no_header().into());
    }
    Ok(sheets)
}

fn merged(region: calamine::Dimensions) -> Option<Merged> {
    let row = region.start.0.checked_add(1)?;
    let column = usize::try_from(region.start.1).ok()?;
    let last = Place::cell(region.end.0.checked_add(1)?, usize::try_from(region.end.1).ok()?);
    Some(Merged {
        row,
        column,
        name: format!("{}{row}:{}", column_letters(column), last.cell),
    })
}

fn grid(workbook: &mut Xlsx<Cursor<Vec<u8>>>, name: &str) -> Result<Grid, Refused> {
    let mut reader = workbook.worksheet_cells_reader(name)?;
    let mut holder = Holder::default();
    let mut cells: Vec<(u32, u32, Held)> = Vec::new();
    while let Some(record) = reader.next_cell_with_formula_metadata()? {
        let (row, column) = record.pos;
        let held = match record.formula {
            Some(_) => Some(Held::Formula),
            None => holder.hold(record.value),
        };
        let Some(held) = held else {
            continue;
        };
        let place = || cell_place(row, column);
        if row >= ROWS || usize::try_from(column).is_ok_and(|column| column >= COLUMNS) {
            let fault = Fault::new("too-many-columns", "", super::too_many_columns());
            return Err(fault.at(place()).into());
        }
        if holder.too_long {
            return Err(Fault::new("cell-too-long", "", too_long()).at(place()).into());
        }
        if holder.bytes > FILE_BYTES || cells.len() >= CELLS {
            return Err(Fault::new("file-too-large", "", too_large()).into());
        }
        cells.push((row, column, held));
    }
    if !cells.is_sorted_by_key(|(row, column, _)| (*row, *column)) {
        cells.sort_by_key(|(row, column, _)| (*row, *column));
    }
    let twice = |pair: &&[(u32, u32, Held)]| matches!(pair, [a, b] if (a.0, a.1) == (b.0, b.1));
    if let Some([(row, column, _), _]) = cells.windows(2).find(twice) {
        let message = Text::fixed(
            "同じセルが二つある。表計算ソフトで開き、保存し直してください",
            "the cell stands twice in the file",
        );
        let fault = Fault::new("damaged", "", message).at(cell_place(*row, *column));
        return Err(fault.into());
    }
    Ok(Grid::new(cells))
}

fn cell_place(row: u32, column: u32) -> Place {
    Place::cell(row.saturating_add(1), usize::try_from(column).unwrap_or_default())
}

impl Grid {
    /// `cells` are in order of row and column.
    fn new(cells: Vec<(u32, u32, Held)>) -> Self {
        let mut rows = Vec::new();
        let mut start = 0;
        for row in cells.chunk_by(|a, b| a.0 == b.0) {
            let end = start + row.len();
            if row.iter().any(|(_, _, held)| !held.lend().is_blank()) {
                rows.push(start..end);
            }
            start = end;
        }
        Self {
            cells,
            rows,
            merged: Vec::new(),
        }
    }

    pub(super) fn len(&self) -> usize {
        self.rows.len()
    }

    pub(super) fn merged(&self) -> &[Merged] {
        &self.merged
    }

    pub(super) fn row(&self, index: usize) -> Option<Row<'_>> {
        let held = self.cells.get(self.rows.get(index)?.clone())?;
        let (number, _, _) = held.first()?;
        let mut cells = Vec::with_capacity(held.len());
        for (_, column, held) in held {
            // INVARIANT: columns ascend and are fewer than `COLUMNS`.
            cells.resize(usize::try_from(*column).ok()?, Cell::Empty);
            cells.push(held.lend());
        }
        Some(Row {
            number: number.saturating_add(1),
            cells,
        })
    }
}
