//! A problem of a city's file, as pages show it.

use model::lang::Text;
use service::problem::Problem;

/// So many problems are shown; the rest is counted.
pub(in crate::pages) const SHOWN: usize = 200;

/// One problem.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::pages) struct ProblemView {
    /// `standard/10-own.toml` 12行目
    pub(in crate::pages) place: Text,
    pub(in crate::pages) words: Text,
    pub(in crate::pages) help: Option<Text>,
}

impl ProblemView {
    pub(in crate::pages) fn of(problem: &Problem) -> Self {
        let before = problem.diagnostic.span.zip(problem.source.as_deref());
        let before = before.and_then(|(span, source)| source.get(..span.start));
        let line = before.map(|before| before.matches('\n').count().saturating_add(1));
        let file = &problem.file;
        let place = match (&problem.cell, line) {
            (Some(cell), _) => Text::new(format!("{file} {cell}"), format!("{file} {cell}")),
            (None, Some(line)) => Text::new(format!("{file} {line}行目"), format!("{file}, line {line}")),
            (None, None) => Text::same(file.clone()),
        };
        Self {
            place,
            words: problem.diagnostic.message.clone(),
            help: problem.diagnostic.help.clone(),
        }
    }

    /// The first problems.
    pub(in crate::pages) fn first(problems: &[Problem]) -> Vec<Self> {
        problems.iter().take(SHOWN).map(Self::of).collect()
    }
}

/// 3件を示しています(全412件)
pub(in crate::pages) fn counted(shown: usize, total: usize) -> Text {
    if shown == total {
        Text::new(format!("{total}件"), format!("{total} in all"))
    } else {
        Text::new(
            format!("はじめの{shown}件を示しています(全{total}件)"),
            format!("the first {shown} of {total}"),
        )
    }
}

/// What is wrong in one line of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct LineFault {
    /// Which one, from 1; none where it is about the text as a whole.
    pub(super) line: Option<usize>,
    /// What it says.
    pub(super) text: String,
    /// What is wrong.
    pub(super) words: Text,
    /// What to do about it.
    pub(super) help: Option<Text>,
}

impl LineFault {
    pub(super) fn of(problem: &Problem) -> Self {
        let place = problem.diagnostic.span.zip(problem.source.as_deref());
        let line = place.and_then(|(span, source)| Some(source.get(..span.start)?.matches('\n').count()));
        let text = line.and_then(|line| problem.source.as_deref()?.lines().nth(line));
        Self {
            line: line.map(|line| line.saturating_add(1)),
            text: text.unwrap_or_default().chars().take(200).collect(),
            words: problem.diagnostic.message.clone(),
            help: problem.diagnostic.help.clone(),
        }
    }
}
