//! A finding as a compiler gives it: the cell at fault, why, since when, what to do.

use model::date::era;
use model::diagnostic::Span;
use model::lang::{Lang, Text};
use policy::judge::{FileLine, Finding, Standing, Verdict};
use policy::standard::Gravity;
use service::folder::{Folder, field_path};
use service::report::Places;

use super::paint::Paint;
use super::problem::{Shown, Snippet};

/// Renders one finding of a verdict.
pub(crate) fn finding(folder: &Folder, verdict: &Verdict<'_>, finding: &Finding, lang: Lang, paint: Paint) -> String {
    let mark = format!("{} {}", finding.standing.mark(), finding.standing.label().get(lang));
    let heading = format!(
        "{}  {}  {}\n",
        paint.standing(finding.standing, &mark),
        paint.bold(verdict.duty.title.get(lang)),
        paint.faint(&format!("[{}]", verdict.duty.id)),
    );
    let snippet = snippet(folder, finding);
    let reason = finding.reason.get(lang);
    let shown = Shown {
        code: None,
        severity: match (finding.standing, verdict.duty.severity) {
            (Standing::Broken, Gravity::High | Gravity::Medium) => miette::Severity::Error,
            (Standing::Broken, Gravity::Low) => miette::Severity::Warning,
            _ => miette::Severity::Advice,
        },
        message: format!("{}: {reason}", finding.subject.get(lang)),
        help: Some(help(verdict, finding, lang)),
        label: field_label(folder, finding, lang),
        snippet,
    };
    let mut out = heading;
    out.push_str(&shown.render(paint));
    if shown.snippet.is_none()
        && let Some(place) = place_line(folder, finding)
    {
        out.push_str(&paint.faint(&place));
        out.push('\n');
    }
    out
}

/// What the cell is called.
fn field_label(folder: &Folder, finding: &Finding, lang: Lang) -> Option<String> {
    if finding.line.is_some() {
        return None;
    }
    let place = finding.place.as_ref()?;
    let kind = folder.city.kinds.iter().find(|kind| kind.slug == place.register)?;
    Some(
        kind.field(&field_path(place.field.as_deref()?))?
            .label
            .get(lang)
            .to_owned(),
    )
}

fn snippet(folder: &Folder, finding: &Finding) -> Option<Snippet> {
    if let Some(line) = &finding.line {
        let source = folder.source(&line.file)?;
        return Some(Snippet::new(&line.file, source, span(line, source)?));
    }
    let place = finding.place.as_ref()?;
    let table = folder.table(&place.register, place.key.as_deref()?)?;
    let source = table.sheet().source()?;
    let span = folder.span(place)?;
    Some(Snippet::new(&table.sheet().file, source, span))
}

/// The bytes of a line, from its column to the end of its text.
fn span(line: &FileLine, source: &str) -> Option<Span> {
    let number = usize::try_from(line.line.checked_sub(1)?).ok()?;
    let column = usize::try_from(line.column.checked_sub(1)?).ok()?;
    let mut lines = source.split_inclusive('\n');
    let start: usize = lines.by_ref().take(number).map(str::len).sum();
    let whole = lines.next()?.trim_end();
    let indent: usize = whole.chars().take(column).map(char::len_utf8).sum();
    Some(Span::new(
        start.saturating_add(indent),
        start.saturating_add(whole.len()),
    ))
}

/// `registers/terminal.xlsx (C17)`, where no text can be shown.
fn place_line(folder: &Folder, finding: &Finding) -> Option<String> {
    let place = folder.place(finding.place.as_ref()?);
    Some(match place.cell {
        Some(cell) => format!("   ╰─ {} ({cell})", place.file),
        None => format!("   ╰─ {}", place.file),
    })
}

fn help(verdict: &Verdict<'_>, finding: &Finding, lang: Lang) -> String {
    let remedy = finding.fix.as_ref().unwrap_or(&verdict.duty.remedy).get(lang);
    match finding.since {
        Some(since) => {
            let since = Text::new(format!("{}から破れている", era(since)), format!("broken since {since}"));
            format!("{remedy}\n{}", since.get(lang))
        }
        None => remedy.to_owned(),
    }
}
