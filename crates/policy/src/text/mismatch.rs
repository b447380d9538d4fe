//! Contents page against body: missing, extra, order, wording.
//!
//! The contents page never decides the structure; where it disagrees, one of the two is out of date and somebody should look.

use std::collections::{HashMap, HashSet};

use model::diagnostic::{Diagnostic, Span};
use model::lang::Text;

use super::clause::{Clause, ContentsRow, Document};
use super::glyph;

/// The differences, in the order of the contents page.
pub(super) fn findings(document: &Document) -> Vec<Diagnostic> {
    if document.contents.is_empty() {
        return Vec::new();
    }
    let clauses: Vec<&Clause> = document.walk().collect();
    let matches = Matcher::new(&clauses).matches(&document.contents);
    let mut findings = Vec::new();
    let mut furthest = None;
    for (row, found) in document.contents.iter().zip(&matches) {
        let Some(index) = *found else {
            findings.push(missing(row));
            continue;
        };
        let Some(clause) = clauses.get(index) else { continue };
        if furthest.is_some_and(|furthest| index < furthest) {
            findings.push(order(row));
        }
        furthest = furthest.max(Some(index));
        findings.extend(wording(row, clause));
        findings.extend(label(row, clause));
    }
    let listed: HashSet<usize> = matches.iter().flatten().copied().collect();
    let levels: HashSet<usize> = listed
        .iter()
        .filter_map(|index| clauses.get(*index))
        .map(|clause| depth(clause))
        .collect();
    let unlisted = clauses.iter().enumerate().filter(|(index, _)| !listed.contains(index));
    let unlisted = unlisted.filter(|(_, clause)| levels.contains(&depth(clause)) && is_listable(clause));
    findings.extend(unlisted.map(|(_, clause)| extra(clause)));
    findings
}

fn depth(clause: &Clause) -> usize {
    clause.id.matches('.').count()
}

/// Preface, supplementary provisions and items without a heading are not expected on a contents page.
fn is_listable(clause: &Clause) -> bool {
    clause.id != "0" && !clause.id.starts_with(['s', 'a']) && !clause.heading.is_empty()
}

/// Finds the clause that a row means: same label and heading, else same heading, else same label.
struct Matcher {
    both: HashMap<(String, String), Vec<usize>>,
    heading: HashMap<String, Vec<usize>>,
    label: HashMap<String, Vec<usize>>,
    taken: HashSet<usize>,
}

impl Matcher {
    fn new(clauses: &[&Clause]) -> Self {
        let (mut both, mut heading, mut label) = (HashMap::new(), HashMap::new(), HashMap::new());
        for (index, clause) in clauses.iter().enumerate().rev() {
            let (own_label, own_heading) = (label_key(&clause.label), glyph::match_key(&clause.heading));
            if !own_heading.is_empty() {
                heading.entry(own_heading.clone()).or_insert_with(Vec::new).push(index);
            }
            if !own_label.is_empty() {
                label.entry(own_label.clone()).or_insert_with(Vec::new).push(index);
            }
            both.entry((own_label, own_heading))
                .or_insert_with(Vec::new)
                .push(index);
        }
        Self {
            both,
            heading,
            label,
            taken: HashSet::new(),
        }
    }

    fn matches(mut self, rows: &[ContentsRow]) -> Vec<Option<usize>> {
        let keys: Vec<(String, String)> = rows
            .iter()
            .map(|row| (label_key(&row.label), glyph::match_key(&row.heading)))
            .collect();
        let mut matches: Vec<Option<usize>> = keys
            .iter()
            .map(|key| take(self.both.get_mut(key), &mut self.taken))
            .collect();
        for (found, (_, heading)) in matches.iter_mut().zip(&keys).filter(|(found, _)| found.is_none()) {
            *found = take(self.heading.get_mut(heading), &mut self.taken);
        }
        for (found, (label, _)) in matches.iter_mut().zip(&keys).filter(|(found, _)| found.is_none()) {
            *found = take(self.label.get_mut(label), &mut self.taken);
        }
        matches
    }
}

