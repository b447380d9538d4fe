//! Headings to fields: a sheet becomes the table of a register.

use std::collections::HashMap;

use model::lang::Text;

use crate::cell::Cell;
use crate::definition::Kind;
use crate::fault::{Fault, Place};
use crate::field::Field;
use crate::read::shortened;
use crate::table::{Row, Sheet, no_header};
use crate::words::fold;

/// What a heading may end with where the field is required; not part of the label.
pub(super) const REQUIRED: &str = "※必須";

/// A sheet whose columns are known as fields of a register.
#[derive(Debug, Clone)]
pub struct Table {
    register: String,
    sheet: Sheet,
    /// Column of every field of the kind.
    columns: Vec<Option<usize>>,
    /// By path of the field.
    paths: HashMap<String, usize>,
    /// How many columns have a heading.
    width: usize,
    absent: Vec<String>,
    faults: Vec<Fault>,
}

impl Table {
    /// Matches the headings of `sheet` with the fields of `kind`: Japanese label, English label or name, in any width
    /// and case, with or without `※必須`.
    ///
    /// What is wrong with the headings is kept ([`Table::faults`]) and reported by [`import`](crate::import()), so that
    /// all faults of all files come at once.
    #[must_use]
    pub fn new(kind: &Kind, sheet: Sheet) -> Self {
        let mut table = Self {
            register: kind.slug.clone(),
            sheet,
            columns: vec![None; kind.fields.len()],
            paths: HashMap::new(),
            width: 0,
            absent: Vec::new(),
            faults: Vec::new(),
        };
        let faults = table.bind(kind);
        table.faults = faults.into_iter().map(|fault| table.signed(fault)).collect();
        table
    }

    /// The slug of the register.
    #[must_use]
    pub fn register(&self) -> &str {
        &self.register
    }

    /// The sheet.
    #[must_use]
    pub fn sheet(&self) -> &Sheet {
        &self.sheet
    }

    /// What is wrong with the headings; the rows are not read while there is anything.
    #[must_use]
    pub fn faults(&self) -> &[Fault] {
        &self.faults
    }

    /// The [paths](Field::path) of the optional fields that have no column; their values are empty in every row.
    #[must_use]
    pub fn absent(&self) -> &[String] {
        &self.absent
    }

    /// Where the cell of `field` (its [path](Field::path)) in row `number` stands; the whole row where the field has no
    /// column.
    #[must_use]
    pub fn place(&self, number: u32, field: &str) -> Place {
        self.sheet.place(number, self.paths.get(field).copied())
    }

    /// The cell of the field at `position` of the kind.
    pub(crate) fn cell<'r, 's>(&self, row: &'r Row<'s>, position: usize) -> &'r Cell<'s> {
        let column = self.columns.get(position).copied().flatten();
        column.and_then(|column| row.cells.get(column)).unwrap_or(&Cell::Empty)
    }

    /// What is wrong with the shape of a row: cells without a heading, or too few of them in CSV.
    pub(crate) fn ragged(&self, row: &Row<'_>) -> Option<Fault> {
        let extra = row.cells.iter().skip(self.width).position(|cell| !cell.is_blank());
        if let Some(extra) = extra {
            let column = self.width.saturating_add(extra);
            let message = Text::fixed(
                "見出しのない列に値がある。見出しを付けるか、値を削除してください",
                "there is a value in a column without a heading",
            );
            let fault = Fault::new("ragged-row", "", message);
            return Some(self.signed(fault.at(self.sheet.place(row.number, Some(column)))));
        }
        if self.sheet.source().is_none() || row.cells.len() >= self.width {
            return None;
        }
        let (has, wants) = (row.cells.len(), self.width);
        let message = Text::new(
            format!("列の数が見出しと違う(見出しは{wants}列、この行は{has}列)。区切り文字の抜けを補ってください"),
            format!("the row has {has} cells where the header has {wants}"),
        );
        let help = Text::fixed(
            "表計算ソフトは行末の空欄の区切りを省くことがある。その場合は .xlsx で保存して取り込む",
            "a spreadsheet program may leave out separators of empty cells at the end of rows; save as .xlsx instead",
        );
        let fault = Fault::new("ragged-row", "", message).help(help);
        Some(self.signed(fault.at(self.sheet.place(row.number, None))))
    }

    /// The fault as one of this table.
    pub(crate) fn signed(&self, mut fault: Fault) -> Fault {
        fault.register.clone_from(&self.register);
        fault.file = Some(self.sheet.file.clone());
        fault.sheet.clone_from(&self.sheet.name);
        fault
    }

