//! The policy itself, with the standing of every clause in its margin.

use std::fmt::Write;

use model::lang::{Lang, Text};
use policy::judge::{ClauseStanding, Report, Standing, Verdict};
use policy::text::Document;

use super::paint::Paint;
use super::wrap::wrap;

/// Columns of the margin that holds the marks.
const MARGIN: usize = 3;
/// Columns that a level of the tree is set in.
const INDENT: usize = 2;

/// The document with its marks.
pub(crate) fn policy(
    document: &Document,
    report: &Report<'_>,
    verdicts: &[Verdict<'_>],
    lang: Lang,
    paint: Paint,
) -> String {
    let mut setter = Setter::new(verdicts, lang, paint);
    setter.title(document);
    for clause in &report.clauses {
        setter.clause(clause, 0, &[]);
    }
    setter.out
}

/// One clause and what lies below it, then each of its duties.
pub(crate) fn clause(standing: &ClauseStanding<'_>, verdicts: &[Verdict<'_>], lang: Lang, paint: Paint) -> String {
    let mut setter = Setter::new(verdicts, lang, paint);
    setter.clause(standing, 0, &[]);
    setter.duties(standing, &[]);
    setter.out
}

/// The clause with this id.
pub(crate) fn find<'s, 'r>(clauses: &'s [ClauseStanding<'r>], id: &str) -> Option<&'s ClauseStanding<'r>> {
    clauses.iter().find_map(|clause| {
        if clause.clause.id == id {
            Some(clause)
        } else {
            find(&clause.children, id)
        }
    })
}

struct Setter<'s> {
    out: String,
    verdicts: &'s [Verdict<'s>],
    lang: Lang,
    paint: Paint,
}

impl<'s> Setter<'s> {
    const fn new(verdicts: &'s [Verdict<'s>], lang: Lang, paint: Paint) -> Self {
        Self {
            out: String::new(),
            verdicts,
            lang,
            paint,
        }
    }

    fn title(&mut self, document: &Document) {
        let revised = document
            .revised
            .as_ref()
            .map_or_else(String::new, |revised| format!("  ({})", revised.era));
        self.line(None, 0, &format!("{}{revised}", self.paint.bold(&document.title)));
        self.out.push('\n');
    }

    fn clause(&mut self, standing: &ClauseStanding<'_>, depth: usize, above: &[usize]) {
        let clause = standing.clause;
        let head = match (clause.label.is_empty(), clause.heading.is_empty()) {
            (false, false) => format!("{} {}", clause.label, self.paint.bold(&clause.heading)),
            (false, true) => clause.label.clone(),
            (true, _) => self.paint.bold(&clause.heading),
        };
        // The items of a list carry what their clause carries: counted once.
        let note = if standing.duties == above {
            String::new()
        } else {
            self.note(standing)
        };
        let text_only = clause.heading.is_empty() && !clause.text.is_empty();
        if text_only {
            let body = format!("{} {}", clause.label, clause.text);
            self.text(standing.standing, depth, &body);
            if !note.is_empty() {
                self.line(None, depth.saturating_add(1), &note);
            }
        } else {
            let gap = if note.is_empty() { "" } else { "  " };
            self.line(standing.standing, depth, &format!("{head}{gap}{note}"));
            if !clause.text.is_empty() {
                self.text(None, depth.saturating_add(1), &clause.text);
            }
        }
        for child in &standing.children {
            self.clause(child, depth.saturating_add(1), &standing.duties);
        }
        if depth == 0 {
            self.out.push('\n');
        }
    }

    /// `遵守事項 12 ×2 ?1`: how many duties the clause carries itself, and how many of them are not kept.
    fn note(&self, standing: &ClauseStanding<'_>) -> String {
        if standing.duties.is_empty() {
            return String::new();
        }
        let count = standing.duties.len();
        let mut note = Text::new(format!("遵守事項{count}"), format!("{count} duties"))
            .get(self.lang)
            .to_owned();
        note = self.paint.faint(&note);
        for wanted in [Standing::Broken, Standing::Unproven, Standing::Excepted] {
            let verdicts = standing.duties.iter().filter_map(|&place| self.verdicts.get(place));
            let found = verdicts.filter(|verdict| verdict.standing == wanted).count();
            if found > 0 {
                let text = format!("{}{found}", wanted.mark());
                let _ = write!(note, " {}", self.paint.standing(wanted, &text));
            }
        }
        note
    }

    /// Every duty of one clause and of those below it.
    fn duties(&mut self, standing: &ClauseStanding<'_>, above: &[usize]) {
        for &place in standing.duties.iter().filter(|place| !above.contains(place)) {
            let Some(verdict) = self.verdicts.get(place) else {
                continue;
            };
            let title = verdict.duty.title.get(self.lang);
            let reason = verdict
                .reason
                .as_ref()
                .map_or_else(String::new, |reason| format!(" — {}", reason.get(self.lang)));
            let text = format!("{} [{}]{reason}", title, verdict.duty.id);
            self.text(Some(verdict.standing), 1, &text);
        }
        for child in &standing.children {
            self.duties(child, &standing.duties);
        }
    }

    fn text(&mut self, standing: Option<Standing>, depth: usize, text: &str) {
        let indent = depth.saturating_mul(INDENT).saturating_add(MARGIN);
        let width = self.paint.width.saturating_sub(indent).max(20);
        for (index, line) in wrap(text, width).iter().enumerate() {
            self.line(standing.filter(|_| index == 0), depth, line);
        }
    }

    fn line(&mut self, standing: Option<Standing>, depth: usize, text: &str) {
        let margin = match standing {
            Some(standing) => {
                let wide = unicode_width::UnicodeWidthStr::width(standing.mark());
                let pad = " ".repeat(MARGIN.saturating_sub(wide));
                format!("{}{pad}", self.paint.standing(standing, standing.mark()))
            }
            None => " ".repeat(MARGIN),
        };
        let indent = " ".repeat(depth.saturating_mul(INDENT));
        let line = format!("{margin}{indent}{text}");
        self.out.push_str(line.trim_end());
        self.out.push('\n');
    }
}
