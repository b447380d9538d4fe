//! Tables as text: CSV and TSV.
//!
//! Source: RFC 4180, and what spreadsheets make of it.
//!
//! # Cells that a spreadsheet would take for a formula
//! An apostrophe is put before a cell that, after spaces (of either width), line ends and quotation marks,
//! * begins with `=` or `@`, of either width;
//! * begins with `+`, `-` or `−`, of either width, and goes on with something else than a number. Digits with spaces and `. , - ( ) / : %`
//!   between them are numbers here, also with an exponent: `-5`, `-1,234.5`, `+81-3-0000-0000`, `-1.5E+10`. They call nothing. Signs alone
//!   (`-`, `－`) mean that there is no value, and stay;
//! * is empty of all but begins with a tab or a line end, where text follows.
//!
//! This covers the shapes that start programs (`=cmd|…!A0`, `+`, `-`, `@SUM(…)`), also behind a space or in quotation marks.
//!
//! # Quotation marks
//! A cell that begins with one must end with one. One inside a cell that does not begin with one is a character like others, as
//! spreadsheets read it; it goes out doubled. A first line `sep=;` says how cells are parted: it is obeyed and not carried over.

use model::lang::Text;

use super::text::recognised;
use super::{Format, Output, Source};
use crate::class::Class;
use crate::job::Job;
use crate::refusal::{Reason, malformed};
use crate::text;

/// Values parted by commas.
pub(super) static CSV: Format = Format {
    id: "csv",
    words: Text::fixed("CSV", "CSV"),
    method: METHOD,
    extensions: &["csv"],
    media_type: "text/csv",
    recognise: |source| recognised(source, &CSV),
    rebuild: |job, source| {
        let bytes = rebuilt(job, source, ',')?;
        Ok(Output { format: &CSV, bytes })
    },
};

/// Values parted by tabs.
pub(super) static TSV: Format = Format {
    id: "tsv",
    words: Text::fixed("TSV", "TSV"),
    method: METHOD,
    extensions: &["tsv", "tab"],
    media_type: "text/tab-separated-values",
    recognise: |source| recognised(source, &TSV),
    rebuild: |job, source| {
        let bytes = rebuilt(job, source, '\t')?;
        Ok(Output { format: &TSV, bytes })
    },
};

const METHOD: Text = Text::fixed(
    "セルの値に読み直し、数式とみなされる値の先頭に「'」を付けて、同じ文字コードで書き直す",
    "read as cells, an apostrophe put before what would be a formula, and written in the same character code",
);

fn rebuilt(job: &mut Job<'_>, source: &Source<'_>, delimiter: char) -> Result<Vec<u8>, Reason> {
    let decoded = text::read(job, source.bytes)?;
    let text = text::cleaned(job, decoded.text)?;
    let (read_delimiter, text) = separator(&text).unwrap_or((delimiter, text.as_str()));
    let mut cells = Cells {
        rest: text,
        delimiter: read_delimiter,
    };
    let line_end = if text.contains("\r\n") || !text.contains('\n') {
        "\r\n"
    } else {
        "\n"
    };
    let mut out = String::with_capacity(text.len() + text.len() / 8);
    while let Some((cell, end)) = cells.next_cell()? {
        job.budget.element(1)?;
        let guarded = formula(&cell);
        if guarded {
            job.found(Class::Formula)?;
        }
        write_cell(&mut out, &cell, guarded, delimiter);
        match end {
            End::Cell => out.push(delimiter),
            End::Row => out.push_str(line_end),
            End::File => {}
        }
    }
    Ok(decoded.charset.encode(&out))
}

/// What a first line `sep=X` says, and the text behind it.
fn separator(text: &str) -> Option<(char, &str)> {
    let rest = text.strip_prefix("sep=").or_else(|| text.strip_prefix("SEP="))?;
    let mut characters = rest.chars();
    let delimiter = characters
        .next()
        .filter(|character| !matches!(character, '"' | '\r' | '\n'))?;
    let rest = characters.as_str();
    let rest = rest.strip_prefix("\r\n").or_else(|| rest.strip_prefix(['\n', '\r']))?;
    Some((delimiter, rest))
}

/// Cells, front to back.
struct Cells<'a> {
    rest: &'a str,
    delimiter: char,
}

