use jiff::civil::date;

use super::{Probe, probes, prove};
use crate::dialect;
use crate::fabric::{Fabric, NodeId};
use crate::network::Network;
use crate::render::{nftables, plan};
use crate::source::Source;

const CITY: &str = include_str!("../../tests/data/gate/network.toml");
const ADDRESSES: &str = include_str!("../../tests/data/gate/gate.address");
const ROUTES: &str = include_str!("../../tests/data/gate/gate.route");
const GATE: NodeId = NodeId(0);

fn city(change: impl Fn(String) -> String) -> (Fabric, String) {
    let network = Network::read(CITY).unwrap();
    let plan = plan(&network, &network.devices[0], "alpha", date(2026, 11, 25));
    let ruleset = nftables::render(&plan);
    let files = [&*change(ruleset.clone()), ADDRESSES, ROUTES].map(Source::new);
    let device = dialect::named("nftables").unwrap().read(&files);
    assert!(device.unread.is_empty(), "{:#?}", device.unread);
    let (fabric, problems) = Fabric::new(network, vec![device]);
    assert!(problems.is_empty(), "{problems:?}");
    (fabric, ruleset)
}

/// Numbers that look like chance and are the same in every run.
fn drawing() -> impl FnMut(u64) -> u64 {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    move |below| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state % below.max(1)
    }
}

fn drawn(fabric: &Fabric, count: usize) -> Vec<Probe> {
    probes(fabric, GATE, count, &mut drawing())
}

#[test]
fn the_kernel_lets_through_what_was_predicted_and_nothing_else() {
    let (fabric, ruleset) = city(|ruleset| ruleset);
    let probes = drawn(&fabric, 20_000);
    let proof = prove(&fabric, GATE, &ruleset, &probes).unwrap();
    assert!(
        proof.sent >= 20_000 && proof.predicted > 500 && proof.answers > 500,
        "{proof:?}"
    );
    assert!(
        proof.mismatches.is_empty(),
        "{} of {}: {:#?}",
        proof.mismatches.len(),
        proof.sent,
        proof.mismatches.first()
    );
}

#[test]
fn a_prediction_from_another_ruleset_is_caught() {
    let (fabric, ruleset) =
        city(|ruleset| ruleset.replace("tcp dport { 443, 8000-8010 }", "tcp dport { 443, 8000-8009 }"));
    let probes = drawn(&fabric, 6_000);
    let proof = prove(&fabric, GATE, &ruleset, &probes).unwrap();
    assert!(!proof.mismatches.is_empty());
    assert!(
        proof
            .mismatches
            .iter()
            .all(|mismatch| mismatch.packet.destination_port == 8010)
    );
}

#[test]
fn a_ruleset_that_the_kernel_refuses_is_told() {
    let (fabric, _) = city(|ruleset| ruleset);
    let failed = prove(&fabric, GATE, "table inet t { chain c { nonsense } }", &[]).unwrap_err();
    assert!(failed.0.en.contains("nft"), "{}", failed.0.en);
}
