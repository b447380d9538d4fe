//! Interfaces, zones, and routes.

use std::collections::BTreeMap;
use std::net::IpAddr;

use model::lang::Text;

use super::super::braced::Node;
use super::super::braced::reading::{Reading, is_in};
use super::super::statement::{no_address, prefix, unknown_word};
use super::scope::Scope;
use crate::device::route::Next;
use crate::device::{Addresses, Affects, InterfaceId, Route, Way};
use crate::packet::Family;

/// The interfaces of each zone.
pub(super) type Zones = BTreeMap<String, Vec<InterfaceId>>;

/// Zones that stand for other virtual systems: which zone, and the names of the systems.
pub(super) type External<'n> = Vec<(&'n str, &'n Node)>;

/// Parts of `network` in which nothing changes what passes.
const BESIDE: &str = "profiles ike qos lldp dhcp dns-proxy tunnel qos-profile global-protect-gateway global-protect-client \
    secure-web-gateway underlay-net logical-router-profile routing-profile";

/// Settings of an interface that change nothing that passes.
const PORT_BESIDE: &str = "mtu interface-management-profile adjust-tcp-mss ndp-proxy lldp netflow-profile untagged-sub-interface \
    arp df-ignore traffic-interconnect ddns-config cluster-interconnect bonjour comment tag link-state link-speed link-duplex \
    aggregate-group lacp poe link-tag sdwan-interface-profile upstream-nat decrypt-forward sdwan-link-settings policing";

/// Reads the interfaces and the routes.
pub(super) fn read(reading: &mut Reading<'_, '_>, scope: &Scope<'_>) {
    let routers: Vec<&Node> = scope
        .networks
        .iter()
        .filter_map(|network| network.child("virtual-router"))
        .flat_map(Node::children)
        .collect();
    for network in &scope.networks {
        for part in network.children() {
            match &*part.word {
                "interface" => {
                    reading.take(part);
                    part.children().for_each(|kind| kinds(reading, kind, scope));
                }
                "virtual-router" => reading.take(part),
                // What a shared gateway has is read with the virtual systems.
                "virtual-wire" | "vlan" | "shared-gateway" => reading.take(part),
                "logical-router" | "sdwan" => {
                    reading.take(part);
                    let why = Text::fixed(
                        "この種類の経路・仮想システムは読めない",
                        "routers of this kind are not read",
                    );
                    reading.unread(part, why, Affects::Everything);
                }
                word if is_in(BESIDE, word) => reading.take(part),
                _ => reading.unread(part, unknown_word(), Affects::Everything),
            }
        }
    }
    if routers.len() > 1 {
        // Interfaces of no router pass nothing.
        for interface in &mut reading.device().interfaces {
            "(none)".clone_into(&mut interface.table);
        }
    }
    for router in &routers {
        let table = if routers.len() > 1 {
            router.word.clone()
        } else {
            String::new()
        };
        self::router(reading, router, &table);
    }
}

fn kinds(reading: &mut Reading<'_, '_>, kind: &Node, scope: &Scope<'_>) {
    match &*kind.word {
        "ethernet" | "aggregate-ethernet" => {
            reading.take(kind);
            for port in kind.children() {
                reading.take(port);
                for mode in port.children() {
                    match &*mode.word {
                        "layer3" => {
                            reading.take(mode);
                            layer3(reading, &port.word, mode, scope);
                        }
                        "layer2" | "virtual-wire" | "tap" | "ha" | "decrypt-mirror" | "log-card" => reading.take(mode),
                        word if is_in(PORT_BESIDE, word) => reading.take(mode),
                        _ => reading.unread(mode, unknown_word(), Affects::Everything),
                    }
                }
            }
        }
        "vlan" | "loopback" | "tunnel" => {
            reading.take(kind);
            layer3(reading, &kind.word, kind, scope);
        }
        "sdwan" | "cellular" => {
            reading.take(kind);
            reading.unread(kind, unknown_word(), Affects::Everything);
        }
        _ => reading.unread(kind, unknown_word(), Affects::Everything),
    }
}

