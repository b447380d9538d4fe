//! The xlsx that people fill in: headings with notes, drop-downs, and columns that keep what is typed.

use model::lang::{Lang, Text};
use rust_xlsxwriter::{
    Color, DataValidation, DataValidationRule, DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder,
    Formula, Note, Workbook, Worksheet, XlsxError,
};

use crate::definition::Kind;
use crate::fault::Fault;
use crate::field::{Field, FieldKind};
use crate::rules;
use crate::table::heading::REQUIRED;
use crate::table::write::failed;
use crate::table::{COLUMNS, column_letters};
use crate::words::Words;

/// The hidden sheet that drop-downs take long lists from.
const LISTS: &str = "lists";
/// The last row with drop-downs, from 0.
const LAST_ROW: u32 = 9_999;

/// An empty table to fill in, as xlsx: frozen headings (`※必須` after those that are required) with the help as notes;
/// drop-downs for choices, scheme words and ○/×; date and text columns formatted so that nothing typed is changed.
///
/// # Errors
/// The register has more fields than a sheet may have columns.
pub fn template(kind: &Kind, words: &Words) -> Result<Vec<u8>, Box<Fault>> {
    Book::new(kind, words, Lang::Ja)?.bytes(kind)
}

/// How cells look.
pub(super) struct Styles {
    pub(super) text: Format,
    pub(super) date: Format,
    number: Format,
    heading: Format,
    required: Format,
}

impl Styles {
    fn new() -> Self {
        let heading = Format::new()
            .set_bold()
            .set_text_wrap()
            .set_align(FormatAlign::VerticalCenter)
            .set_border(FormatBorder::Thin)
            .set_num_format("@");
        Self {
            text: Format::new().set_num_format("@"),
            date: Format::new().set_num_format("yyyy-mm-dd"),
            number: Format::new(),
            required: heading.clone().set_background_color(Color::RGB(0xFF_E6_B3)),
            heading: heading.set_background_color(Color::RGB(0xE6_EE_F8)),
        }
    }

    fn of(&self, kind: &FieldKind) -> &Format {
        match kind {
            FieldKind::Date => &self.date,
            FieldKind::Integer => &self.number,
            _ => &self.text,
        }
    }
}

/// A workbook in the making: the headings of a register, and rows that somebody adds, from the first to the last. What is
/// written goes to a nameless temporary file row by row: a hundred thousand of them do not stand in memory.
pub(super) struct Book {
    workbook: Workbook,
    styles: Styles,
    lists: Lists,
}

impl Book {
    /// The headings of `kind`.
    pub(super) fn new(kind: &Kind, words: &Words, lang: Lang) -> Result<Self, Box<Fault>> {
        if kind.fields.len() > COLUMNS {
            let fault = Fault::new("too-many-columns", &kind.slug, super::too_many_columns());
            return Err(Box::new(fault));
        }
        Self::with_headings(kind, words, lang).map_err(|error| Box::new(failed(kind, &error)))
    }

    fn with_headings(kind: &Kind, words: &Words, lang: Lang) -> Result<Self, XlsxError> {
        let styles = Styles::new();
        let mut lists = Lists::new()?;
        let mut workbook = Workbook::new();
        // The same table gives the same bytes: no time of writing.
        if let Ok(epoch) = ExcelDateTime::from_ymd(2000, 1, 1) {
            workbook.set_properties(&DocProperties::new().set_creation_datetime(&epoch));
        }
        let sheet = workbook.add_worksheet_with_constant_memory()?;
        sheet.set_name(sheet_name(kind.label.get(lang)))?;
        headings(sheet, &mut lists, (kind, words, lang), &styles)?;
        Ok(Self {
            workbook,
            styles,
            lists,
        })
    }

    /// The sheet of the register, with the styles of its cells.
    pub(super) fn sheet(&mut self) -> Result<(&mut Worksheet, &Styles), XlsxError> {
        Ok((self.workbook.worksheet_from_index(0)?, &self.styles))
    }

    pub(super) fn bytes(mut self, kind: &Kind) -> Result<Vec<u8>, Box<Fault>> {
        if self.lists.columns > 0 {
            self.workbook.push_worksheet(self.lists.sheet);
        }
        self.workbook
            .save_to_buffer()
            .map_err(|error| Box::new(failed(kind, &error)))
    }
}