/// The first clause of a list that no row has taken.
fn take(list: Option<&mut Vec<usize>>, taken: &mut HashSet<usize>) -> Option<usize> {
    let list = list?;
    loop {
        let index = list.pop()?;
        if taken.insert(index) {
            return Some(index);
        }
    }
}

/// `１．` and `1` are one label here; `(1)` and `1` are not.
fn label_key(label: &str) -> String {
    label
        .chars()
        .filter(|c| !matches!(c, '.' | '．'))
        .map(|c| {
            glyph::digit(c)
                .and_then(|digit| char::from_digit(digit, 10))
                .unwrap_or(c)
        })
        .collect()
}

fn name(label: &str, heading: &str) -> String {
    [label, heading].join(" ").trim().to_owned()
}

fn missing(row: &ContentsRow) -> Diagnostic {
    let name = name(&row.label, &row.heading);
    let message = Text::new(
        format!("目次の「{name}」が本文にない"),
        format!("`{name}` of the contents page is not in the body"),
    );
    Diagnostic::warning("contents-missing", message)
        .at(row.span)
        .help(Text::fixed(
            "本文に条項が抜けていないか確かめ、廃止したものであれば目次から消す",
            "see whether the clause was lost from the body; if it was repealed, take it off the contents page",
        ))
}

fn extra(clause: &Clause) -> Diagnostic {
    let name = name(&clause.label, &clause.heading);
    let message = Text::new(
        format!("本文の「{name}」が目次にない"),
        format!("`{name}` is not on the contents page"),
    );
    Diagnostic::warning("contents-extra", message)
        .at(first_line(clause))
        .help(Text::fixed("目次に加える", "add it to the contents page"))
}

/// From the start of a clause to its first sentence, or the whole of it where it has none.
fn first_line(clause: &Clause) -> Span {
    let end = clause.paragraphs.first().map(|paragraph| paragraph.span.start);
    let end = end.or_else(|| clause.children.first().map(|child| child.span.start));
    Span::new(clause.span.start, end.unwrap_or(clause.span.end))
}

fn order(row: &ContentsRow) -> Diagnostic {
    let name = name(&row.label, &row.heading);
    let message = Text::new(
        format!("「{name}」の順序が目次と本文で異なる"),
        format!("`{name}` stands elsewhere in the body"),
    );
    Diagnostic::warning("contents-order", message)
        .at(row.span)
        .help(Text::fixed(
            "目次を本文の順に直す",
            "put the contents page in the order of the body",
        ))
}

fn wording(row: &ContentsRow, clause: &Clause) -> Option<Diagnostic> {
    let same = clause.heading.is_empty() || glyph::match_key(&row.heading) == glyph::match_key(&clause.heading);
    let message = || {
        Text::new(
            format!(
                "{}の見出しが、目次では「{}」、本文では「{}」となっている",
                clause.label, row.heading, clause.heading
            ),
            format!(
                "the contents page says `{}`, the body `{}`",
                row.heading, clause.heading
            ),
        )
    };
    (!same).then(|| {
        Diagnostic::warning("contents-wording", message())
            .at(row.span)
            .help(Text::fixed(
                "どちらが改定後の文言か確かめ、他方を合わせる",
                "find out which is the newer wording and change the other",
            ))
    })
}

fn label(row: &ContentsRow, clause: &Clause) -> Option<Diagnostic> {
    let same = row.label.is_empty() || clause.label.is_empty() || label_key(&row.label) == label_key(&clause.label);
    (!same).then(|| {
        let message = Text::new(
            format!(
                "「{}」の番号が、目次では「{}」、本文では「{}」となっている",
                row.heading, row.label, clause.label
            ),
            format!(
                "`{}` is `{}` on the contents page and `{}` in the body",
                row.heading, row.label, clause.label
            ),
        );
        Diagnostic::warning("contents-label", message)
            .at(row.span)
            .help(Text::fixed(
                "目次の番号を本文に合わせる",
                "take the label of the body over to the contents page",
            ))
    })
}
