//! The same criterion over the same rows, asked of the `cel` crate's interpreter.

use std::collections::HashMap;
use std::sync::Arc;

use cel::{Context, Program};
use policy::criterion::{Moment, Truth, compile};
use policy::facts::{Facts, Record, Schema, Value};
use service::folder::Folder;

use super::city;
use crate::clock::fastest;
use crate::report::{Report, Row};
use crate::stop::give_up;

/// A criterion that both understand: the interpreter knows neither references nor dates of ours.
const CRITERION: &str = "status == 'in_use' && (factors >= 2 || screen_lock_minutes <= 15) && code.startsWith('PC-')";
const REGISTER: &str = "terminal";

pub(crate) fn compare(folder: &Folder, schema: &Arc<Schema>, report: &mut Report) {
    let rows = city::rows(folder).sized(100_000);
    let Some(position) = schema.position(REGISTER) else {
        give_up("no register of terminals");
    };
    let records: Vec<Record> = rows
        .records()
        .into_iter()
        .filter(|(register, _)| *register == position)
        .flat_map(|(_, rows)| rows)
        .collect();
    let fields: Vec<&str> = schema
        .registers
        .get(position)
        .map(|r| r.fields.iter().map(|f| f.name.as_str()).collect())
        .unwrap_or_default();
    let ours = ours(folder, schema, position, &records);
    let theirs = theirs(&fields, &records);
    if ours.1 != theirs.1 {
        give_up(&format!("the two disagree: {} and {} rows hold", ours.1, theirs.1));
    }
    let what = format!("one criterion over {} rows", records.len());
    report.add(Row::new(what, ours.0 * 1e3, "ms").beside("the cel crate's interpreter", theirs.0 * 1e3));
}

fn ours(folder: &Folder, schema: &Arc<Schema>, position: usize, records: &[Record]) -> (f64, usize) {
    let Ok(criterion) = compile(CRITERION, Some(REGISTER), schema, &[]) else {
        give_up("the criterion does not compile");
    };
    let (facts, _) = Facts::new(Arc::clone(schema), vec![(position, records.to_vec())]);
    let moment = Moment {
        today: jiff::civil::date(2026, 11, 23),
        city: &folder.city.settings.city,
    };
    let count = || {
        facts
            .rows(position)
            .filter(|row| criterion.holds(&facts, &moment, *row) == Truth::True)
            .count()
    };
    (fastest(5, || (), |()| count()), count())
}

/// The interpreter is given the row as variables, made beforehand: only execution is timed.
fn theirs(fields: &[&str], records: &[Record]) -> (f64, usize) {
    let Ok(program) = Program::compile(CRITERION) else {
        give_up("the interpreter does not compile the criterion");
    };
    let contexts: Vec<Context<'_, '_>> = records.iter().map(|record| context(fields, record)).collect();
    let count = || {
        let holds = |context: &&Context<'_, '_>| matches!(program.execute(context), Ok(cel::Value::Bool(true)));
        contexts.iter().filter(holds).count()
    };
    (fastest(3, || (), |()| count()), count())
}

fn context(fields: &[&str], record: &Record) -> Context<'static, 'static> {
    let mut context = Context::default();
    let used = ["status", "factors", "screen_lock_minutes", "code"];
    let values: HashMap<&str, &Value> = fields.iter().copied().zip(&record.values).collect();
    for name in used {
        match values.get(name) {
            Some(Value::Text(text)) => context.add_variable_from_value(name.to_owned(), text.to_string()),
            Some(Value::Int(number)) => context.add_variable_from_value(name.to_owned(), *number),
            _ => {}
        }
    }
    context
}
