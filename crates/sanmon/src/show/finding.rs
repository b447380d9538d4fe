//! A finding as a compiler gives it: the cell at fault, why, since when, what to do.

use model::date::era;
use model::lang::{Lang, Text};
use policy::judge::{Finding, Standing, Verdict};
use policy::standard::Gravity;
use service::folder::Folder;
use service::report::Places;

use super::paint::Paint;
use super::problem::{Shown, Snippet};

/// Renders one finding of a verdict.
pub(crate) fn finding(folder: &Folder, verdict: &Verdict<'_>, finding: &Finding, lang: Lang, paint: Paint) -> String {
    let word = finding.standing.label();
    let message = match lang {
        Lang::Ja => format!("{}: {} — {}", finding.subject.ja, finding.reason.ja, verdict.duty.title.ja),
        Lang::En => format!("{}: {} — {}", finding.subject.en, finding.reason.en, verdict.duty.title.en),
    };
    let shown = Shown {
        code: format!("{} {} {}", finding.standing.mark(), word.get(lang), verdict.duty.id),
        severity: match (finding.standing, verdict.duty.severity) {
            (Standing::Broken, Gravity::High | Gravity::Medium) => miette::Severity::Error,
            (Standing::Broken, Gravity::Low) => miette::Severity::Warning,
            _ => miette::Severity::Advice,
        },
        message,
        help: Some(help(verdict, finding, lang)),
        label: Some(finding.reason.get(lang).to_owned()),
        snippet: snippet(folder, finding),
    };
    let mut out = shown.render(paint);
    if shown.snippet.is_none()
        && let Some(place) = place_line(folder, finding)
    {
        out.push_str(&paint.faint(&place));
        out.push('\n');
    }
    out
}

fn snippet(folder: &Folder, finding: &Finding) -> Option<Snippet> {
    let place = finding.place.as_ref()?;
    let table = folder.table(&place.register, place.key.as_deref()?)?;
    let source = table.sheet().source()?;
    let span = folder.span(place)?;
    Some(Snippet::new(&table.sheet().file, source, span))
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
    let mut help = verdict.duty.remedy.get(lang).to_owned();
    if let Some(since) = finding.since {
        let text = Text::new(format!("({}から)", era(since)), format!(" (since {since})"));
        help.push_str(text.get(lang));
    }
    help
}
