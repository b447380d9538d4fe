//! `sanmon standard check` and `sanmon standard diff`.

use std::collections::HashSet;
use std::io;
use std::path::Path;
use std::sync::Arc;

use model::diagnostic::{Diagnostic, Located, Severity};
use model::lang::{Lang, Text};
use policy::concept::Concepts;
use policy::criterion::City;
use policy::facts::Schema;
use policy::judge::Standing;
use policy::standard::{self, CompiledStandard, Departure, Pair, Side, SourceFile, departures};
use register::Kind;
use service::folder::{StandardFolder, standard_of};
use service::problem::Problem;

use super::{Desk, Outcome};
use crate::cli::{Format, Standard};
use crate::show::problem::problem;

pub(super) fn run(arguments: &Standard, desk: Desk) -> io::Result<Outcome> {
    match arguments {
        Standard::Check { dir } => check(dir.as_deref(), desk),
        Standard::Diff { dir, format } => diff(dir, *format, desk),
    }
}

fn check(dir: Option<&Path>, desk: Desk) -> io::Result<Outcome> {
    let StandardFolder { standard, kinds, pairs } = match standard_of(dir) {
        Ok(read) => read,
        Err(problems) => return desk.refuse(&problems),
    };
    let source = |file: &str| {
        let mut sources = standard.sources.iter().chain(&pairs);
        sources.find(|source| source.name == file).map_or("", |source| source.text.as_str())
    };
    let schema = Arc::new(Schema {
        registers: kinds.iter().map(Kind::fact_schema).collect(),
    });
    let mut remarks = match Concepts::shipped() {
        Ok(concepts) => standard::check(&standard, &concepts),
        Err(diagnostics) => diagnostics.into_iter().map(|diagnostic| in_file("standard/concepts.toml", diagnostic)).collect(),
    };
    let judged = match standard.compile(&schema) {
        Ok(compiled) => judge_pairs(&standard, &Arc::new(compiled), &pairs, &mut remarks),
        Err(problems) => {
            remarks.extend(problems);
            0
        }
    };
    let errors = remarks.iter().filter(|remark| remark.diagnostic.severity == Severity::Error).count();
    let mut out = String::new();
    for remark in remarks {
        let text = source(&remark.file).to_owned();
        out.push_str(&problem(&Problem::located(remark, text), desk.lang, desk.paint));
    }
    let duties = standard.duties.len();
    let by_data = standard.duties.iter().filter(|duty| duty.criterion.is_decided_by_data()).count();
    let closing = Text::new(
        format!("遵守事項{duties}件、うち台帳で決まるもの{by_data}件、対になる試験{judged}件、誤り{errors}件\n"),
        format!("{duties} duties, {by_data} decided by data, {judged} test pairs, {errors} errors\n"),
    );
    out.push_str(closing.get(desk.lang));
    desk.print(&out)?;
    Ok(if errors == 0 { Outcome::Fine } else { Outcome::Broken })
}

fn in_file(file: &str, diagnostic: Diagnostic) -> Located {
    Located {
        file: file.to_owned(),
        diagnostic,
    }
}

/// Judges every pair; says which halves fail and which duties have none. Returns how many duties have a pair.
fn judge_pairs(
    standard: &standard::Standard,
    compiled: &Arc<CompiledStandard>,
    files: &[SourceFile],
    remarks: &mut Vec<Located>,
) -> usize {
    let defaults = City {
        model: "alpha".to_owned(),
        parameters: standard.parameters.iter().filter_map(|p| Some((p.name.clone(), p.default?))).collect(),
    };
    let mut paired: HashSet<String> = HashSet::new();
    for file in files {
        let pairs = match Pair::read(file, &defaults) {
            Ok(pairs) => pairs,
            Err(problem) => {
                remarks.push(problem);
                continue;
            }
        };
        for pair in pairs {
            judge_pair(&pair, compiled, &file.name, remarks);
            if !paired.insert(pair.duty.clone()) {
                let message = Text::new(format!("`{}` の対が二つある", pair.duty), format!("two pairs for `{}`", pair.duty));
                remarks.push(in_file(&file.name, Diagnostic::error("duplicate-pair", message).at(pair.span())));
            }
        }
    }
    for duty in standard.duties.iter().filter(|duty| duty.criterion.is_decided_by_data() && duty.disabled.is_none()) {
        if !paired.contains(&duty.id) {
            let message = Text::new(
                format!("遵守事項 `{}` を守る例と破る例がない", duty.id),
                format!("duty `{}` has no pair of facts that keep and break it", duty.id),
            );
            let file = standard.sources.get(duty.origin.file).map_or("", |source| source.name.as_str());
            remarks.push(in_file(file, Diagnostic::error("no-pair", message).at(duty.origin.span)));
        }
    }
    paired.len()
}

fn judge_pair(pair: &Pair, compiled: &Arc<CompiledStandard>, file: &str, remarks: &mut Vec<Located>) {
    let outcomes = match pair.judge(compiled) {
        Ok(outcomes) => outcomes,
        Err(message) => {
            remarks.push(in_file(file, Diagnostic::error("pair", message).at(pair.span())));
            return;
        }
    };
    for outcome in outcomes {
        let (side, wanted) = match outcome.side {
            Side::Keep => ("keep", Standing::Kept),
            Side::Break => ("break", Standing::Broken),
        };
        if outcome.standing == wanted {
            continue;
        }
        let found = outcome.standing.label();
        let why = outcome.reason.unwrap_or_default();
        let message = Text::new(
            format!("`{}` の {side} は「{}」になる: {}", outcome.duty, found.ja, why.ja),
            format!("`{side}` of `{}` is {}: {}", outcome.duty, found.en, why.en),
        );
        remarks.push(in_file(file, Diagnostic::error("pair", message).at(pair.span())));
    }
}

fn diff(dir: &Path, format: Format, desk: Desk) -> io::Result<Outcome> {
    let own = match standard_of(Some(dir)) {
        Ok(read) => read.standard,
        Err(problems) => return desk.refuse(&problems),
    };
    let shipped = match standard_of(None) {
        Ok(read) => read.standard,
        Err(problems) => return desk.refuse(&problems),
    };
    let departures = departures(&shipped, &own);
    if format == Format::Json {
        desk.json(&departures)?;
        return Ok(Outcome::Fine);
    }
    let mut out = String::new();
    for departure in &departures {
        out.push_str(&line(departure, desk.lang));
    }
    if departures.is_empty() {
        out.push_str(Text::fixed("標準のまま\n", "as shipped\n").get(desk.lang));
    }
    desk.print(&out)?;
    Ok(Outcome::Fine)
}

fn line(departure: &Departure<'_>, lang: Lang) -> String {
    let (mark, id, text) = match departure {
        Departure::Added { duty } => ("+", &duty.id, duty.title.clone()),
        Departure::Changed { duty, keys, .. } => ("~", &duty.id, Text::same(keys.join(", "))),
        Departure::Disabled { duty, .. } => ("-", &duty.id, duty.disabled.clone().unwrap_or_default()),
    };
    format!("{mark} {id}: {}\n", text.get(lang))
}