/// What a cell is followed by.
enum End {
    Cell,
    Row,
    File,
}

impl<'a> Cells<'a> {
    /// The next cell; nothing after the last line end.
    fn next_cell(&mut self) -> Result<Option<(String, End)>, Reason> {
        if self.rest.is_empty() {
            return Ok(None);
        }
        let cell = match self.rest.strip_prefix('"') {
            Some(quoted) => self.quoted(quoted)?,
            None => {
                let ends = |character: char| character == self.delimiter || matches!(character, '\r' | '\n');
                let length = self.rest.find(ends).unwrap_or(self.rest.len());
                let (cell, rest) = self.rest.split_at(length);
                self.rest = rest;
                cell.to_owned()
            }
        };
        let mut characters = self.rest.chars();
        let end = match characters.next() {
            None => End::File,
            Some('\r' | '\n') => End::Row,
            Some(character) if character == self.delimiter => End::Cell,
            Some(_) => {
                return Err(malformed(
                    "閉じた引用符の後に文字がある",
                    "characters follow a closing quotation mark",
                ));
            }
        };
        self.rest = self.rest.strip_prefix("\r\n").unwrap_or(characters.as_str());
        // A delimiter at the very end is followed by one more cell, which is empty; writing the delimiter says so.
        Ok(Some((cell, end)))
    }

    /// The value of a cell whose first quotation mark was taken.
    fn quoted(&mut self, mut rest: &'a str) -> Result<String, Reason> {
        let mut cell = String::new();
        loop {
            let Some((before, after)) = rest.split_once('"') else {
                return Err(malformed("引用符が閉じていない", "a quotation mark is not closed"));
            };
            cell.push_str(before);
            rest = after;
            match rest.strip_prefix('"') {
                Some(after) => {
                    cell.push('"');
                    rest = after;
                }
                None => break,
            }
        }
        self.rest = rest;
        Ok(cell)
    }
}

/// Writes a cell, in quotation marks where some reader could part it or trim it.
fn write_cell(out: &mut String, cell: &str, guarded: bool, delimiter: char) {
    let parting = |character: char| character == delimiter || matches!(character, '"' | '\r' | '\n' | '\t' | ';' | ',');
    let trimmed = cell.starts_with(char::is_whitespace) || cell.ends_with(char::is_whitespace);
    let guard = if guarded { "'" } else { "" };
    if cell.contains(parting) || trimmed || cell.to_ascii_lowercase().starts_with("sep=") {
        out.push('"');
        out.push_str(guard);
        out.push_str(&cell.replace('"', "\"\""));
        out.push('"');
    } else {
        out.push_str(guard);
        out.push_str(cell);
    }
}

/// Would a spreadsheet take a cell for a formula?
fn formula(cell: &str) -> bool {
    let bare = cell.trim_start_matches(|character: char| character.is_whitespace() || character == '"');
    let mut characters = bare.chars();
    match characters.next() {
        None => false,
        Some('=' | '＝' | '@' | '＠') => true,
        Some('+' | '-' | '＋' | '－' | '−') => !number(characters.as_str()),
        Some(_) => cell.starts_with(['\t', '\r', '\n']),
    }
}

/// Is what follows a sign a number, or nothing at all?
fn number(unsigned: &str) -> bool {
    let unsigned = unsigned.trim();
    let sign = |character: char| matches!(character, '-' | '－' | '−' | ' ' | '\u{3000}');
    if unsigned.chars().all(sign) {
        return true;
    }
    let exponent = |(before, after): (&'_ str, &'_ str)| {
        let power = after.strip_prefix(['+', '-']).unwrap_or(after);
        let digits = |text: &str, other: &str| {
            text.contains(|character: char| character.is_ascii_digit())
                && text
                    .chars()
                    .all(|character| character.is_ascii_digit() || other.contains(character))
        };
        digits(before, ".,") && digits(power, "")
    };
    if unsigned.split_once(['E', 'e']).is_some_and(exponent) {
        return true;
    }
    let digit = |character: char| character.is_ascii_digit() || ('０'..='９').contains(&character);
    unsigned.contains(digit)
        && unsigned
            .chars()
            .all(|character| digit(character) || ". ,-()/:%".contains(character))
}
