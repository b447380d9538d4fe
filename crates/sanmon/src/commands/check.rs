//! `sanmon check DIR`: the policy with the standing of every clause, then what to mend.

use std::collections::BTreeSet;
use std::io::{self, IsTerminal, Write};

use jiff::civil::Date;
use model::clock::{Clock, SystemClock};
use model::date::era;
use model::lang::{Lang, Text};
use policy::judge::{ClauseStanding, Report, Standing, Summary, Verdict, clause_standings};
use service::folder::{Folder, Step};
use service::report::{CheckReport, PolicyName, Writer};

use super::{Desk, Outcome, explain};
use crate::cli::{Check, ReportFormat};
use crate::show::{finding, policy as text, sarif};

pub(super) fn run(arguments: &Check, desk: Desk) -> io::Result<Outcome> {
    let mut progress = progress(desk.lang);
    let folder = match Folder::read(&arguments.dir, arguments.policy.as_deref(), &mut progress) {
        Ok(folder) => folder,
        Err(problems) => return desk.refuse(&problems),
    };
    let today = arguments
        .at
        .or(folder.city.settings.as_of)
        .unwrap_or_else(|| SystemClock.today());
    progress(Step::Judging);
    let judge = match folder.judge(today) {
        Ok(judge) => judge,
        Err(problems) => return desk.refuse(&problems),
    };
    clear_progress();
    let verdicts = judge.verdicts();
    let report = clause_standings(&folder.city.document, &verdicts);
    if let Some(duty) = &arguments.explain {
        return explain::run(&folder, &verdicts, &report, duty, desk);
    }
    let only = match &arguments.clause {
        None => None,
        Some(id) => match text::find(&report.clauses, id) {
            Some(clause) => Some(clause),
            None => return unknown_clause(&folder, id, desk),
        },
    };
    let answer = Answer {
        folder: &folder,
        verdicts: &verdicts,
        report: &report,
        asked: asked(only, &verdicts),
        only,
        today,
        desk,
    };
    match arguments.format {
        ReportFormat::Json => desk.json(&answer.json())?,
        ReportFormat::Sarif => desk.json(&sarif::sarif(&answer.asked, &folder, desk.lang))?,
        ReportFormat::Text => desk.print(&answer.text())?,
    }
    let broken = answer.asked.iter().any(|verdict| verdict.standing == Standing::Broken);
    Ok(if broken { Outcome::Broken } else { Outcome::Fine })
}

/// The verdicts that are asked about: all, or those of one clause and what lies below it.
fn asked<'v>(only: Option<&ClauseStanding<'_>>, verdicts: &'v [Verdict<'v>]) -> Vec<&'v Verdict<'v>> {
    let Some(clause) = only else {
        return verdicts.iter().collect();
    };
    let mut places = BTreeSet::new();
    clause.collect(&mut places);
    places.into_iter().filter_map(|place| verdicts.get(place)).collect()
}

/// What is shown, and of what.
struct Answer<'a> {
    folder: &'a Folder,
    verdicts: &'a [Verdict<'a>],
    report: &'a Report<'a>,
    /// The one clause that is asked about, if not all are.
    only: Option<&'a ClauseStanding<'a>>,
    asked: Vec<&'a Verdict<'a>>,
    today: Date,
    desk: Desk,
}

