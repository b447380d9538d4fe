//! Real packets through a real kernel: is what the engine says of a ruleset what happens?
//!
//! A gateway is set up in a network namespace of its own, with its ruleset and an interface for each of those that its places name. In
//! a second namespace stand the far ends of the wires. Each [`Probe`] is sent into one wire as a frame, and the wire that it comes out
//! of, if any, is compared with what was predicted. Of flows that were let through the answer is sent too.
//!
//! A mismatch is a finding against us, not against the city.
//!
//! Needs the right to make namespaces (root), and the programs `ip` and `nft`.

mod frame;
mod namespace;
mod probes;
#[cfg(test)]
mod tests;
mod wire;

use std::collections::BTreeMap;

use model::lang::Text;

pub use self::probes::{Probe, probes};
use crate::fabric::{Fabric, NodeId};
use crate::packet::Packet;

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proof {
    /// Packets that were sent to begin flows.
    pub sent: usize,
    /// Those of them that were predicted to pass.
    pub predicted: usize,
    /// Those of them that passed.
    pub delivered: usize,
    /// Answers that were sent.
    pub answers: usize,
    /// Where the kernel did something else than was predicted.
    pub mismatches: Vec<Mismatch>,
    /// The release of the kernel.
    pub kernel: String,
}

/// A packet of which the prediction was wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mismatch {
    /// The packet as it was sent.
    pub packet: Packet,
    /// The interface of the gateway that it was sent into.
    pub ingress: String,
    /// The interface that it was predicted to leave by.
    pub predicted: Option<String>,
    /// The one that it left by.
    pub left: Option<String>,
    /// Whether it was the answer of a flow.
    pub answer: bool,
}

/// Why nothing could be proved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failed(pub Text);

impl Failed {
    fn new(ja: impl Into<String>, en: impl Into<String>) -> Self {
        Self(Text::new(ja, en))
    }
}

/// Sends `probes` through the device `gate` of the fabric, set up with the text of its ruleset.
///
/// # Errors
/// The right to make namespaces is missing, or a program; the kernel refuses the ruleset.
pub fn prove(fabric: &Fabric, gate: NodeId, ruleset: &str, probes: &[Probe]) -> Result<Proof, Failed> {
    let site = namespace::Site::build(fabric, gate, ruleset)?;
    let mut wires = wire::Wires::open(&site)?;
    let arrived = wires.send(&site, probes)?;
    let mut proof = Proof {
        sent: probes.len(),
        predicted: probes.iter().filter(|probe| probe.egress.is_some()).count(),
        delivered: arrived.len(),
        answers: 0,
        mismatches: compare(&site, probes, &arrived, false),
        kernel: namespace::kernel()?,
    };
    let answers: Vec<Probe> = probes.iter().filter_map(Probe::answer).collect();
    let arrived = wires.send(&site, &answers)?;
    proof.answers = answers.len();
    proof.mismatches.extend(compare(&site, &answers, &arrived, true));
    Ok(proof)
}

fn compare(site: &namespace::Site, probes: &[Probe], arrived: &BTreeMap<usize, usize>, answer: bool) -> Vec<Mismatch> {
    let name = |wire: usize| site.interface(wire).to_owned();
    let wrong = probes
        .iter()
        .enumerate()
        .filter(|(number, probe)| arrived.get(number) != probe.egress.as_ref());
    let mismatches = wrong.map(|(number, probe)| Mismatch {
        packet: probe.packet,
        ingress: name(probe.ingress),
        predicted: probe.egress.map(name),
        left: arrived.get(&number).copied().map(name),
        answer,
    });
    mismatches.collect()
}
