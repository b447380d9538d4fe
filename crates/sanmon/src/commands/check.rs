//! `sanmon check DIR`: the policy with the standing of every clause, then what to mend.

use std::collections::BTreeSet;
use std::io::{self, IsTerminal, Write};

use jiff::civil::Date;
use model::clock::{Clock, SystemClock};
use model::date::era;
use model::lang::{Lang, Text};
use policy::judge::{Judge, Report, Standing, Verdict, clause_standings};
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
        .or(folder.settings.as_of)
        .unwrap_or_else(|| SystemClock.today());
    progress(Step::Judging);
    let judge = match folder.judge(today) {
        Ok(judge) => judge,
        Err(problems) => return desk.refuse(&problems),
    };
    clear_progress();
    let verdicts = judge.verdicts();
    if let Some(duty) = &arguments.explain {
        return explain::run(&folder, &judge, &verdicts, duty, desk);
    }
    let report = clause_standings(&folder.document, &verdicts);
    let shown = match &arguments.clause {
        None => None,
        Some(id) => match text::find(&report.clauses, id) {
            Some(_) => Some(id.as_str()),
            None => return unknown_clause(&folder, id, desk),
        },
    };
    match arguments.format {
        ReportFormat::Json => desk.json(&json(&folder, &judge, &verdicts, &report, shown, desk.lang))?,
        ReportFormat::Sarif => desk.json(&sarif::sarif(&verdicts, &folder, desk.lang))?,
        ReportFormat::Text => print(&folder, &verdicts, &report, shown, today, desk)?,
    }
    let asked = asked(&report, shown, verdicts.len());
    let broken = asked
        .iter()
        .filter_map(|&place| verdicts.get(place))
        .any(|v| v.standing == Standing::Broken);
    Ok(if broken { Outcome::Broken } else { Outcome::Fine })
}

/// The positions of the verdicts that are asked about: all, or those of one clause.
fn asked(report: &Report<'_>, only: Option<&str>, all: usize) -> Vec<usize> {
    match only.and_then(|id| text::find(&report.clauses, id)) {
        None => (0..all).collect(),
        Some(clause) => {
            let mut places = BTreeSet::new();
            clause.collect(&mut places);
            places.into_iter().collect()
        }
    }
}

fn print(
    folder: &Folder,
    verdicts: &[Verdict<'_>],
    report: &Report<'_>,
    only: Option<&str>,
    today: Date,
    desk: Desk,
) -> io::Result<()> {
    let mut out = text::policy(&folder.document, report, verdicts, only, desk.lang, desk.paint);
    if only.is_none() && !report.unattached.is_empty() {
        out.push_str(&unattached(verdicts, report, desk));
    }
    out.push('\n');
    let places = asked(report, only, verdicts.len());
    let asked: Vec<&Verdict<'_>> = places.iter().filter_map(|&place| verdicts.get(place)).collect();
    for verdict in &asked {
        for found in verdict
            .findings
            .iter()
            .filter(|found| found.standing == Standing::Broken)
        {
            out.push_str(&finding::finding(folder, verdict, found, desk.lang, desk.paint));
            out.push('\n');
        }
    }
    for standing in [Standing::Unproven, Standing::Excepted] {
        out.push_str(&list(&asked, standing, desk));
    }
    out.push_str(&summary(report, today, desk));
    desk.print(&out)
}

/// Duties that the city owes though no clause of its policy speaks of them.
fn unattached(verdicts: &[Verdict<'_>], report: &Report<'_>, desk: Desk) -> String {
    let heading = Text::fixed(
        "方針に条文のない遵守事項",
        "duties that no clause of the policy carries",
    );
    let mut out = format!("   {}\n", desk.paint.bold(heading.get(desk.lang)));
    for verdict in report.unattached.iter().filter_map(|&place| verdicts.get(place)) {
        out.push_str(&line(verdict, desk));
    }
    out
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

/// One line a duty, for what is not broken.
fn list(verdicts: &[&Verdict<'_>], standing: Standing, desk: Desk) -> String {
    let of_standing: Vec<_> = verdicts.iter().filter(|verdict| verdict.standing == standing).collect();
    if of_standing.is_empty() {
        return String::new();
    }
    let mut out = format!("{}\n", desk.paint.bold(standing.label().get(desk.lang)));
    for verdict in of_standing {
        out.push_str(&line(verdict, desk));
    }
    out.push('\n');
    out
}

fn summary(report: &Report<'_>, today: Date, desk: Desk) -> String {
    let counts = Standing::ALL.map(|standing| {
        let word = standing.label();
        let text = format!(
            "{} {} {}",
            standing.mark(),
            word.get(desk.lang),
            report.summary.count(standing)
        );
        desk.paint.standing(standing, &text)
    });
    let day = match desk.lang {
        Lang::Ja => format!("{}現在", era(today)),
        Lang::En => format!("as of {today}"),
    };
    format!("{day}  {}\n", counts.join("  "))
}

fn json(
    folder: &Folder,
    judge: &Judge,
    verdicts: &[Verdict<'_>],
    report: &Report<'_>,
    only: Option<&str>,
    lang: Lang,
) -> CheckReport {
    let writer = Writer {
        verdicts,
        places: folder,
        lang,
    };
    let mut clauses = writer.clauses(report);
    if let Some(id) = only {
        clauses = service::report::only(clauses, id);
    }
    CheckReport {
        city: folder.settings.name.get(lang).to_owned(),
        policy: PolicyName {
            file: folder.policy_file.clone(),
            title: folder.document.title.clone(),
            revised: folder.document.revised.as_ref().map(|revised| revised.iso.clone()),
        },
        at: judge.today(),
        summary: report.summary,
        clauses,
        unattached: if only.is_none() {
            writer.duties(&report.unattached)
        } else {
            Vec::new()
        },
    }
}

fn unknown_clause(folder: &Folder, id: &str, desk: Desk) -> io::Result<Outcome> {
    let known: Vec<&str> = folder.document.walk().map(|clause| clause.id.as_str()).collect();
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