impl Answer<'_> {
    fn text(&self) -> String {
        let desk = self.desk;
        let mut out = match self.only {
            Some(clause) => text::clause(clause, self.verdicts, desk.lang, desk.paint),
            None => text::policy(
                &self.folder.city.document,
                self.report,
                self.verdicts,
                desk.lang,
                desk.paint,
            ),
        };
        if self.only.is_none() && !self.report.unattached.is_empty() {
            out.push_str(&self.unattached());
        }
        out.push('\n');
        for verdict in &self.asked {
            let broken = verdict
                .findings
                .iter()
                .filter(|found| found.standing == Standing::Broken);
            for found in broken {
                out.push_str(&finding::finding(self.folder, verdict, found, desk.lang, desk.paint));
                out.push('\n');
            }
        }
        for standing in [Standing::Unproven, Standing::Excepted] {
            out.push_str(&self.list(standing));
        }
        out.push_str(&self.counts());
        out
    }

    /// Duties that the city owes though no clause of its policy speaks of them.
    fn unattached(&self) -> String {
        let heading = Text::fixed(
            "方針に条項のない遵守事項",
            "duties that no clause of the policy carries",
        );
        let mut out = format!("   {}\n", self.desk.paint.bold(heading.get(self.desk.lang)));
        let verdicts = self
            .report
            .unattached
            .iter()
            .filter_map(|&place| self.verdicts.get(place));
        verdicts.for_each(|verdict| out.push_str(&line(verdict, self.desk)));
        out
    }

    /// One line a duty, for what is not broken.
    fn list(&self, standing: Standing) -> String {
        let of_standing: Vec<_> = self
            .asked
            .iter()
            .filter(|verdict| verdict.standing == standing)
            .collect();
        if of_standing.is_empty() {
            return String::new();
        }
        let mut out = format!("{}\n", self.desk.paint.bold(standing.label().get(self.desk.lang)));
        for verdict in of_standing {
            out.push_str(&line(verdict, self.desk));
        }
        out.push('\n');
        out
    }

    fn summary(&self) -> Summary {
        self.asked.iter().map(|verdict| verdict.standing).collect()
    }

    fn counts(&self) -> String {
        let (desk, summary) = (self.desk, self.summary());
        let counts = Standing::ALL.map(|standing| {
            let word = standing.label();
            let text = format!(
                "{} {} {}",
                standing.mark(),
                word.get(desk.lang),
                summary.count(standing)
            );
            desk.paint.standing(standing, &text)
        });
        let day = match desk.lang {
            Lang::Ja => format!("{}現在", era(self.today)),
            Lang::En => format!("as of {}", self.today),
        };
        format!("{day}  {}\n", counts.join("  "))
    }

    fn json(&self) -> CheckReport {
        let writer = Writer {
            verdicts: self.verdicts,
            places: self.folder,
            lang: self.desk.lang,
        };
        let document = &self.folder.city.document;
        CheckReport {
            city: self.folder.city.settings.name.get(self.desk.lang).to_owned(),
            policy: PolicyName {
                file: self.folder.city.policy_file.clone(),
                title: document.title.clone(),
                revised: document.revised.as_ref().map(|revised| revised.iso.clone()),
            },
            at: self.today,
            summary: self.summary(),
            clauses: match self.only {
                Some(clause) => vec![writer.clause(clause)],
                None => self.report.clauses.iter().map(|clause| writer.clause(clause)).collect(),
            },
            unattached: match self.only {
                Some(_) => Vec::new(),
                None => writer.duties(&self.report.unattached),
            },
        }
    }
}

fn line(verdict: &Verdict<'_>, desk: Desk) -> String {
    let mark = desk.paint.standing(verdict.standing, verdict.standing.mark());
    let why = verdict
        .findings
        .first()
        .map(|found| &found.reason)
        .or(verdict.reason.as_ref());
    let why = why.map_or_else(String::new, |why| {
        desk.paint.faint(&format!(" — {}", why.get(desk.lang)))
    });
    let more = match verdict.findings.len() {
        0 | 1 => String::new(),
        count => match desk.lang {
            Lang::Ja => format!(" ほか{}件", count.saturating_sub(1)),
            Lang::En => format!(" and {} more", count.saturating_sub(1)),
        },
    };
    format!(
        "{mark}  {} [{}]{why}{more}\n",
        verdict.duty.title.get(desk.lang),
        verdict.duty.id
    )
}

fn unknown_clause(folder: &Folder, id: &str, desk: Desk) -> io::Result<Outcome> {
    let known: Vec<&str> = folder.city.document.walk().map(|clause| clause.id.as_str()).collect();
    let known = known.join(" ");
    let message = match desk.lang {
        Lang::Ja => format!("条 `{id}` はない(あるもの: {known})\n"),
        Lang::En => format!("there is no clause `{id}` (known: {known})\n"),
    };
    io::stderr().lock().write_all(message.as_bytes())?;
    Ok(Outcome::Unusable)
}

/// Tells on a terminal what is being done; one line that is written over.
fn progress(lang: Lang) -> impl FnMut(Step<'_>) {
    let visible = io::stderr().is_terminal();
    move |step| {
        if !visible {
            return;
        }
        let text = match step {
            Step::Policy => Text::fixed("方針を読んでいる", "reading the policy"),
            Step::Register(file) => Text::new(format!("台帳を読んでいる: {file}"), format!("reading {file}")),
            Step::Cells => Text::fixed("台帳の値を確かめている", "checking every cell"),
            Step::Judging => Text::fixed("判断している", "judging"),
        };
        let _ = write!(io::stderr(), "\r\u{1b}[K{}", text.get(lang));
    }
}

fn clear_progress() {
    if io::stderr().is_terminal() {
        let _ = write!(io::stderr(), "\r\u{1b}[K");
    }
}
