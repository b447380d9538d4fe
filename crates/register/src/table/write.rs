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
use crate::table::template::{Styles, workbook};
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
/// In CSV a cell that a spreadsheet program would take for a formula gets a `'` in front, which reading takes off again.
///
/// # Errors
/// A text does not fit into a cell (32,767 characters), or there are more rows than a sheet holds; xlsx only.
pub fn write<'d>(
    kind: &Kind,
    documents: impl IntoIterator<Item = &'d Value>,
    words: &Words,
    format: Format,
    lang: Lang,
) -> Result<Vec<u8>, Box<Fault>> {
    match format {
        Format::Csv => csv(kind, documents, lang).map_err(|error| Box::new(failed(kind, &error))),
        Format::Xlsx => xlsx(kind, documents, words, lang),
    }
}

fn csv<'d>(kind: &Kind, documents: impl IntoIterator<Item = &'d Value>, lang: Lang) -> Result<Vec<u8>, csv::Error> {
    let mut writer = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .from_writer(b"\xef\xbb\xbf".to_vec());
    let headings = kind.fields.iter().map(|field| field.label.get(lang).to_owned());
    writer.write_record(headings.map(guarded))?;
    for document in documents {
        for field in &kind.fields {
            let value = field.of(document).unwrap_or(&Value::Null);
            let cell = field.show(value, lang);
            if value.is_number() || !needs_guard(&cell) {
                writer.write_field(cell.as_bytes())?;
            } else {
                writer.write_field(guarded(cell.into_owned()))?;
            }
        }
        writer.write_record(None::<&[u8]>)?;
    }
    writer.into_inner().map_err(|error| error.into_error().into())
}

fn guarded(cell: String) -> String {
    if needs_guard(&cell) { format!("'{cell}") } else { cell }
}

fn xlsx<'d>(
    kind: &Kind,
    documents: impl IntoIterator<Item = &'d Value>,
    words: &Words,
    lang: Lang,
) -> Result<Vec<u8>, Box<Fault>> {
    workbook(kind, words, lang, |sheet, styles| {
        let mut row = 0_u32;
        for document in documents {
            row = row.saturating_add(1);
            for (column, field) in (0_u16..).zip(&kind.fields) {
                let value = field.of(document).unwrap_or(&Value::Null);
                write_cell(sheet, styles, (row, column), field, value, lang).map_err(|error| {
                    let place = Place::cell(row.saturating_add(1), usize::from(column));
                    Box::new(failed(kind, &error).of(field).at(place))
                })?;
            }
        }
        Ok(())
    })
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
