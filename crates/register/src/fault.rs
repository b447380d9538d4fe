//! What is wrong with one cell, one row or one document, and where.

use std::fmt;

use model::diagnostic::Span;
use model::lang::{Lang, Text};
use serde::Serialize;

use crate::definition::Kind;
use crate::field::Field;

/// One thing that somebody has to put right before a row, a document or a file can be taken in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Fault {
    /// A stable word for programs: `unknown-column`, `not-a-date`, `duplicate-key`.
    pub code: &'static str,
    /// The slug of the register; empty where the fault lies in a file before its register is known.
    pub register: String,
    /// The name of the file, as the caller gave it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// The worksheet, for xlsx.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sheet: Option<String>,
    /// The row of the sheet as a spreadsheet program counts it: the header is 1. 0 where there is no row.
    pub row: u32,
    /// The [path](Field::path) of the field.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// What people call the field.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub label: Option<Text>,
    /// The cell as a spreadsheet program calls it: `C17`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cell: Option<String>,
    /// For CSV: the line, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<u32>,
    /// For CSV: the character of the line, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column: Option<u32>,
    /// For CSV: the bytes of the decoded source.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub span: Option<Span>,
    /// What is wrong.
    pub message: Text,
    /// What to do about it, where the message does not say.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub help: Option<Text>,
}

/// Where one cell stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The row of the sheet, from 1; the header is 1.
    pub row: u32,
    /// `C17`; a whole row is `17`.
    pub cell: String,
    /// For CSV: the line, from 1.
    pub line: Option<u32>,
    /// For CSV: the character of the line, from 1.
    pub column: Option<u32>,
    /// For CSV: the bytes of the decoded source, quotes included.
    pub span: Option<Span>,
}

impl Fault {
    /// A fault without a place yet.
    #[must_use]
    pub fn new(code: &'static str, register: &str, message: Text) -> Self {
        Self {
            code,
            register: register.to_owned(),
            file: None,
            sheet: None,
            row: 0,
            field: None,
            label: None,
            cell: None,
            line: None,
            column: None,
            span: None,
            message,
            help: None,
        }
    }

    /// The same fault in `field`.
    #[must_use]
    pub fn of(mut self, field: &Field) -> Self {
        self.field = Some(field.path());
        self.label = Some(field.label.clone());
        self
    }

    /// The same fault in the field of `kind` with this [path](Field::path); an empty path is the document as a whole.
    #[must_use]
    pub fn at_path(mut self, kind: &Kind, path: &str) -> Self {
        match kind.field(path) {
            Some(field) => self.of(field),
            None => {
                self.field = (!path.is_empty()).then(|| path.to_owned());
                self
            }
        }
    }

    /// The same fault with advice.
    #[must_use]
    pub fn help(mut self, help: Text) -> Self {
        self.help = Some(help);
        self
    }

    /// The same fault in the file of that name.
    #[must_use]
    pub fn file(mut self, file: &str) -> Self {
        self.file = Some(file.to_owned());
        self
    }

    /// The same fault at `place`.
    #[must_use]
    pub fn at(mut self, place: Place) -> Self {
        self.row = place.row;
        self.cell = Some(place.cell);
        self.line = place.line;
        self.column = place.column;
        self.span = place.span;
        self
    }

    /// One line for people: `terminals.csv:17:9 (C17) 認証の要素数: 整数で入力してください`.
    #[must_use]
    pub fn line(&self, lang: Lang) -> String {
        Line { fault: self, lang }.to_string()
    }
}

struct Line<'f> {
    fault: &'f Fault,
    lang: Lang,
}

impl fmt::Display for Line<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let fault = self.fault;
        f.write_str(fault.file.as_deref().unwrap_or(&fault.register))?;
        if let Some(line) = fault.line {
            write!(f, ":{line}")?;
        }
        if let Some(column) = fault.column {
            write!(f, ":{column}")?;
        }
        if let Some(cell) = &fault.cell {
            match &fault.sheet {
                Some(sheet) => write!(f, " ({sheet}!{cell})")?,
                None => write!(f, " ({cell})")?,
            }
        }
        f.write_str(": ")?;
        if let Some(label) = &fault.label {
            write!(f, "{}: ", label.get(self.lang))?;
        }
        f.write_str(fault.message.get(self.lang))
    }
}
