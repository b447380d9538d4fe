//! Routing protocols of Cisco's languages: what they say is which routes other devices are told and believed, which is not in the file. Wherever one is set
//! up, packets may go anywhere.
//!
//! Only what the lines below a protocol can say beyond that matters: labels, by which packets pass the lists of an interface unseen.

use super::draft::Draft;
use super::statement::{Refusal, Statement, unknown_word};
use crate::device::Addresses;

/// Protocols that tell routes of IP, and nothing else.
const PROTOCOLS: [&str; 8] = ["bgp", "ospf", "ospfv3", "eigrp", "rip", "isis", "odr", "igrp"];

/// Words that begin a line below a protocol. Each says what is told, to whom, when, and what is believed.
const WORDS: &str = "accept-lifetime address-family adjacency-check advertise advertise-passive-only af-interface aggregate-address allowas-in area area-password authentication auto-cost \
    auto-summary autonomous-system bandwidth-percent bfd bgp capability compatible cost dampening dampening-change dampening-interval default default-information default-metric \
    default-originate description discard-route distance distribute-list domain-id domain-password domain-tag ebgp-multihop eigrp event-log event-logging exit exit-address-family \
    exit-af-interface exit-af-topology exit-peer-policy exit-peer-session exit-service-family external-out fast-flood fast-reroute filter-list flash-update-threshold \
    graceful-restart graceful-shutdown hello hello-interval hello-padding hold-time ignore ignore-attached-bit ignore-lsp-errors inherit input-queue interface-id is-type ispf \
    limit local-as log-adj-changes log-adjacency-changes log-neighbor-changes log-neighbor-warnings lsp-full lsp-gen-interval lsp-mtu lsp-password lsp-refresh-interval \
    manet max-area-addresses max-lsa max-lsp-lifetime max-metric maximum-paths maximum-prefix metric metric-style microloop multi-topology neighbor net network next-hop-self \
    next-hop-unchanged nsf nsr offset-list output-delay partition passive-interface password prc-interval prefix-list prefix-priority prefix-suppression priority process-min-time \
    protocol queue-depth redistribute remote-as remote-neighbors remove-private-as rfc1583compatibility route-map route-reflector-client router-id scope send-community \
    set-attached-bit set-overload-bit shutdown snmp soft-reconfiguration soft-sia spf-interval split-horizon stub-site summary-address summary-metric summary-prefix \
    synchronization table-map template tos timers topology traffic-share ttl-security update-source use validate-update-source variance version vrf weight";

/// Families of addresses whose routes send plain packets of IP.
const FAMILIES: [&str; 2] = ["ipv4", "ipv6"];

/// Of those families: what goes another way than packets from host to host, or with labels.
const OTHERWISE: [&str; 5] = ["flowspec", "mdt", "mvpn", "tunnel", "labeled-unicast"];

/// `router bgp 65000`, `ipv6 router ospf 1`: what follows `router`.
pub(super) fn begin(statement: &mut Statement<'_>, draft: &mut Draft) -> Result<(), Refusal> {
    let line = statement.line();
    let known = |word: &str| PROTOCOLS.contains(&word).then_some(());
    let protocol = statement.parse(known);
    draft.learns_routes(&Addresses::all(), line);
    protocol.ok_or(unknown_word())?;
    statement.pass_rest();
    Ok(())
}

/// A line below it.
pub(super) fn inner(statement: &mut Statement<'_>) -> Result<(), Refusal> {
    if statement.is("no") {
        statement.pass_rest();
        return Ok(());
    }
    let known = |word: &str| WORDS.split_whitespace().find(|known| *known == word).map(str::to_owned);
    let word = statement.parse(known).ok_or(unknown_word())?;
    if word == "address-family" {
        let of_ip = |word: &str| FAMILIES.contains(&word).then_some(());
        statement.parse(of_ip).ok_or(unknown_word())?;
        if statement.peek().is_some_and(|word| OTHERWISE.contains(&word)) {
            return Err(unknown_word());
        }
    }
    // To a neighbour, labels may be told with the routes.
    if word == "neighbor" && (0..4).any(|ahead| statement.peek_at(ahead) == Some("send-label")) {
        return Err(unknown_word());
    }
    statement.pass_rest();
    Ok(())
}

/// Whether a line of an interface sets a protocol up there: `ip ospf 1 area 0`, `ip router isis`, `ipv6 rip city enable`.
pub(super) fn sets_up(statement: &Statement<'_>) -> bool {
    let word = |at| statement.peek_at(at).unwrap_or_default();
    let is_ip = matches!(word(0), "ip" | "ipv6");
    match word(if is_ip { 1 } else { 0 }) {
        "router" if is_ip => PROTOCOLS.contains(&word(2)),
        "ospf" if is_ip => word(3) == "area",
        "ospfv3" => (0..6).any(|at| word(at) == "area"),
        "rip" if is_ip => word(3) == "enable",
        "eigrp" if is_ip => word(2).starts_with(|c: char| c.is_ascii_digit()),
        // Tunnels that come up by themselves bring their routes.
        "nhrp" if is_ip => matches!(word(2), "shortcut" | "map" | "nhs"),
        "ppp" => word(1) == "ipcp" && word(2) == "route",
        "nd" if is_ip => word(2) == "autoconfig",
        _ => false,
    }
}
