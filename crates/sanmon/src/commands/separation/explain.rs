//! `sanmon separation explain DIR …`: the way of one packet, hop by hop, with the line that decides at each.

use std::fmt::Write as _;
use std::io;

use model::lang::{Lang, Text};
use separation::device::Action;
use separation::network::ZoneId;
use separation::packet::Packet;
use separation::trace::{Branch, End, Hop, Step, walk};
use serde_json::{Value, json};
use service::network::explain::{self, PacketAsked};

use super::asked::Asked;
use super::rule;
use crate::cli::Format;
use crate::cli::separation::Explain;
use crate::commands::{Desk, Outcome};

pub(super) fn run(arguments: &Explain, desk: Desk) -> io::Result<Outcome> {
    let asked = match Asked::read(&arguments.network) {
        Ok(asked) => asked,
        Err(problems) => return desk.refuse(&problems),
    };
    let (from, packet) = match question(arguments, &asked) {
        Ok(question) => question,
        Err(why) => return desk.stop(&why),
    };
    let walk = walk(&asked.network.fabric, from, packet, &|first, _| first);
    let telling = Telling {
        asked: &asked,
        lang: desk.lang,
    };
    if arguments.format == Format::Json {
        let branches: Vec<Value> = walk.branches.iter().map(|branch| telling.json(branch)).collect();
        desk.json(&json!({ "packet": rule::packet(&packet), "complete": walk.complete, "branches": branches }))?;
    } else {
        let mut out = format!("{packet}\n");
        if walk.branches.is_empty() {
            let nowhere = Text::fixed("この領域につながる機器がない\n", "no device stands on this zone\n");
            out.push_str(nowhere.get(desk.lang));
        }
        for branch in &walk.branches {
            out.push('\n');
            out.push_str(&telling.text(branch));
        }
        if !walk.complete {
            let more = Text::fixed(
                "\n途中で分かれる道が多く、全ては示していない\n",
                "\nthere are more ways than are shown\n",
            );
            out.push_str(more.get(desk.lang));
        }
        desk.print(&out)?;
    }
    let arrives = |branch: &Branch| matches!(branch.end, End::Arrives(_) | End::Unknown);
    let may_arrive = !walk.complete || walk.branches.iter().any(arrives);
    Ok(if may_arrive { Outcome::Broken } else { Outcome::Fine })
}

/// The zone that sends, and the packet.
fn question(arguments: &Explain, asked: &Asked) -> Result<(ZoneId, Packet), Text> {
    let packet = asked.network.packet(&PacketAsked {
        from: arguments.from.as_deref(),
        source: arguments.source,
        destination: arguments.destination,
        protocol: &arguments.protocol,
        port: arguments.port,
        source_port: arguments.source_port,
    });
    packet.map_err(|(part, Text { ja, en })| {
        let option = part.word();
        Text::new(format!("{ja}(--{option})"), format!("{en} (--{option})"))
    })
}

struct Telling<'a> {
    asked: &'a Asked,
    lang: Lang,
}

impl Telling<'_> {
    fn text(&self, branch: &Branch) -> String {
        let mut out = String::new();
        for hop in &branch.hops {
            let (device, ingress, egress) = self.asked.network.hop(hop);
            let egress = egress.unwrap_or("?");
            let _ = writeln!(out, "{device}  {ingress} → {egress}");
            for step in &hop.steps {
                let _ = writeln!(out, "   {}", self.step(hop, step));
            }
        }
        for supposed in &branch.supposes {
            let supposes = Text::new(format!("前提: {}", supposed.ja), format!("supposing: {}", supposed.en));
            let _ = writeln!(out, "   {}", supposes.get(self.lang));
        }
        let _ = writeln!(out, "=> {}", self.asked.network.end(branch.end).get(self.lang));
        out
    }

    /// 通す  network/configs/core.txt:12: ip filter …
    fn step(&self, hop: &Hop, step: &Step) -> String {
        let told = explain::step(step);
        let words = told.words.get(self.lang);
        match told.at {
            Some(line) => format!("{words}  {}", self.asked.network.line_text(hop.node, line)),
            None => words.to_owned(),
        }
    }

    fn json(&self, branch: &Branch) -> Value {
        let hops = branch.hops.iter().map(|hop| {
            let (device, ingress, egress) = self.asked.network.hop(hop);
            let steps: Vec<Value> = hop.steps.iter().map(|step| self.step_json(hop, step)).collect();
            json!({
                "device": device,
                "in": ingress,
                "out": egress,
                "came": rule::packet(&hop.came),
                "left": rule::packet(&hop.left),
                "steps": steps,
            })
        });
        let hops: Vec<Value> = hops.collect();
        let supposes: Vec<&str> = branch.supposes.iter().map(|text| text.get(self.lang)).collect();
        let (end, zone) = match branch.end {
            End::Arrives(zone) => ("arrives", self.asked.network.fabric.network.zone(zone)),
            End::Denied => ("denied", None),
            End::NoRoute => ("no_route", None),
            End::ForDevice => ("for_device", None),
            End::Unknown => ("unknown", None),
            End::Loop => ("loop", None),
        };
        json!({ "hops": hops, "end": end, "zone": zone.map(|zone| &zone.name), "supposes": supposes })
    }

    fn step_json(&self, hop: &Hop, step: &Step) -> Value {
        let at = |line| rule::json(&self.asked.network, hop.node, line);
        match step {
            Step::Rule { action, line, .. } => {
                let word = if *action == Action::Permit { "permit" } else { "deny" };
                json!({ "step": word, "rule": at(*line) })
            }
            Step::Translated { line, packet } => {
                json!({ "step": "translate", "rule": at(*line), "packet": rule::packet(packet) })
            }
            Step::Routed { line } => json!({ "step": "route", "rule": line.map(at) }),
        }
    }
}
