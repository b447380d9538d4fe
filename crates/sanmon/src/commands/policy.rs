//! `sanmon policy parse`, `bind` and `diff`.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io;
use std::path::Path;

use model::diagnostic::Severity;
use model::lang::{Lang, Text};
use policy::bind::{BindingRow, By, bind};
use policy::concept::Concepts;
use policy::diff::{Change, ChangeKind, Segment, SegmentKind, diff};
use policy::text::read::read_document;
use policy::text::{Clause, Document};
use service::problem::Problem;
use service::sources::settings_of_folder;

use super::{Desk, Outcome};
use crate::cli::{Format, Policy};
use crate::show::problem::diagnostic;
use crate::show::wrap::wrap;

pub(super) fn run(arguments: &Policy, desk: Desk) -> io::Result<Outcome> {
    match arguments {
        Policy::Parse(one) => with_document(&one.file, desk, |document| {
            parsed(&document, &one.file, one.format, desk)
        }),
        Policy::Bind { one, city } => {
            let overrides = match city.as_deref().map(settings_of_folder).transpose() {
                Ok(settings) => settings.map(|settings| settings.bind).unwrap_or_default(),
                Err(problems) => return desk.refuse(&problems),
            };
            with_document(&one.file, desk, |document| {
                bound(document, &overrides, one.format, desk)
            })
        }
        Policy::Diff { old, new, format } => with_document(old, desk, |old| {
            with_document(new, desk, |new| differences(&old, &new, *format, desk))
        }),
    }
}

fn with_document(file: &Path, desk: Desk, then: impl FnOnce(Document) -> io::Result<Outcome>) -> io::Result<Outcome> {
    let name = file.display().to_string();
    let bytes = match std::fs::read(file) {
        Ok(bytes) => bytes,
        Err(error) => return desk.refuse(&[Problem::unreadable(name, &error)]),
    };
    match read_document(&name, &bytes) {
        Ok(document) => then(document),
        Err(diagnostic) => desk.refuse(&[Problem::whole(name, diagnostic)]),
    }
}

/// The clauses carry their concept here too: JSON names it for each.
fn parsed(document: &Document, file: &Path, format: Format, desk: Desk) -> io::Result<Outcome> {
    let mut document = document.clone();
    if let Ok(concepts) = Concepts::shipped() {
        bind(&mut document, &concepts, &BTreeMap::new());
    }
    if format == Format::Json {
        desk.json(&document)?;
        return Ok(Outcome::Fine);
    }
    let mut out = String::new();
    let revised = document
        .revised
        .as_ref()
        .map_or_else(String::new, |r| format!("  {} ({})", r.era, r.iso));
    let _ = writeln!(out, "{}{revised}\n", desk.paint.bold(&document.title));
    for clause in &document.clauses {
        tree(&mut out, clause, 0, desk);
    }
    let name = file.display().to_string();
    for remark in &document.diagnostics {
        out.push('\n');
        out.push_str(&diagnostic(
            remark,
            &name,
            Some(&document.source),
            desk.lang,
            desk.paint,
        ));
    }
    let counts = (
        document.walk().count(),
        document.terms.len(),
        document.diagnostics.len(),
    );
    let closing = Text::new(
        format!("\n条項{}、用語{}、指摘{}\n", counts.0, counts.1, counts.2),
        format!("\n{} clauses, {} terms, {} remarks\n", counts.0, counts.1, counts.2),
    );
    out.push_str(closing.get(desk.lang));
    desk.print(&out)?;
    Ok(Outcome::Fine)
}

fn tree(out: &mut String, clause: &Clause, depth: usize, desk: Desk) {
    let indent = "  ".repeat(depth);
    let head = [clause.label.as_str(), clause.heading.as_str()].join(" ");
    let _ = writeln!(out, "{:<8}{indent}{}", clause.id, desk.paint.bold(head.trim()));
    let width = desk.paint.width.saturating_sub(indent.len().saturating_add(10)).max(20);
    for line in wrap(&clause.text, width).iter().filter(|line| !line.is_empty()) {
        let _ = writeln!(out, "{:<8}{indent}  {line}", "");
    }
    for child in &clause.children {
        tree(out, child, depth.saturating_add(1), desk);
    }
}

