//! `duties.md`: the clause–duty table. Chapter by chapter every duty of the shipped standard, then which registers serve a concept.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use model::scheme::{PERSONNEL, SchemeKind};
use policy::standard::{Duty, Form, Gravity, Standard};
use register::Kind;

const OPENING: &str = "\
<!-- Written by `cargo dev generate` from standard/ and the registers; do not edit. -->

# 遵守事項一覧 (duties)

条項は事項(concept)に結び付き、その事項と下位の事項に属する遵守事項がすべて条項に掛かる。
A clause is bound to a concept, and carries every duty of that concept and of the concepts below it.
";

/// The page for a standard and the registers that it speaks of.
#[must_use]
pub fn page(standard: &Standard, registers: &[Kind]) -> String {
    let mut page = OPENING.to_owned();
    line(&mut page, &summary(&standard.duties));
    for (file, source) in standard.sources.iter().enumerate() {
        let duties: Vec<&Duty> = standard.duties.iter().filter(|duty| duty.origin.file == file).collect();
        if !duties.is_empty() {
            chapter(&mut page, &source.name, &duties);
        }
    }
    concepts(&mut page, standard, registers);
    page
}

fn summary(duties: &[Duty]) -> String {
    let decided = duties.iter().filter(|duty| duty.criterion.is_decided_by_data()).count();
    let mut forms = BTreeMap::<&str, usize>::new();
    for duty in duties {
        *forms.entry(duty.criterion.word()).or_default() += 1;
    }
    let forms: Vec<String> = forms.iter().map(|(form, count)| format!("{form} {count}")).collect();
    format!(
        "\n遵守事項 {} 件、うち台帳だけで決まるもの {decided} 件({})。",
        duties.len(),
        forms.join("、")
    )
}

fn chapter(page: &mut String, name: &str, duties: &[&Duty]) {
    line(page, &format!("\n## `{name}`\n"));
    line(
        page,
        "| duty | 遵守事項 | 事項 | 負う者 | 判断基準 | 重さ |\n|---|---|---|---|---|---|",
    );
    for duty in duties {
        let row = format!(
            "| `{}` | {} | `{}` | {} | {} | {} |",
            duty.id,
            duty.title.ja.replace('|', "\\|"),
            duty.concept,
            owes(&duty.owes),
            criterion(duty),
            severity(duty.severity),
        );
        line(page, &row);
    }
}

fn owes(role: &str) -> &str {
    if role == PERSONNEL.code {
        return PERSONNEL.ja;
    }
    SchemeKind::Role.national(role).map_or(role, |national| national.ja)
}

fn criterion(duty: &Duty) -> String {
    let word = duty.criterion.word();
    match &duty.criterion {
        Form::Each { register, .. } | Form::Count { register, .. } | Form::Within { register, .. } => {
            format!("{word} `{}`", register.text)
        }
        Form::Engine { fact } => format!("{word} `{fact}`"),
        Form::Attested { role, .. } => format!("{word} {}", owes(role)),
    }
}

const fn severity(gravity: Gravity) -> &'static str {
    match gravity {
        Gravity::High => "高",
        Gravity::Medium => "中",
        Gravity::Low => "低",
    }
}

fn concepts(page: &mut String, standard: &Standard, registers: &[Kind]) {
    let mut concepts = BTreeMap::<&str, (usize, Vec<&str>)>::new();
    for duty in &standard.duties {
        concepts.entry(&duty.concept).or_default().0 += 1;
    }
    for kind in registers {
        for concept in &kind.concepts {
            concepts.entry(concept).or_default().1.push(&kind.slug);
        }
    }
    line(page, "\n## 事項と台帳 (concepts and registers)\n");
    line(page, "| 事項 | 遵守事項 | 台帳 |\n|---|---|---|");
    for (concept, (duties, slugs)) in concepts {
        let slugs: Vec<String> = slugs
            .iter()
            .map(|slug| format!("[`{slug}`](schemas/{slug}.json)"))
            .collect();
        line(page, &format!("| `{concept}` | {duties} | {} |", slugs.join(" ")));
    }
}

fn line(page: &mut String, text: &str) {
    let _ = writeln!(page, "{text}");
}
