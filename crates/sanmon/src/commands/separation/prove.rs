//! `sanmon separation prove DIR --device NAME`: real packets through a real kernel.

use std::io;

use model::lang::Text;
use model::random::{SystemRandom, bytes};
use separation::fabric::NodeId;
use separation::network::Place;
use separation::prove::{Probe, Proof, probes, prove};
use serde_json::{Value, json};
use service::network::{CityNetwork, Configuration, words};

use super::asked::Asked;
use super::rule;
use crate::cli::Format;
use crate::cli::separation::NetworkOf;
use crate::commands::{Desk, Outcome};

/// The one language that the kernel itself understands.
const NFTABLES: &str = "nftables";

pub(super) fn run(of: &NetworkOf, device: &str, packets: usize, format: Format, desk: Desk) -> io::Result<Outcome> {
    let asked = match Asked::read(of) {
        Ok(asked) => asked,
        Err(problems) => return desk.refuse(&problems),
    };
    let node = match asked.device(device) {
        Ok(node) => node,
        Err(why) => return desk.stop(&why),
    };
    let network = &asked.network;
    let names = network
        .fabric
        .placed(node)
        .map(|placed| placed.configurations.as_slice());
    let rules = names.unwrap_or_default().iter().find_map(|name| {
        let configuration = network.sources.configuration(name)?;
        holds_rules(configuration).then_some(configuration)
    });
    let Some(rules) = rules else {
        return desk.stop(&Text::new(
            format!("機器「{device}」に nftables の設定がない。実際に動かして確かめられるのは nftables だけ"),
            format!("device `{device}` has no ruleset of nftables, the only one that can be run here"),
        ));
    };
    if network
        .fabric
        .node(node)
        .is_none_or(|node| !node.device.unread.is_empty())
    {
        return desk.stop(&Text::fixed(
            "設定に読めない行があるので、通るものを予想できない(sanmon separation check が行を示す)",
            "some lines are not understood, so nothing can be predicted (`sanmon separation check` shows them)",
        ));
    }
    let mut probes = probes(&network.fabric, node, packets, &mut drawing());
    for probe in &mut probes {
        probe.answered &= comes_back(network, node, probe);
    }
    match prove(&network.fabric, node, &rules.text, &probes) {
        Err(failed) => desk.stop(&failed.0),
        Ok(proof) => {
            match format {
                Format::Json => desk.json(&report(&proof))?,
                Format::Text => desk.print(told(&proof).get(desk.lang))?,
            }
            let fine = proof.mismatches.is_empty();
            Ok(if fine { Outcome::Fine } else { Outcome::Broken })
        }
    }
}

/// Whether the answer of a flow goes back to where the flow came from: not where its source was borrowed from another zone.
fn comes_back(network: &CityNetwork, node: NodeId, probe: &Probe) -> bool {
    let places = network.fabric.node(node).map(|node| node.places.as_slice());
    let place = places.unwrap_or_default().get(probe.ingress).copied().flatten();
    let source = probe.packet.family.address(probe.packet.source);
    match place {
        Some(Place::Zone(zone)) => network
            .fabric
            .network
            .zone(zone)
            .is_some_and(|zone| zone.addresses.contains(source)),
        Some(Place::Link(_)) => true,
        None => false,
    }
}

/// Beside the ruleset there may be lists of addresses and routes.
fn holds_rules(configuration: &Configuration) -> bool {
    configuration.dialect == NFTABLES
        && configuration
            .text
            .lines()
            .any(|line| line.trim_start().starts_with("table "))
}

/// Numbers below a bound, from a seed that is new in every run.
fn drawing() -> impl FnMut(u64) -> u64 {
    let mut state = u64::from_le_bytes(bytes(&SystemRandom)) | 1;
    move |below| {
        // xorshift64 (Marsaglia): which packets are drawn need not be hard to guess.
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state % below.max(1)
    }
}

fn told(proof: &Proof) -> Text {
    let n = |number: usize| words::grouped(&number.to_string());
    let (sent, delivered, predicted) = (n(proof.sent), n(proof.delivered), n(proof.predicted));
    let (answers, wrong, kernel) = (n(proof.answers), n(proof.mismatches.len()), &proof.kernel);
    let first = proof.mismatches.first().map_or_else(Text::default, |first| {
        let way = |way: &Option<String>| way.as_deref().unwrap_or("-").to_owned();
        let (packet, predicted, left) = (first.packet, way(&first.predicted), way(&first.left));
        Text::new(
            format!(
                "初めの違い: {packet}({} から。予想 {predicted}、実際 {left})\n",
                first.ingress
            ),
            format!(
                "first difference: {packet} (into {}; predicted {predicted}, left by {left})\n",
                first.ingress
            ),
        )
    });
    Text::new(
        format!(
            "送ったパケット {sent}、通ると予想 {predicted}、通った {delivered}、返りのパケット {answers}、違い {wrong}(Linux {kernel})\n{}",
            first.ja
        ),
        format!(
            "{sent} packets sent, {predicted} predicted to pass, {delivered} passed, {answers} answers, {wrong} differences (Linux {kernel})\n{}",
            first.en
        ),
    )
}

fn report(proof: &Proof) -> Value {
    let mismatches = proof.mismatches.iter().map(|mismatch| {
        json!({
            "packet": rule::packet(&mismatch.packet),
            "in": mismatch.ingress,
            "predicted": mismatch.predicted,
            "left": mismatch.left,
            "answer": mismatch.answer,
        })
    });
    json!({
        "sent": proof.sent,
        "predicted": proof.predicted,
        "delivered": proof.delivered,
        "answers": proof.answers,
        "mismatches": mismatches.collect::<Vec<Value>>(),
        "kernel": proof.kernel,
        "engine": { "name": "separation", "version": env!("CARGO_PKG_VERSION") },
    })
}
