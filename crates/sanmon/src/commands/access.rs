//! `sanmon access prove`: the never-rules, proved by a solver.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use access::authority::Authority;
use access::authority::prove::{Proof, Solver, Verdict, prove};
use model::lang::Text;
use service::problem::Problem;

use super::place::unreadable;
use super::{Desk, Outcome};
use crate::cli::{Access, Format};
use crate::serve::Stopped;

pub(super) fn run(arguments: &Access, desk: Desk) -> Result<Outcome, Stopped> {
    let Access::Prove { rules, solver, format } = arguments;
    let authority = authority(rules)?;
    let proofs = prove(&authority, &Solver::at(solver));
    match format {
        Format::Json => desk.json(&proofs)?,
        Format::Text => show(&proofs, desk)?,
    }
    Ok(outcome(&proofs))
}

/// The shipped rules with those of the files.
fn authority(files: &[PathBuf]) -> Result<Authority, Stopped> {
    let mut city = Vec::new();
    for path in files {
        let text = fs::read_to_string(path).map_err(|error| unreadable(path, &error))?;
        city.push((name(path), text));
    }
    let rules: Vec<(&str, &str)> = city.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    Authority::with(&rules).map_err(|faults| {
        let problems = faults.into_iter().map(|fault| {
            let source = rules.iter().find(|(name, _)| *name == fault.file);
            Problem {
                file: fault.file.clone(),
                diagnostic: fault.diagnostic,
                source: source.map(|(_, text)| Arc::from(*text)),
                cell: None,
            }
        });
        Stopped::City(problems.collect())
    })
}

fn name(path: &Path) -> String {
    path.display().to_string()
}

fn show(proofs: &[Proof], desk: Desk) -> io::Result<()> {
    for proof in proofs {
        let verdict = match &proof.verdict {
            Verdict::Proved => Text::fixed("証明された", "proved"),
            Verdict::Refuted(found) => {
                let found = found.text();
                Text::new(format!("反例がある: {}", found.ja), format!("refuted: {}", found.en))
            }
            Verdict::NotProved(why) => {
                Text::new(format!("証明できない: {}", why.ja), format!("not proved: {}", why.en))
            }
        };
        desk.say(&Text::new(
            format!("{} {}\n  {}", proof.rule, proof.title.ja, verdict.ja),
            format!("{} {}\n  {}", proof.rule, proof.title.en, verdict.en),
        ))?;
    }
    Ok(())
}

fn outcome(proofs: &[Proof]) -> Outcome {
    let any = |is: fn(&Verdict) -> bool| proofs.iter().any(|proof| is(&proof.verdict));
    if any(|verdict| matches!(verdict, Verdict::Refuted(_))) {
        Outcome::Broken
    } else if any(|verdict| matches!(verdict, Verdict::NotProved(_))) {
        Outcome::Unusable
    } else {
        Outcome::Fine
    }
}