fn headings(
    sheet: &mut Worksheet,
    lists: &mut Lists,
    (kind, words, lang): (&Kind, &Words, Lang),
    styles: &Styles,
) -> Result<(), XlsxError> {
    sheet.set_freeze_panes(1, 1)?.set_row_height(0, 36)?;
    for (column, field) in (0_u16..).zip(&kind.fields) {
        let label = field.label.get(lang);
        let (text, style) = match field.required {
            true => (format!("{label}{REQUIRED}"), &styles.required),
            false => (label.to_owned(), &styles.heading),
        };
        sheet
            .write_string_with_format(0, column, text, style)?
            .set_column_format(column, styles.of(&field.kind))?
            .set_column_width(column, width(field))?
            .insert_note(0, column, &Note::new(note(field, words, lang)).add_author_prefix(false))?;
        if let Some(validation) = validation(field, words, lang, lists)? {
            sheet.add_data_validation(1, column, LAST_ROW, column, &validation)?;
        }
    }
    Ok(())
}

fn width(field: &Field) -> f64 {
    match field.kind {
        FieldKind::Boolean | FieldKind::Integer => 10.0,
        FieldKind::Date => 13.0,
        _ => 20.0,
    }
}

/// The help text, and what the cells take.
fn note(field: &Field, words: &Words, lang: Lang) -> String {
    let takes = match &field.kind {
        FieldKind::Reference(target) => {
            let label = words.label(target);
            Text::new(
                format!("台帳「{}」のコードか名称を入力してください", label.ja),
                format!("code or title of a row of {}", label.en),
            )
        }
        FieldKind::References(target) => {
            let label = words.label(target);
            Text::new(
                format!("台帳「{}」のコードか名称を「;」で区切って入力してください", label.ja),
                format!("codes or titles of rows of {}, separated by `;`", label.en),
            )
        }
        FieldKind::Scheme(kind) => {
            let known: Vec<&str> = words.schemes().words(*kind).into_iter().map(|(word, _)| word).collect();
            Text::new(
                format!("次のどれかを入力してください: {}", known.join("、")),
                format!("one of {}", known.join(", ")),
            )
        }
        _ => rules::wanted(field),
    };
    let help = field.help.as_ref().map(|help| help.get(lang));
    let takes = takes.get(lang);
    help.map_or_else(|| takes.to_owned(), |help| format!("{help}\n{takes}"))
}

fn validation(
    field: &Field,
    words: &Words,
    lang: Lang,
    lists: &mut Lists,
) -> Result<Option<DataValidation>, XlsxError> {
    let validation = match &field.kind {
        FieldKind::Choice(choices) => lists.of(choices.iter().map(|choice| choice.label.get(lang)).collect())?,
        FieldKind::Scheme(kind) => {
            lists.of(words.schemes().words(*kind).into_iter().map(|(word, _)| word).collect())?
        }
        FieldKind::Boolean => lists.of(vec!["○", "×"])?,
        FieldKind::Integer => {
            let bound = |bound: Option<i64>, otherwise| bound.and_then(|n| i32::try_from(n).ok()).unwrap_or(otherwise);
            let (least, most) = (
                bound(field.bounds.minimum, i32::MIN),
                bound(field.bounds.maximum, i32::MAX),
            );
            DataValidation::new().allow_whole_number(DataValidationRule::Between(least, most))
        }
        _ => return Ok(None),
    };
    let message: String = rules::wanted(field).get(lang).chars().take(120).collect();
    validation.set_error_message(message).map(Some)
}

/// The hidden sheet of long lists, one column a list.
struct Lists {
    sheet: Worksheet,
    columns: u16,
}

impl Lists {
    fn new() -> Result<Self, XlsxError> {
        let mut sheet = Worksheet::new();
        sheet.set_name(LISTS)?.set_hidden(true);
        Ok(Self { sheet, columns: 0 })
    }

    /// A drop-down of these words: within the cell's own rule where they fit (255 characters, no commas).
    fn of(&mut self, words: Vec<&str>) -> Result<DataValidation, XlsxError> {
        let length: usize = words
            .iter()
            .map(|word| word.encode_utf16().count().saturating_add(1))
            .sum();
        if length <= 255 && !words.iter().any(|word| word.contains([',', '"'])) {
            return DataValidation::new().allow_list_strings(&words);
        }
        let column = self.columns;
        self.columns = column.saturating_add(1);
        for (row, word) in (0_u32..).zip(&words) {
            self.sheet.write_string(row, column, *word)?;
        }
        let letters = column_letters(usize::from(column));
        let range = format!("={LISTS}!${letters}$1:${letters}${}", words.len());
        Ok(DataValidation::new().allow_list_formula(Formula::new(range)))
    }
}

/// The label as a sheet may be called: at most 31 characters, none of `[]:*?/\`.
fn sheet_name(label: &str) -> String {
    let fit = |c: &char| !matches!(c, '[' | ']' | ':' | '*' | '?' | '/' | '\\' | '\'');
    let name: String = label.chars().filter(fit).take(31).collect();
    if name.is_empty() { "register".to_owned() } else { name }
}
