//! Routes that a device learns from others: they may lead anywhere. What the filters keep apart whatever they are is proved, what they
//! may let through is unproven, and what passes without them is found.

use jiff::civil::date;

use super::tests::{approved, cleaned, core, net, rule};
use super::{Checked, Kind, Options, check};
use crate::device::{Action, Addresses, Device, InterfaceId, Interfaces, Line, Match, PolicyRoute};
use crate::fabric::Fabric;
use crate::network::{Network, ZoneId, demands};
use crate::packet::{Family, Packet, State, protocol};
use crate::trace::walk;

const MN: ZoneId = ZoneId(0);
const LG: ZoneId = ZoneId(1);
const NET: ZoneId = ZoneId(2);
const AT: Line = Line { file: 0, number: 70 };

/// A second router stands on the wire of LGWAN, with a way into MyNumber.
const NETWORK: &str = r#"
zone = [
  { name = "mn", tier = "mynumber", prefixes = ["10.10.0.0/16"] },
  { name = "lg", tier = "lgwan", prefixes = ["10.20.0.0/16"] },
  { name = "net", tier = "internet", prefixes = ["10.30.0.0/16"] },
]
device = [
  { name = "core", configurations = ["core"], interfaces = { lg = "lg", net = "net" } },
  { name = "side", configurations = ["side"], interfaces = { lg = "lg", mn = "mn" } },
]
"#;

fn learning(mut device: Device, destinations: Addresses) -> Device {
    device.policy_routes.push(PolicyRoute::learnt(destinations, AT));
    device
}

fn asked(fabric: &Fabric) -> Checked {
    let demands = demands(&fabric.network, "alpha");
    check(fabric, &demands, Options::on(date(2026, 11, 25)))
}

/// From the Internet zone to addresses that are in no zone: no written route leads there.
fn nowhere() -> Match {
    Match {
        ingress: Interfaces::These(vec![InterfaceId(2)]),
        source: net("10.30.0.0/16"),
        destination: net("10.99.0.0/16"),
        ..Match::everything()
    }
}

#[test]
fn what_only_a_learnt_route_lets_through_leaves_the_pair_unproven() {
    let rules = vec![approved(), cleaned(), rule(13, Action::Permit, nowhere())];
    let written = asked(&super::tests::fabric(core(rules.clone())));
    assert_eq!(written.proved.len(), 6);
    let told = asked(&super::tests::fabric(learning(core(rules.clone()), Addresses::all())));
    assert!(
        !told.findings.iter().any(|finding| finding.kind.breaks()),
        "{:#?}",
        told.findings
    );
    assert!(
        !told.proved.contains(&(NET, MN)) && told.proved.contains(&(MN, NET)),
        "{:?}",
        told.proved
    );
    let open = told.unproven.iter().find(|open| (open.from, open.to) == (NET, MN));
    assert_eq!(open.and_then(|open| open.at).map(|(_, line)| line), Some(AT));
    // Routes to other addresses change nothing.
    let elsewhere = asked(&super::tests::fabric(learning(core(rules), Addresses::groups())));
    assert_eq!(elsewhere.proved, written.proved);
}

#[test]
fn what_passes_without_learnt_routes_is_found_with_them() {
    let mut open = nowhere();
    open.destination = net("10.10.0.0/16");
    let told = asked(&super::tests::fabric(learning(
        core(vec![approved(), cleaned(), rule(13, Action::Permit, open)]),
        Addresses::all(),
    )));
    let crossing = told.findings.iter().find(|finding| finding.kind == Kind::Crossing);
    assert_eq!(crossing.map(|finding| (finding.from, finding.to)), Some((NET, MN)));
}

#[test]
fn an_address_of_the_device_itself_needs_no_place() {
    let mut device = core(vec![approved(), cleaned()]);
    for name in ["lo", "lo0.0", "Loopback12", "loopback.1"] {
        let mut own = device.interfaces[0].clone();
        name.clone_into(&mut own.name);
        own.addresses = vec![("192.0.2.1".parse().unwrap(), 32)];
        device.interfaces.push(own);
    }
    // This fails if the network is told to lack a place.
    let told = asked(&super::tests::fabric(learning(device.clone(), Addresses::all())));
    assert!(told.proved.contains(&(MN, NET)), "{:#?}", told.unproven);
    "lo1".clone_into(&mut device.interfaces[3].name);
    let (_, problems) = Fabric::new(super::tests::fabric(core(Vec::new())).network, vec![device]);
    assert_eq!(problems.len(), 1);
}

#[test]
fn a_learnt_route_may_name_any_router_on_the_wire() {
    let open = Match {
        ingress: Interfaces::Any,
        destination: net("10.10.0.0/16"),
        ..nowhere()
    };
    let without = |name: &str| {
        let mut device = core(vec![rule(13, Action::Permit, open.clone())]);
        device.interfaces.retain(|interface| interface.name != name);
        device
    };
    let devices = vec![learning(without("mn"), Addresses::all()), without("net")];
    let (fabric, problems) = Fabric::new(Network::read(NETWORK).unwrap(), devices);
    assert!(problems.is_empty(), "{problems:?}");
    let packet = Packet {
        family: Family::V4,
        source: 0x0a1e_0001,
        destination: 0x0a0a_0009,
        protocol: protocol::UDP,
        source_port: 50_000,
        destination_port: 53,
        state: State::New,
        flags: 0,
    };
    let walk = walk(&fabric, NET, packet, &|first, _| first);
    assert!(
        walk.may_arrive(MN) && walk.may_arrive(LG) && !walk.must_arrive(MN),
        "{walk:#?}"
    );
    let told = asked(&fabric);
    let open = |pair: (ZoneId, ZoneId)| told.unproven.iter().any(|open| (open.from, open.to) == pair);
    assert!(open((NET, MN)) && open((NET, LG)), "{:#?}", told.unproven);
    assert!(told.proved.contains(&(MN, NET)), "{:?}", told.proved);
}
