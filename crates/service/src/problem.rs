//! Why an input cannot be used.

use std::sync::Arc;

use model::diagnostic::{Diagnostic, Located};
use model::lang::Text;

/// One thing that must be put right before the city can be judged.
#[derive(Debug, Clone)]
pub struct Problem {
    /// The file, relative to the city folder.
    pub file: String,
    /// What is wrong; its span points into [`source`](Self::source).
    pub diagnostic: Diagnostic,
    /// The text of the file, where it is text.
    pub source: Option<Arc<str>>,
    /// The cell of a spreadsheet, `C17`.
    pub cell: Option<String>,
}

impl Problem {
    /// A problem with a file as a whole.
    #[must_use]
    pub fn whole(file: impl Into<String>, diagnostic: Diagnostic) -> Self {
        Self {
            file: file.into(),
            diagnostic,
            source: None,
            cell: None,
        }
    }

    /// The file cannot be read at all.
    #[must_use]
    pub fn unreadable(file: impl Into<String>, error: &std::io::Error) -> Self {
        let (ja, en) = match error.kind() {
            std::io::ErrorKind::NotFound => ("ファイルがない".to_owned(), "there is no such file".to_owned()),
            std::io::ErrorKind::PermissionDenied => (
                "ファイルを読む権限がない".to_owned(),
                "no permission to read the file".to_owned(),
            ),
            _ => (
                format!("ファイルを読めない: {error}"),
                format!("the file cannot be read: {error}"),
            ),
        };
        Self::whole(file, Diagnostic::error("unreadable", Text::new(ja, en)))
    }

    /// The problem of a file whose text is at hand.
    #[must_use]
    pub fn located(located: Located, source: impl Into<Arc<str>>) -> Self {
        Self {
            file: located.file,
            diagnostic: located.diagnostic,
            source: Some(source.into()),
            cell: None,
        }
    }
}