fn bound(
    mut document: Document,
    overrides: &BTreeMap<String, String>,
    format: Format,
    desk: Desk,
) -> io::Result<Outcome> {
    let concepts = match Concepts::shipped() {
        Ok(concepts) => concepts,
        Err(diagnostics) => {
            let problems: Vec<Problem> = diagnostics
                .into_iter()
                .map(|d| Problem::whole("standard/concepts.toml", d))
                .collect();
            return desk.refuse(&problems);
        }
    };
    let binding = bind(&mut document, &concepts, overrides);
    let at_fault: Vec<Problem> = (binding.diagnostics.iter())
        .filter(|diagnostic| diagnostic.severity == Severity::Error)
        .map(|diagnostic| Problem::whole("city.toml", diagnostic.clone()))
        .collect();
    if !at_fault.is_empty() {
        return desk.refuse(&at_fault);
    }
    if format == Format::Json {
        desk.json(&binding)?;
        return Ok(Outcome::Fine);
    }
    let mut out = String::new();
    for row in &binding.rows {
        let head = format!("{:<8}{} {}", row.clause, row.label, row.heading);
        let concept = row.concept.as_deref().unwrap_or("―");
        let _ = writeln!(
            out,
            "{} → {}  {}",
            head.trim_end(),
            desk.paint.bold(concept),
            desk.paint.faint(&why(row, desk.lang))
        );
        for paragraph in &row.paragraphs {
            let words: Vec<&str> = paragraph.words.iter().map(|found| found.word.as_str()).collect();
            let (number, concept) = (paragraph.number, desk.paint.bold(&paragraph.concept));
            let _ = writeln!(
                out,
                "{:<8}  ¶{number} → {concept}  {}",
                "",
                desk.paint.faint(&words.join("・"))
            );
        }
    }
    let empty = Text::fixed("なし", "none");
    let list = |ids: &[String]| {
        if ids.is_empty() {
            empty.get(desk.lang).to_owned()
        } else {
            ids.join(", ")
        }
    };
    let closing = Text::new(
        format!(
            "\n事項に結び付かない条項: {}\n条項のない事項: {}\n",
            list(&binding.unbound),
            list(&binding.uncovered)
        ),
        format!(
            "\nclauses without a concept: {}\nconcepts without a clause: {}\n",
            list(&binding.unbound),
            list(&binding.uncovered)
        ),
    );
    out.push_str(closing.get(desk.lang));
    desk.print(&out)?;
    Ok(Outcome::Fine)
}

fn why(row: &BindingRow, lang: Lang) -> String {
    let words: Vec<&str> = row.words.iter().map(|found| found.word.as_str()).collect();
    match &row.by {
        By::Rule => words.join("・"),
        By::Override => Text::fixed("市の指定", "set by the city").get(lang).to_owned(),
        By::Inherited(from) => Text::new(format!("{from} を継ぐ"), format!("inherited from {from}"))
            .get(lang)
            .to_owned(),
        By::Grouping => Text::fixed("まとめるだけ", "groups others").get(lang).to_owned(),
        By::Nothing => String::new(),
    }
}

fn differences(old: &Document, new: &Document, format: Format, desk: Desk) -> io::Result<Outcome> {
    let changes = diff(old, new);
    if format == Format::Json {
        desk.json(&changes)?;
        return Ok(Outcome::Fine);
    }
    let mut out = String::new();
    for change in &changes {
        out.push_str(&change_line(change, desk));
    }
    if changes.is_empty() {
        out.push_str(Text::fixed("違いはない\n", "no difference\n").get(desk.lang));
    }
    desk.print(&out)?;
    Ok(Outcome::Fine)
}

fn change_line(change: &Change, desk: Desk) -> String {
    let (mark, word) = match change.kind {
        ChangeKind::Added => ("+", Text::fixed("追加", "added")),
        ChangeKind::Removed => ("-", Text::fixed("削除", "removed")),
        ChangeKind::Moved => (">", Text::fixed("移動", "moved")),
        ChangeKind::Reworded => ("~", Text::fixed("改正", "reworded")),
    };
    let mut sides = Vec::new();
    for side in [&change.old, &change.new].into_iter().flatten() {
        let name = format!("{} {} {}", side.clause, side.label, side.heading);
        sides.push(name.trim_end().to_owned());
    }
    sides.dedup();
    let mut line = format!("{mark} {} {}\n", word.get(desk.lang), sides.join(" → "));
    for segments in [&change.heading, &change.text] {
        if !segments.is_empty() {
            let _ = writeln!(line, "    {}", set(segments, desk));
        }
    }
    line
}

/// The pieces in one line: `[-前-]` went, `{+後+}` came.
fn set(segments: &[Segment], desk: Desk) -> String {
    use policy::judge::Standing::{Broken, Kept};
    let pieces = segments.iter().map(|segment| match segment.kind {
        SegmentKind::Equal => segment.text.clone(),
        SegmentKind::Removed => desk.paint.standing(Broken, &format!("[-{}-]", segment.text)),
        SegmentKind::Added => desk.paint.standing(Kept, &format!("{{+{}+}}", segment.text)),
    });
    pieces.collect()
}
