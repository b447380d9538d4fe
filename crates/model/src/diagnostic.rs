//! What a reader or a check has to say, with its place in the source.

use serde::Serialize;

use crate::lang::Text;

/// A half-open range of byte offsets into a source text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Span {
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

impl Span {
    /// The span from `start` up to, not including, `end`.
    #[must_use]
    pub const fn new(start: usize, end: usize) -> Self {
        Self { start, end }
    }

    /// The text that the span covers; `None` where it does not lie on character boundaries.
    #[must_use]
    pub fn of<'s>(&self, source: &'s str) -> Option<&'s str> {
        source.get(self.start..self.end)
    }

    /// Whether `other` lies wholly inside this span.
    #[must_use]
    pub const fn contains(&self, other: Self) -> bool {
        self.start <= other.start && other.end <= self.end
    }
}

/// How much a diagnostic matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// The input cannot be used as it is.
    Error,
    /// Usable, yet somebody should look.
    Warning,
    /// Worth knowing.
    Advice,
}

/// One remark about a source text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Diagnostic {
    /// A stable word for programs: `numbering-gap`, `unknown-field`.
    pub code: &'static str,
    /// How much it matters.
    pub severity: Severity,
    /// What was found.
    pub message: Text,
    /// What to do about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub help: Option<Text>,
    /// Where in the source, if at one place.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub span: Option<Span>,
}

impl Diagnostic {
    /// An error without a place yet.
    #[must_use]
    pub const fn error(code: &'static str, message: Text) -> Self {
        Self::of(Severity::Error, code, message)
    }

    /// A warning without a place yet.
    #[must_use]
    pub const fn warning(code: &'static str, message: Text) -> Self {
        Self::of(Severity::Warning, code, message)
    }

    /// A remark of the given severity without a place yet.
    #[must_use]
    pub const fn of(severity: Severity, code: &'static str, message: Text) -> Self {
        Self {
            code,
            severity,
            message,
            help: None,
            span: None,
        }
    }

    /// The same remark at `span`.
    #[must_use]
    pub const fn at(mut self, span: Span) -> Self {
        self.span = Some(span);
        self
    }

    /// The same remark with advice.
    #[must_use]
    pub fn help(mut self, help: Text) -> Self {
        self.help = Some(help);
        self
    }
}

/// A diagnostic in one of several files.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Located {
    /// The file as its reader named it.
    pub file: String,
    /// What is to be said, its span into that file.
    #[serde(flatten)]
    pub diagnostic: Diagnostic,
}
