//! `sanmon separation unreachable DIR`: lines that decide nothing.

use std::io;

use model::lang::Text;
use separation::question::{Options, Redundant, RuleAt, redundant, unreachable};
use serde_json::{Value, json};
use service::network::CityNetwork;

use super::asked::Asked;
use super::rule;
use crate::cli::Format;
use crate::cli::separation::NetworkOf;
use crate::commands::{Desk, Outcome};
use crate::show::problem::Shown;

pub(super) fn run(of: &NetworkOf, format: Format, desk: Desk) -> io::Result<Outcome> {
    let asked = match Asked::read(of) {
        Ok(asked) => asked,
        Err(problems) => return desk.refuse(&problems),
    };
    let network = &asked.network;
    let options = Options::on(asked.today);
    let (found, _) = unreachable(&network.fabric, options);
    // What it cannot find out holds for both.
    let (needless, unknown) = redundant(&network.fabric, options);
    let unknown: Vec<String> = unknown
        .iter()
        .filter_map(|(node, chain)| {
            let device = &network.fabric.node(*node)?.device;
            let placed = network.fabric.placed(*node)?;
            Some(format!("{} {}", placed.name, device.chain(*chain)?.name))
        })
        .collect();
    if format == Format::Json {
        let found = found.iter().map(|one| {
            let by = one.blocked_by.iter();
            let by: Vec<Value> = by.map(|by| rule::json(network, by.node, by.line)).collect();
            json!({ "rule": rule::json(network, one.rule.node, one.rule.line), "blocked_by": by, "differs": one.differs })
        });
        let needless = needless.iter().map(|Redundant { rule, covered_by }| {
            let by = covered_by.iter();
            let by: Vec<Value> = by.map(|by| rule::json(network, by.node, by.line)).collect();
            json!({ "rule": rule::json(network, rule.node, rule.line), "covered_by": by })
        });
        desk.json(&json!({
            "unreachable": found.collect::<Vec<Value>>(),
            "redundant": needless.collect::<Vec<Value>>(),
            "unproven": unknown,
        }))?;
    } else {
        let mut out = String::new();
        for one in &found {
            let by = one.blocked_by.iter();
            let by: Vec<String> = by.map(|by| network.line_text(by.node, by.line)).collect();
            let message = match (by.is_empty(), one.differs) {
                (true, _) => Text::fixed("どのパケットにも合わない行", "a line that matches no packet"),
                (_, true) => Text::fixed(
                    "前の行がすべて決めるので効かない行(決め方が違う)",
                    "a line that never decides; the lines before it decide otherwise",
                ),
                (_, false) => Text::fixed(
                    "前の行がすべて決めるので要らない行",
                    "a line that is not needed; the lines before it decide the same",
                ),
            };
            let severity = if one.differs {
                miette::Severity::Warning
            } else {
                miette::Severity::Advice
            };
            out.push_str(&shown(network, one.rule, &message, severity, &by, desk));
        }
        for Redundant { rule, covered_by } in &needless {
            let by = covered_by.iter();
            let by: Vec<String> = by.map(|by| network.line_text(by.node, by.line)).collect();
            let message = Text::fixed(
                "なくても変わらない行(後の行が同じに決める)",
                "a line that could be taken away; later lines decide the same",
            );
            out.push_str(&shown(network, *rule, &message, miette::Severity::Advice, &by, desk));
        }
        for chain in &unknown {
            let told = Text::new(
                format!("{chain}: 調べ終わらなかった\n"),
                format!("{chain}: could not be looked at to the end\n"),
            );
            out.push_str(told.get(desk.lang));
        }
        let closing = Text::new(
            format!(
                "何も決めていない行 {}、なくても変わらない行 {}\n",
                found.len(),
                needless.len()
            ),
            format!(
                "{} lines decide nothing, {} could be taken away\n",
                found.len(),
                needless.len()
            ),
        );
        out.push_str(closing.get(desk.lang));
        desk.print(&out)?;
    }
    let fine = found.is_empty() && needless.is_empty() && unknown.is_empty();
    Ok(if fine { Outcome::Fine } else { Outcome::Broken })
}

/// A rule, and the rules that do its work.
fn shown(
    network: &CityNetwork,
    at: RuleAt,
    message: &Text,
    severity: miette::Severity,
    by: &[String],
    desk: Desk,
) -> String {
    let shown = Shown {
        code: None,
        severity,
        message: message.get(desk.lang).to_owned(),
        help: (!by.is_empty()).then(|| by.join("\n")),
        label: None,
        snippet: rule::snippet(network, at.node, at.line),
    };
    format!("{}\n", shown.render(desk.paint))
}
