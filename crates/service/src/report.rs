//! The answer of the judge, as programs read it.
//!
//! Deterministic: the same folder and date give the same bytes.

use jiff::civil::Date;
use model::lang::{Lang, Text};
use policy::judge::{ClauseStanding, Evidence, FileLine, Finding, Standing, Summary, Verdict};
use serde::Serialize;

/// Resolves a place in the registers to a place in a file.
pub trait Places {
    /// Where the finding stands; `None` where it has no place.
    fn place(&self, place: &policy::judge::Place) -> FilePlace;
}

/// The whole answer.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CheckReport {
    /// 見本市
    pub city: String,
    /// The title of the policy and its revision.
    pub policy: PolicyName,
    /// The date of the judgement, ISO.
    pub at: Date,
    /// How many duties have each standing.
    pub summary: Summary,
    /// In document order.
    pub clauses: Vec<ClauseReport>,
    /// Duties that no clause of the policy carries.
    pub unattached: Vec<DutyReport>,
}

/// Which policy was judged.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PolicyName {
    /// The file.
    pub file: String,
    /// Its title.
    pub title: String,
    /// ISO date of its revision, if it states one.
    pub revised: Option<String>,
}

/// A clause with its standing.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ClauseReport {
    /// `6.3.1`
    pub id: String,
    /// As written.
    pub label: String,
    /// The heading.
    pub heading: String,
    /// The worst of its duties and sub-clauses; null where the clause only informs.
    pub standing: Option<Standing>,
    /// The duties that it carries itself.
    pub duties: Vec<DutyReport>,
    /// Sub-clauses.
    pub children: Vec<ClauseReport>,
}

/// A duty with its standing.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DutyReport {
    /// Its stable word.
    pub id: String,
    /// What must be so.
    pub title: String,
    /// How it stands.
    pub standing: Standing,
    /// Why, where no finding says it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// What is not kept.
    pub findings: Vec<FindingReport>,
    /// What an engine's answer was made of, where one answered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub evidence: Option<Evidence>,
}

/// One thing that is not kept.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FindingReport {
    /// Who or what.
    pub subject: String,
    /// `broken`, `unproven` or `excepted`.
    pub standing: Standing,
    /// Why.
    pub reason: String,
    /// Where.
    pub place: Option<FilePlace>,
    /// What to do.
    pub remedy: String,
    /// Since when, where the facts tell.
    pub since: Option<Date>,
    /// The last day of the exception that holds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub excepted_until: Option<Date>,
}

/// A place in a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FilePlace {
    /// Relative to the city folder.
    pub file: String,
    /// From 1, for text files.
    pub line: Option<u32>,
    /// In characters from 1, for text files.
    pub column: Option<u32>,
    /// The register's slug; null for a file that is no register.
    pub register: Option<String>,
    /// The row as a spreadsheet program counts it; null for the register as a whole.
    pub row: Option<u32>,
    /// `C17`
    pub cell: Option<String>,
    /// The line as it may be shown, of a file that is no register.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
}

impl From<&FileLine> for FilePlace {
    fn from(line: &FileLine) -> Self {
        Self {
            file: line.file.clone(),
            line: Some(line.line),
            column: Some(line.column),
            register: None,
            row: None,
            cell: None,
            text: Some(line.text.clone()),
        }
    }
}

/// Where a finding stands: at the line that an engine shows, else at the row of its register.
#[must_use]
pub fn place_of(finding: &Finding, places: &dyn Places) -> Option<FilePlace> {
    let line = finding.line.as_ref().map(FilePlace::from);
    line.or_else(|| Some(places.place(finding.place.as_ref()?)))
}

/// Puts the answer together in one language.
pub struct Writer<'w> {
    /// The verdicts that the report was made of.
    pub verdicts: &'w [Verdict<'w>],
    /// Where findings stand.
    pub places: &'w dyn Places,
    /// In which language.
    pub lang: Lang,
}

impl Writer<'_> {
    /// A clause with what lies below it.
    #[must_use]
    pub fn clause(&self, standing: &ClauseStanding<'_>) -> ClauseReport {
        ClauseReport {
            id: standing.clause.id.clone(),
            label: standing.clause.label.clone(),
            heading: standing.clause.heading.clone(),
            standing: standing.standing,
            duties: self.duties(&standing.duties),
            children: standing.children.iter().map(|child| self.clause(child)).collect(),
        }
    }

    /// The duties at these positions.
    #[must_use]
    pub fn duties(&self, positions: &[usize]) -> Vec<DutyReport> {
        let verdicts = positions.iter().filter_map(|&position| self.verdicts.get(position));
        verdicts.map(|verdict| self.duty(verdict)).collect()
    }

    fn duty(&self, verdict: &Verdict<'_>) -> DutyReport {
        let text = |text: &Text| text.get(self.lang).to_owned();
        DutyReport {
            id: verdict.duty.id.clone(),
            title: text(&verdict.duty.title),
            standing: verdict.standing,
            reason: verdict.reason.as_ref().map(text),
            findings: verdict
                .findings
                .iter()
                .map(|finding| self.finding(verdict, finding))
                .collect(),
            evidence: verdict.evidence.as_deref().cloned(),
        }
    }

    fn finding(&self, verdict: &Verdict<'_>, finding: &Finding) -> FindingReport {
        FindingReport {
            subject: finding.subject.get(self.lang).to_owned(),
            standing: finding.standing,
            reason: finding.reason.get(self.lang).to_owned(),
            place: place_of(finding, self.places),
            remedy: finding
                .fix
                .as_ref()
                .unwrap_or(&verdict.duty.remedy)
                .get(self.lang)
                .to_owned(),
            since: finding.since,
            excepted_until: finding.excepted_until,
        }
    }
}
