//! Zones: which interfaces policies are asked between, and the other parts of `security`.

use std::collections::BTreeMap;

use model::lang::Text;

use super::super::braced::Node;
use super::super::braced::reading::{Reading, is_in};
use super::super::statement::unknown_word;
use super::interface;
use crate::device::{Affects, InterfaceId};

/// The interfaces of each zone.
pub(super) type Zones = BTreeMap<String, Vec<InterfaceId>>;

/// Parts of `security` in which nothing changes what passes, or that only stop more.
const BESIDE: &str = "screen ike ipsec alg idp utm log pki ssh-known-hosts application-tracking certificates macsec \
    user-identification firewall-authentication datapath-debug resource-manager traceoptions advanced-anti-malware gprs \
    authentication-key-chains key-chain forwarding-process application-firewall dynamic-application ssl ssl-tls \
    application-traffic-control dynamic-address analysis security-intelligence tcp-encap remote-access dynamic-vpn \
    intelligent-inspection rule-objects idp-policy softwire-name anti-virus content-security configuration-security \
    alarms cloud policy-file";

/// Reads the zones.
pub(super) fn zones(reading: &mut Reading<'_, '_>, security: &Node, interfaces: &interface::Interfaces) -> Zones {
    let mut zones = Zones::new();
    let Some(part) = security.child("zones") else {
        return zones;
    };
    reading.take(part);
    for kind in part.children() {
        match &*kind.word {
            "security-zone" => {
                reading.take(kind);
                for zone in kind.children() {
                    reading.take(zone);
                    let ids = self::zone(reading, zone, interfaces);
                    zones.entry(zone.word.clone()).or_default().extend(ids);
                }
            }
            // A zone of management: nothing passes it.
            "functional-zone" => reading.take(kind),
            _ => reading.unread(kind, unknown_word(), Affects::Everything),
        }
    }
    // `interfaces all` of a zone: every one that no other zone has.
    let taken: Vec<InterfaceId> = zones.values().flatten().copied().filter(|id| *id != ALL).collect();
    let rest: Vec<InterfaceId> = (0..)
        .map(InterfaceId)
        .take(reading.device().interfaces.len())
        .filter(|id| !taken.contains(id))
        .collect();
    for ids in zones.values_mut().filter(|ids| ids.contains(&ALL)) {
        ids.retain(|id| *id != ALL);
        ids.extend(&rest);
    }
    zones
}

/// Stands for every interface until all zones are known.
const ALL: InterfaceId = InterfaceId(u16::MAX);

fn zone(reading: &mut Reading<'_, '_>, zone: &Node, interfaces: &interface::Interfaces) -> Vec<InterfaceId> {
    let mut ids = Vec::new();
    for setting in zone.children() {
        match &*setting.word {
            "interfaces" => {
                reading.take(setting);
                for name in setting.children() {
                    reading.take(name);
                    if ["all", "any"].contains(&&*name.word) {
                        ids.push(ALL);
                        continue;
                    }
                    let id = super::interface::named(reading, &name.word, name.line());
                    if interfaces.switched.contains(&id) {
                        let why = Text::fixed(
                            "交換(レイヤ 2)のままで通るものは読めない",
                            "what is switched between zones without routing is not read",
                        );
                        reading.unread(name, why, Affects::Everything);
                    }
                    ids.push(id);
                    for more in name.children() {
                        if !reading.is(more, "host-inbound-traffic") {
                            reading.unread(more, unknown_word(), Affects::Everything);
                        }
                    }
                }
            }
            // Read with the books.
            "address-book" => reading.take(setting),
            word if is_in(ZONE_BESIDE, word) => reading.take(setting),
            _ => reading.unread(setting, unknown_word(), Affects::Everything),
        }
    }
    ids
}

/// Settings of a zone that are about the device itself, or that only stop more.
const ZONE_BESIDE: &str = "description host-inbound-traffic screen tcp-rst application-tracking advance-policy-based-routing-profile \
    enable-reverse-reroute source-identity-log unidirectional-session-refreshing advanced-connection-tracking";

/// The other parts of `security`.
pub(super) fn others(reading: &mut Reading<'_, '_>, security: &Node) {
    for part in security.children() {
        match &*part.word {
            "zones" | "policies" | "nat" | "address-book" => {}
            "flow" | "forwarding-options" => mode(reading, part),
            word if is_in(BESIDE, word) => reading.take(part),
            _ => reading.unread(part, unknown_word(), Affects::Everything),
        }
    }
}

/// Modes in which packets pass without being asked.
fn mode(reading: &mut Reading<'_, '_>, part: &Node) {
    reading.take(part);
    if part.word == "flow" {
        return;
    }
    for family in part.children() {
        reading.is(family, "family");
        for of in family.children() {
            reading.is(of, "inet inet6 mpls iso");
            let Some(mode) = of.child("mode") else { continue };
            reading.take(mode);
            for value in mode.children() {
                let harmless = ["flow-based", "drop"].contains(&&*value.word);
                if harmless {
                    reading.take(value);
                } else {
                    let why = Text::fixed(
                        "流れを見ない動作の仕方は読めない",
                        "modes that do not look at flows are not read",
                    );
                    reading.unread(value, why, Affects::Everything);
                }
            }
        }
    }
}