    fn bind(&mut self, kind: &Kind) -> Vec<Fault> {
        let Some(header) = self.sheet.header() else {
            return vec![no_header()];
        };
        let known = headings(kind);
        let mut faults = Vec::new();
        let place = |column| self.sheet.place(header.number, Some(column));
        for (column, cell) in header.cells.iter().enumerate() {
            let heading = cell.shown();
            if heading.is_empty() {
                continue;
            }
            self.width = column.saturating_add(1);
            let Some(&position) = known.get(&bare(&heading)) else {
                faults.push(unknown(kind, &heading).at(place(column)));
                continue;
            };
            let (Some(slot), Some(field)) = (self.columns.get_mut(position), kind.fields.get(position)) else {
                continue;
            };
            match *slot {
                Some(first) => faults.push(twice(field, &place(first).cell).at(place(column))),
                None => {
                    *slot = Some(column);
                    self.paths.insert(field.path(), column);
                }
            }
        }
        for merged in self.sheet.merged() {
            let message = Text::new(
                format!("セルの結合({})を解除してください", merged.name),
                format!("the cells {} are merged", merged.name),
            );
            faults.push(Fault::new("merged-cells", "", message).at(Place::cell(merged.row, merged.column)));
        }
        for (field, column) in kind.fields.iter().zip(&self.columns) {
            match column {
                None if field.required => {
                    faults.push(missing(field).at(self.sheet.place(header.number, None)));
                }
                None => self.absent.push(field.path()),
                Some(_) => {}
            }
        }
        faults
    }
}

/// Every accepted heading, folded, with the position of its field. Names win over labels, what came first over what a
/// city added.
fn headings(kind: &Kind) -> HashMap<String, usize> {
    let mut known = HashMap::new();
    let spellings: [fn(&Field) -> String; 4] = [
        Field::path,
        |field| field.label.ja.to_string(),
        |field| field.label.en.to_string(),
        |field| field.name.clone(),
    ];
    for spelling in spellings {
        for (position, field) in kind.fields.iter().enumerate() {
            known.entry(fold(&spelling(field)).into_owned()).or_insert(position);
        }
    }
    known
}

/// A heading without its mark for required fields, folded.
fn bare(heading: &str) -> String {
    let folded = fold(heading);
    let marks = [REQUIRED, "(必須)", "*", "※"];
    let mark = marks.iter().find_map(|mark| folded.strip_suffix(mark));
    mark.unwrap_or(&folded).to_owned()
}

fn unknown(kind: &Kind, heading: &str) -> Fault {
    let heading = shortened(heading);
    let message = Text::new(
        format!(
            "見出し「{heading}」は台帳「{}」の項目にない。見出しを直すか、列を削除してください",
            kind.label.ja
        ),
        format!("`{heading}` is no field of {}", kind.label.en),
    );
    let ja: Vec<&str> = kind.fields.iter().map(|field| &*field.label.ja).collect();
    let en: Vec<&str> = kind.fields.iter().map(|field| &*field.label.en).collect();
    let help = Text::new(
        format!("使える見出し: {}", ja.join("、")),
        format!("known headings: {}", en.join(", ")),
    );
    Fault::new("unknown-column", "", message).help(help)
}

fn twice(field: &Field, first: &str) -> Fault {
    let message = Text::new(
        format!(
            "見出し「{}」が二つある(もう一つは {first})。一つにしてください",
            field.label.ja
        ),
        format!("the heading `{}` stands twice (also in {first})", field.label.en),
    );
    Fault::new("duplicate-column", "", message).of(field)
}

fn missing(field: &Field) -> Fault {
    let message = Text::new(
        format!("必須の項目「{}」の列がない。列を加えてください", field.label.ja),
        format!("the required column `{}` is missing", field.label.en),
    );
    Fault::new("missing-column", "", message).of(field)
}

/// Finds the register of every sheet of one file: by the sheet's name, else by the file's name for its first sheet.
///
/// Names are slugs or labels in either language, in any width and case.
///
/// # Errors
/// Sheets that belong to no register come back as faults beside the tables; nothing is left out in silence.
#[must_use]
pub fn assign(kinds: &[Kind], sheets: Vec<Sheet>) -> (Vec<Table>, Vec<Fault>) {
    let named = |name: &str| {
        let name = fold(name);
        let is = |kind: &&Kind| {
            [&*kind.slug, &*kind.label.ja, &*kind.label.en]
                .into_iter()
                .any(|known| fold(known) == name)
        };
        kinds.iter().find(is)
    };
    let by_sheet = |sheet: &Sheet| sheet.name.as_deref().and_then(named);
    let none_named = sheets.iter().all(|sheet| by_sheet(sheet).is_none());
    let mut tables = Vec::new();
    let mut faults = Vec::new();
    for (index, sheet) in sheets.into_iter().enumerate() {
        let by_file = || named(stem(&sheet.file)).filter(|_| index == 0 && none_named);
        match by_sheet(&sheet).or_else(by_file) {
            Some(kind) => tables.push(Table::new(kind, sheet)),
            None => faults.push(stray(&sheet)),
        }
    }
    (tables, faults)
}

/// `terminal` of `registers/terminal.csv`.
fn stem(file: &str) -> &str {
    let name = file.rsplit(['/', '\\']).next().unwrap_or(file);
    name.rsplit_once('.').map_or(name, |(stem, _)| stem)
}

fn stray(sheet: &Sheet) -> Fault {
    let (what, what_en) = match &sheet.name {
        Some(name) => (format!("シート「{name}」"), format!("sheet `{name}`")),
        None => (format!("ファイル「{}」", sheet.file), format!("file `{}`", sheet.file)),
    };
    let message = Text::new(
        format!("{what}がどの台帳か分からない。台帳の名前を付けるか、取り除いてください"),
        format!("{what_en} is named after no register"),
    );
    let mut fault = Fault::new("unknown-register", "", message).file(&sheet.file);
    fault.sheet.clone_from(&sheet.name);
    fault
}
