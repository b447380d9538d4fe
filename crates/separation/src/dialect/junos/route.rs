//! Static routes of the main table and of routing instances.

use std::net::IpAddr;

use model::lang::Text;

use super::super::braced::Node;
use super::super::braced::reading::{After, Keys, Reading, is_in};
use super::super::statement::{prefix, unknown_word};
use crate::device::route::Next;
use crate::device::{Addresses, Affects, Route, Way};

/// The table of a routing instance by its name, or by that of its table (`BRANCH.inet.0`).
pub(super) fn table(name: &str) -> String {
    let name = name
        .strip_suffix(".inet.0")
        .or_else(|| name.strip_suffix(".inet6.0"))
        .unwrap_or(name);
    if ["default", "master", "inet.0", "inet6.0"].contains(&name) {
        String::new()
    } else {
        name.to_owned()
    }
}

/// Settings of a route, or of one of its next hops.
const ROUTE: Keys = &[
    ("next-hop", After::Own),
    ("qualified-next-hop", After::Own),
    ("next-table", After::Own),
    ("discard", After::Nothing),
    ("reject", After::Nothing),
    ("receive", After::Nothing),
    ("preference", After::Hidden),
    ("metric", After::Hidden),
    ("tag", After::Hidden),
    ("community", After::Hidden),
    ("color", After::Hidden),
    ("as-path", After::Beside),
    ("description", After::Hidden),
    ("install", After::Nothing),
    ("no-install", After::Nothing),
    ("readvertise", After::Nothing),
    ("no-readvertise", After::Nothing),
    ("resolve", After::Nothing),
    ("no-resolve", After::Nothing),
    ("retain", After::Nothing),
    ("no-retain", After::Nothing),
    ("active", After::Nothing),
    ("passive", After::Nothing),
    ("bfd-liveness-detection", After::Beside),
    ("longest-match", After::Nothing),
];

/// Settings of routing that say what is told to others, or how.
const BESIDE: &str = "router-id autonomous-system confederation aggregate martians graceful-restart nonstop-routing forwarding-table \
    traceoptions options bgp-orf-cisco-mode route-distinguisher-id resolution maximum-prefixes maximum-paths ppm validation \
    route-record lsp-telemetry bmp srlg admin-groups-extended fate-sharing topologies nsr-phantom-holdtime warm-standby \
    protect-core dynamic-tunnels-attributes med-igp-update-interval localized-fib bgp-auto-discovery no-bfd-triggered-local-repair \
    kernel-routes sonet restart-duration transport-class disable-source-routing";

/// Protocols of neighbours on a line, which bring no routes.
const QUIET: &str = "lldp lldp-med rstp mstp stp vstp xstp layer2-control oam router-advertisement vrrp lacp loop-detect igmp-snooping \
    mld-snooping l2-learning dot1x bfd router-discovery neighbor-discovery igmp mld sflow iccp ptp protection-group mvrp gvrp \
    uplink-failure-detection dcbx fip link-management rtarget l2-control";

/// Protocols that bring routes. They are not in the file: packets may go anywhere.
const ROUTES: &str = "bgp ospf ospf3 rip ripng isis";

/// Parts of a family of addresses whose routes are those of plain packets.
const FAMILY: &str = "unicast multicast any accepted-prefix-limit prefix-limit";

/// Protocols that pass packets on by other things than their destination.
const LOUD: &str = "mpls rsvp ldp pim msdp evpn l2circuit connections static esis dvmrp";

/// Kinds of routing instances that are a table of routes of their own.
const TABLES: &str = "virtual-router vrf forwarding no-forwarding";

/// Reads the routes.
pub(super) fn read(reading: &mut Reading<'_, '_>, root: &Node) {
    if let Some(options) = root.child("routing-options") {
        self::options(reading, options, "");
    }
    if let Some(protocols) = root.child("protocols") {
        self::protocols(reading, protocols);
    }
    if let Some(instances) = root.child("routing-instances") {
        for instance in instances.children() {
            reading.take(instance);
            self::instance(reading, instance);
        }
    }
    others(reading, root);
}

