//! `cargo run --release -p bench`: what judging costs, beside the interpreter of the `cel` crate in the same run.
//!
//! Times are minima of several runs on one core; read the ratios, not the milliseconds.

mod baseline;
mod city;
mod clock;

use std::sync::Arc;

use policy::facts::{Facts, Schema};
use policy::judge::Judge;
use policy::standard::CompiledStandard;
use service::folder::Folder;

use crate::city::Rows;
use crate::clock::{fastest, memory};

const SIZES: [usize; 3] = [1_000, 10_000, 100_000];

fn main() {
    let folder = city::sample();
    let (schema, standard) = compiled(&folder);
    println!(
        "standard: {} duties; records: copies of the sample city's {} rows",
        folder.city.standard.duties.len(),
        city::rows(&folder).count()
    );
    println!();
    println!(
        "{:>9} {:>12} {:>14} {:>16} {:>16} {:>9}  in",
        "records", "resolve ms", "judge all ms", "change µs median", "change µs worst", "peak MB"
    );
    let mut judged = Vec::new();
    for size in SIZES {
        let rows = city::rows(&folder).sized(size);
        let resolved = resolving(&schema, &rows);
        let judging = measure(&schema, &standard, &folder, &rows);
        judged.push(judging.all);
        let Judging {
            all,
            median,
            worst,
            register,
        } = judging;
        println!(
            "{size:>9} {resolved:>12.1} {all:>14.1} {median:>16.1} {worst:>16.1} {:>9}  {register}",
            memory()
        );
    }
    println!();
    if let [small, middle, large] = judged.as_slice() {
        println!(
            "growth of judging all: ×{:.1} from 1k to 10k, ×{:.1} from 10k to 100k",
            middle / small,
            large / middle
        );
    }
    baseline::compare(&folder, &schema);
}

fn compiled(folder: &Folder) -> (Arc<Schema>, Arc<CompiledStandard>) {
    let schema = Arc::new(Schema {
        registers: folder.city.kinds.iter().map(register::Kind::fact_schema).collect(),
    });
    match folder.city.standard.compile(&schema) {
        Ok(standard) => (schema, Arc::new(standard)),
        Err(problems) => city::give_up(&format!("{problems:?}")),
    }
}

/// Milliseconds to resolve every reference.
fn resolving(schema: &Arc<Schema>, rows: &Rows) -> f64 {
    fastest(3, || rows.records(), |records| Facts::new(Arc::clone(schema), records)) * 1e3
}

/// What judging costs.
struct Judging {
    /// Milliseconds to judge everything, every finding included.
    all: f64,
    /// Microseconds for one changed record, the verdicts on the duties it touches included: the median over the registers.
    median: f64,
    /// The same for the register where it costs most.
    worst: f64,
    register: String,
}

fn measure(schema: &Arc<Schema>, standard: &Arc<CompiledStandard>, folder: &Folder, rows: &Rows) -> Judging {
    let facts = || Facts::new(Arc::clone(schema), rows.records()).0;
    let today = folder
        .city
        .settings
        .as_of
        .unwrap_or_else(|| jiff::civil::date(2026, 11, 23));
    let judge = |facts: Facts| Judge::new(Arc::clone(standard), facts, folder.city.settings.city.clone(), today);
    let all = fastest(5, facts, |facts| judge(facts).verdicts().len());
    let mut standing = judge(facts());
    let mut changes: Vec<(f64, usize)> = Vec::new();
    for (register, record) in rows.one_of_each() {
        let change = fastest(
            5,
            || record.clone(),
            |record| {
                let touched = standing.change(register, record);
                let verdicts = touched.into_iter().filter_map(|duty| standing.verdict(duty));
                verdicts.map(|verdict| verdict.findings.len()).sum::<usize>()
            },
        );
        changes.push((change * 1e6, register));
    }
    changes.sort_by(|a, b| a.0.total_cmp(&b.0));
    let median = changes.get(changes.len() / 2).map_or(0.0, |(time, _)| *time);
    let (worst, register) = changes.last().copied().unwrap_or_default();
    let register = schema
        .registers
        .get(register)
        .map_or_else(String::new, |register| register.slug.clone());
    Judging {
        all: all * 1e3,
        median,
        worst,
        register,
    }
}
