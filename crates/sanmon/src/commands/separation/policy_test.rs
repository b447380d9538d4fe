//! `sanmon separation policy-test DIR --file FILE`: a city's own assertions.

use std::fs;
use std::io;
use std::path::Path;

use model::lang::Text;
use separation::question::{Assertion, Expected, Options, Outcome as Came, policy_test};
use serde_json::{Value, json};
use service::problem::Problem;

use super::asked::Asked;
use super::rule;
use crate::cli::Format;
use crate::cli::separation::NetworkOf;
use crate::commands::place::unreadable;
use crate::commands::{Desk, Outcome};

pub(super) fn run(of: &NetworkOf, file: &Path, format: Format, desk: Desk) -> io::Result<Outcome> {
    let asked = match Asked::read(of) {
        Ok(asked) => asked,
        Err(problems) => return desk.refuse(&problems),
    };
    let text = match fs::read_to_string(file) {
        Ok(text) => text,
        Err(error) => return desk.stop(&unreadable(file, &error)),
    };
    let fabric = &asked.network.fabric;
    let assertions = match Assertion::read(&text, &fabric.network) {
        Ok(assertions) => assertions,
        Err(diagnostics) => {
            let problems = diagnostics.into_iter().map(|diagnostic| Problem {
                source: Some(text.as_str().into()),
                ..Problem::whole(file.display().to_string(), diagnostic)
            });
            return desk.refuse(&problems.collect::<Vec<_>>());
        }
    };
    let outcomes = policy_test(fabric, &assertions, Options::on(asked.today));
    let fine = outcomes.len() == assertions.len() && outcomes.iter().all(|came| *came == Came::Holds);
    let told = assertions.iter().zip(&outcomes);
    if format == Format::Json {
        let told = told.map(|(assertion, came)| {
            let (word, witness) = match came {
                Came::Holds => ("holds", None),
                Came::Fails(packet) => ("fails", Some(rule::packet(packet))),
                Came::Empty => ("empty", None),
                Came::Unproven => ("unproven", None),
            };
            json!({ "name": assertion.name, "outcome": word, "witness": witness })
        });
        desk.json(&told.collect::<Vec<Value>>())?;
    } else {
        let mut out = String::new();
        for (assertion, came) in told {
            out.push_str(line(assertion, came).get(desk.lang));
            out.push('\n');
        }
        desk.print(&out)?;
    }
    Ok(if fine { Outcome::Fine } else { Outcome::Broken })
}

fn line(assertion: &Assertion, came: &Came) -> Text {
    let name = &assertion.name;
    match (came, assertion.expected) {
        (Came::Holds, _) => Text::new(format!("○  {name}"), format!("○  {name}")),
        (Came::Fails(packet), Expected::Pass) => Text::new(
            format!("×  {name} — 届くとは限らない: {packet}"),
            format!("×  {name} — may not arrive: {packet}"),
        ),
        (Came::Fails(packet), Expected::Blocked) => Text::new(
            format!("×  {name} — 届きうる: {packet}"),
            format!("×  {name} — may arrive: {packet}"),
        ),
        (Came::Empty, _) => Text::new(
            format!("?  {name} — 当てはまるパケットが一つもない"),
            format!("?  {name} — it speaks of no packet at all"),
        ),
        (Came::Unproven, _) => Text::new(
            format!("?  {name} — 組合せが多く、分からない"),
            format!("?  {name} — not known: too many combinations"),
        ),
    }
}
