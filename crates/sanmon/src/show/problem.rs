//! Diagnostics as a compiler gives them.

use std::fmt;

use miette::{GraphicalReportHandler, GraphicalTheme, LabeledSpan, NamedSource, SourceCode, SourceSpan};
use miette::{MietteError, MietteSpanContents, SpanContents};
use model::diagnostic::{Diagnostic, Severity, Span};
use model::lang::Lang;
use service::problem::Problem;

use super::paint::Paint;

/// How many bytes of a long line are shown on each side of the place.
const AROUND: usize = 60;

/// Renders one problem with its source, if there is any.
pub(crate) fn problem(problem: &Problem, lang: Lang, paint: Paint) -> String {
    let file = match &problem.cell {
        Some(cell) => format!("{} ({cell})", problem.file),
        None => problem.file.clone(),
    };
    diagnostic(&problem.diagnostic, &file, problem.source.as_deref(), lang, paint)
}

/// Renders a diagnostic of a text.
pub(crate) fn diagnostic(
    diagnostic: &Diagnostic,
    file: &str,
    source: Option<&str>,
    lang: Lang,
    paint: Paint,
) -> String {
    let snippet = diagnostic
        .span
        .zip(source)
        .map(|(span, source)| Snippet::new(file, source, span));
    let placed = snippet.is_some();
    let message = diagnostic.message.get(lang);
    let shown = Shown {
        code: Some(diagnostic.code.to_owned()),
        severity: match diagnostic.severity {
            Severity::Error => miette::Severity::Error,
            Severity::Warning => miette::Severity::Warning,
            Severity::Advice => miette::Severity::Advice,
        },
        message: if placed {
            message.to_owned()
        } else {
            format!("{file}: {message}")
        },
        help: diagnostic.help.as_ref().map(|help| help.get(lang).to_owned()),
        label: None,
        snippet,
    };
    shown.render(paint)
}

/// What miette is given.
#[derive(Debug)]
pub(crate) struct Shown {
    pub(crate) code: Option<String>,
    pub(crate) severity: miette::Severity,
    pub(crate) message: String,
    pub(crate) help: Option<String>,
    pub(crate) label: Option<String>,
    pub(crate) snippet: Option<Snippet>,
}

impl Shown {
    pub(crate) fn render(&self, paint: Paint) -> String {
        let theme = if paint.is_coloured() {
            GraphicalTheme::unicode()
        } else {
            GraphicalTheme::unicode_nocolor()
        };
        let handler = GraphicalReportHandler::new_themed(theme)
            .with_width(paint.width.saturating_add(20))
            .with_links(false);
        let mut out = String::new();
        match handler.render_report(&mut out, self) {
            Ok(()) => out,
            Err(fmt::Error) => format!("{self}\n"),
        }
    }
}

impl fmt::Display for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Shown {}

impl miette::Diagnostic for Shown {
    fn code<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.code.as_ref().map(|code| Box::new(code) as Box<dyn fmt::Display>)
    }

    fn severity(&self) -> Option<miette::Severity> {
        Some(self.severity)
    }

    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.help.as_ref().map(|help| Box::new(help) as Box<dyn fmt::Display>)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.snippet.as_ref().map(|snippet| snippet as &dyn SourceCode)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let snippet = self.snippet.as_ref()?;
        let label = LabeledSpan::new_with_span(self.label.clone(), snippet.span);
        Some(Box::new(std::iter::once(label)))
    }
}

/// A window on a line of a text: rows of a register are far wider than a terminal.
#[derive(Debug)]
pub(crate) struct Snippet {
    window: NamedSource<String>,
    /// Into the window.
    span: SourceSpan,
    line: usize,
    column: usize,
}

impl Snippet {
    pub(crate) fn new(file: &str, source: &str, span: Span) -> Self {
        let start = source.floor_char_boundary(span.start.min(source.len()));
        let before = source.get(..start).unwrap_or_default();
        let line_start = before.rfind('\n').map_or(0, |newline| newline.saturating_add(1));
        let after = source.get(start..).unwrap_or_default();
        let line_end = start.saturating_add(after.find(['\n', '\r']).unwrap_or(after.len()));
        let end = source.floor_char_boundary(span.end.min(line_end)).max(start);
        let from = source.ceil_char_boundary(start.saturating_sub(AROUND).max(line_start));
        let to = source.floor_char_boundary(end.saturating_add(AROUND).min(line_end));
        let (head, tail) = (
            if from > line_start { "…" } else { "" },
            if to < line_end { "…" } else { "" },
        );
        // The space is there for an empty cell at the end of its row to point at.
        let window = format!("{head}{}{tail} ", source.get(from..to).unwrap_or_default());
        let shift = |at: usize| at.saturating_sub(from).saturating_add(head.len());
        Self {
            window: NamedSource::new(file, window),
            span: (shift(start), end.saturating_sub(start)).into(),
            line: before.matches('\n').count(),
            column: source.get(line_start..start).unwrap_or_default().chars().count(),
        }
    }
}

impl SourceCode for Snippet {
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        before: usize,
        after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let inner = self.window.inner().read_span(span, before, after)?;
        // Asked for the label alone, miette prints line and column of it; asked with context, it draws the window.
        let column = if before == 0 && after == 0 { self.column } else { 0 };
        Ok(Box::new(MietteSpanContents::new_named(
            self.window.name().to_owned(),
            inner.data(),
            *inner.span(),
            self.line,
            column,
            inner.line_count(),
        )))
    }
}