fn layer3(reading: &mut Reading<'_, '_>, name: &str, node: &Node, scope: &Scope<'_>) {
    let id = reading.draft.interface(name, node.line());
    for setting in node.children() {
        match &*setting.word {
            "units" => {
                reading.take(setting);
                for unit in setting.children() {
                    reading.take(unit);
                    layer3(reading, &unit.word, unit, scope);
                }
            }
            "ip" => {
                reading.take(setting);
                setting.children().for_each(|value| address(reading, value, id, scope));
            }
            "ipv6" => {
                reading.take(setting);
                for inner in setting.children() {
                    match &*inner.word {
                        "address" => {
                            reading.take(inner);
                            inner.children().for_each(|value| address(reading, value, id, scope));
                        }
                        "enabled" | "interface-id" | "neighbor-discovery" | "dns-server" => reading.take(inner),
                        "dhcp-client" | "inherited" => {
                            reading.take(inner);
                            given(reading, inner, id, &[Family::V6]);
                        }
                        _ => reading.unread(inner, unknown_word(), Affects::Interface(id)),
                    }
                }
            }
            "dhcp-client" | "pppoe" => {
                reading.take(setting);
                given(reading, setting, id, &Family::ALL);
            }
            word if is_in(PORT_BESIDE, word) => reading.take(setting),
            _ => reading.unread(setting, unknown_word(), Affects::Interface(id)),
        }
    }
}

fn given(reading: &mut Reading<'_, '_>, node: &Node, id: InterfaceId, families: &[Family]) {
    if let Some(interface) = reading.draft.of(id) {
        interface.addressed_elsewhere = true;
    }
    for family in families {
        reading.draft.given_routes(id, *family, node.line());
    }
}

fn address(reading: &mut Reading<'_, '_>, value: &Node, id: InterfaceId, scope: &Scope<'_>) {
    let object = scope
        .all("address")
        .find_map(|objects| objects.child(&value.word)?.child("ip-netmask")?.children().next());
    let word = object.map_or(&*value.word, |object| &*object.word);
    match prefix(word) {
        Some(own) => {
            reading.take(value);
            if let Some(interface) = reading.draft.of(id) {
                interface.addresses.push(own);
            }
        }
        None => reading.unread(value, no_address(), Affects::Interface(id)),
    }
}

fn router(reading: &mut Reading<'_, '_>, router: &Node, table: &str) {
    reading.take(router);
    for part in router.children() {
        match &*part.word {
            "interface" => {
                reading.take(part);
                for name in part.children() {
                    reading.take(name);
                    let id = reading.draft.interface(&name.word, name.line());
                    if let Some(interface) = reading.draft.of(id) {
                        table.clone_into(&mut interface.table);
                    }
                    for route in &mut reading.device().routes {
                        let here = |way: &Way| way.next == Next::Interface(id);
                        if route.length == 0 && route.ways.iter().all(here) {
                            table.clone_into(&mut route.table);
                        }
                    }
                }
            }
            "routing-table" => {
                reading.take(part);
                for family in part.children() {
                    if !reading.is(family, "ip ipv6") {
                        reading.unread(family, unknown_word(), Affects::Routes);
                    }
                    for kind in family.children() {
                        if reading.is(kind, "static-route") {
                            kind.children().for_each(|entry| fixed(reading, entry, table));
                        } else {
                            reading.unread(kind, unknown_word(), Affects::Routes);
                        }
                    }
                }
            }
            "protocol" => {
                reading.take(part);
                for protocol in part.children() {
                    let learns = protocol.at("enable no").is_none() && !protocol.is_leaf();
                    let routes = reading.is(protocol, "bgp ospf ospfv3 rip multicast");
                    if !routes && !reading.is(protocol, "redist-profile") {
                        reading.unread(protocol, unknown_word(), Affects::Routes);
                    }
                    if let Some(enable) = protocol.child("enable").filter(|_| routes) {
                        reading.take(enable);
                        enable.children().for_each(|value| _ = reading.is(value, "yes no"));
                    }
                    if routes && learns {
                        reading.draft.learns_routes(&Addresses::all(), protocol.line());
                    }
                }
            }
            "admin-dists" | "ecmp" | "multicast" => reading.take(part),
            _ => reading.unread(part, unknown_word(), Affects::Routes),
        }
    }
}

