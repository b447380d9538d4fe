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
    println!("standard: {} duties; records: copies of the sample city's {} rows", folder.standard.duties.len(), city::rows(&folder).count());
    println!();
    println!("{:>9} {:>12} {:>14} {:>12} {:>10}", "records", "resolve ms", "judge all ms", "change µs", "peak MB");
    let mut judged = Vec::new();
    for size in SIZES {
        let rows = city::rows(&folder).sized(size);
        let (ms, change) = measure(&schema, &standard, &folder, &rows);
        judged.push(ms);
        println!("{size:>9} {:>12.1} {ms:>14.1} {change:>12.1} {:>10}", resolving(&schema, &rows), memory());
    }
    println!();
    if let [small, middle, large] = judged.as_slice() {
        println!("growth of judging all: ×{:.1} from 1k to 10k, ×{:.1} from 10k to 100k", middle / small, large / middle);
    }
    baseline::compare(&folder, &schema);
}

fn compiled(folder: &Folder) -> (Arc<Schema>, Arc<CompiledStandard>) {
    let schema = Arc::new(Schema {
        registers: folder.kinds.iter().map(register::Kind::fact_schema).collect(),
    });
    match folder.standard.compile(&schema) {
        Ok(standard) => (schema, Arc::new(standard)),
        Err(problems) => city::give_up(&format!("{problems:?}")),
    }
}

/// Milliseconds to resolve every reference.
fn resolving(schema: &Arc<Schema>, rows: &Rows) -> f64 {
    fastest(3, || rows.records(), |records| Facts::new(Arc::clone(schema), records)) * 1e3
}

/// Milliseconds to judge everything, standings included, and microseconds for one changed record with its verdicts.
fn measure(schema: &Arc<Schema>, standard: &Arc<CompiledStandard>, folder: &Folder, rows: &Rows) -> (f64, f64) {
    let facts = || Facts::new(Arc::clone(schema), rows.records()).0;
    let today = folder.settings.as_of.unwrap_or_else(|| jiff::civil::date(2026, 11, 23));
    let judge = |facts: Facts| Judge::new(Arc::clone(standard), facts, folder.settings.city.clone(), today);
    let all = fastest(5, facts, |facts| judge(facts).verdicts().len());
    let mut standing = judge(facts());
    let mut slowest = Vec::new();
    for (register, record) in rows.one_of_each() {
        let change = fastest(
            3,
            || record.clone(),
            |record| {
                let touched = standing.change(register, record);
                touched.into_iter().filter_map(|duty| standing.verdict(duty)).map(|verdict| verdict.findings.len()).sum::<usize>()
            },
        );
        slowest.push((change * 1e6, register));
    }
    slowest.sort_by(|a, b| a.0.total_cmp(&b.0));
    let name = |register: usize| schema.registers.get(register).map_or("", |register| register.slug.as_str());
    if let Some((worst, register)) = slowest.last() {
        println!("          slowest change: {} in `{}`, {worst:.0} µs", "a row", name(*register));
    }
    let middle = slowest.get(slowest.len() / 2).map_or(0.0, |(time, _)| *time);
    (all * 1e3, middle)
}