/// Other parts that may change where packets go.
fn others(reading: &mut Reading<'_, '_>, root: &Node) {
    if let Some(policies) = root.child("policy-options") {
        // What is told to and heard from others: those routes are not in the file anyway.
        policies
            .children()
            .for_each(|kind| _ = reading.is(kind, "prefix-list policy-statement community as-path"));
    }
    for part in root.child("forwarding-options").into_iter().flat_map(Node::children) {
        reading.is(part, "family dhcp-relay sampling helpers storm-control-profiles");
        let filters = |family: &Node| family.children().any(|of| of.child("filter").is_some());
        if part.word == "family" && filters(part) {
            let why = Text::fixed("経路表のフィルタは読めない", "filters of tables of routes are not read");
            reading.unread(part, why, Affects::Everything);
        }
    }
    for part in root.child("services").into_iter().flat_map(Node::children) {
        if is_in(SERVICES, &part.word) {
            reading.take(part);
        } else {
            let why = Text::fixed("この種類のサービスは読めない", "services of this kind are not read");
            reading.unread(part, why, Affects::Everything);
        }
    }
}

/// Services that pass nothing on, or only look.
const SERVICES: &str = "flow-monitoring flow-collector rpm application-identification ssl user-identification \
    advanced-anti-malware security-intelligence analytics captive-portal-content-delivery unified-access-control ssh ntp \
    web-proxy dns-proxy lawful-intercept adaptive-services-pics icap-redirect";

fn options(reading: &mut Reading<'_, '_>, part: &Node, table: &str) {
    let affects = Affects::Routes;
    for child in part.children() {
        match &*child.word {
            "static" => {
                reading.take(child);
                statics(reading, child, table);
            }
            "rib" => {
                reading.take(child);
                for rib in child.children() {
                    reading.take(rib);
                    // `inet6.0`, `BRANCH.inet6.0`; others are not used to pass packets on.
                    let of = self::table(&rib.word);
                    let known = rib.word.ends_with("inet.0") || rib.word.ends_with("inet6.0");
                    let of = if of.is_empty() { table.to_owned() } else { of };
                    for inner in rib.children() {
                        reading.is(inner, "static aggregate martians maximum-prefixes maximum-paths");
                        match &*inner.word {
                            "static" if known => statics(reading, inner, &of),
                            "static" | "aggregate" | "martians" | "maximum-prefixes" | "maximum-paths" => {}
                            _ => reading.unread(inner, unknown_word(), affects),
                        }
                    }
                }
            }
            word if is_in(BESIDE, word) => reading.take(child),
            // Routes of other tables, or that depend on others: packets may go anywhere.
            "generate" | "rib-groups" | "interface-routes" | "instance-import" | "auto-export" => {
                reading.take(child);
                reading.draft.learns_routes(&Addresses::all(), child.line());
            }
            "flow" | "multicast" | "dynamic-tunnels" | "source-routing" => {
                reading.take(child);
                let why = Text::fixed("この種類の経路は読めない", "routes of this kind are not read");
                reading.unread(child, why, affects);
            }
            _ => reading.unread(child, unknown_word(), affects),
        }
    }
}

fn statics(reading: &mut Reading<'_, '_>, part: &Node, table: &str) {
    for child in part.children() {
        reading.is(child, "route defaults traceoptions rib-group");
        match &*child.word {
            "route" => {
                for route in child.children() {
                    if self::route(reading, route, table).is_none() {
                        let why = Text::fixed("経路として読めない", "cannot be read as a route");
                        reading.unread(route, why, Affects::Routes);
                    }
                }
            }
            "defaults" | "traceoptions" => {}
            "rib-group" => reading.draft.learns_routes(&Addresses::all(), child.line()),
            _ => reading.unread(child, unknown_word(), Affects::Routes),
        }
    }
}

fn route(reading: &mut Reading<'_, '_>, node: &Node, table: &str) -> Option<()> {
    let (network, length) = prefix(&node.word)?;
    reading.take(node);
    let mut ways = Vec::new();
    for setting in reading.settings(node, ROUTE, Affects::Routes) {
        match setting.key {
            "next-hop" | "qualified-next-hop" => {
                for hop in setting.at.children() {
                    ways.push(self::next(reading, hop)?);
                    reading.take(hop);
                    for more in hop.children() {
                        let of_hop = is_in(
                            "preference metric interface weight bfd-liveness-detection tag",
                            &more.word,
                        );
                        // Settings of the route itself may follow on the same line.
                        let of_route = ROUTE
                            .iter()
                            .any(|(key, after)| *key == more.word && *after != After::Own);
                        if of_hop || of_route {
                            reading.take(more);
                        } else {
                            reading.unread(more, unknown_word(), Affects::Routes);
                        }
                    }
                }
            }
            "next-table" => {
                let name = reading.one(setting.at, Affects::Routes)?;
                reading.take(name);
                ways.push(Next::Table(self::table(&name.word)));
            }
            "discard" | "reject" => ways.push(Next::Discard),
            // For the device itself.
            "receive" => ways.push(Next::Discard),
            _ => {}
        }
    }
    if ways.is_empty() {
        return None;
    }
    reading.device().routes.push(Route {
        table: table.to_owned(),
        network,
        length,
        // One of a larger preference takes over when the other is gone: all are followed.
        preference: 1,
        ways: ways.into_iter().map(|next| Way { condition: None, next }).collect(),
        line: node.line(),
    });
    Some(())
}

