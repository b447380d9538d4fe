//! `sanmon check DIR --explain DUTY`: how one duty was decided.

use std::fmt::Write as _;
use std::io::{self, Write as _};

use model::lang::{Lang, Text};
use model::scheme::SchemeKind;
use policy::judge::{ClauseStanding, Report, Standing, Verdict};
use policy::standard::{Duty, Form, Frequency};
use service::folder::Folder;

use super::{Desk, Outcome};
use crate::show::finding;

pub(super) fn run(
    folder: &Folder,
    verdicts: &[Verdict<'_>],
    report: &Report<'_>,
    id: &str,
    desk: Desk,
) -> io::Result<Outcome> {
    let Some(place) = verdicts.iter().position(|verdict| verdict.duty.id == id) else {
        return unknown(verdicts, id, desk);
    };
    let Some(verdict) = verdicts.get(place) else {
        return unknown(verdicts, id, desk);
    };
    let duty = verdict.duty;
    let mut out = String::new();
    let standing = format!(
        "{} {}",
        verdict.standing.mark(),
        verdict.standing.label().get(desk.lang)
    );
    let _ = writeln!(
        out,
        "{}  {}",
        desk.paint.standing(verdict.standing, &standing),
        desk.paint.bold(duty.title.get(desk.lang))
    );
    for (label, value) in rows(folder, verdict, &clauses(report, place), desk.lang) {
        let _ = writeln!(out, "  {}: {value}", desk.paint.faint(label.get(desk.lang)));
    }
    out.push('\n');
    for found in &verdict.findings {
        out.push_str(&finding::finding(folder, verdict, found, desk.lang, desk.paint));
        out.push('\n');
    }
    desk.print(&out)?;
    Ok(if verdict.standing == Standing::Broken {
        Outcome::Broken
    } else {
        Outcome::Fine
    })
}

fn rows(folder: &Folder, verdict: &Verdict<'_>, clauses: &str, lang: Lang) -> Vec<(Text, String)> {
    let duty = verdict.duty;
    let mut rows = vec![
        (Text::fixed("遵守事項", "duty"), duty.id.clone()),
        (Text::fixed("事項", "concept"), concept(folder, duty, lang)),
        (Text::fixed("条", "clauses"), clauses.to_owned()),
        (Text::fixed("誰が", "owed by"), owed_by(duty, lang)),
        (Text::fixed("判断基準", "criterion"), criterion(&duty.criterion)),
    ];
    if let Some(applies) = &duty.applies {
        rows.push((Text::fixed("当てはまる条件", "applies when"), applies.text.clone()));
    }
    if duty.evidence_days > 0 {
        let days = Text::new(
            format!("{}日", duty.evidence_days),
            format!("{} days", duty.evidence_days),
        );
        rows.push((
            Text::fixed("証明の期限", "evidence is good for"),
            days.get(lang).to_owned(),
        ));
    }
    if let Some(reason) = &verdict.reason {
        rows.push((Text::fixed("理由", "because"), reason.get(lang).to_owned()));
    }
    if duty.criterion.is_decided_by_data() {
        let count = Text::new(format!("{}件", verdict.kept), format!("{} records", verdict.kept));
        rows.push((Text::fixed("満たしている記録", "kept by"), count.get(lang).to_owned()));
    }
    rows.push((
        Text::fixed("破れたときは", "when broken"),
        duty.remedy.get(lang).to_owned(),
    ));
    let origin = folder
        .city
        .standard
        .sources
        .get(duty.origin.file)
        .map_or("", |source| source.name.as_str());
    rows.push((Text::fixed("定めたところ", "defined in"), origin.to_owned()));
    rows
}

fn concept(folder: &Folder, duty: &Duty, lang: Lang) -> String {
    let known = folder.city.concepts.get(&duty.concept);
    let name = known.map_or("", |concept| match lang {
        Lang::Ja => concept.ja.as_str(),
        Lang::En => concept.en.as_str(),
    });
    format!("{name} ({})", duty.concept)
}

/// The ids of the clauses that carry the duty.
fn clauses(report: &Report<'_>, place: usize) -> String {
    fn carrying<'r>(standing: &ClauseStanding<'r>, place: usize, ids: &mut Vec<&'r str>) {
        if standing.duties.contains(&place) {
            ids.push(&standing.clause.id);
        }
        for child in &standing.children {
            carrying(child, place, ids);
        }
    }
    let mut ids = Vec::new();
    for clause in &report.clauses {
        carrying(clause, place, &mut ids);
    }
    if ids.is_empty() {
        "―".to_owned()
    } else {
        ids.join(", ")
    }
}

fn owed_by(duty: &Duty, lang: Lang) -> String {
    let national = SchemeKind::Role
        .national(&duty.owes)
        .unwrap_or(&model::scheme::PERSONNEL);
    match lang {
        Lang::Ja => national.ja.to_owned(),
        Lang::En => national.en.to_owned(),
    }
}

fn criterion(form: &Form) -> String {
    let scoped = |scope: &Option<policy::standard::Expression>| {
        scope
            .as_ref()
            .map_or_else(String::new, |scope| format!(" where {}", scope.text))
    };
    let word = form.word();
    match form {
        Form::Each {
            register, scope, holds, ..
        } => {
            format!("{word} {}{} holds {}", register.text, scoped(scope), holds.text)
        }
        Form::Count {
            register,
            scope,
            min,
            max,
        } => {
            let bound = |bound: &Option<u64>, name: &str| bound.map_or_else(String::new, |n| format!(" {name} {n}"));
            format!(
                "{word} {}{}{}{}",
                register.text,
                scoped(scope),
                bound(min, "min"),
                bound(max, "max")
            )
        }
        Form::Within {
            register,
            date,
            scope,
            cadence,
            per,
            among,
            ..
        } => {
            let cadence = match cadence {
                Frequency::FiscalYear => "fiscal year".to_owned(),
                Frequency::Days(days) => format!("{days} days"),
                Frequency::Parameter(name) => format!("{name} days"),
            };
            let per = per
                .as_ref()
                .map_or_else(String::new, |per| format!(" per {}", per.text));
            let among = among
                .as_ref()
                .map_or_else(String::new, |among| format!(" among {}", among.text));
            format!(
                "{word} {cadence}: {}.{}{}{per}{among}",
                register.text,
                date.text,
                scoped(scope)
            )
        }
        Form::Engine { fact } => format!("{word} {fact}"),
        Form::Attested { role, days } => format!("{word} by {role}, {days} days"),
    }
}

fn unknown(verdicts: &[Verdict<'_>], id: &str, desk: Desk) -> io::Result<Outcome> {
    let near: Vec<&str> = verdicts
        .iter()
        .map(|verdict| verdict.duty.id.as_str())
        .filter(|known| known.contains(id))
        .take(10)
        .collect();
    let near = if near.is_empty() {
        "docs/generated/duties.md".to_owned()
    } else {
        near.join(", ")
    };
    let message = match desk.lang {
        Lang::Ja => format!("遵守事項 `{id}` はない(近いもの: {near})\n"),
        Lang::En => format!("there is no duty `{id}` (see: {near})\n"),
    };
    io::stderr().lock().write_all(message.as_bytes())?;
    Ok(Outcome::Unusable)
}
