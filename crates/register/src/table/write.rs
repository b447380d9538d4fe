//! Documents to bytes: CSV for repositories and other programs, xlsx for people.

use jiff::civil::Date;
use model::lang::{Lang, Text};
use rust_xlsxwriter::{ExcelDateTime, Worksheet, XlsxError};
use serde_json::Value;

use crate::definition::Kind;
use crate::fault::{Fault, Place};
use crate::field::{Field, FieldKind};
use crate::rules::iso_date;
use crate::table::csv::needs_guard;
use crate::table::template::{Book, Styles};
use crate::words::Words;

/// A format that tables are written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// UTF-8 with a byte order mark, commas, CRLF: opens in Japanese Excel as it is.
    Csv,
    /// With typed dates and numbers, drop-downs and notes, as [`template`](super::template).
    Xlsx,
}

/// Writes documents of one register as a table with headings in `lang`; [`read`](super::read) and
/// [`import`](crate::import()) give the same documents back.
///
/// # Errors
/// Those of [`Export::push`] and [`Export::finish`].
pub fn write<'d>(
    kind: &Kind,
    documents: impl IntoIterator<Item = &'d Value>,
    words: &Words,
    format: Format,
    lang: Lang,
) -> Result<Vec<u8>, Box<Fault>> {
    let mut export = Export::new(kind, words, format, lang)?;
    for document in documents {
        export.push(document)?;
    }
    export.finish()
}

/// A table in the making, for documents that come page by page.
///
/// In CSV a cell that a spreadsheet program would take for a formula gets a `'` in front, which reading takes off again.
pub struct Export<'k> {
    kind: &'k Kind,
    lang: Lang,
    /// Rows so far.
    rows: u32,
    body: Body,
}

enum Body {
    Csv(Box<csv::Writer<Vec<u8>>>),
    Xlsx(Box<Book>),
}

impl<'k> Export<'k> {
    /// A table of headings.
    ///
    /// # Errors
    /// The register has more fields than a sheet may have columns; xlsx only.
    pub fn new(kind: &'k Kind, words: &Words, format: Format, lang: Lang) -> Result<Self, Box<Fault>> {
        let body = match format {
            Format::Csv => {
                let mut writer = csv_writer(b"\xef\xbb\xbf".to_vec());
                let headings = kind.fields.iter().map(|field| field.label.get(lang).to_owned());
                let written = writer.write_record(headings.map(guarded));
                written.map_err(|error| Box::new(failed(kind, &error)))?;
                Body::Csv(Box::new(writer))
            }
            Format::Xlsx => Body::Xlsx(Box::new(Book::new(kind, words, lang)?)),
        };
        Ok(Self {
            kind,
            lang,
            rows: 0,
            body,
        })
    }

    /// One more row.
    ///
    /// # Errors
    /// A text does not fit into a cell (32,767 characters), or there are more rows than a sheet holds; xlsx only.
    pub fn push(&mut self, document: &Value) -> Result<(), Box<Fault>> {
        self.rows = self.rows.saturating_add(1);
        match &mut self.body {
            Body::Csv(writer) => {
                let written = csv_row(writer, self.kind, document, self.lang);
                written.map_err(|error| Box::new(failed(self.kind, &error)))
            }
            Body::Xlsx(book) => xlsx_row(book, self.kind, document, (self.rows, self.lang)),
        }
    }

    /// The bytes that are ready and were not taken before, so that a long CSV can be sent while it is made; an xlsx is
    /// ready at its end only.
    ///
    /// # Errors
    /// None that a caller could cause.
    pub fn take(&mut self) -> Result<Vec<u8>, Box<Fault>> {
        match &mut self.body {
            Body::Csv(writer) => {
                let full = std::mem::replace(&mut **writer, csv_writer(Vec::new()));
                csv_bytes(self.kind, full)
            }
            Body::Xlsx(_) => Ok(Vec::new()),
        }
    }