fn next(reading: &mut Reading<'_, '_>, hop: &Node) -> Option<Next> {
    let on = hop.child("interface").map(|interface| {
        reading.take(interface);
        interface.children().next().map(|name| {
            reading.take(name);
            super::interface::named(reading, &name.word, name.line())
        })
    });
    let on = match on {
        None => None,
        Some(on) => Some(on?),
    };
    if let Ok(gateway) = hop.word.parse::<IpAddr>() {
        return Some(on.map_or(Next::Gateway(gateway), |on| Next::GatewayOn(gateway, on)));
    }
    // An interface: its name ends with the number of a unit.
    let is_interface = hop.word.contains('.') || hop.word.contains('/');
    (is_interface && on.is_none()).then(|| Next::Interface(super::interface::named(reading, &hop.word, hop.line())))
}

fn protocols(reading: &mut Reading<'_, '_>, part: &Node) {
    for protocol in part.children() {
        if reading.is(protocol, QUIET) {
            continue;
        }
        if reading.is(protocol, ROUTES) {
            reading.draft.learns_routes(&Addresses::all(), protocol.line());
            if let Some(labels) = otherwise(protocol) {
                let why = Text::fixed(
                    "IP の経路でないもの(ラベルなど)を受け取る",
                    "it is told more than routes of IP: labels, or filters",
                );
                reading.unread(labels, why, Affects::Routes);
            }
            continue;
        }
        reading.is(protocol, LOUD);
        let why = Text::fixed(
            "宛先の経路によらずに通すプロトコルは読めない",
            "protocols that pass packets on by other things than routes are not read",
        );
        reading.unread(protocol, why, Affects::Routes);
    }
}

/// What a protocol is told beside routes by which plain packets go from host to host: a family of its own, or a part of one.
fn otherwise(node: &Node) -> Option<&Node> {
    node.children().find_map(|child| match &*child.word {
        "family" => child.children().find_map(|family| {
            let plain = is_in("inet inet6", &family.word);
            let parts = family.children().find(|part| !is_in(FAMILY, &part.word));
            if plain { parts } else { Some(family) }
        }),
        _ => otherwise(child),
    })
}

/// Settings of an instance that change nothing that passes.
const INSTANCE_BESIDE: &str = "description route-distinguisher vrf-table-label no-vrf-advertise no-vrf-propagate-ttl \
    no-local-switching vlan-id vtep-source-interface bridge-domains vlans switch-options forwarding-options \
    no-irb-layer-2-copy l2vpn-id instance-role egress-protection access snooping vlan-model service-type \
    no-normalization system";

fn instance(reading: &mut Reading<'_, '_>, instance: &Node) {
    let name = instance.word.as_str();
    let affects = Affects::Routes;
    let kind = instance.child("instance-type").and_then(|kind| {
        reading.take(kind);
        reading.one(kind, affects)
    });
    if let Some(kind) = kind {
        reading.take(kind);
        if !is_in(TABLES, &kind.word) && instance.child("interface").is_some() {
            let why = Text::fixed("この種類の instance は読めない", "instances of this kind are not read");
            reading.unread(kind, why, affects);
        }
    }
    for child in instance.children() {
        match &*child.word {
            "instance-type" => {}
            "interface" => {
                reading.take(child);
                for interface in child.children() {
                    reading.take(interface);
                    let id = super::interface::named(reading, &interface.word, interface.line());
                    if let Some(interface) = reading.draft.of(id) {
                        name.clone_into(&mut interface.table);
                    }
                    for route in &mut reading.device().routes {
                        let here = |way: &Way| way.next == Next::Interface(id);
                        // Routes that came with an address that is given.
                        if route.table.is_empty() && route.length == 0 && route.ways.iter().all(here) {
                            name.clone_into(&mut route.table);
                        }
                    }
                }
            }
            "routing-options" => {
                reading.take(child);
                options(reading, child, name);
            }
            "protocols" => {
                reading.take(child);
                protocols(reading, child);
            }
            "vrf-target" | "vrf-import" | "vrf-export" => {
                reading.take(child);
                reading.draft.learns_routes(&Addresses::all(), child.line());
            }
            word if is_in(INSTANCE_BESIDE, word) => reading.take(child),
            _ => reading.unread(child, unknown_word(), affects),
        }
    }
}
