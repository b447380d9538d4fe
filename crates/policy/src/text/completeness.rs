//! Findings about the text as a whole: no title, no clauses, an end in mid-sentence, a heading that could not be told.

use model::diagnostic::{Diagnostic, Severity, Span};
use model::lang::Text;

use super::clause::{Clause, Document};
use super::glyph;
use super::heading;

/// All findings about the text as a whole.
pub(super) fn findings(document: &Document) -> Vec<Diagnostic> {
    let mut findings = Vec::new();
    if document.title.is_empty() {
        let message = Text::fixed("題名が見つからない", "no title was found");
        findings.push(Diagnostic::warning("no-title", message).help(Text::fixed(
            "最初の行に「○○市情報セキュリティ基本方針」のような題名を置く",
            "put a title such as 情報セキュリティ基本方針 on the first line",
        )));
    }
    if document.clauses.iter().all(|clause| clause.id == "0") {
        let message = Text::fixed("条項が一つも見つからない", "no clause was found");
        findings.push(Diagnostic::error("no-clauses", message).help(Text::fixed(
            "「1 目的」や「第1条」のような番号付きの条項があるファイルか確かめる",
            "see whether the file holds numbered clauses such as `1 目的` or `第1条`",
        )));
    }
    findings.extend(truncated(document));
    findings.extend(unclear_headings(&document.clauses));
    findings
}

/// The text ends in mid-sentence, or with a heading whose like have bodies.
fn truncated(document: &Document) -> Option<Diagnostic> {
    let mut siblings = document.clauses.as_slice();
    let mut last = siblings.last()?;
    // A table at the end does not close with a full stop.
    if last.id.starts_with('a') {
        return None;
    }
    while let Some(child) = last.children.last() {
        (siblings, last) = (last.children.as_slice(), child);
    }
    let before = siblings.len().checked_sub(2).and_then(|before| siblings.get(before));
    let cut = match last.paragraphs.last() {
        // An item may be a bare phrase where the one before it is.
        Some(paragraph) => {
            let phrase = before.is_some_and(|before| !before.text.is_empty() && !glyph::is_finished(&before.text));
            let listed = siblings.len() > 1 && last.heading.is_empty();
            let open = paragraph
                .text
                .ends_with(['は', 'が', 'を', 'に', 'で', 'と', 'の', '、', '，', '「', '（', '(']);
            !glyph::is_finished(&paragraph.text) && (open || !(phrase || listed))
        }
        None => before.is_some_and(|before| !before.text.is_empty() && !before.heading.is_empty()),
    };
    cut.then(|| {
        let message = Text::fixed("文の途中で終わっている", "the text ends in mid-sentence");
        let span = last.paragraphs.last().map_or(last.span, |paragraph| paragraph.span);
        Diagnostic::warning("truncated", message).at(span).help(Text::fixed(
            "ファイルの終わりが欠けていないか原本と照合する",
            "compare with the original: the end of the file may be lost",
        ))
    })
}

/// Articles without a heading among articles with one.
fn unclear_headings(clauses: &[Clause]) -> Vec<Diagnostic> {
    let labelled = || clauses.iter().filter(|clause| !clause.label.is_empty());
    let headed = labelled().filter(|clause| !clause.heading.is_empty()).count();
    let bare: Vec<&Clause> = labelled()
        .filter(|clause| clause.heading.is_empty() && !clause.text.is_empty())
        .collect();
    if headed <= bare.len() {
        return Vec::new();
    }
    let finding = |clause: &&Clause| {
        let label = &clause.label;
        let message = Text::new(
            format!("{label}の見出しと本文の境が分からない"),
            format!("cannot tell the heading of `{label}` from its body"),
        );
        let start = clause.span.start;
        let end = clause
            .paragraphs
            .first()
            .map_or(clause.span.end, |paragraph| paragraph.span.start);
        Diagnostic::of(Severity::Advice, "unclear-heading", message)
            .at(Span::new(start, end.max(start + label.len()).min(clause.span.end)))
            .help(Text::fixed(
                "見出しの後で改行するか、空白を入れる",
                "break the line or put a space after the heading",
            ))
    };
    bare.iter()
        .filter(|clause| !heading::announces(&clause.text) || clause.children.is_empty())
        .map(finding)
        .collect()
}

/// Ids that two clauses would share.
pub(super) fn repeated_id(id: &str, label: &str, span: Span) -> Diagnostic {
    let message = Text::new(
        format!("「{label}」は同じ位置に別の条項があるため、識別子を {id} とした"),
        format!("`{label}` shares its place with another clause and is identified as {id}"),
    );
    Diagnostic::of(Severity::Advice, "repeated-id", message)
        .at(span)
        .help(Text::fixed(
            "番号が重なっていないか確かめる",
            "see whether two clauses bear one number",
        ))
}