    /// The bytes that were not taken.
    ///
    /// # Errors
    /// The workbook cannot be put together.
    pub fn finish(self) -> Result<Vec<u8>, Box<Fault>> {
        match self.body {
            Body::Csv(writer) => csv_bytes(self.kind, *writer),
            Body::Xlsx(book) => book.bytes(self.kind),
        }
    }
}

fn csv_writer(into: Vec<u8>) -> csv::Writer<Vec<u8>> {
    csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .from_writer(into)
}

fn csv_bytes(kind: &Kind, writer: csv::Writer<Vec<u8>>) -> Result<Vec<u8>, Box<Fault>> {
    writer.into_inner().map_err(|error| Box::new(failed(kind, &error)))
}

fn csv_row(writer: &mut csv::Writer<Vec<u8>>, kind: &Kind, document: &Value, lang: Lang) -> Result<(), csv::Error> {
    for field in &kind.fields {
        let value = field.of(document).unwrap_or(&Value::Null);
        let cell = field.show(value, lang);
        if value.is_number() || !needs_guard(&cell) {
            writer.write_field(cell.as_bytes())?;
        } else {
            writer.write_field(guarded(cell.into_owned()))?;
        }
    }
    writer.write_record(None::<&[u8]>)
}

fn guarded(cell: String) -> String {
    if needs_guard(&cell) { format!("'{cell}") } else { cell }
}

fn xlsx_row(book: &mut Book, kind: &Kind, document: &Value, (row, lang): (u32, Lang)) -> Result<(), Box<Fault>> {
    let (sheet, styles) = book.sheet().map_err(|error| Box::new(failed(kind, &error)))?;
    for (column, field) in (0_u16..).zip(&kind.fields) {
        let value = field.of(document).unwrap_or(&Value::Null);
        let written = write_cell(sheet, styles, (row, column), field, value, lang);
        written.map_err(|error| {
            let place = Place::cell(row.saturating_add(1), usize::from(column));
            Box::new(failed(kind, &error).of(field).at(place))
        })?;
    }
    Ok(())
}

fn write_cell(
    sheet: &mut Worksheet,
    styles: &Styles,
    (row, column): (u32, u16),
    field: &Field,
    value: &Value,
    lang: Lang,
) -> Result<(), XlsxError> {
    /// Whole numbers that a spreadsheet's number holds exactly.
    const EXACT: u64 = 1 << 53;
    match (&field.kind, value) {
        (FieldKind::Integer, Value::Number(number)) => match number.as_i64().filter(|n| n.unsigned_abs() < EXACT) {
            #[expect(clippy::cast_precision_loss, reason = "the number is within ±2^53")]
            Some(number) => sheet.write_number(row, column, number as f64)?,
            None => sheet.write_string(row, column, number.to_string())?,
        },
        (FieldKind::Date, Value::String(text)) => match iso_date(text).and_then(excel_date) {
            Some(date) => sheet.write_datetime_with_format(row, column, date, &styles.date)?,
            None => sheet.write_string(row, column, text)?,
        },
        _ => {
            let text = field.show(value, lang);
            if text.is_empty() {
                return Ok(());
            }
            sheet.write_string_with_format(row, column, text, &styles.text)?
        }
    };
    Ok(())
}

/// Dates from 1901: earlier ones fall into the years that spreadsheet programs count wrongly.
fn excel_date(date: Date) -> Option<ExcelDateTime> {
    let year = u16::try_from(date.year()).ok().filter(|year| *year > 1900)?;
    let (month, day) = (u8::try_from(date.month()).ok()?, u8::try_from(date.day()).ok()?);
    ExcelDateTime::from_ymd(year, month, day).ok()
}

/// The fault of a table that cannot be written.
pub(super) fn failed(kind: &Kind, error: &dyn std::fmt::Display) -> Fault {
    let message = Text::new(
        format!("表を書き出せない: {error}"),
        format!("the table cannot be written: {error}"),
    );
    Fault::new("write", &kind.slug, message)
}