fn fixed(reading: &mut Reading<'_, '_>, entry: &Node, table: &str) {
    reading.take(entry);
    let (mut network, mut on, mut hop) = (None, None, None);
    for setting in entry.children() {
        let value = setting.children().next();
        match (&*setting.word, value) {
            ("destination", Some(value)) => {
                network = prefix(&value.word);
                if network.is_some() {
                    reading.take(value);
                }
            }
            ("interface", Some(value)) => {
                reading.take(value);
                on = Some(reading.draft.interface(&value.word, value.line()));
            }
            ("nexthop", Some(_)) => {
                hop = next(reading, setting);
                if hop.is_none() {
                    reading.take(setting);
                    return reading.unread(
                        setting,
                        Text::fixed("次の相手を読めない", "a next hop cannot be read"),
                        Affects::Routes,
                    );
                }
            }
            ("metric" | "admin-dist" | "route-table" | "bfd" | "path-monitor" | "option" | "no-install", _) => {}
            _ => {
                reading.unread(setting, unknown_word(), Affects::Routes);
                continue;
            }
        }
        reading.take(setting);
    }
    let next = match (hop, on) {
        (Some(Next::Gateway(gateway)), Some(on)) => Some(Next::GatewayOn(gateway, on)),
        (Some(hop), _) => Some(hop),
        (None, Some(on)) => Some(Next::Interface(on)),
        (None, None) => None,
    };
    let Some(((network, length), next)) = network.zip(next) else {
        return reading.unread(
            entry,
            Text::fixed("経路として読めない", "cannot be read as a route"),
            Affects::Routes,
        );
    };
    reading.device().routes.push(Route {
        table: table.to_owned(),
        network,
        length,
        // One of a larger distance takes over when the other is gone: all are followed.
        preference: 1,
        ways: vec![Way { condition: None, next }],
        line: entry.line(),
    });
}

fn next(reading: &Reading<'_, '_>, setting: &Node) -> Option<Next> {
    let kind = setting.children().next()?;
    let value = kind.children().next();
    let next = match (&*kind.word, value) {
        ("discard", _) => Next::Discard,
        ("ip-address" | "ipv6-address", Some(value)) => {
            let gateway: IpAddr = prefix(&value.word)?.0;
            reading.take(value);
            Next::Gateway(gateway)
        }
        ("next-vr", Some(value)) => {
            reading.take(value);
            Next::Table(value.word.clone())
        }
        _ => return None,
    };
    reading.take(kind);
    Some(next)
}

/// Says that what comes from other virtual systems was not understood.
pub(super) fn refuse_external(reading: &mut Reading<'_, '_>, external: &External<'_>) {
    for (_, systems) in external {
        let why = Text::fixed(
            "仮想システムの間を通るものは読めない",
            "what passes between virtual systems is not read",
        );
        reading.unread(systems, why, Affects::Everything);
    }
}

/// Reads the zones.
pub(super) fn zones<'n>(reading: &mut Reading<'_, '_>, scope: &Scope<'n>) -> (Zones, External<'n>) {
    let (mut zones, mut external) = (Zones::new(), External::new());
    for zone in scope.all("zone").flat_map(Node::children) {
        reading.take(zone);
        let mut ids = Vec::new();
        for part in zone.children() {
            if part.word != "network" {
                if !reading.is(
                    part,
                    "enable-user-identification enable-device-identification user-acl device-acl",
                ) {
                    reading.unread(part, unknown_word(), Affects::Everything);
                }
                continue;
            }
            reading.take(part);
            for kind in part.children() {
                match &*kind.word {
                    "layer3" | "tunnel" => {
                        reading.take(kind);
                        for name in kind.children() {
                            reading.take(name);
                            ids.push(reading.draft.interface(&name.word, name.line()));
                        }
                    }
                    "tap" => reading.take(kind),
                    "external" => {
                        reading.take(kind);
                        if !kind.is_leaf() {
                            external.push((&*zone.word, kind));
                        }
                    }
                    "layer2" | "virtual-wire" => {
                        reading.take(kind);
                        if !kind.is_leaf() {
                            let why = Text::fixed(
                                "経路制御せずに通るものは読めない",
                                "what passes without routing is not read",
                            );
                            reading.unread(kind, why, Affects::Everything);
                        }
                    }
                    word if is_in(
                        "zone-protection-profile enable-packet-buffer-protection log-setting net-inspection",
                        word,
                    ) =>
                    {
                        reading.take(kind);
                    }
                    _ => reading.unread(kind, unknown_word(), Affects::Everything),
                }
            }
        }
        zones.entry(zone.word.clone()).or_default().extend(ids);
    }
    (zones, external)
}
