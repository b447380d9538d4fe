//! What judging costs, beside the interpreter of the `cel` crate in the same run.
//!
//! Times are minima of several runs on one core.

mod baseline;
mod city;

use std::sync::Arc;

use policy::facts::{Facts, Schema};
use policy::judge::Judge;
use policy::standard::CompiledStandard;
use service::folder::Folder;

use self::city::Rows;
use crate::clock::{fastest, peak_memory};
use crate::report::{Report, Row};
use crate::stop::give_up;

const SIZES: [usize; 3] = [1_000, 10_000, 100_000];

pub(crate) fn run(report: &mut Report) {
    let folder = city::sample();
    let (schema, standard) = compiled(&folder);
    if report.is_table() {
        println!(
            "standard: {} duties; records: copies of the sample city's {} rows",
            folder.city.standard.duties.len(),
            city::rows(&folder).count()
        );
    }
    report.heading("judge");
    let mut judged: Vec<f64> = Vec::new();
    for size in SIZES {
        let rows = city::rows(&folder).sized(size);
        let resolved = resolving(&schema, &rows);
        let judging = measure(&schema, &standard, &folder, &rows);
        let Judging {
            all,
            median,
            worst,
            register,
        } = judging;
        let of = |what: &str| format!("{size} records: {what}");
        report.add(Row::new(of("resolve references"), resolved, "ms"));
        let everything = Row::new(of("judge everything"), all, "ms");
        report.add(match judged.last() {
            Some(tenth) => everything.beside("a tenth of the records", *tenth),
            None => everything,
        });
        report.add(Row::new(of("one changed record, median"), median, "µs"));
        report.add(Row::new(of(&format!("one changed record, {register}")), worst, "µs"));
        report.add(Row::new(of("peak memory"), peak_memory(), "MB"));
        judged.push(all);
    }
    baseline::compare(&folder, &schema, report);
}

fn compiled(folder: &Folder) -> (Arc<Schema>, Arc<CompiledStandard>) {
    let schema = Arc::new(Schema {
        registers: folder.city.kinds.iter().map(register::Kind::fact_schema).collect(),
    });
    match folder.city.standard.compile(&schema) {
        Ok(standard) => (schema, Arc::new(standard)),
        Err(problems) => give_up(&format!("{problems:?}")),
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
